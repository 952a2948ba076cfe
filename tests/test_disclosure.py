"""What is protected cannot be found: an attacker tries, with and without protection."""

from datetime import date
from functools import lru_cache
from itertools import count

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from data_access import holdings
from data_access.measures import disclosure, states
from data_access.measures.figures import Basis, finished
from data_access.models import Release
from data_access.queries import figures as figure_queries
from data_access.release_basis import basis_of
from data_access.scope import operator
from data_access.store import reading
from tests.attacker import Attack, Cell, Country, Finding, Report, View, learnt
from tests.small_programme import Programme, rows_of

SHOWN = ("value", "zero")
PEOPLE = ("counts", "respondents")
ANY = settings(deadline=None, suppress_health_check=list(HealthCheck))
SHORT = settings(ANY, max_examples=8, derandomize=True, phases=[Phase.generate])
LONG = settings(ANY, max_examples=1000)


# ---- what an attacker gets -----------------------------------------------------------------------------


@lru_cache
def country() -> Country:
    rows = rows_of("memberships")[["area", "atom", "valid_from", "valid_to"]].itertuples(index=False)
    return Country([(area, atom, begin, end or date.max) for area, atom, begin, end in rows])


def structure(basis: Basis, observations: pd.DataFrame) -> list[Report]:
    """That there are reports; no number of theirs."""
    served = basis.project_goals.groupby("project")["goal"].agg(frozenset)
    rows = observations[observations["value"].notna()]
    own = [goal if isinstance(goal, str) else None for goal in rows["goal"]]
    return [
        Report(int(id), project, area, period, frozenset([goal]) if goal else served[project], goal)
        for id, project, area, period, goal in zip(
            rows["id"], rows["project"], rows["area"], rows["period"], own, strict=True
        )
    ]


def view(official: pd.DataFrame, basis: Basis, observations: pd.DataFrame, number: int = 1) -> View:
    """One indicator of a release, as the official audience gets it (state *protected* where hidden)."""
    code = observations["indicator"].iloc[0] if "indicator" in observations else official["indicator"].iloc[0]
    indicator = basis.indicators.set_index("indicator").loc[code]
    mean = indicator["aggregation"] == "mean_weighted_by_n"
    cells = []
    for row in official.itertuples():
        key = (row.area, row.period, row.goal)
        if row.state == "protected":
            cells.append(Cell(*key, None, None, hidden=True, release=number))
        elif row.state in SHOWN:
            cells.append(Cell(*key, *((row.n, row.value) if mean else (row.value, None)), release=number))
        elif row.n == 0:
            cells.append(Cell(*key, 0.0, None, release=number))
    gone = basis.projects["withdrawn_on"].map(lambda day: isinstance(day, date) and day <= basis.as_of)
    left = frozenset(basis.projects.loc[gone.astype(bool), "project"])
    return View(cells, structure(basis, observations), indicator["time_kind"] == "stock", basis.as_of, left)


def scale_of(basis: Basis, code: str) -> tuple[float, float] | None:
    row = basis.indicators.set_index("indicator").loc[code]
    return None if row["person_data"] == "counts" else (float(row["scale_low"]), float(row["scale_high"]))


def found_out(attack: Attack, truth: dict[tuple, tuple]) -> list[Finding]:
    """What an attack learnt. ``truth``: (release, area, period, goal) → count, mean, identical answers."""
    found = [(each, each.cell) for each in attack.findings()]
    return [
        each for each, cell in found if learnt(each, *truth[cell.release, cell.area, cell.period, cell.goal])
    ]


def truth_of(figures: pd.DataFrame, number: int = 1) -> dict[tuple, tuple]:
    mean = figures["person_data"].eq("respondents")
    people = figures["n"].where(mean, figures["value"])
    value = figures["value"].where(mean, None)
    rows = zip(
        figures["area"],
        figures["period"],
        figures["goal"],
        people,
        [None if pd.isna(each) else each for each in value],
        figures["identical_answers"].astype(bool),
        strict=True,
    )
    return {(number, *row[:3]): row[3:] for row in rows}


