"""Amounts as bars."""

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
    nothing_text,
    shown,
    trace,
    wrapped,
)
from .palette import Palette

LABEL_WIDTH = 22


def count_bars(
    frame: pd.DataFrame,
    *,
    words: Words,
    palette: Palette,
    number: Number,
    size: str = "normal",
) -> Figure:
    """Horizontal bars from zero, in the order given. Columns ``label``, ``value`` and, where there
    are, ``code`` (comes back on a choice) and ``state``."""
    rows = cells(frame)
    big = enlarged(size)
    values = [row["value"] if shown(row) else 0 for row in rows]
    codes = [row.get("code") or row["label"] for row in rows]
    labels = [wrapped(row["label"], LABEL_WIDTH) for row in rows]
    step = 48 if any("<br>" in label for label in labels) else 34
    texts = [number(row["value"]) if shown(row) else nothing_text(row["state"], words) for row in rows]
    room = max([len(number(value)) for value in values] or [0])
    bars = trace(
        "bar",
        values,
        range(len(rows)),
        codes,
        [hover_text(row, row["label"], words, number) for row in rows],
        orientation="h",
        width=0.58,
        text=[f"\u00a0{text}" for text in texts],
        textposition="outside",
        textfont={"color": palette["ink"]},
        marker={
            "color": palette["accent"],
            "cornerradius": 2,
        },
    )
    return {
        "data": [bars],
        "layout": base_layout(
            palette,
            size,
            (len(rows) * step + 8) * big,
            margin={"l": 0, "r": round((10 * room + 8) * big), "t": 0, "b": 0},
            xaxis=bare_axis(range=[0, max([*values, 1])]),
            yaxis={
                "range": [len(rows) - 0.5, -0.5],
                "tickvals": list(range(len(rows))),
                "ticktext": labels,
                "showgrid": False,
                "zeroline": False,
                "fixedrange": True,
                "automargin": True,
                "ticklabelstandoff": 8,
            },
        ),
    }
