"""Maps: classes for rates and means, bubbles for counts, and tiles of equal size for either.

They have no key of their own: ``class_key`` and the colours of the palette say what it must tell.
"""

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
    hover_lines,
    names_of,
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
COUNTRY = "fi"
HEIGHTS = {"normal": 540, "wall": 800}
LARGEST_BUBBLE = 44
TILE = 62
NAME = "%{hovertext}"
Row = dict[str, Any]


def map_kind(unit: str) -> str:
    """*choropleth* for rates and means, *bubbles* for counts and sums. ValueError for an unknown unit."""
    try:
        return KINDS[unit]
    except KeyError:
        raise ValueError(f"no map is declared for the unit {unit!r}") from None


def class_key(limits: Sequence[float], palette: Palette, number: Number) -> list[tuple[str, str]]:
    """Colour and limits of each class. ValueError where there is not one colour per class."""
    ramp = palette["ramp"]
    if len(limits) != len(ramp) + 1:
        raise ValueError(f"{len(ramp)} classes have {len(ramp) + 1} limits, not {len(limits)}")
    texts = [f"{number(low)}–{number(high)}" for low, high in pairwise(limits)]
    return list(zip(ramp, texts, strict=True))


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
    size: str = "normal",
) -> Figure:
    """A map of the areas of one scheme; shapes are fetched by the browser from ``shapes_url``.

    ``limits``: six for the five classes of a choropleth; for bubbles the last one is the value of the
    largest bubble (bubble area is proportional to the value). ``outside``: features that the frame
    does not hold, code → name, drawn as not in the programme. ``ground_url``: where the shape of the
    whole country is, drawn underneath for a scheme that lacks some shapes. ``centres``: area → (lon,
    lat) of texts and bubbles where a shape's own centroid will not do. ``short_number`` writes the
    figures that stand on the map, where ``number`` is too wide. Raises ValueError for a kind that
    does not suit the unit.
    """
    if (kind := kind or map_kind(unit)) != map_kind(unit):
        raise ValueError(f"{unit} is drawn as {map_kind(unit)}, not as {kind}")
    rows = cells(frame) + [
        {"area": code, "area_name": name, "state": "not_in_programme"}
        for code, name in (outside or {}).items()
        if code not in set(frame["area"])
    ]
    full = sorted((row for row in rows if shown(row)), key=lambda row: -row["value"])
    rows = full + [row for row in rows if not shown(row)]
    if kind == "choropleth":
        fills = class_fills(full, limits, palette)
        inks = [text_on(fill) for fill in fills]
    else:
        fills, inks = [palette["pale"]] * len(full), [palette["ink"]] * len(full)
    data = [ground(ground_url, palette)] if ground_url else []
    data.append(shapes(rows, fills, shapes_url, words, palette, number))
    if kind == "bubbles":
        marker = bubbles(full, limits, palette, size)
        data.append(points(full, shapes_url, centres, mode="markers", marker=marker))
    look = {"size": text_size(size, 0.93), "color": either(inks + [palette["ink"]] * (len(rows) - len(full)))}
    texts = figures_of(rows, short_number or number)
    data.append(points(rows, shapes_url, centres, mode="text", text=texts, textfont=look))
    if selected and selected in {row["area"] for row in rows}:
        data.append(outline(selected, shapes_url, palette))
    return {
        "data": data,
        "layout": base_layout(palette, size, HEIGHTS[size], geo=GEO),
    }


def class_fills(rows: list[Row], limits: Sequence[float], palette: Palette) -> list[str]:
    """The colour of each row's class. ValueError where there is not one colour per class."""
    ramp = [colour for colour, _ in class_key(limits, palette, str)]
    return [ramp[i or 0] for i in class_of([row["value"] for row in rows], limits)]


def figures_of(rows: list[Row], number: Number) -> list[str]:
    """The value of each area in figures, or the symbol of its kind of nothing."""
    return [number(row["value"]) if shown(row) else SYMBOLS[row["state"]] for row in rows]


def shapes(
    rows: list[Row], fills: list[str], url: str, words: Words, palette: Palette, number: Number
) -> Row:
    """All areas, each with its hover box: first those with a number in ``fills``, then the kinds of
    nothing in colours of their own. All have a border: some are nearly as pale as the ground."""
    empty = rows[len(fills) :]
    colours = fills + [palette["nothing"][row["state"]] for row in empty]
    return {
        **areas(url, [row["area"] for row in rows], colours),
        "hovertext": names_of(rows),
        "text": hover_lines(rows, words, number),
        **box_template(NAME, "%{text}"),
        "marker": {"line": {"color": palette["ink"], "width": 0.5}},
    }


