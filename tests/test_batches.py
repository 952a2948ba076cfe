"""Checked rows → one batch, or nothing; what it changed, taken back, corrected, and who may not do it."""

import threading
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, func, select

from data_access import audit, holdings, initialise, models
from data_access.intake import loading, undoing
from data_access.intake.difference import difference
from data_access.intake.effect import effect
from data_access.intake.loading import Refused
from data_access.measures.figures import measured
from data_access.models import AuditEvent, ImportBatch, Observation
from data_access.queries import batches as batch_queries
from data_access.scope import operator
from data_access.store import reading
from tests.filed import FIRST, SECOND, filed, partner, project, report, standing_rows, target
from tests.store.stores import Store

TABLES = [
    each for each in vars(models).values() if isinstance(each, type) and issubclass(each, models.StoreTable)
]
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Store:
    """A store with reference data only."""
    with Store(tmp_path_factory.mktemp("empty") / "store").in_use() as store:
        initialise.fill("empty")
    return store


@pytest.fixture
def first(empty, tmp_path):
    """A store of its own that the first file has been loaded into; the number of its batch."""
    with empty.copy(tmp_path / "store").in_use():
        yield loading.load(FIRST, actor=operator("anna"))


def figures() -> pd.DataFrame:
    """All that can be measured today, as it shows."""
    with reading() as session:
        basis = holdings.basis(session, TODAY)
        observations = holdings.current_observations(session, holdings.highest_observation(session))
        return measured(basis, observations)


def counts() -> dict[str, int]:
    with reading() as session:
        tables = [table for table in TABLES if hasattr(table, "__table__")]
        return {
            each.__tablename__: session.exec(select(func.count()).select_from(each)).one() for each in tables
        }


def events() -> list[tuple[str, str, str]]:
    with reading() as session:
        assert audit.broken_links(session) == []
        query = select(AuditEvent.actor, AuditEvent.action, AuditEvent.subject).order_by(col(AuditEvent.id))
        return [tuple(row) for row in session.exec(query)]


def refused(act, *given, **said) -> Refused:
    before = counts()
    with pytest.raises(Refused) as why:
        act(*given, **said)
    assert counts() == before, "what is refused leaves nothing behind"
    return why.value


# ---- loading, and taking back --------------------------------------------------------------------------


def test_batches_are_loaded_taken_back_and_brought_back(stores):
    initialise.fill("empty")
    assert loading.load(FIRST, actor=operator("anna"), note="spring") == 1
    spring, shown = standing_rows(), figures()
    assert {sheet: len(rows) for sheet, rows in spring.items()} == {
        sheet: len(rows) for sheet, rows in FIRST.rows.items()
    }
    with reading() as session:
        found = difference(session, SECOND)
    assert found.counts.loc[
        ["projects", "areas", "partnerships", "observations", "targets"]
    ].to_numpy().tolist() == [
        [1, 1, 0, 0],
        [1, 0, 1, 0],
        [1, 1, 1, 0],
        [1, 1, 1, 0],
        [1, 1, 0, 0],
    ]
    assert loading.load(SECOND, actor=operator("anna"), note="autumn", expected=found.ground) == 2
    autumn = standing_rows()
    assert [row[0] for row in autumn["projects"]] == ["p1", "p2", "p3"]
    assert ("p1", "eur_paid", "2026h1", "mk05", 1500.0) in [row[:5] for row in autumn["funding"]]
    assert ("people", None, None, "target", date(2029, 12, 31), 600.0) in [
        row[:6] for row in autumn["targets"]
    ]
    assert not [row for row in autumn["observations"] if row[:2] == ("p2", "people")]
    assert undoing.undo(2, "a wrong file", actor=operator("ben")) == 3
    assert standing_rows() == spring
    pd.testing.assert_frame_equal(figures(), shown)
    assert undoing.undo(3, "it was right", actor=operator("ben")) == 4
    assert standing_rows() == autumn
    assert refused(undoing.undo, 2, "again", actor=operator("ben")).detail == {"number": 2, "batch": 3}
    assert events()[1:] == [
        ("anna", "import", "batch 1"),
        ("anna", "import", "batch 2"),
        ("ben", "undo import", "batch 3"),
        ("ben", "undo import", "batch 4"),
    ]
    listed = batch_queries.batches(operator()).set_index("batch")
    assert listed.loc[[1, 2, 3, 4], ["new", "corrected", "withdrawn"]].to_numpy().tolist() == [
        [16, 0, 0],  # 13 rows, and p1 serves one goal, p2 two
        [9, 6, 3],
        [3, 6, 9],
        [9, 6, 3],
    ]
    assert (listed.loc[2, "undone_by"], listed.loc[3, "undoes"], listed.loc[3, "undone_by"]) == (3, 2, 4)


