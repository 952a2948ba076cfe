"""The projects one by one, as a release knew them: the register, and what each has told of itself.

Nothing here is about people: what a single project tells of them is published to nobody. Names of areas,
goals, calls, indicators and sources are today's."""

from datetime import date, timedelta

import pandas as pd
from sqlmodel import col, func, select

from data_access import holdings
from data_access.measures import periods, registers, schemes
from data_access.measures import projects as project_measures
from data_access.measures.periods import TO_DATE, Span, span
from data_access.models import Area, Call, Figure, Release
from data_access.queries import network, reference
from data_access.release_basis import basis_of_project, parts_of, rules_of
from data_access.scope import Scope
from data_access.store import reading

EUROS = ("eur_planned", "eur_committed", "eur_paid")
KEPT = ("project_details", "project_euros", "project_goals", "project_areas", "memberships")
KEPT += ("partnerships", "roles", "organisation_names")
REGISTER = ["code", "name", "state", "starts", "ends", "national", "demonstration", "goals", "goal_codes"]
REGISTER += ["areas", "area_codes", "lead", "partners", "organisations", *EUROS, "paid_share", "call"]
REGISTER += ["funding_area", "home_area", "led_elsewhere", "ends_soon", "certainty", "direction"]
REGISTER += ["source_title"]
PARTNER = ["organisation", "identity", "organisation_name", "type", "role", "supported", "starts", "ends"]
PARTNER += ["demonstration", "source_title"]
OWN = ["indicator", "period", "state", "value", "n", "reported_on", "demonstration", "source_title"]
REPORT = ["period", "due_on", "state", "reported_on", "missing"]


def register(scope: Scope, release: int, programme: str, language: str) -> pd.DataFrame:
    """The projects of a programme by start and code: the columns of ``network.projects``, and goal_codes,
    area_codes (joined by ", "), lead and partners (names of the lead and of all organisations, joined by
    "; "), organisations (how many distinct ones there have been), eur_planned, eur_committed, eur_paid
    (euros to date; empty: not reported), paid_share (of the committed), call, funding_area and home_area
    (of the lead; names), led_elsewhere (whether the lead's home lies outside the areas where it acts; empty:
    not known, or national), ends_soon (``measures.projects.ends_soon``, seen from the release's last day),
    certainty, direction (empty: not known). ``demonstration``: the project or its euros are invented."""
    scope.must("see_figures")
    with reading() as session:
        parts = parts_of(session, release, *KEPT)
        day = session.get_one(Release, release).as_of
    rows = network.projects(scope, release, programme, language)
    rows = rows.merge(parts["project_details"].rename(columns={"project": "code"}), on="code")
    inside, _ = schemes.reach(schemes.atoms_of(parts["memberships"], day))
    elsewhere = led_elsewhere(parts["project_areas"], rows.set_index("code")["home_area"], inside)
    partners = with_names(parts["partnerships"], parts["roles"], parts["organisation_names"], language)
    first_of = partners.drop_duplicates(["project", "identity"]).groupby("project")
    euros = parts["project_euros"]
    sums = euros.pivot(index="project", columns="indicator", values="value").reindex(columns=EUROS)
    invented = rows["code"].isin(euros.loc[euros["demonstration"], "project"])
    labels = reference.table(scope, Area, language, "position").set_index("code")["label"]
    calls = reference.table(scope, Call, language, "position").set_index("code")["name"]
    return rows.assign(
        goal_codes=rows["code"].map(parts["project_goals"].groupby("project")["goal"].agg(", ".join)),
        area_codes=rows["code"].map(parts["project_areas"].groupby("project")["area"].agg(", ".join)),
        lead=rows["code"].map(joined_names(partners[partners["role"] == "lead"])),
        partners=rows["code"].map(joined_names(partners)),
        organisations=rows["code"].map(first_of.size()).fillna(0).astype("int64"),
        **{code: rows["code"].map(sums[code]).astype("float64") for code in EUROS},
        paid_share=rows["code"].map(sums["eur_paid"] / sums["eur_committed"]).astype("float64"),
        call=rows["call"].map(calls),
        funding_area=rows["funding_area"].map(labels),
        home_area=rows["home_area"].map(labels),
        led_elsewhere=rows["code"].map(elsewhere).where(~rows["national"]).astype(object),
        ends_soon=project_measures.ends_soon(rows, day),
        demonstration=rows["demonstration"] | invented,
    )[REGISTER]


