"""A client that speaks the server's protocols itself: what it receives is what a program could get."""

import http.client
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from google.protobuf.json_format import MessageToJson
from sqlmodel import col, select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from data_access import sign_ins
from data_access.models import SignIn
from data_access.store import reading, writing
from tests.conftest import Server

COOKIE = "__Host-turvaverkko"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class Client:
    """One browser that is none: an address, and the cookie that it got."""

    server: Server
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def sign_in(self, name: str) -> "Client":
        """Come in as this account, by the route that a browser takes after the form."""
        with self.server.store.in_use():
            return self.come_in(name)

    def come_in(self, name: str) -> "Client":
        """The same, where the store is in use already."""
        with writing() as session:
            code = sign_ins.begin(session, name, "client")
        answer = self.ask("/sign-in", "POST", code.encode())
        assert answer.status == 204
        found = re.match(rf"{COOKIE}=([\w-]+); (.*)", answer.headers["set-cookie"])
        assert found
        assert set(found[2].lower().split("; ")) == {"httponly", "path=/", "samesite=strict", "secure"}
        self.cookie = f"{COOKIE}={found[1]}"
        return self

    def number(self) -> int:
        """Number of this client's sign-in."""
        with self.server.store.in_use(), reading() as session:
            token_hash = sign_ins.hashed(self.cookie.partition("=")[2])
            return session.exec(select(col(SignIn.id)).where(SignIn.token_hash == token_hash)).one()

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        told = {"Cookie": self.cookie} if self.cookie else {}
        told |= self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=20)
        try:
            connection.request(method, path, body, told)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    @contextmanager
    def window(self, session_id: str = "", **headers: str) -> Iterator["OpenPage"]:
        """An open page; with the id of one of Streamlit's sessions where one is to be taken up again."""
        told = {"Cookie": self.cookie} if self.cookie else {}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = self.server.url.replace("http", "ws", 1) + "/_stcore/stream"
        protocols = ["streamlit", "x", session_id] if session_id else ["streamlit"]
        socket = connect(
            address,
            subprotocols=protocols,
            additional_headers=told,
            max_size=None,
            proxy=None,
            compression=None,
        )
        with socket:
            yield OpenPage(socket)


@dataclass
class OpenPage:
    socket: ClientConnection
    session_id: str = ""

    def send(self, **said) -> None:
        self.socket.send(BackMsg(**said).SerializeToString())

    def run(
        self,
        page: str = "",
        widgets: dict[str, str] | None = None,
        pressed: Iterable[str] = (),
        **choices: str,
    ) -> str:
        """Run a page, with widgets set and buttons pressed by their ids, and give everything that the server
        sends until the run has ended, as text."""
        query = "&".join(f"{name}={value}" for name, value in choices.items())
        said = [{"id": name, "string_value": value} for name, value in (widgets or {}).items()]
        states = {"widgets": [*said, *({"id": name, "trigger_value": True} for name in pressed)]}
        self.send(rerun_script={"page_name": page, "query_string": query, "widget_states": states})
        return self.rest_of_run()

    def rest_of_run(self) -> str:
        """What the server sends until a run has ended."""
        received = []
        while True:
            message = ForwardMsg.FromString(self.socket.recv(timeout=30))
            if message.HasField("new_session"):
                self.session_id = message.new_session.initialize.session_id
            received.append(MessageToJson(message, ensure_ascii=False))
            if message.HasField("script_finished"):
                return "\n".join(received)

    def fetch(self, deferred: str, seconds: float = 30) -> str:
        """Press a button that offers a file, and give the file's address; TimeoutError where none comes."""
        asked = {"request_id": "1", "session_id": self.session_id, "deferred_file": {"file_id": deferred}}
        self.send(backend_operation_request=asked)
        while True:
            received = MessageToJson(ForwardMsg.FromString(self.socket.recv(timeout=seconds)))
            if found := re.search(r'"(/media/[^"]+)"', received):
                return found[1]

    def until_closed(self) -> int:
        """Receive what comes until the server closes the connection, and give its code."""
        try:
            while True:
                self.socket.recv(timeout=120)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
