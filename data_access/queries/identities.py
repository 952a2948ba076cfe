"""Organisations that stand in the register more than once: as it is today, not as a release knew it."""

import pandas as pd
from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from data_access.identity import DIFFERENT, UNDONE, in_force, organisations, taking_parts
from data_access.measures import identity as measures
from data_access.models import Account, IdentityDecision, Rule
from data_access.queries.reference import sources
from data_access.scope import Scope
from data_access.store import columns, frame, reading

LEAST = "identity_alike"


def newest_decision(scope: Scope) -> int:
    """The number of the newest decision: what is asked of the register by it is what holds now."""
    scope.must("decide_identities")
    with reading() as session:
        return session.exec(select(func.max(IdentityDecision.id))).one() or 0


def register(scope: Scope, language: str) -> pd.DataFrame:
    """The organisations by code: organisation, identity, business_id, fi, sv, en (names), type,
    demonstration, source_title."""
    scope.must("decide_identities")
    with reading() as session:
        rows = organisations(session)
    titles = sources(scope, language).set_index("code")["title"]
    return rows.assign(source_title=rows["source"].map(titles)).drop(columns="source")


def alike_names(scope: Scope) -> pd.DataFrame:
    """Pairs of rows of the register whose names are alike, whatever has been decided: the columns of
    ``measures.identity.alike``. The slow part of ``suggestions``."""
    scope.must("decide_identities")
    with reading() as session:
        return measures.alike(organisations(session), session.get_one(Rule, LEAST).value)


def suggestions(scope: Scope, rows: pd.DataFrame) -> pd.DataFrame:
    """Of ``rows`` (those of ``alike_names``) the pairs that may be one organisation and are not decided on,
    the most alike first: their columns; ``fewer``: by how many (0 or 1) merging them would lower the number
    of distinct organisations; ``partnerships`` and ``projects`` (of either, begun and not withdrawn);
    ``common``: projects that both take part in."""
    scope.must("decide_identities")
    with reading() as session:
        register = organisations(session)
        decided = in_force(session)
        taking_part = taking_parts(session)
    apart = decided.loc[decided["verdict"] == DIFFERENT, ["first", "second"]]
    found = measures.suggestions(rows, register, apart)
    identity = register.set_index("organisation")["identity"]
    by_identity = taking_part.assign(identity=taking_part["organisation"].map(identity)).groupby("identity")
    projects = by_identity["project"].agg(frozenset).to_dict()
    count = by_identity.size().to_dict()
    told = []
    for pair in found[["first", "second"]].itertuples(index=False):
        one, other = (projects.get(identity[code], frozenset()) for code in pair)
        partnerships = sum(count.get(identity[code], 0) for code in pair)
        told.append((int(bool(one and other)), partnerships, len(one | other), len(one & other)))
    effect = ["fewer", "partnerships", "projects", "common"]
    return found.join(pd.DataFrame(told, columns=effect, index=found.index))


def projects_of(scope: Scope, language: str) -> dict[str, list[str]]:
    """Organisation → the names of the projects it takes part in, of those that have begun and were not
    withdrawn."""
    scope.must("decide_identities")
    with reading() as session:
        rows = taking_parts(session)
    rows = rows.sort_values("project").drop_duplicates(["organisation", "project"])
    names = rows["name"].map(lambda name: name[language])
    return names.groupby(rows["organisation"]).agg(list).to_dict()


def decisions(scope: Scope) -> pd.DataFrame:
    """All decisions, newest first: number, first, second, verdict, undoes, reason, decided_by (the account,
    or what acted), ``decided_by_name`` (its display name), decided_at (UTC), in_force."""
    scope.must("decide_identities")
    later = aliased(IdentityDecision)
    query = (
        columns(
            col(IdentityDecision.id).label("number"),
            IdentityDecision.first,
            IdentityDecision.second,
            IdentityDecision.verdict,
            IdentityDecision.undoes,
            IdentityDecision.reason,
            IdentityDecision.decided_by,
            func.coalesce(Account.display_name, IdentityDecision.decided_by).label("decided_by_name"),
            IdentityDecision.decided_at,
            and_(col(IdentityDecision.verdict) != UNDONE, col(later.id).is_(None)).label("in_force"),
        )
        .join(Account, col(Account.name) == IdentityDecision.decided_by, isouter=True)
        .join(later, col(later.undoes) == IdentityDecision.id, isouter=True)
        .order_by(col(IdentityDecision.id).desc())
    )
    with reading() as session:
        rows = frame(session, query)
    return rows.astype({"undoes": "Int64", "in_force": bool})
