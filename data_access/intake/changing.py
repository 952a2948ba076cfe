"""What a batch does to the tables of the store, row by row, and writing it.

A register's row changes in place, is added or goes; a target's next row supersedes the one before. Each is
a ``Change``, with the row before and after as it is kept in ``batchchange``: days as ISO texts."""

from datetime import date
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import delete, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, insert, select

from data_access import reference
from data_access.intake.difference import Difference
from data_access.intake.layout import SHEET_OF
from data_access.models import (
    LANGUAGES,
    BatchChange,
    IdentityDecision,
    Observation,
    Organisation,
    Partnership,
    Project,
    ProjectArea,
    ProjectGoal,
    StoreTable,
    Target,
)
from data_access.store import columns, frame

PARTS: dict[str, type[StoreTable]] = {
    "project": Project,
    "projectgoal": ProjectGoal,
    "projectarea": ProjectArea,
    "organisation": Organisation,
    "partnership": Partnership,
    "target": Target,
}
"""Tables in the order in which they are written: each names those before it."""
STAYS = ("project", "organisation")
"""Reports and decisions name their rows: what goes is marked ``removed``."""
KEYS = {SHEET_OF[sheet].table: SHEET_OF[sheet].key for sheet in ("projects", "areas", "organisations")}
KEYS |= {SHEET_OF[sheet].table: SHEET_OF[sheet].key for sheet in ("partnerships", "targets")}
KEYS |= {"projectgoal": ("project", "goal")}
Row = dict[str, Any]


class Change(NamedTuple):
    """A row of a table (``part``) by its ``key``: as it is before (none: there is none) and after (none: it
    is gone)."""

    part: str
    key: Row
    before: Row | None
    after: Row | None


def held(session: Session, part: str) -> dict[tuple, Row]:
    """The rows of a table by key, the removed ones too; of targets the newest of each key."""
    table = PARTS[part]
    query = columns(*table.__table__.columns)
    if part == "target":
        later = aliased(Target)
        query = query.outerjoin(later, col(later.supersedes) == Target.id).where(col(later.id).is_(None))
    if "id" in table.model_fields:
        query = query.order_by(table.__table__.c.id)
    rows = frame(session, query)
    cells = rows.astype(object).where(rows.notna(), None).to_dict("records")
    kept = [{name: plain(name, cell) for name, cell in row.items()} for row in cells]
    return {key_of(part, row): row for row in kept}


def plain(name: str, cell: Any) -> Any:
    """A cell as JSON has it; numbers of rows, which a frame with gaps makes fractions, whole."""
    if isinstance(cell, date):
        return cell.isoformat()
    return int(cell) if name in ("id", "supersedes") and cell is not None else cell


def key_of(part: str, row: Row) -> tuple:
    return tuple(row["code"] if part in STAYS else row[column] for column in KEYS[part])


# --- from a difference ---------------------------------------------------------------------------


def register_changes(
    session: Session, found: Difference, *, source: str, demonstration: bool
) -> list[Change]:
    """What a file changes beside the observations. What it says carries its source and its mark."""
    changes: list[Change] = []
    for sheet, rows in found.rows.items():
        part = SHEET_OF[sheet].table
        if part not in PARTS:
            continue
        there = held(session, part)
        said = {"source": source, "demonstration": demonstration, "removed": False, "withdrawn": False}
        said = {name: value for name, value in said.items() if name in PARTS[part].model_fields}
        for row in rows[rows["change"] != "unchanged"].to_dict("records"):
            after = attributes(sheet, row) | said
            key = key_of(part, after)
            changes.append(changed(part, key, there.get(key), after, gone=row["change"] == "withdrawn"))
        if sheet == "projects":
            changes += goal_changes(session, rows)
    return [each for each in changes if each.before != each.after]


def changed(part: str, key: tuple, before: Row | None, after: Row, *, gone: bool) -> Change:
    """The change of one row, by what its table does with rows that go or are superseded."""
    named = dict(zip(KEYS[part], key, strict=True))
    if part == "target":
        after = after | {"id": None, "supersedes": before["id"] if before else None, "withdrawn": gone}
        return Change(part, named, before, after)
    if gone:
        return Change(part, named, before, (before or {}) | {"removed": True} if part in STAYS else None)
    if part == "partnership":
        after = {"id": before["id"] if before else None} | after
    return Change(part, named, before, after)


