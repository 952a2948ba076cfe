"""The card that compares areas: map or tiles, ranked list, account, and the chosen area."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.charts.palette import PALETTES
from pages.frame.language import day, words
from pages.parts import amounts, boundaries, cached, compared, filters, onward
from pages.parts.asked import Asked
from pages.parts.cards import Table, figure_card, plot
from pages.parts.regional_choice import own_area, settle_area
from pages.parts.view import View

HEADS = ("area", "value", "interval", "band", "level", "standing", "reported")
Key = tuple[Scope, int, str, str, str, str, str, str]


def area_card(reader: View, asked: Asked, form: str) -> None:
    """One indicator over the areas of a scheme, as a card."""
    key = (reader.scope, reader.release, reader.language, *asked)
    said = compared.compared(*key)
    figure_card(
        reader,
        "regions",
        title=said.title,
        sentence=said.sentence,
        frame=said.rows,
        table=lambda: area_table(said.rows),
        method=said.method,
        draw=lambda: draw_areas(reader, key, asked.scheme, form),
    )


def draw_areas(reader: View, key: Key, scheme: str, form: str) -> None:
    """Map beside the ranked list, one selection for both and for the select box above them."""
    said = compared.compared(*key)
    options = {"": words("regions.no_area"), **said.names}
    settle_area(reader, scheme)
    own = own_area(reader, scheme)
    # First: what a tab panel can be entered at is looked for from its beginning, through all of a map.
    area = filters.choose("area", options, default=own, label=words("regions.choose_area"))
    placed = boundaries.shapes(reader.scope, scheme, reader.language)
    drawn = compared.drawn(*key, form, area, reader.palette is PALETTES["dark"], placed)
    left, right = st.columns([0.9, 1.1], gap="medium")
    with left:
        selectable(drawn.figure, f"areas_{form}", said.sentence)
        st.html(drawn.key)
    with right:
        selectable(drawn.ranking, "areas_ranked", words("regions.ranked"))
    if area:
        st.html(area_facts(reader, said.areas.set_index("area").loc[area]))


def selectable(figure: dict[str, Any], key: str, sentence: str) -> None:
    """A map, tiles or dots where a click on an area chooses it, as the select box does."""

    def take() -> None:
        points = st.session_state[key]["selection"]["points"]
        code = points and (points[0].get("location") or points[0].get("customdata"))
        if code:
            filters.set_choice("area", code[0] if isinstance(code, list) else code)

    plot(figure, key, sentence, on_select=take, selection_mode="points")


def area_table(rows: pd.DataFrame) -> Table:
    """The card's table: value, interval, rank band, verdict and reporting of each area."""
    return Table(
        [words(f"table.{head}") for head in HEADS],
        [
            [
                row.area_label,
                amounts.cell(row),
                amounts.interval(row),
                amounts.band(row),
                level_of(row),
                words(f"standing.{row.standing}") if isinstance(row.standing, str) else "–",
                amounts.reported(row),
            ]
            for row in amounts.rows(rows)
        ],
        numbers=(1, 2, 3, 6),
    )


def level_of(row: amounts.Row) -> str:
    """What the area is held against: the level and whose it is."""
    if pd.isna(row.level):
        return "–"
    return f"{amounts.amount(row.level, row.unit, row.decimals)} ({row.beside})"


def area_facts(reader: View, row: pd.Series) -> str:
    """The chosen area: its value, who answers for it now and did before, and the way to its profile."""
    code = str(row.name)
    lines = [f"<b>{escape(row['area_label'])}</b>: {amounts.cell(row)}"]
    lines += answering_lines(reader, code)
    lines.append(onward.anchor("profile", words("regions.to_profile"), scheme=row["scheme"], area=code))
    return "<ul class='facts'>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def answering_lines(reader: View, area: str) -> list[str]:
    """Who answers for an area now, then who did before, as markup."""
    now, before = [], []
    for each in amounts.rows(cached.answering(reader.scope, area, reader.language)):
        ended = isinstance(each.valid_to, type(reader.day)) and each.valid_to < reader.day
        since = words(
            "regions.before" if ended else "regions.now",
            name=each.label,
            since=day(each.valid_from),
            until=day(each.valid_to) if ended else "",
        )
        part = "" if each.share == 1 else f" ({words('regions.partly')})"
        (before if ended else now).append(escape(since + part))
    return now + before
