"""The texts of ``texts.toml``, read once."""

import re
import tomllib
from functools import cache
from pathlib import Path

from babel import Locale

LANGUAGES = ("fi", "sv", "en")
LOCALES = {"fi": Locale("fi", "FI"), "sv": Locale("sv", "FI"), "en": Locale("en", "GB")}
Entry = dict[str, str | dict[str, str]]


@cache
def texts() -> dict[str, dict[str, Entry]]:
    """section → entry → language → text, or plural form → text. A number is not parted from its %."""
    written = Path(__file__).with_name("texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(re.sub(r"(?<=[\d}]) %", "\N{NO-BREAK SPACE}%", written))


def text(key: str, language: str, count: float | None = None) -> str:
    """The text ``section.entry``, in the plural form that ``count`` asks for, its ``{name}`` unfilled.

    Raises KeyError where the key or the language is missing: no text falls back.
    """
    section, _, entry = key.partition(".")
    found = texts()[section][entry][language]
    if isinstance(found, str):
        return found
    return found.get(LOCALES[language].plural_form(count or 0)) or found["other"]
