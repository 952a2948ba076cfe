"""What stands around every page: style, script, the bar with languages, appearance and sign-out."""

import json
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from pages.frame import sign_in
from pages.frame.language import language, words
from pages.frame.navigation import PAGES, PageEntry
from pages.frame.sign_in import AccountRecord
from pages.frame.texts import LANGUAGES, texts

FOLDER = Path(__file__).parent
ICON = "static/icon.png"


def prepare_window() -> None:
    """Icon and width; before the navigation, else a Streamlit icon is fetched first."""
    st.set_page_config(page_title=words("frame.name"), page_icon=ICON, layout="wide")


def dress(entry: PageEntry, account: AccountRecord | None) -> None:
    """Title, style and bar, the same on every page and around the sign-in form."""
    title = entry.title if account else words("sign_in.title")
    st.set_page_config(page_title=f"{title} – {words('frame.name')}")
    with st.container(key="bar", horizontal=True):
        st.html(f"<script>{script(entry, account)}</script>", unsafe_allow_javascript=True)
        st.html(switch())
        if account:
            with st.popover(account.display_name, key="account"):
                st.markdown(words(f"role.{account.role}"))
                sign_in.sign_out_button()


def script(entry: PageEntry, account: AccountRecord | None) -> str:
    """What the window must know in this run; in a session's first runs also the script and the
    style themselves, which stay in the window until it is reloaded."""
    told = {
        "language": language(),
        "page": entry.key if account else "door",
        "menu": words("frame.menu"),
        "more": words("frame.more"),
        "remove": words("frame.remove"),
        "paths": [page.url_path for page in PAGES],
        "cookie": st.session_state.pop("cookie_to_write", None),
    }
    install = ""
    if not st.session_state.get("dressed"):
        own_words = list(texts()["streamlit"].values())
        style = (FOLDER / "style.css").read_text(encoding="utf-8")
        code = (FOLDER / "script.js").read_text(encoding="utf-8")
        install = f"{code}\nturvaverkkoFrame.install({json.dumps(style)}, {json.dumps(own_words)});"
    # Inside a script element only "<" could end it early.
    return f"{install}turvaverkkoFrame.tell({json.dumps(told)})".replace("</", "<\\/")


def dressed() -> None:
    """A run has come to its end: the window has the script and the style."""
    st.session_state["dressed"] = True


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
