"""Accounts and sign-ins in the store: one answer for everyone who may not come in, lock-out that survives,
passwords that nobody guesses, and nothing old that opens anything."""

import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import bcrypt
import pytest
from sqlmodel import col, delete, select, update

from data_access import accounts, audit, credentials, initialise, keys, passwords, reference, sign_ins
from data_access.accounts import AccountError
from data_access.clock import now
from data_access.models import Account, AddressFailures, AuditEvent, OneTimeCode, Rule, SignIn
from data_access.passwords import PasswordError
from data_access.queries import accounts as account_queries
from data_access.scope import operator
from data_access.settings import SAMPLE_DATA, settings
from data_access.store import reading, writing
from tests.store.stores import Store, own_database

PASSWORD = "lumi narskuu kengän alla"
WRONG = "väärä salasana tämä on"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def filled(request, tmp_path_factory):
    """A store with the rules and nobody in it, once on SQLite and once on PostgreSQL."""
    folder = tmp_path_factory.mktemp("accounts") / "store"
    with ExitStack() as left:
        server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
        store = Store(folder, left.enter_context(own_database(server)) if server else None)
        with store.in_use():
            initialise.fill("empty")
        yield store


@pytest.fixture
def anna(filled):
    """An account in that store; what tests did before is gone, but for the audit trail."""
    with filled.in_use():
        with writing() as session:
            for table in (OneTimeCode, SignIn, AddressFailures, Account):
                session.exec(delete(table))
            for row in reference.read_rows(SAMPLE_DATA / "reference/rules.csv"):
                session.get_one(Rule, row["code"]).value = float(row["value"])
        yield accounts.create_account("anna", "Anna Ahkera", "viewer", PASSWORD, actor=operator())


def come_in(name="anna", password=PASSWORD, **more):
    """The token of a cookie, as a browser gets it."""
    code = credentials.sign_in(name, password, **more)
    assert code, f"{name} was refused"
    return sign_ins.fetch(code)


def who(token):
    return sign_ins.reader(sign_ins.hashed(token))


def change(table, **values):
    with writing() as session:
        session.exec(update(table).values(**values))


# ---- coming in ------------------------------------------------------------------------------------------


def test_the_right_password_opens(anna):
    scope = who(come_in(" Anna ", f" {PASSWORD} ", browser="Firefox\n\0"))
    assert (scope.account, scope.display_name, scope.role, scope.areas) == (
        "anna",
        "Anna Ahkera",
        "viewer",
        (),
    )
    assert account_queries.sign_ins(operator(), "anna")["browser"].tolist() == ["Firefox"]
    assert account_queries.accounts(operator()).set_index("name").loc["anna", "last_sign_in"] is not None


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("anna", WRONG),
        ("anna", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("anna' OR 1=1 --", "x"),
        ("a" * 9999, "\0" * 9999),
    ],
)
def test_everything_else_gets_the_same_answer(anna, name, password):
    assert credentials.sign_in(name, password) is None


def test_a_disabled_account_and_one_without_a_password_do_not_open(anna):
    accounts.disable("anna", actor=operator())
    assert credentials.sign_in("anna", PASSWORD) is None
    accounts.invite("bertta", "Bertta", "viewer", actor=operator())
    assert credentials.sign_in("bertta", "") is None
    accounts.enable("anna", actor=operator())
    assert credentials.sign_in("anna", PASSWORD)


@pytest.mark.parametrize("shut", ["unknown", "wrong", "locked", "disabled", "invited", "address"])
def test_whoever_may_not_come_in_costs_one_hash_and_one_transaction(anna, shut, monkeypatch):
    """One answer in one time: nobody's attempt is cheaper than another's."""
    if shut == "locked":
        change(Account, locked_until=now() + timedelta(minutes=1))
    if shut == "disabled":
        accounts.disable("anna", actor=operator())
    if shut == "invited":
        change(Account, password_hash="")
    if shut == "address":
        credentials.sign_in("anna", WRONG, "10.0.0.1")
        change(AddressFailures, failures=1000)
    hashes, transactions = [], []
    matches, begun = passwords.matches, credentials.writing
    monkeypatch.setattr(passwords, "matches", lambda *told: hashes.append(1) or matches(*told))
    monkeypatch.setattr(credentials, "writing", lambda: transactions.append(1) or begun())
    assert credentials.sign_in("nobody" if shut == "unknown" else "anna", WRONG, "10.0.0.1") is None
    assert (len(hashes), len(transactions)) == (1, 1)


