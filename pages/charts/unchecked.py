"""A figure that goes to the browser as it is.

Streamlit lets plotly check a plain dict against its whole schema, for each choice anew, which costs
more than everything else in it. The tests check every figure instead.
"""

from typing import Any

from plotly.basedatatypes import BaseFigure


class Unchecked(BaseFigure):
    """Its constructor is left out on purpose: that is where the checking happens."""

    def __init__(self, figure: dict[str, Any]) -> None:
        self._figure = figure

    def to_dict(self) -> dict[str, Any]:
        return self._figure
