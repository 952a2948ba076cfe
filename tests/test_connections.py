"""Clients that hold a connection without asking or reading: let go in time, and nobody else is."""

import socket
import threading
import time
from contextlib import ExitStack, suppress

import pytest
import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from pages.frame import connections
from pages.frame.guard import Guard
from pages.frame.limits import Limits
from tests.conftest import free_port

MUCH = b"~" * 200_000
GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 400\r\n\r\nhalf"


async def app(scope, receive, send):
    """`/` gives a lot, any other address what it was given; a web socket talks as long as it may."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while True:
            await send({"type": "websocket.send", "bytes": MUCH})
    if scope["type"] != "http":
        return
    if scope["path"] == "/sign-in":
        while (await receive()).get("more_body"):
            pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(80 if scope["path"] == "/" else 0):
        await send({"type": "http.response.body", "body": MUCH, "more_body": True})
    await send({"type": "http.response.body", "body": b"the end"})


@pytest.fixture
def port(monkeypatch):
    """A server in this process, with limits that a test can wait for."""
    for name, value in {
        "seconds_to_ask": 0.6,
        "seconds_to_take": 1.2,
        "seconds_to_read": 0.6,
        "look_every_seconds": 0.1,
        "bytes_a_second": 1000,
        "waiting": 20,
    }.items():
        monkeypatch.setattr(Limits, name, value)
    monkeypatch.setattr(AutoHTTPProtocol, "connection_made", AutoHTTPProtocol.connection_made)
    connections.watch()
    number = free_port()
    told = uvicorn.Config(Guard(app), host="127.0.0.1", port=number, log_level="critical", lifespan="off")
    server = uvicorn.Server(told)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    while not server.started:
        time.sleep(0.02)
    yield number
    server.should_exit = True
    running.join(10)


def connected(port: int, room: int = 4096) -> socket.socket:
    """A connection whose side of it has little room for what it does not read."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    made.settimeout(10)
    made.connect(("127.0.0.1", port))
    return made


def everything(connection: socket.socket) -> bytes:
    """What comes until the server ends the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while part := connection.recv(1 << 20):
            received += part
    return received


def drip(connection: socket.socket, data: bytes) -> bytes:
    """Send a byte every tenth of a second until the server ends the connection."""
    with suppress(BrokenPipeError, ConnectionResetError):
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)
        pytest.fail("the server waits for ever")
    return b""


def test_whoever_asks_nothing_or_asks_slowly_is_let_go(port):
    with connected(port) as silent, connected(port) as slow:
        drip(slow, GET * 20)
        assert everything(silent) == b""


def test_a_body_that_does_not_come_is_not_waited_for(port):
    with connected(port) as connection:
        connection.sendall(POST)
        assert everything(connection).startswith(b"HTTP/1.1 408")


def test_a_body_that_comes_slowly_after_the_answer_is_not_taken(port):
    with connected(port) as connection:
        connection.sendall(POST.replace(b"/sign-in", b"/nowhere"))
        drip(connection, b"x" * 390)


@pytest.mark.parametrize("upgrade", [b"", b"web socket"])
def test_whoever_does_not_read_is_let_go(port, upgrade):
    asked = GET + b"\r\n"
    if upgrade:
        wanted = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        asked = (
            GET.replace(b"/ ", b"/_stcore/stream ")
            + wanted
            + b"Sec-WebSocket-Key: "
            + b"A" * 22
            + b"==\r\n\r\n"
        )
    with connected(port) as connection:
        connection.sendall(asked)
        connection.recv(100)
        assert connections.Connection.open
        last_moment = time.monotonic() + 10
        while connections.Connection.open and time.monotonic() < last_moment:
            time.sleep(0.1)
        assert not connections.Connection.open, "it is still there"


def test_whoever_asks_and_reads_gets_everything_however_long_it_takes(port):
    received, whole = b"", 80 * len(MUCH)
    with connected(port, len(MUCH)) as connection:
        connection.sendall(GET + b"Connection: close\r\n\r\n")
        while part := connection.recv(len(MUCH)):
            received += part
            time.sleep(1.5 * Limits.seconds_to_take * len(part) / whole)
    assert received.count(b"~") == whole
    assert b"the end" in received


def test_of_too_many_that_wait_the_oldest_makes_room(port):
    with ExitStack() as held:
        first = held.enter_context(connected(port))
        for _ in range(Limits.waiting):
            held.enter_context(connected(port))
        with connected(port) as last:
            last.sendall(b"GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert b"the end" in everything(last)
        first.settimeout(0.3)
        assert everything(first) == b""
