"""One project over time: who has worked in it, and which reports have come."""

import pandas as pd

from pages.charts.timelines import timeline
from pages.frame.language import day, period_label, words
from pages.parts import amounts, cached, methods, project_sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.listed import list_card
from pages.parts.project_card import of_register
from pages.parts.view import View

SIGNS = {"came": "✓", "missing": "!", "not_yet_due": "…", "not_applicable": "×"}


def partners_card(reader: View, code: str) -> None:
    """The organisations of a project and their roles, from when to when."""
    rows = cached.project_partners(reader.scope, reader.release, code, reader.language)
    there = rows[(rows["starts"] <= reader.day) & ~ended(rows["ends"], reader)]
    leads = rows.loc[rows["role"] == "lead", "organisation_name"]
    sentence = project_sentences.partners(
        rows["identity"].nunique(), there["identity"].nunique(), leads.iloc[0] if len(leads) else None
    )
    table = Table(
        [words(f"table.{head}") for head in ("organisation", "type", "role", "dates", "source")],
        [
            [
                row.organisation_name,
                words(f"organisation_type.{row.type}"),
                words(f"partner_role.{row.role}"),
                f"{day(row.starts)}–{day(row.ends) if row.ends is not None else ''}",
                row.source_title,
            ]
            for row in amounts.rows(rows)
        ],
    )
    figure_card(
        reader,
        "project_partners",
        title=words("project.partners_title"),
        sentence=sentence,
        frame=rows,
        table=table,
        method=Method([words("project.method_partners")], sources_of(rows)),
        draw=lambda: draw_partners(reader, rows, of_register(reader, code), sentence),
    )


def ended(ends: pd.Series, reader: View) -> pd.Series:
    return ends.map(lambda end: end is not None and end < reader.day)


def draw_partners(reader: View, rows: pd.DataFrame, project: pd.Series, sentence: str) -> None:
    roles = {role: words(f"partner_role.{role}") for role in rows["role"].unique()}
    figure = timeline(
        rows.assign(
            code=rows["organisation"],
            label=rows["organisation_name"],
            kind=rows["role"],
            role=rows["role"].map(roles),
        ),
        until=reader.day,
        ends=project["ends"] or reader.day,
        palette=reader.palette,
        day=day,
    )
    plot(figure, "project_partners", sentence)


def reports_card(reader: View, code: str) -> None:
    """The half-year reports of a project: come, missing, not yet due."""
    project = of_register(reader, code)
    rows = cached.project_reports(reader.scope, reader.release, code)
    rows = rows.assign(demonstration=project["demonstration"], source_title=project["source_title"])
    labels = methods.labels(reader.scope, reader.language)
    due = rows[rows["state"].isin(("came", "missing"))]
    late = due[due["state"] == "missing"]
    sentence = project_sentences.reports(
        len(due) - len(late), len(due), [period_label(period) for period in late["period"]]
    )
    list_card(
        reader,
        "project_reports",
        words("project.reports_title"),
        sentence,
        rows,
        [words(f"table.{head}") for head in ("period", "due_on", "report", "reported_on", "missing")],
        [
            [
                period_label(row.period),
                day(row.due_on),
                f"{SIGNS[row.state]} {words(f'project.report_{row.state}')}",
                day(None if pd.isna(row.reported_on) else row.reported_on),
                lacking(row, labels),
            ]
            for row in amounts.rows(rows)
        ],
    )


def lacking(row: amounts.Row, labels: dict[str, str]) -> str:
    """The indicators that a report which has come does not tell."""
    if row.state != "came" or not row.missing:
        return "–"
    return ", ".join(labels[code] for code in row.missing.split(", "))
