"""The only bridge from pages to the store: thin skins over ``data_access.queries``.

What is remembered is shared by all readers, so release, audience and language are plain arguments of
every function, never a hidden state. Figures of a release never change; what may change is asked for
anew after ten seconds.
"""

from datetime import date

import pandas as pd
import streamlit as st

from data_access.exports import tables
from data_access.queries import facts as fact_queries
from data_access.queries import figures as figure_queries
from data_access.queries import network as network_queries
from data_access.queries import reference as reference_queries

SOON = 10
MANY = 2000


@st.cache_data(show_spinner=False, max_entries=MANY)
def figures(
    release: int,
    audience: str,
    language: str,
    indicator: str | tuple[str, ...] | None = None,
    scheme: str | None = None,
    period: str | tuple[str, ...] | None = None,
    goal: str | tuple[str, ...] | None = None,
    area: str | None = None,
) -> pd.DataFrame:
    return figure_queries.figures(
        release,
        audience,
        language,
        indicator=indicator,
        scheme=scheme,
        period=period,
        goal=goal,
        area=area,
    )


@st.cache_data(show_spinner=False, max_entries=MANY)
def periods_of(release: int, indicator: str) -> list[str]:
    return figure_queries.periods_of(release, indicator)


@st.cache_data(show_spinner=False, max_entries=MANY)
def latest_period(release: int, indicator: str) -> str | None:
    return figure_queries.latest_period(release, indicator)


@st.cache_data(show_spinner=False, ttl=SOON)
def releases(language: str) -> pd.DataFrame:
    return figure_queries.releases(language)


@st.cache_data(show_spinner=False, ttl=SOON)
def newest_release() -> int | None:
    return figure_queries.newest_release()


@st.cache_data(show_spinner=False, ttl=SOON)
def programmes(language: str) -> pd.DataFrame:
    return reference_queries.programmes(language)


@st.cache_data(show_spinner=False, ttl=SOON)
def goals(programme: str, language: str) -> pd.DataFrame:
    return reference_queries.goals(programme, language)


@st.cache_data(show_spinner=False, ttl=SOON)
def indicators(language: str) -> pd.DataFrame:
    return reference_queries.indicators(language)


@st.cache_data(show_spinner=False, ttl=SOON)
def schemes(language: str) -> pd.DataFrame:
    return reference_queries.schemes(language)


@st.cache_data(show_spinner=False, ttl=SOON)
def areas(language: str) -> pd.DataFrame:
    return reference_queries.areas(language)


@st.cache_data(show_spinner=False, ttl=SOON)
def answering(area: str, language: str) -> pd.DataFrame:
    return reference_queries.answering(area, language)


@st.cache_data(show_spinner=False, ttl=SOON)
def rules(language: str) -> pd.DataFrame:
    return reference_queries.rules(language)


@st.cache_data(show_spinner=False, ttl=SOON)
def sources(language: str) -> pd.DataFrame:
    return reference_queries.sources(language)


@st.cache_data(show_spinner=False, ttl=SOON)
def facts(programme: str, language: str) -> pd.DataFrame:
    return fact_queries.facts(programme, language)


@st.cache_data(show_spinner=False, ttl=SOON)
def funnel(programme: str, language: str) -> pd.DataFrame:
    return fact_queries.funnel(programme, language)


@st.cache_data(show_spinner=False, ttl=SOON)
def calls(programme: str, language: str) -> pd.DataFrame:
    return fact_queries.calls(programme, language)


@st.cache_data(show_spinner=False, ttl=SOON)
def partnerships(programme: str, language: str, day: date) -> pd.DataFrame:
    return network_queries.partnerships(programme, language, day)


@st.cache_data(show_spinner=False, ttl=SOON)
def projects(programme: str, language: str) -> pd.DataFrame:
    return network_queries.projects(programme, language)


def table_file(frame: pd.DataFrame, about: list[tuple[str, str]], language: str) -> bytes:
    """A table as a file; made when it is asked for, not remembered."""
    return tables.csv_file(frame, about, language)
