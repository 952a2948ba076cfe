"""Where a value stands on the way to its target, and whether there is evidence enough to say so."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data_access.measures.periods import TO_DATE, last_day

STATUSES = (
    "reached",
    "on_course",
    "behind",
    "far_behind",
    "moving_away",
    "no_target",
    "not_enough_evidence",
)
PATH = [
    "baseline",
    "baseline_due",
    "milestone",
    "milestone_due",
    "target",
    "target_due",
    "committed",
    "expected_now",
    "share_of_path",
    "status",
    "gap",
]
OF = ["indicator", "goal", "area"]


def path_on(day: date, steps: list[tuple[date, float]]) -> float | None:
    """The value expected on ``day``, read off the straight lines through ``steps`` (day, value):
    baseline, milestone, target. Before the first step there is nothing to expect; after the last
    one the target stays."""
    ordered = sorted(steps)
    if len(ordered) < 2 or day < ordered[0][0]:
        return None
    return float(np.interp(day.toordinal(), [d.toordinal() for d, _ in ordered], [v for _, v in ordered]))


def share_of_path(value: float, baseline: float, expected_now: float) -> float | None:
    """(value − baseline) / (expected now − baseline); ``None`` where the path has not begun."""
    return None if expected_now == baseline else (value - baseline) / (expected_now - baseline)


def upwards(target: float, baseline: float, direction: str = "up") -> bool:
    """Whether more is good: the target's side of the baseline, or what is declared where they agree."""
    return target > baseline or (target == baseline and direction != "down")


def status(
    value: float | None,
    expected_now: float | None,
    target: float | None,
    baseline: float | None,
    *,
    direction: str = "up",
    on_course: float,
    behind: float,
) -> str:
    """The word for a value on its path, by the thresholds ``on_course`` and ``behind`` of the share of
    path. Before the baseline's day there is nothing to be measured against (*no_target*); on it, the
    value is on course unless it is already worse than the baseline."""
    if target is None or baseline is None or expected_now is None:
        return "no_target"
    if value is None:
        return "not_enough_evidence"
    sign = 1 if upwards(target, baseline, direction) else -1
    if (value - target) * sign >= 0:
        return "reached"
    share = share_of_path(value, baseline, expected_now)
    if share is None:
        return "on_course" if (value - baseline) * sign >= 0 else "moving_away"
    if share < 0:
        return "moving_away"
    return "on_course" if share >= on_course else "behind" if share >= behind else "far_behind"


def gap(row: Any, expected_now: float | None, up: bool) -> float | None:
    """How many are missing from what is expected now (negative: ahead): organisations, people, euros
    of a count; people of a share's denominator; of a mean, respondents who would have to answer one
    step better. A part of one is one."""
    if expected_now is None or pd.isna(row.value):
        return None
    missing = (expected_now - row.value) * (1 if up else -1)
    if row.aggregation == "mean_weighted_by_n":
        missing *= row.n
    elif row.aggregation == "ratio":
        missing *= row.denominator / 100
    return None if pd.isna(missing) else float(np.ceil(round(missing, 9))) + 0.0


class Way(NamedTuple):
    """The target rows in force for one figure: (day, value) by kind, milestones in order of day."""

    baseline: tuple[date, float] | None
    milestones: list[tuple[date, float]]
    target: tuple[date, float] | None
    committed: float | None

    def steps(self) -> list[tuple[date, float]]:
        return [step for step in (self.baseline, *self.milestones, self.target) if step is not None]


def ways(targets: pd.DataFrame) -> dict[tuple[str, str, str], Way]:
    """(indicator, goal, area) → its way, from rows of indicator, goal, area, kind, due, value in the
    order in which they were decided: of two baselines or targets the later decision holds."""
    found: dict[tuple[str, str, str], dict[str, list[tuple[date, float]]]] = {}
    rows = targets[[*OF, "kind", "due", "value"]].to_numpy(dtype=object).tolist()
    for indicator, goal, area, kind, due, value in rows:
        kinds = found.setdefault((indicator, goal, area), {})
        kinds.setdefault(kind, []).append((due, float(value)))
    nothing: list[tuple[date, float] | None] = [None]
    return {
        key: Way(
            kinds.get("baseline", nothing)[-1],
            sorted(kinds.get("milestone", [])),
            kinds.get("target", nothing)[-1],
            kinds["committed"][-1][1] if "committed" in kinds else None,
        )
        for key, kinds in found.items()
    }


