"""Open data: what readers make of answers, and which addresses are asked at all."""

import json
import re
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from data_access import audit, initialise
from data_access.__main__ import app
from data_access.intake import undoing
from data_access.intake.checked import Unusable
from data_access.intake.open_data import Answer, fetching, lists, pxweb, sotkanet, web
from data_access.intake.standing import standing
from data_access.intake.words import words
from data_access.models import AuditEvent, Observation, OpenDataSource, Project, Source
from data_access.queries import open_data as open_data_queries
from data_access.scope import operator
from data_access.store import reading
from tests import answers
from tests.answers import serving
from tests.store.stores import PROJECT

DAY = date(2026, 11, 22)


def answer(content, name: str = "saved") -> Answer:
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    return Answer(name, body, DAY)


def at_home(address: str, body: bytes | None = None) -> Answer:
    return web.ask(address, body, at_home=True)


def refusal(call, *args, **more) -> str:
    with pytest.raises(Unusable) as refused:
        call(*args, **more)
    return refused.value.rule


# ---- addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("http://sotkanet.fi/rest", "address_not_https"),
        ("ftp://sotkanet.fi/rest", "address_not_https"),
        ("file:///etc/passwd", "address_bad"),
        ("https://", "address_bad"),
        ("https://someone:secret@sotkanet.fi/", "address_bad"),
        ("https://sotkanet.fi:8443/", "address_bad"),
        ("https://sotkanet.fi:x/", "address_bad"),
        ("https://127.0.0.1/", "address_private"),
        ("https://localhost/", "address_private"),
        ("https://2130706433/", "address_private"),
        ("https://0x7f.1/", "address_private"),
        ("https://[::1]/", "address_private"),
        ("https://[::ffff:10.0.0.1]/", "address_private"),
        ("https://[64:ff9b::7f00:1]/", "address_private"),
        ("https://[2002:7f00:1::]/", "address_private"),
        ("https://169.254.169.254/latest/meta-data", "address_private"),
        ("https://10.1.2.3/", "address_private"),
        ("https://192.168.1.1/", "address_private"),
        ("https://100.64.0.1/", "address_private"),
        ("https://0.0.0.0/", "address_private"),
        ("https://224.0.0.1/", "address_private"),
    ],
)
def test_an_address_that_leads_elsewhere_is_not_asked(address, rule):
    assert refusal(web.ask, address) == rule


def test_a_redirect_leads_to_no_other_host():
    moves = {
        "/away": "http://127.0.0.2/",
        "/scheme": "https://127.0.0.1/",
        "/loop": "/loop",
        "/here": "/there",
    }

    def respond(method, path, body):
        return (302, {"Location": moves[path]}, b"") if path in moves else (200, {}, b"there")

    with serving(respond) as url:
        for path in ("/away", "/scheme", "/loop"):
            assert refusal(at_home, url + path) == "address_redirects"
        assert at_home(f"{url}/here").content == b"there"


def test_an_answer_has_limits(monkeypatch):
    monkeypatch.setattr(web, "MOST_BYTES", 1000)
    monkeypatch.setattr(web, "SECONDS", 0.5)
    kept: dict[str, tuple] = {
        "/large": (200, {}, b"x" * 1001),
        "/torn": (200, {"Content-Length": "500"}, b"x" * 100),
        "/gone": (404, {}, b""),
        "/busy": (429, {}, b""),
    }
    with serving(lambda method, path, body: kept[path]) as url:
        found = {path: refusal(at_home, url + path) for path in kept}
    assert found == {
        "/large": "address_too_much",
        "/torn": "address_silent",
        "/gone": "address_status",
        "/busy": "address_status",
    }
    assert refusal(at_home, url) == "address_silent"


# ---- Sotkanet -----------------------------------------------------------------------------------------


def sotkanet_service(method, path, body):
    """Answers as Sotkanet does: a list of years with commas is refused."""
    parts = urlsplit(path)
    asked = parse_qs(parts.query)
    if parts.path == "/rest/indicators/5":
        content = answers.sotkanet_about(5)
    elif parts.path == "/rest/regions":
        content = answers.SOTKANET_REGIONS
    else:
        assert parts.path == "/rest/json"
        assert asked["genders"] == ["total"]
        if any("," in year for year in asked["years"]) or len(asked["years"]) > 10:
            return 400, {}, b""
        content = [row for row in answers.SOTKANET_RECORDED if str(row["year"]) in asked["years"]]
    return 200, {}, json.dumps(content).encode()


