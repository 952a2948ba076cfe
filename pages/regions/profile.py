"""One area in full: where it stands, its indicators, its projects, and the areas beside it."""

import streamlit as st

from pages.frame.language import words
from pages.parts import (
    alike,
    cached,
    filters,
    profile_indicators,
    profile_projects,
    profiled,
    regional_choice,
)
from pages.parts.view import PROGRAMME, choose_release, view

PARTS = {
    "now": (profiled.key_card, profiled.goals_card, profiled.divisions_card),
    "indicators": (profile_indicators.indicators_card, profile_indicators.series_card),
    "projects": (
        profile_projects.here_card,
        profile_projects.ending_card,
        profile_projects.reports_card,
        profile_projects.led_card,
        profile_projects.organisations_card,
        profile_projects.calls_card,
    ),
    "beside": (alike.similar_card, alike.neighbours_card),
}


@st.fragment
def profile() -> None:
    reader = view()
    note = st.container()
    with st.container(horizontal=True, key="choices", vertical_alignment="bottom"):
        schemes = (
            cached.schemes(reader.scope, reader.language).set_index("code")["name"].drop("country").to_dict()
        )
        scheme = regional_choice.choose_scheme(reader, schemes)
        with note:
            regional_choice.settle_area(reader, scheme)
        area = regional_choice.choose_area(reader, scheme)
        part = filters.choose(
            "part",
            {code: words(f"profile.{code}") for code in PARTS},
            default="now",
            label=words("filters.part"),
            look="buttons",
        )
    profiled.head(reader, PROGRAMME, scheme, area)
    for card in PARTS[part]:
        card(reader, PROGRAMME, scheme, area)


st.title(words("title.profile"))
choose_release()
profile()
