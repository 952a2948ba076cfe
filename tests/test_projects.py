"""What is told of single projects: reckoned by hand, the same as the figures of all, nothing about people."""

import sqlite3
from datetime import date

import pandas as pd
import pytest

from data_access.measures import periods, projects
from data_access.measures.periods import TO_DATE, Span, span
from data_access.models import ReleaseBasis
from data_access.queries import figures, progress, reference
from data_access.queries import projects as project_queries
from data_access.release_basis import frame_of
from data_access.scope import AUDIENCES, operator
from data_access.store import reading
from tests.small_programme import Programme

ABOUT_PEOPLE = ("nr1", "nr2", "esfres", "people")
SPANS = [span("2025h1"), span("2025h2"), Span(TO_DATE, date.min, date(2026, 9, 30))]
EUROS = ("eur_planned", "eur_committed", "eur_paid")


def told(programme: Programme, spans: list[Span] = SPANS) -> dict[tuple[str, str, str], tuple]:
    found = projects.own_values(programme.basis(), programme.observations, spans)
    return {(row.project, row.indicator, row.period): (row.value, row.n) for row in found.itertuples()}


# ---- by hand -------------------------------------------------------------------------------------------


def test_euros_of_a_project_are_the_sum_of_its_areas_as_last_reported():
    # p: 100 + 40 in 2025h1; only mk05 anew in 2025h2, 130 + 40. q has reported nothing of 2025h2.
    programme = Programme()
    programme.project("p", "mk05", "mk07")
    programme.project("q", "mk09")
    programme.report("eur_paid", "p", "mk05", "2025h1", value=100)
    programme.report("eur_paid", "p", "mk07", "2025h1", value=40)
    programme.report("eur_paid", "p", "mk05", "2025h2", value=130)
    programme.report("eur_paid", "q", "mk09", "2025h1", value=7)
    values = {key: value for key, (value, _) in told(programme).items()}
    assert values == {
        ("p", "eur_paid", "2025h1"): 140,
        ("p", "eur_paid", "2025h2"): 170,
        ("p", "eur_paid", "to_date"): 170,
        ("q", "eur_paid", "2025h1"): 7,
        ("q", "eur_paid", "to_date"): 7,
    }
    country = programme.figures().loc[("eur_paid", "fi", slice(None), "all")]["value"]
    assert (country["2025h1"], country["2025h2"], country["to_date"]) == (147, 177, 177)


def test_a_score_told_for_two_goals_is_their_mean_by_answers():
    # 10 answers of 1.0 and 30 of 3.0: 2.5 of 40.
    programme = Programme()
    programme.project("p", "mk05", goals=("g1", "g2"))
    programme.report("si1", "p", None, "2025h1", value=1.0, n=10, goal="g1")
    programme.report("si1", "p", None, "2025h1", value=3.0, n=30, goal="g2")
    assert told(programme)["p", "si1", "2025h1"] == (2.5, 40)
    assert ("p", "si1", "2025h2") not in told(programme)


@pytest.mark.parametrize("indicator", ABOUT_PEOPLE)
def test_nothing_about_people_is_told_of_a_project(indicator):
    programme = Programme()
    programme.project("p", "mk05")
    programme.report(indicator, "p", "mk05", "2025h1", value=3.0, n=30)
    assert told(programme) == {}


def test_organisations_of_a_project_are_distinct_and_stay_counted():
    # a and its second spelling, b from 2025h2 on; the second project's do not count.
    programme = Programme()
    programme.project("p", "mk05")
    programme.project("q", "mk05")
    for project, identity, starts in (("p", "a", 2024), ("p", "a", 2025), ("q", "c", 2024)):
        programme.partner(project, identity, starts=date(starts, 7, 1))
    programme.partner("p", "b", starts=date(2025, 9, 1))
    mine = projects.of_project(programme.basis(), "p")
    assert projects.organisations(mine, SPANS)["value"].tolist() == [1, 2, 2]


@pytest.mark.parametrize(
    ("day", "code"), [("2026-08-13", "2025h2"), ("2026-08-14", "2026h1"), ("2027-02-13", "2026h1")]
)
def test_the_latest_half_year_is_due_on_its_day(day, code):
    assert periods.latest_due(date.fromisoformat(day), 45) == code


# ---- in the demonstration ------------------------------------------------------------------------------


@pytest.mark.parametrize("release", [1, 2])
def test_projects_add_up_to_the_country(demo_store, release):
    register = project_queries.register(operator(), release, "esf51", "fi")
    asked = {"indicator": EUROS, "area": "fi", "period": "to_date", "goal": "all"}
    country = figures.figures(operator(), release, "fi", **asked).set_index("indicator")["value"]
    assert register[list(EUROS)].sum().round(6).to_dict() == country.round(6).to_dict()
    assert country["eur_paid"] > 1e6


def test_a_list_of_an_area_holds_what_its_count_counts(demo_store):
    register = project_queries.register(operator(), 2, "esf51", "fi").set_index("code")
    started = register.index[~register["state"].isin(("planned", "withdrawn"))]
    counted = figures.figures(operator(), 2, "fi", indicator="projects", period="to_date", goal="all")
    checked = 0
    for row in counted[counted["scheme"] != "country"].itertuples():
        places = project_queries.places(operator(), 2, row.area)
        inside = places.loc[places["inside"], "project"]
        overlapping = places.loc[~places["inside"], "project"]
        if row.state in ("value", "zero"):
            assert row.value == inside.isin(started).sum(), row.area
        elif row.state == "cannot_be_expressed":
            assert overlapping.isin(started).any(), row.area
        checked += 1
    assert checked > 60


