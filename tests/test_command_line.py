"""The command line: rows that a page shows, and acts that say what they did."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data_access.__main__ import SHOWN, Listing, app
from data_access.intake.layout import SHEET_OF
from data_access.models import Release
from data_access.store import writing
from tests.store.stores import PROJECT, forget_settings

KEYS = [
    "indicator",
    "scheme",
    "area",
    "area_name",
    "period",
    "goal",
    "value",
    "unit",
    "numerator",
    "denominator",
]
KEYS += ["n", "low", "high", "state", "release"]


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def rows(*words: str) -> list[dict]:
    done = run(*words, "--format", "json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_figures_of_the_facts(facts_store):
    (row,) = rows("figures", "SI6", "--scheme", "country")
    assert tuple(row) == SHOWN
    assert list(row)[:15] == KEYS
    assert (row["value"], row["detail"]["partnerships"], row["detail"]["several_projects"]) == (9, 10, 1)
    assert (row["state"], row["release"], row["indicator"], row["demonstration"]) == (
        "value",
        1,
        "SI6",
        False,
    )
    # Nothing is said of areas as long as only national projects are known.
    assert {row["state"] for row in rows("figures", "si6", "--scheme", "ely")} == {"not_reported"}


def test_csv_and_json_say_the_same(demo_store):
    asked = ["figures", "NR1", "--scheme", "evk", "--period", "2026H1", "--goal", "G2", "--language", "sv"]
    as_json = rows(*asked)
    as_csv = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv").stdout)))
    assert len(as_json) == len(as_csv) == 10
    for one, other in zip(as_json, as_csv, strict=True):
        assert one["area_name"] == other["area_name"]
        assert (one["value"] is None) == (other["value"] == "")
        assert one["value"] is None or float(other["value"]) == one["value"]
        assert one["goal"] == "G2"


def test_what_has_parts_is_json_in_csv_too(facts_store):
    (as_json,) = rows("figures", "SI6")
    (as_csv,) = csv.DictReader(io.StringIO(run("figures", "SI6", "--format", "csv").stdout))
    assert json.loads(as_csv["detail"]) == as_json["detail"]


def test_all_periods_and_both_audiences(demo_store):
    official = rows("figures", "people", "--scheme", "maakunta", "--period", "all")
    restricted = rows(
        "figures", "people", "--scheme", "maakunta", "--period", "all", "--audience", "restricted"
    )
    assert len(official) == len(restricted)
    hidden = [number for number, row in enumerate(official) if row["state"] == "protected"]
    assert hidden
    for number in hidden:
        assert [official[number][name] for name in ("value", "n", "low", "high", "detail")] == [None] * 5
        assert restricted[number]["value"] is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["figures", "SI99"], "There is no indicator 'SI99'"),
        (["figures", "SI6", "--scheme", "lääni"], "There is no scheme"),
        (["figures", "SI6", "--goal", "g9"], "There is no goal"),
        (["figures", "SI6", "--period", "2031H1"], "has no figures for 2031H1"),
        (["figures", "SI6", "--period", "kevät"], "does not know the period kevät"),
        (["figures", "SI6", "--period", "2031H1"], "It has: 2023, 2023H1"),
        (["figures", "SI6", "--release", "7"], "There is no release 7"),
        (["figures", "SI6", "--release", "0"], "There is no release 0"),
        (["figures", "SI6", "--language", "de"], "There is no language 'de'"),
        (["list", "areas", "--language", "de"], "There are: fi, sv, en"),
        (["release", "list", "--language", "de"], "There are: fi, sv, en"),
        (["init"], "Say which"),
        (["init", "--demo", "--facts"], "Say which"),
        (["release", "publish", "7"], "there is no release 7"),
        (["release", "publish", "1"], "only a draft can be published"),
        (["release", "withdraw", "1", "--reason", " "], "says why"),
        (["release", "diff", "1", "1"], "name the older release first"),
        (["release", "diff", "1", "7"], "there is no release 7"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_what_cannot_be_done_is_said_in_words(facts_store, words, said):
    done = run(*words)
    assert done.exit_code != 0
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_areas_show_their_dated_members(facts_store):
    areas = {row["code"]: row for row in rows("list", "areas")}
    assert areas["ely04"]["members"] == [
        {"atom": "hva07", "valid_from": "2021-01-01", "valid_to": "2025-12-31"},
        {"atom": "hva09", "valid_from": "2021-01-01", "valid_to": "2025-12-31"},
    ]
    assert "hva07" in [member["atom"] for member in areas["evk04"]["members"] if member["valid_to"] is None]
    assert len(areas["fi"]["members"]) == 23


def test_what_no_source_tells_is_not_available_in_the_list_either(facts_store):
    stages = rows("list", "funnel", "--language", "en")
    assert [(row["value"], row["state"]) for row in stages] == [
        (51, "value"),
        (28, "value"),
        (None, "not_available"),
    ]
    funded = next(row for row in rows("list", "facts") if row["code"] == "call1_funded")
    assert (funded["known"], funded["value"]) == (False, None)


@pytest.mark.parametrize("what", list(Listing))
def test_everything_can_be_listed(facts_store, what):
    found = rows("list", what)
    assert found
    assert run("list", what).exit_code == 0
    codes = [row["code"] for row in found if "code" in row]
    assert what not in ("indicators", "goals") or codes[0].isupper()


def test_a_release_from_draft_to_withdrawal(facts_store, tmp_path):
    with facts_store.copy(tmp_path / "store").in_use():
        built = run("release", "build", "--note", "Syksyn kierros", "--note-en", "The autumn round")
        assert built.exit_code == 0, built.stderr
        for word in ("release 2 (draft)", "figures:", "protected: primary", "audit:", "time:"):
            assert word in built.stdout
        assert "There is no release 2" in run("figures", "SI6", "--release", "2").stderr
        assert rows("figures", "SI6", "--release", "2", "--audience", "restricted")[0]["value"] == 9
        assert run("release", "publish", "2", "--embargo", "2126-12-01T09:00").exit_code == 0
        moved = run("release", "embargo", "2", "--reason", "a later day", "--until", "2127-01-01")
        assert (moved.exit_code, "2127-01-01" in moved.stdout) == (0, True)
        assert rows("figures", "SI6")[0]["release"] == 1
        assert run("release", "embargo", "2", "--reason", "x").exit_code == 2
        assert run("release", "embargo", "2", "--reason", " ", "--lift").exit_code == 1
        assert run("release", "embargo", "2", "--reason", "the day has come", "--lift").exit_code == 0
        assert "not under embargo" in run("release", "embargo", "2", "--reason", "x", "--lift").stderr
        assert rows("figures", "SI6")[0]["release"] == 2
        states = {row["number"]: row["state"] for row in rows("release", "list")}
        assert states == {1: "superseded", 2: "published"}
        assert rows("release", "diff", "1", "2") == []
        assert run("release", "withdraw", "2", "--reason", "väärä tiedosto").exit_code == 0
        (newest, *_) = rows("list", "releases", "--language", "en")
        assert (newest["note"], newest["withdrawn_reason"]) == ("The autumn round", "väärä tiedosto")
        assert rows("figures", "SI6")[0]["release"] == 1
        checked = run("check")
        assert checked.exit_code == 0, checked.stderr


@pytest.mark.parametrize("outcome", ["failed", "not_run"])
def test_an_unaudited_release_is_not_published_and_it_is_said_what_to_do(facts_store, tmp_path, outcome):
    with facts_store.copy(tmp_path / "store").in_use():
        run("release", "build")
        with writing() as session:
            session.get_one(Release, 2).audit = outcome
        done = run("release", "publish", "2")
        assert done.exit_code == 1
        assert "Not published: release 2" in done.stderr
        assert "build it again" in " ".join(done.stderr.split())


def test_check_finds_what_somebody_changed(facts_store, tmp_path):
    import sqlite3

    with facts_store.copy(tmp_path / "store").in_use() as own:
        assert run("check").exit_code == 0
        with sqlite3.connect(own.folder / "turvaverkko.sqlite3") as connection:
            connection.execute("DROP TRIGGER figure_frozen_update")
            connection.execute("UPDATE figure SET value = 10 WHERE indicator = 'si6' AND value = 9")
        done = run("check")
        assert done.exit_code == 1
        assert "release 1 is not as it was built" in done.stderr


@pytest.mark.parametrize("words", [["check"], ["figures", "SI6"], ["list", "areas"], ["release", "list"]])
def test_a_command_before_init_says_what_to_do(words):
    done = run(*words)
    assert done.exit_code == 1
    assert "There is no store yet" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TURVAVERKKO_DATA", __file__, "no folder to write to"),
        ("DATABASE_URL", "our-database", "DATABASE_URL is no address"),
        ("DATABASE_URL", "mysql://somewhere/ours", "DATABASE_URL is no address"),
    ],
)
def test_where_a_store_cannot_be_it_is_said_why(name, value, said, monkeypatch):
    monkeypatch.setenv(name, value)
    forget_settings()
    for words in (["init", "--facts"], ["figures", "SI6"]):
        done = run(*words)
        assert done.exit_code == 1
        assert said in done.stderr


def test_help_reads_well_and_comes_at_once():
    """Help and a second start must not wait for what only building needs."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "data_access", "--help"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("init", "check", "figures", "list", "account", "release", "boundaries"):
        assert command in done.stdout
    for heavy in ("pandas", "scipy", "sqlalchemy", "alembic", "shapely", "pyproj"):
        assert f" {heavy}\n" not in done.stderr, f"{heavy} is imported before it is needed"
    for words in (["release", "--help"], ["release", "build", "--help"], ["figures", "--help"]):
        assert run(*words).exit_code == 0


