"""The key of this installation, and the keyed hashes under which secrets are stored.

Several processes of one installation share the key: give them one data folder, or the same file.
"""

import hashlib
import hmac
import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path

from data_access.settings import settings

SHORTEST_KEY = 32


def keyed(purpose: str, secret: str) -> str:
    """HMAC-SHA-256 of a secret with the key, as 64 hexadecimal digits. The purpose keeps the hashes of
    one kind of secret apart from those of another."""
    return hmac.new(installation_key().encode(), f"{purpose}\0{secret}".encode(), hashlib.sha256).hexdigest()


def new_secret() -> str:
    """256 random bits as 43 letters, digits, dashes and underscores."""
    return secrets.token_urlsafe(32)


def installation_key() -> str:
    """The key, made at first start and readable by its owner only.

    Raises PermissionError where others may read it, ValueError where it is too short to be safe.
    """
    path = settings().data_folder.expanduser() / "installation.key"
    if not path.exists():
        make_key(path)
    state = path.stat()
    return key_in(path, state.st_mode, state.st_mtime_ns)


@lru_cache(maxsize=2)
def key_in(path: Path, mode: int, _changed: int) -> str:
    if mode & 0o077:
        raise PermissionError(f"{path} can be read by others: chmod 600 it, or remove it to get a new one")
    key = path.read_text(encoding="ascii").strip()
    if len(key.encode()) < SHORTEST_KEY or len(set(key)) < SHORTEST_KEY // 4:
        raise ValueError(
            f"{path} is shorter than {SHORTEST_KEY} bytes or a sample: remove it to get a new one"
        )
    return key


def make_key(path: Path) -> None:
    """Write a whole key beside its place and link it there: of two processes one wins, and nobody
    ever reads half a key."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".installation-key-")
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