def test_sotkanet_is_asked_in_batches_and_its_regions_are_joined_by_code():
    choices = sotkanet.Choices(indicator=5)
    with serving(sotkanet_service) as url:
        got = sotkanet.ask(f"{url}/rest", choices, None, at_home)
    assert len(got) == 2 + 3  # 2003–2024 in batches of ten years
    read = sotkanet.read(got, choices, "ctx1")
    rows = read.sheets["observations"]
    assert rows[["indicator", "period", "area", "value"]].to_numpy().tolist() == [
        ["ctx1", "2003", "hva04", 5.8],
        ["ctx1", "2007", "hva15", 6.6],
    ]
    assert read.published == date(2026, 6, 5)
    assert read.title["sv"] == "Exempelserie (Sotkanet, indikator 5)"
    absolute = sotkanet.read(got[::-1], sotkanet.Choices(indicator=5, number="absolute"), "ctx1")
    assert absolute.sheets["observations"]["value"].tolist() == [5636.0, 7434.0]


def test_what_sotkanet_does_not_have_is_not_reported():
    rows = [{**answers.SOTKANET_RECORDED[0], "value": None}, answers.SOTKANET_RECORDED[1]]
    saved = [answer(each) for each in (answers.sotkanet_about(5), answers.SOTKANET_REGIONS, rows)]
    read = sotkanet.read(saved, sotkanet.Choices(indicator=5), "ctx1")
    assert read.sheets["observations"]["area"].tolist() == ["hva15"]
    assert [(each["rule"], each["detail"]) for each in read.findings] == [("source_missing", {"count": 1})]


@pytest.mark.parametrize(
    ("saved", "rule"),
    [
        ([answers.sotkanet_about(5), answers.SOTKANET_REGIONS, []], "answer_empty"),
        ([answers.sotkanet_about(5), answers.SOTKANET_REGIONS], "answer_missing"),
        (
            [answers.sotkanet_about(6), answers.SOTKANET_REGIONS, answers.SOTKANET_RECORDED],
            "answer_of_another",
        ),
        ([b"<html>403</html>"], "answer_not_json"),
        ([{"error": 1}], "answer_form"),
        ([[{"year": 2003}]], "answer_form"),
    ],
)
def test_another_answer_than_sotkanets_makes_nothing(saved, rule):
    assert refusal(sotkanet.read, list(map(answer, saved)), sotkanet.Choices(indicator=5), "ctx1") == rule


# ---- PxWeb --------------------------------------------------------------------------------------------


def px_service(method, path, body):
    content = answers.px_answer(body) if method == "POST" else answers.px_description()
    return 200, {}, json.dumps(content).encode()


def test_a_table_is_described_first_and_its_dimensions_are_known_by_what_stands_in_them():
    choices = pxweb.Choices(scheme="wellbeing", values={"ikä": ["13", "14"]})
    with serving(px_service) as url:
        got = pxweb.ask(url, choices, None, at_home)
        one_year = pxweb.ask(url, choices, range(2024, 2025), at_home)
    read = pxweb.read(got, choices, "people")
    rows = read.sheets["observations"][["period", "area", "value"]].to_numpy().tolist()
    # HVA01 is 1000, the ages 10 and 20, the years 0 and 1; a sum without one of its parts is missing.
    assert rows == [["2023", "hva01", 2030.0], ["2024", "hva01", 2032.0], ["2024", "hva15", 4032.0]]
    assert [each["detail"] for each in read.findings] == [{"count": 1}]
    assert read.published == date(2026, 3, 27)
    later = pxweb.read(one_year, choices, "people").sheets["observations"]
    assert later["period"].tolist() == ["2024", "2024"]


def test_a_recorded_table_of_the_whole_country_is_read():
    choices = pxweb.Choices(scheme="country", values={"Tiedot": ["Khk_yht_las_index"]})
    for form in (answers.JSON_STAT_RECORDED, {"dataset": answers.JSON_STAT_RECORDED}):
        read = pxweb.read([answer(form)], choices, "ctx1")
        rows = read.sheets["observations"][["period", "area", "value"]].to_numpy().tolist()
        assert rows == [["2010", "fi", 72.43], ["2011", "fi", 63.38]]
    sparse = answers.JSON_STAT_RECORDED | {"value": {"3": 63.38}}
    assert len(pxweb.read([answer(sparse)], choices, "ctx1").sheets["observations"]) == 1


