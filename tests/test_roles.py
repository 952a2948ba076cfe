"""Role × page × act, cell by cell, with real sign-ins on a real server: what is walked is the list of pages
and the table of acts, so that a new page or a new act is tested without a line here."""

import ast
import csv
import importlib
import inspect
import json
import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from sqlmodel import func, select

from data_access import sign_ins
from data_access.models import AuditEvent
from data_access.scope import ACTS, EVERYONE, NotAllowed, Scope
from data_access.store import reading
from deploy import roles
from pages.frame.navigation import PAGES, PageEntry
from pages.frame.texts import text
from tests.client import Client
from tests.store.stores import PROJECT

LANGUAGE = "en"
ALL = EVERYONE[-1]
"""The role that may everything: what it receives is what the others may not."""
OF_THE_FRAME = re.compile(r".{0,3}|[0-9a-f]{32}|<div hidden .*|.* – Turvaverkko", re.DOTALL)
"""What differs between pages though it tells nothing of them: texts too short to, hashes of scripts, what the
window's script is told, the window's title."""
AT_THE_DOOR = {"upload_files"}
"""Acts that no function of the data layer does: the guard asks before a byte is taken."""


def test_the_file_is_what_the_code_says():
    with (PROJECT / "deploy/roles.csv").open(encoding="utf-8") as file:
        written = [tuple(row) for row in csv.reader(file)]
    assert written == roles.rows(), "The table is older than the code. Run `make roles`."


def test_one_role_may_everything_and_every_act_is_done_somewhere():
    assert all(ALL in may for may in ACTS.values())
    assert {act for page in PAGES for act in page.acts} == set(ACTS)


# ---- pages ---------------------------------------------------------------------------------------------


def pieces(received: str) -> set[str]:
    """Every text in what the server sent, ids of widgets among them."""
    found, place, decoder = set(), 0, json.JSONDecoder()
    while place < len(received):
        message, place = decoder.raw_decode(received, place)
        place += 1
        found.update(texts_in(message))
    return found


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, str):
        yield value


def received_at(client: Client, entry: PageEntry) -> str:
    with client.window() as page:
        return page.run(entry.url_path, lang=LANGUAGE)


@pytest.fixture(scope="module")
def contents(server) -> dict[str, set[str]]:
    """Page → what only it has of what is sent to the role that may everything."""
    client = Client(server).sign_in(ALL)
    sent = {entry.key: pieces(received_at(client, entry)) for entry in PAGES}
    frame = set.intersection(*sent.values())
    return {
        key: {each for each in told - frame if not OF_THE_FRAME.fullmatch(each)} - {title_of(key)}
        for key, told in sent.items()
    }


def title_of(key: str) -> str:
    return text(f"title.{key}", LANGUAGE)


def events(server) -> int:
    """How many acts the audit trail tells of."""
    with server.store.in_use(), reading() as session:
        return session.exec(select(func.count()).select_from(AuditEvent)).one()


@pytest.mark.parametrize("role", EVERYONE)
def test_each_role_receives_the_pages_of_the_table_and_nothing_of_the_others(role, server, contents):
    client = Client(server).sign_in(role)
    before = events(server)
    sent = {entry.key: received_at(client, entry) for entry in PAGES}
    frame = set.intersection(*(pieces(each) for each in sent.values()))
    for entry in PAGES:
        received, content = sent[entry.key], contents[entry.key] - frame
        assert (text("frame.not_for_role", LANGUAGE) in received) == (role not in entry.roles), entry.key
        assert bool(content & pieces(received)) == (role in entry.roles), entry.key
        if role not in entry.roles:
            widgets = sorted(each for each in content if each.startswith("$$"))
            assert widgets, entry.key
            with client.window() as page:
                pressed = page.run(entry.url_path, pressed=widgets, lang=LANGUAGE)
            assert not content & pieces(pressed), entry.key
    assert events(server) == before, "pressing what only others were shown did something"


def test_a_stranger_receives_the_form_at_every_page_and_nothing_else(server, contents):
    sent = {entry.key: pieces(received_at(Client(server), entry)) for entry in PAGES}
    form = set.intersection(*sent.values())
    assert text("sign_in.button", LANGUAGE) in form
    for key, received in sent.items():
        assert not (contents[key] - form) & received, key


# ---- acts ----------------------------------------------------------------------------------------------


@cache
def done_by() -> dict[str, list[Callable]]:
    """Act → the functions of the data layer that say they are it, before anything else."""
    found: dict[str, list[Callable]] = {act: [] for act in ACTS}
    for path in sorted((PROJECT / "data_access").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (act := act_of(node)):
                module = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
                found[act].append(getattr(importlib.import_module(module), node.name))
    return found


def act_of(function: ast.FunctionDef) -> str | None:
    """The act that a function's first statement asks for."""
    first = function.body[1 if ast.get_docstring(function) else 0]
    match first:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(), "must"), [ast.Constant(str(act))])):
            return act
    return None


def asked_by(scope: Scope, function: Callable) -> None:
    """Ask for an act with nothing in hand: whoever may not is refused before anything is looked at."""
    wanted = inspect.signature(function).parameters.values()
    given = {each.name: None for each in wanted if each.default is inspect.Parameter.empty}
    given.pop("said", None)
    function(**(given | {("actor" if "actor" in given else "scope"): scope}))


@pytest.mark.parametrize("role", EVERYONE)
def test_the_data_layer_refuses_each_act_to_each_role_that_may_not(role, server):
    client = Client(server).sign_in(role)
    with server.store.in_use():
        scope = sign_ins.reader(sign_ins.hashed(client.cookie.partition("=")[2]))
        assert scope
        for act, may in ACTS.items():
            assert scope.may(act) == (role in may)
            assert done_by()[act] or act in AT_THE_DOOR, f"nothing of the data layer is {act}"
            for function in done_by()[act] if role not in may else ():
                with pytest.raises(NotAllowed, match=f"{role} may not {act}"):
                    asked_by(scope, function)


@pytest.mark.parametrize("role", EVERYONE)
def test_the_door_takes_files_from_whom_the_table_says(role, server):
    answer = Client(server).sign_in(role).ask("/_stcore/upload_file/a/b", "PUT", b"x")
    assert answer.status == (404 if role in ACTS["upload_files"] else 403)
