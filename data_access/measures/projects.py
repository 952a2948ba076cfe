"""What single projects have reported, by the rules that make figures of all of them together.

Only of indicators that are not about people: what one project tells of people could be taken away from
the protected figures around it, so that no audience gets it."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data_access.measures import aggregation, periods, registers
from data_access.measures.aggregation import NO_DAY, SUMS, Rows, day_number
from data_access.measures.figures import Basis, Observations
from data_access.measures.periods import Span
from data_access.measures.placement import Placement

NOT_ABOUT_PEOPLE = "no"
OWN = ["project", "indicator", "period", "value", "n", "reported_on", "sources", "demonstration"]


def of_project(basis: Basis, project: str) -> Basis:
    """The basis as if there were no other project."""
    mine = {}
    for name in ("projects", "project_areas", "project_goals", "partnerships"):
        rows = getattr(basis, name)
        mine[name] = rows[rows["project"] == project].reset_index(drop=True)
    return basis._replace(**mine)


def half_years(basis: Basis) -> list[str]:
    """The half-years from the start of the first project to the last day that is known."""
    return periods.half_years(basis.projects["starts"].min(), basis.as_of)


def reported(indicators: pd.DataFrame) -> pd.DataFrame:
    """The indicators that projects report each half-year; the others are registers and statistics."""
    half_yearly = indicators["frequency"] == "half_year"
    return indicators[half_yearly & ~indicators["aggregation"].isin(registers.COUNTED)]


def about_people(indicators: pd.DataFrame) -> pd.Series:
    """Which indicators are about people: no project's own value of them is published."""
    return indicators["person_data"] != NOT_ABOUT_PEOPLE


def own_values(basis: Basis, observations: Observations, spans: list[Span]) -> pd.DataFrame:
    """What each project of a programme's basis says of itself: project, indicator, period, value (in the
    indicator's unit: the sum over its areas, or the mean of its answers), n (answers; empty: not told),
    reported_on (day of the newest report in it), sources (codes), demonstration. A row for each period
    that it has reported a value for; what is cumulative is to date at the period's end."""
    placement = Placement(
        basis.areas,
        basis.memberships,
        basis.projects,
        basis.project_areas,
        basis.project_goals,
        basis.goals["goal"].tolist(),
    )
    found = []
    open_to_all = reported(basis.indicators)
    indicators: Any = open_to_all[~about_people(open_to_all)].itertuples(index=False)
    for indicator in indicators:
        rows = aggregation.weighed(observations(indicator.indicator), indicator, placement)
        for asked in spans:
            left = registers.left_by(basis.projects, min(asked.last, basis.as_of))
            at = aggregation.chosen(rows, indicator, asked, placement, left)
            at = at[(rows["project"][at] >= 0) & (rows["count"][at] > 0)]
            fresh = rows["project"][at][rows["began"][at] >= day_number(asked.first)]
            at = at[np.isin(rows["project"][at], fresh)]
            if len(at):
                sums = by_project({name: values[at] for name, values in rows.items()})
                sums["project"] = basis.projects["project"].to_numpy(dtype=object)[sums["project"]]
                found.append(sums.assign(indicator=indicator.indicator, period=asked.code))
    if not found:
        return pd.DataFrame(columns=OWN)
    return with_values(pd.concat(found, ignore_index=True), basis)


def by_project(rows: Rows) -> pd.DataFrame:
    """Rows added up by project (its number): those of ``SUMS``, ``reported_on``, ``sources``."""
    projects, number = np.unique(rows["project"], return_inverse=True)
    newest = np.full(len(projects), NO_DAY)
    np.maximum.at(newest, number, rows["day"])
    pairs = pd.DataFrame({"number": number, "source": rows["source"]}).drop_duplicates()
    return pd.DataFrame(
        {
            "project": projects,
            **{name: np.bincount(number, rows[name], len(projects)) for name in SUMS},
            "reported_on": pd.to_datetime(newest, unit="D").date,
            "sources": pairs.sort_values("source").groupby("number")["source"].agg(list),
        }
    )


def with_values(sums: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Sums with what their indicators' aggregation makes of them, as columns of ``OWN``."""
    cells = sums.merge(basis.indicators, on="indicator").assign(partly=0.0, low_value=0.0, high_value=0.0)
    found = aggregation.values(cells, confidence=basis.thresholds["confidence"])
    found["value"] = aggregation.rounded(found["value"])
    return found.assign(demonstration=found["marked"] > 0)[OWN].dropna(subset="value")


def ends_soon(rows: pd.DataFrame, day: date) -> pd.Series:
    """Which projects (state, ends) run on ``day`` and end within a year of it, that day among them."""
    last = (pd.Timestamp(day) + pd.DateOffset(years=1)).date()
    ending = rows["ends"].map(lambda end: isinstance(end, date) and day <= end <= last).astype(bool)
    return ending & (rows["state"] == "running")


def facets(register: pd.DataFrame) -> pd.DataFrame:
    """The projects whose place is known (certainty, direction; one row per project, eur_committed) by
    place: certainty, direction, projects, eur_committed, share (of the euros committed to all of them)."""
    placed = register.dropna(subset=["certainty", "direction"]).groupby(["certainty", "direction"])
    found = placed.agg(projects=("code", "size"), eur_committed=("eur_committed", "sum")).reset_index()
    total = found["eur_committed"].sum()
    return found.assign(share=found["eur_committed"] / total if total else float("nan"))


def organisations(basis: Basis, spans: list[Span]) -> pd.DataFrame:
    """How many distinct organisations have worked in the projects of a basis up to the end of each period,
    those that have left and subcontractors too, as the count of the whole programme is made: period,
    value, sources, demonstration. No row for a period in which no project was in the programme any more."""
    rows = basis.partnerships
    found: list[dict[str, Any]] = []
    for asked in spans:
        day = min(asked.last, basis.as_of)
        there = basis.projects["project"][registers.in_programme_on(basis.projects, day)]
        if there.empty:
            continue
        mine = rows[rows["project"].isin(there) & (rows["starts"] <= day)]
        found.append(
            {
                "period": asked.code,
                "value": float(mine["identity"].nunique()),
                "sources": sorted(set(mine["source"])),
                "demonstration": bool(mine["demonstration"].any()),
            }
        )
    return pd.DataFrame(found, columns=["period", "value", "sources", "demonstration"])
