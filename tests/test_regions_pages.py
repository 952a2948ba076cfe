"""The page of regions: each view in each division, and every cell as the release has it."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from sqlmodel import Session

from data_access import models
from data_access.queries import benchmarks, figures, reference
from data_access.scope import operator
from data_access.store import columns, frame, reading
from pages.frame.texts import LANGUAGES, text
from pages.parts import amounts, regional
from pages.parts.regional_views import VIEWS
from tests.visits import codes, flaws, page, tables, told, visit

pytestmark = pytest.mark.usefixtures("page_store")
SCHEMES = [code for code in codes("schemes") if code != "country"]
RELEASE = 2
KEY = ["indicator", "scheme", "area", "period", "goal"]
NUMBERS = ("value", "low", "high", "rank_low", "rank_high")
TOLD = (*NUMBERS, "state", "verdict")


def stored(session: Session) -> pd.DataFrame:
    """What the official audience may know of the release's figures, straight from the table."""
    wanted = models.Figure
    query = columns(*[getattr(wanted, name) for name in (*KEY, *TOLD, "hidden")])
    query = query.where(wanted.release == RELEASE)
    rows = frame(session, query)
    hidden = rows["hidden"].astype(bool)
    rows.loc[hidden, "state"] = "protected"
    rows.loc[hidden, ["value", "low", "high", "rank_low", "rank_high", "verdict"]] = None
    return rows


def test_every_value_interval_rank_band_and_verdict_is_the_releases():
    """All divisions × indicators × periods × goals: what the card asks for against the stored figures, and
    the cells of its table as they are written where all goals are taken together. That the page asks for
    the right ones is tested by sample in test_agreement.py."""
    with reading() as session:
        known = stored(session)
    known = told_cells(known[known["scheme"].isin(SCHEMES)])
    about = reference.indicators(operator(), "fi").set_index("code")
    asked = [
        figures.figures(operator(), RELEASE, "fi", indicator=indicator, scheme=scheme)
        for scheme, indicator in product(SCHEMES, about.index)
    ]
    pd.testing.assert_frame_equal(told_cells(pd.concat(asked)), known)
    assert len(known) > 20_000
    cells = 0
    for rows in asked:
        rows = rows[rows["goal"] == "all"]
        held = rows.assign(level=None, beside=None, standing=rows["verdict"])
        for row, line in zip(amounts.rows(rows), regional.area_table(held).rows, strict=True):
            key = (row.indicator, row.scheme, row.area, row.period, row.goal)
            told = as_row(known.loc[key], about.loc[row.indicator])
            said = text(f"standing.{told.verdict}", "fi") if told.verdict else "–"
            written = [amounts.cell(told), amounts.interval(told), amounts.band(told), "–", said]
            assert line[:6] == [row.area_label, *written], key
            cells += 1
    assert cells > 4_000


def told_cells(rows: pd.DataFrame) -> pd.DataFrame:
    cells = rows.set_index(KEY)[list(TOLD)].sort_index().astype(dict.fromkeys(NUMBERS, "float64"))
    return cells.astype({"state": object, "verdict": object}).where(cells.notna(), None)


def as_row(row: pd.Series, about: pd.Series) -> Any:
    clean = {name: None if value != value else value for name, value in row.items()}
    return SimpleNamespace(**clean, unit=about["unit"], decimals=about["decimals"])


@pytest.mark.parametrize("kind", ["demo", "facts", "empty"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn_in_every_kind_of_store(view, kind):
    language = LANGUAGES[list(VIEWS).index(view) % 3]
    assert flaws(visit(page("regions"), language, view=view, scheme="evk"), language) == []


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in ("map", "tiles")])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_view_is_drawn_in_every_division(scheme, view):
    language = LANGUAGES[(SCHEMES.index(scheme) + list(VIEWS).index(view)) % 3]
    app = visit(page("regions"), language, view=view, scheme=scheme)
    assert flaws(app, language) == []
    assert app.query_params["view"] == view


def test_the_heat_table_shows_the_figures_with_the_sign_of_their_verdict():
    app = visit(page("regions"), "fi", view="heat", family="innovation", period="2025h2", goal="all")
    heads, *lines = tables(app.main)
    shorts = reference.indicators(operator(), "fi").set_index("code")["short"]
    every = figures.figures(operator(), RELEASE, "fi", scheme="maakunta", period="2025h2", goal="all")
    names = dict(zip(every["area_name"], every["area"], strict=True))
    signs = {"better": "▲", "worse": "▼"}
    seen = 0
    for name, *cells in lines[: len(names)]:
        for head, cell in zip(heads[1:], cells, strict=True):
            code = next(code for code in shorts.index if head.endswith(shorts[code]))
            row = every[(every["area"] == names[name]) & (every["indicator"] == code)].iloc[0]
            if amounts.is_shown(row):
                sign = signs.get(row["verdict"])
                value = amounts.amount(row["value"], row["unit"], row["decimals"])
                said = f"{value} {sign} {text('verdict.' + row['verdict'], 'fi')}" if sign else value
                assert cell == said
            else:
                assert text(f"state.{row['state']}", "fi") in cell
            seen += 1
    assert seen == 19 * 7


