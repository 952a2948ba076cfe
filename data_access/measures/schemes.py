"""Areas as unions of atoms, with dates, and what lies inside what.

A choice of scheme re-expresses any period: a scheme that did not exist on a day is read as it was
on its nearest day. Frames: ``areas`` (area, scheme, valid_from, valid_to, in_programme),
``memberships`` (area, atom, valid_from, valid_to); days are ``datetime.date``, an empty end is open.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd


def ends_of(valid_to: pd.Series) -> pd.Series:
    """The last days, with the furthest day there is where the end is open."""
    return valid_to.map(lambda end: end if isinstance(end, date) else date.max)


def areas_on(areas: pd.DataFrame, scheme: str, day: date) -> list[str]:
    """The areas of ``scheme`` on ``day``; where it had none, those of its nearest day."""
    mine = areas[areas["scheme"] == scheme]
    ends = ends_of(mine["valid_to"])
    there = (mine["valid_from"] <= day) & (day <= ends)
    if not there.any():
        nearest = ends.max() if (ends < day).all() else mine["valid_from"].min()
        there = (mine["valid_from"] <= nearest) & (nearest <= ends)
    return mine.loc[there, "area"].tolist()


def regime(areas: pd.DataFrame, memberships: pd.DataFrame, day: date) -> int:
    """A number that is the same for two days on which areas and members are the same."""
    begins = {*areas["valid_from"], *memberships["valid_from"]}
    ends = {*areas["valid_to"], *memberships["valid_to"]}
    return sum(begin <= day for begin in begins) + sum(isinstance(end, date) and end < day for end in ends)


def atoms_of(memberships: pd.DataFrame, day: date) -> pd.DataFrame:
    """Area × atom, true where the atom belongs to the area on ``day``; an area that did not exist
    then is read as it was on its nearest day."""
    rows = memberships.assign(ends=ends_of(memberships["valid_to"]))
    first = rows.groupby("area")["valid_from"].transform("min")
    last = rows.groupby("area")["ends"].transform("max")
    asked = first.where(first > day, day)
    asked = asked.where(asked < last, last)
    now = rows[(rows["valid_from"] <= asked) & (asked <= rows["ends"])]
    return pd.crosstab(now["area"], now["atom"]).astype(bool)


def reach(atoms: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What lies inside what: two frames area × area, ``inside`` and ``partly``.

    ``inside.loc[a, b]``: every atom of ``a`` belongs to ``b``. ``partly.loc[a, b]``: some do and
    some do not, so that a value of ``a`` cannot be expressed for ``b``. An area without atoms lies
    nowhere."""
    incidence = atoms.to_numpy(dtype=np.int64)
    shared = incidence @ incidence.T
    sizes = incidence.sum(axis=1)[:, None]
    inside = (shared == sizes) & (sizes > 0)
    frame = lambda values: pd.DataFrame(values, index=atoms.index, columns=atoms.index)  # noqa: E731
    return frame(inside), frame((shared > 0) & ~inside)


def changed_days(memberships: pd.DataFrame) -> dict[str, list[date]]:
    """The days on which an area's members changed: its series is not comparable across them."""
    rows = memberships.assign(ends=ends_of(memberships["valid_to"]))
    days: dict[str, set[date]] = {}
    for area, parts in rows.groupby("area"):
        joins = {begin for begin in parts["valid_from"] if begin > parts["valid_from"].min()}
        leaves = {end + timedelta(days=1) for end in parts["ends"] if end < parts["ends"].max()}
        days[str(area)] = joins | leaves
    return {area: sorted(found) for area, found in days.items() if found}
