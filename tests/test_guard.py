"""The server's door as programs meet it: what each address gives to whom, what old secrets open, and what one
client can do to the others. The long forms run in `make soak`."""

import asyncio
import re
import socket
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode

from data_access import accounts, sign_ins
from data_access.scope import operator
from pages.frame.guard import Guard, Window
from pages.frame.limits import Bucket, Limits
from pages.frame.navigation import PAGES
from pages.frame.texts import text
from tests.client import COOKIE, Client

ROLES = ("viewer", "regional", "facilitator", "steward", "administrator")
SECRETS = ("Kymenlaakso", "Pesäpuu", "NR1", "Traceback", "/site-packages")


@pytest.fixture
def stranger(server) -> Client:
    return Client(server)


# ---- what an address gives ------------------------------------------------------------------------------

OPEN = [*(f"/{entry.url_path}" for entry in PAGES), "/frame.js", "/frame.css", "/_stcore/health"]
OPEN += ["/_stcore/host-config", "/favicon.png", "/welcome", "/welcome.js", "/welcome.css"]
SHUT = [
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
]
SHUT += ["/_stcore/agent/interact", "/_stcore/stream", "/_stcore/message", "/component/x/index.html"]
SHUT += ["/_stcore/bidi-components/x/y", "/auth/login", "/auth/logout", "/oauth2callback?code=1", "/_stcore/"]
SHUT += ["/shapes/../app.py.geojson", "/shapes/0.geojson"]


@pytest.mark.parametrize("who", [None, *ROLES])
def test_each_address_gives_everyone_exactly_what_the_table_says(who, server):
    client = Client(server).sign_in(who) if who else Client(server)
    for path in OPEN:
        answer = client.ask(path)
        assert answer.status == 200, path
        assert not [secret for secret in SECRETS if secret.encode() in answer.body], path
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert client.ask(path, "POST", b"").status in (400, 403, 405), path
    for path in SHUT:
        answer = client.ask(path)
        assert answer.status in (400, 404), path
        assert len(answer.body) < 40, path
        assert client.ask(path, "POST", b"{}").status in (400, 404, 405), path
    assert client.ask("/media/0123.csv").status == (404 if who else 401)
    uploads = {None: 401, "steward": 404, "administrator": 404}
    assert client.ask("/_stcore/upload_file/a/b", "PUT", b"x").status == uploads.get(who, 403)
    assert client.ask("/_stcore/upload_file/a/b", "POST", b"x").status == (405 if who else 401)
    assert client.ask("/no-such-page").status == 303
    assert client.ask("/password").status == (200 if who else 303)
    assert client.ask("/signed-in", "POST", b"").status == (204 if who else 401)


