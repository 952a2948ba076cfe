"""Files that readers take along: what they are stands first, nothing in them is a formula."""

import csv
import io

import pandas as pd
import pytest

from data_access.exports.tables import csv_file
from data_access.scope import operator

ABOUT = [("Otsikko", "Hankkeet"), ("Huomaa", "=1+1")]
FRAME = pd.DataFrame(
    {
        "area": ["mk01", "=cmd|' /C calc'!A0", "-3"],
        "value": [1234.5, None, 0.1],
        "n": pd.array([3, None, 1], dtype="Int64"),
        "demonstration": [True, False, True],
    }
)


def rows(language: str) -> list[list[str]]:
    text = csv_file(operator(), FRAME, ABOUT, language).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter="," if language == "en" else ";"))


@pytest.mark.parametrize(("language", "value"), [("fi", "1234,5"), ("sv", "1234,5"), ("en", "1234.5")])
def test_numbers_have_the_decimal_mark_of_the_language(language, value):
    assert rows(language)[4] == ["mk01", value, "3", "true"]


def test_what_it_is_stands_before_the_rows():
    assert rows("fi")[:4] == [["Otsikko", "Hankkeet"], ["Huomaa", "'=1+1"], [], list(FRAME.columns)]


def test_no_text_is_taken_for_a_formula():
    assert rows("fi")[5][0] == "'=cmd|' /C calc'!A0"
    assert rows("fi")[6][0] == "'-3"


def test_missing_values_are_empty_cells():
    assert rows("fi")[5][1:3] == ["", ""]


def test_a_spreadsheet_sees_the_letters(tmp_path):
    assert csv_file(operator(), pd.DataFrame({"ä": ["ö"]}), [], "fi").startswith(b"\xef\xbb\xbf")
