"""How a number is decided, each rule by an example whose arithmetic stands in a comment."""

from datetime import date
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import t as student_t

from data_access.measures import aggregation, comparison, progress, trends
from data_access.measures.periods import first_day, next_transmission
from tests.small_programme import Programme, rows_of

FI = ("fi", "2025h2", "all")
PLAIN = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
SCHEMES = ("maakunta", "ely", "evk", "funding", "wellbeing")


# ---- aggregation ---------------------------------------------------------------------------------------


def test_a_ratio_over_a_union_is_made_from_its_parts():
    # 3 of 100 in Kanta-Häme, 9 of 200 in Päijät-Häme: 12 / 300 = 4 % in Häme, not (3 + 4.5) / 2 = 3.75 %.
    programme = Programme()
    programme.report("ctx1", None, "mk05", "2024", value=3.0, numerator=3, denominator=100)
    programme.report("ctx1", None, "mk07", "2024", value=4.5, numerator=9, denominator=200)
    cell = programme.figures().loc[("ctx1", "ely04", "2024", "all")]
    assert (cell.value, cell.numerator, cell.denominator) == (4.0, 12, 300)
    # Wilson 95 %: z² = 3.8415; (0.04 + 3.8415/600 ∓ 1.96 √(0.04·0.96/300 + 3.8415/360000)) / (1 + 3.8415/300)
    assert (round(cell.low, 2), round(cell.high, 2)) == (2.30, 6.86)


def test_a_ratio_without_parts_is_passed_on_alone_but_never_averaged():
    programme = Programme()
    programme.report("ctx1", None, "mk05", "2024", value=3.0)
    programme.report("ctx1", None, "mk07", "2024", value=4.5)
    figures = programme.figures()
    assert figures.loc[("ctx1", "mk05", "2024", "all"), "value"] == 3.0
    assert figures.loc[("ctx1", "ely04", "2024", "all"), "state"] == "cannot_be_expressed"


def test_a_value_for_the_country_says_nothing_of_its_areas():
    programme = Programme()
    programme.report("ctx1", None, "fi", "2021", value=1.6)
    figures = programme.figures()
    assert figures.loc[("ctx1", "fi", "2021", "all"), "value"] == 1.6
    assert figures.loc[("ctx1", "mk05", "2021", "all"), "state"] == "cannot_be_expressed"
    assert figures.loc[("ctx1", "mk21", "2021", "all"), "state"] == "not_in_programme"


def test_a_mean_is_weighted_by_its_respondents():
    # 3.0 from 10 and 2.0 from 30: (30 + 60) / 40 = 2.25.
    # Variance of the ratio mean: (10²·0.75² + 30²·0.25²)·2/1 / 40² = (56.25 + 56.25)·2/1600 = 0.140625,
    # error 0.375, t with one degree of freedom 12.706: 2.25 ± 4.76, cut at the scale's 0 and 4.
    programme = Programme()
    programme.project("p", "mk05")
    programme.project("q", "mk07")
    programme.report("nr1", "p", "mk05", "2025h2", value=3.0, n=10)
    programme.report("nr1", "q", "mk07", "2025h2", value=2.0, n=30)
    cell = programme.figures().loc[("nr1", *FI)]
    assert (cell.value, cell.n, cell.low, cell.high) == (2.25, 40, 0.0, 4.0)
    assert programme.figures().loc[("nr1", "mk05", "2025h2", "all"), ["low", "high"]].isna().all()


def test_nobody_answered_is_no_value_and_no_error():
    # In mk05 nobody answered: no mean. In the country only the 30 of mk07 count: 2.0.
    programme = Programme()
    programme.project("p", "mk05", "mk07")
    programme.report("nr1", "p", "mk05", "2025h2", value=None, n=0)
    programme.report("nr1", "p", "mk07", "2025h2", value=2.0, n=30)
    figures = programme.figures()
    nobody = figures.loc[("nr1", "mk05", "2025h2", "all")]
    assert (nobody.state, nobody.n, nobody.reported) == ("not_reported", 0, 0)
    assert pd.isna(nobody.value)
    assert figures.loc[("nr1", *FI), ["value", "n", "reported", "expected"]].tolist() == [2.0, 30, 1, 1]
    assert not figures[figures["state"].isin(["value", "zero"])]["value"].isna().any()


def test_nobody_answered_hides_no_earlier_answer():
    # 2025h1: 30 people in mk05 give 2.0. 2025h2: nobody answers, whether it is said of mk05 itself, of its
    # atom or of the ELY that it lies in. The year's latest stays 2.0 of 30.
    for area in ("mk05", "hva07", "ely04"):
        programme = Programme()
        programme.project("p", "mk05", "mk07")
        programme.report("nr1", "p", "mk05", "2025h1", value=2.0, n=30)
        programme.report("nr1", "p", area, "2025h2", value=None, n=0)
        year = programme.figures().loc[("nr1", "mk05", "2025", "all")]
        assert (year.state, year.value, year.n) == ("value", 2.0, 30), area


