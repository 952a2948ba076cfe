"""The connections below the requests: whoever takes one and neither asks nor reads is let go.

Uvicorn waits for ever for the rest of a request, and for a reader to take what was written; a few hundred
such connections would take every file descriptor from the others. How long is in ``Limits``.
"""

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from pages.frame.limits import Limits

MORE = 4096
"""More than a ping: so much is written only once the client has taken what was there."""


def watch() -> None:
    """Look after every connection that this process takes from now on."""
    made = AutoHTTPProtocol.connection_made

    def connection_made(protocol: Any, transport: Any) -> None:
        made(protocol, transport)
        Connection(protocol, transport)

    AutoHTTPProtocol.connection_made = connection_made  # ty: ignore[invalid-assignment]


class Connection:
    """One connection, looked at until it is gone; a web socket goes on in that of its handshake."""

    open: ClassVar[dict["Connection", None]] = {}

    def __init__(self, protocol: Any, transport: asyncio.Transport) -> None:
        self.protocol, self.transport = protocol, transport
        self.loop = asyncio.get_running_loop()
        self.asked: object = None
        self.unread = 0
        self.asked_at = self.read_at = self.loop.time()
        self.open[self] = None
        self.make_room()
        self.look()

    def look(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if self.transport.is_closing() and not unread:
            self.open.pop(self, None)
            return
        now = self.loop.time()
        if not unread or unread > self.unread + MORE:
            self.read_at = now
        self.unread = unread
        if not self.is_waiting() or self.asked is not self.protocol.cycle:
            self.asked, self.asked_at = self.protocol.cycle, now
        if now - self.read_at > Limits.seconds_to_take or now - self.asked_at > Limits.seconds_to_ask:
            self.transport.abort()
        self.loop.call_later(Limits.look_every_seconds, self.look)

    def is_waiting(self) -> bool:
        """Whether it is the client's turn to ask."""
        if self.transport.is_closing() or self.transport.get_protocol() is not self.protocol:
            return False
        return self.protocol.cycle is None or self.protocol.cycle.response_complete

    def make_room(self) -> None:
        """Of too many that wait, the one that has waited longest makes room for the one that came."""
        waiting = [each for each in self.open if each.is_waiting()]
        if len(waiting) > Limits.waiting:
            waiting[0].transport.abort()
