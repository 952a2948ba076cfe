"""The store keeps its rules by itself, on SQLite and on PostgreSQL alike."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from alembic import command
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, insert, select

from data_access import initialise, models, store
from data_access.models import business_id_is_valid

SOURCE: dict[str, Any] = {"code": "s", "title": {"fi": "f", "sv": "s", "en": "e"}, "quality": "document"}
WORDS = {"fi": "f", "sv": "s", "en": "e"}
BATCH: dict[str, Any] = {
    "id": 1,
    "loaded_at": datetime(2026, 1, 1),
    "loaded_by": "t",
    "file_name": "f",
    "sha256": "0",
}
BATCH |= {"note": "", "demonstration": False}
INDICATOR: dict[str, Any] = {
    "code": "i",
    "position": 1,
    "family": "programme",
    "unit": "people",
    "direction": "none",
}
INDICATOR |= {"aggregation": "sum", "time_kind": "flow", "frequency": "half_year", "attribution": "area"}
INDICATOR |= {
    "person_data": "no",
    "compares": False,
    "decimals": 0,
    "name": WORDS,
    "short": WORDS,
    "definition": WORDS,
    "source": "s",
}
OBSERVATION: dict[str, Any] = {
    "id": 1,
    "indicator": "i",
    "period": "2025h1",
    "value": 1.0,
    "identical_answers": False,
}
OBSERVATION |= {"reported_on": date(2025, 7, 1), "batch": 1, "source": "s"}
RELEASE: dict[str, Any] = {
    "number": 1,
    "state": "draft",
    "as_of": date(2026, 1, 1),
    "built_at": datetime(2026, 1, 2),
    "note": WORDS,
}
RELEASE |= {"figures": 0, "content_hash": "", "demonstration": False, "observations": 1, "method": ""}
RELEASE |= {"audit": "passed", "protection": {}}
AREA: dict[str, Any] = {
    "code": "a",
    "scheme": "c",
    "position": 1,
    "name": WORDS,
    "label": WORDS,
    "inside": WORDS,
}
AREA |= {"genitive": WORDS, "in_programme": True, "valid_from": date(2000, 1, 1), "source": "s"}
FIGURE: dict[str, Any] = {
    "id": 1,
    "release": 1,
    "indicator": "i",
    "scheme": "c",
    "area": "a",
    "period": "2025h1",
    "goal": "all",
}
FIGURE |= {"state": "value", "hidden": False, "demonstration": False, "sources": []}
EVENT: dict[str, Any] = {
    "id": 1,
    "at": datetime(2026, 1, 1),
    "actor": "a",
    "action": "b",
    "subject": "c",
    "detail": {},
}
EVENT |= {"previous_hash": "0", "hash": "1"}
ORGANISATION: dict[str, Any] = {
    "code": "o",
    "name": WORDS,
    "type": "ngo",
    "demonstration": False,
    "source": "s",
}
DECISION: dict[str, Any] = {"id": 1, "first": "o", "second": "o2", "verdict": "same", "reason": "r"}
DECISION |= {"undoes": None, "decided_by": "t", "decided_at": datetime(2026, 1, 1)}
ROWS = [
    (models.Source, SOURCE),
    (models.Scheme, {"code": "c", "position": 1, "name": WORDS, "valid_from": date(2000, 1, 1)}),
    (models.Area, AREA),
    (models.Indicator, INDICATOR),
    (models.ImportBatch, BATCH),
    (models.BatchChange, {"batch": 1, "position": 1, "part": "project", "key": {}}),
    (models.Observation, OBSERVATION),
    (models.Organisation, ORGANISATION),
    (models.Organisation, ORGANISATION | {"code": "o2"}),
    (models.IdentityDecision, DECISION),
    (models.AuditEvent, EVENT),
    (models.Release, RELEASE),
    (models.ReleaseBasis, {"release": 1, "part": "rules", "rows": {}}),
    (models.Figure, FIGURE),
]
TABLES = dict(zip([table.__tablename__ for table, _ in ROWS], ROWS, strict=True))


@pytest.fixture
def filled(stores):
    """Tables with one row each, and an open transaction that is rolled back; once per database."""
    with store.writing_connection() as connection:
        initialise.migrate(connection)
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            for table, row in ROWS:
                session.execute(insert(table), [row])
            session.commit()
    with store.engine().connect().execution_options(writes=True) as connection:
        yield connection
        connection.rollback()


def refused(connection, statement, rows=None) -> str:
    """The words with which the database refuses a statement; '' when it takes it."""
    point = connection.begin_nested()
    try:
        connection.execute(text(statement) if isinstance(statement, str) else statement, rows)
    except DBAPIError as error:
        return str(error.orig)
    finally:
        point.rollback()
    return ""


def test_the_tables_are_those_of_the_models(stores):
    with store.writing_connection() as connection:
        initialise.migrate(connection)
    assert store.pending_changes() == []


def test_migrations_go_back_and_forth(stores):
    with store.writing_connection() as connection:
        initialise.migrate(connection)
        config = store.migrations()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = initialise.inspect(connection).get_table_names()
        assert set(left) <= {"alembic_version"}
        initialise.migrate(connection)
    assert store.pending_changes() == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("source", {"quality": "hearsay"}),
        ("indicator", {"aggregation": "median"}),
        ("indicator", {"direction": "sideways"}),
        ("observation", {"n": -1}),
        ("observation", {"denominator": 0.0}),
        ("observation", {"supersedes": 1}),  # a correction without a reason
        ("observation", {"withdrawn": True}),  # of nothing, and with a value
        ("release", {"state": "final"}),
        ("release", {"audit": "perhaps"}),
        ("figure", {"state": "unknown"}),
        ("figure", {"state": "protected"}),  # what is protected is kept whole, and hidden
        ("figure", {"trend": "sideways"}),
        ("organisation", {"business_id": "0112038-8"}),
        ("organisation", {"business_id": "01120389"}),
        ("organisation", {"business_id": "O112038-9"}),
        ("identitydecision", {"verdict": "alike"}),
        ("identitydecision", {"reason": " "}),
        ("identitydecision", {"second": "o"}),
        ("identitydecision", {"undoes": 1}),
        ("identitydecision", {"verdict": "undone"}),
    ],
    ids=str,
)
def test_the_database_refuses_a_word_it_does_not_know(filled, table, change):
    kind, row = TABLES[table]
    keys = {"code": "x"} if "code" in row else {"number": 2} if "number" in row else {"id": 2, "goal": "g"}
    row = {name: value for name, value in (row | keys).items() if name in kind.model_fields}
    if table == "observation":
        row.pop("goal")
    assert refused(filled, insert(kind), [row]) == "", "the row itself is good"
    assert refused(filled, insert(kind), [row | change])


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("observation", "indicator"),
        ("observation", "batch"),
        ("observation", "project"),
        ("figure", "release"),
        ("area", "scheme"),
    ],
)
def test_nothing_refers_to_what_is_not_there(filled, table, column):
    kind, row = TABLES[table]
    row = row | ({"code": "x"} if "code" in row else {"id": 2})
    unknown = 99 if column in ("batch", "release") else "nowhere"
    assert refused(filled, insert(kind), [row | {column: unknown}])


@pytest.mark.parametrize("table", ["observation", "identitydecision", "auditevent", "batchchange"])
def test_observations_decisions_changes_and_audit_events_are_only_added_to(filled, table):
    column = {"observation": "value", "identitydecision": "reason", "auditevent": "actor"}.get(table, "part")
    assert "only ever added to" in refused(filled, f"UPDATE {table} SET {column} = {column}")
    assert "only ever added to" in refused(filled, f"DELETE FROM {table}")
    if filled.dialect.name == "postgresql":
        assert "only ever added to" in refused(filled, f"TRUNCATE {table} CASCADE")
    else:
        kind, row = TABLES[table]
        assert "only ever added to" in refused(filled, insert(kind).prefix_with("OR REPLACE"), [row])


def test_a_batch_is_undone_once(filled):
    undoing = BATCH | {"id": 2, "undoes": 1}
    filled.execute(insert(models.ImportBatch), [undoing])
    assert refused(filled, insert(models.ImportBatch), [undoing | {"id": 3}])


def test_an_observation_is_superseded_once(filled):
    correction = OBSERVATION | {"id": 2, "supersedes": 1, "reason": "typing error"}
    filled.execute(insert(models.Observation), [correction])
    assert refused(filled, insert(models.Observation), [correction | {"id": 3}])


def test_a_draft_changes_and_what_is_published_does_not(filled):
    for statement in (
        "UPDATE figure SET value = 2",
        "UPDATE release SET note = '{}'",
        "DELETE FROM figure",
        "UPDATE releasebasis SET rows = '{}'",
    ):
        assert refused(filled, statement) == "", statement
    assert "can only be published" in refused(filled, "UPDATE release SET state = 'superseded'")
    assert "can only be published" in refused(
        filled, "UPDATE release SET state = 'withdrawn', withdrawn_reason = 'x'"
    )
    filled.execute(text("UPDATE release SET state = 'published', published_at = '2026-01-03 00:00:00'"))
    frozen = [
        "UPDATE figure SET value = 2",
        "UPDATE figure SET hidden = true",
        "UPDATE figure SET release = 2",
        "DELETE FROM figure",
        "UPDATE releasebasis SET rows = '{}'",
        "DELETE FROM releasebasis",
        "UPDATE release SET state = 'draft'",
        "UPDATE release SET state = 'withdrawn'",  # without a reason
        "UPDATE release SET figures = 7",
        "UPDATE release SET published_at = '2027-01-01 00:00:00'",
        "UPDATE release SET state = 'superseded', embargo_until = '2027-01-01 00:00:00'",
        "UPDATE release SET state = 'superseded', built_by = 'another'",
        "UPDATE release SET number = 7",
        """UPDATE release SET state = 'superseded', note = '{"fi": "other"}'""",
        "DELETE FROM release",
    ]
    for statement in frozen:
        assert refused(filled, statement), statement
    assert refused(filled, insert(models.Figure), [FIGURE | {"id": 2, "goal": "g1"}])
    assert refused(filled, insert(models.ReleaseBasis), [{"release": 1, "part": "more", "rows": {}}])
    if filled.dialect.name == "postgresql":
        for table in ("figure", "releasebasis", "release"):
            assert refused(filled, f"TRUNCATE {table} CASCADE")
    for move in ("state = 'superseded'", "state = 'withdrawn', withdrawn_reason = 'wrong'"):
        filled.execute(text(f"UPDATE release SET {move}"))
        assert refused(filled, "UPDATE figure SET value = 2")
        assert refused(filled, "UPDATE release SET state = 'published'")
    assert refused(filled, "UPDATE release SET withdrawn_reason = 'another'")


def test_an_embargo_moves_while_it_lasts_and_nothing_else_does(filled):
    filled.execute(
        text(
            "UPDATE release SET state = 'published', published_at = '2026-01-03 00:00:00', "
            "embargo_until = '2126-01-01 00:00:00'"
        )
    )
    for change in ("figures = 7", "built_by = 'another'", "withdrawn_reason = 'x'", "state = 'superseded'"):
        both = f"UPDATE release SET embargo_until = '2127-01-01 00:00:00', {change}"
        assert refused(filled, both), change
    for moment in ("2127-01-01 00:00:00", "2020-01-01 00:00:00"):
        assert refused(filled, f"UPDATE release SET embargo_until = '{moment}'") == ""
        filled.execute(text(f"UPDATE release SET embargo_until = '{moment}'"))
    for moment in ("'2127-01-01 00:00:00'", "NULL"):
        assert refused(filled, f"UPDATE release SET embargo_until = {moment}"), "it was over"
    filled.execute(text("UPDATE release SET state = 'superseded'"))


def test_a_release_begins_as_a_draft_and_a_failed_audit_is_not_published(filled):
    assert "begins as a draft" in refused(
        filled, insert(models.Release), [RELEASE | {"number": 2, "state": "published"}]
    )
    filled.execute(insert(models.Release), [RELEASE | {"number": 2, "audit": "failed"}])
    assert refused(filled, "UPDATE release SET state = 'published' WHERE number = 2")


def test_a_write_is_kept_whole_or_not_at_all(stores):
    with store.writing_connection() as connection:
        initialise.migrate(connection)
    with suppress(KeyboardInterrupt), store.writing() as session:
        session.add(models.Source(**SOURCE))
        session.flush()
        raise KeyboardInterrupt
    with store.reading() as session:
        assert session.exec(select(models.Source)).all() == []
        session.add(models.Source(**SOURCE))
        session.flush()
    with store.reading() as session:
        assert session.exec(select(models.Source)).all() == [], "a reading session keeps nothing"


def test_sqlite_is_set_up_as_it_must_be(facts_store):
    with store.engine().connect() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout", "recursive_triggers")
        }
    assert said == {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 10000,
        "recursive_triggers": 1,
    }


def test_a_frame_has_its_columns_without_rows_and_no_number_for_a_missing_text(facts_store):
    with store.reading() as session:
        none = store.frame(session, store.columns(models.Target.id, models.Target.kind))
        assert (list(none.columns), len(none)) == (["id", "kind"], 0)
        rows = store.frame(session, store.columns(models.Organisation.business_id))
        assert set(rows["business_id"]) == {None}


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("0112038-9", True),  # Nokia: 0·7+1·9+1·10+2·5+0·8+3·4+8·2 = 57, 57 mod 11 = 2, 11 − 2 = 9
        ("0112038-8", False),
        ("1234567-1", True),  # 7+18+30+20+40+24+14 = 153, 153 mod 11 = 10, 11 − 10 = 1
        ("0000000-0", True),
        ("1000001-0", False),  # 7+2 = 9: the digit would be 2
        ("1000002-0", True),  # 7+4 = 11: remainder 0, so the digit is 0
        ("０１１２０３８-9", False),  # digits of another script
        ("112038-9", False),
        ("0112038 9", False),
        ("01120389", False),
        ("", False),
    ],
)
def test_business_ids(text, valid):
    assert business_id_is_valid(text) is valid


def test_a_number_whose_remainder_is_1_has_no_check_digit():
    # 4·3 = 12, 12 mod 11 = 1; 4·2 = 8 leaves 8, so that 3 is right.
    assert not any(business_id_is_valid(f"0000030-{digit}") for digit in range(10))
    assert [digit for digit in range(10) if business_id_is_valid(f"0000020-{digit}")] == [3]


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (models.ObservationRow, {"supersedes": 1}),
        (models.ObservationRow, {"numerator": 3.0, "denominator": 2.0}),
        (models.ObservationRow, {"denominator": 0.0}),
        (models.ObservationRow, {"n": -1}),
        (models.ObservationRow, {"withdrawn": True}),
        (models.ObservationRow, {"reported_on": "tomorrow"}),
        (models.PartnershipRow, {"ends": date(2020, 1, 1)}),
        (models.OrganisationRow, {"business_id": "0112038-8"}),
        (models.IdentityDecisionRow, {"reason": " "}),
    ],
    ids=str,
)
def test_rows_are_checked_before_they_come_near_the_store(row, change):
    good = {
        models.ObservationRow: OBSERVATION,
        models.PartnershipRow: {"project": "p", "organisation": "o", "role": "lead", "supported": True}
        | {"starts": date(2025, 1, 1), "source": "s"},
        models.OrganisationRow: ORGANISATION,
        models.IdentityDecisionRow: DECISION,
    }[row]
    row.model_validate(good)
    with pytest.raises(ValidationError):
        row.model_validate(good | change)
