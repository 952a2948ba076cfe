"""What every figure shares: type, margins, the reading of a frame, and the words of a hover box."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any

import pandas as pd

from .palette import FONT, SHOWN, SYMBOLS, Palette

Figure = dict[str, Any]
Number = Callable[[float], str]
Words = Mapping[str, str]

SIZES = {"normal": 1.0, "wall": 2.0}
TYPE = 14
HIDDEN_WITH_VALUE = (
    "value",
    "numerator",
    "denominator",
    "n",
    "low",
    "high",
    "share_of_path",
    "status",
    "rank_low",
    "rank_high",
    "verdict",
    "standing",
    "detail",
)
WIDTHS = {
    **dict.fromkeys(" \u00a0.,:;ijlI'|()–", 0.31),
    **dict.fromkeys("frt-", 0.38),
    **dict.fromkeys("mwMW", 0.84),
}
"""Widths of signs as shares of the type's size; other letters and digits are alike enough."""
CLEAR = "#0000"
NOTE = {
    "xanchor": "left",
    "yanchor": "middle",
    "align": "left",
    "showarrow": False,
    "borderpad": 0,
    "borderwidth": 0,
}
STILL = {"marker": {"opacity": 1}}
"""Style of unselected marks: a choice must not fade the others."""


def cells(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a figure frame, missing values as None. Where the state is a kind of nothing, no
    number and nothing derived from it goes on to the figure, whatever the frame held."""
    columns = [[None if lacking(value) else value for value in frame[name].tolist()] for name in frame]
    rows = [dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)]
    for row in rows:
        state = row.get("state") or "value"
        if row.get("value") is None and state == "value":
            state = "not_reported"
        if state not in SHOWN:
            row.update(dict.fromkeys(HIDDEN_WITH_VALUE))
        row["state"] = state
        if state == "zero":
            row["value"] = 0.0
    return rows


def lacking(value: Any) -> bool:
    """NaN, NaT or NA. Asked value by value: for some twenty rows pandas costs ten times as much."""
    return value is None or value is pd.NA or value != value


def shown(row: Mapping[str, Any]) -> bool:
    return row["state"] in SHOWN


def rounded(value: float | None, figures: int = 6) -> float | None:
    """A position on an axis: six figures are more than a screen can tell, and fewer bytes."""
    if value is None:
        return None
    short = float(f"{value:.{figures}g}")
    return int(short) if short.is_integer() else short


def either(values: Sequence[Any]) -> Any:
    """One value where all are alike: plotly takes it for all, and it is fewer bytes."""
    return values[0] if len(set(values)) == 1 else list(values)


def text_size(size: str, share: float = 1.0) -> int:
    return round(TYPE * SIZES[size] * share)


def enlarged(size: str) -> float:
    """How much larger than normal the marks of a figure on the wall are."""
    return SIZES[size]


def wrapped(text: str, width: int) -> str:
    """``text`` safe for plotly's markup, broken at spaces so that a line has at most ``width`` signs."""
    return "<br>".join(escape(line, quote=False) for line in wrap(text, width, break_long_words=False))


def text_width(text: str, size: float) -> float:
    """About how many pixels a text of ``size`` is wide in Source Sans, rather too many than too few.
    Plotly could measure it, but would then draw the whole figure twice."""
    return size * sum(WIDTHS.get(sign, 0.66 if sign.isupper() else 0.54) for sign in text)


def nothing_text(state: str, words: Words) -> str:
    """Symbol and word of a kind of nothing."""
    return f"{SYMBOLS[state]} {words[state]}"


def rank_text(row: Mapping[str, Any], words: Words) -> str:
    low, high = row.get("rank_low"), row.get("rank_high")
    if low is None or high is None:
        return ""
    return words["rank_one" if low == high else "rank_band"].format(low=int(low), high=int(high))


def told(row: Mapping[str, Any], words: Words, number: Number) -> list[str]:
    """What a hover box says of a row: the value with its interval and rank band, or the kind of
    nothing."""
    if not shown(row):
        return [nothing_text(row["state"], words)]
    lines = [number(row["value"])]
    if row.get("low") is not None and row.get("high") is not None:
        lines.append(words["interval"].format(low=number(row["low"]), high=number(row["high"])))
    if rank := rank_text(row, words):
        lines.append(words["rank"].format(band=rank))
    return lines


def hover_text(row: Mapping[str, Any], name: str, words: Words, number: Number) -> str:
    """The hover box of one row."""
    return "<br>".join([f"<b>{escape(name, quote=False)}</b>", *told(row, words, number)])


def hover_lines(rows: list[dict[str, Any]], words: Words, number: Number) -> list[str]:
    """What the hover boxes of areas say below the name, without markup: plotly writes each ``<br>`` in
    fourteen bytes. ``box_template`` has it once for all."""
    return [" · ".join(told(row, words, number)) for row in rows]


def box_template(name: str, line: str) -> dict[str, Any]:
    """How hover boxes are written: where plotly finds the area's name and what is said of it."""
    return {"hovertemplate": f"<b>{name}</b><br>{line}<extra></extra>", "unselected": STILL}


def names_of(rows: list[dict[str, Any]]) -> list[str]:
    """The names of areas, safe for plotly's markup."""
    return [escape(row["area_name"], quote=False) for row in rows]


def font(palette: Palette, size: str, share: float = 1.0, soft: bool = False) -> dict[str, Any]:
    return {"size": text_size(size, share), "color": palette["ink_soft" if soft else "ink"]}


def trace(
    kind: str,
    x: Sequence[float | None],
    y: Sequence[float | None] | None,
    codes: Sequence[str] | None = None,
    hovers: Sequence[str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A plotly trace on plain axes; without ``y`` its marks stand at 0, 1, 2 … With ``codes`` it can
    be chosen and tells ``hovers``; with ``box_template`` too; without either, it is only seen."""
    hover: dict[str, Any] = {}
    if codes is not None:
        hover = {"customdata": codes, "hovertext": hovers, "hoverinfo": "text", "unselected": STILL}
    elif "customdata" not in more:
        hover = {"hoverinfo": "skip"}
    places = {"x": [rounded(at) for at in x]}
    if y is not None:
        places["y"] = [rounded(at) for at in y]
    return {"type": kind, **places, "cliponaxis": False, **hover, **more}


def interval_bars(along: str, rows: list[dict[str, Any]], colour: str, big: float) -> dict[str, Any]:
    """``low``–``high`` around the values (``along``: *error_x* or *error_y*); nothing where no row has an
    interval."""
    if all(row.get("low") is None and row.get("high") is None for row in rows):
        return {}
    above = [None if row.get("high") is None else row["high"] - row["value"] for row in rows]
    below = [None if row.get("low") is None else row["value"] - row["low"] for row in rows]
    bars = {
        "type": "data",
        "symmetric": False,
        "array": [rounded(length, 4) for length in above],
        "arrayminus": [rounded(length, 4) for length in below],
        "color": colour,
        "thickness": 1.5 * big,
        "width": 4 * big,
    }
    return {along: bars}


def base_layout(palette: Palette, size: str, height: float, **more: Any) -> dict[str, Any]:
    """Transparent ground, Source Sans, no frame; ``height`` in pixels.

    Streamlit hands each figure to plotly twice. Without a template, and with a revision of the data,
    plotly sees that nothing has changed, else it would draw everything again.
    """
    type_face = {"family": FONT, "size": text_size(size), "color": palette["ink"]}
    box = {"bgcolor": palette["card"], "bordercolor": palette["line"], "font": type_face, "align": "left"}
    return {
        "datarevision": 1,
        "height": round(height),
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": type_face,
        "hoverlabel": box,
        "showlegend": False,
        "dragmode": False,
        "clickmode": "event+select",
        "uirevision": "fixed",
        **more,
    }


def bare_axis(**more: Any) -> dict[str, Any]:
    """An axis that only places things."""
    return {"visible": False, "fixedrange": True, **more}


def value_axis(
    palette: Palette, size: str, ticks: list[float], number: Number, **more: Any
) -> dict[str, Any]:
    """Thin grid lines at round values, written by ``number``."""
    return {
        "tickvals": ticks,
        "ticktext": [number(tick) for tick in ticks],
        "tickfont": font(palette, size, 0.93, soft=True),
        "gridcolor": palette["pale"],
        "zeroline": False,
        "fixedrange": True,
        **more,
    }


def note(text: str, x: float, y: float, palette: Palette, size: str, **more: Any) -> dict[str, Any]:
    """A text that stands in the figure, left-aligned at a point of the axes unless told otherwise."""
    soft, share = more.pop("soft", False), more.pop("share", 1.0)
    return {
        "text": text,
        "x": x,
        "y": y,
        "font": font(palette, size, share, soft),
        **NOTE,
        **more,
    }


def legend(palette: Palette, size: str, **place: Any) -> dict[str, Any]:
    """A key in one row (more on a phone) that cannot switch anything off."""
    return {
        "orientation": "h",
        "itemclick": False,
        "itemdoubleclick": False,
        "font": font(palette, size, 0.93),
        "bgcolor": CLEAR,
        **place,
    }


LEGEND_ABOVE = {"x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}
