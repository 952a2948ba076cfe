"""A true time axis: where a period or a date stands on it, and where a line may be drawn."""

from collections.abc import Sequence
from datetime import date
from math import ceil, floor
from typing import Any

from .layout import font, trace
from .palette import Palette


def moment(period: str | date) -> float:
    """Years as a decimal number: the end of a half-year (``2025h1`` → 2025.5), the year itself
    (``2018`` → 2018), or a date. Raises ValueError for anything else, also ``to_date``."""
    if isinstance(period, date):
        start = date(period.year, 1, 1).toordinal()
        days = date(period.year + 1, 1, 1).toordinal() - start
        return round(period.year + (period.toordinal() - start + 1) / days, 4)
    if len(period) == 6 and period[4] == "h":
        return int(period[:4]) + int(period[5]) / 2
    if len(period) == 4:
        return float(int(period))
    return moment(date.fromisoformat(period))


def runs(moments: Sequence[float], step: float) -> list[list[int]]:
    """Places of neighbours in ``moments``: a new run wherever more than ``step`` years lie between."""
    found: list[list[int]] = []
    for place, at in enumerate(moments):
        if place and at - moments[place - 1] <= step + 1e-9:
            found[-1].append(place)
        else:
            found.append([place])
    return found


def joined_line(rows: list[dict[str, Any]], step: float, colour: str, big: float) -> dict[str, Any]:
    """A line through rows that are at most ``step`` years apart, broken elsewhere. A row stands at ``at``,
    without it at its period."""
    moments = [row.get("at") or moment(row["period"]) for row in rows]
    x: list[float | None] = []
    y: list[float | None] = []
    for run in runs(moments, step):
        x += [*(moments[place] for place in run), None]
        y += [*(rows[place]["value"] for place in run), None]
    return trace("scatter", x[:-1], y[:-1], mode="lines", line={"color": colour, "width": 2.5 * big})


def calendar_axis(low: float, high: float, palette: Palette, size: str, **more: Any) -> dict[str, Any]:
    """Years named in the middle of their year, a thin line where one ends: for half-years and dates."""
    first, last = floor(low), ceil(high)
    every = 1 if last - first <= 8 else 2 if last - first <= 16 else 5
    return {
        "range": [low - 0.12, high + 0.12],
        "tickvals": [year + 0.5 for year in range(first, last) if low - 0.1 <= year + 0.5 <= high + 0.1],
        "ticktext": [str(year) for year in range(first, last) if low - 0.1 <= year + 0.5 <= high + 0.1],
        "tickfont": font(palette, size, 0.93, soft=True),
        "showgrid": False,
        "minor": {
            "tickvals": list(range(first, last + 1, every)),
            "showgrid": True,
            "gridcolor": palette["pale"],
        },
        "zeroline": False,
        "fixedrange": True,
        **more,
    }


def year_axis(low: float, high: float, palette: Palette, size: str, **more: Any) -> dict[str, Any]:
    """Years named at their point: for yearly statistics."""
    span = high - low
    every = 1 if span <= 6 else 2 if span <= 10 else 5
    return {
        "range": [low - span * 0.03 - 0.2, high + span * 0.03 + 0.2],
        "tickvals": [year for year in range(floor(low), ceil(high) + 1) if year % every == 0],
        "ticktext": [str(year) for year in range(floor(low), ceil(high) + 1) if year % every == 0],
        "tickfont": font(palette, size, 0.93, soft=True),
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        **more,
    }
