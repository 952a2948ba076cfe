"""What has come in: the batches, newest first, each of which can be taken back as a whole."""

from html import escape

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.frame.language import moment, words
from pages.parts import amounts, cached, deciding, duplicates
from pages.parts.cards import heading

SOURCED = "sourced facts"
"""Who loaded the facts that every store begins with."""


def listed(scope: Scope, busy: bool) -> None:
    """All batches: what, who, when, how many rows; what took one back."""
    rows = cached.batches(scope)
    said = words("batches.count", count=len(rows)) if len(rows) else words("batches.none")
    st.html(heading(words("batches.title"), said, False))
    for row in amounts.rows(duplicates.some(rows, "batches", words("batches.shown"))):
        one(row, busy)


def one(row: amounts.Row, busy: bool) -> None:
    code = str(row.batch)
    taken_back = not pd.isna(row.undone_by)
    said = words("batches.file", file=row.file_name) if row.file_name else words("batches.no_file")
    if not pd.isna(row.undoes):
        said = words("batches.undoes", number=str(int(row.undoes)))
    badge = f' <span class="badge">{escape(words("card.demonstration"))}</span>' if row.demonstration else ""
    lines = [
        f"<b>{escape(words('batches.one', number=code))}</b> {escape(said)}{badge}",
        escape(row.note),
        escape(words("batches.undone_by", number=str(int(row.undone_by)))) if taken_back else "",
        f'<span class="quiet">{escape(facts_of(row))}</span>',
    ]
    with st.container(key=f"batch_{code}", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="decision">{"<br>".join(filter(None, lines))}</p>', width="stretch")
        if not taken_back:
            undoing(int(row.batch), busy)


def facts_of(row: amounts.Row) -> str:
    counts = ((kind, int(getattr(row, kind))) for kind in ("new", "corrected", "withdrawn"))
    changed = [words(f"preview.count_{kind}", count=count) for kind, count in counts if count]
    return " · ".join([who(row.loaded_by), moment(row.loaded_at), *changed])


def who(account: str) -> str:
    """Who brought something in: an account, the command line, or the programme's own sourced facts."""
    if account == duplicates.COMMAND_LINE:
        return words("duplicates.command_line")
    return words("batches.sourced_facts") if account == SOURCED else account


def undoing(batch: int, busy: bool) -> None:
    """A batch is taken back with a reason."""
    field, label = f"undo_batch_{batch}", words("batches.undo", number=str(batch))
    with (
        st.popover(label, key=f"open_{field}"),
        st.form(field + "_form", border=False, enter_to_submit=False),
    ):
        st.text_input(words("batches.undo_reason"), key=field, max_chars=300)
        deciding.tell_refusal(field)
        st.form_submit_button(label, on_click=deciding.undo_batch, args=(batch, field), disabled=busy)
