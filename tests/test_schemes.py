"""Areas as dated unions of atoms: any period in any division, and who answered for what."""

from datetime import date

import pandas as pd
import pytest

from data_access.measures import schemes
from data_access.measures.periods import half_years, is_period, last_day, spans
from tests.small_programme import Programme, rows_of

IN_2025, IN_2026 = date(2025, 12, 31), date(2026, 1, 1)


def areas():
    return rows_of("areas").rename(columns={"code": "area"})


def atoms_on(day: date):
    return schemes.atoms_of(rows_of("memberships"), day)


def members(area: str, day: date) -> set[str]:
    row = atoms_on(day).loc[area]
    return set(row.index[row])


def test_hame_was_split_on_the_first_of_january_2026():
    # Häme ELY (ely04) held Kanta-Häme (hva07) and Päijät-Häme (hva09) to the end of 2025. Since then
    # Kanta-Häme belongs to Sisä-Suomi (evk04), Päijät-Häme does not.
    assert members("ely04", IN_2025) == {"hva07", "hva09"}
    assert "hva07" in members("evk04", IN_2026)
    assert "hva09" not in members("evk04", IN_2026)


def test_a_division_that_was_not_there_is_read_as_on_its_nearest_day():
    assert len(schemes.areas_on(areas(), "ely", date(2026, 6, 30))) == 15
    assert len(schemes.areas_on(areas(), "evk", date(2025, 6, 30))) == 10
    assert members("ely04", date(2027, 1, 1)) == members("ely04", IN_2025)
    assert members("evk04", date(2024, 1, 1)) == members("evk04", IN_2026)


def test_funding_authorities_change_with_the_year():
    assert schemes.areas_on(areas(), "funding", IN_2025) == ["rr04", "rr10", "rr07", "rr13"]
    assert set(schemes.areas_on(areas(), "funding", IN_2026)) == {"rr03", "rr06", "rr05", "rr09"}


@pytest.mark.parametrize("day", [date(2023, 1, 1), IN_2025, IN_2026], ids=str)
@pytest.mark.parametrize("scheme", ["maakunta", "ely", "evk", "funding", "wellbeing", "country"])
def test_every_division_parts_the_mainland_without_overlap(scheme, day):
    here = schemes.areas_on(areas(), scheme, day)
    held = [atom for area in here for atom in members(area, day)]
    mainland = set(areas().query("scheme == 'wellbeing' and in_programme")["area"])
    assert len(held) == len(set(held))
    assert set(held) - {"hva91"} == mainland


def test_what_an_area_shares_with_those_of_other_divisions():
    # Häme ELY is Kanta-Häme (hva07) and Päijät-Häme (hva09); since 2026 its halves belong to Sisä-Suomi
    # (evk04, with Pirkanmaa) and to Kaakkois-Suomi (evk03, with Kymenlaakso and South Karelia).
    found = schemes.overlaps(atoms_on(IN_2026), "ely04").set_index("area")
    assert found.loc["mk05"].tolist() == [1, "contains"]
    assert found.loc["evk03", "relation"] == found.loc["evk04", "relation"] == "partly"
    assert found.loc["rr04"].tolist() == [2, "within"]
    assert schemes.overlaps(atoms_on(IN_2026), "mk08").set_index("area").loc["hva10", "relation"] == "same"
    assert schemes.overlaps(atoms_on(IN_2026), "nowhere").empty


def test_what_lies_inside_and_what_only_overlaps():
    inside, partly = schemes.reach(atoms_on(IN_2025))
    # Kanta-Häme (mk05) is the one atom hva07; Häme ELY is hva07 and hva09.
    assert inside.loc["mk05", "ely04"]
    assert partly.loc["ely04", "mk05"]
    assert not inside.loc["ely04", "mk05"]
    assert not partly.loc["mk01", "ely04"]


def test_areas_touch_where_their_atoms_do():
    # Sisä-Suomi (evk04) is Kanta-Häme and Pirkanmaa; Kaakkois-Suomi (evk03) is Päijät-Häme, Kymenlaakso
    # and South Karelia. Helsinki (hva90) lies by the sea between Espoo, Vantaa and Sipoo.
    atoms, pairs = atoms_on(IN_2026), rows_of("neighbours")

    def beside(area: str, scheme: str) -> list[str]:
        others = [code for code in schemes.areas_on(areas(), scheme, IN_2026) if code != area]
        return schemes.touching(atoms, pairs, area, others)

    assert beside("evk04", "evk") == ["evk01", "evk02", "evk03", "evk05", "evk07"]
    assert beside("hva90", "wellbeing") == ["hva01", "hva03", "hva04"]
    assert beside("mk19", "maakunta") == ["mk17"]
    assert beside("mk21", "maakunta") == beside("fi", "country") == []
    for one in ("mk01", "mk06", "mk13"):
        assert all(one in beside(other, "maakunta") for other in beside(one, "maakunta"))


