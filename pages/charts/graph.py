"""The graph of organisations and projects, as an option of ECharts: circles, squares and lines."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .layout import CLEAR
from .palette import FONT, Palette

UNIT, WIDE, TALL = 70, 1000, 640
MANY = 30
"""Pixels between neighbours and of the whole, and nodes from which on only projects and organisations
that join several have their names written."""


def network_graph(
    nodes: pd.DataFrame,
    links: pd.DataFrame,
    names: Mapping[str, str],
    palette: Palette,
    *,
    selected: str = "",
) -> dict[str, Any]:
    """``nodes``: kind (``organisation``, ``project``), code, name, links, x, y. ``links``: identity,
    project, over (whether it has ended: dashed). ``names``: of the two kinds. ``selected``: an
    organisation's code."""
    looks = {"organisation": ("circle", palette["accent"]), "project": ("rect", palette["ink_soft"])}
    text = {"fontFamily": FONT, "color": palette["ink"], "fontSize": 12}
    halo = {"textBorderColor": palette["card"], "textBorderWidth": 3}
    box = {"formatter": "{b}", "backgroundColor": palette["card"], "textStyle": text, "confine": True}
    return {
        "animation": False,
        "backgroundColor": CLEAR,
        "textStyle": {"fontFamily": FONT},
        "tooltip": box,
        "legend": {
            "data": [{"name": names[kind], "icon": symbol} for kind, (symbol, _) in looks.items()],
            "selectedMode": False,
            "left": 0,
            "top": 0,
            "textStyle": {**text, "fontSize": 13},
        },
        "series": [
            {
                "type": "graph",
                "layout": "none",
                "preserveAspect": "contain",
                "left": 40,
                "right": 150,
                "top": 48,
                "bottom": 32,
                "categories": [
                    {"name": names[kind], "symbol": symbol, "itemStyle": {"color": colour}}
                    for kind, (symbol, colour) in looks.items()
                ],
                "data": points(nodes, list(looks), palette, selected),
                "links": lines(links),
                "lineStyle": {"color": palette["ink_soft"], "width": 1.5, "opacity": 0.8},
                "label": {**text, **halo, **LABEL},
                "labelLayout": {"hideOverlap": True},
                "emphasis": {"focus": "adjacency", "label": {"show": True}},
            }
        ],
    }


LABEL = {"formatter": "{b}", "width": 140, "lineHeight": 14, "overflow": "break"}


def points(nodes: pd.DataFrame, kinds: list[str], palette: Palette, selected: str) -> list[dict[str, Any]]:
    """The nodes: the more links, the larger; the selected one has an edge."""
    found = []
    for row in list[Any](nodes.itertuples(index=False)):
        chosen = row.kind == "organisation" and row.code == selected
        named = len(nodes) <= MANY or row.kind == "project" or row.links > 1
        found.append(
            {
                "id": f"{row.kind} {row.code}",
                "name": row.name,
                "x": round(row.x * UNIT),
                "y": round(row.y * UNIT),
                "category": kinds.index(row.kind),
                "symbolSize": 12 + 3 * min(row.links, 6),
                "itemStyle": {"borderColor": palette["ink"], "borderWidth": 3 if chosen else 0},
                "label": {"show": named, "position": "bottom" if row.kind == "project" else "right"},
            }
        )
    return found


def lines(links: pd.DataFrame) -> list[dict[str, Any]]:
    """A line for each organisation in a project; dashed where all its partnerships there have ended."""
    ended = links.groupby(["identity", "project"])["over"].all().reset_index()
    return [
        {
            "source": f"organisation {identity}",
            "target": f"project {project}",
            "lineStyle": {"type": "dashed" if over else "solid"},
        }
        for identity, project, over in list[Any](ended.itertuples(index=False))
    ]


def graph_height(nodes: pd.DataFrame) -> int:
    """How many pixels the nodes need from top to bottom on a wide screen."""
    across, down = (nodes[axis].max() - nodes[axis].min() for axis in ("x", "y"))
    return round(120 + min(UNIT, WIDE / max(across, 1), TALL / max(down, 1)) * down)
