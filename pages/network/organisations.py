"""Organisations: counted right, listed, and how they hang together; one question at a time."""

import streamlit as st

from pages.frame.language import words
from pages.parts import growing, linked, listings, networked, webbed
from pages.parts.view import choose_release, view

VIEWS = {
    "counts": networked.counts,
    "growth": growing.growing,
    "lists": listings.lists,
    "areas": linked.between_areas,
    "bridges": linked.bridges,
    "graph": webbed.graph,
}


@st.fragment
def organisations() -> None:
    reader = view()
    choices, shown = networked.choose(reader, list(VIEWS))
    VIEWS[shown](reader, choices)


st.title(words("title.organisations"))
choose_release()
organisations()
