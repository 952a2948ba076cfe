"""One figure as a card: sentence, then chart, table, method and download from the same frame."""

import secrets
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from pages.charts.palette import CONFIG, MAP_CONFIG
from pages.charts.unchecked import Unchecked
from pages.frame.language import day, words
from pages.parts import cached
from pages.parts.tables import html_table
from pages.parts.view import View


class Table(NamedTuple):
    """The card's table: heads, rows of written cells, and which columns are numbers."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()


class Method(NamedTuple):
    """How the figure is made, in paragraphs, and where it comes from."""

    paragraphs: Sequence[str]
    sources: Sequence[str]


def figure_card(
    view: View,
    key: str,
    *,
    title: str,
    sentence: str,
    frame: pd.DataFrame,
    table: Table | Callable[[], Table],
    method: Method,
    draw: Callable[[], object],
    demonstration: bool | None = None,
) -> None:
    """Draw a card. ``draw`` draws the chart's face; ``table`` is the table or makes it when its face
    is asked for; ``frame`` is what is taken along as a file.
    ``demonstration``: whether to badge it, where the frame does not say."""
    invented = bool(frame["demonstration"].any()) if demonstration is None else demonstration
    with st.container(border=True, key=f"card_{key}"):
        st.html(heading(title, sentence, invented))
        if frame.empty:
            st.info(words("card.empty"))
            return
        names = [words(f"card.{face}") for face in ("chart", "table", "method", "download")]
        chart, rows, how, take = st.tabs(names, key=f"face_{key}", on_change="rerun")
        if chart.open:
            with chart:
                draw()
        if rows.open:
            shown = table if isinstance(table, Table) else table()
            rows.html(html_table(shown.heads, shown.rows, caption=sentence, numbers=shown.numbers))
        if how.open:
            how.markdown("\n\n".join(method.paragraphs))
        if take.open:
            with take:
                download(view, key, title, sentence, frame, method, invented)
        st.html(footnote(view, method.sources))


def bare_card(key: str, title: str, sentence: str) -> None:
    """A card that has nothing to show, and says why."""
    with st.container(border=True, key=f"card_{key}"):
        st.html(f'<h2 class="card-title">{escape(title)}</h2>')
        st.info(sentence)


def sentence_card(
    view: View, key: str, title: str, sentence: str, method: Method, demonstration: bool
) -> None:
    """A card whose whole finding is its sentence: that there is nothing to list."""
    with st.container(border=True, key=f"card_{key}"):
        st.html(heading(title, sentence, demonstration))
        st.markdown("\n\n".join(method.paragraphs))
        st.html(footnote(view, method.sources))


def heading(title: str, sentence: str, invented: bool) -> str:
    badge = f'<span class="badge">{escape(words("card.demonstration"))}</span>' if invented else ""
    return f'<h2 class="card-title">{escape(title)} {badge}</h2><p class="sentence">{escape(sentence)}</p>'


def footnote(view: View, sources: Sequence[str]) -> str:
    text = words("card.footnote", day=day(view.day), release=view.release, source="; ".join(sources))
    return f'<p class="footnote">{escape(text)}</p>'


def sources_of(frame: pd.DataFrame) -> list[str]:
    """The sources of a frame's figures, each once."""
    titles = [title for joined in frame["source_title"].dropna() for title in joined.split("; ") if title]
    return list(dict.fromkeys(titles)) or [words("card.no_source")]


def plot(figure: dict[str, Any], key: str, sentence: str, **more: Any) -> Any:
    """A chart without the mode bar; the sentence is what a screen reader says of it."""
    config = MAP_CONFIG if "geo" in figure["layout"] else CONFIG
    return st.plotly_chart(Unchecked(figure), key=key, theme=None, config=config, alt=sentence, **more)


def download(
    view: View, key: str, title: str, sentence: str, frame: pd.DataFrame, method: Method, invented: bool
) -> None:
    """A button that makes the file when it is pressed; every file name is its own."""
    about = [
        (words("export.title"), title),
        (words("export.sentence"), sentence),
        *[(words("export.method"), text) for text in method.paragraphs],
        (words("export.source"), "; ".join(method.sources)),
        (words("export.release"), words("export.release_text", release=view.release, day=day(view.day))),
        (words("export.protection"), words(f"export.{view.scope.audience}")),
        (words("export.citation"), words("export.citation_text", title=title, release=view.release)),
    ]
    if invented:
        about.insert(0, (words("export.note"), words("card.demonstration_long")))
    mark = f"-{words('export.demonstration_mark')}" if invented else ""
    st.write(words("export.what"))
    st.download_button(
        words("export.button", count=len(frame)),
        data=lambda: cached.table_file(view.scope, frame, about, view.language),
        file_name=f"turvaverkko-{key}{mark}-{words('export.release_mark')}{view.release}-{secrets.token_hex(4)}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"take_{key}",
    )
