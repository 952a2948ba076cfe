"""The card that compares areas: map or tiles, ranked list, account, and the chosen area."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages.charts.classes import class_limits
from pages.charts.maps import area_map, tile_map
from pages.charts.palette import SHOWN, SYMBOLS
from pages.charts.ranked import ranked_dots
from pages.frame.language import day, period_label, words
from pages.parts import amounts, cached, filters, methods, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.view import View

ALAND = "hva91"
HEADS = ("area", "value", "interval", "band", "verdict", "reported")


def comparable(indicators: pd.DataFrame) -> dict[str, str]:
    """Indicators by code and the name that a choice shows, official code first."""
    official = indicators["family"].ne("programme")
    names = indicators["short"].where(
        ~official, indicators.index.str.upper() + " " + indicators["short"].astype(str)
    )
    return names.to_dict()


def area_card(reader: View, indicator: pd.Series, goal: str, scheme: str, period: str, form: str) -> None:
    """One indicator over the areas of a scheme, as a card."""
    code = str(indicator.name)
    ask = (reader.release, reader.audience, reader.language, code)
    frame = cached.figures(*ask, scheme, period, goal)
    whole = cached.figures(*ask, "country", period, goal)
    country = whole.iloc[0] if len(whole) else None
    sentence = sentences.areas(frame, indicator["short"], country)
    rows = pd.concat([frame, whole])
    figure_card(
        reader,
        "regions",
        title=f"{indicator['short']} · {period_label(period)}",
        sentence=sentence,
        frame=rows,
        table=area_table(rows),
        method=Method(methods.indicator(indicator), sources_of(rows)),
        draw=lambda: draw_areas(reader, frame, indicator, country, scheme, form, sentence),
    )


def draw_areas(
    reader: View,
    frame: pd.DataFrame,
    indicator: pd.Series,
    country: pd.Series | None,
    scheme: str,
    form: str,
    sentence: str,
) -> None:
    """Map beside the ranked list, one selection for both and for the select box under them."""
    options = {"": words("regions.no_area"), **dict(zip(frame["area"], frame["area_label"], strict=True))}
    area = filters.current("area", list(options), own_area(reader, options))
    limits = constant_limits(reader, indicator, scheme)
    number = amounts.writer(indicator["unit"], int(indicator["decimals"]))
    more: dict[str, Any] = {
        "words": chart_words(),
        "palette": reader.palette,
        "number": number,
        "selected": area,
    }
    chosen = {"on_select": take_click, "selection_mode": "points"}
    left, right = st.columns([0.9, 1.1], gap="medium")
    with left:
        if form == "tiles":
            plot(tile_map(frame, limits=limits, **more), "areas_tiles", sentence, **chosen)
        else:
            figure = area_map(
                frame,
                shapes_url=f"/app/static/shapes/{scheme}.geojson",
                limits=limits,
                unit=indicator["unit"],
                outside=outside(frame),
                **more,
            )
            plot(figure, "areas_map", sentence, **chosen)
    with right:
        known = None if country is None or country["state"] not in SHOWN else country["value"]
        additive = indicator["aggregation"] not in ("mean_weighted_by_n", "ratio")
        level = None if additive else known
        figure = ranked_dots(
            frame, limits=limits, country=level, lowest_first=indicator["direction"] == "down", **more
        )
        plot(figure, "areas_ranked", sentence, **chosen)
    st.caption(account(frame, scheme, form))
    filters.choose("area", options, default=own_area(reader, options), label=words("regions.choose_area"))
    if area:
        st.html(area_facts(reader, frame.set_index("area").loc[area]))


def own_scheme(reader: View) -> str:
    """The division of a regional account's own area; regions for everyone else."""
    areas = cached.areas(reader.language).set_index("code")["scheme"]
    return areas.get(reader.account.area, "maakunta")


def own_area(reader: View, options: dict[str, str]) -> str:
    """The area of a regional account, where it is among ``options``; else none."""
    return reader.account.area if reader.account.area in options else ""


def outside(frame: pd.DataFrame) -> dict[str, str]:
    """Åland, where the division has no area of its own for it: drawn as not in the programme."""
    return {} if frame["state"].eq("not_in_programme").any() else {ALAND: words("regions.aland")}


def constant_limits(reader: View, indicator: pd.Series, scheme: str) -> list[float]:
    """Limits of the classes, the same in every period: the scale, else all that the scheme shows."""
    if pd.notna(indicator["scale_high"]):
        return class_limits(indicator["scale_low"], indicator["scale_high"])
    every = cached.figures(
        reader.release, reader.audience, reader.language, str(indicator.name), scheme, None, None
    )
    highest = sentences.shown(every)["value"].max()
    return class_limits(0, highest if highest > 0 else 1)


def take_click() -> None:
    """A click on a map, a tile or a dot chooses its area, as the select box does."""
    for key in ("areas_map", "areas_tiles", "areas_ranked"):
        points = (st.session_state.get(key) or {}).get("selection", {}).get("points", [])
        code = points and (points[0].get("location") or points[0].get("customdata"))
        if code:
            filters.set_choice("area", code[0] if isinstance(code, list) else code)


def account(frame: pd.DataFrame, scheme: str, form: str) -> str:
    """What became of every area: n shown, n not reported, … and what the map cannot place."""
    parts = [words("regions.shown", count=int(frame["state"].isin(SHOWN).sum()))]
    for state, symbol in SYMBOLS.items():
        if count := int((frame["state"] == state).sum()):
            parts.append(f"{symbol} {words(f'account.{state}', count=count)}")
    if form == "map" and scheme == "wellbeing":
        parts.append(words("regions.not_placed", count=5))
    if outside(frame):
        parts.append(words("regions.aland_outside"))
    return " · ".join(parts)


def area_table(rows: pd.DataFrame) -> Table:
    """The card's table: value, interval, rank band, verdict and reporting of each area."""
    return Table(
        [words(f"table.{head}") for head in HEADS],
        [
            [
                row.area_label,
                amounts.cell(row),
                amounts.interval(row),
                amounts.band(row),
                "–" if pd.isna(row.verdict) else words(f"verdict.{row.verdict}"),
                amounts.reported(row),
            ]
            for row in amounts.rows(rows)
        ],
        numbers=(1, 2, 3, 5),
    )


def area_facts(reader: View, row: pd.Series) -> str:
    """The chosen area: its value, and who answers for it now and did before."""
    lines = [f"<b>{escape(row['area_label'])}</b>: {amounts.cell(row)}"]
    for each in amounts.rows(cached.answering(str(row.name), reader.language)):
        ended = isinstance(each.valid_to, type(reader.day)) and each.valid_to < reader.day
        since = words(
            "regions.before" if ended else "regions.now",
            name=each.label,
            since=day(each.valid_from),
            until=day(each.valid_to) if ended else "",
        )
        part = "" if each.share == 1 else f" ({words('regions.partly')})"
        lines.append(escape(since + part))
    return "<ul class='facts'>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
