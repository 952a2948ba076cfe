"""What every test may ask for: stores, a running server, a browser that reaches nothing but it.

A test that cannot run on this machine is named at the end of the run; with CI=true it fails the run.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, expect

from data_access import passwords

if TYPE_CHECKING:
    from tests.store.stores import Store

pytest_plugins = ["tests.store.stores", "tests.store.twins", "tests.visits"]

PROJECT = Path(__file__).parents[1]
CANNOT_RUN = "cannot run: "
SECONDS_TO_START = 90
SECONDS_TO_DRAW = 30


# ---- the run -------------------------------------------------------------------------------------------


def pytest_configure() -> None:
    """Nothing that reads its settings while tests are collected may meet the developer's own store."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["TURVAVERKKO_DATA"] = str(Path(tempfile.gettempdir()) / "turvaverkko-no-store")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a browser is a browser test, whether or not its author says so."""
    for item in items:
        if {"browser", "context", "page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


def could_not_run(reporter) -> dict[str, list[str]]:
    """Reason → tests that did not run on this machine for it."""
    found: dict[str, list[str]] = {}
    for report in reporter.stats.get("skipped", []):
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if CANNOT_RUN in reason:
            found.setdefault(reason.split(CANNOT_RUN, 1)[1], []).append(report.nodeid)
    return found


def pytest_terminal_summary(terminalreporter) -> None:
    for reason, tests in could_not_run(terminalreporter).items():
        terminalreporter.section(f"{len(tests)} tests did NOT run: {reason}", sep="!")
        for test in tests:
            terminalreporter.line(test)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    in_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    if in_ci and exitstatus == pytest.ExitCode.OK and reporter and could_not_run(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hashes at bcrypt's lowest cost in this process: what is tested here is not how long a guess takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 4)
        yield


# ---- the server ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A running application: its address, the demonstration's password, its store and its log."""

    url: str
    password: str
    store: Store
    log: Path
    process: subprocess.Popen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    with suppress(OSError):
        return urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).status == 200
    return False


@contextmanager
def running(store: Store, log: Path, port: int = 0, **settings: str) -> Generator[Server]:
    """A server process of its own, on a free port where none is named, started as `make run` starts it; with
    more variables in its environment."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false"]
    with log.open("w") as file:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=store.environment | settings, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        last_moment = time.monotonic() + SECONDS_TO_START
        while not answers(url):
            if process.poll() is not None or time.monotonic() > last_moment:
                pytest.fail(f"The server did not start. Its log:\n{log.read_text()}")
            time.sleep(0.05)
        yield Server(url, store.password, store, log, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server(demo_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """The application with the demonstration, one process per worker, on a store of its own."""
    folder = tmp_path_factory.mktemp("server")
    with running(demo_store.copy(folder / "store"), folder / "log") as started:
        yield started


@pytest.fixture
def cold_server(demo_store: Store, tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """`cold_server()` starts a fresh process that nobody has visited; each call another one."""
    with ExitStack() as servers:
        number = count(1)

        def start() -> Server:
            folder = tmp_path / f"cold-{next(number)}"
            store = demo_store.copy(folder / "store")
            return servers.enter_context(running(store, folder / "log"))

        yield start


# ---- the browser ---------------------------------------------------------------------------------------


def chromium() -> str | None:
    """Path of the system's Chromium; None where Playwright's own is to be tried."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
"""Features of Chromium that tests do without. The first two are the popups of an address bar that nobody
sees: for each new page they cost more than the page. The others are Playwright's own list, which this one
replaces."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict, playwright) -> dict:
    """Chromium that can look up no host but this machine, by either of its names: two sites."""
    path = chromium()
    if path is None and not Path(playwright.chromium.executable_path).exists():
        pytest.skip(f"{CANNOT_RUN}there is no Chromium (`make test` installs one where it may)")
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
    arguments += [f"--disable-features={','.join(WITHOUT)}", "--process-per-site"]
    arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
    named = {"executable_path": path} if path else {}
    return browser_type_launch_args | named | {"args": arguments}


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """Paths such as `/compare` are the server's own."""
    return server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """A desktop window in the Finnish locale."""
    window = {"viewport": {"width": 1280, "height": 900}, "locale": "fi-FI", "timezone_id": "Europe/Helsinki"}
    return browser_context_args | window


TAKEN_AWAY = "Cannot read properties of undefined (reading 'typesetMath')"
"""What plotly says when Streamlit takes a slide's chart away while its texts are being drawn."""


@dataclass
class Watch:
    """What a browser did that nobody asked for: requests to other hosts, errors in its console."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @contextmanager
    def follow(self, context: BrowserContext) -> Iterator[None]:
        handlers = {
            "request": lambda request: self.note(request.url),
            "page": lambda page: page.on("websocket", lambda socket: self.note(socket.url)),
            "weberror": self.note_error,
            "console": self.note_message,
        }
        for event, handler in handlers.items():
            context.on(event, handler)
        yield
        for event, handler in handlers.items():
            context.remove_listener(event, handler)

    def note_error(self, problem: WebError) -> None:
        changes_slides = problem.page is not None and "/present" in problem.page.url
        if not (changes_slides and TAKEN_AWAY in str(problem.error)):
            self.errors.append(str(problem.error))

    def note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def note(self, url: str) -> None:
        if not re.match(r"(data|blob|about|chrome-error):|(https?|wss?)://(127\.0\.0\.1|localhost)[:/]", url):
            self.outside.append(url)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The record of this test's browser. A test that means an error to happen clears `watch.errors`."""
    record = Watch()
    yield record
    assert not record.outside, f"A page asked another host than its own server: {record.outside}"
    assert not record.errors, f"The browser's console shows errors: {record.errors}"


@pytest.fixture(scope="module")
def kept_open(browser: Browser, browser_context_args: dict) -> Iterator[Page]:
    """A page that stays open in the one browser context of this worker. Tabs beside it share its process
    (``--process-per-site``), which has read Streamlit's and plotly's scripts already: a tab in a process of
    its own takes several times the CPU. It is another one in each file of tests: each tab leaves memory."""
    with browser.new_context(**browser_context_args) as context:
        page = context.new_page()
        page.goto("/favicon.png")
        yield page


@pytest.fixture
def context(watch: Watch, kept_open: Page) -> Iterator[BrowserContext]:
    """A browser context as if it were new, whose doings are watched."""
    context = kept_open.context
    context.clear_cookies()
    kept_open.evaluate("localStorage.clear()")
    context.set_default_timeout(SECONDS_TO_DRAW * 1000)
    expect.set_options(timeout=SECONDS_TO_DRAW * 1000)
    with watch.follow(context):
        yield context
        for page in context.pages:
            if page is not kept_open:
                page.close()


AT_REST = """() => {
    const all = selector => [...document.querySelectorAll(selector)];
    return all('[data-testid="stApp"][data-test-script-state="notRunning"]').length === 1
        && all('[data-stale="true"], [data-testid="stSkeleton"]').length === 0
        && all('[data-testid="stPlotlyChart"]').every(chart => chart.querySelector('svg.main-svg'))
        && all('.js-plotly-plot').every(chart => !chart._promises?.length);
}"""


def wait_until_drawn(page: Page) -> Page:
    """Wait until the page's script has run, nothing on it is stale and every chart stands with its shapes."""
    page.wait_for_function(AT_REST)
    return page


@pytest.fixture
def drawn() -> Callable[[Page], Page]:
    """`drawn(page)` waits until the page has come to rest, and returns it."""
    return wait_until_drawn


def fill_form(page: Page, name: str, password: str) -> None:
    """Fill the sign-in form and send it."""
    form = page.get_by_test_id("stForm")
    form.locator("input[type=text]").fill(name)
    form.locator("input[type=password]").fill(password)
    form.get_by_test_id("stFormSubmitButton").get_by_role("button").click()


def come_in(page: Page, name: str, password: str) -> None:
    """Sign in with a password that is right: the page then loads itself anew."""
    with page.expect_navigation():
        fill_form(page, name, password)


@pytest.fixture
def signed_in(server: Server) -> Callable[..., Page]:
    """`signed_in(page, "/compare?scheme=ely", role="regional", lang="sv")`: the page, drawn for that reader.

    `path` may be a whole address, for a cold server.
    """

    def sign_in(page: Page, path: str = "/", role: str = "viewer", lang: str = "fi") -> Page:
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        come_in(page, role, server.password)
        page.locator("h1").first.wait_for()
        return wait_until_drawn(page)

    return sign_in
