"""Work that goes on when its reader has left: a thread of the server does it, and every steward sees how far
it has come and what came of it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from pages.frame.language import moment, words

LOG = logging.getLogger("turvaverkko")
Tell = Callable[[str], None]
Sentence = tuple[str, dict[str, Any]]
"""A text's key and what it names: it is written in the language of whoever reads it."""
Work = Callable[[Tell], Sentence]
"""Does the work, and gives the sentence that tells what came of it."""
FAILED: Sentence = ("job.failed", {})
STEPS = {
    "comparing with the release": "step.explaining",
    "comparing": "step.comparing",
    "writing": "step.writing",
    "protecting": "step.protecting",
    "judging": "step.judging",
}


class NotDone(Exception):
    """The work was refused: the sentence that says why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.sentence: Sentence = (key, values)


@dataclass
class Job:
    """``kind``: a word of the texts (``job.…``); ``said``: what came of it; ``failed``: whether it was not
    done. Whoever has read it is in ``read``."""

    kind: str
    by: str
    began: datetime
    step: str = ""
    said: Sentence = FAILED
    failed: bool = False
    ended: datetime | None = None
    read: set[str] = field(default_factory=set)


class Jobs:
    """The one job that runs, and the last one: one thing is written at a time. ``kept``: what the last
    job of a kind found, with the name of what it was about."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.last: Job | None = None
        self.kept: dict[str, tuple[str, Any]] = {}

    def begin(self, kind: str, by: str, work: Work) -> bool:
        """Start a job unless one is running."""
        with self.lock:
            if self.running:
                return False
            job = self.last = Job(kind, by, datetime.now(UTC))
        threading.Thread(target=do, args=(job, work), daemon=True).start()
        return True

    @property
    def running(self) -> Job | None:
        return self.last if self.last and self.last.ended is None else None


def do(job: Job, work: Work) -> None:
    def tell(step: str) -> None:
        job.step = step

    try:
        job.said = work(tell)
    except NotDone as refused:
        job.said, job.failed = refused.sentence, True
    except Exception:
        LOG.exception("%s failed", job.kind)
        job.failed = True
    job.ended = datetime.now(UTC)


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    return Jobs()


def begin(kind: str, by: str, work: Work) -> bool:
    """Start work in the name of an account; false where another job is running still."""
    return jobs().begin(kind, by, work)


def keep(kind: str, name: str, outcome: Any) -> None:
    """Keep what a job has found, until another of its kind finds something."""
    jobs().kept[kind] = (name, outcome)


def kept(kind: str, name: str) -> Any:
    """What a job has found about this, if it was the last of its kind."""
    there = jobs().kept.get(kind)
    return there[1] if there and there[0] == name else None


def show(reader: str) -> bool:
    """How far the running job has come, followed until it ends; what came of the last one, once for each
    reader. Whether one is running."""
    with st.container(key="job"):
        if jobs().running:
            st.fragment(follow, run_every=1.0)()
            return True
        job = jobs().last
        if job and reader not in job.read:
            job.read.add(reader)
            tell = st.error if job.failed else st.success
            key, values = job.said
            tell(words(key, **values))
    return False


def follow() -> None:
    job = jobs().running
    if job is None:
        st.rerun()
        return
    step = next((key for began, key in STEPS.items() if job.step.startswith(began)), "step.counting")
    began = moment(job.began)
    st.info(words("job.running", work=words(f"job.{job.kind}"), by=job.by, began=began, step=words(step)))