def masked(figures: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    """The figures as the official audience would get them."""
    official = figures.assign(state=figures["state"].mask(hidden, "protected"))
    official.loc[hidden, ["value", "n"]] = np.nan
    return official


def protection(programme: Programme, earlier: tuple = ()) -> tuple[pd.DataFrame, disclosure.Protection]:
    basis = programme.basis()
    figures = programme.measured()
    anatomy = disclosure.anatomy(basis, programme.observations)
    return figures, disclosure.protect(figures, anatomy, rules=basis.thresholds, earlier=earlier)


def attacked(
    programme: Programme, figures: pd.DataFrame, hidden: pd.Series, *, off=False, **how
) -> list[Finding]:
    """What an attacker learns of a small programme with ``hidden`` hidden; ``off``: it is shown after all."""
    found = []
    for code, rows in figures[figures["person_data"].isin(PEOPLE)].groupby("indicator"):
        seen = [masked(rows, hidden[rows.index]), *([rows] if off else [])]
        basis, observations = programme.basis(), programme.observations(str(code))
        views = [view(each, basis, observations) for each in seen]
        attack = Attack(views, country(), scale_of(programme.basis(), str(code)), **how)
        found += found_out(attack, truth_of(rows))
    return found


def only_small(figures: pd.DataFrame) -> pd.Series:
    return disclosure.small_counts(figures, low=1, high=4) & figures["value"].notna()


# ---- worked examples -----------------------------------------------------------------------------------


def hame() -> Programme:
    """2025 II: 3 people in Kanta-Häme, 40 in Päijät-Häme, 25 in Pirkanmaa, 60 in Keski-Suomi."""
    programme = Programme(as_of=date(2026, 3, 31))
    for project, area, people in (("p", "mk05", 3), ("q", "mk07", 40), ("r", "mk06", 25), ("s", "mk13", 60)):
        programme.project(project, area)
        programme.report("people", project, area, "2025h2", value=people)
    return programme


def test_what_nobody_protects_is_read_off():
    # With protection switched off Kanta-Häme's 3 stands on the page, and nothing need be reckoned.
    figures = hame().measured()
    small = only_small(figures)
    found = attacked(hame(), figures, small, off=True)
    assert len(found) == small.sum()
    assert all((each.low, each.high) == (3, 3) for each in found)


def test_ely_against_elinvoimakeskus_differencing_finds_what_is_hidden_alone():
    # Hidden alone: Kanta-Häme's 3. Häme ELY (Kanta- + Päijät-Häme) shows 43, Päijät-Häme 40: 43 − 40 = 3.
    # Sisä-Suomi's elinvoimakeskus (Kanta-Häme + Pirkanmaa) shows 28, Pirkanmaa 25: 28 − 25 = 3 as well.
    figures = hame().measured()
    found = attacked(hame(), figures, only_small(figures))
    assert {each.cell.area for each in found} == {"mk05", "hva07"}
    assert all((each.low, each.high) == (3, 3) for each in found)


def test_ely_against_elinvoimakeskus_differencing_fails_with_complementary_protection():
    programme = hame()
    figures, done = protection(programme)
    assert released([programme]) == []
    hidden = set(figures.loc[done.hidden & (figures["goal"] == "all"), "area"])
    # Of 43 = 3 + 40 and of 28 = 3 + 25 each needs a second one hidden; the country's 128 stays.
    assert {"mk05", "hva07"} < hidden
    assert hidden & {"ely04", "mk07"}
    assert hidden & {"evk04", "mk06"}
    assert "fi" not in hidden
    assert done.audit["passed"].all()


def test_the_sum_of_two_shown_as_more_than_none_is_at_least_two():
    # 1 person in Kanta-Häme and 2 in Päijät-Häme: neither is zero (zero is shown), so their ELY has at
    # least 2, whatever is hidden. The audit says that zeros told it.
    programme = Programme(as_of=date(2026, 3, 31))
    for project, area, people in (("p", "mk05", 1), ("q", "mk07", 2), ("r", "mk06", 25), ("s", "mk13", 60)):
        programme.project(project, area)
        programme.report("people", project, area, "2025h2", value=people)
    figures, done = protection(programme)
    ely = figures.index[
        (figures["area"] == "ely04") & (figures["period"] == "2025h2") & (figures["goal"] == "all")
    ]
    assert done.audit.loc[ely, "lower"].item() >= 2
    assert done.audit.loc[ely, "told"].item()
    assert attacked(programme, figures, done.hidden) == []


def test_a_mean_with_few_respondents_is_hidden_and_so_is_one_that_all_gave():
    programme = Programme(as_of=date(2026, 3, 31))
    rows = [("p", "mk05", 2.0, 3, False), ("q", "mk07", 3.0, 20, True), ("r", "mk06", 2.5, 40, False)]
    for project, area, value, n, same in [*rows, ("s", "mk13", 1.5, 60, False)]:
        programme.project(project, area)
        programme.report("nr1", project, area, "2025h2", value=value, n=n, identical_answers=same)
    figures, done = protection(programme)
    at = figures.set_index(["area", "period", "goal"]).index
    for area in ("mk05", "mk07"):
        assert done.hidden[at.get_loc((area, "2025h2", "all"))]
    assert attacked(programme, figures, done.hidden) == []
    assert attacked(programme, figures, only_small(figures))


def test_what_was_hidden_stays_hidden_while_the_old_total_can_be_had():
    # Release 1: 20 people to date. Then one report of 3 comes: the country shows 23 to date, and
    # 23 − 20 = 3 whatever release 2 hides of the new half-year, unless the new total is hidden too.
    first, second = Programme(as_of=date(2025, 9, 30)), Programme(as_of=date(2026, 3, 31))
    for programme in (first, second):
        programme.project("p", "mk05")
        programme.project("q", "mk06")
        programme.report("people", "p", "mk05", "2025h1", value=20)
        programme.report("people", "q", "mk06", "2025h1", value=50)
    second.report("people", "q", "mk06", "2025h2", value=3)
    assert released([first, second], remembering=False)
    assert released([first, second]) == []


def test_an_interval_tells_nothing_of_hidden_reports():
    # Kanta-Häme's 3 is hidden, and so is Pirkanmaa's 30. In the second store one respondent, and 3 of
    # the answers' total, went over: 3 × 2.0 + 30 × 3.5 = 2 × 1.5 + 31 × 108/31. All that is shown is
    # equal, intervals too.
    shown = []
    for small, rest in (((2.0, 3), (3.5, 30)), ((1.5, 2), (108 / 31, 31))):
        programme = Programme(as_of=date(2026, 3, 31))
        rows = [("p", "mk05", *small), ("q", "mk07", 2.5, 40), ("r", "mk06", *rest), ("s", "mk13", 1.5, 60)]
        for project, area, value, n in rows:
            programme.project(project, area)
            programme.report("nr1", project, area, "2025h2", value=value, n=n)
        figures, done = protection(programme)
        if not shown:
            hidden, anatomy = done.hidden, disclosure.anatomy(programme.basis(), programme.observations)
            assert not hidden[figures["area"] == "fi"].any()
        figures.loc[done.intervals.index, ["low", "high"]] = done.intervals
        official = finished(figures.assign(hidden=done.hidden), programme.basis())
        assert done.hidden.equals(hidden)
        columns = ["area", "period", "goal", "value", "n", "low", "high", "rank_low", "rank_high", "verdict"]
        shown.append(official.loc[~done.hidden, columns].reset_index(drop=True).round(9))
    pd.testing.assert_frame_equal(*shown)
    assert anatomy.reports["piece"].nunique() == 4


def test_a_breakdown_that_a_rule_withholds_is_not_published():
    programme = hame()
    programme.rules = dict.fromkeys(
        ("people_goals_areas", "people_goals_maakunta", "people_goals_evk", "people_years_areas"), 0.0
    )
    figures, done = protection(programme)
    about_people = figures[figures["person_data"].isin(PEOPLE) & figures["state"].isin(SHOWN)]
    expected = (about_people["scheme"] != "country") & (
        (about_people["goal"] != "all") | ~about_people["period"].str.contains("h")
    )
    assert done.withheld[about_people.index].equals(expected)
    assert not (done.hidden & done.withheld).any()
    gone = states.without(figures, done.withheld)[done.withheld]
    assert set(gone["state"]) == {"not_published"}
    assert gone[states.PARTS].isna().all(axis=None)


def test_the_order_of_reports_changes_nothing():
    programme = hame()
    _, one = protection(programme)
    programme.reports.reverse()
    _, other = protection(programme)
    assert one.hidden.equals(other.hidden)


def test_figures_that_are_no_sums_of_reports_are_refused():
    programme = hame()
    figures = programme.measured()
    figures.loc[figures["value"] == 43, "value"] = 44.0
    anatomy = disclosure.anatomy(programme.basis(), programme.observations)
    with pytest.raises(ValueError, match="not the sums"):
        disclosure.protect(figures, anatomy, rules=programme.basis().thresholds)


# ---- many small programmes -----------------------------------------------------------------------------

AREAS = st.sampled_from(["mk05", "mk06", "mk07", "mk13", "hva07", "ely04", "evk04"])
NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 60))
# Where no report is, nothing is hidden: only the areas that hold some of these atoms are measured.
ATOMS = ("hva07", "hva08", "hva09", "hva15")
GOALS = st.sampled_from([("g1",), ("g2",), ("g1", "g2")])
PROJECTS = range(5)
DAYS = {"2025h1": date(2025, 9, 30), "2025h2": date(2026, 3, 31), "2026h1": date(2026, 9, 30)}
SAID = st.tuples(NUMBERS, st.integers(0, 40))


