"""Rules on reported values, funding and targets."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from data_access.intake.found import Found
from data_access.intake.known import Known
from data_access.intake.overlay import keys, overlaid, withdrawn
from data_access.intake.standing import EURO
from data_access.measures.periods import first_day, last_day

Rows = dict[str, pd.DataFrame]
MEAN, RATIO, COUNTED_BY_US = "mean_weighted_by_n", "ratio", "distinct"
WHOLE_UNITS = ("people", "organisations", "projects")
SERIES = ("project", "indicator", "area", "goal")
INDICATOR = (
    "programme",
    "family",
    "unit",
    "scale_low",
    "scale_high",
    "aggregation",
    "time_kind",
    "frequency",
    "attribution",
)


def check(rows: Rows, about: Known, found: Found) -> None:
    projects = overlaid(about.standing["projects"], rows.get("projects"), "projects")
    projects = projects[projects["project"].notna() & ~projects["project"].duplicated()].set_index("project")
    for sheet in ("observations", "funding"):
        if sheet in rows:
            live = described(rows[sheet][~withdrawn(rows[sheet])], about)
            if sheet == "funding":
                live = live.assign(goal=None)
            check_place(sheet, live, found)
            check_programmes(sheet, live, projects, about, found)
            check_days(sheet, live, projects, about, found)
            check_numbers(sheet, live, found)
            check_series(sheet, live, about, found)
            if sheet == "observations":
                check_parts(live, found)
                check_reach(live, rows, projects, about, found)
            check_whole(sheet, rows[sheet], about, found)
    if "funding" in rows:
        check_euros(rows["funding"], projects, about, found)
    if "targets" in rows:
        check_targets(rows["targets"], about, found)


def described(rows: pd.DataFrame, about: Known) -> pd.DataFrame:
    """The rows with what their indicator says of itself (``of_…``)."""
    said = about.indicators[list(INDICATOR)].reindex(rows["indicator"]).set_axis(rows.index)
    percent = said["unit"] == "percent"
    said["scale_low"] = said["scale_low"].astype("float64").mask(percent, 0.0)
    said["scale_high"] = said["scale_high"].astype("float64").mask(percent, 100.0)
    return pd.concat([rows, said.add_prefix("of_")], axis=1)


def counted_by_us(live: pd.DataFrame) -> pd.Series:
    return live["of_aggregation"].fillna("").str.startswith(COUNTED_BY_US)


def where(day_of: Callable[[str], Any], periods: pd.Series) -> pd.Series:
    """A day of each period; none where there is no period."""
    days = {each: day_of(each) for each in periods.dropna().unique()}
    return periods.map(days).astype(object)


def later(one: pd.Series, other: pd.Series) -> pd.Series:
    """Which days lie after another; not where one is empty. Vectorised: days as numbers."""
    return (pd.to_datetime(one) > pd.to_datetime(other)).fillna(False)


# --- which sheet, programme, day ---------------------------------------------------------------------------


def check_place(sheet: str, live: pd.DataFrame, found: Found) -> None:
    """Euros stand on their own sheet; what is counted from the registers is not reported at all."""
    euros = live["of_unit"] == EURO
    counted = counted_by_us(live)
    found.rows("error", "counted_from_registers", sheet, live[counted], "indicator")
    if sheet == "observations":
        found.rows("error", "belongs_to_funding", sheet, live[euros], "indicator")
        alone = live["project"].isna() & live["of_family"].notna() & (live["of_family"] != "context")
        found.rows("error", "project_needed", sheet, live[alone & ~counted & ~euros], "project")
    else:
        wrong = live["of_unit"].notna() & ~euros & ~counted
        found.rows("error", "belongs_to_observations", sheet, live[wrong], "indicator")


def check_programmes(
    sheet: str, live: pd.DataFrame, projects: pd.DataFrame, about: Known, found: Found
) -> None:
    of_project = live["project"].map(projects["programme"].to_dict())
    other = of_project.notna() & live["of_programme"].notna() & (of_project != live["of_programme"])
    found.rows("error", "indicator_of_other_programme", sheet, live[other], "indicator")
    of_goal = live["goal"].map(about.goals["programme"].to_dict())
    mine = of_project.where(of_project.notna(), live["of_programme"])
    other = of_goal.notna() & mine.notna() & (of_goal != mine)
    found.rows("error", "goal_of_other_programme", sheet, live[other], "goal")


def check_days(sheet: str, live: pd.DataFrame, projects: pd.DataFrame, about: Known, found: Found) -> None:
    length = live["period"].str.len().map({4: "year", 6: "half_year"})
    wrong = length.notna() & live["of_frequency"].notna() & (length != live["of_frequency"])
    found.rows(
        "error", "period_of_other_length", sheet, live[wrong], "period",
        detail=lambda row: {"wanted": "2026" if row.of_frequency == "year" else "2026h1"},
    )  # fmt: skip
    first, last, told = where(first_day, live["period"]), where(last_day, live["period"]), live["reported_on"]
    today = pd.Series(about.today, index=live.index, dtype=object)
    not_begun = later(first, today)
    found.rows("error", "period_not_begun", sheet, live[not_begun], "period")
    in_future = later(told, today)
    found.rows("error", "reported_in_future", sheet, live[in_future], "reported_on")
    too_early = later(first, told) & ~not_begun
    found.rows("error", "reported_before_period", sheet, live[too_early], "reported_on")
    unfinished = later(last, told) & ~too_early & ~not_begun & ~in_future
    found.rows("warning", "reported_before_end", sheet, live[unfinished], "reported_on")
    over = projects["ended_early"].where(projects["ended_early"].notna(), projects["ends"])
    starts, ends = live["project"].map(projects["starts"].to_dict()), live["project"].map(over.to_dict())
    outside = (later(starts, last) | later(first, ends)) & ~not_begun
    found.rows("warning", "period_outside_project", sheet, live[outside], "period")


# --- numbers -----------------------------------------------------------------------------------------------


def check_numbers(sheet: str, live: pd.DataFrame, found: Found) -> None:
    value, low, high = live["value"], live["of_scale_low"], live["of_scale_high"]
    found.rows(
        "error", "outside_scale", sheet, live[(value < low) | (value > high)], "value",
        detail=lambda row: {"low": float(row.of_scale_low), "high": float(row.of_scale_high)},
    )  # fmt: skip
    negative = (value < 0) & low.isna()
    found.rows("error", "negative", sheet, live[negative], "value")
    broken = live["of_unit"].isin(WHOLE_UNITS) & (value % 1 > 0) & ~negative
    found.rows("error", "not_whole", sheet, live[broken], "value")


def check_parts(live: pd.DataFrame, found: Found) -> None:
    """What each way of putting values together needs: n for means, both parts for shares."""

    def tell(level: str, rule: str, which: pd.Series, column: str) -> None:
        found.rows(level, rule, "observations", live[which], column)

    value, top, bottom, n = live["value"], live["numerator"], live["denominator"], live["n"]
    mean, ratio = live["of_aggregation"] == MEAN, live["of_aggregation"] == RATIO
    reported = live["of_aggregation"].notna() & ~live["of_aggregation"].fillna("").str.startswith(
        COUNTED_BY_US
    )
    nobody = mean & (n == 0)
    parted = ratio & top.notna() & bottom.notna()
    told_by_parts = parted | (ratio & live["project"].notna())
    tell("error", "value_missing", value.isna() & reported & ~nobody & ~told_by_parts, "value")
    tell("error", "n_missing", mean & value.notna() & n.isna(), "n")
    tell("error", "value_without_respondents", nobody & value.notna(), "value")
    tell("error", "half_a_ratio", ratio & (top.isna() != bottom.isna()), "denominator")
    unparted = ratio & live["project"].notna() & top.isna() & bottom.isna()
    tell("error", "ratio_parts_missing", unparted, "numerator")
    tell("warning", "parts_without_use", reported & ~ratio & (top.notna() | bottom.notna()), "numerator")
    tell("error", "denominator_not_positive", bottom <= 0, "denominator")
    tell("error", "negative", top < 0, "numerator")
    tell("error", "numerator_larger", (top > bottom) & (bottom > 0), "numerator")
    tell("error", "n_below_counted", (n < bottom) & (bottom > 0), "n")
    share = 100 * top / bottom.where(bottom > 0)
    share = share.where(live["of_unit"] == "percent", share / 100)
    tell("error", "value_not_ratio", parted & value.notna() & ((value - share).abs() > 0.051), "value")


def check_reach(live: pd.DataFrame, rows: Rows, projects: pd.DataFrame, about: Known, found: Found) -> None:
    """A project reports for its own areas and goals."""
    of_project = (live["of_attribution"] == "project") & ~counted_by_us(live)
    without_use = of_project & live["area"].notna() & live["project"].notna()
    found.rows("warning", "area_without_use", "observations", live[without_use], "area")
    acts = overlaid(about.standing["areas"], rows.get("areas"), "areas")
    scheme = about.areas["scheme"].to_dict()
    acted = set(zip(acts["project"], acts["area"], strict=True))
    divided = set(zip(acts["project"], acts["area"].map(scheme), strict=True))
    pairs = list(zip(live["project"], live["area"], strict=True))
    comparable = pd.Series(
        [(project, scheme.get(area)) in divided for project, area in pairs], index=live.index
    )
    elsewhere = pd.Series([pair not in acted for pair in pairs], index=live.index)
    strange = comparable & elsewhere & live["project"].notna() & live["area"].notna() & ~without_use
    found.rows("warning", "area_not_of_project", "observations", live[strange], "area")
    goals, programme = projects["goals"].to_dict(), projects["programme"].to_dict()
    of_goal = about.goals["programme"].to_dict()
    strange = [
        bool(goal in of_goal and goals.get(project) and goal not in goals[project].split())
        and of_goal[goal] == programme[project]
        for project, goal in zip(live["project"], live["goal"], strict=True)
    ]
    found.rows("warning", "goal_not_of_project", "observations", live[strange], "goal")


def check_whole(sheet: str, rows: pd.DataFrame, about: Known, found: Found) -> None:
    """A project reports a half-year as a whole (area or goal empty) or in parts: figures add up what they
    are given, so that both would count twice. In particular, nobody who answered stands in two rows."""
    everything = overlaid(about.standing[sheet], rows, sheet)
    everything = described(everything[everything["project"].notna()].reset_index(drop=True), about)
    area, goal = everything["area"], everything.get("goal", pd.Series(None, everything.index, dtype=object))
    area = area.where(everything["of_attribution"] == "area")
    place = keys(everything, ("project", "indicator", "period"))
    mixed = area.isna().groupby(place).transform("nunique") + goal.isna().groupby(place).transform("nunique")
    some = everything[(mixed > 2) & everything["of_aggregation"].notna()]
    twice = []
    for _, each in some.groupby(place[some.index]):
        met = np.ones((len(each), len(each)), dtype=bool)
        for given in (area[each.index], goal[each.index]):
            code = pd.factorize(given)[0]
            met &= (code[:, None] < 0) | (code[None, :] < 0) | (code[:, None] == code[None, :])
        twice += each.index[met.sum(axis=1) > 1].tolist()
    both = everything.loc[twice]
    found.rows("error", "whole_and_part", sheet, both[both["row"] > 0], "area")


# --- against what was reported before -----------------------------------------------------------------


def check_series(sheet: str, live: pd.DataFrame, about: Known, found: Found) -> None:
    """Each value beside the same project's other values of the same indicator, area and goal: far from
    them, or below an earlier one of what can only grow. The thresholds are rules of the store."""
    standing = about.standing[sheet]
    columns = tuple(name for name in SERIES if name in standing.columns)
    mine = live[live["value"].notna() & live["period"].notna()]
    if mine.empty:
        return
    mine = mine.assign(series=keys(mine, columns))
    replaced = set(keys(mine, (*columns, "period")))
    history = standing[standing["value"].notna() & ~keys(standing, (*columns, "period")).isin(replaced)]
    history = history.assign(series=keys(history, columns))[["series", "period", "value"]]
    check_outliers(sheet, mine, history, about.rules, found)
    growing = mine["of_time_kind"] == "cumulative"
    if not growing.any():
        return
    both = pd.concat([history.assign(row=0), mine.loc[growing, ["series", "period", "value", "row"]]])
    both = both.sort_values(["series", "period"], kind="stable")
    both["before"] = both.groupby("series")["value"].shift()
    fell = both[(both["value"] < both["before"]) & (both["row"] > 0)]
    fallen = mine[mine["row"].isin(fell["row"])].merge(fell[["row", "before"]], on="row")
    found.rows(
        "warning", "cumulative_fell", sheet, fallen, "value", detail=lambda row: {"before": float(row.before)}
    )


def check_outliers(
    sheet: str, mine: pd.DataFrame, history: pd.DataFrame, rules: dict[str, float], found: Found
) -> None:
    """Robust against a single strange value before: held against the median of the others, and of what
    grows against the newest."""
    series = history.sort_values("period").groupby("series")["value"]
    said = series.agg(["median", "size", "last"])
    known = said.reindex(mine["series"]).set_index(mine.index)
    usual = known["last"].where(mine["of_time_kind"] == "cumulative", known["median"])
    possible = ~((mine["value"] < mine["of_scale_low"].fillna(0)) | (mine["value"] > mine["of_scale_high"]))
    enough = possible & (known["size"] >= rules["outlier_reports"])
    scored = mine["of_scale_high"].notna() & (mine["of_unit"] != "percent")
    apart = (mine["value"] - usual).abs()
    larger = np.maximum(mine["value"], usual)
    smaller = np.minimum(mine["value"], usual)
    strange = np.where(
        scored,
        apart > rules["outlier_score"],
        (larger > rules["outlier_factor"] * smaller) & (larger >= rules["outlier_smallest"]),
    )
    told = mine.assign(usual=usual)[enough & strange]
    found.rows("warning", "outlier", sheet, told, "value", detail=lambda row: {"usual": float(row.usual)})


def check_euros(frame: pd.DataFrame, projects: pd.DataFrame, about: Known, found: Found) -> None:
    """Paid ≤ committed ≤ planned for each project, area and period; and what all projects have committed
    stays within the programme's frame."""
    everything = overlaid(about.standing["funding"], frame, "funding")
    place = keys(everything, ("project", "area", "period"))
    amounts = {
        name: everything.assign(place=place)[everything["indicator"] == name].drop_duplicates(
            "place", keep="last"
        )
        for name in ("eur_planned", "eur_committed", "eur_paid")
    }
    for small, large in (("eur_committed", "eur_planned"), ("eur_paid", "eur_committed")):
        limits = amounts[large][["place", "value", "row"]].rename(
            columns={"value": "limit", "row": "limit_row"}
        )
        pairs = amounts[small].merge(limits, on="place")
        pairs["row"] = pairs["row"].where(pairs["row"] > 0, pairs["limit_row"])
        over = pairs[(pairs["value"] > pairs["limit"]) & (pairs["row"] > 0)]
        rule = f"{small.removeprefix('eur_')}_over_{large.removeprefix('eur_')}"
        found.rows("error", rule, "funding", over, "value", detail=lambda row: {"limit": float(row.limit)})
    committed = amounts["eur_committed"].sort_values("period")
    committed = committed[committed["value"].notna()]
    newest = committed[~keys(committed, ("project", "area")).duplicated(keep="last")]
    national = projects["national"].to_dict()
    regional = newest[[national.get(project) is not True for project in newest["project"]]]
    total = regional.groupby(regional["project"].map(projects["programme"].to_dict()))["value"].sum()
    for programme, limit in about.frames.items():
        spent = float(total.get(programme, 0.0))
        if spent > limit:
            found.add("warning", "over_frame", "funding", None, "value", spent, limit=limit)


def check_targets(frame: pd.DataFrame, about: Known, found: Found) -> None:
    live = described(frame[~withdrawn(frame)], about)
    check_numbers("targets", live, found)
    of_goal = live["goal"].map(about.goals["programme"].to_dict())
    other = of_goal.notna() & live["of_programme"].notna() & (of_goal != live["of_programme"])
    found.rows("error", "goal_of_other_programme", "targets", live[other], "goal")
    today = pd.Series(about.today, index=live.index, dtype=object)
    found.rows("error", "set_in_future", "targets", live[later(live["set_on"], today)], "set_on")
    ends = live["of_programme"].map(about.programmes["ends"].to_dict()).astype(object)
    found.rows("warning", "due_after_programme", "targets", live[later(live["due"], ends)], "due")
    unmeasured = (live["kind"] == "baseline") & later(live["due"], today)
    found.rows("error", "baseline_in_future", "targets", live[unmeasured], "due")
