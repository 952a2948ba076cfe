"""Reporting rounds: who has reported, who is late, what the EU's next transmission lacks, whom to remind."""

from datetime import date
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.frame.language import NOTHING, day, language, number, period_label, words
from pages.parts import amounts, cached, filters, incoming
from pages.parts.cards import heading
from pages.parts.tables import html_table

PROGRAMME = "esf51"
STATES = ("reported", "incomplete", "late", "awaited")
MARKS = {"reported": "✓", "incomplete": "◐", "late": "✕", "awaited": "…"}


def whole(scope: Scope, today: date) -> None:
    """Every round in one line, and the projects of the one that is chosen."""
    rows = cached.rounds(scope, PROGRAMME, language(), today)
    if rows.empty:
        st.info(words("rounds.none"))
        return
    counts = cached.round_counts(rows)
    with st.container(border=True, key="rounds"):
        newest = counts.iloc[0]
        st.html(heading(words("rounds.title"), sentence(newest), bool(rows["demonstration"].any())))
        heads = [words(f"rounds.{name}") for name in ("period", "due", "expected")]
        heads += [words(f"round_state.{state}").capitalize() for state in STATES]
        lines = [
            [
                period_label(row["period"]),
                day(row["due_on"]),
                *(number(float(row[name])) for name in ("expected", *STATES)),
            ]
            for row in counts.to_dict("records")
        ]
        st.html(html_table(heads, lines, caption=words("rounds.title"), numbers=range(2, len(heads))))
    projects(scope, rows, counts["period"].tolist())


def sentence(row: pd.Series) -> str:
    return words(
        "rounds.sentence",
        period=period_label(row["period"]),
        reported=int(row["reported"]),
        expected=int(row["expected"]),
        incomplete=int(row["incomplete"]),
        late=int(row["late"]),
        due=day(row["due_on"]),
    )


def projects(scope: Scope, rows: pd.DataFrame, periods: list[str]) -> None:
    """The projects of one round: what has come, when, and what is missing."""
    with st.container(border=True, key="round"):
        st.html(f'<h2 class="card-title">{escape(words("rounds.projects"))}</h2>')
        options = {period: period_label(period) for period in periods}
        period = filters.choose("round", options, default=periods[0], label=words("rounds.period"))
        mine = rows[rows["period"] == period]
        heads = [words(f"rounds.{name}") for name in ("project", "lead", "state", "came", "late", "missing")]
        lines = [
            [
                row.project_name,
                row.lead or NOTHING,
                f"{MARKS[row.state]}\N{NO-BREAK SPACE}{words(f'round_state.{row.state}')}",
                day(row.reported_on),
                words("rounds.days", count=int(row.days_late)) if row.days_late else NOTHING,
                words("rounds.everything") if pd.isna(row.reported_on) else named(scope, row.missing),
            ]
            for row in amounts.rows(mine)
        ]
        caption = words("rounds.projects")
        st.html(html_table(heads, lines, caption=caption))


def named(scope: Scope, missing: str) -> str:
    """Indicators as the programme's documents write them; those of the register by their name."""
    known = cached.indicators(scope, language()).set_index("code")
    told = [
        known["short"][code] if known["family"][code] == "programme" else code.upper()
        for code in missing.split(", ")
        if code
    ]
    return ", ".join(told) or NOTHING


def transmission(scope: Scope, today: date) -> None:
    """What the next transmission to the EU lacks, and of whom."""
    rows = cached.missing_for_transmission(scope, PROGRAMME, language(), today)
    sent_by, period = cached.next_transmission(today)
    said = {"day": day(sent_by), "period": period_label(period)}
    key = "rounds.lacks" if len(rows) else "rounds.lacks_nothing"
    with st.container(border=True, key="transmission"):
        lacking = words(key, count=len(rows), **said) if len(rows) else words(key, **said)
        st.html(heading(words("rounds.transmission"), lacking, bool(rows["demonstration"].any())))
        if len(rows):
            heads = [words(f"rounds.{name}") for name in ("project", "lead", "missing")]
            lines = [
                [row.project_name, row.lead or NOTHING, named(scope, row.missing)]
                for row in amounts.rows(rows)
            ]
            st.html(html_table(heads, lines, caption=lacking))


def reminders(scope: Scope, today: date) -> None:
    """Whom to remind, as a file."""
    rows = cached.reminders(scope, PROGRAMME, language(), today)
    overdue = rows[rows["days_overdue"] > 0]
    with st.container(border=True, key="reminders"):
        said = words("rounds.remind", count=overdue["project"].nunique(), rows=len(overdue))
        st.html(heading(words("rounds.reminders"), said, bool(rows["demonstration"].any())))
        if len(overdue):
            kept = overdue.drop(columns=["project"]).assign(
                missing=overdue["missing"].map(partial(named, scope))
            )
            heads = {name: words(f"rounds.file_{name}") for name in kept}
            incoming.taken_along(
                scope, "reminders", words("rounds.reminders"), kept.rename(columns=heads), day(today)
            )