def said_by(halves: list[str], most: int) -> st.SearchStrategy[dict[tuple, tuple]]:
    """(project, area, half-year) → people and tenths of a score."""
    where = st.tuples(st.sampled_from(PROJECTS), AREAS, st.sampled_from(halves))
    return st.dictionaries(where, SAID, min_size=1, max_size=most)


def programme_of(code: str, goals: list, said: dict[tuple, tuple], left: int | None = None) -> Programme:
    """``said``: as ``said_by`` has it, with the report's id; ``left``: a project that has withdrawn."""
    day = DAYS[max(half for _, _, half in said)]
    programme = Programme(as_of=day, atoms=ATOMS, goals=("g1", "g2"))
    for number in PROJECTS:
        gone = {"withdrawn_on": day} if number == left else {}
        programme.project(f"p{number}", "mk05", "mk06", "mk07", "mk13", goals=goals[number], **gone)
    for (number, area, half), (people, tenths, report) in said.items():
        told = (
            {"value": people} if code == "people" else {"value": tenths / 10 if people else None, "n": people}
        )
        programme.report(code, f"p{number}", area, half, id=report, **told)
    return programme


@st.composite
def rounds(draw, most: int) -> list[Programme]:
    """One programme as it stood at up to ``most`` releases: reports come, late and corrected ones too,
    and projects withdraw."""
    code, goals = draw(st.sampled_from(["people", "nr1"])), [draw(GOALS) for _ in PROJECTS]
    said: dict[tuple, tuple] = {}
    ids, found = count(1), []
    for halves in ([*DAYS][: last + 1] for last in range(3 - most, 3)):
        for where, what in draw(said_by(halves, 9 if most == 1 else 5)).items():
            said[where] = (*what, next(ids))
        found.append(programme_of(code, goals, said, draw(st.sampled_from([None, None, 0]))))
    return found


