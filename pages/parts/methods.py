"""How figures are made, in plain words, from the data that decides them."""

import pandas as pd

from data_access.scope import Scope
from pages.frame.language import language as reader_language
from pages.frame.language import number, percent, words
from pages.parts import cached

NAMED = ("programme", "context")
"""Families whose codes are ours, not the programme's."""


def label(code: str, row: pd.Series) -> str:
    """``NR1 Koettu palvelun laatu``; what the documents give no code has its name only."""
    named = row["family"] in NAMED or code.upper() in row["short"]
    return row["short"] if named else f"{code.upper()} {row['short']}"


def labels(scope: Scope, language: str) -> dict[str, str]:
    """The labels of all indicators by code."""
    rows = cached.indicators(scope, language).set_index("code")
    return {str(code): label(str(code), row) for code, row in rows.iterrows()}


def indicator(scope: Scope, row: pd.Series) -> list[str]:
    """Definition, aggregation, assessor and caution of an indicator, as paragraphs."""
    paragraphs = [
        f"**{row['name']}**",
        row["definition"],
        words(f"aggregation.{row['aggregation']}"),
        words(f"time_kind.{row['time_kind']}"),
    ]
    if pd.notna(row["scale_high"]):
        paragraphs.append(words("method.scale", low=int(row["scale_low"]), high=int(row["scale_high"])))
    if isinstance(row["assessor"], str):
        paragraphs.append(words("method.assessor", who=row["assessor"]))
    if row["person_data"] in ("counts", "respondents"):
        limits = thresholds(scope, reader_language())
        paragraphs.append(words("method.protection", low=limits["low"], high=limits["high"]))
    if isinstance(row["caution"], str):
        paragraphs.append(words("method.caution", text=row["caution"]))
    return paragraphs


def judgement(scope: Scope, language: str) -> list[str]:
    """How a status is given, and how evidence vetoes it, with the thresholds in force."""
    limits = thresholds(scope, language)
    return [words("goals.method_status", **limits), words("goals.method_evidence", **limits)]


def thresholds(scope: Scope, language: str) -> dict[str, str]:
    """The thresholds as a text writes them, by the name that texts use."""
    rules = cached.rules(scope, language).set_index("code")["value"]
    return {
        "on_course": percent(rules["status_on_course"]),
        "behind": percent(rules["status_behind"]),
        "coverage": percent(rules["evidence_coverage"]),
        "days": number(rules["evidence_age_days"]),
        "respondents": number(rules["evidence_respondents"]),
        "low": number(rules["protect_low"]),
        "high": number(rules["protect_high"]),
        "confidence": percent(rules["confidence"]),
    }
