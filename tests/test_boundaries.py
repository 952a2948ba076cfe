"""Boundaries that a steward drops in: what is taken, what is refused and why, and what is shown then."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape
from sqlmodel import select
from typer.testing import CliRunner

from data_access import audit
from data_access.__main__ import app
from data_access.boundaries import files, shapes
from data_access.models import AuditEvent, BoundarySet
from data_access.queries import boundaries as boundary_queries
from data_access.scope import operator
from data_access.store import reading
from pages.frame.texts import text
from pages.parts import cached
from tests import dropped_in
from tests.visits import flaws, markup_of, page, told, visit

TM35 = "urn:ogc:def:crs:EPSG::3067"
SOURCE = ("--source", "Tilastokeskus, maakunnat 2025")


def run(*words: str | Path):
    return CliRunner().invoke(app, [str(word) for word in words])


def load(path: Path, scheme: str = "maakunta"):
    return run("boundaries", path, "--scheme", scheme, *SOURCE)


def said(done: Any) -> str:
    return " ".join(done.stderr.split())


def drawn(scheme: str) -> dict[str, shapely.Geometry]:
    """The shapes in force, in degrees."""
    row = boundary_queries.in_force(operator(), "fi").set_index("scheme").loc[scheme]
    features = json.loads(boundary_queries.shapes(row["hash"]) or "")["features"]
    assert [each["id"] for each in features] == row["areas"]
    return {each["id"]: shape(each["geometry"]) for each in features}


@pytest.fixture
def own_store(facts_store, tmp_path):
    with facts_store.copy(tmp_path / "store").in_use() as store:
        yield store


# ---- what is taken -------------------------------------------------------------------------------------


def as_numbers(metres: dropped_in.Shapes) -> list[dict]:
    """A number in place of a code, beside a row number that is another area's code."""
    found = dropped_in.numbered(metres, "maakunta")
    for each, other in zip(found, reversed(found), strict=True):
        each["properties"]["fid"] = other["properties"]["maakunta"]
        each["properties"]["maakunta"] = int(each["properties"]["maakunta"])
    return found


def as_our_codes(metres: dropped_in.Shapes) -> list[dict]:
    return [dropped_in.feature(each, {"Alue": code.upper()}) for code, each in metres.items()]


def as_ids(metres: dropped_in.Shapes) -> list[dict]:
    return [dropped_in.feature(each, {}) | {"id": code} for code, each in metres.items()]


def as_municipalities(metres: dropped_in.Shapes) -> list[dict]:
    return dropped_in.municipalities(metres, "maakunta")


def as_numbered(metres: dropped_in.Shapes) -> list[dict]:
    return dropped_in.numbered(metres, "maakunta")


def without_aland(metres: dropped_in.Shapes) -> list[dict]:
    return as_numbered({code: each for code, each in metres.items() if code != "mk21"})


@pytest.mark.parametrize(
    "features", [as_numbered, as_numbers, as_our_codes, as_ids, as_municipalities, without_aland]
)
def test_codes_are_found_wherever_they_stand(own_store, tmp_path, features):
    shapes_of = dropped_in.built_in("maakunta")
    path = dropped_in.written(tmp_path / "f.geojson", features(dropped_in.in_metres(shapes_of)), TM35)
    done = load(path)
    assert done.exit_code == 0, said(done)
    assert "EPSG:3067" in done.stdout
    found = drawn("maakunta")
    assert shapes_of.keys() - found.keys() == ({"mk21"} if features is without_aland else set())
    for code, each in found.items():
        assert each.symmetric_difference(shapes_of[code]).area < 0.05 * shapes_of[code].area, code


@pytest.mark.parametrize("system", [None, "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"])
def test_degrees_are_taken_as_degrees(own_store, tmp_path, system):
    path = dropped_in.written(tmp_path / "f.geojson", as_numbered(dropped_in.built_in("maakunta")), system)
    assert "EPSG:4326" in load(path).stdout
    assert len(drawn("maakunta")) == 19


