"""How figures are made, in plain words, from the data that decides them."""

import pandas as pd

from pages.frame.language import words


def indicator(row: pd.Series) -> list[str]:
    """Definition, aggregation, assessor and caution of an indicator, as paragraphs."""
    paragraphs = [
        f"**{row['name']}**",
        row["definition"],
        words(f"aggregation.{row['aggregation']}"),
        words(f"time_kind.{row['time_kind']}"),
    ]
    if pd.notna(row["scale_high"]):
        paragraphs.append(words("method.scale", low=int(row["scale_low"]), high=int(row["scale_high"])))
    if isinstance(row["assessor"], str):
        paragraphs.append(words("method.assessor", who=row["assessor"]))
    if row["person_data"] in ("counts", "respondents"):
        paragraphs.append(words("method.protection"))
    if isinstance(row["caution"], str):
        paragraphs.append(words("method.caution", text=row["caution"]))
    return paragraphs
