"""Makes ``reference/neighbours.csv``: which atoms share a border on land.

    python sample_data/boundaries/make_neighbours.py            # writes the file
    python sample_data/boundaries/make_neighbours.py --check    # only says whether it is out of date

Borders are read from ``atoms.geojson``. Where a shape covers several atoms (Uusimaa), ``BY_HAND`` says
which of them touch, read from the municipalities that each consists of; it must name the same atoms
around the shape as the shape itself touches. A border that is water only is none: Åland has no neighbour.
"""

import csv
import json
import sys
from io import StringIO
from itertools import combinations
from pathlib import Path

from shapely.geometry import shape

ATOMS = Path(__file__).with_name("atoms.geojson")
NEIGHBOURS = Path(__file__).parent.parent / "reference" / "neighbours.csv"
BY_HAND = {  # atom -> the other atoms whose municipalities border on its own, each pair once
    "hva01": ["hva02", "hva04", "hva09", "hva10", "hva90"],  # Sipoo, Askola, Orimattila, Pyhtää
    "hva02": ["hva03", "hva04", "hva07", "hva09"],  # Nurmijärvi, Tuusula, Hyvinkää, Mäntsälä
    "hva03": ["hva04", "hva05", "hva07", "hva90"],  # Espoo, Raasepori, Karkkila
    "hva04": ["hva90"],  # Vantaa
}


def borders() -> set[tuple[str, str]]:
    """Pairs of atoms, each once, the smaller code first. SystemExit where shapes and hand disagree."""
    pieces = [
        (feature["properties"]["atoms"], shape(feature["geometry"]))
        for feature in json.loads(ATOMS.read_text(encoding="utf-8"))["features"]
    ]
    by_hand = {
        (min(pair), max(pair)) for one, others in BY_HAND.items() for pair in ((one, o) for o in others)
    }
    found = set()
    for (mine, piece), (theirs, other) in combinations(pieces, 2):
        touch = piece.intersection(other).length > 0
        if len(mine) == len(theirs) == 1:
            found |= {(min(mine + theirs), max(mine + theirs))} if touch else set()
        elif touch != any({*pair} & {*mine} and {*pair} & {*theirs} for pair in by_hand):
            raise SystemExit(f"BY_HAND and atoms.geojson disagree on {mine} beside {theirs}")
    return found | by_hand


def written(pairs: set[tuple[str, str]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([("atom", "neighbour"), *sorted(pairs)])
    return text.getvalue()


def main(check: bool) -> None:
    text = written(borders())
    if not check:
        NEIGHBOURS.write_text(text, encoding="utf-8")
    elif NEIGHBOURS.read_text(encoding="utf-8") != text:
        raise SystemExit(f"{NEIGHBOURS.name} is out of date. Run {Path(__file__).name}.")


if __name__ == "__main__":
    main(check="--check" in sys.argv[1:])
