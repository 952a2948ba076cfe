"""One area at a glance: the finding, who answers for it, its key figures, its goals, its divisions."""

from html import escape

import pandas as pd
import streamlit as st

from pages.charts.palette import goal_colour
from pages.frame.language import TO_DATE, day, period_label, words
from pages.parts import amounts, area_sentences, cached, methods, onward, regional, regional_choice
from pages.parts.cards import Method, Table, figure_card, sources_of
from pages.parts.tables import Markup, html_table
from pages.parts.view import View

KEY_FIGURES = ("projects", "si6", "eeco18", "eur_planned", "eur_committed", "eur_paid", "people")
OPENS = {"projects": "here", "si6": "organisations_here", "eeco18": "organisations_here"}
"""Key figures whose list stands on the page itself, and the card that holds it; others open the map."""


def head(reader: View, programme: str, scheme: str, area: str) -> None:
    """The area's name, what it comes to in a sentence, who answers for it, and ways on."""
    about = about_area(reader, area)
    sentence = area_sentences.profile(key_figures(reader, scheme, area), about["inside"])
    ways = [onward.anchor("regions", words("profile.to_compare"), scheme=scheme, area=area)]
    own = regional_choice.own_area(reader, scheme)
    if own not in ("", area):
        name = regional_choice.areas_of(reader, scheme)[own]
        ways.append(onward.anchor("profile", words("profile.to_own", name=name), scheme=scheme, area=own))
    lines, links = (
        "".join(f"<li>{each}</li>" for each in some)
        for some in (regional.answering_lines(reader, area), ways)
    )
    st.html(
        f"<h2 class='area'>{escape(about['label'])}</h2><p class='lead'>{escape(sentence)}</p>"
        f"<ul class='ways quiet'>{lines}</ul><ul class='ways'>{links}</ul>"
    )


def about_area(reader: View, area: str) -> pd.Series:
    """What the area is: label, inside …"""
    return cached.areas(reader.scope, reader.language).set_index("code").loc[area]


def key_figures(reader: View, scheme: str, area: str) -> pd.DataFrame:
    """The key figures of an area to date, for all goals."""
    ask = (reader.scope, reader.release, reader.language)
    rows = cached.figures(*ask, KEY_FIGURES, scheme, TO_DATE, "all", area)
    return rows.sort_values("indicator", key=lambda codes: codes.map(KEY_FIGURES.index), ignore_index=True)


def in_country(reader: View, rows: pd.DataFrame) -> pd.DataFrame:
    """The country's figures for the indicators, periods and goals of an area's figures."""
    asked = (tuple(dict.fromkeys(rows[name])) for name in ("indicator", "period", "goal"))
    indicators, periods, goals = asked
    ask = (reader.scope, reader.release, reader.language)
    return cached.figures(*ask, indicators, "country", periods, goals)


