"""Who may know whom. Each message says in words what to do."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
OURS = ("app", "pages", "data_access", "sample_data", "tests", "benchmarks", "deploy")
ROOMS_OF_THE_HOUSE = {"app.py", "pages", "data_access", "sample_data", ".streamlit", "static", "tests"}
FURNITURE = {"README.md", "LICENSE", "Makefile", "pyproject.toml", "requirements.txt", "requirements-dev.txt"}
FURNITURE |= {"benchmarks", "deploy", ".ci", ".gitignore", ".gitattributes"}
TOP_LEVEL = ROOMS_OF_THE_HOUSE | FURNITURE
STORE_LIBRARIES = {"sqlmodel", "sqlalchemy", "alembic", "psycopg", "sqlite3"}
SCREEN_LIBRARIES = {"streamlit", "streamlit_authenticator", "plotly", "altair"}
PAGE_LINES = 80
FUNCTION_LINES = 70


@dataclass(frozen=True)
class Room:
    """Files of one kind, and what they may import. `ours`: modules of this project, with what lies in them;
    `only`: the libraries beside the standard library (None: all but `never`)."""

    files: str
    ours: tuple[str, ...]
    advice: str
    only: frozenset[str] | None = None
    never: frozenset[str] = frozenset()


DOOR = ("data_access.accounts", "data_access.credentials", "data_access.scope", "data_access.sign_ins")
PAGE_PARTS = ("pages.frame", "pages.parts", "pages.charts", "data_access.scope")
NO_STORE = frozenset(STORE_LIBRARIES)
NO_SCREEN = frozenset(SCREEN_LIBRARIES)

# The first room whose pattern fits a file is its room.
ROOMS = (
    Room("app.py", ("pages.frame",), "Let pages/frame do it.", only=frozenset({"streamlit"})),
    Room(
        "pages/frame/sign_in.py",
        ("pages.frame", *DOOR),
        "Sign-in knows accounts and the frame only: ask data_access/credentials.py or sign_ins.py.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/frame/cookie.py",
        ("pages.frame", *DOOR),
        "The cookie asks data_access/sign_ins.py what a code or a token opens; nothing else.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/frame/welcome.py",
        ("pages.frame", "data_access.passwords", *DOOR),
        "The forms for passwords ask data_access/credentials.py; nothing else.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/frame/second_door.py",
        ("pages.frame", "data_access.settings", "data_access.keys", *DOOR),
        "The second door asks data_access/credentials.py whom a verified person may be; nothing else.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/frame/start.py",
        ("pages.frame", "data_access.settings", "data_access.accounts", "data_access.keys"),
        "What is looked at before the start is settings, keys and accounts; nothing else.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/frame/guard.py",
        ("pages.frame", "data_access.settings", *DOOR),
        "The guard asks who is behind a cookie and under what name the server is known; nothing else.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/frame/policy.py",
        ("pages.frame", "data_access.settings"),
        "The headers of an answer depend on settings only.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/frame/navigation.py",
        ("pages.frame", "data_access.scope"),
        "The list of pages names the acts that open them: what a role may do stands in data_access/scope.py.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/frame/server.py",
        ("pages.frame", "data_access.settings", "data_access.queries.boundaries"),
        "The server asks where its log lies, and for shapes of areas, which are public; nothing else.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/frame/*",
        ("pages.frame",),
        "The frame stands around every page: it knows no page, part, chart or store.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/parts/cached.py",
        ("pages.frame", "pages.parts", "data_access.queries", "data_access.exports", "data_access.scope"),
        "The bridge asks data_access.queries for frames and data_access.exports for files: put it there.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/parts/deciding.py",
        (
            "pages.frame",
            *("pages.parts.jobs", "pages.parts.cached"),
            *("data_access.identity", "data_access.releases", "data_access.store"),
            *("data_access.intake.loading", "data_access.intake.undoing", "data_access.intake.effect"),
            *("data_access.accounts", "data_access.sign_ins", "data_access.scope"),
        ),
        "The one bridge by which pages write: it asks who acts and lets data_access decide.",
        only=frozenset({"streamlit"}),
    ),
    Room(
        "pages/parts/*",
        PAGE_PARTS,
        "Ask pages/parts/cached.py, the only bridge to the store; let pages/charts make the chart.",
        never=NO_STORE | {"plotly"},
    ),
    Room(
        "pages/charts/*",
        ("pages.charts",),
        "A chart takes a frame, words and colours as arguments: let the page or a part give them.",
        only=frozenset({"pandas", "plotly"}),
    ),
    Room(
        "pages/*/*",
        PAGE_PARTS,
        "A page chooses, gets and draws: get from pages/parts/cached.py, draw with pages/charts.",
        only=frozenset({"streamlit", "pandas"}),
    ),
    Room(
        "data_access/measures/*",
        ("data_access.measures",),
        "Measures take frames and give frames: let the caller read and write them.",
        only=frozenset({"pandas", "numpy", "scipy", "networkx", "rapidfuzz"}),
    ),
    Room(
        "data_access/settings.py",
        (),
        "Settings know nothing of ours.",
        never=NO_STORE | NO_SCREEN,
    ),
    Room(
        "data_access/models.py",
        ("data_access.settings",),
        "Models stand below everything: move what needs more to the module that needs it.",
        never=NO_SCREEN,
    ),
    Room(
        "data_access/store.py",
        ("data_access.models", "data_access.settings"),
        "The store opens and closes: reading tables belongs to queries, writing to releases or intake.",
        never=NO_SCREEN,
    ),
    Room(
        "data_access/migrations/*",
        ("data_access.models", "data_access.store", "data_access.settings"),
        "A migration knows the tables only.",
        never=NO_SCREEN,
    ),
    Room(
        "data_access/*",
        ("data_access",),
        "The store's side knows nothing of the screen: return a frame and let pages show it.",
        never=NO_SCREEN,
    ),
    Room(
        "sample_data/*",
        ("sample_data",),
        "Sample data are files and what makes them: they know neither store nor screen.",
        never=NO_STORE | NO_SCREEN,
    ),
)


def tracked(root: Path) -> list[str]:
    """Files of the project as paths with `/`; without git, all but hidden and generated ones."""
    if (root / ".git").exists():
        listed = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(listed, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return sorted(name for name in done.stdout.split("\0") if name and (root / name).exists())
    files = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    generated = {".venv", ".git", ".home", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"}
    return sorted(file.as_posix() for file in files if not generated & set(file.parts))


def imports(tree: ast.AST, file: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a file imports, at its top or later, by statement or by name."""
    package = file.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.lineno, node.args[0].value