def test_five_failures_lock_the_account_until_the_time_is_over(anna):
    for _ in range(5):
        assert credentials.sign_in("anna", WRONG) is None
    assert credentials.sign_in("anna", PASSWORD) is None, "locked for the right password too"
    assert account_queries.accounts(operator())["state"].tolist() == ["locked"]
    change(Account, locked_until=now() - timedelta(seconds=1))
    assert credentials.sign_in("anna", PASSWORD) is not None


def test_an_administrator_unlocks(anna):
    for _ in range(5):
        credentials.sign_in("anna", WRONG)
    accounts.unlock("anna", actor=operator("test"))
    assert credentials.sign_in("anna", PASSWORD) is not None


def test_four_failures_and_the_right_password_start_the_count_anew(anna):
    for _ in range(2):
        for _ in range(4):
            credentials.sign_in("anna", WRONG)
        assert credentials.sign_in("anna", PASSWORD) is not None


def test_an_address_that_guesses_many_names_is_shut_and_others_are_not(anna):
    change(Rule, value=5.0)
    for number in range(5):
        credentials.sign_in(f"nobody{number}", WRONG, "10.0.0.1")
    assert credentials.sign_in("anna", PASSWORD, "10.0.0.1") is None
    assert credentials.sign_in("anna", PASSWORD, "10.0.0.2")
    assert credentials.sign_in("anna", PASSWORD), "from an address that is not known"
    change(AddressFailures, began_at=now() - timedelta(minutes=6))
    assert credentials.sign_in("anna", PASSWORD, "10.0.0.1")
    with reading() as session:
        assert "10.0.0.1" not in str(session.exec(select(AddressFailures)).all())


def test_forty_nine_guesses_at_once_count_as_forty_nine(anna):
    with writing() as session:
        session.get_one(Rule, "lock_failures").value = 1000
    with ThreadPoolExecutor(8) as guessers:
        assert not any(guessers.map(lambda _: credentials.sign_in("anna", WRONG, "10.0.0.1"), range(49)))
    with reading() as session:
        assert session.get_one(Account, "anna").failures == 49
        assert session.exec(select(AddressFailures.failures)).all() == [49]
        assert audit.broken_links(session) == []


def test_a_guesser_with_many_names_and_addresses_never_gets_in(anna):
    guess(300)


@pytest.mark.soak
def test_ten_thousand_guesses_never_get_in(anna):
    guess(10_000)


def guess(times):
    """Among them the right password while its account is shut; the owner gets in at the end."""
    for number in range(times):
        address = f"10.0.{number % 40}.1"
        assert (
            credentials.sign_in(("anna", "viewer", f"n{number}")[number % 3], f"{WRONG} {number}", address)
            is None
        )
        if number > 20 and number % 50 == 0:
            assert credentials.sign_in("anna", PASSWORD, address) is None, "the account is locked"
    change(Account, locked_until=now() - timedelta(seconds=1))
    assert credentials.sign_in("anna", PASSWORD, "10.1.1.1")


# ---- what a password may be -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "lumi narskuu kengän alla",
        "хлеб и вода на столе",
        "839201748392017",
        "🐢" * 3 + " hitaasti kiipeää",
        "kissa istuu aidalla ja katselee, kun koira juoksee " * 19,
    ],
)
def test_passphrases_and_any_letters_are_welcome(password):
    passwords.check_new(password, "anna", "Anna Ahkera")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Passw0rd!", "short"),
        ("              a", "short"),
        ("x" * 1001, "long"),
        ("passwordpassword", "expected"),
        ("Password123456789", "expected"),
        ("turvaverkko-turvaverkko", "expected"),
        ("Anna.Ahkera.2026!", "expected"),
        ("qwertyuiopasdfghjkl", "expected"),
        ("aaaaaaaaaaaaaaaaaaaa", "expected"),
        ("abcabcabcabcabcabc", "expected"),
        ("1234567890123456", "expected"),
        (max(sorted(passwords.common()), key=len), "common"),
    ],
)
def test_what_others_would_try_first_is_refused(password, why):
    with pytest.raises(PasswordError) as refused:
        passwords.check_new(password, "anna", "Anna Ahkera")
    assert refused.value.why == why


def test_bytes_beyond_72_count(anna):
    long = "åäö yhdeksän kertaa " * 6
    accounts.change_password("anna", long + "1", actor=operator())
    assert credentials.sign_in("anna", long + "2") is None
    assert credentials.sign_in("anna", long + "1") is not None


