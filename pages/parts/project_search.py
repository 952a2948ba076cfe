"""What the reader asks the list of projects for, by the link, and which projects that is."""

from typing import NamedTuple

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.frame.language import alphabetical, words
from pages.frame.texts import LANGUAGES
from pages.parts import cached, filters
from pages.parts.view import PROGRAMME, View

ALL = "all"
STARTED = "started"
STATES = ("planned", "running", "ended", "withdrawn")
FACETS = {
    "enhancement": ("certain", "directed"),
    "mission": ("uncertain", "directed"),
    "adaptive": ("certain", "undirected"),
    "anticipatory": ("uncertain", "undirected"),
}
"""Facet → certainty and direction of the projects in it (OECD, Observatory of Public Sector Innovation:
innovation facets)."""
ONLY = ("missing", "ending", "elsewhere")
ORDERS = {
    "name": ("alphabet", True),
    "starts": ("starts", False),
    "ends": ("ends", True),
    "committed": ("eur_committed", False),
    "paid_share": ("paid_share", True),
    "organisations": ("organisations", False),
}
"""Order → the column that decides, and whether the smallest comes first."""


class Wanted(NamedTuple):
    """What the reader asks the list for."""

    text: str
    goal: str
    area: str
    state: str
    facet: str
    only: str
    order: str


NOTHING_ASKED = {"q": "", "goal": ALL, "area": "", "state": ALL, "facet": ALL, "only": ALL, "leaf": "1"}


def choose(reader: View) -> Wanted:
    """The row of choices: a search, what narrows the list, and its order."""
    goals = cached.goals(reader.scope, PROGRAMME, reader.language).set_index("code")["short"].to_dict()
    states = {code: words(f"project_state.{code}") for code in STATES}
    every = {ALL: words("register.every")}

    def choice(name: str, options: dict[str, str], default: str = ALL) -> str:
        label = words(f"register.choose_{name}")
        return filters.choose(name, options, default=default, label=label, leaf="leaf")

    with st.container(horizontal=True, key="choices", vertical_alignment="bottom"):
        return Wanted(
            text=filters.write("q", label=words("register.search"), hint=words("register.hint"), leaf="leaf"),
            goal=choice("goal", {ALL: words("filters.all_goals"), **goals}),
            area=choice(
                "area", {"": words("register.everywhere"), **area_names(reader.scope, reader.language)}, ""
            ),
            state=choice("state", {**every, STARTED: words("register.started"), **states}),
            facet=choice("facet", {**every, **{code: words(f"facet.{code}") for code in FACETS}}),
            only=choice("only", {**every, **{code: words(f"register.only_{code}") for code in ONLY}}),
            order=choice("order", {code: words(f"register.by_{code}") for code in ORDERS}, "name"),
        )


def area_names(scope: Scope, language: str) -> dict[str, str]:
    """The areas of every division below the country, in order; their labels carry the kind."""
    schemes = cached.schemes(scope, language)["code"].tolist()
    areas = cached.areas(scope, language)
    below = areas[areas["scheme"] != "country"]
    ordered = below.sort_values(["scheme", "position"], key=lambda column: ranked(column, schemes))
    return dict(zip(ordered["code"], ordered["label"], strict=True))


def ranked(column: pd.Series, schemes: list[str]) -> pd.Series:
    return column.map(schemes.index) if column.name == "scheme" else column


@cached.remembered()
def searchable(scope: Scope, release: int, language: str) -> pd.DataFrame:
    """The register with the latest reports that were due (awaited, reported_on, missing), a place in the
    alphabet, and the text that is searched: names of the project, its organisations and areas in every
    language."""
    rows = cached.project_register(scope, release, PROGRAMME, language)
    ask = (scope, release, language, PROGRAMME, cached.latest_due(scope, release))
    came = cached.reports(*ask).set_index("project")
    names = rows["name"].map(alphabetical)
    # In every language: a link with a search finds the same for a colleague who reads another one.
    registers = [cached.project_register(scope, release, PROGRAMME, each) for each in LANGUAGES]
    parts = [each[column].fillna("") for each in registers for column in ("name", "partners", "areas")]
    return rows.assign(
        awaited=rows["code"].isin(came.index),
        reported_on=rows["code"].map(came["reported_on"]),
        missing=rows["code"].map(came["missing"]).astype(object).fillna(""),
        alphabet=names.rank(method="first"),
        sought=parts[0].str.cat(parts[1:], sep="\n").str.casefold(),
    )


class Found(NamedTuple):
    """``rows``: the projects that are asked for, in order; ``partly``: how many more act in a larger area
    that the chosen one is a part of."""

    rows: pd.DataFrame
    partly: int


def found(reader: View, wanted: Wanted) -> Found:
    """The projects of the register that meet every wish."""
    rows = searchable(reader.scope, reader.release, reader.language)
    mine = pd.Series(True, index=rows.index)
    for word in wanted.text.casefold().split():
        mine &= rows["sought"].str.contains(word, regex=False)
    if wanted.goal != ALL:
        mine &= rows["goal_codes"].fillna("").map(lambda codes: wanted.goal in codes.split(", "))
    if wanted.state == STARTED:
        mine &= ~rows["state"].isin(("planned", "withdrawn"))
    elif wanted.state != ALL:
        mine &= rows["state"] == wanted.state
    if wanted.facet != ALL:
        certainty, direction = FACETS[wanted.facet]
        mine &= (rows["certainty"] == certainty) & (rows["direction"] == direction)
    if wanted.only != ALL:
        mine &= standing_out(rows, wanted.only)
    partly = 0
    if wanted.area:
        places = cached.project_places(reader.scope, reader.release, wanted.area)
        inside, overlapping = (rows["code"].isin(each["project"]) for each in parted(places))
        partly = int((mine & overlapping).sum())
        mine &= inside
    column, smallest_first = ORDERS[wanted.order]
    return Found(rows[mine].sort_values([column, "alphabet"], ascending=[smallest_first, True]), partly)


def parted(places: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Those that act inside an area, and those that only overlap it."""
    return places[places["inside"]], places[~places["inside"]]


def standing_out(rows: pd.DataFrame, what: str) -> pd.Series:
    """Which projects lack the latest report that was due, end within a year, or are led from outside the
    areas where they act."""
    if what == "missing":
        return rows["awaited"] & rows["reported_on"].isna()
    if what == "elsewhere":
        return rows["led_elsewhere"].map(lambda told: told is True)
    return rows["ends_soon"]