def test_a_project_in_three_areas_counts_once_in_the_country():
    # si1 of one project that acts in three regions: in each of them 3.0, in the country 3.0 of one report.
    programme = Programme(registers=True)
    programme.project("p", "mk13", "mk14", "mk15")
    programme.project("q", "mk13")
    programme.report("si1", "p", None, "2025h2", value=3.0, n=5)
    programme.report("si1", "q", None, "2025h2", value=1.0, n=5)
    figures = programme.figures()
    projects = figures["value"].xs(("projects", "2025h2", "all"), level=["indicator", "period", "goal"])
    assert projects[["mk13", "mk14", "mk15", "fi"]].tolist() == [2, 1, 1, 2]
    scores = figures["value"].xs(("si1", "2025h2", "all"), level=["indicator", "period", "goal"])
    # mk13: (3 + 1) / 2; mk14, mk15: 3; country: (3 + 1) / 2, not (2 + 3 + 3) / 3.
    assert scores[["mk13", "mk14", "mk15", "fi"]].tolist() == [2, 3, 3, 2]


def test_an_organisation_under_two_spellings_is_one():
    # Five rows, of which two of one identity under two spellings: 4 distinct; one is a subcontractor
    # (3 supported); one of the supported is not eligible, one undecided: 1 eligible.
    programme = Programme()
    programme.project("p", "mk13")
    programme.project("q", "mk14")
    programme.partner("p", "1234567-1", eligible=1.0)
    programme.partner("q", "1234567-1", eligible=1.0)
    programme.partner("p", "ngo", eligible=0.0, type="ngo")
    programme.partner("q", "undecided", eligible=np.nan, type="ngo")
    programme.partner("q", "company", supported=False, eligible=0.0, type="company")
    figures = programme.figures()
    detail = figures.loc[("si6", *FI), "detail"]
    assert detail == {
        "partnerships": 5,
        "distinct": 4,
        "supported": 3,
        "eligible": 1,
        "undecided": 1,
        "several_projects": 1,
        "types": {"company": 1, "municipality": 1, "ngo": 2},
    }
    assert figures.loc[("si6", *FI), "value"] == 4
    assert figures.loc[("eeco18", *FI), "value"] == 1
    # In a region only what acts there: mk13 has two rows of two organisations, none in several projects.
    assert figures.loc[("si6", "mk13", "2025h2", "all"), "detail"]["several_projects"] == 0
    assert figures.loc[("si6", "mk13", "2025h2", "all"), "value"] == 2
    assert figures.loc[("si6", "mk13", "2025h2", "all"), "detail"]["types"] == {"municipality": 1, "ngo": 1}


def test_flow_stock_and_cumulative_in_half_year_year_and_to_date():
    programme = Programme(as_of=date(2026, 3, 1))
    programme.project("p", "mk05")
    for period, people, paid, score in (("2025h1", 10, 100.0, 1.0), ("2025h2", 5, 250.0, 2.0)):
        programme.report("people", "p", "mk05", period, value=people)
        programme.report("eur_paid", "p", "mk05", period, value=paid)
        programme.report("si1", "p", None, period, value=score, n=3)
    value = programme.figures()["value"].xs(("mk05", "all"), level=["area", "goal"])
    # A flow adds up, 10 + 5; euros to date are never summed over periods; a score is the latest.
    assert value["people"][["2025h1", "2025h2", "2025", "to_date"]].tolist() == [10, 5, 15, 15]
    assert value["eur_paid"][["2025h1", "2025h2", "2025", "to_date"]].tolist() == [100, 250, 250, 250]
    assert value["si1"][["2025h1", "2025h2", "2025", "to_date"]].tolist() == [1, 2, 2, 2]
    # The half-year that runs: euros to date are carried on, a flow and a score are not there yet.
    assert value["eur_paid"]["2026h1"] == 250
    state = programme.figures()["state"].xs(("mk05", "all"), level=["area", "goal"])
    assert (state["people"]["2026h1"], state["si1"]["2026h1"]) == ("not_yet_due", "not_yet_due")


def test_what_is_reported_twice_without_a_correction_counts_once():
    programme = Programme()
    programme.project("p", "mk05")
    programme.report("people", "p", "mk05", "2025h1", value=10)
    programme.report("people", "p", "mk05", "2025h1", value=12, reported_on=date(2025, 8, 1))
    assert programme.figures().loc[("people", "mk05", "2025h1", "all"), "value"] == 12


