"""A batch taken back as a whole: what stood before it is restored by a new batch."""

import numpy as np
import pandas as pd
from sqlmodel import Session, col, select

from data_access import audit, holdings
from data_access.intake.changing import STAYS, Change, Row, held, key_of
from data_access.intake.layout import SHEETS
from data_access.intake.loading import (
    NUMBERS,
    REPORT,
    Refused,
    Tell,
    new_batch,
    put,
    with_batches,
)
from data_access.models import BatchChange, ImportBatch, Observation
from data_access.scope import Scope
from data_access.store import alone, columns, frame, writing

SAID = [*NUMBERS, "identical_answers", "withdrawn"]
NAMED = ["project", "indicator", "period", "area", "goal"]
SHEET_OF_TABLE = {sheet.table: sheet.code for sheet in reversed(SHEETS)} | {"projectgoal": "projects"}
NOT_SAID = ("id", "supersedes")
"""Of dated and numbered rows: two that differ in these only say the same."""
AT_ONCE = 5000


def undo(batch: int, reason: str, *, actor: Scope, tell: Tell = lambda _: None) -> int:
    """Take a batch back as a whole, by a new batch that restores what stood before it; gives its number.

    What a later batch has changed again, and nobody has changed back, stands in the way: ``Refused`` then
    names each of it. An undo is a batch like others: undoing it brings back what it took away. What
    ``init`` put into the registers belongs to no batch and stays."""
    actor.must("load_data")
    with writing() as session:
        alone(session, ImportBatch)
        taken = session.get(ImportBatch, batch)
        if taken is None:
            raise Refused("unknown", number=batch)
        by = session.exec(select(ImportBatch.id).where(ImportBatch.undoes == batch)).first()
        if by is not None:
            raise Refused("undone", number=batch, batch=by)
        if not reason.strip():
            raise Refused("no_reason")
        tell("comparing")
        registers, in_registers = restored_registers(session, batch)
        reports, in_reports = restored_reports(session, batch)
        in_the_way = with_batches(session, pd.concat([in_registers, in_reports]))
        if len(in_the_way):
            raise Refused("changed_since", in_the_way, batch=in_the_way["batch"].iloc[-1])
        made = new_batch(session, actor.account, reason.strip(), taken.demonstration, undoes=batch)
        put(session, made, registers, reports.assign(reason=reason.strip()), tell)
        rows = {"registers": len(registers), "observations": len(reports)}
        detail = {"undoes": batch, "reason": reason.strip(), "file": taken.file_name, "rows": rows}
        audit.record(
            session, actor=actor.account, action="undo import", subject=f"batch {made}", detail=detail
        )
        return made


# --- registers -----------------------------------------------------------------------------------


def restored_registers(session: Session, batch: int) -> tuple[list[Change], pd.DataFrame]:
    """The changes that restore what a batch changed, and what stands in their way (sheet, key, batch)."""
    query = select(BatchChange).where(BatchChange.batch == batch).order_by(col(BatchChange.position).desc())
    made = session.exec(query).all()
    there = {part: held(session, part) for part in {each.part for each in made}}
    found, changed = [], []
    for each in made:
        said = each.after or each.before or {}
        now = there[each.part].get(key_of(each.part, said))
        if saying(now) != saying(each.after):
            changed.append(each)
        else:
            found.append(Change(each.part, each.key, now, back(each, now)))
    return found, in_the_way(session, changed)


def back(change: BatchChange, now: Row | None) -> Row | None:
    """The row that restores what a change found."""
    before, after = change.before, change.after or {}
    if change.part == "target":
        row = before if before and not before["withdrawn"] else after | {"withdrawn": True}
        return row | {"id": None, "supersedes": now and now["id"]}
    if before is None and change.part in STAYS:
        return after | {"removed": True}
    return before


def saying(row: Row | None) -> Row | None:
    return row and {name: cell for name, cell in row.items() if name not in NOT_SAID}


def in_the_way(session: Session, changed: list[BatchChange]) -> pd.DataFrame:
    """sheet, key and the newest batch of each thing that later batches have changed."""
    rows = []
    if changed:
        query = columns(BatchChange.part, BatchChange.key, BatchChange.batch)
        later = frame(session, query.where(BatchChange.batch > changed[0].batch))
        for each in changed:
            again = later[
                [pair == (each.part, each.key) for pair in zip(later["part"], later["key"], strict=True)]
            ]
            told = " · ".join(str(cell) for cell in each.key.values() if cell is not None)
            rows.append((SHEET_OF_TABLE[each.part], told, again["batch"].max()))
    return pd.DataFrame(rows, columns=["sheet", "key", "batch"])


# --- observations --------------------------------------------------------------------------------


def restored_reports(session: Session, batch: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The observations (``REPORT``) that restore what stood before a batch, and what stands in their way."""
    highest = holdings.highest_observation(session)
    chains = holdings.corrections(session, highest)
    before = dict(zip(chains["id"], chains["supersedes"], strict=True))
    after = dict(zip(chains["supersedes"], chains["id"], strict=True))
    mine = frame(session, columns(*Observation.__table__.columns).where(Observation.batch == batch))
    own = set(mine["id"])
    # The last row of the batch in each chain of corrections; the newest of the chain; what stood before.
    last = np.array([after.get(number) not in own for number in mine["id"]], dtype=bool)
    tails = mine[last].reset_index(drop=True)
    tails = tails.astype(dict.fromkeys(NUMBERS, "float64"))
    heads, stood = [], []
    for number in tails["id"]:
        head, old = number, number
        while head in after:
            head = after[head]
        while old in own:
            old = before.get(old)
        heads.append(head)
        stood.append(old)
    named = rows_by_number(session, {*heads, *[number for number in stood if number is not None]})
    now, old = named.reindex(heads).reset_index(), named.reindex(stood).reset_index(drop=True)
    same = (said(now) == said(tails)).all(axis=1)
    changed = now[~same]
    told = changed[NAMED].apply(lambda row: " · ".join(row.dropna()), axis=1) if len(changed) else None
    blocked = pd.DataFrame({"sheet": "observations", "key": told, "batch": changed["batch"]})
    first_days = dict(zip(chains["id"], chains["first_day"], strict=True))
    # A value that comes back was first reported when it was; what nothing stood before is withdrawn.
    days = pd.Series([first_days.get(number) for number in stood], dtype=object)
    old["reported_on"] = days.where(days.notna(), old["reported_on"])
    returns = old["withdrawn"].eq(False)
    gone = tails.assign(**dict.fromkeys(NUMBERS), identical_answers=False)[old.columns]
    back = old.where(returns, gone, axis=0)
    back = back.assign(**tails[NAMED], supersedes=heads, withdrawn=~returns)
    return back.reindex(columns=REPORT), blocked


def said(rows: pd.DataFrame) -> np.ndarray:
    """What observations say, as cells that can be compared."""
    return rows[SAID].astype(object).where(rows[SAID].notna(), None).to_numpy()


def rows_by_number(session: Session, numbers: set[int]) -> pd.DataFrame:
    """Observations by their id."""
    asked, found = sorted(numbers), []
    query = columns(*Observation.__table__.columns)
    for first in range(0, max(len(asked), 1), AT_ONCE):
        found.append(frame(session, query.where(col(Observation.id).in_(asked[first : first + AT_ONCE]))))
    rows = pd.concat(found, ignore_index=True).set_index("id")
    return rows.astype(dict.fromkeys(NUMBERS, "float64"))
