"""What kind of file it is, by what it holds and not by its name."""

from typing import Any

from data_access.intake.parsing import LIMITS, Refused, texts, workbooks

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf")


def parsed(content: bytes) -> dict[str, Any]:
    """``kind`` (xlsx, ods, csv), ``sheets`` (``cells.packed``) and ``found`` (findings). Raises
    ``Refused``."""
    if not content.strip():
        raise Refused("empty_file")
    if len(content) > LIMITS["bytes"]:
        raise Refused("too_large", megabytes=len(content) // 1_000_000, limit=LIMITS["bytes"] // 1_000_000)
    if content.startswith(ZIP):
        return workbooks.parsed(content)
    if content.startswith(COMPOUND):
        raise Refused("encrypted" if ENCRYPTED in content else "old_excel")
    if content.startswith(OTHERS) or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Refused("not_a_workbook")
    return texts.parsed(content)
