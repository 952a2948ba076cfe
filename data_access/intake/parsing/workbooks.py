"""Workbooks of Excel (xlsx) and LibreOffice (ods). What is read is what was looked at: the parts are unpacked
within limits, searched for what may not be in them, and only then given to the reader of values."""

import io
import re
import zipfile
import zlib
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from data_access.intake.parsing import LIMITS, Found, Refused, cells, positions

XLSX_READ = re.compile(r"(?i)(\[Content_Types\]\.xml|_rels/.*|xl/[^/]+\.xml|xl/_rels/.*|xl/worksheets/.*)")
ODS_READ = re.compile(r"(mimetype|content\.xml|META-INF/manifest\.xml|styles\.xml|settings\.xml|meta\.xml)")
MACROS = re.compile(r"(?i)(.*vbaProject|.*vbaData|xl/macrosheets/|xl/dialogsheets/|Basic/|Scripts/)")
LINKS = re.compile(r"(?i)(xl/externalLinks/|xl/connections\.xml|xl/queryTables/)")
SHOWN_AT_MOST = 50


def parsed(content: bytes) -> dict[str, Any]:
    """A workbook's sheets and what is found in its shape. Raises ``Refused``."""
    parts = unpacked(content)
    kind = kind_of(parts)
    read = XLSX_READ if kind == "xlsx" else ODS_READ
    parts = {name: part for name, part in parts.items() if read.fullmatch(name)}
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            check_xml(part)
    found = positions.in_xlsx(parts) if kind == "xlsx" else positions.in_ods(parts["content.xml"])
    return {"kind": kind, **values(repacked(parts), found)}


# --- what lies in the archive ------------------------------------------------------------------------


def unpacked(content: bytes) -> dict[str, bytes]:
    """Every part by its name, unpacked within limits. Raises ``Refused``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            check_listing(listed)
            left = LIMITS["unpacked"]
            parts: dict[str, bytes] = {}
            for entry in listed:
                with archive.open(entry) as file:
                    part = file.read(left + 1)
                left -= len(part)
                if left < 0 or (len(part) > 5_000_000 and len(part) > LIMITS["ratio"] * entry.compress_size):
                    raise Refused("zip_bomb")
                parts[entry.filename] = part
            return parts
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as problem:
        raise Refused("damaged") from problem


def check_listing(listed: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in listed]
    if any(entry.flag_bits & 1 for entry in listed):
        raise Refused("encrypted")
    if len(names) > LIMITS["parts"] or sum(entry.file_size for entry in listed) > LIMITS["unpacked"]:
        raise Refused("zip_bomb")
    if len({name.lower() for name in names}) < len(names) or any(".." in name for name in names):
        raise Refused("damaged")


def kind_of(parts: dict[str, bytes]) -> str:
    """xlsx or ods. Raises ``Refused`` for other documents, and where more than values lies in the file."""
    types = parts.get("[Content_Types].xml", b"")
    if any(map(MACROS.match, parts)) or b"macroEnabled" in types:
        raise Refused("macros")
    if any(map(LINKS.match, parts)):
        raise Refused("external_links")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Refused("encrypted")
    if "xl/workbook.xml" in parts:
        return "xlsx"
    if b"opendocument.spreadsheet" in parts.get("mimetype", b"") and "content.xml" in parts:
        if b"<script:event-listener" in parts["content.xml"]:
            raise Refused("macros")
        return "ods"
    raise Refused("old_excel" if "xl/workbook.bin" in parts else "not_a_workbook")


def check_xml(part: bytes) -> None:
    """Raises ``Refused`` for declarations of entities, and for letters that hide what a search looks for."""
    if b"\x00" in part[:200] or (b"encoding=" in part[:200] and not re.search(rb"(?i)utf-?8", part[:200])):
        raise Refused("xml_encoding")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Refused("xml_entities")


def repacked(parts: dict[str, bytes]) -> bytes:
    """The parts that were looked at, and nothing else, as an archive."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return kept.getvalue()


# --- values ----------------------------------------------------------------------------------------------


def values(content: bytes, found: dict[int, list[Found]]) -> dict[str, Any]:
    """The sheets and everything found in them, with the names of the sheets. ``found``: by the sheet's
    position in the workbook."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            about = workbook.sheets_metadata
            if len(about) > LIMITS["sheets"]:
                raise Refused("too_many_sheets", sheets=len(about), limit=LIMITS["sheets"])
            sheets, told = [], []
            for position, meta in enumerate(about):
                sheet = workbook.get_sheet_by_index(position)
                hidden = meta.visible != SheetVisibleEnum.Visible
                cells.measure(meta.name, sheet.total_height, sheet.total_width)
                sheets.append(cells.packed(meta.name, hidden, sheet.to_python(skip_empty_area=False)))
                shape = [*found.get(position, []), *merged(sheet)]
                told += [[level, rule, meta.name, *rest] for level, rule, _, *rest in shape]
            return {"sheets": sheets, "found": told}
    except PasswordError as problem:
        raise Refused("encrypted") from problem
    except (CalamineError, ValueError) as problem:
        raise Refused("damaged") from problem


def merged(sheet: CalamineSheet) -> list[Found]:
    ranges = sheet.merged_cell_ranges or []
    return [
        ["warning", "merged_cells", "", first_row + 1, positions.letters(first_column), None, {}]
        for (first_row, first_column), _ in ranges[:SHOWN_AT_MOST]
    ]
