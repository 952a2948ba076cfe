"""Classes of a map: constant round limits, the same in map, tiles, ranked list and over time."""

from collections.abc import Iterable, Sequence
from math import ceil, floor, isnan, log10

STEPS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def class_limits(low: float, high: float, n: int = 5) -> list[float]:
    """``n + 1`` round limits of ``n`` equally wide classes that cover ``low`` to ``high``.

    Give the ends of the scale, or of everything that is published, so that the limits stay the same
    over time and tell nothing of a single cell. Raises ValueError if ``high`` is below ``low``.
    """
    if high < low:
        raise ValueError(f"a scale cannot run from {low} down to {high}")
    span = high - low or 1.0
    power = 10.0 ** floor(log10(span / n))
    for step in (s * power * factor for factor in (1, 10) for s in STEPS):
        start = floor(low / step + 1e-9) * step
        if start + n * step >= high - 1e-9 * span:
            break
    return [round(start + i * step, 10) for i in range(n + 1)]


def ticks(low: float, high: float, n: int = 4) -> list[float]:
    """Round marks of an axis, about ``n`` steps apart, that enclose ``low`` to ``high``."""
    span = high - low or abs(high) or 1.0
    power = 10.0 ** floor(log10(span / n))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power * n >= span - 1e-9)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, max(last, first + 1) + 1)]


def class_of(values: Iterable[float | None], limits: Sequence[float]) -> list[int | None]:
    """The class of each value, 0 … n - 1; nothing stays nothing. A value on a limit belongs to the
    class above it, and one outside the limits to the first or last class."""
    last = len(limits) - 2
    return [
        None if value is None or isnan(value) else min(last, sum(value >= limit for limit in limits[1:-1]))
        for value in values
    ]
