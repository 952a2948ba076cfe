"""Who may sign in: one answer for everyone who may not, lock-out that survives, keys that are safe."""

import stat
from datetime import timedelta

import pytest
from sqlmodel import select

from data_access import accounts, initialise
from data_access.models import Account, AuditEvent
from data_access.settings import settings
from data_access.store import reading, writing

PASSWORD = "lumi narskuu kengän alla"


@pytest.fixture
def anna(stores):
    """An account in a store with the rules, on SQLite and on PostgreSQL."""
    initialise.fill("empty")
    return accounts.create_account("anna", "Anna Ahkera", "viewer", PASSWORD)


def test_the_right_password_opens(anna):
    assert accounts.check_credentials("anna", PASSWORD) == anna
    assert accounts.check_credentials(" Anna ", PASSWORD) == anna


@pytest.mark.parametrize(
    ("name", "password"),
    [("anna", "väärä salasana"), ("anna", ""), ("nobody", PASSWORD), ("", ""), ("anna' OR 1=1 --", "x")],
)
def test_everything_else_gets_the_same_answer(anna, name, password):
    assert accounts.check_credentials(name, password) is None


def test_a_disabled_account_does_not_open(anna):
    accounts.disable("anna")
    assert accounts.check_credentials("anna", PASSWORD) is None


def test_five_failures_lock_the_account_until_the_time_is_over(anna):
    for _ in range(5):
        assert accounts.check_credentials("anna", "väärä salasana") is None
    assert accounts.check_credentials("anna", PASSWORD) is None, "locked for the right password too"
    with writing() as session:
        found = session.get_one(Account, "anna")
        found.locked_until = accounts.now() - timedelta(seconds=1)
        session.add(found)
    assert accounts.check_credentials("anna", PASSWORD) is not None


def test_four_failures_and_the_right_password_start_the_count_anew(anna):
    for _ in range(2):
        for _ in range(4):
            accounts.check_credentials("anna", "väärä salasana")
        assert accounts.check_credentials("anna", PASSWORD) is not None


def test_a_new_password_makes_the_old_stamp_void(anna):
    accounts.change_password("anna", PASSWORD + "!")
    changed = accounts.account("anna")
    assert changed is not None
    assert changed.stamp != anna.stamp
    assert accounts.check_credentials("anna", PASSWORD) is None


def test_bytes_beyond_72_count(anna):
    long = "å" * 60
    accounts.change_password("anna", long + "1")
    assert accounts.check_credentials("anna", long + "2") is None
    assert accounts.check_credentials("anna", long + "1") is not None


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"name": "Anna Ahkera"}, "lower-case"),
        ({"role": "king"}, "a role is one of"),
        ({"role": "regional"}, "has an area"),
        ({"area": "evk04"}, "has an area"),
        ({"password": "lyhyt"}, "at least 12"),
        ({"name": "anna"}, "already"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(anna, asked, why):
    wanted = {"name": "bertta", "display_name": "Bertta", "role": "viewer", "password": PASSWORD} | asked
    with pytest.raises(accounts.AccountError, match=why):
        accounts.create_account(**wanted)


def test_every_act_on_an_account_is_told_in_the_audit_trail(anna):
    accounts.change_password("anna", PASSWORD + "!")
    accounts.disable("anna")
    with reading() as session:
        told = [
            (event.action, event.subject)
            for event in session.exec(select(AuditEvent).order_by(AuditEvent.id))
        ]
    assert len([subject for _, subject in told if subject == "anna"]) == 3
    assert PASSWORD not in str(told)


def test_the_listing_tells_nothing_of_passwords(anna):
    assert "password_hash" not in accounts.listing()


def test_the_cookie_key_is_made_once_for_its_owner_only(anna):
    key = accounts.cookie_key()
    path = settings().data_folder / "cookie.key"
    assert len(key) >= 32
    assert accounts.cookie_key() == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_others_can_read_or_that_is_short_is_refused(anna):
    accounts.cookie_key()
    path = settings().data_folder / "cookie.key"
    path.chmod(0o644)
    with pytest.raises(PermissionError):
        accounts.cookie_key()
    path.chmod(0o600)
    path.write_text("short")
    with pytest.raises(ValueError, match="shorter"):
        accounts.cookie_key()