def test_a_withdrawn_project_keeps_what_it_did_but_is_not_waited_for():
    # p left on 31.10.2025: it is no project of 2025h2; its 10 people were reached; its score no longer
    # speaks for the programme to date.
    programme = Programme(registers=True)
    left: dict[str, Any] = {
        "state": "withdrawn",
        "withdrawn_on": date(2025, 10, 31),
        "ends": date(2025, 10, 31),
    }
    programme.project("p", "mk05", **left)
    programme.project("q", "mk05")
    programme.report("people", "p", "mk05", "2025h1", value=10)
    programme.report("si1", "p", None, "2025h1", value=4.0)
    programme.report("si1", "q", None, "2025h1", value=2.0)
    figures = programme.figures().xs(("mk05", "all"), level=["area", "goal"])
    assert [figures.loc[("projects", period), "value"] for period in ("2025h1", "2025h2")] == [2, 1]
    assert figures.loc[("people", "to_date"), "value"] == 10
    assert figures.loc[("si1", "2025h1"), "value"] == 3.0
    assert figures.loc[("si1", "to_date"), ["value", "expected"]].tolist() == [2.0, 1]
    expected = [figures.loc[("people", period), "expected"] for period in ("2025h1", "2025h2", "2026h1")]
    assert expected == [2, 2, 1]


def test_planned_projects_are_no_projects_yet_and_future_partners_no_partners():
    programme = Programme()
    programme.project("p", "mk05")
    programme.project("q", "mk05", state="planned", starts=date(2026, 10, 1))
    programme.partner("p", "here")
    programme.partner("p", "later", starts=date(2026, 11, 1))
    programme.partner("q", "planned")
    figures = programme.figures().xs(("mk05", "2026h2", "all"), level=["area", "period", "goal"])
    assert (figures.loc["projects", "value"], figures.loc["si6", "value"]) == (1, 1)


def test_a_national_project_counts_in_the_country_only():
    programme = Programme(registers=True)
    programme.project("p", "mk05")
    programme.project("soila", goals=("g1", "g2", "g3", "g4"))
    programme.acts.append(("soila", "fi"))
    programme.report("people", "p", "mk05", "2025h2", value=10)
    programme.report("people", "soila", "fi", "2025h2", value=700)
    figures = programme.figures().xs(("2025h2", "all"), level=["period", "goal"])
    assert figures.loc[("projects", "fi"), "value"] == 2
    assert figures.loc[("projects", "mk05"), "value"] == 1
    assert figures.loc[("people", "fi"), "value"] == 710
    assert figures.loc[("people", "mk05"), "value"] == 10
    # Nobody waits for the national project's report, for the country or for a goal that it alone serves.
    assert figures.loc[("people", "fi"), ["reported", "expected"]].tolist() == [1, 1]
    goal = programme.figures().loc[("people", "fi", "2025h2", "g4")]
    assert (goal.value, goal.reported, goal.expected) == (700, 0, 0)


def test_an_area_without_project_is_zero_in_a_register_and_waits_for_no_report():
    programme = Programme(registers=True)
    programme.project("p", "mk05")
    programme.report("people", "p", "mk05", "2025h2", value=0)
    figures = programme.figures().xs(("2025h2", "all"), level=["period", "goal"])
    assert figures.loc[("projects", "mk19"), ["state", "value"]].tolist() == ["zero", 0]
    assert figures.loc[("people", "mk19"), "state"] == "not_applicable"
    assert figures.loc[("people", "mk05"), "state"] == "zero"
    # As long as no regional project is known at all, nothing is known of the areas.
    alone = Programme(registers=True)
    alone.project("soila")
    figures = alone.figures().xs(("projects", "2025h2", "all"), level=["indicator", "period", "goal"])
    assert figures.loc["mk05", "state"] == "not_reported"
    assert figures.loc["fi", "value"] == 1


# ---- properties ----------------------------------------------------------------------------------------

MAINLAND = [
    area
    for area, scheme, here in rows_of("areas")[["code", "scheme", "in_programme"]].to_numpy()
    if here and scheme in ("maakunta", "wellbeing")
]
HALVES = ("2025h1", "2025h2", "2026h1")


@st.composite
def programmes(draw) -> Programme:
    programme = Programme(registers=True)
    for number in range(draw(st.integers(1, 5))):
        code = f"p{number}"
        acts = draw(st.lists(st.sampled_from(MAINLAND), min_size=1, max_size=3, unique=True))
        goals = draw(st.lists(st.sampled_from(["g1", "g2", "g3"]), min_size=1, max_size=2, unique=True))
        programme.project(code, *acts, goals=tuple(goals))
        for period in draw(st.lists(st.sampled_from(HALVES), unique=True)):
            for area in acts:
                amount = draw(st.integers(0, 10_000_000)) / 100
                programme.report("eur_paid", code, area, period, value=amount)
                programme.report("people", code, area, period, value=draw(st.integers(0, 40)))
                programme.report(
                    "nr1", code, area, period, value=draw(st.integers(0, 40)) / 10, n=draw(st.integers(0, 9))
                )
        for _ in range(draw(st.integers(0, 3))):
            programme.partner(code, draw(st.sampled_from(["a", "b", "c"])), supported=draw(st.booleans()))
    return programme


