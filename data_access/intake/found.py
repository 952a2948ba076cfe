"""Findings as they are made."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from data_access.intake.checked import FINDING

TOLD_AT_MOST = 500
"""Of one rule in one column: who has made a mistake 500 times knows it."""
HIDDEN = "•••"
"""Stands for what may not be repeated, not even in a finding."""
LEVELS = ("error", "warning", "note")


class Found:
    """Collects findings; ``sheet`` is the code of a sheet where it is known, else its name in the file,
    ``column`` the code of a column where it is known, else its header or its letters."""

    def __init__(self) -> None:
        self.made: list[tuple[Any, ...]] = []
        self.unread: set[tuple[str, int, str | None]] = set()
        """Cells that could not be read: that they are empty breaks no further rule."""

    def add(
        self,
        level: str,
        rule: str,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: str | float | None = None,
        **detail: Any,
    ) -> None:
        self.made.append((level, rule, sheet, row, column, value, detail))

    def rows(
        self,
        level: str,
        rule: str,
        sheet: str,
        rows: pd.DataFrame,
        column: str | None = None,
        value: str | None = None,
        detail: Callable[[Any], dict[str, Any]] = lambda row: {},
    ) -> None:
        """One finding for each of these rows of a sheet's frame, told with the value in ``value`` (a
        column; ``column`` itself where none is named)."""
        if rows.empty:
            return
        shown = value or column
        some: Iterable[Any] = rows.head(TOLD_AT_MOST).itertuples(index=False)
        for row in some:
            if (sheet, int(row.row), column) in self.unread:
                continue
            said = None if shown is None else plain(getattr(row, shown))
            self.add(level, rule, sheet, int(row.row), column, said, **detail(row))
        if len(rows) > TOLD_AT_MOST:
            self.add("note", "and_more", sheet, None, column, None, of=rule, count=len(rows) - TOLD_AT_MOST)

    def forget_warnings(self, rows: set[tuple[str, int]]) -> None:
        """Warnings on these rows (sheet, row) ask for nothing."""
        self.made = [each for each in self.made if each[0] != "warning" or (each[2], each[3]) not in rows]

    def frame(self, order: Iterable[str]) -> pd.DataFrame:
        """The columns of ``FINDING``, in the order of the sheets and rows; errors before warnings."""
        place = {sheet: number for number, sheet in enumerate(order)}
        hidden = {each[2:5] for each in self.made if each[5] == HIDDEN}
        made = sorted(
            self.made,
            key=lambda each: (
                LEVELS.index(each[0]),
                place.get(each[2], -1 if each[2] is None else len(place)),
                each[3] or 0,
                str(each[4] or ""),
                each[1],
            ),
        )
        made = [(*each[:5], HIDDEN, {}) if each[2:5] in hidden else each for each in made]
        rows = pd.DataFrame(made, columns=list(FINDING), dtype=object)
        return rows.assign(row=pd.array([each[3] for each in made], dtype="Int64"))


def plain(value: Any) -> str | float | None:
    """A value as the file would write it; a number as such: languages write it differently."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, float):
        return float(value)
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    return str(value)
