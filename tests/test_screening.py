"""Files that are wrong get the error that says so, and the store stays as it was; good ones pass."""

import hashlib
import random
import sqlite3
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.intake import files, loading, open_data, words
from data_access.intake.checked import FINDING, Checked, Unusable
from data_access.intake.known import Known, known
from data_access.intake.layout import SHEETS
from data_access.intake.parsing import Refused, kinds
from data_access.intake.people import HIDDEN, is_identity_code
from data_access.intake.screening import screen, screened
from data_access.models import LANGUAGES, ObservationRow, OrganisationRow, PartnershipRow, ProjectRow
from data_access.queries import intake
from data_access.scope import operator
from data_access.store import reading
from tests import bad_files
from tests.bad_files import Bad
from tests.reporting import GOOD, TODAY, csv, good, grid, named, ods, xlsx
from tests.store.stores import Store


@pytest.fixture(scope="module")
def about(demo_store: Store) -> Generator[Known]:
    """What the demonstration store knows; the store's file is the same when all files were screened."""
    with demo_store.in_use():
        before = contents(demo_store)
        with reading() as session:
            found = known(session, TODAY)
        yield found
        assert contents(demo_store) == before


@pytest.fixture
def untouched(about: Known, demo_store: Store) -> Generator[Callable[[], bool]]:
    """Whether nobody has written to the store since this was asked for: SQLite counts what others commit."""
    with sqlite3.connect(demo_store.folder / "turvaverkko.sqlite3") as watching:
        (before,) = watching.execute("PRAGMA data_version").fetchone()
        yield lambda: watching.execute("PRAGMA data_version").fetchone() == (before,)


def contents(store: Store) -> str:
    """A fingerprint of everything that the store holds."""
    with sqlite3.connect(store.folder / "turvaverkko.sqlite3") as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


def parsed_here(content: bytes, name: str) -> files.Book:
    """A file read in this process: quicker than in one of its own, and as good where it does no harm."""
    try:
        return files.book(name, content, kinds.parsed(content))
    except Refused as why:
        raise Unusable(why.rule, **why.detail) from why


def told(checked: Checked) -> list[tuple]:
    """Errors and warnings: rule, sheet, row, column."""
    asked = checked.findings[checked.findings["level"] != "note"]
    places = asked[["rule", "sheet", "row", "column"]].astype(object)
    return sorted(places.where(places.notna(), None).itertuples(index=False, name=None), key=str)


def in_order(found: tuple) -> list[tuple]:
    return sorted(found, key=str)


# ---- good files ----


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *[(f"{language}.xlsx", xlsx(named(good(), language))) for language in (*LANGUAGES, "code")],
        ("raportti.ods", ods(named(good()))),
        ("moved.xlsx", xlsx({sheet: [["Otsikko"], [], *rows] for sheet, rows in named(good()).items()})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_good_file_has_nothing_wrong(about, name, content):
    checked = screened(files.read(content, name), about)
    assert told(checked) == []
    assert {sheet: len(rows) for sheet, rows in checked.rows.items()} == {
        sheet: len(rows) for sheet, rows in GOOD.items()
    }
    observations = checked.rows["observations"]
    assert observations["value"].tolist() == [2.5, 14, 2.45, 1.7, 1.5]
    assert observations["period"].tolist() == ["2025h2", "2025h2", "2025h2", "2024", "2025"]
    assert [str(day) for day in observations["reported_on"]] == ["2026-01-05"] * 5
    assert checked.rows["projects"]["national"].tolist() == [False, True]
    assert checked.rows["projects"]["starts"].map(str).tolist() == ["2025-03-01"] * 2
    assert not checked.refused
    assert not checked.warned


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "utf-8"), (";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-8"), (",", "utf-8")],
)
def test_text_files_are_read_in_the_letters_and_with_the_separators_of_spreadsheets(
    about, delimiter, encoding
):
    rows = [
        row | {"project": None, "indicator": "ctx1", "area": "fi", "period": "2024"}
        for row in GOOD["observations"][:1]
    ]
    rows[0] |= {"value": 2, "goal": None, "reason": "Äkäslompolon åsikt"}
    checked = screened(
        parsed_here(csv(grid("observations", rows), delimiter, encoding), "havainnot 2026.csv"), about
    )
    assert told(checked) == []
    assert checked.rows["observations"]["reason"].tolist() == ["Äkäslompolon åsikt"]
    assert ("windows_letters" in set(checked.findings["rule"])) == (encoding == "cp1252")