@PLAIN
@given(programmes())
def test_areas_add_up_to_the_country_and_organisations_do_not_exceed_their_parts(programme):
    found = programme.measured()
    keys = ["indicator", "period", "goal"]
    country = found[found["scheme"] == "country"].set_index(keys)["value"].fillna(0)
    for scheme in SCHEMES:
        mine = found[found["scheme"] == scheme]
        known = ~mine.set_index(keys)["state"].eq("cannot_be_expressed").groupby(keys).any()
        parts = mine.groupby(keys)["value"].sum()
        for code, whole in (("eur_paid", True), ("people", True), ("si6", False), ("projects", False)):
            if code not in parts.index.get_level_values(0):
                continue
            of_areas, of_country = parts[code][known[code]], country[code][known[code]]
            if whole:
                assert np.allclose(of_areas, of_country, rtol=1e-11), scheme
            else:
                assert (of_areas >= of_country).all(), scheme
    for detail in found.loc[(found["indicator"] == "si6") & found["detail"].notna(), "detail"]:
        assert sum(detail["types"].values()) == detail["distinct"]
    evidence = found[found["expected"].notna()]
    assert (evidence["reported"] <= evidence["expected"]).all()
    shown = found["state"].isin(["value", "zero"])
    assert found[shown]["value"].notna().all()
    assert found[~shown]["value"].isna().all()


@PLAIN
@given(programmes(), st.randoms(use_true_random=False))
def test_the_order_of_loading_changes_nothing(programme, random):
    before = programme.measured()
    random.shuffle(programme.reports)
    for number, row in enumerate(programme.reports, 1):
        row["id"] = number
    random.shuffle(programme.partnerships)
    random.shuffle(programme.projects)
    random.shuffle(programme.acts)
    pd.testing.assert_frame_equal(programme.measured(), before)


def test_numbers_are_rounded_to_twelve_digits():
    found = aggregation.rounded(pd.Series([0.1 + 0.2, 1234567.005, 1 / 3, 0.0, np.nan, 2e15, -5e-9]))
    assert found.iloc[:4].tolist() == [0.3, 1234567.005, 0.333333333333, 0.0]
    assert found.iloc[5:].tolist() == [2e15, -5e-9]


# ---- targets, status, evidence -------------------------------------------------------------------------


def on_path(value: float, *, as_of: date = date(2026, 1, 1), **said) -> pd.Series:
    """si6-like path: 0 on 1.1.2025, 100 on 1.1.2027; a mean of project p at the given day."""
    programme = Programme(as_of=as_of)
    programme.project("p", "mk05")
    programme.report("nr2", "p", "mk05", "2025h2", value=value, **({"n": 20} | said))
    programme.target("nr2", "baseline", 1.0, date(2024, 12, 31))
    programme.target("nr2", "target", 3.0, date(2026, 12, 31))
    return programme.figures().loc[("nr2", *FI)]


@pytest.mark.parametrize(
    ("value", "share", "status"),
    # On 31.12.2025 half of the way is due: 2.0. Share = (value − 1) / (2 − 1).
    [
        (3.0, 2.0, "reached"),
        (1.95, 0.95, "on_course"),
        (1.94, 0.94, "behind"),
        (1.75, 0.75, "behind"),
        (1.74, 0.74, "far_behind"),
        (1.0, 0.0, "far_behind"),
        (0.9, -0.1, "moving_away"),
    ],
)
def test_status_by_the_share_of_path(value, share, status):
    cell = on_path(value)
    assert cell.expected_now == 2.0
    assert (cell.share_of_path, cell.status) == (pytest.approx(share), status)


def test_less_is_good_where_the_target_lies_below_the_baseline():
    of: dict[str, Any] = {"on_course": 0.95, "behind": 0.75}
    assert progress.status(1.0, 1.5, 1.0, 2.0, **of) == "reached"
    assert progress.status(1.5, 1.5, 1.0, 2.0, **of) == "on_course"
    assert progress.status(2.1, 1.5, 1.0, 2.0, **of) == "moving_away"
    # Baseline and target agree: what is declared decides.
    assert progress.status(1.9, 2.0, 2.0, 2.0, direction="down", **of) == "reached"
    assert progress.status(1.9, 2.0, 2.0, 2.0, direction="up", **of) == "moving_away"
    # On the baseline's own day nothing is due yet; before it there is nothing to be measured against.
    assert progress.status(1.0, 1.0, 3.0, 1.0, **of) == "on_course"
    assert progress.status(0.9, 1.0, 3.0, 1.0, **of) == "moving_away"
    assert progress.status(0.9, None, 3.0, 1.0, **of) == "no_target"


