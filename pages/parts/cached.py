"""The only bridge from pages to the store: thin skins over ``data_access.queries``.

What is remembered is shared by all readers who are shown the same and may do the same (``Scope.reads``),
so the reader's scope, release and language are arguments of every function, never a hidden state. Figures
of a release never change; releases and facts are asked for anew after ten seconds, names and definitions
after five minutes.
"""

import math
from collections.abc import Callable
from datetime import date
from functools import wraps
from itertools import starmap
from threading import Condition
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import cachetools
import pandas as pd
from cachetools.keys import hashkey

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
from data_access.scope import Scope

Choices = connection_queries.Choices
Unusable = intake_queries.Unusable
MOST_NODES = connection_queries.MOST_NODES

SOON, LATER = 10, 300
MANY, SOME = 2000, 100
MEMORIES: list[cachetools.TTLCache[Any, Any]] = []
Asked = ParamSpec("Asked")
Given = TypeVar("Given")


class Shown(NamedTuple):
    """A release that readers may choose: the last day it knows, and whether it holds invented data."""

    as_of: date
    demonstration: bool


def remembered(
    *, ttl: float = math.inf, max_entries: int = MANY
) -> Callable[[Callable[Concatenate[Scope, Asked], Given]], Callable[Concatenate[Scope, Asked], Given]]:
    """Remember what a function gives, for ``ttl`` seconds at most. Streamlit's own caches pickle what they
    give, or take fifty times as long to find it. A frame is handed out as a view that pandas copies where
    somebody writes into it, with its texts as plain objects: for some twenty rows that is several times
    quicker.

    It is kept under what the reader's scope may see and under the arguments, which are all plain values, and
    asked for with a scope that is nobody's in particular: what one reader is told, another one gets."""

    def remember(
        ask: Callable[Concatenate[Scope, Asked], Given],
    ) -> Callable[Concatenate[Scope, Asked], Given]:
        memory = cachetools.TTLCache[Any, Given](max_entries, ttl)
        MEMORIES.append(memory)

        @cachetools.cached(memory, key=kept_under, condition=Condition())
        def kept(scope: Scope, *args: Asked.args, **more: Asked.kwargs) -> Given:
            found = ask(scope.of_anyone, *args, **more)
            if isinstance(found, pd.DataFrame):
                return found.astype(dict.fromkeys(found.columns[found.dtypes == "str"], object))
            return found

        @wraps(ask)
        def given(scope: Scope, *args: Asked.args, **more: Asked.kwargs) -> Given:
            found = kept(scope, *args, **more)
            return found.copy(deep=False) if isinstance(found, pd.DataFrame) else found

        return given

    return remember


def kept_under(scope: Scope, *args: Any, **more: Any) -> tuple[Any, ...]:
    return hashkey(scope.reads, *args, **more)


def forget() -> None:
    """Forget all that is remembered."""
    for memory in MEMORIES:
        memory.clear()


@remembered()
def figures(
    scope: Scope,
    release: int,
    language: str,
    indicator: str | tuple[str, ...] | None = None,
    scheme: str | None = None,
    period: str | tuple[str, ...] | None = None,
    goal: str | tuple[str, ...] | None = None,
    area: str | None = None,
) -> pd.DataFrame:
    return figure_queries.figures(
        scope,
        release,
        language,
        indicator=indicator,
        scheme=scheme,
        period=period,
        goal=goal,
        area=area,
    )


@remembered()
def benchmarks(
    scope: Scope,
    release: int,
    language: str,
    indicator: str,
    scheme: str,
    period: str,
    goal: str,
    against: str,
) -> pd.DataFrame:
    return benchmark_queries.benchmarks(scope, release, language, indicator, scheme, period, goal, against)


@remembered()
def changes(scope: Scope, before: int, now: int) -> pd.DataFrame:
    return change_queries.changes(scope, before, now, "country")


@remembered()
def periods_of(scope: Scope, release: int, indicator: str) -> list[str]:
    return figure_queries.periods_of(scope, release, indicator)


@remembered()
def latest_period(scope: Scope, release: int, indicator: str) -> str | None:
    return figure_queries.latest_period(scope, release, indicator)


@remembered()
def goal_clocks(scope: Scope, release: int, language: str, programme: str) -> pd.DataFrame:
    return progress_queries.goal_clocks(scope, release, language, programme)


@remembered()
def outlook(scope: Scope, release: int, indicator: str, goal: str) -> pd.DataFrame:
    return progress_queries.outlook(scope, release, indicator, goal)


@remembered()
def transmission(scope: Scope, release: int, language: str, programme: str) -> pd.DataFrame:
    return progress_queries.transmission(scope, release, language, programme)


