"""What areas are held against: the country, their own funding authority, or the areas most like them."""

import pandas as pd
from sqlmodel import Session

from data_access import release_basis
from data_access.measures import comparison
from data_access.measures.periods import TO_DATE, last_day
from data_access.measures.schemes import areas_on, atoms_of, reach
from data_access.queries.figures import figures
from data_access.queries.similar import most_similar
from data_access.scope import Scope
from data_access.store import reading

AGAINST = ("country", "funding", "similar")
LEVELS = ("mean_weighted_by_n", "ratio")
"""Aggregations of which a whole is a level that its parts can be held against. A sum is not."""


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
    """The level that each area of a scheme is held against, and how it stands to it.

    Columns: ``area``, ``beside`` (whose level it is, in ``language``), ``level`` and ``standing``
    (*better*, *similar*, *worse*, *higher*, *lower*), both empty where nothing can be said. Against the
    country the standing is the verdict of the release; else it is judged by the same test on what the
    audience is shown. Raises ValueError for another ``against`` than those of ``AGAINST``."""
    scope.must("see_figures")
    if against not in AGAINST:
        raise ValueError(f"{against!r} is nothing to compare with: {', '.join(AGAINST)}")
    ask = {"indicator": indicator, "period": period, "goal": goal}
    areas = figures(scope, release, language, scheme=scheme, **ask)
    with reading() as session:
        parts = release_basis.parts_of(session, release, "indicators", "rules")
        about = parts["indicators"].set_index("indicator").loc[indicator]
        homes = funding_areas(session, release, areas, period) if against == "funding" else {}
    if against == "similar":
        beside = middle_of_alike(areas, most_similar(scope, release, language, scheme, period, ALIKE))
    else:
        wider = figures(scope, release, language, scheme=against, **ask)
        if against == "country" and len(wider):
            homes = dict.fromkeys(areas["area"], wider["area"].iloc[0])
        beside = held_against(areas, homes, wider, about["aggregation"] in LEVELS)
    if against == "country":
        return beside.assign(standing=areas["verdict"])[COLUMNS]
    confidence = float(parts["rules"].set_index("code").loc["confidence", "value"])
    means = areas[["value", "low", "high"]].assign(direction=about["direction"])
    levels = beside.rename(columns={"level": "value"})[["value", "low", "high"]]
    return beside.assign(standing=comparison.verdict(means, levels, confidence=confidence))[COLUMNS]


ALIKE = 3
"""How many areas the middle value is taken of."""
COLUMNS = ["area", "beside", "level", "standing"]


def held_against(
    rows: pd.DataFrame, belongs: dict[str, str], wider: pd.DataFrame, level_of: bool
) -> pd.DataFrame:
    """For each row, an area's, the name, value and interval of the wider area it ``belongs`` to; no value
    where a wider area is no level for its parts."""
    homes = wider.set_index("area").reindex(rows["area"].map(belongs))
    levels = homes[["value", "low", "high"]].rename(columns={"value": "level"})
    levels = levels if level_of else levels * float("nan")
    found = levels.assign(beside=homes["area_label"], area=rows["area"].to_numpy())
    return found.set_index(rows.index)


def middle_of_alike(rows: pd.DataFrame, alike: dict[str, list[str]]) -> pd.DataFrame:
    """For each row, an area's, the middle one of the shown values of those it is most like, with their
    names; a value without an interval of its own."""
    values, names = (rows.set_index("area")[column] for column in ("value", "area_name"))
    groups = [[code for code in alike.get(area, []) if pd.notna(values[code])] for area in rows["area"]]
    level = [values[codes].median() for codes in groups]
    beside = [", ".join(names[code] for code in codes) or None for codes in groups]
    found = {"area": rows["area"], "beside": beside, "level": level, "low": level, "high": level}
    return pd.DataFrame(found, index=rows.index)


def funding_areas(session: Session, release: int, rows: pd.DataFrame, period: str) -> dict[str, str]:
    """area → the funding authority's area that it lies wholly inside of on the last day of the period (or
    the release's own), where there is one."""
    parts = release_basis.parts_of(session, release, "areas", "memberships")
    as_of = release_basis.found_release(session, release).as_of
    day = as_of if period == TO_DATE else min(last_day(period), as_of)
    inside, _ = reach(atoms_of(parts["memberships"], day))
    there = areas_on(parts["areas"], "funding", day)
    homes = inside.reindex(index=rows["area"], columns=there, fill_value=False)
    return {str(area): str(row.idxmax()) for area, row in homes.iterrows() if row.any()}
