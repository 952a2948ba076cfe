"""Which areas are most alike, by figures that a release publishes."""

import pandas as pd

from data_access.measures.periods import TO_DATE
from data_access.measures.similarity import distances
from data_access.queries.figures import figures
from data_access.release_basis import parts_of
from data_access.scope import Scope
from data_access.store import reading

SHOWN = ("value", "zero")
AFTER_Z = str.maketrans("åäö", "{|}")


def similar_areas(
    scope: Scope, release: int, language: str, scheme: str, area: str, period: str
) -> pd.DataFrame:
    """The areas of a scheme by their distance from ``area`` (``measures.similarity``), nearest first, those
    alike in alphabetical order: code, name, label, distance (empty: nothing in common), compared (how many
    figures both have), ``missing`` (the codes of those that one of them lacks, joined by ", "); and for each
    figure compared a column with its code, the value, and one with ``_difference`` after it, in standard
    deviations. ``area`` itself comes first, at distance 0. Empty where ``area`` has no figure there.

    Compared are the indicators that the release declares (``compares``) and that any area has: the values
    of ``period`` that the audience may see; of yearly statistics those of the newest year up to then."""
    found, values = compared_values(scope, release, language, scheme, period)
    if area not in values.index:
        return pd.DataFrame(columns=["code", "name", "label", "distance", "compared", "missing"])
    names = found.drop_duplicates("area").set_index("area")[["area_name", "area_label"]]
    values = values.reindex(names.index)
    told = distances(values, area)
    rows = names.rename(columns={"area_name": "name", "area_label": "label"}).join(
        told[["distance", "compared"]]
    )
    lacking = told[values.columns].isna()
    rows["missing"] = [", ".join(values.columns[row]) for row in lacking.to_numpy()]
    rows = rows.join(values).join(told[values.columns].add_suffix("_difference"))
    rows = rows.assign(itself=rows.index != area, order=alphabetical(rows["name"]))
    rows = rows.sort_values(["itself", "distance", "order"]).drop(columns=["itself", "order"])
    return rows.rename_axis("code").reset_index()


def most_similar(
    scope: Scope, release: int, language: str, scheme: str, period: str, count: int
) -> dict[str, list[str]]:
    """For each area of a scheme the codes of the ``count`` areas nearest to it, as ``similar_areas`` orders
    them; fewer where fewer have a figure in common, none for an area without any."""
    found, values = compared_values(scope, release, language, scheme, period)
    names = found.drop_duplicates("area").set_index("area")["area_name"]
    nearest = {}
    for area in values.index:
        told = distances(values, area)[["distance"]].drop(index=area).dropna()
        told = told.assign(order=alphabetical(names)).sort_values(["distance", "order"])
        nearest[str(area)] = told.index[:count].tolist()
    return nearest


def compared_values(
    scope: Scope, release: int, language: str, scheme: str, period: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The figures that a release declares to compare areas by, and their shown values in ``period``: a row
    per area that has any, a column per figure."""
    scope.must("see_figures")
    with reading() as session:
        parts = parts_of(session, release, "compared", "indicators")
    declared = tuple(parts["compared"]["indicator"])
    frequency = parts["indicators"].set_index("indicator")["frequency"]
    found = figures(scope, release, language, indicator=declared, scheme=scheme, goal="all")
    known = found[of_period(found, period, frequency) & found["state"].isin(SHOWN)]
    newest = known.groupby("indicator")["period"].transform("max")
    known = known[known["period"] == newest]
    values = known.pivot(index="area", columns="indicator", values="value")
    return found, values[[code for code in declared if code in values]]


def of_period(rows: pd.DataFrame, period: str, frequency: pd.Series) -> pd.Series:
    """Which rows tell of ``period``: its own, and of yearly statistics any year up to its end."""
    yearly = rows["indicator"].map(frequency) == "year"
    years = yearly & (rows["period"].str.len() == len("2025")) & (rows["period"] <= period[:4])
    return (rows["period"] == period) | (years & (period != TO_DATE))


def alphabetical(rows: pd.Series) -> pd.Series:
    """A sort key in Finnish and Swedish order: å ä ö after z."""
    return rows.map(lambda name: name.casefold().translate(AFTER_Z))
