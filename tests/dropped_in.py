"""GeoJSON files as a steward may have them, made from the built-in shapes: no official ones lie here.

The five areas inside Uusimaa have no built-in shape: here they are what lies nearest to a town of each."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import mapping, shape

from data_access.settings import BUILT_IN_SHAPES
from tests.small_programme import rows_of

TOWNS = {  # longitude and latitude of Porvoo, Järvenpää, Lohja, Vantaa and Helsinki
    "hva01": (25.67, 60.39),
    "hva02": (25.09, 60.47),
    "hva03": (24.07, 60.25),
    "hva04": (25.04, 60.29),
    "hva90": (24.94, 60.17),
}
Shapes = dict[str, shapely.Geometry]


def built_in(scheme: str) -> Shapes:
    """Code → built-in shape in degrees, Åland once."""
    features = json.loads((BUILT_IN_SHAPES / f"{scheme}.geojson").read_text())["features"]
    found = {each["id"]: shape(each["geometry"]) for each in features}
    if scheme == "maakunta":
        found.pop("hva91")
    return found


def wellbeing() -> Shapes:
    """All 22 and Åland."""
    towns = shapely.multipoints(list(TOWNS.values()))
    cells = shapely.voronoi_polygons(towns, extend_to=shapely.box(20, 58, 30, 62), ordered=True)
    uusimaa = built_in("maakunta")["mk01"]
    parts = [shapely.intersection(uusimaa, cell) for cell in cells.geoms]
    return dict(sorted((built_in("wellbeing") | dict(zip(TOWNS, parts, strict=True))).items()))


def in_metres(shapes: Shapes) -> Shapes:
    """As Statistics Finland gives them, in EPSG:3067."""
    project = Transformer.from_crs(4326, 3067, always_xy=True)
    return moved(shapes, lambda points: np.column_stack(project.transform(*points.T)).round(1))


def moved(shapes: Shapes, move: Callable[[np.ndarray], np.ndarray]) -> Shapes:
    return {code: shapely.transform(each, move) for code, each in shapes.items()}


def numbered(shapes: Shapes, name: str) -> list[dict[str, Any]]:
    """Features with Statistics Finland's properties: year, official number under ``name``, names."""
    names = rows_of("areas").set_index("code")["name"]
    return [
        feature(each, {"vuosi": 2025, name: code[-2:], "nimi": names[code]["fi"], "namn": names[code]["sv"]})
        for code, each in shapes.items()
    ]


def municipalities(shapes: Shapes, name: str) -> list[dict[str, Any]]:
    """Every area cut in four, each piece a municipality that knows its area's number."""
    found = []
    for code, each in shapes.items():
        west, south, east, north = each.bounds
        x, y = (west + east) / 2, (south + north) / 2
        for box in ((west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)):
            piece = shapely.intersection(each, shapely.box(*box))
            if piece.area:
                found.append(feature(piece, {"kunta": f"{len(found) + 5:03}", name: code[-2:]}))
    return found


def feature(geometry: shapely.Geometry, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": mapping(geometry)}


def written(path: Path, features: Iterable[dict[str, Any]], system: str | None = None) -> Path:
    """A file with these features that names its reference system, or names none."""
    collection: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if system:
        collection["crs"] = {"type": "name", "properties": {"name": system}}
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path
