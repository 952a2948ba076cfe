"""What changed between two releases, figure by figure, and why.

Each release keeps what it was made from. Between the two a row of stores is thought up that never
were: the older release's, then with the newer one's definitions, then also with its areas, and so on
in the order of ``REASONS``. Every one of them is measured; what a figure gains from one to the next is
that reason's part. The parts of a figure therefore add up to its whole change, for sums and for
distinct counts alike; where two reasons overlap, the earlier one in the order gets what they share.

A release keeps what changed since the one before it when it is published, so that a reader need not
wait for it; what changed over several releases is the sum of their steps.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
from sqlmodel import Session, col, func, select

from data_access import holdings
from data_access.measures import aggregation, identity, progress
from data_access.measures.figures import KEY, Basis, measured
from data_access.measures.registers import COUNTED
from data_access.models import Figure, Observation, Release, ReleaseBasis
from data_access.release_basis import basis_of, found_release, method, rows_of
from data_access.store import columns, frame

REASONS = (
    "definition",
    "areas",
    "time",
    "project",
    "partnership",
    "organisations_merged",
    "organisations_separated",
    "eligibility",
    "correction",
    "new_report",
    "target",
    "protection",
)
PARTS_OF = {
    "definition": ("indicators", "goals", "rules", "breaks"),
    "areas": ("areas", "memberships"),
    "time": ("as_of",),
    "project": ("projects", "project_areas", "project_goals"),
    "target": ("targets",),
}
COMPARED = [
    "state",
    "value",
    "numerator",
    "denominator",
    "n",
    "reported",
    "expected",
    "newest",
    "baseline",
    "milestone",
    "target",
    "target_due",
    "committed",
    "status",
]
SMALLEST = 1e-9
KEPT = "changes"
LeftOut = Callable[[pd.Series], pd.Series]


class Step(NamedTuple):
    """From one release to the next, by ``KEY`` and reason: what it brought to the value of a figure, and
    whether it touched the figure at all."""

    parts: pd.DataFrame
    touched: pd.DataFrame


class Since(NamedTuple):
    """What changed since the release ``before`` (none: there was none), as rows that are kept."""

    before: int | None
    rows: dict[str, Any] | None


class Stage(NamedTuple):
    """A store that might have been: what it was made from, and which observations had not come.
    ``indicators``: those whose figures may differ from the stage before; ``None``: all."""

    reason: str
    basis: Basis
    without: LeftOut
    indicators: list[str] | None = None


def changes(session: Session, before: int, now: int, scheme: str | None = None) -> pd.DataFrame:
    """Every figure (of a ``scheme``) that differs between two releases: the columns of ``KEY``,
    person_data, ``state_before``, ``state_now``, ``value_before``, ``value_now``, ``target_before``,
    ``target_now``, ``change`` (no value counts as none: 0), ``hidden_before``, ``hidden_now``,
    ``reasons`` (words of ``REASONS``, in their order) and ``parts``: reason → what it brought to the
    change of the value.

    A change of a rank or a verdict alone is no change: it follows from other areas'. Raises ValueError
    where ``before`` is not the older one, KeyError for an unknown release."""
    if before >= now:
        raise ValueError("name the older release first")
    old, new = found_release(session, before), found_release(session, now)
    first, last = stored(session, before, scheme), stored(session, now, scheme)
    keys = first.index.union(last.index)
    first, last = first.reindex(keys), last.reindex(keys)
    told = ("state", "value", "target")
    found = pd.concat(
        [first[[*told]].add_suffix("_before"), last[[*told]].add_suffix("_now")], axis=1
    ).assign(hidden_before=first["hidden"].eq(True), hidden_now=last["hidden"].eq(True))
    hidden = found["hidden_before"] != found["hidden_now"]
    differs = different(first, last) | hidden
    found["change"] = aggregation.rounded(found["value_now"].fillna(0) - found["value_before"].fillna(0))
    steps = [step(session, *pair) for pair in pairwise(releases_from(session, old, new))]
    parts, why = (
        steps[0].parts.reindex(keys, fill_value=0.0),
        steps[0].touched.reindex(keys, fill_value=False),
    )
    for each in steps[1:]:
        parts += each.parts.reindex(keys, fill_value=0.0)
        why |= each.touched.reindex(keys, fill_value=False)
    parts, why = parts[differs], why[differs].assign(protection=hidden[differs])
    found = found[differs].assign(reasons=worded(why), parts=brought(parts))
    kinds = basis_of(session, new).indicators.set_index("indicator")["person_data"]
    found = found.reset_index()
    return found.assign(person_data=found["indicator"].map(kinds))


def since_before(session: Session, release: Release) -> Since:
    """What changed since the release that was published before, as a release keeps it."""
    before = published_before(session, release)
    if before is None:
        return Since(None, None)
    found = measured_step(session, before, release)
    some = found.touched.any(axis=1)
    rows = zip(
        found.touched[some].index, worded(found.touched[some]), brought(found.parts[some]), strict=True
    )
    kept = {"columns": [*KEY, "reasons", "parts"], "rows": [[*key, *said] for key, *said in rows]}
    return Since(before.number, kept)


def keep(session: Session, release: Release, since: Since) -> None:
    """Let a draft remember what changed since the release that was published before it."""
    if since.rows is not None:
        session.add(ReleaseBasis(release=release.number, part=KEPT, rows=since.rows))
        session.flush()


def number_before(session: Session, release: Release) -> int | None:
    """The number of the release that was published before."""
    before = published_before(session, release)
    return None if before is None else before.number


def published_before(session: Session, release: Release) -> Release | None:
    query = select(Release).where(Release.number < release.number, Release.state != "draft")
    return session.exec(query.order_by(col(Release.number).desc())).first()


def releases_from(session: Session, old: Release, new: Release) -> list[Release]:
    """The two releases, and those between them that were published."""
    between = (Release.number > old.number, Release.number < new.number, Release.state != "draft")
    return [old, *session.exec(select(Release).where(*between).order_by(col(Release.number))), new]


def step(session: Session, old: Release, new: Release) -> Step:
    """What a release kept of its step from the one before; the working release's is measured."""
    kept = session.get(ReleaseBasis, (new.number, KEPT))
    if kept is None:
        return measured_step(session, old, new)
    rows = pd.DataFrame(kept.rows["rows"], columns=kept.rows["columns"]).set_index(KEY)
    parts = pd.DataFrame(rows["parts"].tolist(), index=rows.index, columns=REASONS, dtype="float64")
    touched = {reason: [reason in reasons for reasons in rows["reasons"]] for reason in REASONS}
    return Step(parts.fillna(0.0), pd.DataFrame(touched, index=rows.index, dtype=bool))


