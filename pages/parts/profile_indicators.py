"""All indicators of one area beside the country, and one of them over the half-years."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.need import need_series
from pages.charts.palette import SHOWN
from pages.charts.path import path_line
from pages.frame.language import period_label, words
from pages.parts import amounts, area_sentences, cached, filters, methods, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.profiled import country_cell, in_country, verdict_cell, with_country
from pages.parts.tables import Markup, html_table
from pages.parts.view import View

HEADS = ("indicator", "period", "value", "interval", "country", "verdict", "band", "trend", "reported")
BESIDE = ("mean_weighted_by_n", "ratio", "latest")
"""Aggregations whose values in an area can be held against the country's on one axis."""


def indicators_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """Every indicator of the programme in its latest period: value, interval, country, verdict, rank band,
    trend. Those on a scale are drawn as rows, all of them stand in the table."""
    frame = latest(reader, programme, scheme, area)
    about = cached.indicators(reader.scope, reader.language).set_index("code")
    names = methods.labels(reader.scope, reader.language)
    whole = in_country(reader, frame)
    told = with_country(frame, whole)
    both = pd.concat([frame, whole], ignore_index=True)
    scaled = told[told["indicator"].map(about["scale_high"]).notna()]
    sentence = area_sentences.against_country(scaled, names)
    figure_card(
        reader,
        "area_indicators",
        title=words("profile.indicators_title"),
        sentence=sentence,
        frame=both.drop(columns="detail"),
        table=lambda: Table(
            [words(f"table.{head}") for head in HEADS],
            [
                [
                    names[row.indicator],
                    period_label(row.period),
                    amounts.cell(row),
                    amounts.interval(row),
                    country_cell(row),
                    verdict_cell(row),
                    amounts.band(row),
                    trend_cell(row),
                    amounts.reported(row),
                ]
                for row in amounts.rows(told)
            ],
            numbers=(2, 3, 4, 6, 8),
        ),
        method=Method(
            [
                words("profile.indicators_method"),
                words("about.comparison_text", **methods.thresholds(reader.scope, reader.language)),
            ],
            sources_of(both),
        ),
        draw=lambda: st.html(strips(reader, scaled, names, about, sentence)),
    )


def latest(reader: View, programme: str, scheme: str, area: str) -> pd.DataFrame:
    """The figures of an area for all goals, of each indicator in its latest period whose reports were due."""
    about = cached.indicators(reader.scope, reader.language).query("programme == @programme")
    newest = {code: cached.latest_period(reader.scope, reader.release, code) for code in about["code"]}
    periods = tuple(sorted({period for period in newest.values() if period is not None}))
    ask = (reader.scope, reader.release, reader.language)
    every = cached.figures(*ask, tuple(about["code"]), scheme, periods, "all", area)
    return every[every["period"] == every["indicator"].map(newest)].reset_index(drop=True)


def trend_cell(row: amounts.Row) -> str:
    """Whether the series rises or falls, or why nothing is said."""
    known = isinstance(row.trend, str) or isinstance(row.trend_reason, str)
    return sentences.trend(row) if known else "–"


def strips(
    reader: View, scaled: pd.DataFrame, names: dict[str, str], about: pd.DataFrame, caption: str
) -> str:
    """Rows with a dot on the scale: the area's value with its interval, the country as a tick."""
    heads = [
        words(f"table.{head}")
        for head in ("indicator", "period", "scale", "value", "country", "verdict", "band")
    ]
    rows = [
        [
            names[row.indicator],
            period_label(row.period),
            Markup(strip(row, about.loc[row.indicator])),
            amounts.cell(row),
            country_cell(row),
            Markup(judged(reader, row)),
            amounts.band(row),
        ]
        for row in amounts.rows(scaled)
    ]
    key = escape(words("profile.strip"))
    table = html_table(heads, rows, caption=caption, numbers=(3, 4, 6))
    return f'<p class="footnote">{key}</p>{table}'


