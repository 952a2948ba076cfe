"""Who works with whom, as a release knew it: partnerships, organisations and projects as lists.

Names of areas, goals and sources are today's."""

from datetime import date

import pandas as pd

from data_access.measures.registers import left_by
from data_access.models import Area, Goal
from data_access.queries.reference import sources, table
from data_access.release_basis import parts_of
from data_access.scope import Scope
from data_access.store import reading

DECIDED = {1.0: True, 0.0: False}
PARTNERSHIP = ["project", "project_name", "organisation", "organisation_name", "type", "role", "supported"]
PARTNERSHIP += ["eligible", "identity", "starts", "ends", "demonstration", "source_title"]
PROJECT = ["code", "name", "state", "starts", "ends", "national", "demonstration", "goals", "areas"]
PROJECT += ["source_title"]


def partnerships(scope: Scope, release: int, programme: str, language: str, day: date) -> pd.DataFrame:
    """Partnerships that had begun by ``day``, one row each: project, project_name, organisation,
    organisation_name, type, role, supported, eligible (empty: undecided), identity (one per real
    organisation), starts, ends, demonstration, source_title."""
    scope.must("see_figures")
    asked = ("partnerships", "roles", "organisation_names", "projects", "project_names")
    with reading() as session:
        parts = parts_of(session, release, *asked)
    projects = parts["projects"]
    there = (projects["programme"] == programme) & (projects["state"] != "planned") & ~left_by(projects, day)
    rows = parts["partnerships"].merge(parts["roles"], on="id")
    rows = rows[rows["project"].isin(projects.loc[there, "project"]) & (rows["starts"] <= day)]
    names = {part: parts[f"{part}_names"].set_index(part)["name"] for part in ("project", "organisation")}
    return rows.assign(
        project_name=named(rows["project"], names["project"], language),
        organisation_name=named(rows["organisation"], names["organisation"], language),
        eligible=rows["eligible"].map(DECIDED).astype(object),
        source_title=rows["source"].map(sources(scope, language).set_index("code")["title"]),
    )[PARTNERSHIP].reset_index(drop=True)


def projects(scope: Scope, release: int, programme: str, language: str) -> pd.DataFrame:
    """code, name, state, starts, ends (the planned end), national, demonstration, goals, areas (short
    names, joined by ", "), source_title: the projects of a programme by start and code."""
    scope.must("see_figures")
    asked = ("projects", "project_names", "project_areas", "project_goals")
    with reading() as session:
        parts = parts_of(session, release, *asked)
    rows = parts["projects"].drop(columns="ends").merge(parts["project_names"], on="project")
    rows = rows[rows["programme"] == programme].sort_values(["starts", "project"], ignore_index=True)
    areas = table(scope, Area, language, "position").set_index("code")["name"]
    goals = table(scope, Goal, language, "position").set_index("code")["short"]
    return rows.assign(
        code=rows["project"],
        name=[name[language] for name in rows["name"]],
        areas=rows["project"].map(joined(parts["project_areas"], "area", areas)),
        goals=rows["project"].map(joined(parts["project_goals"], "goal", goals)),
        source_title=rows["source"].map(sources(scope, language).set_index("code")["title"]),
    )[PROJECT]


def named(rows: pd.Series, names: pd.Series, language: str) -> list[str]:
    """The names of codes in one language."""
    return [name[language] for name in rows.map(names)]


def joined(rows: pd.DataFrame, column: str, names: pd.Series) -> pd.Series:
    """Per project the names of its areas or goals, in the order of ``names``."""
    ordered = rows.sort_values(column, key=lambda codes: codes.map(names.index.get_loc))
    return ordered[column].map(names).groupby(ordered["project"]).agg(", ".join)
