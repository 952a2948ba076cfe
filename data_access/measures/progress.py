"""Where a value stands on the way to its target, and whether there is evidence enough to say so."""

from datetime import date

import numpy as np
import pandas as pd

STATUSES = (
    "reached",
    "on_course",
    "behind",
    "far_behind",
    "moving_away",
    "no_target",
    "not_enough_evidence",
)


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


def status(
    value: float | None,
    share: float | None,
    target: float | None,
    baseline: float | None,
    *,
    on_course: float,
    behind: float,
) -> str:
    """The word for a share of path, by the thresholds ``on_course`` and ``behind``. Whether more or
    less is good follows from the target's side of the baseline."""
    if target is None or baseline is None:
        return "no_target"
    if value is None:
        return "not_enough_evidence"
    if (value - target) * (1 if target >= baseline else -1) >= 0:
        return "reached"
    if share is None:
        return "no_target"
    if share < 0:
        return "moving_away"
    return "on_course" if share >= on_course else "behind" if share >= behind else "far_behind"


def evidence_is_enough(figures: pd.DataFrame, day: date, rules: dict[str, float]) -> pd.Series:
    """Whether enough of those expected have reported, recently enough, from enough respondents.

    ``figures``: reported, expected, newest (day of the newest report), n, person_data. A figure
    that nobody has to report (``expected`` empty) comes from a register and needs no veto."""
    registered = figures["expected"].isna()
    covered = figures["reported"] >= figures["expected"] * rules["evidence_coverage"]
    age = figures["newest"].map(lambda newest: (day - newest).days if isinstance(newest, date) else np.inf)
    fresh = age <= rules["evidence_age_days"]
    asked = (figures["person_data"] != "respondents") | (figures["n"] >= rules["evidence_respondents"])
    return registered | (covered & fresh & asked & (figures["expected"] > 0))
