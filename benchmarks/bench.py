"""Speed beside an empty Streamlit page: what a reader waits for, and what the server pays for it.

Two servers and one browser, asked in turns, so that whatever else this machine does weighs on both
alike: ``floor.py`` at Streamlit's default settings, and our Regions page on a fresh demonstration,
signed in as a viewer. Each choice is made once before it is measured, as on a server that runs for
more than one reader. Medians of seven. Linux only: the kernel tells a process's CPU time.
"""

import base64
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

PROJECT = Path(__file__).parents[1]
FLOOR = Path(__file__).with_name("floor.py")
PASSWORD = "mittaus-ei-salaisuus"
TIMES = 7
SECONDS_TO_START = 90
CPU_TARGET, DRAWN_TARGET, BYTES_TARGET = 0.4, 1.5, 15_000

# When the reader pressed Enter, and when what shows the choice was last drawn. That a class or the
# frame around a chart is written once more, as it was, is nothing that a reader sees.
WATCH = """shows => {
    window.pressed = window.drawn = 0;
    addEventListener("keydown", event => { if (event.key === "Enter") pressed = event.timeStamp }, true);
    new MutationObserver(changes => {
        const ours = changes.some(({ target, attributeName }) =>
            attributeName !== "class" && !(attributeName && target.matches(".js-plotly-plot")) &&
            (target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest(shows));
        if (ours) requestAnimationFrame(() => { drawn = performance.now() });
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
}"""
# Looked at seldom, so that looking does not take the browser's time.
AT_REST = """() => new Promise(done => {
    const timer = setInterval(() => {
        if (drawn <= pressed || performance.now() - drawn < 600) return;
        clearInterval(timer);
        done(drawn - pressed);
    }, 200);
})"""
# When each selector first found as many elements as it should.
FIRST = """wanted => {
    window.first = {};
    new MutationObserver(() => {
        for (const [selector, count] of Object.entries(wanted))
            if (!(selector in first) && document.querySelectorAll(selector).length >= count)
                requestAnimationFrame(() => { first[selector] ??= performance.now() });
    }).observe(document, { subtree: true, childList: true });
}"""

ALL_FIRST = """count => new Promise(done => {
    const timer = setInterval(() => {
        if (Object.keys(first).length < count) return;
        clearInterval(timer);
        done(first);
    }, 200);
})"""


class Subject(NamedTuple):
    """A page to measure: its select box, what shows a choice, and what a visit waits for: the text,
    then the charts (selector → how many)."""

    page: Page
    process: int
    box: str
    shows: str
    text: dict[str, int]
    charts: dict[str, int]


class Choice(NamedTuple):
    """What one choice cost: the server's CPU time and the reader's waiting in milliseconds, and the
    bytes that came over the web socket."""

    cpu: float
    drawn: float
    received: int


def main() -> None:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        print("Making a demonstration and starting two servers …", flush=True)
        own = {"HOME": name, "TURVAVERKKO_DATA": f"{name}/data", "TURVAVERKKO_DEMO_PASSWORD": PASSWORD}
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | own
        init = [sys.executable, "-m", "data_access", "init", "--demo"]
        subprocess.run(init, cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL)
        # In a folder of its own, where our configuration does not reach it.
        floor = Path(shutil.copy(FLOOR, name))
        with (
            server(floor, environment) as (floor_url, floor_process),
            server(PROJECT / "app.py", environment) as (our_url, our_process),
            chromium(playwright) as browser,
        ):
            subjects = (
                floor_page(browser, floor_url, floor_process),
                regions_page(browser, our_url, our_process),
            )
            report(*measure(subjects))


def measure(subjects: tuple[Subject, ...]) -> tuple[list[list[Choice]], list[list[list[float]]]]:
    """Choices and visits, each a row of what the subjects gave in turn."""
    for subject in subjects:
        subject.page.evaluate(WATCH, subject.shows)
    for _ in range(TIMES):
        for subject in subjects:
            choose(subject, "ArrowDown")
    choices = [[choose(subject, "ArrowUp") for subject in subjects] for _ in range(TIMES)]
    visits = [[visit(subject) for subject in subjects] for _ in range(TIMES)]
    return choices, visits


# ---- servers and browser -------------------------------------------------------------------------------


@contextmanager
def server(script: Path, environment: dict[str, str]) -> Generator[tuple[str, int]]:
    """A Streamlit server of its own: its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script.name, f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false"]
    process = subprocess.Popen(command, cwd=script.parent, env=environment, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(SECONDS_TO_START * 10):
            with suppress(OSError):
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=2)
                break
            time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


@contextmanager
def chromium(playwright: Playwright) -> Generator[Browser]:
    """The system's Chromium, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=path, args=arguments)
    yield browser
    browser.close()


