"""The one bridge by which pages write: decisions of stewards, and what is done to accounts and sign-ins. Who
acts is asked of the door at the moment of the act; whether they may, what they ask for says itself. What
takes long is done by a job (``jobs``)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from data_access import accounts, identity, releases, sign_ins
from data_access.intake import effect, loading, undoing
from data_access.scope import NotAllowed, Scope
from data_access.store import writing
from pages.frame.language import FINLAND, words
from pages.frame.sign_in import recognised
from pages.parts import cached, jobs
from pages.parts.jobs import NotDone, Sentence, Tell

SAID = "decision_said"
REFUSED = "decision_refused"
CODE = "made_code"
Refusal = (NotAllowed, identity.Refused, loading.Refused, releases.Refused, ValueError, KeyError)


def merge(first: str, second: str, field: str) -> None:
    """The steward has said that two organisations are the same. ``field``: where the reason was typed."""
    act(field, lambda reason, actor: identity.merge(first, second, reason, actor=actor), "merged")


def hold_apart(first: str, second: str, field: str) -> None:
    act(
        field,
        lambda reason, actor: identity.hold_apart(first, second, reason, actor=actor),
        "held_apart",
    )


def undo(number: int, field: str) -> None:
    act(field, lambda reason, actor: identity.undo(number, reason, actor=actor), "taken_back")


def withdraw(release: int, field: str) -> None:
    """Take a release back; ``field``: where the reason was typed."""

    def decide(reason: str, actor: Scope) -> int:
        with writing() as session:
            return releases.withdraw(session, release, reason, actor=actor).number

    act(field, decide, "withdrawn")


def change_embargo(release: int, typed: str, field: str) -> None:
    """Move the embargo of a release to the moment that was typed (Finnish time), or lift it where none was;
    ``field``: where the reason was typed."""
    try:
        until = moment_of(st.session_state[typed].strip())
    except ValueError:
        st.session_state[REFUSED] = (field, words("releases.embargo_unclear"))
        return

    def decide(reason: str, actor: Scope) -> int:
        with writing() as session:
            return releases.change_embargo(session, release, until, reason, actor=actor).number

    act(field, decide, "embargo_changed")


def correct(observation: int, keys: dict[str, str], gone: str, field: str) -> None:
    """Correct one value, or withdraw it where ``gone`` is ticked. ``keys``: number → where it was typed."""
    values = {name: st.session_state[key] for name, key in keys.items()}
    given = None if st.session_state[gone] else values
    act(
        field,
        lambda reason, actor: loading.correct(observation, given, reason, actor=actor),
        "corrected",
    )


def act(field: str, decide: Callable[[str, Scope], int | None], said: str) -> None:
    """Decide in the name of whoever is signed in; what came of it is told in the next run."""
    scope = recognised()
    if scope is None:
        return
    try:
        number = decide(st.session_state[field], scope)
    except Refusal as refused:
        key, values = why(refused)
        st.session_state[REFUSED] = (field, words(key, **values))
    else:
        said = said if number is not None else "unchanged"
        st.session_state[SAID] = words(f"decided.{said}", number=str(number))


# --- what takes long -----------------------------------------------------------------------------


def load(difference: Any, note: str, accept: str, field: str) -> bool:
    """Load the file that was previewed. ``note`` and ``accept``: where they were typed and ticked. Whether
    that has begun."""
    said = st.session_state[note]
    accepted = bool(st.session_state.get(accept))
    if difference.checked.warned and not accepted:
        count = str((difference.checked.findings["level"] == "warning").sum())
        st.session_state[REFUSED] = (field, words("not_loaded.warned", number=count))
        return False

    def work(actor: Scope, tell: Tell) -> Sentence:
        more: dict[str, Any] = {"expected": difference.ground, "accepted": accepted, "tell": tell}
        batch = loading.load(difference.checked, actor=actor, note=said, **more)
        return ("decided.loaded", {"number": str(batch)}) if batch else ("decided.unchanged", {})

    return begin(field, "load", work)


def try_out(difference: Any, name: str, field: str) -> None:
    """Find what the file would do to figures and to protection, in a copy of the store. What is found is kept
    under ``name``."""

    def work(actor: Scope, tell: Tell) -> Sentence:
        figures = effect.effect(difference.checked, actor=actor)
        jobs.keep("effect", name, (figures, effect.protection(difference.checked, actor=actor, tell=tell)))
        return "decided.tried", {}

    begin(field, "effect", work)


def fetch(source: str, field: str) -> None:
    """Ask a configured source of open data; what it answers is kept to be looked at, nothing is stored."""

    def work(actor: Scope, tell: Tell) -> Sentence:
        try:
            jobs.keep("fetch", source, cached.fetched(actor, source))
        except cached.Unusable as refused:
            jobs.keep("fetch", source, refused)
            raise NotDone("decided.not_fetched") from refused
        return "decided.fetched", {}

    begin(field, "fetch", work)


def undo_batch(batch: int, field: str) -> None:
    """Take a batch back as a whole; ``field``: where the reason was typed."""
    reason = st.session_state[field]

    def work(actor: Scope, tell: Tell) -> Sentence:
        made = undoing.undo(batch, reason, actor=actor, tell=tell)
        return "decided.batch_undone", {"batch": str(batch), "number": str(made)}

    begin(field, "undo", work)


def build(notes: dict[str, str], field: str) -> None:
    """Build the working release; ``notes``: language → where it was typed."""
    typed = {each: st.session_state[key].strip() for each, key in notes.items()}
    if not all(typed.values()):
        st.session_state[REFUSED] = (field, words("releases.note_missing"))
        return

    def work(actor: Scope, tell: Tell) -> Sentence:
        return "decided.built", {"number": str(releases.build_beside(note=typed, actor=actor, tell=tell))}

    begin(field, "build", work)


def publish(release: int, typed: str, field: str) -> None:
    """Publish the working release, for readers from the moment on that was typed (Finnish time), else at
    once."""
    try:
        embargo = moment_of(st.session_state[typed].strip())
    except ValueError:
        st.session_state[REFUSED] = (field, words("releases.embargo_unclear"))
        return

    def work(actor: Scope, tell: Tell) -> Sentence:
        releases.publish_beside(release, actor=actor, embargo=embargo, tell=tell)
        return "decided.published", {"number": str(release)}

    begin(field, "publish", work)


def moment_of(text: str) -> datetime | None:
    """``1.12.2026`` or ``1.12.2026 9.00`` in Finland, as the store keeps times; none for nothing. Raises
    ValueError."""
    if not text:
        return None
    form = "%d.%m.%Y %H.%M" if " " in text else "%d.%m.%Y"
    local = datetime.strptime(text.replace(":", "."), form).replace(tzinfo=FINLAND)
    return local.astimezone(UTC).replace(tzinfo=None)


def begin(field: str, kind: str, work: Callable[[Scope, Tell], Sentence]) -> bool:
    """Let a job do it in the name of whoever is signed in; whether it has begun."""
    scope = recognised()
    if scope is None:
        return False

    def done(tell: Tell) -> Sentence:
        try:
            return work(scope, tell)
        except Refusal as refused:
            key, values = why(refused)
            raise NotDone(key, **values) from refused

    begun = jobs.begin(kind, scope.account, done)
    if not begun:
        st.session_state[REFUSED] = (field, words("job.busy"))
    return begun


# --- accounts and sign-ins -----------------------------------------------------------------------


def invite() -> None:
    asked = {field: st.session_state[f"invite_{field}"] for field in ("name", "person", "role", "area")}
    manage("invite", asked["name"], lambda actor: accounts.invite(*asked.values(), actor=actor), "invited")


def change_role(name: str) -> None:
    field = f"change_{name}"
    role, area = st.session_state[f"{field}_role"], st.session_state[f"{field}_area"]
    manage(field, name, lambda actor: accounts.change_role(name, role, area, actor=actor), "changed")


def give_code(name: str) -> None:
    manage(name, name, lambda actor: accounts.new_code(name, actor=actor), "given")


def revoke(name: str) -> None:
    manage(name, name, lambda actor: accounts.revoke(name, actor=actor), "revoked")


def disable(name: str) -> None:
    manage(name, name, lambda actor: accounts.disable(name, actor=actor), "disabled")


def enable(name: str) -> None:
    manage(name, name, lambda actor: accounts.enable(name, actor=actor), "enabled")


def link(name: str) -> None:
    field, subject = f"link_{name}", st.session_state[f"subject_{name}"]
    manage(field, name, lambda actor: accounts.link(name, subject, actor=actor), "linked")


def unlink(name: str) -> None:
    manage(f"link_{name}", name, lambda actor: accounts.unlink(name, actor=actor), "unlinked")


def unlock(name: str) -> None:
    manage(name, name, lambda actor: accounts.unlock(name, actor=actor), "unlocked")


def manage(field: str, name: str, act: Callable[[Scope], str | None], said: str) -> None:
    """Do something to an account; a one-time code that came of it is shown in the next run."""
    if scope := recognised():
        try:
            st.session_state[CODE] = act(scope)
        except accounts.AccountError as error:
            st.session_state[REFUSED] = (field, words(f"account_refused.{error.why}"))
        except NotAllowed:
            st.session_state[REFUSED] = (field, words("frame.not_for_role"))
        else:
            st.session_state[SAID] = words(f"account_said.{said}", name=name)


def end_own_sign_in(number: int) -> None:
    if scope := recognised():
        sign_ins.end_own(number, "revoked", actor=scope)
        st.session_state[SAID] = words("own.ended")


# --- what is said of it --------------------------------------------------------------------------


def why(refused: Exception) -> Sentence:
    """The sentence of a refusal."""
    if isinstance(refused, NotAllowed):
        return "frame.not_for_role", {}
    if isinstance(refused, identity.Refused):
        return f"refused.{refused.why}", {"number": str(refused.number)}
    if isinstance(refused, loading.Refused):
        told = {name: str(value) for name, value in refused.detail.items()}
        return f"not_loaded.{refused.why}", told
    if isinstance(refused, releases.Refused):
        return f"not_released.{refused.why}", {}
    return "decided.not_possible", {}


def made_code() -> str | None:
    """The one-time code that was made just now, if any."""
    return st.session_state.pop(CODE, None)


def tell() -> None:
    """What was decided just now."""
    with st.container(key="said"):
        if said := st.session_state.pop(SAID, None):
            st.success(said)


def tell_refusal(field: str) -> None:
    """Why it was not decided, beside the reason that was typed."""
    refused = st.session_state.get(REFUSED)
    if refused and refused[0] == field:
        st.error(st.session_state.pop(REFUSED)[1])
