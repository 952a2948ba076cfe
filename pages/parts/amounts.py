"""Values as a reader of this language writes them, by unit; kinds of nothing by symbol and word."""

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from pages.charts.palette import SHOWN, STATUS_SYMBOLS, SYMBOLS
from pages.frame.language import euro, number, percent, words

Row = Any


def rows(frame: pd.DataFrame) -> Iterator[Row]:
    """The rows of a frame, their columns as attributes."""
    return iter(frame.itertuples())


def amount(value: float | None, unit: str, decimals: int = 0) -> str:
    """``3,4`` · ``1,6 %`` · ``18,4 milj. €`` · ``118``."""
    if unit == "percent":
        return percent(None if value is None else value / 100, int(decimals))
    return euro(value) if unit == "eur" else number(value, int(decimals))


def exact(value: float) -> str:
    """A number with all its decimals, as it was reported."""
    return number(value, len(f"{value:.10g}".partition(".")[2]))


def writer(unit: str, decimals: int = 0) -> Callable[[float], str]:
    """``amount`` for charts."""
    return lambda value: amount(value, unit, decimals)


def finer_writer(unit: str, decimals: int = 0) -> Callable[[float], str]:
    """``amount`` with one decimal more for scores and shares, whose changes are small: ``2,09``."""
    return writer(unit, int(decimals) + 1 if unit in ("score", "percent") else int(decimals))


def signed(write: Callable[[float], str]) -> Callable[[float], str]:
    """Changes, with their sign: ``+0,14`` · ``−3``."""
    return lambda change: ("+" if change > 0 else "") + write(change)


def short_writer(unit: str) -> Callable[[float], str] | None:
    """``0,94 M€`` for figures that stand on a map; None for units that are short as they are."""
    return short_euro if unit == "eur" else None


def short_euro(value: float) -> str:
    millions = number(value / 1_000_000, 2 if abs(value) < 1_000_000 else 1)
    return words("format.short_million_euro", amount=millions).replace(" ", "\N{NO-BREAK SPACE}")


def counted(value: float, unit: str) -> str:
    """A count with its noun: ``1 hanke``, ``2 hanketta``; other units as ``amount``."""
    return words(f"count.{unit}", count=round(value)) if unit in COUNTED else amount(value, unit)


COUNTED = ("organisations", "partnerships", "projects", "people", "applications", "children")


def is_shown(row: Row) -> bool:
    """Whether the figure has a number that this reader may see."""
    return row.state in SHOWN and not pd.isna(row.value)


def cell(row: Row) -> str:
    """The figure's value, or the symbol and word of its kind of nothing."""
    return amount(row.value, row.unit, row.decimals) if is_shown(row) else nothing(row.state)


def nothing(state: str) -> str:
    return f"{SYMBOLS.get(state, '–')} {words(f'state.{state}')}"


def interval(row: Row) -> str:
    """``2,9–3,6``, or a dash where no interval exists."""
    if not is_shown(row) or pd.isna(row.low) or pd.isna(row.high):
        return "–"
    return f"{amount(row.low, row.unit, row.decimals)}–{amount(row.high, row.unit, row.decimals)}"


def band(row: Row) -> str:
    """``1.–5.``, the plausible ranks; a dash where there are none."""
    if pd.isna(row.rank_low) or pd.isna(row.rank_high):
        return "–"
    low, high = int(row.rank_low), int(row.rank_high)
    return words("chart.rank_one" if low == high else "chart.rank_band", low=low, high=high)


def reported(row: Row) -> str:
    """``22/26``: how many of those expected have reported; a dash for registers."""
    return "–" if pd.isna(row.expected) else f"{int(row.reported)}/{int(row.expected)}"


def status(row: Row) -> str:
    """Symbol and word of the status."""
    return f"{STATUS_SYMBOLS[row.status]} {words(f'status.{row.status}')}"
