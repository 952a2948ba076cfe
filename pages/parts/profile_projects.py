"""One area's projects and organisations as lists: those that act there and those led from there."""

import pandas as pd

from pages.charts.palette import SHOWN
from pages.frame.language import alphabetical, day, period_label, words
from pages.parts import amounts, area_sentences, cached, listed, onward, sentences
from pages.parts.cards import bare_card
from pages.parts.profiled import about_area, key_figures
from pages.parts.tables import Markup
from pages.parts.view import View

HERE = ("project", "project_state", "dates", "goals", "home_area", "funding_area", "source")


def acting(reader: View, programme: str, area: str) -> pd.DataFrame:
    """The projects that act in the area and have begun, those withdrawn left out: what the figures count."""
    rows = cached.area_projects(reader.scope, reader.release, programme, reader.language, area)
    return rows[(rows["acts"] == "inside") & rows["counted"]].reset_index(drop=True)


def place_of(reader: View, area: str) -> str:
    """The area as a sentence begins with it: ``Keski-Suomessa``."""
    return sentences.capitalised(about_area(reader, area)["inside"])


def here_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """The projects that act in the area; those whose lead has its home elsewhere are marked."""
    rows = acting(reader, programme, area)
    every = cached.area_projects(reader.scope, reader.release, programme, reader.language, area)
    elsewhere = int((rows["home"] == "elsewhere").sum())
    told = [words("here.sentence", place=place_of(reader, area), count=len(rows))]
    if elsewhere:
        told.append(words("here.elsewhere", count=elsewhere))
    if wider := int(((every["acts"] == "partly") & every["counted"]).sum()):
        told.append(words("here.wider", count=wider))
    project_list(reader, scheme, area, "here", words("here.title"), " ".join(told), rows)


def led_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """The projects whose lead has its home in the area and which act elsewhere, there as well or only."""
    every = cached.area_projects(reader.scope, reader.release, programme, reader.language, area)
    rows = every[(every["home"] == "here") & every["beyond"] & every["counted"]].reset_index(drop=True)
    sentence = words("led.sentence" if len(rows) else "led.none", count=len(rows))
    project_list(
        reader,
        scheme,
        area,
        "led",
        words("led.title"),
        sentence,
        rows,
        ("project", "project_state", "dates", "areas", "goals", "source"),
    )


def ending_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """What ends within a year of the release's last day."""
    rows = acting(reader, programme, area).query("ends_soon").sort_values("ends", ignore_index=True)
    sentence = words("ending.sentence" if len(rows) else "ending.none", day=day(reader.day), count=len(rows))
    project_list(
        reader,
        scheme,
        area,
        "ending",
        words("ending.title"),
        sentence,
        rows,
        ("project", "ends", "goals", "lead", "source"),
    )


def project_list(
    reader: View,
    scheme: str,
    area: str,
    key: str,
    title: str,
    sentence: str,
    rows: pd.DataFrame,
    heads: tuple[str, ...] = HERE,
) -> None:
    """Projects as a card."""
    cells = [[project_cell(row, head) for head in heads] for row in amounts.rows(rows)]
    card(reader, scheme, area, key, title, sentence, rows, heads, cells)


def card(
    reader: View,
    scheme: str,
    area: str,
    key: str,
    title: str,
    sentence: str,
    frame: pd.DataFrame,
    heads: tuple[str, ...],
    rows: list[list[str]],
) -> None:
    """A list as a card. An empty one has only its sentence; where it is not known how many projects act in
    the area, why it is not."""
    if rows:
        told = [words(f"table.{head}") for head in heads]
        listed.list_card(reader, key, title, sentence, frame, told, rows)
        return
    figures = key_figures(reader, scheme, area)
    known = figures.loc[figures["indicator"] == "projects", "state"].isin(SHOWN).any()
    why = area_sentences.profile(figures, about_area(reader, area)["inside"])
    bare_card(key, title, sentence if known else why)


