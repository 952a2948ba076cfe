"""One figure at a time, full screen, refreshing by itself, stamped with its time, release and source."""

import streamlit as st

from pages.frame.language import words
from pages.frame.sign_in import signed_in
from pages.parts import cached, filters, slides
from pages.parts.view import choose_release, view


def present() -> None:
    reader = view()
    slide = filters.current("slide", list(slides.SLIDES), slides.FIRST)
    filters.keep("slide", slide)
    slides.draw(reader, slide)
    slides.controls(slide)


st.title(words("title.present"))
choose_release()
paused = st.session_state.setdefault("present_paused", False)
rules = cached.rules(signed_in(), "en").set_index("code")["value"]
st.fragment(present, run_every=None if paused else float(rules["present_refresh_seconds"]))()
