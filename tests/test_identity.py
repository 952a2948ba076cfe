"""Organisations that stand in the register more than once: found, decided on, undone, and counted."""

from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from sqlmodel import col, select

from data_access import audit, identity, initialise, release_changes, releases
from data_access.measures import identity as measures
from data_access.models import AuditEvent, IdentityDecision, ImportBatch, Organisation, Partnership, Project
from data_access.queries import identities as identity_queries
from data_access.scope import operator
from data_access.store import reading, writing

ALIKE = 0.9


def register(*rows: tuple) -> pd.DataFrame:
    """Rows (code, business ID, name in Finnish, and in Swedish where it is another), with their identity."""
    named = [(code, number, fi, *(more or (fi,)), fi) for code, number, fi, *more in rows]
    found = pd.DataFrame(named, columns=["organisation", "business_id", "fi", "sv", "en"], dtype=object)
    return found.assign(identity=measures.identities(found, pairs()))


def pairs(*found: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(found, columns=["first", "second"], dtype=object)


def suggested(rows: pd.DataFrame, *apart: tuple[str, str]) -> list[tuple]:
    found = measures.suggestions(measures.alike(rows, ALIKE), rows, pairs(*apart))
    return list(found[["first", "second", "reason"]].itertuples(index=False, name=None))


# ---- names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tähtikarin Perhetuki ry", "TÄHTIKARIN PERHE-TUKI, r.y."),
        ("Oy Kotikoski Ab", "Kotikoski"),
        ("Terveyden ja hyvinvoinnin laitos (THL)", "Terveyden ja hyvinvoinnin laitos"),
        ("Familjestöd i Molnå rf", "Familjestöd i Molnå r.f."),
        ("Eteläisen alueen kuntayhtymä", "Eteläisen alueen"),
    ],
)
def test_what_spellings_differ_in_is_left_out(one, other):
    assert measures.comparable(one) == measures.comparable(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Äiti ry", "Aiti ry"), ("Oy", "Ab"), ("Koti 1", "Koti 2"), ("Raahe", "Raahen")]
)
def test_what_tells_organisations_apart_stays(one, other):
    assert measures.comparable(one) != measures.comparable(other)


def test_names_are_compared_across_languages_and_by_the_fewest_letters():
    rows = register(
        ("a", None, "Pilvijoen Sijaisperheet ry", "Fosterfamiljerna i Molnå rf"),
        ("b", None, "Fosterfamiljerna i Molnå"),
        # 21 letters of 22 stand: 1 − 1/22 = 0.95
        ("c", None, "Pilvijoen Sijaisperhet ry", "Fosterfamiljer"),
        ("d", None, "Pilvijoen Perhetuki ry"),
        # one letter of nine is more than one in ten
        ("e", None, "Siltojen"),
        ("f", None, "Siltoijen"),
        ("g", None, "Perhekoti Kaislarannan talo 1"),
        ("h", None, "Perhekoti Kaislarannan talo 2"),
    )
    assert suggested(rows) == [("a", "b", "same_name"), ("a", "c", "similar_name")]
    found = measures.alike(rows, ALIKE)
    assert found["first_name"].tolist() == ["Fosterfamiljerna i Molnå rf", "Pilvijoen Sijaisperheet ry"]
    assert found["score"].round(4).tolist() == [1.0, 0.9545]


def test_a_register_without_a_likeness_suggests_nothing():
    for rows in (register(("a", None, "Siivet")), register(("a", None, "Siivet")).iloc[:0]):
        assert suggested(rows) == []


def test_business_ids_decide_before_names_do():
    rows = register(
        ("a", "0112038-9", "Kaarnavaaran AMK"),
        ("b", "0112038-9", "Kaarnavaaran ammattikorkeakoulu"),
        ("c", "1234567-1", "Kaarnavaaran ammattikorkeakoulu"),
        ("d", None, "Kaarnavaaran ammattikorkeakolu"),
    )
    assert rows["identity"].tolist() == ["0112038-9", "0112038-9", "1234567-1", "d"]
    # a and b are one already, b and c have different IDs; d may be either.
    assert suggested(rows) == [("b", "d", "similar_name"), ("c", "d", "similar_name")]


