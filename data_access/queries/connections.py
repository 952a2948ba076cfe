"""The network of a release, measured from the partnerships that it froze.

Every question takes the same choices. What is not chosen is left out first, then everything is counted
anew among what is left. Names are those of the release."""

from datetime import date
from typing import NamedTuple

import pandas as pd

from data_access.measures import network
from data_access.measures.periods import TO_DATE, last_day
from data_access.measures.placement import Placement
from data_access.models import Release
from data_access.queries import network as registers
from data_access.release_basis import parts_of
from data_access.scope import Scope
from data_access.store import reading

ALL = "all"
MOST_NODES = 60
PLACES = ("areas", "memberships", "projects", "project_areas", "project_goals")
TOLD = ["demonstration", "source_title"]
ORGANISATION = ["identity", "name", "type", "roles", "projects", "areas", "goals", "supported", "eligible"]
ORGANISATION += ["starts", *TOLD]
NODE = ["kind", "code", "name", "type", "links", "part", "x", "y"]


class Choices(NamedTuple):
    """Partnerships begun by the end of ``period``, in projects that serve ``goal`` and act in ``area``
    of ``scheme``, of organisations whose type is ``kind``, in the projects of ``organisation`` (an
    identity); ``all`` or empty for no choice."""

    period: str = TO_DATE
    goal: str = ALL
    scheme: str = "maakunta"
    area: str = ""
    kind: str = ALL
    organisation: str = ""


class Chosen(NamedTuple):
    """``partnerships`` as ``queries.network`` gives them; the ``areas`` of the scheme and the ``goals``
    of projects (project, thing); ``day``: the last that counts."""

    partnerships: pd.DataFrame
    areas: pd.DataFrame
    goals: pd.DataFrame
    day: date

    def links(self, things: str) -> pd.DataFrame:
        """Organisations linked with ``projects``, ``areas`` or ``goals``."""
        belonging = {"projects": None, "areas": self.areas, "goals": self.goals}
        return network.links(self.partnerships, belonging[things])


