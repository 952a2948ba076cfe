"""What would stand if a file were taken in: the store's rows with the file's rows over them."""

from typing import Any

import numpy as np
import pandas as pd

from data_access.intake.layout import SHEET_OF, Column, Sheet

PARTS = "\x1f"
TOLD_ONLY = ("reported_on", "reason")
"""Of reports: told of a row, but no change by themselves; a value keeps the day it was first reported on."""


def keys(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """What each row is known by, as one text; an empty part is a part as well."""
    parts = [list(map(part, rows[column].tolist())) for column in columns]
    return pd.Series(list(map(PARTS.join, zip(*parts, strict=True))), index=rows.index, dtype=object)


def part(value: Any) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def withdrawn(rows: pd.DataFrame) -> pd.Series:
    return rows["withdraw"].fillna(False).astype(bool)


def overlaid(standing: pd.DataFrame, rows: pd.DataFrame | None, sheet: str) -> pd.DataFrame:
    """The standing rows, those that the file has too in its words, without what it withdraws; ``row`` is
    the file's row (0: only the store has it)."""
    before = standing.assign(row=0)
    if rows is None:
        return before
    key = SHEET_OF[sheet].key
    kept = before[~keys(before, key).isin(set(keys(rows, key)))]
    return pd.concat([kept, rows[~withdrawn(rows)]], ignore_index=True)


def beside(rows: pd.DataFrame, standing: pd.DataFrame, sheet: str) -> pd.DataFrame:
    """For each row of the file the standing row of the same key, in the file's order: all its columns, and
    ``there``, whether there is one."""
    known = standing.assign(there=True)
    known.index = pd.Index(keys(standing, SHEET_OF[sheet].key))
    known = known[~known.index.duplicated(keep="last")]
    found = known.reindex(keys(rows, SHEET_OF[sheet].key))
    found.index = rows.index
    return found.assign(there=found["there"].fillna(False).astype(bool))


def compared(sheet: Sheet) -> list[Column]:
    """The columns in which a row can be corrected."""
    left_out = {*TOLD_ONLY, "withdraw"} if sheet.table == "observation" else {"withdraw"}
    return [column for column in sheet.columns if not column.key and column.code not in left_out]


def changes(rows: pd.DataFrame, there: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """Which columns of each row differ from what stands (``there``: as of ``beside``): one truth for each of
    ``compared``."""
    made = {column.code: differs(rows[column.code], there[column.code], column) for column in compared(sheet)}
    return pd.DataFrame(made, index=rows.index)


def differs(new: pd.Series, old: pd.Series, column: Column) -> np.ndarray:
    """In which rows a column says something else. Workbooks keep fifteen digits of a number: what differs
    less is the same."""
    if column.kind in ("number", "count"):
        new, old = new.astype("float64"), old.astype("float64")
        return ~np.isclose(new, old, rtol=1e-12, atol=0, equal_nan=True)
    new, old = new.astype(object), old.astype(object)
    if column.code == "identical_answers":
        new, old = new.where(new.eq(True), None), old.where(old.eq(True), None)
    same = new.where(new.notna(), None) == old.where(old.notna(), None)
    return ~(same | (new.isna() & old.isna())).to_numpy(dtype=bool)