def test_a_hash_of_lower_cost_is_renewed_at_its_owners_sign_in(anna, monkeypatch):
    monkeypatch.setattr(passwords, "COST", 5)
    come_in()
    with reading() as session:
        renewed = session.get_one(Account, "anna").password_hash
    assert not passwords.is_outdated(renewed)
    assert bcrypt.checkpw(passwords.prepared(PASSWORD), renewed.encode())
    come_in()


# ---- accounts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"name": "Anna Ahkera"}, "name"),
        ({"role": "king"}, "role"),
        ({"role": "regional"}, "area"),
        ({"area": "evk04"}, "area"),
        ({"role": "regional", "area": "nowhere"}, "area"),
        ({"display_name": "x" * 81}, "display_name"),
        ({"display_name": "a\nb"}, "display_name"),
        ({"password": "lyhyt"}, "short"),
        ({"name": "anna"}, "there"),
    ],
)
def test_an_account_that_cannot_be_made_says_why(anna, asked, why):
    wanted = {"name": "bertta", "display_name": "Bertta", "role": "viewer", "password": PASSWORD} | asked
    with pytest.raises((AccountError, PasswordError)) as refused:
        accounts.create_account(**wanted, actor=operator())
    assert refused.value.why == why


def test_an_invitation_opens_once_and_lets_its_owner_choose_a_password(anna):
    code = accounts.invite("bertta", "Bertta", "steward", actor=operator("anna"))
    with pytest.raises(PasswordError):
        credentials.choose_password(code, "lyhyt")
    fetch = credentials.choose_password(code, PASSWORD)
    assert who(sign_ins.fetch(fetch)).role == "steward"
    assert credentials.choose_password(code, PASSWORD + "!") is None
    come_in("bertta")


def test_a_code_is_void_when_it_is_old_when_another_is_given_and_when_the_account_is_shut(anna):
    first = accounts.new_code("anna", actor=operator())
    second = accounts.new_code("anna", actor=operator())
    assert credentials.choose_password(first, PASSWORD) is None
    change(OneTimeCode, expires_at=now() - timedelta(seconds=1))
    assert credentials.choose_password(second, PASSWORD) is None
    third = accounts.new_code("anna", actor=operator())
    accounts.disable("anna", actor=operator())
    accounts.enable("anna", actor=operator())
    assert credentials.choose_password(third, PASSWORD) is None
    assert credentials.choose_password("", PASSWORD) is None
    with reading() as session:
        assert third not in str(session.exec(select(OneTimeCode)).all())


def test_the_first_administrator_is_invited_until_there_is_one(anna):
    first = accounts.first_administrator("pomo")
    second = accounts.first_administrator("pomo")
    assert credentials.choose_password(first, PASSWORD) is None, "a link that was lost is void"
    assert credentials.choose_password(second, PASSWORD)
    with pytest.raises(AccountError, match="pomo is an administrator already"):
        accounts.first_administrator("toinen")


def test_the_last_administrator_stays_one(anna):
    accounts.create_account("pomo", "Pomo", "administrator", PASSWORD, actor=operator())
    for act in (
        lambda: accounts.disable("pomo", actor=operator()),
        lambda: accounts.change_role("pomo", "viewer", actor=operator()),
    ):
        with pytest.raises(AccountError, match="last administrator"):
            act()
    accounts.create_account("toinen", "Toinen", "administrator", PASSWORD, actor=operator())
    accounts.disable("pomo", actor=operator())


def test_every_act_on_an_account_is_told_in_the_audit_trail(anna):
    accounts.change_password("anna", PASSWORD + "!", actor=operator("pomo"))
    accounts.change_role("anna", "regional", "evk05", actor=operator("pomo"))
    accounts.new_code("anna", actor=operator("pomo"))
    accounts.unlock("anna", actor=operator("pomo"))
    accounts.revoke("anna", actor=operator("pomo"))
    accounts.disable("anna", actor=operator("pomo"))
    accounts.enable("anna", actor=operator("pomo"))
    with reading() as session:
        query = (
            select(AuditEvent).where(AuditEvent.actor == "pomo").order_by(col(AuditEvent.id).desc()).limit(7)
        )
        told = [(each.action, each.subject, each.detail) for each in session.exec(query)][::-1]
        assert audit.broken_links(session) == []
    acts = ["change password", "change role", "give code", "unlock account", "revoke sign-ins"]
    assert [action for action, _, _ in told] == [*acts, "disable account", "enable account"]
    assert {subject for _, subject, _ in told} == {"anna"}
    assert told[1][2] == {"role": "regional", "area": "evk05", "before": {"role": "viewer", "area": None}}
    assert PASSWORD not in str(told)