def test_what_stands_in_the_store_is_asked_about_only_when_it_changes(about):
    """Two organisations of the demonstration share a business ID: that was looked at when they came."""
    shared = about.standing["organisations"]
    shared = shared[shared["business_id"].notna() & shared["business_id"].duplicated(keep=False)]
    rows = shared.drop(columns=["id", "withdraw"]).to_dict("records")
    for row in rows:
        row["eligible"] = {True: "kyllä", False: "ei"}.get(row["eligible"])
    assert len(rows) == 2
    assert told(screened(parsed_here(xlsx(named({"organisations": rows})), "a.xlsx"), about)) == []
    rows[0]["home_area"] = "mk01"
    checked = screened(parsed_here(xlsx(named({"organisations": rows})), "a.xlsx"), about)
    assert told(checked) == [("business_id_twice", "organisations", 2, "business_id")]


# ---- bad files ----


def test_there_are_at_least_150_bad_files_and_they_differ():
    everything = [*bad_files.CELLS, *bad_files.SHAPES, *bad_files.HOSTILE]
    assert len(everything) >= 150
    assert len({bad.name for bad in everything}) == len(everything)


@pytest.mark.parametrize(
    "kind", ["READ_AS_WRITTEN", "UNKNOWN", "REQUIRED", "PROJECTS", "VALUES", "PEOPLE", "SHAPES"]
)
def test_a_bad_file_gets_just_its_errors_at_their_places_and_changes_nothing(about, untouched, kind):
    wrong = []
    for bad in getattr(bad_files, kind):
        checked = screened(parsed_here(bad.content(), bad.file), about)
        if told(checked) != in_order(bad.found):
            wrong.append(f"{bad.name}: expected {in_order(bad.found)}, found {told(checked)}")
        wrong += [f"{bad.name}: {problem}" for problem in badly_told(checked)]
        if checked.refused:
            with pytest.raises(loading.Refused):
                loading.load(checked, actor=operator("steward"), accepted=True)
        if not untouched():
            wrong.append(f"{bad.name}: the store is another")
    assert not wrong, "\n".join(wrong)


def badly_told(checked: Checked) -> list[str]:
    """Findings whose words are missing in a language, or have gaps."""
    problems = []
    for finding in checked.findings.to_dict("records"):
        given = [finding[name] for name in ("sheet", "column", "value")] + list(finding["detail"].values())
        braces = any("{" in each for each in given if isinstance(each, str))
        for language in LANGUAGES:
            for text in words.told(finding, language):
                if not text.strip() or ("{" in text and not braces):
                    problems.append(f"{finding['rule']} says {text!r} in {language}")
    return problems


@pytest.mark.parametrize("bad", bad_files.HOSTILE, ids=lambda bad: bad.name)
def test_a_hostile_file_is_refused_and_hurts_nobody(bad: Bad):
    """Each through a process of its own, as in the server; this one lives on."""
    with pytest.raises(Unusable) as refusal:
        files.read(bad.content(), bad.file)
    assert refusal.value.rule == bad.refused
    for language in LANGUAGES:
        what, todo = words.told({"rule": refusal.value.rule, "detail": refusal.value.detail}, language)
        assert what
        assert todo
        assert "{" not in what + todo


def test_what_is_found_about_a_person_is_never_repeated(about):
    content = bad_files.cell("observations", 1, "value", bad_files.HETU).content()
    checked = screened(parsed_here(content, "raportti.xlsx"), about)
    assert set(checked.findings.loc[checked.findings["level"] == "error", "value"]) == {HIDDEN}
    assert bad_files.HETU not in checked.findings.to_json()


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("131052-308T", True), ("131052+308T", True), ("131052A308T", True), ("131052Y308T", True),
        ("131052-308U", None), ("131052G308T", False), ("321052-308T", False), ("1131052-308T", False),
        ("demo-p01", False), ("1234567-1", False), ("2026-02-01", False), ("010101A123N", True),
    ],
)  # fmt: skip
def test_personal_identity_codes_are_known_by_their_check_character(text, holds):
    assert is_identity_code(text) is holds


WHOLES_AND_PARTS = [
    ("areas are parts of one another's whole only where one is empty", "mk13: mk14:", ""),
    ("the project as a whole, and one of its areas", ": mk13:", "2 3"),
    ("goals apart", "mk13:g1 mk13:g2", ""),
    ("all goals, and one of them", "mk13: mk13:g1", "2 3"),
    ("the same goals of different areas", "mk13: mk14:g1", ""),
    ("one goal everywhere, and all goals of one area: who is in both counts twice", ":g1 mk13:", "2 3"),
    ("one goal everywhere, and another goal of one area", ":g1 mk13:g2", ""),
    ("of three, the two that overlap", ":g1 mk13:g1 mk13:g2", "2 3"),
]


