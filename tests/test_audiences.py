"""Two stores that differ only in what is protected: the official audience gets the same bytes from every
question, page, download and command; the restricted audience sees the difference."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from data_access import queries, sign_ins
from data_access.__main__ import Listing, app
from data_access.queries import reference
from data_access.queries.connections import Choices
from data_access.scope import Scope, operator
from pages.frame.navigation import PAGES
from pages.frame.texts import text
from tests.visits import FACES, open_face, page, told_by, visit

ASKED = {
    "release": 2,
    "before": 2,
    "now": 3,
    "language": "fi",
    "programme": "esf51",
    "indicator": "people",
    "scheme": "maakunta",
    "area": "mk08",
    "period": "2026h1",
    "day": date(2026, 6, 30),
    "as_of": date(2026, 9, 30),
    "project": "demo-p09",
    "fingerprint": "0" * 16,
    "choices": Choices(),
    "things": "projects",
    "turn": "began",
    "half": "2025h1",
    "against": "similar",
    "goal": "all",
    "count": 3,
    "today": date(2026, 11, 22),
}
OF_STEWARDS = {"accounts", "batches", "intake", "open_data", "releases.all_releases"}
"""Questions about accounts, about reports as they came, and the hashes of all figures of a release: whoever
may ask them sees what is protected."""
HELD = {"rows", "model", "basis", "session", "found"}
"""Arguments of functions that work on what another question has given."""


def in_both(twins, ask: Callable[[], Any]) -> list[Any]:
    """What is said of the one store and of the other."""
    found = []
    for store in twins:
        with store.in_use():
            found.append(ask())
    return found


# ---- questions -----------------------------------------------------------------------------------------


def questions() -> dict[str, Callable[..., Any]]:
    """The functions of ``data_access.queries`` that answer a scope, by module and name."""
    found = {}
    for module in pkgutil.iter_modules(queries.__path__):
        loaded = importlib.import_module(f"data_access.queries.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            wanted = inspect.signature(function).parameters
            if function.__module__ == loaded.__name__ and "scope" in wanted and not HELD & set(wanted):
                found[f"{module.name}.{name}"] = function
    return {name: each for name, each in found.items() if not {name, name.split(".")[0]} & OF_STEWARDS}


def answer(function: Callable[..., Any], scope: Scope) -> str:
    """What a question gives, as text."""
    wanted = inspect.signature(function).parameters
    said = ASKED | {"scope": scope}
    must = {name: said[name] for name, each in wanted.items() if each.default is inspect.Parameter.empty}
    # One indicator is as telling as all, and quicker.
    must |= {name: said[name] for name in ("indicator",) if name in wanted}
    found = function(**must)
    return (
        found.to_json(orient="split", date_format="iso") if isinstance(found, pd.DataFrame) else repr(found)
    )


def answers(audience: str) -> dict[str, str]:
    scope = operator(audience=audience)
    return {name: answer(function, scope) for name, function in questions().items()}


def test_no_question_tells_the_official_audience_what_is_protected(twins):
    one, other = in_both(twins, lambda: answers("official"))
    assert len(one) > 50
    assert one == other


def test_the_restricted_audience_sees_the_difference(twins):
    one, other = in_both(twins, lambda: answers("restricted"))
    assert {name for name in one if one[name] != other[name]} == {
        "benchmarks.benchmarks",
        "figures.figures",
        "figures.releases",
        "changes.changes",
        "releases.changes_ahead",
    }


# ---- pages and downloads -------------------------------------------------------------------------------


def sent(visited: AppTest, language: str) -> list[bytes]:
    """What a page sends to the browser, but for the time at which a slide was drawn."""
    stamp = text("present.stamp", language).split("{")[0]
    elements = [each for block in (visited.main, visited.sidebar) for each in block]
    return [
        each.proto.SerializeToString(deterministic=True)
        for each in elements
        if each.proto is not None and not any(piece.startswith(stamp) for piece in told_by(each))
    ]


MORE_VIEWS = {
    "regions": [("view", view) for view in ("time", "side", "heat", "attention")],
    "profile": [("part", part) for part in ("indicators", "projects", "beside")],
}
"""Choices under which a page tells of figures about people in another way: name in the link, code."""


def everything_on(entry, files: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """What a page sends with each face of its cards open, and the files that it offers."""
    files.clear()
    found = []
    for choice, view in MORE_VIEWS.get(entry.key, ()):
        visited = visit(entry, "sv", **{choice: view}, indicator="people", scheme="evk", area="evk03")
        found += sent(visited, "sv") + sent(open_face(visited, "download", "sv"), "sv")
        assert not visited.exception
    for code in ("people", "nr1"):
        visited = visit(entry, "sv", indicator=code, scheme="evk")
        for face in FACES:
            found += sent(open_face(visited, face, "sv"), "sv")
            assert not visited.exception
    return found, list(files)


@pytest.fixture
def files(monkeypatch) -> list[bytes]:
    """The bytes of every file that a page offers from now on."""
    found: list[bytes] = []
    monkeypatch.setattr(st, "download_button", lambda *_, data, **__: found.append(data()))
    return found


# Whoever loads reports sees them as they came, and accounts and sign-ins are each store's own.
OF_FIGURES = [entry for entry in PAGES if not entry.act.startswith(("load_", "manage_", "end_"))]


@pytest.mark.parametrize("entry", OF_FIGURES, ids=lambda entry: entry.key)
def test_no_page_and_no_file_tells_the_official_audience_what_is_protected(twins, entry, files):
    one, other = in_both(twins, lambda: everything_on(entry, files))
    assert one == other
    assert one[0]
    assert one[1] or entry.key in ("present", "about", "identities", "releases")


def test_a_page_and_its_files_would_tell_what_the_restricted_audience_may_see(twins, files, monkeypatch):
    known = sign_ins.reader
    monkeypatch.setattr(sign_ins, "reader", lambda told: replace(known(told), audience="restricted"))
    one, other = in_both(twins, lambda: everything_on(page("regions"), files))
    assert one[0] != other[0]
    assert one[1] != other[1]


# ---- the command line ----------------------------------------------------------------------------------


def commands() -> Iterator[list[str]]:
    """Every command that lists things or tells of releases. Figures about people are told in every division,
    as lines for the programme and as objects for one goal, which is as telling as each; of others nothing is
    ever hidden: each of them is asked for in one division and form."""
    indicators = reference.indicators(operator(), "fi")
    schemes = reference.schemes(operator(), "fi")["code"].tolist()
    for number, (code, about) in enumerate(zip(indicators["code"], indicators["person_data"], strict=True)):
        divisions = [schemes[number % len(schemes)]] if about == "no" else schemes
        choices = [("all", "json")] if about == "no" else [("all", "csv"), ("g1", "json")]
        for scheme, (goal, form) in product(divisions, choices):
            yield ["figures", code, "--scheme", scheme, "--goal", goal, "--period", "all", "--format", form]
    others = [*(["list", what.value] for what in Listing), ["release", "list"]]
    others += [["organisations", "suggest"], ["organisations", "list"]]
    others += [["release", "diff", *pair] for pair in (("1", "2"), ("2", "3"), ("1", "3"))]
    yield from ([*words, "--format", form] for words, form in product(others, ("csv", "json")))


def written(asked: Iterable[list[str]], *more: str) -> dict[str, bytes]:
    """Command → what it writes on standard output and beside it."""
    done = {" ".join(words): CliRunner().invoke(app, [*words, *more]) for words in asked}
    assert {each.exit_code for each in done.values()} == {0}
    return {words: each.output_bytes for words, each in done.items()}


def test_no_command_tells_the_official_audience_what_is_protected(twins):
    one, other = in_both(twins, lambda: written(commands()))
    assert len(one) > 90
    assert {words for words in one if one[words] != other[words]} == set()


def test_commands_tell_the_restricted_audience(twins):
    asked = [["figures", code, "--scheme", "evk", "--period", "all"] for code in ("people", "nr1", "si1")]
    asked += [["release", "list"], ["release", "diff", "2", "3", "--format", "csv"]]
    one, other = in_both(twins, lambda: written(asked, "--audience", "restricted"))
    assert [one[words] != other[words] for words in one] == [True, True, False, True, True]
