"""``python -m data_access audit …``"""

from typing import Annotated

import typer

from data_access.commands.output import Format, stop, write

app = typer.Typer(help="Who did what, when.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.command("verify")
def verify() -> None:
    """Whether each event follows from the one before it. Exit code 1 when one does not."""
    from data_access import audit
    from data_access.store import reading

    with reading() as session:
        broken = audit.broken_links(session)
        count = len(audit.listing(session))
    if broken:
        raise stop(f"{len(broken)} of {count} events do not follow from the one before: {broken[:20]}")
    print(f"The audit trail is whole: {count} events.")


@app.command("list")
def list_events(
    subject: Annotated[str | None, typer.Option(help="Only what was done to this.")] = None,
    format: Annotated[Format, typer.Option(help="How the rows are written.")] = Format.table,
) -> None:
    """The events, newest first."""
    from data_access import audit
    from data_access.store import reading

    with reading() as session:
        rows = audit.listing(session)
    write(rows if subject is None else rows[rows["subject"] == subject], format)