def project_cell(row: amounts.Row, head: str) -> str:
    """One cell of a list of projects."""
    if head == "project":
        return Markup(onward.anchor("projects", row.name, project=row.code))
    if head == "project_state":
        return words(f"project_state.{row.state}")
    if head == "dates":
        return f"{day(row.starts)}–{'' if pd.isna(row.ends) else day(row.ends)}"
    if head == "ends":
        return day(row.ends)
    if head == "source":
        return row.source_title
    if head == "home_area":
        home = row.home_area if isinstance(row.home_area, str) else "–"
        return f"→ {home} ({words('here.from_elsewhere')})" if row.home == "elsewhere" else home
    found = getattr(row, head)
    return found if isinstance(found, str) else "–"


def reports_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """Which of the projects that act in the area have reported for the latest half-year that was due."""
    period = cached.latest_due(reader.scope, reader.release)
    title = words("area_reports.title", period=period_label(period))
    ask = (reader.scope, reader.release, reader.language, programme, period)
    every = cached.reports(*ask)
    rows = every[every["project"].isin(acting(reader, programme, area)["code"])]
    rows = rows.assign(came=rows["reported_on"].notna()).sort_values("came", kind="stable", ignore_index=True)
    missing = int((~rows["came"]).sum())
    sentence = words("area_reports.sentence", count=len(rows), missing=missing, period=period_label(period))
    cells = [
        [
            Markup(onward.anchor("projects", row.project_name, project=row.project)),
            listed.report_of(row),
            row.missing.upper() or "–",
            row.source_title,
        ]
        for row in amounts.rows(rows)
    ]
    heads = ("project", "reported_on", "missing", "source")
    card(reader, scheme, area, "area_reports", title, sentence, rows, heads, cells)


def organisations_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """The organisations of the projects that act in the area, each once, by type."""
    codes = acting(reader, programme, area)["code"]
    every = cached.partnerships(reader.scope, reader.release, programme, reader.language, reader.day)
    mine = every[every["project"].isin(codes)].reset_index(drop=True)
    rows = [
        [
            "; ".join(dict.fromkeys(each["organisation_name"])),
            words(f"organisation_type.{each['type'].iloc[0]}"),
            ", ".join(dict.fromkeys(words(f"partner_role.{role}") for role in each["role"])),
            "; ".join(dict.fromkeys(each["project_name"])),
            "; ".join(dict.fromkeys(each["source_title"])),
        ]
        for _, each in mine.groupby("identity")
    ]
    rows.sort(key=lambda row: (alphabetical(row[1]), alphabetical(row[0])))
    types = pd.Series([row[1] for row in rows], dtype=object).value_counts()
    sentence = sentences.breakdown(types.rename_axis("label").reset_index(name="value"), "type")
    title = words("organisations_here.title")
    heads = ("organisation", "type", "role", "projects", "source")
    card(reader, scheme, area, "organisations_here", title, sentence, mine, heads, rows)


def calls_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """Which calls could be applied to from the area: when, from which authority, with what caveat."""
    calls = cached.area_calls(reader.scope, programme, area, reader.language)
    title = words("calls_here.title")
    if calls.empty:
        bare_card("calls_here", title, words("calls_here.none"))
        return
    heads = [
        words(f"table.{head}")
        for head in ("call", "opens", "closes", "authority", "was_open", "caveat", "source")
    ]
    rows = [
        [
            row.name,
            day(row.opens),
            day(row.closes),
            row.authority,
            words("calls_here.open" if row.covered else "calls_here.shut"),
            row.caveat if isinstance(row.caveat, str) else "–",
            row.source_title,
        ]
        for row in amounts.rows(calls)
    ]
    covered = set(calls.loc[calls["covered"].astype(bool), "code"])
    place = place_of(reader, area)
    sentence = words("calls_here.sentence", place=place, covered=len(covered), calls=calls["code"].nunique())
    listed.list_card(reader, "calls_here", title, sentence, calls, heads, rows, demonstration=False)
