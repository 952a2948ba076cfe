"""A file as sheets of text cells: xlsx, ods or csv, read in a limited process of its own."""

import hashlib
import os
import subprocess
import sys
import threading
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from data_access.intake.checked import Unusable
from data_access.intake.parsing import LIMITS

AT_ONCE = threading.BoundedSemaphore(2)
"""Two files at a time: each process may take its whole memory."""
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Texts:
    """The cells of a column: each distinct text once, and which of them each row has (−1: an empty cell)."""

    texts: list[str]
    at: np.ndarray

    def cells(self, rows: np.ndarray | None = None) -> np.ndarray:
        """The text of each row, none where the cell is empty."""
        return np.array([*self.texts, None], dtype=object)[self.at if rows is None else self.at[rows]]

    def where(self, holds: list[bool]) -> np.ndarray:
        """Which rows have a text that something holds for; ``holds`` is one truth per distinct text."""
        return np.array([*holds, False], dtype=bool)[self.at]


@dataclass(frozen=True)
class TextSheet:
    """A sheet with the rows that hold something; ``numbers`` are their rows in the file, from 1."""

    name: str
    hidden: bool
    numbers: np.ndarray
    columns: list[Texts]


@dataclass(frozen=True)
class Book:
    """A file that was read. ``kind``: xlsx, ods, csv (one sheet, without a name), or open_data, which is no
    file but what a service answered. ``found``: findings of its shape, in the order of
    ``checked.FINDING``, the column as letters."""

    name: str
    kind: str
    sha256: str
    sheets: list[TextSheet]
    found: list[list[Any]]


def read(content: bytes, name: str) -> Book:
    """The sheets of a file, told apart by what it holds; ``name`` is only kept (and ends macros' files).
    Raises ``Unusable``."""
    if name.lower().endswith((".xlsm", ".xltm", ".xlam")):
        raise Unusable("macros")
    if len(content) > LIMITS["bytes"]:
        raise Unusable("too_large", megabytes=len(content) // 1_000_000, limit=LIMITS["bytes"] // 1_000_000)
    return book(name, content, parsed_elsewhere(content))


def book(name: str, content: bytes, said: dict[str, Any]) -> Book:
    """A file by what the limited process said of it. Raises ``Unusable``."""
    if "refused" in said:
        raise Unusable(said["refused"], **said["detail"])
    sheets = [
        TextSheet(
            name=sheet["name"],
            hidden=sheet["hidden"],
            numbers=integers(sheet["numbers"]),
            columns=[Texts(column["texts"], integers(column["at"])) for column in sheet["columns"]],
        )
        for sheet in said["sheets"]
    ]
    return Book(name, said["kind"], hashlib.sha256(content).hexdigest(), sheets, said["found"])


def integers(packed: str) -> np.ndarray:
    return np.frombuffer(b64decode(packed), dtype=np.int32)


def parsed_elsewhere(content: bytes) -> dict[str, Any]:
    """What the limited process says of a file. It gets none of this process's environment: no secrets."""
    command = [sys.executable, "-E", "-s", "-m", "data_access.intake.parsing"]
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    try:
        with AT_ONCE:
            done = subprocess.run(
                command,
                input=content,
                capture_output=True,
                cwd=PROJECT,
                env=environment,
                timeout=LIMITS["seconds"],
                check=False,
            )
    except subprocess.TimeoutExpired as problem:
        raise Unusable("too_slow", seconds=LIMITS["seconds"]) from problem
    if done.returncode:
        # It was ended by one of its limits, or the reader of values gave up on the file.
        raise Unusable("too_large_inside" if done.returncode < 0 else "damaged")
    return orjson.loads(done.stdout)
