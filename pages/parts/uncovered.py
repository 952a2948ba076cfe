"""Where nothing happens and where it goes badly: white spots, and the list of what to attend to."""

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from pages.charts.palette import SYMBOLS
from pages.frame.language import TO_DATE, period_label, words
from pages.parts import amounts, cached, methods, onward, sentences
from pages.parts.asked import Asked
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.listed import list_card
from pages.parts.project_search import NOTHING_ASKED, STARTED
from pages.parts.tables import Markup, html_table
from pages.parts.view import PROGRAMME, View

HEADS = ("area", "indicator", "value", "interval", "country", "trend")


def gaps_card(reader: View, asked: Asked, _: str) -> None:
    """Areas × goals: how many projects act there, and the white spots where none does."""
    goals = cached.goals(reader.scope, PROGRAMME, reader.language).set_index("code")["short"].to_dict()
    ask = (reader.scope, reader.release, reader.language, "projects", asked.scheme, asked.period)
    frame = cached.figures(*ask, ("all", *goals))
    heads = [words("table.area"), *goals.values(), words("filters.all_goals")]
    sentence = gaps_sentence(frame, goals)
    numbers = range(1, len(heads))
    figure_card(
        reader,
        "gaps",
        title=words("gaps.title", period=period_label(asked.period)),
        sentence=sentence,
        frame=frame,
        table=lambda: Table(heads, by_goal(frame, goals, amounts.cell), numbers),
        method=Method([words("gaps.method")], sources_of(frame)),
        draw=lambda: st.html(
            html_table(heads, by_goal(frame, goals, spot), caption=sentence, numbers=numbers)
        ),
    )


def by_goal(
    frame: pd.DataFrame, goals: dict[str, str], write: Callable[[amounts.Row], str]
) -> list[list[str]]:
    """A row per area, a cell per goal and one for all of them."""
    table = []
    for _, mine in frame.groupby("area", sort=False):
        cells = {row.goal: write(row) for row in amounts.rows(mine)}
        table.append([mine["area_label"].iloc[0], *[cells.get(goal, "") for goal in (*goals, "all")]])
    return table


def spot(row: amounts.Row) -> Markup:
    """A number of projects, to date with the way to their list, or a white spot with its word."""
    if row.state == "zero":
        return Markup(f'<span class="spot">0 <span class="quiet">{escape(words("gaps.none"))}</span></span>')
    if not amounts.is_shown(row):
        word = escape(words(f"state.{row.state}"))
        return Markup(f'<span class="quiet">{SYMBOLS[row.state]} {word}</span>')
    count = amounts.amount(row.value, row.unit)
    if row.period != TO_DATE:
        return Markup(escape(count))
    asked = {**NOTHING_ASKED, "goal": row.goal, "area": row.area, "state": STARTED, "project": ""}
    return Markup(onward.anchor("projects", count, **asked))


def gaps_sentence(frame: pd.DataFrame, goals: dict[str, str]) -> str:
    """Which areas have no project at all, and for each goal in how many areas it has none."""
    bare = frame[(frame["goal"] == "all") & (frame["state"] == "zero")]
    said = words("gaps.bare", places=sentences.places(bare)) if len(bare) else words("gaps.all_covered")
    missing = frame[(frame["state"] == "zero") & frame["goal"].isin(list(goals))]["goal"].value_counts()
    clauses = [words("gaps.goal", goal=goals[code], count=int(missing.get(code, 0))) for code in goals]
    return f"{said} {words('gaps.goals', goals='; '.join(clauses))}"


def attention_card(reader: View, asked: Asked, _: str) -> None:
    """What is clearly worse than in the country, first what is also getting worse."""
    ask = (reader.scope, reader.release, reader.language)
    about = cached.indicators(reader.scope, reader.language).set_index("code")
    frame = cached.figures(*ask, None, asked.scheme, asked.period, asked.goal)
    country = cached.figures(*ask, None, "country", asked.period, asked.goal).set_index("indicator")["value"]
    worse = frame[frame["verdict"] == "worse"]
    declines = worse["indicator"].map(about["direction"]).map({"up": "falling", "down": "rising"})
    worse = worse.assign(declines=worse["trend"].eq(declines))
    worse = worse.sort_values("declines", ascending=False, kind="stable", ignore_index=True)
    labels = methods.labels(reader.scope, reader.language)
    heads = [
        words(f"table.{head}") for head in ("area", "indicator", "value", "interval", "country", "trend")
    ]
    rows = [
        [
            row.area_label,
            labels[row.indicator],
            amounts.cell(row),
            amounts.interval(row),
            amounts.amount(country.get(row.indicator), row.unit, row.decimals),
            sentences.trend(row),
        ]
        for row in amounts.rows(worse)
    ]
    judged = int(frame["verdict"].notna().sum())
    both = int(worse["declines"].sum())
    sentence = words("attention.sentence", both=both, worse=len(worse), judged=judged)
    title = words("attention.title", period=period_label(asked.period))
    if worse.empty:
        st.html(f'<h2 class="card-title">{escape(title)}</h2><p class="sentence">{escape(sentence)}</p>')
        return
    list_card(reader, "attention", title, sentence, worse, heads, rows)
