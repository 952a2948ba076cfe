"""What protecting counts of people costs the reader: the evidence behind the rules ``people_…`` and
``protect_…``.

    python benchmarks/disclosure.py [breakdowns] [rounding] [optimum] [tauargus]

``breakdowns``: how much of the demonstration round is hidden, and how long that takes, for several
choices of what is published and several seeds of its generator. ``rounding``: what readers and an
attacker would get if counts were rounded to fives instead. ``optimum``: how many figures are hidden in
small random tables, against the fewest that would do. ``tauargus``: what the τ-ARGUS of the statistical
offices says of the same; it is in no lock: ``pip install --no-deps --target FOLDER pytauargus``, FOLDER in
PYTHONPATH. Found with 0.6.0: for 504 of 508 counts hidden of the demonstration round its audit gives the
bounds that ours gives; for four means they are one respondent wider, as it does not know the scale of
answers. Of the random tables it hides 146 figures and asks less of those beside small ones; we hide 152,
and 148 would do."""

import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import chdir
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
MOST = 100_000
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
            for each in initialise.ROUNDS["demo"]:
                reference.load(session, each.folders)
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


def random_tables() -> Iterator[Any]:
    """Thirty tables with margins, 3 × 4, with one to three small counts, as relations between figures."""
    from data_access.measures.disclosure.hiding import Relations, Rule

    cells = np.arange(12).reshape(3, 4)
    sets = [*cells.reshape(-1, 1), *cells, *cells.T, cells.reshape(-1)]
    parts = sparse.csr_array([np.isin(np.arange(12), each).astype(float) for each in sets])
    rng = np.random.default_rng(1)
    for _ in range(30):
        count = rng.integers(5, 40, 12).astype(float)
        count[rng.choice(12, rng.integers(1, 4), replace=False)] = rng.integers(1, 5)
        known = parts @ count == 0
        ones = np.ones(len(sets))
        yield Relations(parts, count, None, (0.0, np.inf), ones, known, ones, Rule(1, 4, 1))


def optimum() -> None:
    """Figures hidden in random tables, against the fewest that would do."""
    found, fewest, began = 0, 0, time.process_time()
    for table in random_tables():
        must = table.value <= 4
        found += int(table.hide(must, must).sum())
        fewest += least(table.parts, table.count, must)
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


def tauargus() -> None:
    """How τ-ARGUS bounds the counts that are hidden of the demonstration round, and what it would hide of
    random tables itself."""
    engine = importlib.import_module("pytauargus._tauargus")
    file = Path(os.environ["TURVAVERKKO_DATA"]) / "table.jj"
    # It leaves notes of its own where it runs.
    with chdir(file.parent):
        bounded_by(engine, file)
        chosen_by(engine, file)


def bounded_by(engine: Any, file: Path) -> None:
    """Our bounds of hidden counts beside those of τ-ARGUS's audit."""
    from data_access.measures import disclosure
    from data_access.measures.disclosure.lines import lines_of
    from data_access.measures.figures import measured

    whole, made = basis(), generator()
    told = reports(made, made.STORY["seed"])
    figures, anatomy = measured(whole, told), disclosure.anatomy(whole, told)
    done = disclosure.protect(figures, anatomy, rules=whole.thresholds)
    (joined,) = disclosure.joined([anatomy])
    for code in INDICATORS:
        mine = figures[(figures["indicator"] == code) & figures["value"].notna() & ~done.withheld]
        small = disclosure.small_counts(mine, low=1, high=4).to_numpy()
        lines = lines_of(mine, small, joined, [], 4)
        here = done.hidden[mine.index].to_numpy()
        hidden = np.bincount(lines.of, here) > 0
        # Figures first, then the pieces that they are sums of: of those it is not known that they are some.
        size = len(hidden)
        value = np.append(lines.parts @ lines.count, lines.count)
        closed = np.append(hidden, hidden.astype(float) @ lines.parts > 0)
        least = np.append(np.minimum(value[:size], 1), 0 * lines.count)
        relations = [(line, size + np.flatnonzero(lines.parts[[line]].toarray()[0])) for line in range(size)]
        write_table(file, value, np.where(closed, "m", "s"), least, relations)
        found = {row["cell"]: (row["min"], row["max"]) for row in engine.audit_jj(str(file))}
        theirs = np.array([found[line] for line in lines.of[here]])
        ours = done.audit.loc[mine.index[here], ["lower", "upper"]].clip(upper=MOST).to_numpy("float64")
        apart = np.abs(ours - theirs).max(axis=1)
        same = (apart < 0.01).sum()
        print(f"{code}: {len(ours)} hidden, bounds equal for {same}, {apart.max():.0f} apart at most")


def chosen_by(engine: Any, file: Path) -> None:
    """How many figures of random tables we hide, and τ-ARGUS."""
    choice, ours, theirs = file.with_name("choice.txt"), 0, 0
    cells = np.arange(12).reshape(3, 4)
    relations = [(12 + number, each) for number, each in enumerate([*cells, *cells.T, cells.reshape(-1)])]
    for table in random_tables():
        must = table.value <= 4
        write_table(file, table.value, np.where(must, "u", "s"), np.minimum(table.value, 1), relations)
        failed = engine.HiTaSCtrl().full_jj(in_file_jj=str(file), out_file=str(choice), max_time=10) > 1
        assert not failed
        theirs += int(must.sum()) + len(choice.read_text().split())
        ours += int(table.hide(must, must).sum())
    print(f"30 tables: {ours} hidden by us, {theirs} by τ-ARGUS")


def write_table(
    file: Path, value: np.ndarray, status: np.ndarray, least: np.ndarray, relations: list[tuple]
) -> None:
    """A table in τ-ARGUS's own form (JJ): each cell's number, value, weight, status (*u* small, *m* hidden
    beside it, *s* shown), bounds that everybody knows, how far down and up a small one must stay
    uncertain; then the cells that are sums of others."""
    lines = ["0", str(len(value))]
    for number, (one, how, low) in enumerate(zip(value, status, least, strict=True)):
        down, up = (one - 1, 4 - one) if how == "u" else (0, 0)
        lines.append(f"{number} {one:.0f} 1 {how} {low:.0f} {MOST} {down:.0f} {up:.0f} 0")
    lines.append(str(len(relations)))
    for total, parts in relations:
        lines.append(f"0 {len(parts) + 1} : {total} (-1) " + " ".join(f"{part} (1)" for part in parts))
    file.write_text("\n".join(lines) + "\n")


CHOICES: dict[str, Callable[[], None]] = {
    "breakdowns": breakdowns,
    "rounding": rounding,
    "optimum": optimum,
    "tauargus": tauargus,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="turvaverkko-bench-") as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ["TURVAVERKKO_DATA"] = folder
        sys.path.insert(0, str(PROJECT))
        for choice in sys.argv[1:] or ("breakdowns", "rounding", "optimum"):
            CHOICES[choice]()
