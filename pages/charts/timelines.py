"""Who was there from when to when."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from .layout import Figure, base_layout, cells, enlarged, note, rounded, trace, wrapped
from .palette import Palette
from .periods import calendar_axis, moment

ROW, WRAPPED_ROW, BAR_BELOW, FOOT, WIDEST = 46, 66, 14, 30, 46


def timeline(
    frame: pd.DataFrame,
    *,
    until: date,
    ends: date,
    palette: Palette,
    day: Callable[[date], str],
    size: str = "normal",
) -> Figure:
    """A bar per row from ``starts`` to ``ends`` (empty: to the last day of the axis), its name above it;
    a dotted line at ``until``, the last day that is known. Columns ``code``, ``label``, ``role`` (in
    words), ``kind`` (*lead*, *partner* or *subcontractor*, which look different), ``starts``, ``ends``."""
    rows = cells(frame.assign(value=1.0))
    big = enlarged(size)
    first = min([row["starts"] for row in rows], default=until)
    low, high = moment(first), max(moment(ends), moment(until))
    begins = [moment(row["starts"]) for row in rows]
    lasts = [high if row["ends"] is None else moment(row["ends"]) for row in rows]
    colours = {"lead": palette["accent"], "partner": palette["ramp"][1], "subcontractor": palette["ramp"][1]}
    labels = [label_text(row) for row in rows]
    step = WRAPPED_ROW if any("<br>" in label for label in labels) else ROW
    foot = len(rows) * step
    places = [(y + 1) * step - BAR_BELOW for y in range(len(rows))]
    told = [span_text(row, day) for row in rows]
    above = {"xref": "paper", "yanchor": "bottom", "yshift": 9 * big}
    bars = trace(
        "bar",
        [last - begin for begin, last in zip(begins, lasts, strict=True)],
        places,
        [row["code"] for row in rows],
        [f"<b>{wrapped(row['label'], 60)}</b><br>{text}" for row, text in zip(rows, told, strict=True)],
        base=[rounded(begin, 8) for begin in begins],
        orientation="h",
        width=12,
        marker={
            "color": [colours[row["kind"]] for row in rows],
            "pattern": {"shape": ["/" if row["kind"] == "subcontractor" else "" for row in rows]},
        },
    )
    return {
        "data": [bars],
        "layout": base_layout(
            palette,
            size,
            (foot + FOOT) * big,
            margin={"l": 4, "r": 4, "t": 0, "b": round(FOOT * big)},
            xaxis=calendar_axis(low, high, palette, size),
            yaxis={"visible": False, "fixedrange": True, "range": [foot, 0]},
            annotations=[
                note(label, 0, y, palette, size, **above) for y, label in zip(places, labels, strict=True)
            ],
            shapes=[known_until(moment(until), foot, palette, big)],
        ),
    }


def label_text(row: dict[str, Any]) -> str:
    """Name and role, on two lines where a phone has no room for one."""
    name, role = wrapped(row["label"], WIDEST), wrapped(row["role"], WIDEST)
    return f"{name}<br>{role}" if len(row["label"] + row["role"]) > WIDEST - 3 else f"{name} · {role}"


def span_text(row: dict[str, Any], day: Callable[[date], str]) -> str:
    return f"{row['role']} · {day(row['starts'])}–{'' if row['ends'] is None else day(row['ends'])}"


def known_until(at: float, foot: int, palette: Palette, big: float) -> dict[str, Any]:
    """The line at the last day that is known."""
    dotted = {"color": palette["ink_soft"], "width": 1.5 * big, "dash": "dot"}
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": foot, "line": dotted}