def may(room: Room, name: str) -> bool:
    first = name.split(".")[0]
    if first in OURS:
        return any(f"{name}.".startswith(f"{known}.") for known in room.ours)
    if room.only is not None:
        return first in room.only or first in sys.stdlib_module_names
    return first not in room.never


def forbidden_imports(root: Path) -> list[str]:
    """What files import that their room may not know."""
    found = []
    for file in tracked(root):
        room = next((room for room in ROOMS if fnmatch(file, room.files)), None)
        if room is None or not file.endswith(".py"):
            continue
        for line, name in imports(ast.parse((root / file).read_text()), file):
            if not may(room, name):
                found.append(f"{file}:{line} imports {name}, which it may not know. {room.advice}")
    return found


def misplaced(root: Path) -> list[str]:
    """Files that lie where none may lie."""
    files = tracked(root)
    strangers = sorted({file.split("/")[0] for file in files} - TOP_LEVEL)
    found = [
        f"{name} stands at the top level. Move it into one of the rooms: {', '.join(sorted(TOP_LEVEL))}."
        for name in strangers
    ]
    return found + [
        f"{file} lies directly in pages/. Move it one folder deeper: with a script there, Streamlit runs "
        "that script instead of app.py and a stranger sees it without signing in."
        for file in files
        if fnmatch(file, "pages/*.py") and file.count("/") == 1
    ]


def too_long(root: Path) -> list[str]:
    """Pages and functions that no longer fit a reader's screen. Migrations are written by Alembic."""
    found = []
    for file in tracked(root):
        if not file.endswith(".py") or fnmatch(file, "data_access/migrations/versions/*"):
            continue
        text = (root / file).read_text()
        lines = len(text.splitlines())
        if is_page(file) and lines > PAGE_LINES:
            found.append(
                f"{file} has {lines} lines, a page at most {PAGE_LINES}. "
                "Move what it computes to queries, what it draws to charts, what it repeats to parts."
            )
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    found.append(
                        f"{file}:{node.lineno} {node.name} has {length} lines, a function at most "
                        f"{FUNCTION_LINES}. Take the parts that have a name of their own out of it."
                    )
    return found


