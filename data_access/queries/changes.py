"""What changed between two releases, for an audience."""

import pandas as pd
from sqlmodel import Session, col, select

from data_access.models import Area, Indicator, Release
from data_access.release_basis import visible
from data_access.release_changes import REASONS
from data_access.release_changes import changes as all_changes
from data_access.scope import Scope
from data_access.store import columns, frame, reading

__all__ = ["REASONS", "changes"]
COLUMNS = ["indicator", "scheme", "area", "period", "goal", "unit", "decimals", "state_before", "state_now"]
COLUMNS += ["value_before", "value_now", "target_before", "target_now", "change", "reasons", "parts"]


def changes(scope: Scope, before: int, now: int, scheme: str | None = None) -> pd.DataFrame:
    """Every changed figure (of a ``scheme``) that the scope's audience may get, in the order of indicators,
    areas, periods and goals: indicator, scheme, area, period, goal, unit, decimals, state_before,
    state_now, value_before, value_now, target_before, target_now, change, reasons (of ``REASONS``),
    parts (reason → its part of the change).

    What is protected in both releases is left out for the official audience, what is protected in one
    shows the other's value and the reason *protection* only; figures about people have reasons but no
    parts, which could tell one project's report. Raises KeyError where the audience has no such release (the
    official one has neither drafts nor what is under embargo), ValueError where ``before`` is not the older
    one."""
    scope.must("see_figures")
    with reading() as session:
        return told(session, scope.audience, before, now, scheme)


def told(
    session: Session, audience: str, before: int, now: int, scheme: str | None, *, ahead: bool = False
) -> pd.DataFrame:
    """What ``changes`` gives an audience; ``ahead``: of drafts and of what is under embargo as well."""
    asked = select(Release.number).where(col(Release.number).in_((before, now)))
    if audience == "official":
        asked = asked.where(Release.audit == "passed")
        asked = asked if ahead else asked.where(visible())
    for number in sorted({before, now} - set(session.exec(asked))):
        raise KeyError(f"there is no release {number} for the {audience} audience")
    rows = all_changes(session, before, now, scheme)
    indicators = frame(
        session, columns(Indicator.code, Indicator.unit, Indicator.decimals, Indicator.position)
    ).set_index("code")
    areas = frame(session, columns(Area.code, Area.position)).set_index("code")
    rows["unit"] = rows["indicator"].map(indicators["unit"])
    rows["decimals"] = rows["indicator"].map(indicators["decimals"])
    rows["place"] = rows["indicator"].map(indicators["position"])
    rows["area_place"] = rows["area"].map(areas["position"])
    rows = rows.sort_values(["place", "scheme", "area_place", "period", "goal"], ignore_index=True)
    if audience == "official":
        rows = masked(rows)
    return rows[COLUMNS]


def masked(rows: pd.DataFrame) -> pd.DataFrame:
    """The changes without anything that one of the releases protects."""
    rows = rows[~(rows["hidden_before"] & rows["hidden_now"])].reset_index(drop=True)
    once = rows["hidden_before"] | rows["hidden_now"]
    about_people = rows["person_data"].isin(["counts", "respondents"])
    for when in ("before", "now"):
        hidden = rows[f"hidden_{when}"]
        rows[f"state_{when}"] = rows[f"state_{when}"].mask(hidden, "protected")
        rows[f"value_{when}"] = rows[f"value_{when}"].mask(hidden)
    rows["change"] = rows["change"].mask(once)
    rows["reasons"] = rows["reasons"].where(~once, pd.Series([["protection"]] * len(rows), index=rows.index))
    rows["parts"] = rows["parts"].where(~(once | about_people), None)
    return rows