def released(programmes: list[Programme], *, remembering: bool = True) -> list[Finding]:
    """What is found out of releases that are published one after the other."""
    earlier: tuple[disclosure.Earlier, ...] = ()
    views, truth = [], {}
    code = programmes[0].reports[0]["indicator"]
    for number, programme in enumerate(programmes, start=1):
        basis, figures = programme.basis(), programme.measured()
        anatomy = disclosure.anatomy(basis, programme.observations)
        told = earlier if remembering else ()
        done = disclosure.protect(figures, anatomy, rules=basis.thresholds, earlier=told)
        assert done.audit["passed"].all()
        earlier += (disclosure.Earlier(figures.assign(hidden=done.hidden), anatomy),)
        rows = figures[figures["indicator"] == code]
        official = masked(rows, done.hidden[rows.index])
        views.append(view(official, basis, programme.observations(code), number))
        truth |= truth_of(rows, number)
    scale = scale_of(basis, code)
    found = found_out(Attack(views, country(), scale), truth)
    return found + (found_out(Attack(views, country(), whole=True), truth) if scale is None else [])


@SHORT
@given(rounds(most=1))
def test_no_small_programme_gives_away_what_is_hidden(programmes):
    assert released(programmes) == []


@SHORT
@given(rounds(most=3))
def test_no_row_of_releases_gives_away_what_is_hidden(programmes):
    assert released(programmes) == []


@pytest.mark.soak
@LONG
@given(rounds(most=1))
def test_no_small_programme_gives_away_what_is_hidden_soak(programmes):
    assert released(programmes) == []


@pytest.mark.soak
@LONG
@given(rounds(most=3))
def test_no_row_of_releases_gives_away_what_is_hidden_soak(programmes):
    assert released(programmes) == []


