"""Accounts: made, invited, changed and shut. Every act stands in the audit trail, and what takes rights
away ends the account's sign-ins in the same transaction. Signing in itself: ``credentials.py``."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from data_access import audit, codes, passwords, sign_ins
from data_access.clock import now
from data_access.models import ACCOUNT_ROLES, Account, Area, LinkedSubject, Rule
from data_access.scope import Scope, operator
from data_access.settings import settings
from data_access.store import reading, writing

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LONGEST_DISPLAY_NAME = 80

# Role, which is also the name of the demonstration account, and its own area.
DEMONSTRATION = {
    "viewer": None,
    "regional": "evk05",
    "facilitator": None,
    "steward": None,
    "administrator": None,
}


REFUSALS = ("name", "display_name", "role", "area", "there", "unknown", "last", "subject", "linked")
LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, section 2, ``sub``."""


class AccountError(ValueError):
    """An account cannot be made or changed as asked; the text says why, ``why`` is one of REFUSALS."""

    def __init__(self, why: str, said: str) -> None:
        super().__init__(said)
        self.why = why


@dataclass(frozen=True)
class AccountRecord:
    """An account as others see it."""

    name: str
    display_name: str
    role: str
    area: str | None
    active: bool
    demonstration: bool


def record(found: Account) -> AccountRecord:
    return AccountRecord(
        found.name, found.display_name, found.role, found.area, found.active, found.demonstration
    )


def rule(session: Session, code: str) -> float:
    """The value of a threshold; KeyError where the store has no such rule."""
    found = session.get(Rule, code)
    if found is None:
        raise KeyError(f"the store has no rule {code!r}")
    return found.value


# --- what there is ------------------------------------------------------------------------------


def account(name: str) -> AccountRecord | None:
    """The account of that name, disabled ones too; None where there is none."""
    with reading() as session:
        found = session.get(Account, name)
        return None if found is None else record(found)


def demonstration_names() -> list[str]:
    """Names of the demonstration accounts that can sign in, in the order of the roles."""
    with reading() as session:
        return [found.name for found in demonstration(session) if found.active]


def demonstration(session: Session) -> list[Account]:
    """The demonstration accounts, shut ones too, in the order of the roles."""
    found = session.exec(select(Account).where(col(Account.demonstration)))
    return sorted(found, key=lambda account: [*DEMONSTRATION, account.name].index(account.name))


# --- making and changing accounts ------------------------------------------------------------------


def check_account(session: Session, name: str, display_name: str, role: str, area: str | None) -> None:
    """Raise AccountError where there can be no such account."""
    if not NAME.fullmatch(name):
        raise AccountError(
            "name", "a name has 2–40 lower-case letters a–z, digits, dots, dashes or underscores"
        )
    if len(display_name) > LONGEST_DISPLAY_NAME or not display_name.isprintable():
        raise AccountError(
            "display_name", f"a person's name has at most {LONGEST_DISPLAY_NAME} letters on one line"
        )
    if role not in ACCOUNT_ROLES:
        raise AccountError("role", f"a role is one of {', '.join(ACCOUNT_ROLES)}")
    if (role == "regional") != (area is not None):
        raise AccountError("area", "a regional account, and no other, has an area")
    if area is not None and session.get(Area, area) is None:
        raise AccountError("area", f"there is no area {area!r}")


def create_account(
    name: str,
    display_name: str,
    role: str,
    password: str | None,
    area: str | None = None,
    *,
    demonstration: bool = False,
    actor: Scope,
) -> AccountRecord:
    """Make an account, without a password for now where none is given; AccountError or PasswordError says
    what is wrong with what was asked. The password of demonstration accounts, which a production start
    refuses, may be anything."""
    actor.must("manage_accounts")
    if password is not None and not demonstration:
        passwords.check_new(password, name, display_name)
    password_hash = "" if password is None else passwords.hashed(password)
    with writing() as session:
        made = new_account(session, name, display_name, role, area, actor.account, demonstration)
        made.password_hash = password_hash
        session.add(made)
        return record(made)


