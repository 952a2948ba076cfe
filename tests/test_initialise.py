"""A store is made whole or not at all, whenever and however often somebody tries."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from sqlmodel import select

from data_access import accounts, audit, initialise, store
from data_access.models import Account, AuditEvent, Observation, Release, Source, StoreState
from data_access.releases import stored_hash
from data_access.scope import operator
from tests.store.stores import PROJECT, Store, forget_settings

FORK = multiprocessing.get_context("fork")


def whole(part: str) -> list[str]:
    """What is wrong with a store that says it is whole; empty when nothing is."""
    problems = store.pending_changes()
    with store.reading() as session:
        problems += [f"broken link {number}" for number in audit.broken_links(session)]
        problems += [] if session.exec(select(Source.code)).first() else ["no reference data"]
        if part != "empty":
            release = session.exec(select(Release).where(Release.state == "published")).one()
            problems += [] if stored_hash(session, release.number) == release.content_hash else ["hash"]
            problems += [] if session.exec(select(Observation.id)).first() else ["no observations"]
    return problems


def filled_or_none() -> str | None:
    """What the store says of itself; a half-made one would raise ``NotOurs``."""
    return initialise.filled_with()


def fill_until(moment: str, part: str) -> None:
    """In a child process: fill the store and die, without a last word, when a step of that name begins
    (``filled``: when all is written but nothing is kept yet)."""

    def tell(step: str) -> None:
        if step.startswith(moment):
            os.kill(os.getpid(), signal.SIGKILL)

    record = audit.record

    def record_and_tell(*args, action: str, **more):
        tell("filled" if action == "fill" else "")
        return record(*args, action=action, **more)

    audit.record = record_and_tell
    forget_settings()
    initialise.fill(part, tell)


@pytest.mark.parametrize("part", ["empty", "facts"])
def test_init_makes_a_whole_store_and_a_second_one_leaves_it(stores, part):
    assert filled_or_none() is None
    assert initialise.fill(part) == part
    assert filled_or_none() == part
    assert whole(part) == []
    with store.reading() as session:
        events = session.exec(select(AuditEvent.hash)).all()
    assert initialise.fill("facts") == part, "whoever comes second gets what is there"
    with store.reading() as session:
        assert session.exec(select(AuditEvent.hash)).all() == events


def test_a_store_killed_at_any_step_is_none_and_the_next_init_completes_it(stores):
    for moment in ("making", "loading", "si6", "protecting", "writing", "filled"):
        forget_settings()
        child = FORK.Process(target=fill_until, args=(moment, "facts"))
        child.start()
        child.join(120)
        assert child.exitcode == -signal.SIGKILL, f"{moment} was never met"
        assert filled_or_none() is None, f"killed at {moment}"
    assert initialise.fill("facts") == "facts"
    assert whole("facts") == []


def test_two_inits_at_once_make_one_store(stores):
    forget_settings()
    children = [FORK.Process(target=fill_until, args=("never", "facts")) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0, 0]
    assert whole("facts") == []
    with store.reading() as session:
        assert len(session.exec(select(Release.number)).all()) == 1


def test_tables_that_init_did_not_make_are_left_alone(stores):
    with store.writing_connection() as connection:
        connection.exec_driver_sql("CREATE TABLE somebodys (own INTEGER)")
    for attempt in (initialise.filled_with, lambda: initialise.fill("empty")):
        with pytest.raises(initialise.NotOurs, match="somebodys"):
            attempt()
    with store.engine().connect() as connection:
        assert initialise.inspect(connection).get_table_names() == ["somebodys"]


class Died(Exception):
    pass


def test_the_demonstration_password_is_made_once_and_shown_until_it_was_seen(facts_store, tmp_path):
    shown = []

    def show(names, password):
        assert names == list(accounts.DEMONSTRATION)
        shown.append(password)
        if len(shown) == 1:
            raise Died

    with facts_store.copy(tmp_path / "store").in_use():
        with pytest.raises(Died):
            initialise.demonstration_password(None, show)
        for given in (None, None, "a password given from outside", None):
            initialise.demonstration_password(given, show)
            assert shown[-1] is None or accounts.opens("viewer", shown[-1])
        assert shown[1], "a start that died before it showed the password shows one the next time"
        assert shown[2:] == [None, "a password given from outside", None]
        accounts.disable("viewer", actor=operator())
        initialise.demonstration_password(None, lambda names, password: shown.append([*names, password]))
        assert shown[-1] == [*list(accounts.DEMONSTRATION)[1:], None], "who is shut stays so; others go on"
        with store.reading() as session:
            assert len(session.exec(select(Account.name)).all()) == len(accounts.DEMONSTRATION)


def demonstrate(shown) -> None:
    """In a child process: what is left of a start with a demonstration."""
    forget_settings()
    initialise.demonstration_password(None, lambda names, password: shown.put(password))


def test_of_two_starts_at_once_one_shows_the_password(stores):
    initialise.fill("empty")
    forget_settings()
    shown = FORK.Queue()
    children = [FORK.Process(target=demonstrate, args=(shown,)) for _ in range(3)]
    for child in children:
        child.start()
    passwords = [shown.get(timeout=60) for _ in children]
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    (password,) = filter(None, passwords)
    assert all(accounts.opens(name, password) for name in accounts.DEMONSTRATION)


def killed_after(made: Store, seconds: float) -> bool:
    """Whether `init --demo` was still at work after so many seconds, when it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "data_access", "init", "--demo"],
        cwd=PROJECT,
        env=made.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


@pytest.mark.soak
def test_init_killed_at_random_moments(stores):
    """24 kills spread over the time that a whole `init --demo` takes."""
    rng = random.Random(1)
    began = time.perf_counter()
    stores.command("init", "--demo")
    longest, kills = time.perf_counter() - began, 0
    empty_again(stores)
    for _ in range(24):
        kills += killed_after(stores, rng.random() * longest)
        forget_settings()
        there = filled_or_none()
        assert there in (None, "demo")
        if there == "demo":
            assert whole("demo") == []
            forget_settings()
            empty_again(stores)
    assert kills >= 12
    stores.command("init", "--demo")
    assert whole("demo") == []


def empty_again(made: Store) -> None:
    """Take a store's tables away, so that the next init begins anew."""
    if made.database is None:
        for file in made.folder.glob("turvaverkko.sqlite3*"):
            file.unlink()
        return
    with store.engine().connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        connection.commit()
    forget_settings()


def test_a_store_of_another_version_is_left_alone_and_named(facts_store, tmp_path):
    with facts_store.copy(tmp_path / "own").in_use():
        with store.writing() as session:
            session.get_one(StoreState, initialise.FORM).value = "1"
        for ask in (initialise.filled_with, lambda: initialise.fill("facts")):
            with pytest.raises(initialise.NotOurs, match="another version"):
                ask()
