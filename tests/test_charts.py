"""The charts say what the frame says, and nothing else."""

import json
import re
from datetime import date

import pandas as pd
import pytest
from plotly import graph_objects
from plotly.io import to_json

from pages.charts import (
    bars,
    bullets,
    classes,
    dumbbells,
    funnel,
    maps,
    multiples,
    need,
    network,
    periods,
    ranked,
    timelines,
)
from pages.charts.palette import HATCHES, PALETTES, STATUS_SYMBOLS, SYMBOLS, text_on
from pages.charts.path import path_key, path_line

KEYS = [
    *SYMBOLS,
    *STATUS_SYMBOLS,
    "not_available",
    "interval",
    "rank_band",
    "rank_one",
    "rank",
    "country",
    "value",
    "baseline",
    "milestone",
    "target",
    "committed",
    "original",
    "pace",
    "break",
    "reported_of",
    "bands",
    "dumbbell",
]
WORDS = {key: f"¤{key}¤" for key in KEYS}
SECRET = 3.14159
LIMITS = classes.class_limits(0, 4)


def number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def look(palette: str = "light") -> dict:
    return {"words": WORDS, "palette": PALETTES[palette], "number": number}


def areas(states: dict[int, str] | None = None) -> pd.DataFrame:
    """Eighteen areas; ``states`` says which of them are kinds of nothing. Those hold a number all the
    same, as a careless query might leave it."""
    states = states or {}
    return pd.DataFrame(
        {
            "area": f"mk{i:02}",
            "area_name": f"¤Pohjois-Pohjanmaa {i}¤",
            "area_label": f"¤Pohjois-Pohjanmaa {i} (maakunta)¤",
            "tile_row": i // 4,
            "tile_column": i % 4,
            "tile_label": f"¤{i}¤",
            "value": SECRET if i in states else i / 5,
            "low": SECRET if i in states else i / 5 - 0.2,
            "high": SECRET if i in states else i / 5 + 0.2,
            "rank_low": 314.0 if i in states else 1.0 + i,
            "rank_high": 314.0 if i in states else 3.0 + i,
            "state": states.get(i, "value"),
        }
        for i in range(18)
    )


def goals(**change: object) -> pd.DataFrame:
    row = {"goal": "g1", "value": 2.0, "baseline": 1.0, "milestone": 1.5, "target": 3.0, "expected_now": 2.2}
    row |= {"committed": 2.6}
    return pd.DataFrame(
        [row | {"status": "behind", "state": "value", "reported": 4, "expected": 28} | change]
    )


def series(*values: float | None) -> pd.DataFrame:
    half_years = [f"{2024 + i // 2}h{1 + i % 2}" for i in range(len(values))]
    return pd.DataFrame({"period": half_years, "value": values, "low": None, "high": None})


