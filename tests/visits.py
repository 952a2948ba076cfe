"""Visits to pages as a reader makes them, and what a page tells: for every test that looks at pages."""

import csv
import html
import json
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from sqlmodel import col, select
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from data_access import accounts, models, release_figures, releases, sign_ins
from data_access.scope import operator
from data_access.store import writing
from pages.frame.navigation import PAGES, PageEntry
from pages.frame.texts import LANGUAGES, text, texts
from tests.store.stores import DEMO_PASSWORD, PROJECT, Store, initialised, made_once

KINDS = ("demo", "facts", "empty")
FACES = ("chart", "table", "method", "download")
READERS = ("viewer", "steward", "administrator")
READER = READERS[0]
# Pages that show a release; those of the section "data" show the store as it is.
OF_RELEASES = [entry for entry in PAGES if entry.section != "data"]


# ---- stores and visits --------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def packages_looked_through_once() -> Iterator[None]:
    """Each AppTest looks for components in every installed package, which takes longer than most pages do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture(scope="session")
def stocked(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Store]:
    """`stocked(kind)`: a store with the accounts of READERS. `later` is a demonstration that went
    on after its second release: a third is published, a fourth was withdrawn, a fifth is a draft."""
    folder = tmp_path_factory.mktemp("pages")

    def stock(kind: str, store: Store) -> None:
        initialised(shared_folder, "demo" if kind == "later" else kind).copy(store.folder)
        with store.in_use():
            for name in READERS:
                if accounts.account(name) is None:
                    accounts.create_account(name, name, name, DEMO_PASSWORD, actor=operator())
            if kind == "later":
                go_on()

    @cache
    def made(kind: str) -> Store:
        return made_once(shared_folder, f"{kind}-pages", partial(stock, kind)).copy(folder / kind)

    return made


def go_on() -> None:
    """A round later: a project has another name, a partner has left its list, a report is corrected."""
    with writing() as session:
        project = session.get_one(models.Project, "demo-p01")
        project.name = dict.fromkeys(LANGUAGES, "Renamed (demo)")
        session.delete(session.exec(select(models.Partnership)).all()[-1])
        query = select(models.Observation).where(models.Observation.indicator == "eur_paid")
        old = session.exec(query.order_by(col(models.Observation.id).desc())).first()
        said = old.model_dump() | {"id": None, "value": 1.0, "supersedes": old.id, "reason": "test"}
        session.add(models.Observation(**said))
    with writing() as session:
        same = release_figures.computed(session)
        for number in (3, 4, 5):
            releases.written(session, same, note=dict.fromkeys(LANGUAGES, "…"), tell=print, by="test")
            if number < 5:
                releases.publish(session, number, actor=operator())
            if number == 4:
                releases.withdraw(session, number, WITHDRAWN, actor=operator("test"))


WITHDRAWN = "väärä tiedosto"


@pytest.fixture
def kind() -> str:
    """The kind of store of a test that names none."""
    return "demo"


@pytest.fixture
def page_store(kind: str, stocked: Callable[[str], Store]) -> Iterator[Store]:
    """The store that a test's visits are made to."""
    with stocked(kind).in_use() as store:
        yield store


def reader_of(entry: PageEntry) -> str:
    """Someone whose role may see the page."""
    return next(reader for reader in READERS if reader in entry.roles)


def visit(entry: PageEntry, language: str, reader: str | None = None, **choices: str) -> AppTest:
    """The page as a reader meets it who has signed in and followed a link with these choices."""
    app = AppTest.from_file(PROJECT / "app.py", default_timeout=60)
    app.query_params = {"lang": language, **choices}
    app.run()
    app.user = {"sign_in": hash_of_a_sign_in(reader or reader_of(entry))}
    return app.switch_page(f"pages/{entry.section}/{entry.script}").run()


def hash_of_a_sign_in(name: str) -> str:
    """What the server's guard tells the page of a reader who has signed in."""
    with writing() as session:
        code = sign_ins.begin(session, name)
    return sign_ins.hashed(sign_ins.fetch(code) or "")


def page(key: str) -> PageEntry:
    return next(entry for entry in PAGES if entry.key == key)


def open_face(app: AppTest, face: str, language: str) -> AppTest:
    """The same page with this face of every card open."""
    keys = [block.key for block in app.main if block.type == "tab_container" and block.key]
    for key in keys:
        if key.startswith("face_"):
            app.session_state[key] = text(f"card.{face}", language)
    return app.run()


