"""Rows of cells → columns in which each distinct text stands once: small to hand over, quick to check."""

import re
import unicodedata
from array import array
from base64 import b64encode
from datetime import date, datetime
from typing import Any

from data_access.intake.parsing import LIMITS, Refused

SPACES = re.compile(r"[\s\u200b\ufeff]+")


def text_of(cell: Any) -> str:
    """A cell as text: 2 and not 2.0, 2026-02-01, true; one space for any run of them."""
    if isinstance(cell, str):
        return SPACES.sub(" ", unicodedata.normalize("NFC", cell)).strip()[: LIMITS["letters"]]
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def packed(name: str, hidden: bool, rows: list[list[Any]], first_row: int = 1) -> dict[str, Any]:
    """A sheet: its name, ``numbers`` of its rows that hold something, and per column the distinct texts
    and each row's position among them (−1: empty), as packed 32-bit integers."""
    numbers = array("i", (at for at, row in enumerate(rows, first_row) if any(cell != "" for cell in row)))
    kept = [rows[number - first_row] for number in numbers]
    width = max(map(len, kept), default=0)
    measure(name, len(kept), width)
    return {
        "name": name,
        "hidden": hidden,
        "numbers": b64encode(numbers).decode(),
        "columns": [
            column([row[place] if place < len(row) else "" for row in kept]) for place in range(width)
        ],
    }


def measure(name: str, rows: int, columns: int) -> None:
    """Raises ``Refused`` where a sheet is larger than any report can be."""
    if rows > LIMITS["rows"] or columns > LIMITS["columns"] or rows * columns > LIMITS["cells"]:
        limits = {"rows_limit": LIMITS["rows"], "columns_limit": LIMITS["columns"]}
        raise Refused("too_many_cells", sheet=name, rows=rows, columns=columns, **limits)


def column(cells: list[Any]) -> dict[str, Any]:
    if bool in set(map(type, cells)):
        # True equals 1 and would share its text.
        cells = [text_of(cell) if isinstance(cell, bool) else cell for cell in cells]
    seen = {cell: text_of(cell) for cell in dict.fromkeys(cells)}
    place = {
        text: number for number, text in enumerate(text for text in dict.fromkeys(seen.values()) if text)
    }
    at = {cell: place.get(text, -1) for cell, text in seen.items()}
    return {"texts": list(place), "at": b64encode(array("i", map(at.__getitem__, cells))).decode()}
