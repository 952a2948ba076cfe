"""Who may sign in: invited, changed, unlocked and shut by an administrator."""

import streamlit as st

from pages.frame.language import words
from pages.frame.sign_in import signed_in
from pages.parts import account_forms, account_list, deciding


@st.fragment
def accounts() -> None:
    scope = signed_in()
    deciding.tell()
    account_forms.link()
    known = account_list.accounts(scope)
    chosen = account_list.choose(known)
    account_forms.change(scope, chosen)
    account_list.sign_ins(scope, chosen.name)
    account_forms.invite(scope)


st.title(words("title.accounts"))
accounts()
