"""One-time codes: with one a browser fetches its cookie, with another a password is chosen."""

from datetime import timedelta

from sqlmodel import Session, col, delete, update

from data_access.clock import now
from data_access.keys import keyed, new_secret
from data_access.models import OneTimeCode


def issue(
    session: Session, purpose: str, account: str, good_for: timedelta, sign_in: int | None = None
) -> str:
    """A new code for an account, to be handed over once: the store keeps its keyed hash only."""
    session.exec(delete(OneTimeCode).where(col(OneTimeCode.expires_at) < now() - timedelta(days=1)))
    code = new_secret()
    session.add(
        OneTimeCode(
            code_hash=keyed(f"code {purpose}", code),
            purpose=purpose,
            account=account,
            sign_in=sign_in,
            expires_at=now() + good_for,
        )
    )
    session.flush()
    return code


def take(session: Session, purpose: str, code: str) -> OneTimeCode | None:
    """Use a code up; None where it is unknown, used or too old. Of two that bring it, one gets it."""
    found = session.get(OneTimeCode, keyed(f"code {purpose}", code), with_for_update=True)
    if found is None or found.purpose != purpose or found.used_at or found.expires_at <= now():
        return None
    found.used_at = now()
    session.add(found)
    session.flush()
    return found


def spoil(session: Session, account: str) -> None:
    """No code that an account still holds opens anything any more."""
    unused = (col(OneTimeCode.account) == account, col(OneTimeCode.used_at).is_(None))
    session.exec(update(OneTimeCode).where(*unused).values(used_at=now()))
