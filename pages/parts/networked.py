"""Organisations counted: what the counts of the page are counted among, and the reconciliation."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.network import bridge
from pages.frame.language import TO_DATE, period_label, words
from pages.parts import amounts, breakdowns, cached, filters, listings, methods, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.view import PROGRAMME, View

Choices = cached.Choices
STEPS = ("partnerships", "distinct", "supported", "eligible")
OPENED = (*STEPS, "undecided")


def choose(reader: View, views: Sequence[str]) -> tuple[Choices, str]:
    """Which question is asked, and of which goal and period: what all counts are counted among."""
    goals = cached.goals(reader.scope, PROGRAMME, reader.language).set_index("code")["short"]
    with st.container(horizontal=True, key="choices", vertical_alignment="bottom"):
        options = {"all": words("filters.all_goals"), **goals}
        goal = filters.choose("goal", options, default="all", label=words("filters.goal"))
        halves = [code for code in cached.periods_of(reader.scope, reader.release, "si6") if "h" in code]
        periods = {code: period_label(code) for code in (TO_DATE, *reversed(halves))}
        period = filters.choose("period", periods, default=TO_DATE, label=words("filters.period"))
        names = {code: words(f"network.{code}") for code in views}
        label = words("network.label")
        shown = filters.choose("view", names, default="counts", label=label, look="buttons")
    return Choices(period=period, goal=goal), shown


def counts(reader: View, choices: Choices) -> None:
    """The reconciliation, and one breakdown of the reader's choice."""
    figures = country(reader, choices)
    bridge_card(reader, choices, figures)
    breakdowns.breakdown(reader, choices, figures)


def country(reader: View, choices: Choices) -> pd.DataFrame:
    """The country's figures of organisations: a row for SI6, then one for EECO18."""
    asked = (reader.scope, reader.release, reader.language, ("si6", "eeco18"))
    frame = cached.figures(*asked, "country", choices.period, choices.goal)
    return frame.sort_values("indicator", ascending=False)


def detail_of(figures: pd.DataFrame) -> dict:
    """The steps of the reconciliation, and ``types``: how many organisations are of each type."""
    nothing = {**dict.fromkeys((*OPENED, "several_projects"), 0), "types": {}}
    return figures["detail"].iloc[0] or nothing


def bridge_card(reader: View, choices: Choices, figures: pd.DataFrame) -> None:
    """Partnerships → distinct → directly supported → eligible for EECO18, each with its rule and list."""
    indicators = cached.indicators(reader.scope, reader.language).set_index("code")
    detail = detail_of(figures)
    steps = pd.DataFrame(
        {
            "code": STEPS,
            "label": [words(f"bridge.{step}") for step in STEPS],
            "value": [float(detail[step]) for step in STEPS],
            "difference": [None, *[words(f"bridge.to_{step}") for step in STEPS[1:]]],
        }
    )
    sentence = sentences.bridge(detail, figures["area_inside"].iloc[0])
    rows = [
        [
            words(f"bridge.{step}"),
            listings.count_link(choices, detail[step], step),
            words(f"bridge.rule_{step}"),
        ]
        for step in OPENED
    ]

    def draw() -> None:
        more: dict[str, Any] = {"words": chart_words(), "palette": reader.palette}
        plot(bridge(steps, number=amounts.writer("organisations"), **more), "bridge", sentence)
        listings.ways([(words(f"bridge.{step}"), detail[step], step) for step in OPENED], choices)

    figure_card(
        reader,
        "bridge",
        title=words("bridge.title", period=period_label(choices.period)),
        sentence=sentence,
        frame=figures.drop(columns="detail").assign(**{step: detail[step] for step in OPENED}),
        table=Table([words(f"table.{head}") for head in ("step", "count", "rule")], rows, numbers=(1,)),
        method=Method(
            [*methods.indicator(reader.scope, indicators.loc["si6"]), indicators.loc["eeco18", "caution"]],
            sources_of(figures),
        ),
        draw=draw,
    )