def figures(frame: pd.DataFrame) -> dict[str, dict]:
    """Every kind of figure, those of areas drawn from ``frame``."""
    labelled = pd.DataFrame({"label": ["¤a¤", "¤b¤"], "value": [3.0, 2.0], "difference": [None, "¤why¤"]})
    statistics = pd.DataFrame(
        {"area": "fi", "area_name": "¤fi¤", "period": ["2000", "2005"], "value": [1.0, 2.0]}
    )
    turned = pd.DataFrame(
        {"period": ["2025h1"], "label": ["¤a¤"], "began": [3], "ended": [1], "running": [2]}
    )
    shapes = {"shapes_url": "/s.geojson", "limits": LIMITS, "outside": {"hva91": "¤Ahvenanmaa¤"}}
    path = [("2023-12-31", 1.0, "baseline"), ("2029-12-31", 3.0, "target")]
    whole = series(1.0, 2.0).assign(area="fi", area_name="¤fi¤")
    when = {"until": date(2026, 9, 30), "ends": date(2027, 12, 31)}
    return {
        "choropleth": maps.area_map(frame, unit="score", selected="mk03", **shapes, **look()),
        "bubbles": maps.area_map(frame, unit="people", selected="mk03", **shapes, **look()),
        "tiles": maps.tile_map(frame, limits=LIMITS, selected="mk03", **look()),
        "ranked": ranked.ranked_dots(held(frame), limits=LIMITS, selected="mk03", **look()),
        "multiples": multiples.small_multiples(over_time(frame), country=whole, selected="mk03", **look()),
        "bullets": bullets.bullet_rows(goals(), names={"g1": "¤g1¤"}, bands=(0.75, 0.95), **look()),
        "path": path_line(
            series(1.0, None, 1.5),
            path=path,
            moved=[("2024-01-01", 3.2), ("2025-01-01", 3.0), ("2029-12-31", 3.0)],
            pace=("2029-12-31", 2.9),
            breaks=["2025h1"],
            period_name="¤{}¤".format,
            **look(),
        ),
        "turnover": network.turnover(turned, names=dict.fromkeys(turned, "¤turn¤"), **look()),
        "bars": bars.count_bars(labelled, **look()),
        "bridge": network.bridge(labelled, **look()),
        "growth": network.growth(series(1.0, 2.0), period_name="¤{}¤".format, **look()),
        "funnel": funnel.funnel(labelled.assign(value=[51.0, None]), **look()),
        "dumbbells": dumbbells.dumbbells(pairs(), scale=(0, 4), **look()),
        "timeline": timelines.timeline(spans(), **when, palette=PALETTES["light"], day="¤{}¤".format),
        "need": need.need_series(statistics, period_name="¤{}¤".format, **look()),
    }


def held(frame: pd.DataFrame) -> pd.DataFrame:
    """The areas held against one level, which is the country's."""
    return frame.assign(level=2.0, beside="¤Koko maa¤")


def over_time(frame: pd.DataFrame) -> pd.DataFrame:
    """The areas in two half-years."""
    halves = [frame.assign(period=code, period_name=f"¤{code}¤") for code in ("2025h1", "2025h2")]
    return pd.concat(halves, ignore_index=True)


def pairs(state: str = "not_published") -> pd.DataFrame:
    """Three indicators from the first report to the latest: a change, one report, and a kind of nothing that
    holds numbers all the same."""
    return pd.DataFrame(
        {
            "code": ["si1", "si2", "nr1"],
            "label": ["¤si1¤", "¤si2¤", "¤nr1¤"],
            "first": [1.5, None, SECRET],
            "value": [2.5, 3.0, SECRET],
            "state": ["value", "value", state],
        }
    )


def spans() -> pd.DataFrame:
    """A lead that goes on and a subcontractor that has left."""
    return pd.DataFrame(
        {
            "code": ["o1", "o2"],
            "label": ["¤o1¤", "¤o2¤"],
            "role": ["¤lead¤", "¤sub¤"],
            "kind": ["lead", "subcontractor"],
            "starts": [date(2024, 7, 1), date(2025, 1, 1)],
            "ends": [None, date(2025, 6, 30)],
        }
    )


def texts(part: object, key: str = "") -> list[str]:
    """Every text of a figure that a reader can see."""
    if isinstance(part, dict):
        return [text for name, inner in part.items() for text in texts(inner, name)]
    if key == "customdata" and isinstance(part, list):
        return [told for one in part if isinstance(one, list) for told in one[1:]]
    if isinstance(part, list):
        return [text for inner in part for text in texts(inner, key)]
    read = ("text", "hovertext", "hovertemplate", "name", "ticktext", "title")
    return [part] if key in read and isinstance(part, str) else []


@pytest.mark.parametrize(
    ("unit", "kind"), [("score", "bubbles"), ("percent", "bubbles"), ("eur", "choropleth")]
)
def test_wrong_pair_of_unit_and_map_is_refused(unit: str, kind: str) -> None:
    with pytest.raises(ValueError, match="is drawn as"):
        maps.area_map(areas(), shapes_url="", limits=LIMITS, unit=unit, kind=kind, **look())


def test_unknown_unit_has_no_map() -> None:
    with pytest.raises(ValueError, match="no map is declared"):
        maps.map_kind("litres")


