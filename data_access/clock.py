"""The time of day as the store keeps it."""

from datetime import UTC, datetime


def now() -> datetime:
    """UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)
