"""More than 150 files that are wrong, each constructed here with what is to be found in it.

`CELLS`: one cell or row of a good workbook is wrong. `SHAPES`: the workbook's shape is. `HOSTILE`: the file
is to be refused as a whole, or must not hurt who reads it."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data_access.intake.layout import SHEET_OF, SHEETS
from data_access.intake.parsing import LIMITS
from data_access.intake.parsing.positions import letters
from data_access.intake.words import sheet_name
from tests import reporting
from tests.reporting import GOOD, Sheets, changed, good, grid, named

Expected = tuple[str, str | None, int | None, str | None]
"""Rule, sheet, row in the file, column."""
HETU, HETU_OF_2023, ALMOST_HETU = "131052-308T", "010516B903X", "131052-308U"


@dataclass(frozen=True)
class Bad:
    """A file with what is found in it (errors and warnings), or the rule by which it is refused unread."""

    name: str
    content: Callable[[], bytes]
    found: tuple[Expected, ...] = ()
    refused: str | None = None
    file: str = "raportti.xlsx"


PROJECTS_TOO = ("projects", "areas")
LEANS = {
    "projects": PROJECTS_TOO,
    "areas": PROJECTS_TOO,
    "organisations": ("organisations",),
    "partnerships": (*PROJECTS_TOO, "organisations", "partnerships"),
    "observations": (*PROJECTS_TOO, "observations"),
    "funding": (*PROJECTS_TOO, "funding"),
    "targets": ("targets",),
}
"""A sheet, and those that its rows name: the others are left out, which is quicker."""


def book(sheet: str, rows: Sheets) -> Callable[[], bytes]:
    return lambda: reporting.xlsx(named({code: rows[code] for code in LEANS[sheet]}))


# --- one cell ---


def cell(sheet: str, at: int, column: str, value: Any, /, *rules: str, **more: Any) -> Bad:
    """A good workbook but for one cell (`more`: and others of its row). The findings are on that cell, or
    where a rule says so (`rule@column`) on another of the row."""
    shown = f"{value[:20]}…" if isinstance(value, str) and len(value) > 20 else value
    found = [(rule.partition("@")[0], sheet, at + 2, rule.partition("@")[2] or column) for rule in rules]
    rows = changed(sheet, at, **{column: value}, **more)
    return Bad(f"{sheet} {at} {column}={shown!r} {more or ''}", book(sheet, rows), tuple(found))


READ_AS_WRITTEN = [
    *[
        cell("observations", 1, "value", text, "not_a_number")
        for text in ("x", "12 kpl", "12 %", "1.234.567", "1,2,3", "1 23", "#N/A", "NaN", "inf", "NA", "-")
    ],
    cell("observations", 1, "value", "1e300", "number_too_large"),
    cell("observations", 1, "value", 5e13, "number_too_large"),
    cell("funding", 2, "value", "20,000", "number_unclear"),
    cell("observations", 1, "value", 14.5, "not_whole"),
    cell("observations", 1, "value", -14, "negative"),
    cell("observations", 1, "value", "−14", "negative"),
    cell("funding", 2, "value", -20_000.0, "negative"),
    cell("observations", 0, "n", 2.5, "not_whole"),
    cell("observations", 0, "n", -3, "negative"),
    cell("observations", 0, "n", "kymmenen", "not_a_number"),
    *[
        cell("observations", 0, "reported_on", text, "not_a_date")
        for text in ("helmikuu 2026", 46054, datetime(2026, 2, 1, 12, 30), "eilen", "1.2.", "true")
    ],
    *[
        cell("observations", 0, "reported_on", text, "date_unclear")
        for text in ("1/2/2026", "2/1/26", "1.2.26", "1-2-2026", "2026/2/1")
    ],
    *[
        cell("observations", 0, "reported_on", text, "no_such_day")
        for text in ("31.2.2026", "29.2.2025", "2026-13-01", "0.1.2026")
    ],
    cell("observations", 0, "reported_on", "5.1.1926", "date_far_away"),
    cell("observations", 0, "reported_on", "5.1.2226", "date_far_away"),
    *[
        cell("observations", 0, "period", text, "not_a_period")
        for text in ("2025h3", "h2 2025", "2/2025", "2025-12", "25h2", "1999h1", "syksy 2025", "20252")
    ],
    *[cell("projects", 0, "national", text, "not_yes_or_no") for text in ("ehkä", "2", "?", "-")],
    *[
        cell("areas", 1, "area", text, "not_a_code")
        for text in ("mk 13", "Pohjois-Karjalä", "mk13;", "x" * 41)
    ],
    cell("organisations", 0, "business_id", "1234567-2", "business_id_check_digit"),
    cell("organisations", 0, "business_id", "2234567-1", "business_id_check_digit"),
    *[
        cell("organisations", 0, "business_id", text, "business_id_form")
        for text in ("12345671", "FI12345671", "123456-1", "1234567–1", "ei ole")
    ],
    cell("projects", 0, "name_fi", "a" * 501, "text_too_long"),
    cell("projects", 0, "name_fi", "NÃ¤in kÃ¤vi", "broken_letters"),
    cell("projects", 0, "name_sv", "Br\ufffdten", "broken_letters"),
    *[
        cell("projects", 0, "name_fi", text, "formula_text")
        for text in ("=1+1", "@SUM(A1:A9)", "+cmd|' /C calc'!A0", "=HYPERLINK(1)", "-2+3+cmd|'/C x'!A1")
    ],
]

UNKNOWN = [
    cell("observations", 0, "indicator", "si99", "unknown_indicator"),
    cell("observations", 1, "area", "mk99", "unknown_area"),
    cell("observations", 2, "goal", "g9", "unknown_goal"),
    cell("observations", 0, "project", "vanha", "unknown_project"),
    cell("funding", 2, "project", "vanha", "unknown_project"),
    cell("partnerships", 1, "organisation", "tuntematon", "unknown_organisation"),
    cell("partnerships", 1, "role", "vetäjä", "not_a_code"),
    cell("partnerships", 1, "role", "boss", "unknown_word"),
    cell("projects", 0, "goals", "g1 g9", "unknown_goal"),
    cell("projects", 1, "programme", "esf", "unknown_programme"),
    cell("projects", 0, "call", "call9", "unknown_call"),
    cell("projects", 0, "state", "ready", "unknown_word"),
    cell("projects", 0, "certainty", "maybe", "unknown_word"),
    cell("projects", 0, "direction", "forward", "unknown_word"),
    cell("projects", 0, "home_area", "hva99", "unknown_area"),
    cell("projects", 0, "funding_area", "rr99", "unknown_area"),
    cell("organisations", 0, "type", "school", "unknown_word"),
    cell("targets", 0, "kind", "hope", "unknown_word"),
    cell("targets", 0, "indicator", "si99", "unknown_indicator"),
]
REQUIRED = [
    cell(sheet.code, min(1, len(GOOD[sheet.code]) - 1), column.code, None, "required")
    for sheet in SHEETS
    for column in sheet.columns
    if column.required and (sheet.code, column.code) != ("organisations", "organisation")
]


# --- rows against each other, the programme and the store ---


def rows_with(sheet: str, *more: dict[str, Any]) -> Sheets:
    rows = good()
    said = {"reported_on": date(2026, 7, 5)} if sheet in ("observations", "funding") else {}
    rows[sheet] += [said | row for row in more]
    return rows


def added(sheet: str, row: dict[str, Any], *rules: str) -> Bad:
    """Good rows and one more on a sheet; the findings (`rule@column`) are on that row."""
    at = len(GOOD[sheet]) + 2
    found = [(rule.partition("@")[0], sheet, at, rule.partition("@")[2]) for rule in rules]
    return Bad(f"{sheet} + {row}", book(sheet, rows_with(sheet, row)), tuple(found))


def both(name: str, rows: Sheets, *found: Expected) -> Bad:
    return Bad(name, book(str(found[0][1]), rows), found)


OLD = {"project": "demo-p01", "area": "mk13", "period": "2026h1"}
"""A project of the demonstration data: 190 people, EUR 658,000 planned, 570,733 committed, 302,119 paid."""
OLD_MEAN = {"project": "demo-p01", "indicator": "si1", "period": "2026h1"}
"""2.9 of 3 assessments; before that 2.3, 2.6 and 2.6."""
WHY = {"reason": "Näppäilyvirhe korjattu"}

PROJECTS = [
    cell("projects", 1, "ends", date(2025, 1, 31), "ends_before_start", "state_against_dates@state"),
    cell("projects", 1, "ended_early", date(2025, 1, 31), "ended_early_outside", state="ended"),
    cell("projects", 1, "ended_early", date(2027, 6, 30), "ended_early_outside", state="withdrawn"),
    cell("projects", 1, "state", "planned", "state_against_dates"),
    cell("projects", 1, "state", "ended", "state_against_dates"),
    cell("projects", 1, "starts", date(2020, 6, 1), "outside_programme"),
    cell("projects", 1, "ends", date(2030, 6, 1), "outside_programme@starts"),
    cell(
        "projects",
        1,
        "call",
        "call1",
        "call_of_other_programme",
        "outside_programme@starts",
        programme="lape",
    ),
    cell("projects", 1, "goals", "l1", "goal_of_other_programme"),
    cell("projects", 1, "name_fi", "KOTIKAARI (esimerkki)", "name_twice"),
    cell("projects", 1, "national", "ei", "no_areas@project"),
    added("areas", {"project": "toinen", "area": "mk13"}, "national_with_areas@project"),
    added("projects", {"project": "demo-p01", "withdraw": "kyllä"}, "still_used@project"),
    added("areas", {"project": "uusi", "area": "mk12", "withdraw": "kyllä"}, "nothing_to_withdraw@withdraw"),
    added("areas", {"project": "uusi", "area": "mk13"}, "row_twice@project"),
    added("projects", GOOD["projects"][0] | {"ends": None}, "key_twice@project"),
    cell("organisations", 1, "eligible", "kenties", "not_yes_or_no"),
    added("organisations", GOOD["organisations"][1] | {"organisation": None}, "required@organisation"),
    both(
        "one business ID on two organisations",
        changed("organisations", 1, business_id="1234567-1"),
        ("business_id_twice", "organisations", 2, "business_id"),
        ("business_id_twice", "organisations", 3, "business_id"),
    ),
    both(
        "one name on two organisations",
        changed("organisations", 1, name_fi="UUSIKYLÄN kunta"),
        ("name_twice", "organisations", 2, "name_fi"),
        ("name_twice", "organisations", 3, "name_fi"),
    ),
    added("organisations", {"organisation": "demo-o01", "withdraw": "kyllä"}, "still_used@organisation"),
    cell("partnerships", 1, "ends", date(2025, 5, 31), "ends_before_start"),
    cell("partnerships", 1, "starts", date(2025, 2, 1), "partnership_outside_project"),
    cell("partnerships", 1, "ends", date(2027, 3, 31), "partnership_outside_project"),
    cell("partnerships", 1, "role", "lead", "two_leads@organisation"),
    cell("partnerships", 1, "role", "subcontractor", "supported_subcontractor@supported"),
    added(
        "partnerships", GOOD["partnerships"][1] | {"starts": date(2026, 1, 1)}, "partnership_overlaps@starts"
    ),
]

VALUES = [
    cell("observations", 1, "indicator", "eeco18", "counted_from_registers"),
    cell("observations", 1, "indicator", "eur_paid", "belongs_to_funding"),
    cell("funding", 2, "indicator", "people", "belongs_to_observations"),
    cell("funding", 2, "indicator", "projects", "counted_from_registers"),
    cell("observations", 0, "project", None, "project_needed"),
    both(
        "an indicator of another programme than the project's",
        rows_with(
            "observations", {"project": "muu", "indicator": "si1", "period": "2025h2", "value": 2, "n": 3}
        )
        | {
            "projects": [
                *good()["projects"],
                GOOD["projects"][1]
                | {
                    "project": "muu",
                    "name_fi": "Muu",
                    "programme": "lape",
                    "starts": "1.1.2016",
                    "ends": "31.12.2018",
                    "state": "ended",
                },
            ]
        },
        ("indicator_of_other_programme", "observations", 7, "indicator"),
        ("period_outside_project", "observations", 7, "period"),
    ),
    cell("observations", 2, "goal", "l1", "goal_of_other_programme"),
    cell("observations", 0, "period", "2025", "period_of_other_length"),
    cell("observations", 3, "period", "2024h1", "period_of_other_length"),
    cell("observations", 0, "period", "2027h1", "period_not_begun"),
    cell("observations", 0, "reported_on", date(2026, 12, 24), "reported_in_future"),
    cell("observations", 0, "reported_on", date(2025, 6, 30), "reported_before_period"),
    cell("observations", 0, "reported_on", date(2025, 12, 30), "reported_before_end"),
    cell("observations", 0, "period", "2024h2", "period_outside_project"),
    cell("observations", 0, "area", "mk13", "area_without_use"),
    cell("observations", 1, "area", "mk01", "area_not_of_project"),
    cell("observations", 2, "goal", "g3", "goal_not_of_project"),
    cell("observations", 0, "value", 4.5, "outside_scale"),
    cell("observations", 0, "value", -0.5, "outside_scale"),
    cell("observations", 3, "value", 101, "outside_scale"),
    cell("targets", 0, "value", 5, "outside_scale", indicator="si1"),
    cell("observations", 0, "value", None, "value_missing"),
    cell("observations", 1, "value", None, "value_missing"),
    cell("observations", 0, "n", None, "n_missing"),
    cell("observations", 0, "n", 0, "value_without_respondents@value"),
    cell("observations", 4, "denominator", None, "half_a_ratio"),
    cell("observations", 4, "numerator", None, "half_a_ratio@denominator"),
    cell("observations", 4, "numerator", None, "ratio_parts_missing", denominator=None, project="uusi"),
    cell("observations", 0, "numerator", 3, "parts_without_use", denominator=4),
    cell("observations", 4, "denominator", 0, "denominator_not_positive"),
    cell("observations", 4, "numerator", -15, "negative", "value_not_ratio@value"),
    cell("observations", 4, "numerator", 1500, "numerator_larger", value=None),
    cell("observations", 4, "n", 999, "n_below_counted"),
    both(
        "a whole beside one of its parts",
        rows_with("observations", GOOD["observations"][2] | {"area": None, "goal": None}),
        ("whole_and_part", "observations", 4, "area"),
        ("whole_and_part", "observations", 7, "area"),
    ),
    added("funding", OLD | {"indicator": "eur_planned", "area": None, "value": 1}, "whole_and_part@area"),
    cell("observations", 4, "value", 15, "value_not_ratio"),
    added("observations", GOOD["observations"][0] | {"value": 2.0}, "key_twice@project"),
    added("observations", GOOD["observations"][0], "row_twice@project"),
    added("observations", OLD_MEAN | {"value": 2.0, "n": 3}, "reason_missing@reason"),
    added("observations", OLD_MEAN | {"value": None, "n": 0}, "reason_missing@reason"),
    added("observations", OLD_MEAN | {"withdraw": "kyllä"}, "reason_missing@reason"),
    added("observations", OLD_MEAN | WHY | {"value": 0.5, "n": 3}, "outlier@value"),
    added("observations", OLD | WHY | {"indicator": "people", "value": 1900}, "outlier@value"),
    added(
        "observations", OLD | {"indicator": "people", "value": 19}, "outlier@value", "reason_missing@reason"
    ),
    added("funding", OLD | WHY | {"indicator": "eur_planned", "value": 6_580_000}, "outlier@value"),
    added("funding", OLD | WHY | {"indicator": "eur_paid", "value": 200_000}, "cumulative_fell@value"),
    added("funding", OLD | WHY | {"indicator": "eur_paid", "value": 600_000}, "paid_over_committed@value"),
    added(
        "funding",
        OLD | WHY | {"indicator": "eur_planned", "value": 500_000},
        "committed_over_planned@value",
        "cumulative_fell@value",
    ),
    added("funding", OLD | {"indicator": "eur_paid", "value": 302_120}, "reason_missing@reason"),
    cell("funding", 1, "value", 400_000.01, "committed_over_planned"),
    cell("funding", 2, "value", 150_001, "paid_over_committed"),
    both(
        "more is committed than the programme has",
        changed("funding", 0, value=30_000_000)
        | {"funding": [GOOD["funding"][0] | {"value": 3e7}, GOOD["funding"][1] | {"value": 27e6}]},
        ("over_frame", "funding", None, "value"),
    ),
    cell("targets", 0, "set_on", date(2026, 12, 1), "set_in_future"),
    cell("targets", 0, "due", date(2030, 1, 1), "due_after_programme"),
    cell("targets", 0, "kind", "baseline", "baseline_in_future@due"),
    cell("targets", 0, "goal", "l1", "goal_of_other_programme"),
]

PEOPLE = [
    *[
        cell("observations", 0, "reason", text, "identity_code")
        for text in (HETU, HETU_OF_2023, f"ks. {HETU.lower()}!")
    ],
    cell("observations", 0, "reason", ALMOST_HETU, "like_identity_code"),
    cell("observations", 1, "value", HETU, "identity_code", "not_a_number"),
    cell("areas", 1, "area", HETU, "identity_code", "unknown_area"),
    cell("projects", 0, "name_fi", f"Hanke {HETU}", "identity_code"),
    cell("observations", 0, "reason", "Kysy: etu.suku@esimerkki.fi", "mail_address"),
    cell("organisations", 0, "name_en", "info@example.org", "mail_address"),
    *[
        cell("observations", 0, "reason", text, "birth_date")
        for text in ("Asiakas s. 1.2.2009 jäi pois", "f. 13.4.2010", "born 01.02.2008", "syntynyt 3.4.2007")
    ],
    *[
        cell("observations", 0, "reason", text, "phone_number")
        for text in ("Soita 040 123 4567", "+358 50 1234567")
    ],
    *[
        cell("observations", 0, "reason", text, "person_name")
        for text in (
            "Matti Virtanen ilmoitti väärin",
            "Rättat av Anna-Lena Öst",
            "Tiedon antoi Liisa Mäki-Petäjä",
        )
    ],
    cell("targets", 0, "set_by_fi", "Päivi Korhonen", "person_name"),
    cell("organisations", 1, "name_fi", "Ville Nieminen", "person_name"),
]


# --- the workbook's shape ---


def grids(rows: Sheets | None = None, **other: Any) -> dict[str, list[list[Any]]]:
    return named(rows or good("projects", "areas", "observations", "targets")) | other


def shaped(name: str, made: Callable[[], bytes], *found: Expected, file: str = "raportti.xlsx") -> Bad:
    return Bad(name, made, found, file=file)


def without(sheet: str, column: str) -> bytes:
    rows = grid(sheet, GOOD[sheet])
    at = [each.code for each in SHEET_OF[sheet].columns].index(column)
    return reporting.xlsx(grids() | {sheet_name(sheet, "fi"): [row[:at] + row[at + 1 :] for row in rows]})


def beside(sheet: str, header: str | None, value: Any) -> bytes:
    """A column more, after the last."""
    first, *rows = grid(sheet, GOOD[sheet])
    more = [[*first, header], *([*row, value] for row in rows)]
    return reporting.xlsx(grids() | {sheet_name(sheet, "fi"): more})


def touched(touch: Callable[[Any, dict[str, Any]], object]) -> Callable[[], bytes]:
    return lambda: reporting.xlsx(grids(), touch)


def last_column(sheet: str) -> str:
    """The letter of the column after a sheet's last."""
    return letters(len(SHEET_OF[sheet].columns))


