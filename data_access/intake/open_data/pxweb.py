"""Statistics Finland's tables (PxWeb API 1, answers in JSON-stat 2.0).

Names of dimensions change from year to year: a table's own description is asked first, and dimensions are
known by their role and by what stands in them."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from data_access.intake.checked import Unusable
from data_access.intake.open_data import Answer, Read, day_of, found, parsed, rows_of

MOST_CELLS = 100_000
TIME = re.compile(r"(puoli)?vuosi|(halv)?år|(half-?)?year|timeperiod.*", re.IGNORECASE)
PERIOD = re.compile(r"(\d{4})(?:[hH]([12]))?")
AREA = {
    "wellbeing": re.compile(r"HVA(\d\d)"),
    "maakunta": re.compile(r"MK(\d\d)"),
    "ely": re.compile(r"ELY(\d\d)"),
}
PREFIX = {"wellbeing": "hva", "maakunta": "mk", "ely": "ely"}
COUNTRY = ("koko maa", "hela landet", "whole country")
TOTAL = ("sss", "yhteensä", "totalt", "sammanlagt", "total")


class Choices(BaseModel, extra="forbid"):
    """``scheme``: the division that is taken; ``values``: a dimension's name → names or codes of what is
    wanted of it. Several are added up; a dimension that is not named is taken as its total."""

    scheme: Literal["wellbeing", "maakunta", "ely", "country"] = "wellbeing"
    values: dict[str, list[str]] = {}


class Dimension(NamedTuple):
    """``values``: code → name; ``role``: time, geo, metric or none."""

    code: str
    name: str
    values: dict[str, str]
    role: str | None


class Plan(NamedTuple):
    """What is taken of a table: ``time`` and ``area`` are codes of dimensions (no area: the table is of the
    whole country), ``wanted`` dimension → codes of values, ``areas`` code of a value → ours."""

    time: str
    area: str | None
    wanted: dict[str, list[str]]
    areas: dict[str, str]


def ask(address: str, choices: Choices, years: range | None, get: Callable[..., Answer]) -> list[Answer]:
    """What is wanted of a table, by its description. Raises ``Unusable`` where it has no such thing."""
    about = get(address)
    plan = planned(described(about), choices)
    wanted = plan.wanted
    if years is not None:
        within = [code for code in wanted[plan.time] if int(code[:4]) in years]
        wanted = {**wanted, plan.time: within}
    cells = prod(map(len, wanted.values()))
    if cells > MOST_CELLS:
        raise Unusable("answer_too_many_cells", cells=cells, most=MOST_CELLS)
    query = [
        {"code": code, "selection": {"filter": "item", "values": values}} for code, values in wanted.items()
    ]
    body = {"query": query, "response": {"format": "json-stat2"}}
    return [get(address, json.dumps(body, ensure_ascii=False).encode())]


def read(answers: list[Answer], choices: Choices, indicator: str) -> Read:
    """A table in JSON-stat as observations of one indicator. A sum of which a part is missing is missing.
    Raises ``Unusable`` for another form, for what the table has not, and for an empty one."""
    if len(answers) != 1:
        raise Unusable("answer_one", got=len(answers))
    table = parsed(answers[0])
    table = table.get("dataset", table) if isinstance(table, dict) else {}
    dimensions = dimensions_of(table, answers[0].address)
    plan = planned(dimensions, choices)
    observations, missing = [], 0
    for place, (period, area, value) in enumerate(cells(table, dimensions, plan), start=1):
        if value is None:
            missing += 1
            continue
        observations.append(
            {"indicator": indicator, "period": period, "area": area, "value": value, "row": place}
        )
    if not observations:
        raise Unusable("answer_empty", source=str(table.get("label", answers[0].address)))
    findings = [found("source_missing", "observations", count=missing)] if missing else []
    title = dict.fromkeys(("fi", "sv", "en"), str(table["label"])) if table.get("label") else None
    rows = {"observations": rows_of("observations", observations)}
    return Read(rows, findings, title, day_of(table.get("updated")))


def cells(
    table: dict[str, Any], dimensions: list[Dimension], plan: Plan
) -> Iterator[tuple[str, str, float | None]]:
    """period, area and value of everything that is wanted, in order."""
    values = table["value"]
    known = (
        values if isinstance(values, dict) else dict(zip(map(str, range(len(values))), values, strict=True))
    )
    step, steps = 1, {}
    for dimension in reversed(dimensions):
        steps[dimension.code] = step
        step *= len(dimension.values)
    at = {
        dimension.code: {code: number * steps[dimension.code] for number, code in enumerate(dimension.values)}
        for dimension in dimensions
    }
    added = [code for code in plan.wanted if code not in (plan.time, plan.area)]
    places = [
        sum(way) for way in product(*[[at[code][value] for value in plan.wanted[code]] for code in added])
    ]
    for area, ours in plan.areas.items() if plan.area else {"": "fi"}.items():
        for time in plan.wanted[plan.time]:
            start = at[plan.time][time] + (at[plan.area][area] if plan.area else 0)
            parts = [known.get(str(start + place)) for place in places]
            value = None if None in parts else sum(float(part) for part in parts if part is not None)
            yield time.lower(), ours, value


def described(answer: Answer) -> list[Dimension]:
    """The dimensions of a table's description."""
    about = parsed(answer)
    try:
        return [
            Dimension(
                each["code"],
                each.get("text", each["code"]),
                dict(zip(each["values"], each["valueTexts"], strict=True)),
                "time" if each.get("time") else None,
            )
            for each in about["variables"]
        ]
    except (TypeError, KeyError, ValueError) as error:
        raise Unusable("answer_form", address=answer.address, expected="PxWeb") from error


