"""The audit trail: only added to, and a broken link is found."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from data_access import audit, initialise
from data_access.store import reading, writing


@pytest.fixture
def trail(stores):
    """Three events after the one that init wrote, on SQLite and on PostgreSQL."""
    initialise.fill("empty")
    with writing() as session:
        for number in range(3):
            audit.record(session, actor="anna", action="try", subject=str(number), detail={"å": number})


def test_a_whole_trail_has_no_broken_link(trail):
    with reading() as session:
        assert audit.broken_links(session) == []


@pytest.mark.parametrize("act", ["UPDATE auditevent SET actor = 'bertta'", "DELETE FROM auditevent"])
def test_the_database_refuses_to_change_or_remove_an_event(trail, act):
    with pytest.raises(DatabaseError, match="only ever added to"), writing() as session:
        session.connection().execute(text(act))
    with reading() as session:
        assert audit.broken_links(session) == []


def test_an_event_that_somebody_slipped_in_is_found(trail):
    """Someone with the database's own tools adds a row with a made-up hash: the chain does not hold."""
    rest = "action, subject, detail, previous_hash, hash"
    copied = f"SELECT at, 'bertta', {rest} FROM auditevent WHERE subject = '1'"
    with writing() as session:
        session.connection().execute(text(f"INSERT INTO auditevent (at, actor, {rest}) {copied}"))
    with reading() as session:
        assert len(audit.broken_links(session)) == 1
