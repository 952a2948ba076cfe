"""The least that Streamlit can do: a select box and what was chosen, at default settings."""

import streamlit as st

choice = st.selectbox("Choice", [f"Choice {i}" for i in range(20)])
st.write(f"You chose {choice}.")
