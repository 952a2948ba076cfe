"""What a card of the pages of progress shows is what the release holds and the command line prints."""

import html
import json
import re
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from data_access.__main__ import app as command_line
from pages.charts.palette import PALETTES, STATUS_SYMBOLS
from pages.frame.texts import LANGUAGES, text
from pages.parts import cards, clocks, described, factual, listed, towards, transmitted
from tests.visits import containers, markup_of, page, told, visit

CARDS = (clocks, described, factual, listed, towards, transmitted)
COMPARED = ("value", "low", "high", "n", "state", "status", "reported", "expected", "baseline", "milestone")
COMPARED += ("target", "expected_now", "share_of_path")

pytestmark = pytest.mark.usefixtures("page_store")


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[pd.DataFrame]:
    """The frames of the cards that are drawn after this."""
    drawn: list[pd.DataFrame] = []

    def noting(*args: Any, frame: pd.DataFrame, **more: Any) -> None:
        drawn.append(frame)
        cards.figure_card(*args, frame=frame, **more)

    for part in CARDS:
        if hasattr(part, "figure_card"):
            monkeypatch.setattr(part, "figure_card", noting)
    return drawn


def printed(indicator: str, scheme: str, goal: str) -> dict[tuple[str, str], dict]:
    """(area, period) → what the command line prints for it."""
    asked = ["figures", indicator, "--scheme", scheme, "--goal", goal, "--period", "all", "--format", "json"]
    done = CliRunner().invoke(command_line, asked)
    assert done.exit_code == 0, done.output
    return {(row["area"], row["period"].lower()): row for row in json.loads(done.stdout)}


def same(shown: Any, told: Any) -> bool:
    if pd.isna(shown) or told is None:
        return pd.isna(shown) and told is None
    return shown == (pytest.approx(told, rel=1e-9) if isinstance(told, float | int) else told)


VISITS = [("overview", {}), *[("goal", {"goal": f"g{i}"}) for i in range(1, 5)]]
VISITS += [
    ("indicator", {"indicator": code, "goal": goal}) for code in ("nr1", "si6") for goal in ("all", "g3")
]
VISITS += [("indicator", {"indicator": code}) for code in ("eeco18", "esfres", "eur_paid", "people", "ctx1")]


def test_every_number_of_the_pages_of_progress_is_what_the_command_line_prints(frames):
    for key, choices in VISITS:
        assert not visit(page(key), "fi", **choices).exception
    figures = [frame for frame in frames if {"indicator", "scheme", "period", "value"} <= set(frame.columns)]
    kept = ["indicator", "scheme", "goal", "area", "period", *COMPARED]
    rows = pd.concat([frame[kept] for frame in figures]).drop_duplicates(kept[:5])
    assert len(rows) > 200
    for (indicator, scheme, goal), mine in rows.groupby(["indicator", "scheme", "goal"]):
        told = printed(str(indicator), str(scheme), str(goal))
        for row in mine.to_dict("records"):
            line = told[row["area"], row["period"]]
            wrong = {name: (row[name], line[name]) for name in COMPARED if not same(row[name], line[name])}
            assert not wrong, (indicator, scheme, goal, row["area"], row["period"], wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counts_on_top_are_what_the_command_line_prints(language):
    tiles = containers(visit(page("overview"), language), "tile_")
    for key, code in (("projects", "projects"), ("organisations", "si6"), ("money", "eur_committed")):
        value = printed(code, "country", "all")["fi", "to_date"]["value"]
        number = (
            f"{value / 1e6:.1f}".replace(".", "." if language == "en" else ",")
            if value > 1e6
            else f"{value:.0f}"
        )
        assert [piece for piece in told(tiles[f"tile_{key}"]) if number in piece], (key, number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_goal_with_too_few_reports_has_neither_colour_nor_arrow_but_the_count(language):
    rows_of_goals = re.findall(r"<tr>.*?</tr>", markup_of(visit(page("overview"), language).main), re.S)
    (row,) = [row for row in rows_of_goals if "goal=g3" in row]
    *_, result, status, evidence = re.findall(r"<td.*?</td>", row, re.S)
    assert 'class="track none"' in result
    assert "background" not in result
    assert text("status.not_enough_evidence", language) in status
    (colour,) = re.findall(r"color:(#\w+)", status)
    assert colour == PALETTES["light"]["ink_soft"]
    others = {
        sign for word, sign in STATUS_SYMBOLS.items() if word not in ("not_enough_evidence", "no_target")
    }
    assert not [sign for sign in others if sign in row]
    assert text("goals.reported", language).format(reported=2, expected=7) in html.unescape(evidence)
    goal = visit(page("goal"), language, goal="g3")
    (card,) = containers(goal, "card_path").values()
    why = text("no_pace.not_enough_evidence", language)
    assert why in " ".join(told(card))
    (bullets,) = containers(goal, "card_indicators").values()
    (veto,) = [piece for piece in told(bullets) if text("status.not_enough_evidence", language) in piece]
    assert text("chart.value", language) not in veto
