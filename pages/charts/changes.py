"""What changed between two releases, step by step."""

import pandas as pd

from .layout import (
    Figure,
    Number,
    bare_axis,
    base_layout,
    cells,
    enlarged,
    note,
    trace,
    wrapped,
)
from .network import hatched
from .palette import Palette

ROW = 60
DOWN = 0.14


def waterfall(
    steps: pd.DataFrame,
    *,
    palette: Palette,
    number: Number,
    signed: Number,
    size: str = "normal",
) -> Figure:
    """From a value to another, a row per step: columns ``label``, ``value``, ``change`` (None for the
    first and the last row, which are values). Increases are filled, decreases hatched.

    Values are marks and changes bars between them, on an axis that need not begin at zero: a small
    change of a large value can be seen, and no bar from zero is cut."""
    rows = cells(steps)
    big = enlarged(size)
    values = [row["value"] for row in rows]
    told = [number(row["value"]) if row["change"] is None else signed(row["change"]) for row in rows]
    hovers = [f"<b>{wrapped(row['label'], 44)}</b><br>{text}" for row, text in zip(rows, told, strict=True)]
    left = {"xref": "paper", "bgcolor": palette["surface"]}
    notes = [
        note(f"<b>{text}</b>  {wrapped(row['label'], 44)}", 0, y - 0.27, palette, size, **left)
        for y, (row, text) in enumerate(zip(rows, told, strict=True))
    ]
    room = (max(values) - min(values)) * 0.04 or 1

    def bars(places: list[int], marker: dict) -> dict:
        return trace(
            "bar",
            [rows[y]["change"] for y in places],
            [y + DOWN for y in places],
            [rows[y]["label"] for y in places],
            [hovers[y] for y in places],
            base=[values[y] - rows[y]["change"] for y in places],
            orientation="h",
            width=0.28,
            marker=marker,
        )

    ends = [y for y, row in enumerate(rows) if row["change"] is None]
    moved = [y for y, row in enumerate(rows) if row["change"] is not None]
    dotted = {"color": palette["ink_soft"], "width": big, "dash": "dot"}
    return {
        "data": [
            bars([y for y in moved if rows[y]["change"] > 0], {"color": palette["accent"]}),
            bars([y for y in moved if rows[y]["change"] <= 0], hatched(palette)),
            trace(
                "scatter",
                [values[y] for y in ends],
                [y + DOWN for y in ends],
                [rows[y]["label"] for y in ends],
                [hovers[y] for y in ends],
                mode="markers",
                marker={"symbol": "diamond", "size": 11 * big, "color": palette["ink"]},
            ),
        ],
        "layout": base_layout(
            palette,
            size,
            len(rows) * ROW * big,
            barmode="overlay",
            margin={"l": 1, "r": 1, "t": 0, "b": 0},
            xaxis=bare_axis(range=[min(values) - room, max(values) + room]),
            yaxis=bare_axis(range=[len(rows) - 0.5, -0.5]),
            annotations=notes,
            shapes=[
                {"type": "line", "x0": value, "x1": value, "y0": y + DOWN, "y1": y + 1 + DOWN, "line": dotted}
                for y, value in enumerate(values[:-1])
            ],
        ),
    }