def test_a_difference_that_is_no_figure_yet_is_protected_as_well():
    # One project reports 2 people in Päijät-Häme for goal 2 alone, another 37 in all of Häme for both
    # goals, so that Päijät-Häme cannot be expressed and no figure is 2: all people 39 − goal 1's 37 = 2.
    # When the 37 are corrected to 0, goal 2's figure is 2: it must not have been told before.
    first, second = Programme(as_of=date(2025, 9, 30)), Programme(as_of=date(2026, 3, 31))
    for programme, corrected in ((first, {"value": 37}), (second, {"value": 0, "id": 9})):
        programme.project("p", "mk07", goals=("g2",))
        programme.project("q", "mk05", "mk07", goals=("g1", "g2"))
        programme.report("people", "p", "mk07", "2025h1", value=2)
        programme.report("people", "q", "ely04", "2025h1", **corrected)
    second.report("people", "q", "mk13", "2025h2", value=30)
    assert released([first, second]) == []


def test_a_group_that_is_no_figure_may_be_zero_for_all_that_is_known():
    # Keski-Suomi has 2 + 2 answers, one report for goal 2 alone. That this one is not zero is told by no
    # figure, so that nothing but the shown numbers could say that the four are more than one.
    programme = Programme(as_of=date(2026, 9, 30), atoms=ATOMS, goals=("g1", "g2"))
    programme.project("p0", "mk05", "mk06", "mk07", "mk13", goals=("g2",))
    programme.project("p1", "mk05", "mk06", "mk07", "mk13", goals=("g1", "g2"))
    programme.project("p3", "mk05", "mk06", "mk07", "mk13", goals=("g1", "g2"))
    for project, area, half, value, n in (
        ("p0", "mk06", "2025h1", 3.9, 6),
        ("p0", "mk05", "2026h1", 2.8, 3),
        ("p0", "mk13", "2025h2", 0.7, 2),
        ("p1", "mk13", "2025h2", 2.6, 2),
        ("p0", "hva07", "2025h1", 0.4, 1),
        ("p3", "ely04", "2025h2", 1.9, 8),
    ):
        programme.report("nr1", project, area, half, value=value, n=n)
    assert released([programme]) == []


# ---- the demonstration ---------------------------------------------------------------------------------


def demonstration(protection: str) -> tuple[int, list[Finding]]:
    """How many figures the demonstration's release hides, and what is found out of them. ``protection``:
    as it is (*whole*), what is small itself (*primary*), or nothing (*off*: what is small is shown)."""
    number = figure_queries.newest_release(operator())
    assert number is not None
    with reading() as session:
        release = session.exec(select(Release).where(Release.number == number)).one()
        basis = basis_of(session, release)
        read = holdings.current_observations(session, release.observations)
        observations = {code: read(code) for code in basis.indicators["indicator"]}
    hidden, findings = 0, []
    for code in basis.indicators.loc[basis.indicators["person_data"].isin(PEOPLE), "indicator"]:
        kind = basis.indicators.set_index("indicator").loc[code, "person_data"]
        whole = figure_queries.figures(operator(audience="restricted"), number, "fi", indicator=code)
        whole = whole.assign(person_data=kind, identical_answers=False)
        official = figure_queries.figures(operator(), number, "fi", indicator=code)
        small = masked(whole, only_small(whole))
        seen = {"whole": [official], "primary": [small], "off": [small, whole]}[protection]
        hidden += int((seen[0]["state"] == "protected").sum())
        views = [view(each, basis, observations[code]) for each in seen]
        findings += found_out(Attack(views, country(), scale_of(basis, code)), truth_of(whole))
    return hidden, findings


@pytest.mark.usefixtures("demo_store")
def test_the_demonstration_gives_nothing_away():
    hidden, findings = demonstration("whole")
    assert hidden > 300
    assert findings == []


@pytest.mark.usefixtures("demo_store")
def test_the_attacker_finds_what_is_only_hidden_itself():
    hidden, findings = demonstration("primary")
    assert len(findings) > 0.9 * hidden


@pytest.mark.usefixtures("demo_store")
def test_the_attacker_reads_what_is_not_hidden():
    hidden, findings = demonstration("off")
    assert len(findings) == hidden > 100
    assert all(each.low == each.high for each in findings)


@pytest.mark.usefixtures("demo_store")
def test_at_most_fifteen_in_a_hundred_figures_about_people_are_hidden():
    number = figure_queries.newest_release(operator())
    assert number is not None
    rows = pd.concat(
        figure_queries.figures(operator(), number, "fi", indicator=code)
        for code in ("people", "nr1", "nr2", "esfres")
    )
    known = rows[rows["state"].isin([*SHOWN, "protected"])]
    assert (known["state"] == "protected").mean() <= 0.15
