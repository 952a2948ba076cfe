"""Releases: built alike everywhere, frozen when published, and every change between them has a reason."""

import sqlite3
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from data_access import audit, holdings, initialise, release_basis, release_changes, releases
from data_access.clock import now
from data_access.measures.figures import KEY, measured
from data_access.models import (
    AuditEvent,
    Figure,
    IdentityDecision,
    ImportBatch,
    Membership,
    Observation,
    Organisation,
    Partnership,
    Project,
    ProjectArea,
    ProjectGoal,
    Release,
    Rule,
    Target,
)
from data_access.queries import changes as change_queries
from data_access.queries import figures as figure_queries
from data_access.scope import operator
from data_access.store import reading, writing

NOTE = {"fi": "uusi", "sv": "ny", "en": "new"}
LAST_DAY = datetime(2026, 9, 30)
ONE_CAME_ONE_MERGED = {"partnership": 1, "organisations_merged": -1}
WITHDRAWN: dict[str, Any] = {"withdrawn": True, "reason": "another project's"}


@pytest.fixture
def own_facts(facts_store, tmp_path):
    """A store with the sourced facts that the test may change."""
    with facts_store.copy(tmp_path / "own").in_use() as own:
        yield own


def build() -> int:
    with writing() as session:
        return releases.build(session, note=NOTE, actor=operator("test")).number


def publish(number: int) -> None:
    with writing() as session:
        releases.publish(session, number, actor=operator("test"))


def state_of(number: int) -> str | None:
    with reading() as session:
        found = session.get(Release, number)
        return found.state if found else None


def hash_of(number: int) -> str:
    with reading() as session:
        return session.get_one(Release, number).content_hash


def add(*rows) -> None:
    with writing() as session:
        for row in rows:
            session.add(row)
            session.flush()


def batch(number: int, day: datetime = LAST_DAY) -> ImportBatch:
    return ImportBatch(
        id=number, loaded_at=day, loaded_by="t", file_name="f", sha256="0", note="", demonstration=True
    )


def report(indicator: str, project: str | None, area: str | None, period: str, value: float | None, **said):
    said: dict[str, Any] = {"reported_on": date(2026, 9, 29), "batch": 900, "source": "demonstration"} | said
    return Observation(indicator=indicator, project=project, area=area, period=period, value=value, **said)


def project(code: str, starts: date = date(2025, 1, 1)) -> Project:
    return Project(
        code=code,
        programme="esf51",
        name=NOTE,
        state="running",
        starts=starts,
        national=False,
        demonstration=True,
        source="demonstration",
    )


# ---- building ------------------------------------------------------------------------------------------


def test_the_same_store_gives_the_same_hash_in_both_databases(stores, demo_store, facts_store):
    """Built by another process in SQLite, and here: the facts in SQLite again, all in PostgreSQL."""
    other = facts_store if stores.database is None else demo_store
    initialise.fill("facts" if stores.database is None else "demo")
    made = other.folder / "turvaverkko.sqlite3"
    expected = sqlite3.connect(made).execute("SELECT number, content_hash FROM release").fetchall()
    for number, content in expected:
        assert hash_of(number) == content
        with reading() as session:
            assert releases.stored_hash(session, number) == content


def test_building_again_gives_the_same_figures_and_replaces_the_draft(own_facts):
    first, second = build(), build()
    assert (first, second) == (2, 3), "a number is never used twice"
    assert state_of(2) is None
    assert hash_of(3) == hash_of(1)
    with reading() as session:
        assert set(session.exec(select(Figure.release).distinct())) == {1, 3}


def test_a_value_corrected_and_corrected_back_restores_the_hash(own_facts):
    with reading() as session:
        query = select(Observation).where(Observation.indicator == "ctx1", Observation.period == "2021")
        first = session.exec(query).one()
        session.expunge(first)
    same: dict[str, Any] = {
        "indicator": "ctx1",
        "area": "fi",
        "period": "2021",
        "batch": first.batch,
        "source": first.source,
    }
    day: dict[str, Any] = {"reported_on": date(2026, 9, 30), "reason": "test"}
    add(Observation(id=801, value=9.9, supersedes=first.id, **same, **day))
    assert hash_of(build()) != hash_of(1)
    add(Observation(id=802, value=first.value, supersedes=801, **same, **day))
    assert hash_of(build()) == hash_of(1)


