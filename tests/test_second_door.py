"""The second door as programs meet it: shut unless it is configured, and open to nobody but whom the
provider has verified for this very request and an administrator has linked. In a browser:
browser/test_second_door.py."""

import base64
import hmac
import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey
from sqlmodel import col, select

from data_access import accounts, audit, credentials
from data_access.models import AuditEvent
from data_access.scope import operator
from data_access.store import reading
from pages.frame import second_door, start
from pages.frame.texts import text
from tests.client import COOKIE, Client
from tests.conftest import Server, free_port, running
from tests.provider import SECRET, Provider, providing

PASSWORD = "lumi narskuu kengän alla"


@pytest.fixture(scope="module")
def provider():
    with providing() as found:
        yield found


@pytest.fixture(scope="module")
def doors(demo_store, provider, tmp_path_factory):
    """A server with a second door, and accounts linked to subjects of their names."""
    folder, port = tmp_path_factory.mktemp("second-door"), free_port()
    store = demo_store.copy(folder / "store")
    with store.in_use():
        for name in ("anna", "bertta", "celia", "disa"):
            accounts.create_account(name, name.title(), "viewer", PASSWORD, actor=operator())
            if name != "disa":
                accounts.link(name, f"{name}-of-the-provider", provider.issuer, actor=operator())
        accounts.disable("bertta", actor=operator())
        for _ in range(5):
            credentials.sign_in("celia", "wrong, and wrong again")
    with running(store, folder / "log", port, **provider.settings(port)) as server:
        yield server


@pytest.fixture
def honest(provider):
    """The provider tells the truth again after a test."""
    yield provider
    for lie in ("lie", "sign"):
        provider.__dict__.pop(lie, None)
        setattr(provider, lie, getattr(Provider, lie))


