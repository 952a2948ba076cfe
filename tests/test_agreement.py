"""The command line, the pages and the downloads show the same value, state and interval; lists hold what
figures count."""

import csv
import io
import json
import math
import random
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from data_access.__main__ import app as command_line
from data_access.queries import figures, network, reference
from data_access.scope import operator
from pages.frame.texts import text
from pages.parts import amounts
from tests.visits import page, tables, visit

VIEWS = 36
pytestmark = pytest.mark.usefixtures("page_store")


def asked(*words: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(command_line, [*words, "--format", "json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def views() -> list[tuple[str, str, str, str]]:
    """A sample of what a reader may choose on the page of regions: indicator, scheme, period, goal."""
    release = figures.newest_release(operator())
    schemes = [code for code in reference.schemes(operator(), "fi")["code"] if code != "country"]
    goals = ["all", *reference.goals(operator(), "esf51", "fi")["code"]]
    every = [
        (indicator, scheme, period, goal)
        for indicator in reference.indicators(operator(), "fi")["code"]
        for period in figures.periods_of(operator(), release, indicator)
        for scheme in schemes
        for goal in goals
    ]
    return random.Random(20211127).sample(every, VIEWS)


def written(row: dict[str, Any], decimals: int) -> tuple[str, str]:
    """Value (or kind of nothing) and interval of the command line's row as Finnish text."""
    as_row = SimpleNamespace(**row, decimals=decimals)
    return amounts.cell(as_row), amounts.interval(as_row)


def lines_of(file: bytes) -> dict[str, dict[str, str]]:
    """The rows of a download by area; what stands before them ends with an empty line."""
    lines = list(csv.reader(io.StringIO(file.decode("utf-8-sig")), delimiter=";"))
    heads, *rows = lines[lines.index([]) + 1 :]
    return {row[heads.index("area")]: dict(zip(heads, row, strict=True)) for row in rows}


def number(cell: str) -> float | None:
    return float(cell.replace(",", ".").lstrip("'")) if cell else None


def turn(shown: AppTest, face: str) -> None:
    """Show the card's other face."""
    shown.session_state["face_regions"] = text(f"card.{face}", "fi")
    shown.run()


def same(one: float | None, other: float | None) -> bool:
    """Files carry ten digits."""
    return one == other if one is None or other is None else math.isclose(one, other, rel_tol=1e-9)


def test_several_hundred_cells_are_the_same_everywhere(monkeypatch):
    taken: list[bytes] = []
    monkeypatch.setattr(st, "download_button", lambda *_, data, **__: taken.append(data()))
    decimals = {row["code"].lower(): row["decimals"] for row in asked("list", "indicators")}
    shown, cells = visit(page("regions"), "fi"), 0
    for indicator, scheme, period, goal in views():
        choices = {"indicator": indicator, "scheme": scheme, "period": period, "goal": goal}
        told = asked("figures", indicator, "--scheme", scheme, "--period", period, "--goal", goal)
        shown.query_params.update(choices)
        turn(shown, "table")
        if not told:  # Context statistics know no goals.
            assert tables(shown.main) == []
            continue
        heads, *lines = tables(shown.main)
        assert (heads[1], heads[2]) == (text("table.value", "fi"), text("table.interval", "fi"))
        on_page = {line[0]: (line[1], line[2]) for line in lines}
        turn(shown, "download")
        file = lines_of(taken.pop())
        for row in told:
            line = file[row["area"]]
            assert on_page[line["area_label"]] == written(row, decimals[indicator]), (choices, row)
            assert line["state"] == row["state"], (choices, row)
            for column in ("value", "low", "high"):
                assert same(number(line[column]), row[column]), (choices, row, column)
            cells += 1
    assert cells >= 300


def test_lists_hold_what_figures_count():
    """For each goal and period: rows, organisations, those in several projects, and their types."""
    short = reference.goals(operator(), "esf51", "fi").set_index("code")["short"]
    known = figures.releases(operator(), "fi")
    for release, as_of in known[["number", "as_of"]].itertuples(index=False):
        projects = network.projects(operator(), release, "esf51", "fi")
        goals = projects["goals"].fillna("").str.split(", ")
        begun = ~projects["state"].isin(("planned", "withdrawn"))
        for period in figures.periods_of(operator(), release, "si6"):
            every = network.partnerships(
                operator(), release, "esf51", "fi", min(last_day(period, as_of), as_of)
            )
            for goal in ("all", *short.index):
                asked = {"indicator": "si6", "scheme": "country", "period": period, "goal": goal}
                detail = figures.figures(operator(), release, "fi", **asked)["detail"].iloc[0]
                serving = goals.map(lambda names, goal=goal: goal == "all" or short[goal] in names)
                if period == "to_date":
                    of_projects = asked | {"indicator": "projects"}
                    value = figures.figures(operator(), release, "fi", **of_projects)["value"].iloc[0]
                    assert value == (begun & serving).sum()
                mine = every[every["project"].isin(projects.loc[serving, "code"])]
                assert detail is not None or mine.empty
                if detail is not None:
                    in_projects = mine.groupby("identity")["project"].nunique()
                    assert detail["partnerships"] == len(mine)
                    assert detail["distinct"] == len(in_projects)
                    assert detail["several_projects"] == (in_projects > 1).sum()
                    types = mine.drop_duplicates("identity")["type"].value_counts()
                    assert detail["types"] == types.to_dict(), (release, period, goal)


def last_day(period: str, as_of: date) -> date:
    if period == "to_date":
        return as_of
    return date(int(period[:4]), 6, 30) if period.endswith("h1") else date(int(period[:4]), 12, 31)
