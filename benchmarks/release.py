"""How long a release takes, and how much memory, as reports grow: 10⁴, 10⁵ and 10⁶ observations.

    python benchmarks/release.py [SIZE …]

Makes an invented store for each size (one project for some 36 observations), builds a release from it
in a process of its own, protection and its audit included, and prints wall time, CPU time and peak
memory, and the CPU time of one plain SQL GROUP BY over the same rows in the same process, with the ratio.

Two cores, SQLite: 10⁴ 15 s CPU and 376 MB, 10⁵ 8 s and 378 MB, 10⁶ 48 s and 532 MB: 1,890, 80 and 41
times the GROUP BY. The fewest reports cost much because their groups are small: most of that time goes
into protecting figures, of which there are as many however many reports there are."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

PROJECT = Path(__file__).parents[1]
SIZES = (10_000, 100_000, 1_000_000)
PER_PROJECT = 36
HALVES = ("2024h2", "2025h1", "2025h2", "2026h1")
REPORTED = ("2025-01-15", "2025-07-15", "2026-01-15", "2026-07-15")
SCORES, BY_AREA = ("si1", "si2", "nr4"), ("nr1", "people", "eur_paid")
OBSERVATION = "id, indicator, project, area, period, value, n, identical_answers, reported_on, batch, source"
GROUPED = """SELECT indicator, area, period, count(*), sum(value), sum(value * n), sum(n) FROM observation
WHERE id NOT IN (SELECT supersedes FROM observation WHERE supersedes IS NOT NULL)
GROUP BY indicator, area, period"""


def observations(areas: list[list[str]], size: int) -> Iterator[tuple]:
    """Reports of every project for four half-years, until there are ``size``."""
    rng, number = Random(1), 0
    for half, day in zip(HALVES, REPORTED, strict=True):
        for project, own in enumerate(areas):
            asked = [(code, None) for code in SCORES] + [(code, area) for code in BY_AREA for area in own]
            for code, area in asked:
                number += 1
                if number > size:
                    return
                value = rng.randrange(500_000) if code == "eur_paid" else rng.randrange(60)
                value = value if code in ("eur_paid", "people") else value % 41 / 10
                n = None if code in ("eur_paid", "people") else 5 + rng.randrange(40)
                yield number, code, f"x{project}", area, half, value, n, False, day, 1, "demonstration"


def fill(size: int) -> None:
    """An invented store of that many observations, where the environment says."""
    from sqlmodel import insert

    from data_access import initialise, models
    from data_access.store import writing

    initialise.fill("empty")
    rng = Random(2)
    count = max(size // PER_PROJECT, 1)
    regions = [f"mk{number:02}" for number in range(1, 20) if number != 3]
    areas = [rng.sample(regions, 1 + rng.randrange(3)) for _ in range(count)]
    words = {"fi": "x", "sv": "x", "en": "x"}
    common: dict[str, Any] = {
        "programme": "esf51",
        "name": words,
        "state": "running",
        "starts": date(2024, 7, 1),
    }
    common |= {"national": False, "demonstration": True, "source": "demonstration"}
    partner = {"role": "partner", "supported": True, "starts": date(2024, 7, 1), "source": "demonstration"}
    organisation = {"name": words, "type": "ngo", "demonstration": True, "source": "demonstration"}
    batch = {"id": 1, "loaded_at": datetime(2026, 9, 30), "loaded_by": "x", "file_name": "x"}
    codes = [f"x{number}" for number in range(count)]
    with writing() as session:
        goals = [(code, f"g{1 + rng.randrange(4)}") for code in codes for _ in range(1 + rng.randrange(2))]
        tables = [
            (models.ImportBatch, [batch | {"sha256": "x", "note": "x", "demonstration": True}]),
            (models.Project, [common | {"code": code} for code in codes]),
            (
                models.ProjectArea,
                [{"project": c, "area": a} for c, own in zip(codes, areas, strict=True) for a in own],
            ),
            (models.ProjectGoal, [{"project": code, "goal": goal} for code, goal in dict.fromkeys(goals)]),
            (models.Organisation, [organisation | {"code": code, "eligible": True} for code in codes]),
            (
                models.Partnership,
                [
                    partner | {"project": c, "organisation": rng.choice(codes)}
                    for c in codes
                    for _ in range(3)
                ],
            ),
        ]
        for table, rows in tables:
            session.connection().execute(insert(table), rows)
        marks = ", ".join("?" * len(OBSERVATION.split(",")))
        rows, statement = (
            observations(areas, size),
            f"INSERT INTO observation ({OBSERVATION}) VALUES ({marks})",
        )
        while some := [row for row, _ in zip(rows, range(50_000), strict=False)]:
            session.connection().exec_driver_sql(statement, some)


def measure() -> dict[str, float]:
    """Time and memory of one build, and of one plain GROUP BY, in this process."""
    from data_access import releases
    from data_access.scope import operator
    from data_access.store import engine, writing

    with engine().connect() as connection:
        connection.exec_driver_sql(GROUPED).all()
        began = time.process_time()
        connection.exec_driver_sql(GROUPED).all()
        grouped = time.process_time() - began
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    with writing() as session:
        release = releases.build(session, note={"fi": "", "sv": "", "en": ""}, actor=operator())
        figures = release.figures
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "figures": figures,
        "seconds": time.perf_counter() - began,
        "cpu": used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime,
        "before_mb": before.ru_maxrss / 1024,
        "peak_mb": used.ru_maxrss / 1024,
        "group_by": grouped,
    }


def told_by(act: str, size: int, folder: Path) -> dict[str, float]:
    """Do one act in a process of its own, so that its memory is its own."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"TURVAVERKKO_DATA": str(folder), "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, __file__, act, str(size)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout)


def main(sizes: list[int]) -> None:
    head = ("observations", "projects", "figures", "build s", "CPU s", "peak MB", "GROUP BY", "ratio")
    print("  ".join(f"{name:>12}" for name in head))
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="turvaverkko-bench-") as folder:
            told_by("fill", size, Path(folder))
            found = told_by("measure", size, Path(folder))
        cells = [f"{size:,}", f"{max(size // PER_PROJECT, 1):,}", f"{found['figures']:,}"]
        cells += [f"{found['seconds']:.1f}", f"{found['cpu']:.1f}", f"{found['peak_mb']:.0f}"]
        cells += [f"{found['group_by']:.2f}", f"{found['cpu'] / found['group_by']:.0f}"]
        print("  ".join(f"{cell:>12}" for cell in cells), flush=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["fill"]:
        fill(int(words[1]))
        print("{}")
    elif words[:1] == ["measure"]:
        print(json.dumps(measure()))
    else:
        main([int(word) for word in words] or list(SIZES))
