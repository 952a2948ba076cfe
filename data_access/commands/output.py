"""How commands answer: rows on standard output, words about them on standard error."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from data_access.scope import Scope


class Format(StrEnum):
    csv = "csv"
    json = "json"
    table = "table"


class Audience(StrEnum):
    official = "official"
    restricted = "restricted"


def operator(audience: Audience = Audience.official) -> "Scope":
    """The scope of whoever types a command."""
    from data_access import scope

    return scope.operator(audience=audience.value)


def tell(message: str, style: str | None = None) -> None:
    """Say something about the work, beside the answer."""
    from rich.console import Console

    Console(stderr=True).print(message, style=style, highlight=False, soft_wrap=True)


def stop(message: str, code: int = 1) -> typer.Exit:
    """Say what is wrong and end with an exit code."""
    tell(message, "red")
    return typer.Exit(code)


def one_of(asked: str, known: Any, what: str) -> str:
    """The code that was asked for, in small letters, whatever its case and that of the known ones."""
    code = asked.lower()
    if code not in {each.lower() for each in known}:
        raise stop(f"There is no {what} {asked!r}. There are: {', '.join(known)}.", 2)
    return code


def as_text(value: Any) -> Any:
    """What has parts, in a line of its own as everywhere else: as JSON."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value


def write(rows: "pd.DataFrame", format: Format) -> None:
    """The rows on standard output: objects, lines, or a table to look at."""
    if format is Format.json:
        clean = rows.astype(object).where(rows.notna(), None)
        print(
            json.dumps(clean.to_dict("records"), ensure_ascii=False, indent=1, default=str, allow_nan=False)
        )
    elif format is Format.csv:
        print(rows.map(as_text).to_csv(index=False), end="")
    else:
        from rich.console import Console
        from rich.table import Table

        shown = [column for column in rows.columns if rows[column].notna().any()]
        table = Table(*shown, header_style="bold")
        for row in rows[shown].itertuples(index=False):
            table.add_row(*["" if value is None or value != value else str(value) for value in row])
        Console(soft_wrap=False).print(table)
