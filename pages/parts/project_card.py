"""One project: chosen by the link, and its facts."""

from html import escape

import pandas as pd
import streamlit as st

from pages.frame.language import day, words
from pages.parts import cached, onward
from pages.parts.cards import Method, Table, figure_card
from pages.parts.project_list import TAKEN, text_or_dash
from pages.parts.project_search import searchable
from pages.parts.tables import Markup
from pages.parts.view import View


def chosen(reader: View) -> str | None:
    """The project in the link; none without one, or, with a word about it, where there is no such."""
    asked = st.query_params.get("project", "")
    if "project" not in st.query_params:
        st.query_params["project"] = ""
    if asked and asked not in set(searchable(reader.scope, reader.release, reader.language)["code"]):
        st.warning(words("project.unknown", asked=asked[:24]))
        return None
    return asked or None


def way_back() -> None:
    st.html(f'<p class="back">{onward.here(words("project.back"), card="projects", project="")}</p>')


def of_register(reader: View, code: str) -> pd.Series:
    rows = searchable(reader.scope, reader.release, reader.language)
    return rows[rows["code"] == code].iloc[0]


def facts_card(reader: View, code: str) -> None:
    """State, dates, goals, areas, call, funding authority and lead of a project."""
    row = of_register(reader, code)
    facts = facts_of(reader, row)
    until = day(row["ends"]) if row["ends"] is not None else "…"
    figure_card(
        reader,
        "project",
        title=row["name"],
        sentence=words(f"project.is_{row['state']}", starts=day(row["starts"]), ends=until),
        frame=pd.DataFrame([row])[TAKEN],
        table=Table([words("table.fact"), words("table.value")], [list(each) for each in facts]),
        method=Method([words("project.method_facts"), words("project.method_frames")], [row["source_title"]]),
        draw=lambda: st.html(definition(facts)),
    )


def facts_of(reader: View, row: pd.Series) -> list[tuple[str, str]]:
    """Heading and text (or markup) of each fact."""
    told = {
        "project_state": words(f"project_state.{row['state']}"),
        "dates": f"{day(row['starts'])}–{day(row['ends']) if row['ends'] is not None else ''}",
        "goals": text_or_dash(row["goals"]),
        "areas": ways_to_areas(reader, row),
        "lead": text_or_dash(row["lead"]),
        "home_area": home(row),
        "call": text_or_dash(row["call"]),
        "funding_area": text_or_dash(row["funding_area"]),
        "policy_frames": words("project.not_in_data"),
    }
    return [(words(f"table.{name}"), text) for name, text in told.items()]


def ways_to_areas(reader: View, row: pd.Series) -> str:
    """The areas where a project acts, each a way to its division on the page of regions."""
    if not isinstance(row["area_codes"], str):
        return "–"
    areas = cached.areas(reader.scope, reader.language).set_index("code")
    names = []
    for code in row["area_codes"].split(", "):
        area = areas.loc[code]
        choices = {"indicator": "projects", "scheme": area["scheme"], "area": code}
        whole = area["scheme"] == "country"
        names.append(escape(area["name"]) if whole else onward.anchor("regions", area["label"], **choices))
    return Markup(", ".join(names))


def home(row: pd.Series) -> str:
    """Where the lead is at home, and whether the project acts there."""
    if not isinstance(row["home_area"], str):
        return words("project.not_in_data")
    if row["led_elsewhere"] is None or pd.isna(row["led_elsewhere"]):
        return row["home_area"]
    return words(
        "project.led_elsewhere" if row["led_elsewhere"] else "project.led_there", area=row["home_area"]
    )


def definition(facts: list[tuple[str, str]]) -> str:
    items = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{text if isinstance(text, Markup) else escape(text)}</dd></div>"
        for name, text in facts
    )
    return f'<dl class="definition">{items}</dl>'