@pytest.mark.parametrize(
    ("change", "choices", "rule"),
    [
        ({"value": [None] * 4}, {"values": {"Tiedot": ["Khk_yht_index"]}}, "answer_empty"),
        ({}, {}, "answer_choose"),
        (
            {},
            {"values": {"Tiedot": ["Khk_yht_index", "Khk_yht_las_index"], "Laji": ["x"]}},
            "answer_no_dimension",
        ),
        ({}, {"values": {"Tiedot": ["nothing"]}}, "answer_choose"),
        ({}, {"scheme": "wellbeing"}, "answer_no_areas"),
        ({"value": [1.0]}, {}, "answer_form"),
        ({"size": [2, 3]}, {}, "answer_form"),
        ({"dimension": {}}, {}, "answer_form"),
        ({"id": ["Tiedot"], "size": [2], "value": [1, 2]}, {}, "answer_no_time"),
    ],
)
def test_a_table_without_what_is_wanted_makes_nothing(change, choices, rule):
    table = answer(answers.JSON_STAT_RECORDED | change)
    assert refusal(pxweb.read, [table], pxweb.Choices(**{"scheme": "country"} | choices), "ctx1") == rule


# ---- lists of projects --------------------------------------------------------------------------------

KNOWN = lists.Known(
    areas={"mk13": "mk13", "keski-suomi": "mk13", "mk06": "mk06", "mk01": "mk01", "koko maa": "fi"},
    organisations={"keksitty säätiö": "demo-o75"},
    projects={},
    partnerships=set(),
)
LIST = lists.Choices(programme="esf51", only={"specific_objective": ["5.1"]})


def test_a_list_becomes_the_sheets_of_a_workbook():
    read = lists.read([answer(answers.PROJECTS.encode("latin-1"))], "projects", LIST, KNOWN)
    projects = read.sheets["projects"].set_index("project")
    assert list(projects.index) == ["s39001", "s39002"]
    first = projects.loc["s39001"]
    assert first[["name_sv", "state", "goals", "certainty", "direction", "national"]].tolist() == [
        "Keksitty hanke", "running", "g1 g2", "uncertain", "directed", False,
    ]  # fmt: skip
    assert projects.loc["s39002", ["name_sv", "starts"]].tolist() == ["Det andra", date(2024, 9, 1)]
    assert read.sheets["areas"][["project", "area"]].to_numpy().tolist() == [
        ["s39001", "mk13"], ["s39002", "mk01"], ["s39002", "mk06"],
    ]  # fmt: skip
    # The foundation is in the register; the company has no type, so that it is left out and named.
    assert read.sheets["organisations"]["organisation"].tolist() == ["keksitty-yhdistys"]
    parts = read.sheets["partnerships"][["organisation", "role", "supported"]].to_numpy().tolist()
    assert parts == [["demo-o75", "lead", True], ["keksitty-yhdistys", "partner", True]]
    funding = read.sheets["funding"][["project", "indicator", "period", "area", "value"]].to_numpy().tolist()
    assert funding == [
        ["s39001", "eur_committed", "2026h1", "mk13", 150000.5],
        ["s39001", "eur_paid", "2026h1", "mk13", 20000.0],
        ["s39002", "eur_committed", "2026h1", None, 70000.0],
    ]
    told = {(each["rule"], each["row"]) for each in read.findings}
    assert told == {
        ("list_one_name", 2), ("list_area", 4), ("list_no_type", 4), ("list_left_out", None),
    }  # fmt: skip


def test_a_mapping_reads_a_list_that_calls_things_otherwise():
    choices = lists.Choices(programme="esf51")
    read = lists.read([answer(answers.KOHESIO)] if isinstance(answers.KOHESIO, bytes) else
                      [answer(answers.KOHESIO.encode())], "kohesio", choices, KNOWN)  # fmt: skip
    row = read.sheets["projects"].iloc[0]
    assert row[["project", "name_fi", "state"]].tolist() == ["q39", "An invented operation", "ended"]
    assert read.sheets["areas"]["area"].tolist() == ["mk13"]
    renamed = answers.KOHESIO.replace("startTime", "Operation start").encode()
    assert refusal(lists.read, [answer(renamed)], "kohesio", choices, KNOWN) == "list_columns"
    mapped = choices.model_copy(update={"columns": {"start_date": "Operation start"}})
    assert len(lists.read([answer(renamed)], "kohesio", mapped, KNOWN).sheets["projects"]) == 1


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        (("100 000,50;50000", "1.000,50;50000"), "list_euros", "eu_eur"),
        (("2027-02-28", "28/2/2027"), "list_day", "end_date"),
        (("S39001", ""), "required", "project_code"),
    ],
)
def test_what_a_list_says_unreadably_is_an_error_of_its_row(change, rule, column):
    content = answers.PROJECTS.replace(*change, 1).encode()
    findings = lists.read([answer(content)], "projects", LIST, KNOWN).findings
    assert (rule, "error", 2, column) in {
        (each["rule"], each["level"], each["row"], each["column"]) for each in findings
    }