@pytest.mark.parametrize(("what", "places", "twice"), WHOLES_AND_PARTS)
def test_nobody_who_answered_is_counted_in_a_whole_and_in_a_part_of_it(about, what, places, twice):
    """Ten answered as a whole, six of them in an area: with both, figures would say that sixteen did."""

    def told_twice(**said: Any) -> str:
        rows = [
            dict(zip(("area", "goal"), [each or None for each in place.split(":")], strict=True))
            | {"project": "demo-p25", "period": "2024h1", "value": 2.0, "n": 6, "reported_on": TODAY}
            | said
            for place in places.split()
        ]
        checked = screened(parsed_here(xlsx(named({"observations": rows})), "a.xlsx"), about)
        return " ".join(str(row) for rule, _, row, _ in told(checked) if rule == "whole_and_part")

    assert told_twice(indicator="nr1") == twice, what
    # What a project says of itself is one thing, wherever it says so: its areas make no parts.
    if ":g" not in places:
        assert told_twice(indicator="si1") == ""


def test_a_number_is_told_as_the_reader_writes_it(about):
    content = bad_files.cell("observations", 0, "value", "9,25").content()
    findings = screened(parsed_here(content, "a.xlsx"), about).findings
    (found,) = findings[findings["level"] == "error"].to_dict("records")
    said = {language: words.told(found, language)[0] for language in LANGUAGES}
    assert [each.split()[0] for each in said.values()] == ["9,25", "9,25", "9.25"]
    assert intake.findings(findings, "fi")["value"].iloc[0] == "9,25"


def test_a_whole_replaces_its_parts_once_they_are_withdrawn(about):
    old = {"project": "demo-p01", "indicator": "nr1", "period": "2026h1", "area": "mk13"}
    whole = old | {"area": None, "value": 2.0, "n": 9, "reported_on": TODAY}
    gone = old | {"withdraw": "kyllä", "reason": "koko hanke", "reported_on": TODAY}
    for rows, found in (([whole], [2]), ([whole, gone], [])):
        checked = screened(parsed_here(xlsx(named({"observations": rows})), "a.xlsx"), about)
        assert [row for rule, _, row, _ in told(checked) if rule == "whole_and_part"] == found


# ---- the rules and their words ----


OF_OPEN_DATA = ("address_", "answer_", "list_", "source_")
"""What rules begin with that answers of open data can break: test_open_data.py breaks those."""


def test_every_rule_has_its_words_and_every_word_its_rule(about):
    """The corpus breaks every rule there is: what it never breaks is told nowhere."""
    broken = {rule for bad in [*bad_files.CELLS, *bad_files.SHAPES] for rule, *_ in bad.found}
    broken |= {bad.refused for bad in bad_files.HOSTILE}
    told_only = {
        "too_large_inside",
        "too_slow",
        "and_more",
        "no_rows",
        "no_stamp",
        "older_template",
        "windows_letters",
    }
    rules = set(words.words()["rule"])
    fetched = {rule for rule in rules if rule.startswith(OF_OPEN_DATA)}
    code = "".join(path.read_text(encoding="utf-8") for path in Path(open_data.__path__[0]).glob("*.py"))
    assert {rule for rule in fetched if f'"{rule}"' not in code} == set()
    assert broken | told_only == rules - fetched


def test_every_column_has_headers_and_notes_that_are_its_own():
    for sheet in SHEETS:
        for language in LANGUAGES:
            heads = [words.header(sheet.code, column.code, language) for column in sheet.columns]
            assert len({words.plain(head) for head in heads}) == len(heads)
            assert all(words.note(sheet.code, column.code, language) for column in sheet.columns)
        assert set(words.columns_by_header(sheet.code).values()) == {column.code for column in sheet.columns}


def test_no_word_is_left_over():
    codes = {column.code for sheet in SHEETS for column in sheet.columns}
    codes |= {f"{sheet.code}_{column.code}" for sheet in SHEETS for column in sheet.columns}
    for section in ("header", "note", "example"):
        assert set(words.words()[section]) <= codes
    for section, entries in words.words().items():
        for code, said in entries.items():
            if section not in ("rule", "example", "persons"):
                assert list(said) == list(LANGUAGES), f"{section}.{code}"


# ---- mutated workbooks ----

TEXTS = [
    "",
    " ",
    "x",
    "0",
    "-1",
    "1e9",
    "9" * 17,
    "2,5",
    "1.2.2026",
    "2026-02-30",
    "2026h1",
    "2026",
    "kyllä",
    "ei",
]
TEXTS += [
    "g1",
    "g1 g2",
    "mk13",
    "demo-p01",
    "si1",
    "people",
    "eur_paid",
    "uusi",
    "lead",
    "target",
    "running",
    "å",
]
TEXTS += ["'; DROP TABLE project; --", "=1+1", "a" * 600, "\u202e", "NaN", "None", "true"]
MUTATIONS = st.sampled_from([*TEXTS, 0, -1, 2.5, 1e300, 12, TODAY])
CELL = st.tuples(
    st.sampled_from([(sheet.code, column.code) for sheet in SHEETS for column in sheet.columns]),
    st.integers(0, 4),
    MUTATIONS | st.text(max_size=12),
)


