"""What the store holds, as the frames that measures take."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from data_access.identity import identities
from data_access.measures.figures import Basis
from data_access.measures.placement import ALL
from data_access.models import (
    Area,
    Goal,
    ImportBatch,
    Indicator,
    Membership,
    Observation,
    Organisation,
    Partnership,
    Project,
    ProjectArea,
    ProjectGoal,
    Rule,
    SeriesBreak,
    Source,
    Target,
)
from data_access.store import columns, frame, frames

AT_ONCE = 20_000
NUMBERS = ["value", "numerator", "denominator", "n"]
TEXTS = ["project", "area", "goal", "period", "source"]


def newest_day(session: Session) -> date:
    """The day of the newest import batch: the last day that the store knows of."""
    newest = session.exec(select(func.max(ImportBatch.loaded_at))).one()
    if newest is None:
        raise ValueError("the store holds no import batch: there is nothing to build a release from")
    return newest.date()


def basis(session: Session, as_of: date) -> Basis:
    """Everything that figures are made from beside the observations, as it stands in the store."""
    return Basis(
        indicators=indicators(session),
        goals=frame(
            session,
            columns(col(Goal.code).label("goal"), Goal.programme).order_by(
                Goal.programme, col(Goal.position)
            ),
        ),
        projects=projects(session),
        project_areas=frame(
            session,
            columns(ProjectArea.project, ProjectArea.area).order_by(ProjectArea.project, ProjectArea.area),
        ),
        project_goals=frame(
            session,
            columns(ProjectGoal.project, ProjectGoal.goal).order_by(ProjectGoal.project, ProjectGoal.goal),
        ),
        partnerships=partnerships(session),
        areas=frame(
            session,
            columns(
                col(Area.code).label("area"), Area.scheme, Area.valid_from, Area.valid_to, Area.in_programme
            ).order_by(Area.scheme, col(Area.position)),
        ),
        memberships=frame(
            session,
            columns(Membership.area, Membership.atom, Membership.valid_from, Membership.valid_to).order_by(
                Membership.area, Membership.atom, col(Membership.valid_from)
            ),
        ),
        breaks=frame(
            session,
            columns(SeriesBreak.indicator, SeriesBreak.period).order_by(
                SeriesBreak.indicator, SeriesBreak.period
            ),
        ),
        targets=targets(session, as_of),
        rules=frame(session, columns(Rule.code, Rule.value).order_by(Rule.code)),
        as_of=as_of,
    )


def indicators(session: Session) -> pd.DataFrame:
    """The indicators of all programmes, with how their figures are made."""
    query = columns(
        col(Indicator.code).label("indicator"),
        Indicator.programme,
        Indicator.aggregation,
        Indicator.time_kind,
        Indicator.frequency,
        Indicator.attribution,
        Indicator.direction,
        Indicator.person_data,
        Indicator.unit,
        Indicator.scale_low,
        Indicator.scale_high,
    )
    rows = frame(session, query.order_by(Indicator.programme, col(Indicator.position)))
    return rows.astype({"scale_low": "float64", "scale_high": "float64"})


def projects(session: Session) -> pd.DataFrame:
    """All projects, the planned ones too: ``ends`` is the day a project really ends, ``withdrawn_on``
    empty unless it was withdrawn."""
    query = columns(
        col(Project.code).label("project"),
        Project.programme,
        Project.state,
        Project.starts,
        func.coalesce(Project.ended_early, Project.ends).label("ends"),
        Project.ended_early,
        Project.national,
        Project.source,
        Project.demonstration,
    )
    query = query.where(col(Project.removed).is_(False)).order_by(col(Project.code))
    rows = frame(session, query)
    withdrawn = rows["state"] == "withdrawn"
    left = rows.pop("ended_early").astype(object)
    rows["withdrawn_on"] = left.where(left.notna(), rows["starts"]).where(withdrawn, None)
    return rows.astype({"national": bool, "demonstration": bool})


def partnerships(session: Session) -> pd.DataFrame:
    """All partnerships, with the ``identity`` of their organisation and whether it is ``eligible``."""
    query = (
        columns(
            Partnership.id,
            Partnership.project,
            Partnership.organisation,
            Partnership.supported,
            Partnership.starts,
            Partnership.source,
            Organisation.type,
            Organisation.demonstration,
        )
        .join(Organisation, col(Organisation.code) == Partnership.organisation)
        .order_by(col(Partnership.id))
    )
    rows = frame(session, query).merge(identities(session), on="organisation", how="left")
    return rows.astype({"supported": bool, "demonstration": bool})


def registers(session: Session) -> dict[str, pd.DataFrame]:
    """What lists show of projects, organisations and partnerships beside what figures are made from:
    ``project_names`` (project, name, ends: the planned end), ``project_details`` (project, call,
    funding_area, home_area, certainty, direction), ``organisation_names`` (organisation, name), ``roles``
    (id, role, ends); and ``compared`` (indicator): those by which areas are held to be alike."""
    asked = {
        "project_names": columns(col(Project.code).label("project"), Project.name, Project.ends)
        .where(col(Project.removed).is_(False))
        .order_by(col(Project.code)),
        "project_details": columns(
            col(Project.code).label("project"),
            Project.call,
            Project.funding_area,
            Project.home_area,
            Project.certainty,
            Project.direction,
        )
        .where(col(Project.removed).is_(False))
        .order_by(col(Project.code)),
        "organisation_names": columns(col(Organisation.code).label("organisation"), Organisation.name)
        .where(col(Organisation.removed).is_(False))
        .order_by(col(Organisation.code)),
        "roles": columns(Partnership.id, Partnership.role, Partnership.ends).order_by(col(Partnership.id)),
        "compared": columns(col(Indicator.code).label("indicator"))
        .where(Indicator.compares)
        .order_by(col(Indicator.position)),
    }
    return {part: frame(session, query) for part, query in asked.items()}


def targets(session: Session, as_of: date) -> pd.DataFrame:
    """The targets in force on ``as_of``, oldest decision first: id, indicator, goal (``all`` for none),
    area (``fi`` for none), kind, due, value."""
    rows = in_force(frame(session, columns(*Target.__table__.columns).order_by(col(Target.id))))
    over = rows["until"].map(lambda day: day is not None and day <= as_of).astype(bool)
    stands = (rows["set_on"] <= as_of) & ~over
    rows = rows[stands & ~rows["withdrawn"].astype(bool)].sort_values(["set_on", "id"])
    rows = rows.assign(
        goal=rows["goal"].where(rows["goal"].notna(), ALL),
        area=rows["area"].where(rows["area"].notna(), "fi"),
    )
    kept = ["id", "indicator", "goal", "area", "kind", "due", "value"]
    return rows[kept].astype({"value": "float64"}).reset_index(drop=True)


def in_force(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of targets (in the order of their ids) that were ever in force, with ``until``: the day on
    which the next one was set; none for the last. A row that is set no later than the one it supersedes
    takes that one's whole place: what was wrong never counted."""
    chains: dict[int, list[tuple[int, date]]] = {}
    for number, superseded, day in zip(rows["id"], rows["supersedes"], rows["set_on"], strict=True):
        steps = chains.pop(superseded, [])
        while steps and steps[-1][1] >= day:
            steps.pop()
        chains[number] = [*steps, (number, day)]
    until = {
        number: following
        for steps in chains.values()
        for (number, _), (_, following) in zip(steps, [*steps[1:], (0, None)], strict=True)
    }
    kept = rows[rows["id"].isin(until)]
    days = pd.Series([until[number] for number in kept["id"]], index=kept.index, dtype=object)
    return kept.assign(until=days)


