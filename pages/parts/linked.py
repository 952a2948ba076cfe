"""What organisations hold together: areas that share them, areas that share none, and bridges."""

from html import escape

import pandas as pd
import streamlit as st

from pages.charts.palette import SHOWN
from pages.frame.language import words
from pages.parts import amounts, cached, filters, listings, sentences
from pages.parts.cards import Method, Table, figure_card, sentence_card, sources_of
from pages.parts.tables import heat_table, html_table
from pages.parts.view import PROGRAMME, View

Choices = cached.Choices
THINGS = ("projects", "areas", "goals")
TOLD = 5
"""Bridges told as sentences; all are in the table."""


def between_areas(reader: View, choices: Choices) -> None:
    """The matrix of areas, and the areas without a partner outside."""
    with st.container(horizontal=True, key="choices_scheme"):
        choices = listings.choose_scheme(reader, choices)
    counted = cached.partnerships_chosen(reader.scope, reader.release, PROGRAMME, reader.language, choices)
    shared = cached.shared_areas(reader.scope, reader.release, PROGRAMME, reader.language, choices)
    names = listings.area_names(reader, choices)
    shared = shared.reindex(index=list(names), columns=list(names), fill_value=0)
    matrix_card(reader, choices, shared, names, counted)
    alone_card(reader, choices, shared, names, counted)


def matrix_card(
    reader: View, choices: Choices, shared: pd.DataFrame, names: dict[str, str], counted: pd.DataFrame
) -> None:
    """Area × area: how many distinct organisations work in both."""
    rows = pairs_of(shared)
    short = cached.areas(reader.scope, reader.language).set_index("code")["tile_label"]
    heads = [(short.get(code) or names[code], names[code]) for code in shared]
    largest = max([*rows["value"], 1])

    def cells(code: str) -> list[tuple[str, float]]:
        return [
            (cell_of(choices, code, other, count), 0 if code == other else count / largest)
            for other, count in shared.loc[code].items()
        ]

    sentence = sentences.shared(rows, names)
    method = Method([words("shared.method"), words("shared.recounted")], sources_of(counted))
    invented = bool(counted["demonstration"].any())
    if rows.empty:
        sentence_card(reader, "matrix", words("shared.title"), sentence, method, invented)
        return
    pairs = [
        [names[row.area], names[row.other], cell_of(choices, row.area, row.other, row.value)]
        for row in amounts.rows(rows)
    ]
    figure_card(
        reader,
        "matrix",
        title=words("shared.title"),
        sentence=sentence,
        frame=rows.assign(area_name=rows["area"].map(names), other_name=rows["other"].map(names)),
        table=Table([words("table.area"), words("shared.other"), words("shared.both")], pairs, numbers=(2,)),
        method=method,
        draw=lambda: st.html(
            heat_table(heads, [(names[code], cells(code)) for code in shared], caption=sentence)
            + left_out(reader, choices)
        ),
        demonstration=invented,
    )


def left_out(reader: View, choices: Choices) -> str:
    """The areas that are not in the matrix, by their kind of nothing."""
    rows = listings.areas_of(reader, choices)
    kinds = rows[~rows["state"].isin(SHOWN)].groupby("state", sort=False)["area_name"]
    lines = [f"{amounts.nothing(state)}: {', '.join(names)}" for state, names in kinds]
    return "".join(f'<p class="footnote">{escape(line)}</p>' for line in lines)


def pairs_of(shared: pd.DataFrame) -> pd.DataFrame:
    """The pairs of areas that share organisations, most first: area, other, value."""
    codes = list(shared)
    found = [
        (one, other, int(shared.loc[one, other]))
        for i, one in enumerate(codes)
        for other in codes[i + 1 :]
        if shared.loc[one, other]
    ]
    frame = pd.DataFrame(found, columns=["area", "other", "value"])
    return frame.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def cell_of(choices: Choices, code: str, other: str, count: int) -> str:
    """A count of the matrix as the link to its list; the diagonal opens the area's own."""
    if code == other:
        return listings.count_link(choices, count, "area", code)
    first, second = sorted((code, other), key=lambda each: (len(each), each))
    return listings.count_link(choices, count, "areas", f"{first}.{second}")


