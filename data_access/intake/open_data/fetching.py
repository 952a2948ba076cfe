"""From a configured source to checked rows: ask or open, read, and screen as any file is screened."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session, select

from data_access.intake import known as about
from data_access.intake import screening
from data_access.intake.checked import FINDING, Checked, Unusable
from data_access.intake.files import Book, Texts, TextSheet
from data_access.intake.layout import SHEET_OF
from data_access.intake.open_data import (
    Answer,
    Read,
    fingerprint,
    found,
    lists,
    pxweb,
    sotkanet,
    sources,
    web,
)
from data_access.intake.standing import standing
from data_access.intake.typed import YEARS
from data_access.models import LANGUAGES, Area, OpenDataSource

SERIES: dict[str, Any] = {"sotkanet": sotkanet, "pxweb": pxweb}
REPORTS = ("observations", "funding")


def asked(
    source: OpenDataSource,
    *,
    years: range | None = None,
    at_home: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Answer]:
    """What a source answers at its address. Nothing of the store is held open meanwhile. Raises
    ``Unusable``."""
    if source.address is None:
        raise Unusable("source_has_no_address", source=source.code)

    def get(address: str, body: bytes | None = None) -> Answer:
        tell(address)
        return web.ask(address, body, at_home=at_home)

    if source.kind in SERIES:
        choices = sources.CHOICES[source.kind].model_validate(source.choices)
        return SERIES[source.kind].ask(source.address, choices, years, get)
    return [get(source.address)]


def opened(files: list[Path], fetched: date | None = None) -> list[Answer]:
    """Answers that were saved before; each is of the day that is named, else of the day of its file."""
    return [
        Answer(path.name, path.read_bytes(), fetched or date.fromtimestamp(path.stat().st_mtime))
        for path in files
    ]


def checked(
    session: Session, source: OpenDataSource, answers: list[Answer], years: range | None = None
) -> Checked:
    """A source's answers as checked rows that name it, its licence and the day of fetching. Reads the store
    and changes nothing. Raises ``Unusable`` for what is no answer of the source, and for an empty one."""
    choices = sources.CHOICES[source.kind].model_validate(source.choices)
    if source.kind in SERIES:
        read = SERIES[source.kind].read(answers, choices, source.indicator)
    else:
        read = lists.read(answers, source.kind, choices, known(session))
    fetched = max(answer.fetched for answer in answers)
    read = within(read, years or range(*YEARS))
    day = read.published or fetched
    reason = f"{source.code}, {day.isoformat()}"
    sheets = [
        text_sheet(name, reports(rows, reason, day) if name in REPORTS else rows)
        for name, rows in read.sheets.items()
        if len(rows)
    ]
    if not sheets:
        raise Unusable("answer_empty", source=source.code)
    name = f"{source.code}-{fetched:%Y%m%d}"
    book = Book(name, "open_data", fingerprint(answers), sheets, [])
    screened = screening.screened(book, about.known(session, date.today()))
    own = pd.DataFrame(
        [*read.findings, *divisions(session, source, screened)], columns=list(FINDING), dtype=object
    )
    findings = pd.concat([screened.findings, own.astype({"row": "Int64"})], ignore_index=True)
    return Checked(
        screened.file_name,
        screened.sha256,
        screened.rows,
        findings,
        source=sources.named(source, read.title, read.published, fetched),
    )


def reports(rows: pd.DataFrame, reason: str, day: date) -> pd.DataFrame:
    """Values with why they may differ from those of before, and the day that they are of."""
    return rows.assign(reason=reason, reported_on=rows.get("reported_on", day))


def within(read: Read, years: range) -> Read:
    """The observations of the years that are wanted; how many others there were is found."""
    rows = read.sheets.get("observations")
    if rows is None:
        return read
    wanted = rows["period"].str[:4].astype(int).isin(years)
    left = int((~wanted).sum())
    findings = [found("source_other_years", "observations", count=left)] if left else []
    return read._replace(
        sheets=read.sheets | {"observations": rows[wanted]}, findings=[*read.findings, *findings]
    )


def divisions(session: Session, source: OpenDataSource, screened: Checked) -> list[dict[str, Any]]:
    """A warning where an indicator would have values of two divisions: their figures could not be added up
    any more."""
    rows = screened.rows.get("observations")
    if source.kind not in SERIES or rows is None:
        return []
    held = standing(session, "observations")
    held = held[(held["indicator"] == source.indicator) & held["project"].isna()]
    there = held[held["period"].isin(rows["period"])]["area"]
    scheme = dict(session.exec(select(Area.code, Area.scheme)).all())
    others = {scheme.get(area) for area in there} - {scheme.get(area) for area in rows["area"]}
    if not others:
        return []
    return [
        found(
            "source_two_divisions", "observations", "warning", divisions=", ".join(sorted(map(str, others)))
        )
    ]


def known(session: Session) -> lists.Known:
    """What the store holds that a list of projects may name."""
    areas: dict[str, str] = {}
    for area in session.exec(select(Area)):
        areas |= {area.code: area.code}
        if area.scheme in ("maakunta", "country"):
            number = area.code.removeprefix("mk")
            areas |= {number: area.code} | {area.name[each].casefold(): area.code for each in LANGUAGES}
    register = standing(session, "organisations")
    organisations = dict(zip(register["name_fi"].str.casefold(), register["organisation"], strict=True))
    with_id = register[register["business_id"].notna()]
    organisations |= dict(zip(with_id["business_id"], with_id["organisation"], strict=True))
    projects = standing(session, "projects").drop(columns=["id", "withdraw"]).set_index("project", drop=False)
    parts = standing(session, "partnerships")[["project", "organisation", "role"]]
    return lists.Known(
        areas=areas,
        organisations=organisations,
        projects={str(row["project"]): kept(row) for row in projects.to_dict("records")},
        partnerships=set(parts.itertuples(index=False, name=None)),
    )


def kept(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items() if value is not None and value is not pd.NA}


def text_sheet(name: str, rows: pd.DataFrame) -> TextSheet:
    """Rows as a sheet of a file: the codes of all columns, then the cells as texts."""
    given = rows.reindex(columns=[each.code for each in SHEET_OF[name].columns])
    return TextSheet(
        name=name,
        hidden=False,
        numbers=np.array([0, *rows["row"]], dtype=np.int32),
        columns=[column_of(code, given[code].tolist()) for code in given],
    )


def column_of(code: str, values: list[Any]) -> Texts:
    written = [code, *map(as_text, values)]
    texts = list(dict.fromkeys(text for text in written if text is not None))
    places = {text: place for place, text in enumerate(texts)}
    at = [-1 if text is None else places[text] for text in written]
    return Texts(texts, np.array(at, dtype=np.int32))


def as_text(value: Any) -> str | None:
    """A value as a cell says it."""
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)
