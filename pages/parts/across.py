"""Many indicators at once: the heat table of areas and indicators, and up to four areas side by side."""

from collections.abc import Callable
from html import escape
from itertools import pairwise

import pandas as pd
import streamlit as st

from pages.charts.classes import class_of
from pages.charts.multiples import small_multiples
from pages.charts.palette import SHOWN, SYMBOLS, Palette, text_on
from pages.frame.language import TO_DATE, period_label, words
from pages.parts import amounts, cached, compared, filters, methods
from pages.parts.asked import Asked
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.regional_choice import own_area
from pages.parts.tables import Markup, html_table
from pages.parts.view import View

FAMILIES = {
    "results": ("national_result", "esf_result"),
    "innovation": ("social_innovation",),
    "amounts": ("esf_output", "programme"),
    "context": ("context",),
}
"""Indicators that stand beside each other in one heat table, by their families."""
MOST = 4


def heat_card(reader: View, asked: Asked, _: str) -> None:
    """Areas × the indicators of one kind: each value with the shade of its class, or its kind of nothing."""
    every = figures_of(reader, asked)
    known = set(every.loc[every["state"].isin((*SHOWN, "protected")), "indicator"])
    about = cached.indicators(reader.scope, reader.language).set_index("code")
    kinds = {
        kind: words(f"families.{kind}")
        for kind, families in FAMILIES.items()
        if known & set(about.index[about["family"].isin(families)])
    }
    if not kinds:
        st.info(words("sentence.no_indicators"))
        return
    kind = filters.choose(
        "family", kinds, default=next(iter(kinds)), label=words("filters.family"), look="buttons"
    )
    columns = [code for code in about.index if about.loc[code, "family"] in FAMILIES[kind] and code in known]
    rows = every[every["indicator"].isin(columns)]
    labels = methods.labels(reader.scope, reader.language)
    sentence = heat_sentence(rows[rows["scheme"] != "country"])
    heads = [words("table.area"), *[labels[code] for code in columns]]
    figure_card(
        reader,
        "heat",
        title=words("across.title", kind=kinds[kind], period=period_label(asked.period)),
        sentence=sentence,
        frame=rows,
        table=lambda: Table(heads, told(rows, columns), range(1, len(heads))),
        method=Method([words("across.method")], sources_of(rows)),
        draw=lambda: st.html(
            html_table(
                heads,
                told(rows, columns, lambda row: shaded(reader, row, asked.scheme), "area_name"),
                caption=sentence,
                look="heat",
            )
        ),
    )


def figures_of(reader: View, asked: Asked) -> pd.DataFrame:
    """Every indicator in the areas of the scheme, and in the country."""
    ask = (reader.scope, reader.release, reader.language)
    frames = [
        cached.figures(*ask, None, scheme, asked.period, asked.goal) for scheme in (asked.scheme, "country")
    ]
    return pd.concat(frames, ignore_index=True)


def told(
    rows: pd.DataFrame,
    columns: list[str],
    write: Callable[[amounts.Row], str] = amounts.cell,
    name: str = "area_label",
) -> list[list[str]]:
    """A row per area under its ``name``, the country last, a cell per indicator."""
    table = []
    for _, mine in rows.groupby("area", sort=False):
        cells = {row.indicator: write(row) for row in amounts.rows(mine)}
        table.append([mine[name].iloc[0], *[cells.get(code, "") for code in columns]])
    return table


def shaded(reader: View, row: amounts.Row, scheme: str) -> Markup:
    """A cell of the heat table: the value on the colour of its class; for a kind of nothing its symbol,
    and its word for those who hear it."""
    if not amounts.is_shown(row):
        word = escape(words(f"state.{row.state}"))
        return Markup(f'<span title="{word}">{SYMBOLS[row.state]}<span class="hidden"> {word}</span></span>')
    text = escape(amounts.amount(row.value, row.unit, row.decimals))
    if row.scheme == "country":
        return Markup(f"<span><b>{text}</b></span>")
    limits = compared.limits_of(reader.scope, reader.release, reader.language, row.indicator, scheme)
    fill = class_colour(row.value, limits, reader.palette)
    verdict = words(f"verdict.{row.verdict}") if isinstance(row.verdict, str) else ""
    mark = VERDICTS.get(row.verdict, "")
    sign = f' <span title="{escape(verdict)}">{mark}</span><span class="hidden"> {escape(verdict)}</span>'
    style = f"background:{fill};color:{text_on(fill)}"
    return Markup(f'<span style="{style}">{text}{sign if mark else ""}</span>')


VERDICTS = {"better": "▲", "worse": "▼", "higher": "▲", "lower": "▼"}


def class_colour(value: float, limits: list[float], palette: Palette) -> str:
    return palette["ramp"][class_of([value], limits)[0] or 0]


def heat_sentence(rows: pd.DataFrame) -> str:
    """How many cells have a value, and how many differ clearly from the country."""
    shown = int(rows["state"].isin(SHOWN).sum())
    sentence = words("across.shown", shown=shown, count=len(rows))
    verdicts = rows["verdict"].value_counts()
    if len(verdicts):
        better, worse = (int(verdicts.get(verdict, 0)) for verdict in ("better", "worse"))
        sentence += " " + words("across.verdicts", better=better, worse=worse)
    return sentence