def facets(scope: Scope, release: int, programme: str) -> pd.DataFrame:
    """How many projects there are in each place of the OECD's innovation facets, and what has been committed
    to them, as columns of ``measures.projects.facets``."""
    return project_measures.facets(register(scope, release, programme, "fi"))


def with_names(rows: pd.DataFrame, roles: pd.DataFrame, names: pd.DataFrame, language: str) -> pd.DataFrame:
    """Partnerships with their roles and organisation_name, those that lead first, then by start."""
    rows = rows.merge(roles, on="id")
    rows["organisation_name"] = network.named(
        rows["organisation"], names.set_index("organisation")["name"], language
    )
    follows = rows["role"] != "lead"
    return rows.assign(follows=follows).sort_values(["follows", "starts", "id"], ignore_index=True)


def joined_names(rows: pd.DataFrame) -> pd.Series:
    """Per project the names of its organisations, each once, joined by "; "."""
    once = rows.drop_duplicates(["project", "identity"])
    return once["organisation_name"].groupby(once["project"]).agg("; ".join)


def led_elsewhere(rows: pd.DataFrame, homes: pd.Series, inside: pd.DataFrame) -> pd.Series:
    """Per project whether its lead's home lies in none of the areas where it acts (``rows``: project,
    area); projects whose lead's home is not known are left out. ``inside`` as ``schemes.reach`` gives it."""
    known = rows.assign(home=rows["project"].map(homes)).dropna(subset="home")
    within = inside.stack()
    pairs = zip(known["home"], known["area"], strict=True)
    at_home = [bool(within.get(pair, False)) for pair in pairs]
    return ~pd.Series(at_home, index=known["project"], dtype=bool).groupby(level=0).any()


def places(scope: Scope, release: int, area: str) -> pd.DataFrame:
    """Which regional projects act in one area of any scheme, as it is on the release's last day: project,
    inside (false: it acts in a larger area that this is a part of, so that nobody can say). As the count
    of projects in an area is made; one that acts elsewhere has no row."""
    scope.must("see_figures")
    with reading() as session:
        parts = parts_of(session, release, "projects", "project_areas", "memberships", "areas")
        day = session.get_one(Release, release).as_of
    mainland = parts["areas"].loc[parts["areas"]["in_programme"], "area"]
    members = parts["memberships"]
    inside, partly = schemes.reach(schemes.atoms_of(members[members["atom"].isin(mainland)], day))
    national = parts["projects"].loc[parts["projects"]["national"], "project"]
    rows = parts["project_areas"]
    rows = rows[~rows["project"].isin(national)]
    if area not in inside.columns:
        return pd.DataFrame({"project": pd.Series(dtype=object), "inside": pd.Series(dtype=bool)})
    touching = rows["area"].map(inside[area] | partly[area]).fillna(False).astype(bool)
    found = rows[touching].assign(inside=rows["area"].map(inside[area]))
    return found.groupby("project", as_index=False)["inside"].any()


def latest_due(scope: Scope, release: int) -> str:
    """The newest half-year whose reports were due by the release's last day."""
    scope.must("see_figures")
    with reading() as session:
        day = session.get_one(Release, release).as_of
        return periods.latest_due(day, rules_of(session, release)["report_due_days"])


