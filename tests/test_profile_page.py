"""One area's page: what it shows are the release's figures, its lists hold what they count, and it says
what it cannot tell."""

from html import unescape
from urllib.parse import parse_qs, urlparse

import pytest

from data_access.queries import figures, network, reference
from data_access.queries.area import area_calls, area_projects
from data_access.scope import operator
from pages.frame.texts import LANGUAGES, text
from pages.parts import amounts
from tests.visits import containers, flaws, markup_of, open_face, page, tables, told, visit

pytestmark = pytest.mark.usefixtures("page_store")
RELEASE = 2
PARTS = ("now", "indicators", "projects", "beside")
# A county inside Uusimaa, Åland, an office of the years before that was split.
PLACES = {"fi": ("wellbeing", "hva02"), "sv": ("maakunta", "mk21"), "en": ("ely", "ely04")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_whole_in_its_language(part, language):
    scheme, area = PLACES[language]
    app = visit(page("profile"), language, scheme=scheme, area=area, part=part)
    assert flaws(app, language) == []
    for face in ("table", "method", "download"):
        assert flaws(open_face(app, face, language), language) == [], face


@pytest.mark.parametrize(
    ("scheme", "area"), [("evk", "evk05"), ("maakunta", "mk18"), ("wellbeing", "hva02"), ("funding", "rr03")]
)
def test_what_is_shown_are_the_figures_of_the_release(scheme, area):
    every = figures.figures(operator(), RELEASE, "fi", scheme=scheme, area=area)
    whole = figures.figures(operator(), RELEASE, "fi", scheme="country")
    mine, country = ({key_of(row): row for row in rows.itertuples()} for rows in (every, whole))
    names = reference.indicators(operator(), "fi").set_index("code")

    app = open_face(visit(page("profile"), "fi", scheme=scheme, area=area), "table", "fi")
    (card,) = containers(app, "card_key_figures").values()
    _, *lines = tables(card)
    assert len(lines) == 7
    for line in lines:
        (code,) = [code for code in names.index if line[0].endswith(names.loc[code, "short"])]
        asked = (code, "to_date", "all")
        assert line[1:3] == [amounts.cell(mine[asked]), amounts.cell(country[asked])], line
    (card,) = containers(app, "card_area_goals").values()
    _, *lines = tables(card)
    for goal, line in zip(("g1", "g2", "g3", "g4"), lines, strict=True):
        lead = ("nr1", "2026h1", goal)
        assert line[1] == amounts.cell(mine["projects", "to_date", goal])
        assert line[3:6] == [
            amounts.cell(mine[lead]),
            amounts.interval(mine[lead]),
            amounts.cell(country[lead]),
        ]

    app = open_face(visit(page("profile"), "fi", scheme=scheme, area=area, part="indicators"), "table", "fi")
    (card,) = containers(app, "card_area_indicators").values()
    _, *lines = tables(card)
    latest = [(code, figures.latest_period(operator(), RELEASE, code), "all") for code in names.index]
    # An office that did not exist when the last statistics were made has no figure of them.
    known = [asked for asked in latest if asked in mine]
    assert len(known) >= 18
    for asked, line in zip(known, lines, strict=True):
        row = mine[asked]
        assert line[2:5] == [amounts.cell(row), amounts.interval(row), amounts.cell(country[asked])], line
        said = text(f"verdict.{row.verdict}", "fi") if isinstance(row.verdict, str) else "–"
        assert line[5:7] == [said, amounts.band(row)], line


def key_of(row) -> tuple[str, str, str]:
    return row.indicator, row.period, row.goal


@pytest.mark.parametrize("scheme", ["maakunta", "ely", "evk", "funding", "wellbeing"])
def test_the_lists_of_every_area_hold_what_its_figures_count(scheme):
    asked = {"scheme": scheme, "period": "to_date", "goal": "all", "indicator": ("projects", "si6")}
    counts = figures.figures(operator(), RELEASE, "fi", **asked).set_index(["area", "indicator"])
    as_of = figures.releases(operator(), "fi").set_index("number").loc[RELEASE, "as_of"]
    partnerships = network.partnerships(operator(), RELEASE, "esf51", "fi", as_of)
    for area in counts.index.unique("area"):
        rows = area_projects(operator(), RELEASE, "esf51", "fi", area)
        rows = rows[rows["counted"]]
        here = rows[rows["acts"] == "inside"]
        projects, organisations = counts.loc[(area, "projects")], counts.loc[(area, "si6")]
        if projects["state"] == "cannot_be_expressed":
            assert (rows["acts"] == "partly").any(), area
        elif projects["state"] != "not_in_programme":
            assert projects["value"] == len(here), area
        if organisations["state"] in ("value", "zero"):
            mine = partnerships[partnerships["project"].isin(here["code"])]
            assert organisations["value"] == mine["identity"].nunique(), area


def test_projects_led_elsewhere_and_projects_that_act_elsewhere():
    # Valonkajo (p25) acts in Keski-Suomi, Etelä-Pohjanmaa and Pohjanmaa; its lead's home is Etelä-Pohjanmaa.
    rows = area_projects(operator(), RELEASE, "esf51", "fi", "mk13").set_index("code")
    assert rows.loc["demo-p25", ["acts", "home", "beyond"]].tolist() == ["inside", "elsewhere", True]
    assert rows.loc["demo-p01", ["acts", "home", "beyond"]].tolist() == ["inside", "here", False]
    assert rows.loc["demo-p01", "ends_soon"], "it ends on 28.2.2027, five months after the last day"
    assert not rows.loc["demo-p25", "ends_soon"]
    rows = area_projects(operator(), RELEASE, "esf51", "fi", "mk14").set_index("code")
    assert rows.loc["demo-p25", ["acts", "home", "beyond"]].tolist() == ["inside", "here", True]
    assert not rows.loc["demo-p08", "counted"], "it was withdrawn"


def test_a_call_was_shut_in_the_east():
    # Etelä-Savo's office answered for the east (rr07); the second call was not opened there.
    calls = area_calls(operator(), "esf51", "mk12", "fi").set_index("code")
    assert calls["covered"].astype(bool).to_dict() == {"call1": True, "call2": False}
    assert area_calls(operator(), "esf51", "mk21", "fi").empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_area_of_another_division_says_so_and_shows_its_nearest_meaning(language):
    app = visit(page("profile"), language, scheme="evk", area="mk08")
    labels = reference.areas(operator(), language).set_index("code")["label"]
    said = text("regions.nearest", language).format(asked=labels["mk08"], near=labels["evk03"])
    assert [info.value for info in app.info] == [said]
    assert app.query_params["area"] == "evk03"
    nowhere = visit(page("profile"), language, scheme="ely", area="mk21")
    said = text("regions.nowhere", language).format(asked=labels["mk21"])
    assert said in [info.value for info in nowhere.info]


def test_an_area_alone_in_the_link_brings_its_division():
    app = visit(page("profile"), "fi", area="hva15")
    assert (app.query_params["scheme"], app.query_params["area"]) == ("wellbeing", "hva15")


def test_a_regional_account_starts_at_its_own_area_and_has_it_one_click_away():
    app = visit(page("profile"), "fi", reader="regional")
    assert (app.query_params["scheme"], app.query_params["area"]) == ("evk", "evk05")
    app = visit(page("profile"), "fi", reader="regional", scheme="maakunta", area="mk08")
    own = text("profile.to_own", "fi").format(name="Keski-Suomi")
    (way,) = [part for part in unescape(markup_of(app.main)).split("<a ") if f">{own}<" in part]
    choices = parse_qs(urlparse(way.split('"')[1]).query)
    assert (choices["scheme"], choices["area"]) == (["maakunta"], ["mk13"])


def test_what_cannot_be_told_of_a_county_inside_uusimaa_is_said():
    app = visit(page("profile"), "fi", scheme="wellbeing", area="hva02")
    (card,) = containers(app, "card_key_figures").values()
    shown = [piece for piece in told(card) if "ei voida esittää" in piece]
    assert len(shown) == 7
    (goals,) = containers(app, "card_area_goals").values()
    # Majakka (p19) serves goal 3 in the county; Pihapiiri (p05, goal 1) acts somewhere in Uusimaa.
    assert text("white_spots.dark", "fi").format(goals="Sijoitusten väheneminen") in " ".join(told(goals))
    lists = visit(page("profile"), "fi", scheme="wellbeing", area="hva02", part="projects")
    (here,) = containers(lists, "card_here").values()
    assert text("here.wider", "fi", 1).format(count=1) in " ".join(told(here))


@pytest.mark.parametrize("part", PARTS)
def test_aland_is_never_zero(part):
    app = visit(page("profile"), "fi", scheme="maakunta", area="mk21", part=part)
    assert text("profile.outside", "fi").format(place="Ahvenanmaalla") in told(app.main)
    if part == "now":
        (card,) = containers(app, "card_key_figures").values()
        assert sum("ei ohjelmassa" in piece for piece in told(card)) == 7
        assert "0" not in told(card)


def test_the_chosen_area_of_a_comparison_leads_to_its_profile():
    app = visit(page("regions"), "fi", area="mk08", scheme="maakunta")
    ways = [part for part in markup_of(app.main).split("<a ") if text("regions.to_profile", "fi") in part]
    (choices,) = [parse_qs(urlparse(unescape(way.split('"')[1])).query) for way in ways]
    assert (choices["scheme"], choices["area"]) == (["maakunta"], ["mk08"])


@pytest.mark.parametrize("kind", ["facts"])
@pytest.mark.parametrize("part", PARTS)
def test_without_a_regional_project_nothing_is_said_to_be_none(kind, part):
    app = visit(page("profile"), "fi", scheme="maakunta", area="mk13", part=part)
    assert flaws(app, "fi") == []
    unknown = text("profile.unknown", "fi").format(place="Keski-Suomessa")
    assert unknown in told(app.main)
    if part == "projects":
        assert [info.value for info in app.info] == [unknown] * 5
