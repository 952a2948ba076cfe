"""Lists as cards, and the list of projects."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.frame.language import TO_DATE, day, period_label, words
from pages.parts import amounts, cached, onward
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.tables import Cell, Markup, html_table
from pages.parts.view import View


def projects_card(reader: View, programme: str, short: str | None, lead: str | None) -> None:
    """The projects that serve the goal called ``short`` (all of them without one), and whether each has
    reported for the latest half-year for which reports of the indicator ``lead`` were due. Nothing for
    a programme whose projects no source names."""
    projects = cached.projects(reader.scope, reader.release, programme, reader.language)
    if projects.empty:
        return
    if short is not None:
        serves = projects["goals"].fillna("").map(lambda text: short in text.split(", "))
        projects = projects[serves]
    period = cached.latest_period(reader.scope, reader.release, lead) if isinstance(lead, str) else None
    came = {}
    if period is not None:
        ask = (reader.scope, reader.release, reader.language, programme, period)
        came = {row.project: report_of(row) for row in amounts.rows(cached.reports(*ask))}
    heads = [words(f"table.{head}") for head in ("project", "project_state", "dates", "areas", "goals")]
    heads += [words("projects.report", period=period_label(period or TO_DATE)), words("table.source")]
    rows = [
        [
            Markup(onward.anchor("projects", row.name, project=row.code)),
            words(f"project_state.{row.state}"),
            f"{day(row.starts)}–{day(row.ends) if row.ends is not None else ''}",
            row.areas if isinstance(row.areas, str) else "–",
            row.goals if isinstance(row.goals, str) else "–",
            came.get(row.code, "–"),
            row.source_title,
        ]
        for row in amounts.rows(projects)
    ]
    states = projects["state"].value_counts()
    left_out = {state: int(states.get(state, 0)) for state in ("planned", "withdrawn")}
    counted = len(projects) - sum(left_out.values())
    sentence = words("projects.sentence", count=counted)
    if any(left_out.values()):
        sentence += " " + words("projects.left_out", **left_out)
    list_card(reader, "projects", words("projects.title"), sentence, projects, heads, rows)


def report_of(row: amounts.Row) -> str:
    """When a project's report came, or that it is missing."""
    return words("indicator.missing") if pd.isna(row.reported_on) else day(row.reported_on)


def counted_as(row) -> str:
    """Whether a partnership's organisation counts for SI6 only or for EECO18 as well."""
    if not row.supported:
        return words("counted.not_supported")
    if row.eligible is None or pd.isna(row.eligible):
        return words("counted.undecided")
    return words("counted.eligible" if row.eligible else "counted.not_eligible")


def list_card(
    reader: View,
    key: str,
    title: str,
    sentence: str,
    frame: pd.DataFrame,
    heads: list[str],
    rows: Sequence[Sequence[Cell]],
    demonstration: bool | None = None,
) -> None:
    """A card whose figure is a list. ``demonstration`` as in ``figure_card``."""
    figure_card(
        reader,
        key,
        title=title,
        sentence=sentence,
        frame=frame,
        table=Table(heads, rows),
        method=Method([words("lists.method")], sources_of(frame)),
        draw=lambda: st.html(html_table(heads, rows, caption=sentence)),
        demonstration=demonstration,
    )
