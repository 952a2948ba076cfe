"""The workbook that a reporting round is filled into: made from the store, it offers what there is."""

import io
from datetime import date
from typing import Any

import pandas as pd
import xlsxwriter
from sqlmodel import Session
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from data_access.intake.found import plain
from data_access.intake.known import Known, known
from data_access.intake.layout import SHEETS, Column, Sheet
from data_access.intake.parsing.positions import letters
from data_access.intake.stamp import stamp
from data_access.intake.standing import EURO, standing
from data_access.intake.values import COUNTED_BY_US
from data_access.intake.words import header, note, sheet_name, word, words

INK, PALE, LINE = "#1b3a57", "#eef3f7", "#c9d5df"
FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
DAY = {"fi": "d.m.yyyy", "sv": "d.m.yyyy", "en": "yyyy-mm-dd"}
ROWS = 5000
"""As many rows have drop-down lists."""
OPEN_LISTS = {"project", "organisation"}
"""Codes that the file itself may bring: the list only suggests."""
WORDS = sorted(
    {column.of for sheet in SHEETS for column in sheet.columns if column.of and column.of.isupper()}
)
PERMITTED = (
    "format_cells",
    "format_columns",
    "format_rows",
    "insert_rows",
    "delete_rows",
    "sort",
    "autofilter",
)


def template(
    session: Session,
    *,
    language: str,
    project: str | None = None,
    filled: bool = True,
    today: date | None = None,
) -> bytes:
    """An xlsx file with every sheet of the layout in a language: with what stands in the store, all of it
    or one project's, or empty. Raises KeyError for a project that there is not."""
    about = known(session, today or date.today())
    if project is not None and project not in about.codes("project"):
        raise KeyError(project)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        workbook.set_properties({"title": word("template", "title", language)})
        look = Look(workbook, language)
        first = workbook.add_worksheet(sheet_name("about", language))
        sheets = {sheet.code: workbook.add_worksheet(sheet_name(sheet.code, language)) for sheet in SHEETS}
        listed = workbook.add_worksheet(sheet_name("lists", language))
        write_instructions(first, about, look, project)
        ranges = write_lists(listed, about, look)
        for sheet in SHEETS:
            of_project = None if sheet.code == "targets" else project
            rows = standing(session, sheet.code, project=of_project)
            write_sheet(sheets[sheet.code], sheet, rows if filled else rows.head(0), ranges, look)
        first.activate()
    return content.getvalue()


class Look:
    """The formats of a workbook in a language."""

    def __init__(self, workbook: Any, language: str) -> None:
        self.language = language
        head = FONT | {"bold": True, "text_wrap": True, "bottom": 2, "bottom_color": INK}
        self.key = workbook.add_format(head | {"font_color": "#ffffff", "bg_color": INK})
        self.required = workbook.add_format(head | {"font_color": INK, "bg_color": LINE})
        self.optional = workbook.add_format(head | {"font_color": INK, "bg_color": PALE, "bold": False})
        self.title = workbook.add_format(FONT | {"bold": True, "font_size": 18, "font_color": INK})
        self.heading = workbook.add_format(FONT | {"bold": True, "font_size": 13, "font_color": INK})
        self.text = workbook.add_format(FONT | {"text_wrap": True})
        self.mark = workbook.add_format(FONT | {"font_color": "#5a6b7a", "font_size": 9})
        open_cell = FONT | {"locked": False}
        self.cells = {
            "date": workbook.add_format(
                open_cell | {"num_format": DAY[language], "align": "left", "indent": 1}
            ),
            "number": workbook.add_format(open_cell),
            "euro": workbook.add_format(open_cell | {"num_format": "#,##0.00"}),
            "count": workbook.add_format(open_cell | {"num_format": "0"}),
            "text": workbook.add_format(open_cell | {"num_format": "@", "align": "left", "indent": 1}),
        }

    def cell(self, sheet: Sheet, column: Column) -> Format:
        if column.kind == "number" and sheet.code == "funding":
            return self.cells["euro"]
        return self.cells.get(column.kind, self.cells["text"])


