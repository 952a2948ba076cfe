"""Small multiples: one small chart per area, all on the same axes."""

from typing import Any

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
PANEL = 128
NAME_WIDTH = 17
HEAD, FOOT = 0.34, 0.04
"""Shares of a panel above and below its axes."""
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
    value at all. All panels have the same axes, written once in each row; ``to_date`` is left out."""
    rows = [row for row in cells(frame) if row["period"] != "to_date"]
    panels = {area: [row for row in rows if row["area"] == area] for area in dict.fromkeys(frame["area"])}
    level = [] if country is None else [row for row in cells(country) if shown(row)]
    level = [row for row in level if row["period"] != "to_date"]
    times = [moment(row["period"]) for row in rows] or [0, 1]
    values = [row["value"] for row in [*rows, *level] if shown(row)]
    marks = ticks(min(values), max(values), 2) if values else [0, 1]
    deep = max(1, -(-len(panels) // ACROSS))
    data, layout, notes = [], {}, []
    for place, (area, mine) in enumerate(panels.items()):
        suffix = "" if place == 0 else str(place + 1)
        axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
        lines = panel(mine, level, words, palette, number, area == selected)
        data += [line | axes for line in lines]
        layout |= axes_of(place, deep, suffix, times, marks, number, palette)
        notes += heads(mine, place, deep, area == selected, words, palette, number)
    height = deep * PANEL + 8
    return {"data": data, "layout": base_layout(palette, "normal", height, annotations=notes, **layout)}


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


def axes_of(
    place: int,
    deep: int,
    suffix: str,
    times: list[float],
    marks: list[float],
    number: Number,
    palette: Palette,
) -> dict[str, Any]:
    """The axes of the panel at ``place``: years under it, two values beside the first of a row."""
    column, row = place % ACROSS, place // ACROSS
    left, right = (column + 0.02) / ACROSS, (column + 0.94) / ACROSS
    top, bottom = 1 - (row + HEAD) / deep, 1 - (row + 1 - FOOT) / deep
    pad = (max(times) - min(times) or 1) * 0.04
    plain = {"fixedrange": True, "zeroline": False, "tickfont": {"size": 12, "color": palette["ink_soft"]}}
    years = sorted({int(at) for at in (min(times), max(times))})
    return {
        f"xaxis{suffix}": {
            **plain,
            "domain": [left, right],
            "anchor": f"y{suffix}",
            "range": [min(times) - pad, max(times) + pad],
            "tickvals": years if row == deep - 1 else [],
            "showgrid": False,
            "ticklabeloverflow": "allow",
        },
        f"yaxis{suffix}": {
            **plain,
            "domain": [bottom, top],
            "anchor": f"x{suffix}",
            "range": [marks[0], marks[-1]],
            "tickvals": [marks[0], marks[-1]],
            "ticktext": [write(marks[0]), write(marks[-1])],
            "gridcolor": palette["pale"],
            "ticklabelposition": "inside top",
        },
    }


def heads(
    mine: list[Row], place: int, deep: int, chosen: bool, words: Words, palette: Palette, number: Number
) -> list[Row]:
    """The panel's name and, under it, its newest value or its kind of nothing."""
    column, row = place % ACROSS, place // ACROSS
    at = {"xref": "paper", "yref": "paper", "yanchor": "top"}
    x, y = (column + 0.02) / ACROSS, 1 - row / deep
    name = wrapped(mine[0]["area_name"], NAME_WIDTH) if mine else ""
    full = sorted((each for each in mine if shown(each)), key=lambda each: each["period"])
    newest = full[-1] if full else None
    said = f"<b>{number(newest['value'])}</b>" if newest else nothing_text(mine[-1]["state"], words)
    return [
        note(f"<b>{name}</b>" if chosen else name, x, y, palette, "normal", share=0.93, **at),
        note(
            said,
            (column + 0.94) / ACROSS,
            y,
            palette,
            "normal",
            share=0.93,
            **at | {"xanchor": "right"},
        ),
    ]
