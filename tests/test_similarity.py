"""How alike areas are: by hand, and whatever the figures are."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.measures.similarity import distances
from data_access.queries import figures as figure_queries
from data_access.queries.similar import similar_areas
from data_access.scope import operator

AREAS = ["a", "b", "c", "d"]
FEW = settings(max_examples=30, deadline=None, derandomize=True)
# Numbers as counts and euros are: not so close to each other that their difference is lost in rounding.
numbers = st.integers(min_value=-(10**6), max_value=10**6).map(float)
tables = st.lists(st.lists(st.none() | numbers, min_size=4, max_size=4), min_size=1, max_size=3).map(
    lambda rows: pd.DataFrame(dict(enumerate(rows)), index=AREAS, dtype="float64")
)


def test_a_distance_by_hand():
    # Projects 1, 3, 5, 7: mean 4, deviations -3, -1, 1, 3, variance (9 + 1 + 1 + 9) / 4 = 5.
    # Euros 10, 10, 30, nothing: mean 50 / 3, variance (2 * (20/3)^2 + (40/3)^2) / 3 = 800 / 9.
    values = pd.DataFrame(
        {"projects": [1.0, 3.0, 5.0, 7.0], "euros": [10.0, 10.0, 30.0, np.nan]}, index=AREAS
    )
    told = distances(values, "a")
    step, jump = 2 / sqrt(5), 20 / sqrt(800 / 9)
    assert told.loc["b", ["projects", "euros"]].tolist() == pytest.approx([step, 0])
    assert told.loc["b", "distance"] == pytest.approx(sqrt((step**2 + 0) / 2))
    assert told.loc["c", "distance"] == pytest.approx(sqrt(((2 * step) ** 2 + jump**2) / 2))
    assert told.loc["d", "distance"] == pytest.approx(3 * step), "over the one figure that both have"
    assert told["compared"].tolist() == [2, 2, 2, 1]


def test_a_figure_that_is_the_same_everywhere_tells_no_areas_apart():
    told = distances(pd.DataFrame({"projects": [2.0, 2.0, 2.0]}, index=AREAS[:3]), "a")
    assert told["distance"].tolist() == [0, 0, 0]


@FEW
@given(tables)
def test_an_area_is_as_far_from_another_as_the_other_from_it(values):
    there = pd.DataFrame({area: distances(values, area)["distance"] for area in AREAS})
    pd.testing.assert_frame_equal(there, there.T)
    has = values.notna().any(axis=1)
    assert (np.diag(there)[has] == 0).all()


@FEW
@given(tables, st.sampled_from([0.001, 0.5, 100.0, 1_000_000.0]), st.sampled_from([0.0, 7.0]))
def test_the_unit_of_a_figure_does_not_matter(values, unit, zero):
    one, other = distances(values, "a"), distances(values * unit + zero, "a")
    pd.testing.assert_frame_equal(one, other, check_exact=False, atol=1e-6)


@pytest.mark.parametrize("scheme", ["maakunta", "ely", "evk", "funding", "wellbeing"])
def test_what_areas_are_compared_by_are_figures_that_anybody_may_see(demo_store, scheme):
    shown = figure_queries.figures(operator(), 2, "fi", scheme=scheme, period="to_date", goal="all")
    shown = shown[shown["state"].isin(["value", "zero"])].set_index(["area", "indicator"])["value"]
    # Projects act in the whole of Uusimaa, not in the counties inside it: those have nothing to compare.
    area = {"wellbeing": "hva15"}.get(scheme, shown.index[0][0])
    found = similar_areas(operator(), 2, "fi", scheme, area, "to_date")
    assert (found.loc[0, "code"], found.loc[0, "distance"]) == (area, 0)
    assert found["distance"].dropna().is_monotonic_increasing
    figures = ["projects", "si6", "eur_committed"]
    assert [column for column in found if f"{column}_difference" in found] == [
        "si6",
        "projects",
        "eur_committed",
    ]
    for row in found.set_index("code").itertuples():
        for code in figures:
            value = getattr(row, code)
            assert (row.Index, code) not in shown.index if pd.isna(value) else shown[row.Index, code] == value
        assert row.compared == (0 if pd.isna(row.distance) else len(figures) - len(row.missing.split()))
