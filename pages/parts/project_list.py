"""The list of projects as a card, thirty rows at a time."""

import pandas as pd
import streamlit as st

from pages.charts.palette import SYMBOLS
from pages.frame.language import day, percent, period_label, words
from pages.parts import amounts, cached, filters, onward, project_sentences
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.project_search import ALL, NOTHING_ASKED, Found, Wanted, found
from pages.parts.tables import LONG, Cell, Markup, html_table
from pages.parts.view import View

HEADS = ("project", "project_state", "dates", "areas", "goals", "lead", "organisations_short")
HEADS += ("eur_planned", "eur_committed", "eur_paid", "report", "source")
NUMBERS = ("organisations_short", "eur_planned", "eur_committed", "eur_paid")
TABLE_ONLY = ("source",)
"""What the list leaves to the card's table, so that it fits a screen."""
UNBROKEN = str.maketrans({"–": "\N{WORD JOINER}–\N{WORD JOINER}"})
TAKEN = ["code", "name", "state", "starts", "ends", "national", "demonstration", "goals", "areas", "lead"]
TAKEN += ["partners", "organisations", "eur_planned", "eur_committed", "eur_paid", "paid_share", "call"]
TAKEN += ["funding_area", "home_area", "led_elsewhere", "certainty", "direction", "reported_on", "missing"]
TAKEN += ["source_title"]


def list_card(reader: View, wanted: Wanted) -> None:
    """The projects that are asked for; where there are none, what to do."""
    asked = found(reader, wanted)
    period = cached.latest_due(reader.scope, reader.release)
    if asked.rows.empty:
        with st.container(border=True, key="card_projects"):
            st.html(f'<h2 class="card-title">{words("projects.title")}</h2>')
            st.info(words("register.nothing"))
            st.html(onward.here(words("register.anew"), **NOTHING_ASKED))
        return
    first = leaf_start(len(asked.rows))
    shown = asked.rows.iloc[first : first + LONG]
    sentence = project_sentences.register(summary(asked, wanted, first), period_label(period))
    figure_card(
        reader,
        "projects",
        title=words("projects.title"),
        sentence=sentence,
        frame=asked.rows[TAKEN],
        table=lambda: table(shown, period, HEADS),
        method=Method([words("register.method"), words("register.method_money")], sources_of(asked.rows)),
        draw=lambda: draw(shown, period, sentence, len(asked.rows), is_narrowed(wanted)),
    )


def summary(asked: Found, wanted: Wanted, first: int) -> dict[str, int | bool]:
    """What the sentence tells of the list."""
    late = asked.rows["awaited"] & asked.rows["reported_on"].isna()
    return {
        "count": len(asked.rows),
        **{state: int((asked.rows["state"] == state).sum()) for state in ("planned", "withdrawn")},
        "first": first + 1,
        "last": min(first + LONG, len(asked.rows)),
        "missing": int(late.sum()),
        "partly": asked.partly,
        "narrowed": is_narrowed(wanted),
    }


def is_narrowed(wanted: Wanted) -> bool:
    return wanted._replace(order="") != Wanted("", ALL, "", ALL, ALL, ALL, "")


def leaf_start(count: int) -> int:
    """The first row of the leaf in the link."""
    leaves = [str(number) for number in range(1, max(1, -(-count // LONG)) + 1)]
    leaf = filters.current("leaf", leaves, filters.FIRST_LEAF)
    filters.keep("leaf", leaf)
    return (int(leaf) - 1) * LONG


def draw(shown: pd.DataFrame, period: str, sentence: str, count: int, narrowed: bool) -> None:
    """The rows, and the choice of a leaf where there are more than one."""
    rows = table(shown, period, tuple(head for head in HEADS if head not in TABLE_ONLY))
    st.html(html_table(rows.heads, rows.rows, caption=sentence, numbers=rows.numbers))
    if count > LONG:
        leaves = enumerate(range(0, count, LONG), start=1)
        options = {
            str(leaf): words("register.leaf", first=start + 1, last=min(start + LONG, count), count=count)
            for leaf, start in leaves
        }
        label = words("register.choose_leaf")
        filters.choose("leaf", options, default=filters.FIRST_LEAF, label=label)
    if narrowed:
        st.html(onward.here(words("register.anew"), **NOTHING_ASKED))


def table(shown: pd.DataFrame, period: str, heads: tuple[str, ...]) -> Table:
    """These columns of a leaf's projects."""
    late = words("projects.report", period=period_label(period).translate(UNBROKEN))
    names = [late if head == "report" else words(f"table.{head}") for head in heads]
    written = [cells(row) for row in amounts.rows(shown)]
    numbers = [at for at, head in enumerate(heads) if head in NUMBERS]
    return Table(names, [[row[head] for head in heads] for row in written], numbers)


def cells(row: amounts.Row) -> dict[str, Cell]:
    """One project as written cells, by head; its name leads to its card."""
    return {
        "project": Markup(onward.here(row.name, project=row.code)),
        "project_state": words(f"project_state.{row.state}"),
        "dates": f"{day(row.starts)}–{day(row.ends) if row.ends is not None else ''}",
        "areas": text_or_dash(row.areas),
        "goals": text_or_dash(row.goals),
        "lead": text_or_dash(row.lead),
        "organisations_short": str(row.organisations),
        "eur_planned": euros(row.eur_planned),
        "eur_committed": euros(row.eur_committed),
        "eur_paid": paid(row),
        "report": report(row),
        "source": row.source_title,
    }


def text_or_dash(text: str | float | None) -> str:
    return text if isinstance(text, str) else "–"


def euros(value: float) -> str:
    return SYMBOLS["not_reported"] if pd.isna(value) else amounts.amount(value, "eur")


def paid(row: amounts.Row) -> str:
    """Euros paid, and which share that is of those committed."""
    if pd.isna(row.paid_share):
        return euros(row.eur_paid)
    return f"{euros(row.eur_paid)} ({percent(row.paid_share)})"


def report(row: amounts.Row) -> str:
    """The latest report that was due: when it came, whether some of it or all of it is missing."""
    if not row.awaited:
        return f"{SYMBOLS['not_applicable']} {words('register.not_awaited')}"
    if pd.isna(row.reported_on):
        return f"! {words('indicator.missing')}"
    came = day(row.reported_on)
    return words("register.partly", day=came) if row.missing else came
