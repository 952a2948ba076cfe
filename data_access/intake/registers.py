"""Rules on projects, their areas, organisations and partnerships, and on keys of every sheet."""

from typing import Any

import pandas as pd

from data_access.intake.found import Found
from data_access.intake.known import Known
from data_access.intake.layout import SHEET_OF
from data_access.intake.overlay import keys, overlaid, withdrawn
from data_access.intake.standing import REPORTS

Rows = dict[str, pd.DataFrame]
LEANING = {
    "project": (
        ("areas", "project"),
        ("partnerships", "project"),
        *((sheet, "project") for sheet in REPORTS),
    ),
    "organisation": (("partnerships", "organisation"),),
}


def check(rows: Rows, held: Rows, about: Known, found: Found) -> None:
    """``held``: each sheet's rows against the store: ``there``, and whether that ``differs``."""
    for sheet, frame in rows.items():
        check_twice(sheet, frame, found)
        check_against_store(sheet, frame, held[sheet], found)
    if "projects" in rows:
        check_projects(rows, about, found)
    if "organisations" in rows:
        check_organisations(rows["organisations"], about, found)
    if {"projects", "partnerships"} & set(rows):
        check_partnerships(rows, about, found)
    if {"projects", "areas"} & set(rows):
        check_where(rows, about, found)
    for sheet, code in (("projects", "project"), ("organisations", "organisation")):
        if sheet in rows:
            check_still_used(sheet, code, rows, about, found)


# --- keys --------------------------------------------------------------------------------------------------


def check_twice(sheet: str, frame: pd.DataFrame, found: Found) -> None:
    """A key stands once in a file. The same row twice over does no harm, but asks to be looked at."""
    layout = SHEET_OF[sheet]
    required = [column.code for column in layout.columns if column.key and column.required]
    whole = frame[frame[required].notna().all(axis=1)]
    key = keys(whole, layout.key)
    later = key.duplicated(keep="first")
    if not later.any():
        return
    first = dict(zip(key[~later], whole.loc[~later, "row"], strict=True))
    again = whole[later].assign(first=[first[each] for each in key[later]])
    everything = keys(whole, tuple(column.code for column in layout.columns))
    same = everything.duplicated(keep="first")[later]
    column = layout.key[0]
    for level, rule, which in (("warning", "row_twice", same), ("error", "key_twice", ~same)):
        found.rows(level, rule, sheet, again[which], column, detail=lambda row: {"first": int(row.first)})


def check_against_store(sheet: str, frame: pd.DataFrame, beside: pd.DataFrame, found: Found) -> None:
    there, gone = beside["there"], withdrawn(frame)
    found.rows("warning", "nothing_to_withdraw", sheet, frame[gone & ~there], "withdraw")
    if sheet in REPORTS:
        unsaid = frame["reason"].isna() & ((gone & there) | (beside["differs"] & ~gone))
        found.rows("error", "reason_missing", sheet, frame[unsaid], "reason")


def check_still_used(sheet: str, code: str, rows: Rows, about: Known, found: Found) -> None:
    """What is withdrawn may not be named by anything that stays."""
    frame = rows[sheet]
    gone = frame[withdrawn(frame)]
    if gone.empty:
        return
    users: dict[str, int] = {}
    for other, column in LEANING[code]:
        stays = overlaid(about.standing[other], rows.get(other), other)
        for each, count in stays[column].value_counts().items():
            users[str(each)] = users.get(str(each), 0) + int(count)
    found.rows(
        "error", "still_used", sheet, gone[gone[code].isin(users)], code,
        detail=lambda row: {"count": users[getattr(row, code)]},
    )  # fmt: skip


# --- projects ----------------------------------------------------------------------------------------------


def check_projects(rows: Rows, about: Known, found: Found) -> None:
    frame = rows["projects"]
    live = frame[~withdrawn(frame)]
    check_order(live, "projects", found)
    early, ends, starts = (live[name] for name in ("ended_early", "ends", "starts"))
    outside = before(early, starts) | before(ends, early)
    found.rows("error", "ended_early_outside", "projects", live[outside], "ended_early")
    check_programme(live, about, found)
    over = early.where(early.notna(), ends)
    today = pd.Series(about.today, index=live.index)
    stale = (
        ((live["state"] == "planned") & before(starts, today))
        | ((live["state"] == "running") & before(over, today))
        | ((live["state"] == "ended") & before(today, over))
        | (early.notna() & live["state"].isin(["planned", "running"]))
    )
    found.rows("warning", "state_against_dates", "projects", live[stale], "state")
    check_names(live, overlaid(about.standing["projects"], frame, "projects"), "projects", "project", found)


def check_order(live: pd.DataFrame, sheet: str, found: Found) -> None:
    wrong = live[before(live["ends"], live["starts"])]
    found.rows(
        "error", "ends_before_start", sheet, wrong, "ends", detail=lambda row: {"starts": str(row.starts)}
    )


def before(one: pd.Series, other: pd.Series) -> pd.Series:
    """Which days lie before another; not where one is empty."""
    both = one.notna() & other.notna()
    return pd.Series(
        [bool(there and a < b) for there, a, b in zip(both, one, other, strict=True)], index=one.index
    )


