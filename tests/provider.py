"""An OpenID provider on this machine, as an organisation has one: it knows whoever says who they are, and can
be told to lie. It is another site than the server's: a browser calls it localhost."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.conftest import free_port

CLIENT, SECRET = "turvaverkko", "a secret of client and provider"
Claims = dict[str, Any]


@dataclass
class Provider:
    """``lie`` changes what tokens claim and ``sign`` signs them; ``asked`` are the requests for codes."""

    port: int
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    codes: dict[str, Claims] = field(default_factory=dict)
    asked: list[Claims] = field(default_factory=list)
    lie: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[["Provider", Claims], str] = lambda provider, claims: provider.signed(claims)
    algorithms: tuple[str, ...] = ("RS256", "HS256", "none")

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def settings(self, server_port: int) -> dict[str, str]:
        """The environment of a server whose second door this provider opens."""
        return {
            "TURVAVERKKO_OIDC_PROVIDER": self.issuer,
            "TURVAVERKKO_OIDC_CLIENT": CLIENT,
            "TURVAVERKKO_OIDC_SECRET": SECRET,
            "TURVAVERKKO_ADDRESS": f"http://127.0.0.1:{server_port}",
        }

    def signed(self, claims: Claims, key: RSAKey | OctKey | None = None, algorithm: str = "RS256") -> str:
        known = [algorithm, "none"]
        return jwt.encode({"alg": algorithm, "kid": "1"}, claims, key or self.key, algorithms=known)

    # ---- its addresses --------------------------------------------------------------------------------

    async def discovery(self, _: Request) -> Response:
        addresses = {name: f"{self.issuer}/{path}" for name, path in ADDRESSES.items()}
        known = {
            "id_token_signing_alg_values_supported": self.algorithms,
            "response_types_supported": ["code"],
        }
        return JSONResponse({"issuer": self.issuer} | addresses | known)

    async def authorise(self, request: Request) -> Response:
        """A form that asks who one is."""
        asked = dict(request.query_params)
        self.asked.append(asked)
        assert (asked["client_id"], asked["response_type"], asked["scope"]) == (CLIENT, "code", "openid")
        hidden = "".join(f'<input type="hidden" name="{key}" value="{asked[key]}">' for key in asked)
        return HTMLResponse(
            f'<!DOCTYPE html><html lang="en"><title>Provider</title><link rel="icon" href="data:,">'
            f'<form action="/known">{hidden}<input name="who" aria-label="Who"><button>Go on</button></form>'
        )

    async def known(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        told = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{told}", 303)

    async def token(self, request: Request) -> Response:
        """A code is good once, for the client that asked, with the verifier of its challenge."""
        given = dict(parse_qsl((await request.body()).decode()))
        asked = self.codes.pop(given.get("code", ""), None)
        who = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        hashed = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
        if (
            asked is None
            or request.headers.get("authorization") != f"Basic {who}"
            or (challenge, "S256") != (asked["code_challenge"], asked["code_challenge_method"])
            or given["redirect_uri"] != asked["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": asked["who"], "aud": CLIENT, "nonce": asked["nonce"]}
        claims = self.lie(claims | {"iat": now, "exp": now + 300})
        told = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer"}
        return JSONResponse(told | {"id_token": self.sign(self, claims)})

    async def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


ADDRESSES = {"authorization_endpoint": "authorise", "token_endpoint": "token", "jwks_uri": "keys"}


@contextmanager
def providing() -> Generator[Provider]:
    """A provider that answers until the block ends."""
    provider = Provider(free_port())
    routes = [
        Route("/.well-known/openid-configuration", provider.discovery),
        Route("/authorise", provider.authorise),
        Route("/known", provider.known),
        Route("/token", provider.token, methods=["POST"]),
        Route("/keys", provider.keys),
    ]
    told = uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=provider.port, log_level="error")
    server = uvicorn.Server(told)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield provider
    finally:
        server.should_exit = True
        running.join(10)
