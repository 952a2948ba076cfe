"""Areas in order, with their intervals."""

from collections.abc import Iterable, Sequence
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd

from .classes import class_of, ticks
from .layout import (
    Figure,
    Number,
    Words,
    base_layout,
    box_template,
    cells,
    either,
    enlarged,
    font,
    hover_lines,
    interval_bars,
    note,
    rank_text,
    rounded,
    shown,
    text_size,
    text_width,
    trace,
    value_axis,
)
from .palette import Palette

LABEL_WIDTH = 19
ROW_STRETCH = {"normal": 1.0, "wall": 0.75}
"""Nineteen rows of large type must fit a screen of 1080 pixels."""
STANDOFF = 6
GAP = "  "
"""Before a value at the right, and between it and its rank band."""
UNMEASURED = {"ticklabeloverflow": "allow"}
"""Plotly would measure every text to see whether it fits, which takes longer than drawing it."""
FINNISH = str.maketrans("åäö", "{|}")
Row = dict[str, Any]


def ranked_dots(
    frame: pd.DataFrame,
    *,
    words: Words,
    palette: Palette,
    number: Number,
    limits: Sequence[float] | None = None,
    selected: str | None = None,
    lowest_first: bool = False,
    size: str = "normal",
) -> Figure:
    """A row per area: dot, interval ``low``–``high``, value and rank band in figures at the right;
    areas without a number below, with symbol and word. ``level`` and ``beside`` (columns that a frame
    may have): what each area is held against and its name; a dotted line where it is one for all, else a
    mark in each row.

    Ordered by value. Areas that share a rank band stand together in alphabetical order on one shade,
    because their order among themselves is not known. ``limits``: classes of the map, for the dots.
    """
    rows = cells(frame)
    full = ranked([row for row in rows if shown(row)], lowest_first)
    empty = sorted((row for row in rows if not shown(row)), key=lambda row: (row["state"], alphabet(row)))
    lines = full + empty
    big = enlarged(size)
    ends = [row[end] for row in full for end in ("value", "low", "high") if row.get(end) is not None]
    ends += [row["level"] for row in full if row.get("level") is not None]
    shared = shared_level(full)
    marks = ticks(min(ends), max(ends)) if ends else [0, 1]
    pad = (marks[-1] - marks[0]) * 0.03
    written = marks if max(len(number(mark)) for mark in marks) <= 5 else [marks[0], marks[-1]]

    colours: Any = palette["accent"]
    if limits:
        colours = either([palette["ramp"][i] for i in class_of([row["value"] for row in full], limits)])
    names = [wrap(row["area_name"], LABEL_WIDTH, break_long_words=False) for row in lines]
    values = [(number(row["value"]), rank_text(row, words)) for row in full]
    margins = {
        "l": margin((line for name in names for line in name), size),
        "r": margin((f"{GAP}{value}{GAP}{rank}" for value, rank in values), size),
    }
    labels = [label(name, row["area"] == selected) for name, row in zip(names, lines, strict=True)]
    low, high = marks[0] - pad, marks[-1] + pad
    step = 40 if any(len(name) > 1 for name in names) else 30
    return {
        "data": [
            dots(full, colours, selected, words, palette, number, big),
            *([] if shared else own_levels(full, palette, big)),
            nothing_yet(empty, marks[0], len(full), words, palette, number, size),
            values_at(high, values),
        ],
        "layout": base_layout(
            palette,
            size,
            (len(lines) * step * ROW_STRETCH[size] + 64) * big,
            margin={**margins, "t": round(30 * big), "b": round(32 * big), "autoexpand": False},
            xaxis=value_axis(palette, size, written, number, range=[low, high], tickangle=0, **UNMEASURED),
            yaxis=row_axis(labels, palette),
            shapes=shared_bands(full, palette) + level_line(shared, len(full), palette, big),
            annotations=level_note(shared, palette, number, size),
        ),
    }


def dots(
    rows: list[Row],
    colours: str | list[str],
    selected: str | None,
    words: Words,
    palette: Palette,
    number: Number,
    big: float,
) -> dict[str, Any]:
    """A dot and an interval per row."""
    chosen = [row["area"] == selected for row in rows]
    return trace(
        "scatter",
        [row["value"] for row in rows],
        None,
        **told(rows, words, number),
        mode="markers",
        marker={
            "size": either([(15 if one else 11) * big for one in chosen]),
            "color": colours,
            "opacity": 1,
            "line": {"color": palette["ink"], "width": either([(3 if one else 1) * big for one in chosen])},
        },
        **interval_bars("error_x", rows, palette["ink_soft"], big),
    )


def nothing_yet(
    rows: list[Row], x: float, first: int, words: Words, palette: Palette, number: Number, size: str
) -> dict[str, Any]:
    """Rows without a number, from row ``first`` on: symbol and word instead of a dot."""
    return trace(
        "scatter",
        [x] * len(rows),
        range(first, first + len(rows)),
        **told(rows, words, number),
        mode="text",
        textposition="middle right",
        textfont=font(palette, size, 0.93, soft=True),
    )


