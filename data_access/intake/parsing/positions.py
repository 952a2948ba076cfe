"""Where in a workbook stands what the reader of values does not tell: formulas, errors, hidden rows."""

import io
import re
from xml.etree import ElementTree

from data_access.intake.parsing import Found

SHOWN_AT_MOST = 50
PREFIX = rb"(?:[^\s<>/:=!?]+:)?"
FORMULA = re.compile(rb"<" + PREFIX + rb"f[\s/>]")
ERROR = re.compile(rb"<" + PREFIX + rb"c\s[^>]*?\bt\s*=\s*[\"']e[\"']")
HIDDEN = re.compile(rb"<" + PREFIX + rb"(?:row|col)\s[^>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"']")
CELL = re.compile(rb"<" + PREFIX + rb"c\s[^>]*?\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
SHEET_ID = re.compile(rb"<" + PREFIX + rb"sheet\s[^>]*?\w+:id\s*=\s*[\"']([^\"']+)[\"']")
RELATION = re.compile(rb"<" + PREFIX + rb"Relationship\s[^>]*>")
ATTRIBUTE = re.compile(rb"\b(Id|Target)\s*=\s*[\"']([^\"']*)[\"']")
SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def letters(column: int) -> str:
    """A column's letters, from 0: A, …, Z, AA."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


# --- xlsx ------------------------------------------------------------------------------------------------


def in_xlsx(parts: dict[str, bytes]) -> dict[int, list[Found]]:
    """Findings by the sheet's position in the workbook. A sheet's part that the workbook does not name is
    taken out of ``parts``: nobody has looked at it."""
    targets = {}
    for relation in RELATION.findall(parts.get("xl/_rels/workbook.xml.rels", b"")):
        said = dict(ATTRIBUTE.findall(relation))
        targets[said.get(b"Id")] = said.get(b"Target", b"").decode(errors="replace")
    found, seen = {}, set()
    for position, number in enumerate(SHEET_ID.findall(parts["xl/workbook.xml"])):
        target = targets.get(number, "")
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if name in parts:
            found[position] = in_sheet(parts[name])
            seen.add(name)
    for name in [name for name in parts if SHEET_PART.fullmatch(name) and name not in seen]:
        del parts[name]
    return found


def in_sheet(part: bytes) -> list[Found]:
    found: list[Found] = []
    for match in FORMULA.finditer(part):
        found.append(["error", "formula", "", *cell_before(part, match.start()), None, {}])
        if len(found) >= SHOWN_AT_MOST:
            break
    wrong = [match.start() + 1 for match, _ in zip(ERROR.finditer(part), range(SHOWN_AT_MOST), strict=False)]
    for at in wrong:
        found.append(["error", "error_value", "", *cell_before(part, part.index(b">", at)), None, {}])
    if HIDDEN.search(part):
        found.append(["warning", "hidden_rows", "", None, None, None, {}])
    return found


def cell_before(part: bytes, end: int) -> tuple[int | None, str | None]:
    """Row and column letters of the cell that a place lies in."""
    near = part[max(0, end - 2000) : end + 1]
    cells = CELL.findall(near)
    return (int(cells[-1][1]), cells[-1][0].decode()) if cells else (None, None)


# --- ods -------------------------------------------------------------------------------------------------


def in_ods(content: bytes) -> dict[int, list[Found]]:
    """Findings by the sheet's position. Cells are counted one by one only where there may be something."""
    if not any(sign in content for sign in (b"formula=", b"-spanned=", b"collapse", b'"filter"')):
        return {}
    found: dict[int, list[Found]] = {}
    sheet, row, next_row, column = -1, 0, 1, 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
        name = element.tag.removeprefix(TABLE)
        if event == "end":
            if name == "table-row":
                element.clear()
        elif name == "table":
            sheet, next_row = sheet + 1, 1
        elif name == "table-row":
            row, column = next_row, 0
            next_row += int(element.get(f"{TABLE}number-rows-repeated", 1))
            if element.get(f"{TABLE}visibility") in ("collapse", "filter"):
                found.setdefault(sheet, []).append(["warning", "hidden_rows", "", row, None, None, {}])
        elif name in ("table-cell", "covered-table-cell"):
            here = found.setdefault(sheet, [])
            if element.get(f"{TABLE}formula") is not None:
                here.append(["error", "formula", "", row, letters(column), None, {}])
            if {element.get(f"{TABLE}number-{way}-spanned", "1") for way in ("rows", "columns")} != {"1"}:
                here.append(["warning", "merged_cells", "", row, letters(column), None, {}])
            column += int(element.get(f"{TABLE}number-columns-repeated", 1))
    return {position: here[:SHOWN_AT_MOST] for position, here in found.items()}
