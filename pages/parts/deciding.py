"""The one bridge by which pages write: decisions of stewards, and what is done to accounts and sign-ins. Who
acts is asked of the door at the moment of the act, and may be no longer allowed to."""

from collections.abc import Callable

import streamlit as st

from data_access import accounts, identity, sign_ins
from pages.frame.language import words
from pages.frame.sign_in import Scope, recognised

SAID = "decision_said"
REFUSED = "decision_refused"
CODE = "made_code"

# ---- which organisations are one --------------------------------------------------------------------


def merge(first: str, second: str, field: str) -> None:
    """The steward has said that two organisations are the same. ``field``: where the reason was typed."""
    decide(field, lambda reason, actor: identity.merge(first, second, reason, actor=actor), "merged")


def hold_apart(first: str, second: str, field: str) -> None:
    decide(field, lambda reason, actor: identity.hold_apart(first, second, reason, actor=actor), "held_apart")


def undo(number: int, field: str) -> None:
    decide(field, lambda reason, actor: identity.undo(number, reason, actor=actor), "taken_back")


def decide(field: str, decision: Callable[[str, str], int], said: str) -> None:
    """Decide in the name of whoever is signed in; what came of it is told in the next run."""
    if scope := actor_who_may("decide_identities", field):
        try:
            number = decision(st.session_state[field], scope.account)
        except identity.Refused as refused:
            st.session_state[REFUSED] = (field, words(f"refused.{refused.why}", number=str(refused.number)))
        else:
            st.session_state[SAID] = words(f"decided.{said}", number=str(number))


# ---- accounts and sign-ins --------------------------------------------------------------------------


def invite() -> None:
    asked = {field: st.session_state[f"invite_{field}"] for field in ("name", "person", "role", "area")}
    manage("invite", asked["name"], lambda actor: accounts.invite(*asked.values(), actor=actor), "invited")


def change_role(name: str) -> None:
    field = f"change_{name}"
    role, area = st.session_state[f"{field}_role"], st.session_state[f"{field}_area"]
    manage(field, name, lambda actor: accounts.change_role(name, role, area, actor=actor), "changed")


def give_code(name: str) -> None:
    manage(name, name, lambda actor: accounts.new_code(name, actor=actor), "given")


def revoke(name: str) -> None:
    manage(name, name, lambda actor: accounts.revoke(name, actor=actor), "revoked")


def disable(name: str) -> None:
    manage(name, name, lambda actor: accounts.disable(name, actor=actor), "disabled")


def enable(name: str) -> None:
    manage(name, name, lambda actor: accounts.enable(name, actor=actor), "enabled")


def unlock(name: str) -> None:
    manage(name, name, lambda actor: accounts.unlock(name, actor=actor), "unlocked")


def manage(field: str, name: str, act: Callable[[str], str | None], said: str) -> None:
    """Do something to an account; a one-time code that came of it is shown in the next run."""
    if scope := actor_who_may("manage_accounts", field):
        try:
            st.session_state[CODE] = act(scope.account)
        except accounts.AccountError as error:
            st.session_state[REFUSED] = (field, words(f"account_refused.{error.why}"))
        else:
            st.session_state[SAID] = words(f"account_said.{said}", name=name)


def end_own_sign_in(number: int) -> None:
    if scope := actor_who_may("end_own_sign_ins", "own"):
        sign_ins.end(number, "revoked", actor=scope.account, of=scope.account)
        st.session_state[SAID] = words("own.ended")


# ---- who acts, and what came of it ------------------------------------------------------------------


def actor_who_may(act: str, field: str) -> Scope | None:
    """Whoever is signed in at this moment, where their role may do this; else a refusal is told."""
    scope = recognised()
    if scope and not scope.may(act):
        st.session_state[REFUSED] = (field, words("frame.not_for_role"))
        return None
    return scope


def made_code() -> str | None:
    return st.session_state.pop(CODE, None)


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
