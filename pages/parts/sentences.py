"""One sentence per figure, by rule: the finding in the reader's language.

Place names come inflected from the data, counts with their nouns from the texts. A sentence never
says more than its frame shows: what is hidden or missing is named as such."""

from collections.abc import Mapping

import pandas as pd

from pages.charts.palette import SHOWN
from pages.frame.language import alphabetical, day, percent, period_label, words
from pages.parts.amounts import COUNTED, Row, amount, counted, rows


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["state"].isin(SHOWN) & frame["value"].notna()]


def areas(frame: pd.DataFrame, name: str, country: pd.Series | None) -> str:
    """Where a figure is highest and lowest among areas, and what it is in the whole country.
    Values that are written alike are one place in the order: more than three are only counted."""
    known = shown(frame)
    if known.empty:
        withheld = frame["state"].eq("not_published").any()
        return words("sentence.not_published" if withheld else "sentence.no_area", name=name)
    unit, decimals = known["unit"].iloc[0], int(known["decimals"].iloc[0])
    written = known["value"].map(lambda value: amount(value, unit, decimals))
    top, bottom = known["value"].idxmax(), known["value"].idxmin()
    whole = ""
    if country is not None and country["state"] in SHOWN:
        whole = " " + words("sentence.country", value=amount(country["value"], unit, decimals))
    if written[top] == written[bottom]:
        key = "sentence.only_area" if len(known) == 1 else "sentence.all_alike"
        place = known.loc[top, "area_inside"]
        return words(key, name=name, place=place, areas=len(known), value=written[top]) + whole
    highest = places(known[written == written[top]])
    lowest = places(known[written == written[bottom]])
    return (
        words(
            "sentence.counts" if unit in COUNTED else "sentence.sums" if unit == "eur" else "sentence.areas",
            name=name,
            highest=highest,
            high=written[top],
            lowest=lowest,
            low=written[bottom],
        )
        + whole
    )


def held_against(areas: pd.DataFrame, against: str) -> str:
    """How many areas differ clearly from what each is held against; nothing for the country, whose
    verdicts the map's own sentence is about. Columns: standing."""
    known = areas["standing"].dropna()
    if against == "country" or known.empty:
        return ""
    above, below = known.isin(("better", "higher")).sum(), known.isin(("worse", "lower")).sum()
    return " " + words(f"against.{against}_sentence", count=len(known), above=int(above), below=int(below))


def places(rows: pd.DataFrame) -> str:
    """Up to three places by name, more by their number."""
    names = sorted(rows["area_inside"], key=alphabetical)
    return listed(names) if len(names) <= 3 else words("sentence.many_areas", count=len(names))


def listed(names: list[str]) -> str:
    """``a``, ``a ja b``, ``a, b ja c``."""
    if len(names) < 2:
        return "".join(names)
    return words("sentence.and", first=", ".join(names[:-1]), last=names[-1])


