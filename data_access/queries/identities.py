"""Organisations that stand in the register more than once: as it is today, not as a release knew it."""

import pandas as pd
from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from data_access.identity import DIFFERENT, UNDONE, identities, in_force
from data_access.measures import identity as measures
from data_access.models import Account, IdentityDecision, Organisation, Partnership, Project, Rule
from data_access.queries.reference import sources
from data_access.store import columns, frame, reading

LEAST = "identity_alike"
TAKES_PART = ("running", "ended")


def newest_decision() -> int:
    """The number of the newest decision: what is asked of the register by it is what holds now."""
    with reading() as session:
        return session.exec(select(func.max(IdentityDecision.id))).one() or 0


def register(language: str) -> pd.DataFrame:
    """The organisations by code: organisation, identity, business_id, fi, sv, en (names), type,
    demonstration, source_title."""
    with reading() as session:
        rows = rows_of_register(session)
    titles = sources(language).set_index("code")["title"]
    return rows.assign(source_title=rows["source"].map(titles)).drop(columns="source")


def rows_of_register(session: Session) -> pd.DataFrame:
    rows = frame(
        session,
        columns(
            col(Organisation.code).label("organisation"),
            Organisation.business_id,
            Organisation.name,
            Organisation.type,
            Organisation.demonstration,
            Organisation.source,
        ).order_by(col(Organisation.code)),
    ).merge(identities(session)[["organisation", "identity"]], on="organisation")
    names = {language: [name[language] for name in rows["name"]] for language in measures.NAMES}
    kept = ["organisation", "identity", "business_id", *names, "type", "demonstration", "source"]
    return rows.assign(**names)[kept].astype({"demonstration": bool})


def alike_names() -> pd.DataFrame:
    """Pairs of rows of the register whose names are alike, whatever has been decided: the columns of
    ``measures.identity.alike``. The slow part of ``suggestions``."""
    with reading() as session:
        return measures.alike(rows_of_register(session), session.get_one(Rule, LEAST).value)


def suggestions(alike: pd.DataFrame) -> pd.DataFrame:
    """Pairs of ``alike_names`` that may be one organisation and are not decided on, the most alike first:
    its columns; ``fewer``: by how many (0 or 1) merging them would lower the number of distinct
    organisations; ``partnerships`` and ``projects`` (of either, begun and not withdrawn); ``common``:
    projects that both take part in."""
    with reading() as session:
        rows = rows_of_register(session)
        decided = in_force(session)
        taking_part = taking_parts(session)
    apart = decided.loc[decided["verdict"] == DIFFERENT, ["first", "second"]]
    found = measures.suggestions(alike, rows, apart)
    identity = rows.set_index("organisation")["identity"]
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


def projects_of(language: str) -> dict[str, list[str]]:
    """Organisation → the names of the projects it takes part in, of those that have begun and were not
    withdrawn."""
    with reading() as session:
        rows = taking_parts(session)
    rows = rows.sort_values("project").drop_duplicates(["organisation", "project"])
    names = rows["name"].map(lambda name: name[language])
    return names.groupby(rows["organisation"]).agg(list).to_dict()


def taking_parts(session: Session) -> pd.DataFrame:
    """organisation, project and its name, a row for each partnership."""
    query = columns(Partnership.organisation, Partnership.project, Project.name)
    query = query.join(Project, col(Project.code) == Partnership.project)
    return frame(session, query.where(col(Project.state).in_(TAKES_PART)))


def decisions() -> pd.DataFrame:
    """All decisions, newest first: number, first, second, verdict, undoes, reason, decided_by (the account,
    or what acted), ``decided_by_name`` (its display name), decided_at (UTC), in_force."""
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
