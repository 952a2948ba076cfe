"""What every page starts from: release, audience, language and colours of this reader."""

from datetime import date
from typing import NamedTuple

import streamlit as st

from pages.charts.palette import PALETTES, Palette
from pages.frame.language import language, words
from pages.frame.sign_in import AccountRecord, audience_of, signed_in
from pages.parts import cached

PROGRAMME = "esf51"


class View(NamedTuple):
    """``release`` is the number in the link, else the published one; ``day`` the last day it knows."""

    account: AccountRecord
    audience: str
    language: str
    release: int
    day: date
    newest: int
    demonstration: bool
    palette: Palette


def view() -> View:
    """The reader's view; where there is no release yet, says so and what to do, and ends the run."""
    account = signed_in()
    known = cached.releases(language()).set_index("number")
    newest = cached.newest_release()
    if newest is None:
        st.info(words("view.no_release"))
        st.stop()
    asked = st.query_params.get("release", "")
    release = int(asked) if asked.isdecimal() and int(asked) in known.index else newest
    if asked and str(release) != asked:
        st.warning(words("view.unknown_release", asked=asked[:12]))
    if known.loc[release, "state"] == "withdrawn":
        st.warning(words("view.withdrawn"))
    elif release != newest:
        st.info(words("view.older", release=release, newest=newest))
    row = known.loc[release]
    return View(
        account,
        audience_of(account),
        language(),
        release,
        row["as_of"],
        newest,
        bool(row["demonstration"]),
        PALETTES["dark" if st.context.theme.type == "dark" else "light"],
    )
