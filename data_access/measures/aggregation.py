"""From reported values to one value per indicator, area, period and goal.

The rows of one indicator are first added up by place and set of goals (``Placement``), then spread
over areas and goals: the cost of areas does not grow with the number of reports. Frame
``observations``, the current ones of one indicator: id, project, area, goal, period, value,
numerator, denominator, n, identical_answers, reported_on (of the first report where a correction
followed), source, demonstration."""

from typing import Any

import numpy as np
import pandas as pd

from data_access.measures import comparison
from data_access.measures.periods import TO_DATE, Span, first_day, last_day
from data_access.measures.placement import NOWHERE_ELSE, Placement

NUMBERS = ("value", "numerator", "denominator", "n")
SUMS = ("count", *NUMBERS, "w", "wx", "ww", "wwx", "wwxx", "unparted", "asked", "differing", "marked")
RATE_PER = {"percent": 100.0, "per_1000": 1000.0, "per_10000": 10000.0}
KINDS_OF_TIME = {"latest": "stock", "cumulative": "cumulative"}
NO_DAY = -np.inf
Rows = dict[str, np.ndarray]
Cells = dict[str, Any]


def days(column: pd.Series) -> np.ndarray:
    """Days as whole numbers (since 1970-01-01)."""
    return column.to_numpy(dtype="datetime64[D]").astype(np.int64)


def day_number(day: Any) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def weighed(observations: pd.DataFrame, indicator: Any, placement: Placement) -> Rows:
    """The observations with what sums need, as arrays of numbers: ``project`` and ``where`` (−1: none),
    ``place``, ``goals`` (a set of ``Placement``), first and last day, weights and their products; in an
    order that does not depend on the order of loading."""
    rows = observations
    who = codes(rows["project"], placement.project_index)
    where = codes(rows["area"], placement.area_index)
    own_goal = codes(rows["goal"], {goal: placement.goalset_index[goal,] for goal in placement.goals[1:]})
    spans = {code: (day_number(first_day(code)), day_number(last_day(code))) for code in set(rows["period"])}
    value, numerator, denominator, n = (rows[name].to_numpy("float64") for name in NUMBERS)
    known = ~np.isnan(value)
    some = known | ~np.isnan(denominator)
    x, w = np.where(known, value, 0.0), np.where(known, np.where(np.isnan(n), 1.0, n), 0.0)
    parts = {"numerator": numerator, "denominator": denominator, "n": n}
    found: Rows = {
        "project": who,
        # What a project says of itself is one thing, wherever it says so.
        "where": np.where(who >= 0, -1, where) if indicator.attribution == "project" else where,
        "place": places_of(who, where, indicator, placement),
        "goals": np.where(own_goal >= 0, own_goal, np.append(placement.goalset, 0)[who]),
        "own_goal": own_goal,
        "began": np.array([spans[code][0] for code in rows["period"]], dtype=np.int64),
        "ended": np.array([spans[code][1] for code in rows["period"]], dtype=np.int64),
        "day": days(rows["reported_on"]),
        "id": rows["id"].to_numpy(dtype=np.int64),
        "source": rows["source"].to_numpy(dtype=object),
        "known": known,
        "count": some.astype("float64"),
        "value": x,
        **{name: np.where(some, np.nan_to_num(part), 0.0) for name, part in parts.items()},
        "w": w,
        "wx": w * x,
        "ww": w**2,
        "wwx": w**2 * x,
        "wwxx": w**2 * x**2,
        "unparted": (known & np.isnan(denominator)).astype("float64"),
        "asked": ((some & ~np.isnan(n)) | (n == 0)).astype("float64"),
        "differing": (some & ~rows["identical_answers"].to_numpy(dtype=bool)).astype("float64"),
        "marked": (some & rows["demonstration"].to_numpy(dtype=bool)).astype("float64"),
    }
    # A report without a value (nobody answered) comes before those that have one: it never hides them.
    order = ("id", "day", "began", "ended", "count", "own_goal", "where", "project")
    at = np.lexsort([found[name] for name in order])
    return {name: values[at] for name, values in found.items()}


def codes(column: pd.Series, index: dict[str, int]) -> np.ndarray:
    """The number of each text; −1 for none and for a text that the index does not know."""
    return np.array([index.get(text, -1) for text in column], dtype=np.int64)


def places_of(who: np.ndarray, where: np.ndarray, indicator: Any, placement: Placement) -> np.ndarray:
    """The place of each value: the area it was counted in; without one, everywhere that its project
    acts (a value of the project) or all of the project's areas as one whole (a value to be split)."""
    by_area = (where >= 0) & ((indicator.attribution == "area") | (who < 0))
    whole = placement.together if indicator.attribution == "area" else placement.acts
    of_project = np.append(whole, NOWHERE_ELSE)[who]
    place = np.where(by_area, 1 + where, of_project)
    country = (placement.schemes == "country")[where] & by_area
    return np.where(country & np.append(placement.national, False)[who], NOWHERE_ELSE, place)


