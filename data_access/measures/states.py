"""Which kind of value, or of nothing, each figure is."""

import numpy as np
import pandas as pd

NOTHING = ("not_reported", "not_yet_due", "not_applicable", "not_in_programme", "cannot_be_expressed")
PARTS = ["value", "numerator", "denominator", "n", "low", "high"]


def with_states(cells: pd.DataFrame, *, regional_known: bool, marked: bool) -> pd.DataFrame:
    """Adds ``state``; leaves no number where it is nothing, but the zero answers of those asked.

    ``cells``: value, partly, outside, register, yearly, due, touched. An area without any project has
    no reports to wait for (*not applicable*) but its registers say zero, as soon as any regional
    project is known at all (``regional_known``). ``marked``: whether nothing itself is demonstration."""
    outside, register, yearly = cells["outside"], cells["register"], cells["yearly"]
    partly = cells["partly"].astype(bool)
    value = cells["value"].mask(register & (cells["value"] == 0) & (not regional_known))
    known = value.notna()
    cells["state"] = np.select(
        [
            outside,
            partly,
            known & (value == 0),
            known,
            yearly | register,
            cells["touched"] == 0,
            ~cells["due"],
        ],
        [
            "not_in_programme",
            "cannot_be_expressed",
            "zero",
            "value",
            "not_reported",
            "not_applicable",
            "not_yet_due",
        ],
        "not_reported",
    )
    nothing = cells["state"].isin(NOTHING)
    unanswered = (cells["state"] == "not_reported") & (cells["n"] == 0) & ~register
    cells[PARTS] = cells[PARTS].mask(nothing)
    cells["n"] = cells["n"].mask(unanswered, 0.0)
    cells["newest"] = cells["newest"].mask(nothing)
    waiting = ~register & ~yearly & ~outside
    cells["expected"] = cells["expected"].where(waiting)
    cells["reported"] = cells["reported"].where(waiting)
    bare = (cells["count"] == 0) | (register & (cells["value"].fillna(0) == 0))
    cells["demonstration"] = (cells["marked"] > 0) | (bare & marked & ~yearly)
    return cells


def without(figures: pd.DataFrame, withheld: pd.Series) -> pd.DataFrame:
    """The figures with state *not published* and no number where ``withheld``: a breakdown of people that
    no audience gets."""
    gone = figures.assign(state=figures["state"].mask(withheld, "not_published"))
    gone[PARTS] = gone[PARTS].mask(withheld)
    gone["newest"] = gone["newest"].mask(withheld, None)
    return gone
