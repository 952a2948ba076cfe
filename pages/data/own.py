"""A reader's own sign-ins, and the way to another password."""

import streamlit as st

from pages.frame.language import words
from pages.frame.sign_in import signed_in
from pages.parts import own_sign_ins


@st.fragment
def own() -> None:
    own_sign_ins.going_on(signed_in())


st.title(words("title.own"))
own()
own_sign_ins.password()
