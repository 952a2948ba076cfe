"""Areas as unions of atoms, with dates, and what lies inside what.

A choice of scheme re-expresses any period: a scheme that did not exist on a day is read as it was
on its nearest day. Frames: ``areas`` (area, scheme, valid_from, valid_to, in_programme),
``memberships`` (area, atom, valid_from, valid_to); days are ``datetime.date``, an empty end is open.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd


def areas_on(areas: pd.DataFrame, scheme: str, day: date) -> list[str]:
    """The areas of ``scheme`` on ``day``; where it had none, those of its nearest day."""
    mine = areas[areas["scheme"] == scheme]
    ends = mine["valid_to"].map(lambda end: end if isinstance(end, date) else date.max)
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
    rows = list(members(memberships))
    first, last = {}, {}
    for area, _, begin, end in rows:
        first[area] = min(first.get(area, begin), begin)
        last[area] = max(last.get(area, end), end)
    held: dict[str, set[str]] = {}
    for area, atom, begin, end in rows:
        if begin <= min(max(day, first[area]), last[area]) <= end:
            held.setdefault(area, set()).add(atom)
    atoms = sorted(set().union(*held.values()))
    found = [[atom in held[area] for atom in atoms] for area in sorted(held)]
    return pd.DataFrame(found, index=sorted(held), columns=atoms, dtype=bool)


def members(memberships: pd.DataFrame) -> Iterator[tuple[str, str, date, date]]:
    """(area, atom, first day, last day); an open end is the furthest day there is."""
    rows = memberships[["area", "atom", "valid_from", "valid_to"]].to_numpy(dtype=object).tolist()
    for area, atom, begin, end in rows:
        yield area, atom, begin, end if isinstance(end, date) else date.max


def reach(atoms: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What lies inside what: two frames area × area, ``inside`` and ``partly``.

    ``inside.loc[a, b]``: every atom of ``a`` belongs to ``b``. ``partly.loc[a, b]``: some do and
    some do not, so that a value of ``a`` cannot be expressed for ``b``. An area without atoms lies
    nowhere."""
    incidence = atoms.to_numpy(dtype=np.int64)
    shared = incidence @ incidence.T
    sizes = incidence.sum(axis=1)[:, None]
    inside = (shared == sizes) & (sizes > 0)
    partly = (shared > 0) & ~inside
    codes = atoms.index
    return pd.DataFrame(inside, codes, codes), pd.DataFrame(partly, codes, codes)


RELATIONS = ("same", "within", "contains", "partly")


def overlaps(atoms: pd.DataFrame, area: str) -> pd.DataFrame:
    """The areas that share atoms with ``area``: area, ``shared`` (how many), and ``relation`` as ``area``
    sees it: it has the *same* atoms, lies *within* it, *contains* it, or overlaps it *partly*.

    ``atoms`` as ``atoms_of`` gives it; an area without atoms shares none."""
    if area not in atoms.index:
        return pd.DataFrame({"area": [], "shared": [], "relation": []})
    shared = (atoms & atoms.loc[area]).sum(axis=1)
    shared = shared[(shared > 0) & (shared.index != area)]
    within = shared == atoms.loc[area].sum()
    contains = shared == atoms.loc[shared.index].sum(axis=1)
    relation = np.select([within & contains, within, contains], RELATIONS[:3], RELATIONS[3])
    return pd.DataFrame({"area": shared.index, "shared": shared.to_numpy(), "relation": relation})


def touching(atoms: pd.DataFrame, neighbours: pd.DataFrame, area: str, others: list[str]) -> list[str]:
    """Those of ``others`` that share a border with ``area``: an atom of one is the neighbour of an atom
    of the other. ``atoms`` as ``atoms_of`` gives them; ``neighbours`` (atom, neighbour): each pair once."""
    pairs = {frozenset(pair) for pair in neighbours[["atom", "neighbour"]].to_numpy().tolist()}
    held = {code: set(atoms.columns[atoms.loc[code]]) for code in {area, *others} if code in atoms.index}
    mine = held.pop(area, set())
    beside = {atom for pair in pairs for atom in pair if pair & mine} - mine
    return [code for code in others if beside & held.get(code, set())]


def changed_days(memberships: pd.DataFrame) -> dict[str, list[date]]:
    """The days on which an area's members changed: its series is not comparable across them."""
    found: dict[str, set[date]] = {}
    last: dict[str, date] = {}
    for area, _, begin, end in members(memberships):
        last[area] = max(last.get(area, end), end)
        found.setdefault(area, set()).add(begin)
    for area, _, _, end in members(memberships):
        if end < last[area]:
            found[area].add(end + timedelta(days=1))
    return {area: sorted(days)[1:] for area, days in found.items() if len(days) > 1}
