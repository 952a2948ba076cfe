"""The second door: readers come in with the account that they have in their organisation.

It is shut until the settings name an OpenID provider. ``st.login`` sends the browser to LOGIN, and the
provider sends it back to CALLBACK. Both are answered here and not by Streamlit, whose own answer is a cookie
that opens for thirty days whatever happens to the account. We ask the provider only who it is, keep none of
its tokens, and begin the same sign-in as a password does.
"""

import logging
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from data_access import credentials
from data_access.keys import keyed
from data_access.settings import settings
from pages.frame import cookie
from pages.frame.asked import asked_language
from pages.frame.navigation import PAGES
from pages.frame.plain import plain_page
from pages.frame.texts import text

LOG = logging.getLogger("turvaverkko")
LOGIN, CALLBACK = "/auth/login", "/oauth2callback"
BACK = "back"
LONGEST_LINK = 1500
"""A cookie of the way to the provider and back has room for it."""
SIGNED_BY = "id_token_signing_alg_values_supported"
PUBLIC_KEYS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")


def is_there() -> bool:
    return settings().has_second_door


def addresses() -> tuple[str, ...]:
    """What the guard lets pass for it."""
    return (LOGIN, CALLBACK) if is_there() else ()


def routes() -> list[Route]:
    return [Route(path, answer) for path, answer in zip(addresses(), (go, come_back), strict=False)]


def secrets() -> dict[str, Any]:
    """What ``st.login`` wants to find in ``st.secrets`` before it sends anybody anywhere."""
    if not is_there():
        return {}
    return {
        "auth": {
            "redirect_uri": callback(),
            "cookie_secret": keyed("second door", "st.login"),
            "client_id": settings().oidc_client,
            "client_secret": settings().oidc_secret.get_secret_value(),
            "server_metadata_url": f"{issuer()}/.well-known/openid-configuration",
        }
    }


def issuer() -> str:
    return settings().oidc_provider.rstrip("/")


def callback() -> str:
    return settings().address.rstrip("/") + CALLBACK


@cache
def client() -> Any:
    """Authlib's client; it is loaded only where the door is used."""
    from authlib.integrations.starlette_client import OAuth

    known = secrets()["auth"]
    return OAuth().register(
        "provider",
        client_id=known["client_id"],
        client_secret=known["client_secret"],
        server_metadata_url=known["server_metadata_url"],
        client_kwargs={"scope": "openid", "code_challenge_method": "S256", "timeout": 10},
    )


async def provider() -> Any:
    """The client, once it knows the provider: that it is the one that is named, and that it signs with a
    key that only it has. What says ``none``, or is signed with a shared word, is no signature."""
    known = await client().load_server_metadata()
    if str(known.get("issuer")).rstrip("/") != issuer():
        raise ValueError(f"the provider calls itself {known.get('issuer')!r}")
    known[SIGNED_BY] = [each for each in known.get(SIGNED_BY) or ["RS256"] if each in PUBLIC_KEYS]
    return client()


async def go(request: Request) -> Response:
    """Send the reader to the provider, and remember where they were."""
    try:
        answer = await (await provider()).authorize_redirect(request, callback())
    except Exception as error:
        return failed(request, error, link_of(request))
    request.session[BACK] = link_of(request)
    return answer


async def come_back(request: Request) -> Response:
    """What the provider answers: verified, it opens the account that is linked to it."""
    back = request.session.pop(BACK, "/")
    try:
        verified = await verify(request)
    except Exception as error:
        return failed(request, error, back)
    who = (verified["iss"].rstrip("/"), str(verified["sub"]), request.headers.get("user-agent", ""))
    code = await run_in_threadpool(credentials.sign_in_linked, *who)
    answer = RedirectResponse(back, 303)
    if code is None or not await cookie.put(answer, code):
        return told(request, "unknown", 403, back)
    return answer


async def verify(request: Request) -> dict[str, Any]:
    """The claims of a token that the provider made for us and for this very request: state, code verifier,
    signature, nonce and times are looked at by Authlib."""
    known = await provider()
    asked = {
        "iss": {"essential": True, "value": known.server_metadata["issuer"]},
        "aud": {"essential": True, "value": known.client_id},
        "sub": {"essential": True},
    }
    token = await known.authorize_access_token(request, claims_options=asked)
    return token["userinfo"]


def link_of(request: Request) -> str:
    """The page of ours from which the reader comes, else the first one: no link leads anywhere else."""
    came = urlsplit(request.headers.get("referer", ""))
    known = {f"/{page.url_path}" for page in PAGES}
    if came.netloc != request.headers.get("host") or came.path not in known:
        return "/"
    return came.path + (f"?{came.query}" if 0 < len(came.query) < LONGEST_LINK else "")


def failed(request: Request, error: Exception, back: str) -> Response:
    """Whatever goes wrong on the way opens nothing."""
    LOG.warning("the second door stayed shut: %s: %s", type(error).__name__, str(error)[:500])
    return told(request, "failed", 400, back)


def told(request: Request, why: str, status: int, back: str) -> Response:
    language = asked_language(request, QueryParams(urlsplit(back).query))
    said, again = (escape(text(f"second_door.{key}", language)) for key in (why, "back"))
    content = f'<p class="problem" role="alert">{said}</p><p><a href="{escape(back)}">{again}</a></p>'
    return plain_page(language, text("sign_in.title", language), content, status)
