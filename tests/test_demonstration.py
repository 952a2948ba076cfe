"""The demonstration round: the same bytes from the same seed, marked everywhere, and every state in it."""

import importlib.util
from datetime import date

import pytest

from data_access.queries import changes as change_queries
from data_access.queries import figures as figure_queries
from data_access.queries import network as network_queries
from data_access.queries import targets as target_queries
from data_access.reference import read_rows
from data_access.scope import operator
from data_access.settings import SAMPLE_DATA

DEMO = SAMPLE_DATA / "demo"


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("generate", DEMO / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def shown(demo_store):
    """What the official audience gets of the demonstration's newest release."""
    with demo_store.in_use():
        return figure_queries.figures(operator(), 2, "fi")


def test_the_same_seed_gives_the_same_bytes(generator, tmp_path, capsys):
    generator.write(tmp_path)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.csv")}
    kept = {path.relative_to(DEMO): path.read_bytes() for path in DEMO.rglob("*.csv")}
    assert made == kept, "run python sample_data/demo/generate.py"


def test_every_kind_of_nothing_appears(shown):
    assert set(shown["state"]) == {
        "value",
        "zero",
        "not_reported",
        "not_yet_due",
        "not_applicable",
        "not_published",
        "not_in_programme",
        "cannot_be_expressed",
        "protected",
    }


def test_every_status_and_verdict_that_the_pages_explain_appears(shown):
    assert set(shown["status"]) >= {
        "on_course",
        "behind",
        "far_behind",
        "moving_away",
        "no_target",
        "not_enough_evidence",
    }
    assert set(shown["verdict"].dropna()) >= {"better", "similar", "worse"}
    assert shown["rank_low"].notna().any()


def test_the_four_goals_tell_their_story(shown):
    lead = shown[(shown["area"] == "fi") & (shown["period"] == "2026h1") & (shown["indicator"] == "nr1")]
    assert lead.set_index("goal")["status"].to_dict() == {
        "g1": "on_course",
        "g2": "behind",
        "g3": "not_enough_evidence",
        "g4": "moving_away",
        "all": lead.set_index("goal").loc["all", "status"],
    }
    silent = lead.set_index("goal").loc["g3"]
    assert 0 < silent["reported"] < silent["expected"] / 2


@pytest.mark.parametrize("name", ["projects", "organisations"])
def test_every_name_says_that_it_is_invented(name):
    for row in (row for path in DEMO.rglob(f"{name}.csv") for row in read_rows(path)):
        assert row["code"].startswith("demo-")
        assert row["demonstration"] == "true"
        for language, mark in (("fi", "(esimerkki)"), ("sv", "(exempel)"), ("en", "(demo)")):
            assert row["name"][language].endswith(mark)


def test_every_row_has_the_demonstration_for_its_source():
    for path in DEMO.rglob("*.csv"):
        rows = read_rows(path)
        if "source" in rows[0]:
            assert {row["source"] for row in rows} == {"demonstration"}, path.name


def test_no_figure_hides_that_it_is_invented(shown):
    made_up = shown["sources"].map(lambda codes: "demonstration" in codes)
    assert shown[made_up]["demonstration"].all()
    assert not shown[(shown["indicator"] == "ctx1") & (shown["area"] == "fi")]["demonstration"].any()


def test_at_most_fifteen_in_a_hundred_cells_about_people_are_hidden(shown):
    about_people = shown[shown["indicator"].isin(["people", "nr1", "nr2", "esfres"])]
    told = about_people["state"].isin(["value", "zero", "protected"])
    assert (about_people[told]["state"] == "protected").mean() <= 0.15


def test_a_withdrawn_project_and_one_only_planned(demo_store):
    projects = network_queries.projects(operator(), 2, "esf51", "fi")
    demo = projects[projects["demonstration"]]
    assert len(demo) == 28
    assert demo["state"].value_counts()["withdrawn"] == 1
    assert "planned" in set(demo["state"])


def test_a_target_was_moved_and_both_can_be_read(demo_store):
    release = figure_queries.releases(operator(), "fi").iloc[0]
    history = target_queries.target_history(operator(), "nr1", release["as_of"], "fi")
    steps = history[(history["goal"] == "g2") & (history["kind"] == "target")]
    assert steps["value"].tolist() == [3.4, 3.2]
    assert steps["original"].tolist() == [True, False]
    assert steps["until"].tolist() == [steps["set_on"].tolist()[1], None]
    before = target_queries.target_history(operator(), "nr1", steps["set_on"].tolist()[0], "fi")
    assert before[(before["goal"] == "g2") & (before["kind"] == "target")]["until"].tolist() == [None]
    asked = {"indicator": "nr1", "area": "fi", "goal": "g2", "period": "2026h1"}
    targets = [
        figure_queries.figures(operator(), number, "fi", **asked)["target"].item() for number in (1, 2)
    ]
    assert targets == [3.4, 3.2]
    assert ["all", "fi"] in target_queries.target_areas(
        operator(), "nr1", release["as_of"]
    ).to_numpy().tolist()


def test_two_releases_that_differ_for_every_natural_reason(demo_store):
    releases = figure_queries.releases(operator(), "fi")
    assert releases["number"].tolist() == [2, 1]
    assert releases["state"].tolist() == ["published", "superseded"]
    assert releases["as_of"].map(str).tolist() == ["2026-09-30", "2026-03-31"]
    assert releases["demonstration"].all()
    whole = change_queries.changes(operator(audience="restricted"), 1, 2)
    assert len(whole) > 10_000
    assert (whole["parts"].map(lambda parts: sum(parts.values())) - whole["change"]).abs().max() < 1e-9
    found = change_queries.changes(operator(), 1, 2)
    assert set(found["reasons"].explode()) >= {
        "time",
        "project",
        "partnership",
        "organisations_merged",
        "correction",
        "new_report",
        "target",
    }


def test_the_first_release_knows_nothing_of_what_came_later(demo_store):
    before, now = (
        network_queries.projects(operator(), number, "esf51", "fi").set_index("code") for number in (1, 2)
    )
    assert before["state"].compare(now["state"]).to_dict("index") == {
        "demo-p02": {"self": "running", "other": "ended"},
        "demo-p08": {"self": "running", "other": "withdrawn"},
        "demo-p11": {"self": "running", "other": "ended"},
        "demo-p16": {"self": "planned", "other": "running"},
    }
    day = date(2026, 9, 30)
    before, now = (network_queries.partnerships(operator(), number, "esf51", "fi", day) for number in (1, 2))
    assert "demo-p08" in set(before["project"])
    assert "demo-p08" not in set(now["project"])
    assert before["identity"].nunique() == 96
    assert before["ends"].dropna().max() <= date(2026, 3, 31)
    assert set(figure_queries.figures(operator(), 1, "fi", period="2026h1")["state"]) <= {
        "value",
        "zero",
        "not_yet_due",
        "not_applicable",
        "not_published",
        "not_in_programme",
        "cannot_be_expressed",
    }
