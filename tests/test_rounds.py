"""Reporting rounds: who has reported, who is late, and what is missing."""

from datetime import date

import pytest

from data_access import initialise
from data_access.intake import loading
from data_access.queries import rounds as round_queries
from data_access.scope import operator
from tests.filed import filed, organisation, partner, project, report
from tests.store.stores import Store

PEOPLE_ONLY = "si1, si2, si3, si4, si5, si7, nr1, nr2, nr3, nr4, esfres, eur_planned, eur_committed, eur_paid"


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """Three projects: one reports in time and is corrected later, one late, one not at all."""
    with Store(tmp_path_factory.mktemp("rounds") / "store").in_use() as store:
        initialise.fill("empty")
        projects = [project("p1"), project("p2"), project("p3", starts=date(2026, 3, 1))]
        reports = [
            report("p1", "people", 3, period="2025h2", reported_on=date(2026, 1, 20)),
            report("p1", "people", 4, reported_on=date(2026, 7, 10)),
            report("p1", "esfres", 3, n=9, reported_on=date(2026, 7, 12)),
            report("p2", "people", 5, reported_on=date(2026, 9, 1)),
        ]
        loading.load(
            filed(
                projects=projects,
                areas=[{"project": each["project"], "area": "mk05"} for each in projects],
                organisations=[organisation("o1")],
                partnerships=[partner("p1", "o1", role="lead")],
                observations=reports,
            ),
            actor=operator("anna"),
        )
        late = report("p1", "people", 6, reported_on=date(2026, 10, 1), reason="typing error")
        loading.load(filed("c", observations=[late]), actor=operator("anna"))
        yield store


@pytest.fixture(autouse=True)
def in_use(reported):
    with reported.in_use():
        yield


def told(day: date, *columns: str) -> dict[tuple, tuple]:
    rows = round_queries.rounds(operator(), "esf51", "sv", day)
    return {
        (row["period"], row["project"]): tuple(row[name] for name in columns) for _, row in rows.iterrows()
    }


def test_who_has_reported_when_and_who_is_late():
    # Due 45 days after 30 June and 31 December: 14 August, 14 February.
    found = told(date(2026, 11, 22), "due_on", "reported_on", "state", "days_late")
    august, february = date(2026, 8, 14), date(2026, 2, 14)
    assert found == {
        ("2026h1", "p1"): (august, date(2026, 7, 10), "incomplete", 0),
        ("2026h1", "p2"): (august, date(2026, 9, 1), "incomplete", 18),
        ("2026h1", "p3"): (august, None, "late", 100),
        ("2025h2", "p1"): (february, date(2026, 1, 20), "incomplete", 0),
        ("2025h2", "p2"): (february, None, "late", 281),
    }
    assert told(date(2026, 8, 14), "state")["2026h1", "p3"] == ("awaited",)
    assert ("2026h1", "p1") not in told(date(2026, 6, 30), "state"), "the half-year has not ended"


def test_rounds_are_counted_and_named():
    found = round_queries.rounds(operator(), "esf51", "sv", date(2026, 11, 22))
    assert found[["project_name", "lead"]].head(2).to_numpy().tolist() == [["p1 sv", "o1 sv"], ["p2 sv", ""]]
    assert found["missing"].iloc[1] == PEOPLE_ONLY
    counts = round_queries.round_counts(found).to_numpy().tolist()
    assert counts == [
        ["2026h1", date(2026, 8, 14), 0, 2, 1, 0, 3],
        ["2025h2", date(2026, 2, 14), 0, 1, 1, 0, 2],
    ]
    assert round_queries.rounds(operator(), "lape", "fi", date(2026, 11, 22)).empty
    assert round_queries.round_counts(
        round_queries.rounds(operator(), "lape", "fi", date(2026, 11, 22))
    ).empty


def test_what_the_next_transmission_lacks_and_whom_to_remind():
    lacking = round_queries.missing_for_transmission(operator(), "esf51", "fi", date(2026, 7, 20))
    assert set(lacking["sent_by"]) == {date(2026, 7, 31)}
    assert lacking[["project", "missing"]].to_numpy().tolist() == [["p2", "esfres"], ["p3", "esfres"]]
    reminded = round_queries.reminders(operator(), "esf51", "fi", date(2026, 11, 22))
    assert reminded[["project", "period", "days_overdue"]].to_numpy().tolist() == [
        ["p1", "2025h2", 281],
        ["p2", "2025h2", 281],
        ["p1", "2026h1", 100],
        ["p2", "2026h1", 100],
        ["p3", "2026h1", 100],
    ]
