"""Which figures about people the official audience must not get.

A release is protected as a whole: its figures of all schemes, periods and goals are sums of the same
pieces (``anatomy``), and enough of them are hidden that none of the hidden ones can be found from the
others or from earlier releases (``hiding``). Only counts of people and what is reckoned from people's
answers is protected; organisations, projects and euros are not."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from data_access.measures.aggregation import rounded
from data_access.measures.comparison import mean_interval_of_sums
from data_access.measures.disclosure.anatomy import (
    CELL,
    MOMENTS,
    PEOPLE,
    Anatomy,
    anatomy,
    joined,
    published,
)
from data_access.measures.disclosure.hiding import Relations, Rule
from data_access.measures.disclosure.lines import MEAN, lines_of
from data_access.measures.placement import ALL

__all__ = ["Anatomy", "Earlier", "Protection", "anatomy", "protect", "small_counts"]

AUDIT = ["lower", "upper", "told", "passed"]


class Earlier(NamedTuple):
    """A release published before: its ``figures`` (``CELL``, value, n, numerator, hidden) and anatomy."""

    figures: pd.DataFrame
    anatomy: Anatomy


class Protection(NamedTuple):
    """What the official audience must not get. Series and frames have the index of the figures.

    ``hidden``: protected, of what is published; ``withheld``: breakdowns of people that are not
    published at all. ``primary`` and ``complementary`` count the hidden among the ``published`` figures
    about people. ``audit``, a row per hidden figure: ``lower`` and ``upper``,
    the bounds that everything published leaves for its count of people, ``told`` (shown zeros or earlier
    releases narrow them, whatever is hidden now) and ``passed``. ``intervals``: ``low`` and ``high`` of
    the means that hidden reports have a part in, made so that they tell nothing of them."""

    hidden: pd.Series
    primary: int
    complementary: int
    published: int
    audit: pd.DataFrame
    withheld: pd.Series
    intervals: pd.DataFrame


def small_counts(figures: pd.DataFrame, *, low: int, high: int) -> pd.Series:
    """True where a figure must be hidden: a count of people from ``low`` to ``high`` (zero is
    shown), a mean or rate whose n or numerator is such a count or is not known, and a mean for which
    all respondents gave the same answer.

    Source: the usual minimum-frequency rule and the all-equal rule of statistical disclosure
    control (Hundepool et al. 2012, *Statistical Disclosure Control*, ch. 4–5)."""
    value, numerator, n = (figures[name].between(low, high) for name in ("value", "numerator", "n"))
    counts = (figures["person_data"] == "counts") & value
    unknown = figures["value"].notna() & figures["n"].isna() & figures["numerator"].isna()
    same = figures["identical_answers"].astype(bool) & (figures["n"] > 0)
    return counts | (figures["person_data"] == "respondents") & (n | numerator | unknown | same)


def protect(
    figures: pd.DataFrame,
    anatomy: Anatomy,
    *,
    rules: dict[str, float],
    earlier: tuple[Earlier, ...] = (),
) -> Protection:
    """What to hide of a release. ``figures``: indicator, period, goal, area, scheme, person_data,
    aggregation, scale_low, scale_high, value, n, numerator, identical_answers, low, high of everything
    that the release publishes; ``rules``: ``protect_low``, ``protect_high``, ``protect_mean``,
    ``confidence`` and those of ``published``.

    Raises ValueError where figures are not the sums that ``anatomy`` says."""
    rule = Rule(rules["protect_low"], rules["protect_high"], rules["protect_mean"])
    known = figures[figures["person_data"].isin(PEOPLE) & figures["value"].notna()]
    shown = known[is_published(known, rules)]
    must = small_counts(shown, low=int(rule.low), high=int(rule.high))
    now, *before = joined([anatomy, *(each.anatomy for each in earlier)])
    old = [(each.figures, found) for each, found in zip(earlier, before, strict=True)]
    parts = [
        protected(rows, must[rows.index], now, old, rule)
        for _, rows in shown.groupby("indicator", sort=False)
    ]
    audit = pd.concat([each.audit for each in parts]) if parts else pd.DataFrame(columns=AUDIT)
    hidden = pd.Series(figures.index.isin(audit.index), index=figures.index)
    closed = np.concatenate([each.closed for each in parts]) if parts else np.array([])
    return Protection(
        hidden=hidden,
        primary=int(must.sum()),
        complementary=int(hidden.sum() - must.sum()),
        published=len(shown),
        audit=audit,
        withheld=pd.Series(figures.index.isin(known.index.difference(shown.index)), index=figures.index),
        intervals=intervals(shown[~hidden[shown.index]], now, closed, rules["confidence"]),
    )


def is_published(figures: pd.DataFrame, rules: dict[str, float]) -> np.ndarray:
    """Which of the figures about people belong to breakdowns that are published."""
    found = np.zeros(len(figures), dtype=bool)
    for period, rows in figures.reset_index(drop=True).groupby("period"):
        allowed = published(rules, rows["scheme"].to_numpy(), str(period))
        found[rows.index] = np.where(rows["goal"] == ALL, allowed[True], allowed[False])
    return found


class Protected(NamedTuple):
    """One indicator: the audit of what is hidden, and the pieces that lie in something hidden."""

    audit: pd.DataFrame
    closed: np.ndarray


def protected(
    figures: pd.DataFrame,
    must: pd.Series,
    now: Anatomy,
    earlier: list[tuple[pd.DataFrame, Anatomy]],
    rule: Rule,
) -> Protected:
    """Hide what is needed of one indicator's published figures, and audit it."""
    found = lines_of(figures, must.to_numpy(), now, earlier, rule.high)
    ratio = (figures["aggregation"] == "ratio").any()
    scale = (1.0, np.inf) if ratio else tuple(figures[["scale_low", "scale_high"]].iloc[0].astype("float64"))
    relations = Relations(
        found.parts, found.count, found.total, scale, found.cost, found.known, found.least, rule
    )
    hidden = relations.hide(found.must, found.sensitive)
    audited = pd.DataFrame(
        {
            "lower": relations.value,
            "upper": relations.value,
            "told": relations.told | found.known,
            "passed": True,
        }
    )
    for line in np.flatnonzero(hidden):
        audited.loc[line, ["lower", "upper"]] = relations.bounds(line, hidden)
        audited.loc[line, "passed"] = relations.safe(hidden, line)
    covered = hidden[found.of] | must.to_numpy()
    audit = audited.loc[found.of[covered]].set_axis(figures.index[covered])
    audit["passed"] &= audited.loc[~audited.index.isin(found.of), "passed"].all()
    closed = [found.pieces[column] for column in np.flatnonzero(relations.covered(hidden))]
    return Protected(audit, np.concatenate(closed) if closed else np.zeros(0, dtype=np.int64))


