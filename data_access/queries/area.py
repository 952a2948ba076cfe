"""What one area of any scheme has: the projects that act there or are led from there, and its calls."""

import numpy as np
import pandas as pd
from sqlmodel import col

from data_access.measures import registers, schemes
from data_access.models import Area, Call, CallArea, Release, Source
from data_access.queries import projects, reference
from data_access.release_basis import parts_of
from data_access.scope import Scope
from data_access.store import columns, frame, reading

KEPT = ("projects", "project_details", "project_areas", "memberships")
CALL = ["code", "name", "opens", "closes", "authority", "covered", "caveat", "source_title"]


def area_projects(scope: Scope, release: int, programme: str, language: str, area: str) -> pd.DataFrame:
    """The projects of a programme that act in an area, or are led from there, by start and code: the columns
    of ``projects.register``, and ``acts`` (*inside*: in the area; *partly*: in a larger one that this is a
    part of, so that nobody can say; *no*), ``home`` (where the lead's home is: *here*, *elsewhere*, *partly*
    in the area, *unknown*), ``beyond`` (it acts outside the area too), ``counted`` (it has begun and was not
    withdrawn by the release's last day, as the figures count).

    Those that act *inside* and are ``counted`` are the ones that the figure ``projects`` of the area counts.
    Areas have the members of the release's last day, or of the nearest day on which they existed."""
    scope.must("see_figures")
    with reading() as session:
        parts = parts_of(session, release, *KEPT)
        day = session.get_one(Release, release).as_of
    inside, partly = schemes.reach(schemes.atoms_of(parts["memberships"], day))
    places = projects.places(scope, release, area)
    acts = dict(zip(places["project"], np.where(places["inside"], "inside", "partly"), strict=True))
    counted = registers.in_programme_on(parts["projects"], day)
    outside = parts["project_areas"]
    outside = outside[~outside["area"].map(inside[area]).fillna(False).astype(bool)]
    homes = parts["project_details"].set_index("project")["home_area"]
    rows = projects.register(scope, release, programme, language)
    rows = rows.assign(
        acts=[acts.get(code, "no") for code in rows["code"]],
        home=[home_of(homes[code], area, inside, partly) for code in rows["code"]],
        beyond=rows["code"].isin(outside["project"]),
        counted=rows["code"].isin(parts["projects"].loc[counted, "project"]),
    )
    return rows[(rows["acts"] != "no") | (rows["home"] == "here")].reset_index(drop=True)


def home_of(home: str | None, area: str, rows: pd.DataFrame, partly: pd.DataFrame) -> str:
    """Where a home lies, as seen from an area; ``rows`` and ``partly`` as ``schemes.reach`` gives them."""
    if not isinstance(home, str) or home not in rows.index:
        return "unknown"
    if rows.loc[home, area]:
        return "here"
    return "partly" if partly.loc[home, area] else "elsewhere"


def area_calls(scope: Scope, programme: str, area: str, language: str) -> pd.DataFrame:
    """The calls of a programme and whether they covered an area, by opening day and order of authorities:
    code, name, opens, closes, authority (label of each funding authority that answered for a part of the
    area when the call opened), covered (empty: no source says), caveat, source_title."""
    scope.must("see_figures")
    query = (
        columns(
            Call.code,
            Call.name,
            Call.opens,
            Call.closes,
            Call.caveat,
            CallArea.area,
            CallArea.covered,
            col(Area.label).label("authority"),
            col(Source.title).label("source_title"),
        )
        .join(CallArea, col(CallArea.call) == Call.code)
        .join(Area, col(Area.code) == CallArea.area)
        .join(Source, col(Source.code) == CallArea.source)
        .where(Call.programme == programme)
        .order_by(col(Call.position), col(Area.position))
    )
    with reading() as session:
        rows = reference.in_language(frame(session, query), language)
    members = reference.memberships(scope)
    touching = [
        shares(schemes.atoms_of(members, row["opens"]), row["area"], area) for _, row in rows.iterrows()
    ]
    return rows[touching][CALL].reset_index(drop=True)


def shares(rows: pd.DataFrame, one: str, other: str) -> bool:
    """Whether two areas have an atom in common; ``rows``: area × atom."""
    return {one, other} <= set(rows.index) and bool((rows.loc[one] & rows.loc[other]).any())
