"""Ways on: which programmes there are, and links that keep the view."""

import streamlit as st

from pages.frame.navigation import page_of
from pages.parts import cached


def programmes(language: str) -> dict[str, str]:
    """Programmes by code and short name."""
    rows = cached.programmes(language)
    return dict(zip(rows["code"], rows["short"], strict=True))


def link(page: str, label: str, **choices: str) -> None:
    """A link to another page of ours with these choices; the language and the rest go along."""
    kept = {name: value for name, value in st.query_params.to_dict().items() if name in ("lang", "release")}
    st.page_link(page_of(page), label=label, query_params={**kept, **choices})
