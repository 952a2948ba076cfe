"""Releases as stewards make them: the working one, what it would change, publishing, and all that were."""

from datetime import UTC, datetime
from html import escape

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.frame.language import NOTHING, day, language, moment, number, percent, words
from pages.frame.texts import LANGUAGES
from pages.parts import amounts, batched, cached, changed, deciding
from pages.parts.cards import heading
from pages.parts.tables import html_table

ALL, PROGRAMME = "all", "esf51"
BUILD = "build"
NOTES = {each: f"note_{each}" for each in LANGUAGES}
EMBARGO = "embargo"
SHOWN = ("published", "superseded")
"""States of releases that readers see, or will once their embargo is over."""


def working(scope: Scope, releases: pd.DataFrame, busy: bool) -> None:
    """The working release: what it holds and would change, or that there is none; and building it anew."""
    drafts = releases[releases["state"] == "draft"]
    with st.container(border=True, key="working"):
        if drafts.empty:
            st.html(heading(words("releases.working"), words("releases.no_working"), False))
        else:
            draft = drafts.iloc[0]
            st.html(heading(words("releases.working"), sentence(draft), bool(draft["demonstration"])))
            account_of(scope, draft)
            publishing(scope, draft, busy)
        building(busy)


def sentence(draft: pd.Series) -> str:
    about = {"release": str(draft["number"]), "day": day(draft["as_of"]), "built": moment(draft["built_at"])}
    return words(
        "releases.draft", figures=int(draft["figures"]), by=batched.who(draft["built_by"] or NOTHING), **about
    )


def account_of(scope: Scope, draft: pd.Series) -> None:
    """What the build did: states of figures, what is protected, and whether the audit found anything."""
    states = cached.release_states(scope, int(draft["number"]), draft["content_hash"])
    hidden = int(draft["primary"] + draft["complementary"])
    share = percent(hidden / draft["published"], 1) if draft["published"] else NOTHING
    protected = words(
        "releases.protected",
        published=int(draft["published"]),
        primary=int(draft["primary"]),
        complementary=int(draft["complementary"]),
        share=share,
    )
    audit = words(f"releases.audit_{draft['audit']}")
    st.markdown(f"{protected} {audit}")
    with st.expander(words("releases.states")):
        rows = [[words(f"state.{row.state}"), number(row.figures)] for row in amounts.rows(states)]
        heads = [words("releases.state"), words("releases.figures")]
        st.html(html_table(heads, rows, caption=words("releases.states"), numbers=(1,)))


def building(busy: bool) -> None:
    """Build from all that the store holds; the note says in each language what is new."""
    with (
        st.expander(words("releases.build")),
        st.form("build_form", border=False, enter_to_submit=False),
    ):
        st.markdown(words("releases.build_what"))
        for each, key in NOTES.items():
            st.text_input(words(f"releases.note_{each}"), key=key, max_chars=300)
        deciding.tell_refusal(BUILD)
        st.form_submit_button(
            words("releases.build"), on_click=deciding.build, args=(NOTES, BUILD), disabled=busy
        )


def publishing(scope: Scope, draft: pd.Series, busy: bool) -> None:
    """Publish, at once or after an embargo."""
    code = str(draft["number"])
    if draft["audit"] != "passed":
        return
    with (
        st.expander(words("releases.publish", release=code)),
        st.form("publish_form", border=False, enter_to_submit=False),
    ):
        second = cached.rules(scope, language()).set_index("code")["value"].get("second_person", 0)
        st.markdown(words("releases.publish_what" if not second else "releases.publish_second"))
        hint = words("releases.embargo_hint")
        st.text_input(words("releases.embargo"), key=EMBARGO, max_chars=20, placeholder=hint)
        field = f"publish_{code}"
        deciding.tell_refusal(field)
        args = (int(draft["number"]), EMBARGO, field)
        button = words("releases.publish", release=code)
        st.form_submit_button(button, on_click=deciding.publish, args=args, disabled=busy)


