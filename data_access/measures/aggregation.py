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
Cells = dict[str, Any]


def days(column: pd.Series) -> np.ndarray:
    """Days as whole numbers (since 1970-01-01)."""
    return pd.to_datetime(column).to_numpy().astype("datetime64[D]").astype(np.int64)


def day_number(day: Any) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def weighed(observations: pd.DataFrame, indicator: Any, placement: Placement) -> pd.DataFrame:
    """The observations with what sums need, as numbers: ``project`` and ``place`` (−1, 0: none),
    ``goals`` (a set of ``Placement``), first and last day, weights and their products; in an order
    that does not depend on the order of loading."""
    rows = observations.reset_index(drop=True)
    who = rows["project"].map(placement.project_index).fillna(-1).to_numpy(dtype=np.int64)
    where = rows["area"].map(placement.area_index).fillna(-1).to_numpy(dtype=np.int64)
    own_goal = rows["goal"].map({goal: (goal,) for goal in placement.goals[1:]})
    own_set = own_goal.map(placement.goalset_index).fillna(-1).to_numpy(dtype=np.int64)
    spans = {code: (day_number(first_day(code)), day_number(last_day(code))) for code in set(rows["period"])}
    value, n = rows["value"].to_numpy("float64"), rows["n"].to_numpy("float64")
    known = ~np.isnan(value)
    some = known | rows["denominator"].notna().to_numpy()
    weight = np.where(np.isnan(n), 1.0, n)
    found = pd.DataFrame(
        {
            "project": who,
            "where": where,
            "place": places_of(who, where, indicator, placement),
            "goals": np.where(own_set >= 0, own_set, np.append(placement.goalset, 0)[who]),
            "own_goal": own_set,
            "began": rows["period"].map({code: first for code, (first, _) in spans.items()}).astype("int64"),
            "ended": rows["period"].map({code: last for code, (_, last) in spans.items()}).astype("int64"),
            "day": days(rows["reported_on"]),
            "id": rows["id"].to_numpy(dtype=np.int64),
            "source": rows["source"],
            "count": some.astype("int64"),
            **{name: rows[name].astype("float64").where(some) for name in NUMBERS},
            "w": np.where(known, weight, 0.0),
            "unparted": (known & rows["denominator"].isna()).astype("int64"),
            "asked": ((some & ~np.isnan(n)) | (n == 0)).astype("int64"),
            "differing": (some & ~rows["identical_answers"].to_numpy(dtype=bool)).astype("int64"),
            "marked": (some & rows["demonstration"].to_numpy(dtype=bool)).astype("int64"),
        }
    )
    found["wx"] = found["w"] * found["value"]
    found["ww"] = found["w"] ** 2
    found["wwx"] = found["ww"] * found["value"]
    found["wwxx"] = found["wwx"] * found["value"]
    # A report without a value (nobody answered) comes before those that have one: it never hides them.
    order = ["project", "where", "own_goal", "count", "ended", "began", "day", "id"]
    return found.sort_values(order, kind="stable", ignore_index=True)


def places_of(who: np.ndarray, where: np.ndarray, indicator: Any, placement: Placement) -> np.ndarray:
    """The place of each value: the area it was counted in; without one, everywhere that its project
    acts (a value of the project) or all of the project's areas as one whole (a value to be split)."""
    by_area = (where >= 0) & ((indicator.attribution == "area") | (who < 0))
    whole = placement.together if indicator.attribution == "area" else placement.acts
    of_project = np.append(whole, NOWHERE_ELSE)[who]
    place = np.where(by_area, 1 + where, of_project)
    country = (placement.schemes == "country")[where] & by_area
    return np.where(country & np.append(placement.national, False)[who], NOWHERE_ELSE, place)


def counted(rows: pd.DataFrame, time_kind: str, span: Span) -> np.ndarray:
    """Positions of the rows that a period is made of: a flow's of every half-year, a stock's latest in
    the period, the latest up to its end of a value that is reported to date. What one project reports
    twice for one area, goal and half-year without a correction counts once, as reported last."""
    key = rows[["project", "where", "own_goal"]].to_numpy()
    chosen = rows["ended"].to_numpy() <= day_number(span.last)
    if time_kind != "cumulative":
        chosen &= rows["began"].to_numpy() >= day_number(span.first)
    if time_kind == "flow":
        key = np.column_stack([key, rows["began"].to_numpy(), rows["ended"].to_numpy()])
    at = np.flatnonzero(chosen)
    if len(at) == 0:
        return at
    last = np.r_[(key[at][1:] != key[at][:-1]).any(axis=1), True]
    return at[last]


def observed(
    rows: pd.DataFrame,
    indicator: Any,
    span: Span,
    placement: Placement,
    awaited: np.ndarray,
    left: np.ndarray,
) -> Cells:
    """Sums of what counts in each goal and area in one period (arrays goal × area): those of ``SUMS``;
    ``low_value``, ``high_value``, ``newest`` (day number); ``partly``: how many values only overlap
    the area; ``reported``: how many projects of ``awaited`` (one truth per project) gave a value for
    this period; ``sources``: bits of sources. ``left``: projects withdrawn by the period's end."""
    time_kind = KINDS_OF_TIME.get(indicator.aggregation, indicator.time_kind)
    at = counted(rows, time_kind, span)
    if time_kind == "stock" and span.code == TO_DATE and len(left):
        who = rows["project"].to_numpy()[at]
        at = at[(who < 0) | ~left[who]]
    mine = rows.iloc[at]
    _, inside, partly = placement.on(span.last)
    shape = (placement.places, len(placement.serves))
    spot = mine["place"].to_numpy() * shape[1] + mine["goals"].to_numpy()
    known = mine["count"].to_numpy() > 0
    size = shape[0] * shape[1]
    sums = [np.bincount(spot, mine[name].fillna(0).to_numpy("float64"), size) for name in SUMS]
    base = np.stack(sums, axis=-1).reshape(*shape, len(SUMS))
    spread = placement.spread(base, inside)
    cells: Cells = {name: spread[..., number] for number, name in enumerate(SUMS)}
    cells["partly"] = placement.spread(base[..., :1], partly)[..., 0]
    for name, values in (
        ("high_value", mine["value"]),
        ("low_value", -mine["value"]),
        ("newest", mine["day"].where(known)),
    ):
        most = np.full(size, NO_DAY)
        np.maximum.at(most, spot, values.fillna(NO_DAY).to_numpy("float64"))
        cells[name] = placement.largest(most.reshape(shape), inside)
    cells["low_value"] = -cells["low_value"]
    cells["sources"] = source_bits(mine["source"][known], spot[known], shape, placement, inside)
    now = known & (mine["began"] >= day_number(span.first)).to_numpy() & (mine["project"] >= 0).to_numpy()
    now[now] = awaited[mine["project"].to_numpy()[now]]
    cells["reported"] = reporters(mine[now], placement, inside)
    return cells


def source_bits(
    sources: pd.Series, spot: np.ndarray, shape: tuple[int, int], placement: Placement, inside: np.ndarray
) -> dict[str, np.ndarray]:
    """source → where (goal × area) it is one of the cell's sources."""
    found = {}
    for source in sorted(set(sources)):
        base = np.bincount(spot[(sources == source).to_numpy()], minlength=shape[0] * shape[1])
        found[source] = placement.spread(base.reshape(shape).astype("float64"), inside) > 0
    return found


def reporters(rows: pd.DataFrame, placement: Placement, inside: np.ndarray) -> np.ndarray:
    """How many distinct projects gave a value, per goal and area."""
    who, place, goals = (rows[name].to_numpy() for name in ("project", "place", "goals"))
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
