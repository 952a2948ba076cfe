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

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

PROJECT = Path(__file__).parents[1]
OTHER_SEEDS = ("a", "b", "c", "d", "e")
BREAKDOWNS: dict[str, dict[str, float]] = {
    "everything": {},
    "goals by maakunta only": {"people_goals_areas": 0, "people_goals_maakunta": 1},
    "goals by maakunta and elinvoimakeskus": {
        "people_goals_areas": 0,
        "people_goals_maakunta": 1,
        "people_goals_evk": 1,
    },
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
    print(f"{'published':38}        seed  figures  primary  complementary  hidden  readers get  CPU s")
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
                f"{name:38}  {seed:>10}  {done.published:7}  {done.primary:7}  {done.complementary:13}"
                f"  {hidden / done.published:6.1%}  {done.published - hidden:11}  {used:5.1f}",
                flush=True,
            )


def with_rules(rules: pd.DataFrame, changed: dict[str, float]) -> pd.DataFrame:
    kept = rules[~rules["code"].isin(changed)]
    return pd.concat([kept, pd.DataFrame({"code": changed.keys(), "value": changed.values()})])


def rounding() -> None:
    """Counts of people rounded to fives: what an attacker can still tell of small ones, and how wrong
    figures get; each figure by itself, or the smallest pieces, which then add up. Means have no rounded
    form: of few respondents they would be hidden in any case."""
    from data_access.measures import disclosure
    from data_access.measures.disclosure.lines import lines_of, made_of, of_indicator
    from data_access.measures.figures import measured

    whole, made = basis(), generator()
    told = reports(made, made.STORY["seed"])
    figures = measured(whole, told)
    figures = figures[(figures["indicator"] == "people") & figures["value"].notna()].reset_index(drop=True)
    (joined,) = disclosure.joined([disclosure.anatomy(whole, told)])
    small = figures["value"].between(1, 4).to_numpy()
    lines = lines_of(figures, small, joined, [], 4)
    value = figures["value"].to_numpy()
    alone = BASE * np.round(value / BASE)
    rows = made_of(figures, of_indicator(joined, "people"))
    pieces = joined.reports[joined.reports["indicator"] == "people"].groupby("piece")["count"].sum()
    rounded = BASE * np.round(pieces / BASE)
    added = rows["piece"].map(rounded).groupby(rows["entry"]).sum().reindex(range(len(figures))).to_numpy()
    for name, shown in (("each figure", alone), ("pieces, added up", added)):
        wrong = np.abs(shown - value)[value > 0] / value[value > 0]
        print(
            f"{name:18} changed {np.mean(shown != value):5.1%}  off by over 10 %: {np.mean(wrong > 0.1):5.1%}"
            f"  largest error {np.abs(shown - value).max():.0f}"
        )
    first = np.unique(lines.of, return_index=True)[1]
    parts, near = lines.parts[lines.of[first]], (BASE - 1) / 2
    tight, asked = 0, np.flatnonzero(small[first])
    for line in asked:
        aim, limits = parts[[line]].toarray()[0], sparse.vstack([parts, -parts])
        ends = np.concatenate([alone[first] + near, near - alone[first]])
        low, high = (sign * linprog(sign * aim, limits, ends, bounds=(0, None)).fun for sign in (1, -1))
        tight += np.floor(high + 1e-6) - np.ceil(low - 1e-6) < 3
    print(f"rounded each by itself, bounds closer than 1–4 for {tight} of {len(asked)} small counts")


def optimum() -> None:
    """Figures hidden in random tables with margins, 3 × 4, against the fewest that would do."""
    from data_access.measures.disclosure.hiding import Relations, Rule

    cells = np.arange(12).reshape(3, 4)
    sets = [*cells.reshape(-1, 1), *cells, *cells.T, cells.reshape(-1)]
    parts = sparse.csr_array([np.isin(np.arange(12), each).astype(float) for each in sets])
    rng, found, fewest = np.random.default_rng(1), 0, 0
    began = time.process_time()
    for _ in range(30):
        count = rng.integers(5, 40, 12).astype(float)
        count[rng.choice(12, rng.integers(1, 4), replace=False)] = rng.integers(1, 5)
        value = parts @ count
        must = value <= 4
        relations = Relations(
            parts, count, None, (0.0, np.inf), np.ones(len(sets)), value == 0, Rule(1, 4, 1)
        )
        found += int(relations.hide(must, must).sum())
        fewest += least(parts, count, must)
    print(f"30 tables: {found} hidden, {fewest} would do: {found / fewest:.2f} times the fewest")
    print(f"{time.process_time() - began:.0f} s CPU")


def least(parts: sparse.csr_array, count: np.ndarray, must: np.ndarray) -> int:
    """The fewest figures that can be hidden so that each hidden one stays as uncertain as it must: a
    small one both ways, another by 3 one way or the other."""
    lines, pieces = parts.shape
    value = parts @ count
    wants = [(line, sign) for line in range(lines) for sign in ((1, -1) if must[line] else (0,))]
    width, much = lines + len(wants) * (pieces + 1), count.sum() + 10
    rows, lowest = [], []

    def say(terms: dict[int, float], at_least: float) -> None:
        row = np.zeros(width)
        row[list(terms)] = list(terms.values())
        rows.append(row)
        lowest.append(at_least)

    for number, (line, sign) in enumerate(wants):
        first = lines + number * (pieces + 1)
        moves = [{first + p: float(parts[k, p]) for p in range(pieces) if parts[k, p]} for k in range(lines)]
        for k, move in enumerate(moves):
            say(move | {k: min(much, value[k] - 1)}, 0)
            say({p: -one for p, one in move.items()} | {k: much}, 0)
        up = first + pieces
        apart = {1: 4 - value[line], -1: value[line] - 1, 0: 3.0}[sign]
        if sign >= 0:
            say(moves[line] | {line: -apart} | ({} if sign else {up: much}), 0)
        if sign <= 0:
            down = {p: -one for p, one in moves[line].items()}
            say(down | {line: -apart} | ({} if sign else {up: -much}), 0 if sign else -much)
    whole = np.zeros(width)
    whole[:lines] = 1
    whole[lines + pieces :: pieces + 1] = 1
    low = np.concatenate([must.astype(float), np.tile(np.append(-count, 0), len(wants))])
    high = np.concatenate([np.ones(lines), np.tile(np.append(np.full(pieces, much), 1), len(wants))])
    price = np.concatenate([np.ones(lines), np.zeros(width - lines)])
    done = milp(
        price,
        constraints=LinearConstraint(np.array(rows), np.array(lowest), np.inf),
        bounds=Bounds(low, high),
        integrality=whole,
        options={"time_limit": 60},
    )
    return round(done.fun)


CHOICES: dict[str, Callable[[], None]] = {
    "breakdowns": breakdowns,
    "rounding": rounding,
    "optimum": optimum,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="turvaverkko-bench-") as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ["TURVAVERKKO_DATA"] = folder
        sys.path.insert(0, str(PROJECT))
        for choice in sys.argv[1:] or CHOICES:
            CHOICES[choice]()
