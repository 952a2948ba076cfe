"""What protecting counts of people costs the reader: the evidence behind the rules ``people_…`` and
``protect_…``.

    python benchmarks/disclosure.py [breakdowns] [rounding] [optimum]

``breakdowns``: how much of the demonstration round is hidden, and how long that takes, for several
choices of what is published and several seeds of its generator. ``rounding``: what readers and an
attacker would get if counts were rounded to fives instead. ``optimum``: how many figures are hidden in
small random tables, against the fewest that would do."""

import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

PROJECT = Path(__file__).parents[1]
OTHER_SEEDS = ("a", "b", "c", "d", "e")
BREAKDOWNS: dict[str, dict[str, float]] = {
    "everything": {},
    "goals by maakunta only": {"people_goals_areas": 0, "people_goals_maakunta": 1},
    "no goals by area": {"people_goals_areas": 0},
    "no years by area": {"people_years_areas": 0},
    "no years, no goals by area": {"people_goals_areas": 0, "people_years_areas": 0},
}
BASE = 5
INDICATORS = ("people", "nr1", "nr2", "esfres")


def generator() -> ModuleType:
    """The demonstration round's generator, which stands beside its data."""
    path = PROJECT / "sample_data" / "demo" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def basis() -> Any:
    """What the demonstration's figures are made of beside its reports, which no seed changes."""
    from sqlmodel import Session

    from data_access import holdings, initialise, reference
    from data_access.store import writing_connection

    with writing_connection() as connection:
        initialise.migrate(connection)
        with Session(connection, join_transaction_mode="rollback_only") as session:
            reference.load(session, "demo")
            found = holdings.basis(session, holdings.newest_day(session))
    return found._replace(indicators=found.indicators[found.indicators["indicator"].isin(INDICATORS)])


def reports(made: ModuleType, seed: str) -> Callable[[str], pd.DataFrame]:
    """The current reports of a round, by indicator (columns: ``measures.aggregation``)."""
    made.STORY["seed"] = seed
    rows = pd.DataFrame(made.demonstration()["observations"])
    rows = rows[~rows["id"].isin(rows["supersedes"].dropna())].assign(demonstration=True)
    rows["reported_on"] = pd.to_datetime(rows["reported_on"]).dt.date
    numbers = dict.fromkeys(["value", "numerator", "denominator", "n"], "float64")
    texts = dict.fromkeys(["project", "area", "goal", "period", "source"], "str")
    rows = rows.astype(numbers | texts)
    return lambda indicator: rows[rows["indicator"] == indicator].reset_index(drop=True)


def breakdowns() -> None:
    """How much is hidden, and what readers get, by what is published."""
    from data_access.measures import disclosure
    from data_access.measures.figures import measured

    whole, made = basis(), generator()
    seeds = (made.STORY["seed"], *OTHER_SEEDS)
    print(f"{'published':28}        seed  figures  primary  complementary  hidden  readers get  CPU s")
    for name, rules in BREAKDOWNS.items():
        for seed in seeds:
            told = reports(made, seed)
            asked = whole._replace(rules=with_rules(whole.rules, rules))
            figures = measured(asked, told)
            began = time.process_time()
            anatomy = disclosure.anatomy(asked, told)
            done = disclosure.protect(figures, anatomy, rules=asked.thresholds)
            used = time.process_time() - began
            assert done.audit["passed"].all()
            hidden = done.primary + done.complementary
            print(
                f"{name:28}  {seed:>10}  {done.published:7}  {done.primary:7}  {done.complementary:13}"
                f"  {hidden / done.published:6.1%}  {done.published - hidden:11}  {used:5.1f}",
                flush=True,
            )


def with_rules(rules: pd.DataFrame, changed: dict[str, float]) -> pd.DataFrame:
    kept = rules[~rules["code"].isin(changed)]
    return pd.concat([kept, pd.DataFrame({"code": changed.keys(), "value": changed.values()})])


CHOICES: dict[str, Callable[[], None]] = {"breakdowns": breakdowns}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="turvaverkko-bench-") as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ["TURVAVERKKO_DATA"] = folder
        sys.path.insert(0, str(PROJECT))
        for choice in sys.argv[1:] or CHOICES:
            CHOICES[choice]()
