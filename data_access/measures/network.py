"""Who works with whom: organisations and what they work in, as a graph of two modes.

A *link* (columns ``identity``, ``thing``; each pair once) says that an organisation works in a thing: a
project, an area that one of its projects acts in, or a goal that one serves. Two things are in contact
when an organisation links them, directly or through further organisations and things. Everything is
counted from links: distinct organisations of several things are counted anew, never added.

``partnerships`` have a row per partnership: identity, project, starts, ends (empty: open)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import networkx as nx
import numpy as np
import pandas as pd

from data_access.measures.periods import half_year_of, half_years, last_day

LINK = ["identity", "thing"]
BRIDGE = ["identity", "parts", "beside", "largest", "pairs"]
ORGANISATION, THING, BLOCK = 0, 1, 2
Node = tuple[int, str | int]
"""What a node is, and its code (of a block its number)."""


def links(partnerships: pd.DataFrame, things: pd.DataFrame | None = None) -> pd.DataFrame:
    """The links of partnerships with their projects or, with ``things`` (project, thing), with what
    belongs to these projects."""
    rows = partnerships[["identity", "project"]]
    rows = rows.assign(thing=rows["project"]) if things is None else rows.merge(things, on="project")
    return rows[LINK].drop_duplicates(ignore_index=True)


def things_per_organisation(links: pd.DataFrame) -> pd.Series:
    """How many things each organisation works in: identity → count."""
    return links["identity"].value_counts(sort=False)


def organisations_per_thing(links: pd.DataFrame) -> pd.Series:
    """How many distinct organisations work in each thing: thing → count."""
    return links["thing"].value_counts(sort=False)


def shared(links: pd.DataFrame) -> pd.DataFrame:
    """Thing × thing: how many distinct organisations work in both; on the diagonal, in the thing itself.
    The one-mode projection of the graph with the number of common neighbours as weight (``networkx``:
    ``bipartite.weighted_projected_graph``)."""
    row, organisations = pd.factorize(links["identity"])
    column, codes = pd.factorize(links["thing"], sort=True)
    there = np.zeros((len(organisations), len(codes)))
    there[row, column] = 1
    return pd.DataFrame(there.T @ there, index=codes, columns=codes).astype("int64")


def alone(shared: pd.DataFrame) -> list[str]:
    """The things none of whose organisations works in another: nothing beside the diagonal."""
    counts = shared.to_numpy()
    return [code for code, row, own in zip(shared.index, counts, counts.diagonal(), strict=True)
            if own and row.sum() == own]  # fmt: skip


def around(partnerships: pd.DataFrame, identity: str) -> pd.DataFrame:
    """The partnerships of an organisation's projects: its own, and its partners'."""
    mine = partnerships.loc[partnerships["identity"] == identity, "project"]
    return partnerships[partnerships["project"].isin(mine)]


def turnover(partnerships: pd.DataFrame, day: date) -> pd.DataFrame:
    """Per half-year from the first partnership's to ``day``'s: ``period``, ``began`` (partnerships that
    started in it), ``ended`` (whose last day lies in it, up to ``day``) and ``running`` (those that had
    begun by its end, or by ``day``, and had not ended before the next day)."""
    starts = partnerships["starts"][partnerships["starts"] <= day]
    ends = partnerships.loc[starts.index, "ends"]
    ends = ends[ends.map(lambda end: isinstance(end, date) and end <= day)]
    periods = half_years(starts.min(), day) if len(starts) else []
    began, ended = (days.map(half_year_of).value_counts() for days in (starts, ends))
    found = pd.DataFrame({"period": periods})
    found["began"] = found["period"].map(began).fillna(0).astype("int64")
    found["ended"] = found["period"].map(ended).fillna(0).astype("int64")
    return found.assign(running=(found["began"] - found["ended"]).cumsum())


def in_half_year(days: pd.Series, period: str, day: date) -> pd.Series:
    """Which days lie in a half-year and not after ``day``."""
    return days.map(lambda each: isinstance(each, date) and each <= day and half_year_of(each) == period)


def running(partnerships: pd.DataFrame, period: str, day: date) -> pd.Series:
    """Which partnerships run on the last day of a half-year, or on ``day`` where it comes first, and do
    not end with it."""
    end = min(last_day(period), day)
    over = partnerships["ends"].map(lambda each: isinstance(each, date) and each <= end)
    return (partnerships["starts"] <= end) & ~over


def two_mode(links: pd.DataFrame) -> nx.Graph:
    """The graph of links; its nodes are (``ORGANISATION``, identity) and (``THING``, code)."""
    graph = nx.Graph()
    pairs = links[LINK].to_numpy(dtype=object).tolist()
    graph.add_edges_from(((ORGANISATION, identity), (THING, thing)) for identity, thing in pairs)
    return graph


def bridges(links: pd.DataFrame) -> pd.DataFrame:
    """The organisations without which things lose contact: the cut vertices of the graph that are
    organisations. Columns: identity, ``parts`` (the things that fall off, a tuple per part, smallest
    first; all but the largest part), ``beside`` (the organisation's own things in the largest part),
    ``largest`` (how many things that has) and ``pairs`` (of things that lose contact); those with most
    pairs first.

    An organisation's blocks (Hopcroft and Tarjan 1973, ``networkx.biconnected_components``) stand in a
    tree with all nodes; what hangs on each of its branches is one part."""
    many = links.groupby("identity")["thing"].transform("size") > 1
    graph, tree = two_mode(links[many]), nx.Graph()
    for number, block in enumerate(nx.biconnected_components(graph)):
        tree.add_edges_from(((BLOCK, number), node) for node in block)
    found = []
    for branches in rooted(tree):
        for node in branches.above:
            if node[0] == ORGANISATION and tree.degree(node) > 1:
                found.append([node[1], *what_falls_apart(node, graph, branches)])
    frame = pd.DataFrame(found, columns=BRIDGE)
    return frame.sort_values(["pairs", "identity"], ascending=[False, True], ignore_index=True)


class Branches(NamedTuple):
    """A tree hung up at one of its nodes: the node ``above`` each (none above the first), and how many
    things hang from it, itself among them."""

    tree: nx.Graph
    above: dict[Node, Node | None]
    weight: dict[Node, int]

    def size(self, node: Node, block: Node) -> int:
        """How many things lie behind ``block``, seen from its neighbour ``node``."""
        if self.above[block] == node:
            return self.weight[block]
        return self.weight[next(iter(self.above))] - self.weight[node]

    def things(self, node: Node, block: Node) -> tuple[str, ...]:
        """The things behind ``block``, seen from its neighbour ``node``."""
        seen, todo = {node, block}, [block]
        for each in todo:
            fresh = [other for other in self.tree[each] if other not in seen]
            seen.update(fresh)
            todo += fresh
        return tuple(sorted(str(code) for kind, code in todo if kind == THING))


def rooted(forest: nx.Graph) -> Iterator[Branches]:
    """Each tree of a forest with its weights."""
    for nodes in nx.connected_components(forest):
        root = min(nodes)
        above: dict[Node, Node | None] = {root: None}
        above.update((node, parent) for parent, node in nx.bfs_edges(forest, root))
        weight = {node: int(node[0] == THING) for node in above}
        for node in reversed(above):
            parent = above[node]
            if parent is not None:
                weight[parent] += weight[node]
        yield Branches(forest, above, weight)


def what_falls_apart(
    node: Node, graph: nx.Graph, branches: Branches
) -> tuple[list[tuple[str, ...]], list[str], int, int]:
    """``parts``, ``beside``, ``largest`` and ``pairs`` of one organisation."""
    sizes = {block: branches.size(node, block) for block in branches.tree[node]}
    largest = max(sizes.values())
    tied = [block for block, size in sizes.items() if size == largest]
    listed = [block for block in sizes if len(tied) > 1 or block != tied[0]]
    parts = sorted((branches.things(node, block) for block in listed), key=lambda part: (len(part), part))
    if len(tied) > 1:
        parts = parts[:-1]
    fallen = {code for part in parts for code in part}
    beside = sorted(code for _, code in graph[node] if code not in fallen)
    pairs = (sum(sizes.values()) ** 2 - sum(size**2 for size in sizes.values())) // 2
    return parts, beside, largest, pairs


def connected_parts(links: pd.DataFrame) -> dict[Node, int]:
    """The number of the connected part that each node belongs to, the largest part 0."""
    graph = two_mode(links)
    parts = sorted(nx.connected_components(graph), key=lambda nodes: (-len(nodes), min(nodes)))
    return {node: number for number, nodes in enumerate(parts) for node in nodes}


def positions(links: pd.DataFrame) -> dict[Node, tuple[float, float]]:
    """Where the nodes of a small graph are drawn, the same for the same links: each connected part by
    its own distances (Kamada and Kawai 1989), the parts in rows, largest first; one unit is about the
    room of one node."""
    graph, places = two_mode(links.sort_values(LINK)), {}
    parts = sorted(nx.connected_components(graph), key=lambda nodes: (-len(nodes), min(nodes)))
    across = 3.6 * np.sqrt(sum(len(nodes) for nodes in parts))
    left = top = height = 0.0
    for nodes in parts:
        radius = max(1.2, 1.05 * np.sqrt(len(nodes)))
        if left and left + 2 * radius > across:
            left, top, height = 0.0, top + height, 0.0
        middle = (left + radius, top + radius)
        part = graph.subgraph(sorted(nodes))
        found = nx.kamada_kawai_layout(part, scale=radius - 0.5, center=middle)
        places.update({node: (float(x), float(y)) for node, (x, y) in found.items()})
        left, height = left + 2 * radius, max(height, 2 * radius)
    return places