def test_another_host_another_origin_and_another_site_get_nothing(server):
    client = Client(server).sign_in("viewer")
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", ""):
        assert client.ask("/", Host=host).status in (400, 421)
    assert client.ask("/_stcore/health", Host="10.0.0.1").status == 200, (
        "who looks after servers knows numbers"
    )
    for told in ({"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "null"}):
        assert client.ask("/sign-out", "POST", b"", **told).status == 403
        with pytest.raises(InvalidStatus), client.window(**told):
            pass
    assert client.ask("/signed-in", "POST", b"").status == 204


def test_a_header_of_a_clients_own_makes_nobody_a_reader(server, stranger):
    known = Client(server).sign_in("administrator")
    token_hash = sign_ins_hash(server, known)
    with stranger.window(X_Turvaverkko_Sign_In=token_hash) as page:
        assert text("sign_in.button", "fi") in page.run("", lang="fi")


def sign_ins_hash(server, client):
    with server.store.in_use():
        return sign_ins.hashed(client.cookie.partition("=")[2])


# ---- files ----------------------------------------------------------------------------------------------


def test_a_file_is_handed_to_the_reader_whose_page_offers_it_and_to_nobody_else(server, stranger):
    owner, other = Client(server).sign_in("viewer"), Client(server).sign_in("regional")
    again = Client(server).sign_in("viewer")
    with owner.window() as page:
        face = re.search(r'"([^"]*-face_bridge)"', page.run("organisations", lang="fi"))
        assert face
        received = page.run("organisations", {face[1]: text("card.download", "fi")}, lang="fi")
        deferred = re.search(r'"deferredFileId": "([^"]+)"', received)
        assert deferred
        for thief in (other, again, stranger):
            with thief.window() as elsewhere:
                elsewhere.run("about", lang="fi")
                with pytest.raises(TimeoutError):
                    elsewhere.fetch(deferred[1], 2)
        file = page.fetch(deferred[1])
        got = owner.ask(file)
        assert (got.status, got.headers["cache-control"]) == (200, "no-store")
        assert other.ask(file).status == 404
        assert again.ask(file).status == 404, "another sign-in of the same account has its own"
        assert stranger.ask(file).status == 401
    assert owner.ask(file).status == 200
    assert stranger.ask("/media/" + "0" * 32 + ".csv").status == 401


def test_a_file_waits_for_a_browser_that_is_late(server):
    """Streamlit throws it away when two pages of anybody have been drawn since it was made."""
    owner, others = Client(server).sign_in("viewer"), Client(server).sign_in("steward")
    with owner.window() as page, others.window() as elsewhere:
        face = re.search(r'"([^"]*-face_bridge)"', page.run("organisations", lang="fi"))
        assert face
        received = page.run("organisations", {face[1]: text("card.download", "fi")}, lang="fi")
        button = re.search(r'"deferredFileId": "([^"]+)"', received)
        assert button
        file = page.fetch(button[1])
        for _ in range(3):
            elsewhere.run("about", lang="fi")
        assert owner.ask(file).status == 200


def test_an_upload_needs_the_own_page_of_someone_who_may(server):
    steward, viewer = Client(server).sign_in("steward"), Client(server).sign_in("viewer")
    with steward.window() as page, viewer.window() as others:
        page.run("about", lang="fi")
        others.run("about", lang="fi")
        where = "/_stcore/upload_file/{}/" + "0" * 36
        assert viewer.ask(where.format(others.session_id), "PUT", b"x").status == 403
        assert steward.ask(where.format(others.session_id), "PUT", b"x").status == 404
        big = {"Content_Length": str(22 * 1024 * 1024)}
        assert steward.ask(where.format(page.session_id), "PUT", b"", **big).status == 413
        assert steward.ask(where.format(page.session_id), "PUT", b"x", Origin="http://evil").status == 403
        inside = steward.ask(where.format(page.session_id), "PUT", b"x").status
        assert inside in (400, 403), "handed on to Streamlit, which asks for its own token and form"


# ---- what ended opens nothing ---------------------------------------------------------------------------


@pytest.fixture
def leaver(server):
    """A client of an account that a test may end, and its name."""
    names = iter(range(100))

    def made() -> tuple[str, Client]:
        name = f"leaver{next(names)}-{time.monotonic_ns()}"
        with server.store.in_use():
            accounts.create_account(name, name, "viewer", "lumi narskuu kengän alla", actor=operator())
        return name, Client(server).sign_in(name)

    return made


ENDINGS = {
    "signing out": lambda name, client: client.ask("/sign-out", "POST", b""),
    "revoking": lambda name, client: sign_ins.end(client.number(), "revoked", actor=operator("test")),
    "disabling": lambda name, client: accounts.disable(name, actor=operator()),
    "a new password": lambda name, client: accounts.change_password(
        name, "toinen lause kengän alla", actor=operator()
    ),
    "another role": lambda name, client: accounts.change_role(name, "facilitator", actor=operator()),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_open_page_shows_the_form_and_what_is_old_opens_nothing(ending, server, leaver, stranger):
    name, client = leaver()
    with client.window() as page:
        assert name in page.run("about", lang="fi")
        with server.store.in_use():
            ENDINGS[ending](name, client)
        received = page.rest_of_run()
        assert text("sign_in.button", "fi") in received
        assert name not in received
        assert text("sign_in.button", "fi") in page.run("about", lang="fi")
    assert client.ask("/signed-in", "POST", b"").status == 401
    for old in (client, stranger):
        with old.window(page.session_id) as again:
            received = again.run("about", lang="fi")
        assert again.session_id != page.session_id
        assert name not in received
        assert text("sign_in.button", "fi") in received


def test_a_session_id_alone_takes_over_nothing(server, stranger):
    owner, other = Client(server).sign_in("viewer"), Client(server).sign_in("regional")
    with owner.window() as page:
        page.run("about", lang="fi")
        for thief in (stranger, other):
            with thief.window(page.session_id) as stolen:
                stolen.run("about", lang="fi")
                assert stolen.session_id != page.session_id
        page.run("about", lang="sv")
    with owner.window(page.session_id) as again:
        again.run("about", lang="fi")
        assert again.session_id == page.session_id, "its owner goes on where the connection broke"


@pytest.mark.parametrize("code", [b"", b"x" * 43, b"\xff\xfe", b"a" * 8000])
def test_a_code_that_was_never_given_fetches_no_cookie(code, stranger):
    answer = stranger.ask("/sign-in", "POST", code)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


def test_a_code_is_good_for_one_cookie(server, stranger):
    with server.store.in_use(), accounts.writing() as session:
        code = sign_ins.begin(session, "viewer").encode()
    assert [stranger.ask("/sign-in", "POST", code).status for _ in range(2)] == [204, 403]


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, '"', "\xe4", "../../etc/passwd"])
def test_a_made_up_cookie_is_a_strangers(cookie, server):
    client = Client(server, f"{COOKIE}={cookie}")
    assert client.ask("/signed-in", "POST", b"").status == 401


def test_a_loaded_page_takes_a_cookie_away_that_opens_nothing_any_more(server):
    client = Client(server).sign_in("viewer")
    assert client.ask("/about").headers["set-cookie"] is None
    client.ask("/sign-out", "POST", b"")
    told = client.ask("/about").headers["set-cookie"]
    assert told.startswith(f'{COOKIE}="";'), told
    assert "Max-Age=0" in told
    assert Client(server).ask("/about").headers["set-cookie"] is None


# ---- what one client can do to the others ---------------------------------------------------------------


def flood(server, frames: int) -> None:
    """A stranger sends so many runs at once as the connection takes."""
    said = BackMsg(rerun_script={"query_string": "lang=fi"}).SerializeToString()
    with Client(server).window() as page:
        with suppress(ConnectionClosed):
            for _ in range(frames):
                page.socket.send(said)
        assert page.until_closed() in (1006, 1013)


def test_while_a_stranger_floods_the_server_a_reader_is_served(server, stranger):
    reader = Client(server).sign_in("viewer")
    flooding = threading.Thread(target=flood, args=(server, 600))
    flooding.start()
    for _ in range(3):
        assert stranger.ask("/_stcore/health").status == 200
        with reader.window() as page:
            assert text("title.about", "fi") in page.run("about", lang="fi")
    flooding.join(120)
    assert not flooding.is_alive(), "whoever goes on is closed"


@pytest.mark.soak
def test_three_thousand_frames_leave_the_server_quick(server, stranger):
    reader = Client(server).sign_in("viewer")
    flooding = threading.Thread(target=flood, args=(server, 3000))
    flooding.start()
    took = []
    while flooding.is_alive():
        began = time.monotonic()
        assert stranger.ask("/_stcore/health").status == 200
        took.append(time.monotonic() - began)
        with reader.window() as page:
            page.run("about", lang="fi")
    assert sorted(took)[int(0.95 * len(took))] <= 1


def crowd(server, size: int) -> None:
    """So many strangers at once: some are let in, all are answered, and a reader is served all the while."""
    reader = Client(server).sign_in("viewer")
    with ExitStack() as open_pages:
        refused = []

        def come(_: int) -> None:
            try:
                open_pages.enter_context(Client(server).window())
            except InvalidStatus as answer:
                refused.append(answer.response.status_code)

        with ThreadPoolExecutor(8) as strangers:
            list(strangers.map(come, range(size)))
        assert len(refused) >= size - Limits.strangers
        assert set(refused) == {503}
        with reader.window() as page:
            assert text("title.about", "fi") in page.run("about", lang="fi")


def test_a_crowd_of_strangers_is_answered_and_a_reader_served(server):
    crowd(server, Limits.strangers + 10)


@pytest.mark.soak
def test_five_hundred_strangers_are_answered_and_a_reader_served(server):
    crowd(server, 500)


def test_one_reader_has_no_more_windows_than_the_limit(server):
    reader = Client(server).sign_in("facilitator")
    with ExitStack() as open_pages:
        for _ in range(Limits.windows_of_one):
            open_pages.enter_context(reader.window())
        with pytest.raises(InvalidStatus):
            open_pages.enter_context(reader.window())


def memory_of(server) -> int:
    """Kilobytes that the server's process holds."""
    with open(f"/proc/{server.process.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


@pytest.mark.parametrize(
    "data",
    [b"\0" * 30_000_000, b"\0" * (Limits.stranger_frame_bytes + 1), b"\xff" * 100, "text"],
    ids=["30 MB", "too big for a stranger", "garbage", "text"],
)
def test_what_no_page_sends_ends_the_connection(data, server, stranger):
    before = memory_of(server)
    for _ in range(3):
        with stranger.window() as page:
            with suppress(ConnectionClosed):
                page.socket.send(data)
            assert page.until_closed() in (1002, 1003, 1006, 1009)
    assert memory_of(server) - before < 30_000
    assert stranger.ask("/_stcore/health").status == 200


def test_what_fails_tells_a_reference_and_nothing_else(caplog):
    async def fail(_scope, _receive, _send):
        raise RuntimeError("secret insides")

    async def ask():
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"127.0.0.1")]}
        await Guard(fail)(scope | {"scheme": "http", "query_string": b""}, None, said)

    async def said(message):
        sent.append(message)

    sent: list[dict] = []
    with ThreadPoolExecutor(1) as apart:  # a browser's loop may run in this thread
        apart.submit(asyncio.run, ask()).result()
    assert sent[0]["status"] == 500
    told, reference = sent[1]["body"].decode().split("\n")[:2]
    assert told == "500 Internal Server Error"
    assert reference in caplog.text
    assert "secret insides" not in str(sent)


