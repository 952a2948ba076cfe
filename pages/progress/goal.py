"""One goal: its indicators, the areas that carry it, its projects, and the need beside it."""

import streamlit as st

from pages.charts.palette import goal_colour
from pages.frame.language import words
from pages.parts import cached, factual, filters, listed, onward, towards
from pages.parts.view import choose_release, view


@st.fragment
def one_goal() -> None:
    reader = view()
    with st.container(horizontal=True, key="choices", vertical_alignment="bottom"):
        programme = onward.choose_programme(reader.scope, reader.language)
        goals = cached.goals(reader.scope, programme, reader.language).set_index("code")
        goal = filters.choose(
            "goal",
            goals["short"].to_dict(),
            default=goals.index[0],
            label=words("filters.goal"),
            look="buttons",
        )
    chosen = goals.loc[goal]
    lead = chosen["lead_indicator"]
    st.subheader(chosen["name"])
    st.caption(words("goal.source", source=chosen["source_title"]))
    if isinstance(lead, str):
        towards.path_card(reader, lead, goal, goal_colour(reader.palette, goal))
        towards.indicators_card(reader, goal, lead)
        towards.areas_card(reader, goal, lead)
    else:
        st.info(words("goal.unmeasured"))
    listed.projects_card(reader, programme, chosen["short"], lead)
    factual.need_panel(reader, programme, goal)


st.title(words("title.goal"))
choose_release()
one_goal()
