"""Reporting rounds as the store stands today: who has reported for which half-year, who is late, and what
is missing for the next transmission to the EU. For stewards; that a report has come tells nothing of the
people in it."""

from datetime import date, timedelta

import pandas as pd
from sqlmodel import Session, col

from data_access import holdings
from data_access.measures import figures as figure_measures
from data_access.measures import periods, projects, registers
from data_access.measures.figures import Basis
from data_access.models import Indicator, Organisation, Partnership, Project
from data_access.queries.progress import SENT
from data_access.scope import Scope
from data_access.store import columns, frame, reading

STATES = ("reported", "incomplete", "late", "awaited")
FOUND = ["project", "period", "due_on", "reported_on", "state", "days_late", "missing"]
TOLD = ["project", "project_name", "lead", *FOUND[1:], "demonstration"]
SEPARATOR = ", "


def rounds(scope: Scope, programme: str, language: str, today: date) -> pd.DataFrame:
    """A row for each project and half-year that it is to report for, newest half-year first, then by name:
    project, project_name, ``lead`` (the leading organisation's name; empty: none is entered), period, due_on,
    ``reported_on`` (the day of its first value; empty: nothing has come), ``state``, ``days_late`` (from
    ``due_on`` to its first value, or to today where nothing has come; 0: in time), ``missing`` (codes of the
    indicators without a value, joined by ", "), demonstration.

    ``state``: *reported* (every indicator has a value), *incomplete* (some have), *late* (nothing has come
    though it was due), *awaited* (nothing has come, and it is not due yet). Due is ``report_due_days`` after
    the half-year's last day; which half-years there are, ``held`` says."""
    scope.must("load_data")
    with reading() as session:
        basis = figure_measures.of_programme(holdings.basis(session, today), programme)
        came = holdings.first_reports(session, holdings.highest_observation(session))
        about = named(session, language)
    wanted = projects.reported(basis.indicators)["indicator"].tolist()
    came = came[came["indicator"].isin(wanted) & came["project"].notna()]
    halves = held(basis, set(came["period"]), today)
    came = came.groupby(["project", "period"])
    days, told = came["reported_on"].min(), came["indicator"].agg(set)
    rows = []
    for period in halves:
        asked = periods.span(period)
        due_on = asked.last + timedelta(days=basis.thresholds["report_due_days"])
        waiting = registers.awaited(basis.projects, asked.first, asked.last, to_date=False)
        for project in basis.projects.loc[waiting, "project"]:
            day = days.get((project, period))
            missing = [code for code in wanted if code not in told.get((project, period), ())]
            late = max(((day or today) - due_on).days, 0)
            state = "incomplete" if missing else "reported"
            if day is None:
                state = "late" if late else "awaited"
            rows.append((project, period, due_on, day, state, late, SEPARATOR.join(missing)))
    found = pd.DataFrame(rows, columns=FOUND)
    found = found.merge(about, on="project", how="left").sort_values(
        ["period", "project_name"], ascending=[False, True], ignore_index=True
    )
    return found[TOLD]


def held(basis: Basis, reported: set[str], today: date) -> list[str]:
    """The half-years that have ended, from the first that anybody has reported for; where nobody has yet,
    from the start of the first project."""
    started = basis.projects[registers.started_by(basis.projects, today)]["starts"]
    if started.empty:
        return []
    codes = [code for code in periods.half_years(started.min(), today) if periods.last_day(code) < today]
    return [code for code in codes if code >= min(reported, default=code)]


def named(session: Session, language: str) -> pd.DataFrame:
    """project, project_name, lead, demonstration."""
    rows = frame(session, columns(col(Project.code).label("project"), Project.name, Project.demonstration))
    leading = columns(Partnership.project, Organisation.name).join(
        Organisation, col(Organisation.code) == Partnership.organisation
    )
    leads = frame(session, leading.where(Partnership.role == "lead").order_by(col(Partnership.starts)))
    lead_of = dict(zip(leads["project"], leads["name"], strict=True))
    rows["project_name"] = [name[language] for name in rows.pop("name")]
    rows["lead"] = [lead_of.get(project, {}).get(language, "") for project in rows["project"]]
    return rows


def round_counts(found: pd.DataFrame) -> pd.DataFrame:
    """The rounds of ``rounds``, newest first: period, due_on, ``expected``, and how many projects are in each
    of ``STATES``."""
    states = pd.crosstab([found["period"], found["due_on"]], found["state"]).reindex(columns=list(STATES))
    counts = states.fillna(0).astype("int64").assign(expected=lambda rows: rows.sum(axis=1))
    return counts.reset_index().sort_values("period", ascending=False, ignore_index=True)


def missing_for_transmission(scope: Scope, programme: str, language: str, today: date) -> pd.DataFrame:
    """Who has not told what goes into the next transmission to the EU (31 January, 31 July): the columns of
    ``rounds`` for the half-year that is sent, ``missing`` only of the EU's indicators that projects report
    (families of ``SENT``; the others are counted from registers), with ``sent_by``. Only projects that
    something is missing of."""
    scope.must("load_data")
    sent_by, period = periods.next_transmission(today)
    with reading() as session:
        query = columns(Indicator.code, Indicator.family)
        families = frame(session, query.where(Indicator.programme == programme)).set_index("code")["family"]
    found = rounds(scope, programme, language, max(today, periods.last_day(period) + timedelta(days=1)))
    found = found[found["period"] == period]
    kept = [
        SEPARATOR.join(code for code in codes.split(SEPARATOR) if families.get(code) in SENT)
        for codes in found["missing"]
    ]
    found = found.assign(missing=kept, sent_by=sent_by)
    return found[found["missing"] != ""].reset_index(drop=True)


def next_transmission(today: date) -> tuple[date, str]:
    """The day by which the next transmission to the EU is sent, and its half-year."""
    return periods.next_transmission(today)


def reminders(scope: Scope, programme: str, language: str, today: date) -> pd.DataFrame:
    """Whom to remind, the longest overdue first: project, project_name, lead, period, due_on, days_overdue
    (0: not due yet), missing. A row for each half-year that something is missing of."""
    found = rounds(scope, programme, language, today)
    found = found[found["missing"] != ""]
    overdue = [max((today - day).days, 0) for day in found["due_on"]]
    kept = ["project", "project_name", "lead", "period", "due_on", "days_overdue", "missing", "demonstration"]
    found = found.assign(days_overdue=overdue)[kept]
    return found.sort_values(["days_overdue", "project_name"], ascending=[False, True], ignore_index=True)
