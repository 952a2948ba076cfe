"""The pages of data in and of releases: what stewards may do there, what they are told, what is kept."""

import time
from datetime import datetime

import pytest

from data_access import accounts
from data_access.intake.open_data import sources
from data_access.models import OpenDataSource
from data_access.queries import batches as batch_queries
from data_access.queries import figures as figure_queries
from data_access.scope import operator
from data_access.store import writing
from pages.frame.texts import LANGUAGES, text
from pages.parts import jobs
from tests.store.stores import DEMO_PASSWORD
from tests.visits import containers, flaws, page, tables, told, visit

LONGEST = 120


@pytest.fixture
def own(stocked, tmp_path):
    """A demonstration that the test may decide in."""
    with stocked("demo").copy(tmp_path / "own").in_use() as store:
        yield store


@pytest.fixture
def ahead(stocked, tmp_path):
    """A demonstration with a working release that the test may decide in."""
    with stocked("later").copy(tmp_path / "own").in_use() as store:
        yield store


def button(app, label: str):
    return next(each for each in app.button if each.label == label)


def ended(app):
    """The page once the job that it began has ended."""
    last_moment = time.monotonic() + LONGEST
    while jobs.jobs().running:
        assert time.monotonic() < last_moment
        time.sleep(0.1)
    return app.run()


@pytest.mark.parametrize("key", ["intake", "rounds", "releases"])
@pytest.mark.parametrize("role", ["viewer", "regional", "facilitator"])
def test_whoever_is_no_steward_is_refused_at_these_addresses(role, key, own):
    app = visit(page(key), "fi", reader=role)
    assert [each.value for each in app.warning] == [text("frame.not_for_role", "fi")]
    assert not app.text_input
    assert not tables(app.main)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_working_release_tells_what_was_built_and_that_it_would_change_nothing(language, ahead):
    app = visit(page("releases"), language, reader="administrator")
    assert flaws(app, language) == []
    shown = containers(app, "would_change")["would_change"]
    assert text("releases.nothing_changed", language) in told(shown)
    assert text("releases.audit_passed", language) in " ".join(told(containers(app, "working")["working"]))


def test_a_release_is_published_under_embargo_and_one_is_withdrawn(ahead):
    app = visit(page("releases"), "fi", reader="administrator")
    publish = text("releases.publish", "fi").format(release=5)
    app.text_input("embargo").set_value("soon")
    app = button(app, publish).click().run()
    assert [each.value for each in app.error] == [text("releases.embargo_unclear", "fi")]
    app.text_input("embargo").set_value("1.12.2050 9.00")
    app = ended(button(app, publish).click().run())
    assert [each.value for each in app.success] == [text("decided.published", "fi").format(number=5)]
    kept = figure_queries.releases(operator(audience="restricted"), "fi").set_index("number")
    assert kept.loc[5, "embargo_until"].isoformat() == "2050-12-01T07:00:00"
    assert figure_queries.newest_release(operator()) == 3
    app = visit(page("releases"), "fi", reader="administrator")
    label = text("releases.change_embargo", "fi").format(release=5)
    app.text_input("embargo_5_until").set_value("1.12.2060")
    app = button(app, label).click().run()
    assert [each.value for each in app.error] == [text("not_released.no_reason", "fi")]
    app.text_input("embargo_5").set_value("Toinen päivä")
    app = button(app, label).click().run()
    assert [each.value for each in app.success] == [text("decided.embargo_changed", "fi").format(number=5)]
    kept = figure_queries.releases(operator(audience="restricted"), "fi").set_index("number")
    assert kept.loc[5, "embargo_until"].isoformat() == "2060-11-30T22:00:00"
    app = visit(page("releases"), "fi", reader="administrator")
    label = text("releases.withdraw", "fi").format(release=5)
    app = button(app, label).click().run()
    assert [each.value for each in app.error] == [text("not_released.no_reason", "fi")]
    app.text_input("withdraw_5").set_value("Väärä tiedosto")
    app = button(app, label).click().run()
    assert [each.value for each in app.success] == [text("decided.withdrawn", "fi").format(number=5)]
    assert flaws(app, "fi") == []


def test_a_single_value_is_corrected_withdrawn_and_taken_back(own):
    app = visit(page("intake"), "fi", reader="steward", of="demo-p02", measure="si1")
    chosen = app.selectbox("choice_value").value
    app = button(app, text("versions.save", "fi")).click().run()
    assert [each.value for each in app.error] == [text("not_loaded.no_reason", "fi")]
    app.number_input(f"correct_{chosen}_value").set_value(3.0)
    app.text_input(f"correct_{chosen}_reason").set_value("Laskuvirhe")
    app = button(app, text("versions.save", "fi")).click().run()
    made = batch_queries.batches(operator()).iloc[0]
    assert [each.value for each in app.success] == [
        text("decided.corrected", "fi").format(number=made["batch"])
    ]
    assert made[["loaded_by", "note", "corrected"]].tolist() == ["steward", "Laskuvirhe", 1]
    rows = tables(containers(app, "history")["history"])
    assert [row[0] for row in rows[1:3]] == ["3", "2,4"]
    app.text_input(f"undo_batch_{made['batch']}").set_value("Sittenkin oikein")
    app = ended(button(app, text("batches.undo", "fi").format(number=made["batch"])).click().run())
    assert batch_queries.batches(operator()).iloc[0]["undoes"] == made["batch"]
    assert flaws(app, "fi") == []


def test_a_source_is_asked_from_the_page_but_never_one_of_the_servers_own_network(own):
    series = {"kind": "sotkanet", "indicator": "ctx1", "choices": {"indicator": 191}}
    about = {
        "publisher": "THL",
        "licence": "CC BY 4.0",
        "configured_by": "test",
        "configured_at": datetime.now(),
    }
    with writing() as session:
        source = OpenDataSource(code="placed", address="https://127.0.0.1/rest", **series, **about)
        sources.configure(session, source, actor=operator("test"), at_home=True)
    app = visit(page("intake"), "sv", reader="steward")
    app = ended(button(app, text("intake.fetch", "sv")).click().run())
    assert r"https\:\/\/127\.0\.0\.1\/rest\/indicators\/191" in app.error[-1].value  # no link
    assert not containers(app, "preview")
    assert flaws(app, "sv") == []


def test_whoever_was_shut_out_meanwhile_changes_nothing(own):
    accounts.create_account("leaver", "Leaver", "steward", DEMO_PASSWORD, actor=operator())
    app = visit(page("intake"), "en", reader="leaver")
    batch = int(batch_queries.batches(operator()).iloc[0]["batch"])
    app.text_input(f"undo_batch_{batch}").set_value("Gone")
    accounts.disable("leaver", actor=operator())
    button(app, text("batches.undo", "en").format(number=batch)).click().run()
    assert not jobs.jobs().last
    assert int(batch_queries.batches(operator()).iloc[0]["batch"]) == batch
