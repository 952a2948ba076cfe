"""Data about persons, which never belong in a report: found and refused wherever they stand in a file.

A finding never repeats what was found: only where it stands."""

import re

import numpy as np

from data_access.intake.files import Book, Texts
from data_access.intake.found import TOLD_AT_MOST, Found
from data_access.intake.parsing.positions import letters
from data_access.intake.words import NO_ROWS, plain, sheets_by_name

HIDDEN = "•••"
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
PERSON_COLUMNS = {
    plain(name)
    for name in (
        "etunimi", "etunimet", "sukunimi", "kutsumanimi", "koko nimi", "henkilön nimi", "asiakkaan nimi",
        "henkilötunnus", "hetu", "sotu", "syntymäaika", "syntymäpäivä", "ikä", "sukupuoli", "kotiosoite",
        "osoite", "sähköposti", "puhelin", "puhelinnumero", "yhteyshenkilö", "asiakas", "lapsen nimi",
        "förnamn", "efternamn", "tilltalsnamn", "personens namn", "klientens namn", "personnummer",
        "personbeteckning", "födelsedatum", "födelsetid", "ålder", "kön", "hemadress", "adress", "e-post",
        "telefon", "telefonnummer", "kontaktperson", "klient", "barnets namn",
        "first name", "last name", "surname", "family name", "given name", "full name", "person", "client",
        "personal identity code", "social security number", "ssn", "date of birth", "birth date", "birthday",
        "dob", "age", "sex", "gender", "home address", "address", "e-mail", "email", "phone", "phone number",
        "contact person", "nimi", "namn", "name",
    )
}  # fmt: skip
"""Headers of columns about persons. A project's and an organisation's name have other headers."""


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


def rule_of(text: str) -> tuple[str, str] | None:
    """The level and rule that a cell's text breaks, the gravest first."""
    if (code := is_identity_code(text)) is not False:
        return ("error", "identity_code") if code else ("warning", "like_identity_code")
    if "@" in text and ADDRESS.search(text):
        return "error", "mail_address"
    if BORN.search(text):
        return "error", "birth_date"
    if PHONE.search(text):
        return "warning", "phone_number"
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
        broken = ("error", "person_column") if is_header else rule_of(text)
        if broken is not None:
            for row in numbers[np.flatnonzero(texts.at == place)][:TOLD_AT_MOST]:
                found.add(*broken, sheet, int(row), column, text if is_header else HIDDEN)
