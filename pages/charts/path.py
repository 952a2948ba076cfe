"""How far one thing is on its way: a line over time with its path, its moved target and its pace."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from .classes import ticks
from .layout import (
    Figure,
    Number,
    Words,
    base_layout,
    cells,
    enlarged,
    font,
    hover_text,
    interval_bars,
    note,
    nothing_text,
    shown,
    text_size,
    text_width,
    trace,
    value_axis,
)
from .palette import SYMBOLS, TARGET_SIGNS, Palette
from .periods import calendar_axis, joined_line, moment

PATH_MARKERS = {
    "baseline": "circle-open",
    "milestone": "diamond-open",
    "committed": "triangle-up-open",
    "target": "diamond",
}


def path_line(
    series: pd.DataFrame,
    *,
    words: Words,
    palette: Palette,
    number: Number,
    path: Sequence[tuple[str | date, float, str]] = (),
    moved: Sequence[tuple[str | date, float]] = (),
    pace: tuple[str | date, float] | None = None,
    breaks: Sequence[str] = (),
    today: str | date | None = None,
    period_name: Callable[[str], str] = str,
    colour: str | None = None,
    beside: pd.DataFrame | None = None,
    size: str = "normal",
) -> Figure:
    """Values over half-years (``period``) with their intervals, and the straight path that they are
    held against: ``path`` = (date or period, value, *baseline* | *milestone* | *committed* | *target*) in
    time order; *committed* is a mark beside the path.

    ``moved``: (from when, value) of a target that was moved, the last one its day: drawn as steps, the
    first value is the original. ``pace``: (day, value) where the series would be if it went on as it
    has, dashed. ``breaks``: periods from which on the series means something else. ``today``: the last
    known day, where the value of a half-year that still runs stands. The line joins
    neighbouring half-years only; a period without a number shows its symbol at the foot and leaves a gap.
    ``beside``: the same of the whole country, a thin line without marks.
    """
    rows = dated(series, today)
    country = [] if beside is None else [row for row in dated(beside, today) if shown(row)]
    full, empty = [row for row in rows if shown(row)], [row for row in rows if not shown(row)]
    big, colour = enlarged(size), colour or palette["accent"]
    route = [(moment(when), value, kind) for when, value, kind in path]
    steps = [(moment(when), value) for when, value in moved]
    ended = [(row["at"], row["value"]) for row in full if row["at"] == moment(row["period"])]
    ahead = [ended[-1], (moment(pace[0]), pace[1])] if pace and ended else []
    broken = [start_of(period) for period in breaks]
    placed = [*[(when, value) for when, value, _ in route], *steps, *ahead]
    times = [*[row["at"] for row in rows + country], *[when for when, _ in placed], *broken] or [0, 1]
    levels = [row[end] for row in full for end in ("value", "low", "high") if row.get(end) is not None]
    levels += [*[value for _, value in placed], *[row["value"] for row in country]]
    marks = ticks(min(levels), max(levels)) if levels else [0, 1]
    foot = marks[0] - (marks[-1] - marks[0]) * (0.11 if empty else 0.03)
    return {
        "data": [
            path_route([step for step in route if step[2] != "committed"], palette, big),
            path_marks([step for step in route if step[2] == "committed"], palette, big),
            moved_steps(steps, palette, big),
            pace_line(ahead, colour, big),
            *([joined_line(country, 0.5, palette["ink_soft"], 0.6 * big)] if country else []),
            joined_line(full, 0.5, colour, big),
            *path_points(full, empty, foot, words, palette, number, period_name, colour, size),
        ],
        "layout": base_layout(
            palette,
            size,
            360 * big,
            margin={"l": 0, "r": room_for(full, max(times), number, size), "t": 26 * big, "b": 30 * big},
            xaxis=calendar_axis(min(times), max(times), palette, size),
            yaxis=value_axis(palette, size, marks, number, range=[foot, marks[-1]], automargin=True),
            annotations=path_notes(full, steps, ahead, broken, words, palette, number, size)
            + country_note(country, full, words, palette, size),
            shapes=[break_line(at, palette, big) for at in broken],
        ),
    }


def room_for(full: list[dict[str, Any]], end: float, number: Number, size: str) -> int:
    """Pixels right of the axis: more where the newest value, which is written beside it, stands there."""
    wide = bool(full) and full[-1]["at"] > end - 0.3
    beside = text_width(number(full[-1]["value"]), text_size(size, 1.1)) if wide else 0
    return round(14 * enlarged(size) + beside)


def dated(series: pd.DataFrame, today: str | date | None) -> list[dict[str, Any]]:
    """The rows in order with ``at``, where each stands on the axis: the end of its period, but a value
    of a half-year that still runs at ``today``."""
    rows = [row | {"at": moment(row["period"])} for row in cells(series) if row["period"] != "to_date"]
    for row in rows:
        if today is not None and shown(row):
            row["at"] = min(row["at"], moment(today))
    return sorted(rows, key=lambda row: moment(row["period"]))


def path_points(
    full: list[dict[str, Any]],
    empty: list[dict[str, Any]],
    foot: float,
    words: Words,
    palette: Palette,
    number: Number,
    period_name: Callable[[str], str],
    colour: str,
    size: str,
) -> list[dict[str, Any]]:
    """The values with their intervals, and at the foot the symbols of periods without one."""
    big = enlarged(size)

    def hovers(rows: list[dict[str, Any]]) -> list[str]:
        return [hover_text(row, period_name(row["period"]), words, number) for row in rows]

    ground = {"color": palette["surface"], "width": 1.5 * big}
    return [
        trace(
            "scatter",
            [row["at"] for row in full],
            [row["value"] for row in full],
            [row["period"] for row in full],
            hovers(full),
            mode="markers",
            marker={"size": 9 * big, "color": colour, "line": ground},
            **interval_bars("error_y", full, colour, big),
        ),
        trace(
            "scatter",
            [row["at"] for row in empty],
            [foot] * len(empty),
            [row["period"] for row in empty],
            hovers(empty),
            mode="text",
            text=[f"<b>{SYMBOLS[row['state']]}</b>" for row in empty],
            textposition="top center",
            textfont=font(palette, size, 1.2),
        ),
    ]


def path_route(route: list[tuple[float, float, str]], palette: Palette, big: float) -> dict[str, Any]:
    """The dashed way from the baseline over the milestone to the target."""
    return trace(
        "scatter",
        [when for when, _, _ in route],
        [value for _, value, _ in route],
        mode="lines+markers",
        line={"color": palette["ink_soft"], "width": 1.5 * big, "dash": "dash"},
        marker={
            "symbol": [PATH_MARKERS[kind] for _, _, kind in route],
            "size": 10 * big,
            "color": palette["ink"],
            "opacity": 1,
            "line": {"width": 1.5 * big},
        },
    )


def path_marks(committed: list[tuple[float, float, str]], palette: Palette, big: float) -> dict[str, Any]:
    """What the selected projects promise, beside the path."""
    symbol = {"symbol": PATH_MARKERS["committed"], "size": 10 * big, "color": palette["ink"]}
    return trace(
        "scatter",
        [when for when, _, _ in committed],
        [value for _, value, _ in committed],
        mode="markers",
        marker=symbol | {"opacity": 1, "line": {"width": 1.5 * big}},
    )


def moved_steps(steps: list[tuple[float, float]], palette: Palette, big: float) -> dict[str, Any]:
    """The target as it was decided through time: level until it was moved, then a step."""
    x, y = [when for when, _ in steps], [value for _, value in steps]
    line = {"color": palette["ink_soft"], "width": 1.25 * big, "dash": "dot", "shape": "hv"}
    return trace("scatter", x, y, mode="lines", line=line)


def pace_line(ahead: list[tuple[float, float]], colour: str, big: float) -> dict[str, Any]:
    """From the newest value on at today's pace: dashed, an open end."""
    return trace(
        "scatter",
        [when for when, _ in ahead],
        [value for _, value in ahead],
        mode="lines+markers",
        line={"color": colour, "width": 2 * big, "dash": "dash"},
        marker={"symbol": "circle-open", "size": [0, 10 * big][: len(ahead)], "color": colour, "opacity": 1},
    )


