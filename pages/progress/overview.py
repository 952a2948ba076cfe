"""Where the programme stands, on one screen."""

import streamlit as st

from pages.frame.language import words
from pages.parts import clocks, factual, filters, headline, onward
from pages.parts.view import PROGRAMME, view

st.title(words("title.overview"))
reader = view()
programme = filters.choose(
    "programme",
    onward.programmes(reader.language),
    default=PROGRAMME,
    label=words("filters.programme"),
    look="buttons",
)
headline.counts(reader, programme)
clocks.goals_card(reader, programme)
factual.funnel_card(reader, programme)
factual.calls_card(reader, programme)
factual.facts_card(reader, programme)