def side_card(reader: View, asked: Asked, _: str) -> None:
    """Up to four areas side by side: every indicator in figures, the chosen one over time."""
    every = figures_of(reader, asked)
    names = dict(zip(every["area"], every["area_label"], strict=True))
    names.pop("fi")
    own = own_area(reader, asked.scheme) or next(iter(names))
    chosen = filters.choose_some(
        "areas", names, default=[own], most=MOST, label=words("filters.areas", count=MOST)
    )
    if not chosen:
        st.info(words("across.choose"))
        return
    rows = every[every["area"].isin([*chosen, "fi"])]
    rows = rows[rows.groupby("indicator")["state"].transform(lambda states: states.ne("not_reported").any())]
    labels = methods.labels(reader.scope, reader.language)
    table = side_table(rows, chosen, names, labels)
    sentence = words("across.side", areas=", ".join(names[code] for code in chosen))
    figure_card(
        reader,
        "side",
        title=words("across.side_title", period=period_label(asked.period)),
        sentence=sentence,
        frame=rows,
        table=table,
        method=Method([words("across.method")], sources_of(rows)),
        draw=lambda: st.html(html_table(table.heads, table.rows, caption=sentence, numbers=table.numbers)),
    )
    time_card(reader, asked, chosen=chosen)


def side_table(rows: pd.DataFrame, chosen: list[str], names: dict[str, str], labels: dict[str, str]) -> Table:
    """A row per indicator; for each area its value with the interval, and how it stands to the country."""
    table = []
    for code, mine in rows.groupby("indicator", sort=False):
        cells = {row.area: with_interval(row) for row in amounts.rows(mine)}
        table.append([labels[str(code)], *[cells.get(area, "–") for area in (*chosen, "fi")]])
    heads = [words("table.indicator"), *[names[area] for area in chosen], words("chart.country")]
    return Table(heads, table, range(1, len(heads)))


def with_interval(row: amounts.Row) -> str:
    interval = amounts.interval(row)
    text = amounts.cell(row) + (f" ({interval})" if interval != "–" else "")
    return f"{text} {VERDICTS[row.verdict]}" if row.verdict in VERDICTS else text


def time_card(reader: View, asked: Asked, _: str = "", chosen: list[str] | None = None) -> None:
    """The indicator's series in every area (or those ``chosen``) as small charts on the same axes."""
    ask = (reader.scope, reader.release, reader.language, asked.indicator)
    indicator = cached.indicators(reader.scope, reader.language).set_index("code").loc[asked.indicator]
    areas = cached.figures(*ask, asked.scheme, None, asked.goal)
    whole = cached.figures(*ask, "country", None, asked.goal)
    if chosen is not None:
        areas = areas[areas["area"].isin(chosen)]
    known = periods_shown(pd.concat([areas, whole]), indicator["frequency"] == "year")
    areas, whole = (
        rows[rows["period"].isin(known)].assign(period_name=rows["period"].map(period_label))
        for rows in (areas, whole)
    )
    comparable = indicator["aggregation"] in compared.LEVELS
    sentence = time_sentence(areas, indicator["short"])
    if indicator["time_kind"] != "cumulative":
        sentence += " " + words("across.chance")
    heads = [words("table.area"), *map(period_label, known)]
    rows = pd.concat([areas, whole], ignore_index=True)
    number = amounts.writer(indicator["unit"], int(indicator["decimals"]))
    figure_card(
        reader,
        "time",
        title=words("across.time_title", name=methods.label(asked.indicator, indicator)),
        sentence=sentence,
        frame=rows,
        table=lambda: Table(heads, over_time(rows, known), range(1, len(heads))),
        method=Method(methods.indicator(reader.scope, indicator), sources_of(rows)),
        draw=lambda: plot(
            small_multiples(
                areas,
                country=whole if comparable else None,
                selected=filters.current("area", ["", *areas["area"].unique()], ""),
                words=chart_words(),
                palette=reader.palette,
                number=amounts.short_writer(indicator["unit"]) or number,
            ),
            "multiples",
            sentence,
        ),
    )


def periods_shown(rows: pd.DataFrame, yearly: bool) -> list[str]:
    """The half-years, or years, for which any row has a value, oldest first."""
    known = rows.loc[rows["state"].isin(SHOWN), "period"].unique()
    return sorted(period for period in known if period != TO_DATE and ("h" in period) != yearly)


def over_time(rows: pd.DataFrame, periods: list[str]) -> list[list[str]]:
    table = []
    for _, mine in rows.groupby("area", sort=False):
        cells = {row.period: amounts.cell(row) for row in amounts.rows(mine)}
        table.append([mine["area_label"].iloc[0], *[cells.get(period, "") for period in periods]])
    return table


def time_sentence(areas: pd.DataFrame, name: str) -> str:
    """In how many areas the newest value is above, level with and below the one before it."""
    rose = fell = level = 0
    for _, mine in areas[areas["state"].isin(SHOWN)].groupby("area"):
        values = mine.sort_values("period")["value"].tolist()
        for before, now in list(pairwise(values))[-1:]:
            rose, fell, level = rose + (now > before), fell + (now < before), level + (now == before)
    if not rose + fell + level:
        return words("across.no_time", name=name)
    return words("across.time", name=name, rose=rose, fell=fell, level=level)
