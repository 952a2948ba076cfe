"""File on standard input → its sheets as JSON on standard output."""

import resource
import sys
from typing import Any

import orjson

from data_access.intake.parsing import LIMITS, Refused, kinds


def limit_itself() -> None:
    """Memory, processor time and files, before a byte of the file is looked at."""
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS["memory"], LIMITS["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMITS["cpu_seconds"], LIMITS["cpu_seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(content: bytes) -> dict[str, Any]:
    """The file's sheets, or why it cannot be read."""
    try:
        return kinds.parsed(content)
    except Refused as why:
        return {"refused": why.rule, "detail": why.detail}
    except MemoryError:
        return {"refused": "too_large_inside", "detail": {}}


if __name__ == "__main__":
    limit_itself()
    sys.stdout.buffer.write(orjson.dumps(answer(sys.stdin.buffer.read())))
