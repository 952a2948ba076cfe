"""The reader's language, and everything written in it: words, numbers, money, dates.

The language comes from ``?lang=``, else from this session, else from the browser, else Finnish. It
stands in the link, so that a pasted link opens in the sender's language.
"""

import math
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

import streamlit as st
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from pages.frame import texts
from pages.frame.texts import LANGUAGES, LOCALES

NOTHING = "–"
TO_DATE = "to_date"
"""The period from the programme's beginning to the last day that a release knows."""
MINUS = "−"
DAY = {"fi": "d.M.yyyy", "sv": "d.M.yyyy", "en": "d MMMM yyyy"}
TIME = {"fi": "H.mm", "sv": "H.mm", "en": "H:mm"}
FINLAND = ZoneInfo("Europe/Helsinki")
AFTER_Z = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y"})


def choose_language() -> str:
    """Settle the language of this run and keep it in the link; once per run, before anything is written."""
    asked = st.query_params.get("lang")
    chosen = asked if asked in LANGUAGES else st.session_state.get("language") or browser_language()
    st.session_state["language"] = chosen
    if asked != chosen:
        st.query_params["lang"] = chosen
    return chosen


def browser_language() -> str:
    """The browser's first language where we have it, else Finnish."""
    first = (st.context.locale or "").lower()[:2]
    return first if first in LANGUAGES else "fi"


def language() -> str:
    """The language of this run: ``fi``, ``sv`` or ``en``."""
    return st.session_state.get("language", "fi")


def words(key: str, **values: Any) -> str:
    """The text ``section.entry`` in the reader's language. Whole numbers are written by its rules;
    ``count`` also chooses between singular and plural."""
    form = texts.text(key, language(), values.get("count"))
    written = {name: number(value) if type(value) is int else value for name, value in values.items()}
    return form.format_map(written) if values else form


def section_words(section: str) -> dict[str, str]:
    """All texts of a section that have no plural forms, for charts: they have no words of their own."""
    entries = texts.texts()[section].items()
    return {name: found for name, entry in entries if isinstance(found := entry[language()], str)}


def number(value: float | None, decimals: int = 0) -> str:
    """``12 345,6`` with no-break spaces and a true minus; half is rounded up, as Excel does. A dash
    for nothing."""
    if value is None or math.isnan(value):
        return NOTHING
    step = Decimal(1).scaleb(-decimals)
    with localcontext(prec=40):
        rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP) + 0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(rounded, format=pattern, locale=LOCALES[language()]).replace("-", MINUS)


def percent(share: float | None, decimals: int = 0) -> str:
    """A share (0.123) as ``12,3 %``; English has no space."""
    if share is None or math.isnan(share):
        return NOTHING
    space = "" if language() == "en" else "\N{NO-BREAK SPACE}"
    return f"{number(share * 100, decimals)}{space}%"


def euro(value: float | None, exact: bool = False) -> str:
    """Money: from a million on in millions with at most one decimal, unless ``exact``."""
    if value is None or math.isnan(value):
        return NOTHING
    if value < 0:
        return MINUS + euro(-value, exact)
    if exact or value < 1_000_000:
        return words("format.euro", amount=number(value)).replace(" ", "\N{NO-BREAK SPACE}")
    tenths = Decimal(repr(float(value) / 100_000)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    amount = number(float(tenths) / 10, 1 if tenths % 10 else 0)
    return words("format.million_euro", amount=amount).replace(" ", "\N{NO-BREAK SPACE}")


def day(value: date | None) -> str:
    """``21.11.2026``, in English ``21 November 2026``."""
    return NOTHING if value is None else format_date(value, DAY[language()], locale=LOCALES[language()])


def moment(value: datetime | None) -> str:
    """Day and time of day in Finland; a time without a zone is taken as UTC, as the store keeps it."""
    if value is None:
        return NOTHING
    local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(FINLAND)
    time = format_time(local, TIME[language()], locale=LOCALES[language()])
    return words("format.day_and_time", day=day(local.date()), time=time)


def period_label(period: str) -> str:
    """``2025h1`` → ``1–6/2025`` or ``Jan–Jun 2025``; ``2025`` as it is; ``to_date`` in words."""
    if period == TO_DATE:
        return words("period.to_date")
    year, half, which = period.partition("h")
    return words(f"period.h{which}", year=year) if half else year


def alphabetical(text: str) -> str:
    """A sort key by the Finnish and Swedish alphabet: å, ä, ö after z, other marks ignored."""
    folded = normalize("NFC", text.casefold()).translate(AFTER_Z)
    return "".join(letter for letter in normalize("NFD", folded) if not combining(letter))
