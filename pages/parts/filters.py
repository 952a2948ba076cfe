"""Choices that travel in the link, as codes.

The link is the state: a choice is read from it, and written to it when the reader chooses. What was
chosen on one page is kept for the next one. A code that does not exist gives the default, with a word
about it.
"""

from collections.abc import Collection, Mapping
from typing import Any, Literal

import streamlit as st

from pages.frame.language import words

Look = Literal["select", "buttons"]
LONGEST = 80
FIRST_LEAF = "1"


def choose(
    name: str,
    options: Mapping[str, str],
    *,
    default: str,
    label: str,
    look: Look = "select",
    leaf: str | None = None,
) -> str:
    """Let the reader choose one of ``options`` (code → text) and return its code.

    ``name`` is the name in the link. ``buttons`` for up to about five short texts. ``leaf`` is the choice
    of a leaf of the list that this one narrows: it then begins anew."""
    chosen = current(name, options, default)
    widget = f"choice_{name}"
    if st.session_state.get(widget) != chosen:
        st.session_state[widget] = chosen
    keep(name, chosen)
    more: dict[str, Any] = {
        "format_func": lambda code: options.get(code, code),
        "key": widget,
        "on_change": take,
        "args": (name, widget, leaf),
    }
    if look == "buttons":
        st.segmented_control(label, list(options), required=True, **more)
    else:
        st.selectbox(label, list(options), **more)
    return chosen


def choose_some(
    name: str, options: Mapping[str, str], *, default: list[str], most: int, label: str
) -> list[str]:
    """Let the reader choose up to ``most`` of ``options``; their codes stand in the link with commas."""
    kept = st.query_params.get(name) or st.session_state.get(f"kept_{name}") or ",".join(default)
    asked = list(dict.fromkeys(kept.lower().split(",")))
    chosen = [code for code in asked if code in options][:most]
    unknown = [code for code in asked if code not in options]
    if unknown and st.session_state.get(f"kept_{name}") != kept:
        st.warning(words("filters.unknown_some", asked=", ".join(unknown)[:48]))
    widget = f"choice_{name}"
    if st.session_state.get(widget) != chosen:
        st.session_state[widget] = chosen
    keep(name, ",".join(chosen))
    st.multiselect(
        label,
        list(options),
        format_func=lambda code: options[code],
        key=widget,
        max_selections=most,
        on_change=take,
        args=(name, widget),
    )
    return chosen


def slide(name: str, options: Mapping[str, str], chosen: str, *, label: str) -> None:
    """A slider beside the choice ``name``: another way to choose among some of its options in order."""
    widget = f"slide_{name}"
    if st.session_state.get(widget) != chosen:
        st.session_state[widget] = chosen
    st.select_slider(
        label,
        list(options),
        format_func=lambda code: options.get(code, code),
        key=widget,
        on_change=take,
        args=(name, widget),
        label_visibility="collapsed",
    )


def write(name: str, *, label: str, hint: str, leaf: str | None = None) -> str:
    """Let the reader write a text and return it: one line of at most ``LONGEST`` signs, empty for none.
    ``leaf`` as in ``choose``.

    It comes from a link that anyone may have made: it is only ever compared and shown as text."""
    asked = st.query_params.get(name, st.session_state.get(f"kept_{name}", ""))
    written = " ".join(asked.split())[:LONGEST].strip()
    widget = f"choice_{name}"
    if st.session_state.get(widget) != written:
        st.session_state[widget] = written
    keep(name, written)
    args = (name, widget, leaf)
    st.text_input(label, key=widget, max_chars=LONGEST, placeholder=hint, on_change=take, args=args)
    return written


def current(name: str, options: Collection[str], default: str) -> str:
    """The code in the link, else the one kept from an earlier page, else ``default``. Says once that the
    link's does not exist, and what is shown: by its text where ``options`` are code → text."""
    asked = st.query_params.get(name)
    kept = st.session_state.get(f"kept_{name}")
    if asked is None:
        return str(kept) if kept in options else default
    if asked in options:
        return asked
    if asked.lower() in options:
        return asked.lower()
    if asked not in (kept, st.session_state.get(f"told_{name}")):
        st.session_state[f"told_{name}"] = asked
        shown = options[default] if isinstance(options, Mapping) else default
        st.warning(words("filters.unknown", asked=asked[:24], default=shown))
    return default


def keep(name: str, code: str) -> None:
    """Remember a choice, and let the link say it."""
    st.session_state[f"kept_{name}"] = code
    st.session_state.pop(f"told_{name}", None)
    if st.query_params.get(name) != code:
        st.query_params[name] = code


def take(name: str, widget: str, leaf: str | None = None) -> None:
    """The reader has chosen: the link follows."""
    code = st.session_state[widget]
    if code is not None:
        keep(name, ",".join(code) if isinstance(code, list) else code)
    if leaf is not None:
        set_choice(leaf, FIRST_LEAF)


def set_choice(name: str, code: str) -> None:
    """Choose from elsewhere (a click on a map, an arrow key); takes effect in the next run."""
    keep(name, code)
    st.session_state.pop(f"choice_{name}", None)
