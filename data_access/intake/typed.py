"""One cell's text as what its column holds. Each function takes a text that is not empty and gives its value,
or raises ``Wrong`` with a rule of ``words.toml``."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from data_access.models import BUSINESS_ID, business_id_is_valid

LONGEST_TEXT = 500
YEARS = (2000, 2060)
NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}( \d{3})+)([.,]\d+)?")
SCIENTIFIC = re.compile(r"-?\d+(\.\d+)?e[+-]?\d+", re.IGNORECASE)
COMMA_THOUSAND = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
POINT_THOUSAND = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DOTTED_DAY = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
UNCLEAR_DAY = re.compile(r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}")
PERIOD = re.compile(r"(\d{4})(?: ?h([12]))?", re.IGNORECASE)
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
FORMULA = re.compile(r"[=@]|[+-].*[(|!]")
BROKEN_LETTERS = re.compile("\ufffd|Ã[\u0080-\u00bf¤¶…„–]|Â[\u0080-\u00bf]")
TRUTHS = {
    **dict.fromkeys(("true", "1", "kyllä", "k", "tosi", "ja", "j", "sant", "yes", "y", "x"), True),
    **dict.fromkeys(("false", "0", "ei", "e", "epätosi", "nej", "n", "falskt", "no"), False),
}


class Wrong(ValueError):
    """A text that its column cannot hold; ``value`` is what it is read as where it is only unclear."""

    def __init__(self, rule: str, value: Any = None, **detail: Any) -> None:
        super().__init__(rule)
        self.rule, self.value, self.detail = rule, value, detail


def number(text: str) -> float:
    """12 · 12,5 · 12.5 · 1 234 567,8: no units. 12,345 may be twelve or twelve thousand."""
    text = text.replace("−", "-")
    if not NUMBER.fullmatch(text) and not SCIENTIFIC.fullmatch(text):
        raise Wrong("not_a_number")
    value = float(text.replace(" ", "").replace(",", "."))
    if abs(value) > 1e13:
        raise Wrong("number_too_large")
    if COMMA_THOUSAND.fullmatch(text):
        raise Wrong("number_unclear", value, read=value)
    return value


def written_number(text: str) -> float:
    """A number in a text file, where a point may have been set between thousands as well."""
    value = number(text)
    if POINT_THOUSAND.fullmatch(text):
        raise Wrong("number_unclear", value, read=value)
    return value


def count(text: str) -> float:
    value = number(text)
    if value < 0:
        raise Wrong("negative")
    if value != int(value):
        raise Wrong("not_whole")
    return value


def day(text: str) -> date:
    """2026-02-01 · 1.2.2026, the day first."""
    if found := ISO_DAY.fullmatch(text):
        parts = found.groups()
    elif found := DOTTED_DAY.fullmatch(text):
        parts = found.groups()[::-1]
    else:
        raise Wrong("date_unclear" if UNCLEAR_DAY.fullmatch(text) else "not_a_date")
    try:
        value = date(*map(int, parts))
    except ValueError as problem:
        raise Wrong("no_such_day") from problem
    if not YEARS[0] <= value.year <= YEARS[1]:
        raise Wrong("date_far_away", first=YEARS[0], last=YEARS[1])
    return value


def period(text: str) -> str:
    """2026h1 · 2026 H1 · 2026."""
    found = PERIOD.fullmatch(text)
    if found is None or not YEARS[0] <= int(found[1]) <= YEARS[1]:
        raise Wrong("not_a_period")
    return f"{found[1]}h{found[2]}" if found[2] else found[1]


def truth(text: str) -> bool:
    if (value := TRUTHS.get(text.lower())) is None:
        raise Wrong("not_yes_or_no")
    return value


def code(text: str) -> str:
    """Codes are lower-case; how they were typed does not matter. Which there are is another rule."""
    if not CODE.fullmatch(text.lower()):
        raise Wrong("not_a_code")
    return text.lower()


def codes(text: str) -> str:
    """Several codes in alphabetical order, with spaces between, however they were divided."""
    return " ".join(sorted({code(each) for each in re.split(r"[\s,;]+", text) if each}))


def business_id(text: str) -> str:
    if not BUSINESS_ID.fullmatch(text):
        raise Wrong("business_id_form")
    if not business_id_is_valid(text):
        raise Wrong("business_id_check_digit")
    return text


def plain(text: str) -> str:
    if FORMULA.match(text):
        raise Wrong("formula_text")
    if len(text) > LONGEST_TEXT:
        raise Wrong("text_too_long", letters=len(text), limit=LONGEST_TEXT)
    if BROKEN_LETTERS.search(text):
        raise Wrong("broken_letters")
    return text


READINGS: dict[str, Callable[[str], Any]] = {
    "text": plain,
    "code": code,
    "codes": codes,
    "number": number,
    "count": count,
    "date": day,
    "period": period,
    "truth": truth,
    "business_id": business_id,
}
WRITTEN: dict[str, Callable[[str], Any]] = READINGS | {"number": written_number}
"""The same for text files."""
WARNINGS = {"number_unclear"}
"""Rules that only ask to be looked at: the text was read all the same."""
