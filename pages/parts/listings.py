"""The lists behind the counts of the network: each count is a link that opens exactly its list.

A list has a code and, where it needs one, a value (``of``): the organisations of a type, in an area, in
two areas at once, in a project; the partnerships that began in a half-year."""

from collections.abc import Callable, Sequence
from html import escape
from itertools import combinations

import pandas as pd
import streamlit as st

from pages.charts.palette import SHOWN
from pages.frame.language import alphabetical, day, period_label, words
from pages.parts import amounts, cached, compared, filters, onward
from pages.parts.listed import counted_as, list_card, projects_card
from pages.parts.tables import Markup
from pages.parts.view import PROGRAMME, View

Choices = cached.Choices
PAGE_OF = 200
FEW_ENOUGH = 400
"""Rows on one page of a list, and choices in one select box."""

ORGANISATIONS: dict[str, Callable[[pd.DataFrame, str], pd.Series]] = {
    "distinct": lambda rows, of: rows["identity"].notna(),
    "supported": lambda rows, of: rows["supported"],
    "eligible": lambda rows, of: rows["supported"] & rows["eligible"].eq(True),
    "undecided": lambda rows, of: rows["supported"] & rows["eligible"].isna(),
    "several_projects": lambda rows, of: rows["projects"].map(len) > 1,
    "several_areas": lambda rows, of: rows["areas"].map(len) > 1,
    "several_goals": lambda rows, of: rows["goals"].map(len) > 1,
    "type": lambda rows, of: rows["type"] == of,
    "role": lambda rows, of: rows["roles"].map(lambda roles: of in roles),
    "areas": lambda rows, of: rows["areas"].map(lambda areas: set(of.split(".")) <= set(areas)),
    "project": lambda rows, of: rows["projects"].map(lambda projects: of in projects),
}
IN_AREA = {"area": "distinct", "area_eligible": "eligible"}
"""The lists of one area: counted among its projects only."""
TURNS = ("began", "ended", "running")
PROJECTS = ("by_size", "size")
LISTS = ("partnerships", *ORGANISATIONS, *IN_AREA, *TURNS, *PROJECTS, "projects")
WITH_VALUE = ("type", "role", *IN_AREA, "areas", "project", *TURNS, "size")
BY_AREA = (*IN_AREA, "areas", "several_areas")


def opening(choices: Choices, label: str, which: str, of: str = "", **other: str) -> Markup:
    """A count as the link to its list; ``other`` choices than those of the page, where it has any."""
    kept = {"goal": choices.goal, "period": choices.period, "scheme": choices.scheme} | other
    said = {"view": "lists", "list": which, "rows": "1"} | ({"of": of} if of else {})
    return Markup(onward.anchor("organisations", label, card="list", **said, **kept))


def count_link(choices: Choices, count: float, which: str, of: str = "", **other: str) -> str:
    """A number that opens its list; nothing is behind a zero."""
    written = amounts.amount(count, "organisations")
    return opening(choices, written, which, of, **other) if count else written


def ways(counts: list[tuple[str, float, str]], choices: Choices) -> None:
    """Counts under a chart, each the way to its list: label, count, list."""
    items = "".join(
        f"<li>{escape(label)}: {count_link(choices, count, which)}</li>" for label, count, which in counts
    )
    st.html(f'<ul class="ways">{items}</ul>')


def choose_scheme(reader: View, choices: Choices) -> Choices:
    """The division into areas, where a count needs one."""
    schemes = compared.choices(reader.scope, reader.language).schemes
    label = words("filters.scheme")
    return choices._replace(scheme=filters.choose("scheme", schemes, default="maakunta", label=label))


def organisations(reader: View, choices: Choices) -> pd.DataFrame:
    """The organisations that are chosen, a row each."""
    return cached.organisations(reader.scope, reader.release, PROGRAMME, reader.language, choices)


