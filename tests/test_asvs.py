"""deploy/asvs.csv, the rows of OWASP ASVS 5.0 that concern the door, names tests that are there."""

import ast
import csv
from functools import cache

import pytest

from tests.store.stores import PROJECT

with (PROJECT / "deploy/asvs.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))


@cache
def names_in(file: str) -> set[str]:
    tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["requirement"])
def test_a_row_names_the_test_that_shows_it_or_says_why_it_does_not_hold(row):
    assert row["holds"] in ("yes", "partly", "no")
    assert row["note"] or row["holds"] == "yes", "say what is missing"
    if row["holds"] != "no":
        file, _, test = row["test"].partition("::")
        assert test in names_in(file), f"{row['test']} is not there"
