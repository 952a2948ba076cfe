"""Who works with whom: partnerships, organisations and projects as lists."""

from datetime import date

import pandas as pd
from sqlmodel import col

from data_access import holdings
from data_access.measures.registers import left_by
from data_access.models import (
    Area,
    Goal,
    Organisation,
    Partnership,
    Project,
    ProjectArea,
    ProjectGoal,
    Source,
)
from data_access.queries.reference import in_language
from data_access.store import columns, frame, reading


def partnerships(programme: str, language: str, day: date) -> pd.DataFrame:
    """Partnerships that had begun by ``day``, one row each: project, project_name, organisation,
    organisation_name, type, role, supported, eligible (empty: undecided), identity (one per real
    organisation), starts, ends, demonstration, source_title."""
    query = (
        columns(
            Partnership.project,
            col(Project.name).label("project_name"),
            Partnership.organisation,
            col(Organisation.name).label("organisation_name"),
            Organisation.type,
            Partnership.role,
            Partnership.supported,
            Organisation.eligible,
            Partnership.starts,
            Partnership.ends,
            Organisation.demonstration,
            col(Source.title).label("source_title"),
        )
        .join(Project, col(Project.code) == Partnership.project)
        .join(Organisation, col(Organisation.code) == Partnership.organisation)
        .join(Source, col(Source.code) == Partnership.source)
        .where(Project.programme == programme, Partnership.starts <= day, Project.state != "planned")
        .order_by(col(Partnership.id))
    )
    with reading() as session:
        rows = in_language(frame(session, query), language)
        known = holdings.identities(session)
        left = holdings.projects(session)
    gone = left[left_by(left, day)]
    rows["identity"] = rows["organisation"].map(known.set_index("organisation")["identity"])
    return rows[~rows["project"].isin(gone["project"])].reset_index(drop=True)


def projects(programme: str, language: str) -> pd.DataFrame:
    """code, name, state, starts, ends, national, demonstration, goals, areas (short names and labels,
    joined by ", "), source_title: the projects of a programme by start and name."""
    query = (
        columns(
            Project.code,
            Project.name,
            Project.state,
            Project.starts,
            Project.ends,
            Project.national,
            Project.demonstration,
            col(Source.title).label("source_title"),
        )
        .join(Source, col(Source.code) == Project.source)
        .where(Project.programme == programme)
        .order_by(col(Project.starts), col(Project.code))
    )
    areas = columns(ProjectArea.project, Area.name).join(Area, col(Area.code) == ProjectArea.area)
    goals = columns(ProjectGoal.project, col(Goal.short).label("name")).join(
        Goal, col(Goal.code) == ProjectGoal.goal
    )
    with reading() as session:
        rows = in_language(frame(session, query), language)
        areas = in_language(frame(session, areas.order_by(col(Area.position))), language)
        goals = in_language(frame(session, goals.order_by(col(Goal.position))), language)
    for column, names in (("areas", areas), ("goals", goals)):
        rows[column] = rows["code"].map(names.groupby("project")["name"].agg(", ".join))
    return rows