@remembered()
def reports(scope: Scope, release: int, language: str, programme: str, period: str) -> pd.DataFrame:
    return progress_queries.reports(scope, release, language, programme, period)


@remembered(ttl=LATER)
def target_history(scope: Scope, indicator: str, as_of: date, language: str) -> pd.DataFrame:
    return target_queries.target_history(scope, indicator, as_of, language)


@remembered(ttl=LATER)
def breaks(scope: Scope, language: str) -> pd.DataFrame:
    return reference_queries.breaks(scope, language)


@remembered(ttl=SOON)
def releases(scope: Scope, language: str) -> pd.DataFrame:
    return figure_queries.releases(scope, language)


@remembered(ttl=SOON)
def shown_releases(scope: Scope, language: str) -> dict[int, Shown]:
    """The releases that readers may choose, by number, newest first."""
    every = figure_queries.releases(scope, language)
    rows = every[every["state"].isin(("published", "superseded"))]
    told = zip(rows["as_of"], rows["demonstration"].astype(bool), strict=True)
    return dict(zip(rows["number"].astype(int), starmap(Shown, told), strict=True))


@remembered(ttl=LATER)
def programmes(scope: Scope, language: str) -> pd.DataFrame:
    return reference_queries.programmes(scope, language)


@remembered(ttl=LATER)
def goals(scope: Scope, programme: str, language: str) -> pd.DataFrame:
    return reference_queries.goals(scope, programme, language)


@remembered(ttl=LATER)
def indicators(scope: Scope, language: str) -> pd.DataFrame:
    return reference_queries.indicators(scope, language)


@remembered(ttl=LATER)
def schemes(scope: Scope, language: str) -> pd.DataFrame:
    return reference_queries.schemes(scope, language)


@remembered(ttl=LATER)
def areas(scope: Scope, language: str) -> pd.DataFrame:
    return reference_queries.areas(scope, language)


@remembered(ttl=SOON)
def boundaries(scope: Scope, language: str) -> pd.DataFrame:
    return boundary_queries.in_force(scope, language)


@remembered(ttl=LATER)
def areas_of_scheme(scope: Scope, scheme: str, day: date, language: str) -> pd.DataFrame:
    return reference_queries.areas_of_scheme(scope, scheme, day, language)


@remembered(ttl=LATER)
def overlapping_areas(scope: Scope, area: str, day: date, language: str) -> pd.DataFrame:
    return reference_queries.overlapping_areas(scope, area, day, language)


@remembered(ttl=LATER)
def nearest_area(scope: Scope, area: str, scheme: str, day: date) -> str | None:
    return reference_queries.nearest_area(scope, area, scheme, day)


@remembered(ttl=LATER)
def neighbours(scope: Scope, area: str, day: date, language: str) -> pd.DataFrame:
    return reference_queries.neighbours(scope, area, day, language)


@remembered(ttl=LATER)
def answering(scope: Scope, area: str, language: str) -> pd.DataFrame:
    return reference_queries.answering(scope, area, language)


@remembered(ttl=LATER)
def rules(scope: Scope, language: str) -> pd.DataFrame:
    return reference_queries.rules(scope, language)


@remembered(ttl=LATER)
def sources(scope: Scope, language: str) -> pd.DataFrame:
    return reference_queries.sources(scope, language)


@remembered(ttl=SOON)
def facts(scope: Scope, programme: str, language: str) -> pd.DataFrame:
    return fact_queries.facts(scope, programme, language)


@remembered(ttl=SOON)
def funnel(scope: Scope, programme: str, language: str) -> pd.DataFrame:
    return fact_queries.funnel(scope, programme, language)


@remembered(ttl=SOON)
def calls(scope: Scope, programme: str, language: str) -> pd.DataFrame:
    return fact_queries.calls(scope, programme, language)


@remembered()
def partnerships(scope: Scope, release: int, programme: str, language: str, day: date) -> pd.DataFrame:
    return network_queries.partnerships(scope, release, programme, language, day)


@remembered()
def projects(scope: Scope, release: int, programme: str, language: str) -> pd.DataFrame:
    return network_queries.projects(scope, release, programme, language)


@remembered()
def project_register(scope: Scope, release: int, programme: str, language: str) -> pd.DataFrame:
    return project_queries.register(scope, release, programme, language)


@remembered()
def project_places(scope: Scope, release: int, area: str) -> pd.DataFrame:
    return project_queries.places(scope, release, area)


@remembered()
def project_facets(scope: Scope, release: int, programme: str) -> pd.DataFrame:
    return project_queries.facets(scope, release, programme)


@remembered()
def latest_due(scope: Scope, release: int) -> str:
    return project_queries.latest_due(scope, release)


@remembered()
def area_projects(scope: Scope, release: int, programme: str, language: str, area: str) -> pd.DataFrame:
    return area_queries.area_projects(scope, release, programme, language, area)