def alone_card(
    reader: View, choices: Choices, shared: pd.DataFrame, names: dict[str, str], counted: pd.DataFrame
) -> None:
    """Areas none of whose organisations works in another area, and areas without any organisation."""
    own = {code: int(shared.loc[code, code]) for code in shared}
    lonely = cached.lonely_areas(reader.scope, reader.release, PROGRAMME, reader.language, choices)
    alone = [code for code in shared if code in lonely]
    without = [code for code in shared if not own[code]]
    frame = pd.DataFrame(
        {
            "area": [*alone, *without],
            "area_name": [names[code] for code in (*alone, *without)],
            "value": [own[code] for code in (*alone, *without)],
        }
    )
    sentence = sentences.alone([names[code] for code in alone], [names[code] for code in without])
    method = Method([words("alone.method")], sources_of(counted))
    invented = bool(counted["demonstration"].any())
    if frame.empty:
        sentence_card(reader, "alone", words("alone.title"), sentence, method, invented)
        return
    heads = [words("table.area"), words("bridge.distinct")]
    rows = [
        [row.area_name, listings.count_link(choices, row.value, "area", row.area)]
        for row in amounts.rows(frame)
    ]
    figure_card(
        reader,
        "alone",
        title=words("alone.title"),
        sentence=sentence,
        frame=frame,
        table=Table(heads, rows, numbers=(1,)),
        method=method,
        draw=lambda: st.html(html_table(heads, rows, caption=sentence, numbers=(1,))),
        demonstration=invented,
    )


def bridges(reader: View, choices: Choices) -> None:
    """Organisations without which projects, areas or goals lose contact: sentences, then the table."""
    with st.container(horizontal=True, key="choices_things", vertical_alignment="bottom"):
        options = {code: words(f"apart.{code}") for code in THINGS}
        things = filters.choose(
            "things", options, default="projects", label=words("apart.label"), look="buttons"
        )
        if things == "areas":
            choices = listings.choose_scheme(reader, choices)
    counted = cached.partnerships_chosen(reader.scope, reader.release, PROGRAMME, reader.language, choices)
    frame = cached.bridges(reader.scope, reader.release, PROGRAMME, reader.language, choices, things)
    names = listings.names_of(reader, choices)[things]
    title, sentence = words(f"apart.title_{things}"), sentences.bridges(len(frame), things)
    method = Method([words("apart.method"), words(f"apart.method_{things}")], sources_of(counted))
    invented = bool(counted["demonstration"].any())
    if frame.empty:
        sentence_card(reader, "apart", title, sentence, method, invented)
        return
    heads = [words(f"table.{head}") for head in ("organisation", "type")]
    heads += [words(f"apart.{head}") for head in ("falls_off", "from", "pairs")]
    first = listings.page_of(len(frame)) * listings.PAGE_OF
    shown = list(amounts.rows(frame.iloc[first : first + listings.PAGE_OF]))
    rows = [
        [
            listings.organisation_link(choices, row),
            words(f"organisation_type.{row.type}"),
            " | ".join(fallen(row, names)),
            remaining(row, names),
            amounts.amount(row.pairs, "organisations"),
        ]
        for row in shown
    ]

    def draw() -> None:
        told = [
            sentences.falls_apart(row.name, fallen(row, names), remaining(row, names)) for row in shown[:TOLD]
        ]
        st.html("<ul class='facts'>" + "".join(f"<li>{escape(line)}</li>" for line in told) + "</ul>")
        st.html(html_table(heads, rows, caption=sentence, numbers=(4,)))

    figure_card(
        reader,
        "apart",
        title=title,
        sentence=sentence,
        frame=frame.assign(
            parts=[" | ".join(fallen(row, names)) for row in amounts.rows(frame)],
            beside=[listings.joined(names, beside) for beside in frame["beside"]],
        ),
        table=Table(heads, rows, numbers=(4,)),
        method=method,
        draw=draw,
        demonstration=invented,
    )


def fallen(row: amounts.Row, names: dict[str, str]) -> list[str]:
    """The parts that fall off, by the names of what is in them."""
    return [listings.joined(names, part) for part in row.parts]


def remaining(row: amounts.Row, names: dict[str, str]) -> str:
    """What the largest part is: the organisation's own things in it, and how many others."""
    others = row.largest - len(row.beside)
    told = listings.joined(names, row.beside)
    return f"{told} {words('apart.others', count=others)}" if others else told
