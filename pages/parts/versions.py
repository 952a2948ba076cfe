"""One value and all that it has been: who said what when, and the correction of a single value."""

import pandas as pd
import streamlit as st

from data_access.scope import Scope
from pages.frame.language import NOTHING, alphabetical, day, language, moment, number, period_label, words
from pages.parts import amounts, batched, cached, deciding, filters
from pages.parts.cards import heading
from pages.parts.tables import html_table

NOBODY = "none"
LABELS = {"value": "value_number", "numerator": "numerator", "denominator": "denominator", "n": "n"}


def history(scope: Scope, busy: bool) -> None:
    """Choose a value by project, indicator and period; see its versions; correct or withdraw it."""
    with st.container(border=True, key="history"):
        st.html(heading(words("versions.title"), words("versions.what"), False))
        projects = named(cached.projects_with_values(scope, language()))
        if not projects:
            st.info(words("versions.none"))
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            first = next(iter(projects))
            project = filters.choose("of", projects, default=first, label=words("versions.project"))
            code = "" if project == NOBODY else project
            values = cached.values(scope, code, language())
            indicators = dict(zip(values["indicator"], values["indicator_name"], strict=True))
            first, label = next(iter(indicators)), words("filters.indicator")
            indicator = filters.choose("measure", indicators, default=first, label=label)
            mine = values[values["indicator"] == indicator]
            told = {str(row.observation): place_of(row) for row in amounts.rows(mine)}
            chosen = filters.choose("value", told, default=next(iter(told)), label=words("versions.value"))
        row = mine.set_index("observation").loc[int(chosen)]
        place = {name: row[name] for name in ("area", "goal")}
        versions(cached.history(scope, indicator, row["period"], project=code or None, **place), busy)


def named(projects: dict[str, str]) -> dict[str, str]:
    """Codes and names, by name; what belongs to no project last."""
    found = {code or NOBODY: name or words("versions.no_project") for code, name in projects.items()}
    return dict(sorted(found.items(), key=lambda each: (each[0] == NOBODY, alphabetical(each[1]))))


def place_of(row: amounts.Row) -> str:
    """What tells a value from the others of its project and indicator."""
    parts = [period_label(row.period), row.area_name, row.goal_name]
    return " · ".join(part for part in parts if isinstance(part, str))


def versions(rows: pd.DataFrame, busy: bool) -> None:
    """Every version of a value, newest first, and the form that makes the next one."""
    heads = [words(f"versions.{name}") for name in ("said", "n", "reported", "batch", "by", "reason")]
    lines = [
        [
            words("versions.withdrawn") if row.state == "withdrawn" else said(row),
            number(row.n),
            day(row.reported_on),
            origin(row),
            f"{batched.who(row.loaded_by)}, {moment(row.loaded_at)}",
            row.reason or NOTHING,
        ]
        for row in amounts.rows(rows.iloc[::-1])
    ]
    st.html(html_table(heads, lines, caption=words("versions.title"), numbers=(1,)))
    newest = rows.iloc[-1]
    if newest["state"] == "stands":
        correcting(newest, busy)


def said(row: amounts.Row) -> str:
    value, *parts = (
        NOTHING if pd.isna(each) else amounts.exact(each)
        for each in (row.value, row.numerator, row.denominator)
    )
    if pd.isna(row.denominator):
        return value
    return words("versions.parts", value=value, numerator=parts[0], denominator=parts[1])


def origin(row: amounts.Row) -> str:
    return " · ".join(filter(None, (str(row.batch), row.file_name)))


def correcting(newest: pd.Series, busy: bool) -> None:
    """What is to stand instead, and why; or that the value is to go."""
    code = int(newest["observation"])
    with (
        st.expander(words("versions.correct")),
        st.form(f"correct_{code}", border=False, enter_to_submit=False),
    ):
        keys = {name: f"correct_{code}_{name}" for name in LABELS}
        with st.container(horizontal=True):
            for name, key in keys.items():
                there = None if pd.isna(newest[name]) else float(newest[name])
                st.number_input(
                    words(f"versions.{LABELS[name]}"), value=there, key=key, format="%.10g", step=None
                )
        gone = f"correct_{code}_gone"
        st.checkbox(words("versions.withdraw"), key=gone)
        field = f"correct_{code}_reason"
        st.text_input(words("versions.because"), key=field, max_chars=300)
        deciding.tell_refusal(field)
        args = (code, keys, gone, field)
        st.form_submit_button(words("versions.save"), on_click=deciding.correct, args=args, disabled=busy)
