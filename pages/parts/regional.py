"""The card that compares areas: map or tiles, ranked list, account, and the chosen area."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.palette import PALETTES
from pages.frame.language import day, words
from pages.parts import amounts, cached, compared, filters, onward
from pages.parts.cards import Table, figure_card, plot
from pages.parts.view import View

HEADS = ("area", "value", "interval", "band", "verdict", "reported")


def area_card(reader: View, code: str, goal: str, scheme: str, period: str, form: str) -> None:
    """One indicator over the areas of a scheme, as a card."""
    asked = (reader.release, reader.audience, reader.language, code, goal, scheme, period)
    said = compared.compared(*asked)
    figure_card(
        reader,
        "regions",
        title=said.title,
        sentence=said.sentence,
        frame=said.rows,
        table=lambda: area_table(said.rows),
        method=said.method,
        draw=lambda: draw_areas(reader, asked, form),
    )


def draw_areas(reader: View, asked: tuple[int, str, str, str, str, str, str], form: str) -> None:
    """Map beside the ranked list, one selection for both and for the select box under them."""
    said = compared.compared(*asked)
    options = {"": words("regions.no_area"), **said.names}
    own = reader.account.area if reader.account.area in options else ""
    area = filters.current("area", list(options), own)
    drawn = compared.drawn(*asked, form, area, reader.palette is PALETTES["dark"])
    left, right = st.columns([0.9, 1.1], gap="medium")
    with left:
        selectable(drawn.figure, f"areas_{form}", said.sentence)
        st.html(drawn.key)
    with right:
        selectable(drawn.ranking, "areas_ranked", said.sentence)
    filters.choose("area", options, default=own, label=words("regions.choose_area"))
    if area:
        st.html(area_facts(reader, said.areas.set_index("area").loc[area]))


def own_scheme(reader: View) -> str:
    """The division of a regional account's own area; regions for everyone else."""
    if reader.account.area is None:
        return "maakunta"
    areas = cached.areas(reader.language).set_index("code")["scheme"]
    return areas.get(reader.account.area, "maakunta")


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
                "–" if pd.isna(row.verdict) else words(f"verdict.{row.verdict}"),
                amounts.reported(row),
            ]
            for row in amounts.rows(rows)
        ],
        numbers=(1, 2, 3, 5),
    )


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
    for each in amounts.rows(cached.answering(area, reader.language)):
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