def chosen(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> Chosen:
    """What is left when ``choices`` are made. An organisation entered under two types is of the first;
    an area that some project only overlaps is left out, as its figures cannot be expressed."""
    scope.must("see_figures")
    with reading() as session:
        as_of = session.get_one(Release, release).as_of
        parts = parts_of(session, release, *PLACES)
    end = as_of if choices.period == TO_DATE else last_day(choices.period)
    day = min(end, as_of)
    rows = registers.partnerships(scope, release, programme, language, day)
    first = rows.sort_values(["identity", "project"], kind="stable").drop_duplicates("identity")
    rows["type"] = rows["identity"].map(first.set_index("identity")["type"])
    placement = placement_of(parts, programme)
    goals = parts["project_goals"].rename(columns={"goal": "thing"})
    if choices.goal != ALL:
        rows = rows[rows["project"].isin(goals.loc[goals["thing"] == choices.goal, "project"])]
    areas, overlapped = placement.acting(choices.scheme, end)
    vague = overlapped.loc[overlapped["project"].isin(rows["project"]), "thing"]
    areas = areas[~areas["thing"].isin(vague)]
    if choices.area:
        rows = rows[rows["project"].isin(areas.loc[areas["thing"] == choices.area, "project"])]
    if choices.kind != ALL:
        rows = rows[rows["type"] == choices.kind]
    if choices.organisation:
        rows = network.around(rows, choices.organisation)
    return Chosen(rows, areas, goals, day)


def placement_of(rows: dict[str, pd.DataFrame], programme: str) -> Placement:
    """Where a programme's projects act. ``rows``: the parts ``PLACES`` of a release."""
    mine = rows["projects"][rows["projects"]["programme"] == programme]
    own, goals = (
        rows[part][rows[part]["project"].isin(mine["project"])] for part in ("project_areas", "project_goals")
    )
    return Placement(rows["areas"], rows["memberships"], mine, own, goals, [])


def partnerships(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    """The partnerships themselves, by organisation and project: columns of
    ``queries.network.partnerships``, and ``over``: whether it had ended by the last day that counts."""
    found = chosen(scope, release, programme, language, choices)
    over = found.partnerships["ends"].map(lambda end: isinstance(end, date) and end <= found.day)
    rows = found.partnerships.assign(over=over.astype(bool))
    return rows.sort_values(["organisation_name", "project"], ignore_index=True)


def turned(
    scope: Scope, release: int, programme: str, language: str, choices: Choices, turn: str, half: str
) -> pd.DataFrame:
    """The partnerships that ``began`` or ``ended`` in a half-year, or were ``running`` at its end: what
    ``turnover`` counts. Columns of ``partnerships``."""
    rows = partnerships(scope, release, programme, language, choices)
    day = chosen(scope, release, programme, language, choices).day
    if turn == "running":
        return rows[network.running(rows, half, day)]
    return rows[network.in_half_year(rows["starts" if turn == "began" else "ends"], half, day)]


def organisations(
    scope: Scope, release: int, programme: str, language: str, choices: Choices
) -> pd.DataFrame:
    """A row per distinct organisation: identity, name (its spellings, joined by "; "), type, and as
    tuples of codes ``roles``, ``projects``, ``areas`` and ``goals``; supported (directly, in any
    partnership), eligible (empty: undecided), starts (its first), demonstration, source_title."""
    found = chosen(scope, release, programme, language, choices)
    rows = found.partnerships
    groups = rows.groupby("identity", sort=False)
    frame = groups[["supported", "demonstration"]].any()
    first = rows.sort_values("starts", kind="stable").drop_duplicates("identity").set_index("identity")
    frame = frame.join(first[["type", "eligible", "starts"]])
    frame["name"] = frame.index.map(joined(rows, "organisation_name"))
    frame["source_title"] = frame.index.map(joined(rows, "source_title"))
    things = {each: found.links(each) for each in ("projects", "areas", "goals")}
    for column, links in {"roles": rows.rename(columns={"role": "thing"}), **things}.items():
        codes = gathered(links, "thing")
        frame[column] = [tuple(sorted(codes.get(identity, ()))) for identity in frame.index]
    return frame.reset_index()[ORGANISATION]


def joined(rows: pd.DataFrame, column: str) -> dict[str, str]:
    """Per organisation the different values of a column, joined by "; "."""
    return {identity: "; ".join(values) for identity, values in gathered(rows, column).items()}


def gathered(rows: pd.DataFrame, column: str) -> dict[str, dict[str, None]]:
    """Per organisation the different values of a column, in their order."""
    found: dict[str, dict[str, None]] = {}
    for identity, value in rows[["identity", column]].to_numpy(dtype=object).tolist():
        found.setdefault(identity, {})[value] = None
    return found


def projects(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    """How many distinct organisations work together in each project, most first: project, name,
    organisations, demonstration, source_title."""
    found = chosen(scope, release, programme, language, choices)
    once = found.partnerships.drop_duplicates("project")[["project", "project_name", *TOLD]]
    sizes = network.organisations_per_thing(found.links("projects"))
    rows = once.assign(organisations=once["project"].map(sizes)).rename(columns={"project_name": "name"})
    rows = rows.sort_values(["organisations", "name"], ascending=[False, True], ignore_index=True)
    return rows[["project", "name", "organisations", *TOLD]]


def turnover(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    """New, ended and running partnerships by half-year (``measures.network.turnover``)."""
    found = chosen(scope, release, programme, language, choices)
    return network.turnover(found.partnerships, found.day)


def shared_areas(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    """Area × area: how many distinct organisations work in both, on the diagonal in the area itself;
    only areas where any works."""
    return network.shared(chosen(scope, release, programme, language, choices).links("areas"))


def lonely_areas(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> list[str]:
    """The areas none of whose organisations works in another area."""
    return network.alone(shared_areas(scope, release, programme, language, choices))


def bridges(
    scope: Scope, release: int, programme: str, language: str, choices: Choices, things: str
) -> pd.DataFrame:
    """Organisations without which ``projects``, ``areas`` or ``goals`` lose contact, as
    ``measures.network.bridges`` says; and name, type, demonstration, source_title."""
    found = chosen(scope, release, programme, language, choices)
    rows = network.bridges(found.links(things))
    told = found.partnerships[found.partnerships["identity"].isin(rows["identity"])]
    first = told.drop_duplicates("identity").set_index("identity")[["type", *TOLD]]
    return rows.join(first, on="identity").assign(
        name=rows["identity"].map(joined(told, "organisation_name"))
    )


def nodes(scope: Scope, release: int, programme: str, language: str, choices: Choices) -> pd.DataFrame:
    """The graph of organisations and projects: kind (``organisation`` or ``project``), code, name, type
    (of organisations), links, ``part`` (the number of its connected part, the largest 0), and x, y where
    the graph has at most ``MOST_NODES``."""
    found = chosen(scope, release, programme, language, choices)
    links = found.links("projects")
    rows = found.partnerships
    organisations = pd.Series(joined(rows, "organisation_name"))
    projects = rows.drop_duplicates("project").set_index("project")["project_name"]
    sides = [
        ("organisation", organisations, network.things_per_organisation(links)),
        ("project", projects, network.organisations_per_thing(links)),
    ]
    types = rows.drop_duplicates("identity").set_index("identity")["type"]
    frame = pd.concat(
        [
            pd.DataFrame({"kind": kind, "code": names.index, "name": names, "links": names.index.map(counts)})
            for kind, names, counts in sides
        ],
        ignore_index=True,
    )
    frame["type"] = frame["code"].where(frame["kind"] == "organisation").map(types)
    kinds = frame["kind"].map({"organisation": network.ORGANISATION, "project": network.THING})
    places = network.positions(links) if len(frame) <= MOST_NODES else {}
    parts, sought = network.connected_parts(links), list(zip(kinds, frame["code"], strict=True))
    frame["part"] = [parts[node] for node in sought]
    at = [places.get(node, (None, None)) for node in sought]
    frame[["x", "y"]] = pd.DataFrame(at, columns=["x", "y"], index=frame.index).astype("float64")
    return frame[NODE]
