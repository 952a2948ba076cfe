"""The page of organisations: every view is whole, every count opens exactly its list, and what the
graph shows is told without it."""

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlparse

import pytest
from streamlit.testing.v1 import AppTest

from data_access.queries import connections, figures
from data_access.queries.connections import Choices
from data_access.scope import operator
from pages.frame.texts import LANGUAGES, text
from tests.visits import FACES, containers, flaws, has_badge, markup_of, open_face, page, tables, told, visit

VIEWS = {
    "counts": {"by": ("type", "role", "goal", "area", "several", "size")},
    "growth": {},
    "lists": {"list": ("distinct", "partnerships", "by_size", "projects")},
    "areas": {"scheme": ("maakunta", "evk")},
    "bridges": {"things": ("projects", "areas", "goals")},
    "graph": {"goal": ("all", "g4")},
}
SHOWN = [
    {"view": view} | ({name: value} if name else {})
    for view, choices in VIEWS.items()
    for name, values in (choices.items() or [("", ("",))])
    for value in values
]
pytestmark = pytest.mark.usefixtures("page_store")


def organisations(language: str, **choices: str) -> AppTest:
    return visit(page("organisations"), language, **choices)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["demo", "facts"])
def test_every_view_is_whole_in_its_language(kind, language):
    app = organisations(language)
    for choices in SHOWN:
        shown = go(app, choices)
        assert flaws(shown, language) == [], choices
        assert containers(shown, "card_"), choices
        for card in containers(shown, "card_").values():
            assert has_badge(card) == (kind == "demo"), choices
    for face in FACES[1:]:
        for choices in SHOWN[::3]:
            assert flaws(open_face(go(app, choices), face, language), language) == [], (choices, face)


def go(app: AppTest, choices: dict[str, str]) -> AppTest:
    """The same reader follows a link to the page."""
    app.query_params = {"lang": app.query_params["lang"], "goal": "all", **choices}
    return app.run()


# ---- every count opens its list -------------------------------------------------------------------------

COUNT = re.compile(r'<a href="([^"]*list=[^"]*)" data-within>([^<]*)</a>')


def counts_on(app: AppTest) -> Iterator[tuple[str, int]]:
    for address, label in COUNT.findall(markup_of(app.main)):
        yield html.unescape(address), int(re.sub(r"\D", "", label))


@pytest.mark.parametrize("kind", ["demo", "facts"])
def test_every_count_opens_exactly_the_list_that_it_counts(kind):
    """Every link with a number, on the chart's and the table's face of every view."""
    app, counts = organisations("fi"), {}
    for choices in [*SHOWN, {"view": "counts", "goal": "g2", "period": "2025h1"}]:
        for face in ("chart", "table"):
            counts |= dict(counts_on(open_face(go(app, choices), face, "fi")))
    assert len(counts) > (140 if kind == "demo" else 15)
    reader = organisations("fi")
    for address, count in counts.items():
        asked = {name: values[0] for name, values in parse_qs(urlparse(address).query, True).items()}
        (card,) = containers(go(reader, asked), "card_list").values()
        assert not reader.warning, address
        assert len(tables(card)) - 1 == count, address
        assert re.search(rf"\b{count} ", markup_of(card)), address


@pytest.mark.parametrize("scheme", ["maakunta", "ely", "evk", "funding", "wellbeing"])
@pytest.mark.parametrize("kind", ["demo"])
def test_the_network_counts_in_each_area_what_the_figure_counts(kind, scheme):
    """Also where an area cannot be expressed; and those of two areas together are recounted."""
    for period in ("to_date", "2025h1", "2026h2"):
        asked = {"indicator": "si6", "scheme": scheme, "period": period}
        for goal in ("all", "g1"):
            known = figures.figures(operator(), 2, "fi", goal=goal, **asked).set_index("area")["value"]
            choices = Choices(period, goal, scheme)
            matrix = connections.shared_areas(operator(), 2, "esf51", "fi", choices)
            assert {area: value for area, value in known.items() if value > 0} == {
                area: matrix.loc[area, area] for area in matrix
            }
            one, other = matrix.index[:2]
            rows = connections.organisations(operator(), 2, "esf51", "fi", choices)["areas"]
            together = sum(not {one, other}.isdisjoint(areas) for areas in rows)
            assert together == matrix.loc[one, one] + matrix.loc[other, other] - matrix.loc[one, other]


