"""Progress toward the goals: rows of all goals, the path of one, its indicators and its areas."""

from html import escape

import pandas as pd
import streamlit as st

from pages.charts.palette import SHOWN, goal_colour
from pages.charts.progress import bullet_rows, path_line
from pages.charts.ranked import ranked_dots
from pages.frame.language import percent, period_label, words
from pages.parts import amounts, cached, methods, regional, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.view import View


def goals_card(reader: View, programme: str) -> None:
    """The goals as rows with three clocks (time, money, result), status and evidence."""
    goals = cached.goals(programme, reader.language).set_index("code")
    leads = goals["lead_indicator"].dropna()
    if leads.empty:
        st.html(plain_goals(goals))
        return
    period = cached.latest_period(reader.release, leads.iloc[0])
    ask = (reader.release, reader.audience, reader.language)
    lead = cached.figures(*ask, tuple(sorted(set(leads))), "country", period, tuple(goals.index))
    money = cached.figures(*ask, ("eur_committed", "eur_paid"), "country", period, tuple(goals.index))
    lead = lead[lead["indicator"] == lead["goal"].map(leads)].set_index("goal", drop=False)
    if lead.empty:
        st.html(plain_goals(goals))
        return
    rows = [goal_row(reader, programme, code, goals.loc[code], lead.loc[code], money) for code in goals.index]
    sentence = sentences.goals(lead, goals["short"])
    heads = [words(f"goals.{head}") for head in ("goal", "time", "money", "result", "status", "evidence")]
    cells = [
        [row["name"], row["time"], row["money"], row["result"], row["status"], row["evidence"]]
        for row in rows
    ]
    names = cached.indicators(reader.language).set_index("code")["short"]
    about = [
        words("goals.method_clocks"),
        words("goals.method_lead", indicator=", ".join(names[code] for code in sorted(set(leads)))),
        *methods.judgement(reader.language),
    ]
    figure_card(
        reader,
        "goals",
        title=words("goals.title", period=period_label(period or "to_date")),
        sentence=sentence,
        frame=lead,
        table=Table(heads, cells, numbers=(1, 2, 3)),
        method=Method(about, sources_of(lead)),
        draw=lambda: st.html(clocks(heads, rows, sentence)),
    )


def goal_row(
    reader: View, programme: str, code: str, goal: pd.Series, lead: pd.Series, money: pd.DataFrame
) -> dict:
    """One goal's texts and shares: time gone of the programme, money paid of what is committed, the
    result on its way from baseline to target, and where it should be by now."""
    about = cached.programmes(reader.language).set_index("code").loc[programme]
    time = min(max((reader.day - about["starts"]) / (about["ends"] - about["starts"]), 0), 1)
    mine = money[money["goal"] == code].set_index("indicator")["value"]
    paid, committed = mine.get("eur_paid"), mine.get("eur_committed")
    share = paid / committed if committed and pd.notna(paid) else None
    known = lead["state"] in SHOWN and lead["status"] not in ("no_target", "not_enough_evidence")
    way = lead["target"] - lead["baseline"] if known else None
    result = (lead["value"] - lead["baseline"]) / way if known else None
    return {
        "code": code,
        "name": goal["short"],
        "long": goal["name"],
        "shares": (time, share, result),
        "tick": (lead["expected_now"] - lead["baseline"]) / way if known else None,
        "time": percent(time),
        "money": percent(share),
        "result": percent(result) if known else "–",
        "status": amounts.status(lead),
        "word": lead["status"],
        "evidence": evidence(lead),
        "colour": goal_colour(reader.palette, code),
        "tone": reader.palette["status"][lead["status"]],
    }


def evidence(lead: pd.Series) -> str:
    """How many of those expected have reported."""
    if pd.isna(lead["expected"]):
        return "–"
    return words("goals.reported", reported=int(lead["reported"]), expected=int(lead["expected"]))


def clocks(heads: list[str], rows: list[dict], caption: str) -> str:
    """The goals as a table of bars: real cells, so that it is read as one; bars are decoration."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = ""
    for row in rows:
        cells = "".join(
            f'<td data-head="{escape(heads[i])}">{bar(row["shares"][i - 1], row["colour"], row["tick"] if i == 3 else None)}'
            f'<span class="share">{escape(row[key])}</span></td>'
            for i, key in enumerate(("time", "money", "result"), start=1)
        )
        body += (
            f'<tr><th scope="row"><span class="goal" style="border-color:{row["colour"]}">{row["code"][1:]}</span> '
            f"{escape(row['name'])}</th>{cells}"
            f'<td data-head="{escape(heads[4])}" style="color:{row["tone"]}"><b>{escape(row["status"])}</b></td>'
            f'<td data-head="{escape(heads[5])}">{escape(row["evidence"])}</td></tr>'
        )
    return (
        f'<table class="goals"><caption class="hidden">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def bar(share: float | None, colour: str, tick: float | None) -> str:
    """A bar from 0 to the whole way; ``tick`` is where it should be by now."""
    if share is None:
        return '<span class="track none" aria-hidden="true"></span>'
    width = min(max(share, 0), 1) * 100
    mark = "" if tick is None else f'<i style="left:{min(max(tick, 0), 1) * 100:.1f}%"></i>'
    fill = f'<span style="width:{width:.1f}%;background:{colour}"></span>'
    return f'<span class="track" aria-hidden="true">{fill}{mark}</span>'


def plain_goals(goals: pd.DataFrame) -> str:
    """Goals without an indicator of their own: their names and sources."""
    items = "".join(
        f"<li>{escape(row.name)} <span class='footnote'>{escape(row.source_title)}</span></li>"
        for row in goals.reset_index()[["name", "source_title"]].itertuples(index=False)
    )
    return f"<h2 class='card-title'>{escape(words('goals.plain'))}</h2><ol>{items}</ol>"


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
            for row in series.itertuples()
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
        for row in frame.itertuples()
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