def chosen(rows: Rows, indicator: Any, span: Span, placement: Placement, left: np.ndarray) -> np.ndarray:
    """Positions of the rows that a period of an indicator is made of. ``left``: the projects withdrawn
    by the period's end (one truth per project); what they said of themselves no longer stands to date."""
    time_kind = KINDS_OF_TIME.get(indicator.aggregation, indicator.time_kind)
    at = counted(rows, time_kind, span, placement)
    if time_kind == "stock" and span.code == TO_DATE:
        at = at[~np.append(left, False)[rows["project"][at]]]
    return at


def counted(rows: Rows, time_kind: str, span: Span, placement: Placement) -> np.ndarray:
    """Positions of the rows that a period is made of: a flow's of every half-year, a stock's latest in
    the period, the latest up to its end of a value that is reported to date. What one project reports
    twice for one area, goal and half-year without a correction counts once, as reported last; what it
    reported for a part of what a later report tells as a whole, or the other way round, not at all."""
    within = rows["ended"] <= day_number(span.last)
    if time_kind != "cumulative":
        within &= rows["began"] >= day_number(span.first)
    at = np.flatnonzero(within)
    key = ["project", "where", "own_goal", *(["began", "ended"] if time_kind == "flow" else [])]
    # Rows of one half-year stand together where only one half-year is asked for.
    order = at if time_kind != "flow" else at[np.lexsort([rows[name][at] for name in reversed(key)])]
    if len(order) == 0:
        return order
    new = np.zeros(len(order) - 1, dtype=bool)
    for name in key:
        new |= rows[name][order][1:] != rows[name][order][:-1]
    last = np.sort(order[np.append(new, True)])
    return last if time_kind == "flow" else last[~told_anew(rows, last, placement, span)]


def told_anew(rows: Rows, at: np.ndarray, placement: Placement, span: Span) -> np.ndarray:
    """Which of the rows a later row of the same project, with a value, replaces although its area or goal
    is another: the areas overlap, and one goal is the other or all of them."""
    who, ended, some = rows["project"][at], rows["ended"][at], rows["count"][at] > 0
    gone = np.zeros(len(at), dtype=bool)
    if len(at) < 2:
        return gone
    starts = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
    earliest, newest = np.minimum.reduceat(ended, starts), np.maximum.reduceat(ended, starts)
    mixed = np.flatnonzero((earliest < newest) & (who[starts] >= 0))
    if len(mixed) == 0:
        return gone
    _, inside, partly = placement.on(span.last)
    first = 1 + len(placement.areas)
    touches = (inside | partly)[1:first]
    touches = touches | touches.T
    ends = np.append(starts[1:], len(at))
    for number in mixed:
        here = np.arange(starts[number], ends[number])
        area, goal, end = rows["where"][at][here], rows["own_goal"][at][here], ended[here]
        same_area = (area[:, None] < 0) | (area[None, :] < 0) | touches[area[:, None], area[None, :]]
        same_goal = (goal[:, None] < 0) | (goal[None, :] < 0) | (goal[:, None] == goal[None, :])
        later = (end[None, :] > end[:, None]) & some[here][None, :]
        gone[here] = (same_area & same_goal & later).any(axis=1)
    return gone


def observed(
    rows: Rows, indicator: Any, span: Span, placement: Placement, awaited: np.ndarray, left: np.ndarray
) -> Cells:
    """Sums of what counts in each goal and area in one period (arrays goal × area): those of ``SUMS``;
    ``low_value``, ``high_value``, ``newest`` (day number); ``partly``: how many values only overlap
    the area; ``reported``: how many projects of ``awaited`` (one truth per project) gave a value for
    this period; ``sources``: bits of sources. ``left``: projects withdrawn by the period's end."""
    at = chosen(rows, indicator, span, placement, left)
    mine = {name: values[at] for name, values in rows.items()}
    _, inside, partly = placement.on(span.last)
    shape = (placement.places, len(placement.serves))
    size = shape[0] * shape[1]
    spot = mine["place"] * shape[1] + mine["goals"]
    some = mine["count"] > 0
    base = np.stack([np.bincount(spot, mine[name], size) for name in SUMS], axis=-1)
    base = base.reshape(*shape, len(SUMS))
    spread = placement.spread(base, inside)
    cells: Cells = {name: spread[..., number] for number, name in enumerate(SUMS)}
    cells["partly"] = placement.spread(base[..., :1], partly)[..., 0]
    for name, values, told in (
        ("high_value", mine["value"], mine["known"]),
        ("low_value", -mine["value"], mine["known"]),
        ("newest", mine["day"], some),
    ):
        most = np.full(size, NO_DAY)
        np.maximum.at(most, spot[told], values[told])
        cells[name] = placement.largest(most.reshape(shape), inside)
    cells["low_value"] = -cells["low_value"]
    cells["sources"] = source_bits(mine["source"][some], spot[some], shape, placement, inside)
    now = some & (mine["began"] >= day_number(span.first)) & (mine["project"] >= 0)
    now[now] = awaited[mine["project"][now]]
    who, place, goals = (mine[name][now] for name in ("project", "place", "goals"))
    cells["reported"] = reporters(who, place, goals, placement, inside)
    return cells


