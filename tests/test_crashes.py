"""A process that is killed while it brings a file in leaves the batch wholly there, or absent."""

import pickle
import random
import signal
import subprocess
import sys
import time
from datetime import date
from itertools import islice, product
from pathlib import Path

import pandas as pd
import pytest
from sqlmodel import col, func, select

from data_access import audit, initialise
from data_access.intake import loading, undoing
from data_access.intake.checked import Checked
from data_access.intake.difference import newest_batch
from data_access.intake.layout import SHEET_OF
from data_access.intake.standing import of_kind
from data_access.models import AuditEvent, BatchChange, ImportBatch, Observation
from data_access.queries import reference as reference_queries
from data_access.scope import operator
from data_access.store import reading
from tests.filed import filed, project
from tests.store.stores import PROJECT, Store, forget_settings

PROJECTS = [f"p{number}" for number in range(1, 31)]
INDICATORS = ("si1", "si2", "si3", "nr1", "nr2", "people")
PERIODS = [f"{year}h{half}" for year in range(2021, 2027) for half in (1, 2)]
LOADS = """
import pickle, sys
from pathlib import Path
from data_access.intake import loading, undoing
from data_access.scope import operator
checked = pickle.loads(Path(sys.argv[1]).read_bytes())
print("begun", flush=True)
loading.load(checked, actor=operator("killed"), tell=lambda said: print(said, flush=True))
"""


def large(rows: int) -> Checked:
    """A file of so many values, and a project that is new."""
    areas = reference_queries.areas(operator(), "fi")["code"]
    told = islice(product(PROJECTS, INDICATORS, PERIODS, areas), rows)
    given = pd.DataFrame(told, columns=["project", "indicator", "period", "area"])
    given = given.assign(value=2.0, n=9.0, reported_on=date(2026, 7, 1))
    columns = {
        column.code: of_kind(given.get(column.code), column.kind, len(given))
        for column in SHEET_OF["observations"].columns
    }
    new = filed("large.csv", projects=[project("new")])
    reports = pd.DataFrame(columns).assign(row=range(2, len(given) + 2))
    return Checked(new.file_name, new.sha256, new.rows | {"observations": reports}, new.findings)


def killed(store: Store, path: Path, seconds: float) -> bool:
    """Whether a process that loads the file was killed so long after it began; else it had ended."""
    command = [sys.executable, "-c", LOADS, str(path)]
    with subprocess.Popen(command, cwd=PROJECT, env=store.environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    return process.returncode == -signal.SIGKILL


def held() -> tuple[int, ...]:
    """Batches, changes of registers, observations and audit events of imports; the trail is whole."""
    with reading() as session:
        assert audit.broken_links(session) == []
        tables = (ImportBatch.id, BatchChange.batch, Observation.id)
        found = [session.exec(select(func.count(col(column)))).one() for column in tables]
        imports = select(func.count(col(AuditEvent.id))).where(AuditEvent.action == "import")
        return (*found, session.exec(imports).one())


def campaign(store: Store, folder: Path, *, rows: int, kills: int, seed: int) -> int:
    """Kill imports at random moments of the time that one takes; gives how many of them were whole."""
    initialise.fill("empty")
    loading.load(filed(projects=[project(code) for code in PROJECTS]), actor=operator("anna"))
    path = folder / "file"
    path.write_bytes(pickle.dumps(large(rows)))
    before, rng, whole = held(), random.Random(seed), 0
    began = time.perf_counter()
    loading.load(pickle.loads(path.read_bytes()), actor=operator("anna"))
    longest = time.perf_counter() - began
    after = held()
    assert after == (before[0] + 1, before[1] + 2, before[2] + rows, before[3] + 1)
    undoing.undo(2, "the kills begin", actor=operator("anna"))
    for _ in range(kills):
        start = held()
        killed(store, path, rng.random() * longest)
        forget_settings()
        end = held()
        came = tuple(now - then for then, now in zip(start, end, strict=True))
        assert came in ((0, 0, 0, 0), (1, 2, rows, 1))
        if any(came):
            whole += 1
            # PostgreSQL does not use the number of a killed batch again.
            with reading() as session:
                newest = newest_batch(session)
            undoing.undo(newest, "once more", actor=operator("anna"))
    again = loading.load(pickle.loads(path.read_bytes()), actor=operator("anna"))
    assert again is not None, "the next import works"
    return whole


def test_an_import_that_is_killed_is_whole_or_absent(stores, tmp_path):
    assert campaign(stores, tmp_path, rows=3000, kills=2, seed=3) < 2


@pytest.mark.soak
def test_imports_of_100000_rows_killed_at_twenty_random_moments(stores, tmp_path):
    assert campaign(stores, tmp_path, rows=100_000, kills=20, seed=1) <= 10