def intervals(figures: pd.DataFrame, anatomy: Anatomy, closed: np.ndarray, confidence: float) -> pd.DataFrame:
    """``low, high`` of shown means that pieces in ``closed`` have a part in: all such pieces of a figure
    enter as one report, known from what is shown, so that the interval tells nothing of any of them."""
    means = figures[figures["aggregation"] == MEAN]
    names = ["count", "total", *MOMENTS]
    pieces = anatomy.reports.groupby("piece")[names].sum()
    cells = means[CELL].assign(figure=means.index).merge(anatomy.cells, on=CELL)
    cells = cells.join(pieces, on="piece")
    apart = cells["piece"].isin(closed)
    open_ones = cells[~apart].groupby("figure")[names].sum()
    rest = cells[apart & (cells["count"] > 0)].groupby("figure")[["count", "total"]].sum()
    sums = open_ones.reindex(rest.index, fill_value=0.0)
    rows = pd.DataFrame(
        {
            "count": sums["reports"] + 1,
            "w": sums["count"] + rest["count"],
            "wx": sums["total"] + rest["total"],
            "ww": sums["ww"] + rest["count"] ** 2,
            "wwx": sums["wwx"] + rest["count"] * rest["total"],
            "wwxx": sums["wwxx"] + rest["total"] ** 2,
        }
    )
    low, high = mean_interval_of_sums(rows, confidence=confidence)
    scale = means.loc[rows.index, ["scale_low", "scale_high"]].astype("float64")
    ends = {"low": low.clip(lower=scale["scale_low"]), "high": high.clip(upper=scale["scale_high"])}
    return pd.DataFrame({name: rounded(end) for name, end in ends.items()})
