"""Observations → figures, protected and hashed: what a release will say, without writing anything."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

import orjson
import pandas as pd
from sqlmodel import Session, col, select

from data_access import holdings, release_basis
from data_access.measures import disclosure, projects, states
from data_access.measures.disclosure import Earlier
from data_access.measures.figures import Basis, Observations, finished, measured, of_programme
from data_access.measures.periods import TO_DATE, Span
from data_access.models import Figure, Release
from data_access.store import columns, frame

COLUMNS = [name for name in Figure.model_fields if name not in ("id", "release")]
WHOLE_NUMBERS = ("n", "reported", "expected", "rank_low", "rank_high")
TRUTHS = ("hidden", "demonstration")
TOLD = [*disclosure.CELL, "value", "n", "numerator", "hidden"]
Tell = Callable[[str], None]


class Inputs(NamedTuple):
    """All that figures are made from, so that two can be compared: the last day that is known, the newest
    observation, ``parts`` (the basis and the registers, as a release keeps them, as JSON), what was
    published before."""

    as_of: date
    observations: int
    parts: dict[str, bytes]
    earlier: tuple[int, ...]


class Computed(NamedTuple):
    """A release that is not written yet: its ``found`` figures, protected, with an account of that, and
    what it was made from."""

    inputs: Inputs
    found: pd.DataFrame
    euros: pd.DataFrame
    protection: dict[str, Any]
    content_hash: str
    shown_hash: str


def inputs(session: Session, as_of: date | None = None) -> Inputs:
    """What a release would be made from now. Raises ValueError where the store holds no import batch."""
    as_of = as_of or holdings.newest_day(session)
    basis, registers = holdings.basis(session, as_of), holdings.registers(session)
    parts = {part: orjson.dumps(rows) for part, rows in release_basis.rows_of(basis)}
    parts |= {part: orjson.dumps(release_basis.rows_in(rows)) for part, rows in registers.items()}
    return Inputs(as_of, holdings.highest_observation(session), parts, published_numbers(session))


def computed(
    session: Session,
    *,
    as_of: date | None = None,
    earlier: tuple[Earlier, ...] | None = None,
    tell: Tell = lambda _: None,
) -> Computed:
    """The figures of all that the store holds, measured, protected and judged. ``earlier``: what was
    published before, where that is not asked of the same session. Raises as ``build`` does."""
    ground = inputs(session, as_of)
    basis = holdings.basis(session, ground.as_of)
    observations = holdings.current_observations(session, ground.observations)
    found = measured(basis, observations, tell)
    tell("protecting")
    told = earlier_releases(session) if earlier is None else earlier
    found, protection = protected(found, basis, observations, told)
    tell("judging and comparing")
    found = finished(found, basis)
    shown = found[~found["hidden"]]
    hashes = [content_hash(rows_of(rows)) for rows in (found, shown)]
    return Computed(ground, found, project_euros(basis, observations), protection, *hashes)


def published_numbers(session: Session) -> tuple[int, ...]:
    """All that was ever published."""
    numbers = select(Release.number).where(Release.state != "draft").order_by(col(Release.number))
    return tuple(session.exec(numbers))


def earlier_releases(session: Session) -> tuple[Earlier, ...]:
    """All that was published before, with what it was made of: what it told stays told."""
    found = []
    for number in published_numbers(session):
        release = session.get_one(Release, number)
        basis = release_basis.basis_of(session, release)
        observations = holdings.current_observations(session, release.observations)
        rows = frame(
            session, columns(*[getattr(Figure, name) for name in TOLD]).where(Figure.release == number)
        )
        about_people = basis.indicators[basis.indicators["person_data"].isin(disclosure.PEOPLE)]["indicator"]
        rows = rows[rows["indicator"].isin(about_people)].reset_index(drop=True)
        numbers_of = dict.fromkeys(["value", "n", "numerator"], "float64")
        found.append(Earlier(rows.astype(numbers_of), disclosure.anatomy(basis, observations)))
    return tuple(found)


def protected(
    found: pd.DataFrame, basis: Basis, observations: Observations, earlier: tuple[Earlier, ...]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The figures with ``hidden``, without the breakdowns of people that are not published, and an
    account of it: cells ``primary``, ``complementary`` and ``withheld``, how many about people are
    ``published`` and which ``share`` of them is hidden, the ``audit``: *passed* or *failed*."""
    anatomy = disclosure.anatomy(basis, observations)
    done = disclosure.protect(found, anatomy, rules=basis.thresholds, earlier=earlier)
    found = states.without(found.assign(hidden=done.hidden), done.withheld)
    found.loc[done.intervals.index, ["low", "high"]] = done.intervals[["low", "high"]]
    return found, {
        "primary": done.primary,
        "complementary": done.complementary,
        "withheld": int(done.withheld.sum()),
        "published": done.published,
        "share": round((done.primary + done.complementary) / max(done.published, 1), 4),
        "audit": "passed" if bool(done.audit["passed"].all()) else "failed",
    }


def project_euros(basis: Basis, observations: Observations) -> pd.DataFrame:
    """What the list of projects shows of money: project, indicator, value (euros to date), demonstration."""
    euros = basis._replace(indicators=basis.indicators[basis.indicators["unit"] == "eur"])
    to_date = Span(TO_DATE, date.min, basis.as_of)
    found = [
        projects.own_values(of_programme(euros, programme), observations, [to_date])
        for programme in sorted(euros.indicators["programme"].dropna().unique())
    ]
    kept = ["project", "indicator", "value", "demonstration"]
    return pd.concat([pd.DataFrame(columns=kept), *found])[kept]


def rows_of(found: pd.DataFrame) -> Iterator[tuple]:
    """The figures in the order of ``COLUMNS`` as the store gives them back: no NaN, whole numbers,
    days, lists and objects as such."""
    made = []
    for name in COLUMNS:
        values = found[name]
        if name in WHOLE_NUMBERS:
            cells = values.astype("Int64").astype(object).tolist()
        elif name in TRUTHS:
            cells = values.astype(bool).tolist()
        else:
            cells = values.tolist()
        empty = values.isna().to_numpy()
        made.append([None if gone else cell for cell, gone in zip(cells, empty, strict=True)])
    return zip(*made, strict=True)


def content_hash(rows: Iterator[Any]) -> str:
    """SHA-256 of figures in a fixed order: equal figures give an equal hash in both databases."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(orjson.dumps(tuple(row), option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()