def test_a_release_remembers_what_it_was_made_from(own_facts):
    with reading() as session:
        release = session.get_one(Release, 1)
        kept = release_basis.basis_of(session, release)
        there = holdings.basis(session, release.as_of)
        seen = holdings.current_observations(session, release.observations)
        again, before = measured(kept, seen), measured(there, seen)
    assert dict(release_basis.rows_of(kept)) == dict(release_basis.rows_of(there))
    assert again.astype(str).equals(before.astype(str))


def test_nothing_is_built_from_nothing(stores):
    initialise.fill("empty")
    with writing() as session, pytest.raises(ValueError, match="no import batch"):
        releases.build(session, note=NOTE, actor=operator())
    add(batch(1))
    with writing() as session, pytest.raises(ValueError, match="no project and no report"):
        releases.build(session, note=NOTE, actor=operator())


# ---- publishing ----------------------------------------------------------------------------------------


def test_draft_published_superseded_withdrawn(own_facts):
    number = build()
    assert figure_queries.newest_release(operator()) == 1
    assert figure_queries.releases(operator(), "sv")["number"].tolist() == [1]
    assert figure_queries.releases(operator(audience="restricted"), "sv")["note"].tolist()[0] == "ny"
    publish(number)
    assert (state_of(1), state_of(number), figure_queries.newest_release(operator())) == (
        "superseded",
        "published",
        number,
    )
    with writing() as session, pytest.raises(ValueError, match="only a draft"):
        releases.publish(session, number, actor=operator())
    with writing() as session, pytest.raises(ValueError, match="says why"):
        releases.withdraw(session, number, " ", actor=operator("test"))
    with writing() as session:
        releases.withdraw(session, number, "a wrong file", actor=operator("anna"))
    assert (state_of(number), figure_queries.newest_release(operator())) == ("withdrawn", 1)
    shown = figure_queries.releases(operator(), "fi").set_index("number")
    assert shown.loc[number, "withdrawn_reason"] == "a wrong file"
    with reading() as session:
        query = select(AuditEvent.action, AuditEvent.subject, AuditEvent.actor).order_by(col(AuditEvent.id))
        acts = [tuple(each) for each in session.exec(query)][-3:]
        assert audit.broken_links(session) == []
    subject = f"release {number}"
    assert acts == [("build", subject, "test"), ("publish", subject, "test"), ("withdraw", subject, "anna")]
    with writing() as session, pytest.raises(KeyError):
        releases.publish(session, 99, actor=operator())


def test_another_person_publishes_where_the_rule_asks_for_it(own_facts):
    with writing() as session:
        session.get_one(Rule, "second_person").value = 1
    add(batch(900, now()))
    with writing() as session:
        number = releases.build(session, note=NOTE, as_of=LAST_DAY.date(), actor=operator("anna")).number
    for who in ("anna", "t"):  # built it, loaded the newest batch
        with writing() as session, pytest.raises(ValueError, match=f"{who} has built .* another person"):
            releases.publish(session, number, actor=operator(who))
    with writing() as session:
        assert releases.publish(session, number, actor=operator("ben")).built_by == "anna"