def start_of(period: str) -> float:
    """Where a half-year or a year begins on the axis."""
    return moment(period) - (0.5 if "h" in period else 1)


def break_line(at: float, palette: Palette, big: float) -> dict[str, Any]:
    line = {"color": palette["ink"], "width": 1.5 * big, "dash": "dot"}
    return {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def path_key(
    series: pd.DataFrame,
    *,
    words: Words,
    number: Number,
    path: Sequence[tuple[str | date, float, str]] = (),
    moved: Sequence[tuple[str | date, float]] = (),
    pace: tuple[str | date, float] | None = None,
) -> list[str]:
    """What the marks of ``path_line`` mean, with their values: to stand above it, where it can wrap."""
    key = [f"{TARGET_SIGNS[kind]} {words[kind]} {number(value)}" for _, value, kind in path]
    if moved:
        key.append(f"··· {words['original']} {number(moved[0][1])}")
    if pace:
        key.append(f"– – {words['pace']} {number(pace[1])}")
    empty = [row["state"] for row in cells(series) if not shown(row)]
    return key + [nothing_text(state, words) for state in dict.fromkeys(empty)]


def path_notes(
    full: list[dict[str, Any]],
    steps: list[tuple[float, float]],
    ahead: list[tuple[float, float]],
    broken: list[float],
    words: Words,
    palette: Palette,
    number: Number,
    size: str,
) -> list[dict[str, Any]]:
    """The newest value at its point, that of a target before it was moved, where the pace leads, breaks."""
    big = enlarged(size)
    notes = []
    if full:
        end = {"xshift": 9 * big, "yshift": -9 * big, "yanchor": "top", "share": 1.1}
        last = full[-1]
        text = f"<b>{number(last['value'])}</b>"
        notes.append(note(text, last["at"], last["value"], palette, size, **end))
    above = {"yanchor": "bottom", "yshift": 4 * big, "soft": True, "share": 0.93}
    notes += [note(number(value), when, value, palette, size, **above) for when, value in steps[:1]]
    notes += [
        note(number(value), when, value, palette, size, **above, xanchor="right") for when, value in ahead[1:]
    ]
    inside = {"yref": "paper", "yanchor": "top", "xshift": 4 * big, "soft": True, "share": 0.93}
    notes += [note(words["break"], at, 1, palette, size, **inside) for at in broken]
    return notes


def country_note(
    country: list[dict[str, Any]], full: list[dict[str, Any]], words: Words, palette: Palette, size: str
) -> list[dict[str, Any]]:
    """The country's name at the beginning of its line, on the side where the other line is not."""
    beside = {row["at"]: row["value"] for row in full}
    notes = []
    for row in country[:1]:
        under = beside.get(row["at"], row["value"]) > row["value"]
        side = {"yanchor": "top" if under else "bottom", "yshift": (-4 if under else 4) * enlarged(size)}
        notes.append(
            note(words["country"], row["at"], row["value"], palette, size, soft=True, share=0.93, **side)
        )
    return notes