def lists(reader: View, choices: Choices) -> None:
    """Let the reader choose a list and, where it needs one, its value; then show it."""
    with st.container(horizontal=True, key="choices_list", vertical_alignment="bottom"):
        names = {code: words(f"list.{code}") for code in LISTS}
        which = filters.choose("list", names, default="distinct", label=words("list.label"))
        if which in BY_AREA:
            choices = choose_scheme(reader, choices)
        of, name = value_of(reader, choices, which)
    if which == "projects":
        goals = cached.goals(reader.scope, PROGRAMME, reader.language).set_index("code")["short"]
        projects_card(reader, PROGRAMME, goals.get(choices.goal), "si6")
        return
    if of or which not in WITH_VALUE:
        show(reader, choices, which, of, name)
    else:
        st.info(words("list.nothing"))


def value_of(reader: View, choices: Choices, which: str) -> tuple[str, str]:
    """Code and name of the value that the list is asked for; a longer choice than a select box should
    hold comes from the link that opened the list."""
    options = values_of(reader, choices, which)
    if not options:
        return "", ""
    first = next(iter(options))
    if len(options) <= FEW_ENOUGH:
        of = filters.choose("of", options, default=first, label=words("list.of"))
    else:
        of = filters.current("of", options, first)
        filters.keep("of", of)
    return of, options[of]


def values_of(reader: View, choices: Choices, which: str) -> dict[str, str]:
    """The values that a list can have here, code → text; none for a list that needs none."""
    asked = (reader.scope, reader.release, PROGRAMME, reader.language, choices)
    if which in ("type", "role"):
        section, column = ("organisation_type", "type") if which == "type" else ("partner_role", "role")
        codes = cached.partnerships_chosen(*asked)[column].unique()
        return ordered({code: words(f"{section}.{code}") for code in codes})
    if which in IN_AREA:
        return area_names(reader, choices)
    if which == "areas":
        pairs = combinations(area_names(reader, choices).items(), 2)
        return {f"{one}.{other}": f"{name} – {its}" for (one, name), (other, its) in pairs}
    if which in TURNS:
        return {code: period_label(code) for code in reversed(cached.turnover(*asked)["period"].tolist())}
    if which == "project":
        rows = cached.project_sizes(*asked)
        return ordered(dict(zip(rows["project"], rows["name"], strict=True)))
    if which == "size":
        sizes = sorted(set(cached.project_sizes(*asked)["organisations"]), reverse=True)
        return {str(size): amounts.counted(size, "organisations") for size in sizes}
    return {}


def ordered(names: dict[str, str]) -> dict[str, str]:
    """By name, as the alphabet has it."""
    return dict(sorted(names.items(), key=lambda item: alphabetical(item[1])))


def area_names(reader: View, choices: Choices) -> dict[str, str]:
    """The areas of the scheme chosen whose organisations can be counted, in their order."""
    rows = areas_of(reader, choices)
    counted = rows[rows["state"].isin(SHOWN)]
    return dict(zip(counted["area"], counted["area_name"], strict=True))


def areas_of(reader: View, choices: Choices) -> pd.DataFrame:
    """The figures of distinct and eligible organisations by area."""
    asked = (reader.scope, reader.release, reader.language, ("si6", "eeco18"))
    return cached.figures(*asked, choices.scheme, choices.period, choices.goal).drop_duplicates("area")


