"""Ways on: which programmes there are, and links that keep the view."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from data_access.scope import Scope
from pages.frame.language import words
from pages.frame.navigation import PAGES, page_of
from pages.parts import cached, filters
from pages.parts.view import PROGRAMME

ALONG = ("lang", "release", "programme")


def choose_programme(scope: Scope, language: str) -> str:
    """The reader's choice among the programmes of the store."""
    rows = cached.programmes(scope, language)
    names = dict(zip(rows["code"], rows["short"], strict=True))
    label = words("filters.programme")
    return filters.choose("programme", names, default=PROGRAMME, label=label, look="buttons")


def link(page: str, label: str, **choices: str) -> None:
    """A link to another page of ours with these choices; language, release and programme go along."""
    st.page_link(page_of(page), label=label, query_params={**kept(), **choices})


def anchor(page: str, label: str, card: str = "", **choices: str) -> str:
    """The same as markup, for a link that stands inside a text or a table; it may lead to a ``card``."""
    path = next(entry.url_path for entry in PAGES if entry.key == page)
    address = escape(f"./{path}?{urlencode({**kept(), **choices})}{place_of(card)}")
    return f'<a href="{address}" data-within>{escape(label)}</a>'


def here(label: str, card: str = "", **choices: str) -> str:
    """A link on the page itself, as markup: these choices, and all others as they are."""
    address = escape("?" + urlencode({**st.query_params.to_dict(), **choices}))
    return f'<a href="{address}{place_of(card)}" data-within>{escape(label)}</a>'


def place_of(card: str) -> str:
    return f"#card_{card}" if card else ""


def kept() -> dict[str, str]:
    return {name: value for name, value in st.query_params.to_dict().items() if name in ALONG}
