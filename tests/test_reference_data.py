"""Every file of rows is what the store takes, in three languages, and says what the sources say."""

import re
import subprocess
import sys
from datetime import date
from functools import cache

import pytest

from data_access import reference
from data_access.initialise import ROUNDS
from data_access.models import LANGUAGES
from data_access.queries import facts as fact_queries
from data_access.queries import figures as figure_queries
from data_access.queries import reference as reference_queries
from data_access.scope import operator
from data_access.settings import SAMPLE_DATA

FIRST, LATER = (part.folders for part in ROUNDS["demo"])
FILES = sorted(path for folder in (*FIRST, *LATER) for path in (SAMPLE_DATA / folder).glob("*.csv"))
FOURTEEN = [
    "si1",
    "si2",
    "si3",
    "si4",
    "si5",
    "si6",
    "si7",
    "nr1",
    "nr2",
    "nr3",
    "nr4",
    "eeco18",
    "esfres",
    "ctx1",
]
PROGRAMME = "esf51"


@cache
def rows(name: str) -> tuple[dict, ...]:
    """The rows of one table in all folders."""
    paths = [path for path in FILES if path.stem == name]
    return tuple(row for path in paths for row in reference.read_rows(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_row_is_what_its_table_takes(path):
    found = reference.read_rows(path)
    assert found
    assert path.stem in reference.TABLES, f"no table is filled from {path.name}: name it in reference.TABLES"
    reference.checked(reference.TABLES[path.stem], found, path.name)
    text = path.read_bytes()
    assert b"\r" not in text, "lines end with LF"
    assert not text.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_text_is_there_in_three_languages(path):
    for row in reference.read_rows(path):
        for column, words in row.items():
            if isinstance(words, dict):
                assert all(words[language].strip() for language in LANGUAGES), f"{column}: {row}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_contact_details_and_no_personal_codes(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"[\w.]+@[\w.]+|\+358|\b\d{6}[-+A]\d{3}\w\b", text)


@pytest.mark.parametrize(
    "name", ["sources", "goals", "indicators", "areas", "schemes", "projects", "rules", "facts"]
)
def test_codes_are_plain_and_stand_once(name):
    paths = [SAMPLE_DATA / folder / f"{name}.csv" for folder in FIRST]
    codes = [row["code"] for path in paths if path.exists() for row in reference.read_rows(path)]
    assert len(codes) == len(set(codes))
    assert {row["code"] for row in rows(name)} == set(codes), "a later round replaces rows by their code"
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_-]*", code) for code in codes)


def test_whatever_a_row_refers_to_is_there():
    known = {
        name: {row["code"] for row in rows(name)}
        for name in ("sources", "areas", "goals", "indicators", "projects", "organisations", "calls")
    }
    refers = {
        "source": "sources",
        "area": "areas",
        "atom": "areas",
        "neighbour": "areas",
        "home_area": "areas",
        "funding_area": "areas",
        "goal": "goals",
        "indicator": "indicators",
        "lead_indicator": "indicators",
        "project": "projects",
        "organisation": "organisations",
        "first": "organisations",
        "second": "organisations",
        "call": "calls",
    }
    for path in FILES:
        for row in reference.read_rows(path):
            for column, table in refers.items():
                assert row.get(column) is None or row[column] in known[table], (
                    path.name,
                    column,
                    row[column],
                )


def test_the_five_divisions_and_the_country():
    areas = rows("areas")
    count = {}
    for row in areas:
        count[row["scheme"]] = count.get(row["scheme"], 0) + 1
    assert count == {"country": 1, "maakunta": 19, "ely": 15, "evk": 10, "funding": 8, "wellbeing": 23}
    assert {row["code"] for row in areas if row["in_programme"] == "false"} == {"mk21", "hva91"}
    tiles = [(row["scheme"], row["valid_from"], row["tile_row"], row["tile_column"]) for row in areas]
    assert len(tiles) == len(set(tiles)), "two areas share a tile"


def test_the_fourteen_indicators_and_the_effort_beside_them():
    codes = [row["code"] for row in sorted(rows("indicators"), key=lambda row: int(row["position"]))]
    assert codes[:14] == FOURTEEN
    for row in rows("indicators"):
        if row["unit"] == "score":
            assert (row["scale_low"], row["scale_high"]) == ("0", "4")
            assert row["assessor"], f"{row['code']} is an assessment: say whose"
    assert [row["code"] for row in rows("goals") if row["programme"] == PROGRAMME] == ["g1", "g2", "g3", "g4"]


def test_every_threshold_that_decides_has_its_rule():
    asked = {"protect_low", "protect_high", "evidence_coverage", "evidence_age_days", "evidence_respondents"}
    asked |= {"status_on_course", "status_behind", "confidence", "report_due_days", "band_draws"}
    asked |= {"trend_points", "trend_p"}
    assert asked <= {row["code"] for row in rows("rules")}


# ---- what the sources say ------------------------------------------------------------------------------


def test_the_funnel_ends_in_an_unknown(facts_store):
    stages = fact_queries.funnel(operator(), PROGRAMME, "en")
    assert stages["value"].tolist()[:2] == [51, 28]
    assert stages["value"].isna().tolist() == [False, False, True]
    assert "Not available" in stages["caveat"].tolist()[2]


def test_the_sourced_figures(facts_store):
    facts = fact_queries.facts(operator(), PROGRAMME, "en").set_index("code")
    assert facts.loc["regional_frame_eur", "value"] == 26_000_000
    assert facts.loc["soila_frame_eur", "value"] == 4_000_000
    assert facts.loc["call1_max_eur", "value"] == 10_000_000
    assert facts.loc["supported_people", "value"] == 731
    assert facts["source_title"].str.len().min() > 0, "every fact names its source"
    for unknown in ("call1_funded", "eeco18_baseline", "eeco18_target", "esfres_baseline", "esfres_target"):
        assert not facts.loc[unknown, "known"]
        assert facts["value"].isna()[unknown]
    lape = fact_queries.facts(operator(), "lape", "fi").set_index("code")
    assert lape.loc["lape_grant_reserved_eur", "value"] == 20_000_000


def test_si6_of_the_facts_is_nine_from_ten(facts_store):
    # SOILA has 3 organisations, the competence centre 7, THL is in both: 10 partnerships, 9 organisations.
    shown = figure_queries.figures(operator(), 1, "fi", indicator="si6", scheme="country", goal="all")
    latest = shown.set_index("period").loc[figure_queries.latest_period(operator(), 1, "si6")]
    assert latest["value"] == 9
    assert latest["detail"]["partnerships"] == 10
    assert latest["detail"]["several_projects"] == 1
    assert not latest["demonstration"]


def test_nothing_of_the_facts_is_a_demonstration(facts_store):
    shown = figure_queries.figures(operator(audience="restricted"), 1, "fi")
    assert not shown["demonstration"].any()
    assert set(reference_queries.programmes(operator(), "fi")["code"]) == {"esf51", "lape"}


def test_the_series_of_children_placed_outside_the_home(facts_store):
    shown = figure_queries.figures(operator(), 1, "fi", indicator="ctx1", area="fi").set_index("period")
    series = {"2000": 0.9, "2005": 1.2, "2010": 1.4, "2015": 1.5, "2018": 1.6, "2019": 1.6, "2020": 1.7}
    assert {period: shown.loc[period, "value"] for period in series} == series
    assert figure_queries.latest_period(operator(), 1, "ctx1") == "2021"


def test_who_answers_for_an_area_today_and_before(facts_store):
    found = reference_queries.answering(operator(), "mk05", "fi").set_index("code")
    assert found.loc["ely04", "valid_to"] == date(2025, 12, 31)
    assert found.loc["evk04", "valid_from"] == date(2026, 1, 1)
    assert reference_queries.areas_of_scheme(operator(), "funding", date(2025, 6, 30), "fi")[
        "code"
    ].tolist() == [
        "rr04",
        "rr10",
        "rr07",
        "rr13",
    ]


def test_what_touches_an_area_on_a_day(facts_store):
    today = reference_queries.neighbours(operator(), "mk01", date(2026, 6, 30), "sv")
    assert today["code"].tolist() == ["mk02", "mk05", "mk07", "mk08"]
    assert today["label"][0] == "Egentliga Finland (landskap)"
    # An authority of before 2026 has the neighbours that it had then.
    assert set(reference_queries.neighbours(operator(), "rr13", date(2026, 6, 30), "fi")["code"]) == {
        "rr07",
        "rr10",
    }
    assert reference_queries.neighbours(operator(), "hva91", date(2026, 6, 30), "fi").empty


@pytest.mark.parametrize("script", ["make_shapes", "make_neighbours"])
def test_what_is_made_from_the_shapes_is_up_to_date(script):
    done = subprocess.run(
        [sys.executable, SAMPLE_DATA / "boundaries" / f"{script}.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
