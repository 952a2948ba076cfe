"""Reads a stranger's file in a process of its own: ``python -m data_access.intake.parsing``.

A small workbook can make a reader take all memory and abort its process; this one has limits, no secrets in
its environment, and nothing to lose. It imports neither pandas nor the store, so that it starts at once."""

from typing import Any

Found = list[Any]
"""A finding of the file's shape: level, rule, sheet, row, column, value, detail."""


class Refused(Exception):
    """The file cannot be read at all: a rule and its details, as of ``checked.Unusable``."""

    def __init__(self, rule: str, **detail: Any) -> None:
        super().__init__(rule)
        self.rule, self.detail = rule, detail


MEGABYTE = 1_000_000
LIMITS = {
    "bytes": 20 * MEGABYTE,
    "unpacked": 250 * MEGABYTE,
    "ratio": 200,
    "parts": 500,
    "sheets": 40,
    "rows": 200_000,
    "columns": 100,
    "cells": 4_000_000,
    "letters": 8_000,
    "memory": 1_500 * MEGABYTE,
    "cpu_seconds": 60,
    "seconds": 90,
}
"""What a file may be. 100,000 observations are 4 MB, 60 MB unpacked and 1.3 million cells."""