def test_rings_are_repaired_turned_and_keep_their_shared_borders(own_store, tmp_path):
    metres = dropped_in.in_metres(dropped_in.built_in("maakunta"))
    # A ring that crosses itself (a loop far out at sea, two triangles of 50 km² each), and 3-D points.
    west, east, south, north = 60_000, 80_000, 6_900_000, 6_910_000
    loop = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    parts = len(shapely.get_parts(metres["mk04"]))
    metres["mk04"] = shapely.MultiPolygon([*shapely.get_parts(metres["mk04"]), loop])
    metres["mk06"] = shapely.force_3d(metres["mk06"], 5.0)
    done = load(dropped_in.written(tmp_path / "f.geojson", as_numbered(metres)))
    assert done.exit_code == 0, said(done)
    assert done.stderr == ""
    assert len(shapely.get_parts(drawn("maakunta")["mk04"])) == parts + 2
    found = list(drawn("maakunta").values())
    assert all(each.is_valid for each in found)
    assert shapely.coverage_is_valid(found)
    assert not any(part.exterior.is_ccw for each in found for part in shapely.get_parts(each))


def test_a_large_file_is_generalised_until_it_is_small_and_borders_stay_shared(monkeypatch):
    monkeypatch.setattr(shapes, "LARGEST", 20_000)
    metres = dropped_in.in_metres(dropped_in.built_in("maakunta"))
    found = shapes.drawing(list(metres), list(metres.values()), dict.fromkeys(metres, ""))
    assert len(found.text) <= 20_000
    assert found.detail > 1000
    areas = [shape(each["geometry"]) for each in json.loads(found.text)["features"]]
    assert len(areas) == 19
    assert shapely.coverage_is_valid(areas)
    monkeypatch.setattr(shapes, "LARGEST", 100)
    with pytest.raises(shapes.BadBoundaries, match="at most"):
        shapes.drawing(list(metres), list(metres.values()), dict.fromkeys(metres, ""))


def test_small_islands_go_and_what_another_area_surrounds_stays():
    # In metres: 3 × 3 km = 9 km² is under 20 km². One such island lies at sea, one is an exclave.
    land = shapely.box(0, 0, 50_000, 50_000)
    sea, inside = shapely.box(90_000, 0, 93_000, 3_000), shapely.box(60_000, 0, 63_000, 3_000)
    around = shapely.box(50_000, 0, 80_000, 50_000) - inside
    areas = {"a": shapely.MultiPolygon([land, sea, inside]), "b": around}
    assert shapes.without_small_islands("a", areas).equals(shapely.MultiPolygon([land, inside]))


def test_overlaps_and_gaps_are_told_with_their_size(own_store, tmp_path):
    metres = dropped_in.in_metres(dropped_in.built_in("maakunta"))
    spot = metres["mk06"].representative_point()
    lake = spot.buffer(10_000, quad_segs=50)  # π · 10² = 314 km²
    metres["mk06"] -= lake
    metres["mk13"] = metres["mk13"].union(metres["mk11"].representative_point().buffer(5_000))  # π · 5² = 79
    done = load(dropped_in.written(tmp_path / "f.geojson", as_numbered(metres)))
    assert done.exit_code == 0
    assert "mk11 and mk13 overlap by 78." in said(done)
    assert "gaps of 314." in said(done)


def test_a_scheme_of_two_times_holds_both(own_store, tmp_path):
    path = dropped_in.written(tmp_path / "f.geojson", as_ids(dropped_in.built_in("funding")))
    done = load(path, "funding")
    assert done.exit_code == 0, said(done)
    assert done.stderr == ""
    assert len(drawn("funding")) == 9


# ---- what is refused -----------------------------------------------------------------------------------


def changed(features: list[dict], number: int, **parts: Any) -> list[dict]:
    return [{**each, **parts} if i == number else each for i, each in enumerate(features)]


