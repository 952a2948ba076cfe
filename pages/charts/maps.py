"""Maps: classes for rates and means, bubbles for counts, and tiles of equal size for either."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

import pandas as pd

from .classes import class_of
from .layout import (
    CLEAR,
    Figure,
    Number,
    Words,
    bare_axis,
    base_layout,
    box_template,
    cells,
    either,
    enlarged,
    font,
    hover_boxes,
    hover_lines,
    legend_below,
    names_of,
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
    "center": {"lon": 25.3, "lat": 64.93},
    "lonaxis": {"range": [19.3, 31.1]},
    "lataxis": {"range": [59.7, 70.15]},
}
KEY_SHARE = 0.13
COUNTRY = "fi"
NAME = "%{hovertext}"
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
    ground_url: str | None = None,
    short_number: Number | None = None,
    key: bool = True,
    size: str = "normal",
) -> Figure:
    """A map of the areas of one scheme; shapes are fetched by the browser from ``shapes_url``.

    ``limits``: six for the five classes of a choropleth; for bubbles the last one is the value of the
    largest bubble (bubble area is proportional to the value). ``outside``: features that the frame
    does not hold, code → name, drawn as not in the programme. ``ground_url``: where the shape of the
    whole country is, drawn underneath for a scheme that lacks some shapes. ``centres``: area → (lon,
    lat) of texts and bubbles where a shape's own centroid will not do. ``short_number`` writes the
    figures that stand on the map, where ``number`` is too wide. Without ``key`` its classes and kinds
    of nothing are told elsewhere (``class_key``). Raises ValueError for a kind that does not suit the
    unit.
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
    told = {"words": words, "number": number}
    data = ground(ground_url, palette) if ground_url else []
    if kind == "choropleth":
        classes = class_of([row["value"] for row in full], limits)
        inks = [text_on(palette["ramp"][i]) for i in classes]
        data.append(layer(full, classes, class_colours(palette, limits, number, size, key), **told))
    else:
        inks = [palette["ink"]] * len(full)
        data.append(layer(full, [0] * len(full), one_colour(palette["pale"]), **told))
    data[-1]["marker"] = {"line": {"color": palette["surface"]}}
    for state, some in by_state(empty):
        named = {"name": nothing_text(state, words), "showlegend": True} if key else {}
        data.append(layer(some, [0] * len(some), one_colour(palette["nothing"][state]), **told) | named)
    if kind == "bubbles":
        data.append(points(full, centres, mode="markers", marker=bubbles(full, limits, palette, size)))
    data.append(figures_on_map(full, empty, inks, centres, short_number or number, palette, size))
    if selected and selected in {row["area"] for row in rows}:
        data.append(outline(selected, palette))
    return {
        "data": data,
        "layout": base_layout(
            palette,
            size,
            HEIGHTS[size] * (1 if key else 1 - KEY_SHARE),
            traces=shared_by_layers(shapes_url, palette),
            geo={**GEO, "domain": {"y": [KEY_SHARE if key else 0, 1]}},
            **legend_below(palette, size, 0.04 if kind == "choropleth" else 0.12, key),
        ),
    }


def shared_by_layers(shapes_url: str, palette: Palette) -> dict[str, dict[str, Any]]:
    """What every layer of a map has in common: told once, it is a fifth of the figure."""
    border = {"line": {"color": palette["line"], "width": 1}}
    areas = {"geojson": shapes_url, "marker": border, "showscale": False}
    marks = {"geojson": shapes_url, "hoverinfo": "skip", "showlegend": False}
    areas |= box_template(NAME, "%{text}")
    return {"choropleth": areas, "scattergeo": marks}


def layer(
    rows: list[Row], z: Sequence[int | None], colours: dict[str, Any], *, words: Words, number: Number
) -> dict[str, Any]:
    """Areas that are coloured by ``z``, each with its hover box."""
    place = {"locations": [row["area"] for row in rows], "z": z}
    boxes = {"hovertext": names_of(rows), "text": hover_lines(rows, words, number)}
    return {"type": "choropleth", **place, **boxes, **colours}


def ground(url: str, palette: Palette) -> list[dict[str, Any]]:
    """The country, so that areas without a shape are not a hole; it can be neither chosen nor asked."""
    place = {"geojson": url, "locations": [COUNTRY], "z": [0], "hoverinfo": "skip"}
    return [{"type": "choropleth", **place, **one_colour(palette["pale"])}]


def outline(area: str, palette: Palette) -> dict[str, Any]:
    """The border of the chosen area, above everything else."""
    border = {"line": {"color": palette["ink"], "width": 3}}
    place = {"locations": [area], "z": [0], "hoverinfo": "skip"}
    return {"type": "choropleth", **place, "marker": border, **one_colour(CLEAR)}


def points(rows: list[Row], centres: Mapping[str, tuple[float, float]] | None, **more: Any) -> dict[str, Any]:
    """Marks or texts in the middle of areas."""
    codes = [row["area"] for row in rows]
    place: dict[str, Any] = {"locations": codes, "locationmode": "geojson-id"}
    if centres:
        lonlat = [centres.get(code, (None, None)) for code in codes]
        place = {"lon": [lon for lon, _ in lonlat], "lat": [lat for _, lat in lonlat]}
    return {"type": "scattergeo", **place, **more}


def figures_on_map(
    full: list[Row],
    empty: list[Row],
    inks: list[str],
    centres: Mapping[str, tuple[float, float]] | None,
    number: Number,
    palette: Palette,
    size: str,
) -> dict[str, Any]:
    """The value of each area in figures, or the symbol of its kind of nothing."""
    texts = [number(row["value"]) for row in full] + [f"<b>{SYMBOLS[row['state']]}</b>" for row in empty]
    inks = inks + [palette["ink"]] * len(empty)
    look = {"size": text_size(size, 0.93), "color": either(inks)}
    return points(full + empty, centres, mode="text", text=texts, textfont=look)


