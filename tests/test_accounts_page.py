"""The page of accounts and that of one's own sign-ins: who may do what, and what is told of it."""

import pytest

from data_access import accounts, credentials, sign_ins
from data_access.queries import accounts as account_queries
from data_access.scope import operator
from data_access.settings import settings
from pages.frame.texts import LANGUAGES, text
from tests.store.stores import DEMO_PASSWORD
from tests.visits import flaws, hash_of_a_sign_in, page, told, visit

PASSWORD = "lumi narskuu kengän alla"


@pytest.fixture
def own(stocked, tmp_path):
    """A demonstration that the test may change."""
    with stocked("demo").copy(tmp_path / "own").in_use() as store:
        yield store


def press(app, label: str, place: int = 0):
    return [each for each in app.button if each.label == label][place].click().run()


def ends(app) -> list:
    return [each for each in app.button if each.key.startswith("end_")]


def state(name: str) -> str:
    return account_queries.accounts(operator()).set_index("name").loc[name, "state"]


@pytest.mark.parametrize("role", ["viewer", "regional", "facilitator", "steward"])
def test_whoever_is_no_administrator_is_refused_at_its_address(role, own):
    app = visit(page("accounts"), "fi", reader=role)
    assert [each.value for each in app.warning] == [text("frame.not_for_role", "fi")]
    assert not app.text_input


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_administrator_invites_and_gets_a_link_that_works_once(language, own):
    app = visit(page("accounts"), language)
    app.text_input("invite_name").set_value("anna")
    app.text_input("invite_person").set_value("Anna Ahkera")
    app.selectbox("invite_role").set_value("regional")
    app = press(app, text("accounts.invite_button", language))
    assert [each.value for each in app.error] == [text("account_refused.area", language)]
    app.selectbox("invite_area").set_value("evk05")
    app = press(app, text("accounts.invite_button", language))
    assert [each.value for each in app.success] == [
        text("account_said.invited", language).format(name="anna")
    ]
    link = app.code[0].value
    assert state("anna") == "invited"
    assert credentials.choose_password(link.partition("#")[2], PASSWORD)
    assert state("anna") == "open"
    assert not app.run().code, "the link is shown once"
    assert flaws(app, language) == []
    assert "Anna Ahkera" in told(app.main)


def test_an_account_is_changed_shut_opened_unlocked_and_signed_out(own):
    accounts.create_account("anna", "Anna", "viewer", PASSWORD, actor=operator())
    before = hash_of_a_sign_in("anna")
    app = visit(page("accounts"), "en", account="anna")
    app.selectbox("change_anna_role").set_value("steward")
    app = press(app, text("accounts.save", "en"))
    assert accounts.account("anna").role == "steward"
    assert sign_ins.reader(before) is None
    before = hash_of_a_sign_in("anna")
    app = press(app, text("account_act.revoke", "en"))
    assert sign_ins.reader(before) is None
    app = press(app, text("account_act.disable", "en"))
    assert state("anna") == "disabled"
    app = press(app, text("account_act.enable", "en"))
    for _ in range(5):
        credentials.sign_in("anna", "wrong, and wrong again")
    app = press(app.run(), text("account_act.unlock", "en"))
    assert state("anna") == "open"
    app = press(app, text("account_act.give_code", "en"))
    assert app.code
    ends = [text(f"sign_in_end.{why}", "en") for why in ("role", "revoked")]
    assert set(ends) <= set(told(app.main))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_account_is_linked_to_an_organisations_account_where_there_is_a_second_door(
    language, own, monkeypatch
):
    assert text("accounts.link_button", language) not in [
        each.label for each in visit(page("accounts"), language, account="viewer").button
    ]
    for name in ("OIDC_PROVIDER", "OIDC_CLIENT", "OIDC_SECRET", "ADDRESS"):
        monkeypatch.setenv(f"TURVAVERKKO_{name}", "https://a.example")
    settings.cache_clear()
    app = visit(page("accounts"), language, account="viewer")
    app.text_input("subject_viewer").set_value("x-of-the-provider")
    app = press(app, text("accounts.link_button", language))
    assert [each.value for each in app.success] == [
        text("account_said.linked", language).format(name="viewer")
    ]
    assert app.code[0].value == "x-of-the-provider"
    assert credentials.sign_in_linked("https://a.example", "x-of-the-provider")
    assert flaws(app, language) == []
    before = hash_of_a_sign_in("viewer")
    app = press(app, text("accounts.unlink", language))
    assert app.text_input("subject_viewer")
    assert sign_ins.reader(before) is None
    assert credentials.sign_in_linked("https://a.example", "x-of-the-provider") is None
    app = press(app, text("accounts.link_button", language))
    assert [each.value for each in app.error] == [text("account_refused.subject", language)]


def test_the_last_administrator_is_not_shut_out(own):
    app = visit(page("accounts"), "fi", account="administrator")
    app = press(app, text("account_act.disable", "fi"))
    assert [each.value for each in app.error] == [text("account_refused.last", "fi")]
    assert state("administrator") == "open"


def test_an_administrator_who_is_none_any_more_does_nothing(own):
    accounts.create_account("boss", "Boss", "administrator", DEMO_PASSWORD, actor=operator())
    app = visit(page("accounts"), "en", reader="boss", account="viewer")
    accounts.change_role("boss", "viewer", actor=operator())
    press(app, text("account_act.disable", "en"))
    assert state("viewer") == "open"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_ends_another_sign_in_of_their_own_and_nobody_elses(language, own):
    lost, others = hash_of_a_sign_in("viewer"), hash_of_a_sign_in("regional")
    app = visit(page("own"), language, reader="viewer")
    assert flaws(app, language) == []
    going_on = account_queries.sign_ins(operator(), "viewer")
    assert len(ends(app)) == going_on["live"].sum() - 1, "not the one that looks"
    while ends(app):
        app = ends(app)[0].click().run()
    assert sign_ins.reader(lost) is None
    assert sign_ins.reader(others)
    assert text("own.this", language) in told(app.main)
