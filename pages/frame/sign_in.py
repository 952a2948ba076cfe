"""The door: who is signed in, the form for those who are not, and the way out.

The form is streamlit-authenticator's; what it asks is answered from the store. Who is right gets a
one-time code, with which the window's script fetches the cookie (``cookie.py``) before it loads the page
anew. The server's guard reads the cookie when a window connects and hands its hash on as ``st.user``;
each run asks the store whether the sign-in behind it still goes on.
"""

import logging
from html import escape
from typing import Any, Never

import streamlit as st

from data_access import accounts, credentials, sign_ins
from data_access.scope import Scope
from pages.frame import second_door
from pages.frame.language import words

# What it imports warns that no reader is there yet.
logging.disable(logging.WARNING)
from streamlit_authenticator.views.authentication_view import Authenticate  # noqa: E402

logging.disable(logging.NOTSET)


def signed_in() -> Scope:
    """The reader's scope, read from the store again; ask in fragments too, so that whoever may no longer
    be here is out there as well."""
    return recognised() or st.rerun()


def recognised() -> Scope | None:
    """Who is behind this window's cookie, if they may still be here."""
    found = st.user.get("sign_in")
    return sign_ins.reader(found) if isinstance(found, str) else None


def ask() -> Never:
    """Show the form at whatever address the reader stands, and nothing else."""
    st.session_state.setdefault("authentication_status", None)
    with st.container(key="door"):
        st.title(words("frame.name"), anchor=False)
        st.header(words("frame.subtitle"), anchor=False)
        if st.session_state["authentication_status"]:
            opening, failed = escape(words("sign_in.opening")), escape(words("sign_in.no_cookie"))
            st.html(f'<p class="opening" data-failed="{failed}">{opening}</p>')
            st.stop()
        names = ("Form name", "title"), ("Username", "name"), ("Password", "password"), ("Login", "button")
        Door().login("main", fields={field: words(f"sign_in.{key}") for field, key in names}, key="sign_in")
        if st.session_state["authentication_status"]:
            st.rerun()
        if st.session_state["authentication_status"] is False:
            st.error(words("sign_in.refused"))
        if second_door.is_there() and st.button(words("second_door.button"), key="second_door"):
            st.login()
        if demonstration := accounts.demonstration_names():
            st.warning(words("sign_in.demonstration", names=", ".join(f"`{name}`" for name in demonstration)))
    st.stop()


def sign_out_button(scope: Scope) -> None:
    if st.button(words("sign_in.out"), key="sign_out"):
        sign_ins.end_own(scope.sign_in, "signed_out", actor=scope)
        language = st.session_state["language"]
        st.session_state.clear()
        st.session_state.update(language=language, leave=True)
        st.rerun()


def news() -> dict[str, Any]:
    """What the window's script is to do in this run: fetch the cookie with a code, or give it back."""
    return {"code": st.session_state.pop("code", None), "leave": st.session_state.pop("leave", False)}


class Door(Authenticate):
    """The authenticator's form over the store. Its constructor is left out on purpose: it makes the
    cookie component and the dictionary of hashes that we do without."""

    def __init__(self) -> None:
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.authentication_controller = StoreController()
        self.cookie_controller = NoCookie()


class StoreController:
    """What the form asks of its controller."""

    def login(self, username: str = "", password: str = "", *_: Any, **__: Any) -> bool:
        browser = st.context.headers.get("User-Agent") or ""
        code = credentials.sign_in(username, password, st.context.ip_address, browser)
        st.session_state.update(authentication_status=code is not None, code=code)
        return code is not None


class NoCookie:
    """What the form asks of its cookie: ours is set by the server."""

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        pass