def goals(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which goals stand how: one clause per status, in the order of good news to none."""
    order = (
        "reached",
        "on_course",
        "behind",
        "far_behind",
        "moving_away",
        "not_enough_evidence",
        "no_target",
    )
    clauses = []
    for status in order:
        mine = [names[goal] for goal in frame.loc[frame["status"] == status, "goal"]]
        if mine:
            clauses.append(words("sentence.goals", status=words(f"status.{status}"), goals=", ".join(mine)))
    return capitalised("; ".join(clauses)) + "." if clauses else words("sentence.no_goals")


def indicators(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which of several indicators on one scale is highest and which lowest."""
    known = shown(frame)
    if known.empty:
        return words("sentence.no_indicators")
    best, worst = (known.loc[known["value"].agg(end)] for end in ("idxmax", "idxmin"))
    high, low = (amount(row["value"], row["unit"], int(row["decimals"])) for row in (best, worst))
    return words(
        "sentence.indicators",
        high_name=names[best["indicator"]],
        high=high,
        low_name=names[worst["indicator"]],
        low=low,
    )


def trend(row: Row) -> str:
    """Whether a series rises or falls, or why nothing is said of it."""
    key = f"trend.{row.trend}" if isinstance(row.trend, str) else f"no_trend.{row.trend_reason}"
    return words(key)


def laggard(row: Row) -> str:
    """Which of a goal's clocks is furthest behind; columns: those of ``measures.progress.clocks``."""
    told = {
        "money": words("laggard.money", paid=percent(row.paid), time=percent(row.time)),
        "result": words("laggard.result", result=percent(row.result), by_now=percent(row.by_now)),
    }
    clauses = [told[name] for name in row.laggards]
    if row.status == "not_enough_evidence":
        clauses.append(words("laggard.veto"))
    return " ".join(clauses) or words("laggard.none")


def clocks(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which clock is furthest behind in which goals, and where none is."""
    clauses = []
    for name in ("money", "result"):
        mine = [
            names[goal] for goal, late in zip(frame["goal"], frame["laggards"], strict=True) if name in late
        ]
        if mine:
            clauses.append(words(f"clocks.{name}", goals=", ".join(mine)))
    on_time = [names[goal] for goal, late in zip(frame["goal"], frame["laggards"], strict=True) if not late]
    if on_time:
        clauses.append(words("clocks.none", goals=", ".join(on_time)))
    return capitalised("; ".join(clauses)) + "." if clauses else words("sentence.no_goals")


def outlook(row: Row, unit: str, decimals: int, fewest: int) -> str:
    """What a series comes to at today's pace, said as a condition; or why nothing is said."""
    if isinstance(row.reason, str):
        why = words(f"no_pace.{row.reason}", points=row.points, fewest=fewest)
        return words("sentence.no_pace", why=why)
    key = "sentence.pace_bounded" if row.bounded else "sentence.pace"
    return words(key, day=day(row.day), value=amount(row.value, unit, decimals))


def moved(steps: pd.DataFrame, unit: str, decimals: int) -> str:
    """That a target was moved: from what to what, and when. Columns: value, set_on; oldest first."""
    if len(steps) < 2:
        return ""
    first, last = steps.iloc[0], steps.iloc[-1]
    return words(
        "sentence.moved",
        old=amount(first["value"], unit, decimals),
        new=amount(last["value"], unit, decimals),
        day=day(last["set_on"]),
    )


def carriers(frame: pd.DataFrame) -> str:
    """Which areas differ clearly from the country, for good and for ill."""
    clauses = []
    for verdict in ("better", "worse"):
        mine = frame[frame["verdict"] == verdict]
        if len(mine):
            clauses.append(words(f"carriers.{verdict}", places=places(mine)))
    return capitalised("; ".join(clauses)) + "." if clauses else words("carriers.none")


def transmission(sent: pd.DataFrame) -> str:
    """What is sent to the EU next, up to when, and how many of the awaited projects have reported what
    projects report of it; a word where their reports are due only after it is sent."""
    first = sent.iloc[0]
    names = listed([code.upper() for code in sent["indicator"]])
    told = [words("sent.sentence", names=names, cut_off=day(first["cut_off"]))]
    for row in rows(sent[sent["expected"].notna()]):
        name, count = row.indicator.upper(), int(row.expected)
        told.append(words("sent.reported", name=name, count=count, reported=int(row.reported)))
    if first["due_on"] > first["sent_by"]:
        told.append(words("sent.too_late", due=day(first["due_on"])))
    return " ".join(told)


def missing(count: int, period: str) -> str:
    """From how many projects the report of a half-year has not come."""
    if count == 0:
        return words("sent.none_missing", period=period_label(period))
    return words("sent.missing", count=count, period=period_label(period))


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def series(frame: pd.DataFrame, name: str) -> str:
    """The newest known value of a series and the one before it."""
    known = shown(frame).sort_values("period")
    if known.empty:
        return words("sentence.no_value", name=name)
    written = [
        (period_label(row.period), amount(row.value, row.unit, int(row.decimals)))
        for row in rows(known.tail(2))
    ]
    (before, old), (now, value) = written[0], written[-1]
    if len(written) == 1:
        return words("sentence.one_value", name=name, period=now, value=value)
    return words("sentence.series", name=name, period=now, value=value, before=before, old=old)


def change(name: str, before: str, now: str, reasons: list[str]) -> str:
    """A figure in an earlier release and in this one, and why it changed; ``reasons`` as written."""
    return words("sentence.change", name=name, before=before, now=now, reasons="; ".join(reasons))


def bridge(steps: Mapping[str, int], place: str) -> str:
    """From partnerships to eligible organisations."""
    return words(
        "sentence.bridge",
        place=place,
        partnerships=counted(steps["partnerships"], "partnerships"),
        distinct=counted(steps["distinct"], "organisations"),
        supported=steps["supported"],
        eligible=steps["eligible"],
        undecided=steps["undecided"],
    )


def breakdown(frame: pd.DataFrame, by: str) -> str:
    """Of which kind there are most organisations; how many reach how far; how large projects are.
    Columns: label, value; missing values are kinds of nothing."""
    known = frame[frame["value"] > 0]
    if known.empty:
        return words("sentence.no_organisations")
    if by == "several":
        projects, areas, goals = (int(value) for value in frame["value"])
        return words("sentence.reach", projects=projects, areas=areas, goals=goals)
    if by == "size":
        total = int(frame["value"].sum())
        return words("sentence.sizes", largest=frame["label"].iloc[0], count=total)
    top = known[known["value"] == known["value"].max()]
    return words("sentence.most", names=listed(list(top["label"])), count=int(top["value"].iloc[0]))


def turnover(frame: pd.DataFrame) -> str:
    """How many partnerships have begun and ended, and how many run. Columns: began, ended, running."""
    began, ended = int(frame["began"].sum()), int(frame["ended"].sum())
    return words(
        "sentence.turnover", began=counted(began, "partnerships"), ended=ended, running=began - ended
    )


def shared(pairs: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Which areas share most organisations, and how many pairs share any. Columns: area, other, value;
    most first. ``names``: of all areas."""
    if pairs.empty:
        return words("sentence.none_shared")
    top = pairs[pairs["value"] == pairs["value"].max()]
    told = [f"{names[row.area]} – {names[row.other]}" for row in rows(top)]
    more = f" {words('apart.others', count=len(told) - 3)}" if len(told) > 3 else ""
    return words(
        "sentence.shared",
        names="; ".join(told[:3]) + more,
        most=counted(top["value"].iloc[0], "organisations"),
        count=len(pairs),
        all=len(names) * (len(names) - 1) // 2,
    )


def alone(alone: list[str], without: list[str]) -> str:
    """Areas without a partner outside themselves, and areas without any organisation."""
    told = [words("sentence.alone", names=few(alone))] if alone else []
    told += [words("sentence.without", names=few(without))] if without else []
    return " ".join(told) or words("sentence.none_alone")


def few(names: list[str]) -> str:
    """Up to six names, else how many they are."""
    return listed(names) if len(names) <= 6 else words("sentence.many_areas", count=len(names))


def bridges(count: int, things: str) -> str:
    """How many organisations hold projects, areas or goals together."""
    return words(f"apart.sentence_{things}", count=count) if count else words(f"apart.none_{things}")


def falls_apart(name: str, parts: list[str], rest: str) -> str:
    """What loses contact without an organisation: the parts that fall off, and what is left."""
    return words("sentence.falls_apart", name=name, parts=" | ".join(parts), rest=rest)


def around(name: str, projects: int, partners: int) -> str:
    """In how many projects an organisation works, and with how many others."""
    return words("sentence.around", name=name, projects=projects, partners=partners)


def graph(organisations: int, projects: int, partnerships: int, parts: int) -> str:
    """What a graph consists of, counted among what is filtered."""
    return words(
        "sentence.graph",
        organisations=counted(organisations, "organisations"),
        projects=counted(projects, "projects"),
        partnerships=counted(partnerships, "partnerships"),
        parts=parts,
    )


def funnel(stages: pd.DataFrame) -> str:
    """The stages of the call's funnel; an unknown one is said to be unknown."""
    if stages.empty:
        return words("sentence.no_funnel")
    values = [
        words("state.not_available") if pd.isna(row.value) else amount(row.value, "projects")
        for row in rows(stages)
    ]
    told = [f"{label}: {value}" for label, value in zip(stages["label"], values, strict=True)]
    return " → ".join(told) + "."


def release(number: int, as_of, note: str) -> str:
    return words("sentence.release", release=number, day=day(as_of), note=note)
