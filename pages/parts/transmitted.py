"""The next transmission of indicators to the EU: what goes into it, and whose report is missing."""

from html import escape

import pandas as pd
import streamlit as st

from pages.frame.language import day, period_label, words
from pages.parts import amounts, cached, methods, sentences
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.tables import html_table
from pages.parts.view import View

HEADS = ("indicator", "sent_now", "last_sent", "milestone", "target", "reported")


def transmission_card(reader: View, programme: str) -> None:
    """Indicators, half-year and figures of the next transmission, and the projects whose reports for it
    or for the one before have not come. Nothing for a programme that sends none."""
    ask = (reader.scope, reader.release, reader.language, programme)
    sent = cached.transmission(*ask)
    if sent.empty:
        return
    first = sent.iloc[0]
    now, before = (cached.reports(*ask, period) for period in (first["period"], first["before"]))
    sentence = sentences.transmission(sent)
    about = [
        words("sent.method", cut_off=day(first["cut_off"]), due=day(first["due_on"])),
        words("lists.method"),
    ]
    figure_card(
        reader,
        "transmission",
        title=words("sent.title", day=day(first["sent_by"])),
        sentence=sentence,
        frame=sent,
        table=lambda: missing_table({first["period"]: now, first["before"]: before}),
        method=Method(about, sources_of(sent)),
        draw=lambda: st.html(sent_table(reader, sent, sentence) + missing_text(before, first["before"])),
    )


def sent_table(reader: View, sent: pd.DataFrame, caption: str) -> str:
    """Each indicator as it stands now, as it stood at the cut-off before, and its path."""
    names = methods.labels(reader.scope, reader.language)
    write = amounts.amount
    rows = [
        [
            names[row.indicator],
            amounts.cell(row),
            amounts.cell(row._replace(value=row.value_before, state=row.state_before)),
            *[write(value, row.unit, int(row.decimals)) for value in (row.milestone, row.target)],
            amounts.reported(row),
        ]
        for row in amounts.rows(sent)
    ]
    period, before = sent.iloc[0][["period", "before"]]
    heads = [words(f"table.{head}", now=period_label(period), before=period_label(before)) for head in HEADS]
    return html_table(heads, rows, caption=caption, numbers=range(1, 6))


def missing_text(reports: pd.DataFrame, period: str) -> str:
    """Whose report of the half-year before has not come, by name."""
    names = [escape(name) for name in reports.loc[reports["reported_on"].isna(), "project_name"]]
    said = escape(sentences.missing(len(names), period))
    return f'<p class="missing">{said} {", ".join(names)}</p>'


def missing_table(reports: dict[str, pd.DataFrame]) -> Table:
    """The projects from which something has not come, half-year by half-year."""
    return Table(
        [words(f"table.{head}") for head in ("project", "period", "reported_on", "missing", "source")],
        [
            [
                row.project_name,
                period_label(period),
                day(None if pd.isna(row.reported_on) else row.reported_on),
                words("sent.all") if pd.isna(row.reported_on) else row.missing.upper(),
                row.source_title,
            ]
            for period, rows in reports.items()
            for row in amounts.rows(rows[rows["missing"] != ""])
        ],
    )
