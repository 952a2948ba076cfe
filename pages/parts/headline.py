"""The counts at the top of the overview; each opens what it counts."""

from html import escape

import pandas as pd
import streamlit as st

from pages.charts.palette import SHOWN
from pages.frame.language import words
from pages.parts import amounts, cached, onward
from pages.parts.view import View


def counts(reader: View, programme: str) -> None:
    """Projects, organisations, areas covered and euros: what, how many, and where the list is. Nothing
    for a programme that has no indicators of its own."""
    period = cached.latest_period(reader.release, "projects")
    ask = (reader.release, reader.audience, reader.language)
    whole = cached.figures(
        *ask, ("projects", "si6", "eeco18", "eur_committed", "eur_paid"), "country", period, "all"
    )
    mine = set(cached.indicators(reader.language).query("programme == @programme")["code"])
    if not mine:
        return
    found = {row.indicator: row for row in amounts.rows(whole) if row.indicator in mine}
    with st.container(horizontal=True, key="headline"):
        tile(found, "projects", words("headline.projects"), "organisations", words("headline.to_projects"))
        tile(
            found, "si6", words("headline.organisations"), "organisations", words("headline.to_organisations")
        )
        areas_tile(reader, period, bool(found))
        money_tile(reader, programme, found)


def tile(found: dict, code: str, title: str, page: str, label: str) -> None:
    """One count with what it opens; for organisations the eligible ones stand beside the distinct."""
    row = found.get(code)
    number = words("state.not_available") if row is None else amounts.cell(row)
    note = ""
    if row is not None and row.detail and code == "si6":
        note = words("headline.eligible", eligible=row.detail["eligible"], undecided=row.detail["undecided"])
    if row is not None and row.detail and code == "projects":
        note = words("headline.running", running=row.detail["running"], national=row.detail["national"])
    with st.container(border=True, key=f"tile_{code}"):
        st.html(big(title, number, note, row is not None and row.demonstration))
        onward.link(page, label)


def areas_tile(reader: View, period: str | None, known: bool) -> None:
    """In how many mainland regions at least one regional project acts."""
    rows = cached.figures(
        reader.release, reader.audience, reader.language, "projects", "maakunta", period, "all"
    )
    inside = rows[rows["state"] != "not_in_programme"]
    counted = inside[inside["state"].isin(SHOWN)]
    number = words("state.not_available")
    if known and len(counted):
        number = words("headline.of", count=int((counted["value"] > 0).sum()), total=len(inside))
    with st.container(border=True, key="tile_areas"):
        st.html(big(words("headline.areas"), number, "", known and bool(counted["demonstration"].any())))
        onward.link("regions", words("headline.to_areas"), indicator="projects", scheme="maakunta")


def money_tile(reader: View, programme: str, found: dict) -> None:
    """Euros committed and paid, beside the frame that a source gives."""
    facts = cached.facts(programme, reader.language).set_index("code")
    frame = facts.loc["regional_frame_eur", "value"] if "regional_frame_eur" in facts.index else None
    committed, paid = found.get("eur_committed"), found.get("eur_paid")
    number = words("state.not_available") if committed is None else amounts.cell(committed)
    notes = []
    if paid is not None:
        notes.append(words("headline.paid", paid=amounts.cell(paid)))
    if pd.notna(frame):
        notes.append(words("headline.frame", frame=amounts.amount(frame, "eur")))
    with st.container(border=True, key="tile_money"):
        invented = committed is not None and committed.demonstration
        st.html(big(words("headline.money"), number, " · ".join(notes), invented))
        onward.link("regions", words("headline.to_money"), indicator="eur_committed", scheme="maakunta")


def big(title: str, number: str, note: str, invented: bool) -> str:
    badge = f'<span class="badge">{escape(words("card.demonstration"))}</span>' if invented else ""
    return (
        f'<p class="tile-title">{escape(title)} {badge}</p><p class="tile-number">{escape(number)}</p>'
        f'<p class="tile-note">{escape(note) or "&nbsp;"}</p>'
    )