def values_at(right: float, values: list[tuple[str, str]]) -> dict[str, Any]:
    """Value and rank band of each row, right of the axes: a second axis would need more room."""
    return trace(
        "scatter",
        [right] * len(values),
        None,
        hoverinfo="skip",
        mode="text",
        text=[value for value, _ in values],
        customdata=[rank for _, rank in values],
        texttemplate=f"{GAP}<b>%{{text}}</b>{GAP}%{{customdata}}",
        textposition="middle right",
    )


def told(rows: list[Row], words: Words, number: Number) -> dict[str, Any]:
    """Codes of areas, which come back on a choice, and what their hover boxes say; these take the name from
    the texts of the axis."""
    codes = [row["area"] for row in rows]
    return {
        "customdata": codes,
        "text": hover_lines(rows, words, number),
        **box_template("%{y}", "%{text}"),
    }


def label(lines: list[str], chosen: bool) -> str:
    text = "<br>".join(escape(line, quote=False) for line in lines)
    return f"<b>{text}</b>" if chosen else text


def margin(texts: Iterable[str], size: str) -> int:
    """Room for the widest of the texts beside the rows, set in bold as one of them may be."""
    widest = max((text_width(text, text_size(size)) for text in texts), default=0)
    return round(widest * 1.04) + STANDOFF if widest else 0


def row_axis(labels: list[str], palette: Palette) -> dict[str, Any]:
    """An axis that has a row per area, the first on top."""
    return {
        "range": [len(labels) - 0.5, -0.5],
        "tickvals": list(range(len(labels))),
        "ticktext": labels,
        "gridcolor": palette["pale"],
        "zeroline": False,
        "fixedrange": True,
        "ticklabelstandoff": STANDOFF,
        **UNMEASURED,
    }


def alphabet(row: Row) -> str:
    """Finnish and Swedish order: å ä ö after z."""
    return row["area_name"].casefold().translate(FINNISH)


def band(row: Row) -> Any:
    """What rows of one rank band have in common; a row without a band is alone."""
    return row["area"] if row.get("rank_low") is None else (row["rank_low"], row["rank_high"])


def ranked(rows: list[Row], lowest_first: bool) -> list[Row]:
    """By value; rows with one rank band moved up to the first of them, in alphabetical order."""
    ordered = sorted(rows, key=lambda row: (row["value"] if lowest_first else -row["value"], alphabet(row)))
    first: dict[Any, int] = {}
    for place, row in enumerate(ordered):
        first.setdefault(band(row), place)
    return sorted(ordered, key=lambda row: (first[band(row)], alphabet(row)))


def shared_bands(rows: list[Row], palette: Palette) -> list[dict[str, Any]]:
    """A pale shade behind the rows that share a rank band."""
    groups: dict[Any, list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(band(row), []).append(place)
    return [
        {
            "type": "rect",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": places[0] - 0.46,
            "y1": places[-1] + 0.46,
            "fillcolor": palette["pale"],
            "opacity": 0.7,
            "line": {"width": 0},
            "layer": "below",
        }
        for places in groups.values()
        if len(places) > 1
    ]


def shared_level(rows: list[Row]) -> tuple[float, str] | None:
    """Level and name of what all areas are held against, where that is one and the same."""
    levels = {(row["level"], row["beside"]) for row in rows if row.get("level") is not None}
    return levels.pop() if len(levels) == 1 else None


def own_levels(rows: list[Row], palette: Palette, big: float) -> list[dict[str, Any]]:
    """An upright mark in each row that has a level of its own."""
    places = [place for place, row in enumerate(rows) if row.get("level") is not None]
    if not places:
        return []
    marker = {"symbol": "line-ns", "size": 20 * big, "line": {"color": palette["ink"], "width": 2 * big}}
    levels = [rows[place]["level"] for place in places]
    return [trace("scatter", levels, places, mode="markers", marker=marker)]


def level_line(
    level: tuple[float, str] | None, rows: int, palette: Palette, big: float
) -> list[dict[str, Any]]:
    if level is None:
        return []
    line = {"color": palette["ink"], "width": 1.5 * big, "dash": "dot"}
    at = rounded(level[0])
    ends = {"x0": at, "x1": at, "y0": -0.5, "y1": rows - 0.5}
    return [{"type": "line", **ends, "line": line, "layer": "below"}]


def level_note(
    level: tuple[float, str] | None, palette: Palette, number: Number, size: str
) -> list[dict[str, Any]]:
    if level is None:
        return []
    value, name = level
    above = {"yref": "paper", "yanchor": "bottom", "xanchor": "center", "share": 0.93}
    return [note(f"{escape(name, quote=False)} {number(value)}", value, 1, palette, size, **above)]
