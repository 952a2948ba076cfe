"""A server in production starts safely or not at all."""

import pytest

from data_access import accounts, keys, passwords
from data_access.scope import operator
from pages.frame import start
from tests.client import Client
from tests.conftest import running
from tests.store.stores import DEMO_PASSWORD

PRODUCTION = {"TURVAVERKKO_PRODUCTION": "1"}
SAFE = PRODUCTION | {"TURVAVERKKO_HOSTS": "turvaverkko.example", "FORWARDED_ALLOW_IPS": "127.0.0.1"}


@pytest.fixture
def own(facts_store, tmp_path):
    return facts_store.copy(tmp_path / "own")


def test_an_unsafe_start_is_refused_with_every_reason(own, tmp_path):
    with own.in_use():
        accounts.demo_accounts(DEMO_PASSWORD)
        keys.installation_key()
        (own.folder / "installation.key").chmod(0o644)
    with (
        pytest.raises(pytest.fail.Exception) as failed,
        running(own, tmp_path / "log", **PRODUCTION, STREAMLIT_SERVER_ENABLE_AGENT_API="true"),
    ):
        pass
    said = str(failed.value)
    for reason in ("names no host", "no https", "demonstration accounts", "chmod 600", "enableAgentApi"):
        assert reason in said


def test_production_speaks_https_to_its_own_name_only(own, tmp_path):
    with running(own, tmp_path / "log", **SAFE) as server:
        client = Client(server)
        named, secure = {"Host": "turvaverkko.example"}, {"X_Forwarded_Proto": "https"}
        answer = client.ask("/", **named, **secure)
        assert answer.status == 200
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        assert client.ask("/", **named).status == 421, "plain http"
        assert client.ask("/", **secure).status == 421, "by its number"
        assert client.ask("/_stcore/health").status == 200


@pytest.mark.parametrize("proxies", ["", "*", "127.0.0.1,*"])
def test_a_proxy_that_is_anybody_is_none(proxies, own, monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", proxies)
    with own.in_use():
        assert any(reason.startswith("no https") for reason in start.unsafe_in_production())


def test_the_password_of_demonstration_accounts_may_be_anything(own):
    """It stands in somebody's environment, and production refuses such accounts."""
    with own.in_use():
        for password in ("lyhyt", "salasana"):
            accounts.demo_accounts(password)
            assert accounts.opens("viewer", password)
        with pytest.raises(passwords.PasswordError):
            accounts.create_account("anna", "Anna", "viewer", "lyhyt", actor=operator())
