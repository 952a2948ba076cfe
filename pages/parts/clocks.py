"""The goals of a programme as rows: three clocks (time, money, result), status and evidence."""

from html import escape
from typing import NamedTuple

import pandas as pd
import streamlit as st

from pages.charts.palette import goal_colour
from pages.frame.language import percent, period_label, words
from pages.parts import amounts, cached, methods, onward, sentences
from pages.parts.amounts import Row
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.view import View

CLOCKS = ("time", "money", "result")
HEADS = ("goal", *CLOCKS, "status", "evidence")


class Standing(NamedTuple):
    """How the goals stand in one period: their lead figures with their clocks, what each row shows, and
    the sentence that says their status."""

    period: str
    lead: pd.DataFrame
    rows: list[dict]
    sentence: str


def standing(reader: View, programme: str) -> Standing | None:
    """Where a programme's goals stand; None where nothing is reported of them yet."""
    goals = cached.goals(reader.scope, programme, reader.language).set_index("code")
    lead = cached.goal_clocks(reader.scope, reader.release, reader.language, programme)
    if lead.empty:
        return None
    rows = [goal_row(reader, row, goals.loc[row.goal]) for row in amounts.rows(lead)]
    return Standing(lead["period"].iloc[0], lead, rows, sentences.goals(lead, goals["short"]))


def goals_card(reader: View, programme: str, found: Standing | None) -> None:
    """The goals as rows with three clocks (time, money, result), status and evidence."""
    goals = cached.goals(reader.scope, programme, reader.language).set_index("code")
    if found is None:
        st.html(plain_goals(goals))
        return
    leads = sorted(set(found.lead["indicator"]))
    names = cached.indicators(reader.scope, reader.language).set_index("code")["short"]
    about = [
        words("goals.method_clocks"),
        words("goals.method_laggard", **methods.thresholds(reader.scope, reader.language)),
        words("goals.method_lead", indicator=", ".join(names[code] for code in leads)),
        *methods.judgement(reader.scope, reader.language),
    ]
    cells = [[row["name"], *[row[head] for head in HEADS[1:]], row["laggard"]] for row in found.rows]
    sentence = sentences.clocks(found.lead, goals["short"])
    figure_card(
        reader,
        "goals",
        title=words("goals.title", period=period_label(found.period)),
        sentence=sentence,
        frame=found.lead,
        table=Table([words(f"goals.{head}") for head in (*HEADS, "laggard")], cells, numbers=(1, 2, 3)),
        method=Method(about, sources_of(found.lead)),
        draw=lambda: st.html(clocks(found.rows, sentence, told=True)),
    )


def goal_row(reader: View, row: Row, goal: pd.Series) -> dict:
    """One goal's texts, and the shares that its bars show."""
    result = None if pd.isna(row.result) else row.result
    limits = methods.thresholds(reader.scope, reader.language)
    return {
        "code": row.goal,
        "name": goal["short"],
        "laggard": sentences.laggard(row),
        "shares": (row.time, None if pd.isna(row.paid) else row.paid, result),
        "tick": None if pd.isna(row.by_now) else row.by_now,
        "time": percent(row.time),
        "money": percent(row.paid),
        "result": percent(result),
        "status": amounts.status(row),
        "rule": words(f"status_long.{row.status}", **limits),
        "come": "" if result is None else words("goals.come", share=percent(row.share_of_path)),
        "evidence": evidence(row),
        "colour": goal_colour(reader.palette, row.goal),
        "tone": reader.palette["status"][row.status],
    }


def evidence(row: Row) -> str:
    """How many of those expected have reported."""
    if pd.isna(row.expected):
        return "–"
    return words("goals.reported", reported=int(row.reported), expected=int(row.expected))


def clocks(rows: list[dict], caption: str, told: bool = False) -> str:
    """The goals as a table of bars: real cells, so that it is read as one; bars are decoration.
    ``told``: with links, the laggard clock under each goal, and the rule behind each status."""
    heads = [words(f"goals.{head}") for head in HEADS]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = ""
    for row in rows:
        ticks = (None, None, row["tick"])
        cells = "".join(
            f'<td data-head="{escape(title)}">{bar(share, row["colour"], tick)} {escape(row[key])}</td>'
            for key, title, share, tick in zip(CLOCKS, heads[1:], row["shares"], ticks, strict=False)
        )
        sign = f'<span class="goal" style="border-color:{row["colour"]}">{row["code"][1:]}</span>'
        name = onward.anchor("goal", row["name"], goal=row["code"]) if told else escape(row["name"])
        note = f'<p class="laggard">{escape(row["laggard"])}</p>' if told else ""
        body += (
            f'<tr><th scope="row">{sign} {name}{note}</th>{cells}'
            f'<td data-head="{escape(heads[4])}">{status(row, told)}</td>'
            f'<td data-head="{escape(heads[5])}">{escape(row["evidence"])}</td></tr>'
        )
    return (
        f'<table class="goals"><caption class="hidden">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def status(row: dict, told: bool) -> str:
    """The status; with the rule behind it where it is asked for."""
    word = f'<b style="color:{row["tone"]}">{escape(row["status"])}</b>'
    if not told:
        return word
    why = escape(f"{row['come']} {row['rule']}".strip())
    return f'<details class="rule"><summary>{word}</summary><p>{why}</p></details>'


def bar(share: float | None, colour: str, tick: float | None) -> str:
    """A bar from 0 to the whole way; ``tick`` is where it should be by now."""
    if share is None:
        return '<span class="track none" aria-hidden="true"></span>'
    width = min(max(share, 0), 1) * 100
    mark = "" if tick is None else f'<i style="left:{min(max(tick, 0), 1) * 100:.1f}%"></i>'
    fill = f'<span style="width:{width:.1f}%;background:{colour}"></span>'
    return f'<span class="track" aria-hidden="true">{fill}{mark}</span>'


def plain_goals(goals: pd.DataFrame) -> str:
    """Goals that nothing is reported of yet: their names and sources, and that targets are not set."""
    unset = escape(words("status.no_target"))
    items = "".join(
        f"<li>{onward.anchor('goal', row.name, goal=row.code)} "
        f"<span class='footnote'>– {unset} · {escape(row.source_title)}</span></li>"
        for row in amounts.rows(goals.reset_index()[["code", "name", "source_title"]])
    )
    return f"<h2 class='card-title'>{escape(words('goals.plain'))}</h2><ol>{items}</ol>"
