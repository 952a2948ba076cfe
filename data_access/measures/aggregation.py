"""From reported values to one value per indicator, area, period and goal.

Every row of a result says what it was made from. Frames that come in (``Reports``):

- ``indicators``: indicator, aggregation, time_kind, frequency, attribution, scale_low, scale_high
- ``goals``: codes of the programme's goals
- ``observations``: the current ones: indicator, project, area, goal, period, value, numerator,
  denominator, n, identical_answers, reported_on, source, demonstration
- ``projects``: project, starts, ends (the day it really ended), withdrawn_on, national, source,
  demonstration
- ``project_areas``: project, area · ``project_goals``: project, goal
- ``partnerships``: project, identity (one per real organisation), supported, eligible, starts, ends,
  source, demonstration
- ``areas`` and ``memberships``: as in ``schemes``
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from data_access.measures import periods
from data_access.measures.comparison import mean_interval_of_sums
from data_access.measures.schemes import areas_on, atoms_of, reach

ALL = "all"
CELL = ["indicator", "goal", "area"]
SUMS = ["count", "value", "numerator", "denominator", "n", "w", "wx", "ww", "wwx", "wwxx", "unparted"]
DISTINCT = ("distinct_organisations", "distinct_organisations_eligible", "distinct_projects")


class Reports(NamedTuple):
    indicators: pd.DataFrame
    goals: list[str]
    observations: pd.DataFrame
    projects: pd.DataFrame
    project_areas: pd.DataFrame
    project_goals: pd.DataFrame
    partnerships: pd.DataFrame
    areas: pd.DataFrame
    memberships: pd.DataFrame


class Span(NamedTuple):
    """One period to publish: its code and its first and last day."""

    code: str
    first: date
    last: date


def placed(reports: Reports, day: date) -> pd.DataFrame:
    """Where everything counts on ``day``: ``place`` (``project:x`` or ``area:y``), ``area`` of any
    scheme, ``partly`` (it only overlaps the area: nothing can be said for that area).

    A project counts in an area when one of its own areas lies inside; national projects count in
    the country only."""
    inside, partly = reach(atoms_of(reports.memberships, day))
    columns = all_areas_on(reports, day)
    touched = (inside | partly)[columns].stack()
    by_area = touched[touched].index.to_frame(index=False, name=["own", "area"])
    by_area["partly"] = partly.stack()[list(zip(by_area["own"], by_area["area"], strict=True))].to_numpy()
    national = reports.projects.loc[reports.projects["national"], "project"]
    country = reports.areas.loc[reports.areas["scheme"] == "country", "area"]
    acting = reports.project_areas.rename(columns={"area": "own"}).merge(by_area, on="own")
    acting = acting[~acting["project"].isin(national) | acting["area"].isin(country)]
    by_project = acting.groupby(["project", "area"], as_index=False)["partly"].min()
    by_project["place"] = "project:" + by_project["project"].astype(str)
    by_area["place"] = "area:" + by_area["own"].astype(str)
    return pd.concat([by_project, by_area], ignore_index=True)[["place", "area", "partly"]]


def all_areas_on(reports: Reports, day: date) -> list[str]:
    """The areas of all schemes on ``day``."""
    return [area for scheme in reports.areas["scheme"].unique() for area in areas_on(reports.areas, scheme, day)]


def with_goals(rows: pd.DataFrame, project_goals: pd.DataFrame) -> pd.DataFrame:
    """Each row once for the programme as a whole and once for each goal it belongs to: its own
    ``goal`` where it has one, else those of its project."""
    own = rows["goal"].notna() if "goal" in rows else pd.Series(False, index=rows.index)
    inherited = rows[~own].drop(columns="goal", errors="ignore").merge(project_goals, on="project")
    serves = pd.concat([rows[own], inherited])
    return pd.concat([rows.assign(goal=ALL), serves], ignore_index=True)


def counted(observations: pd.DataFrame, indicators: pd.DataFrame, span: Span) -> pd.DataFrame:
    """The observations that a period is made of: all of a flow's, the latest of each project and
    area for a stock, the latest up to the period's end for a cumulative value."""
    kinds = observations[["indicator"]].merge(indicators[["indicator", "time_kind"]], how="left")
    kind = kinds["time_kind"].to_numpy()
    ended = observations["ended"].to_numpy() <= np.datetime64(span.last)
    begun = observations["began"].to_numpy() >= np.datetime64(span.first)
    chosen = observations[ended & (begun | (kind == "cumulative"))].assign(
        time_kind=kind[ended & (begun | (kind == "cumulative"))]
    )
    flows = chosen[chosen["time_kind"] == "flow"]
    levels = chosen[chosen["time_kind"] != "flow"].sort_values(["ended", "id"], kind="stable")
    latest = levels.drop_duplicates(["indicator", "project", "area", "goal"], keep="last")
    return pd.concat([flows, latest])