def test_class_limits_are_round_constant_and_cover_the_scale() -> None:
    assert classes.class_limits(0, 4) == [0, 0.8, 1.6, 2.4, 3.2, 4]
    assert classes.class_limits(0, 100) == [0, 20, 40, 60, 80, 100]
    assert classes.class_limits(1.1, 1.9) == [1, 1.2, 1.4, 1.6, 1.8, 2]
    assert classes.class_limits(2, 2)[0] <= 2 <= classes.class_limits(2, 2)[-1]
    with pytest.raises(ValueError, match="cannot run"):
        classes.class_limits(4, 0)


def test_class_of_puts_a_limit_in_the_class_above() -> None:
    values = [0, 0.79, 0.8, 4, 9, -1, None, float("nan")]
    assert classes.class_of(values, LIMITS) == [0, 0, 1, 4, 4, 0, None, None]


def test_classes_and_colours_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="limits"):
        maps.area_map(areas(), shapes_url="", limits=[0, 2, 4], unit="score", **look())


@pytest.mark.parametrize("state", SYMBOLS)
def test_number_behind_a_kind_of_nothing_is_nowhere(state: str) -> None:
    frame = areas({4: state, 9: state})
    other = frame.assign(value=frame["value"].replace(SECRET, 2.71828), low=frame["low"].replace(SECRET, 0))
    for name, figure in figures(frame).items():
        written = json.dumps(figure)
        assert "3.14" not in written, name
        assert "3,1" not in written, name
        assert "314" not in written, name
        assert written == json.dumps(figures(other)[name]), f"{name} tells a hidden number"


@pytest.mark.parametrize("name", figures(areas()))
def test_every_text_comes_from_words_names_or_numbers(name: str) -> None:
    states = dict(enumerate(SYMBOLS))
    for text in texts(figures(areas(states))[name]):
        own = re.sub(r"¤[^¤]*(¤|$)|<[^>]+>|%{[^}]+}", "", text)
        assert not re.search(r"[A-Za-zÅÄÖåäö]", own), f"{text!r} has words of the chart's own"


@pytest.mark.parametrize("name", figures(areas()))
def test_figures_are_plain_json_without_frame_shapes_or_ground(name: str) -> None:
    figure = figures(areas())[name]
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure
    assert figure["layout"]["paper_bgcolor"] == "#0000"
    assert "coordinates" not in json.dumps(figure)


@pytest.mark.parametrize("name", figures(areas()))
def test_plotly_accepts_every_figure(name: str) -> None:
    """Pages send figures to the browser unchecked."""
    graph_objects.Figure(figures(areas(dict(enumerate(SYMBOLS))))[name])


@pytest.mark.parametrize("kind", ["choropleth", "bubbles"])
def test_map_and_list_of_eighteen_areas_are_small(kind: str) -> None:
    """As Streamlit sends them: plotly escapes what could end a script element."""
    drawn = figures(areas({3: "protected", 7: "not_reported"}))
    written = "".join(to_json(drawn[name], validate=False) for name in (kind, "ranked"))
    assert len(written.replace("¤", "").encode()) < 8000


def test_ground_lies_under_the_map_and_cannot_be_chosen() -> None:
    ground, *layers = maps.area_map(
        areas(), shapes_url="/s.geojson", ground_url="/g.geojson", limits=LIMITS, unit="score", **look()
    )["data"]
    assert ground["geojson"] == "/g.geojson"
    assert ground["hoverinfo"] == "skip"
    assert ground["locations"] == ["fi"]
    assert len(layers) == 2


def test_key_has_the_limits_of_each_class() -> None:
    classes = dict(maps.class_key(LIMITS, PALETTES["light"], number))
    assert classes[PALETTES["light"]["ramp"][0]] == "0,0–0,8"
    assert len(classes) == 5


def test_nothing_is_in_a_figure_that_plotly_draws_twice_for() -> None:
    """Streamlit hands a figure over twice; see ``base_layout``."""
    for name, figure in figures(areas()).items():
        assert "template" not in figure["layout"], name
        assert figure["layout"]["datarevision"] == 1, name