def partners(scope: Scope, release: int, project: str, language: str) -> pd.DataFrame:
    """The partnerships of one project, the lead first, then by start: organisation, identity (one per
    real organisation), organisation_name, type, role, supported, starts, ends (empty: goes on),
    demonstration, source_title."""
    scope.must("see_figures")
    with reading() as session:
        parts = parts_of(session, release, "partnerships", "roles", "organisation_names")
    mine = parts["partnerships"][parts["partnerships"]["project"] == project]
    rows = with_names(mine, parts["roles"], parts["organisation_names"], language)
    titles = reference.sources(scope, language).set_index("code")["title"]
    return rows.assign(source_title=rows["source"].map(titles))[PARTNER]


def own_values(scope: Scope, release: int, language: str, project: str) -> pd.DataFrame:
    """What one project has told of itself by half-year and to date: indicator, period, state (*value*,
    *zero* or *not_published*), value, n, reported_on, demonstration, source_title. Half-years without a
    report of an indicator have no row; SI6, which is counted from its partners, has one for each that has
    ended. An indicator about people has one row without a value, for either audience.

    Made from the observations that the release was made from, as its figures were. Raises KeyError for a
    project that the release does not know."""
    scope.must("see_figures")
    with reading() as session:
        built = session.get_one(Release, release)
        mine = basis_of_project(session, built, project)
        observations = holdings.current_observations(session, built.observations, project=project)
        halves = [span(code) for code in project_measures.half_years(mine)]
        told = project_measures.own_values(mine, observations, [*halves, Span(TO_DATE, date.min, mine.as_of)])
    ended = [each for each in halves if each.last <= mine.as_of]
    partners = project_measures.organisations(mine, ended).assign(indicator="si6")
    found = pd.concat([told.drop(columns="project"), partners], ignore_index=True)
    titles = reference.sources(scope, language).set_index("code")["title"]
    found["source_title"] = ["; ".join(titles[code] for code in codes) for codes in found.pop("sources")]
    found["state"] = (found["value"] == 0).map({True: "zero", False: "value"})
    awaited = project_measures.reported(mine.indicators)
    withheld = awaited.loc[project_measures.about_people(awaited), "indicator"]
    kept_back = {"period": TO_DATE, "state": "not_published", "demonstration": False}
    return pd.concat([found, pd.DataFrame({"indicator": withheld}).assign(**kept_back)], ignore_index=True)[
        OWN
    ]


def reports(scope: Scope, release: int, project: str) -> pd.DataFrame:
    """Whether one project has reported, by half-year from its start (or from the first that any project
    has reported for) to the release's last day: period, due_on, state (*came*, *missing*, *not_yet_due*;
    *not_applicable*: no report is expected), reported_on (day of its first value; empty: nothing has come),
    missing (codes of the indicators without a value, joined by ", ").

    Nothing here is protected for either audience, as in ``progress.reports``."""
    scope.must("see_figures")
    with reading() as session:
        built = session.get_one(Release, release)
        mine = basis_of_project(session, built, project)
        came = holdings.first_reports(session, built.observations, project=project)
        wanted = project_measures.reported(mine.indicators)["indicator"].tolist()
        begun = select(func.min(Figure.period)).where(
            Figure.release == release,
            col(Figure.indicator).in_(wanted),
            col(Figure.period).contains("h"),
        )
        first = session.exec(begun).one() or ""
    came = came[came["indicator"].isin(wanted)].groupby("period")
    days, told = came["reported_on"].min(), came["indicator"].agg(set)
    rows = []
    for code in project_measures.half_years(mine):
        if code < first:
            continue
        asked = span(code)
        expected = registers.awaited(mine.projects, asked.first, asked.last, to_date=False).item()
        due_on = asked.last + timedelta(days=mine.thresholds["report_due_days"])
        unanswered = "missing" if due_on <= mine.as_of else "not_yet_due"
        state = "came" if code in days else unanswered if expected else "not_applicable"
        lacking = [each for each in wanted if each not in told.get(code, ())] if expected else []
        rows.append((code, due_on, state, days.get(code), ", ".join(lacking)))
    return pd.DataFrame(rows, columns=REPORT)
