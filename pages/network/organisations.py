"""Organisations: counted right, then listed."""

import streamlit as st

from pages.frame.language import TO_DATE, period_label, words
from pages.parts import cached, filters, listed, networked
from pages.parts.view import PROGRAMME, choose_release, view


@st.fragment
def organisations() -> None:
    reader = view()
    goals = cached.goals(PROGRAMME, reader.language).set_index("code")["short"]
    with st.container(horizontal=True, key="choices", vertical_alignment="bottom"):
        goal = filters.choose(
            "goal", {"all": words("filters.all_goals"), **goals}, default="all", label=words("filters.goal")
        )
        periods = [code for code in cached.periods_of(reader.release, "si6") if "h" in code]
        period = filters.choose(
            "period",
            {code: period_label(code) for code in (TO_DATE, *reversed(periods))},
            default=TO_DATE,
            label=words("filters.period"),
        )
    day = min(networked.last_day(period, reader.day), reader.day)
    every = cached.partnerships(reader.release, PROGRAMME, reader.language, day)
    projects = cached.projects(reader.release, PROGRAMME, reader.language)
    mine = networked.of_goal(every, projects, goals.get(goal))
    counts = networked.counts(reader, goal, period)
    networked.bridge_card(reader, counts, period)
    networked.growth_card(reader, goal)
    networked.types_card(reader, counts)
    listed.several_card(reader, mine, networked.detail_of(counts)["several_projects"])
    listed.partnerships_card(reader, mine)
    listed.projects_card(reader, PROGRAMME, goals.get(goal), "si6")


st.title(words("title.organisations"))
choose_release()
organisations()