def for_paper(worksheet: Worksheet) -> None:
    """Printed on its side, as wide as the paper, the header on every page."""
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)


# --- the sheets with rows ----------------------------------------------------------------------------------


def write_sheet(
    worksheet: Worksheet, sheet: Sheet, rows: pd.DataFrame, ranges: dict[str, str], look: Look
) -> None:
    for_paper(worksheet)
    worksheet.freeze_panes(1, len(sheet.key))
    worksheet.set_row(0, 34)
    for place, column in enumerate(sheet.columns):
        title = header(sheet.code, column.code, look.language) + (" *" if column.required else "")
        style = look.key if column.key else look.required if column.required else look.optional
        worksheet.set_column(place, place, width(column, title), look.cell(sheet, column))
        worksheet.write_string(0, place, title, style)
        worksheet.write_comment(0, place, comment(sheet, column, look.language), {"x_scale": 2})
        offer(worksheet, place, sheet, column, ranges, look.language)
        write_cells(worksheet, place, column, rows[column.code], look.cell(sheet, column), look.language)
    worksheet.autofilter(0, 0, max(len(rows), 1), len(sheet.columns) - 1)
    worksheet.protect("", dict.fromkeys(PERMITTED, True))


def write_cells(
    worksheet: Worksheet, place: int, column: Column, values: pd.Series, style: Format, language: str
) -> None:
    for row, value in enumerate(values, start=1):
        if plain(value) is None:
            continue
        if column.kind == "date":
            worksheet.write_datetime(row, place, value, style)
        elif column.kind in ("number", "count"):
            worksheet.write_number(row, place, value, style)
        elif column.kind == "truth":
            worksheet.write_string(row, place, word("word", "yes" if value else "no", language), style)
        else:
            worksheet.write_string(row, place, value, style)


def width(column: Column, title: str) -> float:
    longest = max(map(len, title.split()))
    if column.kind == "text":
        return 34
    return max(12, longest + 4) if column.kind in ("code", "codes", "business_id") else max(11, longest + 3)


def comment(sheet: Sheet, column: Column, language: str) -> str:
    """What the column holds, whether it must be filled, and an example: examples are no rows, so that none
    is ever brought in."""
    said = [note(sheet.code, column.code, language)]
    said += [word("template", "required", language)] if column.required else []
    example = words()["example"]
    example = example.get(f"{sheet.code}_{column.code}") or example.get(column.code)
    said += [word("template", "example", language).format(example=example)] if example else []
    return "\n".join(said)


def offer(
    worksheet: Worksheet, place: int, sheet: Sheet, column: Column, ranges: dict[str, str], language: str
) -> None:
    """The drop-down list of a column. Lists of what a file may itself bring only suggest."""
    if column.kind == "truth":
        source: Any = [word("word", "yes", language), word("word", "no", language)]
    elif column.of and column.kind == "code":
        source = ranges.get(f"{sheet.code}_{column.of}") or ranges[column.of]
    else:
        return
    strict = column.of not in OPEN_LISTS
    asked = {
        "validate": "list",
        "source": source,
        "error_type": "stop" if strict else "information",
        "error_title": header(sheet.code, column.code, language)[:32],
        "error_message": word("template", "not_listed" if strict else "new_code", language),
    }
    worksheet.data_validation(1, place, ROWS, place, asked)


# --- the lists of codes ------------------------------------------------------------------------------------


