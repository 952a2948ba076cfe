"""How a programme's goals stand, where an indicator is heading, and what is sent to the EU next."""

from datetime import timedelta

import pandas as pd

from data_access import holdings
from data_access.measures import figures as figure_measures
from data_access.measures import periods, progress, projects, registers, trends
from data_access.measures.periods import TO_DATE, last_day, span
from data_access.models import Programme, Release
from data_access.queries import network, reference
from data_access.queries.figures import figures, latest_period
from data_access.release_basis import basis_of, rules_of
from data_access.scope import Scope
from data_access.store import reading

SENT = ("esf_output", "esf_result")


def goal_clocks(scope: Scope, release: int, language: str, programme: str) -> pd.DataFrame:
    """The lead figure of each goal of a programme in the latest period whose reports are due, in the
    order of goals: the columns of ``figures``, and time, paid, result, by_now (shares) and laggards of
    ``measures.progress.clocks``. Empty where the programme has no lead indicators or no figures."""
    scope.must("see_figures")
    goals = reference.goals(scope, programme, language)
    leads = goals.set_index("code")["lead_indicator"].dropna()
    period = latest_period(scope, release, leads.iloc[0]) if len(leads) else None
    lead, money = (
        figures(
            scope,
            release,
            language,
            indicator=codes,
            scheme="country",
            period=period or TO_DATE,
            goal=tuple(leads.index),
        )
        for codes in (tuple(leads.unique()), ("eur_committed", "eur_paid"))
    )
    lead = lead[lead["indicator"] == lead["goal"].map(leads)]
    lead = lead.sort_values("goal", key=lambda codes: codes.map(list(leads.index).index), ignore_index=True)
    with reading() as session:
        about = session.get_one(Programme, programme)
        as_of = session.get_one(Release, release).as_of
        gone = (as_of - about.starts) / (about.ends - about.starts)
        on_course = rules_of(session, release)["status_on_course"]
    return progress.clocks(lead, money, time=min(max(gone, 0.0), 1.0), on_course=on_course)


def outlook(scope: Scope, release: int, indicator: str, goal: str = "all", area: str = "fi") -> pd.DataFrame:
    """What an indicator comes to on its programme's last day if it goes on at today's pace, one row:
    indicator, goal, area, day, value, bounded (it would leave the scale), points (how many half-years it
    rests on), reason (of ``trends.NO_PACE`` or *not_enough_evidence*; empty: there is a value).

    It rests on the half-years that have ended and that the audience may see."""
    scope.must("see_figures")
    with reading() as session:
        basis = basis_of(session, session.get_one(Release, release))
        about = reference.indicators(scope, "fi").set_index("code").loc[indicator]
        day = session.get_one(Programme, about["programme"]).ends
    found = figures(scope, release, "fi", indicator=indicator, goal=goal, area=area)
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


def transmission(scope: Scope, release: int, language: str, programme: str) -> pd.DataFrame:
    """What goes into the next transmission of indicators to the EU after the release's last day: the
    country's figures of the programme's EU indicators (families of ``SENT``) for the half-year that is
    sent, as they stand in the release. The columns of ``figures``, and sent_by, cut_off, due_on (when the
    projects' reports are due), before (the half-year that was sent last), value_before, state_before.
    Empty where the programme has no such indicators."""
    scope.must("see_figures")
    with reading() as session:
        as_of = session.get_one(Release, release).as_of
        due_days = rules_of(session, release)["report_due_days"]
    known = reference.indicators(scope, language)
    mine = tuple(known[(known["programme"] == programme) & known["family"].isin(SENT)]["code"])
    sent_by, period = periods.next_transmission(as_of)
    before = periods.half_year_of(periods.first_day(period) - timedelta(days=1))
    rows, last = (
        figures(scope, release, language, indicator=mine, scheme="country", period=each, goal="all")
        for each in (period, before)
    )
    last = last.set_index("indicator")
    return rows.assign(
        sent_by=sent_by,
        cut_off=last_day(period),
        due_on=last_day(period) + timedelta(days=due_days),
        before=before,
        value_before=rows["indicator"].map(last["value"]),
        state_before=rows["indicator"].map(last["state"]),
    )


def reports(scope: Scope, release: int, language: str, programme: str, period: str) -> pd.DataFrame:
    """Who has reported for a half-year, as the release knows it: a row for each awaited project, by name:
    project, project_name, ``goals`` (their codes, joined by ", "), ``reported_on`` (the day of its first
    value; empty: nothing has come), ``missing`` (codes of the indicators without a value, joined by
    ", "; empty: none), demonstration, source_title.

    They are those that the figures of the country count as ``expected`` and ``reported``. Nothing here
    is protected for either audience: that a report has come tells nothing of the people in it."""
    scope.must("see_figures")
    with reading() as session:
        built = session.get_one(Release, release)
        mine = figure_measures.of_programme(basis_of(session, built), programme)
        asked = span(period)
        waiting = registers.awaited(mine.projects, asked.first, asked.last, to_date=False)
        came = holdings.first_reports(session, built.observations, period=period)
    kept = ["code", "name", "demonstration", "source_title"]
    named = network.projects(scope, release, programme, language)[kept].rename(
        columns={"code": "project", "name": "project_name"}
    )
    wanted = projects.reported(mine.indicators)["indicator"].tolist()
    rows = named[named["project"].isin(mine.projects.loc[waiting, "project"])].sort_values("project_name")
    days = came[came["indicator"].isin(wanted)].groupby("project")
    told = days["indicator"].agg(set)
    serves = mine.project_goals.groupby("project")["goal"].agg(", ".join)
    rows["goals"] = rows["project"].map(serves).fillna("")
    rows["reported_on"] = rows["project"].map(days["reported_on"].min())
    rows["missing"] = [
        ", ".join(code for code in wanted if code not in told.get(project, ())) for project in rows["project"]
    ]
    return rows.reset_index(drop=True)
