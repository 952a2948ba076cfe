"""Sourced facts as cards: the funnel, the calls, what is known, and the need beside the effort."""

from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from pages.charts.funnel import funnel
from pages.charts.need import need_series
from pages.charts.palette import goal_colour
from pages.charts.path import path_line
from pages.frame.language import TO_DATE, day, period_label, words
from pages.parts import amounts, cached, methods, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.tables import html_table
from pages.parts.view import View


def funnel_card(reader: View, programme: str) -> None:
    """Applications → entities → funded; what no source gives is said to be unknown."""
    stages = cached.funnel(reader.scope, programme, reader.language)
    if stages.empty:
        return
    sentence = sentences.funnel(stages)
    rows = [
        [
            row.label,
            number_or_unknown(row.value),
            row.source_title or words("card.no_source"),
            row.caveat or "",
        ]
        for row in amounts.rows(stages)
    ]
    figure_card(
        reader,
        "funnel",
        title=words("funnel.title"),
        sentence=sentence,
        frame=stages,
        table=Table(
            [words(f"table.{head}") for head in ("stage", "value", "source", "caveat")], rows, numbers=(1,)
        ),
        method=Method([words("funnel.method")], sources_of(stages)),
        draw=lambda: plot(
            funnel(
                stages.drop(columns="caveat"),
                words=chart_words(),
                palette=reader.palette,
                number=amounts.writer("projects"),
            ),
            "funnel",
            sentence,
        ),
        demonstration=False,
    )


def number_or_unknown(value: float) -> str:
    return words("state.not_available") if pd.isna(value) else amounts.amount(value, "projects")


def calls_card(reader: View, programme: str) -> None:
    """When each call was open, and which areas it covered."""
    calls = cached.calls(reader.scope, programme, reader.language)
    if calls.empty:
        return
    heads = [
        words(f"table.{head}") for head in ("call", "opens", "closes", "covered", "not_covered", "source")
    ]
    rows = [
        [
            row.name,
            day(row.opens),
            day(row.closes),
            row.covered if isinstance(row.covered, str) else words("state.not_available"),
            row.not_covered if isinstance(row.not_covered, str) else "–",
            row.source_title,
        ]
        for row in amounts.rows(calls)
    ]
    listing_card(
        reader, "calls", words("calls.title"), words("calls.sentence", count=len(calls)), calls, heads, rows
    )


def facts_card(reader: View, programme: str) -> None:
    """What is known about the programme, each with its source."""
    facts = cached.facts(reader.scope, programme, reader.language)
    heads = [words(f"table.{head}") for head in ("fact", "value", "date", "source", "caveat")]
    rows = [
        [row.name, fact_value(row), fact_date(row), row.source_title, row.caveat or ""]
        for row in amounts.rows(facts)
    ]
    unknown = int((~facts["known"].astype(bool)).sum())
    sentence = words("facts.sentence", count=len(facts) - unknown)
    if unknown:
        sentence += " " + words("facts.unknown", count=unknown)
    listing_card(reader, "facts", words("facts.title"), sentence, facts, heads, rows)


def fact_value(row) -> str:
    """The value with its unit; *not available* where no source gives it."""
    if not row.known:
        return words("state.not_available")
    if row.unit in ("date", "period") or pd.isna(row.value):
        return span(row) if row.unit == "years" else "–"
    if row.unit == "eur":
        return amounts.euro(row.value, exact=True)
    return amounts.counted(row.value, row.unit)


def fact_date(row) -> str:
    """When the fact holds."""
    return "" if row.unit == "years" else span(row)


def span(row) -> str:
    """``12–25``, ``1.2.2023–31.1.2026`` or a single day or year."""
    ends = [written_day(text) for text in (row.starts, row.ends) if isinstance(text, str) and text]
    return "–".join(dict.fromkeys(ends))


def written_day(text: str) -> str:
    return day(date.fromisoformat(text)) if len(text) == 10 else text


def listing_card(
    reader: View,
    key: str,
    title: str,
    sentence: str,
    frame: pd.DataFrame,
    heads: list[str],
    rows: list[list[str]],
) -> None:
    """A card whose figure is a table of facts."""
    table = Table(heads, rows)
    figure_card(
        reader,
        key,
        title=title,
        sentence=sentence,
        frame=frame,
        table=table,
        method=Method([words("facts.method")], sources_of(frame)),
        draw=lambda: st.html(html_table(heads, rows, caption=sentence)),
        demonstration=False,
    )


def need_panel(reader: View, programme: str, goal: str) -> None:
    """Need as statistics show it beside what has been paid for the goal: two figures with a caution above
    both, never divided by each other. Nothing for a programme without context statistics."""
    indicators = cached.indicators(reader.scope, reader.language).query("programme == @programme")
    for code, indicator in indicators[indicators["family"] == "context"].set_index("code").iterrows():
        ask = (reader.scope, reader.release, reader.language)
        every = cached.figures(*ask, str(code), "country", None, "all")
        series = every[every["period"] != TO_DATE].reset_index(drop=True)
        paid = cached.figures(*ask, "eur_paid", "country", None, goal)
        paid = paid[paid["period"].str.contains("h")].reset_index(drop=True)
        if series.empty:
            return
        with st.container(border=True, key="panel_need"):
            st.html(f"<h2 class='card-title'>{escape(words('need.panel'))}</h2>")
            st.info(indicator["caution"])
            left, right = st.columns(2, gap="medium")
            with left:
                need_card(reader, series, indicator)
            with right:
                effort_card(reader, paid, goal)


def need_card(reader: View, series: pd.DataFrame, indicator: pd.Series) -> None:
    """A context statistic over the years, and in words whether it rises or falls."""
    sentence = sentences.series(series, indicator["short"])
    newest = series[series["trend"].notna() | series["trend_reason"].notna()].tail(1)
    sentence = " ".join([sentence, *map(sentences.trend, amounts.rows(newest))])
    heads = [words(f"table.{head}") for head in ("period", "value", "source")]
    rows = [[row.period, amounts.cell(row), row.source_title] for row in amounts.rows(series)]
    figure_card(
        reader,
        "need",
        title=words("need.title"),
        sentence=sentence,
        frame=series,
        table=Table(heads, rows, numbers=(1,)),
        method=Method(methods.indicator(reader.scope, indicator), sources_of(series)),
        draw=lambda: plot(
            need_series(
                series,
                words=chart_words(),
                palette=reader.palette,
                number=amounts.writer("percent", 1),
            ),
            "need",
            sentence,
        ),
    )


def effort_card(reader: View, paid: pd.DataFrame, goal: str) -> None:
    """What has been paid to the goal's projects, to date, half-year by half-year."""
    indicator = cached.indicators(reader.scope, reader.language).set_index("code").loc["eur_paid"]
    sentence = sentences.series(paid, indicator["short"])
    heads = [words(f"table.{head}") for head in ("period", "value", "reported", "source")]
    rows = [
        [period_label(row.period), amounts.cell(row), amounts.reported(row), row.source_title]
        for row in amounts.rows(paid)
    ]
    figure_card(
        reader,
        "effort",
        title=words("need.effort"),
        sentence=sentence,
        frame=paid,
        table=Table(heads, rows, numbers=(1, 2)),
        method=Method(methods.indicator(reader.scope, indicator), sources_of(paid)),
        draw=lambda: plot(
            path_line(
                paid,
                words=chart_words(),
                palette=reader.palette,
                number=amounts.writer("eur"),
                today=reader.day,
                period_name=period_label,
                colour=goal_colour(reader.palette, goal),
            ),
            "effort",
            sentence,
        ),
    )
