"""What it costs to find organisations that may be one, against a register ten times smaller, and against
comparing every name with every other.

    python benchmarks/identity.py [number of organisations …]

Names are invented: places, doings and legal forms in Finnish and Swedish; one in twenty is another
one misspelt, and one in ten has no business ID."""

import random
import sys
import time
from itertools import product

import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from data_access.measures import identity

STARTS = (
    "Kuusi",
    "Koivu",
    "Sini",
    "Hopea",
    "Aamu",
    "Ilta",
    "Kivi",
    "Lehti",
    "Pihka",
    "Tähti",
    "Meri",
    "Kuura",
)
ENDS = (
    "ranta",
    "harju",
    "järvi",
    "niemi",
    "salmi",
    "lahti",
    "vaara",
    "mäki",
    "koski",
    "saari",
    "lampi",
    "suo",
)
DOINGS = (
    ("Perhetuki", "familjestöd"),
    ("Nuortentupa", "ungdomsstuga"),
    ("Sijaisperheet", "fosterfamiljer"),
    ("ammattikorkeakoulu", "yrkeshögskola"),
    ("Lastensuojeluyhdistys", "barnskyddsförening"),
    ("Pienryhmäkodit", "smågruppshem"),
    ("Kotituki", "hemstöd"),
    ("Mielenterveysseura", "förening för mental hälsa"),
)
FORMS = (("ry", "rf"), ("Oy", "Ab"), ("sr", "sr"), ("", ""))
LEAST = 0.9
SMALL, LARGE = 3_000, 30_000


def register(count: int) -> pd.DataFrame:
    """As many organisations; those that are misspelt, and one in ten of the others, have no business ID."""
    draw = random.Random(count)
    places = [start + end for start, end in product(STARTS, ENDS)]
    rows: list[tuple] = []
    while len(rows) < count:
        if rows and draw.random() < 0.05:
            fi, sv = (misspelt(name, draw) for name in draw.choice(rows)[2:4])
            business_id = None
        else:
            place, second = draw.choice(places), draw.choice(places)
            (doing, in_swedish), (form, its) = draw.choice(DOINGS), draw.choice(FORMS)
            fi, sv = f"{place}-{second}n {doing} {form}", f"{second}-{place} {in_swedish} {its}"
            business_id = str(len(rows)) if draw.random() < 0.9 else None
        rows.append((f"o{len(rows):06}", business_id, fi, sv, f"{fi} Association"))
    found = pd.DataFrame(rows, columns=["organisation", "business_id", "fi", "sv", "en"], dtype=object)
    return found.assign(identity=identity.identities(found, nothing()))


def misspelt(name: str, draw: random.Random) -> str:
    """The name without one of its letters."""
    at = draw.randrange(len(name))
    return name[:at] + name[at + 1 :]


def nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=["first", "second"], dtype=object)


def seconds(rows: pd.DataFrame) -> float:
    began = time.process_time()
    found = identity.suggestions(identity.alike(rows, LEAST), rows, nothing())
    spent = time.process_time() - began
    print(f"{len(rows):>7} organisations: {len(found):>6} pairs in {spent:.2f} s of processor time")
    return spent


def compared_all(rows: pd.DataFrame) -> None:
    """The same names, each with every other: how long that takes, and whether a pair was missed."""
    keys = list(identity.named(rows))
    began = time.process_time()
    table = process.cdist(
        keys, keys, scorer=Levenshtein.normalized_similarity, score_cutoff=LEAST - 1e-6, workers=1
    )
    spent = time.process_time() - began
    pairs = {
        frozenset((keys[one], keys[other]))
        for one, other in zip(*table.nonzero(), strict=True)
        if one < other
    }
    quick = time.process_time()
    found = {frozenset((one, other)) for one, other, _ in identity.near(keys, set(keys), LEAST)}
    quick = time.process_time() - quick
    print(f"{len(keys):>7} names: {quick:.2f} s; each with every other {spent:.2f} s")
    print(f"{'':>7} pairs missed: {len(pairs - found)}, of {len(pairs)}")


if __name__ == "__main__":
    counts = [int(word) for word in sys.argv[1:]] or [SMALL, LARGE]
    times = [seconds(register(count)) for count in counts]
    if len(counts) > 1:
        more = counts[-1] / counts[0]
        print(f"{more:.0f} times the organisations cost {times[-1] / times[0]:.1f} times the time")
    compared_all(register(SMALL))
