"""Who did what, when: rows that can only be added, each with the hash of the one before it."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from data_access.models import AuditEvent
from data_access.store import alone

FIRST = "0" * 64


def record(session: Session, *, actor: str, action: str, subject: str, detail: dict[str, Any]) -> AuditEvent:
    """Add one event, in the transaction of the change that it tells of."""
    alone(session, AuditEvent)
    newest = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).first()
    event = AuditEvent(
        at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        actor=actor,
        action=action,
        subject=subject,
        detail=detail,
        previous_hash=newest.hash if newest else FIRST,
        hash="",
    )
    event.hash = fingerprint(event)
    session.add(event)
    session.flush()
    return event


def fingerprint(event: AuditEvent) -> str:
    """SHA-256 over everything an event says and the hash before it."""
    said = [event.at.isoformat(), event.actor, event.action, event.subject, event.detail, event.previous_hash]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def broken_links(session: Session) -> list[int]:
    """Ids of the events that do not follow from the one before: empty when the trail is whole."""
    broken, before = [], FIRST
    for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id))):
        if event.previous_hash != before or event.hash != fingerprint(event):
            broken.append(event.id or 0)
        before = event.hash
    return broken
