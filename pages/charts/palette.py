"""Colours, symbols and the settings that all figures share.

The colours follow the design tokens of Suomi.fi (brand, highlight, depth, accent). Colour never
carries anything alone: classes have printed limits, states of nothing and statuses a symbol and a
word, goals their name. The four goal colours of each palette keep at least 3:1 against the surface
and apart from each other under protanopia, deuteranopia and tritanopia (Machado et al. 2009).
"""

from typing import Any

Palette = dict[str, Any]

FONT = "Source Sans, sans-serif"

CONFIG = {"displayModeBar": False}
MAP_CONFIG = {**CONFIG, "topojsonURL": "/app/static/topojson/", "scrollZoom": False}
"""Plotly would fetch the outlines of the world from another host."""

SHOWN = ("value", "zero")
"""States of a figure whose number is shown. All others are kinds of nothing."""

SYMBOLS = {
    "not_reported": "–",
    "not_yet_due": "…",
    "not_applicable": "×",
    "not_published": "∅",
    "not_in_programme": "/",
    "cannot_be_expressed": "≠",
    "protected": "*",
}

TARGET_SIGNS = {"baseline": "○", "milestone": "◇", "committed": "△", "target": "◆"}

STATUS_SYMBOLS = {
    "reached": "✓",
    "on_course": "●",
    "behind": "◐",
    "far_behind": "○",
    "moving_away": "↘",
    "no_target": "–",
    "not_enough_evidence": "?",
}

HATCHES = {
    "not_reported": "",
    "not_yet_due": ".",
    "not_applicable": "",
    "not_published": "-",
    "not_in_programme": "/",
    "cannot_be_expressed": "x",
    "protected": "\\",
}
"""Plotly's pattern for each kind of nothing, where the mark can carry one."""

PALETTES: dict[str, Palette] = {
    "light": {
        "ink": "#212121",
        "ink_soft": "#5a6468",
        "line": "#c9cdcf",
        "surface": "#ffffff",
        "card": "#ffffff",
        "pale": "#eceeef",
        "accent": "#2a6ebb",
        "g1": "#00357a",
        "g2": "#e86717",
        "g3": "#078364",
        "g4": "#9b5cb2",
        "ramp": ["#bdd3ee", "#8bb2e2", "#5a90cf", "#2462ad", "#00357a"],
        "bands": ["#d3dae2", "#e1e6ec", "#eef1f4"],
        "nothing": {
            "not_reported": "#dfe2e3",
            "not_yet_due": "#e7e9ea",
            "not_applicable": "#eef0f0",
            "not_published": "#e3e8ee",
            "not_in_programme": "#eef0f0",
            "cannot_be_expressed": "#d5d9db",
            "protected": "#c8cdcf",
        },
        "status": {
            "reached": "#006b50",
            "on_course": "#078364",
            "behind": "#8a5a00",
            "far_behind": "#b3401a",
            "moving_away": "#ae2f29",
            "no_target": "#5a6468",
            "not_enough_evidence": "#5a6468",
        },
    },
    "dark": {
        "ink": "#f1f3f4",
        "ink_soft": "#aeb7bd",
        "line": "#46505a",
        "surface": "#14171c",
        "card": "#1f242c",
        "pale": "#262e37",
        "accent": "#6ca6ec",
        "g1": "#4d88f1",
        "g2": "#ee8423",
        "g3": "#3fdfaa",
        "g4": "#cfaae2",
        "ramp": ["#27496f", "#2f64a3", "#4f8dd3", "#86b4ea", "#cfe2f9"],
        "bands": ["#3c4751", "#303942", "#262e36"],
        "nothing": {
            "not_reported": "#333b43",
            "not_yet_due": "#2a3138",
            "not_applicable": "#232a31",
            "not_published": "#29323d",
            "not_in_programme": "#232a31",
            "cannot_be_expressed": "#3d464e",
            "protected": "#48525b",
        },
        "status": {
            "reached": "#3fdfaa",
            "on_course": "#3fdfaa",
            "behind": "#f0b429",
            "far_behind": "#f2935c",
            "moving_away": "#ff8a80",
            "no_target": "#aeb7bd",
            "not_enough_evidence": "#aeb7bd",
        },
    },
    "projector": {
        "ink": "#000000",
        "ink_soft": "#3d4549",
        "line": "#9aa3a8",
        "surface": "#ffffff",
        "card": "#ffffff",
        "pale": "#e3e6e8",
        "accent": "#124f9c",
        "g1": "#001f52",
        "g2": "#d65a00",
        "g3": "#00785a",
        "g4": "#9a4fb8",
        "ramp": ["#b4cced", "#86afe4", "#528ed3", "#124f9c", "#001f52"],
        "bands": ["#c0c9d3", "#d6dce3", "#e9edf1"],
        "nothing": {
            "not_reported": "#d9dcdd",
            "not_yet_due": "#e3e6e8",
            "not_applicable": "#eef0f1",
            "not_published": "#dee5ec",
            "not_in_programme": "#eef0f1",
            "cannot_be_expressed": "#cbcfd1",
            "protected": "#b9bfc2",
        },
        "status": {
            "reached": "#005a43",
            "on_course": "#00785a",
            "behind": "#7a4d00",
            "far_behind": "#a33510",
            "moving_away": "#9c231e",
            "no_target": "#3d4549",
            "not_enough_evidence": "#3d4549",
        },
    },
}


def goal_colour(palette: Palette, goal: str | None) -> str:
    """The colour of a goal code (``g1``…``g4``; ``l1``…``l3`` share the first three), else the accent."""
    return palette.get(f"g{goal[1:]}", palette["accent"]) if goal else palette["accent"]


def text_on(colour: str) -> str:
    """Near-black or white, whichever reads better on ``colour`` (WCAG relative luminance)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return "#212121" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.2 else "#ffffff"
