"""Targets as dated rows: what was decided when, by whom, and what it replaced."""

from datetime import date

import pandas as pd
from sqlmodel import col, select

from data_access import holdings
from data_access.measures.placement import ALL
from data_access.models import Area, Source, Target
from data_access.queries.reference import in_language
from data_access.scope import Scope
from data_access.store import columns, frame, reading


def target_history(scope: Scope, indicator: str, as_of: date, language: str) -> pd.DataFrame:
    """All that had been decided by ``as_of`` about an indicator's path, oldest first: id, goal (``all``
    for the programme), area (``fi`` for the country), area_label, kind (baseline, milestone, target,
    committed), value, due, set_on, ``until`` (the day it was replaced; empty: in force), ``original``
    (it replaced nothing), set_by, reason, supersedes, source_title, demonstration.

    The rows of one goal, area and kind, from ``set_on`` to ``until``, are the steps of a moved target."""
    scope.must("see_figures")
    query = (
        columns(
            *Target.__table__.columns,
            col(Area.label).label("area_label"),
            col(Source.title).label("source_title"),
            Source.quality,
        )
        .outerjoin(Area, col(Area.code) == Target.area)
        .join(Source, col(Source.code) == Target.source)
        .where(Target.indicator == indicator)
        .order_by(col(Target.id))
    )
    with reading() as session:
        rows = in_language(frame(session, query), language)
        country = session.exec(select(Area.label).where(Area.code == "fi")).one()[language]
    rows = holdings.in_force(rows)
    follows = rows.groupby(["goal", "area", "kind", "due"], dropna=False).cumcount() > 0
    rows = rows.assign(original=~follows)[(rows["set_on"] <= as_of) & ~rows.pop("withdrawn").astype(bool)]
    rows = rows.sort_values(["set_on", "id"], ignore_index=True)
    rows["until"] = [day if day is not None and day <= as_of else None for day in rows["until"]]
    rows["demonstration"] = rows.pop("quality") == "demonstration"
    rows["goal"] = rows["goal"].where(rows["goal"].notna(), ALL)
    rows["area_label"] = rows["area_label"].where(rows["area"].notna(), country)
    rows["area"] = rows["area"].where(rows["area"].notna(), "fi")
    return rows.drop(columns=["indicator", "source"])


def target_areas(scope: Scope, indicator: str, as_of: date) -> pd.DataFrame:
    """goal, area of the paths that an indicator has on ``as_of``: the country's first."""
    rows = target_history(scope, indicator, as_of, "fi")
    pairs = rows[rows["until"].isna()][["goal", "area"]].drop_duplicates()
    return pairs.sort_values(["area", "goal"], key=lambda codes: codes.replace("fi", ""), ignore_index=True)