def test_the_path_goes_through_the_milestone():
    steps = [(date(2024, 1, 1), 0.0), (date(2026, 1, 1), 10.0), (date(2030, 1, 1), 90.0)]
    # Half-way from 1.1.2026 to 1.1.2030 is 1.1.2028: 10 + 80 / 2 (731 of 1461 days: 50.03).
    assert progress.path_on(date(2028, 1, 1), steps) == pytest.approx(50.0, abs=0.05)
    assert progress.path_on(date(2023, 12, 31), steps) is None
    assert progress.path_on(date(2040, 1, 1), steps) == 90


def test_a_running_period_is_measured_against_today_not_against_its_end():
    # On 1.7.2026 a count to date stands against the path of that day, not of 31.12.2026.
    programme = Programme(as_of=date(2026, 7, 1))
    programme.project("p", "mk05")
    programme.partner("p", "a")
    programme.target("si6", "baseline", 0, date(2025, 7, 1))
    programme.target("si6", "target", 2, date(2027, 7, 1))
    cell = programme.figures().loc[("si6", "fi", "2026h2", "all")]
    assert (cell.expected_now, cell.status) == (1.0, "on_course")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"n": 4}, "fewer than five respondents"),
        ({"reported_on": date(2024, 6, 1)}, "a report older than 400 days at the period's end"),
    ],
    ids=["n", "age"],
)
def test_evidence_vetoes_a_status(said, why):
    cell = on_path(2.0, **said)
    assert cell.status == "not_enough_evidence", why
    assert on_path(2.0, n=5).status == "on_course"


def test_too_few_reports_veto_a_status_and_say_how_many():
    # 1 of 3 projects reported: below one half. 2 of 4: enough.
    programme = Programme()
    for code in "pqr":
        programme.project(code, "mk05")
    programme.report("nr2", "p", "mk05", "2025h2", value=2.0, n=20)
    programme.target("nr2", "baseline", 1.0, date(2024, 12, 31))
    programme.target("nr2", "target", 3.0, date(2026, 12, 31))
    cell = programme.figures().loc[("nr2", *FI)]
    assert (cell.status, cell.reported, cell.expected) == ("not_enough_evidence", 1, 3)
    programme.project("s", "mk05")
    programme.report("nr2", "q", "mk05", "2025h2", value=2.0, n=20)
    assert programme.figures().loc[("nr2", *FI), "status"] == "on_course"


def test_an_old_period_is_as_fresh_as_it_was():
    # Seen from 2030, the report of 2025h2 still came two weeks after its period; to date it is old.
    assert on_path(2.0, as_of=date(2030, 1, 1)).status == "on_course"
    programme = Programme(as_of=date(2030, 1, 1))
    programme.project("p", "mk05")
    programme.report("nr2", "p", "mk05", "2025h2", value=2.0, n=20)
    programme.target("nr2", "baseline", 1.0, date(2024, 12, 31))
    programme.target("nr2", "target", 3.0, date(2026, 12, 31))
    assert programme.figures().loc[("nr2", "fi", "to_date", "all"), "status"] == "not_enough_evidence"


def test_an_area_has_its_own_target_and_what_is_promised_stands_apart():
    programme = Programme()
    programme.project("p", "mk05")
    programme.partner("p", "a")
    programme.target("si6", "baseline", 0, date(2025, 1, 1), area="evk04")
    programme.target("si6", "target", 5, date(2029, 12, 31), area="evk04", goal="g1")
    programme.target("si6", "baseline", 0, date(2025, 1, 1), area="evk04", goal="g1")
    programme.target("si6", "committed", 4, date(2027, 12, 31), area="evk04", goal="g1")
    cell = programme.figures().loc[("si6", "evk04", "2025h2", "g1")]
    assert (cell.target, cell.committed, cell.value) == (5, 4, 1)
    assert programme.figures().loc[("si6", "fi", "2025h2", "g1"), "status"] == "no_target"
    # A baseline without a target is no path.
    assert programme.figures().loc[("si6", "evk04", "2025h2", "all"), "status"] == "no_target"


