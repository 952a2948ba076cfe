"""Questions to the store, and what they give."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from data_access.queries import changes as change_queries
from data_access.queries import figures as figure_queries
from data_access.queries import network as network_queries
from data_access.queries import progress as progress_queries
from data_access.queries import reference as reference_queries
from data_access.scope import operator


def test_a_protected_figure_tells_nothing_but_that_it_is(demo_store):
    official, restricted = (
        figure_queries.figures(operator(audience=audience), 2, "fi", indicator=("people", "nr1", "si6"))
        for audience in ("official", "restricted")
    )
    key = ["indicator", "scheme", "area", "period", "goal"]
    pd.testing.assert_frame_equal(official[key], restricted[key])
    hidden = official["state"] == "protected"
    assert hidden.any()
    assert official.loc[hidden, list(figure_queries.TELLING)].isna().all().all()
    assert set(official.loc[hidden, "status"]) == {"not_enough_evidence"}
    assert "protected" not in set(restricted["state"])
    assert restricted.loc[hidden, "value"].notna().all()
    rest = [name for name in figure_queries.TELLING if name != "detail"]
    pd.testing.assert_frame_equal(
        official.loc[~hidden, rest], restricted.loc[~hidden, rest], check_dtype=False
    )


@pytest.mark.parametrize("audience", ["", "everyone", "OFFICIAL"])
def test_an_unknown_audience_gets_nothing(demo_store, audience):
    for ask in (
        lambda: figure_queries.figures(operator(audience=audience), 2, "fi", indicator="si6"),
        lambda: figure_queries.releases(operator(audience=audience), "fi"),
        lambda: change_queries.changes(operator(audience=audience), 1, 2),
    ):
        with pytest.raises(ValueError, match="not an audience"):
            ask()


def test_figures_are_narrowed_by_every_dimension(demo_store):
    asked: dict[str, Any] = {
        "indicator": ("nr1", "people"),
        "scheme": "evk",
        "period": ("2025h2", "2026h1"),
        "goal": "g1",
    }
    found = figure_queries.figures(operator(), 2, "sv", **asked)
    assert set(found["indicator"]) == {"nr1", "people"}
    assert len(found) == 2 * 10 * 2
    assert all(rows["position"].is_monotonic_increasing for _, rows in found.groupby("indicator"))
    assert figure_queries.figures(operator(), 2, "fi", indicator="none").empty
    assert figure_queries.figures(operator(), 99, "fi").empty


def test_the_latest_period_is_the_latest_that_is_due(demo_store):
    # As of 30.9.2026 the reports of 2026h1 were due on 14.8.; 2026h2 runs, and has euros to date already.
    assert figure_queries.latest_period(operator(), 2, "eur_paid") == "2026h1"
    assert figure_queries.latest_period(operator(), 2, "ctx1") == "2021"
    assert figure_queries.periods_of(operator(), 2, "nr1")[-1] == "to_date"
    assert figure_queries.periods_of(operator(), 2, "unknown") == []
    assert figure_queries.latest_period(operator(), 2, "unknown") is None


def test_spellings_of_one_organisation_share_an_identity(demo_store):
    rows = network_queries.partnerships(operator(), 2, "esf51", "fi", date(2026, 9, 30))
    alike = rows.groupby("identity")["organisation"].nunique()
    # o88 by a decision, o90 by its business ID; o89 waits for the steward.
    assert (alike > 1).sum() == 2
    assert "demo-o89" in set(rows["identity"])
    assert "demo-p08" not in set(rows["project"]), "a withdrawn project has no partners any more"
    shown = figure_queries.figures(
        operator(), 2, "fi", indicator="si6", area="fi", period="to_date", goal="all"
    )
    assert shown["value"].tolist() == [rows["identity"].nunique()]


# ---- progress ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["2024h2", "2025h1", "2025h2", "2026h1", "2026h2"])
def test_the_list_of_reports_is_what_the_figures_count(demo_store, period):
    reports = progress_queries.reports(operator(), 2, "fi", "esf51", period)
    counted = figure_queries.figures(operator(), 2, "fi", area="fi", period=period)
    counted = counted[counted["expected"].notna()]
    assert len(counted) > 50
    for row in counted.itertuples():
        mine = reports[[row.goal in ("all", *goals.split(", ")) for goals in reports["goals"]]]
        came = [row.indicator not in missing.split(", ") for missing in mine["missing"]]
        assert (len(mine), sum(came)) == (row.expected, row.reported), (row.indicator, row.goal)
    assert (reports["reported_on"].isna() == reports["missing"].str.contains("nr2.*people")).mean() > 0.9


def test_clocks_are_read_off_the_figures(demo_store):
    clocks = progress_queries.goal_clocks(operator(), 2, "fi", "esf51").set_index("goal")
    assert clocks["laggards"].to_dict() == {
        "g1": ["money"],
        "g2": ["money"],
        "g3": ["money"],
        "g4": ["result"],
    }
    assert clocks["time"].round(3).unique().tolist() == [0.638]
    for goal, row in clocks.iterrows():
        paid, committed = (
            figure_queries.figures(
                operator(), 2, "fi", indicator=code, area="fi", period="2026h1", goal=str(goal)
            )["value"].item()
            for code in ("eur_paid", "eur_committed")
        )
        assert row["paid"] == paid / committed
    assert clocks.loc["g3", ["result", "by_now"]].isna().all(), "the evidence vetoes"
    assert progress_queries.goal_clocks(operator(), 2, "fi", "lape").empty


def test_the_pace_goes_on_or_is_refused_with_its_reason(demo_store):
    def outlook(indicator: str, goal: str = "all") -> dict[str, Any]:
        return progress_queries.outlook(operator(), 2, indicator, goal).iloc[0].to_dict()

    assert outlook("nr1", "g1") == {
        "indicator": "nr1",
        "goal": "g1",
        "area": "fi",
        "day": date(2029, 12, 31),
        "value": 4.0,
        "reason": None,
        "points": 4,
        "bounded": True,
    }
    assert outlook("nr1", "g3")["reason"] == "not_enough_evidence"
    assert outlook("ctx1")["reason"] == "too_few_points"
    # 52 organisations on 30.9.2026 are no half-year yet: the seven that ended lead to more than 90.
    assert outlook("eeco18")["points"] == 7
    assert 90 < outlook("eeco18")["value"] < 120


def test_the_next_transmission_follows_from_the_last_day(demo_store):
    sent = progress_queries.transmission(operator(), 2, "fi", "esf51")
    assert sent["indicator"].tolist() == ["eeco18", "esfres"]
    first = sent.iloc[0]
    assert (first["period"], first["before"]) == ("2026h2", "2026h1")
    assert (first["sent_by"], first["cut_off"]) == (date(2027, 1, 31), date(2026, 12, 31))
    assert sent["state"].tolist() == ["value", "not_yet_due"]
    assert progress_queries.transmission(operator(), 2, "fi", "lape").empty


@pytest.mark.parametrize(
    ("area", "scheme", "meant"),
    [
        ("mk08", "evk", "evk03"),
        ("evk05", "maakunta", "mk13"),
        ("mk01", "wellbeing", "hva01"),
        ("rr10", "funding", "rr05"),
        ("mk08", "maakunta", "mk08"),
        ("mk21", "ely", None),
    ],
)
def test_an_area_of_another_division_means_the_one_that_shares_most(demo_store, area, scheme, meant):
    assert reference_queries.nearest_area(operator(), area, scheme, date(2026, 9, 30)) == meant