STRANGER, READER = (Window(token, None, None, Bucket(1, 1), deque()) for token in (None, "0" * 64))


@pytest.mark.parametrize(
    ("said", "stranger_may", "reader_may"),
    [
        ({"rerun_script": {}}, True, True),
        ({"app_heartbeat": True}, True, True),
        ({"clear_cache": True}, False, False),
        ({"set_run_on_save": True}, False, False),
        ({"load_git_info": True}, False, False),
        ({"debug_shutdown_runtime": True}, False, False),
        ({"file_urls_request": {}}, False, True),
        ({"backend_operation_request": {"dataframe_chunk": {}}}, False, True),
        ({"backend_operation_request": {"install_skills": {}}}, False, False),
    ],
)
def test_only_what_a_page_of_ours_says_is_handed_on(said, stranger_may, reader_may):
    data = BackMsg(**said).SerializeToString()
    assert (STRANGER.may_say(data), READER.may_say(data)) == (stranger_may, reader_may)


AREAS = ("evk01", "evk02", "evk03", "evk04", "evk05")


def switching_readers(server, size: int, seconds: float) -> int:
    """Clients at once, each of which signs in, reads, takes a file, signs out and comes back in another role,
    for so long, and all roles at least: none receives another's name, search, area or file, nor what its role
    may not see. Gives how often somebody came in."""
    until, files, turns = time.monotonic() + seconds, {}, []

    def read(number: int) -> None:
        client, turn = Client(server), 0
        while turn < len(ROLES) or time.monotonic() < until:
            role = ROLES[(number + turn) % len(ROLES)]
            name, search = f"reader{number}-{role}", f"search{number}-{turn}."
            client.come_in(name)
            with client.window() as page:
                page.run("profile", lang="fi")
                received = page.run("projects", lang="fi", q=search)
                assert set(re.findall(r"search\d+-\d+\.", received)) == {search}
                areas = set(re.findall(r"area=(evk\d+)", received))
                assert areas == ({AREAS[number % len(AREAS)]} if role == "regional" else set())
                received += take_a_file(client, page, files, number)
                restricted = page.run("accounts", lang="fi")
            assert (text("frame.not_for_role", "fi") in restricted) == (role != "administrator")
            received += restricted if role != "administrator" else ""
            assert set(re.findall(r"reader\d+-[a-z]+", received)) == {name}
            assert client.ask("/sign-out", "POST", b"").status == 204
            assert client.ask("/signed-in", "POST", b"").status == 401
            turn += 1
        turns.append(turn)

    with server.store.in_use(), ThreadPoolExecutor(size) as readers:
        for number in range(size):
            for role in ROLES:
                area = AREAS[number % len(AREAS)] if role == "regional" else None
                if accounts.account(f"reader{number}-{role}") is None:
                    accounts.create_account(f"reader{number}-{role}", "", role, None, area, actor=operator())
        list(readers.map(read, range(size)))
    return sum(turns)


