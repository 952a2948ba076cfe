"""THL's indicator bank Sotkanet (REST API 1.1): one of its indicators becomes one of ours.

The API is meant for fetching in batches, years are repeated (a list with commas is refused), a client has
to say who it is, and rows name regions by an internal id, which ``/regions`` explains."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel

from data_access.intake.checked import Unusable
from data_access.intake.open_data import Answer, Read, day_of, found, parsed, rows_of

ADDRESS = "https://sotkanet.fi/rest/1.1"
YEARS_AT_ONCE = 10
CATEGORIES = {"wellbeing": "HYVINVOINTIALUE", "maakunta": "MAAKUNTA", "ely": "ELY-KESKUS", "country": "MAA"}
PREFIXES = {"wellbeing": "hva", "maakunta": "mk", "ely": "ely"}
COUNTRY = 658
TITLES = {
    "fi": "{title} (Sotkanet, indikaattori {number})",
    "sv": "{title} (Sotkanet, indikator {number})",
    "en": "{title} (Sotkanet, indicator {number})",
}
NUMBERS = {"value": ("value",), "absolute": ("absValue", "absoluteValue", "absolute_value")}
PARTS = {"indicator": "/indicators/…", "regions": "/regions", "rows": "/json"}


class Choices(BaseModel, extra="forbid"):
    """``indicator``: its number there; ``gender``; ``scheme``: the division that is taken; ``number``: the
    value as it is shown, or the absolute number behind it."""

    indicator: int
    gender: Literal["total", "male", "female"] = "total"
    scheme: Literal["wellbeing", "maakunta", "ely", "country"] = "wellbeing"
    number: Literal["value", "absolute"] = "value"


def ask(address: str, choices: Choices, years: range | None, get: Callable[[str], Answer]) -> list[Answer]:
    """The answers that an indicator needs: its description, the regions, and its rows in batches of years."""
    about = get(f"{address}/indicators/{choices.indicator}")
    if years is None:
        span = parsed(about).get("range") or {}
        if not {"start", "end"} <= span.keys():
            raise Unusable("answer_form", address=about.address, expected=PARTS["indicator"])
        years = range(int(span["start"]), int(span["end"]) + 1)
    answers = [about, get(f"{address}/regions")]
    for first in range(years.start, years.stop, YEARS_AT_ONCE):
        batch = years[first - years.start : first - years.start + YEARS_AT_ONCE]
        asked = "".join(f"&years={year}" for year in batch)
        answers.append(get(f"{address}/json?indicator={choices.indicator}{asked}&genders={choices.gender}"))
    return answers


def read(answers: list[Answer], choices: Choices, indicator: str) -> Read:
    """The rows of one indicator as observations. Raises ``Unusable`` for other answers than its own, and
    for an empty one."""
    about, regions, rows = sorted_out(answers)
    if str(about.get("id")) != str(choices.indicator):
        raise Unusable("answer_of_another", asked=choices.indicator, got=about.get("id"))
    areas = areas_of(regions, choices.scheme)
    wanted = [
        row
        for row in rows
        if str(row.get("indicator")) == str(choices.indicator)
        and row.get("gender", "total") == choices.gender
        and row.get("region") in areas
    ]
    names = NUMBERS[choices.number]
    published = day_of(about.get("data-updated"))
    observations, missing = [], 0
    for place, row in enumerate(wanted, start=1):
        value = next((row[name] for name in names if row.get(name) is not None), None)
        if value is None:
            missing += 1
            continue
        observations.append(
            {
                "indicator": indicator,
                "period": str(row["year"]),
                "area": areas[row["region"]],
                "value": float(value),
                "row": place,
            }
        )
    if not observations:
        raise Unusable("answer_empty", source=f"Sotkanet {choices.indicator}")
    findings = [found("source_missing", "observations", count=missing)] if missing else []
    title = {
        each: form.format(title=about["title"][each], number=choices.indicator)
        for each, form in TITLES.items()
    }
    return Read({"observations": rows_of("observations", observations)}, findings, title, published)


def sorted_out(answers: list[Answer]) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """Description, regions and rows, each known by what it holds, in whatever order they come."""
    about: dict[str, Any] | None = None
    regions: list[dict[str, Any]] | None = None
    rows: list[dict[str, Any]] | None = None
    for answer in answers:
        content = parsed(answer)
        if isinstance(content, dict) and set(TITLES) <= set(content.get("title") or ()):
            about = content
        elif isinstance(content, list) and all(isinstance(each, dict) for each in content):
            if content and "category" in content[0]:
                regions = content
            elif all({"indicator", "region", "year"} <= each.keys() for each in content):
                rows = [*(rows or []), *content]
            else:
                raise Unusable("answer_form", address=answer.address, expected=PARTS["rows"])
        else:
            raise Unusable("answer_form", address=answer.address, expected=PARTS["indicator"])
    for part, there in {"indicator": about, "regions": regions, "rows": rows}.items():
        if there is None:
            raise Unusable("answer_missing", part=PARTS[part])
    assert about is not None
    assert regions is not None
    assert rows is not None
    return about, regions, rows


def areas_of(regions: list[dict[str, Any]], scheme: str) -> dict[Any, str]:
    """Internal id → code of our area, for the regions of one division: joined by their official code."""
    if scheme == "country":
        return {COUNTRY: "fi"}
    prefix, category = PREFIXES[scheme], CATEGORIES[scheme]
    return {
        each["id"]: f"{prefix}{str(each['code']).zfill(2)}"
        for each in regions
        if each.get("category") == category and str(each.get("code", "")).isdecimal()
    }
