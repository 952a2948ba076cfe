"""What a password may be, and how it is kept.

The rules follow NIST SP 800-63B-4 (2025), section 3.1.1.2: at least 15 characters because there is no
second factor, all letters and spaces welcome, nothing cut off, no rule on kinds of characters, no change
by the calendar, and a list of what is common or expected that is refused. A password is normalised
(NFKC, no spaces at its ends), hashed with SHA-256 and then with bcrypt, so that no part beyond bcrypt's
72 bytes is lost.
"""

import base64
import hashlib
import re
import secrets
import threading
from functools import cache
from unicodedata import normalize

import bcrypt

from data_access.settings import SAMPLE_DATA

SHORTEST, LONGEST = 15, 1000
COST = 12
"""Rounds of bcrypt as a power of two; raising it renews each hash at its owner's next sign-in."""
AT_ONCE = threading.BoundedSemaphore(2)
"""Hashing takes a fifth of a second of a processor: guesses wait for each other, not the readers."""
LEAST_OWN = 6
CONTEXT = ("turvaverkko", "skyddsnät", "skyddsnat", "safetynet", "safetynets", "nuoret", "esf", "esr", "stm")
CONTEXT += ("ministeriö", "ministerio", "salasana", "lösenord", "losenord", "elinvoimakeskus", "dashboard")
ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyzåäö",
    "qwertyuiopå",
    "asdfghjklöä",
    "zxcvbnm",
    "1qaz2wsx3edc",
)


PROBLEMS = ("short", "long", "common", "expected")


class PasswordError(ValueError):
    """A password that may not be chosen; ``why`` is one of PROBLEMS."""

    def __init__(self, why: str, said: str) -> None:
        super().__init__(said)
        self.why = why


def normalised(password: str) -> str:
    return normalize("NFKC", password.strip())


def check_new(password: str, *names: str) -> None:
    """Raise PasswordError where nobody should choose this; ``names``: of the account and its owner."""
    told = normalised(password)
    if len(told) < SHORTEST:
        raise PasswordError("short", f"a password has at least {SHORTEST} characters")
    if len(told) > LONGEST:
        raise PasswordError("long", f"a password has at most {LONGEST} characters")
    plain = told.casefold()
    if plain in common():
        raise PasswordError("common", "this password is on the list of common ones")
    if own_part(plain, names) < LEAST_OWN:
        raise PasswordError("expected", "this password is made of what others would try first")


@cache
def common() -> frozenset[str]:
    """Common passwords, and common parts of them, in small letters."""
    return frozenset((SAMPLE_DATA / "passwords/common.txt").read_text(encoding="utf-8").split())


def own_part(plain: str, names: tuple[str, ...]) -> float:
    """How many letters are left of a password without what is expected: the context's and the owner's
    names, up to two common passwords, rows of keys, and repetition. A digit is half a letter."""
    words = {part for name in names for part in re.split(r"\W+", name.casefold()) if len(part) > 2}
    left = plain
    for word in sorted((*words, *CONTEXT), key=len, reverse=True):
        left = left.replace(word, "\0")
    parts = (left[start : start + size] for size in range(20, 5, -1) for start in range(len(left) - size + 1))
    for part in [part for part in dict.fromkeys(parts) if part in common()][:2]:
        left = left.replace(part, "\0")
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        for size in range(len(row), 3, -1):
            for start in range(len(row) - size + 1):
                left = left.replace(row[start : start + size], "\0")
    left = re.sub(r"(.+?)\1+", r"\1", re.sub(r"[\0\W_]+", "", left))
    digits = sum(letter.isdigit() for letter in left)
    return len(left) - digits / 2


def made() -> str:
    """A password that nobody has thought of."""
    return secrets.token_urlsafe(12)


def prepared(password: str) -> bytes:
    return base64.b64encode(hashlib.sha256(normalised(password).encode("utf-8", "replace")).digest())


def hashed(password: str) -> str:
    with AT_ONCE:
        return bcrypt.hashpw(prepared(password), bcrypt.gensalt(COST)).decode()


def matches(password: str, password_hash: str) -> bool:
    with AT_ONCE:
        return bcrypt.checkpw(prepared(password[: LONGEST * 2]), password_hash.encode())


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made at a lower cost than today's."""
    return int(password_hash.split("$")[2]) < COST


@cache
def nobodys_hash() -> str:
    """What is checked where there is no account, so that the answer takes as long."""
    return hashed(secrets.token_urlsafe(32))
