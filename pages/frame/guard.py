"""What stands between the network and Streamlit: nobody is let at an address, a socket or a file that is
not theirs, and no client can take the server from the others.

Every request passes here first. What an address needs stands in ``OPEN``, ``SIGNED_IN`` and nowhere else:
whatever is not named is answered 404. Limits are in ``Limits``, with how they were chosen.
"""

import asyncio
import logging
import re
import secrets
from collections import Counter, defaultdict, deque
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime

from data_access import sign_ins
from data_access.settings import settings
from pages.frame import cookie, policy, second_door
from pages.frame.limits import Bucket, Limits

LOG: Final = logging.getLogger("turvaverkko")
HEALTH, STREAM, UPLOADS, MEDIA = "/_stcore/health", "/_stcore/stream", "/_stcore/upload_file/", "/media/"
OPEN = (HEALTH, "/_stcore/host-config", "/static/", "/app/static/", "/shapes/")
CLOSED = ("/_stcore/", "/component/", "/auth/", "/oauth2callback")
POSTED = ("/sign-in", "/signed-in", "/sign-out", "/welcome", "/password")
HEADER = b"x-turvaverkko-sign-in"
"""Streamlit makes ``st.user["sign_in"]`` of it (.streamlit/config.toml), and lets nobody with another one
go on in a session of before."""
OF_STRANGERS = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
OF_READERS = OF_STRANGERS | {"file_urls_request", "backend_operation_request"}
OPERATIONS = frozenset({"dataframe_chunk"})
FILES = re.compile(rb"/media/[0-9a-f]+\.?[0-9a-z]*")
END_OF_SIGN_IN, TOO_MUCH, NOT_UNDERSTOOD, TOO_BIG, TEXT = 1008, 1013, 1002, 1009, 1003


def middleware() -> list[Middleware]:
    return [Middleware(Guard)]