def test_readers_see_a_release_under_embargo_when_it_is_over(own_facts, monkeypatch):
    number, until = build(), datetime(2126, 12, 1, 7)
    with writing() as session, pytest.raises(ValueError, match="over already"):
        releases.publish(session, number, embargo=datetime(2026, 1, 1), actor=operator("test"))
    with writing() as session:
        releases.publish(session, number, embargo=until, actor=operator("test"))
    asked = {"indicator": "si6", "scheme": "country"}

    def seen() -> tuple:
        known = figure_queries.releases(operator(), "fi")
        shown = figure_queries.figures(operator(), number, "fi", **asked)
        return figure_queries.newest_release(operator()), known["number"].tolist(), len(shown) > 0

    assert (state_of(number), seen()) == ("published", (1, [1], False))
    with pytest.raises(KeyError, match="official"):
        change_queries.changes(operator(), 1, number)
    announced = figure_queries.releases(operator(audience="restricted"), "fi").iloc[0]
    assert (announced["number"], announced["embargo_until"], announced["built_by"]) == (number, until, "test")
    assert len(figure_queries.figures(operator(audience="restricted"), number, "fi", **asked)) > 0
    monkeypatch.setattr(release_basis, "now", lambda: until)
    assert seen() == (number, [number, 1], True)
    assert "built_by" not in figure_queries.releases(operator(), "fi")


def test_an_embargo_is_moved_and_lifted_with_a_reason(own_facts):
    number, until, later = build(), datetime(2126, 12, 1, 7), datetime(2127, 12, 1, 7)

    def change(moment: datetime | None, reason: str = "the minister asked", actor: str = "anna") -> None:
        with writing() as session:
            releases.change_embargo(session, number, moment, reason, actor=operator(actor))

    def refused(why: str, *given, **said) -> None:
        with pytest.raises(releases.Refused) as error:
            change(*given, **said)
        assert error.value.why == why

    refused("no_embargo", until)
    with writing() as session:
        releases.publish(session, number, embargo=until, actor=operator("test"))
    refused("no_reason", later, " ")
    refused("embargo_over", datetime(2026, 1, 1))
    with writing() as session:
        session.get_one(Rule, "second_person").value = 1
    refused("second_person", later, actor="test")
    change(later)
    assert figure_queries.newest_release(operator()) == 1
    change(None)
    assert figure_queries.newest_release(operator()) == number
    refused("no_embargo", later)
    with reading() as session:
        events = audit.listing(session).head(2)
        assert audit.broken_links(session) == []
    assert events["action"].tolist() == ["change embargo"] * 2
    why = {"reason": "the minister asked"}
    assert events["detail"].tolist() == [
        {"before": later.isoformat(), "embargo_until": None} | why,
        {"before": until.isoformat(), "embargo_until": later.isoformat()} | why,
    ]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("failed", "failed its audit.*Publish fewer breakdowns"), ("not_run", "has not been audited: build it")],
)
def test_a_release_that_has_not_passed_its_audit_is_neither_published_nor_shown(own_facts, outcome, said):
    number = build()
    with writing() as session:
        session.get_one(Release, number).audit = outcome
    with writing() as session, pytest.raises(ValueError, match=said):
        releases.publish(session, number, actor=operator())
    assert figure_queries.figures(operator(), number, "fi").empty
    assert len(figure_queries.figures(operator(audience="restricted"), number, "fi"))


def test_reading_back_gives_what_was_written(own_facts):
    with reading() as session:
        release = session.get_one(Release, 1)
        assert releases.stored_hash(session, 1) == release.content_hash
        assert release.figures == len(session.exec(select(Figure.id)).all())


# ---- what changed --------------------------------------------------------------------------------------


def prepared() -> None:
    """One regional project with reports, partners and a target, in release 2 beside the facts."""
    add(
        batch(900),
        project("p1"),
        ProjectArea(project="p1", area="mk05"),
        ProjectArea(project="p1", area="mk07"),
        ProjectGoal(project="p1", goal="g1"),
        *[
            Organisation(code=code, name=NOTE, type="ngo", demonstration=True, source="demonstration")
            for code in ("o1", "o2", "o3")
        ],
        *[
            Partnership(
                id=number,
                project="p1",
                organisation=code,
                role="partner",
                supported=True,
                starts=date(2025, 1, 1),
                source="demonstration",
            )
            for number, code in ((900, "o1"), (901, "o2"))
        ],
        report("eur_paid", "p1", "mk05", "2025h2", 1000.0, id=900),
        report("people", "p1", "mk05", "2025h2", 20, id=901),
        report("eur_planned", "p1", "mk05", "2025h2", 300.0, id=902),
        report("eur_committed", "p1", "mk05", "2025h2", 200.0, id=903),
        Target(
            id=900,
            indicator="si6",
            kind="target",
            value=20,
            due=date(2029, 12, 31),
            set_on=date(2025, 1, 1),
            set_by=NOTE,
            reason=NOTE,
            source="demonstration",
        ),
        Target(
            id=901,
            indicator="si6",
            kind="baseline",
            value=0,
            due=date(2024, 12, 31),
            set_on=date(2025, 1, 1),
            set_by=NOTE,
            reason=NOTE,
            source="demonstration",
        ),
    )
    publish(build())


