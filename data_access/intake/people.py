"""Data about persons, which never belong in a report: found and refused wherever they stand in a file.

A finding never repeats what was found: only where it stands."""

import re

import numpy as np

from data_access.intake.files import Book, Texts
from data_access.intake.found import HIDDEN, TOLD_AT_MOST, Found
from data_access.intake.parsing.positions import letters
from data_access.intake.words import NO_ROWS, plain, sheets_by_name, words

HEADER_WITHIN = 10
"""Among how many rows a header is looked for."""
IDENTITY_CODE = re.compile(
    r"(?<![\w-])(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(\d\d)([-+A-FU-Y])(\d{3})([0-9A-FHJ-NPR-Y])(?![\w-])",
    re.IGNORECASE,
)
CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
PHONE = re.compile(r"(?<![\w-])(\+358|00358|0)[ -]?(4\d|50|[2-9])\d?([ -]?\d{2,4}){2,3}(?![\w-])")
BORN = re.compile(
    r"\b(s|synt|syntynyt|syntymäaika|f|född|fdd|born|dob)\b[.:]? ?\d{1,2}\.\d{1,2}\.\d{2,4}", re.IGNORECASE
)
PERSON_COLUMNS = frozenset(map(plain, words()["persons"]["headers"]))
"""Headers of columns about persons. A project's and an organisation's name have other headers."""

FIRST_NAMES = frozenset(words()["persons"]["first_names"].split())
"""Common first names in Finland: with a capitalised word after one, a text may name a person. Rare names are
not found, and none that stands alone."""
FULL_NAME = re.compile(
    r"\b([A-ZÅÄÖ][a-zåäö]+)(?:-[A-ZÅÄÖ][a-zåäö]+)? [A-ZÅÄÖ][a-zåäöé]+(?:-[A-ZÅÄÖ][a-zåäö]+)?\b"
)
FREE_TEXTS = ("reason", "set_by")
NAMES = ("name",)


def is_identity_code(text: str) -> bool | None:
    """Whether a text holds a Finnish personal identity code; none where only its check character does not
    hold.

    Source: Digital and Population Data Services Agency, *Personal identity code*: day, month and year of
    birth, a sign for the century (also B–F and U–Y since 2023), three digits; the check character is the
    remainder of the nine digits divided by 31."""
    found = [match.groups() for match in IDENTITY_CODE.finditer(text)]
    if not found:
        return False
    holds = [
        CHECK_CHARACTERS[int(day + month + year + digits) % 31] == check.upper()
        for day, month, year, _, digits, check in found
    ]
    return True if any(holds) else None


def names_person(text: str, column: str) -> bool:
    """Whether a free text names somebody; a name of a project or organisation only if it is nothing else,
    because many are named after people."""
    if column.startswith(NAMES):
        found = FULL_NAME.fullmatch(text)
        return found is not None and found[1] in FIRST_NAMES
    return column.startswith(FREE_TEXTS) and any(
        match[1] in FIRST_NAMES for match in FULL_NAME.finditer(text)
    )


def rule_of(text: str, column: str) -> tuple[str, str] | None:
    """The level and rule that a cell's text breaks, the gravest first."""
    if (code := is_identity_code(text)) is not False:
        return ("error", "identity_code") if code else ("warning", "like_identity_code")
    if "@" in text and ADDRESS.search(text):
        return "error", "mail_address"
    if BORN.search(text):
        return "error", "birth_date"
    if PHONE.search(text):
        return "warning", "phone_number"
    if names_person(text, column):
        return "warning", "person_name"
    return None


def check_book(book: Book, places: dict[str, dict[str, str]], found: Found) -> None:
    """Every cell of every sheet, the unknown ones too. ``places``: sheet → letters → column, of those that
    were recognised."""
    names = sheets_by_name()
    for sheet in book.sheets:
        code = next(iter(places), None) if book.kind == "csv" else names.get(plain(sheet.name), sheet.name)
        if code in NO_ROWS:
            continue
        for place, column in enumerate(sheet.columns):
            name = places.get(code or "", {}).get(letters(place), letters(place))
            check_column(column, sheet.numbers, code, name, found)


def check_column(texts: Texts, numbers: np.ndarray, sheet: str | None, column: str, found: Found) -> None:
    header = set(texts.at[:HEADER_WITHIN])
    for place, text in enumerate(texts.texts):
        is_header = place in header and plain(text) in PERSON_COLUMNS
        broken = ("error", "person_column") if is_header else rule_of(text, column)
        if broken is not None:
            for row in numbers[np.flatnonzero(texts.at == place)][:TOLD_AT_MOST]:
                found.add(*broken, sheet, int(row), column, text if is_header else HIDDEN)
