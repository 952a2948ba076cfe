"""The version stamp of a template: which layout it has, and what stood in the store when it was made."""

from datetime import date

from data_access.intake.files import Book
from data_access.intake.found import Found
from data_access.intake.known import Known
from data_access.intake.layout import VERSION
from data_access.intake.recognising import row_of
from data_access.intake.words import plain, sheets_by_name

MARK = "turvaverkko"


def stamp(made_on: date, newest_batch: int) -> list[str | int]:
    """The cells of the stamp, in one row."""
    return [MARK, VERSION, made_on.isoformat(), newest_batch]


def check_stamp(book: Book, about: Known, found: Found) -> None:
    """A workbook of another layout is refused; one without a stamp, or made before the newest batch, is
    told. Other files have none."""
    if book.kind not in ("xlsx", "ods"):
        return
    said = stamp_of(book)
    if said is None:
        found.add("note", "no_stamp", "about")
        return
    version, batch = said
    if version != str(VERSION):
        found.add("error", "other_layout", "about", value=version, current=VERSION)
    elif batch.isdigit() and int(batch) < about.newest_batch:
        found.add("note", "older_template", "about", batches=about.newest_batch - int(batch))


def stamp_of(book: Book) -> tuple[str, str] | None:
    """The layout's version and the batch that stand on the first sheet."""
    for sheet in book.sheets:
        if sheets_by_name().get(plain(sheet.name)) == "about":
            for at in range(len(sheet.numbers)):
                cells = [text or "" for text in row_of(sheet, at)]
                if cells and cells[0] == MARK:
                    version, _, batch = (*cells[1:4], "", "", "")[:3]
                    return version, batch
    return None