def test_what_was_held_apart_is_not_asked_again_under_another_spelling():
    rows = register(("a", None, "Siivet kantavat"), ("b", None, "Siivet kantavat ry"), ("c", None, "Siivet"))
    rows["identity"] = measures.identities(rows, pairs(("b", "c")))
    assert rows["identity"].tolist() == ["a", "b", "b"]
    assert suggested(rows) == [("a", "b", "same_name")]
    assert suggested(rows, ("a", "c")) == []


def test_one_and_another_and_a_third_are_one_and_a_business_id_outweighs_a_decision():
    rows = register(*[(code, None, code) for code in "edcba"], ("f", "0112038-9", "f"))
    rows["identity"] = measures.identities(rows, pairs(("a", "b"), ("c", "b"), ("d", "f")))
    assert dict(zip(rows["organisation"], rows["identity"], strict=True)) == {
        **dict.fromkeys("abc", "a"),
        **dict.fromkeys("df", "0112038-9"),
        "e": "e",
    }
    rows["business_id"] = ["1234567-1", None, None, None, None, "0112038-9"]
    found = measures.identities(rows, pairs(("e", "f"), ("b", "c")))
    assert found.tolist() == ["1234567-1", "d", "b", "b", "a", "0112038-9"]


@given(
    st.lists(st.text("aab1", min_size=1, max_size=24), max_size=24, unique=True), st.sampled_from([0.6, 0.9])
)
def test_no_pair_is_missed_though_few_are_compared(keys, least):
    asking = set(keys[::2])
    pairs_found = list(measures.near(keys, asking, least))
    found = {(one, other): score for one, other, score in pairs_found}
    for one in keys:
        for other in keys:
            if (len(one), one) > (len(other), other):
                score = 1 - Levenshtein.distance(one, other) / len(one)
                near = score >= least - 1e-9 and measures.numbers(one) == measures.numbers(other)
                assert found.get((one, other)) == (score if near and {one, other} & asking else None)
    assert len(pairs_found) == len({frozenset(pair) for pair in found})


# ---- steps between two releases ------------------------------------------------------------------------


def partners(**identity: str | tuple[str, float]) -> pd.DataFrame:
    told = {code: (each, 1.0) if isinstance(each, str) else each for code, each in identity.items()}
    return pd.DataFrame(
        [(code, *each) for code, each in told.items()], columns=["organisation", "identity", "eligible"]
    )


def groups(frame: pd.DataFrame) -> set[frozenset[str]]:
    return set(frame.groupby("identity")["organisation"].agg(frozenset))


def as_sets(*words: str) -> set[frozenset[str]]:
    return {frozenset(word) for word in words}


def test_a_new_partner_a_merge_and_a_separation_are_three_steps():
    before = partners(a="a", b="b", c="c", d="c", e="e")
    # f and g are new: f is b under another spelling, g stands alone. a and b were merged, c and d separated.
    now = partners(a="a", b="a", c="c", d="d", e="e", f="a", g="g")
    found = measures.steps(before, now)
    assert groups(found["partnership"]) == as_sets("af", "b", "cd", "e", "g")
    assert groups(found["organisations_merged"]) == as_sets("abf", "cd", "e", "g")
    assert groups(found["organisations_separated"]) == as_sets("abf", "c", "d", "e", "g")
    assert found["eligibility"].equals(found["organisations_separated"])


def test_what_is_only_called_otherwise_is_no_step_and_eligibility_is_one_of_its_own():
    before = partners(a="a", b="b", c=("c", 0.0))
    found = measures.steps(before, partners(a="0112038-9", b="b", c=("c", 1.0)))
    assert found["partnership"].equals(before)
    assert found["organisations_separated"].equals(before)
    assert found["eligibility"]["eligible"].tolist() == [1.0, 1.0, 1.0]


# ---- deciding ------------------------------------------------------------------------------------------

NAMES = {"fi": "Aallon Perhetuki ry", "sv": "Familjestöd i Vågen rf", "en": "Wave Family Support"}
OTHER = {"fi": "Aallon Perhe-tuki", "sv": "Familjestöd Vågen", "en": "Wave Families"}


@pytest.fixture(scope="module")
def prepared(facts_store, tmp_path_factory):
    """The facts, and in two projects of their own a partner that is spelt in two ways."""
    own = facts_store.copy(tmp_path_factory.mktemp("identity") / "store")
    with own.in_use():
        prepare()
    return own


