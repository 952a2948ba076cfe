"""Someone who wants to know what is protected, and has all that the official audience can get.

Knows which reports there are (who reported for which area, period and goals: the number of reports and
the lists of projects tell it) and every figure that is shown, of several releases if there are; not
one reported number. Bounds what is hidden by linear programming over the single reports. Written
apart from the project's own protection: nothing of ``data_access`` is used here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

MANY = 10**7


@dataclass(frozen=True)
class Report:
    """That there is a report; ``goals`` are those of its own or of its project."""

    id: int
    project: str
    area: str
    period: str
    goals: frozenset[str]
    own_goal: str | None = None


@dataclass(frozen=True)
class Cell:
    """One shown or hidden figure of a release. ``count``: people, None where hidden; ``mean`` of their
    answers."""

    area: str
    period: str
    goal: str
    count: float | None
    mean: float | None = None
    hidden: bool = False
    release: int = 1


@dataclass
class View:
    """What one release shows of one indicator, and the reports that it was made from. ``withdrawn``:
    projects whose levels no longer count to date."""

    cells: list[Cell]
    reports: list[Report]
    stock: bool
    as_of: date
    withdrawn: frozenset[str] = frozenset()


@dataclass
class Country:
    """area → its atoms on a day; an area that is no more is known as it last was."""

    memberships: list[tuple[str, str, date, date]]
    found: dict = field(default_factory=dict)

    def atoms(self, area: str, day: date) -> frozenset[str]:
        if (area, day) not in self.found:
            mine = [row for row in self.memberships if row[0] == area]
            asked = min(max(day, min(row[2] for row in mine)), max(row[3] for row in mine))
            atoms = frozenset(row[1] for row in mine if row[2] <= asked <= row[3])
            self.found[area, day] = atoms - {"hva91"}
        return self.found[area, day]


def ends(period: str, as_of: date) -> date:
    if period == "to_date":
        return as_of
    return date(int(period[:4]), 6, 30) if period.endswith("h1") else date(int(period[:4]), 12, 31)


def made_of(cell: Cell, view: View, country: Country) -> frozenset[int]:
    """The reports that a figure adds up."""
    day = ends(cell.period, view.as_of)
    there = [each for each in view.reports if cell.period in ("to_date", each.period, each.period[:4])]
    if view.stock:
        latest: dict = {}
        for each in sorted(there, key=lambda report: report.period):
            latest[each.project, each.area, each.own_goal] = each
        there = [each for each in latest.values() if not told_anew(each, latest.values(), country, day)]
        if cell.period == "to_date":
            there = [each for each in there if each.project not in view.withdrawn]
    return frozenset(
        each.id
        for each in there
        if (cell.goal == "all" or cell.goal in each.goals)
        and country.atoms(each.area, day) <= country.atoms(cell.area, day)
    )


def told_anew(old: Report, reports: Iterable[Report], country: Country, day: date) -> bool:
    """Whether a later report of the project is about a part of the same, or about all of it."""
    return any(
        new.project == old.project
        and new.period > old.period
        and country.atoms(new.area, day) & country.atoms(old.area, day)
        and (new.own_goal == old.own_goal or None in (new.own_goal, old.own_goal))
        for new in reports
    )


@dataclass
class Finding:
    """What could be learnt of a hidden figure: bounds of its count, and of its mean."""

    cell: Cell
    low: float
    high: float
    lowest: float
    mean_low: float = -np.inf
    mean_high: float = np.inf


class Attack:
    """Equations of everything shown; ``bounds`` of what is hidden."""

    def __init__(self, views: Iterable[View], country: Country, scale=None, whole=False) -> None:
        self.scale, self.whole = scale, whole
        shown: dict[frozenset[int], tuple[float, float | None]] = {}
        self.hidden: dict[frozenset[int], list[Cell]] = {}
        for view in views:
            for cell in view.cells:
                reports = made_of(cell, view, country)
                if cell.hidden:
                    self.hidden.setdefault(reports, []).append(cell)
                elif cell.count is not None:
                    shown[reports] = (cell.count, cell.mean)
        self.shown = {reports: said for reports, said in shown.items() if reports}
        self.reports = sorted(frozenset().union(*self.shown, *self.hidden))
        self.at = {report: number for number, report in enumerate(self.reports)}

    def rows(self, sets: Iterable[frozenset[int]]) -> sparse.csr_array:
        sets = list(sets)
        spots = [(row, self.at[report]) for row, reports in enumerate(sets) for report in sorted(reports)]
        rows, columns = zip(*spots, strict=True) if spots else ((), ())
        return sparse.csr_array((np.ones(len(spots)), (rows, columns)), shape=(len(sets), len(self.reports)))

    def system(self, *, numbers: bool) -> tuple:
        """Equations and inequalities over counts and (with a scale) totals of answers. Without
        ``numbers`` only which figures are zero is known."""
        shown = [reports for reports, (count, _) in self.shown.items() if numbers or count == 0]
        counts = np.array([self.shown[reports][0] for reports in shown])
        some = [*self.hidden, *(() if numbers else (each for each in self.shown if self.shown[each][0] > 0))]
        size = len(self.reports)
        equal, same = self.rows(shown), counts
        least, at_least = self.rows(some), np.ones(len(some))
        if self.scale is None:
            return equal, same, least, at_least
        low, high = self.scale
        means = {each: (n, mean) for each, (n, mean) in self.shown.items() if numbers and mean is not None}
        totals = np.array([n * mean for n, mean in means.values()])
        one, none = sparse.eye_array(size), sparse.csr_array
        equal = sparse.block_array(
            [
                [equal, none((len(shown), size))],
                [none((len(means), size)), self.rows(means)],
            ]
        )
        least = sparse.block_array([[least, none((len(some), size))], [-low * one, one], [high * one, -one]])
        at_least = np.concatenate([at_least, np.zeros(2 * size)])
        return equal.tocsr(), np.concatenate([same, totals]), least.tocsr(), at_least

    def extreme(self, aim: np.ndarray, sign: int, system: tuple) -> float:
        """The smallest (``sign`` 1) or largest (−1) of ``aim``."""
        equal, same, least, at_least = system
        if self.whole:
            size = len(self.reports)
            whole = np.r_[np.ones(size), np.zeros(len(aim) - size)]
            limits = [LinearConstraint(least, at_least, np.inf)] if least.shape[0] else []
            if equal.shape[0]:
                slack = 1e-7 * (1 + np.abs(same))
                limits.append(LinearConstraint(equal, same - slack, same + slack))
            found = milp(sign * aim, constraints=limits, bounds=Bounds(0, MANY), integrality=whole)
        else:
            found = linprog(
                sign * aim,
                A_ub=-least if least.shape[0] else None,
                b_ub=-at_least if least.shape[0] else None,
                A_eq=equal if equal.shape[0] else None,
                b_eq=same if equal.shape[0] else None,
                bounds=(0, MANY),
                method="highs",
            )
        assert found.x is not None, f"what is shown contradicts itself: {found.message}"
        return float(aim @ found.x)

    def mean_extreme(self, part: np.ndarray, sign: int, system: tuple) -> float:
        """The smallest or largest ratio of a hidden total to its count (Charnes & Cooper 1962)."""
        equal, same, least, at_least = system
        size = len(self.reports)
        stretched = sparse.hstack([equal, -sparse.csr_array(same[:, None])])
        one = sparse.csr_array(np.r_[part, np.zeros(size), 0.0][None, :])
        found = linprog(
            sign * np.r_[np.zeros(size), part, 0.0],
            A_ub=-sparse.hstack([least, -sparse.csr_array(at_least[:, None])]),
            b_ub=np.zeros(least.shape[0]),
            A_eq=sparse.vstack([stretched, one]),
            b_eq=np.r_[np.zeros(equal.shape[0]), 1.0],
            bounds=(0, None),
            method="highs",
        )
        assert found.x is not None, f"what is shown contradicts itself: {found.message}"
        return float(part @ found.x[size : 2 * size])

    def findings(self) -> list[Finding]:
        """Bounds of every hidden figure."""
        known, zeros = self.system(numbers=True), self.system(numbers=False)
        width = len(self.reports) * (1 if self.scale is None else 2)
        found = []
        for reports, cells in self.hidden.items():
            part = self.rows([reports]).toarray()[0]
            aim = np.r_[part, np.zeros(width - len(part))]
            low, high = self.extreme(aim, 1, known), self.extreme(aim, -1, known)
            means = (-np.inf, np.inf)
            if self.scale is not None:
                means = (self.mean_extreme(part, 1, known), self.mean_extreme(part, -1, known))
            lowest = self.extreme(aim, 1, zeros)
            inward = (float(np.ceil(low - 1e-6)), float(np.floor(high + 1e-6)), float(np.ceil(lowest - 1e-6)))
            found += [Finding(cell, *inward, *means) for cell in cells]
        return found


def learnt(finding: Finding, count: float, mean: float | None, same: bool, low=1, high=4, points=1.0) -> bool:
    """Whether a finding tells more of a figure than the rule allows: of a small count anything that
    zeros do not tell, of another one bounds closer than the protected range; of a sensitive mean an
    uncertainty of less than ``points``."""
    if low <= count <= high:
        told = finding.low > max(low, finding.lowest) or finding.high < high
    else:
        told = finding.high - finding.low < high - low
    if mean is not None and (same or low <= count <= high):
        told |= max(finding.mean_high - mean, mean - finding.mean_low) < points - 1e-6
    return told
