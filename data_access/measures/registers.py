"""What is counted from the registers of projects and partnerships, anew for each area and goal.

Frames: ``projects`` (project, state, starts, ends: the day it really ended, withdrawn_on, national,
source, demonstration), ``partnerships`` (project, identity: one per real organisation, type, supported,
eligible, starts, source, demonstration)."""

from datetime import date

import numpy as np
import pandas as pd

from data_access.measures.aggregation import Cells, source_bits
from data_access.measures.placement import Placement


def started_by(projects: pd.DataFrame, day: date) -> np.ndarray:
    """Which projects have started by ``day``; those only planned have not."""
    return ((projects["starts"] <= day) & (projects["state"] != "planned")).to_numpy(dtype=bool)


def left_by(projects: pd.DataFrame, day: date) -> np.ndarray:
    """Which projects have been withdrawn by ``day``."""
    gone = projects["withdrawn_on"].map(lambda left: isinstance(left, date) and left <= day)
    return gone.to_numpy(dtype=bool)


def in_programme_on(projects: pd.DataFrame, day: date) -> np.ndarray:
    """Which projects have started by ``day`` and have not been withdrawn by then."""
    return started_by(projects, day) & ~left_by(projects, day)


def over_before(projects: pd.DataFrame, day: date) -> np.ndarray:
    """Which projects ended before ``day``."""
    ended = projects["ends"].map(lambda end: isinstance(end, date) and end < day)
    return ended.to_numpy(dtype=bool)


def awaited(projects: pd.DataFrame, first: date, last: date, *, to_date: bool) -> np.ndarray:
    """Which projects are expected to report for a period: the regional ones that ran in it; to date,
    all that have run and were not withdrawn. National projects act for no area and are not awaited."""
    regional = ~projects["national"].to_numpy(dtype=bool)
    gone = left_by(projects, last) if to_date else over_before(projects, first)
    return started_by(projects, last) & regional & ~gone


def expected_reports(placement: Placement, waiting: np.ndarray, day: date) -> Cells:
    """Per goal and area: ``expected``, how many of the awaited projects act there, and ``touched``, how
    many act there or only overlap the area."""
    _, inside, partly = placement.on(day)
    base = bases(placement, placement.acts[waiting], placement.goalset[waiting])
    return {"expected": placement.spread(base, inside), "touched": placement.spread(base, inside | partly)}


def bases(placement: Placement, place: np.ndarray, goals: np.ndarray) -> np.ndarray:
    """How many stand in each place and set of goals."""
    width = len(placement.serves)
    spot = place * width + goals
    return np.bincount(spot, minlength=placement.places * width).reshape(-1, width).astype("float64")


def projects_to_date(
    projects: pd.DataFrame, partnerships: pd.DataFrame, placement: Placement, day: date, period_end: date
) -> Cells:
    """Distinct projects on ``day`` per goal and area (as areas are on ``period_end``): ``projects``, of
    them ``running`` and ``national``; ``partly``: how many only overlap the area."""
    _, inside, partly = placement.on(period_end)
    there = in_programme_on(projects, day)
    running = there & ~over_before(projects, day)
    place, goals = placement.acts, placement.goalset
    cells: Cells = {
        name: placement.spread(bases(placement, place[chosen], goals[chosen]), inside)
        for name, chosen in (
            ("projects", there),
            ("running", running),
            ("national", there & placement.national),
            ("marked", there & projects["demonstration"].to_numpy(dtype=bool)),
        )
    }
    cells["partly"] = placement.spread(bases(placement, place[there], goals[there]), partly)
    spot = place[there] * len(placement.serves) + goals[there]
    shape = (placement.places, len(placement.serves))
    cells["sources"] = source_bits(
        projects["source"].to_numpy(dtype=object)[there], spot, shape, placement, inside
    )
    return cells


def organisations(
    projects: pd.DataFrame, partnerships: pd.DataFrame, placement: Placement, day: date, period_end: date
) -> Cells:
    """Distinct organisations up to ``day`` per goal and area (as areas are on ``period_end``), with the
    steps of the reconciliation: ``partnerships`` (rows), ``distinct``, ``supported`` (directly),
    ``eligible`` (for EECO18), ``undecided``, ``several_projects``; and ``type …``: how many of the distinct
    are of each type. Counted anew for each area and goal, never added."""
    _, inside, partly = placement.on(period_end)
    who = partnerships["project"].map(placement.project_index)
    there = (partnerships["starts"] <= day).to_numpy(dtype=bool) & who.notna().to_numpy()
    there[there] = in_programme_on(projects, day)[who[there].to_numpy(dtype=np.int64)]
    rows = partnerships[there].assign(who=who[there].astype("int64")).sort_values(["identity", "who"])
    at = rows["who"].to_numpy()
    place, goals = placement.acts[at], placement.goalset[at]
    owner = pd.factorize(rows["identity"], sort=True)[0]
    supported = rows["supported"].to_numpy(dtype=bool)
    first_of_project = ~rows.duplicated(["identity", "who"]).to_numpy()
    decided = rows["eligible"].to_numpy("float64")
    # An organisation that is entered under two types is of the first.
    type_of = rows.groupby("identity")["type"].transform("first").to_numpy(dtype=object)

    def counted(chosen: np.ndarray) -> np.ndarray:
        return placement.distinct(owner[chosen], place[chosen], inside)

    counts: list[dict[str, np.ndarray]] = []
    for goal in range(len(placement.goals)):
        serves = placement.serves[goals, goal] > 0
        direct = serves & supported
        counts.append(
            {
                "partnerships": counted(serves).sum(axis=0),
                "distinct": (counted(serves) > 0).sum(axis=0),
                "supported": (counted(direct) > 0).sum(axis=0),
                "eligible": (counted(direct & (decided == 1)) > 0).sum(axis=0),
                "undecided": (counted(direct & np.isnan(decided)) > 0).sum(axis=0),
                "several_projects": (counted(serves & first_of_project) > 1).sum(axis=0),
                **{
                    TYPE + each: (counted(serves & (type_of == each)) > 0).sum(axis=0)
                    for each in sorted(partnerships["type"].unique())
                },
            }
        )
    cells: Cells = {step: np.stack([each[step] for each in counts]) for step in counts[0]}
    cells["partly"] = placement.spread(bases(placement, place, goals), partly)
    marked = rows["demonstration"].to_numpy(dtype=bool)
    cells["marked"] = placement.spread(bases(placement, place[marked], goals[marked]), inside)
    spot, shape = place * len(placement.serves) + goals, (placement.places, len(placement.serves))
    cells["sources"] = source_bits(rows["source"].to_numpy(dtype=object), spot, shape, placement, inside)
    return cells


TYPE = "type "

# Aggregation → what counts it, and which of its steps is the value.
COUNTED = {
    "distinct_organisations": (organisations, "distinct"),
    "distinct_organisations_eligible": (organisations, "eligible"),
    "distinct_projects": (projects_to_date, "projects"),
}
STEPS = {
    organisations: ["partnerships", "distinct", "supported", "eligible", "undecided", "several_projects"],
    projects_to_date: ["projects", "running", "national"],
}
