"""What has come in, batch by batch, and what a single value has been."""

import pandas as pd
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from data_access.models import (
    Account,
    Area,
    BatchChange,
    Goal,
    ImportBatch,
    Indicator,
    Observation,
    Project,
)
from data_access.store import columns, frame, reading


def batches() -> pd.DataFrame:
    """All batches, newest first: number, loaded_at, loaded_by, loaded_by_name, file_name, sha256, note,
    demonstration, undoes, undone_by (numbers of batches, none where there is none), and how many
    observations and changes of registers each brought."""
    later = aliased(ImportBatch)
    observations = (
        select(Observation.batch, func.count().label("observations"))
        .group_by(col(Observation.batch))
        .subquery()
    )
    changes = (
        select(BatchChange.batch, func.count().label("changes")).group_by(col(BatchChange.batch)).subquery()
    )
    query = (
        columns(
            col(ImportBatch.id).label("number"),
            ImportBatch.loaded_at,
            ImportBatch.loaded_by,
            func.coalesce(Account.display_name, ImportBatch.loaded_by).label("loaded_by_name"),
            ImportBatch.file_name,
            ImportBatch.sha256,
            ImportBatch.note,
            ImportBatch.demonstration,
            ImportBatch.undoes,
            col(later.id).label("undone_by"),
            func.coalesce(observations.c.observations, 0).label("observations"),
            func.coalesce(changes.c.changes, 0).label("changes"),
        )
        .outerjoin(later, col(later.undoes) == col(ImportBatch.id))
        .outerjoin(Account, col(Account.name) == ImportBatch.loaded_by)
        .outerjoin(observations, observations.c.batch == ImportBatch.id)
        .outerjoin(changes, changes.c.batch == ImportBatch.id)
        .order_by(col(ImportBatch.id).desc())
    )
    with reading() as session:
        return frame(session, query)


def projects_with_values(language: str) -> dict[str, str]:
    """project → name, of those that have values; an empty code for values of no project."""
    query = columns(col(Observation.project).label("code"), Project.name)
    query = query.outerjoin(Project, col(Project.code) == Observation.project).distinct()
    with reading() as session:
        rows = session.connection().execute(query).all()
    return {code or "": name[language] if name else "" for code, name in rows}


def values(project: str, language: str) -> pd.DataFrame:
    """The newest row of each value of a project (of none: an empty code): number, indicator and
    indicator_name, period, area_name, goal_name, newest periods first."""
    later = aliased(Observation)
    query = (
        columns(
            col(Observation.id).label("number"),
            Observation.indicator,
            col(Indicator.short).label("indicator_name"),
            Observation.period,
            col(Area.name).label("area_name"),
            col(Goal.short).label("goal_name"),
        )
        .outerjoin(later, col(later.supersedes) == col(Observation.id))
        .join(Indicator, col(Indicator.code) == Observation.indicator)
        .outerjoin(Area, col(Area.code) == Observation.area)
        .outerjoin(Goal, col(Goal.code) == Observation.goal)
        .where(col(later.id).is_(None))
        .order_by(col(Indicator.position), col(Observation.period).desc(), col(Observation.id))
    )
    own = Observation.project == project if project else col(Observation.project).is_(None)
    with reading() as session:
        rows = frame(session, query.where(own))
    for name in ("indicator_name", "area_name", "goal_name"):
        rows[name] = pd.Series([each[language] if each else None for each in rows[name]], dtype=object)
    return rows


def versions(observation: int) -> pd.DataFrame:
    """All that a value has been, newest first: number, value, numerator, denominator, n, identical_answers,
    withdrawn, reported_on, reason, batch, loaded_at, loaded_by_name, file_name."""
    found = []
    with reading() as session:
        number: int | None = observation
        while number is not None:
            row = session.get_one(Observation, number)
            batch = session.get_one(ImportBatch, row.batch)
            account = session.get(Account, batch.loaded_by)
            found.append(
                row.model_dump()
                | {"number": row.id, "loaded_at": batch.loaded_at, "file_name": batch.file_name}
                | {"loaded_by_name": account.display_name if account else batch.loaded_by}
            )
            number = row.supersedes
    kept = [
        "number",
        "value",
        "numerator",
        "denominator",
        "n",
        "identical_answers",
        "withdrawn",
        "reported_on",
    ]
    kept += ["reason", "batch", "loaded_at", "loaded_by_name", "file_name"]
    rows = pd.DataFrame(found)[kept]
    return rows.astype(dict.fromkeys(["value", "numerator", "denominator", "n"], "float64"))
