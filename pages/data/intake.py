"""Data in: the template, a file and what is in it, what it would change, and what has come in before."""

import streamlit as st

from pages.frame.language import words
from pages.frame.sign_in import signed_in
from pages.parts import batched, deciding, incoming, jobs, previewed, versions

scope = signed_in()
st.title(words("title.intake"))
busy = jobs.show(scope.account)
deciding.tell()
incoming.template(scope)
there = incoming.file(scope)
fetched = incoming.fetched(scope, busy)
there = there or fetched
if there is not None and there.unusable:
    incoming.unusable(there.unusable)
elif there is not None:
    incoming.findings(scope, there.checked)
    if there.difference is not None:
        previewed.preview(scope, there.difference, busy)
batched.listed(scope, busy)
versions.history(scope, busy)
