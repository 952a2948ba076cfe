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
    looks = {
        "organisation": {"symbol": "circle", "color": palette["accent"]},
        "project": {"symbol": "rect", "color": palette["ink_soft"]},
    }
    kinds, rows = list(looks), list[Any](nodes.itertuples(index=False))
    drawn = [
        {
            "id": f"{row.kind} {row.code}",
            "name": row.name,
            "x": round(row.x * UNIT),
            "y": round(row.y * UNIT),
            "category": kinds.index(row.kind),
            "symbolSize": 12 + 3 * min(row.links, 6),
            "itemStyle": {
                "borderColor": palette["ink"],
                "borderWidth": 3 if row.kind == "organisation" and row.code == selected else 0,
            },
            "label": {
                "show": len(nodes) <= MANY or row.kind == "project" or row.links > 1,
                "position": "bottom" if row.kind == "project" else "right",
            },
        }
        for row in rows
    ]
    ended = links.groupby(["identity", "project"])["over"].all().reset_index()
    lines = [
        {
            "source": f"organisation {identity}",
            "target": f"project {project}",
            "lineStyle": {"type": "dashed" if over else "solid"},
        }
        for identity, project, over in list[Any](ended.itertuples(index=False))
    ]
    text = {"fontFamily": FONT, "color": palette["ink"], "fontSize": 12}
    return {
        "animation": False,
        "backgroundColor": CLEAR,
        "textStyle": {"fontFamily": FONT},
        "tooltip": {
            "formatter": "{b}",
            "backgroundColor": palette["card"],
            "textStyle": text,
            "confine": True,
        },
        "legend": {
            "data": [{"name": names[kind], "icon": looks[kind]["symbol"]} for kind in kinds],
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
                "roam": False,
                "draggable": False,
                "categories": [
                    {"name": names[kind], "symbol": look["symbol"], "itemStyle": {"color": look["color"]}}
                    for kind, look in looks.items()
                ],
                "data": drawn,
                "links": lines,
                "lineStyle": {"color": palette["ink_soft"], "width": 1.5, "opacity": 0.8},
                "label": {
                    **text,
                    "formatter": "{b}",
                    "width": 140,
                    "lineHeight": 14,
                    "overflow": "break",
                    "textBorderColor": palette["card"],
                    "textBorderWidth": 3,
                },
                "labelLayout": {"hideOverlap": True},
                "emphasis": {"focus": "adjacency", "label": {"show": True}},
            }
        ],
    }


def graph_height(nodes: pd.DataFrame) -> int:
    """How many pixels the nodes need from top to bottom on a wide screen."""
    across, down = (nodes[axis].max() - nodes[axis].min() for axis in ("x", "y"))
    return round(120 + min(UNIT, WIDE / max(across, 1), TALL / max(down, 1)) * down)
