"""The graph of organisations and projects, of what is filtered or around one organisation."""

from html import escape

import pandas as pd
import streamlit as st

from pages.charts.graph import graph_height, network_graph
from pages.frame.language import TO_DATE, alphabetical, day, words
from pages.parts import amounts, cached, filters, growing, listings, onward, sentences
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.listed import list_card
from pages.parts.view import PROGRAMME, View

Choices = cached.Choices


def graph(reader: View, choices: Choices) -> None:
    """Filters, the graph of what is left, and the view of one organisation."""
    choices = narrowed(reader, choices)
    asked = (reader.scope, reader.release, PROGRAMME, reader.language)
    counted = cached.partnerships_chosen(*asked, choices)
    if counted.empty:
        st.info(words("list.nothing"))
        return
    if choices.organisation:
        around(reader, choices, counted)
    graph_card(reader, choices, counted)


def narrowed(reader: View, choices: Choices) -> Choices:
    """The choices with area, type and organisation of the reader's choice."""
    with st.container(horizontal=True, key="choices_graph", vertical_alignment="bottom"):
        choices = listings.choose_scheme(reader, choices)
        areas = {"": words("graph.all_areas"), **listings.area_names(reader, choices)}
        area = filters.choose("area", areas, default="", label=words("table.area"))
        every = cached.organisations(reader.scope, reader.release, PROGRAMME, reader.language, choices)
        types = {code: words(f"organisation_type.{code}") for code in sorted(every["type"].unique())}
        kinds = {"all": words("graph.all_types"), **listings.ordered(types)}
        kind = filters.choose("type", kinds, default="all", label=words("table.type"))
        choices = choices._replace(area=area, kind=kind)
        return choices._replace(organisation=choose_organisation(reader, choices))


def choose_organisation(reader: View, choices: Choices) -> str:
    """The identity of the organisation whose own network is asked for; empty for none. Of more
    organisations than a select box should hold, those that the searched words fit."""
    rows = cached.organisations(reader.scope, reader.release, PROGRAMME, reader.language, choices)
    names = dict(zip(rows["identity"], rows["name"], strict=True))
    offered = names
    if len(names) > listings.FEW_ENOUGH:
        chosen = filters.current("organisation", {"": words("graph.no_organisation"), **names}, "")
        sought = st.text_input(words("graph.search"), key="search_organisation").casefold()
        offered = {code: name for code, name in names.items() if sought and sought in name.casefold()}
        offered = dict(list(offered.items())[: listings.FEW_ENOUGH])
        offered |= {chosen: names[chosen]} if chosen else {}
    options = {"": words("graph.no_organisation"), **listings.ordered(offered)}
    return filters.choose("organisation", options, default="", label=words("table.organisation"))


def around(reader: View, choices: Choices, counted: pd.DataFrame) -> None:
    """One organisation: its projects, and with whom it works in them."""
    rows = cached.organisations(reader.scope, reader.release, PROGRAMME, reader.language, choices)
    (name,) = rows.loc[rows["identity"] == choices.organisation, "name"]
    own = counted[counted["identity"] == choices.organisation]
    partners = rows[rows["identity"] != choices.organisation]
    sentence = sentences.around(name, own["project"].nunique(), len(partners))
    heads = [words(f"table.{head}") for head in ("project", "role", "dates", "counted", "source")]
    written = [
        [
            row.project_name,
            words(f"partner_role.{row.role}"),
            listings.span(row.starts, row.ends),
            listings.counted_as(row),
            row.source_title,
        ]
        for row in amounts.rows(own)
    ]
    list_card(reader, "own", name, sentence, own, heads, written)
    names = listings.names_of(reader, choices)["projects"]
    order = sorted(amounts.rows(partners), key=lambda row: (-len(row.projects), alphabetical(row.name)))
    heads = [words("table.organisation"), words("table.type"), words("graph.shared_projects")]
    written = [
        [
            listings.organisation_link(choices, row),
            words(f"organisation_type.{row.type}"),
            listings.joined(names, row.projects),
        ]
        for row in order[: listings.PAGE_OF]
    ]
    sentence = words("graph.partners", count=len(partners))
    flat = listings.flat(partners)
    list_card(reader, "partners", words("graph.partners_title"), sentence, flat, heads, written)


def graph_card(reader: View, choices: Choices, counted: pd.DataFrame) -> None:
    """The graph, where it can be read; else what to do. What a link means stands beside it."""
    nodes = cached.network_nodes(reader.scope, reader.release, PROGRAMME, reader.language, choices)
    kinds = nodes["kind"].value_counts()
    sentence = sentences.graph(
        int(kinds["organisation"]), int(kinds["project"]), len(counted), int(nodes["part"].max()) + 1
    )
    heads = [words(f"table.{head}") for head in ("organisation", "role", "project", "dates")]
    rows = [
        [
            row.organisation_name,
            words(f"partner_role.{row.role}"),
            row.project_name,
            listings.span(row.starts, row.ends),
        ]
        for row in amounts.rows(counted.head(listings.PAGE_OF))
    ]
    last = growing.last_day(choices.period) if choices.period != TO_DATE else reader.day
    meaning = words("graph.meaning", day=day(min(last, reader.day)))

    def draw() -> None:
        if nodes["x"].isna().any():
            st.info(words("graph.too_many", nodes=len(nodes), most=cached.MOST_NODES))
            kept = {"goal": choices.goal, "period": choices.period, "scheme": choices.scheme}
            st.html(
                onward.anchor("organisations", words("shared.title"), card="matrix", view="areas", **kept)
            )
            return
        names = {kind: words(f"graph.{kind}") for kind in ("organisation", "project")}
        option = network_graph(nodes, counted, names, reader.palette, selected=choices.organisation)
        st.echarts_chart(
            option, height=graph_height(nodes), theme=None, renderer="svg", alt=sentence, key="web"
        )
        st.html(f'<p class="footnote">{escape(meaning)}</p>')

    figure_card(
        reader,
        "graph",
        title=words("graph.title"),
        sentence=sentence,
        frame=counted,
        table=Table(heads, rows),
        method=Method([meaning, words("graph.method")], sources_of(counted)),
        draw=draw,
    )
    if nodes["x"].isna().any():
        listings.show(reader, choices, "distinct", "", "")
