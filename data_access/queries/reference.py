"""What the programme consists of: programmes, goals, indicators, schemes, areas, rules, sources."""

from datetime import date

import pandas as pd
from sqlmodel import col, select

from data_access.measures.schemes import areas_on, atoms_of, overlaps, touching
from data_access.models import (
    Area,
    Goal,
    Indicator,
    Membership,
    Neighbour,
    Programme,
    Rule,
    Scheme,
    SeriesBreak,
    Source,
    StoreTable,
)
from data_access.scope import Scope
from data_access.store import columns, frame, reading


def in_language(rows: pd.DataFrame, language: str) -> pd.DataFrame:
    """The rows with every three-language column in one language."""
    for column in rows.columns:
        if rows[column].map(lambda value: isinstance(value, dict) and "fi" in value).any():
            texts = [value[language] if isinstance(value, dict) else None for value in rows[column]]
            rows[column] = pd.Series(texts, index=rows.index, dtype=object)
    return rows


def table(scope: Scope, model: type[StoreTable], language: str, *order: str) -> pd.DataFrame:
    """A whole reference table in one language, with its own columns, in ``order``."""
    scope.must("see_figures")
    query = columns(*model.__table__.columns).order_by(*[getattr(model, name) for name in order])
    with reading() as session:
        rows = frame(session, query)
        sources = {source.code: source.title[language] for source in session.exec(select(Source))}
    if "source" in rows:
        rows["source_title"] = rows["source"].map(sources)
    return in_language(rows, language)


def programmes(scope: Scope, language: str) -> pd.DataFrame:
    """code, position, name, short, starts, ends, source, source_title."""
    return table(scope, Programme, language, "position")


def goals(scope: Scope, programme: str, language: str) -> pd.DataFrame:
    """code, position, name, short, lead_indicator, source, source_title of one programme's goals."""
    rows = table(scope, Goal, language, "position")
    return rows[rows["programme"] == programme].reset_index(drop=True)


def indicators(scope: Scope, language: str) -> pd.DataFrame:
    """All columns of the table ``indicator`` and source_title."""
    return table(scope, Indicator, language, "position")


def breaks(scope: Scope, language: str) -> pd.DataFrame:
    """indicator, period (the first that means something else), reason, source, source_title."""
    return table(scope, SeriesBreak, language, "indicator", "period")


def schemes(scope: Scope, language: str) -> pd.DataFrame:
    """code, position, name, valid_from, valid_to."""
    return table(scope, Scheme, language, "position")


def areas(scope: Scope, language: str) -> pd.DataFrame:
    """All columns of the table ``area`` and source_title."""
    return table(scope, Area, language, "scheme", "position")


def rules(scope: Scope, language: str) -> pd.DataFrame:
    """code, value, version, name, source, source_title: the thresholds."""
    return table(scope, Rule, language, "code")


def sources(scope: Scope, language: str) -> pd.DataFrame:
    """code, title, publisher, published, licence, quality."""
    return table(scope, Source, language, "code")


def areas_of_scheme(scope: Scope, scheme: str, day: date, language: str) -> pd.DataFrame:
    """code, name, label, position, in_programme of the areas of a scheme on a day (or its nearest)."""
    rows = areas(scope, language)
    there = areas_on(rows.rename(columns={"code": "area"}), scheme, day)
    return rows[rows["code"].isin(there)].reset_index(drop=True)


def memberships(scope: Scope) -> pd.DataFrame:
    """area, atom, valid_from, valid_to."""
    scope.must("see_figures")
    with reading() as session:
        wanted = (Membership.area, Membership.atom, Membership.valid_from, Membership.valid_to)
        return frame(session, columns(*wanted).order_by(col(Membership.area), col(Membership.atom)))


def overlapping_areas(scope: Scope, area: str, day: date, language: str) -> pd.DataFrame:
    """The areas of all schemes but the country, those of other days too, that share atoms with ``area``:
    scheme, code, name, label, valid_from, valid_to, shared, relation (of ``measures.schemes.overlaps``),
    source_title.

    Each has the members of ``day``, or of the nearest day on which it existed. In the order of schemes;
    within one the newest first, of those the one that shares most."""
    known = areas(scope, language).set_index("code")
    found = overlaps(atoms_of(memberships(scope), day), area)
    kept = ["scheme", "name", "label", "position", "valid_from", "valid_to", "source_title"]
    found = found.join(known[kept], on="area").rename(columns={"area": "code"})
    order = {code: place for place, code in enumerate(schemes(scope, language)["code"])}
    found = found[found["scheme"] != "country"].assign(order=found["scheme"].map(order))
    by = ["order", "valid_from", "shared", "position"]
    found = found.sort_values(by, ascending=[True, False, False, True], ignore_index=True)
    told = ["scheme", "code", "name", "label", "valid_from", "valid_to", "shared", "relation", "source_title"]
    return found[told]


def nearest_area(scope: Scope, area: str, scheme: str, day: date) -> str | None:
    """What ``area`` means in ``scheme``: the code of the area of that scheme on ``day`` (or its nearest)
    that shares most atoms with it, the first of several; ``area`` itself where it is one of them. None
    where no area shares any."""
    there = areas_of_scheme(scope, scheme, day, "fi")["code"].tolist()
    if area in there:
        return area
    found = overlapping_areas(scope, area, day, "fi")
    mine = found[found["code"].isin(there)].set_index("code")["shared"].reindex(there).dropna()
    return None if mine.empty else str(mine.idxmax())


def neighbours(scope: Scope, area: str, day: date, language: str) -> pd.DataFrame:
    """code, label of the areas of the same scheme that share a border on land with ``area`` on ``day``
    (or the nearest day that ``area`` existed), in the scheme's order. Raises KeyError for an unknown area."""
    scope.must("see_figures")
    rows = areas(scope, language).set_index("code", drop=False)
    own = rows.loc[area]
    ended = own["valid_to"] if isinstance(own["valid_to"], date) else day
    then = max(own["valid_from"], min(day, ended))
    with reading() as session:
        pairs = frame(session, columns(Neighbour.atom, Neighbour.neighbour))
    others = areas_on(rows.rename(columns={"code": "area"}), own["scheme"], then)
    found = touching(
        atoms_of(memberships(scope), then), pairs, area, [code for code in others if code != area]
    )
    return rows.loc[found, ["code", "label"]].reset_index(drop=True)


def answering(scope: Scope, area: str, language: str) -> pd.DataFrame:
    """Who answers, or answered, for the atoms of ``area``: scheme, code, label, valid_from,
    valid_to, share (of the area's atoms), newest first within a scheme."""
    rows = areas(scope, language).set_index("code")
    parts = memberships(scope)
    mine = set(parts.loc[parts["area"] == area, "atom"])
    shared = parts[parts["atom"].isin(mine) & (parts["area"] != area)]
    found = shared.groupby(["area", "valid_from"], as_index=False).agg(
        atoms=("atom", "nunique"), valid_to=("valid_to", "max")
    )
    found["share"] = found["atoms"] / max(len(mine), 1)
    found = found.join(rows[["scheme", "label"]], on="area").rename(columns={"area": "code"})
    kept = found[
        found["scheme"].isin(["ely", "evk", "funding"]) & (rows.loc[area, "scheme"] != found["scheme"])
    ]
    return kept.sort_values(["scheme", "valid_from"], ascending=[True, False], ignore_index=True)
