"""Projects: the list, searched and narrowed; or one of them on its card."""

import streamlit as st

from pages.frame.language import words
from pages.parts import (
    project_card,
    project_facets,
    project_list,
    project_search,
    project_times,
    project_values,
)
from pages.parts.view import View, choose_release, view


@st.fragment
def projects() -> None:
    reader = view()
    code = project_card.chosen(reader)
    if code is None:
        project_list.list_card(reader, project_search.choose(reader))
        project_facets.facets_card(reader)
    else:
        one_project(reader, code)


def one_project(reader: View, code: str) -> None:
    """Everything that the release knows of one project."""
    project_card.way_back()
    left, right = st.columns(2, gap="medium")
    with left:
        project_card.facts_card(reader, code)
        project_values.money_card(reader, code)
        project_facets.facets_card(reader, code)
    with right:
        project_values.innovation_card(reader, code)
        project_values.results_card(reader, code)
    project_times.partners_card(reader, code)
    project_times.reports_card(reader, code)


st.title(words("title.projects"))
choose_release()
projects()
