"""One goal: its indicators, the areas that carry it, its projects, and the need beside it."""

import streamlit as st

from pages.frame.language import words
from pages.parts import cached, factual, filters, listed, towards
from pages.parts.view import PROGRAMME, view


@st.fragment
def one_goal() -> None:
    reader = view()
    goals = cached.goals(PROGRAMME, reader.language).set_index("code")
    with st.container(horizontal=True, key="choices", vertical_alignment="bottom"):
        goal = filters.choose(
            "goal", goals["short"].to_dict(), default="g1", label=words("filters.goal"), look="buttons"
        )
    chosen = goals.loc[goal]
    st.subheader(chosen["name"])
    st.caption(words("goal.source", source=chosen["source_title"]))
    towards.path_card(reader, goal, chosen)
    towards.indicators_card(reader, goal, chosen)
    towards.areas_card(reader, goal, chosen)
    listed.projects_card(reader, chosen["short"])
    factual.need_card(reader)


st.title(words("title.goal"))
one_goal()