@pytest.fixture
def own(prepared, tmp_path):
    with prepared.copy(tmp_path / "own").in_use() as store:
        yield store


def prepare() -> None:
    marked = {"demonstration": True, "source": "demonstration"}
    day = date(2025, 1, 1)
    batch = ImportBatch(
        id=900,
        loaded_at=datetime(2026, 9, 30),
        loaded_by="t",
        file_name="f",
        sha256="0",
        note="",
        demonstration=True,
    )
    rows = [
        batch,
        *[
            Organisation(code=code, name=name, business_id=number, type="ngo", **marked)
            for code, name, number in (
                ("o1", NAMES, None),
                ("o2", OTHER, None),
                ("o3", dict.fromkeys(NAMES, "Kolmas"), "0112038-9"),
                ("o4", dict.fromkeys(NAMES, "Neljäs"), "1234567-1"),
                ("o5", dict.fromkeys(NAMES, "Viides"), None),
            )
        ],
        *[
            Project(
                code=code, programme="esf51", name=NAMES, state="running", starts=day, national=True, **marked
            )
            for code in ("p1", "p2")
        ],
    ]
    with writing() as session:
        for row in rows:
            session.add(row)
            session.flush()
        for number, (project, code) in enumerate((("p1", "o1"), ("p2", "o2"), ("p2", "o3")), 900):
            role = {"role": "partner", "supported": True, "starts": day, "source": "demonstration"}
            session.add(Partnership(id=number, project=project, organisation=code, **role))
            session.flush()


def identity_of(code: str) -> str:
    with reading() as session:
        rows = identity.identities(session).set_index("organisation")
    return rows.loc[code, "identity"]


def waiting() -> set[tuple[str, str]]:
    found = identity_queries.suggestions(operator(), identity_queries.alike_names(operator()))
    return set(found[["first", "second"]].itertuples(index=False, name=None))


def test_a_suggestion_says_why_and_what_merging_would_change(own):
    (row,) = identity_queries.suggestions(operator(), identity_queries.alike_names(operator())).to_dict(
        "records"
    )
    assert (row["first"], row["second"], row["reason"]) == ("o1", "o2", "same_name")
    assert (row["first_name"], row["second_name"]) == (NAMES["fi"], OTHER["fi"])
    assert [row[name] for name in ("fewer", "partnerships", "projects", "common")] == [1, 2, 2, 0]


def test_a_decision_is_kept_with_who_when_why_and_its_audit_event(own):
    number = identity.merge("o2", "o1", " sama yhdistys ", actor=operator("anna"))
    assert (identity_of("o1"), identity_of("o2")) == ("o1", "o1")
    assert waiting() == set()
    undone = identity.undo(number, "kaksi yhdistystä", actor=operator("bertta"))
    assert (identity_of("o2"), waiting()) == ("o2", {("o1", "o2")})
    rows = identity_queries.decisions(operator()).astype(object).to_dict("records")
    assert [(row["number"], row["verdict"], row["in_force"]) for row in rows] == [
        (undone, "undone", False),
        (number, "same", False),
    ]
    assert [(row["first"], row["second"]) for row in rows] == [("o1", "o2")] * 2
    assert (rows[0]["undoes"], rows[1]["reason"], rows[1]["decided_by"]) == (number, "sama yhdistys", "anna")
    assert rows[1]["decided_at"] is not None
    with reading() as session:
        events = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(2)).all()
        said = [(event.actor, event.action, event.subject, event.detail) for event in events]
        assert audit.broken_links(session) == []
    assert said == [
        (
            "bertta",
            "undo: merge organisations",
            "o1, o2",
            {"decision": undone, "reason": "kaksi yhdistystä", "undoes": number},
        ),
        (
            "anna",
            "merge organisations",
            "o1, o2",
            {"decision": number, "reason": "sama yhdistys", "undoes": None},
        ),
    ]


def test_what_was_rejected_is_suggested_again_only_once_it_is_undone(own):
    number = identity.hold_apart("o1", "o2", "eri yhdistykset", actor=operator("anna"))
    assert (waiting(), identity_of("o2")) == (set(), "o2")
    identity.undo(number, "sittenkin sama", actor=operator("anna"))
    assert waiting() == {("o1", "o2")}
    assert identity.merge("o1", "o2", "sama", actor=operator("anna")) > number