def test_the_gap_is_told_in_organisations_and_people():
    # 105.9 organisations are expected, 92 are there: 13.9, that is 14 are missing.
    row = pd.Series({"value": 92.0, "aggregation": "distinct_organisations", "n": 105, "denominator": np.nan})
    assert progress.gap(row, 105.9, True) == 14
    assert progress.gap(row, 90.5, True) == -1  # one whole organisation ahead
    # A mean of 2.4 from 50 respondents, 2.5 expected: 0.1 · 50 = 5 would have to answer one step better.
    row = pd.Series({"value": 2.4, "aggregation": "mean_weighted_by_n", "n": 50, "denominator": np.nan})
    assert progress.gap(row, 2.5, True) == 5
    # 1.6 % of 1000 where 1.45 % is expected and less is better: 1.5, that is 2 people too many.
    row = pd.Series({"value": 1.6, "aggregation": "ratio", "n": np.nan, "denominator": 1000})
    assert progress.gap(row, 1.45, False) == 2
    assert progress.gap(row, None, False) is None


# ---- comparison ----------------------------------------------------------------------------------------


def test_intervals_against_published_examples():
    # Wilson 1927 / Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
    low, high = comparison.wilson_interval(pd.Series([81.0]), pd.Series([263.0]), confidence=0.95)
    assert (round(low[0], 4), round(high[0], 4)) == (0.2553, 0.3662)
    # Garwood 1936: 10 events have 4.795 to 18.390; none has 0 to 3.689.
    low, high = comparison.poisson_interval(pd.Series([10.0, 0.0]), pd.Series([1.0, 1.0]), confidence=0.95)
    assert np.round(low, 3).tolist() == [4.795, 0]
    assert np.round(high, 3).tolist() == [18.390, 3.689]


def test_the_t_interval_of_equal_weights_is_the_textbooks():
    # 1, 2, 3: mean 2, s = 1, t(2) = 4.3027: 2 ± 4.3027 / √3.
    values = np.array([1.0, 2.0, 3.0])
    sums = {"count": 3, "w": 3, "wx": values.sum(), "ww": 3, "wwx": values.sum(), "wwxx": (values**2).sum()}
    low, high = comparison.mean_interval_of_sums(pd.DataFrame([sums]), confidence=0.95)
    assert (high[0] - low[0]) / 2 == pytest.approx(4.30265 / sqrt(3), rel=1e-5)
    alone = pd.DataFrame([sums | {"count": 1}])
    assert comparison.mean_interval_of_sums(alone, confidence=0.95)[0].isna().all()


def means(values, error=0.01, direction="up") -> pd.DataFrame:
    frame = pd.DataFrame({"value": values, "direction": direction, "group": 1})
    return frame.assign(low=frame["value"] - error, high=frame["value"] + error)


def test_rank_bands():
    def bands(frame):
        return (
            comparison.rank_bands(frame, ["group"], draws=1000, confidence=0.95, seed=1).to_numpy().tolist()
        )

    # Far apart: each area its own rank. So wide that nothing is known: 1 to 3 for all.
    assert bands(means([3.0, 1.0, 2.0])) == [[1, 1], [3, 3], [2, 2]]
    assert bands(means([3.0, 1.0, 2.0], direction="down")) == [[3, 3], [1, 1], [2, 2]]
    assert bands(means([2.0, 2.0, 2.0], error=5)) == [[1, 3]] * 3
    # Two that overlap share a band; one without an interval and one alone get none.
    assert bands(means([3.0, 3.0, 1.0])) == [[1, 2], [1, 2], [3, 3]]
    frame = means([3.0, 1.0])
    frame.loc[1, "low"] = np.nan
    assert np.isnan(bands(frame)).all()


def test_rank_bands_of_many_groups_are_those_of_each():
    frame = pd.concat([means([3.0, 1.0, 2.0], 0.8).assign(group=1), means([1.0, 2.0], 0.8).assign(group=2)])
    frame = frame.reset_index(drop=True)
    together = comparison.rank_bands(frame, ["group"], draws=1000, confidence=0.95, seed=1)
    for _, rows in frame.groupby("group"):
        alone = comparison.rank_bands(rows, ["group"], draws=1000, confidence=0.95, seed=1)
        pd.testing.assert_frame_equal(alone, together.loc[rows.index])


def test_verdicts():
    country = pd.DataFrame({"value": [2.0] * 4, "low": [1.9] * 4, "high": [2.1] * 4})
    # Errors 0.1: the difference must exceed √(0.1² + 0.1²) = 0.1414.
    areas = means([2.14, 2.15, 1.85, np.nan], error=0.1)
    assert comparison.verdict(areas, country, confidence=0.95).tolist() == [
        "similar",
        "better",
        "worse",
        None,
    ]
    down = areas.assign(direction="down")
    assert comparison.verdict(down, country, confidence=0.95).tolist()[:3] == ["similar", "worse", "better"]
    none = areas.assign(direction="none")
    assert comparison.verdict(none, country, confidence=0.95).tolist()[:3] == ["similar", "higher", "lower"]


