"""How far many things are on their way: bullet rows with baseline, milestone, target and committed."""

from collections.abc import Mapping, Sequence
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
    rounded,
    shown,
    trace,
    wrapped,
)
from .palette import STATUS_SYMBOLS, TARGET_SIGNS, Palette, goal_colour

ROW, ROW_WITH_PATH, BAR_AT = 74, 108, 32
FURTHEST = 1.25


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
        **{kind: place(row.get(kind)) for kind in TARGET_SIGNS},
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
    told = {kind: f"{words[kind]} {number(row[kind])}" for kind in TARGET_SIGNS if row.get(kind) is not None}
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
