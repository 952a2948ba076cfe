"""What is asked of the regions: the choices on top of the page, those that a view needs."""

from collections.abc import Collection
from typing import NamedTuple

import streamlit as st

from pages.frame.language import TO_DATE, period_label, words
from pages.parts import boundaries, cached, compared, filters, playing
from pages.parts.regional_choice import usual_scheme
from pages.parts.view import View

AGAINST = ("country", "funding", "similar")


class Asked(NamedTuple):
    """``against``: what areas are held against, a code of ``AGAINST``."""

    indicator: str
    goal: str
    scheme: str
    period: str
    against: str


def ask(reader: View, needed: Collection[str]) -> Asked:
    """One row of choices, named in ``needed``; the others stay what they are in the link."""
    choices = compared.choices(reader.scope, reader.language)

    def choice(name: str, options: dict[str, str], default: str) -> str:
        if name in needed:
            return filters.choose(name, options, default=default, label=words(f"filters.{name}"))
        return filters.current(name, options, default)

    with st.container(horizontal=True, key="choices", vertical_alignment="bottom"):
        reported = bool(cached.periods_of(reader.scope, reader.release, "nr1"))
        indicator = choice("indicator", choices.indicators, "nr1" if reported else "si6")
        goal = choice("goal", choices.goals, "all")
        scheme = choice("scheme", choices.schemes, usual_scheme(reader))
        # Projects have figures for every period that any project can report for.
        of = indicator if "indicator" in needed else "projects"
        periods = cached.periods_of(reader.scope, reader.release, of)
        latest = cached.latest_period(reader.scope, reader.release, indicator)
        first = latest if latest in periods else TO_DATE
        labels = {code: period_label(code) for code in reversed(periods)}
        playing.step(reader.scope, periods, filters.current("period", labels, first))
        period = choice("period", labels, first)
        against = choice("against", {code: words(f"against.{code}") for code in AGAINST}, "country")
        if "slider" in needed:
            playing.time_slider(periods, period)
    return Asked(indicator, goal, scheme, period, against)


def usual_view(reader: View) -> str:
    """The map, or tiles for a division that has areas without a shape."""
    scheme = st.query_params.get("scheme") or st.session_state.get("kept_scheme") or usual_scheme(reader)
    known = scheme in compared.choices(reader.scope, reader.language).schemes
    return boundaries.usual_form(reader.scope, scheme, reader.language) if known else "map"