def test_short_number_stands_on_the_map_and_the_full_one_in_its_hover_box() -> None:
    short = {"limits": LIMITS, "short_number": lambda value: "¤", **look()}
    for figure in (
        maps.area_map(areas(), shapes_url="/s.geojson", unit="people", **short),
        maps.tile_map(areas(), **short),
    ):
        assert "¤" in figure["data"][-1]["text"][0]
        told = figure["data"][0]
        assert "1,0" in str(told["text"] if told["type"] == "choropleth" else told["customdata"])


def test_each_kind_of_nothing_has_its_own_symbol_shade_and_word() -> None:
    shapes, texts = figures(areas(dict(enumerate(SYMBOLS))))["choropleth"]["data"][:2]
    assert shapes["text"][-len(SYMBOLS) - 1 : -1] == [
        f"{symbol} ¤{state}¤" for state, symbol in SYMBOLS.items()
    ]
    assert texts["text"][-len(SYMBOLS) - 1 : -1] == list(SYMBOLS.values())
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)
    for palette in PALETTES.values():
        assert set(palette["nothing"]) == set(HATCHES) == set(SYMBOLS)
        assert set(palette["status"]) == set(STATUS_SYMBOLS)


def test_choice_gives_the_area_code() -> None:
    shown = figures(areas())
    assert shown["choropleth"]["data"][0]["locations"][0].startswith("mk")
    assert {code for code, _ in shown["tiles"]["data"][0]["customdata"]} == set(areas()["area"])
    assert set(shown["ranked"]["data"][0]["customdata"]) == set(areas()["area"])


def test_areas_of_one_rank_band_stand_in_alphabetical_order_on_one_shade() -> None:
    frame = pd.DataFrame(
        {
            "area": ["a", "b", "c"],
            "area_name": ["Öja", "Ahti", "Åbo"],
            "value": [3.0, 2.0, 2.5],
            "rank_low": [1.0, 1.0, 3.0],
            "rank_high": [2.0, 2.0, 3.0],
        }
    )
    figure = ranked.ranked_dots(frame, **look())
    assert figure["layout"]["yaxis"]["ticktext"] == ["Ahti", "Öja", "Åbo"]
    assert [shape["type"] for shape in figure["layout"]["shapes"]] == ["rect"]


def test_one_level_for_all_is_a_line_and_a_level_of_its_own_a_mark_in_its_row() -> None:
    frame = areas().head(3)
    one = ranked.ranked_dots(held(frame), **look())
    assert [shape["type"] for shape in one["layout"]["shapes"]] == ["line"]
    assert [each["text"] for each in one["layout"]["annotations"]] == ["¤Koko maa¤ 2,0"]
    own = ranked.ranked_dots(frame.assign(level=[1.0, 2.0, None], beside=["a", "b", None]), **look())
    assert own["layout"]["shapes"] == own["layout"]["annotations"] == []
    marks = [each for each in own["data"] if each.get("marker", {}).get("symbol") == "line-ns"]
    assert [(each["x"], each["y"]) for each in marks] == [([2, 1], [1, 2])]


def test_small_multiples_share_their_axes_and_break_where_a_half_year_is_missing() -> None:
    rows = [
        ("mk01", "2024h2", 1.0),
        ("mk01", "2025h1", 2.0),
        ("mk01", "2026h1", 3.0),
        ("mk02", "2025h1", None),
    ]
    frame = pd.DataFrame(rows, columns=["area", "period", "value"])
    frame = frame.assign(area_name=frame["area"], period_name=frame["period"])
    figure = multiples.small_multiples(frame, **look())
    axes = {name: axis for name, axis in figure["layout"].items() if name.startswith("yaxis")}
    assert {tuple(axis["range"]) for axis in axes.values()} == {(1, 3)}
    lines = [each for each in figure["data"] if each["mode"] == "lines" and len(each["x"]) > 1]
    assert [each["y"] for each in lines] == [[1, 2, None, 3]]
    heads = [each["text"] for each in figure["layout"]["annotations"]]
    assert heads == ["mk01 <b>3,0</b>", "mk02<br>–\N{NO-BREAK SPACE}¤not_reported¤"]


