"""What a file would change: by sheet, cell by cell, and in the figures; then loading it."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.frame.language import NOTHING, day, language, number, period_label, words
from pages.parts import amounts, cached, deciding, incoming, jobs
from pages.parts.cards import heading
from pages.parts.tables import html_table

KINDS = ("new", "corrected", "withdrawn", "unchanged")
AT_ONCE = 100
LOAD, NOTE, ACCEPT, EFFECT = "load", "load_note", "load_accept", "effect"
ALL = "all"
PROTECTED = ("published", "primary", "complementary", "withheld")


def preview(scope: Scope, difference: Any, busy: bool) -> None:
    """The difference between a file and the store, and the way to load it."""
    with st.container(border=True, key="preview"):
        st.html(heading(words("preview.title"), sentence(difference), False))
        if difference.same_file is not None:
            st.info(words("preview.same_file", number=str(difference.same_file)))
        by_sheet(difference)
        if difference.empty:
            return
        cells(scope, difference)
        effect(scope, difference, busy)
        loading(difference, busy)


def sentence(difference: Any) -> str:
    totals = difference.counts.sum()
    if difference.empty:
        return words("preview.nothing", count=int(totals["unchanged"]))
    parts = [words(f"preview.count_{kind}", count=int(totals[kind])) for kind in KINDS if totals[kind]]
    return words("preview.found", parts="; ".join(parts))


def by_sheet(difference: Any) -> None:
    counts = difference.counts
    names = cached.sheet_names(language())
    heads = [words("finding.sheet"), *(words(f"preview.{kind}") for kind in KINDS)]
    rows = [
        [names[str(sheet)], *(number(float(row[kind])) for kind in KINDS)] for sheet, row in counts.iterrows()
    ]
    st.html(html_table(heads, rows, caption=words("preview.by_sheet"), numbers=range(1, len(heads))))


def cells(scope: Scope, difference: Any) -> None:
    """Each sheet's changes cell by cell, old → new; the first of many, all of them as a file."""
    names = cached.sheet_names(language())
    for sheet, row in difference.counts.iterrows():
        if not row[["new", "corrected", "withdrawn"]].sum():
            continue
        with st.expander(words("preview.changes_of", sheet=names[str(sheet)])):
            found = cached.changed_cells(difference, str(sheet), language())
            shown = found.head(AT_ONCE)
            if len(found) > len(shown):
                told = words("intake.first_of", shown=len(shown), count=len(found))
                st.html(f'<p class="quiet">{escape(told)}</p>')
            heads = [words(f"preview.{name}") for name in ("key", "kind", "column", "change")]
            lines = [
                [each.key, words(f"preview.kind_{each.change}"), each.column, change(each.old, each.new)]
                for each in amounts.rows(shown)
            ]
            st.html(html_table(heads, lines, caption=words("preview.changes_of", sheet=names[str(sheet)])))
            incoming.taken_along(
                scope, f"changes_{sheet}", names[str(sheet)], found, difference.checked.file_name
            )


def change(old: Any, new: Any) -> str:
    return NOTHING if old is None and new is None else f"{written(old)} → {written(new)}"


def written(value: Any) -> str:
    """A cell as a reader of this language writes it."""
    if value is None or value is pd.NA or value != value:
        return NOTHING
    if isinstance(value, bool):
        return words("preview.yes" if value else "preview.no")
    if isinstance(value, float):
        return amounts.exact(value)
    return str(value) if not hasattr(value, "year") else day(value)


def effect(scope: Scope, difference: Any, busy: bool) -> None:
    """What headline figures would be, and how much would be protected: computed when it is asked for."""
    name = f"{difference.checked.sha256} {difference.ground}"
    found = jobs.kept("effect", name)
    with st.expander(words("effect.title"), expanded=found is not None):
        if found is None:
            st.markdown(words("effect.what"))
            deciding.tell_refusal(EFFECT)
            button, args = words("effect.compute"), (difference, name, EFFECT)
            st.button(button, on_click=deciding.try_out, args=args, disabled=busy, key=EFFECT)
            return
        headline(scope, found[0])
        protection(found[1])


def headline(scope: Scope, found: pd.DataFrame) -> None:
    """The country's headline figures that would change."""
    known = cached.indicators(scope, language()).set_index("code")
    changed = found[(found["before"] != found["after"]) & ~(found["before"].isna() & found["after"].isna())]
    if changed.empty:
        st.markdown(words("effect.no_change"))
        return
    heads = [words(f"table.{name}") for name in ("indicator", "period", "before", "now")]
    rows = [
        [
            known["short"][row.indicator] + ("" if row.goal == ALL else f" · {row.goal.upper()}"),
            period_label(row.period),
            *(
                amounts.amount(value, row.unit, known["decimals"][row.indicator])
                for value in (row.before, row.after)
            ),
        ]
        for row in amounts.rows(changed)
    ]
    st.html(html_table(heads, rows, caption=words("effect.title"), numbers=(2, 3)))


def protection(found: pd.DataFrame) -> None:
    """How many figures about people would be protected, and whether the audit would pass."""
    heads = [words("effect.people"), words("table.before"), words("table.now")]
    rows = [
        [words(f"effect.{name}"), *(number(found.loc[name, when]) for when in ("before", "after"))]
        for name in PROTECTED
    ]
    st.html(html_table(heads, rows, caption=words("effect.people"), numbers=(1, 2)))
    st.markdown(words(f"releases.audit_{found.loc['audit', 'after']}"))


def loading(difference: Any, busy: bool) -> None:
    """Load the file: a note, a tick for its warnings, and the button."""
    with st.form("load_form", border=False, enter_to_submit=False):
        st.text_input(words("preview.note"), key=NOTE, max_chars=300)
        if difference.checked.warned:
            st.checkbox(words("preview.accept"), key=ACCEPT)
        deciding.tell_refusal(LOAD)
        button = words("preview.load")
        st.form_submit_button(button, on_click=start, args=(difference,), disabled=busy, type="primary")


def start(difference: Any) -> None:
    """Let the file be loaded, and make room for the next one."""
    if deciding.load(difference, NOTE, ACCEPT, LOAD):
        incoming.put_away()