def withdrawals() -> list[Observation]:
    """Two values that are withdrawn, one of them reported again."""
    at = ("p1", "mk05", "2025h2")
    return [
        report("eur_committed", *at, None, id=913, supersedes=903, **WITHDRAWN),
        report("eur_planned", *at, None, id=914, supersedes=902, **WITHDRAWN),
        report("eur_planned", *at, 350.0, id=915, supersedes=914, reason="again"),
    ]


def changed(before: int, now: int):
    with reading() as session:
        return release_changes.changes(session, before, now).set_index(KEY)


def country(found, indicator: str, period: str = "2025h2"):
    return found.loc[("country", period, indicator, "all", "fi")]


def test_every_change_has_its_reason_and_the_parts_are_the_whole(own_facts):
    prepared()
    add(
        # a report that was wrong: 1000 → 1500, and one for another half of Häme
        report("eur_paid", "p1", "mk05", "2025h2", 1500.0, id=910, supersedes=900, reason="typing error"),
        report("eur_paid", "p1", "mk07", "2025h2", 700.0, id=911),
        # a project that is new, with its report and its partner, and a third partner of the first
        project("p2"),
        ProjectArea(project="p2", area="mk07"),
        ProjectGoal(project="p2", goal="g1"),
        report("eur_paid", "p2", "mk07", "2025h2", 40.0, id=912),
        *withdrawals(),
        Partnership(
            id=910,
            project="p2",
            organisation="o3",
            role="lead",
            supported=True,
            starts=date(2025, 8, 1),
            source="demonstration",
        ),
        # two spellings of one organisation
        IdentityDecision(
            first="o1", second="o2", verdict="same", reason="r", decided_by="t", decided_at=LAST_DAY
        ),
        # a moved target
        Target(
            id=910,
            indicator="si6",
            kind="target",
            value=15,
            due=date(2029, 12, 31),
            set_on=date(2026, 9, 1),
            set_by=NOTE,
            reason=NOTE,
            supersedes=900,
            source="demonstration",
        ),
    )
    with writing() as session:
        session.get_one(Rule, "evidence_respondents").value = 6
    now = build()
    found = changed(2, now)
    # Euros paid in the country: 1000 → 1500 + 700 + 40 = 2240. Corrected 500, reported anew 740.
    paid = country(found, "eur_paid")
    assert (paid.change, paid.parts) == (1240, {"correction": 500, "new_report": 740})
    withdrawn = [country(found, code).parts for code in ("eur_committed", "eur_planned")]
    assert withdrawn == [{"correction": -200}, {"correction": -300, "new_report": 350}]
    # Organisations: 9 of the facts, o1 and o2: 11 → o3 came (+1), o1 and o2 are one (−1), a new target.
    si6 = country(found, "si6")
    assert (si6.value_before, si6.value_now, si6.parts) == (11, 11, ONE_CAME_ONE_MERGED)
    assert si6.reasons == ["partnership", "organisations_merged", "target"]
    assert country(found, "projects").parts == {"project": 1}
    # In Kanta-Häme only the correction is felt.
    assert found.loc[("maakunta", "2025h2", "eur_paid", "all", "mk05")].parts == {"correction": 500}
    assert (found["reasons"].str.len() > 0).all()
    sums = found["parts"].map(lambda parts: sum(parts.values()))
    assert ((sums - found["change"]).abs() < 1e-9).all()
    # The target for five years (1826 days) moved from 20 to 15: after one (365) 4.0 were expected, now 3.0.
    # Of the old path 11 organisations are 2.75 times as many, of the new one 3.67; both can be read.
    for number, target in ((2, 20), (now, 15)):
        asked = {"indicator": "si6", "area": "fi", "period": "2025h2", "goal": "all"}
        (row,) = figure_queries.figures(operator(audience="restricted"), number, "fi", **asked).itertuples()
        assert (row.target, row.expected_now) == (target, pytest.approx(target * 365 / 1826))
        assert row.share_of_path == pytest.approx(11 / (target * 365 / 1826))
    # What is not listed did not change.
    with reading() as session:
        before, after = (release_changes.stored(session, number)["value"] for number in (2, now))
    rest = before.index.intersection(after.index).difference(found.index)
    assert before[rest].equals(after[rest])


