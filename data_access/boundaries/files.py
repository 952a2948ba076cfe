"""A GeoJSON file as features in metres (EPSG:3067, ETRS-TM35FIN).

RFC 7946 knows only degrees (longitude first). Statistics Finland's and the Land Survey's services still
write the member ``crs`` of the format's first edition (2008), and EPSG:3067 with it: both are taken.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry import shape

from data_access.boundaries import BadBoundaries

LARGEST = 64_000_000
METRES = 3067
DEGREES = 4326
FINLAND = {  # reference system → where Finland and its sea lie: west, south, east, north
    DEGREES: (15.0, 57.0, 35.0, 72.0),
    METRES: (-100_000.0, 6_400_000.0, 900_000.0, 7_900_000.0),
}
NAMES = ("nimi", "name", "namn", "name_fi", "nimi_fi", "id")


class Feature(NamedTuple):
    """``name`` is what messages call it; ``properties`` has the feature's own ``id`` too."""

    name: str
    properties: dict[str, Any]
    shape: shapely.Geometry


def read_features(content: bytes) -> tuple[list[Feature], int]:
    """The features of a GeoJSON file, their shapes repaired and in metres, and the reference system that
    the file is in (4326 or 3067). Raises ``BadBoundaries``."""
    collection = read_collection(content)
    raw = list(features_of(collection))
    system = reference_system(collection, np.array(shapely.total_bounds([each.shape for each in raw])))
    if system == METRES:
        return raw, system
    project = Transformer.from_crs(system, METRES, always_xy=True)

    def to_metres(points: np.ndarray) -> np.ndarray:
        return np.column_stack(project.transform(*points.T))

    return [each._replace(shape=polygons(shapely.transform(each.shape, to_metres))) for each in raw], system


def read_collection(content: bytes) -> dict[str, Any]:
    """The file as a FeatureCollection that has features."""
    if len(content) > LARGEST:
        raise BadBoundaries(
            f"the file has {len(content) / 1e6:.0f} MB, at most {LARGEST / 1e6:.0f} are taken: "
            "use a more generalised one (1:1 000 000 or 1:4 500 000)"
        )
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadBoundaries(f"the file is not JSON ({error})") from error
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise BadBoundaries("the file is not a GeoJSON FeatureCollection")
    if not isinstance(found.get("features"), list) or not found["features"]:
        raise BadBoundaries("the FeatureCollection has no features")
    return found


def features_of(collection: dict[str, Any]) -> Iterator[Feature]:
    """Each feature in the file's own coordinates, repaired."""
    for number, each in enumerate(collection["features"], start=1):
        if not isinstance(each, dict):
            raise BadBoundaries(f"feature {number} is not an object")
        properties = {"id": each.get("id"), **(each.get("properties") or {})}
        called = next((properties[key] for key in NAMES if properties.get(key) not in (None, "")), None)
        name = f"feature {number}" if called is None else f"feature {number} ({called})"
        yield Feature(name, properties, geometry_of(each.get("geometry"), name))


def geometry_of(geometry: Any, name: str) -> shapely.Geometry:
    """A feature's polygons, with rings that cross or touch themselves mended."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind is None:
        raise BadBoundaries(f"{name} has no geometry")
    if kind not in ("Polygon", "MultiPolygon"):
        raise BadBoundaries(f"{name} is a {kind}, not a Polygon or MultiPolygon")
    try:
        with np.errstate(invalid="ignore"):
            found = shapely.force_2d(shape(geometry))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.GEOSException) as error:
        raise BadBoundaries(f"{name} has a broken geometry ({error})") from error
    if not np.isfinite(shapely.get_coordinates(found)).all():
        raise BadBoundaries(f"{name} has a coordinate that is no number")
    mended = polygons(found)
    if mended.is_empty:
        raise BadBoundaries(f"{name} has an empty geometry")
    return mended


def polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """The geometry made valid, without the lines and points that mending may leave."""
    valid = geometry if geometry.is_valid else shapely.make_valid(geometry, method="structure")
    if valid.geom_type in ("Polygon", "MultiPolygon"):
        return valid
    parts = shapely.get_parts(shapely.get_parts(valid))
    return shapely.union_all([part for part in parts if part.geom_type == "Polygon"])


def reference_system(collection: dict[str, Any], bounds: np.ndarray) -> int:
    """4326 or 3067: what the member ``crs`` says, else where the coordinates lie. Raises
    ``BadBoundaries`` for another system, for coordinates outside Finland and for swapped axes."""
    said = named_system(collection)
    for system in [said] if said else FINLAND:
        if inside(bounds, FINLAND[system]):
            return system
        if inside(bounds[[1, 0, 3, 2]], FINLAND[system]):
            first = "longitude" if system == DEGREES else "easting"
            raise BadBoundaries(f"the axes are swapped: {first} must stand first in each pair")
    west, south, east, north = (f"{value:g}" for value in bounds)
    where = f"coordinates lie between ({west}, {south}) and ({east}, {north})"
    if said:
        raise BadBoundaries(f"the file says EPSG:{said}, but its {where}: that is not in Finland")
    raise BadBoundaries(
        f"the file names no reference system, and its {where}: "
        "neither degrees (EPSG:4326) nor metres of ETRS-TM35FIN (EPSG:3067) in Finland"
    )


def named_system(collection: dict[str, Any]) -> int | None:
    """The reference system that the file names, ``None`` where it names none."""
    crs = collection.get("crs")
    if crs is None:
        return None
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    try:
        known = CRS.from_user_input(name)
    except (CRSError, TypeError) as error:
        raise BadBoundaries(f"the file's reference system {name!r} is not known") from error
    for system in FINLAND:
        if known.equals(CRS.from_epsg(system), ignore_axis_order=True):
            return system
    raise BadBoundaries(
        f"the file is in {known.name} ({name}): only EPSG:4326 and EPSG:3067 (ETRS-TM35FIN) are taken"
    )


def inside(bounds: np.ndarray, frame: tuple[float, float, float, float]) -> bool:
    west, south, east, north = frame
    return bool(west <= bounds[0] and south <= bounds[1] and bounds[2] <= east and bounds[3] <= north)
