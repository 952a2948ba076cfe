"""Who may sign in, and the key that signs their cookie.

A password is normalised (NFKC, no spaces at its ends), hashed with SHA-256 and then with bcrypt, so
that no part beyond bcrypt's 72 bytes is lost. Every attempt is charged before its password is
looked at, in one writing transaction; whoever is unknown, locked, disabled or simply wrong gets the
same answer after the same work.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

import bcrypt
from sqlmodel import Session, col, select, update

from data_access import audit
from data_access.models import ACCOUNT_ROLES, Account, Rule
from data_access.settings import settings
from data_access.store import frame, reading, writing

if TYPE_CHECKING:
    import pandas as pd

SHORTEST_PASSWORD = 12
SHORTEST_KEY = 32
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")

# Role, which is also the name of the demonstration account, and its own area.
DEMONSTRATION = {
    "viewer": None,
    "regional": "evk05",
    "facilitator": None,
    "steward": None,
    "administrator": None,
}


class AccountError(ValueError):
    """An account cannot be made or changed as asked; the text says why."""


@dataclass(frozen=True)
class AccountRecord:
    """An account as the pages see it. ``stamp`` changes with the password: what was signed in
    before the change is recognised as old by it."""

    name: str
    display_name: str
    role: str
    area: str | None
    active: bool
    demonstration: bool
    stamp: str


def record(found: Account) -> AccountRecord:
    stamp = hashlib.sha256(found.password_hash.encode()).hexdigest()[:16]
    return AccountRecord(
        found.name, found.display_name, found.role, found.area, found.active, found.demonstration, stamp
    )


def now() -> datetime:
    """UTC without a zone, as the store keeps times."""
    return datetime.now(UTC).replace(tzinfo=None)


def rule(session: Session, code: str) -> float:
    """The value of a threshold; KeyError where the store has no such rule."""
    found = session.get(Rule, code)
    if found is None:
        raise KeyError(f"the store has no rule {code!r}")
    return found.value


# --- passwords -----------------------------------------------------------------------------------


def prepared(password: str) -> bytes:
    digest = hashlib.sha256(normalize("NFKC", password.strip()).encode()).digest()
    return base64.b64encode(digest)


def hashed(password: str) -> str:
    return bcrypt.hashpw(prepared(password), bcrypt.gensalt()).decode()


@cache
def nobodys_hash() -> str:
    """What is checked where there is no account, so that the answer takes as long."""
    return hashed(secrets.token_urlsafe(32))


def check_new_password(password: str) -> None:
    if len(normalize("NFKC", password.strip())) < SHORTEST_PASSWORD:
        raise AccountError(f"a password has at least {SHORTEST_PASSWORD} characters")


# --- signing in ----------------------------------------------------------------------------------


def check_credentials(name: str, password: str) -> AccountRecord | None:
    """The account that this name and password open; None for every other case alike.

    After ``lock_failures`` failed attempts the account stays shut for ``lock_minutes`` (both are
    rules in the store), for the right password too.
    """
    name = name.strip().lower()
    nobody = nobodys_hash()
    with writing() as session:
        most, minutes = rule(session, "lock_failures"), rule(session, "lock_minutes")
        found = session.get(Account, name)
        shut = found is None or not found.active or (found.locked_until or datetime.min) > now()
        password_hash = nobody if shut else found.password_hash
        if shut:
            # A write that changes nothing, so that the answer takes as long as for an account.
            session.exec(update(Rule).where(col(Rule.code) == "lock_failures").values(value=most))
        else:
            found.failures += 1
            if found.failures >= most:
                found.failures, found.locked_until = 0, now() + timedelta(minutes=minutes)
                audit.record(session, actor=name, action="lock", subject=name, detail={"minutes": minutes})
            session.add(found)

    right = bcrypt.checkpw(prepared(password), password_hash.encode())
    if shut or not right:
        return None

    with writing() as session:
        found = session.get(Account, name)
        if found is None or not found.active or not hmac.compare_digest(found.password_hash, password_hash):
            return None
        found.failures, found.locked_until = 0, None
        session.add(found)
        return record(found)


def account(name: str) -> AccountRecord | None:
    """The account of that name, disabled ones too; None where there is none."""
    with reading() as session:
        found = session.get(Account, name)
        return None if found is None else record(found)


def session_days() -> float:
    """How many days a sign-in lasts."""
    with reading() as session:
        return rule(session, "session_days")


def demonstration_names() -> list[str]:
    """Names of the demonstration accounts that can sign in, in the order of the roles."""
    with reading() as session:
        query = select(Account.name).where(col(Account.demonstration), col(Account.active))
        return sorted(session.exec(query), key=lambda name: [*DEMONSTRATION, name].index(name))


# --- making and changing accounts ------------------------------------------------------------------


def create_account(
    name: str,
    display_name: str,
    role: str,
    password: str,
    area: str | None = None,
    *,
    demonstration: bool = False,
    actor: str = "command line",
) -> AccountRecord:
    """Make an account; AccountError says what is wrong with what was asked."""
    if not NAME.fullmatch(name):
        raise AccountError("a name has 2–40 lower-case letters a–z, digits, dots, dashes or underscores")
    if role not in ACCOUNT_ROLES:
        raise AccountError(f"a role is one of {', '.join(ACCOUNT_ROLES)}")
    if (role == "regional") != (area is not None):
        raise AccountError("a regional account, and no other, has an area")
    check_new_password(password)
    made = Account(
        name=name,
        display_name=display_name.strip() or name,
        role=role,
        area=area,
        password_hash=hashed(password),
        active=True,
        demonstration=demonstration,
        failures=0,
        created_at=now(),
    )
    with writing() as session:
        if session.get(Account, name):
            raise AccountError(f"there is an account {name!r} already")
        session.add(made)
        session.flush()
        detail = {"role": role, "area": area}
        audit.record(session, actor=actor, action="create account", subject=name, detail=detail)
        return record(made)


def change_password(name: str, password: str, *, actor: str = "command line") -> None:
    """Give an account a new password; whoever was signed in with the old one is out."""
    check_new_password(password)
    password_hash = hashed(password)
    with writing() as session:
        found = existing(session, name)
        found.password_hash, found.failures, found.locked_until = password_hash, 0, None
        session.add(found)
        audit.record(session, actor=actor, action="change password", subject=name, detail={})


def disable(name: str, *, actor: str = "command line") -> None:
    """Shut an account for good; whoever is signed in with it is out at the next step."""
    with writing() as session:
        found = existing(session, name)
        found.active = False
        session.add(found)
        audit.record(session, actor=actor, action="disable account", subject=name, detail={})


def existing(session: Session, name: str) -> Account:
    found = session.get(Account, name)
    if found is None:
        raise AccountError(f"there is no account {name!r}")
    return found


def demo_accounts(password: str) -> list[AccountRecord]:
    """One demonstration account of each role, all with this password, also those that exist.

    AccountError where somebody's own account has such a name: its password is not touched."""
    for role, area in DEMONSTRATION.items():
        found = account(role)
        if found is None:
            create_account(role, role, role, password, area, demonstration=True, actor="init")
        elif found.demonstration:
            change_password(role, password, actor="init")
        else:
            raise AccountError(f"the account {role!r} is not a demonstration account")
    return [found for role in DEMONSTRATION if (found := account(role))]


