"""How far something is on its way: bullet rows for many, a line with its path for one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from .classes import ticks
from .layout import (
    Figure,
    Number,
    Words,
    bare_axis,
    base_layout,
    cells,
    enlarged,
    font,
    hover_text,
    interval_bars,
    note,
    nothing_text,
    rounded,
    shown,
    text_size,
    text_width,
    trace,
    value_axis,
    wrapped,
)
from .palette import STATUS_SYMBOLS, SYMBOLS, Palette, goal_colour
from .periods import calendar_axis, joined_line, moment

ROW, ROW_WITH_PATH, BAR_AT = 74, 108, 32
FURTHEST = 1.25
PATH_SIGNS = {"baseline": "○", "milestone": "◇", "committed": "△", "target": "◆"}
PATH_MARKERS = {
    "baseline": "circle-open",
    "milestone": "diamond-open",
    "committed": "triangle-up-open",
    "target": "diamond",
}


def bullet_rows(
    frame: pd.DataFrame,
    *,
    names: Mapping[str, str],
    words: Words,
    palette: Palette,
    number: Number,
    by: str = "goal",
    bands: Sequence[float] = (),
    scale: tuple[float, float] | None = None,
    numbers: Mapping[str, Number] | None = None,
    size: str = "normal",
) -> Figure:
    """A row per goal or indicator (column ``by``, named by ``names``), all on one scale.

    Without ``scale`` the axis is the way from baseline to target, so that unlike indicators stand on
    one scale; a row without a baseline or target then has no bar. With ``scale`` (its two ends) it is
    the value itself. ``bands``: shares of the value expected by now at which the status changes
    (0.75, 0.95), drawn as pale bands of one hue and told by ``words["bands"]``. The evidence vetoes:
    *not enough evidence* has neither bar nor value, but how many have reported. ``numbers``: code →
    ``number`` where units differ.
    """
    rows = cells(frame)
    big = enlarged(size)
    heights = [ROW_WITH_PATH if path_lines(row, words, number) else ROW for row in rows]
    tops = [sum(heights[:y]) for y in range(len(rows) + 1)]
    bullets = [{**bullet(row, scale, bands), "y": top + BAR_AT} for row, top in zip(rows, tops, strict=False)]
    reached = [one["at"] for one in bullets if one["at"] is not None]
    low, high = scale or (
        max(min([0, *reached]), 1 - FURTHEST),
        min(max([1, *reached]), FURTHEST),
    )
    write = [(numbers or {}).get(row[by], number) for row in rows]
    hovers = [hover_text(row, names[row[by]], words, write[y]) for y, row in enumerate(rows)]
    colours = [goal_colour(palette, row[by]) if by == "goal" else palette["accent"] for row in rows]
    notes = [
        text
        for y, row in enumerate(rows)
        for text in bullet_notes(row, bullets[y]["y"], names[row[by]], words, palette, write[y], size)
    ]
    ends = [number(low), number(high)] if scale else [words["baseline"], words["target"]]
    notes += foot_notes(tops[-1], scale or (0, 1), ends, words["bands"] if bands else "", palette, size)
    room = 66 if bands else 24
    dotted = {"color": palette["ink_soft"], "width": 1.5 * big, "dash": "dot"}
    return {
        "data": [
            bullet_tracks(bullets, palette),
            bullet_bars(bullets, (low, high), [row[by] for row in rows], hovers, colours),
            bullet_ticks(bullets, "baseline", 10 * big, 1 * big, palette),
            bullet_ticks(bullets, "milestone", 10 * big, 2 * big, palette),
            bullet_ticks(bullets, "target", 16 * big, 3 * big, palette),
            bullet_ticks(bullets, "committed", 9 * big, 1.5 * big, palette, "triangle-up-open"),
        ],
        "layout": base_layout(
            palette,
            size,
            (tops[-1] + room) * big,
            barmode="overlay",
            margin={"l": 1, "r": 2, "t": 0, "b": round(room * big)},
            xaxis=bare_axis(range=[low, high]),
            yaxis=bare_axis(range=[tops[-1], 0]),
            annotations=notes,
            shapes=[
                {"type": "line", "x0": low, "x1": high, "y0": one["y"], "y1": one["y"], "line": dotted}
                for one in bullets
                if not one["bands"]
            ],
        ),
    }


def foot_notes(
    foot_at: float, places: tuple[float, float], ends: list[str], bands: str, palette: Palette, size: str
) -> list[dict[str, Any]]:
    """Under the last row: what the two ends of the axis are, and what the bands mean."""
    foot = {"yanchor": "top", "soft": True}
    notes = [
        note(text, place, foot_at, palette, size, xanchor=anchor, share=0.93, **foot)
        for place, text, anchor in zip(places, ends, ("left", "right"), strict=True)
    ]
    if bands:
        below = {"xref": "paper", "yshift": -20 * enlarged(size), "share": 0.86, **foot}
        notes.append(note(wrapped(bands, 56), 0, foot_at, palette, size, **below))
    return notes


def bullet_tracks(bullets: list[dict[str, Any]], palette: Palette) -> dict[str, Any]:
    """The pale bands that the bars lie on."""
    tracks = [
        (one["y"], left, right, palette["bands"][i]) for one in bullets for i, (left, right) in one["bands"]
    ]
    return trace(
        "bar",
        [right - left for _, left, right, _ in tracks],
        [y for y, _, _, _ in tracks],
        base=[rounded(left) for _, left, _, _ in tracks],
        orientation="h",
        width=20,
        marker={"color": [colour for _, _, _, colour in tracks]},
    )


def bullet_bars(
    bullets: list[dict[str, Any]],
    axis: tuple[float, float],
    codes: list[str],
    hovers: list[str],
    colours: list[str],
) -> dict[str, Any]:
    """How far each row has come, cut at the ends of the axis."""
    low, high = axis
    bars = [(y, one) for y, one in enumerate(bullets) if one["at"] is not None]
    return trace(
        "bar",
        [min(max(one["at"], low), high) - one["start"] for _, one in bars],
        [one["y"] for _, one in bars],
        [codes[y] for y, _ in bars],
        [hovers[y] for y, _ in bars],
        base=[one["start"] for _, one in bars],
        orientation="h",
        width=9,
        marker={"color": [colours[y] for y, _ in bars]},
    )


def bullet(row: dict[str, Any], scale: tuple[float, float] | None, bands: Sequence[float]) -> dict[str, Any]:
    """Where bar, bands and ticks of one row stand on the axis; ``at`` None where no bar may be drawn."""
    baseline, target = row.get("baseline"), row.get("target")

    def place(value: float | None) -> float | None:
        if value is None or scale:
            return value
        if baseline is None or target is None or target == baseline:
            return None
        return (value - baseline) / (target - baseline)

    at = place(row.get("value")) if row.get("status") != "not_enough_evidence" else None
    start, end = scale or (0.0, 1.0)
    edges: list[float] = []
    if at is not None and (expected := place(row.get("expected_now"))) is not None:
        origin = start if baseline is None else place(baseline) or 0.0
        edges = [min(max(origin + (expected - origin) * share, start), end) for share in bands]
    spans = list(zip([start, *edges], [*edges, end], strict=True))
    first = 0 if edges else 2
    return {
        "at": at,
        "start": start,
        "bands": [(min(first + i, 2), span) for i, span in enumerate(spans)] if at is not None else [],
        **{kind: place(row.get(kind)) for kind in PATH_SIGNS},
    }


def bullet_ticks(
    bullets: list[dict[str, Any]],
    kind: str,
    length: float,
    width: float,
    palette: Palette,
    symbol: str = "line-ns-open",
) -> dict[str, Any]:
    marks = [(one["y"], one[kind]) for one in bullets if one[kind] is not None]
    marker = {"symbol": symbol, "size": length, "color": palette["ink"], "line": {"width": width}}
    return trace("scatter", [x for _, x in marks], [y for y, _ in marks], mode="markers", marker=marker)


def path_lines(row: dict[str, Any], words: Words, number: Number) -> list[str]:
    """The path's numbers, in two lines that a phone has room for."""
    told = {kind: f"{words[kind]} {number(row[kind])}" for kind in PATH_SIGNS if row.get(kind) is not None}
    pairs = (("baseline", "milestone"), ("committed", "target"))
    lines = [" · ".join(told[kind] for kind in pair if kind in told) for pair in pairs]
    return [line for line in lines if line]


