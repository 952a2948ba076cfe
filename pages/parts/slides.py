"""The slides of the present page: what each shows, and how one moves between them."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import pandas as pd
import streamlit as st

from pages.charts.classes import class_limits
from pages.charts.funnel import funnel
from pages.charts.maps import area_map
from pages.charts.palette import PALETTES
from pages.frame.language import TO_DATE, moment, period_label, words
from pages.parts import amounts, boundaries, cached, clocks, compared, filters, onward, sentences
from pages.parts.cards import plot, sources_of
from pages.parts.charted import chart_words
from pages.parts.view import PROGRAMME, View


def draw(reader: View, slide: str) -> None:
    """The chosen slide; on a light theme in the projector's colours."""
    if reader.palette is PALETTES["light"]:
        reader = reader._replace(palette=PALETTES["projector"])
    with st.container(key="slide"):
        SLIDES[slide](reader)


def controls(slide: str) -> None:
    """Back, pause, on: buttons, and the arrow keys and Escape for the same; and the whole screen."""
    order = list(SLIDES)
    place = order.index(slide)
    with st.container(horizontal=True, key="slide_controls", vertical_alignment="center"):
        st.button(
            words("present.back"),
            shortcut="Left",
            key="slide_back",
            on_click=filters.set_choice,
            args=("slide", order[place - 1]),
        )
        paused = st.session_state["present_paused"]
        if st.button(
            words("present.go_on" if paused else "present.pause"), shortcut="Escape", key="slide_pause"
        ):
            st.session_state["present_paused"] = not paused
            st.rerun()
        st.button(
            words("present.next"),
            shortcut="Right",
            key="slide_next",
            on_click=filters.set_choice,
            args=("slide", order[(place + 1) % len(order)]),
        )
        whole = f'<button class="whole" type="button">{escape(words("present.whole"))}</button>'
        st.html(f'<div class="beside">{whole} <p class="place">{place + 1} / {len(order)}</p></div>')
        onward.link("overview", words("present.leave"))


def organisations(reader: View) -> None:
    """The one big number: distinct organisations, and how many count for EECO18."""
    frame = cached.figures(reader.scope, reader.release, reader.language, "si6", "country", TO_DATE, "all")
    row = next(amounts.rows(frame))
    sentence = sentences.bridge(row.detail, row.area_inside)
    big_number(reader, amounts.cell(row), words("headline.organisations"), sentence, frame)


def projects(reader: View) -> None:
    """How many projects there are."""
    ask = (reader.scope, reader.release, reader.language, "projects")
    frame = cached.figures(*ask, "country", TO_DATE, "all")
    row = next(amounts.rows(frame))
    note = words("headline.running", running=row.detail["running"], national=row.detail["national"])
    big_number(reader, amounts.cell(row), words("headline.projects"), note, frame)


def goals(reader: View) -> None:
    """How the four goals stand: time, money, result, status and evidence."""
    found = clocks.standing(reader, PROGRAMME)
    if found is None:
        head(words("goals.plain"), words("sentence.no_goals"))
        return
    head(words("goals.title", period=period_label(found.period)), found.sentence, invented(found.lead))
    st.html(clocks.clocks(found.rows, found.sentence))
    stamp(reader, found.lead)


def regions(reader: View) -> None:
    """Organisations at work in each region."""
    indicator = cached.indicators(reader.scope, reader.language).set_index("code").loc["si6"]
    ask = (reader.scope, reader.release, reader.language, "si6")
    frame = cached.figures(*ask, "maakunta", TO_DATE, "all")
    whole = cached.figures(*ask, "country", TO_DATE, "all")
    sentence = sentences.areas(frame, indicator["short"], whole.iloc[0])
    highest = sentences.shown(frame)["value"].max()
    placed = boundaries.shapes(reader.scope, "maakunta", reader.language)
    figure = area_map(
        frame,
        shapes_url=placed.address,
        ground_url=placed.ground,
        limits=class_limits(0, highest if highest > 0 else 1),
        unit="organisations",
        outside=compared.outside(frame),
        words=chart_words(),
        palette=reader.palette,
        number=amounts.writer("organisations"),
        size="wall",
    )
    said, drawn = st.columns([2, 3], gap="large")
    with said:
        title = f"{indicator['short']} · {period_label(TO_DATE)}"
        head(title, sentence, invented(frame))
        st.html(compared.key(compared.account(frame, placed, reader.palette)) + boundaries.footnote(placed))
        stamp(reader, frame)
    with drawn:
        wall(figure, "slide_map", sentence)


def applications(reader: View) -> None:
    """From applications to funded projects, as far as it is known."""
    stages = cached.funnel(reader.scope, PROGRAMME, reader.language)
    sentence = sentences.funnel(stages)
    head(words("funnel.title"), sentence)
    figure = funnel(
        stages.drop(columns="caveat"),
        words=chart_words(),
        palette=reader.palette,
        number=amounts.writer("projects"),
        size="wall",
    )
    wall(figure, "slide_funnel", sentence)
    stamp(reader, stages)


def big_number(reader: View, number: str, what: str, sentence: str, frame: pd.DataFrame) -> None:
    head(what, "", invented(frame))
    st.html(f'<p class="wall-number">{escape(number)}</p><p class="sentence">{escape(sentence)}</p>')
    stamp(reader, frame)


def wall(figure: dict, key: str, sentence: str) -> None:
    """A chart as high as the screen leaves room for."""
    figure["layout"].pop("height")
    plot(figure, key, sentence, height="stretch")


def invented(frame: pd.DataFrame) -> bool:
    return bool(frame["demonstration"].any())


def head(title: str, sentence: str, invented: bool = False) -> None:
    badge = f'<span class="badge">{escape(words("card.demonstration"))}</span>' if invented else ""
    said = f'<p class="sentence">{escape(sentence)}</p>' if sentence else ""
    st.html(f"<h2>{escape(title)} {badge}</h2>{said}")


def stamp(reader: View, frame: pd.DataFrame) -> None:
    """When this was drawn, from which release and source: it stays when the network drops."""
    text = words(
        "present.stamp",
        time=moment(datetime.now(UTC)),
        release=reader.release,
        source="; ".join(sources_of(frame)),
    )
    st.html(f'<p class="footnote" role="status">{escape(text)}</p>')


SLIDES: dict[str, Callable[[View], None]] = {
    "organisations": organisations,
    "goals": goals,
    "regions": regions,
    "projects": projects,
    "applications": applications,
}
FIRST = "organisations"