def new_account(
    session: Session,
    name: str,
    display_name: str,
    role: str,
    area: str | None,
    actor: str,
    demonstration: bool,
) -> Account:
    display_name = display_name.strip() or name
    check_account(session, name, display_name, role, area)
    if session.get(Account, name):
        raise AccountError("there", f"there is an account {name!r} already")
    made = Account(
        name=name,
        display_name=display_name,
        role=role,
        area=area,
        password_hash="",
        active=True,
        demonstration=demonstration,
        failures=0,
        created_at=now(),
    )
    session.add(made)
    session.flush()
    told(session, actor, "create account", name, role=role, area=area)
    return made


def invite(name: str, display_name: str, role: str, area: str | None = None, *, actor: Scope) -> str:
    """Make an account without a password, and give the one-time code with which its owner chooses one."""
    actor.must("manage_accounts")
    with writing() as session:
        new_account(session, name, display_name, role, area, actor.account, demonstration=False)
        return code_for(session, name)


def first_administrator(name: str) -> str:
    """Invite the first administrator; AccountError where there is one who can sign in already."""
    with writing() as session:
        real = (col(Account.active), col(Account.demonstration).is_(False), Account.password_hash != "")
        query = select(Account.name).where(Account.role == "administrator", *real)
        if there := session.exec(query).first():
            raise AccountError("there", f"{there} is an administrator already: ask them, or account invite")
        if session.get(Account, name) is None:
            new_account(session, name, name, "administrator", None, "command line", demonstration=False)
        elif session.get_one(Account, name).role != "administrator":
            raise AccountError("there", f"there is an account {name!r} already, which is no administrator")
        codes.spoil(session, name)
        return code_for(session, name)


def new_code(name: str, *, actor: Scope) -> str:
    """A one-time code for a new password, for an account whose owner has forgotten the old one; codes of
    before are void. The old password goes on until the new one is chosen."""
    actor.must("manage_accounts")
    with writing() as session:
        existing(session, name)
        codes.spoil(session, name)
        told(session, actor.account, "give code", name)
        return code_for(session, name)


def code_for(session: Session, name: str) -> str:
    return codes.issue(session, "password", name, timedelta(hours=rule(session, "code_hours")))


def change_password(name: str, password: str, *, actor: Scope) -> None:
    """Give an account a new password; whoever was signed in with the old one is out."""
    actor.must("manage_accounts")
    renew_password(name, password, actor=actor.account)


def renew_password(name: str, password: str, *, actor: str) -> None:
    """``change_password``, for its owner too."""
    known = account(name)
    if not (known and known.demonstration):
        passwords.check_new(password, name, known.display_name if known else name)
    password_hash = passwords.hashed(password)
    with writing() as session:
        put_password(session, existing(session, name), password_hash, actor=actor)


def put_password(session: Session, found: Account, password_hash: str, *, actor: str) -> None:
    found.password_hash, found.failures, found.locked_until = password_hash, 0, None
    session.add(found)
    sign_ins.end_all(session, found.name, "password")
    told(session, actor, "change password", found.name)


def change_role(name: str, role: str, area: str | None = None, *, actor: Scope) -> None:
    """Give an account another role, or another area; whoever is signed in with it is out."""
    actor.must("manage_accounts")
    with writing() as session:
        found = existing(session, name)
        check_account(session, found.name, found.display_name, role, area)
        if found.role == "administrator" and found.password_hash and role != "administrator":
            check_that_one_stays(session, name)
        before = {"role": found.role, "area": found.area}
        found.role, found.area = role, area
        session.add(found)
        sign_ins.end_all(session, name, "role")
        told(session, actor.account, "change role", name, role=role, area=area, before=before)


def disable(name: str, *, actor: Scope) -> None:
    """Shut an account; whoever is signed in with it is out."""
    actor.must("manage_accounts")
    with writing() as session:
        found = existing(session, name)
        if found.role == "administrator" and found.password_hash:
            check_that_one_stays(session, name)
        found.active = False
        session.add(found)
        sign_ins.end_all(session, name, "disabled")
        told(session, actor.account, "disable account", name)


