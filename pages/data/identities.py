"""Organisations that stand in the register more than once: a steward says which are one."""

import streamlit as st

from pages.frame.language import language, words
from pages.frame.sign_in import signed_in
from pages.parts import cached, deciding, duplicates


@st.fragment
def identities() -> None:
    scope = signed_in()
    decision = cached.newest_decision(scope)
    register = cached.register(scope, decision, language()).set_index("organisation")
    deciding.tell()
    duplicates.waiting(scope, decision, register)
    duplicates.decided(scope, decision, register)
    duplicates.by_business_id(register)


st.title(words("title.identities"))
duplicates.rules(signed_in())
identities()
