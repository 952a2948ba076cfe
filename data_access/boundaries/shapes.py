"""Features → one generalised shape per area, as browsers fetch it."""

import json
from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import mapping

from data_access.boundaries import BadBoundaries
from data_access.boundaries.files import DEGREES, METRES, polygons

KM2 = 1_000_000
SMALLEST_ISLAND = 20 * KM2
WORTH_SAYING = 0.1 * KM2
LARGEST = 60_000
"""Bytes of a set: what every reader's browser fetches once (the built-in ones have 15 000 to 45 000)."""
DETAIL = (300, 500, 800, 1200, 1800, 2700, 4000, 6000)
"""Metres: a bend whose triangle is smaller than this squared is straightened."""
DECIMALS = 4
"""Of a degree: about 10 m."""


class Drawing(NamedTuple):
    """``text`` is the GeoJSON in degrees, a feature's ``id`` the code of its area; ``detail`` the metres
    that it was generalised to; ``warnings`` say what is amiss in the file, with its size."""

    text: str
    areas: list[str]
    detail: int
    warnings: list[str]


def drawing(codes: list[str], shapes: list[shapely.Geometry], era: Mapping[str, str]) -> Drawing:
    """Shapes in metres with the same code made one area, and all generalised at once, so that a shared
    border stays shared. ``era``: areas of different days may lie on the same ground; only those of one
    era share borders. Raises ``BadBoundaries`` where they cannot be made small enough."""
    whole = united(codes, shapes)
    eras = [{c: whole[c] for c in whole if era[c] == each} for each in sorted({era[c] for c in whole})]
    warnings = [warning for areas in eras for warning in faults(areas)]
    main = [{code: without_small_islands(code, areas) for code in areas} for areas in eras]
    text = ""
    for detail in DETAIL:
        found = {code: each for areas in main for code, each in generalised(areas, detail).items()}
        text = written({code: found[code] for code in sorted(found)})
        if len(text) <= LARGEST:
            return Drawing(text, sorted(found), detail, warnings)
    raise BadBoundaries(
        f"generalised to {DETAIL[-1] / 1000:g} km the shapes still have {len(text) / 1000:.0f} kB, "
        f"at most {LARGEST / 1000:.0f} are taken: use a file without lakes and small islands"
    )


def united(codes: list[str], shapes: list[shapely.Geometry]) -> dict[str, shapely.Geometry]:
    """One shape per code. Coordinates are taken to the metre, so that borders written twice meet again."""
    to_the_metre = shapely.set_precision(shapes, 1)
    pieces: dict[str, list[shapely.Geometry]] = {}
    for code, each in zip(codes, to_the_metre, strict=True):
        pieces.setdefault(code, []).append(each)
    return {code: polygons(shapely.union_all(each)) for code, each in pieces.items()}


def faults(areas: Mapping[str, shapely.Geometry]) -> list[str]:
    """Where areas overlap or leave a gap between them, with its size."""
    found = []
    for (one, shape_of_one), (other, shape_of_other) in combinations(areas.items(), 2):
        if (size := shape_of_one.intersection(shape_of_other).area) >= WORTH_SAYING:
            found.append(f"{one} and {other} overlap by {size / KM2:.1f} km²")
    land = shapely.get_parts(shapely.union_all(list(areas.values())))
    gaps = sum(shapely.Polygon(hole).area for part in land for hole in part.interiors)
    if gaps >= WORTH_SAYING:
        found.append(f"between or inside areas lie gaps of {gaps / KM2:.1f} km² in all")
    return found


def without_small_islands(code: str, areas: Mapping[str, shapely.Geometry]) -> shapely.Geometry:
    """The area without its islands under 20 km², as in the built-in shapes. Its largest part stays, and
    so does a part that another area surrounds or borders on."""
    parts = shapely.get_parts(areas[code])
    others = [areas[other] for other in areas if other != code]
    largest = max(parts, key=shapely.area)
    shapely.prepare(others)
    kept = [
        part
        for part in parts
        if part is largest or part.area >= SMALLEST_ISLAND or shapely.intersects(others, part).any()
    ]
    return shapely.multipolygons(kept) if len(kept) > 1 else kept[0]


def generalised(areas: Mapping[str, shapely.Geometry], detail: int) -> dict[str, shapely.Geometry]:
    """The areas with straighter borders, shared ones still shared, in rounded degrees. Outer rings run
    clockwise: Plotly takes any other for the rest of the world and fills that.

    Source: Visvalingam and Whyatt (1993), *Line generalisation by repeated elimination of points*, over a
    coverage (GEOS ``CoverageSimplifier``)."""
    project = Transformer.from_crs(METRES, DEGREES, always_xy=True)

    def to_degrees(points: np.ndarray) -> np.ndarray:
        return np.round(np.column_stack(project.transform(*points.T)), DECIMALS)

    simpler = shapely.coverage_simplify(list(areas.values()), detail)
    in_degrees = [polygons(shapely.transform(each, to_degrees)) for each in simpler]
    return dict(zip(areas, shapely.orient_polygons(in_degrees, exterior_cw=True), strict=True))


def written(areas: Mapping[str, shapely.Geometry]) -> str:
    """GeoJSON, a line per area, in the form of the built-in shapes."""
    lines = ",\n".join(
        json.dumps(
            {"type": "Feature", "id": code, "properties": {}, "geometry": mapping(each)},
            separators=(",", ":"),
        )
        for code, each in areas.items()
    )
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