def take_a_file(client: Client, page, files: dict[str, int], number: int) -> str:
    """Take a file, try to take one of somebody else's, and give what the page received."""
    face = re.search(r'"([^"]*-face_bridge)"', received := page.run("organisations", lang="fi"))
    assert face
    received += page.run("organisations", {face[1]: text("card.download", "fi")}, lang="fi")
    button = re.findall(r'"deferredFileId": "([^"]+)"', received)[-1]
    file = page.fetch(button)
    assert client.ask(file).status == 200
    for other in [path for path, whose in [*files.items()] if whose != number][-3:]:
        assert other != file
        assert client.ask(other).status == 404
    files[file] = number
    return received


def test_readers_who_switch_roles_receive_their_own_only(server):
    assert switching_readers(server, 4, 0) == 4 * len(ROLES)


def test_a_demonstration_account_keeps_its_shared_password(server):
    client = Client(server).sign_in("viewer")
    said = f"old={server.password}&new=lumi+narskuu+taas&again=lumi+narskuu+taas".encode()
    answer = client.ask("/password?lang=en", "POST", said)
    assert answer.status == 400
    assert text("choose.demonstration", "en") in answer.body.decode()
    assert client.ask("/signed-in", "POST", b"").status == 204


@pytest.mark.soak
def test_fifty_readers_who_switch_roles_for_minutes_receive_their_own_only(server):
    assert switching_readers(server, 50, 150) >= 50 * len(ROLES)


