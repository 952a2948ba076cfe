"""Comma-separated values as spreadsheets write them: ``;``, tab or comma; UTF-8, or Windows' letters."""

import csv
import io
import re
from typing import Any

from data_access.intake.parsing import LIMITS, Found, Refused, cells

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
DELIMITERS = (";", "\t", ",")


def parsed(content: bytes) -> dict[str, Any]:
    """The one sheet of a CSV file; its name is not in the file. Raises ``Refused``."""
    found: list[Found] = []
    text = decoded(content, found)
    if CONTROL.search(text):
        raise Refused("not_a_workbook")
    lines = text.splitlines()
    first = next(line for line in lines if line.strip())
    delimiter = max(DELIMITERS, key=first.count)
    try:
        # Fields may hold line ends: the row in the file is the line that a record begins on.
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows, began = [], []
        line = 1
        for row in reader:
            rows.append(row)
            began.append(line)
            line = reader.line_num + 1
            if len(rows) > LIMITS["rows"] + 1:
                cells.measure("", len(rows), len(row))
    except csv.Error as problem:
        raise Refused("csv_broken", line=reader.line_num, problem=str(problem)) from problem
    found += ragged(rows, began)
    return {"kind": "csv", "sheets": [numbered(rows, began)], "found": found}


def decoded(content: bytes, found: list[Found]) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("encoding")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        found.append(["note", "windows_letters", "", None, None, None, {}])
        # Windows has no letter on five of its places; Latin-1 has control signs there, which are refused.
        return content.decode("cp1252", errors="replace")


def ragged(rows: list[list[str]], began: list[int]) -> list[Found]:
    """Rows with more or fewer cells than the header: their values stand in the wrong columns."""
    filled = [(row, line) for row, line in zip(rows, began, strict=True) if any(cell.strip() for cell in row)]
    wide = len(filled[0][0]) if filled else 0
    return [
        ["error", "ragged_row", "", line, None, None, {"cells": len(row), "columns": wide}]
        for row, line in filled
        if len(row) != wide
    ][:100]


def numbered(rows: list[list[str]], began: list[int]) -> dict[str, Any]:
    """The sheet, its rows at the lines that they began on."""
    spread: list[list[str]] = []
    for row, line in zip(rows, began, strict=True):
        spread += [[]] * (line - 1 - len(spread))
        spread.append([" ".join(cell.split()) for cell in row])
    return cells.packed("", False, spread)