def show(reader: View, choices: Choices, which: str, of: str, name: str) -> None:
    """One list as a card, a page of it at a time; the file has all of it."""
    title = words(f"list.{which}") + (f": {name}" if name else "")
    if which in IN_AREA:
        which, choices = IN_AREA[which], choices._replace(area=of)
    asked = (reader.scope, reader.release, PROGRAMME, reader.language, choices)
    if which in ("partnerships", *TURNS):
        found = cached.turned(*asked, which, of) if which in TURNS else cached.partnerships_chosen(*asked)
        rows, unit, heads, write = found, "partnerships", PARTNERSHIP_HEADS, written_partnership
    elif which in PROJECTS:
        found = cached.project_sizes(*asked)
        rows = found if which == "by_size" else found[found["organisations"] == int(of)]
        unit, heads, write = "projects", PROJECT_HEADS, project_writer(choices)
    else:
        found = cached.organisations(*asked)
        rows = found[ORGANISATIONS[which](found, of).astype(bool)]
        rows = rows.sort_values("name", key=lambda names: names.map(alphabetical))
        unit, heads, write = "organisations", ORGANISATION_HEADS, organisation_writer(reader, choices)
    sentence = words("list.sentence", counted=amounts.counted(len(rows), unit))
    first = page_of(len(rows)) * PAGE_OF
    shown = [write(row) for row in amounts.rows(rows.iloc[first : first + PAGE_OF])]
    if len(rows) > PAGE_OF:
        sentence += " " + words("list.page", first=first + 1, last=first + len(shown))
    written = [words(f"table.{head}") for head in heads]
    list_card(reader, "list", title, sentence, flat(rows), written, shown)


def page_of(count: int) -> int:
    """Let the reader choose a page of a long list; its number from 0."""
    if count <= PAGE_OF:
        return 0
    pages = range(-(-count // PAGE_OF))
    spans = {str(i + 1): f"{i * PAGE_OF + 1}–{min((i + 1) * PAGE_OF, count)}" for i in pages}
    return int(filters.choose("rows", spans, default="1", label=words("list.rows"))) - 1


ORGANISATION_HEADS = ("organisation", "type", "projects", "areas", "goals", "counted")
PARTNERSHIP_HEADS = ("organisation", "type", "role", "project", "dates", "counted", "source")
PROJECT_HEADS = ("project", "count", "source")


def organisation_writer(reader: View, choices: Choices) -> Callable[[amounts.Row], list[str]]:
    """Writes an organisation with the names of what it works in."""
    names = names_of(reader, choices)

    def write(row: amounts.Row) -> list[str]:
        things = [joined(names[things], getattr(row, things)) for things in ("projects", "areas", "goals")]
        who = organisation_link(choices, row)
        return [who, words(f"organisation_type.{row.type}"), *things, counted_as(row)]

    return write


def organisation_link(choices: Choices, row: amounts.Row) -> Markup:
    """An organisation's name as the way to its own network; columns: identity, name."""
    kept = {"goal": choices.goal, "period": choices.period, "area": "", "type": "all"}
    return Markup(
        onward.anchor("organisations", row.name, card="own", view="graph", organisation=row.identity, **kept)
    )


def names_of(reader: View, choices: Choices) -> dict[str, dict[str, str]]:
    """The names of projects, areas and goals by code."""
    projects = cached.projects(reader.scope, reader.release, PROGRAMME, reader.language)
    goals = cached.goals(reader.scope, PROGRAMME, reader.language)
    return {
        "projects": dict(zip(projects["code"], projects["name"], strict=True)),
        "areas": area_names(reader, choices),
        "goals": dict(zip(goals["code"], goals["short"], strict=True)),
    }


def joined(names: dict[str, str], codes: Sequence[str]) -> str:
    return "; ".join(names.get(code, code) for code in codes) or "–"


def written_partnership(row: amounts.Row) -> list[str]:
    return [
        row.organisation_name,
        words(f"organisation_type.{row.type}"),
        words(f"partner_role.{row.role}"),
        row.project_name,
        span(row.starts, row.ends),
        counted_as(row),
        row.source_title,
    ]


def span(starts, ends) -> str:
    """From when to when, open where no end is known."""
    return f"{day(starts)}–{'' if pd.isna(ends) else day(ends)}"


def project_writer(choices: Choices) -> Callable[[amounts.Row], list[str]]:
    return lambda row: [
        row.name,
        count_link(choices, row.organisations, "project", row.project),
        row.source_title,
    ]


def flat(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as a file can hold them: several values of a cell joined."""
    several = [name for name in ("roles", "projects", "areas", "goals") if name in rows]
    return rows.assign(**{name: rows[name].map("; ".join) for name in several})
