"""Measures of the network against graphs counted by hand, networkx's own reference graphs, and the
plain removal of each organisation."""

from datetime import date

import networkx as nx
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.measures import network

DAY = date(2026, 9, 30)


def links(*pairs: str) -> pd.DataFrame:
    """``"ab"``: organisation a works in thing b."""
    return pd.DataFrame([tuple(pair) for pair in pairs], columns=network.LINK)


def partnership(identity: str, project: str, starts: date, ends: date | None = None) -> dict:
    return {"identity": identity, "project": project, "starts": starts, "ends": ends}


# ---- counted by hand ----------------------------------------------------------------------------------

# a and b work in 1 and 2; c joins 2 and 3; d works in 3 alone; e joins 3, 4 and 5.
SMALL = links("a1", "a2", "b1", "b2", "c2", "c3", "d3", "e3", "e4", "e5")


def test_an_organisation_counts_once_in_a_thing_however_many_partnerships_it_has():
    rows = pd.DataFrame({"identity": list("aab"), "project": list("ppp")})
    assert network.links(rows).to_numpy().tolist() == [["a", "p"], ["b", "p"]]


def test_an_organisation_works_where_its_projects_act_and_a_project_without_an_area_in_none():
    rows = pd.DataFrame({"identity": list("aab"), "project": list("pqr")})
    acts = pd.DataFrame({"project": list("ppq"), "thing": ["x", "y", "x"]})
    assert network.links(rows, acts).to_numpy().tolist() == [["a", "x"], ["a", "y"]]


def test_things_of_organisations_and_organisations_of_things():
    assert network.things_per_organisation(SMALL).to_dict() == {"a": 2, "b": 2, "c": 2, "d": 1, "e": 3}
    assert network.organisations_per_thing(SMALL).to_dict() == {"1": 2, "2": 3, "3": 3, "4": 1, "5": 1}


def test_what_two_things_share_is_symmetric_with_the_things_own_organisations_on_the_diagonal():
    found = network.shared(SMALL)
    assert found.to_numpy().tolist() == [
        [2, 2, 0, 0, 0],
        [2, 3, 1, 0, 0],
        [0, 1, 3, 1, 1],
        [0, 0, 1, 1, 1],
        [0, 0, 1, 1, 1],
    ]


def test_the_organisations_of_a_union_are_counted_anew():
    # 1 has two organisations and 2 three: together they are a, b, c, three and not five.
    union = SMALL[SMALL["thing"].isin(["1", "2"])].assign(thing="12")
    assert network.organisations_per_thing(union.drop_duplicates()).to_dict() == {"12": 3}


def test_a_thing_is_alone_when_its_organisations_work_nowhere_else():
    found = network.shared(links("a1", "b1", "c2", "c3", "d4"))
    assert network.alone(found) == ["1", "4"]
    assert network.alone(network.shared(links())) == []


def test_bridges_and_what_falls_apart_without_them():
    found = network.bridges(SMALL).set_index("identity")
    # Without c, {1, 2} and {3, 4, 5} lose contact: 2 × 3 pairs. Without e, {1, 2, 3}, {4} and {5}:
    # 3 + 3 + 1 = 7. Without a, b still joins 1 and 2; d joins nothing.
    assert found.to_dict("index") == {
        "e": {"parts": [("4",), ("5",)], "beside": ["3"], "largest": 3, "pairs": 7},
        "c": {"parts": [("1", "2")], "beside": ["3"], "largest": 3, "pairs": 6},
    }
    assert list(found.index) == ["e", "c"]


def test_parts_of_the_same_size_are_in_the_order_of_their_codes():
    (row,) = network.bridges(links("a2", "a1")).to_dict("records")
    assert (row["parts"], row["beside"], row["largest"]) == ([("1",)], ["2"], 1)


def test_no_link_has_no_bridge():
    assert network.bridges(links()).empty
    assert network.bridges(links("a1", "b1")).empty


def test_the_ego_network_has_the_partners_in_the_organisations_own_projects_only():
    rows = SMALL.rename(columns={"thing": "project"})
    mine = network.around(rows, "c")
    assert sorted(set(mine["identity"])) == ["a", "b", "c", "d", "e"]
    assert sorted(set(mine["project"])) == ["2", "3"]
    assert network.around(rows, "nobody").empty