def stamped(*cells: Any) -> Callable[[], bytes]:
    return lambda: reporting.xlsx({"Ohje": [list(cells)], **grids()})


SHAPES = [
    *[
        shaped(
            f"{sheet} without {column}",
            lambda sheet=sheet, column=column: without(sheet, column),
            ("column_missing", sheet, 1, column),
        )
        for sheet, column in (("targets", "value"), ("targets", "goal"), ("areas", "area"))
    ],
    shaped(
        "areas without a header",
        lambda: reporting.xlsx(
            {"Hankkeet": grid("projects", GOOD["projects"][1:]), "Alueet": [["uusi", "mk13"]]}
        ),
        ("no_header", "areas", None, None),
    ),
    shaped("a column twice", lambda: beside("targets", "Arvo", 3), ("column_twice", "targets", 1, "value")),
    shaped(
        "an unknown column",
        lambda: beside("targets", "Lisätieto", "x"),
        ("unknown_column", "targets", 1, "Lisätieto"),
    ),
    shaped(
        "values without a header",
        lambda: beside("targets", None, "x"),
        ("column_without_header", "targets", 2, last_column("targets")),
    ),
    *[
        shaped(
            f"a column {header}",
            lambda header=header: beside("targets", header, None),
            ("person_column", "targets", 1, last_column("targets")),
        )
        for header in (
            "Etunimi",
            "SUKUNIMI",
            "Henkilötunnus",
            "Syntymäaika",
            "Nimi",
            "Personbeteckning",
            "Date of birth",
            "E-post",
            "Puhelin",
        )
    ],
    shaped(
        "an identity code in a column that is not known",
        lambda: beside("targets", "Lisätieto", HETU),
        ("unknown_column", "targets", 1, "Lisätieto"),
        ("identity_code", "targets", 2, last_column("targets")),
    ),
    shaped(
        "an unknown sheet",
        lambda: reporting.xlsx(grids(Muistio=[["muista"]])),
        ("unknown_sheet", "Muistio", None, None),
    ),
    shaped(
        "an unknown sheet with an identity code",
        lambda: reporting.xlsx(grids(Muistio=[["muista"], [HETU]])),
        ("unknown_sheet", "Muistio", None, None),
        ("identity_code", "Muistio", 2, "A"),
    ),
    shaped(
        "a sheet in two languages",
        lambda: reporting.xlsx(grids(Targets=grid("targets", GOOD["targets"]))),
        ("sheet_twice", "targets", None, None),
    ),
    shaped(
        "no sheet of ours",
        lambda: reporting.xlsx({"Taul1": [["x"]]}),
        ("unknown_sheet", "Taul1", None, None),
        ("no_sheet", None, None, None),
    ),
    shaped(
        "a hidden sheet",
        touched(lambda _, sheets: sheets["Tavoitearvot"].hide()),
        ("hidden_sheet", "targets", None, None),
    ),
    shaped(
        "a very hidden sheet",
        touched(lambda _, sheets: sheets["Tavoitearvot"].very_hidden()),
        ("hidden_sheet", "targets", None, None),
    ),
    shaped(
        "a hidden row",
        touched(lambda _, sheets: sheets["Tavoitearvot"].set_row(1, None, None, {"hidden": True})),
        ("hidden_rows", "targets", None, None),
    ),
    shaped(
        "a hidden column",
        touched(lambda _, sheets: sheets["Tavoitearvot"].set_column(1, 1, None, None, {"hidden": True})),
        ("hidden_rows", "targets", None, None),
    ),
    shaped(
        "merged cells",
        touched(lambda _, sheets: sheets["Alueet"].merge_range("A4:B5", "toinen")),
        ("merged_cells", "areas", 4, "project"),
        ("national_with_areas", "areas", 4, "project"),
        ("required", "areas", 4, "area"),
    ),
    shaped(
        "a formula",
        touched(lambda _, sheets: sheets["Havainnot"].write_formula("F3", "=7*2", None, 14)),
        ("formula", "observations", 3, "value"),
    ),
    shaped(
        "a shared formula",
        touched(lambda _, sheets: sheets["Havainnot"].write_array_formula("F3:F3", "{=7*2}", None, 14)),
        ("formula", "observations", 3, "value"),
    ),
    shaped(
        "a formula that failed",
        touched(lambda _, sheets: sheets["Havainnot"].write_formula("F3", "=1/0", None, "#DIV/0!")),
        ("error_value", "observations", 3, "value"),
        ("formula", "observations", 3, "value"),
        ("value_missing", "observations", 3, "value"),
    ),
    shaped(
        "another layout",
        stamped("turvaverkko", "99", "2026-11-22", "1"),
        ("other_layout", "about", None, None),
    ),
    shaped(
        "a text file that is no sheet",
        lambda: b"a;b\r\n1;2\r\n",
        ("sheet_not_told", None, None, None),
        file="luvut.csv",
    ),
    shaped(
        "a text file without its columns",
        lambda: reporting.csv([["Hanke", "Arvo"], ["demo-p01", 5]]),
        ("sheet_not_told", None, None, None),
        file="havaintoja.csv",
    ),
    shaped(
        "a text file with a row too long",
        lambda: csv_rows("tavoitearvot", 1),
        ("ragged_row", "targets", 2, None),
        file="tavoitearvot.csv",
    ),
    shaped(
        "a text file with a row too short",
        lambda: csv_rows("tavoitearvot", -1),
        ("ragged_row", "targets", 2, None),
        file="tavoitearvot_2.csv",
    ),
    shaped(
        "a text file with a formula",
        lambda: csv_targets(reason_fi="=2+3"),
        ("formula_text", "targets", 2, "reason_fi"),
        file="tavoitearvot.csv",
    ),
    shaped(
        "a text file with points between thousands",
        lambda: csv_targets(value="1.900"),
        ("not_whole", "targets", 2, "value"),
        ("number_unclear", "targets", 2, "value"),
        file="targets.csv",
    ),
    shaped(
        "a text file with an American day",
        lambda: csv_targets(due="12/31/2028"),
        ("date_unclear", "targets", 2, "due"),
        file="targets.csv",
    ),
    shaped(
        "a text file with a broken letter",
        lambda: csv_targets(reason_fi="P�ätös"),
        ("broken_letters", "targets", 2, "reason_fi"),
        file="targets.csv",
    ),
    shaped(
        "a LibreOffice file with a formula",
        lambda: ods_with('table:formula="of:=7*2"'),
        ("formula", "areas", 3, "project"),
    ),
    shaped(
        "a LibreOffice file with merged cells",
        lambda: ods_with('table:number-columns-spanned="2"'),
        ("merged_cells", "areas", 3, "project"),
    ),
    shaped(
        "a LibreOffice file with an unknown code",
        lambda: reporting.ods(named(changed("observations", 1, area="mk99"), "sv")),
        ("unknown_area", "observations", 3, "area"),
        file="rapport.ods",
    ),
    shaped(
        "an English workbook with an unknown code",
        lambda: reporting.xlsx(named(changed("observations", 1, area="mk99"), "en")),
        ("unknown_area", "observations", 3, "area"),
    ),
]


