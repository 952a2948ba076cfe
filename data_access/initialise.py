"""Makes a store: tables, reference data, facts, demonstration round and a first release.

All of it is one transaction, with the mark ``filled`` written last: a process that is killed at any
moment leaves either no store or a whole one."""

from collections.abc import Callable

from alembic import command
from sqlalchemy import Connection, inspect
from sqlmodel import Session, select

from data_access import accounts, audit, reference, releases
from data_access.models import StoreState
from data_access.store import engine, migrations, reading, writing, writing_connection

FILLED = "filled"
TOLD = "demonstration_password_told"
NOTES = {
    "facts": {
        "fi": "Ensimmäinen julkaisu: lähteistetyt tiedot",
        "sv": "Första publiceringen: uppgifter med källa",
        "en": "First release: sourced facts",
    },
    "demo": {
        "fi": "Ensimmäinen julkaisu: lähteistetyt tiedot ja esimerkkikierros",
        "sv": "Första publiceringen: uppgifter med källa och en exempelomgång",
        "en": "First release: sourced facts and a demonstration round",
    },
}


class NotOurs(RuntimeError):
    """The store has tables that ``init`` did not make; it is left as it is."""


def filled_with() -> str | None:
    """``empty``, ``facts`` or ``demo`` when the store is whole, ``None`` when there is none yet.

    Raises ``NotOurs`` when the database holds tables without the mark of a finished ``init``."""
    tables = inspect(engine()).get_table_names()
    if not tables:
        return None
    if StoreState.__tablename__ in tables:
        with reading() as session:
            part = session.exec(select(StoreState.value).where(StoreState.code == FILLED)).first()
        if part is not None:
            return part
    raise NotOurs(
        f"The database {engine().url.render_as_string(hide_password=True)} already holds tables "
        f"({', '.join(sorted(tables)[:5])} …) that were not made by init. "
        "Name an empty database in DATABASE_URL, or move the file away."
    )


def fill(part: str, tell: Callable[[str], None] = lambda _: None) -> None:
    """Make the store with ``part`` (``empty``, ``facts``, ``demo``): everything, or nothing."""
    with writing_connection() as connection:
        tell("making the tables")
        migrate(connection)
        with Session(connection, join_transaction_mode="rollback_only") as session:
            tell("loading reference data and facts")
            counts = reference.load(session, part)
            if part != "empty":
                release = releases.build(session, note=NOTES[part], tell=tell)
                releases.publish(session, release.number)
            audit.record(session, actor="init", action="fill", subject=part, detail=counts)
            session.add(StoreState(code=FILLED, value=part))
            session.flush()


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest form, inside the connection's transaction."""
    config = migrations()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def demonstration_password(given: str | None) -> str | None:
    """See to it that the demonstration accounts exist and open with one password.

    ``given`` (from the environment) is used where there is one. Else a password is made and returned
    until ``demonstration_password_told`` says that it was shown; ``None``: it was shown before."""
    with reading() as session:
        told = session.get(StoreState, TOLD) is not None
    complete = len(accounts.demonstration_names()) == len(accounts.DEMONSTRATION)
    if given is None and told and complete:
        return None
    if given is not None and complete and accounts.opens("viewer", given):
        return given
    password = given or accounts.made_password()
    accounts.demo_accounts(password)
    return password


def demonstration_password_told() -> None:
    """Remember that the made password was shown: it is shown once."""
    with writing() as session:
        session.merge(StoreState(code=TOLD, value="yes"))
