"""What every page starts from: scope, release, language and colours of this reader."""

from datetime import date
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from pages.charts.palette import PALETTES, Palette
from pages.frame.language import day, language, words
from pages.frame.sign_in import Scope, signed_in
from pages.parts import cached, filters

PROGRAMME = "esf51"


class View(NamedTuple):
    """``release`` is the number in the link, else the published one; ``day`` the last day it knows."""

    scope: Scope
    language: str
    release: int
    day: date
    demonstration: bool
    palette: Palette


def view() -> View:
    """The reader's view; where there is no release yet, says so and what to do, and ends the run."""
    scope = signed_in()
    shown = cached.shown_releases(scope, language())
    if not shown:
        st.info(words("view.no_release"))
        st.stop()
    codes = [str(number) for number in shown]
    release = int(filters.current("release", codes, codes[0]))
    return View(
        scope,
        language(),
        release,
        *shown[release],
        PALETTES["dark" if st.context.theme.type == "dark" else "light"],
    )


def release_name(number: int, as_of: date) -> str:
    return words("view.release", release=number, day=day(as_of))


def choose_release() -> None:
    """Let the reader choose a release; it always stands in the link, so that the link shows the same
    for ever. Says so where the link's cannot be shown, and where a newer one exists.

    A page calls it once, outside the part of it that runs again for each choice."""
    scope = signed_in()
    shown = cached.shown_releases(scope, language())
    if not shown:
        return
    options = {str(number): release_name(number, each.as_of) for number, each in shown.items()}
    newest = next(iter(options))
    asked = st.query_params.get("release", newest)
    if asked not in options:
        st.warning(not_shown(scope, asked))
        filters.keep("release", newest)
    with st.container(key="release"):
        release = filters.choose("release", options, default=newest, label=words("filters.release"))
    if release != newest:
        st.html(newer(int(release), newest, options[newest]))


def not_shown(scope: Scope, asked: str) -> str:
    """Why the link's release is not shown: there is none, or it was withdrawn."""
    every = cached.releases(scope, language())
    gone = every[every["state"] == "withdrawn"]
    reasons = dict(zip(gone["number"].astype(str), gone["withdrawn_reason"], strict=True))
    if asked in reasons:
        return words("view.withdrawn", release=asked, reason=reasons[asked].rstrip("."))
    return words("view.unknown_release", asked=asked[:12])


def newer(release: int, newest: str, name: str) -> str:
    """One line over an older release, with a link to the newest."""
    address = escape("?" + urlencode({**st.query_params.to_dict(), "release": newest}))
    link = f'<a href="{address}" data-choice="release={newest}">{escape(words("view.newest", name=name))}</a>'
    return f'<p class="older" role="status">{escape(words("view.older", release=release))} {link}</p>'
