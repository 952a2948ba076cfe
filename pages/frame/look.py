"""What stands around every page: the bar with languages, appearance and sign-out, and news for the script."""

import json
from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.frame import sign_in
from pages.frame.language import language, words
from pages.frame.navigation import PAGES, PageEntry, page_of
from pages.frame.sign_in import Scope
from pages.frame.texts import LANGUAGES


def prepare_window() -> None:
    """Title and width, before the navigation."""
    st.set_page_config(page_title=words("frame.name"), layout="wide")


def dress(entry: PageEntry, scope: Scope | None) -> None:
    """Title and bar, the same on every page and around the sign-in form."""
    title = entry.title if scope else words("sign_in.title")
    st.set_page_config(page_title=f"{title} – {words('frame.name')}")
    with st.container(key="bar", horizontal=True):
        st.html(f'<div hidden data-news="{escape(json.dumps(news(entry, scope)))}"></div>')
        st.html(switch())
        if scope:
            with st.popover(scope.display_name, key="account"):
                st.markdown(words(f"role.{scope.role}"))
                st.page_link(page_of("own"), label=words("title.own"), query_params={"lang": language()})
                sign_in.sign_out_button(scope)


def news(entry: PageEntry, scope: Scope | None) -> dict[str, Any]:
    """What the window's script (``script.js``) must know in this run."""
    return {
        "language": language(),
        "page": entry.key if scope else "door",
        "menu": words("frame.menu"),
        "more": words("frame.more"),
        "remove": words("frame.remove"),
        "paths": [page.url_path for page in PAGES],
        **sign_in.news(),
    }


def switch() -> str:
    """Brand, languages and appearance as real links; the script follows them without a reload."""
    chosen = language()
    links = []
    for code in LANGUAGES:
        address = escape("?" + urlencode({**st.query_params.to_dict(), "lang": code}))
        current = ' aria-current="true"' if code == chosen else ""
        links.append(
            f'<a href="{address}" data-choice="lang={code}" lang="{code}" hreflang="{code}"{current}>'
            f"{code.upper()}</a>"
        )
    name, to_start = escape(words("frame.name")), escape(words("frame.to_start"))
    return (
        f'<a class="brand" href="./?lang={chosen}" data-start aria-label="{to_start}">{name}</a>'
        f'<nav class="languages" aria-label="{escape(words("frame.languages"))}">{"".join(links)}</nav>'
        f'<button class="appearance" type="button" data-dark="{escape(words("frame.to_dark"))}"'
        f' data-light="{escape(words("frame.to_light"))}"></button>'
    )
