"""Where the programme stands, on one screen."""

import streamlit as st

from pages.frame.language import words
from pages.parts import changed, clocks, factual, headline, onward, transmitted
from pages.parts.view import choose_release, view

top = st.container(horizontal=True, key="top", vertical_alignment="bottom")
top.title(words("title.overview"))
choose_release()
reader = view()
with top:
    programme = onward.choose_programme(reader.scope, reader.language)
found = clocks.standing(reader, programme)
if found is not None:
    headline.lead(found.sentence)
headline.counts(reader, programme)
changed.summary(reader, programme)
clocks.goals_card(reader, programme, found)
changed.changes_card(reader, programme)
transmitted.transmission_card(reader, programme)
factual.funnel_card(reader, programme)
factual.calls_card(reader, programme)
factual.facts_card(reader, programme)
