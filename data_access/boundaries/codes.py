"""Which area each feature of a file is: by one of its properties, whatever that is called.

A property fits when its values are the codes of all areas of the scheme and of nothing else. Values are
read without regard to case, spaces and ``- _ . :``; our own code (``mk01``, ``hva01``) and the official
number that it ends with (``01``, ``1`` and 1) are the same. So Statistics Finland's ``maakunta``,
``hyvinvointialue`` and ``ely`` fit, as does such a property of municipalities. Åland may be there or not:
by its code, as ``hva91``, or by its name.

Numbers of another kind (a row number) may fit as well: what decides is where the shapes lie.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from data_access.boundaries import BadBoundaries
from data_access.boundaries.files import Feature

ALAND = "hva91"
ALANDS_NAMES = ("ahvenanmaa", "åland")


class Areas(NamedTuple):
    """What a scheme's file must and may hold. ``names``: code → name of the areas in the programme;
    ``outside``: the code of Åland's shape; ``era``: code → first day, for all of them."""

    names: dict[str, str]
    outside: str
    era: dict[str, str]


class Match(NamedTuple):
    """The codes of a file's features, read from ``property``; ``missing`` are areas that no feature is,
    ``extra`` the features that are no area."""

    property: str
    codes: list[str | None]
    missing: list[str]
    extra: list[str]

    @property
    def faults(self) -> int:
        return len(self.missing) + len(self.extra)


def matched(features: list[Feature], areas: Areas, known: Mapping[str, shapely.Geometry]) -> Match:
    """The property that fits, and each feature's code. ``known``: shapes in metres that tell where areas
    lie, as far as there are any. Raises ``BadBoundaries`` with every area that is missing, extra, or not
    where it should be."""
    properties = {name for each in features for name, value in each.properties.items() if readable(value)}
    found = [match(features, name, areas) for name in sorted(properties)]
    found = [each for each in found if len(each.missing) < len(areas.names)]
    if not found:
        example = next(iter(areas.names))
        raise BadBoundaries(
            f"no property of the features holds codes of areas, such as {example!r} or "
            f"{example.lstrip('abcdefghijklmnopqrstuvwxyz') or example!r}. "
            f"There are: {', '.join(sorted(properties)) or 'none'}"
        )
    shared = shared_land(features, known)
    best, strays = min(
        ((each, misplaced(each.codes, shared)) for each in found),
        key=lambda pair: (pair[0].faults, len(pair[1])),
    )
    if best.faults:
        raise BadBoundaries(said(best, areas))
    if strays:
        places = ", ".join(f"{code} {areas.names.get(code, '')}".strip() for code in strays)
        raise BadBoundaries(f"the property {best.property!r} puts areas where they do not lie: {places}")
    if areas.outside in known and covers(best.codes, shared[areas.outside], areas, known[areas.outside]):
        raise BadBoundaries(
            f"an area covers Åland, which is not in the programme: give Åland as a feature of its own "
            f"({areas.outside}), or leave it out"
        )
    return best


def readable(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def match(features: list[Feature], name: str, areas: Areas) -> Match:
    """What the property ``name`` says of each feature."""
    codes, extra = [], []
    for each in features:
        value = each.properties.get(name)
        code = area_code(value, areas) or (areas.outside if is_aland(each) else None)
        codes.append(code)
        if code is None:
            extra.append(f"{value!r} of {each.name}")
    return Match(name, codes, [code for code in areas.names if code not in codes], extra)


def area_code(value: Any, areas: Areas) -> str | None:
    """``"MK01"``, ``"01"`` or 1 → ``mk01``; ``None`` for what is no area of the scheme."""
    if not readable(value):
        return None
    text = re.sub(r"[\s_.:-]", "", str(value)).lower()
    if text == ALAND:
        return areas.outside
    for code in [*areas.names, areas.outside]:
        number = code.lstrip("abcdefghijklmnopqrstuvwxyz")
        if text == code or (number and text.isdecimal() and text.zfill(2) == number):
            return code
    return None


def is_aland(feature: Feature) -> bool:
    return any(
        isinstance(value, str) and value.strip().lower() in ALANDS_NAMES
        for value in feature.properties.values()
    )


def said(match: Match, areas: Areas) -> str:
    """Everything that is missing or extra, by code and name."""
    parts = []
    if match.missing:
        parts.append("missing: " + ", ".join(f"{code} {areas.names[code]}" for code in match.missing))
    if match.extra:
        parts.append("not of this scheme: " + ", ".join(match.extra))
    return f"the codes in the property {match.property!r} do not fit. " + "; ".join(parts)


def shared_land(features: list[Feature], known: Mapping[str, shapely.Geometry]) -> pd.DataFrame:
    """Feature × area that is known: how much of them is the same ground."""
    shapes = np.array([each.shape for each in features])[:, None]
    shared = shapely.area(shapely.intersection(shapes, np.array(list(known.values()))[None, :]))
    return pd.DataFrame(shared, columns=list(known))


def misplaced(codes: list[str | None], shared: pd.DataFrame) -> list[str]:
    """The areas that share less than half as much ground with themselves as with another area, or none:
    areas of different days may lie on the same ground."""
    found = shared.groupby(pd.Series(codes, dtype=object)).sum()
    return [
        code
        for code in found.index.intersection(shared.columns)
        if found.loc[code, code] <= found.loc[code].max() / 2
    ]


def covers(codes: list[str | None], shared: pd.Series, areas: Areas, aland: shapely.Geometry) -> bool:
    """Whether the features of the programme's areas hold most of the ground that is known to be Åland."""
    theirs = [code != areas.outside for code in codes]
    return bool(shared[theirs].sum() > aland.area / 2)
