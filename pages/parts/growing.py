"""How the network grows: organisations, and new, ended and running partnerships by half-year."""

from datetime import date
from typing import Any

from pages.charts.network import growth, turnover
from pages.charts.palette import SHOWN
from pages.frame.language import TO_DATE, period_label, words
from pages.parts import amounts, cached, listings, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.view import PROGRAMME, View

Choices = cached.Choices


def growing(reader: View, choices: Choices) -> None:
    """All half-years up to the release's day, whichever period is chosen."""
    growth_card(reader, choices)
    turnover_card(reader, choices._replace(period=TO_DATE))


def growth_card(reader: View, choices: Choices) -> None:
    """Distinct and eligible organisations by half-year."""
    names = {"si6": words("bridge.distinct"), "eeco18": words("bridge.eligible")}
    asked = (reader.scope, reader.release, reader.language, ("si6", "eeco18"), "country")
    every = cached.figures(*asked, None, choices.goal)
    over = every["period"].map(lambda period: "h" in period and last_day(period) <= reader.day)
    series = every[over & every["state"].isin(SHOWN)].copy()
    series["label"] = series["indicator"].map(names)
    sentence = sentences.series(series[series["indicator"] == "si6"], names["si6"])
    lists = {"si6": "distinct", "eeco18": "eligible"}
    rows = [
        [period_label(period)]
        + [
            listings.count_link(choices, row.value, lists[row.indicator], period=period)
            for row in amounts.rows(mine)
        ]
        for period, mine in series.sort_values("indicator", ascending=False).groupby("period")
    ]
    more: dict[str, Any] = {
        "words": chart_words(),
        "palette": reader.palette,
        "number": amounts.writer("organisations"),
    }
    figure_card(
        reader,
        "growth",
        title=words("growth.title"),
        sentence=sentence,
        frame=series.drop(columns="detail"),
        table=Table([words("table.period"), names["si6"], names["eeco18"]], rows, numbers=(1, 2)),
        method=Method([words("growth.method")], sources_of(series)),
        draw=lambda: plot(growth(series, **more), "growth", sentence),
    )


def turnover_card(reader: View, choices: Choices) -> None:
    """New and ended partnerships by half-year, and those that ran at its end."""
    asked = (reader.scope, reader.release, PROGRAMME, reader.language, choices)
    frame, counted = cached.turnover(*asked), cached.partnerships_chosen(*asked)
    sentence = sentences.turnover(frame)
    rows = [
        [period_label(row.period)]
        + [listings.count_link(choices, getattr(row, turn), turn, row.period) for turn in listings.TURNS]
        for row in amounts.rows(frame)
    ]
    names = {turn: words(f"turnover.{turn}") for turn in listings.TURNS}
    more: dict[str, Any] = {
        "words": chart_words(),
        "palette": reader.palette,
        "number": amounts.writer("partnerships"),
    }
    labelled = frame.assign(label=frame["period"].map(period_label))
    figure_card(
        reader,
        "turnover",
        title=words("turnover.title"),
        sentence=sentence,
        frame=frame,
        table=Table([words("table.period"), *names.values()], rows, numbers=(1, 2, 3)),
        method=Method([words("turnover.method")], sources_of(counted)),
        draw=lambda: plot(turnover(labelled, names=names, **more), "turnover", sentence),
        demonstration=bool(counted["demonstration"].any()),
    )


def last_day(period: str) -> date:
    """The cut-off day of a half-year."""
    return date(int(period[:4]), 6, 30) if period.endswith("1") else date(int(period[:4]), 12, 31)
