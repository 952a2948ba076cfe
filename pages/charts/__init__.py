"""Charts: a figure frame in, a plain plotly dict ``{"data": …, "layout": …}`` out.

Pure functions that know neither Streamlit nor the store, and no words of their own: every text comes
from the frame (names), from ``words`` (``dict[str, str]``) or from ``number`` (a value as the reader's
language writes it, with its unit where one is wanted). Plain dicts, because making a ``go.Figure``
costs more than everything else in a choice.
"""