def weighed(observations: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Adds what sums need: ``place``, weights and products of weights, first and last day."""
    rows = observations.merge(indicators[["indicator", "attribution"]], on="indicator")
    by_area = rows["area"].notna() & (rows["attribution"] == "area")
    rows["place"] = np.where(
        by_area, "area:" + rows["area"].astype(str), "project:" + rows["project"].astype(str)
    )
    days = {code: (periods.first_day(code), periods.last_day(code)) for code in rows["period"].unique()}
    rows["began"] = pd.to_datetime(rows["period"].map({code: day[0] for code, day in days.items()}))
    rows["ended"] = pd.to_datetime(rows["period"].map({code: day[1] for code, day in days.items()}))
    rows["count"] = 1
    rows["w"] = rows["n"].astype("float64").fillna(1.0)
    rows["wx"] = rows["w"] * rows["value"]
    rows["ww"] = rows["w"] ** 2
    rows["wwx"] = rows["ww"] * rows["value"]
    rows["wwxx"] = rows["wwx"] * rows["value"]
    rows["unparted"] = rows["denominator"].isna().astype(int)
    return rows[rows["value"].notna() | rows["denominator"].notna()]


def summed(rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """One row per indicator, goal and area with the sums of what counts there, how many projects
    reported, the newest report, and whether anything only overlaps the area (``partly``)."""
    spread = rows.drop(columns="area").merge(places, on="place")
    cells = spread.groupby(CELL)
    found = cells["partly"].max().to_frame()
    whole = spread[~spread["partly"]]
    sums = whole.groupby(CELL)[SUMS].sum(min_count=1)
    extremes = whole.groupby(CELL).agg(
        lowest=("value", "min"),
        highest=("value", "max"),
        identical=("identical_answers", "min"),
        newest=("reported_on", "max"),
        demonstration=("demonstration", "max"),
    )
    reporters = whole.drop_duplicates([*CELL, "project"]).groupby(CELL)["project"].count().rename("reported")
    return found.join([sums, extremes, reporters, sources_of(whole, CELL)])


def sources_of(rows: pd.DataFrame, cell: list[str]) -> pd.Series:
    """The sources of each cell's rows, in order, joined by ``|``."""
    once = rows[[*cell, "source"]].drop_duplicates().sort_values("source")
    return once.groupby(cell)["source"].agg("|".join).rename("sources")


def means_and_sums(cells: pd.DataFrame, indicators: pd.DataFrame, *, confidence: float) -> pd.DataFrame:
    """The value of each cell by its indicator's aggregation, and its interval where one exists.

    A ratio is recomputed from its parts; without parts a single report is passed on as it is and
    several make the cell *cannot be expressed* (``partly``)."""
    rows = cells.reset_index().merge(
        indicators[["indicator", "aggregation", "scale_low", "scale_high"]], on="indicator"
    )
    kind = rows["aggregation"]
    mean = rows["wx"] / rows["w"].where(rows["w"] > 0)
    ratio = (rows["numerator"] / rows["denominator"]).where(rows["unparted"] == 0) * 100
    alone = rows["value"].where((rows["unparted"] == 1) & (rows["count"] == 1))
    rows["partly"] |= (kind == "ratio") & ratio.isna() & alone.isna() & rows["count"].notna()
    rows["value"] = np.select(
        [kind == "mean_weighted_by_n", kind == "ratio"], [mean, ratio.fillna(alone)], rows["value"]
    )
    low, high = mean_interval_of_sums(rows, confidence=confidence)
    rows["low"] = np.maximum(low.where(kind == "mean_weighted_by_n"), rows["scale_low"].fillna(-np.inf))
    rows["high"] = np.minimum(high.where(kind == "mean_weighted_by_n"), rows["scale_high"].fillna(np.inf))
    rows["identical_answers"] = (rows["identical"] == 1) & (rows["lowest"] == rows["highest"])
    return rows.drop(columns=["aggregation", "scale_low", "scale_high", "identical", "lowest", "highest"])


def in_programme_on(projects: pd.DataFrame, day: date) -> pd.DataFrame:
    """The projects that have started by ``day`` and have not been withdrawn by then."""
    gone = projects["withdrawn_on"].map(lambda left: isinstance(left, date) and left <= day)
    return projects[(projects["starts"] <= day) & ~gone.astype(bool)]


def organisations(reports: Reports, places: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Distinct organisations to date per goal and area, with the steps of the reconciliation:
    ``partnerships`` (rows), ``distinct``, ``supported`` (directly), ``eligible`` (for EECO18),
    ``undecided``, ``several_projects``. Counted anew for each area and goal, never added."""
    there = reports.partnerships[reports.partnerships["starts"] <= span.last]
    there = there[there["project"].isin(in_programme_on(reports.projects, span.last)["project"])]
    rows = with_goals(there, reports.project_goals).assign(
        place=lambda each: "project:" + each["project"].astype(str)
    )
    spread = rows.merge(places, on="place")
    found = spread.groupby(["goal", "area"])["partly"].max().to_frame()
    whole = spread[~spread["partly"]]
    once = whole.groupby(["goal", "area", "identity"], as_index=False).agg(
        partnerships=("project", "size"),
        projects=("project", "nunique"),
        supported=("supported", "max"),
        eligible=("eligible", "max"),
        demonstration=("demonstration", "max"),
    )
    decided = once["eligible"].notna()
    once["distinct"] = 1
    once["eligible"] = once["supported"] & decided & (once["eligible"] == 1)
    once["undecided"] = once["supported"] & ~decided
    once["several_projects"] = once["projects"] > 1
    steps = ["partnerships", "distinct", "supported", "eligible", "undecided", "several_projects"]
    counts = once.groupby(["goal", "area"])[steps].sum().astype(int)
    marked = once.groupby(["goal", "area"])["demonstration"].max()
    return found.join([counts, marked, sources_of(whole, ["goal", "area"])])


def projects_to_date(reports: Reports, places: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Distinct projects to date per goal and area: ``projects``, of them ``running`` and
    ``national``."""
    there = in_programme_on(reports.projects, span.last)
    running = there["ends"].map(lambda end: not isinstance(end, date) or end >= span.last)
    rows = with_goals(there.assign(running=running.astype(int)), reports.project_goals).assign(
        place=lambda each: "project:" + each["project"].astype(str)
    )
    spread = rows.merge(places, on="place")
    found = spread.groupby(["goal", "area"])["partly"].max().to_frame()
    whole = spread[~spread["partly"]].assign(projects=1)
    counts = whole.groupby(["goal", "area"]).agg(
        projects=("projects", "sum"),
        running=("running", "sum"),
        national=("national", "sum"),
        demonstration=("demonstration", "max"),
    )
    return found.join([counts, sources_of(whole, ["goal", "area"])])


def expected_reports(reports: Reports, places: pd.DataFrame, span: Span) -> pd.DataFrame:
    """How many regional projects were running in the period, per goal and area: ``expected``, and
    ``touched``, how many of all that act there or only overlap the area."""
    regional = reports.projects[~reports.projects["national"]]
    over = regional["ends"].map(lambda end: isinstance(end, date) and end < span.first).astype(bool)
    running = regional[(regional["starts"] <= span.last) & ~over]
    rows = with_goals(running, reports.project_goals).assign(
        place=lambda each: "project:" + each["project"].astype(str)
    )
    spread = rows.merge(places, on="place")
    whole = spread[~spread["partly"]].groupby(["goal", "area"]).size().rename("expected")
    return spread.groupby(["goal", "area"]).size().rename("touched").to_frame().join(whole)
