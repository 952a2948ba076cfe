"""How a programme's goals stand, where an indicator is heading, and what is sent to the EU next."""

from datetime import timedelta

import pandas as pd
from sqlmodel import Session, col, func, select

from data_access.measures import figures as figure_measures
from data_access.measures import periods, progress, registers, trends
from data_access.measures.periods import TO_DATE, last_day, span
from data_access.models import Observation, Programme, Project, Release, Rule, Source
from data_access.queries import reference
from data_access.queries.figures import figures, latest_period
from data_access.queries.reference import in_language
from data_access.release_basis import basis_of
from data_access.store import columns, frame, reading

SENT = ("esf_output", "esf_result")


def goal_clocks(release: int, audience: str, language: str, programme: str) -> pd.DataFrame:
    """The lead figure of each goal of a programme in the latest period whose reports are due, in the
    order of goals: the columns of ``figures``, and time, paid, result, by_now (shares) and laggards of
    ``measures.progress.clocks``. Empty where the programme has no lead indicators or no figures."""
    goals = reference.goals(programme, language)
    leads = goals.set_index("code")["lead_indicator"].dropna()
    period = latest_period(release, leads.iloc[0]) if len(leads) else None
    asked = {"scheme": "country", "period": period or TO_DATE, "goal": tuple(leads.index)}
    lead = figures(release, audience, language, indicator=tuple(leads.unique()), **asked)
    money = figures(release, audience, language, indicator=("eur_committed", "eur_paid"), **asked)
    lead = lead[lead["indicator"] == lead["goal"].map(leads)]
    lead = lead.sort_values("goal", key=lambda codes: codes.map(list(leads.index).index), ignore_index=True)
    with reading() as session:
        about = session.get_one(Programme, programme)
        as_of = session.get_one(Release, release).as_of
        gone = (as_of - about.starts) / (about.ends - about.starts)
        on_course = session.exec(select(Rule.value).where(Rule.code == "status_on_course")).one()
    return progress.clocks(lead, money, time=min(max(gone, 0.0), 1.0), on_course=on_course)


def outlook(
    release: int, audience: str, indicator: str, goal: str = "all", area: str = "fi"
) -> pd.DataFrame:
    """What an indicator comes to on its programme's last day if it goes on at today's pace, one row:
    indicator, goal, area, day, value, bounded (it would leave the scale), points (how many half-years it
    rests on), reason (of ``trends.NO_PACE`` or *not_enough_evidence*; empty: there is a value).

    It rests on the half-years that have ended and that ``audience`` may see."""
    with reading() as session:
        basis = basis_of(session, session.get_one(Release, release))
        about = reference.indicators("fi").set_index("code").loc[indicator]
        day = session.get_one(Programme, about["programme"]).ends
    found = figures(release, audience, "fi", indicator=indicator, goal=goal, area=area)
    halves = found[found["period"].str.contains("h") & found["value"].notna()]
    points = halves[halves["period"].map(last_day) <= basis.as_of].sort_values("period")
    newest = points.tail(1).assign(person_data=about["person_data"])
    weight = trends.comparable_weights(points.assign(weight=trends.weights(points)))
    broken = figure_measures.breaks_of(found, basis).get((indicator, area), [])
    pace = trends.at_pace(
        points.assign(weight=weight),
        day,
        fewest=int(basis.thresholds["pace_points"]),
        breaks=broken,
        low=about["scale_low"],
        high=about["scale_high"],
    )
    if len(newest) and not progress.evidence_is_enough(newest, basis.as_of, basis.thresholds).all():
        pace = trends.Pace(None, "not_enough_evidence", pace.points)
    return pd.DataFrame([{"indicator": indicator, "goal": goal, "area": area, "day": day, **pace._asdict()}])


def transmission(release: int, audience: str, language: str, programme: str) -> pd.DataFrame:
    """What goes into the next transmission of indicators to the EU after the release's last day: the
    country's figures of the programme's EU indicators (families of ``SENT``) for the half-year that is
    sent, as they stand in the release. The columns of ``figures``, and sent_by, cut_off, due_on (when the
    projects' reports are due). Empty where the programme has no such indicators."""
    with reading() as session:
        as_of = session.get_one(Release, release).as_of
        due_days = session.exec(select(Rule.value).where(Rule.code == "report_due_days")).one()
    known = reference.indicators(language)
    mine = known[(known["programme"] == programme) & known["family"].isin(SENT)]["code"]
    sent_by, period = periods.next_transmission(as_of)
    rows = figures(
        release, audience, language, indicator=tuple(mine), scheme="country", period=period, goal="all"
    )
    return rows.assign(
        sent_by=sent_by, cut_off=last_day(period), due_on=last_day(period) + timedelta(days=due_days)
    )


def reports(release: int, audience: str, language: str, programme: str, period: str) -> pd.DataFrame:
    """Who reports what for a half-year, as the release knows it: one row for each awaited project and
    each indicator that projects report: project, project_name, indicator, ``reported_on`` (the day of
    the first value; empty: none has come), demonstration, source_title. The projects by name.

    They are those that the figures of the country count as ``expected`` and ``reported``. Nothing here
    is protected: whether a report has come tells nothing of the people in it."""
    if audience not in ("official", "restricted"):
        raise ValueError(f"{audience!r} is not an audience")
    with reading() as session:
        built = session.get_one(Release, release)
        basis = basis_of(session, built)
        mine = figure_measures.of_programme(basis, programme)
        asked = span(period)
        waiting = registers.awaited(mine.projects, asked.first, asked.last, to_date=False)
        came = first_days(session, period, built.observations)
        names = columns(
            col(Project.code).label("project"),
            col(Project.name).label("project_name"),
            Project.demonstration,
            col(Source.title).label("source_title"),
        ).join(Source, col(Source.code) == Project.source)
        named = in_language(frame(session, names), language)
    told = mine.indicators[
        (mine.indicators["frequency"] == "half_year")
        & ~mine.indicators["aggregation"].isin(registers.COUNTED)
    ]
    awaited = named[named["project"].isin(mine.projects.loc[waiting, "project"])].sort_values("project_name")
    rows = awaited.merge(told[["indicator"]], how="cross")
    return rows.merge(came, on=["project", "indicator"], how="left")


def first_days(session: Session, period: str, highest: int) -> pd.DataFrame:
    """project, indicator, ``reported_on``: when the first value for a period came, of those that stand up
    to the observation ``highest``."""
    number = col(Observation.id)
    corrected = select(Observation.supersedes).where(
        col(Observation.supersedes).is_not(None), number <= highest
    )
    query = (
        columns(
            Observation.project,
            Observation.indicator,
            func.min(Observation.reported_on).label("reported_on"),
        )
        .where(
            Observation.period == period,
            number <= highest,
            number.not_in(corrected),
            col(Observation.value).is_not(None) | col(Observation.denominator).is_not(None),
        )
        .group_by(Observation.project, Observation.indicator)
    )
    return frame(session, query)