def check_mutation(about: Known, cells: list[tuple], drop: list[str]) -> None:
    """Whatever stands in the cells: screening answers, tells where, and lets nothing through that the
    store's own rules would refuse."""
    rows = good()
    for (sheet, column), at, value in cells:
        rows[sheet][at % len(rows[sheet])][column] = value
    for sheet in drop:
        rows.pop(sheet, None)
    checked = screened(parsed_here(xlsx(named(rows)), "muunnos.xlsx"), about)
    assert list(checked.findings.columns) == list(FINDING)
    assert not badly_told(checked)
    for finding in checked.findings.to_dict("records"):
        if finding["sheet"] in checked.rows and not pd.isna(finding["row"]) and finding["row"] > 1:
            assert finding["row"] in set(checked.rows[finding["sheet"]]["row"])
    if not checked.refused:
        assert_rows_hold(checked)


def assert_rows_hold(checked: Checked) -> None:
    said: dict[str, Any] = {"source": "reports", "demonstration": False, "batch": 1}
    tables: dict[str, Callable[..., Any]] = {
        "projects": ProjectRow,
        "organisations": OrganisationRow,
        "partnerships": PartnershipRow,
        "observations": ObservationRow,
        "funding": ObservationRow,
    }
    for sheet, row_of in tables.items():
        for row in checked.rows.get(sheet, pd.DataFrame()).to_dict("records"):
            if row["withdraw"] is True:
                continue
            row = {name: None if pd.isna(value) else value for name, value in row.items()}
            row["name"] = {language: row.get(f"name_{language}") for language in LANGUAGES}
            row["code"] = row.get(sheet.removesuffix("s"))
            row["identical_answers"] = bool(row.get("identical_answers"))
            row_of.model_validate({name: row[name] for name in row_of.model_fields if name in row} | said)


MUTATE = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@given(st.lists(CELL, min_size=1, max_size=6), st.lists(st.sampled_from(list(GOOD)), max_size=2))
@settings(MUTATE, max_examples=15)
def test_a_mutated_workbook_is_answered(about, cells, drop):
    check_mutation(about, cells, drop)


@pytest.mark.soak
@given(st.lists(CELL, min_size=1, max_size=12), st.lists(st.sampled_from(list(GOOD)), max_size=4))
@settings(MUTATE, max_examples=1500)
def test_many_mutated_workbooks_are_answered(about, cells, drop):
    check_mutation(about, cells, drop)


def damaged_files(number: int) -> Generator[tuple[bytes, str]]:
    """Good files with a few bytes changed, cut or doubled."""
    originals = [
        (xlsx(named(good())), "a.xlsx"),
        (ods(named(good())), "a.ods"),
        (csv(grid("observations", GOOD["observations"])), "havainnot.csv"),
    ]
    chance = random.Random(number)
    for _ in range(number):
        content, name = chance.choice(originals)
        changed = bytearray(content)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(changed))
            changed[at : at + chance.choice((0, 1, 1, 8))] = chance.randbytes(chance.choice((0, 1, 1, 8)))
        yield bytes(changed), name


def check_damaged(about: Known, number: int) -> None:
    for content, name in damaged_files(number):
        try:
            book = files.read(content, name)
        except Unusable as refusal:
            words.told({"rule": refusal.rule, "detail": refusal.detail}, "fi")
        else:
            assert not badly_told(screened(book, about))


def test_damaged_files_are_answered(about):
    check_damaged(about, 6)


@pytest.mark.soak
def test_many_damaged_files_are_answered(about):
    check_damaged(about, 1200)


# ---- as a whole ----


def test_a_file_is_screened_against_the_store_of_the_session(demo_store):
    """The way that pages and the command line go: file, session, findings."""
    content = bad_files.VALUES[0].content()
    with reading() as session:
        checked = screen(session, content, "raportti.xlsx", TODAY)
    assert told(checked) == in_order(bad_files.VALUES[0].found)
    assert (checked.file_name, checked.sha256) == ("raportti.xlsx", hashlib.sha256(content).hexdigest())


def test_a_thousand_rows_that_break_one_rule_are_told_once_and_counted(about):
    rows = [{"project": "demo-p01", "area": f"x{number}"} for number in range(1200)]
    checked = screened(parsed_here(xlsx(named({"areas": rows})), "a.xlsx"), about)
    assert (checked.findings["rule"] == "unknown_area").sum() == 500
    (more,) = checked.findings[checked.findings["rule"] == "and_more"]["detail"]
    assert more["count"] == 700


def test_readers_at_once_get_their_own_answers():
    answers: dict[int, str] = {}

    def read(number: int) -> None:
        content = xlsx({f"T{number}": [["x"]]})
        answers[number] = files.read(content, "a.xlsx").sheets[0].name

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"T{number}" for number in range(4)}
