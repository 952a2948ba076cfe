"""Where the programme stands, on one screen."""

import streamlit as st

from pages.frame.language import words
from pages.parts import changed, clocks, factual, filters, headline, onward
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
changed.summary(reader, programme)
clocks.goals_card(reader, programme)
changed.changes_card(reader, programme)
factual.funnel_card(reader, programme)
factual.calls_card(reader, programme)
factual.facts_card(reader, programme)
