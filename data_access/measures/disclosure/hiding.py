"""Which figures to hide so that no hidden one can be found from all that is shown.

A hidden figure is safe when other numbers of people fit everything shown just as well (a *fit*), and
its own value in them covers the protected range. Fits are found by linear programming over the pieces
(HiGHS), whole numbers where numbers are counts; a fit is checked by plain addition before it counts.
Where none exists, the cheapest further figures are hidden that make one possible, and at the end those
that turned out to be superfluous are shown again.

Source: the linear-programming heuristic with clean-up for cell suppression (Kelly, Golden & Assad 1992,
*Cell suppression: disclosure protection for sensitive tabular data*, Networks 22; Fischetti & Salazar
2001). Two assumptions lean to the safe side: whoever attacks knows which reports there are, and the
value of every piece that lies in no hidden figure."""

from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

TOLERANCE = 1e-6
# What it costs to move a piece at all: without it, pieces drift where no figure shows it.
STILL = 0.01


class Rule(NamedTuple):
    """Counts from ``low`` to ``high`` are protected; a protected mean keeps an uncertainty of at least
    ``mean`` points."""

    low: float
    high: float
    mean: float


class Want(NamedTuple):
    """A fit must bring ``aim`` (over the change of each piece's count and total) to at least ``least``."""

    aim: np.ndarray
    least: float


class Fit(NamedTuple):
    """Other numbers: the change of each piece, which figures they change and which pieces."""

    change: np.ndarray
    figures: np.ndarray
    pieces: np.ndarray