# ---- who asks and never reads -----------------------------------------------------------------------------

HANDSHAKE = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{cookie}\r\n"
)


def never_read(client: Client, seconds: float) -> float:
    """Open a page, ask for it every few seconds and take nothing of it, as long as the server bears it:
    seconds until it ended the connection, or all that it had."""
    where = urlsplit(client.server.url)
    said = BackMsg(rerun_script={"page_name": "projects", "query_string": "lang=fi"}).SerializeToString()
    frame = Frame(Opcode.BINARY, said).serialize(mask=True)
    cookie = f"Cookie: {client.cookie}\r\n" if client.cookie else ""
    began = time.monotonic()
    with socket.socket() as held, suppress(BrokenPipeError, ConnectionResetError):
        held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        held.connect((where.hostname, where.port))
        held.sendall(HANDSHAKE.format(cookie=cookie).encode())
        while time.monotonic() - began < seconds:
            held.sendall(frame)
            time.sleep(3)
    return time.monotonic() - began


@pytest.mark.soak
@pytest.mark.parametrize("who", [None, "steward"])
def test_twenty_who_never_read_are_let_go_and_cost_no_memory(who, server, stranger):
    reader, known = Client(server).sign_in("viewer"), Client(server)
    if who:
        known.sign_in(who)
    with reader.window() as page:
        page.run("projects", lang="fi")
    before, held = memory_of(server), []
    with ThreadPoolExecutor(20) as never:
        waiting = [never.submit(never_read, known, 200) for _ in range(20)]
        while not all(each.done() for each in waiting):
            assert stranger.ask("/_stcore/health").status == 200
            with reader.window() as page:
                assert text("title.about", "fi") in page.run("about", lang="fi")
            held.append(memory_of(server) - before)
            time.sleep(2)
    took = [each.result() for each in waiting]
    print(f"let go after {min(took):.0f} to {max(took):.0f} s, at most {max(held) / 1024:.0f} MB more")
    assert max(took) < 150
    assert max(held) < 100_000
