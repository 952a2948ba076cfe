"""Which rows of the register of organisations are one organisation, and which may be.

Organisations are one by their business ID, and by decisions of a steward. What has the same or nearly the
same name is suggested to the steward; two different business IDs are never suggested to be one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise, product
from typing import NamedTuple
from unicodedata import normalize

import networkx
import pandas as pd
from rapidfuzz.distance import Levenshtein

SAME, SIMILAR = REASONS = ("same_name", "similar_name")
NAMES = ("fi", "sv", "en")
SUGGESTION = ["first", "second", "reason", "score", "first_name", "second_name"]
# Words of a name that tell its legal form only.
LEGAL_FORMS = {"oy", "oyj", "ab", "abp", "ky", "kb", "ay", "hb", "tmi", "osk", "ry", "rf", "sr", "ltd", "inc"}
LEGAL_FORMS |= {"kuntayhtymä", "kky", "samkommun"}


class Named(NamedTuple):
    """A name of an organisation, as it stands in the register."""

    organisation: str
    identity: str
    name: str


def united(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each member of the pairs → the smallest member of all that it is tied to, over any number of pairs."""
    groups = networkx.connected_components(networkx.Graph(pairs))
    return {member: smallest for group in groups for smallest in [min(group)] for member in group}


def identities(organisations: pd.DataFrame, same: pd.DataFrame) -> pd.Series:
    """The identity of each row of ``organisations`` (organisation, business_id): its business ID; else that
    of organisations which decisions (``same``: first, second) tie it to; else the smallest of their codes.

    A business ID outweighs a decision: rows with two different ones are never one organisation."""
    codes, own = organisations["organisation"], organisations["business_id"]
    by_id = organisations[own.notna()].groupby("business_id")["organisation"]
    pairs = [*zip(codes, codes, strict=True), *zip(same["first"], same["second"], strict=True)]
    pairs += zip(codes[own.notna()], by_id.transform("min"), strict=True)
    group = codes.map(united(pairs))
    shared = own.groupby(group).transform("min") if own.notna().any() else own
    return own.where(own.notna(), shared).where(shared.notna(), group)


def comparable(name: str) -> str:
    """A name without what spellings differ in: case, punctuation, spaces, legal form, what is in brackets."""
    told = re.sub(r"\([^)]*\)", " ", name) if not name.strip().startswith("(") else name
    told = re.sub(r"[.'’]", "", normalize("NFKC", told).casefold())
    words = re.findall(r"[^\W_]+", told)
    return "".join([word for word in words if word not in LEGAL_FORMS] or words)


def suggestions(organisations: pd.DataFrame, apart: pd.DataFrame, least: float) -> pd.DataFrame:
    """Pairs of organisations that may be one: first, second (the closest spellings of two identities, the
    smaller code first), ``reason`` (of ``REASONS``), ``score`` (0–1), ``first_name``, ``second_name`` (the
    names that are alike, in whatever language each is), the most alike first.

    ``organisations``: organisation, identity, business_id, fi, sv, en. ``apart`` (first, second): what has
    been decided to be different. ``least``: how alike names must be: 1 minus the fewest letters to change
    (Levenshtein) over the letters of the longer name. Names that differ in a number are not alike."""
    has_id = set(organisations.loc[organisations["business_id"].notna(), "identity"])
    identity = dict(zip(organisations["organisation"], organisations["identity"], strict=True))
    held_apart = {
        frozenset((identity[first], identity[second])) for first, second in apart.itertuples(index=False)
    }
    best: dict[frozenset[str], tuple[float, Named, Named]] = {}
    for one, other, score in alike(named(organisations), least):
        pair = frozenset((one.identity, other.identity))
        asked = len(pair) == 2 and not pair <= has_id and pair not in held_apart
        first, second = sorted((one, other))
        if asked and (pair not in best or (-score, first, second) < (-best[pair][0], *best[pair][1:])):
            best[pair] = (score, first, second)
    rows = [
        (a.organisation, b.organisation, SAME if score == 1 else SIMILAR, score, a.name, b.name)
        for score, a, b in best.values()
    ]
    return pd.DataFrame(rows, columns=SUGGESTION).sort_values(
        ["score", "first", "second"], ascending=[False, True, True], ignore_index=True
    )


def named(organisations: pd.DataFrame) -> dict[str, list[Named]]:
    """What is compared of names → who is called so, each organisation once."""
    found: dict[str, dict[str, Named]] = defaultdict(dict)
    for language in NAMES:
        columns = organisations[["organisation", "identity", language]]
        for each in columns.itertuples(index=False, name=None):
            found[comparable(each[2])].setdefault(each[0], Named(*each))
    return {key: list(owners.values()) for key, owners in found.items() if key}


