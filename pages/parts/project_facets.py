"""Where projects stand among the OECD's innovation facets: how many, with which money, and which is where."""

from html import escape

import pandas as pd
import streamlit as st

from pages.frame.language import percent, words
from pages.parts import amounts, cached, onward, project_sentences
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.project_search import FACETS, NOTHING_ASKED, searchable
from pages.parts.tables import Cell, Markup, html_table
from pages.parts.view import PROGRAMME, View


def facets_card(reader: View, project: str | None = None) -> None:
    """How many projects are in each of the four facets; with ``project``, which of them is its own."""
    rows = searchable(reader.scope, reader.release, reader.language)
    placed = rows[rows["certainty"].notna() & rows["direction"].notna()]
    counts = facet_counts(reader)
    mine = None if project is None else facet_of(rows[rows["code"] == project].iloc[0])
    sentence = told(counts, mine, project is not None)
    table = Table(
        [words(f"table.{head}") for head in ("facet", "meaning", "projects", "eur_committed", "share")],
        [
            [
                words(f"facet.{each.code}"),
                words(f"facet.{each.code}_means"),
                opened(each),
                amounts.amount(each.eur_committed, "eur"),
                percent(each.share),
            ]
            for each in amounts.rows(counts)
        ],
        numbers=(2, 3, 4),
    )
    figure_card(
        reader,
        "facets",
        title=words("project.facets"),
        sentence=sentence,
        frame=counts if len(placed) else counts.iloc[:0],
        table=table,
        method=Method([words("project.method_facets")], sources_of(placed)),
        draw=lambda: st.html(square(counts, mine, sentence)),
        demonstration=bool(placed["demonstration"].any()),
    )


def facet_counts(reader: View) -> pd.DataFrame:
    """code, certainty, direction, projects, eur_committed, share of each of the four facets."""
    codes = pd.DataFrame(
        [(code, *place) for code, place in FACETS.items()], columns=["code", "certainty", "direction"]
    )
    found = cached.project_facets(reader.scope, reader.release, PROGRAMME)
    return codes.merge(found, how="left", on=["certainty", "direction"]).fillna(
        {"projects": 0, "eur_committed": 0.0, "share": 0.0}
    )


def facet_of(row: pd.Series) -> str | None:
    place = (row["certainty"], row["direction"])
    return next((code for code, its in FACETS.items() if its == place), None)


def told(counts: pd.DataFrame, mine: str | None, of_project: bool) -> str:
    if not of_project:
        names = [words(f"facet.{code}") for code in counts["code"]]
        return project_sentences.facets(int(counts["projects"].sum()), names, counts["share"].tolist())
    alike = int(counts.set_index("code")["projects"].get(mine, 0))
    name = None if mine is None else words(f"facet.{mine}")
    return project_sentences.facet(name, alike, int(counts["projects"].sum()))


def opened(row: amounts.Row) -> Markup:
    """A count that opens the list of what it counts."""
    wanted = {**NOTHING_ASKED, "facet": row.code, "project": ""}
    label = words("count.projects", count=int(row.projects))
    return Markup(onward.here(label, card="projects", **wanted))


def square(counts: pd.DataFrame, mine: str | None, caption: str) -> str:
    """The four facets as a table of two by two; a project's own is told by a sign and a word."""
    by_place = {(row.certainty, row.direction): row for row in amounts.rows(counts)}
    heads = [words("project.facet_axes"), words("facet.certain"), words("facet.uncertain")]
    rows: list[list[Cell]] = [
        [
            words(f"facet.{direction}"),
            *[cell(by_place[certainty, direction], mine) for certainty in ("certain", "uncertain")],
        ]
        for direction in ("directed", "undirected")
    ]
    return html_table(heads, rows, caption=caption)


def cell(row: amounts.Row, mine: str | None) -> Markup:
    money = f"{amounts.amount(row.eur_committed, 'eur')} ({percent(row.share)})"
    lines = [f"<b>{escape(words(f'facet.{row.code}'))}</b>", opened(row), escape(money)]
    if row.code == mine:
        lines.append(f"<b>● {escape(words('project.facet_here'))}</b>")
    return Markup("<br>".join(lines))
