"""Progress toward one goal: its path, its indicators and its areas."""

from collections.abc import Callable
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.bullets import bullet_rows
from pages.charts.need import need_series
from pages.charts.path import path_key, path_line
from pages.charts.ranked import ranked_dots
from pages.frame.language import TO_DATE, period_label, words
from pages.parts import amounts, cached, compared, methods, onward, regional, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.view import View

COUNTRY = "fi"


def path_card(reader: View, code: str, goal: str, colour: str) -> None:
    """An indicator over the half-years (or years) against its path: where it stands, how its target was
    moved, what it comes to at today's pace, where its series breaks."""
    indicator = cached.indicators(reader.scope, reader.language).set_index("code").loc[code]
    ask = (reader.scope, reader.release, reader.language, code, "country", None, goal)
    every = cached.figures(*ask)
    yearly = indicator["frequency"] == "year"
    series = every[every["period"].str.fullmatch(r"\d{4}" if yearly else r"\d{4}h\d")].reset_index(drop=True)
    ahead = next(amounts.rows(cached.outlook(reader.scope, reader.release, code, goal)))
    moved = target_steps(reader, code, goal)
    broken = cached.breaks(reader.scope, reader.language).query("indicator == @code")
    unit, decimals = indicator["unit"], int(indicator["decimals"])
    fewest = int(cached.rules(reader.scope, reader.language).set_index("code")["value"]["pace_points"])
    told = [
        sentences.series(series, methods.label(code, indicator)),
        sentences.moved(moved, unit, decimals),
        "" if yearly else sentences.outlook(ahead, unit, decimals, fewest),
    ]
    about = [
        *methods.indicator(reader.scope, indicator),
        *methods.judgement(reader.scope, reader.language),
        words("goal.method_pace"),
    ]
    about += [
        words("goal.break", period=period_label(row.period), why=row.reason) for row in amounts.rows(broken)
    ]
    sentence = " ".join(part for part in told if part)
    marks = {
        "path": path_steps(series),
        "moved": [*zip(moved["set_on"], moved["value"], strict=True), *last_step(moved)],
        "pace": None if isinstance(ahead.reason, str) else (ahead.day, ahead.value),
    }
    figure_card(
        reader,
        "path",
        title=words("goal.path" if marks["path"] else "goal.series"),
        sentence=sentence,
        frame=series,
        table=series_table(series),
        method=Method(about, sources_of(series)),
        draw=lambda: draw_path(
            reader, series, amounts.writer(unit, decimals), marks, broken["period"].tolist(), colour, sentence
        ),
    )


def draw_path(
    reader: View,
    series: pd.DataFrame,
    number: Callable[[float], str],
    marks: dict[str, Any],
    breaks: list[str],
    colour: str,
    sentence: str,
) -> None:
    """The key, and the path under it; a yearly series without a path as statistics are drawn."""
    if (series["period"].str.len() == len("2025")).all():
        figure = need_series(series, words=chart_words(), palette=reader.palette, number=number)
        plot(figure, "path", sentence)
        return
    key = path_key(series, words=chart_words(), number=number, **marks)
    items = "".join(f"<li>{escape(text)}</li>" for text in key)
    st.html(f'<ul class="key">{items}</ul>')
    figure = path_line(
        series,
        words=chart_words(),
        palette=reader.palette,
        number=number,
        breaks=breaks,
        today=reader.day,
        period_name=period_label,
        colour=colour,
        **marks,
    )
    plot(figure, "path", sentence)


def target_steps(reader: View, code: str, goal: str) -> pd.DataFrame:
    """The target rows of the country for a goal, oldest first, where the target was moved; else none."""
    every = cached.target_history(reader.scope, code, reader.day, reader.language)
    steps = every[(every["goal"] == goal) & (every["area"] == COUNTRY) & (every["kind"] == "target")]
    return steps if len(steps) > 1 else steps.iloc[:0]


def last_step(steps: pd.DataFrame) -> list[tuple[date, float]]:
    """The day of the target in force."""
    return [(row.due, row.value) for row in amounts.rows(steps.tail(1))]


def path_steps(series: pd.DataFrame) -> list[tuple[Any, float, str]]:
    """Baseline, milestone, what is committed and target as (day, value, kind), as far as they are set."""
    known = series[series["target"].notna()]
    if known.empty:
        return []
    row = known.iloc[-1]
    days = {kind: row[f"{kind}_due"] for kind in ("baseline", "milestone", "target")}
    days["committed"] = row["target_due"]
    order = ("baseline", "milestone", "committed", "target")
    return [(days[kind], row[kind], kind) for kind in order if pd.notna(row[kind])]


def series_table(series: pd.DataFrame) -> Table:
    return Table(
        [
            words(f"table.{head}")
            for head in ("period", "value", "interval", "expected_now", "status", "reported")
        ],
        [
            [
                period_label(row.period),
                amounts.cell(row),
                amounts.interval(row),
                amounts.amount(row.expected_now, row.unit, int(row.decimals)),
                amounts.status(row),
                amounts.reported(row),
            ]
            for row in amounts.rows(series)
        ],
        numbers=(1, 2, 3, 5),
    )


