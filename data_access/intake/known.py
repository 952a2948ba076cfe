"""What the store knows that rows of a file are held against: read once for each file."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlmodel import Session, col, func, select

from data_access import models
from data_access.intake.layout import SHEETS
from data_access.intake.standing import standing
from data_access.models import (
    Area,
    Call,
    Fact,
    Goal,
    ImportBatch,
    Indicator,
    Programme,
    Rule,
)
from data_access.store import columns, frame

TABLES = ("project", "organisation", "indicator", "area", "goal", "programme", "call")
FRAME = "regional_frame_eur"


@dataclass(frozen=True)
class Known:
    """Frames are indexed by code. ``standing``: the rows that stand, by sheet."""

    today: date
    standing: dict[str, pd.DataFrame]
    indicators: pd.DataFrame
    goals: pd.DataFrame
    calls: pd.DataFrame
    programmes: pd.DataFrame
    areas: pd.DataFrame
    rules: dict[str, float]
    frames: dict[str, float]
    newest_batch: int

    def codes(self, of: str) -> list[str]:
        """The codes that a column may have: of a table, or words of ``models``."""
        if of in ("project", "organisation"):
            return self.standing[f"{of}s"][of].tolist()
        if of in TABLES:
            return getattr(self, f"{of}s").index.tolist()
        return list(getattr(models, of))


def known(session: Session, today: date) -> Known:
    by_code = {
        "indicators": columns(
            Indicator.code,
            Indicator.programme,
            Indicator.family,
            Indicator.unit,
            Indicator.scale_low,
            Indicator.scale_high,
            Indicator.aggregation,
            Indicator.time_kind,
            Indicator.frequency,
            Indicator.attribution,
            Indicator.decimals,
            Indicator.name,
        ).order_by(col(Indicator.programme), col(Indicator.position)),
        "goals": columns(Goal.code, Goal.programme, Goal.name).order_by(Goal.programme, col(Goal.position)),
        "calls": columns(Call.code, Call.programme, Call.name).order_by(col(Call.position)),
        "programmes": columns(Programme.code, Programme.starts, Programme.ends, Programme.name).order_by(
            col(Programme.position)
        ),
        "areas": columns(Area.code, Area.scheme, Area.label).order_by(Area.scheme, col(Area.position)),
    }
    frames = select(Fact.programme, Fact.value).where(Fact.code == FRAME, col(Fact.known))
    return Known(
        today=today,
        standing={sheet.code: standing(session, sheet.code) for sheet in SHEETS},
        rules=dict(session.exec(select(Rule.code, Rule.value)).all()),
        frames={programme: value for programme, value in session.exec(frames) if value is not None},
        newest_batch=session.exec(select(func.max(ImportBatch.id))).one() or 0,
        **{name: frame(session, query).set_index("code") for name, query in by_code.items()},
    )