def test_rows_of_one_project_that_contradict_each_other_are_errors():
    content = answers.PROJECTS.replace("partner;5.1;MK13;2024-03-01", "partner;5.1;MK13;2024-04-01").encode()
    (found,) = [
        each
        for each in lists.read([answer(content)], "projects", LIST, KNOWN).findings
        if each["level"] == "error"
    ]
    assert (found["rule"], found["row"], found["column"]) == ("list_contradicts", 3, "start_date")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "list_not_csv"),
        (b"PK\x03\x04\x00;", "list_not_csv"),
        (b"project_code;start_date;name_fi\n", "answer_empty"),
        (b"project_code;start_date;name_fi\na;b\n", "list_ragged"),
        (b"code;start;name\na;b;c\n", "list_columns"),
        (answers.PROJECTS.replace("5.1", "9.9").encode(), "answer_empty"),
    ],
)
def test_what_is_no_such_list_makes_nothing(content, rule):
    assert refusal(lists.read, [answer(content)], "projects", LIST, KNOWN) == rule


# ---- from a source to a batch -------------------------------------------------------------------------


def fetch(*words: str) -> tuple[int, dict]:
    """`fetch …` with `--json`: its exit code and its report."""
    done = CliRunner().invoke(app, ["fetch", *words, "--json"])
    assert done.exit_code in (0, 1, 2), done.output
    return done.exit_code, json.loads(done.stdout) if done.stdout.startswith("{") else {}


def configured(*words: str) -> int:
    return CliRunner().invoke(app, ["fetch", "configure", *words]).exit_code


OURS = ("--publisher", "THL", "--licence", "CC BY 4.0")


def test_a_series_is_fetched_like_a_workbook_and_its_source_travels_with_it(stores, tmp_path):
    initialise.fill("empty")
    series = (
        "sotkanet",
        "placed",
        *OURS,
        "--indicator",
        "ctx1",
        "--choices",
        '{"indicator": 5}',
        "--at-home",
    )
    with serving(sotkanet_service) as url:
        assert configured(*series, "--address", f"{url}/rest") == 0
        assert fetch("now", "placed")[1]["unusable"]["rule"] == "address_not_https"
        code, report = fetch("now", "placed", "--at-home", "--dry-run")
        assert (code, report["batch"]) == (0, None)
        assert report["rows"]["observations"] == {"new": 2, "corrected": 0, "withdrawn": 0, "unchanged": 0}
        code, report = fetch("now", "placed", "--at-home", "--save", str(tmp_path / "kept"))
        assert code == 0
    batch, today = report["batch"], datetime.now(UTC).date()
    with reading() as session:
        rows = session.exec(select(Observation).order_by(col(Observation.area))).all()
        source = session.get_one(Source, rows[0].source)
        loaded = [(row.area, row.period, row.value, row.batch) for row in rows]
        title, about = source.title["en"], (source.licence, source.publisher, source.quality)
        told = session.exec(select(AuditEvent.action, AuditEvent.subject)).all()
        assert not audit.broken_links(session)
    assert loaded == [("hva04", "2003", 5.8, batch), ("hva15", "2007", 6.6, batch)]
    assert about == ("CC BY 4.0", "THL", "statistics")
    day = f"{today.day}.{today.month}.{today.year}"
    assert title == f"Example series (Sotkanet, indicator 5), retrieved {day}"
    assert told[-2:] == [("configure open data", "placed"), ("import", f"batch {batch}")]
    # The same answers, as they were saved, change nothing; an empty one makes nothing and says so.
    saved = [word for path in sorted((tmp_path / "kept").iterdir()) for word in ("--file", str(path))]
    code, report = fetch("now", "placed", *saved)
    assert (code, report["batch"], report["same_file"]) == (0, None, batch)
    empty = tmp_path / "03.txt"
    empty.write_text("[]")
    assert fetch("now", "placed", *saved[:4], "--file", str(empty))[0] == 2
    undoing.undo(batch, "test", actor=operator("test"))
    with reading() as session:
        held = standing(session, "observations")
    assert held.empty


