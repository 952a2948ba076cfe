"""What stands at the top of the overview: the finding, and the counts that open what they count."""

from html import escape

import pandas as pd
import streamlit as st

from pages.charts.palette import SHOWN
from pages.frame.language import TO_DATE, words
from pages.parts import amounts, cached, onward
from pages.parts.project_search import NOTHING_ASKED, STARTED
from pages.parts.view import View

FEW = 3


def lead(sentence: str) -> None:
    """The page's finding, before anything else."""
    st.html(f'<p class="lead">{escape(sentence)}</p>')


def counts(reader: View, programme: str) -> None:
    """Projects, organisations, areas covered and euros, to date: what, how many, and where the list is.
    Nothing for a programme that has no indicators of its own."""
    ask = (reader.scope, reader.release, reader.language)
    whole = cached.figures(
        *ask, ("projects", "si6", "eeco18", "eur_committed", "eur_paid"), "country", TO_DATE, "all"
    )
    mine = set(cached.indicators(reader.scope, reader.language).query("programme == @programme")["code"])
    if not mine:
        return
    found = {row.indicator: row for row in amounts.rows(whole) if row.indicator in mine}
    with st.container(horizontal=True, key="headline"):
        projects_tile(found.get("projects"))
        organisations_tile(found.get("si6"))
        areas_tile(reader, bool(found))
        money_tile(reader, programme, found)


def projects_tile(row: amounts.Row | None) -> None:
    """How many projects there are, and how many of them run."""
    note = ""
    if row is not None and row.detail:
        note = words("headline.running", running=row.detail["running"], national=row.detail["national"])
    wanted = {**NOTHING_ASKED, "state": STARTED, "project": ""}
    tile("projects", "projects", number_of(row), note, is_invented(row), **wanted)


def organisations_tile(row: amounts.Row | None) -> None:
    """How many distinct organisations there are; beside them those that count for EECO18."""
    note = ""
    if row is not None and row.detail:
        note = words("headline.eligible", eligible=row.detail["eligible"], undecided=row.detail["undecided"])
    tile(
        "organisations",
        "organisations",
        number_of(row),
        note,
        is_invented(row),
        period=TO_DATE,
        view="counts",
    )


def areas_tile(reader: View, known: bool) -> None:
    """In how many mainland regions at least one regional project acts."""
    rows = cached.figures(
        reader.scope, reader.release, reader.language, "projects", "maakunta", TO_DATE, "all"
    )
    inside = rows[rows["state"] != "not_in_programme"]
    counted = inside[inside["state"].isin(SHOWN)]
    number = words("state.not_available")
    if known and len(counted):
        number = words("headline.of", count=int((counted["value"] > 0).sum()), total=len(inside))
    invented = known and bool(counted["demonstration"].any())
    bare = counted.loc[counted["value"] == 0, "area_name"] if known else []
    note = words("headline.without", names=", ".join(bare)) if 0 < len(bare) <= FEW else ""
    choices = {"indicator": "projects", "scheme": "maakunta", "period": TO_DATE}
    tile("areas", "regions", number, note, invented, **choices)


def money_tile(reader: View, programme: str, found: dict[str, amounts.Row]) -> None:
    """Euros committed and paid, beside the frame that a source gives."""
    facts = cached.facts(reader.scope, programme, reader.language).set_index("code")
    frame = facts.loc["regional_frame_eur", "value"] if "regional_frame_eur" in facts.index else None
    committed, paid = found.get("eur_committed"), found.get("eur_paid")
    notes = []
    if paid is not None:
        notes.append(words("headline.paid", paid=amounts.cell(paid)))
    if pd.notna(frame):
        notes.append(words("headline.frame", frame=amounts.amount(frame, "eur")))
    choices = {"indicator": "eur_committed", "scheme": "maakunta", "period": TO_DATE}
    tile("money", "regions", number_of(committed), " · ".join(notes), is_invented(committed), **choices)


def number_of(row: amounts.Row | None) -> str:
    return words("state.not_available") if row is None else amounts.cell(row)


def is_invented(row: amounts.Row | None) -> bool:
    return row is not None and bool(row.demonstration)


def tile(key: str, page: str, number: str, note: str, invented: bool, **choices: str) -> None:
    """One count; its title is the way to the list or map of what is counted."""
    badge = f' <span class="badge">{escape(words("card.demonstration"))}</span>' if invented else ""
    with st.container(border=True, key=f"tile_{key}"):
        st.html(
            f'<p class="tile-title">{onward.anchor(page, words(f"headline.{key}"), **choices)}</p>'
            f'<p class="tile-number">{escape(number)}{badge}</p>'
            f'<p class="tile-note">{escape(note)}</p>'
        )
