"""The demonstration, filled into workbooks and brought in: the same store, the same release."""

import csv
import io
from datetime import date
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from sqlmodel import select

from data_access import audit, holdings, identity, initialise, reference, releases
from data_access.intake import loading, screening
from data_access.intake.layout import SHEETS, Sheet
from data_access.intake.template import template
from data_access.intake.words import header, sheet_name
from data_access.models import Indicator, Release
from data_access.queries import figures as figure_queries
from data_access.release_basis import rows_of
from data_access.scope import operator
from data_access.settings import SAMPLE_DATA
from data_access.store import reading, writing
from tests.filed import standing_rows
from tests.store.stores import Store

FILES = {
    "project": "projects",
    "projectarea": "project_areas",
    "organisation": "organisations",
    "partnership": "partnerships",
    "observation": "observations",
    "target": "targets",
}
SPRING, AUTUMN = "2026-03-31", "2026-09-30"
Rows = list[dict[str, Any]]


def rows_in(day: str, table: str) -> Rows:
    path = SAMPLE_DATA / "demo" / day / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sheet_rows(day: str, sheet: Sheet, batch: str, *, registers: bool) -> Rows:
    """What stands on a sheet of the workbook that made a batch of the demonstration."""
    rows = rows_in(day, FILES[sheet.table])
    if sheet.table == "observation":
        euros = sheet.code == "funding"
        return [row for row in rows if row["batch"] == batch and row["indicator"].startswith("eur") == euros]
    if not registers:
        return []
    goals: dict[str, list[str]] = {}
    for row in rows_in(SPRING, "project_goals"):
        goals.setdefault(row["project"], []).append(row["goal"])
    own = {"projects": "project", "organisations": "organisation"}.get(sheet.code)
    rows = [row | ({own: row["code"]} if own else {}) for row in rows]
    return [row | {"goals": " ".join(goals[row["project"]])} for row in rows] if own == "project" else rows


def workbook(day: str, batch: str, *, registers: bool) -> bytes:
    """A workbook in Swedish with all that came with one batch of the demonstration."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        as_day = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in SHEETS:
            page = book.add_worksheet(sheet_name(sheet.code, "sv"))
            page.write_row(0, 0, [header(sheet.code, column.code, "sv") for column in sheet.columns])
            rows = sheet_rows(day, sheet, batch, registers=registers)
            for at, row in enumerate(rows, 1):
                for place, column in enumerate(sheet.columns):
                    text = row.get(column.code, "")
                    if text == "":
                        continue
                    if column.kind == "date":
                        page.write_datetime(at, place, pd.Timestamp(text).to_pydatetime(), as_day)
                    elif column.kind in ("number", "count"):
                        page.write_number(at, place, float(text))
                    else:
                        page.write_string(at, place, {"true": "ja", "false": "nej"}.get(text, text))
    return content.getvalue()


def bring_in(day: str, batch: str, *, registers: bool = False) -> int | None:
    with reading() as session:
        content = workbook(day, batch, registers=registers)
        checked = screening.screen(session, content, f"{batch}.xlsx", today=date(2026, 11, 22))
    assert not checked.refused, checked.findings.to_string()
    return loading.load(checked, actor=operator("steward"), note="test", accepted=True, demonstration=True)


@pytest.fixture(scope="module")
def brought_in(tmp_path_factory, demo_store) -> Store:
    """The facts, and over them the demonstration from five workbooks; the spring's release is published."""
    with Store(tmp_path_factory.mktemp("trip") / "store").in_use() as store:
        initialise.fill("empty")
        with writing() as session:
            reference.load(session, ("facts",))
        for batch in ("11", "12", "13"):
            assert bring_in(SPRING, batch, registers=batch == "11")
        with writing() as session:
            number = releases.build(
                session, note={}, as_of=date.fromisoformat(SPRING), actor=operator()
            ).number
            releases.publish(session, number, actor=operator())
        for batch in ("14", "15"):
            assert bring_in(AUTUMN, batch, registers=batch == "14")
        identity.merge("demo-o65", "demo-o88", "test", actor=operator("steward"))
    return store


def test_the_published_release_is_that_of_the_demonstration(brought_in, demo_store):
    """Figures carry no number of a row and no name of a file: their hash is the very same."""
    told = []
    for store in (brought_in, demo_store):
        with store.in_use(), reading() as session:
            first = session.get_one(Release, 1)
            told.append((first.content_hash, first.state == "draft", first.audit, first.protection))
            assert audit.broken_links(session) == []
    assert told[0] == told[1]


def test_what_the_next_release_is_made_of_is_the_same(brought_in, demo_store):
    """Everything that its figures come from, but for the numbers of rows."""
    told = []
    for store in (brought_in, demo_store):
        with store.in_use(), reading() as session:
            basis = holdings.basis(session, date.fromisoformat(AUTUMN))
            observations = holdings.current_observations(session, holdings.highest_observation(session))
            numberless = basis._replace(
                partnerships=basis.partnerships.drop(columns="id"), targets=basis.targets.drop(columns="id")
            )
            parts = {
                name: (part["columns"], sorted(part["rows"], key=str)) for name, part in rows_of(numberless)
            }
            for code in session.exec(select(Indicator.code)):
                rows = observations(code).drop(columns="id")
                parts[code] = sorted(rows.astype(str).to_numpy().tolist())
            told.append(parts)
    for name, part in told[1].items():
        assert told[0][name] == part, name


@pytest.mark.soak
def test_the_next_release_is_that_of_the_demonstration_too(brought_in, demo_store, tmp_path):
    """With its corrections, merged organisations and the moved target, protected beside the first release;
    and so is every row that exports are made of."""
    own = brought_in.copy(tmp_path / "store")
    with own.in_use():
        number = releases.build_beside(note={}, as_of=date.fromisoformat(AUTUMN), actor=operator("anna"))
        releases.publish_beside(number, actor=operator("ben"))
    told, exported = [], []
    for store in (own, demo_store):
        with store.in_use(), reading() as session:
            second = session.get_one(Release, 2)
            told.append((second.content_hash, second.state, second.audit, second.protection))
            assert releases.stored_hash(session, 2) == second.content_hash
            exported.append(figure_queries.figures(operator(), 2, "sv"))
    assert told[0] == told[1]
    pd.testing.assert_frame_equal(*exported)


def test_what_was_filled_in_comes_out_again(brought_in, demo_store):
    """The store's own workbook has the same rows, and brought in again it changes nothing."""
    with demo_store.in_use():
        expected = standing_rows()
    with brought_in.in_use():
        assert standing_rows() == expected
        with reading() as session:
            content = template(session, language="fi")
            checked = screening.screen(session, content, "again.xlsx", today=date(2026, 11, 22))
        assert checked.findings.empty
        assert loading.load(checked, actor=operator("steward")) is None