def write_lists(worksheet: Worksheet, about: Known, look: Look) -> dict[str, str]:
    """Every list of codes with their names, side by side; gives the cells of each list's codes."""
    name, ranges = sheet_name("lists", look.language), {}
    for_paper(worksheet)
    worksheet.freeze_panes(1, 0)
    for number, (of, rows) in enumerate(lists(about, look.language).items()):
        place = 3 * number
        worksheet.set_column(place, place, 18, look.text)
        worksheet.set_column(place + 1, place + 1, 44, look.text)
        worksheet.set_column(place + 2, place + 2, 3)
        worksheet.write_string(0, place, word("list", of, look.language), look.key)
        worksheet.write_string(0, place + 1, word("list", "name", look.language), look.optional)
        for row, (code, said) in enumerate(rows, start=1):
            worksheet.write_string(row, place, code, look.text)
            worksheet.write_string(row, place + 1, said, look.text)
        column = letters(place)
        ranges[of] = f"='{name}'!${column}$2:${column}${max(len(rows), 1) + 1}"
        if of == "indicator":
            reported, euros = (sum(code in group for code, _ in rows) for group in groups(about))
            ranges["observations_indicator"] = f"='{name}'!${column}$2:${column}${reported + 1}"
            ranges["funding_indicator"] = (
                f"='{name}'!${column}${reported + 2}:${column}${reported + euros + 1}"
            )
    worksheet.protect("", {"format_columns": True})
    return ranges


def groups(about: Known) -> tuple[list[str], list[str]]:
    """The indicators that a project reports, and those in euros."""
    counted = about.indicators["aggregation"].str.startswith(COUNTED_BY_US)
    euros = about.indicators["unit"] == EURO
    return about.indicators.index[~counted & ~euros].tolist(), about.indicators.index[euros].tolist()


def lists(about: Known, language: str) -> dict[str, list[tuple[str, str]]]:
    """Codes and names of every list, in the order of the programme's documents."""
    reported, euros = groups(about)
    indicators = sorted(about.indicators.index, key=lambda code: (code not in reported, code not in euros))
    named: dict[str, list[tuple[str, str]]] = {
        of: list(zip(about.standing[f"{of}s"][of], about.standing[f"{of}s"][f"name_{language}"], strict=True))
        for of in ("project", "organisation")
    }
    named["indicator"] = [(code, about.indicators.loc[code, "name"][language]) for code in indicators]
    for of, column in (("area", "label"), ("goal", "name"), ("programme", "name"), ("call", "name")):
        rows = getattr(about, f"{of}s")[column]
        named[of] = [(code, said[language]) for code, said in rows.items()]
    for of in WORDS:
        named[of] = [(code, word("word", code, language)) for code in about.codes(of)]
    return named


# --- the first sheet ---------------------------------------------------------------------------------------


def write_instructions(worksheet: Worksheet, about: Known, look: Look, project: str | None) -> None:
    language = look.language
    for_paper(worksheet)
    worksheet.hide_gridlines(2)
    worksheet.set_row(0, 30)
    worksheet.set_row(1, 22)
    worksheet.set_column(0, 0, 24)
    worksheet.set_column(1, 1, 92)
    worksheet.write_string(0, 0, word("template", "title", language), look.title)
    projects = about.standing["projects"].set_index("project")[f"name_{language}"]
    whose = projects.get(project)
    subtitle = word("template", "for_project" if whose else "for_all", language)
    worksheet.write_string(1, 0, subtitle.format(project=whose), look.heading)
    row = 3
    for number, step in enumerate(words()["step"].values(), start=1):
        worksheet.write_string(row, 0, f"{number}.", look.text)
        worksheet.write_string(row, 1, step[language], look.text)
        row += 1
    row += 1
    for style, said in ((look.key, "key"), (look.required, "must"), (look.optional, "may")):
        worksheet.write_string(row, 0, word("template", said, language), style)
        worksheet.write_string(row, 1, word("template", f"{said}_means", language), look.text)
        row += 1
    row += 1
    for sheet in SHEETS:
        name = sheet_name(sheet.code, language)
        worksheet.write_url(row, 0, f"internal:'{name}'!A1", look.text, name)
        worksheet.write_string(row, 1, word("holds", sheet.code, language), look.text)
        row += 1
    for place, cell in enumerate(stamp(about.today, about.newest_batch)):
        worksheet.write_string(row + 1, place, str(cell), look.mark)
    worksheet.protect()
