"""What one project has told of itself: money, the indicators of social innovation, and results."""

from html import escape

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.charts.bars import count_bars
from pages.charts.dumbbells import dumbbells
from pages.frame.language import TO_DATE, period_label, words
from pages.parts import amounts, cached, methods, project_sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.project_card import of_register
from pages.parts.view import View

MONEY = ("eur_planned", "eur_committed", "eur_paid")
INNOVATION = ("si1", "si2", "si3", "si4", "si5", "si7")
COUNTED = "si6"
RESULTS = ("nr1", "nr2", "nr3", "nr4")


def values(reader: View, code: str) -> pd.DataFrame:
    """The project's values with unit, decimals and label of their indicators. What has no source of its own
    has its project's."""
    project = of_register(reader, code)
    rows = cached.project_values(reader.scope, reader.release, reader.language, code)
    about = cached.indicators(reader.scope, reader.language)[["code", "unit", "decimals"]]
    named = methods.labels(reader.scope, reader.language)
    joined = rows.merge(about.rename(columns={"code": "indicator"}), on="indicator")
    return joined.assign(
        label=joined["indicator"].map(named),
        source_title=joined["source_title"].astype(object).fillna(project["source_title"]),
        demonstration=joined["demonstration"].astype(bool) | project["demonstration"],
    )


def money_card(reader: View, code: str) -> None:
    """Euros planned, committed and paid to date, and by half-year in the table."""
    rows = values(reader, code)
    mine = rows[rows["indicator"].isin(MONEY)]
    now = mine[mine["period"] == TO_DATE].set_index("indicator").reindex(MONEY)
    labels = methods.labels(reader.scope, reader.language)
    frame = now.assign(code=MONEY, label=[labels[each] for each in MONEY]).reset_index(drop=True)
    halves = sorted(set(mine["period"]) - {TO_DATE})
    figure_card(
        reader,
        "project_money",
        title=words("project.money_title"),
        sentence=project_sentences.money(*now["value"]),
        frame=mine,
        table=Table(
            [words("table.period"), *frame["label"]],
            [[period_label(half), *[cell_of(mine, each, half) for each in MONEY]] for half in halves],
            numbers=(1, 2, 3),
        ),
        method=Method([words("project.method_money"), words("project.method_values")], sources_of(mine)),
        draw=lambda: draw_money(reader, frame),
    )


def draw_money(reader: View, frame: pd.DataFrame) -> None:
    number = amounts.writer("eur")
    figure = count_bars(
        frame.assign(state=frame["state"].fillna("not_reported")),
        words=chart_words(),
        palette=reader.palette,
        number=number,
    )
    plot(figure, "project_money", project_sentences.money(*frame["value"]))


def cell_of(rows: pd.DataFrame, indicator: str, period: str) -> str:
    """One value of one half-year, or that it was not reported."""
    mine = rows[(rows["indicator"] == indicator) & (rows["period"] == period)]
    return amounts.nothing("not_reported") if mine.empty else amounts.cell(next(amounts.rows(mine)))


def innovation_card(reader: View, code: str) -> None:
    """The seven indicators of social innovation: six scores, and the organisations of the project."""
    rows = values(reader, code)
    counts = rows[rows["indicator"] == COUNTED].sort_values("period")
    pairs_card(reader, "innovation", rows, INNOVATION, counts)


def results_card(reader: View, code: str) -> None:
    """The four national result indicators; those about people are not published by project."""
    rows = values(reader, code)
    pairs_card(reader, "results", rows, RESULTS, rows.iloc[:0])


def pairs_card(
    reader: View, key: str, rows: pd.DataFrame, indicators: tuple[str, ...], counts: pd.DataFrame
) -> None:
    """Scores on one scale from the first report to the latest; ``counts`` is a count of the same kind by
    half-year, which stands below them and in the table."""
    pairs = first_and_latest(reader.scope, rows, indicators, reader.language)
    withheld = rows["state"] == "not_published"
    scores = rows[rows["indicator"].isin(indicators) & ((rows["period"] != TO_DATE) | withheld)]
    frame = pd.concat([scores, counts], ignore_index=True)
    sentence = project_sentences.moves(pairs)
    about = cached.indicators(reader.scope, reader.language).set_index("code")
    scale = about.loc[indicators[0]]
    paragraphs = [words(f"project.method_{key}"), words("project.method_values")]
    figure_card(
        reader,
        f"project_{key}",
        title=words(f"project.{key}"),
        sentence=sentence,
        frame=frame,
        table=series_table(reader.scope, frame, reader.language),
        method=Method([*paragraphs, *about.loc[list(indicators), "name"]], sources_of(frame)),
        draw=lambda: draw_pairs(reader, key, pairs, scale, sentence, counts),
    )


def first_and_latest(
    scope: Scope, rows: pd.DataFrame, indicators: tuple[str, ...], language: str
) -> pd.DataFrame:
    """code, label, first (empty: there is one report), value (the latest) and state of each indicator."""
    labels = methods.labels(scope, language)
    found = []
    for code in indicators:
        mine = rows[(rows["indicator"] == code) & (rows["period"] != TO_DATE)].sort_values("period")
        withheld = (rows.loc[rows["indicator"] == code, "state"] == "not_published").any()
        nothing = "not_published" if withheld else "not_reported"
        found.append(
            {
                "code": code,
                "label": labels[code],
                "first": mine["value"].iloc[0] if len(mine) > 1 else None,
                "value": mine["value"].iloc[-1] if len(mine) else None,
                "state": mine["state"].iloc[-1] if len(mine) else nothing,
            }
        )
    return pd.DataFrame(found).astype({"first": "float64", "value": "float64"})


def series_table(scope: Scope, rows: pd.DataFrame, language: str) -> Table:
    """A row per indicator, a column per half-year."""
    halves = sorted(set(rows["period"]) - {TO_DATE})
    labels = methods.labels(scope, language)
    withheld = set(rows.loc[rows["state"] == "not_published", "indicator"])
    written = []
    for code in dict.fromkeys(rows["indicator"]):
        cells = [
            amounts.nothing("not_published") if code in withheld else cell_of(rows, code, half)
            for half in halves
        ]
        written.append([labels[code], *cells])
    return Table([words("table.indicator"), *map(period_label, halves)], written)


def draw_pairs(
    reader: View, key: str, pairs: pd.DataFrame, about: pd.Series, sentence: str, counts: pd.DataFrame
) -> None:
    figure = dumbbells(
        pairs,
        scale=(about["scale_low"], about["scale_high"]),
        words=chart_words(),
        palette=reader.palette,
        number=amounts.writer(about["unit"], about["decimals"]),
    )
    plot(figure, f"project_{key}", sentence)
    if len(counts):
        first, last = counts.iloc[0], counts.iloc[-1]
        said = words(
            "project.organisations",
            name=last["label"],
            first=int(first["value"]),
            last=int(last["value"]),
            since=period_label(first["period"]),
            until=period_label(last["period"]),
        )
        st.html(f'<p class="sentence">{escape(said)}</p>')
    if (pairs["state"] == "not_published").any():
        st.html(f'<p class="missing">{escape(words("project.withheld"))}</p>')
