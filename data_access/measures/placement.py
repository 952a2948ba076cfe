"""Where a value counts: which areas of which schemes, and which goals.

A *place* is an area, the set of areas that a project acts in, or the country as a whole. Frames:
``areas`` and ``memberships`` as in ``schemes``; ``projects`` (project, national), ``project_areas``
(project, area), ``project_goals`` (project, goal)."""

from datetime import date

import numpy as np
import pandas as pd

from data_access.measures import schemes

ALL = "all"
NOWHERE_ELSE = 0
Reach = tuple[np.ndarray, np.ndarray, np.ndarray]


class Placement:
    """The places of one programme's projects and the goals that they serve.

    ``areas`` are the codes along the last axis of every result, ``goals`` (``all`` first) along the
    one before it. A project counts in an area when one of its own areas lies inside; a national
    project, or one that names no area, counts in the country only."""

    def __init__(
        self,
        areas: pd.DataFrame,
        memberships: pd.DataFrame,
        projects: pd.DataFrame,
        project_areas: pd.DataFrame,
        project_goals: pd.DataFrame,
        goals: list[str],
    ) -> None:
        self.frame = areas
        self.areas = areas["area"].tolist()
        self.schemes = areas["scheme"].to_numpy(dtype=object)
        self.outside = ~areas["in_programme"].to_numpy(dtype=bool)
        mainland = {area for area, out in zip(self.areas, self.outside, strict=True) if not out}
        self.memberships = memberships[memberships["atom"].isin(mainland)]
        self.regimes: dict[int, Reach] = {}
        self.days: dict[date, Reach] = {}

        self.area_index = {code: number for number, code in enumerate(self.areas)}
        self.project_index = {code: number for number, code in enumerate(projects["project"])}
        self.national = projects["national"].to_numpy(dtype=bool)
        own = project_areas.groupby("project")["area"].agg(lambda codes: tuple(sorted(set(codes))))
        own = own.reindex(projects["project"])
        regional = own.map(lambda codes: isinstance(codes, tuple)).to_numpy(dtype=bool) & ~self.national
        sets = sorted({codes for codes, known in zip(own, regional, strict=True) if known})
        numbers = {codes: number for number, codes in enumerate(sets)}
        chosen = [numbers[codes] if known else -1 for codes, known in zip(own, regional, strict=True)]
        self.owns = np.zeros((len(sets), len(self.areas)), dtype=np.float32)
        for number, codes in enumerate(sets):
            self.owns[number, [self.area_index[code] for code in codes]] = 1
        at = np.array(chosen, dtype=np.int64)
        first = 1 + len(self.areas)
        # Places: the country as a whole, the areas, sets that touch by any area, sets as one whole.
        self.acts = np.where(at < 0, NOWHERE_ELSE, first + at)
        self.together = np.where(at < 0, NOWHERE_ELSE, first + len(sets) + at)

        self.goals = [ALL, *goals]
        goal_index = {code: number for number, code in enumerate(self.goals)}
        served = project_goals[project_goals["goal"].isin(goal_index)].groupby("project")["goal"]
        served = served.agg(lambda codes: tuple(sorted(set(codes)))).reindex(projects["project"])
        combinations = [(), *((goal,) for goal in goals)]
        combinations += sorted({each for each in served if isinstance(each, tuple)} - set(combinations))
        self.goalset_index = {each: number for number, each in enumerate(combinations)}
        self.goalset = np.array(
            [self.goalset_index[each] if isinstance(each, tuple) else 0 for each in served], dtype=np.int64
        )
        self.serves = np.zeros((len(combinations), len(self.goals)), dtype=np.float64)
        self.serves[:, 0] = 1
        for each, number in self.goalset_index.items():
            self.serves[number, [goal_index[goal] for goal in each]] = 1

    @property
    def places(self) -> int:
        """How many places there are."""
        return 1 + len(self.areas) + 2 * len(self.owns)

    def on(self, day: date) -> Reach:
        """On ``day``: ``there`` (areas that exist), ``inside`` and ``partly`` (place × area): the place
        lies inside the area, or only overlaps it so that nothing can be said for the area."""
        if day not in self.days:
            regime = schemes.regime(self.frame, self.memberships, day)
            if regime not in self.regimes:
                self.regimes[regime] = self.reach(day)
            self.days[day] = self.regimes[regime]
        return self.days[day]

    def reach(self, day: date) -> Reach:
        inside, partly = (
            found.reindex(index=self.areas, columns=self.areas, fill_value=False).to_numpy(dtype=np.float32)
            for found in schemes.reach(schemes.atoms_of(self.memberships, day))
        )
        touches = inside + partly
        country = (self.schemes == "country")[None, :]
        any_inside = self.owns @ inside > 0
        any_touch = self.owns @ touches > 0
        all_inside = self.owns @ (1 - inside) == 0
        found_inside = np.vstack([country, inside > 0, any_inside, all_inside])
        found_partly = np.vstack(
            [~country & False, partly > 0, any_touch & ~any_inside, any_touch & ~all_inside]
        )
        there = {
            area
            for scheme in dict.fromkeys(self.schemes)
            for area in schemes.areas_on(self.frame, scheme, day)
        }
        return np.array([area in there for area in self.areas]), found_inside, found_partly

    def acting(self, scheme: str, day: date) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The areas of a scheme (as it is on ``day``) that each project counts in, and those that it only
        overlaps: project, thing."""
        there, *reaches = self.on(day)
        columns = np.flatnonzero(there & (self.schemes == scheme))
        projects, areas = (np.array(list(codes), dtype=object) for codes in (self.project_index, self.areas))
        found = []
        for reaching in reaches:
            at, column = np.nonzero(reaching[self.acts][:, columns])
            found.append(pd.DataFrame({"project": projects[at], "thing": areas[columns][column]}))
        return found[0], found[1]

    def spread(self, base: np.ndarray, reaching: np.ndarray) -> np.ndarray:
        """Sums over places and sets of goals (place × goal set × …) as sums over goals and areas
        (goal × area × …), by ``reaching``: ``inside`` or ``partly``."""
        by_goal = np.tensordot(self.serves, base, axes=(0, 1))
        return np.tensordot(by_goal, reaching.astype(np.float64), axes=(1, 0)).swapaxes(1, -1)

    def largest(self, base: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """The largest of ``base`` (place × goal set, −inf for nothing) per goal and area."""
        serving = self.serves > 0
        by_goal = np.stack([base[:, serving[:, goal]].max(axis=1) for goal in range(len(self.goals))])
        used = np.flatnonzero(np.isfinite(by_goal).any(axis=0))
        reached = np.where(inside[None, used, :], by_goal[:, used, None], -np.inf)
        return reached.max(axis=1, initial=-np.inf)

    def distinct(self, owner: np.ndarray, place: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """owner × area: in how many of its rows (``place`` of each) an owner counts in the area.
        ``owner`` is sorted; the result has one row per owner that occurs, in order."""
        starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
        if len(owner) == 0:
            return np.zeros((0, len(self.areas)), dtype=np.int32)
        return np.add.reduceat(inside[place], starts, axis=0, dtype=np.int32)