@dataclass
class Visitor:
    """A browser that is none, on its way to the provider and back: with every cookie that it got."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> httpx.Response:
        told = headers | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        answer = httpx.get(self.server.url + path, headers=told, timeout=20)
        for line in answer.headers.get_list("set-cookie"):
            name, value = re.match(r"([^=]+)=([^;]*)", line).groups()
            assert {"httponly", "secure"} <= set(line.lower().split("; ")), line
            self.cookies[name] = value
        return answer

    def begin(self, link: str = "/goal?lang=sv&goal=g3") -> dict[str, str]:
        """Go to the provider; gives what it is asked."""
        answer = self.get("/auth/login", Referer=self.server.url + link, **{"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 302
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    def known_as(self, who: str, asked: dict[str, str], provider: Provider) -> str:
        """Say who one is there; gives the path to which the provider sends the browser back."""
        answer = httpx.get(f"{provider.issuer}/known?{urlencode(asked | {'who': who})}")
        return answer.headers["location"].removeprefix(self.server.url)

    def come_in(self, who: str, provider: Provider) -> httpx.Response:
        return self.get(self.known_as(who, self.begin(), provider), **{"Sec-Fetch-Site": "cross-site"})

    def is_in(self) -> bool:
        return (
            Client(self.server, f"{COOKIE}={self.cookies.get(COOKIE, '')}")
            .ask("/signed-in", "POST", b"")
            .status
            == 204
        )


def test_whom_the_provider_knows_and_an_administrator_has_linked_comes_to_the_page_of_the_link(
    doors, provider
):
    visitor = Visitor(doors)
    answer = visitor.come_in("anna-of-the-provider", provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/goal?lang=sv&goal=g3")
    assert visitor.is_in()
    client = Client(doors, f"{COOKIE}={visitor.cookies[COOKIE]}")
    with client.window() as page:
        assert "Anna" in page.run("about", lang="fi")
    asked = provider.asked[-1] if provider.asked else {}
    assert not [name for name in visitor.cookies if "streamlit_user" in name], (
        "Streamlit makes no cookie of it"
    )
    assert asked.get("code_challenge_method", "S256") == "S256"


@pytest.mark.parametrize("who", ["nobody", "bertta-of-the-provider", "celia-of-the-provider", "disa"])
def test_the_unknown_the_disabled_the_locked_and_the_unlinked_get_one_answer(who, doors, provider):
    visitor = Visitor(doors)
    answer = visitor.come_in(who, provider)
    assert answer.status_code == 403
    assert text("second_door.unknown", "sv") in answer.text
    assert 'href="/goal?lang=sv&amp;goal=g3"' in answer.text
    assert COOKIE not in visitor.cookies


OTHER_KEY = RSAKey.generate_key(2048, {"kid": "1"})
LIES = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another client": {"aud": "another"},
    "another client by the hand of ours": {"aud": "another", "azp": "turvaverkko"},
    "another issuer": {"iss": "https://evil.example"},
    "too old": {"exp": 1},
    "nobody": {"sub": None},
}
SIGNATURES = {
    "another key": lambda provider, claims: provider.signed(claims, OTHER_KEY),
    "a shared word": lambda provider, claims: provider.signed(claims, OctKey.import_key(SECRET), "HS256"),
    "the public key as a shared word": lambda provider, claims: signed_with_the_public_key(provider, claims),
    "none": lambda provider, claims: provider.signed(claims, OctKey.import_key(SECRET), "none"),
    "nothing": lambda provider, claims: "",
}


def signed_with_the_public_key(provider, claims):
    def part(of: bytes) -> bytes:
        return base64.urlsafe_b64encode(of).rstrip(b"=")

    said = b".".join(part(json.dumps(each).encode()) for each in ({"alg": "HS256", "kid": "1"}, claims))
    return b".".join([said, part(hmac.digest(provider.key.as_pem(private=False), said, "sha256"))]).decode()


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_claims_something_else_opens_nothing(lie, doors, honest):
    def told(claims):
        return {name: value for name, value in (claims | LIES[lie]).items() if value is not None}

    honest.lie = told
    is_shut(doors, honest)


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_token_that_the_provider_has_not_signed_opens_nothing(signature, doors, honest):
    honest.sign = SIGNATURES[signature]
    is_shut(doors, honest)


def is_shut(doors, provider):
    visitor = Visitor(doors)
    answer = visitor.come_in("anna-of-the-provider", provider)
    assert answer.status_code == 400
    assert text("second_door.failed", "sv") in answer.text
    assert COOKIE not in visitor.cookies
    assert "Traceback" not in answer.text


def test_an_answer_is_good_in_the_browser_that_asked_and_once(doors, provider):
    visitor, thief = Visitor(doors), Visitor(doors)
    answer = visitor.known_as("anna-of-the-provider", visitor.begin(), provider)
    before = dict(visitor.cookies)
    assert thief.get(answer).status_code == 400, "a link that somebody else is led to"
    thief.begin()
    assert thief.get(answer).status_code == 400
    assert COOKIE not in thief.cookies
    assert visitor.get(answer).status_code == 303
    again = Visitor(doors, before)
    assert again.get(answer).status_code == 400, "with the cookie of before"
    assert COOKIE not in again.cookies
    assert Visitor(doors).get("/oauth2callback?error=access_denied&state=x").status_code == 400


def test_after_signing_out_no_cookie_and_no_answer_opens_anything(doors, provider):
    visitor = Visitor(doors)
    answer = visitor.known_as("anna-of-the-provider", visitor.begin(), provider)
    on_the_way = dict(visitor.cookies)
    visitor.get(answer)
    every = on_the_way | visitor.cookies
    assert visitor.is_in()
    Client(doors, f"{COOKIE}={visitor.cookies[COOKIE]}").ask("/sign-out", "POST", b"")
    old = Visitor(doors, every)
    assert not old.is_in()
    assert old.get(answer).status_code == 400
    assert not old.is_in()


@pytest.mark.parametrize(
    "link",
    ["//evil.example/", "/no-such-page", "/\\evil.example", "/?x=" + "x" * 3000, "/auth/login?x=1"],
)
def test_the_way_back_leads_to_a_page_of_ours(link, doors, provider):
    visitor = Visitor(doors)
    asked = visitor.begin(link)
    assert asked["redirect_uri"] == f"{doors.url}/oauth2callback"
    answer = visitor.get(visitor.known_as("anna-of-the-provider", asked, provider))
    assert answer.headers["location"] == "/"


def test_another_site_neither_sends_nor_is_sent_anybody(doors):
    client = Client(doors)
    assert client.ask("/auth/login", Sec_Fetch_Site="cross-site").status == 403
    assert client.ask("/auth/login", "POST", b"").status == 405
    assert client.ask("/auth/logout").status == 404
    visitor = Visitor(doors)
    answer = visitor.get("/auth/login?redirect_uri=https://evil.example", Referer="https://evil.example/goal")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == [f"{doors.url}/oauth2callback"]
    assert len(asked["code_challenge"][0]) == 43
    assert {"state", "nonce"} <= set(asked)


def test_the_audit_trail_tells_of_the_second_door(doors, provider):
    Visitor(doors).come_in("anna-of-the-provider", provider)
    Visitor(doors).come_in("stranger-of-the-provider", provider)
    with doors.store.in_use():
        accounts.link("disa", "disa-of-the-provider", provider.issuer + "/", actor=operator("pomo"))
        visitor = Visitor(doors)
        visitor.come_in("disa-of-the-provider", provider)
        assert visitor.is_in()
        accounts.unlink("disa", actor=operator("pomo"))
        assert not visitor.is_in(), "a door that is shut shuts out"
        with reading() as session:
            query = select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(5)
            told = [(each.actor, each.action, each.subject) for each in session.exec(query)][::-1]
            assert audit.broken_links(session) == []
    assert told == [
        ("second door", "sign in", "anna"),
        ("second door", "refuse sign-in", "stranger-of-the-provider"),
        ("pomo", "link account", "disa"),
        ("second door", "sign in", "disa"),
        ("pomo", "unlink account", "disa"),
    ]


def test_a_subject_is_linked_to_one_account_and_an_account_to_one_subject(doors, provider):
    with doors.store.in_use():
        for name, subject in (("disa", "anna-of-the-provider"), ("anna", "another")):
            with pytest.raises(accounts.AccountError, match="unlink it first"):
                accounts.link(name, subject, provider.issuer, actor=operator())
        for issuer, subject in ((provider.issuer, ""), ("", "x"), (provider.issuer, "x" * 256)):
            with pytest.raises(accounts.AccountError) as refused:
                accounts.link("disa", subject, issuer, actor=operator())
            assert refused.value.why == "subject"


def test_the_command_line_links_and_unlinks(own_demo_store):
    own_demo_store.command("account", "link", "viewer", "--subject", "x", "--issuer", "https://a.example/")
    assert credentials.sign_in_linked("https://a.example", "x")
    own_demo_store.command("account", "unlink", "viewer")
    assert credentials.sign_in_linked("https://a.example", "x") is None
    assert own_demo_store.command("account", "link", "viewer", "--subject", "x", check=False).returncode


def test_half_a_second_door_is_none_and_plain_http_is_refused_in_production(own_demo_store, monkeypatch):
    assert second_door.secrets() == {}
    assert second_door.routes() == []
    monkeypatch.setenv("TURVAVERKKO_OIDC_PROVIDER", "http://a.example")
    with own_demo_store.in_use():
        assert second_door.addresses() == ()
        assert any("belong together" in reason for reason in start.wrong_second_door())
        assert any("http://a.example" in reason for reason in start.unsafe_in_production())


def test_a_provider_that_calls_itself_otherwise_is_not_asked(demo_store, provider, tmp_path):
    port = free_port()
    other = provider.settings(port) | {"TURVAVERKKO_OIDC_PROVIDER": f"http://127.0.0.1:{provider.port}"}
    with running(demo_store.copy(tmp_path / "store"), tmp_path / "log", port, **other) as server:
        answer = Client(server).ask("/auth/login")
    assert answer.status == 400
    assert text("second_door.failed", "fi") in answer.body.decode()