# ---- what a reader is told ----------------------------------------------------------------------------


class Markup(HTMLParser):
    """The texts of a piece of HTML, those of attributes included, without scripts and without what says
    itself that it is in another language."""

    TOLD = ("aria-label", "title", "alt", "data-head", "data-dark", "data-light")

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.silent = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style") or "lang" in dict(attrs)
        self.texts += [value for name, value in attrs if name in self.TOLD and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


WRITTEN = {"label", "body", "alt", "options", "content", "placeholder", "help"}
DRAWN = {"text", "hovertext", "name", "ticktext"}


def texts_in(value: Any, keys: set[str], inside: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from texts_in(part, keys, key in keys or (inside and not isinstance(part, str)))
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part, keys, inside)
    elif isinstance(value, str) and inside:
        yield value


def told_by(element: Any) -> list[str]:
    """The texts of one element: of a chart also what is written in it and its hover boxes."""
    written = MessageToDict(element.proto) if element.proto is not None else {}
    found = list(texts_in(written, WRITTEN))
    if "spec" in written:
        found += texts_in(json.loads(written["spec"]), DRAWN)
    return [part.strip() for each in found for part in Markup(each).texts if part.strip()]


def told(block: Any) -> list[str]:
    """All texts of a page, or of one container on it."""
    return [each for element in block for each in told_by(element)]


def containers(app: AppTest, prefix: str) -> dict[str, Any]:
    blocks = [block for block in app.main if block.type == "flex_container" and block.key]
    return {block.key: block for block in blocks if block.key.startswith(prefix)}


def rows(markup: str) -> list[list[str]]:
    """The written cells of the tables in a piece of HTML, head rows too."""
    cells = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr>.*?</tr>", markup)
    ]
    return [[html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells]


def tables(block: Any) -> list[list[str]]:
    markup = [element.proto.body for element in block if element.type == "html"]
    return [row for each in markup for row in rows(each) if "<table" in each]


# ---- what belongs to another language -----------------------------------------------------------------


@cache
def foreign_to(language: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Texts that may not be told in a language: those of the other two, whole, or with their values."""
    every = {other: said_in(other) for other in LANGUAGES}
    others = set().union(*(every[other] for other in LANGUAGES if other != language))
    theirs = {each for each in others - every[language] if re.search(r"[^\W\d]{2}", each)}
    mine = [template for template in every[language] if "{" in template]
    patterns = [
        as_pattern(template)
        for template in theirs
        if "{" in template and len(re.sub(r"\{\w+\}|\W", "", template)) >= 6 and template not in mine
    ]
    return frozenset(each for each in theirs if "{" not in each), tuple(patterns)


@cache  # pages repeat one another's texts
def is_foreign(part: str, language: str) -> bool:
    whole, patterns = foreign_to(language)
    return part in whole or any(pattern.fullmatch(part) for pattern in patterns)


def foreign_in(pieces: list[str], language: str) -> list[str]:
    """What is told in another language than this one."""
    parts = {part for piece in pieces for part in (piece, *re.split(r"; | · |, ", piece))}
    return sorted(part for part in parts if is_foreign(part, language))


def said_in(language: str) -> set[str]:
    """The texts of the code and the names in the data, in one language."""
    found = set()
    for section in texts().values():
        for entry in section.values():
            form = entry[language]
            found.update([form] if isinstance(form, str) else form.values())
    for path in (PROJECT / "sample_data").rglob("*.csv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                found.update(value for name, value in row.items() if name.endswith(f"_{language}") and value)
    return found


def as_pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", ".+?", re.escape(template)))


def flaws(app: AppTest, language: str) -> list[str]:
    """What is wrong with any page: an exception, an unfilled text, a text of another language."""
    pieces = told(app.main)
    unfilled = [f"unfilled: {piece}" for piece in pieces if re.search(r"\{\w*\}|\bnan\b|\bNone\b|NaT", piece)]
    strange = [f"not {language}: {piece}" for piece in foreign_in(pieces, language)]
    return [str(problem.value) for problem in app.exception] + unfilled + strange


def markup_of(block: Any) -> str:
    return "".join(element.proto.body for element in block if element.type == "html")


def has_badge(block: Any) -> bool:
    return 'class="badge' in markup_of(block)


def codes(table: str) -> list[str]:
    with (PROJECT / f"sample_data/reference/{table}.csv").open(encoding="utf-8") as file:
        return [row["code"] for row in csv.DictReader(file)]