def test_the_same_file_again_changes_nothing_and_is_known(first):
    before = counts()
    assert loading.load(FIRST, actor=operator("ben")) is None
    assert counts() == before
    with reading() as session:
        found = difference(session, FIRST)
        assert (found.empty, found.same_file) == (True, first)
    undoing.undo(first, "wrong", actor=operator("ben"))
    with reading() as session:
        assert difference(session, FIRST).same_file is None
    assert loading.load(FIRST, actor=operator("ben")) == first + 2, "what was undone can be loaded again"


def test_what_a_file_brings_is_told_cell_by_cell(first):
    with reading() as session:
        found = difference(session, SECOND)
    told = {sheet: found.cells(sheet)[["change", "column", "old", "new"]] for sheet in found.rows}
    assert told["areas"].to_numpy().tolist() == [["withdrawn", None, None, None], ["new", None, None, None]]
    rows = told["observations"].to_numpy().tolist()
    assert rows[0] == ["corrected", "value", 20.0, 25.0]
    assert ["corrected", "reason", None, "typing error"] in rows
    assert ["withdrawn", "value", 30.0, None] in rows
    assert ["corrected", "goals", "g1", "g1 g3"] in told["projects"].to_numpy().tolist()


def test_a_preview_tells_the_effect_and_keeps_nothing(first):
    before = counts()
    found = effect(SECOND, actor=operator()).set_index(["indicator", "goal"])
    assert counts() == before
    # p1's 20 → 25, p2's 30 withdrawn, p3's 40 new; organisations o1 and o2 → o1 and o3.
    assert found.loc[("people", "all"), ["before", "after"]].tolist() == [50, 65]
    assert found.loc[("eur_paid", "all"), ["before", "after"]].tolist() == [1000, 1500]
    assert found.loc[("projects", "all"), ["before", "after"]].tolist() == [2, 3]
    assert found.loc[("eeco18", "all"), ["before", "after"]].tolist() == [1, 0]


# ---- what is refused -----------------------------------------------------------------------------------


def test_a_file_with_errors_or_unaccepted_warnings_is_not_loaded(first):
    error = ("error", "required", "projects", 2, "state", None, {})
    assert (
        refused(loading.load, filed("bad", [error], projects=[project("p9")]), actor=operator("anna")).why
        == "refused"
    )
    warning = filed("odd", [("warning", *error[1:])], projects=[project("p9")])
    assert refused(loading.load, warning, actor=operator("anna")).why == "warned"
    assert loading.load(warning, actor=operator("anna"), accepted=True) == first + 1


def test_a_correction_says_why(first):
    silent = filed("silent", observations=[report("p1", "people", 21)])
    assert refused(loading.load, silent, actor=operator("anna")).why == "no_reason"
    loading.load(silent, actor=operator("anna"), note="the register was checked")
    (row,) = (
        batch_queries.history(operator(), "people", "2026h1", project="p1", area="mk05").tail(1).itertuples()
    )
    assert (row.value, row.reason, row.state) == (21, "the register was checked", "stands")


