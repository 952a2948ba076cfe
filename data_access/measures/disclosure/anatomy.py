"""What the figures about people are made of.

Reports that are counted in exactly the same figures cannot be told apart by any of them: together
they are one *piece*. Every figure is a sum of whole pieces, so that pieces carry all linear relations
between figures at once: areas of all schemes, goals, half-years, years and sums to date. There are as
many of them as there are places, sets of goals and periods, however many projects report."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data_access.measures import registers
from data_access.measures.aggregation import Rows, chosen, weighed
from data_access.measures.figures import Basis, Observations, asked_spans, of_programme
from data_access.measures.periods import Span
from data_access.measures.placement import ALL, Placement

PEOPLE = ("counts", "respondents")
CELL = ["indicator", "period", "goal", "area"]
PARTS = {
    "mean_weighted_by_n": ("w", "wx"),
    "ratio": ("numerator", "denominator"),
}
MOMENTS = ["reports", "ww", "wwx", "wwxx"]


class Anatomy(NamedTuple):
    """``reports``: indicator, id, ``piece``, ``count`` (of people), ``total`` (of their answers; of a
    ratio the denominator; empty for plain counts), and the sums that intervals are made from
    (``MOMENTS``). ``cells``: ``piece`` and the published figure that it is counted in (``CELL``)."""

    reports: pd.DataFrame
    cells: pd.DataFrame


def anatomy(basis: Basis, observations: Observations) -> Anatomy:
    """The pieces of every figure about people that the rules of ``basis`` let be published."""
    reports, cells, first = [], [], 0
    for programme in sorted(basis.indicators["programme"].dropna().unique()):
        mine = of_programme(basis, programme)
        frames = (mine.areas, mine.memberships, mine.projects, mine.project_areas, mine.project_goals)
        placement = Placement(*frames, mine.goals["goal"].tolist())
        about_people: Any = mine.indicators[mine.indicators["person_data"].isin(PEOPLE)]
        for indicator in about_people.itertuples(index=False):
            rows = weighed(observations(str(indicator.indicator)), indicator, placement)
            found = pieces(rows, indicator, mine, placement, first)
            reports.append(found.reports)
            cells.append(found.cells)
            first += found.reports["piece"].nunique()
    if not reports:
        return Anatomy(pd.DataFrame(columns=["indicator", "id", "piece"]), pd.DataFrame(columns=CELL))
    return Anatomy(pd.concat(reports, ignore_index=True), pd.concat(cells, ignore_index=True))


def pieces(rows: Rows, indicator: Any, basis: Basis, placement: Placement, first: int) -> Anatomy:
    """The anatomy of one indicator, its pieces numbered from ``first``."""
    spans = asked_spans(basis, indicator, rows)
    counts = np.zeros((len(rows["id"]), len(spans)), dtype=np.int64)
    for number, span in enumerate(spans):
        left = registers.left_by(basis.projects, min(span.last, basis.as_of))
        counts[chosen(rows, indicator, span, placement, left), number] = 1
    signs = np.column_stack([rows["place"], rows["goals"], counts])
    somewhere = counts.any(axis=1)
    kinds, piece = np.unique(signs[somewhere], axis=0, return_inverse=True)
    count, total = PARTS.get(indicator.aggregation, ("value", None))
    mine = {name: rows[name][somewhere] for name in ("id", count, "count", *MOMENTS[1:])}
    reports = pd.DataFrame(
        {
            "indicator": indicator.indicator,
            "id": mine["id"],
            "piece": first + piece.reshape(-1),
            "count": mine[count],
            "total": np.nan if total is None else rows[total][somewhere],
            "reports": mine["count"],
            **{name: mine[name] for name in MOMENTS[1:]},
        }
    )
    made = [cells_of(kinds, number, span, basis, placement) for number, span in enumerate(spans)]
    cells = pd.concat(made) if made else pd.DataFrame(columns=["piece", "period", "goal", "area"])
    return Anatomy(reports, cells.assign(indicator=indicator.indicator, piece=cells["piece"] + first))


def cells_of(kinds: np.ndarray, number: int, span: Span, basis: Basis, placement: Placement) -> pd.DataFrame:
    """piece × goal × area that one period publishes. ``kinds``: one row per piece: place, goals and
    whether it counts in each period; ``number``: the period's."""
    counting = np.flatnonzero(kinds[:, 2 + number])
    there, inside, _ = placement.on(span.last)
    shown = published(basis.thresholds, placement.schemes, span.code)
    found = []
    for goal, code in enumerate(placement.goals):
        serving = counting[placement.serves[kinds[counting, 1], goal] > 0]
        areas = there & shown[code == ALL]
        piece, area = np.nonzero((inside[kinds[serving, 0]] > 0) & areas)
        found.append(pd.DataFrame({"piece": serving[piece], "goal": code, "area": area}))
    cells = pd.concat(found, ignore_index=True)
    codes = np.array(placement.areas, dtype=object)
    return cells.assign(area=codes[cells["area"].to_numpy(dtype=np.int64)], period=span.code)


def published(rules: dict[str, float], schemes: np.ndarray, period: str) -> dict[bool, np.ndarray]:
    """Whether figures about people are published for areas of ``schemes`` in a period: for the
    programme as a whole (True) and for one goal (False).

    Rules ``people_years_…`` (years and to date) and ``people_goals_…`` (single goals), for a scheme or
    for all ``areas``: 1 publishes. The country publishes everything; so does what no rule names."""

    def allowed(breakdown: str) -> np.ndarray:
        others = rules.get(f"people_{breakdown}_areas", 1.0)
        rule = [rules.get(f"people_{breakdown}_{scheme}", others) for scheme in schemes]
        return (np.array(rule) > 0) | (schemes == "country")

    half_year = "h" in period
    whole = np.ones(len(schemes), dtype=bool) if half_year else allowed("years")
    return {True: whole, False: whole & allowed("goals")}


def joined(anatomies: list[Anatomy]) -> list[Anatomy]:
    """The anatomies of several releases over the same pieces: a report that two of them use unchanged is
    one report, a corrected one is another. ``cells`` and ``reports`` keep the release's own piece as
    ``own``."""
    numbers = [each.reports.set_index(["indicator", "id"])["piece"] for each in anatomies]
    signs = pd.concat(numbers, axis=1).fillna(-1).astype("int64")
    _, piece = np.unique(signs.to_numpy(), axis=0, return_inverse=True)
    piece = pd.Series(piece.reshape(-1), index=signs.index)
    return list(renumbered(anatomies, numbers, piece))


def renumbered(anatomies: list[Anatomy], numbers: list[pd.Series], piece: pd.Series) -> Iterator[Anatomy]:
    for each, own in zip(anatomies, numbers, strict=True):
        reports = each.reports.assign(own=own.to_numpy(), piece=piece.reindex(own.index).to_numpy())
        finer = reports[["own", "piece"]].drop_duplicates()
        cells = each.cells.rename(columns={"piece": "own"}).merge(finer, on="own")
        yield Anatomy(reports, cells)
