"""``python -m data_access organisations …``"""

from collections.abc import Callable
from typing import Annotated

import typer

from data_access.commands.output import Format, operator, stop, tell, write

app = typer.Typer(help="Organisations that stand in the register more than once.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="Code of an organisation: organisations suggest.")]
Number = Annotated[int, typer.Argument(help="Number of a decision: organisations list.")]
Reason = Annotated[str, typer.Option(help="Why: it stands beside the decision for good.")]
Written = Annotated[Format, typer.Option(help="How the rows are written.")]
AFTER = "Counts follow in the next release: release build."


@app.command("suggest")
def suggest(format: Written = Format.table) -> None:
    """Pairs that may be one organisation: why, and what merging them would change."""
    from data_access.queries import identities

    rows = identities.suggestions(operator(), identities.alike_names(operator()))
    if format is Format.table:
        tell(f"{len(rows)} pairs wait for a decision")
        rows = rows[["first", "first_name", "second", "second_name", "reason", "score"]].round(2)
    write(rows, format)


@app.command("merge")
def merge(one: Code, other: Code, reason: Reason) -> None:
    """Decide that two rows are the same organisation."""
    from data_access import identity

    number = done(lambda: identity.merge(one, other, reason, actor=operator()))
    print(f"Decision {number}: {one} and {other} are one organisation. {AFTER}")


@app.command("reject")
def reject(one: Code, other: Code, reason: Reason) -> None:
    """Decide that two rows are different organisations; they are not suggested again."""
    from data_access import identity

    number = done(lambda: identity.hold_apart(one, other, reason, actor=operator()))
    print(f"Decision {number}: {one} and {other} are different organisations.")


@app.command("undo")
def undo(decision: Number, reason: Reason) -> None:
    """Take a decision back. It stays in the list, with who undid it and why."""
    from data_access import identity

    number = done(lambda: identity.undo(decision, reason, actor=operator()))
    print(f"Decision {number}: decision {decision} is undone. {AFTER}")


@app.command("list")
def list_decisions(format: Written = Format.table) -> None:
    """All decisions, newest first, with who made them, when and why, and whether they are in force."""
    from data_access.queries import identities

    rows = identities.decisions(operator())
    if format is Format.table:
        rows = rows[["number", "first", "second", "verdict", "reason", "decided_by", "in_force"]]
    write(rows, format)


def done(act: Callable[[], int]) -> int:
    """Decide, or say why it cannot be decided."""
    from data_access.identity import Refused

    try:
        return act()
    except Refused as why:
        raise stop(f"Not done: {why}.") from why