def new_page(browser: Browser, wanted: dict[str, int]) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fi-FI").new_page()
    page.add_init_script(f"({FIRST})({wanted})")
    return page


def floor_page(browser: Browser, url: str, process: int) -> Subject:
    text = '[data-testid="stMarkdown"]'
    page = new_page(browser, {text: 1})
    page.goto(url)
    page.locator(text).wait_for()
    return Subject(page, process, '[data-testid="stSelectbox"]', text, {text: 1}, {})


def regions_page(browser: Browser, url: str, process: int) -> Subject:
    text = {".sentence": 1}
    charts = {".js-plotly-plot .choroplethlayer path": 18, ".js-plotly-plot .points path": 5}
    page = new_page(browser, text | charts)
    page.goto(f"{url}/regions?lang=fi")
    page.locator("input[type=text]").fill("viewer")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_function("() => Object.keys(first).length === 3")
    shows = ".card-title, .sentence, .js-plotly-plot"
    return Subject(page, process, ".st-key-choice_indicator", shows, text, charts)


# ---- measuring -----------------------------------------------------------------------------------------


def cpu_time(process: int) -> float:
    """Milliseconds of CPU time that a process has used, those of ended threads too: the clock that
    clock_getcpuclockid(3) names."""
    return time.clock_gettime((~process << 3) | 2) * 1000


def choose(subject: Subject, key: str) -> Choice:
    """Choose the next option of the select box by keyboard."""
    page = subject.page
    received: list[int] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameReceived", lambda event: received.append(size(event["response"])))
    page.locator(f"{subject.box} input").click()
    page.keyboard.press(key)
    page.wait_for_timeout(300)
    received.clear()
    before = cpu_time(subject.process)
    page.keyboard.press("Enter")
    drawn = page.evaluate(AT_REST)
    cpu = cpu_time(subject.process) - before
    session.detach()
    return Choice(cpu, drawn, sum(received))


def size(frame: dict[str, Any]) -> int:
    """Bytes of a frame of the web socket."""
    return len(base64.b64decode(frame["payloadData"]) if frame["opcode"] == 2 else frame["payloadData"])


def visit(subject: Subject) -> list[float]:
    """Milliseconds from a reload to the text and to the last chart; the browser's cache is warm."""
    wanted = subject.text | subject.charts
    subject.page.reload()
    first = subject.page.evaluate(ALL_FIRST, len(wanted))
    subject.page.wait_for_timeout(500)
    return [max(first[selector] for selector in some) for some in (subject.text, subject.charts) if some]


# ---- telling -------------------------------------------------------------------------------------------


def report(choices: list[list[Choice]], visits: list[list[list[float]]]) -> None:
    """A table of medians, with what was to be reached."""
    floor, ours = ([median(row[i][field] for row in choices) for field in range(3)] for i in (0, 1))
    floor_text = median(row[0][0] for row in visits)
    our_text, our_charts = (median(row[1][field] for row in visits) for field in (0, 1))
    cpu, drawn = ours[0] / floor[0], ours[1] / floor[1]
    rows = [
        (f"medians of {TIMES}", "empty page", "Regions", "ratio", "to reach"),
        ("server CPU per choice", ms(floor[0]), ms(ours[0]), times(cpu), reach(cpu, CPU_TARGET, "×")),
        ("changed choice → drawn", ms(floor[1]), ms(ours[1]), times(drawn), reach(drawn, DRAWN_TARGET, "×")),
        ("bytes per choice", f"{floor[2]:,.0f}", f"{ours[2]:,.0f}", "", reach(ours[2], BYTES_TARGET, "")),
        ("warm visit → sentence", ms(floor_text), ms(our_text), times(our_text / floor_text), ""),
        ("warm visit → charts", "", ms(our_charts), times(our_charts / floor_text), ""),
    ]
    for what, *cells in rows:
        print(f"{what:<24}" + "".join(f"{cell:>12}" for cell in cells[:3]) + f"   {cells[3]}")


def ms(value: float) -> str:
    return f"{value:,.0f} ms"


def times(ratio: float) -> str:
    return f"{ratio:.2f} ×"


def reach(value: float, most: float, unit: str) -> str:
    return f"≤ {most:,} {unit}".rstrip() + (" reached" if value <= most else " MISSED")


if __name__ == "__main__":
    main()
