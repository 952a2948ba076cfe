"""What stands in the store, as the rows of a workbook: for a template, and to compare a file with."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from data_access.intake.layout import SHEET_OF
from data_access.models import (
    LANGUAGES,
    Indicator,
    Observation,
    Organisation,
    Partnership,
    Project,
    ProjectArea,
    ProjectGoal,
    Target,
)
from data_access.store import columns, frame

EURO = "eur"
"""The unit of what the sheet ``funding`` holds; the sheet ``observations`` holds everything else."""
REPORTS = ("observations", "funding")


def standing(
    session: Session, sheet: str, *, project: str | None = None, among: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The rows that stand for one sheet, with its columns typed as in ``Checked.rows`` (``withdraw`` and
    ``reason`` of reports empty), and ``id``: the store's number of the row (none where it has none). Of one
    project where it is named: itself, its areas, organisations, partnerships and reports. ``among``: reports
    in any unit, of the indicators and periods in these rows only."""
    rows = READERS[sheet](session, project) if among is None else reports(session, among=among)
    wanted = SHEET_OF[sheet].columns
    typed = {column.code: of_kind(rows.get(column.code), column.kind, len(rows)) for column in wanted}
    return pd.DataFrame({"id": rows.get("id"), **typed}, index=rows.index)


def of_kind(values: pd.Series | None, kind: str, length: int) -> Any:
    """A column of the store as ``Checked`` has it."""
    if kind in ("number", "count"):
        return pd.array([None] * length, dtype="float64") if values is None else values.astype("float64")
    if kind == "truth":
        return pd.array([None] * length if values is None else values.astype(object), dtype="boolean")
    if values is None:
        return pd.Series([None] * length, dtype=object)
    texts = values.astype(object)
    return texts.where(texts.notna(), None)


def spread(rows: pd.DataFrame, *texts: str) -> pd.DataFrame:
    """``name`` in three languages → ``name_fi``, ``name_sv``, ``name_en``."""
    for text in texts:
        words = rows.pop(text)
        for language in LANGUAGES:
            rows[f"{text}_{language}"] = [each[language] if each else None for each in words]
    return rows


def projects(session: Session, project: str | None) -> pd.DataFrame:
    query = columns(col(Project.code).label("project"), *of(Project, "projects")).order_by(col(Project.code))
    query = query.where(col(Project.removed).is_(False))
    rows = spread(frame(session, query.where(Project.code == project) if project else query), "name")
    served = frame(session, columns(ProjectGoal.project, ProjectGoal.goal).order_by(col(ProjectGoal.goal)))
    goals = served.groupby("project")["goal"].agg(" ".join)
    return rows.assign(goals=rows["project"].map(goals))


def areas(session: Session, project: str | None) -> pd.DataFrame:
    query = columns(ProjectArea.project, ProjectArea.area).order_by(ProjectArea.project, ProjectArea.area)
    return frame(session, query.where(ProjectArea.project == project) if project else query)


def organisations(session: Session, project: str | None) -> pd.DataFrame:
    query = columns(col(Organisation.code).label("organisation"), *of(Organisation, "organisations"))
    query = query.where(col(Organisation.removed).is_(False))
    if project:
        partners = select(Partnership.organisation).where(Partnership.project == project)
        query = query.where(col(Organisation.code).in_(partners))
    return spread(frame(session, query.order_by(col(Organisation.code))), "name")


def partnerships(session: Session, project: str | None) -> pd.DataFrame:
    query = columns(
        Partnership.id, Partnership.project, Partnership.organisation, *of(Partnership, "partnerships")
    ).order_by(Partnership.project, Partnership.organisation, col(Partnership.starts))
    return frame(session, query.where(Partnership.project == project) if project else query)


def observations(session: Session, project: str | None) -> pd.DataFrame:
    return reports(session, project, euros=False)


def funding(session: Session, project: str | None) -> pd.DataFrame:
    return reports(session, project, euros=True)


def reports(
    session: Session,
    project: str | None = None,
    *,
    euros: bool | None = None,
    among: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The observations that no later one supersedes or withdraws; ``euros``: those in euros, or others."""
    later = aliased(Observation)
    query = (
        columns(Observation.id, Observation.project, Observation.indicator, *of(Observation, "observations"))
        .join(Indicator, col(Indicator.code) == Observation.indicator)
        .outerjoin(later, col(later.supersedes) == Observation.id)
        .where(col(later.id).is_(None), col(Observation.withdrawn).is_(False))
        .order_by(Observation.project, Observation.indicator, Observation.period, col(Observation.id))
    )
    if project:
        query = query.where(Observation.project == project)
    if euros is not None:
        query = query.where((Indicator.unit == EURO) if euros else (Indicator.unit != EURO))
    if among is not None:
        for name in ("indicator", "period"):
            known = among[name].dropna().unique().tolist()
            query = query.where(col(getattr(Observation, name)).in_(known))
    return frame(session, query).drop(columns="reason")


def targets(session: Session, project: str | None) -> pd.DataFrame:
    later = aliased(Target)
    query = (
        columns(Target.id, Target.indicator, *of(Target, "targets"), Target.set_by, Target.reason)
        .outerjoin(later, col(later.supersedes) == Target.id)
        .where(col(later.id).is_(None), col(Target.withdrawn).is_(False))
        .order_by(Target.indicator, Target.goal, Target.due, col(Target.id))
    )
    return spread(frame(session, query), "set_by", "reason")


def of(table: Any, sheet: str) -> list[Any]:
    """The attributes of a table that a sheet has columns of, texts in three languages as one."""
    done = {"project", "organisation", "indicator", "withdraw"}
    named = [column.code for column in SHEET_OF[sheet].columns if column.code not in done]
    bases = dict.fromkeys("name" if code.startswith("name_") else code for code in named)
    return [getattr(table, code) for code in bases if hasattr(table, code)]


READERS: dict[str, Callable[[Session, str | None], pd.DataFrame]] = {
    "projects": projects,
    "areas": areas,
    "organisations": organisations,
    "partnerships": partnerships,
    "observations": observations,
    "targets": targets,
    "funding": funding,
}
