"""Several people at work at once: who computes keeps nobody waiting, who comes second is told."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from data_access import accounts, audit, initialise, releases, sign_ins
from data_access.intake import effect, loading
from data_access.intake.difference import newest_batch
from data_access.intake.layout import SHEET_OF
from data_access.models import Release, SignIn
from data_access.queries import batches as batch_queries
from data_access.queries import figures as figure_queries
from data_access.scope import operator
from data_access.store import reading, writing
from tests.filed import FIRST, SECOND, filed, report
from tests.store.stores import DEMO_PASSWORD, PROJECT, Store

LONGEST = 60
NOTE = {"fi": "uusi", "sv": "ny", "en": "new"}


@pytest.fixture
def programme(stores) -> Store:
    """A small programme with one account, on each database."""
    initialise.fill("empty")
    loading.load(FIRST, actor=operator("anna"))
    accounts.create_account("anna", "Anna", "steward", DEMO_PASSWORD, actor=operator())
    return stores


def sign_in() -> None:
    """Somebody signs in, and the trail is written to, as most acts do."""
    with writing() as session:
        sign_ins.begin(session, "anna")
        audit.record(session, actor="anna", action="test", subject="anna", detail={})


def signed_in() -> int:
    with reading() as session:
        return len(session.exec(select(SignIn.id)).all())


def meanwhile(act: Callable[[], object]) -> list[bool]:
    """Let somebody else act, in a thread and a connection of their own: whether that ended."""
    other = threading.Thread(target=act, daemon=True)
    other.start()
    other.join(LONGEST)
    return [not other.is_alive()]


# ---- computing keeps nobody waiting ------------------------------------------------------------------------


class Told:
    """Hears what is being done; at each step that is not writing somebody signs in."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.ended: list[bool] = []

    def __call__(self, step: str) -> None:
        self.steps.append(step)
        if not step.startswith("writing"):
            self.ended += meanwhile(sign_in)


def test_who_builds_and_publishes_a_release_keeps_nobody_waiting(programme):
    told = Told()
    number = releases.build_beside(note=NOTE, tell=told, actor=operator("anna"))
    assert {"protecting", "judging and comparing"} <= set(told.steps)
    assert told.steps[-1].startswith("writing")
    assert told.ended == [True] * (len(told.steps) - 1)
    before = len(told.steps)
    releases.publish_beside(number, tell=told, actor=operator("anna"))
    assert told.steps[before:] == ["comparing with the release before"]
    assert all(told.ended)
    assert signed_in() == len(told.ended)


def test_who_looks_at_the_effect_of_a_file_keeps_nobody_waiting(programme):
    releases.publish_beside(releases.build_beside(note=NOTE, actor=operator("anna")), actor=operator("anna"))
    with reading() as session:
        events = len(audit.listing(session))
    told = Told()
    found = effect.protection(SECOND, actor=operator("anna"), tell=told)
    assert "protecting" in told.steps
    assert found.loc["audit"].tolist() == ["passed", "passed"]
    assert all(told.ended)
    assert signed_in() == len(told.ended)
    with reading() as session:
        assert len(audit.listing(session)) == events + signed_in(), "the preview is not told"
        assert newest_batch(session) == 1


# ---- what changes meanwhile --------------------------------------------------------------------------------


def people(release: int) -> float:
    asked = {"indicator": "people", "scheme": "country", "period": "to_date", "goal": "all"}
    (row,) = figure_queries.figures(operator(audience="restricted"), release, "fi", **asked).itertuples()
    return row.value


def test_what_comes_in_while_figures_are_computed_is_in_them(programme):
    steps = []

    def tell(step: str) -> None:
        if step == "protecting" and step not in steps:
            assert meanwhile(lambda: loading.load(SECOND, actor=operator("ben"), note="x")) == [True]
        steps.append(step)

    number = releases.build_beside(note=NOTE, tell=tell, actor=operator("anna"))
    assert steps.count("protecting") == 2, "they were computed anew"
    assert people(number) == 65
    with reading() as session:
        made = session.get_one(Release, number).content_hash
    with writing() as session:
        assert releases.build(session, note=NOTE, actor=operator()).content_hash == made


def test_a_store_that_never_rests_is_told(programme):
    values = iter(range(100))

    def tell(step: str) -> None:
        if step == "protecting":
            value = next(values)
            file = filed(f"{value}", observations=[report("p1", "people", value, reason="x")])
            assert meanwhile(lambda: loading.load(file, actor=operator("ben"))) == [True]

    with pytest.raises(releases.Refused, match="build it again") as why:
        releases.build_beside(note=NOTE, tell=tell, actor=operator("anna"))
    assert why.value.why == "changed"
    assert next(values) == releases.TRIES
    with reading() as session:
        assert session.exec(select(Release.number)).all() == []


def test_what_was_compared_with_another_release_is_not_published(programme):
    first = releases.build_beside(note=NOTE, actor=operator("anna"))

    def tell(_: str) -> None:
        assert meanwhile(lambda: releases.publish_beside(first, actor=operator("ben"))) == [True]

    with pytest.raises(releases.Refused) as why:
        releases.publish_beside(first, tell=tell, actor=operator("anna"))
    assert why.value.why == "not_draft"


# ---- two processes that bring a file in --------------------------------------------------------------------

WAITS = """
import sys
from data_access.intake import loading
load = loading.load
def after_both_have_looked(*given, **said):
    print("looked", file=sys.stderr, flush=True)
    sys.stdin.readline()
    return load(*given, **said)
loading.load = after_both_have_looked
from data_access.__main__ import app
app()
"""


def brought_in(store: Store, file: Path) -> subprocess.Popen[str]:
    """`python -m data_access import` in a process that has looked at its file and waits to load it."""
    command = [sys.executable, "-c", WAITS, "import", str(file), "--json"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=PROJECT, env=store.environment, text=True, **pipes)
    assert process.stderr is not None
    first = process.stderr.readline()
    assert first == "looked\n", first + process.stderr.read()
    return process


def test_of_two_processes_that_bring_a_file_in_the_second_is_told(programme, tmp_path):
    files = [tmp_path / f"{name}.csv" for name in ("anna", "ben")]
    for value, file in enumerate(files, 21):
        row = {"project": "p1", "indicator": "people", "period": "2026h1", "area": "mk05"}
        row |= {"value": str(value), "reported_on": "10.7.2026", "reason": "counted again"}
        codes = [column.code for column in SHEET_OF["observations"].columns]
        lines = [codes, [row.get(code, "") for code in codes]]
        file.write_text("".join(f"{';'.join(line)}\n" for line in lines), encoding="utf-8")
    both = [brought_in(programme, file) for file in files]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    said = [json.loads(process.communicate(timeout=LONGEST)[0]) for process in both]
    assert sorted(process.returncode for process in both) == [0, 1]
    (winner,) = [each for each in said if each["batch"] == 2]
    (second,) = [each for each in said if each["batch"] is None]
    assert second["refused"]["why"] == "moved"
    expected = "1 rows have been changed since by batch 2 of command line: look at the preview again"
    assert second["refused"]["what"] == expected
    versions = batch_queries.history(operator(), "people", "2026h1", project="p1", area="mk05")
    assert versions["file_name"].tolist() == ["kierros.xlsx", winner["file"]]
    with reading() as session:
        assert audit.broken_links(session) == []
    loser = next(file for file in files if file.name == second["file"])
    again = programme.command("import", str(loser))
    assert "Batch 3 is loaded" in again.stderr + again.stdout
