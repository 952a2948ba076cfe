"""Sentences about one area, by rule; as in ``sentences``, they never say more than their frame shows."""

from collections.abc import Mapping

import pandas as pd

from pages.frame.language import words
from pages.parts import amounts
from pages.parts.sentences import capitalised, listed, shown

NAMED_FIRST = ("projects", "si6", "eur_committed")
NO_PROJECTS = {"zero": "none", "not_in_programme": "outside", "cannot_be_expressed": "not_expressed"}


def profile(frame: pd.DataFrame, inside: str) -> str:
    """How many projects and organisations are at work ``inside`` the area, and what is committed."""
    place = capitalised(inside)
    found = {row.indicator: row for row in amounts.rows(frame)}
    projects = found.get("projects")
    if projects is None or projects.state != "value":
        state = "not_reported" if projects is None else projects.state
        return words(f"profile.{NO_PROJECTS.get(state, 'unknown')}", place=place)
    organisations = amounts.counted(found["si6"].value, "organisations")
    said = words("profile.lead", place=place, count=int(projects.value), organisations=organisations)
    money = found.get("eur_committed")
    if money is not None and amounts.is_shown(money):
        said += " " + words("profile.committed", money=amounts.cell(money))
    return said


def beside_country(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Projects, organisations and euros of the area, each with the country's; ``country``: its row."""
    clauses = [
        words(
            "profile.of_country",
            name=names[row.indicator],
            value=amounts.cell(row),
            country=amounts.cell(row.country),
        )
        for row in amounts.rows(frame)
        if row.indicator in NAMED_FIRST and row.country is not None and amounts.is_shown(row)
    ]
    return capitalised("; ".join(clauses)) + "." if clauses else words("profile.no_key")


def white_spots(projects: pd.DataFrame, names: Mapping[str, str], inside: str) -> str:
    """For which goals no project is at work in the area, and of which that cannot be told; ``projects``:
    their number by goal."""
    place = capitalised(inside)
    bare = [names[goal] for goal in projects.loc[projects["state"] == "zero", "goal"]]
    known = list(shown(projects)["goal"])
    dark = [names[goal] for goal in projects["goal"] if goal not in known]
    if not known:
        return words("white_spots.unknown")
    if not dark and len(bare) in (0, len(known)):
        return words("white_spots.all" if bare else "white_spots.none", place=place)
    told = [words("white_spots.some", place=place, goals=listed(bare))] if bare else []
    if dark:
        told.append(words("white_spots.dark", goals=listed(dark)))
    return " ".join(told)


def against_country(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which indicators are clearly better or worse than in the country."""
    if shown(frame).empty:
        return words("sentence.no_indicators")
    told = []
    for verdict in ("better", "worse"):
        mine = [names[code] for code in frame.loc[frame["verdict"] == verdict, "indicator"]]
        if mine:
            told.append(words(f"profile.{verdict}", names=listed(mine)))
    return " ".join(told) or words("profile.alike")


def similar(labels: list[str]) -> str:
    """Which areas are most alike, nearest first."""
    return words("similar.sentence", names=listed(labels)) if labels else words("similar.nothing")