def is_page(file: str) -> bool:
    section = file.split("/")[1] if fnmatch(file, "pages/*/*.py") else ""
    return section not in ("", "frame", "parts", "charts") and not file.endswith("__init__.py")


OPEN_TO_ALL = (("data_access/queries/boundaries.py", "shapes"),)
"""Questions without a scope. Outlines of areas are public: the server hands them out by their hash, as it
does the built-in ones among the static files."""
MAKERS_OF_SCOPES = ("data_access/scope.py", "data_access/sign_ins.py")
OPERATORS = ("data_access/commands/*", "data_access/__main__.py", "data_access/initialise.py")
OPERATORS += ("data_access/accounts.py", "data_access/scope.py", "benchmarks/*")


def unasked(root: Path) -> list[str]:
    """Questions and acts that do not say first whose they are and which act it is."""
    found = []
    for file in tracked(root):
        if not fnmatch(file, "data_access/*.py"):
            continue
        for node in ast.parse((root / file).read_text()).body:
            if not isinstance(node, ast.FunctionDef) or (file, node.name) in OPEN_TO_ALL:
                continue
            scoped = [each.arg for each in arguments(node) if of(each.annotation) == "Scope"]
            asks = fnmatch(file, "data_access/queries/*") and "reading" in calls(node)
            who = "actor" if "actor" in scoped else "scope"
            if asks and node.args.args[:1] != arguments(node, "scope"):
                found.append(f"{file}:{node.lineno} {node.name} opens the store: first comes scope.")
            elif (asks or "actor" in scoped) and first_of(node) != f"{who}.must":
                found.append(f"{file}:{node.lineno} {node.name} says first which act it is: {who}.must(…).")
    return found


def arguments(function: ast.FunctionDef, name: str | None = None) -> list[ast.arg]:
    """The arguments of a function, or the one of that name."""
    every = [*function.args.args, *function.args.kwonlyargs]
    return [each for each in every if name in (None, each.arg)]


def of(node: ast.expr | None) -> str:
    """A name with its dots."""
    return "" if node is None else ast.unparse(node)


def calls(tree: ast.AST) -> dict[str, int]:
    """What is called, and on which line."""
    return {of(node.func): node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call)}


def first_of(function: ast.FunctionDef) -> str:
    """What a function calls in its first statement."""
    first = function.body[1 if ast.get_docstring(function) else 0]
    return next(iter(calls(first)), "") if isinstance(first, ast.Expr) else ""


def made_up(root: Path) -> list[str]:
    """Scopes that are made elsewhere than from a sign-in, or for whoever works at the machine."""
    found = []
    for file in tracked(root):
        if not file.endswith(".py") or file.startswith("tests/"):
            continue
        for name, line in calls(ast.parse((root / file).read_text())).items():
            last = name.rpartition(".")[2]
            outside = last == "operator" and not any(fnmatch(file, each) for each in OPERATORS)
            if outside or (last == "Scope" and file not in MAKERS_OF_SCOPES):
                found.append(f"{file}:{line} makes a scope up: take it from whoever asks.")
    return found


CHECKS = [forbidden_imports, misplaced, too_long, unasked, made_up]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_project_keeps_its_rooms(check):
    found = check(PROJECT)
    assert not found, "\n" + "\n".join(found)


