"""The door: who is signed in, the form for those who are not, and the way out.

The form is streamlit-authenticator's. What it asks is answered here from the store instead of from
its dictionary, because its own counters and hashes live in memory; and its cookie is written by the
frame's script instead of by a component that would stand on every page.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any, Never

import jwt
import streamlit as st

from data_access import accounts
from data_access.accounts import AccountRecord
from pages.frame.language import words

# What it imports warns that no reader is there yet.
logging.disable(logging.WARNING)
from streamlit_authenticator.views.authentication_view import Authenticate  # noqa: E402

logging.disable(logging.NOTSET)

COOKIE = "turvaverkko"


def signed_in() -> AccountRecord:
    """The reader's account, read from the store again; ask in fragments too, so that a disabled
    account is out there as well."""
    return recognised() or st.rerun()


def audience_of(account: AccountRecord) -> str:
    """Whose figures an account sees: everyone's are the protected ones."""
    return "official"


def recognised() -> AccountRecord | None:
    """The account that this session or its cookie stands for, if it may still be here."""
    if not st.session_state.get("authentication_status"):
        st.session_state.setdefault("name", None)
        st.session_state.setdefault("username", None)
        st.session_state.setdefault("authentication_status", None)
        Door().login("unrendered")
    if not st.session_state["authentication_status"]:
        return None
    account = accounts.account(st.session_state["username"])
    valid = account and account.active and account.stamp == st.session_state["stamp"]
    if not valid or datetime.now(UTC) > st.session_state["signed_in_until"]:
        forget()
        return None
    return account


def ask() -> Never:
    """Show the form at whatever address the reader stands, and nothing else."""
    with st.container(key="door"):
        st.title(words("frame.name"), anchor=False)
        st.header(words("frame.subtitle"), anchor=False)
        names = ("Form name", "title"), ("Username", "name"), ("Password", "password"), ("Login", "button")
        Door().login("main", fields={field: words(f"sign_in.{key}") for field, key in names}, key="sign_in")
        if st.session_state["authentication_status"]:
            st.rerun()
        if st.session_state["authentication_status"] is False:
            st.error(words("sign_in.refused"))
        if demonstration := accounts.demonstration_names():
            st.warning(words("sign_in.demonstration", names=", ".join(f"`{name}`" for name in demonstration)))
    st.stop()


def sign_out_button() -> None:
    if st.button(words("sign_in.out"), key="sign_out"):
        Door().logout(location="unrendered")
        st.rerun()


def session_of(account: AccountRecord, until: datetime | None = None) -> dict[str, Any]:
    """What a session holds once this account has signed in."""
    return {
        "name": account.display_name,
        "username": account.name,
        "authentication_status": True,
        "stamp": account.stamp,
        "signed_in_until": until or datetime.now(UTC) + timedelta(days=accounts.session_days()),
    }


def forget() -> None:
    """Leave nothing of the reader in this session or in the browser's cookie."""
    language = st.session_state.get("language")
    st.session_state.clear()
    st.session_state.update(language=language, logout=True, cookie_to_write=("", 0))
    st.session_state.update(name=None, username=None, authentication_status=None)


class Door(Authenticate):
    """The authenticator's form over the store. Its constructor is left out on purpose: it makes the
    cookie component and the dictionary of hashes that we do without."""

    def __init__(self) -> None:
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.authentication_controller = StoreController()
        self.cookie_controller = ScriptCookie()


class StoreController:
    """What the form asks of its controller."""

    def login(self, username: str = "", password: str = "", *_: Any, token: Any = None, **__: Any) -> bool:
        account = token["account"] if token else accounts.check_credentials(username, password)
        if account:
            st.session_state.update(session_of(account, token and token["until"]))
        elif not token:
            st.session_state["authentication_status"] = False
        return account is not None

    def logout(self, _callback: Any = None) -> None:
        forget()


class ScriptCookie:
    """The signed cookie that survives a reload. The script of the frame writes what stands in
    ``cookie_to_write``: name, account and end, signed with the key of this installation."""

    def get_cookie(self) -> dict[str, Any] | None:
        written = None if st.session_state.get("logout") else st.context.cookies.get(COOKIE)
        if not written:
            return None
        try:
            token = jwt.decode(written, accounts.cookie_key(), ["HS256"], {"require": ["exp", "sub"]})
        except jwt.InvalidTokenError:
            return None
        account = accounts.account(token["sub"])
        if not account or not account.active or account.stamp != token.get("stamp"):
            return None
        return {"account": account, "until": datetime.fromtimestamp(token["exp"], UTC)}

    def set_cookie(self) -> None:
        session = st.session_state
        until = session["signed_in_until"]
        token = {"sub": session["username"], "stamp": session["stamp"], "exp": until}
        seconds = int((until - datetime.now(UTC)).total_seconds())
        session["cookie_to_write"] = (jwt.encode(token, accounts.cookie_key(), "HS256"), seconds)

    def delete_cookie(self) -> None:
        st.session_state["cookie_to_write"] = ("", 0)
