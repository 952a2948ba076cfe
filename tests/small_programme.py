"""A programme small enough to reckon by hand, in the real areas of the reference data."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from data_access import reference
from data_access.measures import disclosure
from data_access.measures.figures import Basis, finished, measured
from data_access.settings import SAMPLE_DATA

OBSERVATION = ["id", "project", "area", "goal", "period", "value", "numerator", "denominator", "n"]
OBSERVATION += ["identical_answers", "reported_on", "source", "demonstration", "indicator"]
PROJECT = ["project", "programme", "state", "starts", "ends", "national", "source", "demonstration"]
PARTNERSHIP = ["id", "project", "organisation", "supported", "starts", "source", "demonstration"]


@lru_cache
def rows_of(table: str) -> pd.DataFrame:
    """A table of the reference data, checked, as a frame; for reading."""
    path = SAMPLE_DATA / "reference" / f"{table}.csv"
    rows = reference.checked(reference.TABLES[table], reference.read_rows(path), path.name)
    return pd.DataFrame(rows).astype(object).where(lambda frame: frame.notna(), None)


@dataclass
class Programme:
    """Projects, partnerships, reports and targets of ``esf51``; ``figures`` makes every figure of it."""

    as_of: date = date(2026, 9, 30)
    projects: list[dict] = field(default_factory=list)
    acts: list[tuple[str, str]] = field(default_factory=list)
    serves: list[tuple[str, str]] = field(default_factory=list)
    partnerships: list[dict] = field(default_factory=list)
    reports: list[dict] = field(default_factory=list)
    targets: list[dict] = field(default_factory=list)
    breaks: list[dict] = field(default_factory=list)
    # Every breakdown of people is published, more than the programme itself allows.
    rules: dict[str, float] = field(default_factory=lambda: {"people_goals_areas": 1.0})
    registers: bool = False
    # Only the areas of these atoms, and only these goals; all of the reference data where none is named.
    atoms: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()

    def project(self, code: str, *areas: str, goals: tuple[str, ...] = ("g1",), **said: Any) -> None:
        row: dict[str, Any] = {
            "project": code,
            "programme": "esf51",
            "state": "running",
            "starts": date(2024, 7, 1),
        }
        row |= {"ends": None, "withdrawn_on": None, "national": not areas, "source": "theme"}
        self.projects.append(row | {"demonstration": False} | said)
        self.acts += [(code, area) for area in areas]
        self.serves += [(code, goal) for goal in goals]

    def report(self, indicator: str, project: str | None, area: str | None, period: str, **said: Any) -> None:
        row = dict.fromkeys(OBSERVATION) | {"id": len(self.reports) + 1, "identical_answers": False}
        year, half = int(period[:4]), period[4:]
        reported_on = date(year, 7, 15) if half == "h1" else date(year + 1, 1, 15)
        row |= {"indicator": indicator, "project": project, "area": area, "period": period}
        self.reports.append(
            row | {"reported_on": reported_on, "source": "theme", "demonstration": False} | said
        )

    def partner(self, project: str, identity: str, **said: Any) -> None:
        row = {"id": len(self.partnerships) + 1, "project": project, "organisation": identity}
        row |= {
            "identity": identity,
            "type": "municipality",
            "supported": True,
            "eligible": 1.0,
            "starts": date(2024, 7, 1),
        }
        self.partnerships.append(row | {"source": "theme", "demonstration": False} | said)

    def target(self, indicator: str, kind: str, value: float, due: date, **said: Any) -> None:
        row: dict[str, Any] = {
            "id": len(self.targets) + 1,
            "indicator": indicator,
            "goal": "all",
            "area": "fi",
            "kind": kind,
        }
        self.targets.append(row | {"due": due, "value": value} | said)

    def basis(self) -> Basis:
        indicators = rows_of("indicators").rename(columns={"code": "indicator"})
        used = {row["indicator"] for row in [*self.reports, *self.targets]}
        used |= {"si6", "eeco18", "projects"} if self.registers or self.partnerships else set()
        numbers = {"scale_low": "float64", "scale_high": "float64"}
        rules = rows_of("rules")[["code", "value"]].astype({"value": "float64"})
        rules["value"] = rules["code"].map(self.rules).fillna(rules["value"])
        goals = rows_of("goals").rename(columns={"code": "goal"})[["goal", "programme"]]
        areas, memberships = rows_of("areas").rename(columns={"code": "area"}), rows_of("memberships")
        if self.atoms:
            memberships = memberships[memberships["atom"].isin(self.atoms)]
            areas = areas[areas["area"].isin(memberships["area"])]
        return Basis(
            indicators=indicators[indicators["indicator"].isin(used)].astype(numbers),
            goals=goals[goals["goal"].isin(self.goals)] if self.goals else goals,
            projects=table(self.projects, [*PROJECT, "withdrawn_on"]),
            project_areas=pd.DataFrame(self.acts, columns=["project", "area"]),
            project_goals=pd.DataFrame(self.serves, columns=["project", "goal"]),
            partnerships=table(self.partnerships, [*PARTNERSHIP, "identity", "eligible", "type"]),
            areas=areas,
            memberships=memberships,
            breaks=table(self.breaks, ["indicator", "period"]),
            targets=table(self.targets, ["id", "indicator", "goal", "area", "kind", "due", "value"]),
            rules=rules,
            as_of=self.as_of,
        )

    def observations(self, indicator: str) -> pd.DataFrame:
        rows = table(self.reports, OBSERVATION)
        numbers = dict.fromkeys(["value", "numerator", "denominator", "n"], "float64")
        return rows[rows["indicator"] == indicator].astype(numbers).reset_index(drop=True)

    def measured(self) -> pd.DataFrame:
        return measured(self.basis(), self.observations)

    def figures(self) -> pd.DataFrame:
        """Every figure, by indicator, area, period and goal."""
        basis = self.basis()
        found = self.measured()
        found["hidden"] = disclosure.small_counts(found, low=1, high=4)
        return finished(found, basis).set_index(["indicator", "area", "period", "goal"]).sort_index()


def table(rows: list[dict], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns, dtype=object)