def measured_step(session: Session, old: Release, new: Release) -> Step:
    first, last = stored(session, old.number), stored(session, new.number)
    keys = first.index.union(last.index)
    parts = {reason: pd.Series(0.0, index=keys) for reason in REASONS}
    touched = {reason: pd.Series(False, index=keys) for reason in REASONS}
    at, last = first.reindex(keys), last.reindex(keys)
    for of, figures, indicators in [*rebuilt(session, old, new, last), ("definition", last, None)]:
        # An indicator that was measured and has no figure has lost its last value.
        others = at.iloc[:0] if indicators is None else at[~at.index.isin(indicators, level="indicator")]
        after = pd.concat([each for each in (others, figures) if len(each)]).reindex(keys)
        parts[of] += after["value"].fillna(0) - at["value"].fillna(0)
        touched[of] |= different(at, after)
        at = after
    found = pd.DataFrame(parts).apply(aggregation.rounded)
    found = found.where(found.abs() > SMALLEST, 0.0)
    why = pd.DataFrame(touched)
    # That time went by is a reason only where it changed the value, or nothing else touched the figure.
    why["time"] &= (found["time"] != 0) | ~why.drop(columns="time").any(axis=1)
    return Step(found, why)


def worded(touched: pd.DataFrame) -> list[list[str]]:
    """The reasons of each row, in their order."""
    return [[reason for reason in REASONS if row[reason]] for row in touched.to_dict("records")]


def brought(parts: pd.DataFrame) -> list[dict[str, float]]:
    """What the reasons of each row brought to its value, those that brought anything."""
    rows = parts.apply(aggregation.rounded).to_dict("records")
    return [{reason: row[reason] for reason in REASONS if row[reason]} for row in rows]


def stored(session: Session, number: int, scheme: str | None = None) -> pd.DataFrame:
    """A release's figures (of a scheme) by ``KEY``: ``COMPARED`` and ``hidden``."""
    wanted = [col(getattr(Figure, name)) for name in [*KEY, *COMPARED, "hidden"]]
    query = columns(*wanted).where(Figure.release == number)
    rows = frame(session, query if scheme is None else query.where(Figure.scheme == scheme))
    return typed(rows.set_index(KEY))


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """The frame with numbers as numbers and days as days, so that two can be compared."""
    texts = ("state", "status", "hidden")
    for name in rows.columns:
        if name in ("newest", "target_due"):
            rows[name] = pd.to_datetime(rows[name])
        elif name not in texts:
            rows[name] = rows[name].astype("float64")
        else:
            rows[name] = rows[name].astype(object).where(rows[name].notna(), None)
    return rows


