"""What a screened file would change: row by row, against what stands in the store."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from data_access.intake.checked import Checked
from data_access.intake.layout import SHEET_OF, SHEETS, Sheet
from data_access.intake.overlay import TOLD_ONLY, beside, changes, differs, keys, withdrawn
from data_access.intake.standing import REPORTS, standing
from data_access.models import ImportBatch, Observation, Target
from data_access.store import columns, frame

KINDS = ("new", "corrected", "withdrawn", "unchanged")
DATED = {"observation": Observation, "target": Target}
"""Tables whose rows are never changed: a later row supersedes the one before."""


@dataclass(frozen=True)
class Difference:
    """A file against the store. ``ground``: the newest batch that it was compared with; a load whose
    ground has moved is refused. ``rows``: sheet → the file's rows with ``row`` (in the file), ``change`` (of
    ``KINDS``) and ``key`` (its key as one text). ``before``: sheet → what stood for each of them (the
    layout's columns; none where nothing stood), and ``head``: the number of the row that a dated row
    supersedes. ``same_file``: the batch that this very file made, and that still stands."""

    checked: Checked
    ground: int
    rows: dict[str, pd.DataFrame]
    before: dict[str, pd.DataFrame]
    same_file: int | None

    @property
    def counts(self) -> pd.DataFrame:
        """A row for each sheet that the file has rows of, a column for each of ``KINDS``: how many rows."""
        found = {sheet: rows["change"].value_counts() for sheet, rows in self.rows.items()}
        counted = pd.DataFrame(found).T.reindex(columns=list(KINDS)).fillna(0).astype("int64")
        return counted.rename_axis("sheet")

    @property
    def empty(self) -> bool:
        """Whether everything stands already as the file says."""
        return all((rows["change"] == "unchanged").all() for rows in self.rows.values())

    def cells(self, sheet: str) -> pd.DataFrame:
        """What changes of a sheet, a line for each cell: row, the columns of the sheet's key, change, column,
        ``old`` and ``new`` (as in ``Checked.rows``, none for empty). A sheet that holds keys only has a line,
        without a column, for each row that comes or goes."""
        rows, before, laid_out = self.rows[sheet], self.before[sheet], SHEET_OF[sheet]
        told = ["row", *dict.fromkeys([*laid_out.key, "change"])]
        gone, changing = rows["change"] == "withdrawn", rows["change"] != "unchanged"
        parts = []
        for column in laid_out.columns:
            if column.key or column.code == "withdraw":
                continue
            new = rows[column.code] if column.code in TOLD_ONLY else rows[column.code].mask(gone)
            changed = changing & differs(new, before[column.code], column)
            old, new = (cells.astype(object)[changed] for cells in (before[column.code], new))
            old, new = old.where(old.notna(), None), new.where(new.notna(), None)
            parts.append(rows.loc[changed, told].assign(column=column.code, old=old, new=new))
        if not parts:
            parts = [rows.loc[changing, told].assign(column=None, old=None, new=None)]
        found = pd.concat([part for part in parts if len(part)] or parts[:1])
        return found.sort_values("row", kind="stable", ignore_index=True)


def difference(session: Session, checked: Checked) -> Difference:
    """Compare a screened file with the store, which is only read."""
    rows, before = {}, {}
    for sheet in SHEETS:
        given = checked.rows.get(sheet.code)
        if given is not None and len(given):
            rows[sheet.code], before[sheet.code] = compared_rows(session, sheet, given)
    return Difference(
        checked=checked,
        ground=newest_batch(session),
        rows=rows,
        before=before,
        same_file=loaded_before(session, checked.sha256),
    )


def newest_batch(session: Session) -> int:
    return session.exec(select(func.max(ImportBatch.id))).one() or 0


def loaded_before(session: Session, sha256: str) -> int | None:
    """The newest batch that a file of this fingerprint made, of those that are not undone."""
    undone = select(ImportBatch.undoes).where(col(ImportBatch.undoes).is_not(None))
    query = select(func.max(ImportBatch.id)).where(
        ImportBatch.sha256 == sha256, ImportBatch.sha256 != "", col(ImportBatch.id).not_in(undone)
    )
    return session.exec(query).one()


# --- one sheet -----------------------------------------------------------------------------------


def compared_rows(session: Session, sheet: Sheet, given: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of a sheet with ``change`` and ``key``, and what stood for each of them."""
    # A row that stands twice says the same: screening sees to that.
    rows = given.assign(key=keys(given, sheet.key)).drop_duplicates("key", ignore_index=True)
    before = beside(rows, standing_for(session, sheet, rows), sheet.code)
    stood, gone = before.pop("there"), withdrawn(rows)
    heads = before.pop("id").astype("float64")
    if sheet.table in DATED:
        heads = heads.fillna(rows["key"].map(withdrawn_heads(session, sheet)))
    changed = changes(rows, before, sheet).any(axis=1)
    rows["change"] = np.select(
        [gone & stood, gone, ~stood, changed], ["withdrawn", "unchanged", "new", "corrected"], "unchanged"
    )
    return rows, before.assign(head=heads)


def standing_for(session: Session, sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
    """What stands of a sheet, as far as its rows may be compared with it."""
    if sheet.code not in REPORTS:
        return standing(session, sheet.code)
    held = standing(session, "observations", among=rows)
    # Funding belongs to no single goal.
    return held if "goal" in rows else held[held["goal"].isna()]


def withdrawn_heads(session: Session, sheet: Sheet) -> dict[str, int]:
    """Key → number of the row by which its value was withdrawn: the next value supersedes that row."""
    table = DATED[sheet.table]
    later = aliased(table)
    query = columns(table.id, *[getattr(table, code) for code in sheet.key if hasattr(table, code)])
    query = query.outerjoin(later, col(later.supersedes) == col(table.id))
    rows = frame(session, query.where(col(table.withdrawn), col(later.id).is_(None)))
    return dict(zip(keys(rows, sheet.key), rows["id"], strict=True))