def highest_observation(session: Session) -> int:
    """The newest observation's id: rows are only ever added, so that it names a whole set of them."""
    return session.exec(select(func.max(Observation.id))).one() or 0


def corrections(session: Session, highest: int) -> pd.DataFrame:
    """The corrections and withdrawals up to an id: id, supersedes, ``first`` (the report that the chain of
    corrections begins with; a value that comes after a withdrawal begins another) and ``first_day``, the
    day it was reported."""
    old = aliased(Observation)
    query = (
        columns(
            Observation.id,
            Observation.supersedes,
            Observation.reported_on,
            col(old.reported_on).label("first_day"),
            col(old.withdrawn).label("again"),
        )
        .join(old, col(old.id) == Observation.supersedes)
        .where(col(Observation.id) <= highest)
        .order_by(col(Observation.id))
    )
    rows = frame(session, query)
    first: dict[int, tuple[int, Any]] = {}
    for number, superseded, own_day, day, again in rows.to_numpy().tolist():
        first[number] = (number, own_day) if again else first.get(superseded, (superseded, day))
    rows["first"] = [first[number][0] for number in rows["id"]]
    rows["first_day"] = [first[number][1] for number in rows["id"]]
    return rows.drop(columns=["reported_on", "again"])


def first_reports(
    session: Session, highest: int, *, period: str | None = None, project: str | None = None
) -> pd.DataFrame:
    """project, indicator, period, ``reported_on``: when the first value for a period came, of those that
    stand up to the observation ``highest``; of one period or one project where it is named."""
    number = col(Observation.id)
    corrected = select(Observation.supersedes).where(
        col(Observation.supersedes).is_not(None), number <= highest
    )
    said = (Observation.project, Observation.indicator, Observation.period)
    stands = [
        number <= highest,
        number.not_in(corrected),
        col(Observation.value).is_not(None) | col(Observation.denominator).is_not(None),
    ]
    if period is not None:
        stands.append(Observation.period == period)
    if project is not None:
        stands.append(Observation.project == project)
    superseding = col(Observation.supersedes).is_not(None)
    first = columns(*said, func.min(Observation.reported_on).label("reported_on")).group_by(*said)
    rows = frame(session, first.where(*stands, ~superseding))
    late = frame(session, columns(*said, number).where(*stands, superseding))
    if late.empty:
        return rows
    known = corrections(session, highest)
    late["reported_on"] = late.pop("id").map(dict(zip(known["id"], known["first_day"], strict=True)))
    both = pd.concat([rows, late] if len(rows) else [late])
    kept = ["project", "indicator", "period"]
    return both.groupby(kept, dropna=False, as_index=False)["reported_on"].min()