# ---- the sourced facts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["facts"])
def test_without_the_institute_the_two_projects_lose_contact(kind):
    rows = connections.bridges(operator(), 1, "esf51", "fi", Choices(), "projects")
    (bridge,) = rows.to_dict("records")
    assert (bridge["identity"], bridge["parts"], bridge["beside"]) == ("thl", [("osaamiskeskus",)], ["soila"])
    for things in ("areas", "goals"):
        assert connections.bridges(operator(), 1, "esf51", "fi", Choices(), things).empty
    nodes = connections.nodes(operator(), 1, "esf51", "fi", Choices())
    assert (len(nodes), nodes["part"].max()) == (11, 0)
    said = told(organisations("sv", view="bridges").main)
    assert any("Institutet för hälsa och välfärd – utan den" in piece for piece in said)


# ---- the graph --------------------------------------------------------------------------------------------


def test_a_graph_that_cannot_be_read_is_not_drawn_but_says_what_to_do():
    app = organisations("fi", view="graph")
    assert not app.get("arrow_echarts_chart")
    assert not app.get("echarts_chart")
    (said,) = [each.value for each in app.info]
    assert "60" in said
    (card,) = containers(app, "card_graph").values()
    (listed,) = containers(app, "card_list").values()
    assert len(tables(listed)) == 1 + 93
    assert any("93 organisaatiota" in piece for piece in told(card))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_graph_tells_its_finding_and_the_table_has_every_line(language):
    app = organisations(language, view="graph", goal="g4")
    (chart,) = charts(app)
    spec = json.loads(chart.proto.spec)
    (series,) = spec["series"]
    (card,) = containers(app, "card_graph").values()
    assert chart.proto.alt in markup_of(card)
    assert len(series["data"]) == 32
    (card,) = containers(open_face(app, "table", language), "card_graph").values()
    lines = {(row[0], row[2]) for row in tables(card)[1:]}
    names = {node["id"]: node["name"] for node in series["data"]}
    assert {(names[line["source"]], names[line["target"]]) for line in series["links"]} == lines


def charts(app: AppTest) -> list:
    return [element for element in app.main if "echarts" in element.type]


def test_filters_count_anew_among_what_is_left():
    app = organisations("fi", view="graph", goal="g2", area="mk06", type="ngo")
    rows = connections.organisations(
        operator(), 2, "esf51", "fi", Choices(goal="g2", area="mk06", kind="ngo")
    )
    assert (
        0
        < len(rows)
        < len(connections.organisations(operator(), 2, "esf51", "fi", Choices(goal="g2", kind="ngo")))
    )
    (card,) = containers(app, "card_graph").values()
    counted = text("count.organisations", "fi", len(rows)).format(count=len(rows))
    assert any(counted in piece for piece in told(card))


@pytest.mark.parametrize("kind", ["facts"])
def test_one_organisation_is_shown_with_its_projects_and_partners(kind):
    app = organisations("fi", view="graph", organisation="thl")
    own, partners = (containers(app, f"card_{key}") for key in ("own", "partners"))
    assert len(tables(own["card_own"])) == 1 + 2
    assert len(tables(partners["card_partners"])) == 1 + 8
    assert len(charts(app)) == 1
    app = organisations("fi", view="graph", organisation="kuntaliitto")
    assert len(tables(containers(app, "card_partners")["card_partners"])) == 1 + 6


def test_an_organisation_that_is_not_there_gives_all_with_a_word_about_it():
    app = organisations("fi", view="graph", organisation="nobody", goal="g2")
    assert len(app.warning) == 1
    assert flaws(app, "fi") == []


# ---- long lists -------------------------------------------------------------------------------------------


def test_a_long_list_is_shown_a_page_at_a_time_and_taken_whole(monkeypatch):
    monkeypatch.setattr("pages.parts.listings.PAGE_OF", 40)
    app = organisations("fi", view="lists", list="distinct")
    (card,) = containers(app, "card_list").values()
    assert len(tables(card)) == 1 + 40
    last = organisations("fi", view="lists", list="distinct", rows="3")
    (card,) = containers(last, "card_list").values()
    assert len(tables(card)) == 1 + 13
    (card,) = containers(open_face(last, "download", "fi"), "card_list").values()
    assert any("93" in piece for piece in told(card))
