"""A table as a file that says what it is.

CSV as Finnish and Swedish spreadsheets read it: UTF-8 with a mark, semicolons, decimal comma; English
gets commas and decimal points. First what the table is, then an empty line, then the rows."""

import csv
import io
from typing import Any

import pandas as pd

from data_access.scope import Scope

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(scope: Scope, frame: pd.DataFrame, about: list[tuple[str, str]], language: str) -> bytes:
    """``about``: pairs of a heading and a text (title, definition, source, release, protection,
    citation). Columns and cells stand as the frame has them."""
    scope.must("download_figures")
    decimal, separator = (".", ",") if language == "en" else (",", ";")
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerows([safe(heading), safe(said)] for heading, said in about)
    writer.writerow([])
    writer.writerow([safe(str(column)) for column in frame.columns])
    for row in frame.itertuples(index=False):
        writer.writerow([cell(value, decimal) for value in row])
    return text.getvalue().encode("utf-8-sig")


def cell(value: Any, decimal: str) -> str:
    """A value as the file writes it: nothing for missing, numbers with the language's decimal mark."""
    if value is None or (not isinstance(value, str | list | dict) and pd.isna(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", decimal)
    return safe(str(value))


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
