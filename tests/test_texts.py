"""The texts are complete: every key the code asks for is there in three languages, and none is idle.

What is made of them by rule (sentences, amounts, counts) stands in tests/golden, one file a language:
read them as a reader would. `GOLDEN=new pytest tests/test_texts.py` writes them anew.
"""

import ast
import csv
import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from data_access import accounts, identity, models, passwords, releases
from data_access.intake import loading
from data_access.measures import identity as identity_measures
from data_access.measures import schemes, trends
from data_access.measures.progress import STATUSES
from data_access.queries import accounts as account_queries
from data_access.queries import rounds
from data_access.queries.changes import REASONS
from data_access.scope import ACTS, AUDIENCES
from pages.charts.palette import SYMBOLS
from pages.frame.language import day, euro, moment, period_label, words
from pages.frame.navigation import PAGES
from pages.frame.texts import LANGUAGES, LOCALES, texts
from pages.parts import amounts, area_sentences, explained, project_sentences, sentences

PROJECT = Path(__file__).parents[1]
CODE = sorted([PROJECT / "app.py", *(PROJECT / "pages").rglob("*.py")])
ENTRIES = [f"{section}.{entry}" for section, entries in texts().items() for entry in entries]
KINDS_OF_SOURCE = ("document", "statistics", "proposed", "demonstration")

# Sections whose entries are the values of something: each value has its text, and nothing else has one.
VALUES_OF = {
    "title": {page.key for page in PAGES},
    "role": set(models.ACCOUNT_ROLES),
    "act": set(ACTS),
    "state": {*models.FIGURE_STATES, "protected", "not_available"},
    "state_long": {*models.FIGURE_STATES, "protected"} - {"value"},
    "status": set(STATUSES),
    "status_long": set(STATUSES),
    "account": set(SYMBOLS),
    "reason": set(REASONS),
    "decision": set(models.VERDICTS),
    "suggested": set(identity_measures.REASONS),
    "refused": set(identity.REFUSALS),
    "round_state": set(rounds.STATES),
    "not_loaded": set(loading.REFUSALS),
    "not_released": set(releases.REFUSALS),
    "verdict": {"better", "similar", "worse", "higher", "lower"},
    "project_state": set(models.PROJECT_STATES),
    "partner_role": set(models.ROLES_IN_PROJECT),
    "organisation_type": set(models.ORGANISATION_TYPES),
    "release_state": set(models.RELEASE_STATES),
    "audit": set(models.AUDITS),
    "password_problem": set(passwords.PROBLEMS),
    "account_refused": set(accounts.REFUSALS),
    "account_state": set(account_queries.STATES),
    "sign_in_end": set(models.ENDS_OF_SIGN_INS),
    "aggregation": set(models.AGGREGATIONS),
    "time_kind": set(models.TIME_KINDS),
    "quality": set(KINDS_OF_SOURCE),
    "answer": {each["answer"] for who in explained.ASKING for each in explained.asked(who).values()},
    "target_kind": set(models.TARGET_KINDS),
    "direction": set(models.DIRECTIONS),
    "trend": set(models.TRENDS),
    "no_trend": set(trends.REASONS),
    "relation": set(schemes.RELATIONS),
    "no_pace": {*trends.NO_PACE, "not_enough_evidence"},
}
# Streamlit's own words are replaced in the window wherever they stand.
OF_OTHERS = ("streamlit",)


