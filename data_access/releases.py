"""Observations → figures → protected → frozen.

A release is made of one state of the store and written in one transaction: the same store gives the same
figures and the same hash. Computing them takes long and is done beside the work of others; only writing
keeps them waiting. There is at most one draft, the working release: building puts a new one, with a new
number, in its place. What was published is never changed, and the database refuses it too. Pages, exports
and the command line read its rows and nothing else.
"""

from datetime import date, datetime
from itertools import islice

import orjson
import pandas as pd
from sqlmodel import Session, col, delete, func, insert, select

from data_access import audit, release_basis, release_changes
from data_access.clock import now
from data_access.models import Figure, ImportBatch, Release, ReleaseBasis, Rule
from data_access.release_basis import found_release, method
from data_access.release_changes import Since
from data_access.release_figures import COLUMNS, Computed, Tell, computed, content_hash, inputs, rows_of
from data_access.scope import Scope
from data_access.store import alone, reading, writing

AT_ONCE = 5000
TRIES = 3
REFUSALS = (
    "not_draft",
    "unaudited",
    "embargo_over",
    "second_person",
    "not_published",
    "no_reason",
    "no_embargo",
    "changed",
)
UNAUDITED = {
    "failed": "release {number} failed its audit: figures about people that it hides could be found. Publish "
    "fewer breakdowns of people (rules people_…_areas) and build it again",
    "not_run": "release {number} has not been audited: build it again",
}


class Refused(ValueError):
    """What cannot be done with a release: ``why`` is a word of ``REFUSALS``."""

    def __init__(self, why: str, said: str) -> None:
        super().__init__(said)
        self.why = why


def build(
    session: Session,
    *,
    note: dict[str, str],
    as_of: date | None = None,
    tell: Tell = lambda _: None,
    actor: Scope,
) -> Release:
    """Build the working release from all that the store holds and write it as a draft, in the transaction
    of its caller, who alone writes meanwhile: see ``build_beside``.

    ``as_of`` is the last day that it knows: the newest import batch's where none is named. ``tell``
    hears what is being done. Raises ValueError where the store holds no import batch, or nothing to make
    figures from."""
    actor.must("publish_releases")
    made = computed(session, as_of=as_of, tell=tell)
    return written(session, made, note=note, tell=tell, by=actor.account)


def build_beside(
    *, note: dict[str, str], as_of: date | None = None, tell: Tell = lambda _: None, actor: Scope
) -> int:
    """``build`` while others go on writing: the figures are computed from one state of the store, and only
    writing them keeps others waiting. Where what they are made from has changed by then, they are computed
    anew. Gives the number of the release; raises ``Refused`` where it changes again and again."""
    actor.must("publish_releases")
    for _ in range(TRIES):
        with reading() as session:
            made = computed(session, as_of=as_of, tell=tell)
        with writing() as session:
            alone(session, ImportBatch)
            alone(session, Release)
            if inputs(session, as_of) == made.inputs:
                return written(session, made, note=note, tell=tell, by=actor.account).number
    raise Refused("changed", "the store has changed each time while figures were computed: build it again")


def written(session: Session, made: Computed, *, note: dict[str, str], tell: Tell, by: str) -> Release:
    """Write what was computed as the working release, in the place of the one before it."""
    tell(f"writing {len(made.found)} figures")
    # A number is never used twice, so that what is remembered of a release stays true.
    number = (session.exec(select(func.max(Release.number))).one() or 0) + 1
    take_draft_away(session)
    protection = dict(made.protection)
    release = Release(
        number=number,
        state="draft",
        as_of=made.inputs.as_of,
        built_at=now(),
        built_by=by,
        note=note,
        figures=len(made.found),
        content_hash=made.content_hash,
        demonstration=bool(made.found["demonstration"].any()),
        observations=made.inputs.observations,
        method=method(),
        audit=protection.pop("audit"),
        protection=protection | {"shown_hash": made.shown_hash},
    )
    session.add(release)
    session.flush()
    parts = made.inputs.parts | {"project_euros": orjson.dumps(release_basis.rows_in(made.euros))}
    for part, rows in parts.items():
        kept = {"release": number, "part": part, "rows": orjson.loads(rows)}
        session.connection().execute(insert(ReleaseBasis), kept)
    write_figures(session, number, made.found)
    audit.record(
        session,
        actor=by,
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
    since: Since | None = None,
    tell: Tell = lambda _: None,
    actor: Scope,
) -> Release:
    """A draft becomes the published release, and keeps what changed since the one before it, which is
    *superseded*. Readers see it from ``embargo`` on (UTC; at once where none is named). ``since``: what
    changed, where that was measured before (``publish_beside``).

    Raises ``Refused`` for a release that is no draft, has not passed its audit or was made by the one who
    publishes where the rule ``second_person`` asks for another, and for an embargo that is over; KeyError
    for an unknown number."""
    actor.must("publish_releases")
    alone(session, Release)
    release = publishable(session, number, embargo, actor.account)
    if since is None:
        tell("comparing with the release before")
        since = release_changes.since_before(session, release)
    elif since.before != release_changes.number_before(session, release):
        raise Refused("changed", "another release was published meanwhile: look at this one again")
    release_changes.keep(session, release, since)
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


