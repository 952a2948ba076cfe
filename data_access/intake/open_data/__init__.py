"""Open data → the sheets of a workbook: what a source answers goes the same way as a file.

A reader asks (``web``), or takes answers that were saved, and gives rows as a workbook would hold them.
What is missing at the source is left out: it stays *not reported*."""

import hashlib
import json
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd

from data_access.intake.checked import Unusable
from data_access.intake.layout import SHEET_OF

MOST_BYTES = 64_000_000


class Answer(NamedTuple):
    """What a source said: ``address`` it was asked at, or the name of the file that it was saved in."""

    address: str
    content: bytes
    fetched: date


class Read(NamedTuple):
    """What a reader made of answers. ``sheets``: sheet → rows with the columns of the layout that are known
    and ``row``, the row of the answer; ``findings``: what was left out, and why; ``title``: the source's own
    name of the data, where it has one; ``published``: the day it is of."""

    sheets: dict[str, pd.DataFrame]
    findings: list[dict[str, Any]]
    title: dict[str, str] | None
    published: date | None


def fingerprint(answers: list[Answer]) -> str:
    """SHA-256 of all answers in their order."""
    digest = hashlib.sha256()
    for answer in answers:
        digest.update(answer.content)
    return digest.hexdigest()


def found(rule: str, sheet: str | None = None, level: str = "note", **detail: Any) -> dict[str, Any]:
    """A finding of a reader: about the answer as a whole, or about a row of it."""
    place = {name: detail.pop(name, None) for name in ("row", "column", "value")}
    return {"level": level, "rule": rule, "sheet": sheet, **place, "detail": detail}


def rows_of(sheet: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with the sheet's columns in their order, those that are known, and ``row``."""
    known = {name for row in rows for name in row}
    columns = [column.code for column in SHEET_OF[sheet].columns if column.code in known]
    return pd.DataFrame(rows, columns=[*columns, "row"], dtype=object)


def parsed(answer: Answer) -> Any:
    """What a JSON answer says."""
    try:
        return json.loads(answer.content)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Unusable("answer_not_json", address=answer.address) from error


def day_of(text: Any) -> date | None:
    """A day that a source writes as ``2026-06-05``, with or without a time."""
    try:
        return datetime.fromisoformat(str(text)).date()
    except ValueError:
        return None
