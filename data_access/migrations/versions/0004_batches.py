"""batches change registers and can be undone; values are withdrawn; releases have builders and embargoes

Columns are added in plain words, which both databases understand alike: a batch migration of SQLite would
make these tables anew, and with foreign keys on empty those that refer to them.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TRUTH = "BOOLEAN DEFAULT false NOT NULL"
WITHDRAWN = "CHECK (NOT withdrawn OR (supersedes IS NOT NULL AND value IS NULL))"
ADDED = {
    ("project", "removed"): TRUTH,
    ("organisation", "removed"): TRUTH,
    ("target", "withdrawn"): TRUTH,
    ("observation", "withdrawn"): f"{TRUTH} CONSTRAINT ck_observation_withdrawn_has_no_value {WITHDRAWN}",
    ("importbatch", "undoes"): "INTEGER CONSTRAINT fk_importbatch_undoes REFERENCES importbatch (id)",
    ("release", "built_by"): "VARCHAR",
    ("release", "embargo_until"): "{moment}",
}
SAID = ("built_by", "embargo_until")
FROZEN = (
    "number",
    "as_of",
    "built_at",
    "published_at",
    "note",
    "figures",
    "content_hash",
    "demonstration",
    "observations",
    "method",
    "audit",
    "protection",
)
MOVES = (
    "(OLD.state = 'published' AND NEW.state IN ('superseded', 'withdrawn')) "
    "OR (OLD.state = 'superseded' AND NEW.state = 'withdrawn')"
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    moment = "DATETIME" if sqlite else "TIMESTAMP WITHOUT TIME ZONE"
    for (table, column), kind in ADDED.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind.format(moment=moment)}")
    op.create_index("ix_importbatch_undoes", "importbatch", ["undoes"], unique=True)
    op.create_table(
        "batchchange",
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("key", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["importbatch.id"], name=op.f("fk_batchchange_batch")),
        sa.PrimaryKeyConstraint("batch", "position", name=op.f("pk_batchchange")),
    )
    freeze((*FROZEN, *SAID))
    if sqlite:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER batchchange_refuses_{act.lower()} BEFORE {act} ON batchchange "
                "BEGIN SELECT RAISE(ABORT, 'batchchange is only ever added to'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER batchchange_only_added_to BEFORE UPDATE OR DELETE ON batchchange "
        "FOR EACH ROW EXECUTE FUNCTION only_added_to()"
    )
    op.execute(
        "CREATE TRIGGER batchchange_not_emptied BEFORE TRUNCATE ON batchchange "
        "FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()"
    )


def freeze(columns: tuple[str, ...]) -> None:
    """These columns of a release that was published stay as they are."""
    if op.get_bind().dialect.name == "sqlite":
        same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns)
        op.execute("DROP TRIGGER release_frozen_update")
        op.execute(
            "CREATE TRIGGER release_frozen_update BEFORE UPDATE ON release "
            f"WHEN OLD.state <> 'draft' AND NOT ({same} AND ({MOVES})) "
            "BEGIN SELECT RAISE(ABORT, 'a release that is not a draft is frozen'); END"
        )
        return
    same = " AND ".join(f"NEW.{column}::text IS NOT DISTINCT FROM OLD.{column}::text" for column in columns)
    op.execute(
        "CREATE OR REPLACE FUNCTION release_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'INSERT' THEN "
        "IF NEW.state <> 'draft' THEN RAISE EXCEPTION 'a release begins as a draft'; END IF; RETURN NEW; "
        "ELSIF TG_OP = 'DELETE' THEN IF OLD.state <> 'draft' "
        "THEN RAISE EXCEPTION 'a release that is not a draft is frozen'; END IF; RETURN OLD; "
        "ELSIF OLD.state = 'draft' THEN IF NOT (NEW.state IN ('draft', 'published')) "
        "THEN RAISE EXCEPTION 'a draft can only be published'; END IF; RETURN NEW; END IF; "
        f"IF NOT ({same} AND ({MOVES})) "
        "THEN RAISE EXCEPTION 'a release that is not a draft is frozen'; END IF; RETURN NEW; END $$"
    )


def downgrade() -> None:
    freeze(FROZEN)
    op.drop_table("batchchange")
    op.drop_index("ix_importbatch_undoes", "importbatch")
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
