"""Need as official statistics show it: shown beside effort, never divided by it."""

from collections.abc import Callable

import pandas as pd

from .classes import ticks
from .layout import (
    LEGEND_ABOVE,
    Figure,
    Number,
    Words,
    base_layout,
    cells,
    enlarged,
    hover_text,
    legend,
    note,
    shown,
    trace,
    value_axis,
    wrapped,
)
from .palette import Palette
from .periods import joined_line, moment, year_axis

MARKERS = ("circle", "square", "diamond", "triangle-up")


def need_series(
    frame: pd.DataFrame,
    *,
    words: Words,
    palette: Palette,
    number: Number,
    selected: str | None = None,
    period_name: Callable[[str], str] = str,
    size: str = "normal",
) -> Figure:
    """Yearly values on a true time axis from zero, one line per ``area`` (up to four), the
    ``selected`` one in the accent colour and each with its own marker. Neighbouring years are joined
    by a line, others only by thin dots: nothing is known between them."""
    rows = sorted((row for row in cells(frame) if shown(row)), key=lambda row: moment(row["period"]))
    big = enlarged(size)
    areas = list(dict.fromkeys(row["area"] for row in rows))
    chosen = selected if selected in areas else next(iter(areas), None)
    data, notes = [], []
    for area, symbol in sorted(zip(areas, MARKERS, strict=False), key=lambda one: one[0] == chosen):
        line = [row for row in rows if row["area"] == area]
        last = line[-1]
        colour = palette["accent"] if area == chosen else palette["ink_soft"]
        x, y = [moment(row["period"]) for row in line], [row["value"] for row in line]
        names = [f"{row['area_name']} {period_name(row['period'])}" for row in line]
        dots = {"color": colour, "width": 1.25 * big, "dash": "dot"}
        data += [
            trace("scatter", x, y, mode="lines", line=dots, showlegend=False),
            {**joined_line(line, 1, colour, big), "showlegend": False},
            trace(
                "scatter",
                x,
                y,
                [row["period"] for row in line],
                [hover_text(row, name, words, number) for row, name in zip(line, names, strict=True)],
                mode="markers",
                name=wrapped(last["area_name"], 40),
                marker={
                    "symbol": symbol,
                    "size": 9 * big,
                    "color": colour,
                    "line": {"color": palette["surface"], "width": big},
                },
            ),
        ]
        text = f"<b>{number(last['value'])}</b>"
        notes.append(note(text, moment(last["period"]), last["value"], palette, size, xshift=10 * big))
    times = [moment(row["period"]) for row in rows] or [0, 1]
    marks = ticks(0, max([row["value"] for row in rows] or [1]))
    return {
        "data": data,
        "layout": base_layout(
            palette,
            size,
            340 * big,
            margin={"l": 0, "r": round(40 * big), "t": round(44 * big), "b": round(30 * big)},
            xaxis=year_axis(min(times), max(times), palette, size),
            yaxis=value_axis(palette, size, marks, number, range=[0, marks[-1]], automargin=True),
            annotations=notes,
            showlegend=len(areas) > 1,
            legend=legend(palette, size, **LEGEND_ABOVE, traceorder="reversed"),
        ),
    }
