"""What screening hands on: the rows of a file as typed frames, and what was found in them."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

FINDING = ("level", "rule", "sheet", "row", "column", "value", "detail")
"""``level``: *error* stops, *warning* needs a tick, *note* is only told. ``rule``: a key of ``words.toml``
that says what is wrong and what to do; ``value``: a text as the file has it, a number where it was read as
one; ``detail``: the rest of what its sentence names, an object."""


@dataclass(frozen=True)
class Checked:
    """A screened file. ``rows``: sheet → frame with the columns of ``layout`` (dates as ``date``, numbers as
    float64, truths as boolean with none for empty, codes in lower case, texts as str, none for empty) and
    ``row``, the row in the file. ``findings``: the columns of ``FINDING``. ``source``: the attributes of the
    row of ``Source`` that the rows name, of open data; none for what projects report."""

    file_name: str
    sha256: str
    rows: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    source: dict[str, Any] | None = None

    @property
    def refused(self) -> bool:
        return bool((self.findings["level"] == "error").any())

    @property
    def warned(self) -> bool:
        return bool((self.findings["level"] == "warning").any())


class Unusable(ValueError):
    """A file that cannot be read at all: ``rule`` and ``detail`` as of a finding."""

    def __init__(self, rule: str, **detail: object) -> None:
        super().__init__(f"{rule} {detail}" if detail else rule)
        self.rule, self.detail = rule, detail
