"""A reader's sign-ins that go on: each can be ended here, such as one on a device that was lost."""

from html import escape

import streamlit as st

from pages.frame.language import language, moment, words
from pages.frame.sign_in import Scope
from pages.parts import amounts, cached, deciding


def going_on(scope: Scope) -> None:
    deciding.tell()
    rows = cached.own_sign_ins(scope)
    rows = rows[rows["live"]]
    st.html(f'<p class="lead">{escape(words("own.going_on", count=len(rows)))}</p>')
    for row in amounts.rows(rows):
        one(row, row.number == scope.sign_in)


def one(row: amounts.Row, this: bool) -> None:
    """One sign-in: its browser, since when, and last seen when."""
    browser = escape(row.browser or words("own.unknown"))
    here = f' <span class="quiet">{escape(words("own.this"))}</span>' if this else ""
    times = escape(words("own.times", began=moment(row.began_at), seen=moment(row.seen_at)))
    with st.container(key=f"sign_in_{row.number}", horizontal=True, vertical_alignment="center"):
        text = f'<p class="decision"><b>{browser}</b>{here}<br><span class="quiet">{times}</span></p>'
        st.html(text, width="stretch")
        if not this:
            label = words("own.end")
            st.button(label, key=f"end_{row.number}", on_click=deciding.end_own_sign_in, args=(row.number,))


def password() -> None:
    address = f"./password?lang={language()}"
    st.html(f'<p class="onward"><a href="{address}" target="_self">{escape(words("own.password"))}</a></p>')
