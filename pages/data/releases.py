"""Releases: the working one is built, looked at and published; what was published can be withdrawn."""

import streamlit as st

from pages.frame.language import language, words
from pages.frame.sign_in import signed_in
from pages.parts import cached, deciding, jobs, releasing

scope = signed_in()
st.title(words("title.releases"))
busy = jobs.show(scope.account)
deciding.tell()
releases = cached.all_releases(scope, language())
releasing.working(scope, releases, busy)
releasing.changes(scope, releases)
releasing.listed(releases)
