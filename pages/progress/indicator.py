"""One indicator: its series, what it means, who has reported, and its targets."""

import streamlit as st

from pages.charts.palette import goal_colour
from pages.frame.language import words
from pages.parts import cached, described, filters, methods, onward, towards
from pages.parts.view import choose_release, view


@st.fragment
def one_indicator() -> None:
    reader = view()
    with st.container(horizontal=True, key="choices", vertical_alignment="bottom"):
        programme = onward.choose_programme(reader.scope, reader.language)
        indicators = (
            cached.indicators(reader.scope, reader.language)
            .query("programme == @programme")
            .set_index("code")
        )
        if indicators.empty:
            st.info(words("indicator.none"))
            return
        names = methods.labels(reader.scope, reader.language)
        code = filters.choose(
            "indicator",
            {code: names[code] for code in indicators.index},
            default="nr1" if "nr1" in indicators.index else indicators.index[0],
            label=words("filters.indicator"),
        )
        goals = cached.goals(reader.scope, programme, reader.language).set_index("code")["short"]
        goal = filters.choose(
            "goal", {"all": words("filters.all_goals"), **goals}, default="all", label=words("filters.goal")
        )
    chosen = indicators.loc[code]
    st.subheader(chosen["name"])
    towards.path_card(reader, code, goal, goal_colour(reader.palette, None if goal == "all" else goal))
    described.definition_card(reader, chosen)
    described.coverage_card(reader, chosen, goal)
    described.targets_card(reader, chosen, goal)
    onward.link("regions", words("indicator.to_regions"), indicator=code, goal=goal)


st.title(words("title.indicator"))
choose_release()
one_indicator()
