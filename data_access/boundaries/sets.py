"""Boundary sets in the store: load one, drop one. Both are one transaction with its audit event."""

import hashlib
from datetime import UTC, date, datetime
from typing import NamedTuple

import shapely
from sqlmodel import Session, col, select

from data_access import audit
from data_access.boundaries import BadBoundaries
from data_access.boundaries.codes import ALAND, Areas, matched
from data_access.boundaries.files import read_features
from data_access.boundaries.shapes import Drawing, drawing
from data_access.models import Area, BoundarySet, Words
from data_access.scope import Scope
from data_access.settings import BUILT_IN_SHAPES
from data_access.store import reading


class Prepared(NamedTuple):
    """What came of a file: its hash, its features and their reference system, the property that held the
    codes, the shapes, and the fingerprint that they are fetched by."""

    file: str
    features: int
    system: int
    property: str
    drawing: Drawing
    hash: str


def prepare(content: bytes, scheme: str) -> Prepared:
    """A GeoJSON file as the shapes of ``scheme``; nothing is stored yet. Raises ``BadBoundaries`` where
    the file cannot be taken."""
    areas = areas_of(scheme)
    features, system = read_features(content)
    match = matched(features, areas, built_in(scheme))
    drawn = drawing([str(code) for code in match.codes], [each.shape for each in features], areas.era)
    fingerprint = hashlib.sha256(drawn.text.encode()).hexdigest()[:16]
    file = hashlib.sha256(content).hexdigest()
    return Prepared(file, len(features), system, match.property, drawn, fingerprint)


def areas_of(scheme: str) -> Areas:
    """The areas that a file of ``scheme`` must have."""
    with reading() as session:
        rows = session.exec(select(Area).where(Area.scheme == scheme)).all()
        outside = next((row.code for row in rows if not row.in_programme), ALAND)
        names = {row.code: row.name["fi"] for row in rows if row.in_programme}
        era = {row.code: str(row.valid_from) for row in rows}
    return Areas(names, outside, {outside: ""} | era)


def load(
    session: Session,
    prepared: Prepared,
    scheme: str,
    *,
    source: Words,
    dated: date | None,
    licence: str | None,
    actor: Scope,
) -> None:
    """Put prepared shapes in the place of those in force for ``scheme``. Raises ``BadBoundaries`` where
    the source is not said."""
    actor.must("load_data")
    if not all(text.strip() for text in source.values()):
        raise BadBoundaries("say where the boundaries come from: it stands under every map")
    now = end(session, scheme)
    session.add(
        BoundarySet(
            scheme=scheme,
            hash=prepared.hash,
            source=source,
            dated=dated,
            licence=licence,
            areas=prepared.drawing.areas,
            shapes=prepared.drawing.text,
            loaded_at=now,
        )
    )
    detail = {"hash": prepared.hash, "file": prepared.file, "source": source}
    audit.record(session, actor=actor.account, action="load boundaries", subject=scheme, detail=detail)


def drop(session: Session, scheme: str, *, actor: Scope) -> None:
    """Go back to the built-in shapes of ``scheme``. Raises ``BadBoundaries`` where they are in force."""
    actor.must("load_data")
    there = in_force(session, scheme)
    if there is None:
        raise BadBoundaries(f"the built-in boundaries of {scheme} are in force already")
    fingerprint = there.hash
    end(session, scheme)
    audit.record(
        session, actor=actor.account, action="drop boundaries", subject=scheme, detail={"hash": fingerprint}
    )


def end(session: Session, scheme: str) -> datetime:
    """Take the set in force out of force, if there is one; gives the moment."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    if there := in_force(session, scheme):
        there.ended_at = now
        session.flush()
    return now


def in_force(session: Session, scheme: str) -> BoundarySet | None:
    query = select(BoundarySet).where(BoundarySet.scheme == scheme, col(BoundarySet.ended_at).is_(None))
    return session.exec(query).one_or_none()


def built_in(scheme: str) -> dict[str, shapely.Geometry]:
    """Code → built-in shape in metres: where each area is known to lie, as far as there is a shape."""
    path = BUILT_IN_SHAPES / f"{scheme}.geojson"
    features, _ = read_features(path.read_bytes())
    return {each.properties["id"]: each.shape for each in features}
