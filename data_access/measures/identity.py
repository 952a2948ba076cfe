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


def alike(organisations: pd.DataFrame, least: float) -> pd.DataFrame:
    """Pairs of rows whose names are alike, the most alike first: first, second (the smaller code first),
    ``reason`` (of ``REASONS``), ``score`` (0–1), ``first_name``, ``second_name`` (in whatever language each
    is). Nothing of two rows that both have a business ID: it has told whether they are one.

    ``organisations``: organisation, business_id, fi, sv, en. ``least``: how alike names must be: 1 minus the
    fewest letters to change (Levenshtein) over the letters of the longer name. Names that differ in a number
    are not alike."""
    owners = named(organisations)
    without_id = set(organisations.loc[organisations["business_id"].isna(), "organisation"])
    asking = {key for key, owned in owners.items() if any(each.organisation in without_id for each in owned)}
    found = [(1.0, *pair) for key in asking for pair in combinations(owners[key], 2)]
    for key, other, score in near(list(owners), asking, least):
        found += [(score, *pair) for pair in product(owners[key], owners[other])]
    rows = []
    for score, *pair in found:
        one, other = sorted(pair)
        if one.organisation != other.organisation and {one.organisation, other.organisation} & without_id:
            reason = SAME if score == 1 else SIMILAR
            rows.append((one.organisation, other.organisation, reason, score, one.name, other.name))
    order = ["score", "first", "second", "first_name", "second_name"]
    ranked = pd.DataFrame(rows, columns=SUGGESTION).sort_values(order, ascending=[False] + [True] * 4)
    return ranked.drop_duplicates(["first", "second"], ignore_index=True)


def suggestions(alike: pd.DataFrame, organisations: pd.DataFrame, apart: pd.DataFrame) -> pd.DataFrame:
    """Of the pairs of ``alike`` those that wait for a decision: one for two identities (the closest
    spellings), none for identities that both have a business ID or that were held ``apart`` (first,
    second). ``organisations``: organisation, identity, business_id."""
    identity = organisations.set_index("organisation")["identity"]
    has_id = set(organisations.loc[organisations["business_id"].notna(), "identity"])
    held_apart = {frozenset(identity[[*pair]]) for pair in apart.itertuples(index=False)}
    pairs = [
        frozenset(pair)
        for pair in zip(alike["first"].map(identity), alike["second"].map(identity), strict=True)
    ]
    waits = [len(pair) == 2 and not pair <= has_id and pair not in held_apart for pair in pairs]
    found = alike.assign(pair=pd.Series(pairs, index=alike.index, dtype=object))
    found = found[pd.Series(waits, index=alike.index, dtype=bool)]
    return found.drop_duplicates("pair", ignore_index=True).drop(columns="pair")


def named(organisations: pd.DataFrame) -> dict[str, list[Named]]:
    """What is compared of names → who is called so, each organisation once."""
    found: dict[str, dict[str, Named]] = defaultdict(dict)
    for language in NAMES:
        for each in organisations[["organisation", language]].itertuples(index=False, name=None):
            found[comparable(each[1])].setdefault(each[0], Named(*each))
    return {key: list(owners.values()) for key, owners in found.items() if key}


def near(keys: list[str], asking: set[str], least: float) -> Iterator[tuple[str, str, float]]:
    """Every pair of different keys, one of them ``asking``, that are at least so much alike, the longer one
    first.

    Not all are compared: with at most *e* letters to change, one of any *e* + 1 pieces of the shorter key
    stands unchanged in the longer one, and hardly moved (Li, Deng, Wang and Feng, *Pass-Join*, VLDB 2011)."""
    all_keys, only_asking = Pieces(keys), Pieces(key for key in keys if key in asking)
    for key in keys:
        edits = int((1 - least) * len(key) + 1e-9)
        pieces = all_keys if key in asking else only_asking
        for length in range(max(len(key) - edits, 1), len(key) + 1):
            for other in candidates(key, length, edits, pieces.of(length, edits)):
                distance = Levenshtein.distance(key, other, score_cutoff=edits)
                once = length < len(key) or other < key
                if once and distance <= edits and numbers(key) == numbers(other):
                    yield key, other, 1 - distance / len(key)


class Pieces:
    """The keys by the pieces that they are cut into, for each length and number of letters to change."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.by_length: dict[int, list[str]] = defaultdict(list)
        for key in keys:
            self.by_length[len(key)].append(key)
        self.known: dict[tuple[int, int], dict[tuple[int, str], list[str]]] = {}

    def of(self, length: int, edits: int) -> dict[tuple[int, str], list[str]]:
        """(number of a piece, its letters) → the keys of that length that have it there."""
        if (length, edits) not in self.known:
            found: dict[tuple[int, str], list[str]] = defaultdict(list)
            for key in self.by_length.get(length, ()):
                for number, (start, end) in enumerate(cuts(length, edits)):
                    found[number, key[start:end]].append(key)
            self.known[length, edits] = found
        return self.known[length, edits]


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