def dimensions_of(table: dict[str, Any], address: str) -> list[Dimension]:
    """The dimensions of a JSON-stat data set, in the order of its values."""
    try:
        roles = {code: role for role, codes in (table.get("role") or {}).items() for code in codes}
        made = []
        for code, size in zip(table["id"], table["size"], strict=True):
            about = table["dimension"][code]
            category = about["category"]
            names = category.get("label") or {}
            index = category.get("index") or list(names)
            codes = sorted(index, key=index.get) if isinstance(index, dict) else list(index)
            if len(codes) != size:
                raise ValueError(code)
            values = {each: str(names.get(each, each)) for each in codes}
            made.append(Dimension(code, str(about.get("label", code)), values, roles.get(code)))
        if not isinstance(table["value"], dict) and len(table["value"]) != prod(table["size"]):
            raise ValueError("value")
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise Unusable("answer_form", address=address, expected="JSON-stat 2.0") from error
    return made


def planned(dimensions: list[Dimension], choices: Choices) -> Plan:
    """What is wanted of a table with these dimensions. Raises ``Unusable``."""
    time = next((each for each in dimensions if is_time(each)), None)
    if time is None:
        raise Unusable("answer_no_time", dimensions=", ".join(each.name for each in dimensions))
    scheme = choices.scheme
    by_area = [(each, areas_in(each, scheme)) for each in dimensions if each is not time]
    area, areas = max(by_area, key=lambda pair: len(pair[1]), default=(None, {}))
    if not areas and scheme != "country":
        raise Unusable("answer_no_areas", scheme=scheme)
    wanted = {time.code: list(time.values)}
    if areas and area is not None:
        wanted[area.code] = list(areas)
    asked = {name.casefold(): values for name, values in choices.values.items()}
    for each in dimensions:
        if each.code not in wanted:
            names = {each.code.casefold(), each.name.casefold()} & asked.keys()
            wanted[each.code] = taken(each, asked.pop(names.pop()) if names else None)
    if asked:
        raise Unusable("answer_no_dimension", name=next(iter(asked)))
    return Plan(time.code, area.code if areas and area is not None else None, wanted, areas)


def is_time(dimension: Dimension) -> bool:
    named = dimension.role == "time" or any(map(TIME.fullmatch, (dimension.code, dimension.name)))
    return named and all(map(PERIOD.fullmatch, dimension.values))


def areas_in(dimension: Dimension, scheme: str) -> dict[str, str]:
    """The values of a dimension that are areas of the division: code → ours."""
    if scheme == "country":
        return {code: "fi" for code, name in dimension.values.items() if name.casefold() in COUNTRY}
    matches = {code: AREA[scheme].match(code) for code in dimension.values}
    return {code: f"{PREFIX[scheme]}{match[1]}" for code, match in matches.items() if match}


def taken(dimension: Dimension, asked: list[str] | None) -> list[str]:
    """The codes of a dimension's values that are wanted: those asked for by code or name, else the total."""
    known = {each.casefold(): code for code, name in dimension.values.items() for each in (name, code)}
    if asked is None:
        if len(dimension.values) == 1:
            return list(dimension.values)
        asked = [next((each for each in TOTAL if each in known), "")]
    missing = [each for each in asked if each.casefold() not in known]
    if missing or not asked or (dimension.role == "metric" and len(asked) > 1):
        few = ", ".join(list(dimension.values.values())[:12])
        raise Unusable("answer_choose", dimension=dimension.name, values=few)
    return [known[each.casefold()] for each in asked]