def tile_map(
    frame: pd.DataFrame,
    *,
    limits: Sequence[float],
    words: Words,
    palette: Palette,
    number: Number,
    selected: str | None = None,
    short_number: Number | None = None,
    key: bool = True,
    size: str = "normal",
) -> Figure:
    """One equal square per area, at ``tile_row``/``tile_column``, with ``tile_label`` and the value:
    the same classes and symbols as the map, for any unit. Rows without a tile are left out.
    ``short_number`` and ``key`` as for the map."""
    rows = [row for row in cells(frame) if row.get("tile_row") is not None]
    full = [row for row in rows if shown(row)]
    tall = max((int(row["tile_row"]) for row in rows), default=0) + 1
    wide = max((int(row["tile_column"]) for row in rows), default=0) + 1
    height = tall * TILE + (KEY_HEIGHT if key else 0)
    foot = KEY_HEIGHT / height if key else 0

    classes = class_of([row["value"] for row in full], limits)
    look = class_colours(palette, limits, number, size, key, y=foot - 0.01)
    marker = {"color": classes, "cmin": look.pop("zmin"), "cmax": look.pop("zmax"), **look}
    texts = [(short_number or number)(row["value"]) for row in full]
    told = {"words": words, "number": number, "selected": selected, "palette": palette, "size": size}
    data = [tiles(full, texts, [text_on(palette["ramp"][i]) for i in classes], marker, **told)]
    for state, some in by_state(rows):
        named = {"name": nothing_text(state, words), "showlegend": key}
        texts = [SYMBOLS[state]] * len(some)
        data.append(tiles(some, texts, palette["ink"], hatched(state, palette), **told) | named)
    across = bare_axis(range=[-0.55, wide - 0.45], constrain="domain")
    down = {"range": [tall - 0.45, -0.55], "scaleanchor": "x", "constrain": "domain"}
    return {
        "data": data,
        "layout": base_layout(
            palette,
            size,
            height * enlarged(size),
            traces={"bar": box_template(NAME)},
            barmode="overlay",
            xaxis=across,
            yaxis=bare_axis(**down, domain=[foot, 1]),
            **legend_below(palette, size, foot - 50 / height, key),
        ),
    }


def tiles(
    rows: list[Row],
    texts: list[str],
    inks: str | list[str],
    marker: dict[str, Any],
    *,
    words: Words,
    number: Number,
    selected: str | None,
    palette: Palette,
    size: str,
) -> dict[str, Any]:
    """A square per area with its label and text; the chosen one has a border."""
    border = [3 if row["area"] == selected else 0 for row in rows]
    written = zip(rows, texts, strict=True)
    return trace(
        "bar",
        [int(row["tile_column"]) for row in rows],
        [0.94] * len(rows),
        hovertext=names_of(rows),
        **hover_boxes(rows, words, number),
        base=[int(row["tile_row"]) - 0.47 for row in rows],
        width=0.94,
        text=[f"{escape(row['tile_label'], quote=False)}<br><b>{text}</b>" for row, text in written],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"size": text_size(size, 0.93), "color": inks},
        textangle=0,
        constraintext="none",
        marker={**marker, "cornerradius": 3, "line": {"color": palette["ink"], "width": either(border)}},
        showlegend=False,
    )


def hatched(state: str, palette: Palette) -> dict[str, Any]:
    """The look of a tile of one kind of nothing."""
    fill = palette["nothing"][state]
    hatch = {"shape": HATCHES[state], "fgcolor": palette["line"], "size": 7, "solidity": 0.15}
    return {"color": fill, "pattern": {**hatch, "bgcolor": fill}}


def by_state(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """The rows of each kind of nothing that occurs, always in the same order."""
    found = ((state, [row for row in rows if row["state"] == state]) for state in SYMBOLS)
    return [(state, some) for state, some in found if some]


def bubbles(rows: list[Row], limits: Sequence[float], palette: Palette, size: str) -> dict[str, Any]:
    return {
        "size": [rounded(row["value"]) for row in rows],
        "sizemode": "area",
        "sizeref": rounded(2 * (limits[-1] or 1) / (LARGEST_BUBBLE * enlarged(size)) ** 2),
        "color": palette["accent"],
        "opacity": 0.32,
        "line": {"color": palette["accent"], "width": 1.5},
    }


def one_colour(colour: str) -> dict[str, Any]:
    return {"colorscale": [[0, colour], [1, colour]]}


def class_key(limits: Sequence[float], palette: Palette, number: Number) -> list[tuple[str, str]]:
    """Colour and limits of each class, for a key that stands outside the figure."""
    texts = [f"{number(low)}–{number(high)}" for low, high in pairwise(limits)]
    return list(zip(palette["ramp"], texts, strict=True))


def class_colours(
    palette: Palette, limits: Sequence[float], number: Number, size: str, key: bool, y: float = 0.12
) -> dict[str, Any]:
    """A stepped colour scale over class numbers and, as its ``key``, the bar that prints the limits of
    the classes. ValueError where there is not one colour per class."""
    ramp = palette["ramp"]
    n = len(ramp)
    if len(limits) != n + 1:
        raise ValueError(f"{n} classes have {n + 1} limits, not {len(limits)}")
    scale = {
        "colorscale": [
            stop for i, colour in enumerate(ramp) for stop in ([i / n, colour], [(i + 1) / n, colour])
        ],
        "zmin": -0.5,
        "zmax": n - 0.5,
    }
    if not key:
        return scale
    bar = {
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
    }
    return {**scale, "showscale": True, "colorbar": bar}
