"""Which releases there are for readers; what a release was made from, and by which rules in code, as rows
that the store keeps, and back.

Days are ISO texts, nothing is null; each part has its ``columns`` and ``rows``. Beside what its figures
come from, a release keeps the registers that its lists show (``holdings.registers``)."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from data_access import measures
from data_access.measures.figures import Basis, of_programme
from data_access.measures.projects import of_project
from data_access.models import Release, ReleaseBasis

DAYS = ("starts", "ends", "withdrawn_on", "valid_from", "valid_to", "due")
NUMBERS = ("scale_low", "scale_high", "eligible", "value")
TRUTHS = ("national", "demonstration", "supported", "in_programme")
FRAMES = [name for name in Basis._fields if name != "as_of"]


def rows_of(basis: Basis) -> Iterator[tuple[str, dict[str, Any]]]:
    """Part by part what a basis consists of."""
    for part in FRAMES:
        yield part, rows_in(getattr(basis, part))


def rows_in(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as a part."""
    cells = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    rows = [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in cells]
    return {"columns": list(frame.columns), "rows": rows}


def basis_of(session: Session, release: Release) -> Basis:
    """The basis of a release, as it was when it was built."""
    return Basis(**parts_of(session, release.number, *FRAMES), as_of=release.as_of)


def basis_of_project(session: Session, release: Release, project: str) -> Basis:
    """What a release knew of one project and its programme, as if there were no other project. Raises
    KeyError for a project that the release does not know."""
    basis = of_project(basis_of(session, release), project)
    if basis.projects.empty:
        raise KeyError(f"release {release.number} knows no project {project}")
    return of_programme(basis, basis.projects["programme"].iloc[0])


def parts_of(session: Session, release: int, *names: str) -> dict[str, pd.DataFrame]:
    """Parts that a release keeps, by name."""
    asked = select(ReleaseBasis).where(ReleaseBasis.release == release, col(ReleaseBasis.part).in_(names))
    return {each.part: frame_of(each.rows) for each in session.exec(asked)}


def rules_of(session: Session, release: int) -> pd.Series:
    """The thresholds that a release was judged by: code → value."""
    return parts_of(session, release, "rules")["rules"].set_index("code")["value"]


def frame_of(kept: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(kept["rows"], columns=kept["columns"], dtype=object)
    for column in frame.columns:
        if column in DAYS:
            days = [None if cell is None else date.fromisoformat(cell) for cell in frame[column]]
            frame[column] = pd.Series(days, index=frame.index, dtype=object)
        elif column in NUMBERS:
            frame[column] = frame[column].astype("float64")
        elif column in TRUTHS:
            frame[column] = frame[column].astype(bool)
    return frame


def found_release(session: Session, number: int) -> Release:
    release = session.get(Release, number)
    if release is None:
        raise KeyError(f"there is no release {number}")
    return release


def visible() -> ColumnElement[bool]:
    """Which releases readers may see: what was published, once its embargo is over. The newest of those
    that were not withdrawn is the one in force."""
    embargo = col(Release.embargo_until)
    return (col(Release.state) != "draft") & (embargo.is_(None) | (embargo <= now()))


def now() -> datetime:
    """UTC without a zone, as the store keeps times."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


@lru_cache(maxsize=1)
def method() -> str:
    """A fingerprint of the rules that stand in code: it changes when a measure does."""
    digest = hashlib.sha256()
    for file in sorted(Path(measures.__path__[0]).glob("*.py")):
        if not file.stem.startswith("disclosure"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