@remembered(ttl=SOON)
def area_calls(scope: Scope, programme: str, area: str, language: str) -> pd.DataFrame:
    return area_queries.area_calls(scope, programme, area, language)


@remembered()
def similar_areas(
    scope: Scope, release: int, language: str, scheme: str, area: str, period: str
) -> pd.DataFrame:
    return similar_queries.similar_areas(scope, release, language, scheme, area, period)


@remembered()
def project_partners(scope: Scope, release: int, project: str, language: str) -> pd.DataFrame:
    return project_queries.partners(scope, release, project, language)


@remembered()
def project_values(scope: Scope, release: int, language: str, project: str) -> pd.DataFrame:
    return project_queries.own_values(scope, release, language, project)


@remembered()
def project_reports(scope: Scope, release: int, project: str) -> pd.DataFrame:
    return project_queries.reports(scope, release, project)


@remembered(max_entries=SOME)
def partnerships_chosen(
    scope: Scope, release: int, programme: str, language: str, choices: Choices
) -> pd.DataFrame:
    return connection_queries.partnerships(scope, release, programme, language, choices)


@remembered(max_entries=SOME)
def turned(
    scope: Scope, release: int, programme: str, language: str, choices: Choices, turn: str, half: str
) -> pd.DataFrame:
    return connection_queries.turned(scope, release, programme, language, choices, turn, half)


@remembered(max_entries=SOME)
def organisations(
    scope: Scope, release: int, programme: str, language: str, choices: Choices
) -> pd.DataFrame:
    return connection_queries.organisations(scope, release, programme, language, choices)


@remembered(max_entries=SOME)
def project_sizes(
    scope: Scope, release: int, programme: str, language: str, choices: Choices
) -> pd.DataFrame:
    return connection_queries.projects(scope, release, programme, language, choices)


@remembered(max_entries=SOME)
def turnover(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    return connection_queries.turnover(scope, release, programme, language, choices)


@remembered(max_entries=SOME)
def shared_areas(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    return connection_queries.shared_areas(scope, release, programme, language, choices)


@remembered(max_entries=SOME)
def lonely_areas(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> list[str]:
    return connection_queries.lonely_areas(scope, release, programme, language, choices)


@remembered(max_entries=SOME)
def bridges(
    scope: Scope, release: int, programme: str, language: str, choices: Choices, things: str
) -> pd.DataFrame:
    return connection_queries.bridges(scope, release, programme, language, choices, things)


@remembered(max_entries=SOME)
def network_nodes(
    scope: Scope, release: int, programme: str, language: str, choices: Choices
) -> pd.DataFrame:
    return connection_queries.nodes(scope, release, programme, language, choices)


def newest_decision(scope: Scope) -> int:
    """Not remembered: what is remembered of the register is asked for by it."""
    return identity_queries.newest_decision(scope)


@remembered(ttl=LATER)
def alike_names(scope: Scope) -> pd.DataFrame:
    return identity_queries.alike_names(scope)


@remembered(ttl=LATER)
def suggestions(scope: Scope, decision: int) -> pd.DataFrame:
    return identity_queries.suggestions(scope, alike_names(scope))


@remembered(ttl=LATER)
def decisions(scope: Scope, decision: int) -> pd.DataFrame:
    return identity_queries.decisions(scope)


@remembered(ttl=LATER)
def register(scope: Scope, decision: int, language: str) -> pd.DataFrame:
    return identity_queries.register(scope, language)


@remembered(ttl=LATER)
def projects_of_organisations(scope: Scope, language: str) -> dict[str, list[str]]:
    return identity_queries.projects_of(scope, language)


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
all_releases = release_queries.all_releases
rounds = round_queries.rounds
round_counts = round_queries.round_counts
missing_for_transmission = round_queries.missing_for_transmission
next_transmission = round_queries.next_transmission
reminders = round_queries.reminders


@remembered(max_entries=SOME)
def release_states(scope: Scope, release: int, content_hash: str) -> pd.DataFrame:
    return release_queries.states(scope, release)


@remembered(max_entries=SOME)
def draft_changes(scope: Scope, before: int, now: int, content_hash: str) -> pd.DataFrame:
    """What publishing the working release would change, as readers would see it."""
    return release_queries.changes_ahead(scope, before, now, "country")


def table_file(scope: Scope, frame: pd.DataFrame, about: list[tuple[str, str]], language: str) -> bytes:
    """A table as a file; made when it is asked for, not remembered."""
    return tables.csv_file(scope, frame, about, language)


# Not remembered: who may sign in, and who has, is asked of the store.
accounts = account_queries.accounts
has_second_door = account_queries.has_second_door
sign_ins = account_queries.sign_ins
own_sign_ins = account_queries.own_sign_ins
