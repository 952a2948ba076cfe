"""Short tables as real HTML tables: read by every screen reader, cheap to draw."""

from collections.abc import Sequence
from html import escape

Cell = str


class Markup(str):
    """A cell that is markup already, such as a link; all others are written as text."""


LONG = 30
MANY = 4


def written(text: Cell) -> str:
    return text if isinstance(text, Markup) else escape(text)


def html_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    caption: str,
    numbers: Sequence[int] = (),
    look: str = "",
) -> str:
    """A table whose first column names its rows. ``numbers``: columns that are set to the right;
    ``look``: *heat* for cells on the colour of their class. On a phone a table of many columns shows each
    row as a list, so each cell knows its head."""
    many = len(heads) >= MANY
    looks = " ".join(filter(None, ("figures", "many" if many else "", look)))

    def written(cell: Cell) -> str:
        return cell if isinstance(cell, Markup) else escape(cell)

    def aligned(column: int) -> str:
        return ' class="number"' if column in numbers else ""

    def headed(column: int) -> str:
        return f' data-head="{escape(heads[column])}"' if many else ""

    head = "".join(f'<th scope="col"{aligned(i)}>{escape(text)}</th>' for i, text in enumerate(heads))
    body = "".join(
        "<tr>"
        + f'<th scope="row">{written(row[0])}</th>'
        + "".join(
            f"<td{aligned(i)}{headed(i)}>{written(text)}</td>" for i, text in enumerate(row[1:], start=1)
        )
        + "</tr>"
        for row in rows
    )
    long = " long" if len(rows) > LONG else ""
    return (
        f'<div class="wide{long}" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="{looks}"><caption class="hidden">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def heat_table(
    heads: Sequence[tuple[str, str]],
    rows: Sequence[tuple[str, Sequence[tuple[Cell, float]]]],
    *,
    caption: str,
) -> str:
    """A matrix whose cells are shaded by their share (0–1) of the largest, with their numbers. ``heads``:
    short and whole names of the columns; ``rows``: the whole name of each row and its cells."""
    head = "".join(
        f'<th scope="col" class="number"><abbr title="{escape(whole)}">{escape(short)}</abbr></th>'
        for short, whole in heads
    )

    def cell(text: Cell, share: float) -> str:
        quiet = "" if isinstance(text, Markup) else " none"
        return f'<td class="number{quiet}" style="--share:{share:.2f}">{written(text)}</td>'

    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(cell(*each) for each in cells)}</tr>'
        for name, cells in rows
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="figures heat"><caption class="hidden">{escape(caption)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
