"""Compare areas: on a map, over time, side by side, by many indicators; and where nothing happens."""

import streamlit as st

from pages.frame.language import words
from pages.parts import across, filters, regional, uncovered
from pages.parts.asked import ask
from pages.parts.playing import pace
from pages.parts.view import choose_release, view

ONE = ("indicator", "goal", "scheme", "period", "against")
VIEWS = {
    "map": (ONE, regional.area_card),
    "tiles": (ONE, regional.area_card),
    "time": (("indicator", "goal", "scheme"), across.time_card),
    "side": (("indicator", "goal", "scheme", "period"), across.side_card),
    "heat": (("goal", "scheme", "period"), across.heat_card),
    "gaps": (("scheme", "period"), uncovered.gaps_card),
    "attention": (("goal", "scheme", "period"), uncovered.attention_card),
}
"""Code in the link → which choices the view needs, and what draws it."""


def compare() -> None:
    reader = view()
    names = {code: words(f"regions.{code}") for code in VIEWS}
    form = filters.choose("view", names, default="map", label=words("filters.view"), look="buttons")
    needed, draw = VIEWS[form]
    draw(reader, ask(reader, needed), form)


st.title(words("title.regions"))
choose_release()
st.fragment(compare, run_every=pace())()
