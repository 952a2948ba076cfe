"""Progress toward one goal: its path, its indicators and its areas."""

import pandas as pd

from pages.charts.palette import SHOWN, goal_colour
from pages.charts.progress import bullet_rows, path_line
from pages.charts.ranked import ranked_dots
from pages.frame.language import period_label, words
from pages.parts import amounts, cached, methods, regional, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.view import View


def path_card(reader: View, goal: str, about: pd.Series) -> None:
    """The lead indicator of a goal over the half-years, against its path."""
    indicator = cached.indicators(reader.language).set_index("code").loc[about["lead_indicator"]]
    code = str(indicator.name)
    every = cached.figures(reader.release, reader.audience, reader.language, code, "country", None, goal)
    series = every[every["period"].str.contains("h")].reset_index(drop=True)
    sentence = sentences.series(series, f"{code.upper()} {indicator['short']}")
    figure_card(
        reader,
        "path",
        title=words("goal.path"),
        sentence=sentence,
        frame=series,
        table=series_table(series),
        method=Method(
            [*methods.indicator(indicator), *methods.judgement(reader.language)], sources_of(series)
        ),
        draw=lambda: plot(
            path_line(
                series,
                words=chart_words(),
                palette=reader.palette,
                number=amounts.writer(indicator["unit"], int(indicator["decimals"])),
                path=path_steps(series),
                period_name=period_label,
                colour=goal_colour(reader.palette, goal),
            ),
            "path",
            sentence,
        ),
    )


def path_steps(series: pd.DataFrame) -> list[tuple]:
    """Baseline, milestone and target as (day, value, kind), as far as they are set."""
    known = series[series["target"].notna()]
    if known.empty:
        return []
    row = known.iloc[-1]
    kinds = ("baseline", "milestone", "target")
    return [(row[f"{kind}_due"], row[kind], kind) for kind in kinds if pd.notna(row[kind])]


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


def indicators_card(reader: View, goal: str, about: pd.Series) -> None:
    """All indicators of one scale for a goal, in one view."""
    indicators = cached.indicators(reader.language).set_index("code")
    scored = indicators[indicators["unit"] == "score"]
    period = cached.latest_period(reader.release, about["lead_indicator"])
    frame = cached.figures(
        reader.release, reader.audience, reader.language, tuple(scored.index), "country", period, goal
    )
    names = {code: f"{code.upper()} {name}" for code, name in scored["short"].items()}
    known = sentences.shown(frame)
    sentence = words("sentence.no_indicators")
    if len(known):
        best, worst = known.loc[known["value"].idxmax()], known.loc[known["value"].idxmin()]
        sentence = words(
            "sentence.indicators",
            high_name=names[best["indicator"]],
            high=amounts.cell(best),
            low_name=names[worst["indicator"]],
            low=amounts.cell(worst),
        )
    heads = [
        words(f"table.{head}") for head in ("indicator", "value", "interval", "target", "status", "reported")
    ]
    rows = [
        [
            names[row.indicator],
            amounts.cell(row),
            amounts.interval(row),
            amounts.amount(row.target, row.unit, int(row.decimals)),
            amounts.status(row),
            amounts.reported(row),
        ]
        for row in amounts.rows(frame)
    ]
    figure_card(
        reader,
        "indicators",
        title=words("goal.indicators", period=period_label(period or "to_date")),
        sentence=sentence,
        frame=frame,
        table=Table(heads, rows, numbers=(1, 2, 3, 5)),
        method=Method(
            [words("method.scale", low=0, high=4), *methods.judgement(reader.language)], sources_of(frame)
        ),
        draw=lambda: plot(
            bullet_rows(
                frame,
                names=names,
                by="indicator",
                scale=(0, 4),
                words=chart_words(),
                palette=reader.palette,
                number=amounts.writer("score", 1),
            ),
            "indicators",
            sentence,
        ),
    )


def areas_card(reader: View, goal: str, about: pd.Series) -> None:
    """Which regions carry the goal and which lag, by its lead indicator."""
    indicator = cached.indicators(reader.language).set_index("code").loc[about["lead_indicator"]]
    code = str(indicator.name)
    period = cached.latest_period(reader.release, code)
    ask = (reader.release, reader.audience, reader.language, code)
    frame = cached.figures(*ask, "maakunta", period, goal)
    whole = cached.figures(*ask, "country", period, goal)
    country = whole.iloc[0] if len(whole) else None
    sentence = sentences.areas(frame, f"{code.upper()} {indicator['short']}", country)
    figure_card(
        reader,
        "goal_areas",
        title=words("goal.areas", period=period_label(period or "to_date")),
        sentence=sentence,
        frame=frame,
        table=regional.area_table(pd.concat([frame, whole])),
        method=Method(methods.indicator(indicator), sources_of(frame)),
        draw=lambda: plot(
            ranked_dots(
                frame,
                words=chart_words(),
                palette=reader.palette,
                number=amounts.writer(indicator["unit"], int(indicator["decimals"])),
                country=country["value"] if country is not None and country["state"] in SHOWN else None,
            ),
            "goal_areas",
            sentence,
        ),
    )