class Relations:
    """The figures of one indicator as sums of pieces.

    ``parts``: figure × piece, 0 or 1; ``count`` and ``total`` (or None) of each piece, ``scale``: the
    lowest and highest total that one of a count can have; ``cost`` of hiding each figure; ``known``:
    figures that nothing can hide (zeros, and what an earlier release told); ``least``: what each is known to
    be at least (one where it is a figure, because zeros are shown)."""

    def __init__(
        self,
        parts: sparse.csr_array,
        count: np.ndarray,
        total: np.ndarray | None,
        scale: tuple[float, float],
        cost: np.ndarray,
        known: np.ndarray,
        least: np.ndarray,
        rule: Rule,
    ) -> None:
        self.parts, self.count, self.total, self.scale = parts, count, total, scale
        self.cost, self.known, self.least, self.rule = cost, known, least, rule
        self.value = parts @ count
        self.fits: list[Fit] = []
        self.wanted: dict[int, list[list[Want]]] = {}
        self.told = np.zeros(len(cost), dtype=bool)
        self.fixed_matrix, self.costed_matrix = self.matrix(costed=False), self.matrix(costed=True)

    def matrix(self, *, costed: bool) -> sparse.csr_array:
        """Constraints over the changes of counts, of totals and (``costed``) how far each figure and
        each piece moves: figures, what the scale allows, moves."""
        figures, pieces = self.parts.shape
        one = sparse.eye_array(pieces)
        mover = sparse.vstack([self.parts, one])
        step = sparse.eye_array(figures + pieces) if costed else None
        blocks: list[list] = []
        if self.total is None:
            blocks = [[self.parts, None]]
            moves = [[mover, step], [-mover, step]]
        else:
            low, high = self.scale
            width = high - low if np.isfinite(high) else 1.0
            blocks = [[self.parts, None, None], [None, self.parts, None], [-low * one, one, None]]
            if np.isfinite(high):
                blocks.append([high * one, -one, None])
            moves = [[mover, None, step], [-mover, None, step]]
            moves += [[None, mover / width, step], [None, -mover / width, step]]
        if costed:
            blocks += moves
        else:
            blocks = [row[:-1] for row in blocks]
        return sparse.block_array(blocks, format="csr")

    def solve(
        self,
        hidden: np.ndarray,
        want: Want | None,
        *,
        objective: np.ndarray | None = None,
        free: np.ndarray | None = None,
        whole: bool,
    ) -> np.ndarray | None:
        """A change that leaves what is shown as it is and fulfils ``want`` (or gets the smallest
        ``objective``); figures that are ``free`` may change too, at their cost. None: there is none."""
        pieces = self.parts.shape[1]
        fixed = ~hidden if free is None else ~hidden & ~free
        movable = self.movable(hidden if free is None else hidden | free)
        inf = np.inf
        lower = [np.where(fixed, 0, self.least - self.value)]
        upper = [np.where(fixed, 0, inf)]
        bounds = [(np.where(movable, -self.count, 0), np.where(movable, inf, 0))]
        if self.total is not None:
            low, high = self.scale
            lower += [np.where(fixed, 0, -inf), low * self.count - self.total]
            upper += [np.where(fixed, 0, inf), np.full(pieces, inf)]
            if np.isfinite(high):
                lower.append(self.total - high * self.count)
                upper.append(np.full(pieces, inf))
            bounds.append((np.where(movable, -inf, 0), np.where(movable, inf, 0)))
        if free is not None:
            asked = np.append(free, movable)
            for _ in range(2 * len(bounds)):
                lower.append(np.where(asked, 0, -inf))
                upper.append(np.full(len(asked), inf))
            bounds.append((np.zeros(len(asked)), np.where(asked, inf, 0)))
        matrix = self.fixed_matrix if free is None else self.costed_matrix
        price = np.zeros(matrix.shape[1])
        if free is not None:
            price[-len(asked) :] = np.append(np.where(free, self.cost, 0), np.full(pieces, STILL))
        if objective is not None:
            price[: len(objective)] = objective
        if want is not None:
            aim = np.zeros((1, matrix.shape[1]))
            aim[0, : len(want.aim)] = want.aim
            matrix = sparse.vstack([matrix, sparse.csr_array(aim)])
            lower.append(np.array([want.least]))
            upper.append(np.array([inf]))
        whole_numbers = np.zeros(matrix.shape[1])
        whole_numbers[:pieces] = whole
        found = milp(
            price,
            constraints=LinearConstraint(matrix.tocsc(), np.concatenate(lower), np.concatenate(upper)),
            bounds=Bounds(*map(np.concatenate, zip(*bounds, strict=True))),
            integrality=whole_numbers,
        )
        if found.status == 3:
            raise OverflowError("without bound")
        return None if found.x is None else found.x[: pieces * (1 if self.total is None else 2)]

    def covered(self, hidden: np.ndarray) -> np.ndarray:
        """The pieces that lie in a hidden figure."""
        return hidden.astype(float) @ self.parts > 0

    def movable(self, hidden: np.ndarray) -> np.ndarray:
        """The pieces that can be other than they are: those in a hidden figure, and those of earlier
        releases only, of which no more is known than the old figures tell."""
        return self.covered(hidden) | ~self.covered(~self.known)

    def fit(self, hidden: np.ndarray, want: Want) -> Fit | None:
        """Numbers that fulfil ``want``, in whole people, or None."""
        pieces = self.parts.shape[1]
        change = None
        for whole in (False, True):
            change = self.solve(hidden, want, whole=whole)
            if change is None:
                return None
            if np.abs(change[:pieces] - np.round(change[:pieces])).max() < TOLERANCE:
                change[:pieces] = np.round(change[:pieces])
                return self.fitting(change)
        return None

    def fitting(self, change: np.ndarray) -> Fit:
        """The fit that a change of pieces is."""
        pieces = self.parts.shape[1]
        moved = np.abs(self.parts @ change[:pieces]) > TOLERANCE
        pieces_moved = np.abs(change[:pieces]) > TOLERANCE
        if self.total is not None:
            moved |= np.abs(self.parts @ change[pieces:]) > TOLERANCE * (1 + self.parts @ self.total)
            pieces_moved |= np.abs(change[pieces:]) > TOLERANCE * (1 + self.total)
        return Fit(change, moved, pieces_moved)

    def holds(self, fit: Fit, want: Want, hidden: np.ndarray) -> bool:
        """Whether a fit fulfils a want and changes nothing that is shown or known."""
        return bool(
            fit.change @ want.aim >= want.least - TOLERANCE
            and not (fit.figures & ~hidden).any()
            and self.movable(hidden)[fit.pieces].all()
        )

    def met(self, options: list[Want], hidden: np.ndarray) -> bool:
        """Whether one of the options can be fulfilled while ``hidden`` is hidden."""
        if any(self.holds(fit, want, hidden) for fit in self.fits for want in options):
            return True
        for want in options:
            fit = self.fit(hidden, want)
            if fit is not None and self.holds(fit, want, hidden):
                self.fits.append(fit)
                return True
        return False

    def wants(self, figure: int, *, sensitive: bool) -> list[list[Want]]:
        """What must be possible for a hidden figure, each by one of several options.

        A small count may be anything from ``low`` to ``high``; any other must stay uncertain by as
        much; the mean of a sensitive one by ``rule.mean`` points."""
        low, high, mean = self.rule
        part = self.parts[[figure]].toarray()[0]
        nothing = np.zeros_like(part)
        wide = (lambda counts, totals: counts) if self.total is None else (lambda *both: np.concatenate(both))
        up, down = wide(part, nothing), wide(-part, nothing)
        value = self.value[figure]
        if value > high:
            found = [[Want(up, high - low), Want(down, high - low)]]
        else:
            found = [[Want(up, high - value)]] if value < high else []
            found += [[Want(down, value - low)]] if value > low else []
        if sensitive and self.total is not None and np.isfinite(self.scale[1]):
            total = part @ self.total
            more, less = total / value + mean, total / value - mean
            options = [Want(wide(-more * part, part), more * value - total)] if more <= self.scale[1] else []
            options += [Want(wide(less * part, -part), total - less * value)] if less >= self.scale[0] else []
            found += [options] if options else []
        return found

    def attainable(self, options: list[Want]) -> list[Want]:
        """The options as far as hiding all that can be hidden would fulfil them: the rest is told by
        zeros, which are shown, or by an earlier release."""
        found = []
        for want in options:
            change = self.solve(~self.known, None, objective=-want.aim, whole=True)
            best = 0.0 if change is None else float(want.aim @ change)
            found.append(want._replace(least=min(want.least, np.floor(best + TOLERANCE))))
        return [want for want in found if want.least > 0]

    def hide(self, must: np.ndarray, sensitive: np.ndarray) -> np.ndarray:
        """The figures to hide: those that ``must`` be, and what protects them. What even hiding
        everything would not protect is only protected as far as that goes."""
        hidden = must.copy()
        waiting = sorted(np.flatnonzero(hidden), key=lambda figure: (self.value[figure], figure))
        while waiting:
            figure = waiting.pop(0)
            wanted = self.wanted[figure] = self.wants(figure, sensitive=bool(sensitive[figure]))
            for number, options in enumerate(wanted):
                more = self.protecting(options, hidden)
                if more is None:
                    self.told[figure] = True
                    wanted[number] = options = self.attainable(options)
                    more = self.protecting(options, hidden)
                if more is not None:
                    waiting += np.flatnonzero(more & ~hidden).tolist()
                    hidden |= more
        return self.without_superfluous(hidden, must)

    def without_superfluous(self, hidden: np.ndarray, must: np.ndarray) -> np.ndarray:
        """Show again, dearest first, what need not be hidden."""
        for figure in sorted(np.flatnonzero(hidden & ~must), key=lambda each: (-self.cost[each], each)):
            fewer = hidden.copy()
            fewer[figure] = False
            if self.safe(fewer):
                hidden = fewer
        return hidden

    def protecting(self, options: list[Want], hidden: np.ndarray) -> np.ndarray | None:
        """Further figures to hide so that one of the options is possible; None where nothing helps."""
        if not options or self.met(options, hidden):
            return np.zeros_like(hidden)
        for whole in (False, True):
            found = [self.cheapest(want, hidden, whole=whole) for want in options]
            costs = [
                (float(self.cost[more].sum()), number)
                for number, more in enumerate(found)
                if more is not None
            ]
            for _, number in sorted(costs):
                more = found[number]
                if self.met([options[number]], hidden | more):
                    return more
        return None

    def cheapest(self, want: Want, hidden: np.ndarray, *, whole: bool) -> np.ndarray | None:
        """The further figures whose hiding makes a want possible at the least cost."""
        change = self.solve(hidden, want, free=~hidden & ~self.known, whole=whole)
        if change is None:
            return None
        fit = self.fitting(change)
        more = fit.figures & ~hidden
        for piece in np.flatnonzero(fit.pieces & ~self.movable(hidden | more)):
            holding = np.flatnonzero(self.parts[:, [piece]].toarray()[:, 0] * ~self.known)
            more[min(holding, key=lambda figure: (self.cost[figure], figure))] = True
        return more

    def safe(self, hidden: np.ndarray, figure: int | None = None) -> bool:
        """Whether everything that is wanted for hidden figures (or one of them) is possible."""
        return all(
            self.met(options, hidden)
            for each in (np.flatnonzero(hidden) if figure is None else [figure])
            for options in self.wanted[each]
            if options
        )

    def bounds(self, figure: int, hidden: np.ndarray) -> tuple[float, float]:
        """The smallest and largest value of a figure that fits everything shown."""
        part = self.parts[[figure]].toarray()[0]
        aim = part if self.total is None else np.concatenate([part, np.zeros_like(part)])
        ends = []
        for sign in (1, -1):
            try:
                change = self.solve(hidden, None, objective=sign * aim, whole=False)
                ends.append(self.value[figure] + (0.0 if change is None else float(aim @ change)))
            except OverflowError:
                ends.append(-sign * np.inf)
        return float(np.ceil(ends[0] - TOLERANCE)), float(np.floor(ends[1] + TOLERANCE))