def enable(name: str, *, actor: Scope) -> None:
    """Open a disabled account again, with the password that it had."""
    actor.must("manage_accounts")
    with writing() as session:
        found = existing(session, name)
        found.active = True
        session.add(found)
        told(session, actor.account, "enable account", name)


def unlock(name: str, *, actor: Scope) -> None:
    """Open an account again that failed attempts have locked."""
    actor.must("manage_accounts")
    with writing() as session:
        found = existing(session, name)
        found.failures, found.locked_until = 0, None
        session.add(found)
        told(session, actor.account, "unlock account", name)


def revoke(name: str, *, actor: Scope) -> None:
    """End every sign-in of an account; its password goes on."""
    actor.must("manage_accounts")
    with writing() as session:
        existing(session, name)
        sign_ins.end_all(session, name, "revoked")
        told(session, actor.account, "revoke sign-ins", name)


def link(name: str, subject: str, issuer: str = "", *, actor: Scope) -> None:
    """Let whom the provider ``issuer`` (the configured one, where none is named) calls ``subject`` come in as
    this account by the second door."""
    actor.must("manage_accounts")
    issuer, subject = (issuer or settings().oidc_provider).rstrip("/"), subject.strip()
    if not issuer or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise AccountError("subject", f"a provider and a subject of at most {LONGEST_SUBJECT} letters")
    with writing() as session:
        existing(session, name)
        other = session.get(LinkedSubject, (issuer, subject)) or linked(session, name)
        if other:
            raise AccountError("linked", f"{other.account} is linked to {other.subject!r}: unlink it first")
        session.add(LinkedSubject(issuer=issuer, subject=subject, account=name))
        told(session, actor.account, "link account", name, issuer=issuer, subject=subject)


def unlink(name: str, *, actor: Scope) -> None:
    """Shut the second door for an account; whoever is signed in with it is out, its password goes on."""
    actor.must("manage_accounts")
    with writing() as session:
        existing(session, name)
        if found := linked(session, name):
            session.delete(found)
            sign_ins.end_all(session, name, "revoked")
            told(session, actor.account, "unlink account", name, issuer=found.issuer, subject=found.subject)


def linked(session: Session, name: str) -> LinkedSubject | None:
    return session.exec(select(LinkedSubject).where(LinkedSubject.account == name)).first()


def existing(session: Session, name: str) -> Account:
    found = session.get(Account, name, with_for_update=True)
    if found is None:
        raise AccountError("unknown", f"there is no account {name!r}")
    return found


def check_that_one_stays(session: Session, name: str) -> None:
    """The last administrator who can sign in stays one: else nobody could let anybody in."""
    can = (Account.role == "administrator", col(Account.active), Account.password_hash != "")
    if session.exec(select(Account.name).where(*can, Account.name != name)).first() is None:
        raise AccountError("last", f"{name} is the last administrator: make another one first")


def told(session: Session, actor: str, action: str, name: str, **detail: Any) -> None:
    audit.record(session, actor=actor, action=action, subject=name, detail=detail)


def demo_accounts(password: str) -> None:
    """One demonstration account of each role, all with this password, also those that exist.

    AccountError where somebody's own account has such a name: its password is not touched."""
    with writing() as session:
        put_demonstration(session, password)


def put_demonstration(session: Session, password: str) -> None:
    """``demo_accounts``, inside a transaction."""
    password_hash = passwords.hashed(password)
    actor = operator("init").account
    for role, area in DEMONSTRATION.items():
        found = session.get(Account, role, with_for_update=True)
        if found is None:
            made = new_account(session, role, role, role, area, actor, demonstration=True)
            made.password_hash = password_hash
            session.add(made)
        elif found.demonstration:
            put_password(session, found, password_hash, actor=actor)
        else:
            raise AccountError("there", f"the account {role!r} is not a demonstration account")


def opens(name: str, password: str) -> bool:
    """Whether the password is the account's, without charging an attempt: for the command line."""
    with reading() as session:
        found = session.get(Account, name)
        return bool(found and found.password_hash) and passwords.matches(password, found.password_hash)
