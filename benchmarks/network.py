"""What the network costs as it grows: 3,000 and 30,000 organisations.

    python benchmarks/network.py [SIZE …]

Makes an invented store for each size (14 projects to 15 organisations, two partnerships for each
organisation), builds a release, and asks each question of ``queries.connections`` in a process of its
own. Prints seconds of CPU, the ratio to reading the same partnerships once, and the process's peak memory."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

PROJECT = Path(__file__).parents[1]
SIZES = (3_000, 30_000)
NAMES = {"fi": "x", "sv": "x", "en": "x"}
STARTS = (date(2024, 3, 1), date(2024, 9, 1), date(2025, 2, 1), date(2026, 1, 1))


def fill(size: int) -> None:
    """An invented store of that many organisations and its release, where the environment says."""
    from sqlmodel import insert

    from data_access import initialise, models, releases
    from data_access.scope import operator
    from data_access.store import writing

    initialise.fill("empty")
    rng = Random(1)
    projects = [f"x{number}" for number in range(size * 14 // 15)]
    organisations = [f"o{number}" for number in range(size)]
    regions = [f"mk{number:02}" for number in range(1, 20) if number != 3]
    invented: dict[str, Any] = {"demonstration": True, "source": "demonstration"}
    project = {"programme": "esf51", "name": NAMES, "state": "running", "national": False, **invented}
    organisation = {"name": NAMES, "eligible": True, **invented}
    partner = {"role": "partner", "supported": True, "source": "demonstration"}
    batch = {"loaded_at": datetime(2026, 9, 30), "loaded_by": "x", "file_name": "x", "sha256": "x"}
    pairs = dict.fromkeys((rng.choice(projects), each) for each in organisations for _ in range(2))
    types = models.ORGANISATION_TYPES
    tables: list[tuple[Any, list[dict[str, Any]]]] = [
        (models.ImportBatch, [batch | {"id": 1, "note": "x", "demonstration": True}]),
        (models.Project, [project | {"code": code, "starts": rng.choice(STARTS)} for code in projects]),
        (
            models.ProjectArea,
            [{"project": c, "area": a} for c in projects for a in rng.sample(regions, 1 + rng.randrange(2))],
        ),
        (models.ProjectGoal, [{"project": code, "goal": f"g{1 + rng.randrange(4)}"} for code in projects]),
        (
            models.Organisation,
            [organisation | {"code": code, "type": rng.choice(types)} for code in organisations],
        ),
        (
            models.Partnership,
            [partner | {"project": c, "organisation": o, "starts": rng.choice(STARTS)} for c, o in pairs],
        ),
    ]
    with writing() as session:
        for table, rows in tables:
            session.connection().execute(insert(table), rows)
    with writing() as session:
        note = {"fi": "", "sv": "", "en": ""}
        built = releases.build(session, note=note, actor=operator())
        releases.publish(session, built.number, actor=operator())


def measure(question: str) -> dict[str, float]:
    """CPU time and memory of one question in this process, beside reading the partnerships once."""
    from data_access.queries import connections, network
    from data_access.scope import operator

    asked = (operator(), 1, "esf51", "fi")
    network.partnerships(*asked, date(2026, 9, 30))
    began = time.process_time()
    rows = network.partnerships(*asked, date(2026, 9, 30))
    reading = time.process_time() - began
    name, _, things = question.partition(" ")
    began = time.process_time()
    found = getattr(connections, name)(*asked, connections.Choices(), *([things] if things else []))
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "partnerships": len(rows),
        "reading": reading,
        "seconds": seconds,
        "rows": len(found),
        "peak": peak,
    }


def told_by(act: str, folder: Path) -> dict[str, float]:
    """Do one act in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"TURVAVERKKO_DATA": str(folder), "PYTHONPATH": str(PROJECT)}
    words = [sys.executable, __file__, "act", act]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return json.loads(done.stdout)


QUESTIONS = ("partnerships", "organisations", "projects", "turnover", "shared_areas", "nodes")
QUESTIONS += ("bridges projects", "bridges areas", "bridges goals")


def main(sizes: list[int]) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="turvaverkko-bench-") as folder:
            told_by(f"fill {size}", Path(folder))
            print(f"{size:,} organisations")
            print(f"{'question':>18} {'rows':>9} {'seconds':>9} {'ratio':>7} {'peak MB':>8}")
            for question in QUESTIONS:
                found = told_by(question, Path(folder))
                ratio = found["seconds"] / found["reading"]
                cells = f"{found['rows']:>9,.0f} {found['seconds']:>9.2f} {ratio:>7.1f} {found['peak']:>8.0f}"
                print(f"{question:>18} {cells}", flush=True)
            print(f"reading {found['partnerships']:,.0f} partnerships once: {found['reading']:.2f} s")


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["act"]:
        act, _, size = words[1].partition(" ")
        found = fill(int(size)) if act == "fill" else measure(words[1])
        print(json.dumps(found or {}))
    else:
        main([int(word) for word in words] or list(SIZES))