def different(one: pd.DataFrame, other: pd.DataFrame) -> pd.Series:
    """Which rows differ in any of ``COMPARED``."""
    found = pd.Series(False, index=one.index)
    for name in COMPARED:
        a, b = one[name], other[name]
        if a.dtype.kind == "f" and b.dtype.kind == "f":
            same = (a - b).abs() <= SMALLEST * (1 + a.abs())
        else:
            same = a == b
        found |= ~(same.fillna(False).astype(bool) | (a.isna() & b.isna()))
    return found


def rebuilt(
    session: Session, old: Release, new: Release, last: pd.DataFrame
) -> Iterator[tuple[str, pd.DataFrame, list[str] | None]]:
    """(reason, figures, the indicators that they are of: none for all) of the stages between two releases,
    of those that change anything; ``last`` are the figures of the newer one. What today's code makes of the
    older or newer store in another way than it was made then is the definition's."""
    a, b = basis_of(session, old), basis_of(session, new)
    if old.method != method():
        first = Stage("definition", a, lambda ids: ids > old.observations)
        yield first.reason, measured_again(session, first, new), None
    stages = list(stages_between(session, old, new, a, b))
    for number, stage in enumerate(stages, 1):
        # The newer release itself is the last stage.
        known = number == len(stages) and new.method == method()
        figures = last if known else measured_again(session, stage, new)
        yield stage.reason, figures, None if known else stage.indicators


def measured_again(session: Session, stage: Stage, new: Release) -> pd.DataFrame:
    """Figures of a stage by ``KEY`` with ``COMPARED``; none where all that it asks about was withdrawn."""
    observations = holdings.current_observations(session, new.observations, stage.without)
    basis = stage.basis
    if stage.indicators is not None:
        asked = basis.indicators["indicator"].isin(stage.indicators)
        basis = basis._replace(indicators=basis.indicators[asked])
        counted = basis.indicators["aggregation"].isin(COUNTED).any()
        if not counted and all(observations(code).empty for code in stage.indicators):
            return pd.DataFrame(columns=[*KEY, *COMPARED]).set_index(KEY)
    found = progress.judged(measured(basis, observations), basis.targets, basis.thresholds, basis.as_of)
    return typed(found.set_index(KEY)[COMPARED].copy())


def stages_between(session: Session, old: Release, new: Release, a: Basis, b: Basis) -> Iterator[Stage]:
    """From the older to the newer store, one reason at a time, in the order of ``REASONS``."""
    corrected = holdings.corrections(session, new.observations)
    late = corrected[(corrected["id"] > old.observations) & (corrected["first"] <= old.observations)]
    number = col(Observation.id)
    between = (number > old.observations, number <= new.observations)
    reports = session.exec(select(func.count()).where(*between)).one() - len(late)

    def new_ones(ids: pd.Series) -> pd.Series:
        return ids > old.observations

    def new_ones_but_corrections(ids: pd.Series) -> pd.Series:
        return (ids > old.observations) & ~ids.isin(late["id"])

    def newer_ones(ids: pd.Series) -> pd.Series:
        return ids > new.observations

    without: LeftOut = new_ones
    at, newer, older = a, dict(rows_of(b)), dict(rows_of(a))
    counted = b.indicators.loc[b.indicators["aggregation"].isin(COUNTED), "indicator"].tolist()
    network = identity.steps(a.partnerships, b.partnerships)
    for reason in REASONS:
        if reason == "correction" and len(late):
            without = new_ones_but_corrections
            asked = select(Observation.indicator).where(number.in_(late["id"].tolist())).distinct()
            yield Stage(reason, at, without, list(session.exec(asked)))
        elif reason == "new_report" and reports:
            without = newer_ones
            yield Stage(reason, at, without)
        elif reason == "time" and a.as_of != b.as_of:
            at = at._replace(as_of=b.as_of)
            yield Stage(reason, at, without)
        elif reason in network:
            if not network[reason].equals(at.partnerships):
                at = at._replace(partnerships=network[reason])
                yield Stage(reason, at, without, counted)
        elif any(newer[part] != older[part] for part in PARTS_OF.get(reason, ()) if part in newer):
            at = at._replace(**{part: getattr(b, part) for part in PARTS_OF[reason]})
            yield Stage(reason, at, without)
