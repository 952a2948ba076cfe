"""Reporting files for tests: a good one, with a row or two on every sheet, as xlsx, ods or csv."""

import copy
import io
import zipfile
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from data_access.intake.layout import SHEET_OF
from data_access.intake.words import header, sheet_name

TODAY = date(2026, 11, 22)
Sheets = dict[str, list[dict[str, Any]]]

GOOD: Sheets = {
    "projects": [
        {
            "project": "uusi",
            "name_fi": "Uusi polku",
            "name_sv": "En ny stig",
            "name_en": "A new path",
            "programme": "esf51",
            "state": "running",
            "starts": date(2025, 3, 1),
            "ends": date(2027, 2, 28),
            "national": "ei",
            "goals": "g1 g2",
            "call": "call2",
            "home_area": "hva13",
            "certainty": "certain",
            "direction": "directed",
        },
        {
            "project": "toinen",
            "name_fi": "Toinen polku",
            "name_sv": "En annan stig",
            "name_en": "Another path",
            "programme": "esf51",
            "state": "running",
            "starts": "1.3.2025",
            "ends": "2027-02-28",
            "national": "kyllä",
        },
    ],
    "areas": [{"project": "uusi", "area": "mk13"}, {"project": "uusi", "area": "mk11"}],
    "organisations": [
        {
            "organisation": "uusikunta",
            "name_fi": "Uusikylän kunta",
            "name_sv": "Nyby kommun",
            "name_en": "Newvillage municipality",
            "business_id": "1234567-1",
            "type": "municipality",
            "eligible": "kyllä",
            "home_area": "hva13",
        },
        {
            "organisation": "toinenkunta",
            "name_fi": "Toisenkylän kunta",
            "name_sv": "Annanby kommun",
            "name_en": "Othervillage municipality",
            "type": "municipality",
        },
    ],
    "partnerships": [
        {
            "project": "uusi",
            "organisation": "uusikunta",
            "role": "lead",
            "starts": date(2025, 3, 1),
            "supported": "kyllä",
        },
        {
            "project": "uusi",
            "organisation": "toinenkunta",
            "role": "partner",
            "starts": date(2025, 6, 1),
            "ends": date(2026, 6, 30),
            "supported": "kyllä",
        },
    ],
    "observations": [
        {"project": "uusi", "indicator": "si1", "period": "2025h2", "value": 2.5, "n": 12},
        {"project": "uusi", "indicator": "people", "period": "2025h2", "area": "mk13", "value": 14},
        {
            "project": "uusi",
            "indicator": "nr1",
            "period": "2025H2",
            "area": "mk13",
            "goal": "g1",
            "value": "2,45",
            "n": 30,
            "identical_answers": "ei",
        },
        {"indicator": "ctx1", "period": 2024, "area": "fi", "value": 1.7},
        {
            "indicator": "ctx1",
            "period": "2025",
            "area": "mk13",
            "value": 1.5,
            "numerator": 15,
            "denominator": 1000,
            "n": 1000,
        },
    ],
    "targets": [
        {
            "indicator": "people",
            "kind": "target",
            "due": date(2028, 12, 31),
            "value": 900,
            "set_on": date(2026, 5, 12),
            **{f"set_by_{language}": "Ohjausryhmä" for language in ("fi", "sv", "en")},
            **{f"reason_{language}": "Uusi tavoite" for language in ("fi", "sv", "en")},
        }
    ],
    "funding": [
        {"project": "uusi", "indicator": code, "period": "2025h2", "area": "mk13", "value": euros}
        for code, euros in (("eur_planned", 400_000), ("eur_committed", 150_000.5), ("eur_paid", 20_000))
    ],
}
for row in (*GOOD["observations"], *GOOD["funding"]):
    row["reported_on"] = date(2026, 1, 5)


def good(*only: str) -> Sheets:
    """The good rows, of these sheets only where any are named; for changing."""
    return copy.deepcopy({code: GOOD[code] for code in only or GOOD})


def changed(sheet: str, at: int, **cells: Any) -> Sheets:
    """The good rows but for these cells of one row."""
    rows = good()
    rows[sheet][at] |= cells
    return rows


def grid(sheet: str, rows: list[dict[str, Any]], language: str = "fi") -> list[list[Any]]:
    """A sheet's header and rows, as they stand in a file."""
    columns = [column.code for column in SHEET_OF[sheet].columns]
    heads = columns if language == "code" else [header(sheet, column, language) for column in columns]
    return [heads, *([row.get(column) for column in columns] for row in rows)]


def named(rows: Sheets, language: str = "fi") -> dict[str, list[list[Any]]]:
    """Sheets by the name that they have in a file."""
    return {
        code if language == "code" else sheet_name(code, language): grid(code, each, language)
        for code, each in rows.items()
    }


def xlsx(grids: dict[str, list[list[Any]]], touch: Any = None) -> bytes:
    """An Excel workbook; ``touch(workbook, sheets)`` does the rest before it is closed."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        day = workbook.add_format({"num_format": "d.m.yyyy"})
        sheets = {}
        for name, rows in grids.items():
            sheets[name] = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheets[name].write_datetime(number, place, cell, day)
                    elif isinstance(cell, int | float) and not isinstance(cell, bool):
                        sheets[name].write_number(number, place, cell)
                    elif cell is not None:
                        sheets[name].write_string(number, place, cell)
        if touch:
            touch(workbook, sheets)
    return content.getvalue()


def csv(rows: list[list[Any]], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """A text file as a Finnish spreadsheet writes it: decimal comma, the day first."""
    return "".join(f"{delimiter.join(map(as_text, row))}\r\n" for row in rows).encode(encoding)


def as_text(cell: Any) -> str:
    if isinstance(cell, date):
        return f"{cell.day}.{cell.month}.{cell.year}"
    return "" if cell is None else str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)


def ods(grids: dict[str, list[list[Any]]], extra: str = "") -> bytes:
    """A LibreOffice workbook. ``extra``: further tables as XML."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(ods_row, rows))}</table:table>"
        for name, rows in grids.items()
    )
    return ods_of(f"<office:spreadsheet>{tables}{extra}</office:spreadsheet>")


def ods_of(body: str, before: str = "") -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "script", "style")
    )
    content = f"<office:document-content {spaces}>{before}<office:body>{body}</office:body>"
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>{content}</office:document-content>',
        "META-INF/manifest.xml": '<?xml version="1.0"?><manifest/>',
    }
    return archive(parts)


def ods_row(row: list[Any]) -> str:
    return f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>"


def ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    kind = 'office:value-type="string"'
    if isinstance(cell, date):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, int | float):
        kind = f'office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell {kind}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


def archive(parts: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