def test_hidden_figures_take_no_part_in_comparison():
    frame = pd.concat([means([2.0, 3.0, 1.0]), means([2.0])], ignore_index=True)
    frame = frame.assign(indicator="nr1", period="2025h1", goal="all", hidden=False)
    frame["scheme"] = ["maakunta"] * 3 + ["country"]
    rules = {"band_draws": 1000, "confidence": 0.95}
    frame.loc[1, "hidden"] = True
    found = comparison.compared(frame, rules)
    assert found["rank_low"].tolist()[:3] == [1, pytest.approx(np.nan, nan_ok=True), 2]
    assert found["verdict"].tolist()[1] is None or pd.isna(found["verdict"][1])
    frame.loc[3, "hidden"] = True
    assert comparison.compared(frame, rules)["verdict"].isna().all()


# ---- trends --------------------------------------------------------------------------------------------

YEARS = [str(year) for year in range(2015, 2024)]


def series(*values: float) -> pd.DataFrame:
    return pd.DataFrame({"period": YEARS[: len(values)], "value": values, "weight": 1.0})


def test_a_trend_is_refused_for_four_points():
    of: dict[str, Any] = {"fewest": 5, "p": 0.002}
    assert trends.trend(series(1, 2, 3, 4), **of) == (None, "too_few_points")
    assert trends.trend(series(1, 2, 3, 4, 5), **of) == ("rising", None)
    assert trends.trend(series(5, 4, 3, 2, 1), **of) == ("falling", None)
    assert trends.trend(series(3, 3, 3, 3, 3), **of) == (None, "not_clear")
    assert trends.trend(series(1, 3, 2, 4, 3), **of) == (None, "not_clear")
    # Points on the two sides of a break are not comparable: three remain after it.
    broken: dict[str, Any] = {"breaks": [date(2017, 1, 1)]}
    assert trends.trend(series(1, 2, 3, 4, 5), **of, **broken) == (None, "break")
    assert trends.trend(series(9, 9, 1, 2, 3, 4, 5), **of, **broken) == ("rising", None)


def test_one_point_does_not_carry_a_trend():
    # With 40 at the end the line rises; without it, it falls: the sign is not stable.
    of: dict[str, Any] = {"fewest": 5, "p": 0.9}
    assert trends.trend(series(5, 4, 3, 2, 1, 40), **of) == (None, "not_clear")


def test_the_pace_is_the_slope_of_the_line_from_the_newest_value():
    # 1.0, 1.2, 1.4, 1.6 in four years: 0.2 a year; four years after the last one 1.6 + 4 · 0.2 = 2.4.
    points, end = series(1.0, 1.2, 1.4, 1.6), date(2022, 12, 31)
    pace = trends.at_pace(points, end, fewest=4, breaks=[])
    assert pace.value == pytest.approx(2.4, abs=0.001)
    assert (pace.reason, pace.points, pace.bounded) == (None, 4, False)
    bounded = trends.at_pace(points, end, fewest=4, breaks=[], low=0, high=2)
    assert (bounded.value, bounded.bounded) == (2, True)


def test_the_pace_is_refused_with_its_reason():
    points, end = series(1.0, 1.2, 1.4, 1.6), date(2029, 12, 31)
    assert trends.at_pace(points.tail(3), end, fewest=4, breaks=[]) == (None, "too_few_points", 3, False)
    broken = [first_day(points["period"].iloc[2])]
    assert trends.at_pace(points, end, fewest=4, breaks=broken) == (None, "break", 2, False)
    assert trends.at_pace(points, date(2000, 1, 1), fewest=4, breaks=[]).reason == "over"
    assert trends.at_pace(points.iloc[:0], end, fewest=4, breaks=[]).reason == "too_few_points"


@pytest.mark.parametrize(
    ("paid", "result", "by_now", "status", "late"),
    [
        (48, 0.63, 0.55, "on_course", ["money"]),  # 48/64 = 0.75
        (48, 0.20, 0.55, "far_behind", ["result"]),  # 0.36 is less than 0.75
        (32, 0.25, 0.50, "far_behind", ["money", "result"]),  # 0.50 and 0.50
        (64, 0.55, 0.55, "on_course", []),
        (62, 1.10, 0.50, "reached", []),  # 62/64 = 0.97
        (48, -0.1, 0.44, "moving_away", ["result"]),
        (48, 0.9, 0.5, "not_enough_evidence", ["money"]),  # no result without evidence
    ],
)
def test_the_clock_that_lags(paid, result, by_now, status, late):
    lead = pd.DataFrame(
        {"goal": ["g1"], "baseline": [1.0], "target": [2.0], "value": [1 + result], "status": [status]}
    ).assign(expected_now=1 + by_now)
    money = pd.DataFrame(
        {"goal": "g1", "indicator": ["eur_paid", "eur_committed"], "value": [float(paid), 100.0]}
    )
    row = progress.clocks(lead, money, time=0.64, on_course=0.95).iloc[0]
    assert row["laggards"] == late
    assert pd.isna(row["result"]) == (status == "not_enough_evidence")


