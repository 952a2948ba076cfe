"""Organisations broken down by type, role, goal, area, reach and size of project, one at a time."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.charts.palette import SHOWN
from pages.frame.language import period_label, words
from pages.parts import amounts, cached, filters, listings, sentences
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.clocks import bar
from pages.parts.tables import Markup, html_table
from pages.parts.view import PROGRAMME, View

Choices = cached.Choices
REACHES = ("several_projects", "several_areas", "several_goals")


def breakdown(reader: View, choices: Choices, figures: pd.DataFrame) -> None:
    """The breakdown that the reader chooses; ``figures``: the country's, SI6 first."""
    with st.container(horizontal=True, key="choices_by", vertical_alignment="bottom"):
        names = {code: words(f"by.{code}") for code in FRAMES}
        by = filters.choose("by", names, default="type", label=words("by.label"), look="buttons")
        if by in ("area", "several"):
            choices = listings.choose_scheme(reader, choices)
    breakdown_card(reader, choices, figures, by)


def breakdown_card(reader: View, choices: Choices, figures: pd.DataFrame, by: str) -> None:
    """How many organisations there are of each kind (for ``size``: how many projects), with their lists."""
    frame = FRAMES[by](reader, choices, figures)
    sentence = sentences.breakdown(frame, by)
    eligible = "eligible" in frame
    heads = [words(f"by.{by}"), words("table.project_count" if by == "size" else "bridge.distinct")]
    heads += [words("bridge.eligible")] if eligible else []
    rows = []
    for row in amounts.rows(frame):
        counts = [count_of(choices, row, "value", row.list)]
        counts += [count_of(choices, row, "eligible", row.list_eligible)] if eligible else []
        rows.append([row.label, *counts])
    longest = max([*frame["value"].fillna(0), 1])
    barred = [
        [row[0], Markup(bar(amount / longest, reader.palette["accent"], None) + row[1]), *row[2:]]
        for row, amount in zip(rows, frame["value"].fillna(0), strict=True)
    ]
    numbers = (1, 2) if eligible else (1,)
    figure_card(
        reader,
        "breakdown",
        title=words(f"by.title_{by}", period=period_label(choices.period)),
        sentence=sentence,
        frame=frame[[name for name in frame if name not in ("list", "list_eligible", "of", "within")]],
        table=Table(heads, rows, numbers),
        method=Method([words(f"by.method_{by}")], sources_of(figures)),
        draw=lambda: st.html(html_table(heads, barred, caption=sentence, numbers=numbers[1:])),
        demonstration=bool(figures["demonstration"].iloc[0]),
    )


def count_of(choices: Choices, row: amounts.Row, column: str, which: str) -> str:
    """A count as the link to its list, or its kind of nothing."""
    if row.state not in SHOWN:
        return amounts.nothing(row.state)
    return listings.count_link(choices, getattr(row, column), which, row.of, **row.within)


def rows_of(rows: list[tuple[str, str, float]], which: str) -> pd.DataFrame:
    """A breakdown whose rows are opened by one list and their code: code, label, value."""
    frame = pd.DataFrame(rows, columns=["code", "label", "value"]).astype({"value": "float64"})
    return frame.assign(state="value", list=which, of=frame["code"], within=[{}] * len(frame))


def by_type(reader: View, choices: Choices, figures: pd.DataFrame) -> pd.DataFrame:
    """By the type of the organisation, as the figure has it; the commonest first."""
    types = (figures["detail"].iloc[0] or {"types": {}})["types"]
    codes = sorted((code for code in types if types[code]), key=lambda code: (-types[code], code))
    return rows_of([(code, words(f"organisation_type.{code}"), types[code]) for code in codes], "type")


def by_role(reader: View, choices: Choices, figures: pd.DataFrame) -> pd.DataFrame:
    """By role: an organisation with two roles counts in both."""
    roles = listings.organisations(reader, choices)["roles"].explode().value_counts()
    codes = sorted(roles.index, key=lambda code: (-roles[code], code))
    return rows_of([(code, words(f"partner_role.{code}"), float(roles[code])) for code in codes], "role")


def by_goal(reader: View, choices: Choices, figures: pd.DataFrame) -> pd.DataFrame:
    """The figures of each goal: SI6 and EECO18."""
    goals = cached.goals(reader.scope, PROGRAMME, reader.language).set_index("code")["short"]
    asked = (reader.scope, reader.release, reader.language, ("si6", "eeco18"), "country")
    rows = cached.figures(*asked, choices.period, tuple(goals.index))
    rows = rows.assign(label=rows["goal"].map(goals), code=rows["goal"])
    return of_figures(rows, "distinct", "eligible", lambda code: {"goal": code}).assign(of="")


def by_area(reader: View, choices: Choices, figures: pd.DataFrame) -> pd.DataFrame:
    """The figures of each area of the scheme: SI6 and EECO18."""
    asked = (reader.scope, reader.release, reader.language, ("si6", "eeco18"))
    rows = cached.figures(*asked, choices.scheme, choices.period, choices.goal)
    rows = rows.assign(label=rows["area_label"], code=rows["area"])
    return of_figures(rows, "area", "area_eligible", lambda code: {"scheme": choices.scheme})


def of_figures(
    rows: pd.DataFrame, which: str, eligible: str, within: Callable[[str], dict[str, str]]
) -> pd.DataFrame:
    """Figures of SI6 with those of EECO18 beside them: code, label, value, eligible, state."""
    si6, eeco18 = (rows[rows["indicator"] == code].set_index("code") for code in ("si6", "eeco18"))
    frame = si6[["label", "value", "state"]].assign(eligible=eeco18["value"]).reset_index()
    told = [within(code) for code in frame["code"]]
    return frame.assign(list=which, list_eligible=eligible, of=frame["code"], within=told)


def by_reach(reader: View, choices: Choices, figures: pd.DataFrame) -> pd.DataFrame:
    """In two or more projects, areas of the scheme, or goals."""
    rows = listings.organisations(reader, choices)
    found = [
        (code, words(f"list.{code}"), float(listings.ORGANISATIONS[code](rows, "").sum())) for code in REACHES
    ]
    frame = rows_of(found, "")
    within = [{"scheme": choices.scheme}] * len(frame)
    return frame.assign(list=frame["code"], of="", within=within)


def by_size(reader: View, choices: Choices, figures: pd.DataFrame) -> pd.DataFrame:
    """How many projects have how many organisations, the largest first."""
    asked = (reader.scope, reader.release, PROGRAMME, reader.language, choices)
    sizes = cached.project_sizes(*asked)["organisations"].value_counts().sort_index(ascending=False)
    found = [
        (str(size), amounts.counted(size, "organisations"), float(count)) for size, count in sizes.items()
    ]
    return rows_of(found, "size")


FRAMES: dict[str, Callable[[View, Choices, pd.DataFrame], pd.DataFrame]] = {
    "type": by_type,
    "role": by_role,
    "goal": by_goal,
    "area": by_area,
    "several": by_reach,
    "size": by_size,
}