def source_bits(
    sources: np.ndarray, spot: np.ndarray, shape: tuple[int, int], placement: Placement, inside: np.ndarray
) -> dict[str, np.ndarray]:
    """source → where (goal × area) it is one of the cell's sources."""
    found = {}
    for source in sorted(set(sources)):
        base = np.bincount(spot[sources == source], minlength=shape[0] * shape[1])
        found[source] = placement.spread(base.reshape(shape).astype("float64"), inside) > 0
    return found


def reporters(
    who: np.ndarray, place: np.ndarray, goals: np.ndarray, placement: Placement, inside: np.ndarray
) -> np.ndarray:
    """How many distinct projects gave a value, per goal and area."""
    counts = [
        (placement.distinct(who[serves], place[serves], inside) > 0).sum(axis=0)
        for serves in (placement.serves[goals, goal] > 0 for goal in range(len(placement.goals)))
    ]
    return np.stack(counts)


def values(cells: pd.DataFrame, *, confidence: float) -> pd.DataFrame:
    """The cells with the ``value`` that their indicator's aggregation makes of the sums, and its
    interval where one exists: ``low, high``.

    A ratio is recomputed from its parts; without parts a single report is passed on as it is and
    several make the cell *cannot be expressed* (``partly``)."""
    kind, some = cells["aggregation"], cells["count"] > 0
    mean, ratio = kind == "mean_weighted_by_n", kind == "ratio"
    per = cells["unit"].map(RATE_PER).fillna(1.0)
    parts = some & (cells["unparted"] == 0) & (cells["denominator"] > 0)
    alone = (cells["unparted"] == 1) & (cells["count"] == 1)
    found = np.select(
        [~some, mean, ratio & parts, ratio & ~alone],
        [
            np.nan,
            cells["wx"] / cells["w"].where(cells["w"] > 0),
            cells["numerator"] / cells["denominator"] * per,
            np.nan,
        ],
        cells["value"],
    )
    t_low, t_high = comparison.mean_interval_of_sums(cells, confidence=confidence)
    shares = comparison.wilson_interval(cells["numerator"], cells["denominator"], confidence=confidence)
    rates = comparison.poisson_interval(cells["numerator"], cells["denominator"], confidence=confidence)
    share = ratio & parts & (cells["unit"] == "percent")
    rate = ratio & parts & ~share
    low = np.select([mean & some, share, rate], [t_low, shares[0] * per, rates[0] * per], np.nan)
    high = np.select([mean & some, share, rate], [t_high, shares[1] * per, rates[1] * per], np.nan)
    return cells.assign(
        value=found,
        low=np.fmax(low, np.where(np.isnan(low), np.nan, cells["scale_low"])),
        high=np.fmin(high, np.where(np.isnan(high), np.nan, cells["scale_high"])),
        partly=(cells["partly"] > 0) | (ratio & some & ~parts & ~alone),
        numerator=cells["numerator"].where(ratio & parts),
        denominator=cells["denominator"].where(ratio & parts),
        n=cells["n"].where(cells["asked"] > 0),
        identical_answers=some & (cells["differing"] == 0) & (cells["low_value"] == cells["high_value"]),
    )


def rounded(numbers: pd.Series, digits: int = 12) -> pd.Series:
    """To ``digits`` significant digits, so that the order of additions leaves no trace."""
    found = numbers.to_numpy("float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        places = digits - 1 - np.floor(np.log10(np.abs(found)))
    places = np.where(np.isfinite(places), places, 0)
    # A power of ten that a float holds exactly keeps 0.1 as 0.1.
    up = 10.0 ** np.clip(places, 0, 22)
    down = 10.0 ** np.clip(-places, 0, 22)
    return pd.Series(np.round(found / down * up) / up * down, index=numbers.index)