def csv_targets(**cells: Any) -> bytes:
    return reporting.csv(grid("targets", [GOOD["targets"][0] | cells], "code"))


def csv_rows(_: str, more: int) -> bytes:
    first, row = grid("targets", GOOD["targets"])
    return reporting.csv([first, [*row, *[None] * more] if more > 0 else row[:more]])


def ods_with(attribute: str) -> bytes:
    """A LibreOffice workbook whose first cell of the second row of areas has an attribute."""
    content = reporting.parts_of(reporting.ods(grids()))
    head, _, tail = content["content.xml"].decode().partition('table:name="Alueet"')
    rows = tail.split("<table:table-row>")
    rows[3] = rows[3].replace("<table:table-cell", f"<table:table-cell {attribute}", 1)
    content["content.xml"] = (head + 'table:name="Alueet"' + "<table:table-row>".join(rows)).encode()
    return reporting.archive(content)


# --- files that are refused unread ---


def parts(**other: str | bytes | None) -> Callable[[], bytes]:
    """A good workbook with some parts of its archive in other words, more, or taken away (none)."""

    def made() -> bytes:
        there: dict[str, Any] = reporting.parts_of(reporting.xlsx(grids()))
        return reporting.archive({name: part for name, part in (there | other).items() if part is not None})

    return made


