"""How sure a mean is, and what may be said when areas are compared."""

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit


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
    error = np.sqrt(squares * count / (count - 1)) / weight
    half = error * stdtrit((count - 1).fillna(1), 0.5 + confidence / 2)
    return mean - half, mean + half


def rank_bands(
    means: pd.DataFrame, *, direction: str, draws: int, confidence: float, seed: int
) -> pd.DataFrame:
    """Best and worst rank that an area plausibly has: ``rank_low, rank_high`` from ``draws`` seeded
    normal draws around ``value`` with the error that ``low``–``high`` tells.

    Source: Goldstein & Spiegelhalter 1996, *League tables and their limitations*. Areas without an
    interval get no band. Ranks are ordinal: 1 is the highest value, or the lowest where lower is
    better (``direction`` *down*)."""
    bands = pd.DataFrame({"rank_low": np.nan, "rank_high": np.nan}, index=means.index)
    known = means[means["low"].notna() & means["high"].notna()]
    if len(known) < 2:
        return bands
    error = (known["high"] - known["low"]).to_numpy() / (2 * ndtri(0.5 + confidence / 2))
    generator = np.random.default_rng(seed)
    simulated = generator.normal(known["value"].to_numpy(), error, size=(draws, len(known)))
    order = np.argsort(simulated if direction == "down" else -simulated, axis=1)
    ranks = np.argsort(order, axis=1) + 1
    tail = (1 - confidence) / 2 * 100
    bands.loc[known.index, "rank_low"] = np.percentile(ranks, tail, axis=0, method="lower")
    bands.loc[known.index, "rank_high"] = np.percentile(ranks, 100 - tail, axis=0, method="higher")
    return bands


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