def attributes(sheet: str, row: Row) -> Row:
    """A row of a sheet as its table's attributes."""
    made: Row = {}
    for column in SHEET_OF[sheet].columns:
        base, _, language = column.code.rpartition("_")
        cell = row[column.code]
        cell = None if pd.isna(cell) else bool(cell) if column.kind == "truth" else cell
        if language in LANGUAGES and f"{base}_en" in row:
            made.setdefault(base, {})[language] = cell
        elif column.code not in ("withdraw", "goals"):
            made[column.code] = plain(column.code, cell)
    own = {"projects": "project", "organisations": "organisation"}.get(sheet)
    return ({"code": made.pop(own)} if own else {}) | made


def goal_changes(session: Session, rows: pd.DataFrame) -> list[Change]:
    """The goals that projects serve, as their rows list them; a project that goes serves none."""
    there: dict[str, set[str]] = {}
    for project, goal in held(session, "projectgoal"):
        there.setdefault(project, set()).add(goal)
    found = []
    for row in rows[rows["change"] != "unchanged"].to_dict("records"):
        project, old = row["project"], there.get(row["project"], set())
        new = set() if row["change"] == "withdrawn" or pd.isna(row["goals"]) else set(row["goals"].split())
        for goal in sorted(old ^ new):
            pair = {"project": project, "goal": goal}
            found.append(Change("projectgoal", pair, *((None, pair) if goal in new else (pair, None))))
    return found


# --- writing -------------------------------------------------------------------------------------


def write(session: Session, batch: int, changes: list[Change]) -> None:
    """Write the changes of a batch, and what they were."""
    kept: list[Row] = []
    for part, table in PARTS.items():
        mine = [each for each in changes if each.part == part]
        if not mine:
            continue
        if "id" in table.model_fields:
            mine = numbered(session, table, mine)
        dated = part == "target"
        gone = [each.before for each in mine if each.after is None]
        new = [each.after for each in mine if each.after and (each.before is None or dated)]
        other = [each.after for each in mine if each.after and each.before and not dated]
        keys = [column.name for column in table.__table__.primary_key]
        for row in filter(None, gone):
            session.exec(delete(table).where(*[getattr(table, name) == row[name] for name in keys]))
        if new:
            session.connection().execute(insert(table), [typed(table, row) for row in new])
        for row in other:
            where = [getattr(table, name) == row[name] for name in keys]
            session.exec(update(table).where(*where).values(**typed(table, row)))
        kept += [each._asdict() for each in mine]
    rows = [{"batch": batch, "position": number} | each for number, each in enumerate(kept, 1)]
    if rows:
        session.connection().execute(insert(BatchChange), rows)
    if rows and session.connection().dialect.name == "postgresql":
        reference.advance_identities(session)


def numbered(session: Session, table: type[StoreTable], changes: list[Change]) -> list[Change]:
    """The changes with numbers for rows that have none, or whose number another row has got since."""
    number = table.__table__.c.id
    highest = session.connection().execute(select(func.max(number))).scalar() or 0
    asked = [each.after["id"] for each in changes if each.after and not each.before and each.after["id"]]
    taken = set(session.connection().execute(select(number).where(number.in_(asked))).scalars())
    highest, found = max([highest, *asked]), []
    for each in changes:
        if each.after and (each.after["id"] is None or (not each.before and each.after["id"] in taken)):
            highest += 1
            each = each._replace(after=each.after | {"id": highest})
        found.append(each)
    return found


def typed(table: type[StoreTable], row: Row) -> Row:
    """A row as the table's types. Raises pydantic's ValidationError, which is a ValueError."""
    return table.model_validate(row).model_dump()


def still_named(session: Session) -> pd.DataFrame:
    """sheet, key: projects and organisations that are removed and that something in force still names."""
    later = aliased(Observation)
    reports = (
        select(Observation.project)
        .outerjoin(later, col(later.supersedes) == col(Observation.id))
        .where(col(later.id).is_(None), col(Observation.withdrawn).is_(False))
    )
    undone = select(IdentityDecision.undoes).where(col(IdentityDecision.undoes).is_not(None))
    decided = (IdentityDecision.verdict != "undone", col(IdentityDecision.id).not_in(undone))
    naming = {
        Project: (
            reports,
            select(ProjectArea.project),
            select(ProjectGoal.project),
            select(Partnership.project),
        ),
        Organisation: (
            select(Partnership.organisation),
            select(IdentityDecision.first).where(*decided),
            select(IdentityDecision.second).where(*decided),
        ),
    }
    found = []
    for table, lists in naming.items():
        gone = set(session.exec(select(table.code).where(table.removed)))
        named = {
            code for each in lists for code in session.exec(each.where(each.selected_columns[0].in_(gone)))
        }
        found += [(table.__name__.lower() + "s", code) for code in sorted(named)]
    return pd.DataFrame(found, columns=["sheet", "key"])
