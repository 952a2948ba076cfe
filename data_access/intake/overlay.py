"""What would stand if a file were taken in: the store's rows with the file's rows over them."""

from typing import Any

import numpy as np
import pandas as pd

from data_access.intake.layout import SHEET_OF, Sheet

PARTS = "\x1f"
NO_PART_OF_VALUE = {"reason", "withdraw"}


def keys(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.Index:
    """What each row is known by, as one text; an empty part is a part as well."""
    parts = [list(map(part, rows[column].tolist())) for column in columns]
    return pd.Index(list(map(PARTS.join, zip(*parts, strict=True))), dtype=object)


def part(value: Any) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def withdrawn(rows: pd.DataFrame) -> pd.Series:
    return rows["withdraw"].fillna(False).astype(bool)


def overlaid(standing: pd.DataFrame, rows: pd.DataFrame | None, sheet: str) -> pd.DataFrame:
    """The standing rows (indexed by key), those that the file has too in its words, without what it
    withdraws; ``row`` is the file's row (0: only the store has it)."""
    before = standing.assign(row=0)
    if rows is None:
        return before.reset_index(drop=True)
    kept = before[~before.index.isin(keys(rows, SHEET_OF[sheet].key))]
    return pd.concat([kept, rows[~withdrawn(rows)]], ignore_index=True)


def compared(rows: pd.DataFrame, standing: pd.DataFrame, sheet: str) -> pd.DataFrame:
    """For each row of the file: ``there``, whether a row of its key stands in the store, and ``differs``,
    whether that says something else. ``standing`` is indexed by key."""
    latest = standing[~standing.index.duplicated(keep="last")]
    place = latest.index.get_indexer(keys(rows, SHEET_OF[sheet].key))
    there, differs = place >= 0, np.zeros(len(rows), dtype=bool)
    if there.any():
        old = latest.iloc[place[there]].set_axis(rows.index[there])
        differs[there] = changes(rows[there], old, SHEET_OF[sheet]).any(axis=1)
    return pd.DataFrame({"there": there, "differs": differs}, index=rows.index)


def changes(rows: pd.DataFrame, there: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """Which columns of each row differ from what stands beside it (``there``): one truth per column that
    is no key. Workbooks keep fifteen digits of a number: what differs less is the same."""
    columns = [column for column in sheet.columns if not column.key and column.code not in NO_PART_OF_VALUE]
    made = {}
    for column in columns:
        new, old = rows[column.code], there[column.code]
        if column.kind in ("number", "count"):
            made[column.code] = ~np.isclose(
                new.astype("float64"), old.astype("float64"), rtol=1e-12, atol=0, equal_nan=True
            )
        else:
            new, old = new.astype(object), old.astype(object)
            made[column.code] = (new.where(new.notna(), None) != old.where(old.notna(), None)) & ~(
                new.isna() & old.isna()
            )
    return pd.DataFrame(made, index=rows.index)