def test_unknown_stage_of_the_funnel_is_a_box_with_its_word_and_never_zero() -> None:
    stages = pd.DataFrame({"label": ["¤x¤", "¤y¤", "¤z¤"], "value": [51.0, 28.0, None]})
    figure = funnel.funnel(stages, **look())
    known, unknown = figure["data"]
    assert known["x"] == [51, 28]
    assert unknown["x"] == [28]
    assert unknown["marker"]["pattern"]["shape"]
    assert figure["layout"]["shapes"][0]["x1"] == 28
    assert "<b>¤not_available¤</b>" in texts(figure)
    assert not [text for text in texts(figure) if "0,0" in text]


def test_unknown_first_stage_has_a_width() -> None:
    figure = funnel.funnel(pd.DataFrame({"label": ["¤x¤"], "value": [None]}), **look())
    assert figure["data"][1]["x"] == [1]


def test_evidence_vetoes_bar_and_value() -> None:
    rows = goals(status="not_enough_evidence", value=2.345)
    figure = bullets.bullet_rows(rows, names={"g1": "¤g1¤"}, **look())
    assert figure["data"][1]["x"] == []
    assert "2.34" not in json.dumps(figure)
    assert not [text for text in texts(figure) if text.startswith("¤value¤")]


def test_bullet_stands_on_its_way_from_baseline_to_target() -> None:
    figure = bullets.bullet_rows(goals(), names={"g1": "¤g1¤"}, bands=(0.75, 0.95), **look())
    tracks, bar, baseline, milestone, target, committed = figure["data"]
    assert bar["x"] == [0.5]
    assert baseline["x"] == [0]
    assert milestone["x"] == [0.25]
    assert target["x"] == [1]
    assert committed["x"] == [0.8]
    assert tracks["x"] == [0.45, 0.12, 0.43]


@pytest.mark.parametrize("missing", ["baseline", "target"])
def test_no_bar_without_a_path(missing: str) -> None:
    rows = goals(status="no_target", **{missing: None})
    assert bullets.bullet_rows(rows, names={"g1": "¤g1¤"}, **look())["data"][1]["x"] == []


def test_line_is_broken_where_a_period_is_missing() -> None:
    *_, line, points, nothing = path_line(series(1.0, 1.2, None, 1.5), **look())["data"]
    assert line["x"] == [2024.5, 2025, None, 2026]
    assert points["customdata"] == ["2024h1", "2024h2", "2025h2"]
    assert nothing["text"] == ["<b>–</b>"]


def test_a_moved_target_is_steps_and_the_pace_a_dashed_line_of_its_own() -> None:
    figure = figures(areas())["path"]
    _, _, steps, pace, *_ = figure["data"]
    assert steps["line"]["shape"] == "hv"
    assert steps["y"] == [3.2, 3, 3]
    assert pace["line"]["dash"] == "dash"
    assert pace["x"] == [2025.5, 2030]
    assert pace["y"] == [1.5, 2.9]
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [2025.0]
    assert {"3,2", "2,9", "¤break¤"} <= set(texts(figure["layout"]["annotations"]))


def test_a_running_half_year_stands_at_the_last_known_day() -> None:
    figure = path_line(series(1.0, 1.5), today=date(2024, 9, 30), pace=("2029-12-31", 2.9), **look())
    pace, line, points = figure["data"][3:6]
    assert points["x"] == line["x"] == [2024.5, pytest.approx(2024.75, abs=0.002)]
    assert pace["x"][0] == 2024.5, "the pace goes on from the newest half-year that has ended"


def test_without_a_pace_nothing_goes_on() -> None:
    assert path_line(series(1.0, 1.5), **look())["data"][3]["x"] == []


def test_the_country_is_a_thin_line_beside_an_area() -> None:
    whole = series(0.8, None, 1.4, 1.6)
    figure = path_line(series(1.0, 1.2, None, 1.5), beside=whole, **look())
    country, line, _, _ = figure["data"][4:]
    assert country["x"] == [2024.5, None, 2025.5, 2026]
    assert country["y"] == [0.8, None, 1.4, 1.6]
    assert country["line"]["width"] < line["line"]["width"]
    named = figure["layout"]["annotations"][-1]
    assert (named["text"], named["x"], named["yanchor"]) == ("¤country¤", 2024.5, "top"), "it lies below"
    assert len(path_line(series(1.0), beside=whole.iloc[1:2], **look())["data"]) == 7, "nothing is known"