# ---- the checker bites ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("app.py", "import data_access.store"),
        ("app.py", "from pages.parts import cards"),
        ("pages/regions/compare.py", "import sqlmodel"),
        ("pages/regions/compare.py", "def draw():\n    from plotly import graph_objects"),
        ("pages/regions/compare.py", "from data_access.queries import regions"),
        ("pages/regions/compare.py", "import importlib\nimportlib.import_module('data_access.queries')"),
        ("pages/regions/compare.py", "from pages.network import organisations"),
        ("pages/regions/compare.py", "from ..network import organisations"),
        ("pages/parts/cards.py", "from data_access.queries import regions"),
        ("pages/parts/cards.py", "from data_access import queries"),
        ("pages/parts/cached.py", "from data_access import store"),
        ("pages/parts/cached.py", "from data_access import identity"),
        ("pages/parts/deciding.py", "from data_access import queries"),
        ("pages/parts/deciding.py", "from data_access.intake import screening"),
        ("pages/parts/cards.py", "from data_access import identity"),
        ("pages/parts/cached.py", "from data_access.queries_of_another import rows"),
        ("pages/frame/navigation.py", "from data_access import accounts"),
        ("pages/frame/guard.py", "from data_access import store"),
        ("pages/frame/look.py", "from data_access import sign_ins"),
        ("pages/frame/sign_in.py", "from data_access import store"),
        ("pages/frame/server.py", "from data_access.queries import figures"),
        ("pages/charts/maps.py", "import streamlit"),
        ("pages/charts/maps.py", "from pages.frame import texts"),
        ("data_access/measures/trends.py", "from data_access import models"),
        ("data_access/measures/trends.py", "import sqlalchemy"),
        ("data_access/models.py", "from data_access import store"),
        ("data_access/store.py", "from data_access import queries"),
        ("data_access/queries/regions.py", "import streamlit as st"),
        ("data_access/releases.py", "from pages.frame import texts"),
        ("sample_data/demo/make.py", "from data_access import store"),
    ],
)
def test_a_forbidden_import_is_reported(tmp_path, file, text):
    write(tmp_path, file, text)
    (message,) = forbidden_imports(tmp_path)
    assert message.startswith(f"{file}:")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("app.py", "import streamlit as st\nfrom pages.frame import navigation"),
        ("pages/regions/compare.py", "import pandas\nimport streamlit\nfrom pages.parts import cached"),
        (
            "pages/parts/cached.py",
            "from data_access import queries\nimport data_access.queries.areas",
        ),
        ("pages/frame/sign_in.py", "import streamlit_authenticator\nfrom data_access.accounts import check"),
        (
            "pages/charts/maps.py",
            "import math, plotly.graph_objects\nfrom pages.charts import palette",
        ),
        ("data_access/measures/trends.py", "import scipy.stats\nfrom . import progress"),
        ("data_access/queries/regions.py", "from data_access.store import reading\nimport sqlmodel"),
    ],
)
def test_what_a_room_may_know_is_not_reported(tmp_path, file, text):
    write(tmp_path, file, text)
    assert forbidden_imports(tmp_path) == []


@pytest.mark.parametrize("file", ["helpers.py", "src/a.py", "pages/overview.py", "pages/__init__.py"])
def test_a_misplaced_file_is_reported(tmp_path, file):
    write(tmp_path, file, "")
    assert len(misplaced(tmp_path)) == 1


def test_what_is_too_long_is_reported(tmp_path):
    write(tmp_path, "pages/regions/compare.py", "a = 1\n" * (PAGE_LINES + 1))
    write(tmp_path, "pages/parts/cards.py", "a = 1\n" * (PAGE_LINES + 1))
    write(tmp_path, "data_access/audit.py", "def record():\n" + "    a = 1\n" * FUNCTION_LINES)
    function, page = too_long(tmp_path)
    assert function.startswith("data_access/audit.py:1 record")
    assert page.startswith("pages/regions/compare.py")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("data_access/queries/regions.py", "def rows(language):\n    with reading() as session: pass"),
        (
            "data_access/queries/regions.py",
            "def rows(a, scope: Scope):\n    scope.must('a')\n    reading()",
        ),
        ("data_access/queries/regions.py", "def rows(scope: Scope):\n    with reading() as session: pass"),
        ("data_access/queries/regions.py", "def rows(scope: Scope):\n    reading()\n    scope.must('a')"),
        ("data_access/identity.py", "def merge(first, *, actor: Scope):\n    'Words.'\n    decide()"),
    ],
)
def test_a_question_or_an_act_that_asks_nobody_is_reported(tmp_path, file, text):
    write(tmp_path, file, text)
    assert len(unasked(tmp_path)) == 1
    write(tmp_path, file, "def rows(scope: Scope):\n    'Words.'\n    scope.must('a')\n    reading()")
    assert unasked(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pages/parts/view.py", "Scope('a', 'a', 'administrator', (), False, 0)"),
        ("pages/parts/deciding.py", "from data_access import scope\nscope.operator()"),
        ("data_access/queries/figures.py", "operator(audience='restricted')"),
    ],
)
def test_a_scope_that_is_made_up_is_reported(tmp_path, file, text):
    write(tmp_path, file, text)
    assert len(made_up(tmp_path)) == 1


def write(root: Path, file: str, text: str) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(text)