# ---- files, batches and rounds -------------------------------------------------------------------------


def reports(path: Path, *rows: dict) -> str:
    """A text file of observations, as a machine would write it; gives its path."""
    columns = [column.code for column in SHEET_OF["observations"].columns]
    lines = [columns, *([str(row.get(column, "")) for column in columns] for row in rows)]
    path.write_text("\r\n".join(map(";".join, lines)), encoding="utf-8")
    return str(path)


def test_a_file_is_brought_in_looked_up_corrected_and_undone(demo_store, tmp_path):
    told = {"project": "demo-p01", "indicator": "si1", "period": "2026h1", "reported_on": "2026-07-10"}
    good = reports(tmp_path / "observations.csv", told | {"value": "3,1", "n": 20, "reason": "typing error"})
    with demo_store.copy(tmp_path / "store").in_use():
        dry = json.loads(run("import", good, "--dry-run", "--json").stdout)
        assert dry["rows"] == {"observations": {"new": 0, "corrected": 1, "withdrawn": 0, "unchanged": 0}}
        assert (dry["batch"], dry["findings"], len(dry["sha256"])) == (None, [], 64)
        assert rows("batches")[0]["batch"] == 15, "a dry run loads nothing"
        done = run("import", good, "--note", "July")
        assert (done.exit_code, "Batch 16 is loaded" in done.stderr) == (0, True)
        again = json.loads(run("import", good, "--json").stdout)
        assert (again["batch"], again["same_file"]) == (None, 16)
        newest = rows("batches")[0]
        assert (newest["batch"], newest["corrected"], newest["demonstration"]) == (16, 1, True)
        asked = ("value", "SI1", "2026H1", "--project", "demo-p01")
        versions = rows(*asked)
        assert [(row["state"], row["reason"]) for row in versions] == [
            ("superseded", None),
            ("stands", "typing error"),
        ]
        number = str(versions[-1]["observation"])
        assert run("correct", number, "--reason", "x").exit_code == 2
        assert "Batch 17" in run("correct", number, "--value", "3.2", "--reason", "again").stdout
        refused = run("undo", "16", "--reason", "a wrong file")
        assert (refused.exit_code, "batch 17" in refused.stderr) == (1, True)
        for batch in ("17", "16"):
            assert run("undo", batch, "--reason", "a wrong file").exit_code == 0
        assert rows(*asked)[-1]["value"] == versions[0]["value"]
        assert run("check").exit_code == 0


