"""The page of organisations that stand in the register twice: who may decide, what is said, what is kept."""

import pytest

from data_access import accounts
from data_access.queries import identities as identity_queries
from data_access.scope import operator
from pages.frame.texts import LANGUAGES, text
from tests.store.stores import DEMO_PASSWORD
from tests.visits import containers, flaws, page, told, visit

PAIR = "demo-o60_demo-o89"


@pytest.fixture
def own(stocked, tmp_path):
    """A demonstration that the test may decide in."""
    with stocked("demo").copy(tmp_path / "own").in_use() as store:
        yield store


def button(app, label: str, place: int = 0):
    return [each for each in app.button if each.label == label][place]


@pytest.mark.parametrize("role", ["viewer", "regional", "facilitator"])
def test_whoever_is_no_steward_is_refused_at_its_address(role, own):
    app = visit(page("identities"), "fi", reader=role)
    assert [each.value for each in app.warning] == [text("frame.not_for_role", "fi")]
    assert not containers(app, "card_")
    assert not app.text_input
    assert "Sijaisperhe" not in " ".join(told(app.main))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_steward_sees_what_waits_and_what_is_decided(language, own):
    app = visit(page("identities"), language)
    assert flaws(app, language) == []
    assert set(containers(app, "card_")) == {f"card_{PAIR}", "card_demo-o70_demo-o91"}
    assert text("duplicates.waiting", language, 2).format(count=2) in told(app.main)
    assert list(containers(app, "decision_")) == ["decision_1001"]
    assert "9144124-9" in told(app.main)


def test_a_merge_asks_for_a_reason_records_who_and_can_be_undone(own):
    app = visit(page("identities"), "fi", reader="administrator")
    same = 1  # the second card
    app = button(app, text("decision.same", "fi"), same).click().run()
    assert [each.value for each in app.error] == [text("refused.no_reason", "fi")]
    assert len(identity_queries.decisions(operator())) == 1
    app.text_input(f"reason_{PAIR}").set_value("Sama yhdistys")
    app = button(app, text("decision.same", "fi"), same).click().run()
    assert [each.value for each in app.success] == [text("decided.merged", "fi").format(number=1002)]
    assert f"card_{PAIR}" not in containers(app, "card_")
    made = identity_queries.decisions(operator()).iloc[0]
    assert made[["verdict", "reason", "decided_by"]].tolist() == ["same", "Sama yhdistys", "administrator"]
    app.text_input("undo_1002").set_value("Eri yhdistys")
    app = button(app, text("duplicates.undo", "fi").format(number=1002)).click().run()
    assert not app.exception
    assert f"card_{PAIR}" in containers(app, "card_")
    assert [each.value for each in app.success] == [text("decided.taken_back", "fi").format(number=1003)]
    assert flaws(app, "fi") == []


def test_whoever_was_shut_out_meanwhile_decides_nothing(own):
    accounts.create_account("leaver", "Leaver", "steward", DEMO_PASSWORD, actor=operator())
    app = visit(page("identities"), "en", reader="leaver")
    app.text_input(f"reason_{PAIR}").set_value("The same")
    accounts.disable("leaver", actor=operator())
    button(app, text("decision.same", "en"), 1).click().run()
    assert len(identity_queries.decisions(operator())) == 1