def test_the_listing_tells_nothing_of_passwords(anna):
    assert "password_hash" not in account_queries.accounts(operator())


# ---- sign-ins ---------------------------------------------------------------------------------------------

ENDINGS = {
    "signing out": lambda scope: sign_ins.end_own(scope.sign_in, "signed_out", actor=operator("anna")),
    "revoking one": lambda scope: sign_ins.end(scope.sign_in, "revoked", actor=operator("pomo")),
    "revoking all": lambda _: accounts.revoke("anna", actor=operator()),
    "disabling": lambda _: accounts.disable("anna", actor=operator()),
    "a new password": lambda _: accounts.change_password("anna", PASSWORD + "!", actor=operator()),
    "another role": lambda _: accounts.change_role("anna", "facilitator", actor=operator()),
    "another area": lambda _: accounts.change_role("anna", "regional", "evk05", actor=operator()),
    "time": lambda _: change(SignIn, expires_at=now()),
    "idle time": lambda _: change(SignIn, seen_at=now() - timedelta(minutes=61)),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_sign_in_that_ended_opens_nothing_any_more(ending, anna):
    token, unused = come_in(), credentials.sign_in("anna", PASSWORD)
    ENDINGS[ending](who(token))
    assert who(token) is None
    assert sign_ins.still_live([sign_ins.hashed(token)]) == set()
    assert not account_queries.sign_ins(operator(), "anna")["live"].any()
    if ending not in ("signing out", "revoking one", "time", "idle time"):
        assert sign_ins.fetch(unused) is None, "a code that was not fetched yet is void too"


def test_a_code_is_fetched_once_and_soon(anna):
    code = credentials.sign_in("anna", PASSWORD)
    assert sign_ins.fetch(code)
    assert sign_ins.fetch(code) is None
    late = credentials.sign_in("anna", PASSWORD)
    change(OneTimeCode, expires_at=now())
    assert sign_ins.fetch(late) is None
    for never in ("", "x", accounts.new_code("anna", actor=operator())):
        assert sign_ins.fetch(never) is None


def test_of_twenty_that_bring_one_code_one_gets_a_cookie(anna):
    code = credentials.sign_in("anna", PASSWORD)
    with ThreadPoolExecutor(8) as thieves:
        assert sum(found is not None for found in thieves.map(sign_ins.fetch, [code] * 20)) == 1


def test_use_keeps_a_sign_in_alive_and_looking_at_it_does_not(anna):
    token, before = come_in(), now() - timedelta(minutes=59)
    change(SignIn, seen_at=before)
    assert sign_ins.still_live([sign_ins.hashed(token)])
    assert account_queries.sign_ins(operator(), "anna")["seen_at"].iloc[0] == before
    with writing():
        assert who(token), "a reader does not wait for whoever writes"
    while sign_ins.BEING_NOTED:
        time.sleep(0.01)
    assert account_queries.sign_ins(operator(), "anna")["seen_at"].iloc[0] > now() - timedelta(minutes=1)


def test_one_account_cannot_end_the_sign_in_of_another(anna):
    scope = who(come_in())
    assert not sign_ins.end_own(scope.sign_in, "signed_out", actor=operator("bertta"))
    assert sign_ins.end_own(scope.sign_in, "signed_out", actor=operator("anna"))


def test_neither_token_nor_code_is_kept(anna):
    code = credentials.sign_in("anna", PASSWORD)
    token = sign_ins.fetch(code)
    with reading() as session:
        kept = str(session.exec(select(SignIn)).all()) + str(session.exec(select(OneTimeCode)).all())
    assert token not in kept
    assert code not in kept


def test_old_sign_ins_are_forgotten(anna):
    come_in()
    change(SignIn, expires_at=now() - timedelta(days=91))
    come_in()
    assert len(account_queries.sign_ins(operator())) == 1


# ---- the key ----------------------------------------------------------------------------------------------


def test_the_key_is_made_once_for_its_owner_only(anna):
    key = keys.installation_key()
    path = settings().data_folder / "installation.key"
    assert len(key) >= 32
    assert keys.installation_key() == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_others_can_read_or_that_is_short_or_a_sample_is_refused(anna):
    keys.installation_key()
    path = settings().data_folder / "installation.key"
    path.chmod(0o644)
    with pytest.raises(PermissionError):
        keys.installation_key()
    path.chmod(0o600)
    for weak in ("short", "x" * 64):
        path.write_text(weak)
        with pytest.raises(ValueError, match="shorter"):
            keys.installation_key()