def with_country(rows: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """An area's figures, each with the country's of the same indicator, period and goal as ``country``: a
    row of ``amounts``, None where there is none."""
    found = {(row.indicator, row.period, row.goal): row for row in amounts.rows(whole)}
    return rows.assign(
        country=[found.get((row.indicator, row.period, row.goal)) for row in amounts.rows(rows)]
    )


def country_cell(row: amounts.Row) -> str:
    """The country's value beside an area's; a dash where the release has none."""
    return "–" if row.country is None else amounts.cell(row.country)


def verdict_cell(row: amounts.Row) -> str:
    return words(f"verdict.{row.verdict}") if isinstance(row.verdict, str) else "–"


def key_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """Projects, organisations, euros and people of the area to date, beside the country's."""
    mine = key_figures(reader, scheme, area)
    whole = in_country(reader, mine)
    frame = with_country(mine, whole)
    both = pd.concat([mine, whole], ignore_index=True)
    names = methods.labels(reader.scope, reader.language)
    heads = [words(f"table.{head}") for head in ("indicator", "value", "country", "reported")]
    rows = [
        [names[row.indicator], amounts.cell(row), country_cell(row), amounts.reported(row)]
        for row in amounts.rows(frame)
    ]
    about = cached.indicators(reader.scope, reader.language).set_index("code").loc[list(frame["indicator"])]
    method = [f"**{row['name']}** – {row['definition']}" for _, row in about.iterrows()]
    figure_card(
        reader,
        "key_figures",
        title=words("profile.key"),
        sentence=area_sentences.beside_country(frame, names),
        frame=both.drop(columns="detail"),
        table=Table(heads, rows, numbers=(1, 2, 3)),
        method=Method([words("profile.key_method"), *method], sources_of(both)),
        draw=lambda: st.html(tiles(reader, frame, names, scheme, area)),
    )


def tiles(reader: View, frame: pd.DataFrame, names: dict[str, str], scheme: str, area: str) -> str:
    """The key figures as a list of numbers; each name opens what is counted."""
    items = ""
    for row in amounts.rows(frame):
        place = {"scheme": scheme, "area": area}
        if row.indicator in OPENS:
            way = onward.anchor(
                "profile", names[row.indicator], OPENS[row.indicator], part="projects", **place
            )
        else:
            choices = {"indicator": row.indicator, "goal": "all", "period": TO_DATE, **place}
            way = onward.anchor("regions", names[row.indicator], **choices)
        beside = words("profile.in_country", value=country_cell(row))
        size = "" if amounts.is_shown(row) else ' class="nothing"'
        items += (
            f"<div><dt>{way}</dt><dd><b{size}>{escape(amounts.cell(row))}</b></dd>"
            f"<dd>{escape(beside)}</dd></div>"
        )
    return f'<dl class="counts">{items}</dl>'


def goals_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """How many projects serve each goal in the area, how its lead indicator stands there, white spots."""
    goals = cached.goals(reader.scope, programme, reader.language).set_index("code")
    ask = (reader.scope, reader.release, reader.language)
    projects = cached.figures(*ask, "projects", scheme, TO_DATE, tuple(goals.index), area)
    leads = [
        leading(reader, scheme, area, goal, row.lead_indicator)
        for goal, row in zip(goals.index, amounts.rows(goals), strict=True)
    ]
    mine = pd.concat(leads, ignore_index=True)
    whole = in_country(reader, mine)
    lead = with_country(mine, whole)
    frame = pd.concat([projects, mine, whole], ignore_index=True)
    count = {row.goal: row for row in amounts.rows(projects)}
    stands = {row.goal: row for row in amounts.rows(lead)}
    names = methods.labels(reader.scope, reader.language)
    rows = [
        [row.short, amounts.cell(count[goal]), *lead_cells(stands.get(goal), names[row.lead_indicator])]
        for goal, row in zip(goals.index, amounts.rows(goals), strict=True)
    ]
    heads = [
        words(f"table.{head}")
        for head in ("goal", "projects", "lead_indicator", "value", "interval", "country", "verdict")
    ]
    sentence = area_sentences.white_spots(projects, goals["short"], about_area(reader, area)["inside"])
    signs = [
        Markup(sign(reader, goal, row.short, programme))
        for goal, row in zip(goals.index, amounts.rows(goals), strict=True)
    ]
    drawn = [[mark, *row[1:]] for mark, row in zip(signs, rows, strict=True)]
    figure_card(
        reader,
        "area_goals",
        title=words("profile.goals"),
        sentence=sentence,
        frame=frame.drop(columns="detail"),
        table=Table(heads, rows, numbers=(1, 3, 4, 5)),
        method=Method(
            [words("profile.goals_method"), *methods.judgement(reader.scope, reader.language)],
            sources_of(pd.concat([frame, goals])),
        ),
        draw=lambda: st.html(html_table(heads, drawn, caption=sentence, numbers=(1, 3, 4, 5))),
    )


def lead_cells(row: amounts.Row | None, name: str) -> list[str]:
    """What a goal's row says of its lead indicator; where nobody has reported it yet, only its name."""
    if row is None:
        return [name, amounts.nothing("not_reported"), "–", "–", "–"]
    told = [amounts.cell(row), amounts.interval(row), country_cell(row), verdict_cell(row)]
    return [f"{name} {period_label(row.period)}", *told]


def leading(reader: View, scheme: str, area: str, goal: str, code: str) -> pd.DataFrame:
    """The lead indicator of a goal in an area, in the latest half-year whose reports were due."""
    period = cached.latest_period(reader.scope, reader.release, code) or TO_DATE
    ask = (reader.scope, reader.release, reader.language)
    return cached.figures(*ask, code, scheme, period, goal, area)


def sign(reader: View, goal: str, name: str, programme: str) -> str:
    """A goal's number in its colour, and its name as the way to its page."""
    ring = f'<span class="goal" style="border-color:{goal_colour(reader.palette, goal)}">{goal[1:]}</span>'
    return ring + onward.anchor("goal", name, goal=goal, programme=programme)


def divisions_card(reader: View, programme: str, scheme: str, area: str) -> None:
    """The areas of all divisions, those of the years before too, that share ground with this one."""
    frame = cached.overlapping_areas(reader.scope, area, reader.day, reader.language)
    schemes = cached.schemes(reader.scope, reader.language).set_index("code")["name"]
    label = about_area(reader, area)["label"]
    heads = [words(f"table.{head}") for head in ("scheme", "area", "relation", "valid")]
    rows = [
        [
            schemes[row.scheme],
            way_to(reader, row),
            words(f"relation.{row.relation}"),
            f"{day(row.valid_from)}–{day(row.valid_to) if row.valid_to is not None else ''}",
        ]
        for row in amounts.rows(frame)
    ]
    sentence = words("profile.divisions_sentence", area=label, count=len(frame))
    if same := int((frame["relation"] == "same").sum()):
        sentence += " " + words("profile.divisions_same", count=same)
    figure_card(
        reader,
        "divisions",
        title=words("profile.divisions"),
        sentence=sentence,
        frame=frame,
        table=Table(heads, rows),
        method=Method([words("profile.divisions_method")], sources_of(frame)),
        draw=lambda: st.html(html_table(heads, rows, caption=sentence)),
        demonstration=False,
    )


def way_to(reader: View, row: amounts.Row) -> str:
    """An area's label, as a link to its profile where the division has it on the release's last day."""
    if row.code not in regional_choice.areas_of(reader, row.scheme):
        return row.label
    return Markup(onward.anchor("profile", row.label, scheme=row.scheme, area=row.code))
