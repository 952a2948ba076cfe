"""Accounts and their sign-ins, for whoever manages them."""

from typing import Any

import pandas as pd
from sqlmodel import Session, func, select

from data_access.clock import now
from data_access.models import Account, LinkedSubject, SignIn
from data_access.scope import Scope
from data_access.settings import settings
from data_access.sign_ins import is_live
from data_access.store import columns, frame, reading

STATES = ("open", "invited", "locked", "disabled")


def accounts(scope: Scope) -> pd.DataFrame:
    """name, display_name, role, area, state (one of STATES), demonstration, created_at, last_sign_in, subject
    (what the provider of the second door calls them) of all accounts, by name."""
    scope.must("manage_accounts")
    table = Account.__table__.c
    linked = select(LinkedSubject.subject).where(LinkedSubject.account == table.name).scalar_subquery()
    last = select(func.max(SignIn.began_at)).where(SignIn.account == table.name).scalar_subquery()
    names = ("name", "display_name", "role", "area", "demonstration", "created_at", "active", "locked_until")
    shown = (*[table[name] for name in names], (table.password_hash == "").label("invited"))
    shown += (last.label("last_sign_in"), linked.label("subject"))
    with reading() as session:
        rows = frame(session, columns(*shown).order_by(table.name))
    locked = pd.to_datetime(rows["locked_until"]) > now()
    told = zip(rows["active"], rows["invited"], locked, strict=True)
    rows["state"] = [state_of(*map(bool, each)) for each in told]
    rows["last_sign_in"] = pd.to_datetime(rows["last_sign_in"])
    kept = ("name", "display_name", "role", "area", "state", "demonstration", "created_at", "last_sign_in")
    kept += ("subject",)
    return rows[list(kept)]


def has_second_door(scope: Scope) -> bool:
    """Whether accounts can be linked to those of a provider."""
    scope.must("manage_accounts")
    return settings().has_second_door


def state_of(active: bool, invited: bool, locked: bool) -> str:
    if not active:
        return "disabled"
    if invited:
        return "invited"
    return "locked" if locked else "open"


def sign_ins(scope: Scope, account: str | None = None) -> pd.DataFrame:
    """The sign-ins of all accounts, or of one: the columns of ``listed``."""
    scope.must("manage_accounts")
    with reading() as session:
        return listed(session, account)


def own_sign_ins(scope: Scope) -> pd.DataFrame:
    """The sign-ins of the scope's own account: the columns of ``listed``."""
    scope.must("end_own_sign_ins")
    with reading() as session:
        return listed(session, scope.account)


def listed(session: Session, account: str | None) -> pd.DataFrame:
    """number, account, began_at, seen_at, expires_at, browser, ended_at, ended_why, live of sign-ins, the
    newest first."""
    table = SignIn.__table__.c
    times = ("began_at", "seen_at", "expires_at", "idle_minutes", "browser", "ended_at", "ended_why")
    query = columns(table.id.label("number"), table.account, *[table[name] for name in times])
    query = query.where(table.token_hash.is_not(None)).order_by(table.id.desc())
    rows = frame(session, query if account is None else query.where(table.account == account))
    told: list[Any] = list(rows.itertuples())
    rows["live"] = [row.ended_why is None and is_live(row) for row in told]
    return rows.drop(columns="idle_minutes")
