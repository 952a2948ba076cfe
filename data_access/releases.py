"""Observations → figures → protected → frozen.

A release is built in one transaction: the same store gives the same figures and the same hash. There
is at most one draft, the working release: building puts a new one, with a new number, in its place.
What was published is never changed, and the database refuses it too. Pages, exports and the command
line read its rows and nothing else.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import orjson
import pandas as pd
from sqlmodel import Session, col, delete, func, select

from data_access import audit, holdings, release_basis, release_changes
from data_access.clock import now
from data_access.measures import disclosure, projects, states
from data_access.measures.disclosure import Earlier
from data_access.measures.figures import Basis, Observations, finished, measured, of_programme
from data_access.measures.periods import TO_DATE, Span
from data_access.models import Figure, ImportBatch, Release, ReleaseBasis, Rule
from data_access.release_basis import found_release, method
from data_access.scope import Scope
from data_access.store import columns, frame

COLUMNS = [name for name in Figure.model_fields if name not in ("id", "release")]
WHOLE_NUMBERS = ("n", "reported", "expected", "rank_low", "rank_high")
TRUTHS = ("hidden", "demonstration")
TOLD = [*disclosure.CELL, "value", "n", "numerator", "hidden"]
AT_ONCE = 5000
REFUSALS = ("not_draft", "unaudited", "embargo_over", "second_person", "not_published", "no_reason")
UNAUDITED = {
    "failed": "release {number} failed its audit: figures about people that it hides could be found. Publish "
    "fewer breakdowns of people (rules people_…_areas) and build it again",
    "not_run": "release {number} has not been audited: build it again",
}


class Refused(ValueError):
    """A release that cannot be published or withdrawn: ``why`` is a word of ``REFUSALS``."""

    def __init__(self, why: str, said: str) -> None:
        super().__init__(said)
        self.why = why


def build(
    session: Session,
    *,
    note: dict[str, str],
    as_of: date | None = None,
    tell: Callable[[str], None] = lambda _: None,
    actor: Scope,
) -> Release:
    """Build the working release from all that the store holds, and write it as a draft.

    ``as_of`` is the last day that it knows: the newest import batch's where none is named. ``tell``
    hears what is being done. Raises ValueError where the store holds no import batch, or nothing to make
    figures from."""
    actor.must("publish_releases")
    as_of = as_of or holdings.newest_day(session)
    basis = holdings.basis(session, as_of)
    highest = holdings.highest_observation(session)
    observations = holdings.current_observations(session, highest)
    found = measured(basis, observations, tell)
    tell("protecting")
    found, protection = protected(found, basis, observations, earlier_releases(session))
    tell("judging and comparing")
    found = finished(found, basis)
    tell(f"writing {len(found)} figures")
    # A number is never used twice, so that what is remembered of a release stays true.
    number = (session.exec(select(func.max(Release.number))).one() or 0) + 1
    take_draft_away(session)
    release = Release(
        number=number,
        state="draft",
        as_of=as_of,
        built_at=now(),
        built_by=actor.account,
        note=note,
        figures=len(found),
        content_hash=content_hash(rows_of(found)),
        demonstration=bool(found["demonstration"].any()),
        observations=highest,
        method=method(),
        audit=protection.pop("audit"),
        protection=protection | {"shown_hash": content_hash(rows_of(found[~found["hidden"]]))},
    )
    session.add(release)
    session.flush()
    session.add_all(
        ReleaseBasis(release=number, part=part, rows=rows) for part, rows in release_basis.rows_of(basis)
    )
    kept = holdings.registers(session) | {"project_euros": project_euros(basis, observations)}
    session.add_all(
        ReleaseBasis(release=number, part=part, rows=release_basis.rows_in(rows))
        for part, rows in kept.items()
    )
    write_figures(session, number, found)
    audit.record(
        session,
        actor=actor.account,
        action="build",
        subject=f"release {number}",
        detail={"hash": release.content_hash, "figures": release.figures, "audit": release.audit},
    )
    return release


def publish(
    session: Session,
    number: int,
    *,
    embargo: datetime | None = None,
    tell: Callable[[str], None] = lambda _: None,
    actor: Scope,
) -> Release:
    """A draft becomes the published release, and keeps what changed since the one before it, which is
    *superseded*. Readers see it from ``embargo`` on (UTC; at once where none is named).

    Raises ``Refused`` for a release that is no draft, has not passed its audit or was made by the one who
    publishes where the rule ``second_person`` asks for another, and for an embargo that is over; KeyError
    for an unknown number."""
    actor.must("publish_releases")
    release = found_release(session, number)
    if release.state != "draft":
        raise Refused("not_draft", f"release {number} is {release.state}: only a draft can be published")
    if release.audit != "passed":
        raise Refused("unaudited", UNAUDITED[release.audit].format(number=number))
    if embargo is not None and embargo <= now():
        over = embargo.isoformat(" ", "minutes")
        raise Refused("embargo_over", f"the embargo {over} (UTC) is over already")
    if asks_for_second_person(session) and actor.account in makers(session, release):
        raise Refused(
            "second_person",
            f"{actor.account} has built release {number} or loaded data for it: another person publishes it "
            "(rule second_person)",
        )
    tell("comparing with the release before")
    release_changes.keep(session, release)
    for older in session.exec(select(Release).where(Release.state == "published")):
        older.state = "superseded"
        session.add(older)
    session.flush()
    release.state = "published"
    release.published_at = now()
    release.embargo_until = embargo
    session.add(release)
    session.flush()
    audit.record(
        session,
        actor=actor.account,
        action="publish",
        subject=f"release {number}",
        detail={"hash": release.content_hash, "embargo_until": embargo and embargo.isoformat()},
    )
    return release


def asks_for_second_person(session: Session) -> bool:
    rule = session.get(Rule, "second_person")
    return rule is not None and rule.value > 0


def makers(session: Session, release: Release) -> set[str]:
    """Who built a release, and who loaded what is new in it since the one before it was built."""
    before = release_changes.published_before(session, release)
    loaders = select(ImportBatch.loaded_by)
    if before is not None:
        loaders = loaders.where(ImportBatch.loaded_at > before.built_at)
    return {*session.exec(loaders), *filter(None, [release.built_by])}


def withdraw(session: Session, number: int, reason: str, *, actor: Scope) -> Release:
    """Take a published or superseded release back, saying why. Its figures stay as they are; it is no
    longer the newest. Raises ``Refused`` for a draft or without a reason, KeyError for none."""
    actor.must("publish_releases")
    release = found_release(session, number)
    if release.state not in ("published", "superseded"):
        said = f"release {number} is {release.state}: only what was published can be withdrawn"
        raise Refused("not_published", said)
    if not reason.strip():
        raise Refused("no_reason", "a withdrawal says why")
    release.state, release.withdrawn_at, release.withdrawn_reason = "withdrawn", now(), reason.strip()
    session.add(release)
    session.flush()
    audit.record(
        session,
        actor=actor.account,
        action="withdraw",
        subject=f"release {number}",
        detail={"reason": reason},
    )
    return release


def take_draft_away(session: Session) -> None:
    """Remove the working release, if there is one."""
    for number in session.exec(select(Release.number).where(Release.state == "draft")).all():
        for table in (Figure, ReleaseBasis):
            session.exec(delete(table).where(col(table.release) == number))
        session.exec(delete(Release).where(col(Release.number) == number))


def earlier_releases(session: Session) -> tuple[Earlier, ...]:
    """All that was published before, with what it was made of: what it told stays told."""
    numbers = select(Release.number).where(Release.state != "draft").order_by(col(Release.number))
    found = []
    for number in session.exec(numbers).all():
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


def stored_hash(session: Session, number: int) -> str:
    """The hash of a release's figures as they stand in the store; they were written in their order."""
    table = Figure.__table__.c
    query = select(*[table[name] for name in COLUMNS]).where(table.release == number).order_by(table.id)
    return content_hash(session.connection().execution_options(yield_per=AT_ONCE).execute(query))


def write_figures(session: Session, number: int, found: pd.DataFrame) -> None:
    """Add the figures of a release, in the driver's own form: they are tens of thousands."""
    connection = session.connection()
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * (len(COLUMNS) + 1))
    statement = f"INSERT INTO figure (release, {', '.join(COLUMNS)}) VALUES ({marks})"
    as_json = [COLUMNS.index(name) for name in ("detail", "sources")]
    as_day = [number for number, name in enumerate(COLUMNS) if name == "newest" or name.endswith("_due")]

    def written(row: tuple) -> tuple:
        cells = list(row)
        for at in as_json:
            cells[at] = None if cells[at] is None else orjson.dumps(cells[at]).decode()
        for at in as_day:
            cells[at] = None if cells[at] is None else cells[at].isoformat()
        return (number, *cells)

    rows = map(written, rows_of(found))
    while some := list(islice(rows, AT_ONCE)):
        connection.exec_driver_sql(statement, some)
