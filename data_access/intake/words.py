"""The words of ``words.toml``: headers, notes, and for each rule what is wrong and what to do."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from data_access.intake.layout import SHEET_OF
from data_access.models import LANGUAGES

NO_ROWS = {"about", "lists"}
"""Sheets of a template that hold no rows: instructions and the lists of codes."""


@cache
def words() -> dict[str, Any]:
    """section → entry → language → text; a rule's entry has ``what`` and ``todo`` before the language."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def word(section: str, entry: str, language: str) -> str:
    """Raises KeyError where the entry or the language is missing: no word falls back."""
    return words()[section][entry][language]


def sheet_name(code: str, language: str) -> str:
    return word("sheet", code, language)


def header(sheet: str, column: str, language: str) -> str:
    """A column's header; one that means something else on this sheet has words of its own there."""
    return own("header", sheet, column)[language]


def note(sheet: str, column: str, language: str) -> str:
    """What a column holds, for the one who fills it in."""
    return own("note", sheet, column)[language]


def own(section: str, sheet: str, column: str) -> dict[str, str]:
    found = words()[section]
    return found.get(f"{sheet}_{column}") or found[column]


def named(sheet: str | None, column: str | None, language: str) -> tuple[str, str]:
    """A finding's sheet and column as the reader knows them: words for codes, else as the file has them."""
    if sheet not in SHEET_OF:
        return sheet or "", column or ""
    known = {each.code for each in SHEET_OF[sheet].columns}
    return sheet_name(sheet, language), header(sheet, column, language) if column in known else column or ""


def told(finding: Mapping[str, Any], language: str) -> tuple[str, str]:
    """What is wrong and what to do, of a row of ``Checked.findings`` or of ``Unusable`` (rule and detail)."""
    rule = words()["rule"][finding["rule"]]
    sheet, column = named(finding.get("sheet"), finding.get("column"), language)
    said = {"sheet": sheet, "column": column, "value": in_language(finding.get("value"), language)}
    said |= {name: in_language(each, language) for name, each in finding["detail"].items()}
    return rule["what"][language].format_map(said), rule["todo"][language].format_map(said)


def in_language(value: Any, language: str) -> str:
    """A value or a detail of a finding as words: numbers with the language's decimal mark."""
    if isinstance(value, dict):
        return value[language]
    if isinstance(value, float):
        text = f"{value:.15g}"
        return text if language == "en" else text.replace(".", ",")
    return "" if value is None else str(value)


@cache
def sheets_by_name() -> dict[str, str]:
    """Names of sheets in any language, and their codes → codes; also of the sheets that hold no rows."""
    return {
        plain(name): code for code in words()["sheet"] for name in (code, *words()["sheet"][code].values())
    }


@cache
def columns_by_header(sheet: str) -> dict[str, str]:
    """Headers of a sheet's columns in any language, and their codes → codes."""
    return {
        plain(name): column.code
        for column in SHEET_OF[sheet].columns
        for name in (column.code, *(header(sheet, column.code, language) for language in LANGUAGES))
    }


def plain(name: str) -> str:
    """A header as it is compared: case, spaces, underscores and the mark of a required column aside."""
    return " ".join(name.replace("_", " ").replace("*", " ").casefold().split())
