"""How figures are decided, where they come from, and how this service can be used by everyone."""

import streamlit as st

from pages.frame.language import words
from pages.parts import explained
from pages.parts.view import choose_release, view

st.title(words("title.about"))
choose_release()
reader = view()
method, indicators, questions, sources, access = st.tabs(
    [words(f"about.{name}") for name in ("method", "indicators", "questions", "sources", "accessibility")],
    key="about",
)
with method:
    explained.method(reader)
with indicators:
    explained.indicators(reader)
with questions:
    explained.questions()
with sources:
    explained.sources(reader)
with access:
    st.markdown(words("about.accessibility_text"))