def test_a_file_that_breaks_rules_ends_with_1_and_one_that_is_none_with_2(demo_store, tmp_path):
    bad = reports(
        tmp_path / "observations.csv", {"project": "nobody", "indicator": "si1", "period": "2026h1"}
    )
    done = run("import", bad, "--json", "--language", "en")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert {"unknown_project", "required"} <= {finding["rule"] for finding in said["findings"]}
    assert 'There is no project "nobody".' in {finding["what"] for finding in said["findings"]}
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 broken off")
    for path in ("broken.xlsx", "absent.xlsx"):
        done = run("import", str(tmp_path / path))
        assert (done.exit_code, "Traceback" in done.stderr) == (2, False), path
    assert rows("batches")[0]["batch"] == 15


def test_rounds_and_embargoes_from_the_command_line(demo_store):
    found = rows("rounds", "--period", "2026H1")
    # Of the 26 awaited, 15 projects of the story have told everything, 7 nothing.
    states = [row["state"] for row in found]
    assert (len(states), states.count("reported"), states.count("late")) == (26, 15, 7)
    assert run("rounds", "--period", "1999h1").exit_code == 2
    done = run("release", "publish", "2", "--embargo", "2026-12-01T09:00")
    assert (done.exit_code, "only a draft" in done.stderr) == (1, True)