def check_programme(live: pd.DataFrame, about: Known, found: Found) -> None:
    """A project lies within its programme: its time, its goals, its calls."""
    first = live["programme"].map(about.programmes["starts"].to_dict())
    last = live["programme"].map(about.programmes["ends"].to_dict())
    outside = before(live["starts"], first) | before(last, live["ends"])
    found.rows("warning", "outside_programme", "projects", live[outside], "starts")
    programme_of = about.goals["programme"].to_dict()
    pairs = live[["programme", "goals"]].itertuples(index=False)
    strange = [
        any(programme_of.get(goal, row.programme) != row.programme for goal in (row.goals or "").split())
        for row in pairs
    ]
    found.rows("error", "goal_of_other_programme", "projects", live[strange], "goals")
    of_call = live["call"].map(about.calls["programme"].to_dict())
    other = of_call.notna() & live["programme"].notna() & (of_call != live["programme"])
    found.rows("error", "call_of_other_programme", "projects", live[other], "call")


def check_names(live: pd.DataFrame, everything: pd.DataFrame, sheet: str, code: str, found: Found) -> None:
    """Two codes with one name are often one thing entered twice."""
    everything = everything[everything[code].notna() & everything["name_fi"].notna()]
    holders = everything.groupby(everything["name_fi"].str.casefold())[code].agg(set).to_dict()
    shared = {name for name, codes in holders.items() if len(codes) > 1}
    named = live[live[code].notna() & live["name_fi"].notna()]
    alike = named[named["name_fi"].str.casefold().isin(shared)]

    def other(row: Any) -> dict[str, Any]:
        return {"other": ", ".join(sorted(holders[row.name_fi.casefold()] - {getattr(row, code)}))}

    found.rows("warning", "name_twice", sheet, alike, "name_fi", detail=other)


# --- areas, organisations, partnerships -----------------------------------------------------------------


def check_where(rows: Rows, about: Known, found: Found) -> None:
    """A nationwide project has no areas of its own; any other has at least one."""
    projects = overlaid(about.standing["projects"], rows.get("projects"), "projects")
    areas = overlaid(about.standing["areas"], rows.get("areas"), "areas")
    national = set(projects.loc[projects["national"].fillna(False).astype(bool), "project"])
    told = projects.loc[projects["national"].notna() & projects["project"].notna(), "project"]
    if "projects" in rows:
        live = rows["projects"][~withdrawn(rows["projects"])]
        somewhere = live["project"].isin(areas["project"]) | live["project"].isin(national)
        nowhere = live[~somewhere & live["project"].isin(told)]
        found.rows("warning", "no_areas", "projects", nowhere, "project")
    regional = areas["area"].map(about.areas["scheme"].to_dict()) != "country"
    of_national = areas[areas["project"].isin(national) & regional & (areas["row"] > 0)]
    found.rows("warning", "national_with_areas", "areas", of_national, "project")


def check_organisations(frame: pd.DataFrame, about: Known, found: Found) -> None:
    live = frame[~withdrawn(frame)]
    everything = overlaid(about.standing["organisations"], frame, "organisations")
    numbered = everything[everything["business_id"].notna() & everything["organisation"].notna()]
    holders = numbered.groupby("business_id")["organisation"].agg(set).to_dict()
    shared = {number for number, codes in holders.items() if len(codes) > 1}
    alike = live[live["business_id"].isin(shared)]
    found.rows(
        "warning", "business_id_twice", "organisations", alike, "business_id",
        detail=lambda row: {"other": ", ".join(sorted(holders[row.business_id] - {row.organisation}))},
    )  # fmt: skip
    check_names(live, everything, "organisations", "organisation", found)


def check_partnerships(rows: Rows, about: Known, found: Found) -> None:
    everything = overlaid(about.standing["partnerships"], rows.get("partnerships"), "partnerships")
    mine = everything[everything["row"] > 0]
    check_order(mine, "partnerships", found)
    projects = overlaid(about.standing["projects"], rows.get("projects"), "projects").set_index("project")
    projects = projects[~projects.index.duplicated()]
    first = mine["project"].map(projects["starts"].to_dict())
    over = projects["ended_early"].where(projects["ended_early"].notna(), projects["ends"])
    last = mine["project"].map(over.to_dict())
    started = mine[before(mine["starts"], first) | before(last, mine["starts"])]
    found.rows("error", "partnership_outside_project", "partnerships", started, "starts")
    ended = mine[before(last, mine["ends"])]
    found.rows("error", "partnership_outside_project", "partnerships", ended, "ends")
    paid = mine["supported"].fillna(False).astype(bool) & (mine["role"] == "subcontractor")
    found.rows("warning", "supported_subcontractor", "partnerships", mine[paid], "supported")
    again = overlapping(everything, ["project", "organisation", "role"])
    found.rows("error", "partnership_overlaps", "partnerships", again, "starts")
    leads = everything[everything["role"] == "lead"]
    several = overlapping(leads, ["project"])
    several = several[~several["row"].isin(again["row"])]
    found.rows("warning", "two_leads", "partnerships", several, "organisation")


def overlapping(rows: pd.DataFrame, of: list[str]) -> pd.DataFrame:
    """The file's rows that share a day with another row of the same ``of``."""
    rows = rows[rows["starts"].notna() & rows[of].notna().all(axis=1)]
    key = keys(rows, tuple(of))
    rows = rows[key.duplicated(keep=False) & key.isin(set(key[rows["row"] > 0]))]
    told: list[Any] = []
    for _, group in rows.groupby(of):
        spans = sorted(group[["starts", "ends", "row"]].itertuples(index=False), key=lambda each: each.starts)
        reach = spans[0]
        for span in spans[1:]:
            if reach.ends is None or span.starts <= reach.ends:
                told.append(span.row if span.row > 0 else reach.row)
            if reach.ends is not None and (span.ends is None or span.ends > reach.ends):
                reach = span
    return rows[rows["row"].isin([row for row in told if row > 0])]
