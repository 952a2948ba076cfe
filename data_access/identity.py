"""Which rows of the register of organisations are one organisation: what is decided, and deciding it.

Nothing is ever removed: an undone decision stays, and a later row says that and why it was undone. Counts
follow in the next release."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from data_access import audit
from data_access.measures import identity as measures
from data_access.models import IdentityDecision, Organisation, Partnership, Project
from data_access.scope import Scope
from data_access.store import alone, columns, frame, writing

SAME, DIFFERENT, UNDONE = "same", "different", "undone"
TAKES_PART = ("running", "ended")
ACTIONS = {SAME: "merge organisations", DIFFERENT: "hold organisations apart"}
REFUSALS = {
    "no_reason": "a decision says why",
    "unknown": "there is no such organisation",
    "itself": "an organisation is always the same as itself",
    "one_by_id": "they have the same business ID and are one without a decision",
    "one_already": "decision {number} has made them one: undo it first",
    "two_ids": "they have different business IDs and can only be different",
    "held_apart": "decision {number} holds them to be different: undo it first",
    "not_in_force": "no decision {number} is in force",
}


class Refused(ValueError):
    """A decision that cannot be made: ``why`` is a word of ``REFUSALS``, ``number`` the decision that
    stands in its way."""

    def __init__(self, why: str, number: int = 0) -> None:
        super().__init__(REFUSALS[why].format(number=number))
        self.why, self.number = why, number


# --- what is decided -----------------------------------------------------------------------------


def in_force(session: Session) -> pd.DataFrame:
    """The decisions that no later one undoes, oldest first: number, first, second, verdict."""
    later = aliased(IdentityDecision)
    undone = select(later.undoes).where(col(later.undoes).is_not(None))
    query = columns(
        col(IdentityDecision.id).label("number"),
        IdentityDecision.first,
        IdentityDecision.second,
        IdentityDecision.verdict,
    ).where(IdentityDecision.verdict != UNDONE, col(IdentityDecision.id).not_in(undone))
    return frame(session, query.order_by(col(IdentityDecision.id)))


def identities(session: Session) -> pd.DataFrame:
    """organisation, ``identity`` (``measures.identity.identities``) and ``eligible``: what has been decided
    for the identity, empty where nobody has decided or where its spellings contradict each other."""
    rows = with_identity(session, in_force(session))
    decided = rows["eligible"].map({True: 1.0, False: 0.0}).astype("float64")
    decisions = decided.groupby(rows["identity"]).agg(["min", "max"])
    agreed = decisions["max"].where(decisions["min"] == decisions["max"])
    return rows.assign(eligible=rows["identity"].map(agreed))[["organisation", "identity", "eligible"]]


def with_identity(session: Session, decided: pd.DataFrame) -> pd.DataFrame:
    """The register by code: organisation, business_id, eligible as it is entered, ``identity`` by these
    decisions."""
    rows = frame(
        session,
        columns(col(Organisation.code).label("organisation"), Organisation.business_id, Organisation.eligible)
        .where(col(Organisation.removed).is_(False))
        .order_by(col(Organisation.code)),
    )
    rows["identity"] = measures.identities(rows, decided[decided["verdict"] == SAME])
    return rows


def organisations(session: Session) -> pd.DataFrame:
    """The register by code: organisation, identity, business_id, fi, sv, en (names), type, demonstration,
    source."""
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


def taking_parts(session: Session) -> pd.DataFrame:
    """organisation, project and its name, a row for each partnership in a project that has begun and was
    not withdrawn."""
    query = columns(Partnership.organisation, Partnership.project, Project.name)
    query = query.join(Project, col(Project.code) == Partnership.project)
    return frame(session, query.where(col(Project.state).in_(TAKES_PART)))


def contradictions(session: Session) -> list[int]:
    """Decisions that make rows with different business IDs one; the IDs outweigh them."""
    decided = in_force(session)
    same = decided[decided["verdict"] == SAME]
    rows = with_identity(session, decided)
    tied = measures.united(zip(same["first"], same["second"], strict=True))
    group = rows["organisation"].map(tied)
    many = rows["identity"].groupby(group).nunique()
    return same.loc[same["first"].map(tied).isin(many[many > 1].index), "number"].tolist()


# --- deciding ------------------------------------------------------------------------------------


def merge(first: str, second: str, reason: str, *, actor: Scope) -> int:
    """Decide that two rows are the same organisation; gives the number of the decision. Raises
    ``Refused``."""
    actor.must("decide_identities")
    return decide(first, second, SAME, reason, actor.account)


def hold_apart(first: str, second: str, reason: str, *, actor: Scope) -> int:
    """Decide that two rows are different organisations: they are not suggested again. Gives the number
    of the decision. Raises ``Refused``."""
    actor.must("decide_identities")
    return decide(first, second, DIFFERENT, reason, actor.account)


def undo(number: int, reason: str, *, actor: Scope) -> int:
    """Take a decision back; gives the number of the row that says so. Raises ``Refused``."""
    actor.must("decide_identities")
    with writing() as session:
        alone(session, IdentityDecision)
        if number not in set(in_force(session)["number"]):
            raise Refused("not_in_force", number)
        undone = session.get_one(IdentityDecision, number)
        action = f"undo: {ACTIONS[undone.verdict]}"
        said = {"first": undone.first, "second": undone.second, "verdict": UNDONE, "undoes": number}
        return keep(session, action, actor.account, reason, **said)


def decide(first: str, second: str, verdict: str, reason: str, actor: str) -> int:
    first, second = sorted((first, second))
    with writing() as session:
        alone(session, IdentityDecision)
        if why := stands_in_the_way(session, first, second):
            raise why
        return keep(session, ACTIONS[verdict], actor, reason, first=first, second=second, verdict=verdict)


def stands_in_the_way(session: Session, first: str, second: str) -> Refused | None:
    """Why nothing can be decided on two rows: it is decided already, or settled by their business IDs."""
    decided = in_force(session)
    rows = with_identity(session, decided).set_index("organisation")
    if not {first, second} <= set(rows.index):
        return Refused("unknown")
    if first == second:
        return Refused("itself")
    identity, pair = rows["identity"], {rows.loc[first, "identity"], rows.loc[second, "identity"]}
    # Decisions between the two identities, or within the one; on these very rows last.
    near = [
        row for row in decided.to_dict("records") if {identity[row["first"]], identity[row["second"]]} == pair
    ]
    near.sort(key=lambda row: ((row["first"], row["second"]) == (first, second), row["number"]))
    if len(pair) == 1:
        same = [row["number"] for row in near if row["verdict"] == SAME]
        settled = rows.loc[[first, second], "business_id"].notna().all() or not same
        return Refused("one_by_id") if settled else Refused("one_already", same[-1])
    if near:
        return Refused("held_apart", near[-1]["number"])
    has_id = set(rows.loc[rows["business_id"].notna(), "identity"])
    return Refused("two_ids") if pair <= has_id else None


def keep(session: Session, action: str, actor: str, reason: str, **said: Any) -> int:
    """Add a decision and its audit event; gives its number."""
    if not reason.strip():
        raise Refused("no_reason")
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    made = IdentityDecision(decided_by=actor, decided_at=now, reason=reason.strip(), **said)
    session.add(made)
    session.flush()
    number = made.id or 0
    detail = {"decision": number, "reason": made.reason, "undoes": made.undoes}
    audit.record(session, actor=actor, action=action, subject=f"{made.first}, {made.second}", detail=detail)
    return number