# ---- what the code asks for ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A text that the code asks for. ``key`` is a pattern where a part of it is filled in."""

    place: str
    key: str
    whole: bool
    given: frozenset[str] | None
    """Names of the values given, None where the code hands on a dictionary."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def asked() -> Iterator[Asked]:
    """Every call of `words` or `text` whose key can be read in the code."""
    for path in CODE:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and name_of(node.func) in ("words", "text") and node.args:
                place = f"{path.relative_to(PROJECT)}:{node.lineno}"
                given = None
                if all(keyword.arg for keyword in node.keywords):
                    given = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
                for key, whole in keys_of(node.args[0]):
                    yield Asked(place, key, whole, given)


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def keys_of(node: ast.expr) -> list[tuple[str, bool]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [(node.value, True)]
    if isinstance(node, ast.IfExp):
        return keys_of(node.body) + keys_of(node.orelse)
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values]
        return [("".join(parts), False)]
    return []


@cache
def strings() -> frozenset[str]:
    """Every string that stands in the code of the pages as a whole."""
    nodes = [node for path in CODE for node in ast.walk(tree(path))]
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    constants = (node for node in nodes if isinstance(node, ast.Constant) and id(node) not in parts)
    return frozenset(node.value for node in constants if isinstance(node.value, str))


def is_key(value: str) -> bool:
    section, _, name = value.partition(".")
    return section in texts() and bool(re.fullmatch(r"[a-z0-9_]+", name)) and name != "py"


def test_every_text_that_the_code_asks_for_exists():
    missing = {each for each in strings() if is_key(each)} - set(ENTRIES)
    missing |= {f"{each.key} ({each.place})" for each in asked() if each.whole and each.key not in ENTRIES}
    assert not missing, f"Add to pages/frame/texts.toml, in three languages: {sorted(missing)}"
    filled = [each for each in asked() if not each.whole]
    lost = [each for each in filled if not any(re.fullmatch(each.key, entry) for entry in ENTRIES)]
    assert not lost, f"No entry of pages/frame/texts.toml is asked for by {lost}"


@pytest.mark.parametrize("section", VALUES_OF)
def test_every_value_of_the_data_has_its_text_and_no_other(section):
    found, wanted = set(texts()[section]), VALUES_OF[section]
    assert found == wanted, f"[{section}.…]: missing {wanted - found}, nobody's {found - wanted}"


def test_the_kinds_of_source_are_those_of_the_data():
    lines = (PROJECT / "sample_data/reference/sources.csv").read_text(encoding="utf-8").splitlines()
    assert {line.rsplit(",", 1)[1] for line in lines[1:]} == set(KINDS_OF_SOURCE)


def test_no_text_is_idle():
    """An entry is asked for by its whole key, or its section by a key with a part filled in, and the
    part stands somewhere in the code (or is a value of the data)."""
    fixed = {each.key for each in asked() if each.whole} | {each for each in strings() if is_key(each)}
    filled = {each.key for each in asked() if not each.whole} | {r"chart\.\w+"}
    idle = []
    for entry in ENTRIES:
        section = entry.split(".")[0]
        if entry in fixed or section in VALUES_OF or section in OF_OTHERS:
            continue
        patterns = [pattern for pattern in filled if re.fullmatch(pattern, entry)]
        parts = [re.sub(pattern.replace(r"\w+", r"(\w+)"), r"\1", entry) for pattern in patterns]
        if not any(part in {*strings(), *AUDIENCES} or part.isdigit() for part in parts):
            idle.append(entry)
    assert not idle, f"Nothing asks for these entries of pages/frame/texts.toml; remove them: {idle}"


def test_charts_are_given_the_words_they_ask_for():
    given = set(texts()["state"]) | set(texts()["status"]) | set(texts()["chart"])
    missing = [
        f'words["{node.slice.value}"] ({path.name}:{node.lineno})'
        for path in (PROJECT / "pages/charts").glob("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Subscript)
        and name_of(node.value) == "words"
        and isinstance(node.slice, ast.Constant)
        and node.slice.value not in given
    ]
    assert not missing, f"Add to the section [chart] of pages/frame/texts.toml: {missing}"


# ---- each entry ----------------------------------------------------------------------------------------


def forms(entry: str, language: str) -> dict[str, str]:
    """The plural forms of a text, or the text as its only form."""
    section, name = entry.split(".")
    found = texts()[section][name][language]
    return {"": found} if isinstance(found, str) else found


def places(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name is not None}


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_says_the_same_in_three_languages(entry):
    section, name = entry.split(".")
    assert set(texts()[section][name]) == set(LANGUAGES), "fi, sv and en, no more and no less"
    asked_for = [places(form) for language in LANGUAGES for form in forms(entry, language).values()]
    assert all(names == asked_for[0] for names in asked_for), f"different {{names}}: {asked_for}"
    assert len({len(forms(entry, language)) > 1 for language in LANGUAGES}) == 1
    for language in LANGUAGES:
        written = forms(entry, language)
        if "" not in written:
            assert set(written) == set(LOCALES[language].plural_form.tags | {"other"})
            assert "count" in asked_for[0]
        for form in written.values():
            assert form.strip() == form, "no space at an end"
            assert form, "no empty text"
            assert "  " not in form, "no two spaces"
            assert "..." not in form.replace("Running...", ""), "an ellipsis: …"
            assert not re.search(r"\d-\d", form), "an en dash between numbers"
            assert language == "en" or not re.search(r"['\"]", form), "quotation marks as in print: ”"


def test_the_code_gives_what_the_texts_ask_for():
    wrong = []
    for each in asked():
        if not each.whole or each.given is None or each.key not in ENTRIES:
            continue
        wanted = places(next(iter(forms(each.key, "fi").values())))
        counted = {"count"} if "" not in forms(each.key, "fi") else set()
        if not each.given >= wanted | counted:
            wrong.append(f"{each.key} asks for {sorted(wanted)}, {each.place} gives {sorted(each.given)}")
    assert not wrong, "\n".join(wrong)


NUMBERS = {"ministry": (*range(1, 17), *range(20, 26)), "regional": range(1, 26)}


@pytest.mark.parametrize("who", explained.ASKING)
def test_every_question_of_officials_says_where_it_is_answered_or_what_it_needs(who):
    questions = explained.asked(who)
    assert list(questions) == [str(number) for number in NUMBERS[who]]
    for number, each in questions.items():
        assert set(each) <= {"question", "answer", "page", "choices", "needs"}, number
        assert set(each["question"]) == set(LANGUAGES), number
        assert ("needs" in each) == (each["answer"] != "yes"), number
        assert "needs" not in each or set(each["needs"]) == set(LANGUAGES), number
        assert ("page" in each) == (each["answer"] != "no"), number
        assert each.get("page", "overview") in {page.key for page in PAGES}, number


# ---- what is made of them by rule ----------------------------------------------------------------------

GOLDEN = PROJECT / "tests/golden"
EDGES = (0, 1, 2, 5)
UNITS = {"score": 1, "percent": 1, "organisations": 0, "eur": 0}
AMOUNTS = {
    "score": (0, 0.05, 2.45, 4, None),
    "percent": (0, 1.55, 100, None),
    "organisations": (0, 1, 1234, None),
    "eur": (0, 1234.5, 999_999, 1_000_000, 18_449_999, None),
}


def areas_of_the_data(language: str) -> list[dict[str, str]]:
    with (PROJECT / "sample_data/reference/areas.csv").open(encoding="utf-8") as file:
        return [
            {"area": row["code"], "area_inside": row[f"inside_{language}"]} for row in csv.DictReader(file)
        ]


def figures(language: str, *values: float | str, unit: str = "score") -> pd.DataFrame:
    """A frame of as many regions: a number is a value, a word its kind of nothing."""
    places = [row for row in areas_of_the_data(language) if row["area"].startswith("mk")]
    rows = [
        {
            **place,
            "value": None if isinstance(value, str) else float(value),
            "state": value if isinstance(value, str) else "value" if value else "zero",
            "unit": unit,
            "decimals": UNITS[unit],
            "period": f"{2024 + i // 2}h{1 + i % 2}",
        }
        for i, (place, value) in enumerate(zip(places, values, strict=False))
    ]
    return pd.DataFrame(rows).astype({"value": float})


def comparisons(language: str) -> Iterator[str]:
    for row in areas_of_the_data(language):
        alone = figures(language, 3.4).assign(area_inside=row["area_inside"])
        yield f"{row['area']}: {sentences.areas(alone, 'NR1', None)}"
    whole = figures(language, 2.5).iloc[0]
    hidden = figures(language, "protected").iloc[0]
    for values in (
        (1.2, 2.3, 3.4),
        (1.2, 3.4, 3.4),
        (1.2, 3.4, 3.41, 3.39),
        (1.2, 3.4, 3.4, 3.4, 3.4),
        (1.2, 1.2, 1.2, 3.4),
        (2.5, 2.5, 2.5),
        (0, 1.2, "not_reported"),
        (3.4, "protected", "not_yet_due"),
        ("protected", "not_reported", "not_applicable"),
        ("not_published", "not_reported"),
    ):
        yield sentences.areas(figures(language, *values), "NR1", whole)
    yield sentences.areas(figures(language, 1, 2), "NR1", hidden)
    for unit in UNITS:
        yield sentences.areas(figures(language, *EDGES, unit=unit), "X", None)


def standings(language: str) -> Iterator[str]:
    names = {"g1": "A", "g2": "B", "g3": "C"}
    for status in STATUSES:
        yield sentences.goals(pd.DataFrame({"goal": ["g1"], "status": [status]}), names)
    mixed = pd.DataFrame({"goal": list(names), "status": ["behind", "not_enough_evidence", "behind"]})
    yield sentences.goals(mixed, names)
    yield sentences.goals(mixed.iloc[:0], names)
    for values in ((2.4, 2.5), (0, 0), (2.5,), (2.5, "protected"), ("not_reported",)):
        yield sentences.series(figures(language, *values), "NR1")


def changes(language: str) -> Iterator[str]:
    reasons = [words(f"reason.{reason}") for reason in REASONS]
    yield sentences.change("NR1", "2,09", "2,24", reasons)
    for change in (0.146, -0.008, -3):
        yield " ".join(
            amounts.signed(amounts.finer_writer(unit, decimals))(change) for unit, decimals in UNITS.items()
        )


def clock(goal: str, **change: Any) -> dict[str, Any]:
    """A goal's clocks as ``goal_clocks`` gives them."""
    row = {"goal": goal, "time": 0.64, "paid": 0.48, "result": 0.63, "by_now": 0.55, "status": "on_course"}
    return row | {"laggards": []} | change


