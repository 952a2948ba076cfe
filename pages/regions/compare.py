"""Compare areas: one indicator, one division of the country, one period."""

import streamlit as st

from pages.frame.language import TO_DATE, period_label, words
from pages.parts import boundaries, cached, compared, filters, regional
from pages.parts.view import choose_release, view


@st.fragment
def compare() -> None:
    reader = view()
    choices = compared.choices(reader.language)
    with st.container(horizontal=True, key="choices", vertical_alignment="bottom"):
        indicator = filters.choose(
            "indicator",
            choices.indicators,
            default="nr1" if cached.periods_of(reader.release, "nr1") else "si6",
            label=words("filters.indicator"),
        )
        goal = filters.choose(
            "goal",
            choices.goals,
            default="all",
            label=words("filters.goal"),
        )
        scheme = filters.choose(
            "scheme", choices.schemes, default=regional.own_scheme(reader), label=words("filters.scheme")
        )
        periods = cached.periods_of(reader.release, indicator)
        period = filters.choose(
            "period",
            {code: period_label(code) for code in reversed(periods)},
            default=cached.latest_period(reader.release, indicator) or TO_DATE,
            label=words("filters.period"),
        )
        form = filters.choose(
            "view",
            {"map": words("regions.map"), "tiles": words("regions.tiles")},
            default=boundaries.usual_form(scheme, reader.language),
            label=words("filters.view"),
            look="buttons",
        )
    regional.area_card(reader, indicator, goal, scheme, period, form)


st.title(words("title.regions"))
choose_release()
compare()
