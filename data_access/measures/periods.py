"""Half-years (``2025h1``), years (``2025``) and ``to_date``.

The half-years end on the EU's cut-off days, 30 June and 31 December; their indicators are sent by the
end of the next month, 31 July and 31 January (Regulation (EU) 2021/1060, Article 42)."""

import re
from datetime import date, timedelta
from typing import NamedTuple

TO_DATE = "to_date"
FORM = re.compile(r"^(\d{4})(?:h([12]))?$")


class Span(NamedTuple):
    """One period to publish: its code and its first and last day."""

    code: str
    first: date
    last: date


def is_period(code: str) -> bool:
    """Whether ``code`` names a period."""
    return code == TO_DATE or FORM.match(code) is not None


def first_day(code: str) -> date:
    """The first day of a half-year or year."""
    year, half = parts(code)
    return date(year, 7 if half == 2 else 1, 1)


def last_day(code: str) -> date:
    """The last day of a half-year or year: a cut-off day."""
    year, half = parts(code)
    return date(year, 6, 30) if half == 1 else date(year, 12, 31)


def parts(code: str) -> tuple[int, int | None]:
    """``2025h1`` → (2025, 1), ``2025`` → (2025, None). Raises ValueError for anything else."""
    found = FORM.match(code)
    if found is None:
        raise ValueError(f"{code!r} is not a half-year such as 2025h1 or a year such as 2025")
    return int(found[1]), int(found[2]) if found[2] else None


def half_year_of(day: date) -> str:
    """The half-year that ``day`` lies in."""
    return f"{day.year}h{1 if day.month <= 6 else 2}"


def next_transmission(day: date) -> tuple[date, str]:
    """The next day on or after ``day`` by which indicators are sent to the EU, and the half-year whose
    cut-off day they are counted to."""
    days = (date(day.year, 1, 31), date(day.year, 7, 31), date(day.year + 1, 1, 31))
    sent = next(each for each in days if each >= day)
    return sent, half_year_of(sent.replace(day=1) - timedelta(days=1))


def latest_due(day: date, days_after: float) -> str:
    """The newest half-year whose reports were due by ``day``: ``days_after`` its last day."""
    return half_year_of(first_day(half_year_of(day - timedelta(days=days_after - 1))) - timedelta(days=1))


def half_years(first: date, last: date) -> list[str]:
    """Every half-year from the one with ``first`` to the one with ``last``, in order."""
    codes, day = [], first
    while first_day(half_year_of(day)) <= last:
        codes.append(half_year_of(day))
        day = last_day(codes[-1]) + timedelta(days=1)
    return codes


def span(code: str) -> Span:
    """A half-year or year with its days."""
    return Span(code, first_day(code), last_day(code))


def spans(first: date, as_of: date) -> list[Span]:
    """The periods from ``first`` to ``as_of``: half-years, the years that they make, and to date."""
    halves = half_years(first, as_of)
    years = sorted({code[:4] for code in halves})
    begins = first_day(halves[0]) if halves else first
    return [*map(span, [*halves, *years]), Span(TO_DATE, begins, as_of)]
