"""Which figures about people the official audience must not get.

Frames of figures with ``person_data, aggregation, value, numerator, n, identical_answers``."""

import pandas as pd


def small_counts(figures: pd.DataFrame, *, low: int, high: int) -> pd.Series:
    """True where a figure must be hidden: a count of people from ``low`` to ``high`` (zero is
    shown), a mean or rate whose n or numerator is such a count, and a mean for which all
    respondents gave the same answer.

    Source: the usual minimum-frequency rule and the all-equal rule of statistical disclosure
    control (Hundepool et al. 2012, *Statistical Disclosure Control*, ch. 4–5)."""
    small = lambda column: figures[column].between(low, high)  # noqa: E731
    counts = (figures["person_data"] == "counts") & small("value")
    respondents = (figures["person_data"] == "respondents") & (
        small("n") | small("numerator") | (figures["identical_answers"] & (figures["n"] > 0))
    )
    return counts | respondents
