"""What a file would change: by sheet, cell by cell, and in the figures; then loading it."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.frame.language import NOTHING, day, language, number, words
from pages.parts import amounts, cached, deciding, incoming
from pages.parts.cards import heading
from pages.parts.tables import html_table

KINDS = ("new", "corrected", "withdrawn", "unchanged")
AT_ONCE = 100
LOAD, NOTE, ACCEPT = "load", "load_note", "load_accept"


def preview(difference: Any, busy: bool) -> None:
    """The difference between a file and the store, and the way to load it."""
    with st.container(border=True, key="preview"):
        st.html(heading(words("preview.title"), sentence(difference), False))
        if difference.same_file is not None:
            st.info(words("preview.same_file", number=str(difference.same_file)))
        by_sheet(difference)
        if len(difference.obstacles):
            obstacles(difference)
            return
        if difference.empty:
            return
        cells(difference)
        effect(difference, busy)
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


def obstacles(difference: Any) -> None:
    """Rows that cannot be loaded as the store stands."""
    found = cached.findings(difference.obstacles, language())
    st.error(words("preview.obstacles", count=len(found)))
    heads = [words(f"finding.{name}") for name in incoming.FINDING]
    rows = [
        [incoming.cell(row[name]) for name in incoming.FINDING]
        for row in found.head(AT_ONCE).to_dict("records")
    ]
    st.html(html_table(heads, rows, caption=words("preview.obstacles", count=len(found))))


def cells(difference: Any) -> None:
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
                [each.key, words(f"preview.kind_{each.kind}"), each.column, change(each.old, each.new)]
                for each in amounts.rows(shown)
            ]
            st.html(html_table(heads, lines, caption=words("preview.changes_of", sheet=names[str(sheet)])))
            incoming.taken_along(f"changes_{sheet}", names[str(sheet)], found, difference.checked.file_name)


def change(old: Any, new: Any) -> str:
    return f"{written(old)} → {written(new)}"


def written(value: Any) -> str:
    """A cell as a reader of this language writes it."""
    if value is None or value is pd.NA or value != value:
        return NOTHING
    if isinstance(value, bool):
        return words("preview.yes" if value else "preview.no")
    if isinstance(value, float):
        return number(value, 0 if value == int(value) else 2)
    return str(value) if not hasattr(value, "year") else day(value)


def effect(difference: Any, busy: bool) -> None:
    """What headline figures would be, and how much would be protected: computed when it is asked for."""


def loading(difference: Any, busy: bool) -> None:
    """Load the file: a note, a tick for its warnings, and the button."""
    with st.form("load_form", border=False, enter_to_submit=False):
        st.text_input(words("preview.note"), key=NOTE, max_chars=300)
        if difference.checked.warned:
            st.checkbox(words("preview.accept"), key=ACCEPT)
        deciding.tell_refusal(LOAD)
        args = (difference, NOTE, ACCEPT, LOAD)
        st.form_submit_button(
            words("preview.load"), on_click=deciding.load, args=args, disabled=busy, type="primary"
        )
