"""Sign-ins: begun, recognised by the token in a browser's cookie, listed and ended.

A sign-in ends by itself after a time without use and after a time in all, both rules in the store; and
at once when its reader signs out, when it is revoked, or with a disabled account, a new password or
another role. Whoever asks, asks the store.
"""

import threading
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, delete, select, update

from data_access import audit, codes
from data_access.clock import now
from data_access.keys import keyed, new_secret
from data_access.models import Account, OneTimeCode, Rule, SignIn
from data_access.scope import Scope
from data_access.store import columns, engine, reading, writing

FETCH_WITHIN = timedelta(minutes=1)
"""How long a browser has to fetch its cookie."""
SEEN_EVERY = timedelta(minutes=1)
"""A use is written down when the last one is older than this."""
BEING_NOTED: set[int] = set()
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad"}
SYSTEMS |= {"Mac OS": "macOS", "Linux": "Linux"}


def begin(session: Session, account: str, browser: str = "") -> str:
    """Begin a sign-in of an account whose password was found right, and give the one-time code with which
    its browser fetches the cookie."""
    rules = {code: session.get_one(Rule, code).value for code in ("session_days", "session_idle_minutes")}
    forget_old(session)
    made = SignIn(
        account=account,
        began_at=now(),
        seen_at=now(),
        expires_at=now() + timedelta(days=rules["session_days"]),
        idle_minutes=rules["session_idle_minutes"],
        browser=short(browser),
    )
    session.add(made)
    session.flush()
    return codes.issue(session, "cookie", account, FETCH_WITHIN, made.id)


def short(browser: str) -> str:
    """What a browser says of itself, as much as its owner needs to know it again."""
    marks = (BROWSERS, SYSTEMS)
    known = [next((name for mark, name in each.items() if mark in browser), "") for each in marks]
    return " · ".join(filter(None, known))


def forget_old(session: Session) -> None:
    """Sign-ins are personal data: those that ended long ago go, with the codes that led to them."""
    limit = now() - timedelta(days=session.get_one(Rule, "sign_ins_kept_days").value)
    old = select(col(SignIn.id)).where(col(SignIn.expires_at) < limit)
    session.exec(delete(OneTimeCode).where(col(OneTimeCode.sign_in).in_(old)))
    session.exec(delete(SignIn).where(col(SignIn.expires_at) < limit))


def fetch(code: str) -> str | None:
    """The token for a browser's cookie; None where the code opens nothing (any more)."""
    with writing() as session:
        taken = codes.take(session, "cookie", code)
        found = session.get(SignIn, taken.sign_in) if taken else None
        if found is None or found.ended_at or found.token_hash:
            return None
        token = new_secret()
        found.token_hash = hashed(token)
        session.add(found)
        return token


def hashed(token: str) -> str:
    """What the store, and the server for its sockets, keep instead of a token."""
    return keyed("sign-in", token)


ASKED = (
    *(SignIn.id, SignIn.account, SignIn.token_hash, SignIn.began_at, SignIn.seen_at, SignIn.expires_at),
    *(SignIn.idle_minutes, SignIn.browser, Account.display_name, Account.role, Account.area),
    Account.demonstration,
)
LIVE = (col(SignIn.ended_at).is_(None), col(Account.active), col(SignIn.account) == Account.name)
# Made once: it is asked in every run of every page.
BY_TOKEN = columns(*ASKED).where(col(SignIn.token_hash) == bindparam("told"), *LIVE)


def is_live(row: Any) -> bool:
    """Whether a sign-in that nobody has ended is within its times."""
    idle = row.seen_at + timedelta(minutes=row.idle_minutes)
    return now() < min(row.expires_at, idle)


def reader(token_hash: str | None) -> Scope | None:
    """Who is behind the hash of a token now; None for every reason alike. One indexed read of the store;
    once a minute a write beside it, so that use keeps a sign-in alive."""
    if not token_hash:
        return None
    with engine().connect() as connection:
        row = connection.execute(BY_TOKEN, {"told": token_hash}).first()
    if row is None or not is_live(row):
        return None
    if now() - row.seen_at > SEEN_EVERY and row.id not in BEING_NOTED:
        BEING_NOTED.add(row.id)
        threading.Thread(target=note_use, args=(row.id,), name="seen", daemon=True).start()
    areas = (row.area,) if row.area else ()
    return Scope(row.account, row.display_name, row.role, areas, row.demonstration, row.id)


def note_use(number: int) -> None:
    """Write down that a sign-in is used. Whoever writes a release may keep the store for long: readers do
    not wait for that."""
    try:
        with suppress(DBAPIError), writing() as session:
            session.exec(update(SignIn).where(col(SignIn.id) == number).values(seen_at=now()))
    finally:
        BEING_NOTED.discard(number)


def still_live(token_hashes: Collection[str]) -> set[str]:
    """Those of these hashes whose sign-in goes on; looking at them is no use of them."""
    if not token_hashes:
        return set()
    query = columns(*ASKED).where(col(SignIn.token_hash).in_(token_hashes), *LIVE)
    with reading() as session:
        return {row.token_hash for row in session.connection().execute(query) if is_live(row)}


def end_all(session: Session, account: str, why: str) -> None:
    """End every sign-in of an account, in the transaction of what made it necessary; codes that it holds
    are void too."""
    going_on = (col(SignIn.account) == account, col(SignIn.ended_at).is_(None))
    session.exec(update(SignIn).where(*going_on).values(ended_at=now(), ended_why=why))
    codes.spoil(session, account)


def end(number: int, why: str, *, actor: Scope, of: str | None = None) -> bool:
    """End one sign-in, for every window of its browser. ``of``: only where it is this account's. Gives
    whether it went on until now."""
    actor.must("manage_accounts")
    return ended(number, why, actor.account, of)


def end_own(number: int, why: str, *, actor: Scope) -> bool:
    """``end``, of a sign-in of one's own."""
    actor.must("end_own_sign_ins")
    return ended(number, why, actor.account, actor.account)


def ended(number: int, why: str, actor: str, of: str | None) -> bool:
    with writing() as session:
        found = session.get(SignIn, number, with_for_update=True)
        if found is None or found.ended_at or (of is not None and found.account != of):
            return False
        found.ended_at, found.ended_why = now(), why
        session.add(found)
        if why == "revoked":
            audit.record(
                session,
                actor=actor,
                action="revoke sign-in",
                subject=found.account,
                detail={"sign_in": number},
            )
        return True
