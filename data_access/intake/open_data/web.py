"""Asking an address that a steward configured, and nothing that it could lead to.

Only https, no address of this machine or its networks (whatever a name leads to is looked at, and the same
address is then connected to), no redirect to another host, and limits of size and time. Only the person at
the command line may say that an address at home is meant."""

import http.client
import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime
from urllib.parse import SplitResult, urljoin, urlsplit

from data_access.intake.checked import Unusable
from data_access.intake.open_data import MOST_BYTES, Answer

USER_AGENT = "Turvaverkko/0.1 (programme dashboard; data steward)"
SECONDS = 60.0
REDIRECTS = 3
PORTS = {"https": 443, "http": 80}
# IPv4 addresses stand inside these: what they lead to depends on a gateway.
GATEWAYS = [
    ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]


def ask(address: str, body: bytes | None = None, *, at_home: bool = False) -> Answer:
    """What an address answers: GET, or POST where there is a ``body`` (JSON). ``at_home``: addresses of this
    machine and its networks may be asked, without encryption too. Raises ``Unusable``."""
    asked = address
    for _ in range(REDIRECTS + 1):
        there, content = once(checked(asked, at_home), body, at_home)
        if there is None:
            return Answer(address, content, datetime.now(UTC).date())
        asked, before = urljoin(asked, there), asked
        if urlsplit(asked)[:2] != urlsplit(before)[:2]:
            raise Unusable("address_redirects", address=address, to=asked)
    raise Unusable("address_redirects", address=address, to=asked)


def checked(address: str, at_home: bool = False) -> SplitResult:
    """The parts of an address that may be asked as far as it says itself."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Unusable("address_bad", address=address) from error
    if not parts.hostname or parts.username is not None or not address.isascii() or " " in address:
        raise Unusable("address_bad", address=address)
    if parts.scheme != "https" and not (at_home and parts.scheme == "http"):
        raise Unusable("address_not_https", address=address)
    if port not in (None, PORTS["https"]) and not at_home:
        raise Unusable("address_bad", address=address)
    return parts


def once(parts: SplitResult, body: bytes | None, at_home: bool) -> tuple[str | None, bytes]:
    """One question: where it redirects to, or what it answers."""
    address = parts.geturl()
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = connected(parts, at_home)
    # Whoever sends one byte at a time is cut off as well.
    late = threading.Event()
    limit = threading.Timer(SECONDS, cut_off, [line, late])
    limit.start()
    try:
        line.request("GET" if body is None else "POST", path, body, headers)
        answer = line.getresponse()
        if answer.status in (301, 302, 303, 307, 308) and answer.headers["Location"]:
            return answer.headers["Location"], b""
        if answer.status != 200:
            raise Unusable("address_status", address=address, status=answer.status)
        content = answer.read(MOST_BYTES + 1)
        whole = int(answer.headers["Content-Length"] or len(content))
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, Unusable):
            raise
        raise Unusable("address_silent", address=address, why=str(error)) from error
    finally:
        limit.cancel()
        line.close()
    if len(content) > MOST_BYTES:
        raise Unusable("address_too_much", address=address, megabytes=MOST_BYTES // 1_000_000)
    if late.is_set() or len(content) < whole:
        raise Unusable("address_silent", address=address, why="the answer is not whole")
    return None, content


def cut_off(line: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    if line.sock is not None:
        line.sock.shutdown(socket.SHUT_RDWR)


def connected(parts: SplitResult, at_home: bool) -> http.client.HTTPConnection:
    """A connection to the very address that was looked at: a name may lead elsewhere a moment later."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    try:
        numbers = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not at_home and not all(is_public(number) for number in numbers):
            raise Unusable("address_private", address=parts.geturl())
        sock = socket.create_connection((numbers[0], port), timeout=SECONDS / 3)
    except OSError as error:
        raise Unusable("address_silent", address=parts.geturl(), why=str(error)) from error
    line = http.client.HTTPConnection(host, port)
    line.sock = sock
    if parts.scheme == "https":
        try:
            line.sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        except OSError as error:
            sock.close()
            raise Unusable("address_silent", address=parts.geturl(), why=str(error)) from error
    return line


def is_public(number: str) -> bool:
    """Whether an IP address is one of the public network."""
    address = ipaddress.ip_address(number.partition("%")[0])
    embedded = address.version == 6 and any(address in network for network in GATEWAYS)
    return address.is_global and not address.is_multicast and not embedded
