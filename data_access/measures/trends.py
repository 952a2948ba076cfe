"""Whether a series rises or falls, or the reason why nothing can be said."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtr

from data_access.measures.periods import TO_DATE, last_day

SERIES = ["indicator", "scheme", "area", "goal"]
REASONS = ("too_few_points", "break", "not_clear", "cumulative")
NO_PACE = ("too_few_points", "break", "over")


class Pace(NamedTuple):
    """The value on a later day if the change goes on as fast as it has (``bounded``: cut at an end of the
    scale), or the ``reason`` (of ``NO_PACE``) why nothing is said; ``points`` are those it rests on."""

    value: float | None
    reason: str | None
    points: int
    bounded: bool = False


def slope(day: np.ndarray, value: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """The slope of the weighted least-squares line and its two-sided p from the t distribution with
    ``len − 2`` degrees of freedom. A line without any residual has p 0, a level one p 1."""
    weight = weight / weight.sum()
    x, y = day - weight @ day, value - weight @ value
    spread = weight @ x**2
    found = (weight @ (x * y)) / spread
    residual = weight @ (y - found * x) ** 2
    if residual <= 1e-18 * max(1.0, weight @ y**2):
        return found, 0.0 if abs(found) > 1e-12 else 1.0
    freedom = len(day) - 2
    t = abs(found) / np.sqrt(residual / freedom / spread)
    return found, float(2 * stdtr(freedom, -t))


def years(points: pd.DataFrame) -> np.ndarray:
    """The last days of the points' periods, in years."""
    return np.array([last_day(code).toordinal() for code in points["period"]], dtype="float64") / 365.25


def comparable(points: pd.DataFrame, breaks: list[date]) -> pd.DataFrame:
    """The points after the last of ``breaks`` that lies before the newest of them."""
    for day in breaks:
        after = [last_day(code) >= day for code in points["period"]]
        points = points[after] if after and after[-1] else points
    return points


def at_pace(
    points: pd.DataFrame,
    day: date,
    *,
    fewest: int,
    breaks: list[date],
    low: float = np.nan,
    high: float = np.nan,
) -> Pace:
    """What a series ``points`` (period, value, weight; oldest first) comes to on ``day`` if it goes on from
    its newest value as fast as the straight line through its comparable points rises or falls. No value
    leaves the scale from ``low`` to ``high`` (NaN: it has no such end)."""
    whole, points = len(points), comparable(points, breaks)
    if len(points) and last_day(points["period"].iloc[-1]) >= day:
        return Pace(None, "over", len(points))
    if len(points) < fewest:
        return Pace(None, "break" if whole >= fewest else "too_few_points", len(points))
    at, value = years(points), points["value"].to_numpy("float64")
    rise, _ = slope(at, value, points["weight"].to_numpy("float64"))
    reached = value[-1] + rise * (day.toordinal() / 365.25 - at[-1])
    kept = float(np.fmax(np.fmin(reached, high), low))
    return Pace(kept, None, len(points), kept != reached)


def trend(
    points: pd.DataFrame, *, fewest: int, p: float, breaks: list[date] | None = None
) -> tuple[str | None, str | None]:
    """(*rising* or *falling*, None), or (None, the reason why not) for a series ``points`` (period,
    value, weight), oldest first.

    Comparable are the points after the last of ``breaks`` (first days on which the series means
    something else). Their line must have a slope with a probability of chance below ``p``, and of the
    same sign whichever one point is left out."""
    whole, points = len(points), comparable(points, breaks or [])
    if len(points) < fewest:
        return None, "break" if whole >= fewest else "too_few_points"
    day = years(points)
    value = points["value"].to_numpy("float64")
    weight = points["weight"].to_numpy("float64")
    found, chance = slope(day, value, weight)
    others = [np.arange(len(day)) != left for left in range(len(day))]
    stable = all(np.sign(slope(day[o], value[o], weight[o])[0]) == np.sign(found) for o in others)
    if found == 0 or chance >= p or not stable:
        return None, "not_clear"
    return "rising" if found > 0 else "falling", None


def weights(figures: pd.DataFrame) -> pd.Series:
    """How much each point of a series tells: 1 / error² where there is an interval, else the
    denominator or n, else the same for all."""
    error = (figures["high"] - figures["low"]) / 2
    return (1 / error.where(error > 0) ** 2).astype("float64")


def comparable_weights(points: pd.DataFrame) -> pd.Series:
    """The first kind of weight that every point of a series has."""
    for column in ("weight", "denominator", "n"):
        if (points[column] > 0).all():
            return points[column].astype("float64")
    return pd.Series(1.0, index=points.index)


def with_trends(
    found: pd.DataFrame, rules: dict[str, float], breaks: dict[tuple[str, str], list[date]]
) -> pd.DataFrame:
    """Adds ``trend`` and ``trend_reason`` to each figure that has a value: the trend of its own kind of
    period up to its own. ``breaks``: (indicator, area) → first days of a new meaning. What is
    ``hidden`` is no point of any series; a value to date and a cumulative series have no trend."""
    shown = found["state"].isin(["value", "zero"]) & ~found["hidden"]
    reason = pd.Series(None, index=found.index, dtype=object)
    reason[shown] = "too_few_points"
    reason[shown & (found["time_kind"] == "cumulative")] = "cumulative"
    arrow = pd.Series(None, index=found.index, dtype=object)
    points = found[shown & (found["period"] != TO_DATE) & (found["time_kind"] != "cumulative")]
    points = points.assign(weight=weights(points), length=points["period"].str.len())
    fewest = int(rules["trend_points"])
    longest = points.groupby([*SERIES, "length"])["period"].transform("size")
    for key, rows in points[longest >= fewest].groupby([*SERIES, "length"]):
        ordered = rows.sort_values("period")
        known = breaks.get((str(key[0]), str(key[2])), [])
        for count in range(fewest, len(ordered) + 1):
            series: Any = ordered.iloc[:count]
            series = series.assign(weight=comparable_weights(series))
            at = series.index[-1]
            arrow[at], reason[at] = trend(series, fewest=fewest, p=rules["trend_p"], breaks=known)
    return found.assign(trend=arrow, trend_reason=reason)
