"""The goals of a programme as rows: three clocks (time, money, result), status and evidence."""

from html import escape
from typing import NamedTuple

import pandas as pd
import streamlit as st

from pages.charts.palette import SHOWN, goal_colour
from pages.frame.language import percent, period_label, words
from pages.parts import amounts, cached, methods, sentences
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.view import View

CLOCKS = ("time", "money", "result")


HEADS = ("goal", *CLOCKS, "status", "evidence")


class Standing(NamedTuple):
    """How the goals stand in one period: their lead figures, what each row shows, and the sentence."""

    period: str
    lead: pd.DataFrame
    rows: list[dict]
    sentence: str


def standing(reader: View, programme: str) -> Standing | None:
    """Where a programme's goals stand; None where nothing is reported of them yet."""
    goals = cached.goals(programme, reader.language).set_index("code")
    leads = goals["lead_indicator"].dropna()
    if leads.empty:
        return None
    period = cached.latest_period(reader.release, leads.iloc[0]) or "to_date"
    ask = (reader.release, reader.audience, reader.language)
    lead = cached.figures(*ask, tuple(sorted(set(leads))), "country", period, tuple(goals.index))
    money = cached.figures(*ask, ("eur_committed", "eur_paid"), "country", period, tuple(goals.index))
    lead = lead[lead["indicator"] == lead["goal"].map(leads)].set_index("goal", drop=False)
    if lead.empty:
        return None
    rows = [goal_row(reader, programme, code, goals.loc[code], lead.loc[code], money) for code in goals.index]
    return Standing(period, lead, rows, sentences.goals(lead, goals["short"]))


def goals_card(reader: View, programme: str) -> None:
    """The goals as rows with three clocks (time, money, result), status and evidence."""
    goals = cached.goals(programme, reader.language).set_index("code")
    found = standing(reader, programme)
    if found is None:
        st.html(plain_goals(goals))
        return
    leads = sorted(set(goals["lead_indicator"].dropna()))
    names = cached.indicators(reader.language).set_index("code")["short"]
    about = [
        words("goals.method_clocks"),
        words("goals.method_lead", indicator=", ".join(names[code] for code in leads)),
        *methods.judgement(reader.language),
    ]
    cells = [[row["name"], *[row[head] for head in HEADS[1:]]] for row in found.rows]
    figure_card(
        reader,
        "goals",
        title=words("goals.title", period=period_label(found.period)),
        sentence=found.sentence,
        frame=found.lead,
        table=Table([words(f"goals.{head}") for head in HEADS], cells, numbers=(1, 2, 3)),
        method=Method(about, sources_of(found.lead)),
        draw=lambda: st.html(clocks(found.rows, found.sentence)),
    )


def goal_row(
    reader: View, programme: str, code: str, goal: pd.Series, lead: pd.Series, money: pd.DataFrame
) -> dict:
    """One goal's texts and shares: time gone of the programme, money paid of what is committed, the
    result on its way from baseline to target, and where it should be by now."""
    about = cached.programmes(reader.language).set_index("code").loc[programme]
    time = min(max((reader.day - about["starts"]) / (about["ends"] - about["starts"]), 0), 1)
    mine = money[money["goal"] == code].set_index("indicator")["value"]
    paid, committed = mine.get("eur_paid"), mine.get("eur_committed")
    share = paid / committed if committed and pd.notna(paid) else None
    known = lead["state"] in SHOWN and lead["status"] not in ("no_target", "not_enough_evidence")
    way = lead["target"] - lead["baseline"] if known else None
    result = (lead["value"] - lead["baseline"]) / way if known else None
    return {
        "code": code,
        "name": goal["short"],
        "long": goal["name"],
        "shares": (time, share, result),
        "tick": (lead["expected_now"] - lead["baseline"]) / way if known else None,
        "time": percent(time),
        "money": percent(share),
        "result": percent(result) if known else "–",
        "status": amounts.status(lead),
        "word": lead["status"],
        "evidence": evidence(lead),
        "colour": goal_colour(reader.palette, code),
        "tone": reader.palette["status"][lead["status"]],
    }


def evidence(lead: pd.Series) -> str:
    """How many of those expected have reported."""
    if pd.isna(lead["expected"]):
        return "–"
    return words("goals.reported", reported=int(lead["reported"]), expected=int(lead["expected"]))


def clocks(rows: list[dict], caption: str) -> str:
    """The goals as a table of bars: real cells, so that it is read as one; bars are decoration."""
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
        status = f'<b style="color:{row["tone"]}">{escape(row["status"])}</b>'
        body += (
            f'<tr><th scope="row">{sign} {escape(row["name"])}</th>{cells}'
            f'<td data-head="{escape(heads[4])}">{status}</td>'
            f'<td data-head="{escape(heads[5])}">{escape(row["evidence"])}</td></tr>'
        )
    return (
        f'<table class="goals"><caption class="hidden">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


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
        f"<li>{escape(row.name)} <span class='footnote'>– {unset} · {escape(row.source_title)}</span></li>"
        for row in amounts.rows(goals.reset_index()[["name", "source_title"]])
    )
    return f"<h2 class='card-title'>{escape(words('goals.plain'))}</h2><ol>{items}</ol>"