def changes(scope: Scope, releases: pd.DataFrame) -> None:
    """What publishing the working release would change of the country's figures, as readers will see it."""
    drafts, shown = releases[releases["state"] == "draft"], cached.shown_releases(scope, language())
    if drafts.empty or not shown or drafts.iloc[0]["audit"] != "passed":
        return
    draft, before = drafts.iloc[0], next(iter(shown))
    found = cached.draft_changes(scope, before, int(draft["number"]), draft["content_hash"])
    known = cached.indicators(scope, language()).set_index("code")
    goals = cached.goals(scope, PROGRAMME, language()).set_index("code")["short"]
    found = found[found["indicator"].isin(known.index[known["programme"] == PROGRAMME])]
    rows = changed.listed(found, ALL)
    title = words("releases.changes", release=str(before))
    said = words("releases.changed", count=len(rows)) if len(rows) else words("releases.nothing_changed")
    with st.container(border=True, key="would_change"):
        st.html(heading(title, said, False))
        if len(rows):
            table = changed.changed_table(rows, known["short"].to_dict(), goals)
            st.html(html_table(table.heads, table.rows, caption=title, numbers=table.numbers))


def listed(releases: pd.DataFrame) -> None:
    """All releases, newest first; what was published can be withdrawn with a reason."""
    rows = releases[releases["state"] != "draft"]
    st.html(f'<h2 class="card-title">{escape(words("releases.all"))}</h2>')
    if rows.empty:
        st.info(words("releases.none"))
    for row in amounts.rows(rows):
        one(row)


def one(row: amounts.Row) -> None:
    code = str(row.number)
    embargo = words("releases.embargoed", moment=moment(row.embargo_until)) if waits(row) else ""
    reason = words("releases.withdrawn", reason=row.withdrawn_reason) if row.withdrawn_reason else ""
    lines = [
        f"<b>{escape(words('releases.one', release=code, state=words(f'release_state.{row.state}')))}</b>"
        + (f' <span class="badge">{escape(words("card.demonstration"))}</span>' if row.demonstration else ""),
        escape(row.note),
        escape(" ".join(filter(None, (embargo, reason)))),
        f'<span class="quiet">{escape(facts_of(row))}</span>',
    ]
    with st.container(key=f"release_{code}", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="decision">{"<br>".join(filter(None, lines))}</p>', width="stretch")
        if waits(row):
            embargoing(row.number)
        if row.state in SHOWN:
            withdrawing(row.number)


def facts_of(row: amounts.Row) -> str:
    return words(
        "releases.facts",
        day=day(row.as_of),
        figures=int(row.figures),
        published=moment(row.published_at),
        audit=words(f"audit.{row.audit}"),
    )


def waits(row: amounts.Row) -> bool:
    """Whether a published release is under embargo still."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return row.state in SHOWN and not pd.isna(row.embargo_until) and row.embargo_until > now


def embargoing(release: int) -> None:
    """Move the moment from which readers see a release, or lift its embargo."""
    field, label = f"embargo_{release}", words("releases.change_embargo", release=str(release))
    with (
        st.popover(label, key=f"open_{field}"),
        st.form(field + "_form", border=False, enter_to_submit=False),
    ):
        typed = f"{field}_until"
        hint = words("releases.embargo_hint")
        st.text_input(words("releases.embargo"), key=typed, max_chars=20, placeholder=hint)
        st.text_input(words("releases.embargo_reason"), key=field, max_chars=300)
        deciding.tell_refusal(field)
        st.form_submit_button(label, on_click=deciding.change_embargo, args=(release, typed, field))


def withdrawing(release: int) -> None:
    field, label = f"withdraw_{release}", words("releases.withdraw", release=str(release))
    with (
        st.popover(label, key=f"open_{field}"),
        st.form(field + "_form", border=False, enter_to_submit=False),
    ):
        st.text_input(words("releases.withdraw_reason"), key=field, max_chars=300)
        deciding.tell_refusal(field)
        st.form_submit_button(label, on_click=deciding.withdraw, args=(release, field))