def replaced(part: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    def made() -> bytes:
        there: dict[str, Any] = reporting.parts_of(reporting.xlsx(grids()))
        assert old in there[part], f"{part} has no {old!r}"
        return reporting.archive(there | {part: there[part].replace(old, new, 1)})

    return made


def refused(name: str, rule: str, made: Callable[[], bytes], file: str = "raportti.xlsx") -> Bad:
    return Bad(name, made, refused=rule, file=file)


def far_cell() -> bytes:
    """Under five kilobytes; read naively, it asks for 17 billion cells."""
    return reporting.xlsx(
        {"Alueet": [["x"]]}, lambda _, sheets: sheets["Alueet"].write(1_048_575, 16_383, "y")
    )


def flagged_encrypted() -> bytes:
    content = bytearray(reporting.xlsx(grids("targets" and good("targets"))))
    for sign, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(sign)
        while at >= 0:
            content[at + flag] |= 1
            at = content.find(sign, at + 4)
    return bytes(content)


def broken_in_the_middle() -> bytes:
    content = bytearray(reporting.xlsx(grids()))
    at = content.find(b"xl/worksheets/sheet1.xml") + 60
    content[at : at + 40] = random.Random(1).randbytes(40)
    return bytes(content)


def twice_the_same_part() -> bytes:
    content = io.BytesIO(reporting.xlsx(grids()))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("XL/worksheets/sheet1.xml", "<worksheet/>")
    return content.getvalue()


def entity_bomb() -> bytes:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "hah">{lines}]><w>&a9;</w>'
    return parts(**{"xl/workbook.xml": bomb})()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET1 = "xl/worksheets/sheet1.xml"

