"""The workbook that a round is filled into: it opens, offers what there is, and comes back as it went out."""

import re

import pandas as pd
import pytest

from data_access.intake import files, words
from data_access.intake.known import Known, known
from data_access.intake.layout import SHEET_OF, SHEETS, VERSION
from data_access.intake.parsing.positions import letters
from data_access.intake.screening import screened
from data_access.intake.standing import standing
from data_access.intake.template import template
from data_access.models import LANGUAGES
from data_access.store import reading
from tests.reporting import TODAY, archive, parts_of
from tests.test_screening import parsed_here, told

LIST = re.compile(
    r'<dataValidation [^>]*sqref="([A-Z]+)2:[^>]*><formula1>\'?Luettelot\'?!\$([A-Z]+)\$\d+:\$[A-Z]+\$(\d+)<'
)


@pytest.fixture(scope="module")
def templates(demo_store) -> dict[str, bytes]:
    """Template by what was asked for: a language for all projects, a project's code for one in Swedish."""
    with demo_store.in_use(), reading() as session:
        made = {language: template(session, language=language, today=TODAY) for language in LANGUAGES}
        made["demo-p02"] = template(session, language="sv", project="demo-p02", today=TODAY)
        made["empty"] = template(session, language="en", filled=False, today=TODAY)
    return made


@pytest.fixture(scope="module")
def about(demo_store) -> Known:
    with demo_store.in_use(), reading() as session:
        return known(session, TODAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_out_comes_back_the_same(demo_store, templates, about, language):
    checked = screened(parsed_here(templates[language], "kierros.xlsx"), about)
    assert checked.findings.empty
    with reading() as session:
        for sheet in SHEETS:
            there = standing(session, sheet.code).drop(columns="id")
            back = checked.rows[sheet.code].drop(columns="row")
            pd.testing.assert_frame_equal(back, there, check_dtype=False, rtol=1e-14)
            assert len(there) > 0


def test_the_template_of_one_project_holds_what_is_its_own(demo_store, templates, about):
    rows = screened(files.read(templates["demo-p02"], "a.xlsx"), about).rows
    for sheet in ("projects", "areas", "partnerships", "observations", "funding"):
        assert set(rows[sheet]["project"]) == {"demo-p02"}
    assert set(rows["organisations"]["organisation"]) == set(rows["partnerships"]["organisation"])
    assert len(rows["targets"]) == len(about.standing["targets"])


def test_an_empty_template_is_no_report(templates, about):
    checked = screened(parsed_here(templates["empty"], "a.xlsx"), about)
    assert set(checked.rows) == set(SHEET_OF)
    assert checked.findings["rule"].tolist() == ["no_rows"]


def test_there_is_no_template_for_a_project_that_is_not_there(demo_store):
    with reading() as session, pytest.raises(KeyError, match="demo-p99"):
        template(session, language="fi", project="demo-p99")


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_are_fixed_and_protected_and_explained(templates, language):
    parts = {name: part.decode(errors="replace") for name, part in parts_of(templates[language]).items()}
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    assert names == [words.sheet_name(code, language) for code in ("about", *SHEET_OF, "lists")]
    for number, sheet in enumerate(SHEETS, start=2):
        part = parts[f"xl/worksheets/sheet{number}.xml"]
        assert "<sheetProtection" in part
        assert 'state="frozen"' in part
        assert "<autoFilter" in part
        notes = parts[f"xl/comments{number - 1}.xml"]
        assert notes.count("<comment ") == len(sheet.columns)
    assert "<f>" not in "".join(part for name, part in parts.items() if "worksheets/" in name)
    assert not re.search(r"<sheet [^>]*state=", parts["xl/workbook.xml"])


def test_each_list_offers_the_codes_that_are_taken(templates, about):
    """The cells that a drop-down list points to hold the codes of its column, and nothing else."""
    listed = next(each for each in parsed_here(templates["fi"], "a.xlsx").sheets if each.name == "Luettelot")
    parts, offered = parts_of(templates["fi"]), set()
    for number, sheet in enumerate(SHEETS, start=2):
        part = parts[f"xl/worksheets/sheet{number}.xml"].decode()
        for at, source, last in LIST.findall(part):
            column = sheet.columns[place(at)]
            codes = [text for text in listed.columns[place(source)].cells()[1 : int(last)] if text]
            known_codes = about.codes(column.of or "")
            if column.of == "indicator" and sheet.code != "targets":
                assert set(codes) < set(known_codes)
            else:
                assert sorted(codes) == sorted(known_codes)
            offered.add((sheet.code, column.code))
    assert offered == {
        (sheet.code, column.code) for sheet in SHEETS for column in sheet.columns if column.kind == "code"
    }
    euros = about.indicators.index[about.indicators["unit"] == "eur"]
    assert list(euros) == ["eur_planned", "eur_committed", "eur_paid"]


def place(column: str) -> int:
    """A column's position, from 0, by its letters."""
    return next(number for number in range(200) if letters(number) == column)


def test_another_version_and_an_older_state_are_told(demo_store, templates, about):
    parts = parts_of(templates["empty"])
    texts = parts["xl/sharedStrings.xml"].decode()
    assert f"<t>{VERSION}</t>" in texts
    newer = archive({**parts, "xl/sharedStrings.xml": texts.replace(f"<t>{VERSION}</t>", "<t>0</t>")})
    (found,) = told(screened(parsed_here(newer, "a.xlsx"), about))
    assert found[0] == "other_layout"
    older = archive(
        {**parts, "xl/sharedStrings.xml": texts.replace(f"<t>{about.newest_batch}</t>", "<t>2</t>")}
    )
    rules = screened(parsed_here(older, "a.xlsx"), about).findings
    assert rules.loc[rules["rule"] == "older_template", "detail"].tolist() == [
        {"batches": about.newest_batch - 2}
    ]


def test_the_command_writes_the_workbook(demo_store, tmp_path):
    out = tmp_path / "pohja.xlsx"
    done = demo_store.command("template", "--project", "DEMO-P02", "--language", "sv", str(out))
    assert "kB" in done.stderr
    assert files.read(out.read_bytes(), out.name).sheets[0].name == "Anvisning"
    for wrong in (
        ["--project", "ei-ole", str(out)],
        [str(tmp_path / "pohja.ods")],
        ["--language", "de", str(out)],
    ):
        assert demo_store.command("template", *wrong, check=False).returncode == 2