def publish_beside(
    number: int, *, embargo: datetime | None = None, tell: Tell = lambda _: None, actor: Scope
) -> None:
    """``publish`` while others go on writing: what changed is measured first. Raises as ``publish`` does,
    and where another release was published meanwhile."""
    actor.must("publish_releases")
    with reading() as session:
        release = publishable(session, number, embargo, actor.account)
        tell("comparing with the release before")
        since = release_changes.since_before(session, release)
    with writing() as session:
        publish(session, number, embargo=embargo, since=since, actor=actor)


def publishable(session: Session, number: int, embargo: datetime | None, by: str) -> Release:
    """A release that ``publish`` may publish; raises as it does."""
    release = found_release(session, number)
    if release.state != "draft":
        raise Refused("not_draft", f"release {number} is {release.state}: only a draft can be published")
    if release.audit != "passed":
        raise Refused("unaudited", UNAUDITED[release.audit].format(number=number))
    check_embargo(embargo)
    check_person(session, release, by)
    return release


def change_embargo(
    session: Session, number: int, until: datetime | None, reason: str, *, actor: Scope
) -> Release:
    """Move the moment from which readers see a published release, or lift its embargo (none): they see it at
    once. Raises ``Refused`` for a release that readers see already, for a moment that is over, without a
    reason, and where the rule ``second_person`` asks for another person; KeyError for an unknown number."""
    actor.must("publish_releases")
    alone(session, Release)
    release = found_release(session, number)
    before = release.embargo_until
    if release.state not in ("published", "superseded") or before is None or before <= now():
        raise Refused("no_embargo", f"release {number} is not under embargo")
    if not reason.strip():
        raise Refused("no_reason", "a change of an embargo says why")
    check_embargo(until)
    check_person(session, release, actor.account)
    release.embargo_until = until
    session.add(release)
    session.flush()
    moved = {"before": before.isoformat(), "embargo_until": until and until.isoformat()}
    audit.record(
        session,
        actor=actor.account,
        action="change embargo",
        subject=f"release {number}",
        detail=moved | {"reason": reason.strip()},
    )
    return release


def check_embargo(until: datetime | None) -> None:
    """Raise ``Refused`` for a moment that is over."""
    if until is not None and until <= now():
        said = f"the embargo {until.isoformat(' ', 'minutes')} (UTC) is over already"
        raise Refused("embargo_over", said)


def check_person(session: Session, release: Release, by: str) -> None:
    """Raise ``Refused`` where the rule ``second_person`` asks for another person than this one."""
    if asks_for_second_person(session) and by in makers(session, release):
        raise Refused(
            "second_person",
            f"{by} has built release {release.number} or loaded data for it: another person "
            "publishes it (rule second_person)",
        )


def asks_for_second_person(session: Session) -> bool:
    rule = session.get(Rule, "second_person")
    return rule is not None and rule.value > 0


def makers(session: Session, release: Release) -> set[str]:
    """Who built a release, and who loaded what is new in it since the one before it was built."""
    before = release_changes.published_before(session, release)
    loaders = select(ImportBatch.loaded_by).where(ImportBatch.loaded_at <= release.built_at)
    if before is not None:
        loaders = loaders.where(ImportBatch.loaded_at > before.built_at)
    return {*session.exec(loaders), *filter(None, [release.built_by])}


def withdraw(session: Session, number: int, reason: str, *, actor: Scope) -> Release:
    """Take a published or superseded release back, saying why. Its figures stay as they are; it is no
    longer the newest. Raises ``Refused`` for a draft or without a reason, KeyError for none."""
    actor.must("publish_releases")
    alone(session, Release)
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
