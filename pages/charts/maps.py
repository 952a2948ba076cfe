"""Maps: classes for rates and means, bubbles for counts, and tiles of equal size for either."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from .classes import class_of
from .layout import (
    CLEAR,
    LEGEND_BELOW,
    STILL,
    Figure,
    Number,
    Words,
    bare_axis,
    base_layout,
    cells,
    enlarged,
    font,
    hover_texts,
    legend,
    nothing_text,
    rounded,
    shown,
    text_size,
    trace,
)
from .palette import HATCHES, SYMBOLS, Palette, text_on

KINDS = {
    "score": "choropleth",
    "percent": "choropleth",
    "organisations": "bubbles",
    "projects": "bubbles",
    "people": "bubbles",
    "eur": "bubbles",
}
GEO = {
    "visible": False,
    "bgcolor": CLEAR,
    "projection": {"type": "conic conformal", "parallels": [60, 70], "rotation": {"lon": 26}},
    "lonaxis": {"range": [19, 32]},
    "lataxis": {"range": [59.6, 70.2]},
    "domain": {"y": [0.13, 1]},
}
HEIGHTS = {"normal": 620, "wall": 900}
LARGEST_BUBBLE = 44
TILE = 62
KEY_HEIGHT = 100
Row = dict[str, Any]


def map_kind(unit: str) -> str:
    """*choropleth* for rates and means, *bubbles* for counts and sums. ValueError for an unknown unit."""
    try:
        return KINDS[unit]
    except KeyError:
        raise ValueError(f"no map is declared for the unit {unit!r}") from None


def area_map(
    frame: pd.DataFrame,
    *,
    shapes_url: str,
    limits: Sequence[float],
    words: Words,
    palette: Palette,
    number: Number,
    unit: str,
    kind: str | None = None,
    selected: str | None = None,
    centres: Mapping[str, tuple[float, float]] | None = None,
    outside: Mapping[str, str] | None = None,
    size: str = "normal",
) -> Figure:
    """A map of the areas of one scheme; shapes are fetched by the browser from ``shapes_url``.

    ``limits``: six for the five classes of a choropleth; for bubbles the last one is the value of the
    largest bubble (bubble area is proportional to the value). ``outside``: features that the frame
    does not hold, code → name, drawn as not in the programme. ``centres``: area → (lon, lat) of texts
    and bubbles where a shape's own centroid will not do. Raises ValueError for a kind that does not
    suit the unit.
    """
    if (kind := kind or map_kind(unit)) != map_kind(unit):
        raise ValueError(f"{unit} is drawn as {map_kind(unit)}, not as {kind}")
    rows = cells(frame) + [
        {"area": code, "area_name": name, "state": "not_in_programme"}
        for code, name in (outside or {}).items()
        if code not in set(frame["area"])
    ]
    full = sorted((row for row in rows if shown(row)), key=lambda row: -row["value"])
    empty = [row for row in rows if not shown(row)]
    values = [row["value"] for row in full]
    shapes = {"geojson": shapes_url, "featureidkey": "id"}

    def layer(some: list[Row], z: Sequence[int | None], line: str, **more: Any) -> dict[str, Any]:
        return {
            "type": "choropleth",
            **shapes,
            "locations": [row["area"] for row in some],
            "z": z,
            "hovertext": hover_texts(some, words, number),
            "hoverinfo": "text",
            "marker": {"line": {"color": line, "width": 1}},
            "showscale": False,
            "unselected": STILL,
            **more,
        }

    def points(some: list[Row], **more: Any) -> dict[str, Any]:
        codes = [row["area"] for row in some]
        place = {**shapes, "locations": codes, "locationmode": "geojson-id"}
        if centres:
            lonlat = [centres.get(code, (None, None)) for code in codes]
            place = {"lon": [lon for lon, _ in lonlat], "lat": [lat for _, lat in lonlat]}
        return {"type": "scattergeo", **place, "hoverinfo": "skip", "showlegend": False, **more}

    if kind == "choropleth":
        classes = class_of(values, limits)
        inks = [text_on(palette["ramp"][i]) for i in classes]
        data = [layer(full, classes, palette["surface"], **class_colours(palette, limits, number, size))]
    else:
        inks = [palette["ink"]] * len(full)
        data = [layer(full, [0] * len(full), palette["surface"], **one_colour(palette["pale"]))]
    for state, some in by_state(empty):
        key = {"name": nothing_text(state, words), "showlegend": True}
        look = one_colour(palette["nothing"][state])
        data.append(layer(some, [0] * len(some), palette["line"], **look, **key))
    if kind == "bubbles":
        data.append(points(full, mode="markers", marker=bubbles(values, limits, palette, size)))
    texts = [number(value) for value in values] + [f"<b>{SYMBOLS[row['state']]}</b>" for row in empty]
    text_font = {"size": text_size(size, 0.93), "color": inks + [palette["ink"]] * len(empty)}
    data.append(points(full + empty, mode="text", text=texts, textfont=text_font))
    if selected in {row["area"] for row in rows}:
        outline = {"line": {"color": palette["ink"], "width": 3}}
        chosen = layer([], [0], CLEAR, **one_colour(CLEAR))
        data.append({**chosen, "locations": [selected], "hoverinfo": "skip", "marker": outline})
    return {
        "data": data,
        "layout": base_layout(
            palette,
            size,
            HEIGHTS[size],
            geo=GEO,
            showlegend=True,
            legend=legend(palette, size, **LEGEND_BELOW, y=0.04 if kind == "choropleth" else 0.12),
        ),
    }


def tile_map(
    frame: pd.DataFrame,
    *,
    limits: Sequence[float],
    words: Words,
    palette: Palette,
    number: Number,
    selected: str | None = None,
    size: str = "normal",
) -> Figure:
    """One equal square per area, at ``tile_row``/``tile_column``, with ``tile_label`` and the value:
    the same classes and symbols as the map, for any unit. Rows without a tile are left out."""
    rows = [row for row in cells(frame) if row.get("tile_row") is not None]
    full = [row for row in rows if shown(row)]
    tall = max((int(row["tile_row"]) for row in rows), default=0) + 1
    wide = max((int(row["tile_column"]) for row in rows), default=0) + 1
    height = tall * TILE + KEY_HEIGHT
    foot = KEY_HEIGHT / height

    def tiles(some: list[Row], texts: list[str], inks: Any, marker: Row, **more: Any) -> dict[str, Any]:
        widths = [3 if row["area"] == selected else 0 for row in some]
        return trace(
            "bar",
            [int(row["tile_column"]) for row in some],
            [0.94] * len(some),
            [row["area"] for row in some],
            hover_texts(some, words, number),
            base=[int(row["tile_row"]) - 0.47 for row in some],
            width=0.94,
            text=[
                f"{escape(row['tile_label'], quote=False)}<br><b>{text}</b>"
                for row, text in zip(some, texts, strict=True)
            ],
            textposition="inside",
            insidetextanchor="middle",
            insidetextfont={"size": text_size(size, 0.93), "color": inks},
            textangle=0,
            constraintext="none",
            marker={**marker, "cornerradius": 3, "line": {"color": palette["ink"], "width": widths}},
            showlegend=bool(more),
            **more,
        )

    classes = class_of([row["value"] for row in full], limits)
    look = class_colours(palette, limits, number, size, y=foot - 0.01)
    marker = {"color": classes, "cmin": look.pop("zmin"), "cmax": look.pop("zmax"), **look}
    inks = [text_on(palette["ramp"][i]) for i in classes]
    data = [tiles(full, [number(row["value"]) for row in full], inks, marker)]
    for state, some in by_state(rows):
        fill = palette["nothing"][state]
        hatch = {"shape": HATCHES[state], "fgcolor": palette["line"], "size": 7, "solidity": 0.15}
        data.append(
            tiles(
                some,
                [SYMBOLS[state]] * len(some),
                palette["ink"],
                {"color": fill, "pattern": {**hatch, "bgcolor": fill}},
                name=nothing_text(state, words),
            )
        )
    return {
        "data": data,
        "layout": base_layout(
            palette,
            size,
            height * enlarged(size),
            barmode="overlay",
            xaxis=bare_axis(range=[-0.55, wide - 0.45], constrain="domain"),
            yaxis=bare_axis(
                range=[tall - 0.45, -0.55], scaleanchor="x", constrain="domain", domain=[foot, 1]
            ),
            showlegend=True,
            legend=legend(palette, size, **LEGEND_BELOW, y=foot - 50 / height),
        ),
    }


def by_state(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """The rows of each kind of nothing that occurs, always in the same order."""
    found = ((state, [row for row in rows if row["state"] == state]) for state in SYMBOLS)
    return [(state, some) for state, some in found if some]


def bubbles(values: list[float], limits: Sequence[float], palette: Palette, size: str) -> dict[str, Any]:
    return {
        "size": [rounded(value) for value in values],
        "sizemode": "area",
        "sizeref": rounded(2 * (limits[-1] or 1) / (LARGEST_BUBBLE * enlarged(size)) ** 2),
        "color": palette["accent"],
        "opacity": 0.32,
        "line": {"color": palette["accent"], "width": 1.5},
    }


def one_colour(colour: str) -> dict[str, Any]:
    return {"colorscale": [[0, colour], [1, colour]]}


def class_colours(
    palette: Palette, limits: Sequence[float], number: Number, size: str, y: float = 0.12
) -> dict[str, Any]:
    """A stepped colour scale over class numbers, and the bar that prints the limits of the classes.
    ValueError where there is not one colour per class."""
    ramp = palette["ramp"]
    n = len(ramp)
    if len(limits) != n + 1:
        raise ValueError(f"{n} classes have {n + 1} limits, not {len(limits)}")
    return {
        "colorscale": [
            stop for i, colour in enumerate(ramp) for stop in ([i / n, colour], [(i + 1) / n, colour])
        ],
        "zmin": -0.5,
        "zmax": n - 0.5,
        "showscale": True,
        "colorbar": {
            "orientation": "h",
            "x": 0.5,
            "y": y,
            "yanchor": "top",
            "len": 0.62,
            "thickness": round(text_size(size) * 0.75),
            "outlinewidth": 0,
            "tickvals": [i - 0.5 for i in range(n + 1)],
            "ticktext": [number(limit) for limit in limits],
            "tickfont": font(palette, size, 0.93, soft=True),
        },
    }
