"""a release that was published is frozen: only its state moves on

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PARTS = ("figure", "releasebasis")
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
FIRST_MOVES = "NEW.state IN ('draft', 'published')"
DRAFT = "(SELECT state FROM release WHERE number = {row}.release) = 'draft'"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        upgrade_sqlite()
    else:
        upgrade_postgresql()


def upgrade_sqlite() -> None:
    for table in PARTS:
        for act, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            drafts = " AND ".join(DRAFT.format(row=row) for row in rows)
            op.execute(
                f"CREATE TRIGGER {table}_frozen_{act.lower()} BEFORE {act} ON {table} WHEN NOT ({drafts}) "
                f"BEGIN SELECT RAISE(ABORT, 'figures of a release that is not a draft are frozen'); END"
            )
    same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in FROZEN)
    refused = {
        "insert": ("INSERT", "NEW.state <> 'draft'", "a release begins as a draft"),
        "first_update": (
            "UPDATE",
            f"OLD.state = 'draft' AND NOT ({FIRST_MOVES})",
            "a draft can only be published",
        ),
        "update": (
            "UPDATE",
            f"OLD.state <> 'draft' AND NOT ({same} AND ({MOVES}))",
            "a release that is not a draft is frozen",
        ),
        "delete": ("DELETE", "OLD.state <> 'draft'", "a release that is not a draft is frozen"),
    }
    for name, (act, when, message) in refused.items():
        op.execute(
            f"CREATE TRIGGER release_frozen_{name} BEFORE {act} ON release WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def upgrade_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION only_of_drafts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF (TG_OP <> 'INSERT' AND NOT {DRAFT.format(row='OLD')}) "
        f"OR (TG_OP <> 'DELETE' AND NOT {DRAFT.format(row='NEW')}) "
        "THEN RAISE EXCEPTION 'figures of a release that is not a draft are frozen'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for table in PARTS:
        op.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION only_of_drafts()"
        )
    same = " AND ".join(f"NEW.{column}::text IS NOT DISTINCT FROM OLD.{column}::text" for column in FROZEN)
    op.execute(
        "CREATE FUNCTION release_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'INSERT' THEN "
        "IF NEW.state <> 'draft' THEN RAISE EXCEPTION 'a release begins as a draft'; END IF; RETURN NEW; "
        "ELSIF TG_OP = 'DELETE' THEN IF OLD.state <> 'draft' "
        "THEN RAISE EXCEPTION 'a release that is not a draft is frozen'; END IF; RETURN OLD; "
        f"ELSIF OLD.state = 'draft' THEN IF NOT ({FIRST_MOVES}) "
        "THEN RAISE EXCEPTION 'a draft can only be published'; END IF; RETURN NEW; END IF; "
        f"IF NOT ({same} AND ({MOVES})) "
        "THEN RAISE EXCEPTION 'a release that is not a draft is frozen'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER release_frozen BEFORE INSERT OR UPDATE OR DELETE ON release "
        "FOR EACH ROW EXECUTE FUNCTION release_moves_on()"
    )
    for table in (*PARTS, "release"):
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        names = [f"{table}_frozen_{act}" for table in PARTS for act in ("insert", "update", "delete")]
        names += [f"release_frozen_{act}" for act in ("insert", "first_update", "update", "delete")]
        for name in names:
            op.execute(f"DROP TRIGGER {name}")
        return
    for table in (*PARTS, "release"):
        op.execute(f"DROP TRIGGER {table}_frozen ON {table}")
        op.execute(f"DROP TRIGGER {table}_not_emptied ON {table}")
    op.execute("DROP FUNCTION only_of_drafts()")
    op.execute("DROP FUNCTION release_moves_on()")
