"""The views of the page of regions: what each needs to be asked, and what draws it."""

from pages.parts import across, regional, uncovered

ONE = ("indicator", "goal", "scheme", "period", "against", "slider")
VIEWS = {
    "map": (ONE, regional.area_card),
    "tiles": (ONE, regional.area_card),
    "time": (("indicator", "goal", "scheme"), across.time_card),
    "side": (("indicator", "goal", "scheme", "period"), across.side_card),
    "heat": (("goal", "scheme", "period"), across.heat_card),
    "gaps": (("scheme", "period"), uncovered.gaps_card),
    "attention": (("goal", "scheme", "period"), uncovered.attention_card),
}
"""Code in the link → names of ``asked.Asked`` to choose (*slider*: over the periods), and
``draw(reader, asked, code)``."""
