"""One indicator over the areas of a scheme: what its card says and draws, made once for all readers.

A figure of a release never changes, so neither do its sentence, its table and its charts. They are
remembered by everything that decides them; the reader's scope, release and language among it.
"""

from html import escape
from typing import Any, NamedTuple

import pandas as pd

from data_access.scope import Scope
from pages.charts.classes import class_limits
from pages.charts.maps import area_map, class_key, map_kind, tile_map
from pages.charts.palette import PALETTES, SHOWN, SYMBOLS, Palette
from pages.charts.ranked import ranked_dots
from pages.frame.language import period_label, words
from pages.parts import amounts, boundaries, cached, methods, sentences
from pages.parts.cards import Method, sources_of
from pages.parts.charted import chart_words
from pages.parts.view import PROGRAMME

ALAND = "hva91"
MANY = 300
LEVELS = ("mean_weighted_by_n", "ratio")
"""Aggregations whose value for the country is a level that areas can be held against. A sum is not."""
Figure = dict[str, Any]


class Choices(NamedTuple):
    """What can be compared, by code: indicators (official code first), goals, divisions."""

    indicators: dict[str, str]
    goals: dict[str, str]
    schemes: dict[str, str]


class Drawn(NamedTuple):
    """Map or tiles, ranked list, and the key to both as HTML."""

    figure: Figure
    ranking: Figure
    key: str


class Compared(NamedTuple):
    """What a card says. ``areas``: with what each is held against, see ``queries.benchmarks``;
    ``rows``: the areas, then the country; ``limits``: of the classes."""

    title: str
    sentence: str
    areas: pd.DataFrame
    rows: pd.DataFrame
    names: dict[str, str]
    limits: list[float]
    method: Method


@cached.remembered(ttl=cached.SOON)
def choices(scope: Scope, language: str) -> Choices:
    indicators = cached.indicators(scope, language).set_index("code")
    goals = cached.goals(scope, PROGRAMME, language).set_index("code")["short"]
    schemes = cached.schemes(scope, language).set_index("code")["name"].drop("country")
    official = indicators["family"].ne("programme")
    names = indicators["short"].where(
        ~official, indicators.index.str.upper() + " " + indicators["short"].astype(str)
    )
    return Choices(names.to_dict(), {"all": words("filters.all_goals"), **goals.to_dict()}, schemes.to_dict())


@cached.remembered(ttl=cached.LATER, max_entries=MANY)
def compared(
    scope: Scope,
    release: int,
    language: str,
    code: str,
    goal: str,
    scheme: str,
    period: str,
    against: str,
) -> Compared:
    indicator = cached.indicators(scope, language).set_index("code").loc[code]
    areas = held_areas(scope, release, language, code, goal, scheme, period, against)
    whole = cached.figures(scope, release, language, code, "country", period, goal)
    rows = pd.concat([areas, whole])
    return Compared(
        f"{indicator['short']} · {period_label(period)}",
        sentences.areas(areas, indicator["short"], whole.iloc[0] if len(whole) else None)
        + sentences.held_against(areas, against),
        areas,
        rows,
        dict(zip(areas["area"], areas["area_name"], strict=True)),
        limits_of(scope, release, language, code, scheme),
        Method([*methods.indicator(scope, indicator), words(f"against.{against}_method")], sources_of(rows)),
    )


def held_areas(
    scope: Scope,
    release: int,
    language: str,
    code: str,
    goal: str,
    scheme: str,
    period: str,
    against: str,
) -> pd.DataFrame:
    """The areas' figures beside what each is held against: the columns of ``queries.figures`` and
    ``queries.benchmarks``."""
    areas = cached.figures(scope, release, language, code, scheme, period, goal)
    held = cached.benchmarks(scope, release, language, code, scheme, period, goal, against)
    return areas.merge(held, on="area")


@cached.remembered(max_entries=MANY)
def limits_of(scope: Scope, release: int, language: str, code: str, scheme: str) -> list[float]:
    """Limits of the classes, the same in every period: the scale, else all that the scheme shows."""
    indicator = cached.indicators(scope, language).set_index("code").loc[code]
    if pd.notna(indicator["scale_high"]):
        return class_limits(indicator["scale_low"], indicator["scale_high"])
    every = cached.figures(scope, release, language, code, scheme, None, "all")
    highest = sentences.shown(every)["value"].max()
    return class_limits(0, highest if highest > 0 else 1)


@cached.remembered(ttl=cached.LATER, max_entries=MANY)
def drawn(
    scope: Scope,
    release: int,
    language: str,
    code: str,
    goal: str,
    scheme: str,
    period: str,
    against: str,
    form: str,
    area: str,
    dark: bool,
    placed: boundaries.Shapes,
) -> Drawn:
    """The charts and their key, with one area chosen (or none: an empty code)."""
    said = compared(scope, release, language, code, goal, scheme, period, against)
    indicator = cached.indicators(scope, language).set_index("code").loc[code]
    unit = indicator["unit"]
    number = amounts.writer(unit, int(indicator["decimals"]))
    short = amounts.short_writer(unit) or number
    palette = PALETTES["dark" if dark else "light"]
    more: dict[str, Any] = {
        "limits": said.limits,
        "words": chart_words(),
        "palette": palette,
        "number": number,
        "selected": area,
    }
    if form == "tiles":
        figure = tile_map(said.areas, short_number=short, **more)
    else:
        figure = area_map(
            said.areas,
            shapes_url=placed.address,
            ground_url=placed.ground,
            unit=unit,
            outside=outside(said.areas),
            short_number=short,
            **more,
        )
    ranking = ranked_dots(said.areas, lowest_first=indicator["direction"] == "down", **more)
    classed = form == "tiles" or map_kind(unit) == "choropleth"
    classes = class_key(said.limits, palette, short) if classed else []
    if form == "tiles":
        return Drawn(figure, ranking, key(classes, account(said.areas, None, palette)))
    marks = key(classes, account(said.areas, placed, palette))
    return Drawn(figure, ranking, marks + boundaries.footnote(placed))


def key(*lines: list[tuple[str, str]]) -> str:
    """The key under a map, a list per line: colour (or none) and text of each mark."""
    lists = ["".join(f"<li>{swatch(colour)}{escape(text)}</li>" for colour, text in line) for line in lines]
    return "".join(f'<ul class="key">{items}</ul>' for items in lists if items)


def swatch(colour: str) -> str:
    return f'<i style="color:{colour}"></i>' if colour else ""


def outside(areas: pd.DataFrame) -> dict[str, str]:
    """Åland, where the division has no area of its own for it: drawn as not in the programme."""
    return {} if areas["state"].eq("not_in_programme").any() else {ALAND: words("regions.aland")}


def account(areas: pd.DataFrame, placed: boundaries.Shapes | None, palette: Palette) -> list[tuple[str, str]]:
    """What became of every area, with its colour: n shown, n not reported, … and what the map (where it
    is one) cannot place."""
    states = areas["state"].value_counts()
    marks = [("", words("regions.shown", count=sum(int(states.get(state, 0)) for state in SHOWN)))]
    for state, symbol in SYMBOLS.items():
        if count := int(states.get(state, 0)):
            text = f"{symbol} {words(f'account.{state}', count=count)}"
            marks.append((palette["nothing"][state], text))
    if placed and (count := placed.lacking(areas["area"])):
        marks.append(("", words("regions.not_placed", count=count)))
    if outside(areas):
        marks.append((palette["nothing"]["not_in_programme"], words("regions.aland_outside")))
    return marks
