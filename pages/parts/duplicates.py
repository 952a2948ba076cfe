"""Organisations that stand in the register more than once: pairs that wait, decisions, business IDs."""

from html import escape

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.frame.language import NOTHING, alphabetical, language, moment, percent, words
from pages.frame.texts import LANGUAGES
from pages.parts import amounts, cached, deciding, filters
from pages.parts.cards import heading, sources_of
from pages.parts.tables import Markup, html_table

AT_ONCE = 20
COMMAND_LINE = "command line"


def rules(scope: Scope) -> None:
    """How pairs come to be suggested, and what a decision does."""
    least = cached.rules(scope, language()).set_index("code").loc["identity_alike", "value"]
    with st.expander(words("card.method")):
        st.markdown(words("duplicates.rule_suggested", least=percent(least)))
        st.markdown(words("duplicates.rule_business_id"))
        st.markdown(words("duplicates.rule_decided"))


def waiting(scope: Scope, decision: int, register: pd.DataFrame) -> None:
    """How many pairs wait for a decision, and a card for each."""
    pairs = cached.suggestions(scope, decision)
    if pairs.empty:
        st.info(words("duplicates.nothing" if len(register) else "duplicates.empty"))
        return
    st.html(f'<p class="lead">{escape(words("duplicates.waiting", count=len(pairs)))}</p>')
    for pair in amounts.rows(some(pairs, "waiting", words("duplicates.shown"))):
        pair_card(scope, pair, register)


def some(rows: pd.DataFrame, name: str, label: str) -> pd.DataFrame:
    """The part of many rows that the reader chooses; the link says from which row on."""
    if len(rows) <= AT_ONCE:
        return rows
    starts = range(1, len(rows) + 1, AT_ONCE)
    options = {str(first): f"{first}–{min(first + AT_ONCE - 1, len(rows))}" for first in starts}
    first = int(filters.choose(name, options, default="1", label=label))
    return rows.iloc[first - 1 : first - 1 + AT_ONCE]


def pair_card(scope: Scope, pair: amounts.Row, register: pd.DataFrame) -> None:
    """One pair: what is alike, both rows side by side, what would change, and the decision."""
    both = register.loc[[pair.first, pair.second]]
    why = words(
        f"suggested.{pair.reason}", one=pair.first_name, other=pair.second_name, score=percent(pair.score)
    )
    title, key = title_of(pair, register), f"{pair.first}_{pair.second}"
    with st.container(border=True, key=f"card_{key}"):
        st.html(heading(title, f"{why} {effect(pair)}", bool(both["demonstration"].any())))
        heads = [words("duplicates.detail"), *(words("duplicates.row", code=code) for code in both.index)]
        st.html(html_table(heads, details(scope, both), caption=title))
        field = f"reason_{key}"
        with st.form(f"decide_{key}", border=False, enter_to_submit=False):
            st.text_input(words("duplicates.reason"), key=field, max_chars=300)
            deciding.tell_refusal(field)
            with st.container(horizontal=True):
                for act, said in ((deciding.merge, "same"), (deciding.hold_apart, "different")):
                    args = (pair.first, pair.second, field)
                    st.form_submit_button(words(f"decision.{said}"), on_click=act, args=args)
        source = words("duplicates.source", source="; ".join(sources_of(both)))
        st.html(f'<p class="footnote">{escape(source)}</p>')


def title_of(row: amounts.Row, register: pd.DataFrame) -> str:
    """The names of both rows in the reader's language."""
    one, other = (register.loc[code, language()] for code in (row.first, row.second))
    return words("duplicates.pair", one=one, other=other)


def effect(pair: amounts.Row) -> str:
    """What counts would change by, were the two one organisation."""
    if not pair.fewer:
        return words("duplicates.no_effect")
    counts = {unit: amounts.counted(getattr(pair, unit), unit) for unit in ("partnerships", "projects")}
    together = " " + words("duplicates.common", count=pair.common) if pair.common else ""
    return words("duplicates.effect", **counts) + together


def details(scope: Scope, both: pd.DataFrame) -> list[list[str]]:
    """Names, business ID, type and projects, a column for each of two rows of the register."""
    projects = cached.projects_of_organisations(scope, language())
    lines = [
        [words(f"duplicates.name_{each}"), *(in_language(name, each) for name in both[each])]
        for each in LANGUAGES
    ]
    numbers = [each or words("duplicates.no_id") for each in both["business_id"]]
    types = [words(f"organisation_type.{each}") for each in both["type"]]
    taking_part = ["; ".join(projects.get(code, ())) or NOTHING for code in both.index]
    return [
        *lines,
        [words("duplicates.business_id"), *numbers],
        [words("table.type"), *types],
        [words("table.projects"), *taking_part],
    ]


def in_language(name: str, code: str) -> Markup:
    """A name that may be in another language than the page."""
    return Markup(f'<span lang="{code}">{escape(name)}</span>')


def decided(scope: Scope, decision: int, register: pd.DataFrame) -> None:
    """All decisions, newest first: who, when and why; those in force can be undone."""
    rows = cached.decisions(scope, decision)
    sentence = words("duplicates.in_force", count=int(rows["in_force"].sum()))
    on = register.loc[[*rows["first"], *rows["second"]], "demonstration"]
    st.html(heading(words("duplicates.decisions"), sentence, bool(on.any())))
    undone = rows.dropna(subset="undoes").set_index("undoes")["number"].to_dict()
    for row in amounts.rows(some(rows, "decided", words("duplicates.shown"))):
        one_decision(row, register, undone.get(row.number))


def one_decision(row: amounts.Row, register: pd.DataFrame, undone: int | None) -> None:
    verdict = words(f"decision.{row.verdict}")
    if row.verdict == "undone":
        verdict = words("duplicates.undoes", number=str(row.undoes))
    if undone is not None:
        verdict = words("duplicates.undone_by", verdict=verdict, number=str(undone))
    who = words("duplicates.command_line") if row.decided_by == COMMAND_LINE else row.decided_by_name
    lines = [
        f"<b>{escape(words('duplicates.decision', number=str(row.number), verdict=verdict))}</b>",
        escape(title_of(row, register)),
        escape(words("duplicates.because", reason=row.reason)),
        f'<span class="quiet">{escape(who)} · {escape(moment(row.decided_at))}</span>',
    ]
    with st.container(key=f"decision_{row.number}", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="decision">{"<br>".join(lines)}</p>', width="stretch")
        if row.in_force:
            undoing(row.number)


def undoing(number: int) -> None:
    """A decision is taken back with a reason of its own."""
    field = f"undo_{number}"
    label = words("duplicates.undo", number=str(number))
    with (
        st.popover(label, key=f"open_{field}"),
        st.form(field + "_form", border=False, enter_to_submit=False),
    ):
        st.text_input(words("duplicates.undo_reason"), key=field, max_chars=300)
        deciding.tell_refusal(field)
        st.form_submit_button(label, on_click=deciding.undo, args=(number, field))


def by_business_id(register: pd.DataFrame) -> None:
    """Organisations that are one without a decision, because their business ID is the same."""
    known = register[register["business_id"].notna()]
    many = known[known["business_id"].duplicated(keep=False)]
    if many.empty:
        return
    sentence = words("duplicates.by_id_sentence", count=many["business_id"].nunique())
    st.html(heading(words("duplicates.by_id"), sentence, bool(many["demonstration"].any())))
    rows = [
        [str(number), "; ".join(sorted(same[language()], key=alphabetical))]
        for number, same in many.groupby("business_id")
    ]
    st.html(html_table([words("duplicates.business_id"), words("duplicates.names")], rows, caption=sentence))
