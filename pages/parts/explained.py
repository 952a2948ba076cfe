"""The method in plain words: rules with their thresholds read from the data, indicators, sources."""

import tomllib
from functools import cache
from pathlib import Path

import streamlit as st

from data_access.scope import ACTS, EVERYONE
from pages.charts.palette import STATUS_SYMBOLS, SYMBOLS
from pages.frame.language import NOTHING, day, language, number, percent, words
from pages.frame.navigation import PAGES
from pages.parts import amounts, boundaries, cached, methods, onward
from pages.parts.tables import Markup, html_table
from pages.parts.view import View

QUESTIONS = Path(__file__).parents[1] / "about"
ASKING = ("ministry", "regional")
"""Whose questions there are: ``questions_<who>.toml`` holds them by number."""
RULES = (
    "areas",
    "aggregation",
    "targets",
    "evidence",
    "comparison",
    "disclosure",
    "releases",
    "demonstration",
)


def method(reader: View) -> None:
    """Every rule, the kinds of nothing, the statuses, the thresholds, the releases, the roles."""
    limits = methods.thresholds(reader.scope, reader.language)
    for rule in RULES:
        st.subheader(words(f"about.{rule}"))
        st.markdown(words(f"about.{rule}_text", **limits))
        if rule == "disclosure":
            st.markdown(words("about.disclosure_choice"))
            st.markdown(protection(reader))
    table(
        "about.nothing",
        ("symbol", "meaning"),
        [
            ["0", words("state_long.zero")],
            *[[sign, words(f"state_long.{state}")] for state, sign in SYMBOLS.items()],
        ],
    )
    table(
        "about.statuses",
        ("symbol", "meaning"),
        [
            [f"{sign} {words(f'status.{status}')}", words(f"status_long.{status}", **limits)]
            for status, sign in STATUS_SYMBOLS.items()
        ],
    )
    rules = cached.rules(reader.scope, reader.language)
    table(
        "about.thresholds",
        ("rule", "value", "version", "source"),
        [
            [row.name, number(row.value, decimals(row.value)), str(row.version), row.source_title]
            for row in amounts.rows(rules)
        ],
        numbers=(1, 2),
    )
    releases = cached.releases(reader.scope, reader.language)
    table(
        "about.release_list",
        ("release", "state", "date", "note", "hash"),
        [
            [
                str(row.number),
                words(f"release_state.{row.state}"),
                day(row.as_of),
                row.note,
                row.content_hash[:12],
            ]
            for row in amounts.rows(releases)
        ],
    )
    roles()


def roles() -> None:
    """Who may do what, and on which pages: as the list of pages and the table of acts say it."""
    rows = [
        [
            words(f"act.{act}"),
            ", ".join(page.title for page in PAGES if act in page.acts),
            *("✓" if role in may else NOTHING for role in EVERYONE),
        ]
        for act, may in ACTS.items()
    ]
    heads = [words("table.act"), words("table.pages"), *(words(f"role.{role}") for role in EVERYONE)]
    st.subheader(words("about.roles"))
    st.html(html_table(heads, rows, caption=words("about.roles")))


def protection(reader: View) -> str:
    """What the reader's release protects, and what its audit said."""
    releases = cached.releases(reader.scope, reader.language)
    for release in amounts.rows(releases[releases["number"] == reader.release]):
        hidden = release.primary + release.complementary
        return words(
            "about.protection",
            release=release.number,
            published=number(release.published),
            share=percent(hidden / max(release.published, 1), 1),
            primary=number(release.primary),
            complementary=number(release.complementary),
            audit=words(f"audit.{release.audit}"),
        )
    return ""


def decimals(value: float) -> int:
    """As many decimals as the threshold has, three at most."""
    return next(places for places in range(4) if round(value, places) == round(value, 3))


def indicators(reader: View) -> None:
    """The data dictionary: every indicator with unit, definition, aggregation, assessor, source."""
    rows = cached.indicators(reader.scope, reader.language)
    table(
        "about.dictionary",
        ("indicator", "definition", "aggregation", "assessor", "caution", "source"),
        [
            [
                f"{row.code.upper()} {row.name}" if row.family != "programme" else row.name,
                row.definition,
                words(f"aggregation.{row.aggregation}"),
                row.assessor or "–",
                row.caution or "–",
                row.source_title,
            ]
            for row in amounts.rows(rows)
        ],
    )


def questions() -> None:
    """What officials ask: where each answer stands, and which data it still needs."""
    here = language()
    st.markdown(words("about.questions_text"))
    for who in ASKING:
        rows = [
            [
                number,
                each["question"][here],
                words(f"answer.{each['answer']}"),
                each["needs"][here] if "needs" in each else "–",
                Markup(way(each)) if "page" in each else "–",
            ]
            for number, each in asked(who).items()
        ]
        table(f"about.questions_{who}", ("number", "question", "answer", "needs", "where"), rows)


@cache
def asked(who: str) -> dict[str, dict]:
    """The questions of one of ``ASKING`` by number."""
    return tomllib.loads((QUESTIONS / f"questions_{who}.toml").read_text(encoding="utf-8"))


def way(question: dict) -> str:
    """A link to the page where the answer stands."""
    page = question["page"]
    return onward.anchor(page, words(f"title.{page}"), **question.get("choices", {}))


def sources(reader: View) -> None:
    """Where facts come from, and under which licence."""
    rows = cached.sources(reader.scope, reader.language)
    table(
        "about.source_list",
        ("source", "publisher", "published", "kind", "licence"),
        [
            [
                row.title,
                row.publisher or "–",
                row.published or "–",
                words(f"quality.{row.quality}"),
                row.licence or "–",
            ]
            for row in amounts.rows(rows)
        ],
    )
    table(
        "boundaries.title",
        ("scheme", "source", "date", "licence"),
        boundaries.listing(reader.scope, reader.language),
    )


def table(title: str, heads: tuple[str, ...], rows: list[list[str]], numbers: tuple[int, ...] = ()) -> None:
    st.subheader(words(title))
    st.html(
        html_table([words(f"table.{head}") for head in heads], rows, caption=words(title), numbers=numbers)
    )