def judgement(row: Any, way: Way, rules: dict[str, float], as_of: date) -> dict[str, Any]:
    """``PATH`` of one figure."""
    found: dict[str, Any] = dict.fromkeys(PATH) | {"committed": way.committed, "status": "no_target"}
    if way.baseline is None or way.target is None:
        return found
    at = as_of if row.period == TO_DATE else min(last_day(row.period), as_of)
    ahead = [step for step in way.milestones if step[0] >= at] or way.milestones[-1:]
    shown = {"baseline": way.baseline, "target": way.target, "milestone": ahead[0] if ahead else None}
    for kind, step in shown.items():
        if step is not None:
            found |= {f"{kind}_due": step[0], kind: step[1]}
    expected = path_on(at, way.steps())
    value = None if pd.isna(row.value) else float(row.value)
    known = value is not None and expected is not None
    return found | {
        "expected_now": expected,
        "share_of_path": share_of_path(value, way.baseline[1], expected) if known else None,
        "gap": gap(row, expected, upwards(way.target[1], way.baseline[1], row.direction)),
        "status": status(
            value,
            expected,
            way.target[1],
            way.baseline[1],
            direction=row.direction,
            on_course=rules["status_on_course"],
            behind=rules["status_behind"],
        ),
    }


def judged(found: pd.DataFrame, targets: pd.DataFrame, rules: dict[str, float], as_of: date) -> pd.DataFrame:
    """Adds ``PATH``: the way to the target, the share of it that was gone, and the status, or the veto
    of the evidence. ``targets``: those in force (columns: ``ways``)."""
    known = ways(targets)
    with_way = found[pd.MultiIndex.from_frame(found[OF]).isin(list(known))]
    asked = with_way[[*OF, "period", "value", "n", "denominator", "direction", "aggregation"]]
    rows = [
        judgement(row, known[row.indicator, row.goal, row.area], rules, as_of)
        for row in asked.itertuples(index=False)
    ]
    found = found.join(pd.DataFrame(rows, columns=PATH, index=with_way.index))
    found["status"] = found["status"].astype(object).where(found["status"].notna(), "no_target")
    vetoed = ~evidence_is_enough(found, as_of, rules) & (found["status"] != "no_target")
    found["status"] = found["status"].mask(vetoed, "not_enough_evidence")
    return found


def clocks(lead: pd.DataFrame, money: pd.DataFrame, *, time: float, on_course: float) -> pd.DataFrame:
    """The three clocks of each goal, as shares, beside its lead figure: ``time`` gone; ``paid``, of what is
    committed; ``result``, the part of the way from baseline to target that is behind it, and ``by_now``,
    the part that should be. ``laggards``: the clocks that are furthest behind, *money* against time and
    *result* against ``by_now``; none where each has come ``on_course`` of what is due.

    ``lead``: one figure per goal; ``money``: eur_committed and eur_paid of the same period. Without enough
    evidence there is no result."""
    sums = money.pivot(index="goal", columns="indicator", values="value").reindex(lead["goal"])
    sums = sums.reindex(columns=["eur_committed", "eur_paid"]).set_axis(lead.index)
    known = lead["value"].notna() & ~lead["status"].isin(["no_target", "not_enough_evidence"])
    way = (lead["target"] - lead["baseline"]).where(known)
    found = lead.assign(
        time=time,
        paid=sums["eur_paid"] / sums["eur_committed"].where(sums["eur_committed"] > 0),
        result=(lead["value"] - lead["baseline"]) / way,
        by_now=(lead["expected_now"] - lead["baseline"]) / way,
    )
    return found.assign(laggards=[laggards(row, on_course) for row in found.itertuples()])


def laggards(row: Any, on_course: float) -> list[str]:
    """The clocks that have come the smallest part of what is due now, to a whole per cent alike."""
    due = {"money": (row.paid, row.time), "result": (row.result, row.by_now)}
    come = {
        name: round(is_now / now, 2) for name, (is_now, now) in due.items() if is_now == is_now and now > 0
    }
    if row.status == "reached":
        come.pop("result", None)
    late = {name: share for name, share in come.items() if share < on_course}
    return [name for name, share in late.items() if share == min(late.values())]


def evidence_is_enough(figures: pd.DataFrame, as_of: date, rules: dict[str, float]) -> pd.Series:
    """Whether enough of those expected have reported, recently enough for the figure's period, from
    enough respondents.

    ``figures``: period, reported, expected, newest (day of the newest report), n, person_data. A figure
    that nobody has to report (``expected`` empty) comes from a register and needs no veto."""
    registered = figures["expected"].isna()
    covered = figures["reported"] >= figures["expected"] * rules["evidence_coverage"]
    codes = figures["period"].unique()
    ends = {code: as_of if code == TO_DATE else min(last_day(code), as_of) for code in codes}
    newest = pd.to_datetime(figures["newest"])
    age = (pd.to_datetime(figures["period"].map(ends)) - newest).dt.days
    fresh = age <= rules["evidence_age_days"]
    asked = (figures["person_data"] != "respondents") | (figures["n"] >= rules["evidence_respondents"])
    return registered | (covered & fresh & asked & (figures["expected"] > 0))