def test_a_kept_mapping_reads_a_list_into_projects_that_can_be_taken_back(own_demo_store, tmp_path):
    mapping = {
        "programme": "esf51",
        "columns": {"project_code": "Hankekoodi"},
        "only": {"specific_objective": ["5.1"]},
    }
    listed = tmp_path / "hankkeet.csv"
    listed.write_text(answers.PROJECTS.replace("project_code", "Hankekoodi"), encoding="latin-1")
    more = ("--publisher", "TEM", "--licence", "CC BY 4.0", "--title", "Keksitty luettelo")
    assert configured("projects", "eura", *more, "--choices", json.dumps(mapping)) == 0
    assert CliRunner().invoke(app, ["fetch", "list", "--format", "json"]).stdout.count("Hankekoodi") == 1
    code, report = fetch("now", "eura", "--file", str(listed), "--yes-to-warnings")
    assert (code, report["rows"]["projects"]["new"], report["rows"]["funding"]["new"]) == (0, 2, 3)
    with reading() as session:
        project = session.get_one(Project, "s39001")
        # A store with invented data takes everything for invented.
        assert (project.demonstration, project.source) == (True, "demonstration")
    undoing.undo(report["batch"], "test", actor=operator("test"))
    with reading() as session:
        assert "s39001" not in set(standing(session, "projects")["project"])


@pytest.mark.parametrize(
    "words",
    [
        ("sotkanet", "a", *OURS, "--choices", '{"indicator": 5}'),
        ("sotkanet", "a", *OURS, "--indicator", "nothing", "--choices", '{"indicator": 5}'),
        ("sotkanet", "a", *OURS, "--indicator", "ctx1", "--choices", '{"indicator": 5, "secret": 1}'),
        ("sotkanet", "a", *OURS, "--indicator", "ctx1", "--choices", '{"indicator": 5, "scheme": "kunta"}'),
        ("sotkanet", "A b", *OURS, "--indicator", "ctx1", "--choices", '{"indicator": 5}'),
        ("sotkanet", "a", *OURS, "--indicator", "ctx1", "--choices", "{"),
        ("pxweb", "a", *OURS, "--indicator", "ctx1", "--address", "http://127.0.0.1/"),
        ("pxweb", "a", *OURS, "--indicator", "ctx1", "--address", "file:///etc/passwd"),
        ("projects", "a", *OURS, "--choices", '{"programme": "esf51"}'),
        ("projects", "a", *OURS, "--title", "A", "--choices", '{"programme": "nothing"}'),
        (
            "projects",
            "a",
            *OURS,
            "--title",
            "A",
            "--choices",
            '{"programme": "esf51", "columns": {"x": "y"}}',
        ),
    ],
)
def test_a_source_that_could_not_be_read_is_not_configured(facts_store, words):
    assert configured(*words) == 2
    assert open_data_queries.sources(operator()).empty


def test_an_indicator_with_values_of_another_division_is_warned_of(facts_store):
    rows = [answers.SOTKANET_RECORDED[0] | {"year": 2010}]
    saved = [answer(each) for each in (answers.sotkanet_about(5), answers.SOTKANET_REGIONS, rows)]
    source = OpenDataSource(
        code="placed", kind="sotkanet", indicator="ctx1", choices={"indicator": 5}, publisher="A", licence="B"
    )  # fmt: skip
    with reading() as session:
        checked = fetching.checked(session, source, saved)
    assert [(each["rule"], each["level"]) for each in checked.findings.to_dict("records")] == [
        ("source_two_divisions", "warning")
    ]
    assert not checked.refused


def test_every_rule_of_open_data_has_its_words():
    asked = set()
    for path in (PROJECT / "data_access/intake/open_data").glob("*.py"):
        asked |= set(re.findall(r'(?:Unusable|found|self\.find)\(\s*"(\w+)"', path.read_text()))
    assert asked <= set(words()["rule"])
    assert {
        rule for rule in words()["rule"] if rule.startswith(("address_", "answer_", "list_", "source_"))
    } <= asked