def refused() -> dict[str, tuple[Any, str]]:
    """Name → what stands in the file, and what is said of it."""
    degrees = dropped_in.built_in("maakunta")
    good = as_numbered(degrees)
    swapped = dropped_in.moved(degrees, lambda points: points[:, ::-1])
    web, odd, tm35 = (
        {"type": "name", "properties": {"name": name}} for name in ("EPSG:3857", "kartta", TM35)
    )
    strange = {**good[3], "properties": {"maakunta": "77", "nimi": "Muualla"}}
    shuffled = [
        {**each, "properties": other["properties"]}
        for each, other in zip(good, [*good[1:], good[0]], strict=True)
    ]
    aland = as_numbered(degrees | {"mk02": degrees["mk02"].union(degrees["mk21"])})
    ring = {"type": "Polygon", "coordinates": [[[25, 61], [26, 62]]]}
    nowhere = {"type": "Polygon", "coordinates": [[[25, 61], [26, float("nan")], [26, 61], [25, 61]]]}

    def collection(features: list[dict], **more: Any) -> dict[str, Any]:
        return {"type": "FeatureCollection", "features": features, **more}

    return {
        "not JSON": ("<xml/>", "is not JSON"),
        "no collection": (good[0], "not a GeoJSON FeatureCollection"),
        "no features": (collection([]), "has no features"),
        "missing": (collection(good[2:]), "missing: mk01 Uusimaa, mk02 Varsinais-Suomi."),
        "extra": (collection([*good, strange]), "not of this scheme: '77' of feature 20 (Muualla)"),
        "no codes": (
            collection([dropped_in.feature(each, {"nimi": "X"}) for each in degrees.values()]),
            "no property of the features holds codes of areas, such as 'mk01' or '01'. There are: nimi",
        ),
        "codes elsewhere": (collection(shuffled), "puts areas where they do not lie: mk01 Uusimaa, mk02"),
        "Åland inside": (collection(aland), "covers Åland, which is not in the programme"),
        "axes": (collection(as_numbered(swapped)), "the axes are swapped: longitude must stand first"),
        "axes of metres": (
            collection(
                as_numbered(dropped_in.moved(dropped_in.in_metres(degrees), lambda points: points[:, ::-1]))
            ),
            "the axes are swapped: easting must stand first",
        ),
        "system": (collection(good, crs=web), "only EPSG:4326 and EPSG:3067"),
        "unknown system": (collection(good, crs=odd), "reference system 'kartta' is not known"),
        "another than it says": (
            collection(good, crs=tm35),
            "the file says EPSG:3067, but its coordinates lie",
        ),
        "elsewhere": (
            collection(as_numbered(dropped_in.moved(degrees, lambda points: points - 40))),
            "names no reference system, and its coordinates lie between",
        ),
        "no geometry": (collection(changed(good, 4, geometry=None)), "feature 5 (Pirkanmaa) has no geometry"),
        "a point": (
            collection(changed(good, 4, geometry={"type": "Point", "coordinates": [25, 61]})),
            "feature 5 (Pirkanmaa) is a Point",
        ),
        "empty": (
            collection(changed(good, 4, geometry={"type": "Polygon", "coordinates": []})),
            "feature 5 (Pirkanmaa) has an empty geometry",
        ),
        "half a ring": (
            collection(changed(good, 4, geometry=ring)),
            "feature 5 (Pirkanmaa) has a broken geom",
        ),
        "not a number": (
            collection(changed(good, 4, geometry=nowhere)),
            "has a coordinate that is no number",
        ),
    }


REFUSED = refused()


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_whole_and_named(facts_store, tmp_path, name):
    content, why = REFUSED[name]
    path = tmp_path / "f.geojson"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    done = load(path)
    assert done.exit_code == 1
    assert "Not loaded: " in done.stderr
    assert why in said(done)
    with reading() as session:
        assert session.exec(select(BoundarySet)).all() == []


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch, facts_store, tmp_path):
    monkeypatch.setattr(files, "LARGEST", 1000)
    path = dropped_in.written(tmp_path / "f.geojson", as_numbered(dropped_in.built_in("maakunta")))
    assert "use a more generalised one" in said(load(path))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "Say which"),
        (["--list", "--drop", "ely"], "Say which"),
        (["--drop", "lääni"], "There is no scheme 'lääni'"),
        (["--drop", "ely"], "the built-in boundaries of ely are in force already"),
    ],
)
def test_what_cannot_be_done_is_said(facts_store, words, why):
    done = run("boundaries", *words)
    assert done.exit_code != 0
    assert why in said(done)