def test_key_of_the_path_names_every_mark_with_its_value() -> None:
    path = [("2023-12-31", 1.0, "baseline"), ("2029-12-31", 2.5, "committed"), ("2029-12-31", 3.0, "target")]
    key = path_key(
        series(1.0, None),
        words=WORDS,
        number=number,
        path=path,
        moved=[("2024-01-01", 3.2), ("2029-12-31", 3.0)],
        pace=("2029-12-31", 2.9),
    )
    assert key == [
        "○ ¤baseline¤ 1,0",
        "△ ¤committed¤ 2,5",
        "◆ ¤target¤ 3,0",
        "··· ¤original¤ 3,2",
        "– – ¤pace¤ 2,9",
        "– ¤not_reported¤",
    ]


def test_years_far_apart_are_joined_by_dots_only() -> None:
    years = ["2000", "2005", "2006"]
    frame = pd.DataFrame({"area": "fi", "area_name": "¤fi¤", "period": years, "value": [1.0, 2.0, 3.0]})
    dots, line, _ = need.need_series(frame, **look())["data"]
    assert dots["line"]["dash"] == "dot"
    assert line["x"] == [2000, None, 2005, 2006]


def test_moments_are_true_to_the_calendar() -> None:
    assert periods.moment("2025h1") == 2025.5
    assert periods.moment("2025h2") == periods.moment("2025-12-31") == 2026
    assert periods.moment("2018") == 2018
    with pytest.raises(ValueError, match="to_date"):
        periods.moment("to_date")


def test_bridge_names_the_difference() -> None:
    shown = figures(areas())["bridge"]
    assert "−1,0 ¤why¤" in texts(shown)
    assert shown["data"][1]["base"] == [2]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", PALETTES)
def test_colours_can_be_told_from_the_ground_and_texts_read(name: str) -> None:
    palette = PALETTES[name]
    for goal in ("g1", "g2", "g3", "g4", "accent"):
        assert contrast(palette[goal], palette["surface"]) >= 3
    for text in (palette["ink"], palette["ink_soft"], *palette["status"].values()):
        assert contrast(text, palette["surface"]) >= 4.5
        assert contrast(text, palette["card"]) >= 4.5
    assert contrast(palette["ramp"][0], palette["surface"]) >= 1.5
    for fill in palette["ramp"]:
        assert contrast(text_on(fill), fill) >= 4.5


@pytest.mark.parametrize("name", ["choropleth", "bubbles", "tiles", "ranked"])
def test_an_empty_frame_still_draws(name: str) -> None:
    assert figures(areas().head(0))[name]["layout"]["height"] > 0


def test_wall_is_twice_as_large() -> None:
    normal, wall = (ranked.ranked_dots(areas(), size=size, **look()) for size in ("normal", "wall"))
    assert wall["layout"]["font"]["size"] == 2 * normal["layout"]["font"]["size"]


def test_a_dumbbell_has_two_points_where_there_are_two_reports() -> None:
    figure = dumbbells.dumbbells(pairs(), scale=(0, 4), **look())
    links, first, latest = figure["data"]
    assert (links["x"], first["x"], latest["x"]) == ([1.5, 2.5], [1.5], [2.5, 3])
    assert "1,5 → 2,5" in texts(figure)
    assert f"{SYMBOLS['not_published']} ¤not_published¤" in texts(figure)
    assert str(SECRET) not in json.dumps(figure)


def test_a_partnership_without_an_end_goes_on_to_the_edge() -> None:
    when = {"until": date(2026, 9, 30), "ends": date(2027, 12, 31)}
    figure = timelines.timeline(spans(), **when, palette=PALETTES["light"], day=str)
    (bars,) = figure["data"]
    ends = [round(begin + length, 3) for begin, length in zip(bars["base"], bars["x"], strict=True)]
    assert ends == [2028, 2025.496]
    assert figure["layout"]["shapes"][0]["x0"] == pytest.approx(2026.748, abs=0.001)
