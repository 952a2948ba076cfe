"""Sourced facts about a programme, its calls and its funnel, each with its source."""

import pandas as pd
from sqlmodel import col

from data_access.models import Area, Call, CallArea, CallStage, Fact, Source
from data_access.queries.reference import in_language
from data_access.scope import Scope
from data_access.store import columns, frame, reading


def facts(scope: Scope, programme: str, language: str) -> pd.DataFrame:
    """code, value, unit, known, starts, ends, name, caveat, source, source_title of a programme's
    facts; ``known`` false: no source gives the value."""
    scope.must("see_figures")
    query = (
        columns(*Fact.__table__.columns, col(Source.title).label("source_title"))
        .join(Source, col(Source.code) == Fact.source)
        .where(Fact.programme == programme)
        .order_by(col(Fact.position))
    )
    with reading() as session:
        return in_language(frame(session, query), language).astype({"value": "float64"})


def funnel(scope: Scope, programme: str, language: str) -> pd.DataFrame:
    """call, stage, label, value, caveat, source_title, state: the stages of the calls that have any, in
    order; ``value`` empty and ``state`` *not_available* where no source gives it."""
    scope.must("see_figures")
    query = (
        columns(
            CallStage.call,
            CallStage.stage,
            col(CallStage.name).label("label"),
            CallStage.value,
            CallStage.caveat,
            col(Source.title).label("source_title"),
        )
        .join(Call, col(Call.code) == CallStage.call)
        .outerjoin(Source, col(Source.code) == CallStage.source)
        .where(Call.programme == programme)
        .order_by(col(Call.position), col(CallStage.position))
    )
    with reading() as session:
        rows = in_language(frame(session, query), language).astype({"value": "float64"})
    rows["state"] = rows["value"].isna().map({True: "not_available", False: "value"})
    return rows


def calls(scope: Scope, programme: str, language: str) -> pd.DataFrame:
    """code, name, opens, closes, caveat, covered, not_covered (labels of areas, joined by "; "),
    source_title: the calls in order."""
    scope.must("see_figures")
    query = (
        columns(
            Call.code,
            Call.name,
            Call.opens,
            Call.closes,
            Call.caveat,
            col(Source.title).label("source_title"),
        )
        .join(Source, col(Source.code) == Call.source)
        .where(Call.programme == programme)
        .order_by(col(Call.position))
    )
    with reading() as session:
        rows = in_language(frame(session, query), language)
        areas = frame(
            session,
            columns(CallArea.call, CallArea.covered, Area.label)
            .join(Area, col(Area.code) == CallArea.area)
            .order_by(col(Area.position)),
        )
    areas = in_language(areas, language)
    for column, covered in (("covered", True), ("not_covered", False)):
        mine = areas[areas["covered"] == covered].groupby("call")["label"].agg("; ".join)
        rows[column] = rows["code"].map(mine)
    return rows
