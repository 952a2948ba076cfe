"""A slider over the periods of one kind, which also plays by itself and can be paused."""

from time import monotonic

import streamlit as st

from data_access.scope import Scope
from pages.frame.language import TO_DATE, period_label, words
from pages.parts import cached, filters

SOON = 0.8
"""Share of the pace after which a run may step on: runs do not come to the millisecond."""


def pace(scope: Scope) -> float | None:
    """Seconds between two periods while they play, else nothing: what ``st.fragment`` runs every."""
    st.session_state["paced"] = wanted(scope) is not None
    return wanted(scope)


def wanted(scope: Scope) -> float | None:
    if not st.session_state.get("playing"):
        return None
    return float(cached.rules(scope, "en").set_index("code")["value"]["play_seconds"])


def neighbours(periods: list[str], period: str) -> list[str]:
    """The half-years (or years) that ``period`` is one of, oldest first; a value to date has none."""
    if period == TO_DATE:
        return []
    return [code for code in periods if code != TO_DATE and ("h" in code) == ("h" in period)]


def step(scope: Scope, periods: list[str], period: str) -> None:
    """While they play, and it is time, choose the period after ``period``; stop at the last. Called before
    the period is chosen. Runs the page again where the pace is no longer what it was made with."""
    seconds = wanted(scope)
    if seconds is not None:
        row = neighbours(periods, period)
        if not row or period == row[-1]:
            st.session_state["playing"] = False
        elif monotonic() - st.session_state["played_at"] >= SOON * seconds:
            st.session_state["played_at"] = monotonic()
            filters.set_choice("period", row[row.index(period) + 1])
    if st.session_state["paced"] != bool(st.session_state.get("playing")):
        st.rerun()


def time_slider(periods: list[str], period: str) -> None:
    """Slide over the neighbours of ``period``, or let them play."""
    row = neighbours(periods, period)
    if len(row) < 2:
        return
    playing = bool(st.session_state.get("playing"))
    label = words("playing.pause" if playing else "playing.play")
    st.button(label, key="play", on_click=start_or_pause, args=(row, period))
    filters.slide("period", {code: period_label(code) for code in row}, period, label=words("filters.period"))


def start_or_pause(row: list[str], period: str) -> None:
    """Play from the beginning where the end has been reached, else from here; or stop."""
    st.session_state["playing"] = not st.session_state.get("playing")
    st.session_state["played_at"] = monotonic()
    if st.session_state["playing"] and period == row[-1]:
        filters.set_choice("period", row[0])