def bullet_notes(
    row: dict[str, Any], y: float, name: str, words: Words, palette: Palette, number: Number, size: str
) -> list[dict[str, Any]]:
    """The name above a row; below it status and value, and the path's numbers."""
    status = row.get("status")
    big = enlarged(size)
    told = []
    if status:
        colour = palette["status"][status]
        told.append(f'<span style="color:{colour}">{STATUS_SYMBOLS[status]} {words[status]}</span>')
    if not shown(row):
        told.append(nothing_text(row["state"], words))
    elif status != "not_enough_evidence":
        told.append(f"{words['value']} {number(row['value'])}")
    elif row.get("expected") is not None:
        told.append(
            words["reported_of"].format(reported=int(row["reported"] or 0), expected=int(row["expected"]))
        )
    lines = [" · ".join(told), *path_lines(row, words, number)]
    above = {"xref": "paper", "yanchor": "bottom", "yshift": 10 * big}
    below = {"xref": "paper", "yanchor": "top", "yshift": -11 * big, "soft": True, "share": 0.93}
    return [
        note(f"<b>{wrapped(name, 42)}</b>", 0, y, palette, size, **above),
        note("<br>".join(lines), 0, y, palette, size, **below),
    ]


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
    """
    rows = dated(series, today)
    full, empty = [row for row in rows if shown(row)], [row for row in rows if not shown(row)]
    big, colour = enlarged(size), colour or palette["accent"]
    route = [(moment(when), value, kind) for when, value, kind in path]
    steps = [(moment(when), value) for when, value in moved]
    ended = [(row["at"], row["value"]) for row in full if row["at"] == moment(row["period"])]
    ahead = [ended[-1], (moment(pace[0]), pace[1])] if pace and ended else []
    broken = [start_of(period) for period in breaks]
    placed = [*[(when, value) for when, value, _ in route], *steps, *ahead]
    times = [*[row["at"] for row in rows], *[when for when, _ in placed], *broken] or [0, 1]
    levels = [row[end] for row in full for end in ("value", "low", "high") if row.get(end) is not None]
    levels += [value for _, value in placed]
    marks = ticks(min(levels), max(levels)) if levels else [0, 1]
    foot = marks[0] - (marks[-1] - marks[0]) * (0.11 if empty else 0.03)
    return {
        "data": [
            path_route([step for step in route if step[2] != "committed"], palette, big),
            path_marks([step for step in route if step[2] == "committed"], palette, big),
            moved_steps(steps, palette, big),
            pace_line(ahead, colour, big),
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
            annotations=path_notes(full, steps, ahead, broken, words, palette, number, size),
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
            error_y=interval_bars(full, colour, big),
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
    key = [f"{PATH_SIGNS[kind]} {words[kind]} {number(value)}" for _, value, kind in path]
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
