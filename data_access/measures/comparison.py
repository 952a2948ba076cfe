"""How sure a value is, and what may be said when areas are compared."""

import numpy as np
import pandas as pd
from scipy.special import gammaincinv, ndtri, stdtrit


def mean_interval_of_sums(rows: pd.DataFrame, *, confidence: float) -> tuple[pd.Series, pd.Series]:
    """The t interval of a weighted mean of reports: lower and upper end; empty for fewer than two.

    ``rows``: ``count`` of reports and the sums ``w``, ``wx``, ``ww``, ``wwx``, ``wwxx`` of weights,
    weights × values and their squares. Each report counts as one draw with its weight (linearised
    variance of a ratio mean: Särndal, Swensson & Wretman 1992, *Model Assisted Survey Sampling*,
    5.7)."""
    count = rows["count"].where(rows["count"] > 1).astype("float64")
    weight = rows["w"].where(rows["w"] > 0)
    mean = rows["wx"] / weight
    squares = (rows["wwxx"] - 2 * mean * rows["wwx"] + mean**2 * rows["ww"]).clip(lower=0)
    # What adding up leaves of equal answers is not variance.
    squares = squares.where(squares > 1e-12 * rows["wwxx"].abs(), 0.0)
    error = np.sqrt(squares * count / (count - 1)) / weight
    half = error * stdtrit((count - 1).fillna(1), 0.5 + confidence / 2)
    return mean - half, mean + half


def wilson_interval(
    numerator: pd.Series, denominator: pd.Series, *, confidence: float
) -> tuple[pd.Series, pd.Series]:
    """The interval of a share ``numerator / denominator``: lower and upper end, between 0 and 1.

    Source: Wilson 1927, *Probable inference, the law of succession, and statistical inference*."""
    z = ndtri(0.5 + confidence / 2)
    n = denominator.where(denominator > 0)
    share = numerator / n
    middle = share + z**2 / (2 * n)
    half = z * np.sqrt((share * (1 - share)).clip(lower=0) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


def poisson_interval(
    events: pd.Series, exposure: pd.Series, *, confidence: float
) -> tuple[pd.Series, pd.Series]:
    """The exact interval of a rate ``events / exposure``: lower and upper end.

    Source: Garwood 1936, *Fiducial limits for the Poisson distribution*."""
    tail = (1 - confidence) / 2
    per = exposure.where(exposure > 0)
    low = np.where(events > 0, gammaincinv(events.clip(lower=1e-9), tail), 0.0)
    return low / per, gammaincinv(events + 1, 1 - tail) / per


def rank_bands(
    means: pd.DataFrame, group: list[str], *, draws: int, confidence: float, seed: int
) -> pd.DataFrame:
    """Best and worst rank that an area plausibly has among its ``group``: ``rank_low, rank_high`` from
    ``draws`` seeded normal draws around ``value`` with the error that ``low``–``high`` tells.

    ``means``: the columns of ``group``, value, low, high, direction (one per group). Source: Goldstein &
    Spiegelhalter 1996, *League tables and their limitations*. Areas without an interval get no band, and
    one area alone gets none. Ranks are ordinal: 1 is the highest value, or the lowest where lower is
    better (``direction`` *down*)."""
    known = means[means["low"].notna() & means["high"].notna()].sort_values(group, kind="stable")
    numbers = known.groupby(group, sort=False).ngroup().to_numpy()
    sizes = np.bincount(numbers)[numbers] if len(known) else np.zeros(0, dtype=int)
    value = known["value"].to_numpy("float64") * np.where(known["direction"] == "down", -1, 1)
    error = (known["high"] - known["low"]).to_numpy("float64") / (2 * ndtri(0.5 + confidence / 2))
    tail = int(np.floor((1 - confidence) / 2 * (draws - 1)))
    bands = np.full((len(known), 2), np.nan)
    for size in sorted(set(sizes[sizes > 1])):
        noise = np.random.default_rng(seed).standard_normal((draws, size))
        rows = np.flatnonzero(sizes == size).reshape(-1, size)
        for some in np.array_split(rows, max(1, rows.size * draws // 2_000_000)):
            drawn = value[some][:, None, :] + error[some][:, None, :] * noise
            ranks = np.argsort(np.argsort(-drawn, axis=2), axis=2) + 1
            ranks = np.partition(ranks, (tail, draws - 1 - tail), axis=1)
            bands[some, 0], bands[some, 1] = ranks[:, tail], ranks[:, draws - 1 - tail]
    found = pd.DataFrame(bands, index=known.index, columns=["rank_low", "rank_high"])
    return found.reindex(means.index)


def verdict(means: pd.DataFrame, country: pd.DataFrame, *, confidence: float) -> pd.Series:
    """Each area (``value, low, high, direction``) against the country (``value, low, high`` in the
    same rows): *similar* where the errors do not rule out the same value, else *better*/*worse* where
    a direction is declared, *higher*/*lower* where it is not.

    A two-sided z test of the difference with errors read off the intervals; empty where either has
    none."""
    z = ndtri(0.5 + confidence / 2)
    error = np.hypot(means["high"] - means["low"], country["high"] - country["low"]) / 2 / z
    difference = means["value"] - country["value"]
    declared = means["direction"] != "none"
    good = (difference > 0) == (means["direction"] == "up")
    words = np.select(
        [difference.abs() <= z * error, declared & good, declared, difference > 0],
        ["similar", "better", "worse", "higher"],
        "lower",
    )
    return pd.Series(words, index=means.index, dtype=object).where(error.notna() & difference.notna(), None)


def compared(found: pd.DataFrame, rules: dict[str, float]) -> pd.DataFrame:
    """Adds ``rank_low, rank_high, verdict`` where there is an interval: among the areas of one scheme,
    and against the country. What is ``hidden`` takes part in neither."""
    group = ["indicator", "period", "goal"]
    open_ones = found[found["low"].notna() & found["high"].notna() & ~found["hidden"]]
    country = open_ones[open_ones["scheme"] == "country"].set_index(group)[["value", "low", "high"]]
    means = open_ones[open_ones["scheme"] != "country"]
    bands = rank_bands(
        means,
        ["scheme", *group],
        draws=int(rules["band_draws"]),
        confidence=rules["confidence"],
        seed=1,
    )
    beside = means[group].join(country, on=group)
    verdicts = verdict(means, beside, confidence=rules["confidence"])
    return found.join(bands).join(verdicts.rename("verdict"))
