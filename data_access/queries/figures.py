"""The one way to a figure. What the audience may not get is left out by the database itself."""

from datetime import timedelta
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement
from sqlmodel import Session, case, col, select

from data_access import release_basis
from data_access.measures.periods import TO_DATE, last_day
from data_access.models import Area, Figure, Indicator, Release, Source
from data_access.release_basis import visible
from data_access.scope import Scope
from data_access.store import columns, frame, reading

TELLING = (
    "value",
    "numerator",
    "denominator",
    "n",
    "low",
    "high",
    "share_of_path",
    "gap",
    "rank_low",
    "rank_high",
    "verdict",
    "trend",
    "trend_reason",
    "detail",
)
OPEN = (
    "indicator",
    "scheme",
    "area",
    "period",
    "goal",
    "reported",
    "expected",
    "newest",
    "baseline",
    "baseline_due",
    "milestone",
    "milestone_due",
    "target",
    "target_due",
    "committed",
    "expected_now",
    "demonstration",
    "sources",
    "release",
)
NUMBERS = (
    "value",
    "numerator",
    "denominator",
    "low",
    "high",
    "baseline",
    "milestone",
    "target",
    "committed",
    "gap",
)


def figures(
    scope: Scope,
    release: int,
    language: str,
    *,
    indicator: str | tuple[str, ...] | None = None,
    scheme: str | None = None,
    period: str | tuple[str, ...] | None = None,
    goal: str | tuple[str, ...] | None = None,
    area: str | None = None,
) -> pd.DataFrame:
    """Figures of a release that the scope's audience may get; ``None`` asks for all of a dimension. The
    official audience gets nothing of a release that is not ``release_basis.visible`` or has not passed its
    audit.

    Columns: those of ``OPEN`` and ``TELLING``, ``state`` (``protected`` where hidden), ``status``,
    ``unit``, ``decimals``, ``area_name``, ``area_label``, ``area_inside``, ``area_genitive`` (in
    ``language``), ``position``, ``tile_row``, ``tile_column``, ``tile_label``, ``source_title``.
    Rows are in the order of indicators, areas, periods and goals."""
    scope.must("see_figures")

    def shown(name: str, instead: str | None = None) -> ColumnElement:
        """The column for this audience; where a figure is hidden, ``instead`` stands in it."""
        column = getattr(Figure, name)
        if scope.audience == "restricted":
            return column.label(name)
        return case((col(Figure.hidden), instead), else_=column).label(name)

    query = (
        columns(
            *[getattr(Figure, name) for name in OPEN],
            *[shown(name) for name in TELLING],
            shown("state", "protected"),
            shown("status", "not_enough_evidence"),
            Indicator.unit,
            Indicator.decimals,
            Area.name,
            Area.label,
            Area.inside,
            Area.genitive,
            Area.position,
            Area.tile_row,
            Area.tile_column,
            Area.tile_label,
        )
        .join(Indicator, col(Indicator.code) == Figure.indicator)
        .join(Area, col(Area.code) == Figure.area)
        .where(Figure.release == release)
        .order_by(col(Indicator.position), col(Area.position), Figure.period, Figure.goal)
    )
    if scope.audience == "official":
        query = query.join(Release, col(Release.number) == Figure.release)
        query = query.where(Release.audit == "passed", visible())
    asked: dict[str, Any] = {"indicator": indicator, "scheme": scheme, "period": period}
    for name, wanted in (asked | {"goal": goal, "area": area}).items():
        if isinstance(wanted, tuple):
            query = query.where(col(getattr(Figure, name)).in_(wanted))
        elif wanted is not None:
            query = query.where(getattr(Figure, name) == wanted)
    with reading() as session:
        rows = frame(session, query)
        titles = {source.code: source.title[language] for source in session.exec(select(Source))}
    for form in ("name", "label", "inside", "genitive"):
        rows[f"area_{form}"] = [words[language] for words in rows.pop(form)]
    rows["source_title"] = ["; ".join(titles[code] for code in codes) for codes in rows["sources"]]
    return rows.astype(dict.fromkeys(NUMBERS, "float64"))


def releases(scope: Scope, language: str) -> pd.DataFrame:
    """The releases that the scope's audience may know of, newest first: the columns of ``listed``. The
    official audience gets those that are ``release_basis.visible``, without ``built_by``, and the hash of
    what it is shown only: values that are protected could be tried out against the other."""
    scope.must("see_figures")
    with reading() as session:
        return listed(session, language, whole=scope.audience == "restricted")


def listed(session: Session, language: str, *, whole: bool) -> pd.DataFrame:
    """number, state, as_of, built_at, built_by, published_at, embargo_until, withdrawn_at, withdrawn_reason,
    note, figures, content_hash, demonstration, audit, and of a release's figures about people how many are
    ``published``, ``primary`` (protected themselves) and ``complementary`` (protected beside them).
    ``whole``: drafts and what is under embargo, who built it and the hash of all figures as well."""
    inner = ("observations", "method", *([] if whole else ["built_by"]))
    told = [column for column in Release.__table__.columns if column.name not in inner]
    query = columns(*told).order_by(col(Release.number).desc())
    rows = frame(session, query if whole else query.where(visible()))
    rows["note"] = [note[language] for note in rows["note"]]
    protection = rows.pop("protection")
    if not whole:
        rows["content_hash"] = [each.get("shown_hash", "") for each in protection]
    return rows.assign(
        **{
            name: [each.get(name, 0) for each in protection]
            for name in ("published", "primary", "complementary")
        }
    )


def newest_release(scope: Scope) -> int | None:
    """The number of the published release; where it was withdrawn or is under embargo, of the one before
    it; ``None`` before the first."""
    scope.must("see_figures")
    with reading() as session:
        query = select(Release.number).where(visible(), Release.state != "withdrawn")
        return session.exec(query.order_by(col(Release.number).desc())).first()


def periods_of(scope: Scope, release: int, indicator: str) -> list[str]:
    """The periods that an indicator has figures for: half-years and years in order, then to date."""
    scope.must("see_figures")
    with reading() as session:
        query = select(Figure.period).where(Figure.release == release, Figure.indicator == indicator)
        return sorted(set(session.exec(query.distinct())), key=lambda code: (code == "to_date", code))


def latest_period(scope: Scope, release: int, indicator: str) -> str | None:
    """The latest period of an indicator whose reports are due and that has a value for the whole
    country: half-years first, then years; where none is due yet, the latest that has ended."""
    scope.must("see_figures")
    with reading() as session:
        query = select(Figure.period).where(
            Figure.release == release,
            Figure.indicator == indicator,
            Figure.scheme == "country",
            Figure.goal == "all",
            col(Figure.state).in_(("value", "zero")),
        )
        as_of = session.get_one(Release, release).as_of
        rules = release_basis.parts_of(session, release, "rules")["rules"].set_index("code")["value"]
        codes = set(session.exec(query)) - {TO_DATE}
    ended = {code for code in codes if last_day(code) <= as_of}
    due = {code for code in ended if last_day(code) + timedelta(days=rules["report_due_days"]) <= as_of}
    halves = sorted(code for code in due or ended if "h" in code)
    return halves[-1] if halves else max(due or ended, default=None)
