"""Every rule on every row of a file, in one pass: what is wrong, where, and what to do."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from data_access.intake import files, people, registers, typed, values
from data_access.intake.checked import Checked
from data_access.intake.files import Book, Texts
from data_access.intake.found import Found
from data_access.intake.known import Known, known
from data_access.intake.layout import SHEET_OF, SHEETS, Column
from data_access.intake.overlay import beside, changes, withdrawn
from data_access.intake.recognising import UNREADABLE, Rows, recognised
from data_access.intake.stamp import check_stamp
from data_access.intake.words import plain, sheets_by_name

Readings = dict[str, Callable[[str], Any]]
MAY_BE_NEW = {"project": "projects", "organisation": "organisations"}
"""Codes that a file may bring: the sheet that defines them."""


def screen(session: Session, content: bytes, name: str, today: date | None = None) -> Checked:
    """The rows of a file, typed, and all that is found in it. Reads the store and changes nothing.
    Raises ``Unusable`` where the file cannot be read at all."""
    return screened(files.read(content, name), known(session, today or date.today()))


def screened(book: Book, about: Known) -> Checked:
    """A file that was read, held against what the store knows."""
    found = Found()
    sheets = recognised(book, found)
    place_findings(book, sheets, found)
    people.check_book(book, {code: rows.places for code, rows in sheets.items()}, found)
    check_stamp(book, about, found)
    readings = typed.WRITTEN if book.kind == "csv" else typed.READINGS
    rows = {
        sheet.code: typed_rows(sheets[sheet.code], readings, found)
        for sheet in SHEETS
        if sheet.code in sheets
    }
    if sheets and not any(map(len, rows.values())):
        found.add("note", "no_rows")
    # A sheet that cannot be read leaves rows of the others hanging: what holds between them is asked later.
    broken = {sheet for _, rule, sheet, *_ in found.made if rule in UNREADABLE}
    check_codes(rows, about, broken, found)
    held = {sheet: against_store(sheet, frame, about) for sheet, frame in rows.items()}
    if not broken:
        registers.check(rows, held, about, found)
        values.check(rows, about, found)
    found.forget_warnings(unchanged(rows, held))
    return Checked(book.name, book.sha256, rows, found.frame(sheet.code for sheet in SHEETS))


def place_findings(book: Book, sheets: dict[str, Rows], found: Found) -> None:
    """What was found in the file's shape, with the codes of sheets and columns where they are known."""
    only = next(iter(sheets), None) if book.kind == "csv" else None
    for level, rule, name, row, column, value, detail in book.found:
        code = only or sheets_by_name().get(plain(name), name) or None
        places = sheets[code].places if code in sheets else {}
        found.add(level, rule, code, row, places.get(column, column), value, **detail)


def against_store(sheet: str, rows: pd.DataFrame, about: Known) -> pd.DataFrame:
    """For each row ``there``, whether a row of its key stands in the store, and ``differs``, whether that
    says something else."""
    before = beside(rows, about.standing[sheet], sheet)
    there = before["there"]
    differs = changes(rows[there], before[there], SHEET_OF[sheet]).any(axis=1)
    return pd.DataFrame({"there": there, "differs": differs.reindex(rows.index, fill_value=False)})


def unchanged(rows: dict[str, pd.DataFrame], held: dict[str, pd.DataFrame]) -> set[tuple[str, int]]:
    """Sheet and row of what stands just so in the store: it was looked at when it came."""
    same = set()
    for sheet, frame in rows.items():
        kept = held[sheet]["there"] & ~held[sheet]["differs"] & ~withdrawn(frame)
        same |= {(sheet, int(row)) for row in frame.loc[kept, "row"]}
    return same


# --- cells -----------------------------------------------------------------------------------------------


def typed_rows(rows: Rows, readings: Readings, found: Found) -> pd.DataFrame:
    """The rows with the columns of the layout, typed as ``Checked`` says, and ``row``. A cell that its
    column cannot hold is found and stands empty."""
    numbers = rows.numbers
    withdrawn = np.zeros(len(numbers), dtype=bool)
    made: dict[str, Any] = {"row": numbers.astype(np.int64)}
    sheet = SHEET_OF[rows.code]
    for column in sorted(sheet.columns, key=lambda each: each.code != "withdraw"):
        texts = rows.columns.get(column.code, Texts([], np.full(len(numbers), -1, dtype=np.int32)))
        made[column.code] = typed_column(rows.code, column, readings[column.kind], texts, numbers, found)
        if column.code == "withdraw":
            withdrawn = np.array([value is True for value in made["withdraw"].astype(object)], dtype=bool)
        if column.required:
            empty = (texts.at < 0) & (~withdrawn | column.key)
            missing = pd.DataFrame({"row": numbers[empty], "value": None})
            found.rows("error", "required", rows.code, missing, column.code, "value")
    return pd.DataFrame(made)[["row", *(column.code for column in sheet.columns)]]


def typed_column(
    sheet: str, column: Column, read: Callable[[str], Any], texts: Texts, numbers: np.ndarray, found: Found
) -> Any:
    """A column's values: each distinct text is read once."""
    given: list[Any] = []
    for place, text in enumerate(texts.texts):
        try:
            given.append(read(text))
        except typed.Wrong as why:
            given.append(why.value)
            at = np.flatnonzero(texts.at == place)
            wrong = pd.DataFrame({"row": numbers[at], "value": text})
            level = "warning" if why.rule in typed.WARNINGS else "error"
            found.rows(level, why.rule, sheet, wrong, column.code, "value", lambda _, why=why: why.detail)
            if level == "error":
                found.unread |= {(sheet, int(row), column.code) for row in numbers[at]}
    if column.kind in ("number", "count"):
        return np.array([np.nan if value is None else value for value in given] + [np.nan])[texts.at]
    values = np.array([*given, None], dtype=object)[texts.at]
    return pd.array(values, dtype="boolean") if column.kind == "truth" else pd.Series(values, dtype=object)


# --- codes -----------------------------------------------------------------------------------------------


def check_codes(rows: dict[str, pd.DataFrame], about: Known, broken: set[str], found: Found) -> None:
    """Every code is one that there is, in the store or in the file itself."""
    for code, frame in rows.items():
        for column in SHEET_OF[code].columns:
            if column.of is None or MAY_BE_NEW.get(column.of) in {code, *broken}:
                continue
            there = set(about.codes(column.of))
            defined = rows.get(MAY_BE_NEW.get(column.of, ""))
            if defined is not None:
                there |= set(defined[column.of])
            kind = column.of if column.of.islower() else "word"
            listed = "" if column.of.islower() else ", ".join(sorted(there))
            given = frame[column.code]
            distinct = [each for each in given.dropna().unique() if not set(each.split()) <= there]
            unknown = frame[given.isin(distinct)]
            found.rows(
                "error",
                f"unknown_{kind}",
                code,
                unknown,
                column.code,
                detail=lambda _, said=listed: {"known": said},
            )