def opens(name: str, password: str) -> bool:
    """Whether the password is the account's, without charging an attempt: for the command line."""
    with reading() as session:
        found = session.get(Account, name)
        return found is not None and bcrypt.checkpw(prepared(password), found.password_hash.encode())


def made_password() -> str:
    """A password that nobody has thought of."""
    return secrets.token_urlsafe(12)


def listing() -> "pd.DataFrame":
    """name, display_name, role, area, active, demonstration, created_at of all accounts."""
    table = Account.__table__.c
    columns = ("name", "display_name", "role", "area", "active", "demonstration", "created_at")
    with reading() as session:
        return frame(session, select(*[table[column] for column in columns]).order_by(table.name))


# --- the key of the cookie -------------------------------------------------------------------------


def cookie_key() -> str:
    """The key that signs the sign-in cookie, made at first start and readable by its owner only.

    Raises PermissionError where others may read it, ValueError where it is too short to be safe.
    """
    path = settings().data_folder.expanduser() / "cookie.key"
    if not path.exists():
        make_key(path)
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} can be read by others: chmod 600 it, or remove it to get a new one")
    key = path.read_text(encoding="ascii").strip()
    if len(key.encode()) < SHORTEST_KEY:
        raise ValueError(f"{path} is shorter than {SHORTEST_KEY} bytes: remove it to get a new one")
    return key


def make_key(path: Path) -> None:
    """Write a whole key beside its place and link it there: of two processes one wins, and nobody
    ever reads half a key."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".cookie-key-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(beside)
