"""Counts of organisations as cards: the reconciliation, growth, and types."""

from datetime import date

import pandas as pd

from pages.charts.network import bridge, count_bars, growth
from pages.charts.palette import SHOWN
from pages.frame.language import TO_DATE, period_label, words
from pages.parts import amounts, cached, methods, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.view import View

STEPS = ("partnerships", "distinct", "supported", "eligible")


def counts(reader: View, goal: str, period: str) -> pd.DataFrame:
    """The country's figures of organisations: a row for SI6, then one for EECO18."""
    asked = (reader.release, reader.audience, reader.language)
    frame = cached.figures(*asked, ("si6", "eeco18"), "country", period, goal)
    return frame.sort_values("indicator", ascending=False)


def detail_of(counts: pd.DataFrame) -> dict:
    """The steps of the reconciliation, and ``types``: how many organisations are of each type."""
    nothing = {**dict.fromkeys((*STEPS, "undecided", "several_projects"), 0), "types": {}}
    return counts["detail"].iloc[0] or nothing


def bridge_card(reader: View, counts: pd.DataFrame, period: str) -> None:
    """Partnerships → distinct → directly supported → eligible for EECO18, each with its rule."""
    indicators = cached.indicators(reader.language).set_index("code")
    detail = detail_of(counts)
    steps = pd.DataFrame(
        {
            "code": STEPS,
            "label": [words(f"bridge.{step}") for step in STEPS],
            "value": [float(detail[step]) for step in STEPS],
            "difference": [None, *[words(f"bridge.to_{step}") for step in STEPS[1:]]],
        }
    )
    sentence = sentences.bridge(detail, counts["area_inside"].iloc[0])
    rows = [
        [each.label, amounts.amount(each.value, "organisations"), words(f"bridge.rule_{each.code}")]
        for each in amounts.rows(steps)
    ]
    rows.append([words("bridge.undecided"), str(detail["undecided"]), words("bridge.rule_undecided")])
    caution = indicators.loc["eeco18", "caution"]
    figure_card(
        reader,
        "bridge",
        title=words("bridge.title", period=period_label(period)),
        sentence=sentence,
        frame=counts.drop(columns="detail").assign(**{step: detail[step] for step in (*STEPS, "undecided")}),
        table=Table([words(f"table.{head}") for head in ("step", "count", "rule")], rows, numbers=(1,)),
        method=Method([*methods.indicator(indicators.loc["si6"]), caution], sources_of(counts)),
        draw=lambda: plot(
            bridge(
                steps, words=chart_words(), palette=reader.palette, number=amounts.writer("organisations")
            ),
            "bridge",
            sentence,
        ),
    )


def growth_card(reader: View, goal: str) -> None:
    """Distinct and eligible organisations by half-year."""
    names = {"si6": words("bridge.distinct"), "eeco18": words("bridge.eligible")}
    every = cached.figures(
        reader.release, reader.audience, reader.language, ("si6", "eeco18"), "country", None, goal
    )
    over = every["period"].map(lambda period: "h" in period and last_day(period, reader.day) <= reader.day)
    series = every[over & every["state"].isin(SHOWN)].copy()
    series["label"] = series["indicator"].map(names)
    sentence = sentences.series(series[series["indicator"] == "si6"], names["si6"])
    rows = [
        [period_label(period), *[amounts.cell(row) for row in amounts.rows(mine)]]
        for period, mine in series.sort_values("indicator", ascending=False).groupby("period")
    ]
    figure_card(
        reader,
        "growth",
        title=words("growth.title"),
        sentence=sentence,
        frame=series.drop(columns="detail"),
        table=Table([words("table.period"), names["si6"], names["eeco18"]], rows, numbers=(1, 2)),
        method=Method([words("growth.method")], sources_of(series)),
        draw=lambda: plot(
            growth(
                series,
                words=chart_words(),
                palette=reader.palette,
                number=amounts.writer("organisations"),
            ),
            "growth",
            sentence,
        ),
    )


def types_card(reader: View, counts: pd.DataFrame) -> None:
    """Distinct organisations by type."""
    types = detail_of(counts)["types"]
    codes = sorted(types, key=lambda code: (-types[code], code))
    frame = pd.DataFrame(
        {
            "code": codes,
            "label": [words(f"organisation_type.{code}") for code in codes],
            "value": [float(types[code]) for code in codes],
        }
    )
    sentence = sentences.types(frame)
    rows = [[row.label, amounts.amount(row.value, "organisations")] for row in amounts.rows(frame)]
    figure_card(
        reader,
        "types",
        title=words("types.title"),
        sentence=sentence,
        frame=frame,
        table=Table([words("table.type"), words("table.count")], rows, numbers=(1,)),
        method=Method([words("types.method")], sources_of(counts)),
        draw=lambda: plot(
            count_bars(
                frame,
                words=chart_words(),
                palette=reader.palette,
                number=amounts.writer("organisations"),
            ),
            "types",
            sentence,
        ),
        demonstration=bool(counts["demonstration"].iloc[0]),
    )


def of_goal(partnerships: pd.DataFrame, projects: pd.DataFrame, short: str | None) -> pd.DataFrame:
    """The partnerships of projects that serve a goal; all of them without one."""
    if short is None:
        return partnerships
    serves = projects["goals"].fillna("").map(lambda text: short in text.split(", "))
    return partnerships[partnerships["project"].isin(projects.loc[serves, "code"])]


def last_day(period: str, day: date) -> date:
    """The cut-off day of a half-year or year; the release's own day for *to date*."""
    if period == TO_DATE:
        return day
    year, half = int(period[:4]), period[5:]
    return date(year, 6, 30) if half == "1" else date(year, 12, 31)
