"""What an indicator is: its definition, who has reported it, and how its targets were decided."""

from html import escape

import pandas as pd
import streamlit as st

from pages.frame.language import day, period_label, words
from pages.parts import amounts, cached
from pages.parts.cards import Method, Table, figure_card, footnote, sources_of
from pages.parts.listed import list_card
from pages.parts.tables import html_table
from pages.parts.view import View

TARGET_HEADS = ("goal", "target_kind", "value", "due", "set_on", "until", "set_by", "reason")


def definition_card(reader: View, about: pd.Series) -> None:
    """Definition, unit, scale, direction, aggregation, assessor and caution of an indicator."""
    rows = [
        ("definition", about["definition"]),
        ("unit", words(f"unit.{about['unit']}")),
        ("direction", words(f"direction.{about['direction']}")),
        ("aggregation", words(f"aggregation.{about['aggregation']}")),
        ("time_kind", words(f"time_kind.{about['time_kind']}")),
    ]
    if pd.notna(about["scale_high"]):
        scale = words("method.scale", low=int(about["scale_low"]), high=int(about["scale_high"]))
        rows.insert(2, ("scale", scale))
    rows += [(name, about[name]) for name in ("assessor", "caution") if isinstance(about[name], str)]
    with st.container(border=True, key="card_definition"):
        title = words("indicator.definition")
        st.html(f"<h2 class='card-title'>{escape(title)}</h2>")
        items = "".join(
            f"<div><dt>{escape(words(f'table.{name}'))}</dt><dd>{escape(text)}</dd></div>"
            for name, text in rows
        )
        st.html(f'<dl class="definition">{items}</dl>')
        st.html(footnote(reader, [about["source_title"]]))


def coverage_card(reader: View, about: pd.Series, goal: str) -> None:
    """Which of the awaited projects have reported the indicator for the latest half-year that was due."""
    code = str(about.name)
    period = cached.latest_period(reader.scope, reader.release, code)
    ask = (reader.scope, reader.release, reader.language)
    figure = cached.figures(*ask, code, "country", period, goal)
    if period is None or figure["expected"].isna().all():
        st.info(words("indicator.not_reported_by_projects"))
        return
    rows = cached.reports(*ask, about["programme"], period)
    rows = rows[[goal in ("all", *goals.split(", ")) for goals in rows["goals"]]]
    came = [code not in missing.split(", ") for missing in rows["missing"]]
    rows = rows.assign(came=came).sort_values("came", kind="stable", ignore_index=True)
    row = figure.iloc[0]
    sentence = words(
        "indicator.coverage_sentence",
        count=int(row["expected"]),
        reported=int(row["reported"]),
        period=period_label(period),
        newest=day(row["newest"]),
    )
    list_card(
        reader,
        "coverage",
        words("indicator.coverage", period=period_label(period)),
        sentence,
        rows,
        [words(f"table.{head}") for head in ("project", "reported_on", "reported", "source")],
        [
            [
                each.project_name,
                day(None if pd.isna(each.reported_on) else each.reported_on),
                words("indicator.came" if each.came else "indicator.missing"),
                each.source_title,
            ]
            for each in amounts.rows(rows)
        ],
    )


def targets_card(reader: View, about: pd.Series, goal: str) -> None:
    """The indicator's targets for a goal (all of them without one) as they were decided: dated rows, the
    moved ones with the day on which another took their place."""
    history = cached.target_history(reader.scope, str(about.name), reader.day, reader.language)
    history = history[(history["goal"] == goal) | (goal == "all")]
    if history.empty:
        st.info(words("indicator.no_targets"))
        return
    goals = (
        cached.goals(reader.scope, about["programme"], reader.language).set_index("code")["short"].to_dict()
    )
    goals["all"] = words("goals.programme")
    rows = [
        [
            goals[row.goal],
            words(f"target_kind.{row.kind}"),
            amounts.amount(row.value, about["unit"], int(about["decimals"])),
            day(row.due),
            day(row.set_on),
            day(None if pd.isna(row.until) else row.until),
            row.set_by,
            row.reason,
        ]
        for row in amounts.rows(history)
    ]
    replaced = int(history["until"].notna().sum())
    sentence = words("indicator.targets_sentence", count=len(history))
    if replaced:
        sentence += " " + words("indicator.replaced", count=replaced)
    heads = [words(f"table.{head}") for head in TARGET_HEADS]
    figure_card(
        reader,
        "targets",
        title=words("indicator.targets"),
        sentence=sentence,
        frame=history,
        table=Table(heads, rows, numbers=(2,)),
        method=Method([words("about.targets_text")], sources_of(history)),
        draw=lambda: st.html(html_table(heads, rows, caption=sentence, numbers=(2,))),
    )
