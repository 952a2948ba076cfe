"""Screened files made by hand, and a programme small enough to follow through a few batches."""

from datetime import date
from typing import Any

import pandas as pd

from data_access.intake.checked import FINDING, Checked
from data_access.intake.layout import SHEET_OF, SHEETS
from data_access.intake.standing import of_kind, standing
from data_access.store import reading

Row = dict[str, Any]
DAY = date(2026, 7, 10)


def filed(name: str = "kierros.xlsx", findings: list[tuple] | None = None, **sheets: list[Row]) -> Checked:
    """A file as screening hands it on; its fingerprint is its name."""
    made = {}
    for sheet, rows in sheets.items():
        given = pd.DataFrame(rows)
        columns = {
            column.code: of_kind(given.get(column.code), column.kind, len(given))
            for column in SHEET_OF[sheet].columns
        }
        made[sheet] = pd.DataFrame(columns, index=given.index).assign(row=range(2, len(given) + 2))
    return Checked(name, f"sha256 of {name}", made, pd.DataFrame(findings or [], columns=list(FINDING)))


def words(name: str, text: str) -> Row:
    return {f"{name}_{language}": f"{text} {language}" for language in ("fi", "sv", "en")}


def project(code: str, **said: Any) -> Row:
    row = {"project": code, "programme": "esf51", "state": "running", "starts": date(2025, 1, 1)}
    return row | words("name", code) | {"national": False, "goals": "g1"} | said


def organisation(code: str, **said: Any) -> Row:
    return {"organisation": code, "type": "municipality"} | words("name", code) | said


def partner(project: str, organisation: str, **said: Any) -> Row:
    row = {"project": project, "organisation": organisation, "role": "partner", "supported": True}
    return row | {"starts": date(2025, 1, 1)} | said


def report(project: str, indicator: str, value: float | None, **said: Any) -> Row:
    row = {"project": project, "indicator": indicator, "period": "2026h1", "value": value}
    return row | {"area": "mk05", "reported_on": DAY} | said


def target(indicator: str, value: float, **said: Any) -> Row:
    row = {"indicator": indicator, "kind": "target", "due": date(2029, 12, 31), "value": value}
    return row | {"set_on": date(2026, 1, 1)} | words("set_by", "board") | words("reason", "first") | said


FIRST = filed(
    projects=[project("p1"), project("p2", goals="g1 g2")],
    areas=[{"project": "p1", "area": "mk05"}, {"project": "p2", "area": "mk05"}],
    organisations=[organisation("o1", eligible=True), organisation("o2", business_id="0112038-9")],
    partnerships=[partner("p1", "o1", role="lead"), partner("p2", "o2", role="lead")],
    observations=[
        report("p1", "people", 20),
        report("p2", "people", 30),
        report("p1", "si1", 2, area=None, n=7),
    ],
    targets=[target("people", 500)],
    funding=[report("p1", "eur_paid", 1000)],
)
SECOND = filed(
    "toinen.xlsx",
    projects=[project("p1", goals="g1 g3", state="ended"), project("p3")],
    areas=[{"project": "p2", "area": "mk05", "withdraw": True}, {"project": "p3", "area": "mk07"}],
    organisations=[organisation("o1", eligible=False), organisation("o3")],
    partnerships=[
        partner("p1", "o1", role="lead", ends=date(2026, 6, 30)),
        partner("p2", "o2", role="lead", withdraw=True),
        partner("p3", "o3", role="lead"),
    ],
    observations=[
        report("p1", "people", 25, reason="typing error"),
        report("p2", "people", None, withdraw=True),
        report("p3", "people", 40, area="mk07"),
    ],
    targets=[target("people", 600, set_on=date(2026, 5, 1)), target("si6", 80)],
    funding=[report("p1", "eur_paid", 1500), report("p1", "eur_planned", 9000)],
)


def standing_rows() -> dict[str, list[tuple]]:
    """Everything that stands, by sheet, in a fixed order: what two stores are compared by."""
    with reading() as session:
        rows = {sheet.code: standing(session, sheet.code).drop(columns="id") for sheet in SHEETS}
    return {sheet: sorted(plain(each), key=str) for sheet, each in rows.items()}


def plain(rows: pd.DataFrame) -> list[tuple]:
    cells = rows.astype(object).where(rows.notna(), None)
    return list(cells.itertuples(index=False, name=None))