def test_new_ended_and_running_partnerships_per_half_year():
    rows = pd.DataFrame(
        [
            partnership("a", "p", date(2025, 1, 1), date(2025, 6, 30)),
            partnership("b", "p", date(2025, 6, 30)),
            partnership("c", "q", date(2026, 2, 1), date(2026, 9, 30)),
            partnership("d", "q", date(2026, 9, 30), date(2027, 12, 31)),
            partnership("e", "q", date(2026, 10, 1)),  # begins after the day
        ]
    )
    found = network.turnover(rows, DAY)
    assert found.to_numpy().tolist() == [
        ["2025h1", 2, 1, 1],
        ["2025h2", 0, 0, 1],
        ["2026h1", 1, 0, 2],
        ["2026h2", 1, 1, 2],
    ]
    for row in found.itertuples():
        assert network.in_half_year(rows["starts"], row.period, DAY).sum() == row.began
        assert network.in_half_year(rows["ends"], row.period, DAY).sum() == row.ended
        assert network.running(rows, row.period, DAY).sum() == row.running
    assert network.turnover(rows.iloc[:0], DAY).empty


# ---- networkx's own graphs ----------------------------------------------------------------------------


def test_the_southern_women_meet_as_networkx_projects_them():
    graph = nx.davis_southern_women_graph()
    women, events = graph.graph["top"], graph.graph["bottom"]
    found = pd.DataFrame([(woman, event) for woman in women for event in graph[woman]], columns=network.LINK)
    matrix = network.shared(found)
    projected = nx.bipartite.weighted_projected_graph(graph, events)
    assert len(matrix) == 14
    for one in matrix.index:
        assert matrix.loc[one, one] == graph.degree(one)
        for other in set(matrix.index) - {one}:
            weight = projected[one][other]["weight"] if projected.has_edge(one, other) else 0
            assert matrix.loc[one, other] == weight
    assert network.bridges(found).empty
    assert network.things_per_organisation(found).to_dict() == {woman: graph.degree(woman) for woman in women}


def test_the_florentine_families_that_hold_marriages_together():
    """Families work in marriages; a family cuts the marriages apart where it cuts the families."""
    graph = nx.florentine_families_graph()
    rows = [(family, f"{a}–{b}") for a, b in graph.edges for family in (a, b)]
    found = network.bridges(pd.DataFrame(rows, columns=network.LINK)).set_index("identity")
    assert set(found.index) == set(nx.articulation_points(graph))
    # Without the Medici the Acciaiuoli are alone, and the Salviati with the Pazzi.
    parts = [["Acciaiuoli", "Medici"], ["Medici", "Pazzi", "Salviati"]]
    told = [
        sorted({name for thing in part for name in thing.split("–")}) for part in found["parts"]["Medici"]
    ]
    assert told == parts


# ---- any graph ----------------------------------------------------------------------------------------

PAIRS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("12345678")), max_size=22)


def contacts(found: pd.DataFrame) -> set[tuple[str, str]]:
    """The pairs of things that are in contact."""
    graph = nx.Graph(((1, identity), (2, thing)) for identity, thing in found.to_numpy())
    groups = [sorted(code for kind, code in nodes if kind == 2) for nodes in nx.connected_components(graph)]
    return {(one, other) for things in groups for one in things for other in things if one < other}


@settings(max_examples=150, deadline=None)
@given(PAIRS)
def test_what_falls_apart_is_what_falls_apart_when_an_organisation_is_taken_out(pairs):
    found = pd.DataFrame(sorted(set(pairs)), columns=network.LINK)
    bridges = network.bridges(found).set_index("identity")
    before = contacts(found)
    lost = {each: before - contacts(found[found["identity"] != each]) for each in found["identity"].unique()}
    assert set(bridges.index) == {identity for identity, gone in lost.items() if gone}
    for identity, row in bridges.iterrows():
        assert row["pairs"] == len(lost[identity])
        ends = {
            tuple(sorted((one, other))) for part in row["parts"] for one in part for other in row["beside"]
        }
        assert ends <= lost[identity]
        fallen = [thing for part in row["parts"] for thing in part]
        assert len(fallen) == len(set(fallen))
        assert all(len(part) <= row["largest"] for part in row["parts"])
        assert row["beside"]


@settings(max_examples=30, deadline=None)
@given(PAIRS.filter(len))
def test_every_node_has_its_place(pairs):
    found = pd.DataFrame(sorted(set(pairs)), columns=network.LINK)
    places = network.positions(found)
    assert len(places) == found["identity"].nunique() + found["thing"].nunique()
    assert places == network.positions(found.iloc[::-1])
    assert len(set(places.values())) == len(places)
