"""A file on its way in: the template, the file itself, and what was found in it."""

import re
import secrets
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data_access.scope import Scope
from pages.frame.language import alphabetical, language, number, words
from pages.parts import amounts, cached, deciding, filters, jobs
from pages.parts.cards import heading
from pages.parts.tables import html_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INCOMING, ROUND = "incoming", "incoming_round"
EVERY, EMPTY, FETCH = "all", "empty", "fetch"
AT_ONCE = 100
FINDING = ("sheet", "row", "column", "value", "what", "todo")
LEVELS = ("error", "warning", "note")
MARKS = r"[!-/:-@\[-`{-~]"
"""What a file or an answer says of itself is shown as text, never as links or pictures."""


@dataclass(frozen=True)
class Incoming:
    """A file that was dropped: screened and compared with the store, or ``unusable``: what is wrong, and
    what to do."""

    file: str
    checked: Any = None
    difference: Any = None
    unusable: tuple[str, str] | None = None


def template(scope: Scope) -> None:
    """The workbook that a round is filled into: of one project, of all, or empty."""
    with st.container(border=True, key="template"):
        st.html(heading(words("intake.template"), words("intake.template_what"), False))
        names = cached.project_names(scope, language())
        names = dict(sorted(names.items(), key=lambda each: alphabetical(each[1])))
        options = {EVERY: words("intake.all_projects"), EMPTY: words("intake.no_project"), **names}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = filters.choose("template", options, default=EVERY, label=words("intake.project"))
            project = None if chosen in (EVERY, EMPTY) else chosen
            asked, filled = (scope, language(), project), chosen != EMPTY
            st.download_button(
                words("intake.template_button"),
                data=lambda: cached.template(*asked, filled=filled),
                file_name=f"turvaverkko-{chosen}-{secrets.token_hex(4)}.xlsx",
                mime=XLSX,
                on_click="ignore",
                key="take_template",
            )


def file(scope: Scope) -> Incoming | None:
    """The file that a steward drops, screened once; none before there is one."""
    with st.container(border=True, key="file"):
        st.html(heading(words("intake.file"), words("intake.file_what"), False))
        turn = st.session_state.setdefault(ROUND, 0)
        dropped = st.file_uploader(words("intake.drop"), key=f"file_{turn}")
        if dropped is None:
            st.session_state.pop(INCOMING, None)
            return None
        there = st.session_state.get(INCOMING)
        if there is None or there.file != dropped.file_id:
            with st.spinner(words("intake.screening")):
                there = st.session_state[INCOMING] = screened(scope, dropped)
        return there


def fetched(scope: Scope, busy: bool) -> Incoming | None:
    """What a configured source of open data answered, if it was asked; nothing where none is configured."""
    sources = cached.open_data_sources(scope)
    if sources.empty:
        return None
    with st.container(border=True, key="open_data"):
        st.html(heading(words("intake.open_data"), words("intake.open_data_what"), False))
        titles = {
            row.code: f"{row.title[language()]} ({row.code})" if row.title else row.code
            for row in amounts.rows(sources)
        }
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = words("intake.source")
            chosen = filters.choose("source", titles, default=next(iter(titles)), label=label)
            asks = bool(sources.set_index("code")["address"].notna()[chosen])
            st.button(
                words("intake.fetch"),
                on_click=deciding.fetch,
                args=(chosen, FETCH),
                disabled=busy or not asks,
                key=FETCH,
            )
        deciding.tell_refusal(FETCH)
        if not asks:
            st.info(words("intake.no_address"))
    found = jobs.kept(FETCH, chosen)
    if isinstance(found, cached.Unusable):
        return Incoming(chosen, unusable=cached.refusal(found, language()))
    if not found:
        return None
    checked, difference = found
    return Incoming(chosen, checked, None if checked.refused else difference)


def screened(scope: Scope, dropped: UploadedFile) -> Incoming:
    try:
        checked = cached.screened(scope, dropped.getvalue(), dropped.name)
    except cached.Unusable as refused:
        return Incoming(dropped.file_id, unusable=cached.refusal(refused, language()))
    difference = None if checked.refused else cached.difference(scope, checked)
    return Incoming(dropped.file_id, checked, difference)


def unusable(said: tuple[str, str]) -> None:
    """Why a file cannot be read, and what to do."""
    with st.container(border=True, key="findings"):
        st.html(heading(words("intake.findings"), words("intake.unusable"), False))
        st.error(re.sub(MARKS, r"\\\g<0>", " ".join(said)))


def put_away() -> None:
    """The file has been dealt with: the next one may come."""
    st.session_state.pop(INCOMING, None)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    jobs.keep(FETCH, "", None)


def findings(scope: Scope, checked: Any) -> None:
    """What was found in a file, by how grave it is; all of it as a file too."""
    found = cached.findings(checked.findings, language())
    counts = {level: int((found["level"] == level).sum()) for level in LEVELS}
    with st.container(border=True, key="findings"):
        st.html(heading(words("intake.findings"), said(counts), False))
        if counts["error"]:
            st.error(words("intake.refused"))
        elif counts["warning"]:
            st.warning(words("intake.warned"))
        if found.empty:
            return
        shown = found.head(AT_ONCE)
        heads = [words(f"finding.{name}") for name in ("level", *FINDING)]
        rows = [
            [words(f"finding.level_{row['level']}"), *(cell(row[name]) for name in FINDING)]
            for row in shown.to_dict("records")
        ]
        caption = words("intake.findings")
        if len(found) > len(shown):
            st.html(
                f'<p class="quiet">{escape(words("intake.first_of", shown=len(shown), count=len(found)))}</p>'
            )
        st.html(html_table(heads, rows, caption=caption))
        taken_along(scope, "findings", caption, found, checked.file_name)


def said(counts: dict[str, int]) -> str:
    """How many of each kind, the gravest first; that there is nothing."""
    parts = [words(f"intake.count_{level}", count=count) for level, count in counts.items() if count]
    return words("intake.found", parts="; ".join(parts)) if parts else words("intake.found_nothing")


def cell(value: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    return number(float(value)) if isinstance(value, int) else str(value)


def taken_along(scope: Scope, name: str, title: str, rows: pd.DataFrame, file_name: str) -> None:
    """A button that makes a CSV file of these rows when it is pressed."""
    about = [(words("export.title"), title), (words("export.source"), file_name)]
    chosen = language()
    st.download_button(
        words("export.button", count=len(rows)),
        data=lambda: cached.table_file(scope, rows, about, chosen),
        file_name=f"turvaverkko-{name}-{secrets.token_hex(4)}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"take_{name}",
    )