def test_of_two_stewards_the_second_is_told_what_has_moved(stores):
    initialise.fill("empty")
    loading.load(FIRST, actor=operator("anna"))
    files = {
        "anna": filed(
            "a", observations=[report("p1", "people", 21, reason="a")], projects=[project("p2", goals="g4")]
        ),
        "ben": filed(
            "b", observations=[report("p1", "people", 22, reason="b")], projects=[project("p2", goals="g3")]
        ),
    }
    looked = threading.Barrier(2)
    said: dict[str, object] = {}

    def work(who: str) -> None:
        with reading() as session:
            ground = difference(session, files[who]).ground
        looked.wait()
        try:
            said[who] = loading.load(files[who], actor=operator(who), expected=ground)
        except Refused as why:
            said[who] = why

    threads = [threading.Thread(target=work, args=(who,)) for who in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [who for who, each in said.items() if each == 2]
    (why,) = [each for each in said.values() if isinstance(each, Refused)]
    assert str(why) == f"2 rows have been changed since by batch 2 of {winner}: look at the preview again"
    assert why.rows["key"].tolist() == ["p2", "p1 · people · 2026h1 · mk05"]
    assert len(batch_queries.history(operator(), "people", "2026h1", project="p1", area="mk05")) == 2
    events()
    other = filed("c", observations=[report("p2", "people", 31, reason="c")])
    assert loading.load(other, actor=operator("cia"), expected=1) == 3, "another row's ground has not moved"


def test_what_was_changed_since_is_undone_first(first):
    second = loading.load(SECOND, actor=operator("anna"), note="x")
    third = loading.load(
        filed("3", observations=[report("p1", "people", 26, reason="c")]), actor=operator("ben")
    )
    fourth = loading.load(filed("4", projects=[project("p3", state="ended")]), actor=operator("cia"))
    why = refused(undoing.undo, second, "wrong", actor=operator("anna"))
    assert (why.why, why.detail["batch"]) == ("changed_since", fourth)
    told = why.rows[["sheet", "key", "batch", "loaded_by"]].to_numpy().tolist()
    assert told == [
        ["observations", "p1 · people · 2026h1 · mk05", third, "ben"],
        ["projects", "p3", fourth, "cia"],
    ]
    for later in (third, fourth):
        undoing.undo(later, "first", actor=operator("anna"))
    undoing.undo(second, "wrong", actor=operator("anna"))
    assert [row[0] for row in standing_rows()["projects"]] == ["p1", "p2"]


def test_what_is_still_named_does_not_go(first):
    later = filed(
        "more", partnerships=[partner("p1", "o2")], observations=[report("p2", "si2", 3, area=None)]
    )
    loading.load(later, actor=operator("ben"))
    why = refused(undoing.undo, first, "wrong", actor=operator("anna"))
    assert why.why == "still_named"
    assert why.rows.to_numpy().tolist() == [["projects", "p1"], ["projects", "p2"], ["organisations", "o2"]]
    gone = filed("gone", projects=[project("p2", withdraw=True)])
    assert refused(loading.load, gone, actor=operator("anna"), note="x").why == "still_named"


def test_unknown_batches_and_silence_are_refused(first):
    assert refused(undoing.undo, 99, "x", actor=operator("anna")).why == "unknown"
    assert refused(undoing.undo, first, " ", actor=operator("anna")).why == "no_reason"


# ---- withdrawn values, and single ones -----------------------------------------------------------------


def current(indicator: str) -> list[tuple]:
    with reading() as session:
        rows = holdings.current_observations(session, holdings.highest_observation(session))(indicator)
    return list(
        rows.sort_values("project")[["project", "value", "reported_on"]].itertuples(index=False, name=None)
    )


def reported(indicator: str) -> dict[str, date]:
    with reading() as session:
        rows = holdings.first_reports(session, holdings.highest_observation(session))
    rows = rows[rows["indicator"] == indicator]
    return dict(zip(rows["project"], rows["reported_on"], strict=True))


def test_what_is_withdrawn_was_never_reported_until_it_is_again(first):
    day, later = FIRST.rows["observations"]["reported_on"][0], TODAY
    gone = filed(
        "gone", observations=[report("p1", "people", None, withdraw=True, reason="another project's")]
    )
    second = loading.load(gone, actor=operator("anna"))
    assert current("people") == [("p2", 30, day)]
    assert set(reported("people")) == {"p2"}
    loading.load(
        filed("again", observations=[report("p1", "people", 5, reported_on=later)]),
        actor=operator("anna"),
        note="r",
    )
    assert current("people") == [("p1", 5, later), ("p2", 30, day)]
    correction = filed(
        "c", observations=[report("p1", "people", 6, reason="c", reported_on=TODAY + timedelta(9))]
    )
    loading.load(correction, actor=operator("anna"))
    assert reported("people") == {"p1": later, "p2": day}, (
        "a correction keeps the day, a new report has its own"
    )
    states = batch_queries.history(operator(), "people", "2026h1", project="p1", area="mk05")[
        "state"
    ].tolist()
    assert states == ["superseded", "withdrawn", "superseded", "stands"]
    assert refused(undoing.undo, second, "x", actor=operator("anna")).why == "changed_since"


def test_a_value_that_comes_back_has_the_day_it_was_first_reported_on(first):
    correction = filed("c", observations=[report("p1", "people", 25, reason="c", reported_on=TODAY)])
    loading.load(correction, actor=operator("anna"))
    shown = figures()
    gone = loading.load(
        filed("g", observations=[report("p1", "people", None, withdraw=True, reason="g")]),
        actor=operator("a"),
    )
    undoing.undo(gone, "it was right", actor=operator("anna"))
    assert current("people")[0] == ("p1", 25, FIRST.rows["observations"]["reported_on"][0])
    pd.testing.assert_frame_equal(figures(), shown)


def test_a_single_value_is_corrected_or_withdrawn_with_a_reason(first):
    def standing_one() -> int:
        rows = batch_queries.history(operator(), "people", "2026h1", project="p1", area="mk05")
        return int(rows["observation"].iloc[-1])

    number = standing_one()
    assert refused(loading.correct, number, {"value": 21}, " ", actor=operator("anna")).why == "no_reason"
    assert refused(loading.correct, number, {"n": -1}, "x", actor=operator("anna")).why == "not_valid"
    assert loading.correct(number, {"value": 20}, "the same", actor=operator("anna")) is None
    assert loading.correct(number, {"value": 21}, "typing error", actor=operator("anna")) == first + 1
    assert refused(loading.correct, number, {"value": 22}, "late", actor=operator("ben")).why == "not_newest"
    assert loading.correct(standing_one(), None, "another project's", actor=operator("ben")) == first + 2
    assert [row[:2] for row in current("people")] == [("p2", 30)]
    undoing.undo(first + 2, "it was right", actor=operator("anna"))
    assert [row[:2] for row in current("people")] == [("p1", 21), ("p2", 30)]
    assert events()[2] == ("anna", "correct value", f"batch {first + 1}")


# ---- what is invented ----------------------------------------------------------------------------------


def test_where_anything_is_invented_every_import_is(first):
    def marks() -> set[tuple]:
        with reading() as session:
            query = select(ImportBatch.demonstration, Observation.source).join(
                Observation, col(Observation.batch) == ImportBatch.id
            )
            return set(
                session.exec(
                    query.where(ImportBatch.id == session.exec(select(func.max(ImportBatch.id))).one())
                )
            )

    assert marks() == {(False, "reports")}
    loading.load(filed("2", observations=[report("p1", "nr1", 2, n=9)]), actor=operator("a"), source="theme")
    assert marks() == {(False, "theme")}
    loading.load(
        filed("3", observations=[report("p1", "nr2", 2, n=9)]), actor=operator("a"), demonstration=True
    )
    loading.load(
        filed("4", observations=[report("p1", "nr3", 2, n=9)], targets=[target("si6", 9)]),
        actor=operator("a"),
    )
    assert marks() == {(True, "demonstration")}


# ---- any sequence --------------------------------------------------------------------------------------

PLACES = [(project, indicator) for project in ("p1", "p2") for indicator in ("people", "eur_paid")]
LOADED = st.dictionaries(st.sampled_from(PLACES), st.sampled_from([None, 1.0, 2.0, 3.0]), min_size=1)
STEPS = st.lists(LOADED | st.integers(1, 8), min_size=2, max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_any_sequence_of_batches_leaves_what_it_says(empty, tmp_path_factory, steps):
    """Loads (none withdraws) and undoings (of the n-th batch), against a model that is a dictionary."""
    with empty.copy(tmp_path_factory.mktemp("steps") / "store").in_use():
        loading.load(filed(projects=[project("p1"), project("p2")]), actor=operator("a"))
        model: dict[tuple, float] = {}
        made: dict[int, dict[tuple, tuple]] = {}
        undone: set[int] = set()
        for number, step in enumerate(steps):
            if isinstance(step, int):
                take_back(step, model, made, undone)
            else:
                rows = [report(*at, value, withdraw=value is None, reason="r") for at, value in step.items()]
                batch = loading.load(filed(str(number), observations=rows), actor=operator("a"))
                moves = {at: (model.get(at), value) for at, value in step.items() if model.get(at) != value}
                assert (batch is None) == (not moves)
                if batch:
                    made[batch] = moves
                    apply(model, moves)
            assert stands() == model
        with reading() as session:
            heads = session.exec(select(func.count()).where(col(Observation.supersedes).is_(None))).one()
            places = {at for moves in made.values() for at in moves}
            assert heads == len(places), "each value is one chain"
        events()


def take_back(batch: int, model: dict, made: dict, undone: set[int]) -> None:
    moves = made.get(batch + 1, {})
    allowed = (
        bool(moves)
        and batch + 1 not in undone
        and all(model.get(at) == now for at, (_, now) in moves.items())
    )
    try:
        number = undoing.undo(batch + 1, "r", actor=operator("a")) if batch + 1 in made else None
    except Refused:
        number = None
    assert (number is not None) == allowed
    if number is not None:
        undone.add(batch + 1)
        made[number] = {at: (now, before) for at, (before, now) in moves.items()}
        apply(model, made[number])


def apply(model: dict, moves: dict) -> None:
    for at, (_, value) in moves.items():
        if value is None:
            model.pop(at)
        else:
            model[at] = value


def stands() -> dict[tuple, float]:
    rows = standing_rows()
    return {row[:2]: row[5] for row in rows["observations"]} | {row[:2]: row[4] for row in rows["funding"]}
