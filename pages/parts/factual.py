"""Sourced facts as cards: the funnel, the calls, what is known, and the need beside the effort."""

from datetime import date

import pandas as pd
import streamlit as st

from pages.charts.funnel import funnel
from pages.charts.need import need_series
from pages.frame.language import day, words
from pages.parts import amounts, cached, methods, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.tables import html_table
from pages.parts.view import View


def funnel_card(reader: View, programme: str) -> None:
    """Applications → entities → funded; what no source gives is said to be unknown."""
    stages = cached.funnel(programme, reader.language)
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
    calls = cached.calls(programme, reader.language)
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
    facts = cached.facts(programme, reader.language)
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


def need_card(reader: View) -> None:
    """Children placed outside the home: context, never divided by effort."""
    indicator = cached.indicators(reader.language).set_index("code").loc["ctx1"]
    every = cached.figures(reader.release, reader.audience, reader.language, "ctx1", "country", None, "all")
    series = every[every["period"] != "to_date"].reset_index(drop=True)
    if series.empty:
        return
    sentence = sentences.series(series, indicator["short"])
    st.info(indicator["caution"])
    heads = [words(f"table.{head}") for head in ("period", "value", "source")]
    rows = [[row.period, amounts.cell(row), row.source_title] for row in amounts.rows(series)]
    figure_card(
        reader,
        "need",
        title=words("need.title"),
        sentence=sentence,
        frame=series,
        table=Table(heads, rows, numbers=(1,)),
        method=Method(methods.indicator(indicator), sources_of(series)),
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