class Guard:
    """The middleware: one for each process."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.windows: set[Window] = set()
        self.offered: dict[str | None, deque[bytes]] = defaultdict(partial(deque, maxlen=Limits.files_of_one))
        self.strangers = Bucket(Limits.strangers_a_second, Limits.strangers_at_once)
        self.watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.connect(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    # ---- requests -----------------------------------------------------------------------------------

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = False

        async def sent(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                message["headers"] = policy.headers_for(scope["path"], message.get("headers", []))
            await send(message)

        refused = await self.refusal(HTTPConnection(scope))
        if refused:
            await error_page(refused)(scope, receive, sent)
            return
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name.lower() != HEADER]
        try:
            await self.app(scope, in_time(HTTPConnection(scope), receive), sent)
        except BodyTooSlow:
            await error_page(HTTPStatus.REQUEST_TIMEOUT)(scope, receive, sent)
        except Exception as error:
            reference = secrets.token_hex(4)
            LOG.error("a request failed, reference %s", reference, exc_info=error)
            if began:
                raise
            await error_page(HTTPStatus.INTERNAL_SERVER_ERROR, reference)(scope, receive, sent)

    async def refusal(self, request: HTTPConnection) -> HTTPStatus | None:
        """Why a request is not handed on; None where it is."""
        path, method = request.scope["path"], request.scope["method"]
        if path == HEALTH and method in ("GET", "HEAD"):
            return None
        if not host_is_ours(request) or not is_encrypted(request):
            return HTTPStatus.MISDIRECTED_REQUEST
        if path.startswith((UPLOADS, MEDIA)):
            return await self.refusal_of_a_file(request, path, method)
        if path in second_door.addresses():
            return refusal_of_the_second_door(request, path, method)
        if path not in OPEN[:2] and path.startswith(CLOSED):
            return HTTPStatus.NOT_FOUND
        if method in ("GET", "HEAD"):
            return None
        if method != "POST" or path not in POSTED:
            return HTTPStatus.METHOD_NOT_ALLOWED
        return (
            None if comes_from_us(request) and size_of(request) <= Limits.form_bytes else HTTPStatus.FORBIDDEN
        )

    async def refusal_of_a_file(self, request: HTTPConnection, path: str, method: str) -> HTTPStatus | None:
        """A file goes to and comes from the reader whose page asked for it, and nobody else."""
        token_hash = cookie.hash_in(request)
        scope = await run_in_threadpool(sign_ins.reader, token_hash)
        if path.startswith(MEDIA):
            if method not in ("GET", "HEAD"):
                return HTTPStatus.METHOD_NOT_ALLOWED
            if path.encode() in self.offered[token_hash if scope else None]:
                return None
        if scope is None:
            return HTTPStatus.UNAUTHORIZED
        if path.startswith(MEDIA):
            return HTTPStatus.NOT_FOUND
        if method not in ("PUT", "DELETE") or not scope.may("upload_files"):
            return HTTPStatus.METHOD_NOT_ALLOWED if method not in ("PUT", "DELETE") else HTTPStatus.FORBIDDEN
        if readers_of_pages().get(path.removeprefix(UPLOADS).partition("/")[0]) != token_hash:
            return HTTPStatus.NOT_FOUND
        if not comes_from_us(request):
            return HTTPStatus.FORBIDDEN
        return None if size_of(request) <= Limits.upload_bytes() else HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    # ---- sockets ------------------------------------------------------------------------------------

    async def connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = HTTPConnection(scope)
        token_hash = None
        if scope["path"] != STREAM:
            refused = HTTPStatus.NOT_FOUND
        elif not (host_is_ours(request) and is_encrypted(request) and comes_from_us(request)):
            refused = HTTPStatus.FORBIDDEN
        else:
            token_hash = cookie.hash_in(request)
            if await run_in_threadpool(sign_ins.reader, token_hash) is None:
                token_hash = None
            refused = None if self.has_room_for(token_hash) else HTTPStatus.SERVICE_UNAVAILABLE
        if refused:
            await receive()
            await deny(refused, scope, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != HEADER]
        scope["headers"] = [*headers, (HEADER, token_hash.encode())] if token_hash else headers
        window = Window(token_hash, receive, send, self.strangers, self.offered[token_hash])
        self.windows.add(window)
        self.watch = self.watch or asyncio.create_task(self.show_out_what_ended(), name="guard")
        try:
            await self.app(scope, window.receive, window.send)
        finally:
            self.windows.discard(window)

    def has_room_for(self, token_hash: str | None) -> bool:
        """Strangers have a room of their own, so that they cannot fill that of readers."""
        taken = Counter(window.token_hash for window in self.windows)
        if token_hash is None:
            return taken[None] < Limits.strangers
        readers = len(self.windows) - taken[None]
        return readers < Limits.readers and taken[token_hash] < Limits.windows_of_one

    async def show_out_what_ended(self) -> None:
        """An open page whose sign-in has ended shows the form within seconds, untouched too."""
        while True:
            await asyncio.sleep(Limits.look_every_seconds)
            with suppress(Exception):
                known = {token_hash for token_hash in self.offered if token_hash}
                ended = known - await run_in_threadpool(sign_ins.still_live, known)
                for window in self.windows:
                    if window.token_hash in ended:
                        window.over.set()
                for token_hash in ended:
                    del self.offered[token_hash]


class Window:
    """The socket of one open page. What comes in is slowed down where it comes too fast, and refused where
    it is not what a page sends; whoever does not read is let go."""

    def __init__(
        self, token_hash: str | None, receive: Receive, send: Send, strangers: Bucket, offered: deque[bytes]
    ) -> None:
        self.token_hash, self.offered = token_hash, offered
        self.incoming, self.outgoing = receive, send
        own = Bucket(Limits.frames_a_second, Limits.frames_at_once)
        self.buckets = (own,) if token_hash else (own, strangers)
        self.over, self.unread = asyncio.Event(), False
        self.page: ClientState | None = None
        self.waited = 0

    async def receive(self) -> Message:
        """The next message that may be handed on, or the end of the connection."""
        while True:
            coming = asyncio.ensure_future(self.incoming())
            ending = asyncio.ensure_future(self.over.wait())
            await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
            ending.cancel()
            if not coming.done():
                coming.cancel()
                return await self.close(TOO_MUCH) if self.unread else await self.show_out()
            message = coming.result()
            if message["type"] != "websocket.receive":
                return message
            if code := await self.fault(message):
                return await self.close(code)
            if self.may_say(message["bytes"]):
                return message

    async def fault(self, message: Message) -> int | None:
        """The code with which a message ends the connection; None where it does not. Waits for its turn."""
        data = message.get("bytes")
        if data is None:
            return TEXT
        if len(data) > (Limits.frame_bytes if self.token_hash else Limits.stranger_frame_bytes):
            return TOO_BIG
        waits = [bucket.take() for bucket in self.buckets]
        self.waited = self.waited + 1 if any(waits) else 0
        if self.waited > Limits.frames_in_waiting:
            return TOO_MUCH
        await asyncio.sleep(max(waits))
        return None

    def may_say(self, data: bytes) -> bool:
        """Whether a page of ours sends this. Streamlit would also empty the caches of all readers, or write
        files on the server, for whoever asks."""
        said = BackMsg()
        try:
            said.ParseFromString(data)
        except DecodeError:
            return True  # Streamlit closes the connection.
        kind = said.WhichOneof("type")
        if kind == "rerun_script":
            self.page = said.rerun_script
        if kind == "backend_operation_request":
            return self.token_hash is not None and self.may_ask(said.backend_operation_request)
        return kind in (OF_READERS if self.token_hash else OF_STRANGERS)

    def may_ask(self, asked: BackendOperationRequest) -> bool:
        if asked.WhichOneof("payload") == "deferred_file":
            return reader_of_button(asked.deferred_file.file_id) == self.token_hash
        return asked.WhichOneof("payload") in OPERATIONS

    async def send(self, message: Message) -> None:
        """Hand on what the page is sent; the addresses of files in it are this reader's from now on."""
        if files := set(FILES.findall(message.get("bytes") or b"")):
            self.offered.extend(files - set(self.offered))
        try:
            async with asyncio.timeout(Limits.seconds_to_read):
                await self.outgoing(message)
        except TimeoutError:
            self.unread = True
            self.over.set()

    async def show_out(self) -> Message:
        """The sign-in has ended: the page is a stranger's from now on, and runs again to show the form.
        Streamlit would leave what it shows where it is until somebody touches it."""
        self.over.clear()
        self.token_hash, self.offered = None, deque()
        if self.page is None:
            return await self.close(END_OF_SIGN_IN)
        kept = ("query_string", "page_script_hash", "page_name", "context_info")
        for name in {field.name for field, _ in self.page.ListFields()} - set(kept):
            self.page.ClearField(name)
        return {"type": "websocket.receive", "bytes": BackMsg(rerun_script=self.page).SerializeToString()}

    async def close(self, code: int) -> Message:
        with suppress(Exception):
            async with asyncio.timeout(1):
                await self.outgoing({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


# ---- what requests are asked --------------------------------------------------------------------------


def refusal_of_the_second_door(request: HTTPConnection, path: str, method: str) -> HTTPStatus | None:
    """A page of ours leads to the provider; from there the reader comes back from another site."""
    if method != "GET":
        return HTTPStatus.METHOD_NOT_ALLOWED
    return None if path == second_door.CALLBACK or comes_from_us(request) else HTTPStatus.FORBIDDEN


def host_is_ours(request: HTTPConnection) -> bool:
    """A page of another name that leads here (DNS rebinding) gets nothing."""
    named = request.headers.getlist("host")
    return len(named) == 1 and (urlsplit(f"//{named[0]}").hostname or "") in settings().host_names


def is_encrypted(request: HTTPConnection) -> bool:
    """Whether the request came over https, as this server or its proxy says; in production it must."""
    return not settings().production or request.url.scheme in ("https", "wss")


def comes_from_us(request: HTTPConnection) -> bool:
    """Whether a page of ours asks, as far as the browser says; other programs say nothing."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def size_of(request: HTTPConnection) -> float:
    """Bytes that a request brings; endless where it does not say."""
    told = request.headers.get("content-length", "")
    return int(told) if told.isdecimal() else float("inf")


class BodyTooSlow(Exception):
    """A client takes longer over the body of its request than anybody needs."""


def in_time(request: HTTPConnection, receive: Receive) -> Receive:
    """``receive``, for so long as a body of the size that the request says may take; then BodyTooSlow."""
    size = size_of(request)
    seconds = Limits.seconds_to_ask + (size / Limits.bytes_a_second if size < float("inf") else 0)
    last_moment, whole = asyncio.get_running_loop().time() + seconds, False

    async def received() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(last_moment):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlow from None
        whole = not message.get("more_body", False)
        return message

    return received


def readers_of_pages() -> dict[str, str | None]:
    """Each of Streamlit's sessions, and the hash of the sign-in behind it; None for a stranger's."""
    known = Runtime.instance()._session_mgr.list_sessions()
    told: list[tuple[str, Any]] = [(each.session.id, each.session._user_info) for each in known]
    return {session_id: info.get("sign_in") for session_id, info in told}


def reader_of_button(file_id: str) -> str | None:
    """The hash of the sign-in whose page has the button that makes this file: Streamlit would make it for
    whoever knows its number."""
    waiting = Runtime.instance().media_file_mgr._deferred_callables.get(file_id)
    return readers_of_pages().get(waiting["session_id"]) if waiting else None


async def deny(status: HTTPStatus, scope: Scope, send: Send) -> None:
    """Answer a handshake with a status instead of a connection."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": TOO_MUCH})
        return
    start = "websocket.http.response"
    headers = [(b"retry-after", b"10"), (b"content-length", b"0")]
    await send({"type": f"{start}.start", "status": int(status), "headers": headers})
    await send({"type": f"{start}.body", "body": b""})


def error_page(status: HTTPStatus, reference: str | None = None) -> PlainTextResponse:
    """What went wrong in one line, and a reference to the log; nothing of how the server is made."""
    told = f"{int(status)} {status.phrase}" + (f"\n{reference}" if reference else "")
    return PlainTextResponse(f"{told}\n", int(status))
