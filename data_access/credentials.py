"""Signing in, by a password or as whom a provider has verified, and choosing a password by whoever it
belongs to.

Every attempt is charged before its password is looked at, in one writing transaction; whoever is
unknown, locked, disabled, without a password yet or simply wrong gets the same answer after the same
work.
"""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import DateTime, bindparam, text
from sqlmodel import Session, col, delete

from data_access import accounts, audit, codes, passwords, sign_ins
from data_access.accounts import rule
from data_access.clock import now
from data_access.keys import keyed
from data_access.models import Account, AddressFailures, LinkedSubject
from data_access.scope import Scope
from data_access.store import writing

LONGEST_NAME = 200
"""Of what is typed as a name, so much is looked at."""


def sign_in(name: str, password: str, address: str | None = None, browser: str = "") -> str | None:
    """The one-time code with which the browser fetches its cookie, where this name and password open an
    account; None for every other case alike.

    After ``lock_failures`` failed attempts an account stays shut for ``lock_minutes``, for the right
    password too; after ``lock_address_failures`` a network address does (where it is known). All three
    are rules in the store."""
    name, nobody = name.strip().lower()[:LONGEST_NAME], passwords.nobodys_hash()
    with writing() as session:
        found = session.get(Account, name, with_for_update=True)
        address_shut = charge_address(session, address)
        shut = address_shut or found is None or not is_open(found) or not found.password_hash
        password_hash = nobody if shut else found.password_hash
        if not shut:
            charge_account(session, found)

    if not passwords.matches(password, password_hash) or shut:
        return None

    renewed = passwords.hashed(password) if passwords.is_outdated(password_hash) else password_hash
    with writing() as session:
        found = session.get(Account, name, with_for_update=True)
        if found is None or not found.active or not hmac.compare_digest(found.password_hash, password_hash):
            return None
        found.failures, found.locked_until, found.password_hash = 0, None, renewed
        session.add(found)
        failures_of(session, address).failures -= 1
        forget_old_failures(session)
        return sign_ins.begin(session, name, browser)


def is_open(found: Account) -> bool:
    return found.active and (found.locked_until or datetime.min) <= now()


def sign_in_linked(issuer: str, subject: str, browser: str = "") -> str | None:
    """The one-time code with which the browser fetches its cookie, for whom a provider has verified to be
    its ``subject``, where that is linked to an account that is open; None for every other case alike. The
    audit trail tells of both, and so an administrator what to link."""
    with writing() as session:
        link = session.get(LinkedSubject, (issuer, subject))
        found = session.get(Account, link.account, with_for_update=True) if link else None
        opens = found is not None and is_open(found)
        audit.record(
            session,
            actor="second door",
            action="sign in" if opens else "refuse sign-in",
            subject=found.name if found else subject,
            detail={"issuer": issuer, "subject": subject},
        )
        return sign_ins.begin(session, found.name, browser) if found and opens else None


def charge_account(session: Session, found: Account) -> None:
    most, minutes = rule(session, "lock_failures"), rule(session, "lock_minutes")
    found.failures += 1
    if found.failures >= most:
        found.failures, found.locked_until = 0, now() + timedelta(minutes=minutes)
        audit.record(
            session, actor=found.name, action="lock", subject=found.name, detail={"minutes": minutes}
        )
    session.add(found)


def charge_address(session: Session, address: str | None) -> bool:
    """Count an attempt from an address, and say whether that address is shut. Attempts from nowhere
    known are counted together and shut nobody out."""
    minutes, most = rule(session, "lock_minutes"), rule(session, "lock_address_failures")
    row = failures_of(session, address)
    if row.began_at + timedelta(minutes=minutes) <= now():
        row.began_at, row.failures = now(), 0
    shut = bool(address) and row.failures >= most
    row.failures += 1
    session.add(row)
    return shut


def failures_of(session: Session, address: str | None) -> AddressFailures:
    """The row of an address, held until the transaction ends; two first attempts at once make one row."""
    key = keyed("address", address or "")
    made = text(
        "INSERT INTO addressfailures (address_hash, began_at, failures) VALUES (:key, :at, 0) "
        "ON CONFLICT DO NOTHING"
    ).bindparams(bindparam("at", type_=DateTime))
    session.connection().execute(made, {"key": key, "at": now()})
    return session.get_one(AddressFailures, key, with_for_update=True)


def forget_old_failures(session: Session) -> None:
    """Addresses are personal data, and there may be many: what is older than a day goes."""
    session.exec(delete(AddressFailures).where(col(AddressFailures.began_at) < now() - timedelta(days=1)))


def choose_password(code: str, password: str, browser: str = "") -> str | None:
    """Choose a password with a one-time code; gives the code with which the browser fetches its cookie.
    None where the code opens nothing (any more); PasswordError leaves the code as it was."""
    with writing() as session:
        taken = codes.take(session, "password", code)
        found = session.get(Account, taken.account, with_for_update=True) if taken else None
        if found is None or not found.active:
            return None
        passwords.check_new(password, found.name, found.display_name)
        accounts.put_password(session, found, passwords.hashed(password), actor=found.name)
        return sign_ins.begin(session, found.name, browser)


def change_own_password(
    old: str, new: str, address: str | None = None, browser: str = "", *, actor: Scope
) -> str | None:
    """Change a password by its owner, who knows the old one; gives the code for a new cookie, since every
    sign-in with the old one ends. None where the old one is not right: it counts as a failed sign-in."""
    actor.must("change_own_password")
    if sign_in(actor.account, old, address, browser) is None:
        return None
    accounts.renew_password(actor.account, new, actor=actor.account)
    with writing() as session:
        return sign_ins.begin(session, actor.account, browser)
