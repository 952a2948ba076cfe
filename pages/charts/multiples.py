"""Small multiples: one small chart per area, all on the same axes."""

from typing import Any, NamedTuple

import pandas as pd

from .classes import ticks
from .layout import (
    Figure,
    Number,
    Words,
    base_layout,
    cells,
    hover_text,
    note,
    nothing_text,
    shown,
    trace,
    wrapped,
)
from .palette import Palette
from .periods import joined_line, moment

ACROSS = 3
NAME_WIDTH = 17
LINE, AXES, FOOT = 18, 52, 28
"""Pixels of a line of a panel's name, of its axes, and of what stands under them."""
SIDE = 0.19
"""Share of a panel left of its axes."""
Row = dict[str, Any]


def small_multiples(
    frame: pd.DataFrame,
    *,
    words: Words,
    palette: Palette,
    number: Number,
    country: pd.DataFrame | None = None,
    selected: str | None = None,
) -> Figure:
    """A panel per ``area`` in the order given: its values over half-years (or years) with the newest in
    figures, the country's as a dotted line behind, and the symbol of its kind of nothing where it has no
    value at all. All panels have the same axes."""
    rows = cells(frame)
    panels = {area: [row for row in rows if row["area"] == area] for area in dict.fromkeys(frame["area"])}
    level = [] if country is None else [row for row in cells(country) if shown(row)]
    times = sorted({row["period"] for row in rows}, key=moment) or ["2021", "2022"]
    values = [row["value"] for row in [*rows, *level] if shown(row)]
    marks = ticks(min(values), max(values), 2) if values else [0, 1]
    heads = [head(mine, words, number) for mine in panels.values()]
    lines = max((text.count("<br>") + 1 for text in heads), default=1)
    grid = Grid(max(1, -(-len(panels) // ACROSS)), lines * LINE + 6, AXES, FOOT)
    data, layout, notes = [], {}, []
    for place, (area, mine) in enumerate(panels.items()):
        suffix = "" if place == 0 else str(place + 1)
        axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        chosen = area == selected
        data += [line | axes for line in panel(mine, level, words, palette, number, chosen)]
        layout |= axes_of(grid, place, suffix, times, marks, number, palette)
        text = f"<b>{heads[place]}</b>" if chosen else heads[place]
        notes.append(note(text, grid.left(place) + 0.004, grid.top(place), palette, "normal", **NAMED))
    return {"data": data, "layout": base_layout(palette, "normal", grid.height, annotations=notes, **layout)}


def panel(
    mine: list[Row], level: list[Row], words: Words, palette: Palette, number: Number, chosen: bool
) -> list[Row]:
    """The traces of one panel: the country behind, then the area's line and points."""
    full = sorted((row for row in mine if shown(row)), key=lambda row: row["period"])
    step = 1.0 if full and len(full[0]["period"]) == 4 else 0.5
    behind = joined_line(sorted(level, key=lambda row: row["period"]), step, palette["ink_soft"], 1)
    behind["line"] = {"color": palette["ink_soft"], "width": 1, "dash": "dot"}
    points = trace(
        "scatter",
        [moment(row["period"]) for row in full],
        [row["value"] for row in full],
        [row["area"] for row in full],
        [hover_text(row, f"{row['area_name']} {row['period_name']}", words, number) for row in full],
        mode="markers",
        marker={"size": 7 if chosen else 6, "color": palette["accent"]},
    )
    return [behind, joined_line(full, step, palette["accent"], 1), points]


class Grid(NamedTuple):
    """Rows of panels, and pixels of a panel's name, axes and foot. Places are shares of the figure."""

    deep: int
    head: int
    axes: int
    foot: int

    @property
    def height(self) -> int:
        return self.deep * (self.head + self.axes + self.foot)

    def left(self, place: int) -> float:
        return place % ACROSS / ACROSS

    def top(self, place: int) -> float:
        return 1 - place // ACROSS / self.deep

    def across(self, place: int) -> list[float]:
        return [self.left(place) + SIDE / ACROSS, self.left(place) + 0.94 / ACROSS]

    def down(self, place: int) -> list[float]:
        high = self.top(place) - self.head / self.height
        return [high - self.axes / self.height, high]


def axes_of(
    grid: Grid,
    place: int,
    suffix: str,
    times: list[str],
    marks: list[float],
    number: Number,
    palette: Palette,
) -> dict[str, Any]:
    """The axes of the panel at ``place``: its first and last year below, two values beside it."""
    first, last = moment(times[0]), moment(times[-1])
    pad = (last - first or 1) * 0.06
    plain = {
        "fixedrange": True,
        "zeroline": False,
        "tickfont": {"size": 12, "color": palette["ink_soft"]},
        "ticklabeloverflow": "allow",
        "tickangle": 0,
    }
    return {
        f"xaxis{suffix}": {
            **plain,
            "domain": grid.across(place),
            "anchor": f"y{suffix}",
            "range": [first - pad, last + pad],
            "tickvals": [first, last],
            "ticktext": [times[0][:4], times[-1][:4]],
            "showgrid": False,
        },
        f"yaxis{suffix}": {
            **plain,
            "domain": grid.down(place),
            "anchor": f"x{suffix}",
            "range": [marks[0], marks[-1]],
            "tickvals": [marks[0], marks[-1]],
            "ticktext": [number(marks[0]), number(marks[-1])],
            "gridcolor": palette["pale"],
        },
    }


NAMED = {"xref": "paper", "yref": "paper", "yanchor": "top", "share": 0.93}


def head(mine: list[Row], words: Words, number: Number) -> str:
    """The panel's name with its newest value, or its kind of nothing."""
    newest = max((row for row in mine if shown(row)), key=lambda row: row["period"], default=None)
    said = number(newest["value"]) if newest else nothing_text(mine[-1]["state"], words)
    said = said.replace(" ", "\N{NO-BREAK SPACE}")
    text = wrapped(f"{mine[0]['area_name']} {said}", NAME_WIDTH)
    return f"{text.removesuffix(said)}<b>{said}</b>" if newest else text