def test_without_money_the_clock_of_money_is_silent():
    lead = pd.DataFrame({"goal": ["g1"], "baseline": 1.0, "target": 2.0, "value": 1.5, "status": "on_course"})
    none = pd.DataFrame({"goal": [], "indicator": [], "value": []})
    row = progress.clocks(lead.assign(expected_now=1.5), none, time=0.64, on_course=0.95).iloc[0]
    assert pd.isna(row["paid"])
    assert row["laggards"] == []


@pytest.mark.parametrize(
    ("day", "sent", "period"),
    [
        (date(2026, 9, 30), date(2027, 1, 31), "2026h2"),
        (date(2027, 1, 31), date(2027, 1, 31), "2026h2"),
        (date(2027, 2, 1), date(2027, 7, 31), "2027h1"),
        (date(2027, 7, 31), date(2027, 7, 31), "2027h1"),
        (date(2027, 12, 31), date(2028, 1, 31), "2027h2"),
    ],
)
def test_the_next_transmission_to_the_eu(day, sent, period):
    assert next_transmission(day) == (sent, period)


def test_the_line_is_weighted_regression():
    # Against numpy's own weighted fit, and its t test by hand.
    day, value = np.array([0.0, 1, 2, 3, 4, 5]), np.array([1.0, 2.1, 2.9, 4.2, 4.8, 6.1])
    weight = np.array([1.0, 2, 3, 3, 2, 1])
    slope, p = trends.slope(day, value, weight)
    fit, covariance = np.polyfit(day, value, 1, w=np.sqrt(weight), cov=True)
    assert slope == pytest.approx(fit[0])
    assert p == pytest.approx(2 * student_t.sf(fit[0] / np.sqrt(covariance[0, 0]), 4), rel=1e-6)


def test_trends_stand_on_figures_with_their_reasons():
    programme = Programme()
    programme.project("p", "mk05")
    programme.partner("p", "a")
    for year in range(2017, 2024):
        programme.report(
            "ctx1",
            None,
            "mk05",
            str(year),
            value=year - 2016.0,
            numerator=(year - 2016) * 10,
            denominator=1000,
        )

    def trend_of() -> pd.DataFrame:
        return programme.figures()[["trend", "trend_reason"]].fillna("").xs("all", level="goal")

    figures = trend_of()
    assert figures.loc[("ctx1", "mk05", "2020")].tolist() == ["", "too_few_points"]
    assert figures.loc[("ctx1", "mk05", "2023")].tolist() == ["rising", ""]
    assert figures.loc[("si6", "mk05", "2025h2"), "trend_reason"] == "cumulative"
    programme.breaks.append({"indicator": "ctx1", "period": "2020"})
    assert trend_of().loc[("ctx1", "mk05", "2023")].tolist() == ["", "break"]


def test_a_later_report_for_a_whole_replaces_the_earlier_ones_for_its_parts():
    # 2025h1: Kanta-Häme 2.0 and Päijät-Häme 3.0 apart; 2025h2: all of Häme together, 3.5.
    # The year's latest is 3.5 for Häme and the country, not a mean of all three; its parts are unknown.
    programme = Programme()
    programme.project("p", "mk05", "mk07")
    programme.report("nr1", "p", "mk05", "2025h1", value=2.0, n=10)
    programme.report("nr1", "p", "mk07", "2025h1", value=3.0, n=10)
    programme.report("nr1", "p", "ely04", "2025h2", value=3.5, n=20)
    programme.report("eur_paid", "p", "ely04", "2025h1", value=100.0)
    programme.report("eur_paid", "p", "mk05", "2025h2", value=80.0)
    programme.report("eur_paid", "p", "mk07", "2025h2", value=90.0)
    figures = programme.figures()
    assert figures.loc[("nr1", "ely04", "2025", "all"), ["value", "n"]].tolist() == [3.5, 20]
    assert figures.loc[("nr1", "mk05", "2025", "all"), "state"] == "cannot_be_expressed"
    assert figures.loc[("nr1", "mk05", "2025h1", "all"), "value"] == 2.0
    # Euros to date: first 100 for Häme as a whole, then 80 + 90 apart: 170, not 270.
    assert figures.loc[("eur_paid", *FI), "value"] == 170
