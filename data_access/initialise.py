"""Makes a store: tables, reference data, facts, demonstration rounds and their releases.

All of it is one transaction, with the mark ``filled`` written last: a process that is killed at any
moment leaves either no store or a whole one."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Engine, inspect, text
from sqlmodel import Session, select

from data_access.models import Account, StoreState
from data_access.store import alone, engine, migrations, place, reading, writing, writing_connection

FILLED = "filled"
FORM, THIS_FORM = "form", "4"
"""What a store is made of beside its tables: reference data and audited releases. It is raised where a store
of before cannot be used any more; once there is data that must not be lost, a migration is due instead."""
TOLD = "demonstration_password_told"
ONE_INIT = 0x7475727661


class Round(NamedTuple):
    """Folders of sample data that are loaded together, and the release that is made then: its ``note``
    and the last day that it knows (the newest import batch's where none is named)."""

    folders: tuple[str, ...]
    note: dict[str, str] | None = None
    as_of: date | None = None


ROUNDS = {
    "empty": (Round(("reference",)),),
    "facts": (
        Round(
            ("reference", "facts"),
            {
                "fi": "Ensimmäinen julkaisu: lähteistetyt tiedot",
                "sv": "Första publiceringen: uppgifter med källa",
                "en": "First release: sourced facts",
            },
        ),
    ),
    "demo": (
        Round(
            ("reference", "facts", "demo/2026-03-31"),
            {
                "fi": "Lähteistetyt tiedot ja kevään esimerkkikierros",
                "sv": "Uppgifter med källa och vårens exempelomgång",
                "en": "Sourced facts and the demonstration round of the spring",
            },
            date(2026, 3, 31),
        ),
        Round(
            ("demo/2026-09-30",),
            {
                "fi": "Syksyn esimerkkikierros: uudet raportit, korjaukset ja siirretty tavoite",
                "sv": "Höstens exempelomgång: nya rapporter, korrigeringar och ett flyttat mål",
                "en": "The demonstration round of the autumn: new reports, corrections and a moved target",
            },
        ),
    ),
}


class NotOurs(RuntimeError):
    """The store has tables that this version's ``init`` did not make; it is left as it is."""


def filled_with(where: Engine | Connection | None = None) -> str | None:
    """``empty``, ``facts`` or ``demo`` when the store is whole, ``None`` when there is none yet.

    Raises ``NotOurs`` when the database holds tables without the mark of a finished ``init``, or of one of
    another version."""
    tables = inspect(where or engine()).get_table_names()
    if not tables:
        return None
    if StoreState.__tablename__ in tables:
        query = select(StoreState.code, StoreState.value)
        with reading() if where is None else Session(where) as session:
            marks = dict(session.exec(query).all())
        if FILLED in marks and marks.get(FORM) == THIS_FORM:
            return marks[FILLED]
        if FILLED in marks:
            raise NotOurs(
                f"The store {place()} was made by another version. "
                "Name an empty database in DATABASE_URL, or move the file away: init makes a new one."
            )
    raise NotOurs(
        f"The database {place()} already holds tables "
        f"({', '.join(sorted(tables)[:5])} …) that were not made by init. "
        "Name an empty database in DATABASE_URL, or move the file away."
    )


def fill(part: str, tell: Callable[[str], None] = lambda _: None) -> str:
    """Make the store with ``part`` (``empty``, ``facts``, ``demo``): everything, or nothing. Gives what
    the store is filled with: another ``init`` may have been quicker."""
    from data_access import audit, reference, releases
    from data_access.scope import operator

    with writing_connection() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_INIT})
        there = filled_with(connection)
        if there is not None:
            return there
        tell("making the tables")
        migrate(connection)
        with Session(connection, join_transaction_mode="rollback_only") as session:
            counts = Counter[str]()
            for folders, note, as_of in ROUNDS[part]:
                tell(f"loading {', '.join(folders)}")
                counts.update(reference.load(session, folders))
                if note is not None:
                    release = releases.build(
                        session, note=note, as_of=as_of, tell=tell, actor=operator("init")
                    )
                    releases.publish(session, release.number, tell=tell, actor=operator("init"))
            audit.record(session, actor="init", action="fill", subject=part, detail=dict(counts))
            session.add_all([StoreState(code=FORM, value=THIS_FORM), StoreState(code=FILLED, value=part)])
            session.flush()
    return part


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest form, inside the connection's transaction."""
    from alembic import command

    config = migrations()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def demonstration_password(given: str | None, show: Callable[[list[str], str | None], None]) -> None:
    """See to it that the demonstration accounts exist and open with one password, and ``show`` their names
    and that password.

    ``given`` (from the environment) is used where there is one. Else a password is made and shown once;
    ``None``: it was shown before. All of it is one transaction: two starts at once show one password, and
    what a start made that died before it had shown it is not kept."""
    from data_access import accounts, passwords

    with writing() as session:
        alone(session, Account)
        there = accounts.demonstration(session)
        told = session.get(StoreState, TOLD) is not None and len(there) == len(accounts.DEMONSTRATION)
        password = given if given is not None or told else passwords.made()
        if password is not None and not (told and accounts.opens(there[0].name, password)):
            accounts.put_demonstration(session, password)
        show([found.name for found in accounts.demonstration(session) if found.active], password)
        session.merge(StoreState(code=TOLD, value="yes"))