def refusal(act) -> tuple[str, int]:
    with pytest.raises(identity.Refused) as refused:
        act()
    return refused.value.why, refused.value.number


def test_what_cannot_be_decided_is_refused_and_leaves_no_trace(own):
    def merge(first: str, second: str, reason: str = "r"):
        return refusal(lambda: identity.merge(first, second, reason, actor=operator("t")))

    assert merge("o1", "nobody") == ("unknown", 0)
    assert merge("o1", "o1") == ("itself", 0)
    assert merge("o3", "o4") == ("two_ids", 0)
    assert merge("o1", "o2", "  ") == ("no_reason", 0)
    assert refusal(lambda: identity.undo(1, "r", actor=operator("t"))) == ("not_in_force", 1)
    with reading() as session:
        assert session.exec(select(IdentityDecision)).all() == []
        assert session.exec(select(AuditEvent).where(AuditEvent.actor == "t")).all() == []
    # o5 and o3 are one; through o5 the IDs of o3 and o4 would become one.
    first = identity.merge("o5", "o3", "r", actor=operator("a"))
    assert merge("o4", "o5") == ("two_ids", 0)
    assert merge("o3", "o5") == ("one_already", first)
    # What holds of one spelling holds of the identity.
    apart = identity.hold_apart("o1", "o5", "r", actor=operator("a"))
    assert merge("o1", "o3") == ("held_apart", apart)
    assert refusal(lambda: identity.hold_apart("o3", "o5", "r", actor=operator("a"))) == (
        "one_already",
        first,
    )
    identity.undo(first, "r", actor=operator("a"))
    assert refusal(lambda: identity.undo(first, "r", actor=operator("a"))) == ("not_in_force", first)
    assert identity.merge("o1", "o3", "r", actor=operator("a"))


def test_a_business_id_that_comes_later_outweighs_the_decision_and_check_tells(own):
    number = identity.merge("o5", "o3", "r", actor=operator("a"))
    with writing() as session:
        session.get_one(Organisation, "o5").business_id = "1234567-1"
    with reading() as session:
        assert identity.contradictions(session) == [number]
    assert (identity_of("o3"), identity_of("o5")) == ("0112038-9", "1234567-1")
    assert refusal(lambda: identity.hold_apart("o4", "o5", "r", actor=operator("a"))) == ("one_by_id", 0)


# ---- counts follow -------------------------------------------------------------------------------------


def released() -> tuple[int, str]:
    with writing() as session:
        made = releases.build(session, note=dict.fromkeys(NAMES, "…"), actor=operator("test"))
        releases.publish(session, made.number, actor=operator("test"))
        return made.number, made.content_hash


def changed(before: int, now: int) -> pd.DataFrame:
    with reading() as session:
        return release_changes.changes(session, before, now)


def of_country(found: pd.DataFrame) -> dict:
    rows = found[(found["scheme"] == "country") & (found["period"] == "to_date") & (found["goal"] == "all")]
    return rows.set_index("indicator").loc["si6"].to_dict()


def test_a_merge_changes_the_counts_of_the_next_release_and_undoing_restores_them(stores):
    initialise.fill("facts")
    prepare()
    first, content = released()
    number = identity.merge("o1", "o2", "sama yhdistys", actor=operator("anna"))
    second, merged = released()
    assert merged != content
    found = changed(first, second)
    si6 = of_country(found)
    # The nine of the facts, o1, o2 and o3; then one less.
    assert (si6["value_before"], si6["value_now"]) == (12, 11)
    assert si6["parts"] == {"organisations_merged": -1}
    identity.undo(number, "kaksi yhdistystä", actor=operator("anna"))
    third, restored = released()
    assert restored == content
    back = changed(second, third)
    assert of_country(back)["parts"] == {"organisations_separated": 1}
    for rows, reason in ((found, "organisations_merged"), (back, "organisations_separated")):
        assert set(rows["reasons"].map(tuple)) == {(reason,)}
        assert (rows["parts"].map(lambda parts: sum(parts.values())) == rows["change"]).all()
    assert changed(first, third).empty
