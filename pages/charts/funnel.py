"""From applications to results, as far as a source tells."""

import pandas as pd

from .layout import Figure, Number, Words, cells, enlarged, hover_text, note, shown, trace, wrapped
from .network import hatched, row_layout
from .palette import Palette


def funnel(
    stages: pd.DataFrame, *, words: Words, palette: Palette, number: Number, size: str = "normal"
) -> Figure:
    """A bar per stage, in order: columns ``label``, ``value`` and, where there are, ``stage`` and
    ``caveat``. A stage that no source gives (``value`` None) is an outlined, hatched box as wide as
    the last known stage, with "?" and the word: unknown is not zero. No shares between stages, since
    one need not be a part of the one before (51 applications form 28 project entities).
    """
    rows = cells(stages)
    known = [row["value"] for row in rows if shown(row)]
    widest = max(known or [1]) or 1
    widths: list[float] = []
    notes, boxes = [], []
    dashed = {"color": palette["ink_soft"], "width": 1.5 * enlarged(size), "dash": "dash"}
    for y, row in enumerate(rows):
        told = number(row["value"]) if shown(row) else "?"
        notes.append(note(f"<b>{told}</b>  {wrapped(row['label'], 42)}", 0, y - 0.28, palette, size))
        if row.get("caveat"):
            text = wrapped(row["caveat"], 50)
            notes.append(note(text, 0, y + 0.27, palette, size, soft=True, share=0.93))
        if shown(row):
            widths.append(row["value"])
            continue
        widths.append(next((width for width in reversed(widths) if width), widest))
        box = {"xanchor": "center", "share": 0.93, "bgcolor": palette["surface"], "borderpad": 2}
        notes.append(note(f"<b>{words['not_available']}</b>", widths[y] / 2, y, palette, size, **box))
        corners = {"x0": 0, "x1": widths[y], "y0": y - 0.15, "y1": y + 0.15}
        boxes.append({"type": "rect", **corners, "line": dashed})

    def bars(places: list[int], marker: dict) -> dict:
        return trace(
            "bar",
            [widths[y] for y in places],
            places,
            [rows[y].get("stage") or rows[y]["label"] for y in places],
            [
                hover_text(rows[y], rows[y]["label"], words, number)
                if shown(rows[y])
                else f"<b>{wrapped(rows[y]['label'], 60)}</b><br>{words['not_available']}"
                for y in places
            ],
            orientation="h",
            width=0.3,
            marker=marker,
        )

    return {
        "data": [
            bars([y for y, row in enumerate(rows) if shown(row)], {"color": palette["accent"]}),
            bars([y for y, row in enumerate(rows) if not shown(row)], hatched(palette)),
        ],
        "layout": row_layout(len(rows), widest, palette, size, notes, shapes=boxes),
    }
