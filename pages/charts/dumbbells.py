"""From the first report to the latest: two points a row."""

from typing import Any

import pandas as pd

from .layout import (
    Figure,
    Number,
    Words,
    bare_axis,
    base_layout,
    cells,
    enlarged,
    hover_text,
    note,
    nothing_text,
    shown,
    trace,
    wrapped,
)
from .palette import Palette

ROW, LINE_AT, FOOT = 68, 36, 44


def dumbbells(
    frame: pd.DataFrame,
    *,
    scale: tuple[float, float],
    words: Words,
    palette: Palette,
    number: Number,
    size: str = "normal",
) -> Figure:
    """A row per indicator on one ``scale``: a hollow point for the first report, a full one for the latest,
    both values in figures below. Columns ``code``, ``label``, ``first``, ``value`` (the latest), ``state``;
    a row whose number is not shown says why, one with a single report has one point."""
    rows = cells(frame)
    big = enlarged(size)
    low, high = scale
    places = [(y * ROW + LINE_AT, row) for y, row in enumerate(rows)]
    known = [(y, row) for y, row in places if shown(row)]
    pairs = [(y, row) for y, row in known if row["first"] is not None]
    ends = {"share": 0.86, "soft": True, "yanchor": "top"}
    foot = len(rows) * ROW
    notes = [text for y, row in places for text in row_notes(row, y, words, palette, number, size)]
    notes += [
        note(number(at), at, foot, palette, size, xanchor=anchor, **ends)
        for at, anchor in ((low, "left"), (high, "right"))
    ]
    notes.append(note(words["dumbbell"], 0, foot, palette, size, xref="paper", yshift=-20 * big, **ends))
    return {
        "data": [
            links(pairs, palette, big),
            points(pairs, "first", "circle-open", words, palette, number, big),
            points(known, "value", "circle", words, palette, number, big),
        ],
        "layout": base_layout(
            palette,
            size,
            (foot + FOOT) * big,
            margin={"l": 9, "r": 9, "t": 0, "b": round(FOOT * big)},
            xaxis=bare_axis(range=[low, high]),
            yaxis=bare_axis(range=[foot, 0]),
            annotations=notes,
            shapes=[
                {
                    "type": "line",
                    "x0": low,
                    "x1": high,
                    "y0": y,
                    "y1": y,
                    "layer": "below",
                    "line": {
                        "color": palette["line"],
                        "width": big,
                        **({} if shown(row) else {"dash": "dot"}),
                    },
                }
                for y, row in places
            ],
        ),
    }


def links(pairs: list[tuple[int, dict[str, Any]]], palette: Palette, big: float) -> dict[str, Any]:
    """The bars between the two points."""
    x: list[float | None] = []
    y: list[float | None] = []
    for at, row in pairs:
        x += [row["first"], row["value"], None]
        y += [at, at, None]
    return trace("scatter", x[:-1], y[:-1], mode="lines", line={"color": palette["accent"], "width": 3 * big})


def points(
    rows: list[tuple[int, dict[str, Any]]],
    column: str,
    symbol: str,
    words: Words,
    palette: Palette,
    number: Number,
    big: float,
) -> dict[str, Any]:
    line = {"color": palette["accent"], "width": 2.5 * big}
    marker = {"symbol": symbol, "size": 11 * big, "color": palette["accent"], "line": line}
    return trace(
        "scatter",
        [row[column] for _, row in rows],
        [y for y, _ in rows],
        [row["code"] for _, row in rows],
        [hover_text({**row, "value": row[column]}, row["label"], words, number) for _, row in rows],
        mode="markers",
        marker=marker,
    )


def row_notes(
    row: dict[str, Any], y: int, words: Words, palette: Palette, number: Number, size: str
) -> list[dict[str, Any]]:
    """The indicator's name above its line; below it the two values, or the kind of nothing."""
    big = enlarged(size)
    if not shown(row):
        told = nothing_text(row["state"], words)
    elif row["first"] is None:
        told = number(row["value"])
    else:
        told = f"{number(row['first'])} → {number(row['value'])}"
    above = {"xref": "paper", "yanchor": "bottom", "yshift": 8 * big}
    below = {"xref": "paper", "yanchor": "top", "yshift": -8 * big, "soft": True, "share": 0.93}
    return [
        note(f"<b>{wrapped(row['label'], 60)}</b>", 0, y, palette, size, **above),
        note(told, 0, y, palette, size, **below),
    ]
