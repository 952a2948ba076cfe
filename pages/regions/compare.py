"""Compare areas: on a map, over time, side by side, by many indicators; and where nothing happens."""

import streamlit as st

from pages.frame.language import words
from pages.frame.sign_in import signed_in
from pages.parts import filters
from pages.parts.asked import ask, usual_view
from pages.parts.playing import pace
from pages.parts.regional_views import VIEWS
from pages.parts.view import choose_release, view


def compare() -> None:
    reader = view()
    names = {code: words(f"regions.{code}") for code in VIEWS}
    form = filters.choose(
        "view", names, default=usual_view(reader), label=words("filters.view"), look="buttons"
    )
    needed, draw = VIEWS[form]
    draw(reader, ask(reader, needed), form)


st.title(words("title.regions"))
choose_release()
st.fragment(compare, run_every=pace(signed_in()))()
