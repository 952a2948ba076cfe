"""The areas beside one area: those most like it, and those next to it."""

from html import escape

import pandas as pd
import streamlit as st

from pages.frame.language import TO_DATE, number, words
from pages.parts import amounts, area_sentences, cached, methods, onward, regional_choice
from pages.parts.cards import Method, Table, bare_card, figure_card, sources_of
from pages.parts.sentences import listed
from pages.parts.tables import Markup, html_table
from pages.parts.view import View

NEAREST = 5
SIZE = ("projects", "si6", "eur_committed")
DIFFERENCE = "_difference"


def similar_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """The areas of the division that are most like this one, by a declared distance and its parts."""
    ask = (reader.scope, reader.release, reader.language)
    frame = cached.similar_areas(*ask, scheme, area, TO_DATE)
    title = words("similar.title")
    if frame.empty:
        bare_card("similar", title, words("similar.nothing"))
        return
    compared = [column.removesuffix(DIFFERENCE) for column in frame if column.endswith(DIFFERENCE)]
    figures = cached.figures(*ask, tuple(compared), scheme, TO_DATE, "all")
    others = frame[frame["code"] != area]
    near = others[others["distance"].notna()].head(NEAREST)
    sentence = area_sentences.similar(list(near["label"]))
    names = methods.labels(reader.scope, reader.language)
    heads = [words("table.area"), words("table.distance"), *[names[code] for code in compared]]
    heads.append(words("table.lacking"))
    numbers = range(1, len(compared) + 2)
    shown = frame[frame["code"].isin([area, *near["code"]])]
    figure_card(
        reader,
        "similar",
        title=title,
        sentence=sentence,
        frame=frame,
        table=lambda: Table(heads, lines(frame, figures, scheme, names), numbers),
        method=Method(
            [
                words("similar.method", figures=", ".join(names[code] for code in compared)),
                words("similar.method_missing"),
                words("similar.method_needs"),
            ],
            sources_of(figures),
        ),
        draw=lambda: st.html(
            html_table(heads, lines(shown, figures, scheme, names), caption=sentence, numbers=numbers)
            + f'<p class="footnote">{escape(words("similar.note"))}</p>'
        ),
        demonstration=bool(figures["demonstration"].any()),
    )


def lines(frame: pd.DataFrame, figures: pd.DataFrame, scheme: str, names: dict[str, str]) -> list[list[str]]:
    """A row per area, the one compared with first: its profile, its distance, and of each figure the value
    and the difference."""
    cells = figures.set_index(["area", "indicator"])
    compared = [column.removesuffix(DIFFERENCE) for column in frame if column.endswith(DIFFERENCE)]
    rows = []
    for place, row in frame.iterrows():
        known = to_profile(row["label"], scheme, row["code"])
        far = "–" if pd.isna(row["distance"]) else number(row["distance"], 2)
        told = [
            amounts.cell(cells.loc[(row["code"], code)]) + difference(row[f"{code}{DIFFERENCE}"])
            for code in compared
        ]
        lacking = ", ".join(names[code] for code in row["missing"].split(", ") if code)
        itself = words("similar.itself", area=row["label"])
        rows.append([known if place else itself, far, *told, lacking or "–"])
    return rows


def difference(value: float) -> str:
    """How many standard deviations a figure differs: `` (−0,5)``; nothing for none."""
    if pd.isna(value) or value == 0:
        return ""
    return f" ({amounts.signed(lambda change: number(change, 1))(value)})"


def neighbours_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """The areas of the division that share a border with this one, with the size of the programme there."""
    beside = cached.neighbours(reader.scope, area, reader.day, reader.language)
    there = beside[beside["code"].isin(regional_choice.areas_of(reader, scheme))]
    mine = cached.areas(reader.scope, reader.language).set_index("code").loc[area]
    title = words("neighbours.title")
    if there.empty:
        bare_card("neighbours", title, words("neighbours.none", area=mine["label"]))
        return
    ask = (reader.scope, reader.release, reader.language)
    figures = cached.figures(*ask, SIZE, scheme, TO_DATE, "all")
    figures = figures[figures["area"].isin([area, *there["code"]])]
    codes = [code for code in SIZE if code in set(figures["indicator"])]
    cells = figures.set_index(["area", "indicator"])
    labels = methods.labels(reader.scope, reader.language)
    rows = [
        [to_profile(label, scheme, code), *[amounts.cell(cells.loc[(code, figure)]) for figure in codes]]
        for code, label in [(area, mine["label"]), *zip(there["code"], there["label"], strict=True)]
        if code in cells.index
    ]
    heads = [words("table.area"), *[labels[code] for code in codes]]
    sentence = words("neighbours.sentence", area=mine["label"], count=len(there))
    sentence += f" {listed(list(there['label']))}."
    figure_card(
        reader,
        "neighbours",
        title=title,
        sentence=sentence,
        frame=figures.drop(columns="detail"),
        table=Table(heads, rows, numbers=range(1, len(heads))),
        method=Method([words("neighbours.method")], sources_of(figures)),
        draw=lambda: st.html(html_table(heads, rows, caption=sentence, numbers=range(1, len(heads)))),
    )


def to_profile(label: str, scheme: str, area: str) -> Markup:
    """An area's label as the way to its profile; the open part goes along."""
    return Markup(onward.anchor("profile", label, scheme=scheme, area=area, part="beside"))
