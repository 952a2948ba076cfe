"""One sentence per figure, by rule: the finding in the reader's language.

Place names come inflected from the data, counts with their nouns from the texts. A sentence never
says more than its frame shows: what is hidden or missing is named as such."""

from collections.abc import Mapping

import pandas as pd

from pages.charts.palette import SHOWN
from pages.frame.language import alphabetical, day, period_label, words
from pages.parts.amounts import COUNTED, amount, counted, rows


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["state"].isin(SHOWN) & frame["value"].notna()]


def areas(frame: pd.DataFrame, name: str, country: pd.Series | None) -> str:
    """Where a figure is highest and lowest among areas, and what it is in the whole country.
    Values that are written alike are one place in the order: more than three are only counted."""
    known = shown(frame)
    if known.empty:
        return words("sentence.no_area", name=name)
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


def several(count: int) -> str:
    """How many organisations work in two or more projects."""
    return words("sentence.several", count=count)


def types(frame: pd.DataFrame) -> str:
    """The commonest type of organisation. Columns: label, value."""
    if frame.empty:
        return words("sentence.no_organisations")
    total = int(frame["value"].sum())
    top = frame.loc[frame["value"].idxmax()]
    return words("sentence.types", type=top["label"], count=int(top["value"]), total=total)


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
