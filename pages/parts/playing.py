"""A slider over the periods of one kind, which also plays by itself and can be paused."""

from time import monotonic

import streamlit as st

from pages.frame.language import TO_DATE, period_label, words
from pages.parts import cached, filters


def pace() -> float | None:
    """Seconds between two periods while they play, else nothing: what ``st.fragment`` runs every."""
    if not st.session_state.get("playing"):
        return None
    return float(cached.rules("en").set_index("code")["value"]["play_seconds"])


def time_slider(release: int, indicator: str, period: str) -> None:
    """Slide over the half-years (or years) beside ``period``, or let them play; nothing for a value to
    date, which has no neighbours."""
    if period == TO_DATE:
        return
    periods = [
        code
        for code in cached.periods_of(release, indicator)
        if code != TO_DATE and ("h" in code) == ("h" in period)
    ]
    if len(periods) < 2:
        return
    playing = bool(st.session_state.get("playing"))
    with st.container(horizontal=True, key="time_slider", vertical_alignment="center"):
        st.button(
            words("playing.pause" if playing else "playing.play"),
            key="play",
            on_click=start_or_pause,
            args=(periods, period),
        )
        names = {code: period_label(code) for code in periods}
        filters.slide("period", names, period, label=words("filters.period"))
    if playing != bool(st.session_state.get("playing_seen")):
        st.session_state["playing_seen"] = playing
        st.rerun()
    if playing:
        step_on(periods, period)


def start_or_pause(periods: list[str], period: str) -> None:
    """Play from the beginning where the end has been reached, else from here; or stop."""
    st.session_state["playing"] = not st.session_state.get("playing")
    st.session_state["played_at"] = monotonic()
    if st.session_state["playing"] and period == periods[-1]:
        filters.set_choice("period", periods[0])


def step_on(periods: list[str], period: str) -> None:
    """Have the next run show the period after this one; stop at the last."""
    if period == periods[-1]:
        st.session_state["playing"] = False
        return
    due = float(pace() or 0) * 0.8
    if monotonic() - st.session_state["played_at"] >= due:
        st.session_state["played_at"] = monotonic()
        filters.set_choice("period", periods[periods.index(period) + 1])
