"""The figures of one indicator, of this release and of earlier ones, as sums of the same pieces.

Figures that are made of the same pieces are one *line*: they are equal, and hidden or shown together."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from data_access.measures.disclosure.anatomy import CELL, PARTS, Anatomy
from data_access.measures.placement import ALL

# What a reader meets most is hidden last: the country, then the division that pages open with.
SEEN = {"country": 20.0, "maakunta": 2.0, "evk": 1.5}
SEEN_MORE = 1.5
CLOSE = 1e-6
MEAN = "mean_weighted_by_n"
# Entries (``entry`` and ``piece``) and, of each entry, whether it ``must`` be hidden, was ``told``, and is a
# ``figure``: of a figure it is known that it is not zero, because zeros are shown.
MARKS = ("must", "told", "figure")
Said = tuple[pd.DataFrame, pd.DataFrame]


class Lines(NamedTuple):
    """``parts``: line × piece (0 or 1); ``count`` and ``total`` of each piece; of each line the ``cost``
    of hiding it, whether it is ``known`` (a zero, or told by an earlier release), ``must`` be hidden,
    is ``sensitive`` itself, and the ``least`` that it is known to be; ``of``: the line of each of the
    release's figures; ``pieces``: for each column of ``parts`` the pieces that it stands for."""

    parts: sparse.csr_array
    count: np.ndarray
    total: np.ndarray | None
    cost: np.ndarray
    known: np.ndarray
    must: np.ndarray
    sensitive: np.ndarray
    least: np.ndarray
    of: np.ndarray
    pieces: list[np.ndarray]


def lines_of(
    figures: pd.DataFrame,
    sensitive: np.ndarray,
    now: Anatomy,
    earlier: list[tuple[pd.DataFrame, Anatomy]],
    protected_up_to: float,
) -> Lines:
    """The lines of one indicator's published ``figures``. ``earlier``: figures of earlier releases (all
    indicators; value, hidden) and their anatomies over the same pieces.

    Raises ValueError where figures are not the sums that the anatomy says."""
    indicator, kind = figures[["indicator", "aggregation"]].iloc[0]
    anatomies = [of_indicator(each, indicator) for each in (now, *(found for _, found in earlier))]
    reports = pd.concat([each.reports for each in anatomies]).drop_duplicates("id")
    pieces = reports.groupby("piece")[["count", "total"]].sum(min_count=1)
    pieces = pieces[pieces["count"] > 0]
    rows = made_of(figures, anatomies[0])
    if not sums_hold(figures, rows, pieces, kind).all():
        raise ValueError(f"{indicator}: figures are not the sums of the reports that they are made of")
    said = [(rows, pd.DataFrame({"must": sensitive, "told": False, "figure": True}))]
    said.append(small_groups(groups_of(rows), pieces, protected_up_to))
    said += told_by(earlier, anatomies[1:], indicator, pieces, kind, protected_up_to)
    firsts = np.cumsum([0, *(len(mark) for _, mark in said)])
    entries = pd.concat(
        [each.assign(entry=each["entry"] + first) for (each, _), first in zip(said, firsts, strict=False)]
    )
    marked = pd.concat([mark for _, mark in said], ignore_index=True)
    entries = entries[entries["piece"].isin(pieces.index)]
    at = pieces.index.get_indexer(entries["piece"])
    incidence = sparse.csr_array(
        (np.ones(len(entries)), (entries["entry"], at)), shape=(len(marked), len(pieces))
    )
    line, first = alike(incidence)
    column, one = alike(incidence[first].T.tocsr())
    value = incidence[first] @ pieces["count"].to_numpy()
    cost = np.bincount(line[: len(figures)], seen(figures), minlength=len(first))
    must, told, figure = (np.bincount(line, marked[mark], minlength=len(first)) > 0 for mark in MARKS)
    known = told | (value == 0)
    own = np.bincount(line[: len(figures)], sensitive, minlength=len(first)) > 0
    must &= ~known
    total = np.bincount(column, pieces["total"].to_numpy()) if kind in PARTS else None
    return Lines(
        parts=incidence[first][:, one].tocsr(),
        count=np.bincount(column, pieces["count"].to_numpy()),
        total=total,
        cost=cost,
        known=known,
        must=must,
        sensitive=must & (own | (value <= protected_up_to)),
        least=figure.astype(float),
        of=line[: len(figures)],
        pieces=[pieces.index.to_numpy()[column == number] for number in range(len(one))],
    )


def of_indicator(anatomy: Anatomy, indicator: str) -> Anatomy:
    return Anatomy(*(frame[frame["indicator"] == indicator] for frame in anatomy))


def made_of(figures: pd.DataFrame, anatomy: Anatomy) -> pd.DataFrame:
    """``entry`` (the figure's number) and ``piece``, a row for each piece of each figure."""
    numbered = figures[CELL].assign(entry=np.arange(len(figures)))
    return numbered.merge(anatomy.cells, on=CELL)[["entry", "piece", "own"]]