def test_boundaries_need_a_scheme_and_a_source(facts_store, tmp_path):
    path = dropped_in.written(tmp_path / "f.geojson", as_numbered(dropped_in.built_in("maakunta")))
    assert "Say which" in said(run("boundaries", path))
    assert "say where the boundaries come from" in said(run("boundaries", path, "--scheme", "maakunta"))


# ---- in force and back ---------------------------------------------------------------------------------


def listed() -> dict[str, dict]:
    return {row["scheme"]: row for row in json.loads(run("boundaries", "--list", "--format", "json").stdout)}


def test_one_set_of_a_scheme_is_in_force_and_an_ended_one_can_still_be_fetched(stores, tmp_path):
    stores.command("init", "--empty")
    degrees = dropped_in.built_in("maakunta")
    first = dropped_in.written(tmp_path / "a.geojson", as_numbered(degrees))
    later = dropped_in.written(tmp_path / "b.geojson", without_aland(degrees))
    assert load(first).exit_code == 0
    old = listed()["maakunta"]
    more = ["--source-sv", "Statistikcentralen", "--date", "2025-01-01", "--licence", "CC BY 4.0"]
    assert run("boundaries", later, "--scheme", "maakunta", *SOURCE, *more).exit_code == 0
    new = listed()["maakunta"]
    assert new["hash"] != old["hash"]
    assert (new["dated"], new["licence"], new["areas"]) == ("2025-01-01", "CC BY 4.0", 18)
    assert (
        boundary_queries.in_force(operator(), "sv").set_index("scheme").loc["maakunta", "source"]
        == "Statistikcentralen"
    )
    assert listed()["ely"]["source"] == "built in"
    assert run("boundaries", "--drop", "maakunta").exit_code == 0
    assert listed()["maakunta"]["hash"] is None
    assert boundary_queries.shapes(old["hash"])
    assert boundary_queries.shapes("0" * 16) is None
    with reading() as session:
        acts = [event.action for event in session.exec(select(AuditEvent)).all()]
        assert acts[-3:] == ["load boundaries", "load boundaries", "drop boundaries"]
        assert audit.broken_links(session) == []


# ---- on the pages --------------------------------------------------------------------------------------


def maps(app: Any) -> list[str]:
    """Where the maps of a page fetch their shapes."""
    charts = [json.loads(each.proto.spec) for each in app.main if each.type == "plotly_chart"]
    return sorted({trace["geojson"] for chart in charts for trace in chart["data"] if "geojson" in trace})


def test_the_wellbeing_map_is_whole_with_a_set_and_says_whose_it_is(own_demo_store, tmp_path):
    before = visit(page("regions"), "fi", scheme="wellbeing", indicator="nr1", view="map")
    assert maps(before) == ["/app/static/shapes/country.geojson", "/app/static/shapes/wellbeing.geojson"]
    missing = text("regions.not_placed", "fi").format(count=5)
    built_in = text("boundaries.note", "fi").format(source=text("boundaries.built_in", "fi"))
    assert {missing, built_in} <= set(told(before.main))
    assert maps(visit(page("regions"), "fi", scheme="wellbeing", indicator="nr1")) == [], "tiles"

    metres = dropped_in.in_metres(dropped_in.wellbeing())
    path = dropped_in.written(tmp_path / "f.geojson", dropped_in.numbered(metres, "hyvinvointialue"), TM35)
    words = ["--source", "Tilastokeskus", "--date", "2025-01-01", "--licence", "CC BY 4.0"]
    assert run("boundaries", path, "--scheme", "wellbeing", *words).exit_code == 0
    fingerprint = listed()["wellbeing"]["hash"]
    cached.forget()
    after = visit(page("regions"), "fi", scheme="wellbeing", indicator="nr1")
    assert maps(after) == [f"/shapes/{fingerprint}.geojson"]
    assert "Rajat: Tilastokeskus, 1.1.2025, CC BY 4.0" in told(after.main)
    assert not {missing, built_in} & set(told(after.main))
    assert flaws(after, "fi") == []
    assert '<td data-head="Lähde">Tilastokeskus</td>' in markup_of(visit(page("about"), "fi").main)
