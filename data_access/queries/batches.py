"""What has come into the store, batch by batch, and what became of a value. For stewards: nothing here is
protected."""

from collections.abc import Iterable

import pandas as pd
from sqlalchemy.orm import aliased
from sqlmodel import Session, case, col, func

from data_access.models import Area, BatchChange, Goal, ImportBatch, Indicator, Observation, Project
from data_access.scope import Scope
from data_access.store import columns, frame, reading

CHANGES = ("new", "corrected", "withdrawn")
KEY = ("indicator", "project", "period", "area", "goal")
NUMBERS = ("value", "numerator", "denominator", "n")


def batches(scope: Scope) -> pd.DataFrame:
    """All batches, newest first: batch, loaded_at (UTC), loaded_by, file_name and sha256 (empty: a single
    value, or an undo), note, demonstration, ``undoes`` and ``undone_by`` (batches), and how many rows are
    ``new``, ``corrected`` and ``withdrawn`` by it, of observations and registers together (what ``init``
    put into the registers belongs to none)."""
    scope.must("load_data")
    with reading() as session:
        rows = frame(session, columns(*ImportBatch.__table__.columns).order_by(col(ImportBatch.id).desc()))
        counts = counted(session)
    rows = rows.rename(columns={"id": "batch"})
    by = rows.dropna(subset="undoes").set_index("undoes")["batch"]
    rows["undone_by"] = rows["batch"].map(by)
    return rows.assign(**{change: rows["batch"].map(counts[change]).fillna(0) for change in CHANGES}).astype(
        {"undoes": "Int64", "undone_by": "Int64", "demonstration": bool} | dict.fromkeys(CHANGES, "int64")
    )


def counted(session: Session) -> pd.DataFrame:
    """How many rows of each of ``CHANGES`` there are, by batch."""
    old = aliased(Observation)
    said = case(
        (col(Observation.withdrawn), "withdrawn"),
        (col(Observation.supersedes).is_(None) | col(old.withdrawn), "new"),
        else_="corrected",
    ).label("change")
    values = columns(Observation.batch, said, func.count().label("rows")).group_by(Observation.batch, said)
    values = values.outerjoin(old, col(old.id) == col(Observation.supersedes))
    rows = frame(session, columns(BatchChange.batch, BatchChange.before, BatchChange.after))
    kinds = [change_of(*pair) for pair in zip(rows["before"], rows["after"], strict=True)]
    registers = rows.assign(change=kinds, rows=1)[["batch", "change", "rows"]]
    both = pd.concat([frame(session, values), registers])
    return both.pivot_table("rows", "batch", "change", "sum").reindex(columns=list(CHANGES))


def change_of(old: dict | None, new: dict | None) -> str:
    """What happened to a row of a register."""
    if new is None or new.get("removed") or new.get("withdrawn"):
        return "withdrawn"
    gone = old is None or old.get("removed") or old.get("withdrawn")
    return "new" if gone else "corrected"


def changed_by(scope: Scope, batch: int) -> pd.DataFrame:
    """What a batch changed, in its order, a line for each row: part (table), key (its parts joined by " · "),
    ``change`` (of ``CHANGES``), ``before`` and ``after`` (of an observation its value; of a register only the
    attributes that differ, as an object; none where there was or is nothing), reason."""
    scope.must("load_data")
    old = aliased(Observation)
    query = (
        columns(
            *[getattr(Observation, name) for name in KEY],
            col(old.value).label("before"),
            col(old.withdrawn).label("again"),
            col(Observation.value).label("after"),
            Observation.withdrawn,
            Observation.supersedes,
            Observation.reason,
        )
        .outerjoin(old, col(old.id) == col(Observation.supersedes))
        .where(Observation.batch == batch)
        .order_by(col(Observation.id))
    )
    kept = columns(BatchChange.part, BatchChange.key, BatchChange.before, BatchChange.after)
    with reading() as session:
        values = frame(session, query)
        registers = frame(session, kept.where(BatchChange.batch == batch).order_by(col(BatchChange.position)))
    rows: list[tuple] = []
    for part, key, *both in registers.to_numpy().tolist():
        rows.append((part, joined(key.values()), change_of(*both), *differing(*both), None))
    for row in values.astype(object).where(values.notna(), None).to_dict("records"):
        first = row["supersedes"] is None or row["again"]
        change = "withdrawn" if row["withdrawn"] else "new" if first else "corrected"
        named = joined(row[name] for name in KEY)
        rows.append(("observation", named, change, row["before"], row["after"], row["reason"]))
    return pd.DataFrame(rows, columns=["part", "key", "change", "before", "after", "reason"], dtype=object)


