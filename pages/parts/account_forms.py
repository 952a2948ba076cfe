"""What an administrator does to accounts: forms and buttons; what came of it is told above them."""

from collections.abc import Callable

import streamlit as st

from data_access.scope import EVERYONE, Scope
from pages.frame.language import language, words
from pages.parts import amounts, cached, deciding

Acts = dict[str, Callable[[str], None]]


def link() -> None:
    """The one-time link that was made just now: it is shown once."""
    if code := deciding.made_code():
        server = (st.context.url or "").split("/", 3)[:3]
        st.info(words("accounts.link"))
        st.code(f"{'/'.join(server)}/welcome#{code}", language=None, wrap_lines=True)


def change(scope: Scope, row: amounts.Row) -> None:
    """Role and area of one account, and what can be done to it as it is."""
    name = row.name
    with st.container(border=True, key="card_account"):
        st.subheader(words("accounts.change", name=row.display_name), anchor=False)
        with st.form(f"change_{name}", border=False, enter_to_submit=False):
            rights(scope, f"change_{name}", row.role, row.area)
            deciding.tell_refusal(f"change_{name}")
            st.form_submit_button(words("accounts.save"), on_click=deciding.change_role, args=(name,))
        with st.container(horizontal=True):
            for act, do in acts(row.state).items():
                st.button(words(f"account_act.{act}"), key=f"{act}_{name}", on_click=do, args=(name,))
        deciding.tell_refusal(name)
        if cached.has_second_door(scope):
            second_door(name, row.subject)


def second_door(name: str, subject: str | None) -> None:
    """What the account is linked to, or a field for it."""
    if isinstance(subject, str):
        st.markdown(words("accounts.linked"))
        st.code(subject, language=None, wrap_lines=True)
        st.button(words("accounts.unlink"), key=f"unlink_{name}", on_click=deciding.unlink, args=(name,))
    else:
        with st.form(f"link_{name}", border=False, enter_to_submit=False):
            rule = words("accounts.subject_rule")
            st.text_input(words("accounts.subject"), key=f"subject_{name}", max_chars=255, help=rule)
            st.form_submit_button(words("accounts.link_button"), on_click=deciding.link, args=(name,))
    deciding.tell_refusal(f"link_{name}")


def acts(state: str) -> Acts:
    """What can be done to an account in this state."""
    if state == "disabled":
        return {"enable": deciding.enable}
    unlock: Acts = {"unlock": deciding.unlock} if state == "locked" else {}
    return {"give_code": deciding.give_code, "revoke": deciding.revoke, "disable": deciding.disable} | unlock


def invite(scope: Scope) -> None:
    """A new account, whose owner chooses a password with a one-time link."""
    with st.container(border=True, key="card_invite"):
        st.subheader(words("accounts.invite"), anchor=False)
        with st.form("invite", border=False, enter_to_submit=False):
            rule = words("accounts.name_rule")
            st.text_input(words("accounts.name"), key="invite_name", max_chars=40, help=rule)
            st.text_input(words("accounts.person"), key="invite_person", max_chars=80)
            rights(scope, "invite", EVERYONE[0], None)
            deciding.tell_refusal("invite")
            st.form_submit_button(words("accounts.invite_button"), on_click=deciding.invite)


def rights(scope: Scope, form: str, role: str, area: str | None) -> None:
    """Fields for role and own area."""
    roles = {code: words(f"role.{code}") for code in EVERYONE}
    labels = cached.areas(scope, language()).set_index("code")["label"].to_dict()
    areas = {None: words("accounts.no_area"), **labels}
    for name, label, options, chosen in (
        ("role", words("accounts.role"), roles, role),
        ("area", words("accounts.own_area"), areas, area),
    ):
        index, known = list(options).index(chosen), options.__getitem__
        st.selectbox(label, list(options), index=index, format_func=known, key=f"{form}_{name}")