def clocks(language: str) -> Iterator[str]:
    names = {"g1": "A", "g2": "B", "g3": "C", "g4": "D"}
    rows = [
        clock("g1", laggards=["money"]),
        clock("g2", laggards=["money", "result"], result=0.2),
        clock("g3", laggards=["money"], status="not_enough_evidence", result=None, by_now=None),
        clock("g4", laggards=["result"], result=-0.08, by_now=0.44),
        clock("g1"),
        clock("g1", status="not_enough_evidence", paid=None),
    ]
    yield from (sentences.laggard(SimpleNamespace(**row)) for row in rows)
    for chosen in (rows[:4], rows[:1], rows[4:5], []):
        yield sentences.clocks(pd.DataFrame(chosen, columns=list(rows[0])), names)


def outlooks(language: str) -> Iterator[str]:
    found = {"day": date(2029, 12, 31), "value": 3.24, "bounded": False, "reason": None, "points": 4}
    cases: list[dict[str, Any]] = [{}, {"value": 4.0, "bounded": True}]
    cases += [
        {"reason": reason, "value": None, "points": points}
        for reason, points in [("too_few_points", 1), ("break", 0), ("over", 4), ("not_enough_evidence", 4)]
    ]
    for case in cases:
        yield sentences.outlook(SimpleNamespace(**found | case), "score", 1, 4)
    yield sentences.outlook(SimpleNamespace(**found | {"value": 106.9}), "organisations", 0, 4)
    moved = pd.DataFrame({"value": [3.4, 3.2], "set_on": [date(2024, 9, 30), date(2026, 2, 12)]})
    yield sentences.moved(moved, "score", 1)
    yield from (sentences.trend(SimpleNamespace(trend=None, trend_reason=why)) for why in trends.REASONS)
    for row in areas_of_the_data(language):
        alone = figures(language, 3.4).assign(area_inside=row["area_inside"], verdict="worse")
        yield f"{row['area']}: {sentences.carriers(alone)}"
    for verdicts in (("better", "worse", "similar"), ("better",) * 4, ("similar", None)):
        areas = figures(language, *range(1, len(verdicts) + 1)).assign(verdict=list(verdicts))
        yield sentences.carriers(areas)
    for n in EDGES:
        yield sentences.missing(n, "2026h1")
        sent = pd.DataFrame(
            {"indicator": ["eeco18", "esfres"], "expected": [None, n], "reported": [None, n // 2]}
        )
        due = date(2027, 2, 14) if n == 5 else date(2027, 1, 31)
        yield sentences.transmission(
            sent.assign(sent_by=date(2027, 1, 31), cut_off=date(2026, 12, 31), due_on=due)
        )
    yield sentences.transmission(
        sent.iloc[:1].assign(sent_by=date(2027, 1, 31), cut_off=date(2026, 12, 31), due_on=date(2027, 1, 1))
    )
    one = figures(language, 2.5, 2.7).assign(indicator=["nr1", "nr2"])
    yield sentences.indicators(one, {"nr1": "NR1", "nr2": "NR2"})
    yield sentences.indicators(one.iloc[:0], {})


def profiles(language: str) -> Iterator[str]:
    """What is said of one area: of every area that there is, and of every kind of nothing."""
    size = {"projects": 3, "si6": 12, "eur_committed": 1_174_116}
    codes, units = list(size), ["projects", "organisations", "eur"]
    whole = figures(language, 28, 93, 16_100_000, unit="eur").assign(indicator=codes, unit=units)
    mine = figures(language, *size.values(), unit="eur").assign(indicator=codes, unit=units)
    for row in areas_of_the_data(language):
        yield f"{row['area']}: {area_sentences.profile(mine, row['area_inside'])}"
    place = areas_of_the_data(language)[1]["area_inside"]
    yield area_sentences.profile(mine.assign(value=1.0), place)
    for state in ("zero", "not_reported", "not_in_programme", "cannot_be_expressed"):
        yield area_sentences.profile(mine.assign(state=state), place)
    yield area_sentences.profile(mine.iloc[:0], place)
    names = {"projects": "A", "si6": "B", "eur_committed": "C"}
    beside = mine.assign(country=list(amounts.rows(whole)))
    yield area_sentences.beside_country(beside, names)
    yield area_sentences.beside_country(beside.assign(state="protected"), names)
    goals = {"g1": "A", "g2": "B", "g3": "C", "g4": "D"}
    for values in ((1, 2, 3, 4), (0, 2, 3, 4), (0, 0, 3, 4), (0, 0, 0, 0), (0, "cannot_be_expressed", 1, 1)):
        yield area_sentences.white_spots(figures(language, *values).assign(goal=list(goals)), goals, place)
    none = figures(language, *["not_in_programme"] * 4).assign(goal=list(goals))
    yield area_sentences.white_spots(none, goals, place)
    for verdicts in (("better", "worse", "better"), ("similar", None, None)):
        judged = mine.assign(verdict=list(verdicts))
        yield area_sentences.against_country(judged, names)
    yield area_sentences.against_country(mine.assign(state="protected", verdict=None), names)
    yield from (area_sentences.similar(["A", "B", "C"][:count]) for count in range(4))


def counts(language: str) -> Iterator[str]:
    for n in (*EDGES, 1234):
        steps = dict.fromkeys(("partnerships", "distinct", "supported", "eligible", "undecided"), n)
        yield sentences.bridge(steps, "")
        turned = pd.DataFrame({"began": [n], "ended": [n // 2]})
        yield sentences.turnover(turned)
        yield sentences.around("A", n, n)
        yield sentences.graph(n, n, n, n)
        yield from (sentences.bridges(n, things) for things in ("projects", "areas", "goals"))
        for entry in ENTRIES:
            written = forms(entry, language)
            if "" not in written:
                others = dict.fromkeys(places(written["other"]) - {"count"}, "X")
                yield words(entry, count=n, **others)
    kinds = pd.DataFrame({"label": ["A", "B", "C"], "value": [2.0, 2.0, 1.0]})
    yield from (sentences.breakdown(kinds.iloc[n:], by) for by in ("type", "size") for n in range(4))
    yield sentences.breakdown(kinds, "several")
    names = {"a": "A", "b": "B", "c": "C", "d": "D"}
    pairs = pd.DataFrame({"area": list("aaab"), "other": list("bcdc"), "value": [2, 2, 2, 2]})
    yield from (sentences.shared(pairs.iloc[:n], names) for n in range(5))
    yield from (sentences.alone(*found) for found in [([], []), (["A"], []), (["A", "B"], ["C"])])
    yield sentences.falls_apart("A", ["B", "C; D"], "E")
    stages = pd.DataFrame({"label": ["A", "B", "C"], "value": [51, 28, None]})
    yield from (sentences.funnel(stages), sentences.funnel(stages.iloc[:0]))


def projects(language: str) -> Iterator[str]:
    said = {"count": 30, "first": 1, "last": 30, "missing": 7, "partly": 0, "narrowed": False}
    said |= {"planned": 1, "withdrawn": 1}
    cases = ({}, {"narrowed": True, "partly": 2}, {"count": 28_000, "first": 31, "last": 60, "missing": 0})
    cases += ({"narrowed": True, "count": 1, "last": 1, "missing": 1, "partly": 1},)
    for case in cases:
        yield project_sentences.register({**said, **case}, period_label("2026h1"))
    for euros in ((746_000, 704_334, 292_555), (1_500_000, None, None), (None, None, None), (10, 0, 0)):
        yield project_sentences.money(*[math.nan if each is None else each for each in euros])
    for values in (((1.0, 2.0), (2.0, 2.0), (2.0, 1.0)), ((2.0, 1.0),), ((None, 2.0),), ((None, None),)):
        pairs = pd.DataFrame(values, columns=["first", "value"], dtype="float64")
        yield project_sentences.moves(pairs.assign(label=[f"SI{i}" for i in range(len(pairs))]))
    yield from (project_sentences.partners(*case) for case in ((6, 5, "A"), (1, 0, None), (0, 0, None)))
    yield from (project_sentences.reports(*case) for case in ((3, 4, ["A"]), (1, 1, []), (0, 0, [])))
    yield from (project_sentences.facet(*case) for case in (("A", 10, 28), ("A", 1, 1), (None, 0, 28)))
    yield from (project_sentences.facets(*case) for case in ((28, ["A", "B"], [0.35, 0.65]), (0, [], [])))


def written(language: str) -> Iterator[str]:
    for unit, values in AMOUNTS.items():
        yield " ".join(amounts.amount(value, unit, UNITS[unit]) for value in values)
    for state in SYMBOLS:
        yield amounts.nothing(state)
    for status in STATUSES:
        yield amounts.status(SimpleNamespace(status=status))
    row = next(figures(language, 2.5).assign(low=1.04, high=3.96, rank_low=1, rank_high=5).itertuples())
    yield from (amounts.interval(row), amounts.band(row))
    yield amounts.band(SimpleNamespace(rank_low=3, rank_high=3))
    yield from (period_label(period) for period in ("2025h1", "2025h2", "2025", "to_date"))
    yield from (
        day(date(2026, 11, 1)),
        moment(datetime(2026, 7, 1, 6, 5, tzinfo=UTC)),
        euro(1234.5, exact=True),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_made_by_rule_reads_as_it_was_approved(language, monkeypatch):
    monkeypatch.setattr("pages.frame.language.language", lambda: language)
    made = "\n".join(
        f"# {part.__name__}\n" + "\n".join(part(language)) + "\n"
        for part in (comparisons, standings, changes, clocks, outlooks, profiles, counts, projects, written)
    )
    path = GOLDEN / f"sentences.{language}.txt"
    if os.environ.get("GOLDEN") == "new":
        path.parent.mkdir(exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8"), f"Read the change in {path.name}, then GOLDEN=new pytest"
