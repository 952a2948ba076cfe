"""Loads files of rows into the store.

Each file of a folder of ``sample_data`` is one table: its name is the table's, its columns are the
table's attributes, and three columns ``name_fi, name_sv, name_en`` are one attribute in three
languages. Every row is checked by the table's own rules before anything is written.
"""

import csv
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, func, insert, select, text

from data_access import models
from data_access.models import LANGUAGES, StoreTable
from data_access.settings import SAMPLE_DATA
from data_access.store import columns, frame

TABLES: dict[str, type[StoreTable]] = {
    "sources": models.Source,
    "programmes": models.Programme,
    "indicators": models.Indicator,
    "goals": models.Goal,
    "rules": models.Rule,
    "series_breaks": models.SeriesBreak,
    "facts": models.Fact,
    "schemes": models.Scheme,
    "areas": models.Area,
    "memberships": models.Membership,
    "neighbours": models.Neighbour,
    "calls": models.Call,
    "call_areas": models.CallArea,
    "call_stages": models.CallStage,
    "projects": models.Project,
    "project_areas": models.ProjectArea,
    "project_goals": models.ProjectGoal,
    "organisations": models.Organisation,
    "identity_decisions": models.IdentityDecision,
    "partnerships": models.Partnership,
    "import_batches": models.ImportBatch,
    "observations": models.Observation,
    "targets": models.Target,
}


class BadFile(ValueError):
    """A file whose rows cannot be taken; says file, row, column, value and rule."""


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of one CSV file as the table's attributes; empty cells are ``None``."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [folded(row) for row in csv.DictReader(file)]


def folded(row: dict[str, str]) -> dict[str, Any]:
    """``name_fi, name_sv, name_en`` → ``name: {fi, sv, en}``; nothing in any language → ``None``."""
    found: dict[str, Any] = {}
    for column, cell in row.items():
        base, _, language = column.rpartition("_")
        if language in LANGUAGES and f"{base}_en" in row:
            words = {each: row[f"{base}_{each}"] for each in LANGUAGES}
            found[base] = words if any(words.values()) else None
        else:
            found[column] = cell if cell != "" else None
    return found


def checked(table: type[StoreTable], rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The rows as the table's types. Raises ``BadFile`` with every broken rule of the file."""
    good, problems = [], []
    for number, row in enumerate(rows, start=2):
        unknown = set(row) - set(table.model_fields)
        if unknown:
            raise BadFile(f"{name}: no column named {', '.join(sorted(unknown))} in this table")
        try:
            good.append(table.model_validate(row).model_dump(exclude_unset=True))
        except ValidationError as error:
            for each in error.errors():
                column = ".".join(str(part) for part in each["loc"]) or "row"
                problems.append(f"{name}, row {number}, {column}: {each['input']!r}: {each['msg']}")
        incomplete = [
            key for key, value in row.items() if isinstance(value, dict) and not all(value.values())
        ]
        problems += [f"{name}, row {number}, {key}: a language is missing" for key in incomplete]
    if problems:
        raise BadFile("\n".join(problems))
    return good


def load(session: Session, folders: tuple[str, ...]) -> dict[str, int]:
    """Put what these folders of ``sample_data`` hold into the store.

    Returns the number of rows per table. Nothing is written when any file is bad: the caller's
    transaction ends with the error."""
    counts: dict[str, int] = {}
    for name, table in TABLES.items():
        for path in (SAMPLE_DATA / folder / f"{name}.csv" for folder in folders):
            rows = checked(table, read_rows(path), f"{path.parent.name}/{path.name}") if path.exists() else []
            if rows:
                put(session, table, rows)
                counts[name] = counts.get(name, 0) + len(rows)
    if session.connection().dialect.name == "postgresql":
        advance_identities(session)
    return counts


def put(session: Session, table: type[StoreTable], rows: list[dict[str, Any]]) -> None:
    """Add rows; one whose key is in the store already takes the place of what stood there."""
    keys = [column.name for column in table.__table__.primary_key]
    there = set(
        frame(session, columns(*[getattr(table, key) for key in keys])).itertuples(index=False, name=None)
    )
    new = []
    for row in rows:
        if tuple(row.get(key) for key in keys) in there:
            session.merge(table(**row))
        else:
            new.append(row)
    session.flush()
    if new:
        session.connection().execute(insert(table), new)


def advance_identities(session: Session) -> None:
    """PostgreSQL's counters do not see ids that came with the files: move them past."""
    counted = (models.IdentityDecision, models.Partnership, models.ImportBatch)
    for table in (*counted, models.Observation, models.Target):
        highest = session.exec(select(func.max(table.id))).one() or 0
        statement = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest, :used)")
        said = {"name": table.__tablename__, "highest": max(highest, 1), "used": highest > 0}
        session.connection().execute(statement, said)