def indicators_card(reader: View, goal: str, lead: str) -> None:
    """All indicators of one scale for a goal, in one view; each is the way to its own page."""
    indicators = cached.indicators(reader.scope, reader.language).set_index("code")
    lead_unit = indicators.loc[lead, ["unit", "programme"]]
    alike = indicators[(indicators[["unit", "programme"]] == lead_unit).all(axis=1)]
    period = cached.latest_period(reader.scope, reader.release, lead)
    ask = (reader.scope, reader.release, reader.language)
    frame = cached.figures(*ask, tuple(alike.index), "country", period, goal)
    # Those that have a path come first.
    frame = frame.assign(bare=frame["target"].isna()).sort_values("bare", kind="stable", ignore_index=True)
    names = {
        code: name
        for code, name in methods.labels(reader.scope, reader.language).items()
        if code in alike.index
    }
    sentence = sentences.indicators(frame, names)
    about = alike.loc[lead]
    figure_card(
        reader,
        "indicators",
        title=words("goal.indicators", period=period_label(period or TO_DATE)),
        sentence=sentence,
        frame=frame.drop(columns="bare"),
        table=indicators_table(frame, names),
        method=Method(
            [
                words("method.scale", low=int(about["scale_low"]), high=int(about["scale_high"])),
                words("goal.method_marks"),
                *methods.judgement(reader.scope, reader.language),
            ],
            sources_of(frame),
        ),
        draw=lambda: draw_indicators(reader, frame, names, about, goal, sentence),
    )


def draw_indicators(
    reader: View, frame: pd.DataFrame, names: dict[str, str], about: pd.Series, goal: str, sentence: str
) -> None:
    """The bullet rows, the meaning of their marks, and under them a link for each."""
    figure = bullet_rows(
        frame,
        names=names,
        by="indicator",
        scale=(about["scale_low"], about["scale_high"]),
        words=chart_words(),
        palette=reader.palette,
        number=amounts.writer(about["unit"], int(about["decimals"])),
    )
    st.html(f'<p class="footnote">{words("goal.marks")}</p>')
    plot(figure, "indicators", sentence)
    ways = [onward.anchor("indicator", names[code], indicator=code, goal=goal) for code in frame["indicator"]]
    items = "".join(f"<li>{way}</li>" for way in ways)
    st.html(f'<p class="footnote">{words("goal.to_indicators")}</p><ul class="ways">{items}</ul>')


def indicators_table(frame: pd.DataFrame, names: dict[str, str]) -> Table:
    kinds = ("baseline", "milestone", "committed", "target")
    heads = ("indicator", "value", "interval", *kinds, "status", "reported")
    return Table(
        [words(f"table.{head}") for head in heads],
        [
            [
                names[row.indicator],
                amounts.cell(row),
                amounts.interval(row),
                *[amounts.amount(getattr(row, kind), row.unit, int(row.decimals)) for kind in kinds],
                amounts.status(row),
                amounts.reported(row),
            ]
            for row in amounts.rows(frame)
        ],
        numbers=(1, 2, 3, 4, 5, 6, 8),
    )


def areas_card(reader: View, goal: str, lead: str) -> None:
    """Which regions carry the goal and which lag, by its lead indicator."""
    indicator = cached.indicators(reader.scope, reader.language).set_index("code").loc[lead]
    period = cached.latest_period(reader.scope, reader.release, lead) or TO_DATE
    ask = (reader.scope, reader.release, reader.language, lead)
    frame = compared.held_areas(*ask, goal, "maakunta", period, "country")
    whole = cached.figures(*ask, "country", period, goal)
    country = whole.iloc[0] if len(whole) else None
    sentence = sentences.areas(frame, methods.label(lead, indicator), country)
    if len(sentences.shown(frame)):
        sentence += " " + sentences.carriers(frame)
    figure_card(
        reader,
        "goal_areas",
        title=words("goal.areas", period=period_label(period)),
        sentence=sentence,
        frame=frame,
        table=regional.area_table(pd.concat([frame, whole])),
        method=Method(methods.indicator(reader.scope, indicator), sources_of(frame)),
        draw=lambda: draw_areas(reader, frame, indicator, goal, sentence),
    )


def draw_areas(
    reader: View,
    frame: pd.DataFrame,
    indicator: pd.Series,
    goal: str,
    sentence: str,
) -> None:
    """The ranked areas, and the way to the same on the map."""
    figure = ranked_dots(
        frame,
        words=chart_words(),
        palette=reader.palette,
        number=amounts.writer(indicator["unit"], int(indicator["decimals"])),
    )
    plot(figure, "goal_areas", sentence)
    onward.link("regions", words("goal.to_map"), indicator=str(indicator.name), goal=goal)