def alike(owners: dict[str, list[Named]], least: float) -> Iterator[tuple[Named, Named, float]]:
    """Owners of the same name (score 1), and of names that are nearly the same."""
    for same in owners.values():
        yield from ((one, other, 1.0) for one, other in combinations(same, 2))
    for key, other, score in near(list(owners), least):
        yield from ((*pair, score) for pair in product(owners[key], owners[other]))


def near(keys: list[str], least: float) -> Iterator[tuple[str, str, float]]:
    """Every pair of different keys that are at least so much alike, the longer one first.

    Not all are compared: with at most *e* letters to change, one of any *e* + 1 pieces of the shorter key
    stands unchanged in the longer one, and hardly moved (Li, Deng, Wang and Feng, *Pass-Join*, VLDB 2011)."""
    by_length: dict[int, list[str]] = defaultdict(list)
    for key in keys:
        by_length[len(key)].append(key)
    known: dict[tuple[int, int], dict[tuple[int, str], list[str]]] = {}
    for key in keys:
        edits = int((1 - least) * len(key) + 1e-9)
        for length in range(max(len(key) - edits, 1), len(key) + 1):
            if (length, edits) not in known:
                known[length, edits] = pieces_of(by_length.get(length, ()), length, edits)
            for other in candidates(key, length, edits, known[length, edits]):
                distance = Levenshtein.distance(key, other, score_cutoff=edits)
                once = length < len(key) or other < key
                if once and distance <= edits and numbers(key) == numbers(other):
                    yield key, other, 1 - distance / len(key)


def pieces_of(keys: Iterable[str], length: int, edits: int) -> dict[tuple[int, str], list[str]]:
    """(number of a piece, its letters) → the keys of that length that have it there."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for key in keys:
        for number, (start, end) in enumerate(cuts(length, edits)):
            found[number, key[start:end]].append(key)
    return found


def cuts(length: int, edits: int) -> list[tuple[int, int]]:
    """Where a key of that length is cut into ``edits`` + 1 pieces."""
    ends = [length * number // (edits + 1) for number in range(edits + 2)]
    return list(pairwise(ends))


def candidates(key: str, length: int, edits: int, known: dict[tuple[int, str], list[str]]) -> set[str]:
    """The shorter keys of that length that share a piece with ``key`` where few edits can have moved it."""
    found: set[str] = set()
    longer = len(key) - length
    for number, (start, end) in enumerate(cuts(length, edits)):
        first = max(0, start - (edits - longer) // 2)
        last = min(len(key) - (end - start), start + (edits + longer) // 2)
        for at in range(first, last + 1):
            found.update(known.get((number, key[at : at + end - start]), ()))
    found.discard(key)
    return found


def numbers(key: str) -> str:
    return re.sub(r"\D", "", key)


# --- what became of the identities between two releases ------------------------------------------------


def steps(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The newer partnerships (organisation, identity, eligible …) as they would be counted: *partnership*,
    with what the older ones knew of the organisations; *organisations_merged*, when also all is one that
    is one in either; *organisations_separated*, when what is no longer one is apart; *eligibility*, as
    they are. Only what is one matters, not how an identity is called.

    A new organisation that is one with a known one is that from the start: it is not merged."""
    was = before.drop_duplicates("organisation").set_index("organisation")[["identity", "eligible"]]
    last = (
        now.drop_duplicates("organisation").set_index("organisation")[["identity", "eligible"]].sort_index()
    )
    at = was.reindex(last.index)
    new = at["identity"].isna()
    known = at[~new].assign(now=last["identity"]).drop_duplicates("now").set_index("now")
    for column in at.columns:
        told = last["identity"].map(known[column])
        alone = ~last["identity"].isin(known.index)
        other = "new " + last[column] if column == "identity" else last[column]
        at[column] = at[column].where(~new, told.where(~alone, other))
    both = united(zip("was " + at["identity"], "now " + last["identity"], strict=True))
    found = {"partnership": at}
    for reason, identity in (
        ("organisations_merged", ("was " + at["identity"]).map(both)),
        ("organisations_separated", "now " + last["identity"]),
    ):
        touched = sizes(at["identity"]) != sizes(identity)
        at = at.assign(
            identity=at["identity"].where(~touched, identity),
            eligible=at["eligible"].where(~touched, last["eligible"]),
        )
        found[reason] = at
    found["eligibility"] = at.assign(eligible=last["eligible"])
    return {
        reason: now.assign(**{column: now["organisation"].map(each[column]) for column in each.columns})
        for reason, each in found.items()
    }


def sizes(identity: pd.Series) -> pd.Series:
    """How many have the same identity."""
    return identity.groupby(identity).transform("size")
