"""Checked rows → one batch, or nothing; and a single value corrected, which is a batch of one row.

Everything that a batch does is one transaction: its rows, what they changed, and the audit event."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from sqlmodel import Session, col, insert, select

from data_access import audit
from data_access.clock import now
from data_access.intake import changing
from data_access.intake.changing import Change
from data_access.intake.checked import FINDING, Checked
from data_access.intake.difference import Difference, difference
from data_access.intake.layout import SHEET_OF
from data_access.intake.overlay import PARTS, keys
from data_access.intake.standing import REPORTS
from data_access.models import BatchChange, ImportBatch, Observation, ObservationRow, Source
from data_access.scope import Scope
from data_access.store import alone, columns, frame, writing

Tell = Callable[[str], None]
REPORTED, INVENTED = "reports", "demonstration"
AT_ONCE = 5000
NUMBERS = ["value", "numerator", "denominator", "n"]
REPORT = ["indicator", "project", "area", "goal", "period", *NUMBERS, "identical_answers", "reported_on"]
REPORT += ["supersedes", "reason", "source", "withdrawn"]
IN_THE_WAY = ["sheet", "key", "batch", "loaded_by", "file_name"]
"""What stands in the way of a batch: which thing, and the batch that changed it."""
REFUSALS = {
    "refused": "the file breaks {number} rules",
    "warned": "the file has {number} warnings that nobody has accepted",
    "moved": "{number} rows have been changed since by batch {batch} of {by}: look at the preview again",
    "no_reason": "a correction says why: give the batch a note, or its rows a reason",
    "unknown": "there is no batch {number}",
    "undone": "batch {number} has been undone by batch {batch}",
    "changed_since": "{number} things have been changed since by later batches, the newest {batch}: undo "
    "those first",
    "still_named": "{number} things that would go are named by others",
    "not_newest": "this value has been changed since",
    "not_valid": "{said}",
}


class Refused(ValueError):
    """A batch that cannot be made: ``why`` is a word of ``REFUSALS``, ``detail`` what its sentence names
    (``number`` always), ``rows`` what stands in the way, one by one: findings of the file (columns of
    ``FINDING``), or things of the store (columns of ``IN_THE_WAY``; of *still_named* the first two)."""

    def __init__(self, why: str, rows: pd.DataFrame | None = None, **detail: Any) -> None:
        self.why = why
        self.rows = pd.DataFrame() if rows is None else rows
        self.detail = {"number": len(self.rows)} | detail
        super().__init__(REFUSALS[why].format(**self.detail))


def holds_demonstration(session: Session) -> bool:
    """Whether any batch is invented: then every later one is held to be, and is never taken for fact."""
    return session.exec(select(ImportBatch.id).where(ImportBatch.demonstration).limit(1)).first() is not None


def load(
    checked: Checked,
    *,
    actor: Scope,
    note: str = "",
    expected: int | None = None,
    accepted: bool = False,
    demonstration: bool = False,
    source: str = REPORTED,
    tell: Tell = lambda _: None,
) -> int | None:
    """Load a screened file in one transaction; gives the number of its batch, or none where everything
    stands already as the file says: then nothing is written.

    ``expected``: the ``ground`` of the preview that was looked at; ``accepted``: its warnings were. ``note``:
    what the batch is, and the reason of corrections that name none. ``source``: of the rows, where the
    file names none of its own and the store holds nothing invented. ``tell`` hears what is being done.
    Raises ``Refused``."""
    actor.must("load_data")
    said: dict[str, Any] = {"note": note, "expected": expected, "accepted": accepted, "source": source}
    with writing() as session:
        return loaded(session, checked, actor=actor.account, demonstration=demonstration, tell=tell, **said)


def correct(observation: int, values: dict[str, Any] | None, reason: str, *, actor: Scope) -> int | None:
    """Correct one value, as a batch of one row: ``values`` are those of value, numerator, denominator, n and
    identical_answers that are to stand (what is not named stays as it is), none withdraws it. Gives the
    number of the batch; none where nothing changes. Raises ``Refused``, also where ``observation`` is not the
    newest of its value."""
    actor.must("load_data")
    if not reason.strip():
        raise Refused("no_reason")
    with writing() as session:
        alone(session, ImportBatch)
        known = session.get(Observation, observation)
        later = session.exec(select(Observation.id).where(Observation.supersedes == observation)).first()
        if known is None or later is not None or known.withdrawn:
            raise Refused("not_newest")
        row = known.model_dump() | (values or {})
        try:
            ObservationRow.model_validate(row)
        except ValueError as error:
            raise Refused("not_valid", said=str(error)) from error
        row |= {"row": 1, "reason": reason.strip(), "withdraw": values is None}
        rows = pd.DataFrame([row], dtype=object)[
            [*(each.code for each in SHEET_OF["observations"].columns), "row"]
        ]
        rows = rows.astype(dict.fromkeys(NUMBERS, "float64") | {"identical_answers": "boolean"})
        checked = Checked("", "", {"observations": rows}, pd.DataFrame(columns=list(FINDING)))
        said: dict[str, Any] = {"note": reason.strip(), "source": known.source, "action": "correct value"}
        return loaded(session, checked, actor=actor.account, **said)


def loaded(
    session: Session,
    checked: Checked,
    *,
    actor: str,
    note: str,
    expected: int | None = None,
    accepted: bool = False,
    demonstration: bool = False,
    source: str = REPORTED,
    tell: Tell = lambda _: None,
    action: str = "import",
) -> int | None:
    """``load``, in a transaction that is there already."""
    level = checked.findings["level"]
    if checked.refused:
        raise Refused("refused", checked.findings[level == "error"])
    if checked.warned and not accepted:
        raise Refused("warned", checked.findings[level == "warning"])
    alone(session, ImportBatch)
    tell("comparing")
    found = difference(session, checked)
    if expected is not None and len(moved := changed_since(session, found, expected)):
        newest = moved.iloc[-1]
        raise Refused("moved", moved, batch=newest["batch"], by=newest["loaded_by"])
    if found.empty:
        return None
    demonstration = demonstration or holds_demonstration(session)
    if checked.source is not None and not demonstration:
        source = session.merge(Source(**checked.source)).code
        session.flush()
    source = INVENTED if demonstration else source
    reports = report_rows(found, note, source)
    registers = changing.register_changes(session, found, source=source, demonstration=demonstration)
    batch = new_batch(session, actor, note, demonstration, file_name=checked.file_name, sha256=checked.sha256)
    put(session, batch, registers, reports, tell)
    counts = {sheet: {kind: n for kind, n in row.items() if n} for sheet, row in found.counts.T.items()}
    detail = {"file": checked.file_name, "sha256": checked.sha256, "note": note, "rows": counts}
    detail["warnings"] = int((level == "warning").sum())
    audit.record(session, actor=actor, action=action, subject=f"batch {batch}", detail=detail)
    return batch


def changed_since(session: Session, found: Difference, ground: int) -> pd.DataFrame:
    """Which rows of a file batches after ``ground`` have changed, the newest last (``IN_THE_WAY``)."""
    if found.ground == ground:
        return pd.DataFrame(columns=IN_THE_WAY)
    asked = [
        getattr(Observation, name) for name in ("project", "indicator", "period", "area", "goal", "batch")
    ]
    reports = frame(session, columns(*asked).where(Observation.batch > ground))
    query = columns(BatchChange.batch, BatchChange.part, BatchChange.key).where(BatchChange.batch > ground)
    changes = frame(session, query)
    parts = []
    for sheet, rows in found.rows.items():
        laid_out = SHEET_OF[sheet]
        if sheet in REPORTS:
            since = reports if "goal" in rows else reports[reports["goal"].isna()]
        else:
            # The goals that a project serves are part of its row.
            parts_of = [laid_out.table, *(["projectgoal"] if sheet == "projects" else [])]
            mine = changes[changes["part"].isin(parts_of)]
            since = pd.DataFrame(mine["key"].tolist(), columns=list(laid_out.key), dtype=object)
            since["batch"] = mine["batch"].to_numpy()
        since = since.assign(sheet=sheet, key=keys(since, laid_out.key))
        parts.append(since.loc[since["key"].isin(rows["key"]), ["sheet", "key", "batch"]])
    return with_batches(session, pd.concat(parts).drop_duplicates(["sheet", "key"], keep="last"))


def with_batches(session: Session, rows: pd.DataFrame) -> pd.DataFrame:
    """Things (sheet, key, batch) with who made the batch and from what file (``IN_THE_WAY``)."""
    query = columns(col(ImportBatch.id).label("batch"), ImportBatch.loaded_by, ImportBatch.file_name)
    found = rows.merge(frame(session, query), on="batch", how="left").sort_values("batch", kind="stable")
    told = [" · ".join(filter(None, key.split(PARTS))) for key in found["key"]]
    return found.assign(key=told)[IN_THE_WAY].reset_index(drop=True)


# --- writing -------------------------------------------------------------------------------------


def new_batch(session: Session, actor: str, note: str, demonstration: bool, **said: Any) -> int:
    """Add the batch itself; gives its number."""
    made = ImportBatch(
        **{"file_name": "", "sha256": ""} | said,
        loaded_at=now(),
        loaded_by=actor,
        note=note,
        demonstration=demonstration,
    )
    session.add(made)
    session.flush()
    return made.id or 0


def report_rows(found: Difference, note: str, source: str) -> pd.DataFrame:
    """The observations that a file's reports become. Raises ``Refused`` where one that corrects or withdraws
    another says no reason and the batch has no note; the file is reason enough for what comes back."""
    told = [*REPORT, "change"]
    parts = [pd.DataFrame(columns=told)]
    for sheet in REPORTS:
        if sheet in found.rows:
            rows = found.rows[sheet].assign(supersedes=found.before[sheet]["head"], source=source)
            rows["withdrawn"] = rows["change"] == "withdrawn"
            parts.append(rows[rows["change"] != "unchanged"].reindex(columns=told))
    rows = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    replaces, comes = rows["supersedes"].notna(), rows.pop("change") == "new"
    reasons = rows["reason"].astype(object)
    reasons = reasons.where(reasons.notna(), note.strip() or None)
    reasons = reasons.where(reasons.notna() | ~comes, found.checked.file_name)
    rows["reason"] = reasons.where(replaces, None)
    if (replaces & rows["reason"].isna()).any():
        raise Refused("no_reason")
    rows["identical_answers"] = rows["identical_answers"].astype("boolean").fillna(False).astype(bool)
    rows[NUMBERS] = rows[NUMBERS].astype("float64")
    rows.loc[rows["withdrawn"].astype(bool), [*NUMBERS, "identical_answers"]] = [*[None] * 4, False]
    return rows


def put(session: Session, batch: int, registers: list[Change], reports: pd.DataFrame, tell: Tell) -> None:
    """Write what a batch changes. Raises ``Refused`` where something that goes is still named."""
    changing.write(session, batch, registers)
    rows = reports.astype(object).where(reports.notna(), None).assign(batch=batch)
    for column in ("n", "supersedes"):
        whole = [None if cell is None else int(cell) for cell in rows[column]]
        rows[column] = pd.Series(whole, index=rows.index, dtype=object)
    for first in range(0, len(rows), AT_ONCE):
        tell(f"writing {first} of {len(rows)} values")
        some = rows.iloc[first : first + AT_ONCE].to_dict("records")
        session.connection().execute(insert(Observation), some)
    named = changing.still_named(session)
    if len(named):
        raise Refused("still_named", named)
