"""Puts the shapes of every scheme together from the atoms' shapes, for the browser to fetch.

    python sample_data/boundaries/make_shapes.py            # writes static/shapes/<scheme>.geojson
    python sample_data/boundaries/make_shapes.py --check    # only says which of them are out of date

Run it after a change in ``atoms.geojson``, or in areas or memberships of ``sample_data/reference``.
A feature's ``id`` is the area's code. An area's shape is the union of its atoms in the programme; the
atoms outside it (Åland) stand in every file under their own code, to be drawn as *not in the
programme*. An area has no feature when its atoms' shapes are not free (the five organisers inside
Uusimaa): the page counts it as not placed and the tiles show it.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon, mapping, shape
from shapely.geometry.polygon import orient

HERE = Path(__file__).parent
ATOMS = HERE / "atoms.geojson"
REFERENCE = HERE.parent / "reference"
SHAPES = HERE.parent.parent / "static" / "shapes"


def rows(table: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def clockwise(geometry: shapely.Geometry) -> shapely.Geometry:
    """Outer rings clockwise: Plotly takes any other ring for the rest of the world and fills that."""
    polygons = [orient(polygon, sign=-1.0) for polygon in getattr(geometry, "geoms", [geometry])]
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def scheme_shapes() -> dict[str, dict[str, shapely.Geometry]]:
    """Scheme -> area code -> shape in degrees."""
    pieces = [
        (frozenset(feature["properties"]["atoms"]), shape(feature["geometry"]))
        for feature in json.loads(ATOMS.read_text(encoding="utf-8"))["features"]
    ]

    def union(atoms: set[str]) -> shapely.Geometry | None:
        inside = [(covers, piece) for covers, piece in pieces if covers <= atoms]
        if not atoms or set().union(*(covers for covers, _ in inside)) != atoms:
            return None
        return clockwise(shapely.union_all([piece for _, piece in inside]))

    members = defaultdict(set)
    for row in rows("memberships"):
        members[row["area"]].add(row["atom"])
    areas = rows("areas")
    atoms = set().union(*members.values())
    outside = {row["code"] for row in areas if row["in_programme"] == "false"} & atoms

    schemes: dict[str, dict[str, shapely.Geometry]] = defaultdict(dict)
    for row in areas:
        own = members[row["code"]] or {row["code"]}
        if found := union(own - outside or own):
            schemes[row["scheme"]][row["code"]] = found
    for features in schemes.values():
        features |= {code: found for code in sorted(outside) if (found := union({code}))}
    return schemes


def written(features: dict[str, shapely.Geometry]) -> str:
    lines = ",\n".join(
        json.dumps(
            {"type": "Feature", "id": code, "properties": {}, "geometry": mapping(geometry)},
            separators=(",", ":"),
        )
        for code, geometry in features.items()
    )
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def is_current(file: Path, features: dict[str, shapely.Geometry]) -> bool:
    """Compares shapes, not bytes: another version of GEOS may start a ring at another point."""
    if not file.exists():
        return False
    kept = {f["id"]: shape(f["geometry"]) for f in json.loads(file.read_text(encoding="utf-8"))["features"]}
    return kept.keys() == features.keys() and all(kept[code].equals(features[code]) for code in kept)


def main(check: bool) -> None:
    schemes = scheme_shapes()
    files = {SHAPES / f"{scheme}.geojson": features for scheme, features in schemes.items()}
    if check:
        stale = [file.name for file, features in files.items() if not is_current(file, features)]
        stale += [f"{file.name} (no such scheme)" for file in SHAPES.glob("*.geojson") if file not in files]
        if stale:
            raise SystemExit(f"static/shapes is out of date: {', '.join(stale)}. Run {Path(__file__).name}.")
        return
    SHAPES.mkdir(parents=True, exist_ok=True)
    for file, features in files.items():
        file.write_text(written(features), encoding="utf-8")


if __name__ == "__main__":
    main(check="--check" in sys.argv[1:])
