"""A steward drops boundaries in: the map fetches them, says whose they are, and goes back."""

import re

from playwright.sync_api import expect

from pages.frame.texts import text
from tests import dropped_in
from tests.conftest import come_in

MAP = "/regions?scheme=wellbeing&indicator=nr1&view=map&lang=sv"


def test_a_loaded_set_is_what_the_map_fetches_until_it_is_dropped(cold_server, page, drawn, tmp_path):
    server = cold_server()
    metres = dropped_in.in_metres(dropped_in.wellbeing())
    features = dropped_in.numbered(metres, "hyvinvointialue")
    path = dropped_in.written(tmp_path / "f.geojson", features, "urn:ogc:def:crs:EPSG::3067")
    load = ("boundaries", str(path), "--scheme", "wellbeing", "--source", "Statistikcentralen")
    told = server.store.command(*load).stdout
    address = f"{server.url}/shapes/{re.findall('hash ([0-9a-f]+)', told)[0]}.geojson"

    with page.expect_response(address) as fetched:
        page.goto(server.url + MAP)
        come_in(page, "viewer", server.password)
    assert fetched.value.ok
    assert "immutable" in fetched.value.headers["cache-control"]
    drawn(page)
    expect(page.get_by_text("Gränser: Statistikcentralen", exact=True)).to_be_visible()
    expect(page.locator(".choroplethlayer path.choroplethlocation")).to_have_count(23)

    server.store.command("boundaries", "--drop", "wellbeing")
    built_in = page.get_by_text(text("boundaries.built_in", "sv"))
    for _ in range(30):
        if built_in.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
        drawn(page)
    expect(built_in).to_be_visible()
    expect(page.get_by_text(text("regions.not_placed", "sv").format(count=5))).to_be_visible()

    # A page that was drawn before may still ask for the old set; nothing else is to be had there.
    assert page.request.get(address).ok
    for other in ("0000000000000000", "..%2F..%2FREADME", "wellbeing"):
        assert page.request.get(f"{server.url}/shapes/{other}.geojson").status in (400, 404)
