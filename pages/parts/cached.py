"""The only bridge from pages to the store: thin skins over ``data_access.queries``.

What is remembered is shared by all readers, so release, audience and language are plain arguments of
every function, never a hidden state. Figures of a release never change; releases and facts are asked
for anew after ten seconds, names and definitions after five minutes.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from data_access.exports import tables
from data_access.queries import accounts as account_queries
from data_access.queries import area as area_queries
from data_access.queries import batches as batch_queries
from data_access.queries import benchmarks as benchmark_queries
from data_access.queries import boundaries as boundary_queries
from data_access.queries import changes as change_queries
from data_access.queries import connections as connection_queries
from data_access.queries import facts as fact_queries
from data_access.queries import figures as figure_queries
from data_access.queries import identities as identity_queries
from data_access.queries import intake as intake_queries
from data_access.queries import network as network_queries
from data_access.queries import open_data as open_data_queries
from data_access.queries import progress as progress_queries
from data_access.queries import projects as project_queries
from data_access.queries import reference as reference_queries
from data_access.queries import releases as release_queries
from data_access.queries import rounds as round_queries
from data_access.queries import similar as similar_queries
from data_access.queries import targets as target_queries

Choices = connection_queries.Choices
Unusable = intake_queries.Unusable
MOST_NODES = connection_queries.MOST_NODES

SOON, LATER = 10, 300
MANY, SOME = 2000, 100
Asked = ParamSpec("Asked")
Given = TypeVar("Given")


def remembered(
    *, ttl: int | None = None, max_entries: int | None = None
) -> Callable[[Callable[Asked, Given]], Callable[Asked, Given]]:
    """Remember what a function gives, without pickling it for each reader as ``st.cache_data`` does. A
    frame is handed out as a view that pandas copies where somebody writes into it, with its texts as
    plain objects: for some twenty rows that is several times quicker."""

    def remember(ask: Callable[Asked, Given]) -> Callable[Asked, Given]:
        @st.cache_resource(show_spinner=False, ttl=ttl, max_entries=max_entries)
        @wraps(ask)
        def kept(*args: Asked.args, **more: Asked.kwargs) -> Given:
            found = ask(*args, **more)
            if isinstance(found, pd.DataFrame):
                return found.astype(dict.fromkeys(found.columns[found.dtypes == "str"], object))
            return found

        @wraps(ask)
        def given(*args: Asked.args, **more: Asked.kwargs) -> Given:
            found = kept(*args, **more)
            return found.copy(deep=False) if isinstance(found, pd.DataFrame) else found

        return given

    return remember


@remembered(max_entries=MANY)
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


@remembered(max_entries=MANY)
def benchmarks(
    release: int,
    audience: str,
    language: str,
    indicator: str,
    scheme: str,
    period: str,
    goal: str,
    against: str,
) -> pd.DataFrame:
    return benchmark_queries.benchmarks(release, audience, language, indicator, scheme, period, goal, against)


@remembered(max_entries=MANY)
def changes(before: int, now: int, audience: str) -> pd.DataFrame:
    return change_queries.changes(before, now, audience, "country")


@remembered(max_entries=MANY)
def periods_of(release: int, indicator: str) -> list[str]:
    return figure_queries.periods_of(release, indicator)


@remembered(max_entries=MANY)
def latest_period(release: int, indicator: str) -> str | None:
    return figure_queries.latest_period(release, indicator)


@remembered(max_entries=MANY)
def goal_clocks(release: int, audience: str, language: str, programme: str) -> pd.DataFrame:
    return progress_queries.goal_clocks(release, audience, language, programme)


@remembered(max_entries=MANY)
def outlook(release: int, audience: str, indicator: str, goal: str) -> pd.DataFrame:
    return progress_queries.outlook(release, audience, indicator, goal)


@remembered(max_entries=MANY)
def transmission(release: int, audience: str, language: str, programme: str) -> pd.DataFrame:
    return progress_queries.transmission(release, audience, language, programme)


@remembered(max_entries=MANY)
def reports(release: int, audience: str, language: str, programme: str, period: str) -> pd.DataFrame:
    return progress_queries.reports(release, audience, language, programme, period)


@remembered(ttl=LATER)
def target_history(indicator: str, as_of: date, language: str) -> pd.DataFrame:
    return target_queries.target_history(indicator, as_of, language)


@remembered(ttl=LATER)
def breaks(language: str) -> pd.DataFrame:
    return reference_queries.breaks(language)


@remembered(ttl=SOON)
def releases(language: str) -> pd.DataFrame:
    return figure_queries.releases(language)


@remembered(ttl=SOON)
def shown_releases(language: str) -> pd.DataFrame:
    """The releases that readers may choose, by number, newest first."""
    every = figure_queries.releases(language).set_index("number")
    return every[every["state"].isin(("published", "superseded"))]


@remembered(ttl=LATER)
def programmes(language: str) -> pd.DataFrame:
    return reference_queries.programmes(language)


@remembered(ttl=LATER)
def goals(programme: str, language: str) -> pd.DataFrame:
    return reference_queries.goals(programme, language)


@remembered(ttl=LATER)
def indicators(language: str) -> pd.DataFrame:
    return reference_queries.indicators(language)


@remembered(ttl=LATER)
def schemes(language: str) -> pd.DataFrame:
    return reference_queries.schemes(language)


@remembered(ttl=LATER)
def areas(language: str) -> pd.DataFrame:
    return reference_queries.areas(language)


@remembered(ttl=SOON)
def boundaries(language: str) -> pd.DataFrame:
    return boundary_queries.in_force(language)


@remembered(ttl=LATER)
def areas_of_scheme(scheme: str, day: date, language: str) -> pd.DataFrame:
    return reference_queries.areas_of_scheme(scheme, day, language)


@remembered(ttl=LATER)
def overlapping_areas(area: str, day: date, language: str) -> pd.DataFrame:
    return reference_queries.overlapping_areas(area, day, language)


@remembered(ttl=LATER)
def nearest_area(area: str, scheme: str, day: date) -> str | None:
    return reference_queries.nearest_area(area, scheme, day)


@remembered(ttl=LATER)
def neighbours(area: str, day: date, language: str) -> pd.DataFrame:
    return reference_queries.neighbours(area, day, language)


@remembered(ttl=LATER)
def answering(area: str, language: str) -> pd.DataFrame:
    return reference_queries.answering(area, language)


@remembered(ttl=LATER)
def rules(language: str) -> pd.DataFrame:
    return reference_queries.rules(language)


@remembered(ttl=LATER)
def sources(language: str) -> pd.DataFrame:
    return reference_queries.sources(language)


@remembered(ttl=SOON)
def facts(programme: str, language: str) -> pd.DataFrame:
    return fact_queries.facts(programme, language)


@remembered(ttl=SOON)
def funnel(programme: str, language: str) -> pd.DataFrame:
    return fact_queries.funnel(programme, language)


@remembered(ttl=SOON)
def calls(programme: str, language: str) -> pd.DataFrame:
    return fact_queries.calls(programme, language)


@remembered(max_entries=MANY)
def partnerships(release: int, programme: str, language: str, day: date) -> pd.DataFrame:
    return network_queries.partnerships(release, programme, language, day)


@remembered(max_entries=MANY)
def projects(release: int, programme: str, language: str) -> pd.DataFrame:
    return network_queries.projects(release, programme, language)


@remembered(max_entries=MANY)
def project_register(release: int, programme: str, language: str) -> pd.DataFrame:
    return project_queries.register(release, programme, language)


@remembered(max_entries=MANY)
def project_places(release: int, area: str) -> pd.DataFrame:
    return project_queries.places(release, area)


@remembered(max_entries=MANY)
def project_facets(release: int, programme: str) -> pd.DataFrame:
    return project_queries.facets(release, programme)


@remembered(max_entries=MANY)
def latest_due(release: int) -> str:
    return project_queries.latest_due(release)


@remembered(max_entries=MANY)
def area_projects(release: int, programme: str, language: str, area: str) -> pd.DataFrame:
    return area_queries.area_projects(release, programme, language, area)


@remembered(ttl=SOON)
def area_calls(programme: str, area: str, language: str) -> pd.DataFrame:
    return area_queries.area_calls(programme, area, language)


@remembered(max_entries=MANY)
def similar_areas(
    release: int, audience: str, language: str, scheme: str, area: str, period: str
) -> pd.DataFrame:
    return similar_queries.similar_areas(release, audience, language, scheme, area, period)


@remembered(max_entries=MANY)
def project_partners(release: int, project: str, language: str) -> pd.DataFrame:
    return project_queries.partners(release, project, language)


@remembered(max_entries=MANY)
def project_values(release: int, audience: str, language: str, project: str) -> pd.DataFrame:
    return project_queries.own_values(release, audience, language, project)


@remembered(max_entries=MANY)
def project_reports(release: int, audience: str, project: str) -> pd.DataFrame:
    return project_queries.reports(release, audience, project)


@remembered(max_entries=SOME)
def partnerships_chosen(release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    return connection_queries.partnerships(release, programme, language, choices)


@remembered(max_entries=SOME)
def turned(
    release: int, programme: str, language: str, choices: Choices, turn: str, half: str
) -> pd.DataFrame:
    return connection_queries.turned(release, programme, language, choices, turn, half)


@remembered(max_entries=SOME)
def organisations(release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    return connection_queries.organisations(release, programme, language, choices)


@remembered(max_entries=SOME)
def project_sizes(release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    return connection_queries.projects(release, programme, language, choices)


@remembered(max_entries=SOME)
def turnover(release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    return connection_queries.turnover(release, programme, language, choices)


@remembered(max_entries=SOME)
def shared_areas(release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    return connection_queries.shared_areas(release, programme, language, choices)


@remembered(max_entries=SOME)
def lonely_areas(release: int, programme: str, language: str, choices: Choices) -> list[str]:
    return connection_queries.lonely_areas(release, programme, language, choices)


@remembered(max_entries=SOME)
def bridges(release: int, programme: str, language: str, choices: Choices, things: str) -> pd.DataFrame:
    return connection_queries.bridges(release, programme, language, choices, things)


@remembered(max_entries=SOME)
def network_nodes(release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    return connection_queries.nodes(release, programme, language, choices)


def newest_decision() -> int:
    """Not remembered: what is remembered of the register is asked for by it."""
    return identity_queries.newest_decision()


@remembered(ttl=LATER)
def alike_names() -> pd.DataFrame:
    return identity_queries.alike_names()


@remembered(ttl=LATER)
def suggestions(decision: int) -> pd.DataFrame:
    return identity_queries.suggestions(alike_names())


@remembered(ttl=LATER)
def decisions(decision: int) -> pd.DataFrame:
    return identity_queries.decisions()


@remembered(ttl=LATER)
def register(decision: int, language: str) -> pd.DataFrame:
    return identity_queries.register(language)


@remembered(ttl=LATER)
def projects_of_organisations(language: str) -> dict[str, list[str]]:
    return identity_queries.projects_of(language)


# What stewards see of the store as it is: not remembered, because they have just changed it.
template = intake_queries.template
screened = intake_queries.screened
difference = intake_queries.difference
fetched = intake_queries.fetched
open_data_sources = open_data_queries.sources
findings = intake_queries.findings
refusal = intake_queries.refusal
sheet_names = intake_queries.sheet_names
changed_cells = intake_queries.changed_cells
project_names = intake_queries.project_names
batches = batch_queries.batches
projects_with_values = batch_queries.projects_with_values
values = batch_queries.values
history = batch_queries.history


rounds = round_queries.rounds
round_counts = round_queries.round_counts
missing_for_transmission = round_queries.missing_for_transmission
next_transmission = round_queries.next_transmission
reminders = round_queries.reminders


def all_releases(language: str) -> pd.DataFrame:
    """The working release too."""
    return figure_queries.releases(language, "restricted")


@remembered(max_entries=SOME)
def release_states(release: int, content_hash: str) -> pd.DataFrame:
    return release_queries.states(release)


@remembered(max_entries=SOME)
def draft_changes(before: int, now: int, content_hash: str) -> pd.DataFrame:
    """What publishing the working release would change, as readers would see it."""
    return change_queries.changes(before, now, "official", "country", ahead=True)


def table_file(frame: pd.DataFrame, about: list[tuple[str, str]], language: str) -> bytes:
    """A table as a file; made when it is asked for, not remembered."""
    return tables.csv_file(frame, about, language)


def accounts() -> pd.DataFrame:
    """Not remembered: who may sign in is asked of the store."""
    return account_queries.accounts()


def has_second_door() -> bool:
    return account_queries.has_second_door()


def sign_ins(account: str) -> pd.DataFrame:
    """Not remembered either."""
    return account_queries.sign_ins(account)
