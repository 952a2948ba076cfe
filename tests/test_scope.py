"""What is remembered is shared by readers who are shown the same and may do the same, and by nobody else."""

import inspect
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from data_access.queries.connections import Choices
from data_access.scope import EVERYONE, NotAllowed, Scope, operator
from pages.parts import cached

READER = Scope("anna", "Anna", "viewer", (), demonstration=False, sign_in=1)
OTHER = Scope("ben", "Ben", "regional", ("evk05",), demonstration=True, sign_in=2)
STEWARD = replace(READER, account="cia", role="steward")
ASKED = {
    "release": 2,
    "before": 1,
    "now": 2,
    "language": "fi",
    "programme": "esf51",
    "indicator": "people",
    "scheme": "maakunta",
    "area": "mk08",
    "period": "2026h1",
    "day": date(2026, 6, 30),
    "as_of": date(2026, 9, 30),
    "project": "demo-p09",
    "choices": Choices(),
    "things": "projects",
    "turn": "began",
    "half": "2025h1",
    "against": "country",
    "goal": "all",
    "decision": 0,
    "content_hash": "",
}
OF_STEWARDS = {"alike_names", "decisions", "projects_of_organisations", "register", "suggestions"}
OF_STEWARDS |= {"release_states", "draft_changes"}


def test_an_audience_or_a_role_that_there_is_not_makes_no_scope():
    for wrong in ({"audience": ""}, {"audience": "everyone"}, {"role": "OFFICIAL"}, {"role": ""}):
        with pytest.raises(ValueError, match="is not a"):
            replace(READER, **wrong)


def test_what_a_scope_reads_tells_audiences_and_rights_apart_and_nothing_else():
    assert READER.reads == OTHER.reads
    every = [
        replace(READER, role=role, audience=each) for role in EVERYONE for each in ("official", "restricted")
    ]
    for one, other in combinations(every, 2):
        alike = one.audience == other.audience and {one.role, other.role} <= set(EVERYONE[:3])
        assert (one.reads == other.reads) == alike, (one, other)


def test_readers_share_what_is_remembered_with_those_alone_who_may_see_the_same():
    asked: list[Scope] = []

    @cached.remembered(max_entries=9)
    def told(scope: Scope, word: str) -> str:
        asked.append(scope)
        return f"{word} for {scope.audience} {scope.account!r} {scope.areas}"

    assert told(READER, "a") == told(OTHER, "a") == "a for official '' ()"
    assert told(STEWARD, "a") == "a for official '' ()"
    assert told(replace(READER, audience="restricted"), "a") == "a for restricted '' ()"
    assert told(READER, "b") == "b for official '' ()"
    assert len(asked) == 4
    assert all(not (each.account or each.display_name or each.sign_in) for each in asked)


def remembered() -> dict[str, list]:
    """The functions of the bridge that remember, with what each is asked beside the scope."""
    found = {}
    for name, function in inspect.getmembers(cached, inspect.isfunction):
        if function.__module__ == cached.__name__ and hasattr(function, "__wrapped__"):
            wanted = [
                each for each in inspect.signature(function).parameters.values() if each.name != "scope"
            ]
            found[name] = [ASKED[each.name] for each in wanted if each.default is inspect.Parameter.empty]
    return found


def test_what_a_steward_has_warmed_refuses_whoever_may_not(demo_store):
    with demo_store.in_use():
        for name, asked in remembered().items():
            getattr(cached, name)(STEWARD, *asked)
        for reader in (READER, OTHER, replace(READER, role="facilitator")):
            refused = set()
            for name, asked in remembered().items():
                try:
                    getattr(cached, name)(reader, *asked)
                except NotAllowed:
                    refused.add(name)
            assert refused == OF_STEWARDS


def test_whoever_works_at_the_machine_is_the_only_one_of_the_restricted_audience():
    assert operator().audience == "official"
    assert operator(audience="restricted").audience == "restricted"
    assert operator().may("manage_accounts")