def sums_hold(figures: pd.DataFrame, rows: pd.DataFrame, pieces: pd.DataFrame, kind: str) -> np.ndarray:
    """Whether each figure is what its pieces add up to. ``kind``: the indicator's aggregation."""
    added = rows.join(pieces, on="piece").groupby("entry")[["count", "total"]].sum()
    added = added.reindex(range(len(figures)), fill_value=0.0)
    said = figures["numerator" if kind == "ratio" else "value"].to_numpy("float64")
    found = added["count"].to_numpy()
    if kind == MEAN:
        said, found = said * found, added["total"].to_numpy()
    return np.abs(said - found) <= CLOSE * (1 + np.abs(found))


def told_by(
    earlier: list[tuple[pd.DataFrame, Anatomy]],
    anatomies: list[Anatomy],
    indicator: str,
    pieces: pd.DataFrame,
    kind: str,
    protected_up_to: float,
) -> list[Said]:
    """What earlier releases, oldest first, told and hid of an indicator: their figures, their small
    groups, and each group of pieces that lay in nothing hidden until then (it is taken as known). A
    figure whose sum can no longer be made of reports is left out."""
    said: list[Said] = []
    groups = pd.DataFrame(index=pieces.index)
    closed = np.zeros(0, dtype=np.int64)
    for number, ((old, _), anatomy) in enumerate(zip(earlier, anatomies, strict=True)):
        figures = old[(old["indicator"] == indicator) & old["value"].notna()].reset_index(drop=True)
        rows = made_of(figures, anatomy)
        there = np.isin(np.arange(len(figures)), rows["entry"]) & sums_hold(figures, rows, pieces, kind)
        rows = rows[there[rows["entry"]]]
        hidden = figures["hidden"].to_numpy(dtype=bool) & there
        own = groups_of(rows)
        small = small_groups(own, pieces, protected_up_to)
        closed = np.concatenate([closed, rows.loc[hidden[rows["entry"]], "piece"], small[0]["piece"]])
        groups[number] = own.reindex(groups.index, fill_value=-1)
        known = groups[(groups[number] >= 0) & ~groups.index.isin(closed)]
        said += [
            (
                rows[["entry", "piece"]],
                pd.DataFrame({"must": hidden, "told": ~hidden & there, "figure": there}),
            ),
            small,
            one_each(known.groupby(list(known.columns)).ngroup(), must=False),
        ]
    return said


def groups_of(rows: pd.DataFrame) -> pd.Series:
    """A number for each piece that a release's figures are made of, the same for those that none of
    them tells apart. ``rows``: as ``made_of`` gives them."""
    (piece, own), (entry, figures) = pd.factorize(rows["own"]), pd.factorize(rows["entry"])
    inside = sparse.coo_array((np.ones(len(rows)), (piece, entry)), shape=(len(own), len(figures)))
    group, _ = alike(inside.tocsr())
    return pd.Series(group[piece], index=rows["piece"].to_numpy()).groupby(level=0).first()


def small_groups(groups: pd.Series, pieces: pd.DataFrame, protected_up_to: float) -> Said:
    """The groups of a release with a small count. Such a group need not be a figure, but the difference
    of two figures may be it, and a figure of a later release."""
    count = groups.index.map(pieces["count"]).fillna(0.0)
    together = pd.Series(count, index=groups.index).groupby(groups).transform("sum")
    small = groups[together.between(1, protected_up_to)]
    return one_each(small.groupby(small).ngroup(), must=True)


def one_each(groups: pd.Series, *, must: bool) -> Said:
    """An entry for each group of pieces, which must be hidden or was told."""
    entries = pd.DataFrame({"entry": groups.to_numpy(), "piece": groups.index})
    marks = {"must": must, "told": not must, "figure": False}
    return entries, pd.DataFrame(marks, index=range(groups.nunique()))


def alike(rows: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    """A number for each row, the same for rows with the same columns, and the first row of each number."""
    numbers: dict[bytes, int] = {}
    rows.sort_indices()
    found = np.array(
        [
            numbers.setdefault(rows.indices[begin:end].tobytes(), len(numbers))
            for begin, end in zip(rows.indptr[:-1], rows.indptr[1:], strict=True)
        ],
        dtype=np.int64,
    )
    return found, np.unique(found, return_index=True)[1]


def seen(figures: pd.DataFrame) -> np.ndarray:
    """What readers lose when a figure is hidden."""
    half_years = figures.loc[figures["period"].str.contains("h"), "period"]
    newest = figures["period"].isin([half_years.max(), "to_date"])
    often = newest.astype(int) + (figures["goal"] == ALL)
    return (figures["scheme"].map(SEEN).fillna(1.0) * SEEN_MORE**often).to_numpy("float64")