def current_observations(
    session: Session,
    highest: int,
    without: Callable[[pd.Series], pd.Series] | None = None,
    *,
    project: str | None = None,
) -> Callable[[str], pd.DataFrame]:
    """Reads the observations of an indicator that no later one supersedes or withdraws, of those up to the
    id ``highest``; ``without`` tells of ids which are to be left out as if they had never come, ``project``
    is the only one whose are wanted.

    A corrected value keeps the day on which it was first reported."""
    known = corrections(session, highest)
    if without is not None:
        known = known[~without(known["id"])]
    superseded = set(known["supersedes"])
    first_days = dict(zip(known["id"], known["first_day"], strict=True))

    def observations(indicator: str) -> pd.DataFrame:
        query = (
            columns(
                Observation.id,
                Observation.project,
                Observation.area,
                Observation.goal,
                Observation.period,
                Observation.value,
                Observation.numerator,
                Observation.denominator,
                Observation.n,
                Observation.identical_answers,
                Observation.reported_on,
                Observation.source,
                Observation.withdrawn,
                col(Source.quality).label("quality"),
            )
            .join(Source, col(Source.code) == Observation.source)
            .where(Observation.indicator == indicator, col(Observation.id) <= highest)
        )
        if project is not None:
            query = query.where(Observation.project == project)
        return pd.concat(map(current, frames(session, query, AT_ONCE)), ignore_index=True)

    def current(rows: pd.DataFrame) -> pd.DataFrame:
        gone = rows["id"].isin(superseded) | rows.pop("withdrawn").astype(bool)
        rows = rows[~(gone if without is None else gone | without(rows["id"]))].reset_index(drop=True)
        corrected = rows["id"].map(first_days)
        rows["reported_on"] = corrected.where(corrected.notna(), rows["reported_on"])
        rows["demonstration"] = rows.pop("quality") == "demonstration"
        return rows.astype({**dict.fromkeys(NUMBERS, "float64"), **dict.fromkeys(TEXTS, "str")})

    return observations