HOSTILE = [
    refused("nothing", "empty_file", lambda: b""),
    refused("spaces", "empty_file", lambda: b" \r\n\r\n ", "havainnot.csv"),
    refused("too many bytes", "too_large", lambda: bytes(LIMITS["bytes"] + 1)),
    refused("random bytes", "not_a_workbook", lambda: random.Random(5).randbytes(2000)),
    refused("a picture", "not_a_workbook", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50)),
    refused("a PDF", "not_a_workbook", lambda: b"%PDF-1.7 ..."),
    refused(
        "a web page called xlsx", "not_a_workbook", lambda: b"<html><table><tr><td>1</td></tr></table></html>"
    ),
    refused(
        "a web page called csv", "not_a_workbook", lambda: b"\xef\xbb\xbf<table></table>", "havainnot.csv"
    ),
    refused("an archive of something else", "not_a_workbook", lambda: reporting.archive({"luemut.txt": "x"})),
    refused(
        "a Word document",
        "not_a_workbook",
        lambda: reporting.archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
    ),
    refused(
        "a LibreOffice text",
        "not_a_workbook",
        lambda: reporting.archive(
            {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<c/>"}
        ),
    ),
    refused("an old workbook", "old_excel", lambda: OLE),
    refused("a binary workbook", "old_excel", lambda: reporting.archive({"xl/workbook.bin": b"\x83\x01"})),
    refused("a workbook with a password", "encrypted", lambda: OLE + "EncryptedPackage".encode("utf-16-le")),
    refused("an encrypted archive", "encrypted", flagged_encrypted),
    refused(
        "an encrypted LibreOffice file",
        "encrypted",
        lambda: reporting.archive(
            reporting.parts_of(reporting.ods(grids()))
            | {"META-INF/manifest.xml": "<manifest:encryption-data/>"}
        ),
    ),
    refused("half a file", "damaged", lambda: reporting.xlsx(grids())[:3000]),
    refused("only an archive's beginning", "damaged", lambda: b"PK\x03\x04" + bytes(100)),
    refused("bytes changed in the middle", "damaged", broken_in_the_middle),
    refused("a part twice", "damaged", twice_the_same_part),
    refused("a part that leads out of the archive", "damaged", parts(**{"../../etc/cron.d/x": "x"})),
    refused("no list of sheets", "not_a_workbook", parts(**{"xl/workbook.xml": None})),
    refused("no relations", "damaged", parts(**{"xl/_rels/workbook.xml.rels": None})),
    refused("a sheet that is missing", "damaged", parts(**{SHEET1: None})),
    refused("no shared texts", "damaged", parts(**{"xl/sharedStrings.xml": "<sst><si>"})),
    refused("a sheet that is no XML", "damaged", parts(**{SHEET1: "<worksheet><sheetData><row"})),
    refused("macros", "macros", parts(**{"xl/vbaProject.bin": b"\xd0\xcf"})),
    refused(
        "macros by type",
        "macros",
        replaced(
            "[Content_Types].xml", b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
        ),
    ),
    refused("macros by name", "macros", lambda: reporting.xlsx(grids()), "raportti.XLSM"),
    refused("a sheet of old macros", "macros", parts(**{"xl/macrosheets/sheet1.xml": "<x/>"})),
    refused(
        "LibreOffice macros",
        "macros",
        lambda: reporting.archive(
            reporting.parts_of(reporting.ods(grids())) | {"Basic/Standard/Module1.xml": "<x/>"}
        ),
    ),
    refused(
        "LibreOffice events",
        "macros",
        lambda: reporting.ods_of(
            "<office:spreadsheet/>", "<office:scripts><script:event-listener/></office:scripts>"
        ),
    ),
    refused(
        "a link to another file",
        "external_links",
        parts(**{"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
    ),
    refused(
        "a link to a program",
        "external_links",
        parts(**{"xl/externalLinks/externalLink9.xml": '<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'}),
    ),
    refused(
        "a connection to a database", "external_links", parts(**{"xl/connections.xml": "<connections/>"})
    ),
    refused("a bomb of zeros", "zip_bomb", parts(**{"xl/media/image1.png": bytes(60_000_000)})),
    refused("a bomb in a sheet", "zip_bomb", parts(**{SHEET1: b"<worksheet>" + b" " * 60_000_000})),
    refused(
        "too many parts", "zip_bomb", parts(**{f"xl/media/{n}.png": b"" for n in range(LIMITS["parts"])})
    ),
    refused("a bomb of entities", "xml_entities", entity_bomb),
    refused(
        "an entity from a file",
        "xml_entities",
        parts(
            **{"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst>&a;</sst>'}
        ),
    ),
    refused(
        "entities in LibreOffice",
        "xml_entities",
        lambda: reporting.archive(
            reporting.parts_of(reporting.ods(grids())) | {"content.xml": "<!DOCTYPE x []><x/>"}
        ),
    ),
    refused(
        "XML in other letters",
        "xml_encoding",
        parts(**{SHEET1: '<?xml version="1.0" encoding="UTF-16"?><worksheet/>'.encode("utf-16")}),
    ),
    refused(
        "XML that says other letters",
        "xml_encoding",
        parts(**{SHEET1: '<?xml version="1.0" encoding="UTF-7"?><worksheet/>'}),
    ),
    refused("a cell far away", "too_large_inside", far_cell),
    refused(
        "too many columns",
        "too_many_cells",
        lambda: reporting.xlsx({"Alueet": [["x"] * (LIMITS["columns"] + 1)]}),
    ),
    refused("too many rows of text", "too_many_cells", lambda: b"a;b\n" * (LIMITS["rows"] + 2), "alueet.csv"),
    refused(
        "too many sheets",
        "too_many_sheets",
        lambda: reporting.xlsx({f"T{n}": [["x"]] for n in range(LIMITS["sheets"] + 1)}),
    ),
    refused("text in UTF-16", "encoding", lambda: "Hanke;Alue\r\n".encode("utf-16"), "alueet.csv"),
    refused(
        "text with zero bytes", "not_a_workbook", lambda: b"Hanke;Alue\r\ndemo\x00;mk13\r\n", "alueet.csv"
    ),
    refused(
        "a quotation that never ends", "csv_broken", lambda: b'Hanke;Alue\r\n"demo-p01;mk13\r\n', "alueet.csv"
    ),
    refused(
        "a quotation that goes on", "csv_broken", lambda: b'Hanke;Alue\r\n"demo"-p01;mk13\r\n', "alueet.csv"
    ),
]

CELLS = [*READ_AS_WRITTEN, *UNKNOWN, *REQUIRED, *PROJECTS, *VALUES, *PEOPLE]
