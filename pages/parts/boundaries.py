"""What each division's map is drawn from: where its shapes are fetched, and what is said of them."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

import pandas as pd

from data_access.scope import Scope
from pages.frame.language import day, words
from pages.parts import amounts, cached

BUILT_IN, LOADED = "/app/static/shapes/{}.geojson", "/shapes/{}.geojson"
LICENCES = "MIT, ISC"
"""Of the built-in shapes: sample_data/boundaries/LICENSE.md."""


class Shapes(NamedTuple):
    """``address``: where the browser fetches them; ``areas``: codes of the areas that have one;
    ``ground``: address of the whole country, to be drawn under a division that lacks some; ``note``:
    source, day and licence."""

    address: str
    areas: tuple[str, ...]
    ground: str | None
    note: str

    def lacking(self, areas: Iterable[str]) -> int:
        """How many of ``areas`` have no shape."""
        return len(set(areas) - set(self.areas))


@cached.remembered(ttl=cached.SOON)
def shapes(scope: Scope, scheme: str, language: str) -> Shapes:
    """The shapes in force for a division, with what must be said of just them."""
    rows = cached.boundaries(scope, language).set_index("scheme")
    row = rows.loc[scheme]
    areas = cached.areas(scope, language)
    asked = areas.loc[(areas["scheme"] == scheme) & areas["in_programme"].astype(bool), "code"]
    lacks = set(asked) - set(row["areas"])
    return Shapes(
        address(row),
        tuple(row["areas"]),
        address(rows.loc["country"]) if lacks else None,
        words("boundaries.note", source=", ".join(told(row))),
    )


def address(row: pd.Series) -> str:
    """A loaded set's address has its fingerprint in it: another set is another address."""
    return BUILT_IN.format(row.name) if row["hash"] is None else LOADED.format(row["hash"])


def told(row: pd.Series) -> list[str]:
    """Source, day and licence of a set, as far as it has them."""
    if row["hash"] is None:
        return [words("boundaries.built_in")]
    return [row["source"], *([day(row["dated"])] if row["dated"] else []), *filter(None, [row["licence"]])]


def usual_form(scope: Scope, scheme: str, language: str) -> str:
    """*map*, or *tiles* for a division that has areas of the programme without a shape."""
    return "tiles" if shapes(scope, scheme, language).ground else "map"


def footnote(placed: Shapes) -> str:
    return f'<p class="footnote">{escape(placed.note)}</p>'


def listing(scope: Scope, language: str) -> list[list[str]]:
    """Every division's boundaries: its name, their source, day and licence."""
    return [
        [
            row.scheme_name,
            row.source or words("boundaries.built_in"),
            day(row.dated) if row.dated else "–",
            (row.licence or "–") if row.hash else LICENCES,
        ]
        for row in amounts.rows(cached.boundaries(scope, language))
    ]
