"""The accounts as a table, one of them chosen, and its sign-ins."""

from html import escape

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.frame.language import NOTHING, language, moment, words
from pages.parts import amounts, cached, filters
from pages.parts.tables import html_table

NEWEST = 20


def accounts(scope: Scope) -> pd.DataFrame:
    """All accounts, as a table on the page too."""
    known = cached.accounts(scope)
    heads = [words(f"accounts.{head}") for head in ("name", "person", "role", "area", "state", "last")]
    rows = [cells(scope, row) for row in amounts.rows(known)]
    st.html(f'<p class="lead">{escape(words("accounts.count", count=len(known)))}</p>')
    st.html(html_table(heads, rows, caption=words("title.accounts")))
    return known


def cells(scope: Scope, row: amounts.Row) -> list[str]:
    rights = [words(f"role.{row.role}"), area(scope, row.area)]
    return [row.name, row.display_name, *rights, words(f"account_state.{row.state}"), when(row.last_sign_in)]


def area(scope: Scope, code: str | None) -> str:
    return cached.areas(scope, language()).set_index("code").loc[code, "label"] if code else NOTHING


def when(moment_or_none: pd.Timestamp) -> str:
    return NOTHING if pd.isna(moment_or_none) else moment(moment_or_none.to_pydatetime())


def choose(known: pd.DataFrame) -> amounts.Row:
    """The account that the rest of the page is about."""
    options = {row.name: f"{row.display_name} ({row.name})" for row in amounts.rows(known)}
    chosen = filters.choose("account", options, default=next(iter(options)), label=words("accounts.choose"))
    return next(row for row in amounts.rows(known) if row.name == chosen)


def sign_ins(scope: Scope, name: str) -> None:
    """The newest sign-ins of an account, also those that ended."""
    rows = cached.sign_ins(scope, name).head(NEWEST)
    with st.expander(words("accounts.sign_ins")):
        heads = [words(f"accounts.{head}") for head in ("began", "seen", "browser", "end")]
        told = [
            [when(row.began_at), when(row.seen_at), row.browser or words("own.unknown"), end(row)]
            for row in amounts.rows(rows)
        ]
        st.html(html_table(heads, told, caption=words("accounts.sign_ins")))


def end(row: amounts.Row) -> str:
    if row.live:
        return words("accounts.live")
    return words(f"sign_in_end.{row.ended_why}") if row.ended_why else words("accounts.over")
