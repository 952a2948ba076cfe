"""The one bridge by which pages write: a steward's decisions. Who acts is asked of the door at the moment
of the act, and may be no longer allowed to."""

from collections.abc import Callable

import streamlit as st

from data_access import identity
from pages.frame.language import words
from pages.frame.sign_in import recognised

SAID = "decision_said"
REFUSED = "decision_refused"


def merge(first: str, second: str, field: str) -> None:
    """The steward has said that two organisations are the same. ``field``: where the reason was typed."""
    act(field, lambda reason, actor: identity.merge(first, second, reason, actor=actor), "merged")


def hold_apart(first: str, second: str, field: str) -> None:
    act(field, lambda reason, actor: identity.hold_apart(first, second, reason, actor=actor), "held_apart")


def undo(number: int, field: str) -> None:
    act(field, lambda reason, actor: identity.undo(number, reason, actor=actor), "taken_back")


def act(field: str, decide: Callable[[str, str], int], said: str) -> None:
    """Decide in the name of whoever is signed in; what came of it is told in the next run."""
    scope = recognised()
    if scope is None:
        return
    if not scope.may("decide_identities"):
        st.session_state[REFUSED] = (field, words("frame.not_for_role"))
        return
    try:
        number = decide(st.session_state[field], scope.account)
    except identity.Refused as refused:
        st.session_state[REFUSED] = (field, words(f"refused.{refused.why}", number=str(refused.number)))
    else:
        st.session_state[SAID] = words(f"decided.{said}", number=str(number))


def tell() -> None:
    """What was decided just now."""
    with st.container(key="said"):
        if said := st.session_state.pop(SAID, None):
            st.success(said)


def tell_refusal(field: str) -> None:
    """Why it was not decided, beside the reason that was typed."""
    refused = st.session_state.get(REFUSED)
    if refused and refused[0] == field:
        st.error(st.session_state.pop(REFUSED)[1])