def test_an_area_whose_members_change_has_a_day_of_change():
    rows = rows_of("memberships")
    assert schemes.changed_days(rows) == {}
    leaves = rows.index[rows["area"] == "mk05"][0]
    changed = rows.copy()
    changed.loc[leaves, "valid_to"] = date(2026, 12, 31)
    joins = changed.loc[[leaves]].assign(atom="hva09", valid_from=date(2027, 1, 1), valid_to=None)
    changed = pd.concat([changed, joins], ignore_index=True)
    assert schemes.changed_days(changed) == {"mk05": [date(2027, 1, 1)]}


def test_any_period_is_expressed_in_any_division():
    # 2025h1: Kanta-Häme 30 people, Päijät-Häme 12. In 2026h1: 5 and 7.
    # Häme ELY: 30 + 12 = 42 in 2025h1 and, though it is gone, 5 + 7 = 12 in 2026h1.
    # Sisä-Suomi (Kanta-Häme, not Päijät-Häme): 30 in 2025h1, though it was not there, and 5 in 2026h1.
    programme = Programme()
    programme.project("p", "mk05", "mk07")
    for period, in_kanta, in_paijat in (("2025h1", 30, 12), ("2026h1", 5, 7)):
        programme.report("people", "p", "mk05", period, value=in_kanta)
        programme.report("people", "p", "mk07", period, value=in_paijat)
    values = programme.figures()["value"]
    assert values["people", "ely04", "2025h1", "all"] == 42
    assert values["people", "ely04", "2026h1", "all"] == 12
    assert values["people", "evk04", "2025h1", "all"] == 30
    assert values["people", "evk04", "2026h1", "all"] == 5


def test_a_value_for_all_of_hame_cannot_be_split():
    # 42 people reported for Häme ELY as a whole: known for it, for Southern Finland's authority that
    # holds it, and for the country; not for Kanta-Häme, nor for Sisä-Suomi that took a part of it.
    programme = Programme()
    programme.project("p", "mk05", "mk07")
    programme.report("people", "p", "ely04", "2025h1", value=42)
    figures = programme.figures()
    state = figures["state"].xs(("people", "2025h1", "all"), level=["indicator", "period", "goal"])
    value = figures["value"].xs(("people", "2025h1", "all"), level=["indicator", "period", "goal"])
    assert state[["mk05", "mk07", "hva07", "hva09", "evk04"]].eq("cannot_be_expressed").all()
    assert value[["ely04", "fi", "rr04"]].tolist() == [42, 42, 42]
    assert value[["mk05", "evk04"]].isna().all()


def test_aland_takes_nothing_from_the_office_that_holds_it():
    # Lounais-Suomi (evk02) holds Åland too, which is outside the programme: its value is the mainland's.
    programme = Programme()
    programme.project("p", "evk02")
    programme.report("people", "p", "evk02", "2026h1", value=20)
    figures = programme.figures().xs(("people", "2026h1", "all"), level=["indicator", "period", "goal"])
    assert figures.loc["evk02", "value"] == 20
    assert figures.loc[["mk21", "hva91"], "state"].eq("not_in_programme").all()


def test_periods():
    assert half_years(date(2025, 3, 1), date(2026, 1, 2)) == ["2025h1", "2025h2", "2026h1"]
    assert last_day("2025h1") == date(2025, 6, 30)  # the EU's cut-off days
    assert last_day("2025") == date(2025, 12, 31)
    assert [code for code in ("2025h3", "25h1", "2025", "2025h2", "to_date") if is_period(code)] == [
        "2025",
        "2025h2",
        "to_date",
    ]
    found = spans(date(2025, 8, 1), date(2026, 2, 1))
    assert [span.code for span in found] == ["2025h2", "2026h1", "2025", "2026", "to_date"]
    assert (found[-1].first, found[-1].last) == (date(2025, 7, 1), date(2026, 2, 1))
