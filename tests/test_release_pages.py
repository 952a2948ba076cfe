"""Any release on any page: chosen, kept in the link, compared, and telling nothing protected."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access.queries import changes as change_queries
from data_access.scope import operator
from pages.frame.texts import LANGUAGES, text
from pages.parts import changed
from tests.visits import (
    OF_RELEASES,
    WITHDRAWN,
    codes,
    containers,
    flaws,
    markup_of,
    open_face,
    page,
    told,
    visit,
)

# ---- releases -----------------------------------------------------------------------------------------

pytestmark = pytest.mark.usefixtures("page_store")


def card_texts(app: AppTest) -> dict[str, list[str]]:
    """What each card and tile says, and what stands in its charts."""
    blocks = containers(app, "card_") | containers(app, "tile_") | containers(app, "slide")
    return {key: [each for each in told(block) if not is_stamp(each)] for key, block in blocks.items()}


def is_stamp(piece: str) -> bool:
    """The time at which a slide was drawn."""
    return piece.startswith(text("present.stamp", "sv").split("{")[0])


def says_newer(app: AppTest, language: str, release: int, newest: int) -> bool:
    said = text("view.older", language).format(release=release) in told(app.main)
    return said and f'data-choice="release={newest}"' in markup_of(app.main)


@pytest.mark.parametrize("entry", OF_RELEASES, ids=lambda entry: entry.key)
def test_an_older_release_says_that_a_newer_exists(entry):
    older = visit(entry, "sv", release="1")
    assert says_newer(older, "sv", 1, 2)
    assert older.query_params["release"] == "1"
    assert flaws(older, "sv") == []
    newest = visit(entry, "sv")
    assert newest.query_params["release"] == "2"
    assert 'data-choice="release' not in markup_of(newest.main)


@pytest.mark.parametrize("entry", OF_RELEASES, ids=lambda entry: entry.key)
def test_an_old_link_shows_the_same_after_a_newer_release(entry, stocked):
    said = {}
    for kind in ("demo", "later"):
        with stocked(kind).in_use():
            app = visit(entry, "sv", release="2")
            assert says_newer(app, "sv", 2, 3) == (kind == "later")
            said[kind] = card_texts(app) | {"table": card_texts(open_face(app, "table", "sv"))}
    assert said["demo"] == said["later"]
    assert said["demo"]["table"] or entry.key == "about"


@pytest.mark.parametrize("kind", ["later"])
def test_the_newest_release_knows_what_came_after(kind):
    app = visit(page("organisations"), "sv", view="lists", list="projects")
    assert app.query_params["release"] == "3"
    assert any("Renamed (demo)" in piece for piece in told(app.main))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["later"])
def test_a_withdrawn_release_gives_the_newest_and_says_why(kind, language):
    app = visit(page("overview"), language, release="4")
    said = text("view.withdrawn", language).format(release=4, reason=WITHDRAWN)
    assert [each.value for each in app.warning] == [said]
    assert app.query_params["release"] == "3"


@pytest.mark.parametrize("kind", ["later"])
def test_a_draft_in_the_link_is_unknown(kind):
    app = visit(page("overview"), "fi", release="5")
    assert [each.value for each in app.warning] == [text("view.unknown_release", "fi").format(asked=5)]
    assert app.query_params["release"] == "3"


def test_the_chosen_release_goes_along_to_other_pages():
    app = visit(page("overview"), "fi")
    app.selectbox("choice_release").select("1").run()
    assert says_newer(app, "fi", 1, 2)
    app.switch_page("pages/network/organisations.py").run()
    assert app.query_params["release"] == "1"
    assert says_newer(app, "fi", 1, 2)


# ---- what changed -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_says_what_changed(language):
    app = visit(page("overview"), language)
    (line,) = [piece for piece in markup_of(app.main).split("<p ") if 'class="changes"' in piece]
    for event, count in (("began", 1), ("ended", 2), ("withdrawn", 1), ("moved", 1)):
        said = text(f"changes.{event}", language, count).format(count=count)
        assert said in line.replace("\N{NO-BREAK SPACE}", " ")
    assert "card_changes" in containers(app, "card_")


@pytest.mark.parametrize("kind", ["facts"])
def test_nothing_is_compared_where_there_is_one_release(kind):
    app = visit(page("overview"), "fi")
    assert 'class="changes"' not in markup_of(app.main)
    assert "card_changes" not in containers(app, "card_")


@pytest.mark.parametrize("goal", ["all", *[code for code in codes("goals") if code.startswith("g")]])
def test_every_change_is_drawn_and_its_parts_are_the_whole(goal, monkeypatch):
    monkeypatch.setattr("pages.frame.language.language", lambda: "fi")
    found = change_queries.changes(operator(), 1, 2, "country")
    rows = changed.comparable(changed.listed(found, goal).query("goal == @goal"))
    assert len(rows) > 5
    for code, row in rows.iterrows():
        drawn = changed.steps(row, "1", "2")
        assert drawn["value"].iloc[0] == row["value_before"]
        assert drawn["change"].sum() == pytest.approx(row["value_now"] - row["value_before"], abs=1e-6), code
        assert drawn["value"].iloc[-2] == pytest.approx(row["value_now"], abs=1e-6)
        if row["parts"] is None:
            assert len(drawn) == 3, "a change about people is one step"


@pytest.mark.parametrize("goal", ["all", "g1", "g2", "g3", "g4"])
def test_the_card_is_whole_for_every_goal(goal):
    app = visit(page("overview"), "en", goal=goal)
    assert flaws(app, "en") == []
    assert flaws(open_face(app, "table", "en"), "en") == []


def test_what_is_protected_in_either_release_shows_no_difference():
    found = change_queries.changes(operator(), 1, 2)
    keys = ["scheme", "indicator", "area", "period", "goal"]
    whole = change_queries.changes(operator(audience="restricted"), 1, 2).set_index(keys)
    hidden = found[(found["state_before"] == "protected") | (found["state_now"] == "protected")]
    assert len(hidden)
    assert (whole.loc[pd.MultiIndex.from_frame(hidden[keys])]["change"] != 0).any(), (
        "there is something to hide"
    )
    assert hidden["change"].isna().all()
    assert hidden["parts"].isna().all()
    assert set(hidden["reasons"].map(tuple)) == {("protection",)}
    assert changed.comparable(hidden).empty
    assert {changed.difference(row) for row in hidden.itertuples()} == {"–"}
