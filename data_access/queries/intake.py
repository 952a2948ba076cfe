"""A file on its way in, as its steward is told of it; nothing is written."""

import pandas as pd

from data_access.intake import screening
from data_access.intake import template as templates
from data_access.intake.checked import Checked, Unusable
from data_access.intake.difference import Difference
from data_access.intake.difference import difference as differences
from data_access.intake.layout import SHEET_OF
from data_access.intake.open_data import fetching
from data_access.intake.open_data.sources import found_source
from data_access.intake.standing import standing
from data_access.intake.words import header, in_language, named, sheet_name, told
from data_access.scope import Scope
from data_access.store import reading


def template(scope: Scope, language: str, project: str | None = None, *, filled: bool = True) -> bytes:
    """The workbook that a round is filled into. Raises KeyError for a project that there is not."""
    scope.must("load_data")
    with reading() as session:
        return templates.template(session, language=language, project=project, filled=filled)


def screened(scope: Scope, content: bytes, name: str) -> Checked:
    """A file's rows and what was found in them. Raises ``Unusable``."""
    scope.must("load_data")
    with reading() as session:
        return screening.screen(session, content, name)


def difference(scope: Scope, checked: Checked) -> Difference:
    """A screened file against what stands in the store."""
    scope.must("load_data")
    with reading() as session:
        return differences(session, checked)


def fetched(scope: Scope, source: str) -> tuple[Checked, Difference]:
    """What a configured source of open data answers now, and what it would change. Nothing of the store is
    held open while it is asked. Raises ``Unusable``, and KeyError where there is no such source."""
    scope.must("load_data")
    with reading() as session:
        configured = found_source(session, source)
        session.expunge(configured)
    answers = fetching.asked(configured)
    with reading() as session:
        checked = fetching.checked(session, configured, answers)
        return checked, differences(session, checked)


def findings(found: pd.DataFrame, language: str) -> pd.DataFrame:
    """Findings in words: level (its code), sheet, row, column, value, what, todo."""
    rows = [
        (
            row["level"],
            *named(row["sheet"], row["column"], language),
            row["row"],
            in_language(row["value"], language),
            *told(row, language),
        )
        for row in found.to_dict("records")
    ]
    names = ["level", "sheet", "column", "row", "value", "what", "todo"]
    made = pd.DataFrame(rows, columns=names, dtype=object)
    return made[["level", "sheet", "row", "column", "value", "what", "todo"]]


def refusal(refused: Unusable, language: str) -> tuple[str, str]:
    """Why a file cannot be read, and what to do."""
    return told({"rule": refused.rule, "detail": refused.detail}, language)


def sheet_names(language: str) -> dict[str, str]:
    """sheet → its name."""
    return {sheet: sheet_name(sheet, language) for sheet in SHEET_OF}


def changed_cells(compared: Difference, sheet: str, language: str) -> pd.DataFrame:
    """What changes of a sheet, a line for each cell: row, key, change, column (its header; empty where the
    row as a whole comes or goes), old, new."""
    cells = compared.cells(sheet)
    names = {column.code: header(sheet, column.code, language) for column in SHEET_OF[sheet].columns}
    parts = cells[list(SHEET_OF[sheet].key)].astype(object)
    keys = [
        " · ".join(str(part) for part in row if part is not None and part == part) for row in parts.to_numpy()
    ]
    told = cells.assign(key=keys, column=[names.get(code, "") for code in cells["column"]])
    return told[["row", "key", "change", "column", "old", "new"]]


def project_names(scope: Scope, language: str) -> dict[str, str]:
    """project → its name, of all on the register."""
    scope.must("load_data")
    with reading() as session:
        rows = standing(session, "projects")
    return dict(zip(rows["project"], rows[f"name_{language}"], strict=True))