def test_areas_definitions_time_and_withdrawals_are_reasons_too(own_facts):
    """As a published release remembers it, and as it is measured of the working release at the end."""
    prepared()
    with writing() as session:
        # Päijät-Häme moves to Sisä-Suomi as well.
        offices = col(Membership.area).startswith("evk")
        session.exec(select(Membership).where(Membership.atom == "hva09", offices)).one().area = "evk04"
    publish(second := build())
    found = changed(2, second)
    assert {reason for reasons in found["reasons"] for reason in reasons} == {"areas"}
    with writing() as session:
        session.get_one(Rule, "report_due_days").value = 500
    publish(third := build())
    found = changed(second, third)
    assert {reason for reasons in found["reasons"] for reason in reasons} == {"definition"}
    add(batch(901, datetime(2027, 3, 1)))
    publish(fourth := build())
    found = changed(third, fourth)
    assert {reason for reasons in found["reasons"] for reason in reasons} == {"time"}
    with writing() as session:
        left = session.get_one(Project, "p1")
        left.state, left.ended_early = "withdrawn", date(2026, 1, 31)
    fifth = build()
    found = changed(fourth, fifth)
    assert country(found, "projects", "to_date").parts == {"project": -1}
    assert country(found, "si6", "to_date").parts == {"project": -2}
    with reading() as session, pytest.raises(ValueError, match="older release first"):
        release_changes.changes(session, fifth, fourth)


def test_the_official_audience_sees_no_change_of_what_is_protected(own_facts):
    prepared()
    add(
        report("people", "p1", "mk05", "2025h2", 3, id=910, supersedes=901, reason="typing error"),
        report("people", "p1", "mk07", "2025h2", 30, id=911),
    )
    now = build()
    with pytest.raises(KeyError, match="no release"):
        change_queries.changes(operator(), 2, now)
    publish(now)
    official = change_queries.changes(operator(), 2, now).set_index(KEY)
    restricted = change_queries.changes(operator(audience="restricted"), 2, now).set_index(KEY)
    key = ("maakunta", "2025h2", "people", "all", "mk05")
    assert restricted.loc[key, "value_now"] == 3
    assert official.loc[key, ["state_before", "state_now"]].tolist() == ["value", "protected"]
    assert official.loc[key, "reasons"] == ["protection"]
    assert official.loc[key, ["value_now", "change", "parts"]].isna().all()
    # The country's 20 → 33 is shown with its reasons, without what each report brought.
    total = official.loc[("country", "2025h2", "people", "all", "fi")]
    assert (total.change, total.reasons, total.parts) == (13, ["correction", "new_report"], None)
    # 3 → 4: protected before and after, so that even the fact of a change is left out.
    add(report("people", "p1", "mk05", "2025h2", 4, id=920, supersedes=910, reason="typing error"))
    last = build()
    publish(last)
    found = changed(now, last)
    assert found.loc[key, ["value_before", "value_now"]].tolist() == [3, 4]
    assert key not in change_queries.masked(found.reset_index()).set_index(KEY).index
