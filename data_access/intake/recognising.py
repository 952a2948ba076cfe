"""Which sheet of a file is which, where its header stands, and which column is which."""

from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from data_access.intake.files import Book, Texts, TextSheet
from data_access.intake.found import Found
from data_access.intake.layout import SHEET_OF, SHEETS
from data_access.intake.parsing.positions import letters
from data_access.intake.people import HEADER_WITHIN, PERSON_COLUMNS
from data_access.intake.words import NO_ROWS, columns_by_header, plain, sheets_by_name

MAY_BE_LEFT_OUT = {"withdraw", "reason"}
"""A column that is left out would else empty what stands in the store."""

UNREADABLE = {"no_header", "column_missing", "sheet_twice"}
"""Rules after which a sheet's rows are not known."""


@dataclass(frozen=True)
class Rows:
    """The rows below a sheet's header. ``columns``: code → texts; ``numbers``: their rows in the file;
    ``places``: letters → code."""

    code: str
    numbers: np.ndarray
    columns: dict[str, Texts]
    places: dict[str, str]


def recognised(book: Book, found: Found) -> dict[str, Rows]:
    """The sheets of a file that hold rows, by code. What cannot be recognised is found."""
    sheets: dict[str, Rows] = {}
    for sheet in book.sheets:
        code = (
            code_of_csv(book, sheet, found) if book.kind == "csv" else sheets_by_name().get(plain(sheet.name))
        )
        if code in NO_ROWS or (code is None and (book.kind == "csv" or not len(sheet.numbers))):
            continue
        if sheet.hidden:
            found.add("warning", "hidden_sheet", code or sheet.name)
        if code is None:
            found.add("warning", "unknown_sheet", sheet.name)
        elif code in sheets:
            found.add("error", "sheet_twice", code, value=sheet.name)
        elif rows := below_header(code, sheet, found):
            sheets[code] = rows
    if not sheets and not any(each[0] == "error" for each in found.made):
        found.add("error", "no_sheet")
    return sheets


def header_at(code: str, sheet: TextSheet) -> int | None:
    """Which of the first rows has the sheet's headers."""
    known = columns_by_header(code)
    first = range(min(HEADER_WITHIN, len(sheet.numbers)))
    scores = [sum(plain(text or "") in known for text in row_of(sheet, at)) for at in first]
    return int(np.argmax(scores)) if scores and max(scores) >= min(2, len(known)) else None


def row_of(sheet: TextSheet, at: int) -> list[str | None]:
    return [column.texts[column.at[at]] if column.at[at] >= 0 else None for column in sheet.columns]


def below_header(code: str, sheet: TextSheet, found: Found) -> Rows | None:
    """The rows below the header; none where a sheet has no header or no column that it needs."""
    at = header_at(code, sheet)
    if at is None:
        if len(sheet.numbers):
            found.add("error", "no_header", code)
        return None
    known, number = columns_by_header(code), int(sheet.numbers[at])
    below = slice(at + 1, None)
    columns: dict[str, Texts] = {}
    places: dict[str, str] = {}
    for place, (header, column) in enumerate(zip(row_of(sheet, at), sheet.columns, strict=True)):
        texts = Texts(column.texts, column.at[below])
        name = known.get(plain(header or ""))
        if name in columns:
            found.add("error", "column_twice", code, number, name, header)
        elif name is not None:
            columns[name], places[letters(place)] = texts, name
        elif header is None and (texts.at >= 0).any():
            first = int(sheet.numbers[below][texts.at >= 0][0])
            found.add("error", "column_without_header", code, first, letters(place))
        elif header is not None and plain(header) not in PERSON_COLUMNS:
            found.add("warning", "unknown_column", code, number, header, header)
    missing = [
        column.code
        for column in SHEET_OF[code].columns
        if column.code not in columns and column.code not in MAY_BE_LEFT_OUT
    ]
    for column in missing:
        found.add("error", "column_missing", code, number, column)
    return None if missing else Rows(code, sheet.numbers[below], columns, places)


def code_of_csv(book: Book, sheet: TextSheet, found: Found) -> str | None:
    """The sheet that a CSV file holds: the one that its name begins with, or the one sheet that all of its
    headers fit."""
    name = plain(PurePath(book.name).stem)
    for known, code in sheets_by_name().items():
        if code in SHEET_OF and (name == known or name.startswith(known + " ")):
            return code
    headers = {plain(text) for text in row_of(sheet, 0) if text} if len(sheet.numbers) else set()
    fitting = [each.code for each in SHEETS if headers and fits(each.code, headers)]
    if len(fitting) == 1:
        return fitting[0]
    found.add("error", "sheet_not_told", value=book.name)
    return None


def fits(code: str, headers: set[str]) -> bool:
    """Whether the headers are those of the sheet: each is known there, and none that it needs is missing."""
    known = columns_by_header(code)
    there = {known[header] for header in headers if header in known}
    needed = {column.code for column in SHEET_OF[code].columns} - MAY_BE_LEFT_OUT
    return headers <= set(known) and needed <= there