def joined(parts: Iterable[object]) -> str:
    return " · ".join(str(part) for part in parts if part is not None)


def differing(before: dict | None, after: dict | None) -> tuple[dict | None, dict | None]:
    """Two rows without what they agree on."""
    if before is None or after is None:
        return before, after
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def projects_with_values(scope: Scope, language: str) -> dict[str, str]:
    """project → name, of those that have values; an empty code for values of no project."""
    scope.must("load_data")
    query = columns(col(Observation.project).label("code"), Project.name)
    query = query.outerjoin(Project, col(Project.code) == Observation.project).distinct()
    with reading() as session:
        rows = session.connection().execute(query).all()
    return {code or "": name[language] if name else "" for code, name in rows}


def values(scope: Scope, project: str, language: str) -> pd.DataFrame:
    """The newest row of each value of a project (of none: an empty code): observation (its number),
    indicator, period, area, goal, and the names indicator_name, area_name, goal_name; by indicator, newest
    periods first."""
    scope.must("load_data")
    later = aliased(Observation)
    query = (
        columns(
            col(Observation.id).label("observation"),
            *[getattr(Observation, name) for name in KEY if name != "project"],
            col(Indicator.short).label("indicator_name"),
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


def history(
    scope: Scope,
    indicator: str,
    period: str,
    *,
    project: str | None = None,
    area: str | None = None,
    goal: str | None = None,
) -> pd.DataFrame:
    """Every version of one value, oldest first: observation (its number), value, numerator, denominator, n,
    identical_answers, reported_on, ``state`` (*stands*, *superseded*, or *withdrawn*: this row says that
    there is no value), reason, batch, loaded_at (UTC), loaded_by, file_name, note, ``undoes`` (the batch that
    the row's batch takes back), source, demonstration. Empty for a value that never was."""
    scope.must("load_data")
    later = aliased(Observation)
    told = ("identical_answers", "reported_on", "withdrawn", "reason", "batch", "source")
    query = (
        columns(
            col(Observation.id).label("observation"),
            *[getattr(Observation, name) for name in (*NUMBERS, *told)],
            ImportBatch.loaded_at,
            ImportBatch.loaded_by,
            ImportBatch.file_name,
            ImportBatch.note,
            ImportBatch.undoes,
            ImportBatch.demonstration,
            col(later.id).label("later"),
        )
        .join(ImportBatch, col(ImportBatch.id) == Observation.batch)
        .outerjoin(later, col(later.supersedes) == col(Observation.id))
        .where(Observation.indicator == indicator, Observation.period == period)
        .order_by(col(Observation.id))
    )
    for name, wanted in (("project", project), ("area", area), ("goal", goal)):
        column = col(getattr(Observation, name))
        query = query.where(column.is_(None) if wanted is None else column == wanted)
    with reading() as session:
        rows = frame(session, query)
    gone, superseded = rows.pop("withdrawn").astype(bool), rows.pop("later").notna()
    rows["state"] = "stands"
    rows["state"] = rows["state"].mask(superseded, "superseded").mask(gone, "withdrawn")
    rows["undoes"] = rows["undoes"].astype("Int64")
    return rows.astype(dict.fromkeys(NUMBERS, "float64"))
