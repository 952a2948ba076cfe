"""What the store holds, as the frames that measures take."""

from datetime import date

import pandas as pd
from sqlmodel import Session, col, func, select

from data_access.measures.aggregation import ALL, Reports
from data_access.models import (
    Area,
    Goal,
    ImportBatch,
    Indicator,
    Membership,
    Observation,
    Organisation,
    OrganisationAlias,
    Partnership,
    Project,
    ProjectArea,
    ProjectGoal,
    Rule,
    Source,
    Target,
)
from data_access.store import frame


def newest_day(session: Session) -> date:
    """The day of the newest import batch: the last day that the store knows of."""
    newest = session.exec(select(func.max(ImportBatch.loaded_at))).one()
    if newest is None:
        raise ValueError("the store holds no import batch: there is nothing to build a release from")
    return newest.date()


def programmes_with_indicators(session: Session) -> list[str]:
    """Codes of the programmes that have indicators of their own."""
    query = select(Indicator.programme).where(col(Indicator.programme).is_not(None)).distinct()
    return sorted(code for code in session.exec(query) if code)


def rules(session: Session) -> dict[str, float]:
    """The thresholds by code."""
    return {rule.code: rule.value for rule in session.exec(select(Rule))}


def reports(session: Session, programme: str) -> Reports:
    """Everything that figures of one programme are made from (columns: ``aggregation``)."""
    mine = select(Project.code).where(Project.programme == programme)
    goals = frame(
        session, select(ProjectGoal.project, ProjectGoal.goal).where(col(ProjectGoal.project).in_(mine))
    )
    return Reports(
        indicators=indicators(session, programme),
        goals=list(session.exec(select(Goal.code).where(Goal.programme == programme))),
        observations=current_observations(session, programme),
        projects=projects(session, programme),
        project_areas=frame(
            session,
            select(ProjectArea.project, ProjectArea.area).where(col(ProjectArea.project).in_(mine)),
        ),
        project_goals=goals,
        partnerships=partnerships(session, programme),
        areas=frame(
            session,
            select(
                col(Area.code).label("area"), Area.scheme, Area.valid_from, Area.valid_to, Area.in_programme
            ).order_by(Area.scheme, col(Area.position)),
        ),
        memberships=frame(
            session,
            select(Membership.area, Membership.atom, Membership.valid_from, Membership.valid_to),
        ),
    )


def indicators(session: Session, programme: str) -> pd.DataFrame:
    query = select(
        col(Indicator.code).label("indicator"),
        Indicator.aggregation,
        Indicator.time_kind,
        Indicator.frequency,
        Indicator.attribution,
        Indicator.direction,
        Indicator.person_data,
        Indicator.scale_low,
        Indicator.scale_high,
    )
    rows = frame(session, query.where(Indicator.programme == programme).order_by(col(Indicator.position)))
    return rows.astype({"scale_low": "float64", "scale_high": "float64"})


def current_observations(session: Session, programme: str) -> pd.DataFrame:
    """The observations that no later row supersedes."""
    old = select(Observation.supersedes).where(col(Observation.supersedes).is_not(None))
    query = (
        select(
            Observation.id,
            Observation.indicator,
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
            col(Source.quality).label("quality"),
        )
        .join(Source, col(Source.code) == Observation.source)
        .join(Indicator, col(Indicator.code) == Observation.indicator)
        .where(Indicator.programme == programme, col(Observation.id).not_in(old))
        .order_by(col(Observation.id))
    )
    rows = frame(session, query)
    rows["demonstration"] = rows.pop("quality") == "demonstration"
    numbers = ["value", "numerator", "denominator", "n"]
    texts = ["indicator", "project", "area", "goal", "period", "source"]
    return rows.astype({**dict.fromkeys(numbers, "float64"), **dict.fromkeys(texts, "str")})


def projects(session: Session, programme: str) -> pd.DataFrame:
    query = (
        select(
            col(Project.code).label("project"),
            Project.starts,
            func.coalesce(Project.ended_early, Project.ends).label("ends"),
            Project.state,
            Project.ended_early,
            Project.national,
            Project.source,
            Project.demonstration,
        )
        .where(Project.programme == programme, Project.state != "planned")
        .order_by(col(Project.code))
    )
    rows = frame(session, query)
    left = (rows["state"] == "withdrawn") & rows["ended_early"].notna()
    rows["withdrawn_on"] = rows.pop("ended_early").where(left, None)
    return rows.astype({"national": bool, "demonstration": bool}).drop(columns="state")


def partnerships(session: Session, programme: str) -> pd.DataFrame:
    """Partnerships with the ``identity`` of their organisation: its business ID where it has one,
    else the organisation that a reviewed alias names, else itself."""
    query = (
        select(
            Partnership.project,
            Partnership.organisation,
            col(OrganisationAlias.organisation).label("alias_of"),
            Organisation.eligible,
            Partnership.supported,
            Partnership.starts,
            Partnership.ends,
            Partnership.source,
            Organisation.demonstration,
        )
        .join(Project, col(Project.code) == Partnership.project)
        .join(Organisation, col(Organisation.code) == Partnership.organisation)
        .outerjoin(
            OrganisationAlias,
            (col(OrganisationAlias.alias) == Organisation.code) & col(OrganisationAlias.reviewed),
        )
        .where(Project.programme == programme)
        .order_by(col(Partnership.id))
    )
    rows = frame(session, query)
    real = rows["alias_of"].where(rows["alias_of"].notna(), rows["organisation"])
    ids = frame(session, select(Organisation.code, Organisation.business_id))
    business_ids = ids.set_index("code")["business_id"]
    numbers = real.map(business_ids)
    rows["identity"] = numbers.where(numbers.notna(), real)
    rows["eligible"] = rows["eligible"].map({True: 1.0, False: 0.0, 1: 1.0, 0: 0.0}).astype("float64")
    return rows.drop(columns="alias_of").astype({"supported": bool, "demonstration": bool})


def targets(session: Session, as_of: date) -> pd.DataFrame:
    """The targets in force on ``as_of``: indicator, goal (``all`` for none), area (``fi`` for none),
    kind, due, value."""
    rows = frame(session, select(*Target.__table__.columns).where(Target.set_on <= as_of))
    rows = rows[~rows["id"].isin(rows["supersedes"].dropna())]
    rows = rows.assign(goal=rows["goal"].where(rows["goal"].notna(), ALL))
    return rows.assign(area=rows["area"].where(rows["area"].notna(), "fi"))[
        ["indicator", "goal", "area", "kind", "due", "value"]
    ]