def test_one_project_is_told_as_in_the_list(demo_store):
    register = project_queries.register(operator(), 2, "esf51", "sv").set_index("code")
    own = project_queries.own_values(operator(), 2, "sv", "demo-p09")
    now = own[own["period"] == "to_date"].set_index("indicator")["value"]
    assert {code: register.loc["demo-p09", code] for code in EUROS} == {code: now[code] for code in EUROS}
    # The corrected 361 400 of mk13 and the 342 934 of mk06.
    assert now["eur_committed"] == 704_334
    before = project_queries.own_values(operator(), 1, "sv", "demo-p09").set_index(["indicator", "period"])
    assert before.loc[("eur_committed", "to_date"), "value"] == 331_375 + 349_218
    assert register.loc["demo-p09", ["areas", "home_area"]].tolist() == [
        "Birkaland, Mellersta Finland",
        "Birkalands välfärdsområde",
    ]
    partners = project_queries.partners(operator(), 2, "demo-p09", "sv")
    assert partners["role"].tolist() == ["lead", "partner", "partner"]
    assert register.loc["demo-p09", "organisations"] == partners["identity"].nunique() == 3
    with pytest.raises(KeyError, match="no project"):
        project_queries.own_values(operator(), 2, "sv", "nobody")


def test_reports_of_a_project_are_those_of_the_list_of_reports(demo_store):
    for code in ("demo-p08", "demo-p09", "demo-p12", "soila"):
        mine = project_queries.reports(operator(), 2, code).set_index("period")
        for period in ("2025h1", "2025h2", "2026h1"):
            every = progress.reports(operator(), 2, "fi", "esf51", period).set_index("project")
            state = mine["state"].get(period, "not_applicable")
            if code not in every.index:
                assert state == "not_applicable"
            else:
                came = isinstance(every.loc[code, "reported_on"], date)
                assert state == ("came" if came else "missing")
                assert mine.loc[period, "missing"] == every.loc[code, "missing"]


def test_a_lead_at_home_elsewhere_is_told():
    acts = frame_of({"columns": ["project", "area"], "rows": [["p", "mk05"], ["p", "mk07"], ["q", "mk05"]]})
    areas = ["hva07", "hva09", "mk05", "mk07"]
    inside = frame_of({"columns": areas, "rows": [[False] * 4 for _ in areas]}).set_axis(areas).astype(bool)
    inside.loc["hva07", "mk05"] = inside.loc["hva09", "mk07"] = True
    homes = frame_of({"columns": ["home"], "rows": [["hva09"], ["hva09"]]}).set_axis(["p", "q"])["home"]
    assert project_queries.led_elsewhere(acts, homes, inside).to_dict() == {"p": False, "q": True}


# ---- protection ----------------------------------------------------------------------------------------


def test_what_a_release_keeps_of_projects_is_not_about_people(demo_store):
    with reading() as session:
        kept = frame_of(session.get_one(ReleaseBasis, (2, "project_euros")).rows)
    about = reference.indicators(operator(), "fi").set_index("code")["person_data"]
    assert set(about[kept["indicator"].unique()]) == {"no"}


def test_single_projects_are_told_the_same_whatever_was_reported_about_people(demo_store, tmp_path):
    other = demo_store.copy(tmp_path / "other")
    with sqlite3.connect(other.folder / "turvaverkko.sqlite3") as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'observation'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        changed = connection.execute(
            "UPDATE observation SET value = value + 1, n = n + 7 WHERE value IS NOT NULL "
            f"AND indicator IN ({', '.join('?' * len(ABOUT_PEOPLE))})",
            ABOUT_PEOPLE,
        ).rowcount
    assert changed > 100
    said = []
    for store in (demo_store, other):
        with store.in_use():
            said.append(
                [
                    ask.to_json(date_format="iso")
                    for audience in AUDIENCES
                    for code in ("demo-p09", "demo-p24")
                    for ask in (
                        project_queries.own_values(operator(audience=audience), 2, "fi", code),
                        project_queries.reports(operator(audience=audience), 2, code),
                        project_queries.register(operator(), 2, "esf51", "fi"),
                    )
                ]
            )
    assert said[0] == said[1]
    own = project_queries.own_values(operator(), 2, "fi", "demo-p09").set_index("indicator")
    assert set(own.loc[list(ABOUT_PEOPLE), "state"]) == {"not_published"}
    assert own.loc[list(ABOUT_PEOPLE), ["value", "n", "reported_on"]].isna().all().all()


def test_a_project_ends_soon_until_the_same_day_a_year_later():
    # Seen from 30.9.2026: today and 30.9.2027 are within the year, 1.10.2027 is not; one that has ended, and
    # one without an end, are not.
    rows = pd.DataFrame(
        {
            "state": ["running", "running", "running", "ended", "running"],
            "ends": [date(2026, 9, 30), date(2027, 9, 30), date(2027, 10, 1), date(2026, 9, 1), None],
        }
    )
    assert projects.ends_soon(rows, date(2026, 9, 30)).tolist() == [True, True, False, False, False]
