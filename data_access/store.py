"""One engine per process, one session per query or transaction.

SQLite by default, PostgreSQL where ``DATABASE_URL`` says so. A transaction that writes takes
SQLite's write lock before it reads (``BEGIN IMMEDIATE``), else it fails at once with "database is
locked" whatever the timeout; a lock file holds other processes back, because SQLite before 3.51
can lose a checkpoint that two writers start together.
"""

import fcntl
import threading
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Executable, create_engine, event, insert, select, text
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from data_access.models import StoreTable
from data_access.settings import NoPlace, settings

if TYPE_CHECKING:
    import pandas as pd
    from alembic.config import Config

ONE_WRITER = threading.Lock()
AT_ONCE = 5000


@lru_cache(maxsize=4)
def engine_for(url: str) -> Engine:
    """The engine of one store. SQLite: WAL, foreign keys, full sync, a busy timeout of 10 s."""
    if not url.startswith("sqlite"):
        if not url.startswith("postgresql+psycopg://"):
            raise NoPlace(
                "DATABASE_URL is no address of PostgreSQL or SQLite: postgresql://user@host/database"
            )
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def prepare(connection, _record) -> None:
        connection.isolation_level = None
        # Without recursive triggers, INSERT OR REPLACE takes rows away that triggers protect.
        for pragma in (
            "busy_timeout=10000",
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",
            "recursive_triggers=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get("writes") else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def engine() -> Engine:
    """The engine of the store that the settings name."""
    return engine_for(settings().database_url)


def place() -> str:
    """Where the store is, to be read: the file, or the database's address without its password."""
    url = engine().url
    return (
        url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    )


@contextmanager
def reading() -> Generator[Session]:
    """A session that sees one state of the store and changes nothing. It keeps nobody waiting."""
    # SQLite's transactions see one state anyway.
    one_state = {} if engine().dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with Session(engine().execution_options(**one_state)) as session:
        yield session
        session.rollback()


@contextmanager
def write_lock(database: str | None) -> Generator[None]:
    """One writer at a time: within the process always, between processes for SQLite files."""
    with ONE_WRITER:
        if not database or database == ":memory:":
            yield
            return
        with Path(f"{database}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


@contextmanager
def writing_connection() -> Generator[Connection]:
    """One transaction that may write: everything in the block is kept, or nothing."""
    sqlite = engine().dialect.name == "sqlite"
    lock = write_lock(engine().url.database) if sqlite else nullcontext()
    with lock, engine().connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def writing() -> Generator[Session]:
    """A session inside one writing transaction; kept when the block ends without an error."""
    with (
        writing_connection() as connection,
        Session(connection, join_transaction_mode="rollback_only") as session,
    ):
        yield session
        session.flush()


@contextmanager
def copied(session: Session, without: Collection[type[StoreTable]]) -> Generator[Session]:
    """A session on a copy of the store in memory, in which the tables ``without`` are empty: whatever is done
    there is gone when the block ends."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    StoreTable.metadata.create_all(engine)
    empty = {table.__table__ for table in without}
    with Session(engine) as copy:
        for table in StoreTable.metadata.sorted_tables:
            if table not in empty:
                rows = session.connection().execute(select(table)).mappings()
                while some := [dict(row) for row in rows.fetchmany(AT_ONCE)]:
                    copy.connection().execute(insert(table), some)
        yield copy
        copy.rollback()
    engine.dispose()


def alone(session: Session, table: type[StoreTable]) -> None:
    """Let nobody else add to a table until the transaction ends, so that whoever decides from what stands in
    it sees all that came before. SQLite has one writer anyway."""
    if session.connection().dialect.name == "postgresql":
        name = table.__table__.name
        session.connection().execute(text(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"))


def columns(*wanted: Any) -> Any:
    """A query for any number of columns, to be read with ``frame``."""
    return select(*wanted)


def frame(session: Session, query: Executable) -> "pd.DataFrame":
    """The rows of a query as a frame with the query's column names, also when there are none. A
    missing text is ``None``, not a number that is none."""
    result = session.connection().execute(query)
    return frame_of(result, list(result.keys()))


def frames(session: Session, query: Executable, at_once: int) -> Iterator["pd.DataFrame"]:
    """The rows of a query, so many at once, each time as ``frame`` gives them; one frame without rows where
    there are none. For tables that grow: a row takes many times less memory in a frame than on its way."""
    result = session.connection().execute(query, execution_options={"yield_per": at_once})
    names = list(result.keys())
    some = None
    for some in result.partitions():
        yield frame_of(some, names)
    if some is None:
        yield frame_of([], names)


def frame_of(told: Iterable[Any], names: list[str]) -> "pd.DataFrame":
    import pandas as pd

    # As plain tuples: pandas looks long at each of SQLAlchemy's own rows.
    rows = pd.DataFrame.from_records(list(map(tuple, told)), columns=names)
    for column in rows.columns[rows.dtypes == "str"]:
        if rows[column].isna().any():
            rows[column] = rows[column].astype(object).where(rows[column].notna(), None)
    return rows


def migrations() -> "Config":
    """Alembic's settings, without a file of its own."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def pending_changes() -> list[str]:
    """What ``alembic check`` finds: differences between the tables and the models; empty when none."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(change) for change in compare_metadata(context, StoreTable.metadata)]
