"""Rounds: who has reported for which half-year, what the EU's next transmission lacks, whom to remind."""

from datetime import datetime

import streamlit as st

from pages.frame.language import FINLAND, words
from pages.frame.sign_in import signed_in
from pages.parts import rounds

scope = signed_in()
st.title(words("title.rounds"))
today = datetime.now(FINLAND).date()
rounds.whole(scope, today)
rounds.transmission(scope, today)
rounds.reminders(scope, today)
