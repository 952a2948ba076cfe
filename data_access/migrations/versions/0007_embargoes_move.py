"""the embargo of a release that nobody has seen yet can be moved or lifted; all else stays frozen

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

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
    "built_by",
)
MOVES = (
    "(OLD.state = 'published' AND NEW.state IN ('superseded', 'withdrawn')) "
    "OR (OLD.state = 'superseded' AND NEW.state = 'withdrawn')"
)
OF_EMBARGO = ("state", "withdrawn_at", "withdrawn_reason")


def upgrade() -> None:
    freeze(embargo_moves=True)


def downgrade() -> None:
    freeze(embargo_moves=False)


def freeze(embargo_moves: bool) -> None:
    """What may change of a release that was published: its state, or its embargo while that lasts."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    as_before = (
        "NEW.{0} IS OLD.{0}" if sqlite else "NEW.{0}::text IS NOT DISTINCT FROM OLD.{0}::text"
    ).format
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')" if sqlite else "(now() AT TIME ZONE 'UTC')"
    same = " AND ".join(map(as_before, FROZEN))
    allowed = f"({as_before('embargo_until')} AND ({MOVES}))"
    if embargo_moves:
        still = " AND ".join(map(as_before, OF_EMBARGO))
        allowed += f" OR ({still} AND OLD.state <> 'withdrawn' AND OLD.embargo_until > {now})"
    refused = f"NOT ({same} AND ({allowed}))"
    if sqlite:
        op.execute("DROP TRIGGER release_frozen_update")
        op.execute(
            "CREATE TRIGGER release_frozen_update BEFORE UPDATE ON release "
            f"WHEN OLD.state <> 'draft' AND (({refused}) IS NOT FALSE) "
            "BEGIN SELECT RAISE(ABORT, 'a release that is not a draft is frozen'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION release_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'INSERT' THEN "
        "IF NEW.state <> 'draft' THEN RAISE EXCEPTION 'a release begins as a draft'; END IF; RETURN NEW; "
        "ELSIF TG_OP = 'DELETE' THEN IF OLD.state <> 'draft' "
        "THEN RAISE EXCEPTION 'a release that is not a draft is frozen'; END IF; RETURN OLD; "
        "ELSIF OLD.state = 'draft' THEN IF NOT (NEW.state IN ('draft', 'published')) "
        "THEN RAISE EXCEPTION 'a draft can only be published'; END IF; RETURN NEW; END IF; "
        f"IF ({refused}) IS NOT FALSE "
        "THEN RAISE EXCEPTION 'a release that is not a draft is frozen'; END IF; RETURN NEW; END $$"
    )
