"""Shapes of areas: which set each scheme's map is drawn from, and the sets themselves."""

import json
from functools import cache

import pandas as pd
from sqlmodel import col, select

from data_access.models import BoundarySet, Scheme
from data_access.queries.reference import in_language
from data_access.scope import Scope
from data_access.settings import BUILT_IN_SHAPES
from data_access.store import columns, frame, reading


def in_force(scope: Scope, language: str) -> pd.DataFrame:
    """One row per scheme in its order: scheme, scheme_name, hash, source, dated, licence, areas (codes
    of those that have a shape), loaded_at. For the built-in shapes hash, source, dated, licence and
    loaded_at are empty."""
    scope.must("see_figures")
    query = (
        columns(
            col(Scheme.code).label("scheme"),
            col(Scheme.name).label("scheme_name"),
            BoundarySet.hash,
            BoundarySet.source,
            BoundarySet.dated,
            BoundarySet.licence,
            BoundarySet.areas,
            BoundarySet.loaded_at,
        )
        .join(
            BoundarySet,
            (col(BoundarySet.scheme) == Scheme.code) & col(BoundarySet.ended_at).is_(None),
            isouter=True,
        )
        .order_by(Scheme.position)
    )
    with reading() as session:
        rows = in_language(frame(session, query).astype(object), language)
    rows = rows.where(rows.notna(), None)
    rows["areas"] = [
        areas if areas is not None else built_in_areas(scheme)
        for scheme, areas in zip(rows["scheme"], rows["areas"], strict=True)
    ]
    return rows


@cache
def built_in_areas(scheme: str) -> list[str]:
    """The areas of a scheme that have a built-in shape."""
    path = BUILT_IN_SHAPES / f"{scheme}.geojson"
    if not path.exists():
        return []
    return [feature["id"] for feature in json.loads(path.read_text(encoding="utf-8"))["features"]]


def shapes(fingerprint: str) -> str | None:
    """The GeoJSON of a set by its hash, of an ended one too; ``None`` for an unknown hash."""
    query = select(BoundarySet.shapes).where(BoundarySet.hash == fingerprint)
    with reading() as session:
        return session.exec(query).first()