def strip(row: amounts.Row, about: pd.Series) -> str:
    """Where value, interval and country lie on the scale; decoration, for the numbers stand beside it."""
    if not amounts.is_shown(row):
        return '<span class="track none" aria-hidden="true"></span>'

    def at(value: float) -> float:
        share = (value - about["scale_low"]) / (about["scale_high"] - about["scale_low"])
        return 100 * min(max(share, 0), 1)

    marks = f'<b style="left:{at(row.value):.1f}%"></b>'
    if pd.notna(row.low) and pd.notna(row.high):
        low, high = at(row.low), at(row.high)
        marks = f'<span style="left:{low:.1f}%;width:{high - low:.1f}%"></span>{marks}'
    if row.country is not None and amounts.is_shown(row.country):
        marks += f'<i style="left:{at(row.country.value):.1f}%"></i>'
    return f'<span class="strip" aria-hidden="true">{marks}</span>'


def judged(reader: View, row: amounts.Row) -> str:
    """The verdict in words; in colour too where it is good or bad."""
    tone = {"better": "on_course", "worse": "far_behind"}.get(
        row.verdict if isinstance(row.verdict, str) else ""
    )
    word = escape(verdict_cell(row))
    return word if tone is None else f'<b style="color:{reader.palette["status"][tone]}">{word}</b>'


def series_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """One indicator over the half-years (a yearly one over the years) in the area and in the country."""
    mine = cached.indicators(reader.scope, reader.language).query("programme == @programme").set_index("code")
    names = methods.labels(reader.scope, reader.language)
    with st.container(horizontal=True, key="choices_series"):
        code = filters.choose(
            "indicator",
            {code: names[code] for code in mine.index},
            default="nr1" if "nr1" in mine.index else mine.index[0],
            label=words("profile.choose_indicator"),
        )
    about = mine.loc[code]
    yearly = about["frequency"] == "year"
    ask = (reader.scope, reader.release, reader.language, code)
    form = r"\d{4}" if yearly else r"\d{4}h\d"
    series, country = (
        every[every["period"].str.fullmatch(form)].reset_index(drop=True)
        for every in (
            cached.figures(*ask, scheme, None, "all", area),
            cached.figures(*ask, "country", None, "all"),
        )
    )
    newest = series[series["trend"].notna() | series["trend_reason"].notna()].tail(1)
    sentence = " ".join([sentences.series(series, names[code]), *map(sentences.trend, amounts.rows(newest))])
    broken = cached.breaks(reader.scope, reader.language).query("indicator == @code")
    paragraphs = methods.indicator(reader.scope, about)
    if about["aggregation"] not in BESIDE:
        paragraphs.append(words("profile.not_beside"))
    paragraphs += [
        words("goal.break", period=period_label(row.period), why=row.reason) for row in amounts.rows(broken)
    ]
    figure_card(
        reader,
        "area_series",
        title=words("profile.series_title", indicator=names[code]),
        sentence=sentence,
        frame=pd.concat([series, country]).drop(columns="detail"),
        table=lambda: series_table(with_country(series, country)),
        method=Method(paragraphs, sources_of(pd.concat([series, country]))),
        draw=lambda: draw_series(reader, series, country, about, broken["period"].tolist(), sentence),
    )


def draw_series(
    reader: View,
    series: pd.DataFrame,
    country: pd.DataFrame,
    about: pd.Series,
    breaks: list[str],
    sentence: str,
) -> None:
    """The area's line with its intervals, and the country's where both are on one scale."""
    number = amounts.writer(about["unit"], int(about["decimals"]))
    more: dict[str, Any] = {"words": chart_words(), "palette": reader.palette, "number": number}
    empty = dict.fromkeys(series.loc[~series["state"].isin(SHOWN), "state"])
    if key := "".join(f"<li>{escape(amounts.nothing(state))}</li>" for state in empty):
        st.html(f'<ul class="key">{key}</ul>')
    if about["frequency"] == "year":
        both = pd.concat([series, country])
        plot(
            need_series(both, selected=series["area"].iloc[0] if len(series) else None, **more),
            "series",
            sentence,
        )
        return
    beside = country if about["aggregation"] in BESIDE else None
    figure = path_line(
        series, breaks=breaks, today=reader.day, period_name=period_label, beside=beside, **more
    )
    plot(figure, "series", sentence)


def series_table(series: pd.DataFrame) -> Table:
    return Table(
        [
            words(f"table.{head}")
            for head in ("period", "value", "interval", "country", "verdict", "reported")
        ],
        [
            [
                period_label(row.period),
                amounts.cell(row),
                amounts.interval(row),
                country_cell(row),
                verdict_cell(row),
                amounts.reported(row),
            ]
            for row in amounts.rows(series)
        ],
        numbers=(1, 2, 3, 5),
    )