def test_white_spots_are_the_zeroes_of_the_release_and_aland_is_none():
    app = visit(page("regions"), "fi", view="gaps", period="2026h1")
    _, *lines = tables(app.main)
    every = figures.figures(
        operator(), RELEASE, "fi", indicator="projects", scheme="maakunta", period="2026h1"
    )
    zeroes = every[(every["state"] == "zero") & (every["goal"] != "all")]
    written = [cell for line in lines for cell in line[1:-1] if text("gaps.none", "fi") in cell]
    assert len(written) == len(zeroes) > 0
    aland = next(line for line in lines if line[0].startswith("Ahvenanmaa"))
    assert all(text("state.not_in_programme", "fi") in cell for cell in aland[1:])


def test_attention_is_what_is_worse_than_the_country():
    app = visit(page("regions"), "fi", view="attention", period="2025h2")
    _, *lines = tables(app.main)
    every = figures.figures(operator(), RELEASE, "fi", scheme="maakunta", period="2025h2", goal="all")
    worse = every[every["verdict"] == "worse"]
    assert sorted(line[0] for line in lines) == sorted(worse["area_label"])
    assert len(lines) > 0


def test_side_by_side_takes_up_to_four_areas_from_the_link_and_names_what_it_left_out():
    app = visit(page("regions"), "fi", view="side", areas="mk01,mk06,nowhere", period="2026h1")
    assert app.query_params["areas"] == "mk01,mk06"
    assert ["nowhere" in warning.value for warning in app.warning] == [True]
    heads, *lines = tables(app.main)[:20]
    assert heads[1:] == ["Uusimaa (maakunta)", "Pirkanmaa (maakunta)", text("chart.country", "fi")]
    of = figures.figures(operator(), RELEASE, "fi", indicator="projects", period="2026h1", goal="all")
    expected = [str(int(of.set_index("area").loc[area, "value"])) for area in ("mk01", "mk06", "fi")]
    assert next(line for line in lines if line[0] == "Hankkeet")[1:] == expected


def test_an_area_is_held_against_the_funding_area_that_it_lies_in():
    """Etelä-Savo was in the area of rr07 until the end of 2025, since 2026 it is in that of rr06."""
    for period, home in (("2025h2", "rr07"), ("2026h1", "rr06")):
        held = benchmarks.benchmarks(operator(), RELEASE, "fi", "si1", "maakunta", period, "all", "funding")
        funding = figures.figures(
            operator(), RELEASE, "fi", indicator="si1", scheme="funding", period=period, goal="all"
        ).set_index("area_label")
        row = held.set_index("area").loc["mk10"]
        assert row["level"] == funding.loc[row["beside"], "value"]
        assert funding.loc[row["beside"], "area"] == home
    country = benchmarks.benchmarks(operator(), RELEASE, "fi", "si6", "maakunta", "2026h1", "all", "country")
    assert country["level"].isna().all(), "a sum is no level to hold an area against"


def test_an_area_of_another_division_is_said_and_its_nearest_shown():
    app = visit(page("regions"), "fi", scheme="evk", area="mk13")
    assert app.query_params["area"] == "evk05"
    assert ["Keski-Suomi (maakunta)" in info.value for info in app.info] == [True]


def test_uusimaa_cannot_be_expressed_inside_and_aland_is_never_zero():
    for view in ("heat", "map"):
        app = visit(page("regions"), "fi", scheme="wellbeing", view=view, indicator="nr1", period="2026h1")
        assert any("≠" in each for each in told(app.main)), view
    every = figures.figures(operator(), RELEASE, "fi", scheme="maakunta", area="mk21")
    assert set(every["state"]) == {"not_in_programme"}


def test_play_steps_through_the_periods_and_stops_at_the_last():
    halves = [code for code in figures.periods_of(operator(), RELEASE, "si1") if "h" in code]
    app = visit(page("regions"), "fi", period=halves[-3], indicator="si1")
    app.button("play").click().run()
    assert app.button("play").label == text("playing.pause", "fi")
    assert app.query_params["period"] == halves[-3]
    for expected in (*halves[-2:], halves[-1]):
        app.session_state["played_at"] = -1e9
        app.run()
        assert (app.query_params["period"], app.select_slider("slide_period").value) == (expected, expected)
    assert app.button("play").label == text("playing.play", "fi")
    app.button("play").click().run()
    assert app.query_params["period"] == halves[0], "from the end it plays from the beginning"


def test_the_slider_and_the_areas_write_the_link():
    app = visit(page("regions"), "fi", period="2025h2", indicator="si1")
    app.select_slider("slide_period").set_value("2025h1").run()
    assert app.query_params["period"] == "2025h1"
    app = visit(page("regions"), "fi", view="side", areas="mk01")
    app.multiselect("choice_areas").set_value(["mk01", "mk02"]).run()
    assert app.query_params["areas"] == "mk01,mk02"


def test_a_value_to_date_has_no_slider():
    app = visit(page("regions"), "fi", period="to_date", indicator="si6")
    assert not app.select_slider
