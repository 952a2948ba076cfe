"""Two stores that differ in nothing but what is protected."""

import json
import sqlite3
from pathlib import Path

import pytest

from data_access import releases
from data_access.scope import operator
from data_access.store import writing
from tests.store.stores import Store, initialised, made_once

PEOPLE = "(SELECT code FROM indicator WHERE person_data IN ('counts', 'respondents'))"
KEY = "scheme, period, indicator, goal, area"
NUMBERS = ("value", "numerator", "denominator", "n", "low", "high", "share_of_path", "gap")
TELLING = ", ".join(f"{column} = {column} + 7" for column in (*NUMBERS, "rank_low", "rank_high"))
TELLING += ", verdict = 'better', trend = 'rising', trend_reason = NULL, status = 'reached'"
TELLING += """, detail = '{"distinct": 99}'"""


def opened(store: Store) -> sqlite3.Connection:
    return sqlite3.connect(store.folder / "turvaverkko.sqlite3", isolation_level=None)


def add_another_release(store: Store) -> None:
    """Publish a third release that is the second but for some values, some of the hidden ones too, and
    for some figures that only it hides."""
    connection = opened(store)

    def copy(table: str, **changed: str) -> None:
        every = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        kept = [column for column in every if column != "id"]
        cells = ", ".join(changed.get(column, column) for column in kept)
        key = "number" if table == "release" else "release"
        connection.execute(
            f"INSERT INTO {table} ({', '.join(kept)}) SELECT {cells} FROM {table} WHERE {key} = 2"
        )

    connection.execute("BEGIN")
    copy("release", number="3", state="'draft'", published_at="NULL")
    copy("releasebasis", release="3")
    connection.execute("DELETE FROM releasebasis WHERE release = 3 AND part = 'changes'")
    hidden = "hidden OR (indicator = 'people' AND id % 50 = 0)"
    copy("figure", release="3", value="value + (id % 97 = 0)", hidden=hidden)
    connection.execute("COMMIT")
    connection.close()
    with store.in_use(), writing() as session:
        releases.publish(session, 3, actor=operator())


def tell_otherwise(store: Store) -> None:
    """Change all that is protected: hidden figures, the reports about people, and what these brought."""
    connection = opened(store)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE release SET content_hash = 'another, as values are'")
    assert connection.execute(f"UPDATE figure SET {TELLING} WHERE hidden").rowcount > 100
    connection.execute(f"UPDATE observation SET value = value + 1, n = n + 1 WHERE indicator IN {PEOPLE}")
    people = {code for (code,) in connection.execute(f"SELECT * FROM {PEOPLE}")}
    for number, rows in connection.execute(
        "SELECT release, rows FROM releasebasis WHERE part = 'changes'"
    ).fetchall():
        hidden = set(
            connection.execute(
                f"SELECT {KEY} FROM figure WHERE hidden AND release IN (?, ?)", (number - 1, number)
            )
        )
        kept = json.loads(rows)
        for row in kept["rows"]:
            if tuple(row[:5]) in hidden:
                row[5] = ["definition"]
            if row[2] in people:
                row[6] = {"new_report": 99.0}
        connection.execute(
            "UPDATE releasebasis SET rows = ? WHERE part = 'changes' AND release = ?",
            (json.dumps(kept), number),
        )
    connection.close()


@pytest.fixture(scope="session")
def twins(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The demonstration with a third release, twice; the other tells otherwise what is protected."""

    def make_one(store: Store) -> None:
        add_another_release(initialised(shared_folder, "demo").copy(store.folder))

    def make_other(store: Store) -> None:
        tell_otherwise(one.copy(store.folder))

    one = made_once(shared_folder, "one", make_one)
    other = made_once(shared_folder, "other", make_other)
    folder = tmp_path_factory.mktemp("twins")
    return one.copy(folder / "one"), other.copy(folder / "other")
