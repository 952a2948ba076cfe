"""What the server does before Streamlit: the window's first page, and a cold start without surprises.

Streamlit's own first page speaks English, is called Streamlit, and looks for its server at every
part of a deep address, which leaves errors in the console. Ours is the same file with our name, the
reader's language, the server's address and a history that leads back filled in.
"""

import asyncio
import hashlib
import json
import logging
import os
import re
import secrets
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.runtime import Runtime
from streamlit.runtime.pages_manager import PagesManager

from data_access.queries import boundaries
from data_access.settings import keep_log
from pages.frame import connections, cookie, second_door, start, welcome
from pages.frame.asked import asked_language
from pages.frame.language import words
from pages.frame.navigation import PAGES
from pages.frame.texts import text, texts


class Slug(StringConvertor):
    """An address of one word; files, and what Streamlit keeps for itself, have dots, slashes or
    underscores."""

    regex = "[A-Za-z0-9-]+"


register_url_convertor("slug", Slug())
LOG = logging.getLogger("turvaverkko")
FOLDER = Path(__file__).parent
SECONDS_OF_A_FILE = 60
STREAMLIT_PAGE = Path(st.__file__).parent / "static" / "index.html"


@asynccontextmanager
async def life(_app: st.App) -> AsyncGenerator[None]:
    """Because our folder is called ``pages``, Streamlit would run the first session of each process
    in its old way, which tells the reader of a deep link that there is no such page."""
    PagesManager.uses_pages_directory = False
    keep_log()
    start.check()
    send_at_once()
    connections.watch()
    keep_made_files()
    yield


def send_at_once() -> None:
    """Streamlit leaves it to the system to gather small messages, which holds the last ones of a
    choice back for 40 ms. What a listening socket is told holds for the connections that it takes."""
    with suppress(OSError):
        for name in os.listdir("/dev/fd"):
            with suppress(OSError):
                found = socket.socket(fileno=int(name))
                try:
                    if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                finally:
                    found.detach()


def keep_made_files() -> None:
    """Streamlit throws a file that was made for a reader away when two pages of anybody have been drawn
    since, before a browser that is a little late has fetched it. It stays a minute longer."""
    files, loop = Runtime.instance().media_file_mgr, asyncio.get_running_loop()
    throw_away = files._storage.delete_file

    def throw_away_now(number: str) -> None:
        if number not in files._file_metadata:
            throw_away(number)

    def throw_away_later(number: str) -> None:
        loop.call_soon_threadsafe(loop.call_later, SECONDS_OF_A_FILE, throw_away_now, number)

    files._storage.delete_file = throw_away_later  # ty: ignore[invalid-assignment]


def say_that_it_failed(error: Exception) -> bool:
    """Tell the reader in their own language; what went wrong stands in the log only, under a reference."""
    reference = secrets.token_hex(4)
    LOG.error("a page failed, reference %s", reference, exc_info=error)
    st.error(words("frame.failed", reference=reference))
    return True


def routes() -> list[Route]:
    """The addresses of the pages and of loaded shapes, and what becomes of an address that no page has."""
    known = [Route(f"/{page.url_path}", first_page) for page in PAGES]
    known += [
        Route("/frame.js", lambda _: file(script(), "text/javascript")),
        Route("/frame.css", lambda _: file(style(), "text/css")),
        Route("/favicon.png", lambda _: file(icon(), "image/png", "public, max-age=86400")),
        *cookie.routes(),
        *welcome.routes(),
        *second_door.routes(),
    ]
    return [*known, Route("/shapes/{fingerprint}.geojson", shapes), Route("/{unknown:slug}", to_start)]


async def first_page(request: Request) -> Response:
    answer = HTMLResponse(first_page_in(asked_language(request)), headers={"Cache-Control": "no-cache"})
    await cookie.take_away_ended(request, answer)
    return answer


def shapes(request: Request) -> Response:
    """A set of boundaries by its fingerprint: public, and the same for ever."""
    found = boundaries.shapes(request.path_params["fingerprint"])
    if found is None:
        return Response(status_code=404)
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found, media_type="application/geo+json", headers=kept)


async def to_start(request: Request) -> Response:
    asked = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(base_path() + asked, status_code=303)


def base_path() -> str:
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}/" if base else "/"


@cache
def first_page_in(language: str) -> str:
    name = text("frame.name", language)
    told = f'<title>{name}</title><link rel="preload" as="style" href="./frame.css?{fingerprint(style())}" />'
    told += f'<script src="./frame.js?{fingerprint(script())}"></script>'
    page = re.sub(r'<link rel="service-desc".*?/>|<noscript>.*?</noscript>', "", streamlit_page(), flags=re.S)
    for theirs, ours in (
        ('<html lang="en">', f'<html lang="{language}">'),
        ("<title>Streamlit</title>", told),
    ):
        page = page.replace(theirs, ours)
    return page


@cache
def streamlit_page() -> str:
    return STREAMLIT_PAGE.read_text(encoding="utf-8")


@cache
def script() -> str:
    """All script of ours: where the server is, how it is listened to, the browser's history, and what the
    frame does."""
    together, history, frame = (
        FOLDER.joinpath(name).read_text(encoding="utf-8")
        for name in ("together.js", "history.js", "script.js")
    )
    words = {text: word for word in texts()["streamlit"].values() for text in word.values()}
    told = f"window.__streamlit = {{ BACKEND_BASE_URL: location.origin + {json.dumps(base_path())} }};"
    return (
        f"{told}\n{{\n{together}}}\n{{\n{history}}}\n{{\nconst ownWords = {json.dumps(words)};\n{frame}}}\n"
    )


@cache
def style() -> str:
    return FOLDER.joinpath("style.css").read_text(encoding="utf-8")


@cache
def icon() -> bytes:
    """The window's icon. Streamlit asks for its own, at this address, whenever a page begins."""
    return FOLDER.joinpath("icon.png").read_bytes()


def fingerprint(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()[:16]


def file(
    content: str | bytes, media_type: str, kept: str = "public, max-age=31536000, immutable"
) -> Response:
    """A file of the frame; by default one whose address changes with it."""
    return Response(content, media_type=media_type, headers={"Cache-Control": kept})
