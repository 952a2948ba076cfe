"""Counts of those who work together."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import pandas as pd

from .classes import ticks
from .layout import (
    CLEAR,
    LEGEND_ABOVE,
    Figure,
    Number,
    Words,
    bare_axis,
    base_layout,
    cells,
    enlarged,
    hover_text,
    legend,
    note,
    nothing_text,
    shown,
    trace,
    value_axis,
    wrapped,
)
from .palette import Palette
from .periods import calendar_axis, moment

ROW = 92


def bridge(
    steps: pd.DataFrame, *, words: Words, palette: Palette, number: Number, size: str = "normal"
) -> Figure:
    """From partnerships to eligible organisations: a bar per step, what fell away hatched behind it.

    Columns in order: ``label``, ``value``, ``difference`` (why fewer than the step before; None for
    the first) and, where there are, ``code`` and ``state``.
    """
    rows = cells(steps)
    values = [row["value"] if shown(row) else None for row in rows]
    notes, lost = [], []
    for y, row in enumerate(rows):
        told = number(row["value"]) if shown(row) else nothing_text(row["state"], words)
        notes.append(note(f"<b>{told}</b>  {wrapped(row['label'], 42)}", 0, y - 0.28, palette, size))
        before, now = values[y - 1] if y else None, values[y]
        if before is not None and now is not None and before > now:
            lost.append((y, now, before - now))
            text = f"−{number(before - now)} {wrapped(row.get('difference') or '', 46)}"
            notes.append(note(text, 0, y + 0.27, palette, size, soft=True, share=0.93))
    across: dict[str, Any] = {"orientation": "h", "width": 0.3}
    return {
        "data": [
            trace(
                "bar",
                [value or 0 for value in values],
                range(len(rows)),
                [row.get("code") or row["label"] for row in rows],
                [hover_text(row, row["label"], words, number) for row in rows],
                marker={"color": palette["accent"]},
                **across,
            ),
            trace(
                "bar",
                [width for _, _, width in lost],
                [y for y, _, _ in lost],
                base=[start for _, start, _ in lost],
                marker=hatched(palette),
                **across,
            ),
        ],
        "layout": row_layout(len(rows), max([value or 0 for value in values] or [1]), palette, size, notes),
    }


def hatched(palette: Palette) -> dict[str, Any]:
    pattern = {"shape": "/", "fgcolor": palette["ink_soft"], "size": 7, "solidity": 0.18}
    return {"color": CLEAR, "pattern": {**pattern, "bgcolor": palette["pale"]}}


def row_layout(
    rows: int, widest: float, palette: Palette, size: str, notes: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """Bars with a text above and one below each: the names need no column, so it holds on a phone."""
    return base_layout(
        palette,
        size,
        rows * ROW * enlarged(size),
        barmode="overlay",
        margin={"l": 1, "r": 1, "t": 0, "b": 0},
        xaxis=bare_axis(range=[0, widest * 1.01]),
        yaxis=bare_axis(range=[rows - 0.5, -0.5]),
        annotations=notes,
        **more,
    )


def growth(
    series: pd.DataFrame,
    *,
    words: Words,
    palette: Palette,
    number: Number,
    period_name: Callable[[str], str] = str,
    size: str = "normal",
) -> Figure:
    """A step line of a cumulative count by half-year: columns ``period``, ``value`` and, for up to
    three lines, ``label``. Steps, because the count is known at the cut-offs only."""
    rows = [row for row in cells(series) if row["period"] != "to_date" and shown(row)]
    rows.sort(key=lambda row: moment(row["period"]))
    big = enlarged(size)
    labels = list(dict.fromkeys(row.get("label") or "" for row in rows))
    looks = (("solid", palette["accent"]), ("dash", palette["ink"]), ("dot", palette["ink_soft"]))
    data, notes = [], []
    for (dash, colour), label in zip(looks, labels, strict=False):
        line = [row for row in rows if (row.get("label") or "") == label]
        names = [f"{label} {period_name(row['period'])}".strip() for row in line]
        data.append(
            trace(
                "scatter",
                [moment(row["period"]) for row in line],
                [row["value"] for row in line],
                [row["period"] for row in line],
                [hover_text(row, name, words, number) for row, name in zip(line, names, strict=True)],
                mode="lines+markers",
                name=wrapped(label, 40),
                line={"shape": "hv", "dash": dash, "color": colour, "width": 2.5 * big},
                marker={"size": 8 * big},
            )
        )
        end = moment(line[-1]["period"]), line[-1]["value"]
        notes.append(note(f"<b>{number(end[1])}</b>", *end, palette, size, xshift=9 * big))
    times = [moment(row["period"]) for row in rows] or [0, 1]
    marks = ticks(0, max([row["value"] for row in rows] or [1]))
    return {
        "data": data,
        "layout": base_layout(
            palette,
            size,
            320 * big,
            margin={"l": 0, "r": round(44 * big), "t": round(44 * big), "b": round(30 * big)},
            xaxis=calendar_axis(min(times), max(times), palette, size),
            yaxis=value_axis(palette, size, marks, number, range=[0, marks[-1]], automargin=True),
            annotations=notes,
            showlegend=any(labels),
            legend=legend(palette, size, **LEGEND_ABOVE),
        ),
    }


def turnover(
    frame: pd.DataFrame,
    *,
    names: Mapping[str, str],
    words: Words,
    palette: Palette,
    number: Number,
    size: str = "normal",
) -> Figure:
    """New partnerships as bars up and ended ones, hatched, as bars down, by half-year. Columns
    ``period``, ``label``, ``began``, ``ended``, ``running`` (in the hover box); ``names``: of the last
    three."""
    rows, big = cells(frame.assign(state="value")), enlarged(size)
    looks = {"began": {"color": palette["accent"]}, "ended": hatched(palette)}
    data = []
    for column, sign in (("began", 1), ("ended", -1)):
        data.append(
            trace(
                "bar",
                list(range(len(rows))),
                [sign * row[column] for row in rows],
                [row["period"] for row in rows],
                [turn_text(row, names, number) for row in rows],
                name=names[column],
                marker=looks[column],
                text=[number(row[column]) if row[column] else "" for row in rows],
                textposition="outside",
                textfont={"color": palette["ink"]},
                width=0.6,
            )
        )
    lowest = max([row["ended"] for row in rows] or [0])
    marks = ticks(0, max([row["began"] for row in rows] or [1]))
    return {
        "data": data,
        "layout": base_layout(
            palette,
            size,
            340 * big,
            barmode="overlay",
            margin={"l": 0, "r": round(10 * big), "t": round(44 * big), "b": round(30 * big)},
            xaxis={
                "tickvals": list(range(len(rows))),
                "ticktext": [row["label"] for row in rows],
                "fixedrange": True,
                "showgrid": False,
                "automargin": True,
            },
            yaxis=value_axis(
                palette,
                size,
                marks,
                number,
                range=[-1.2 * lowest - marks[-1] / 8, marks[-1] * 1.08],
                automargin=True,
            ),
            showlegend=True,
            legend=legend(palette, size, **LEGEND_ABOVE),
        ),
    }


def turn_text(row: Mapping[str, Any], names: Mapping[str, str], number: Number) -> str:
    lines = [f"{escape(names[column])}: {number(row[column])}" for column in ("began", "ended", "running")]
    return "<br>".join([f"<b>{escape(row['label'])}</b>", *lines])