def areas(url: str, codes: list[str], colours: list[str], **more: Any) -> Row:
    """Shapes in one colour each: plotly knows a scale of colours only, so this one has steps."""
    used = list(dict.fromkeys(colours)) or [CLEAR]
    n = len(used)
    return {
        "type": "choropleth",
        "geojson": url,
        "locations": codes,
        "z": [used.index(colour) for colour in colours],
        "zmin": -0.5,
        "zmax": n - 0.5,
        "colorscale": [
            stop
            for i, colour in enumerate(used)
            for stop in ([round(i / n, 3), colour], [round((i + 1) / n, 3), colour])
        ],
        "showscale": False,
        **more,
    }


def ground(url: str, palette: Palette) -> Row:
    """The country, so that areas without a shape are not a hole; it can be neither chosen nor asked."""
    border = {"line": {"color": palette["line"], "width": 1}}
    return areas(url, [COUNTRY], [palette["pale"]], hoverinfo="skip", marker=border)


def outline(area: str, url: str, palette: Palette) -> Row:
    """The border of the chosen area, above everything else."""
    border = {"line": {"color": palette["ink"], "width": 3}}
    return areas(url, [area], [CLEAR], hoverinfo="skip", marker=border)


def points(rows: list[Row], url: str, centres: Mapping[str, tuple[float, float]] | None, **more: Any) -> Row:
    """Marks or texts in the middle of areas."""
    codes = [row["area"] for row in rows]
    place: Row = {"geojson": url, "locations": codes, "locationmode": "geojson-id"}
    if centres:
        lonlat = [centres.get(code, (None, None)) for code in codes]
        place = {"lon": [lon for lon, _ in lonlat], "lat": [lat for _, lat in lonlat]}
    return {"type": "scattergeo", **place, "hoverinfo": "skip", **more}


def bubbles(rows: list[Row], limits: Sequence[float], palette: Palette, size: str) -> Row:
    return {
        "size": [rounded(row["value"]) for row in rows],
        "sizemode": "area",
        "sizeref": rounded(2 * (limits[-1] or 1) / (LARGEST_BUBBLE * enlarged(size)) ** 2),
        "color": palette["accent"],
        "opacity": 0.32,
        "line": {"color": palette["accent"], "width": 1.5},
    }


def tile_map(
    frame: pd.DataFrame,
    *,
    limits: Sequence[float],
    words: Words,
    palette: Palette,
    number: Number,
    selected: str | None = None,
    short_number: Number | None = None,
    size: str = "normal",
) -> Figure:
    """One equal square per area, at ``tile_row``/``tile_column``, with ``tile_label`` and the value:
    the same classes and symbols as the map, for any unit. Rows without a tile are left out.
    ``short_number`` as for the map."""
    placed = [row for row in cells(frame) if row.get("tile_row") is not None]
    full = [row for row in placed if shown(row)]
    rows = full + [row for row in placed if not shown(row)]
    tall = max((int(row["tile_row"]) for row in rows), default=0) + 1
    wide = max((int(row["tile_column"]) for row in rows), default=0) + 1

    fills = class_fills(full, limits, palette)
    inks = [text_on(fill) for fill in fills] + [palette["ink"]] * (len(rows) - len(full))
    texts = zip(rows, figures_of(rows, short_number or number), strict=True)
    told = zip(rows, hover_lines(rows, words, number), strict=True)
    squares = trace(
        "bar",
        [int(row["tile_column"]) for row in rows],
        [0.94] * len(rows),
        base=[int(row["tile_row"]) - 0.47 for row in rows],
        width=0.94,
        hovertext=names_of(rows),
        customdata=[[row["area"], line] for row, line in told],
        **box_template(NAME, "%{customdata[1]}"),
        text=[f"{escape(row['tile_label'], quote=False)}<br><b>{text}</b>" for row, text in texts],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"size": text_size(size, 0.93), "color": either(inks)},
        textangle=0,
        constraintext="none",
        marker=tile_look(rows, fills, selected, palette),
    )
    across = bare_axis(range=[-0.55, wide - 0.45], constrain="domain")
    down = bare_axis(range=[tall - 0.45, -0.55], constrain="domain", scaleanchor="x")
    return {
        "data": [squares],
        "layout": base_layout(
            palette, size, tall * TILE * enlarged(size), barmode="overlay", xaxis=across, yaxis=down
        ),
    }


def tile_look(rows: list[Row], fills: list[str], selected: str | None, palette: Palette) -> Row:
    """Colours of the tiles, hatches of the kinds of nothing, and a border around the chosen one."""
    nothing = [row["state"] for row in rows[len(fills) :]]
    colours = fills + [palette["nothing"][state] for state in nothing]
    border = {"color": palette["ink"], "width": either([3 if row["area"] == selected else 0 for row in rows])}
    pattern = {
        "shape": [""] * len(fills) + [HATCHES[state] for state in nothing],
        "fillmode": "overlay",
        "fgopacity": 0.3,
        "fgcolor": palette["line"],
        "size": 7,
        "solidity": 0.15,
    }
    return {
        "color": colours,
        "cornerradius": 3,
        "line": border,
        **({"pattern": pattern} if any(HATCHES[state] for state in nothing) else {}),
    }
