"""The choice of one area of a division: own area first, and what an area of another division means."""

from datetime import date

import streamlit as st

from data_access.scope import Scope
from pages.frame.language import words
from pages.parts import cached, filters
from pages.parts.view import View


def areas_of(reader: View, scheme: str) -> dict[str, str]:
    """The areas of a division on the release's last day: code → name, in the official order."""
    return names_of(reader.scope, scheme, reader.day, reader.language)


@cached.remembered(ttl=cached.LATER)
def names_of(scope: Scope, scheme: str, day: date, language: str) -> dict[str, str]:
    rows = cached.areas_of_scheme(scope, scheme, day, language)
    return dict(zip(rows["code"], rows["name"], strict=True))


@cached.remembered(ttl=cached.LATER)
def every_area(scope: Scope, language: str, what: str) -> dict[str, str]:
    """Code → ``label`` or ``scheme`` of each area that there is or was."""
    rows = cached.areas(scope, language)
    return dict(zip(rows["code"], rows[what], strict=True))


def own_area(reader: View, scheme: str) -> str:
    """What a regional account's own area is in this division; nothing for everyone else."""
    own = reader.scope.own_area
    return "" if own is None else cached.nearest_area(reader.scope, own, scheme, reader.day) or ""


def settle_area(reader: View, scheme: str) -> None:
    """Where the chosen area belongs to another division, say so and choose the area of this one that
    shares most with it. Call it before the area is chosen."""
    asked = st.query_params.get("area") or st.session_state.get("kept_area") or ""
    labels = every_area(reader.scope, reader.language, "label")
    if asked not in labels or asked in areas_of(reader, scheme):
        return
    near = cached.nearest_area(reader.scope, asked, scheme, reader.day)
    if near is not None:
        filters.set_choice("area", near)
        st.info(words("regions.nearest", asked=labels[asked], near=labels[near]))
    else:
        st.query_params.pop("area", None)
        st.info(words("regions.nowhere", asked=labels[asked]))


def usual_scheme(reader: View) -> str:
    """The division that a reader meets first: that of the link's area, else of own area, else regions."""
    schemes = every_area(reader.scope, reader.language, "scheme")
    asked = (schemes.get(code or "") for code in (st.query_params.get("area"), reader.scope.own_area))
    first = next(filter(None, asked), "maakunta")
    return "maakunta" if first == "country" else first


def choose_scheme(reader: View, options: dict[str, str]) -> str:
    """Let the reader choose a division."""
    return filters.choose("scheme", options, default=usual_scheme(reader), label=words("filters.scheme"))


def choose_area(reader: View, scheme: str) -> str:
    """Let the reader choose an area of this division: own area at first, else the first one. Call
    ``settle_area`` before it."""
    options = areas_of(reader, scheme)
    first = own_area(reader, scheme) or next(iter(options))
    return filters.choose("area", options, default=first, label=words("filters.area"))
