"""``python -m data_access template``"""

from pathlib import Path
from typing import Annotated

import typer

from data_access.commands.output import one_of, stop, tell


def template(
    out: Annotated[
        Path, typer.Argument(metavar="OUT.xlsx", help="Where the workbook is written.", dir_okay=False)
    ],
    project: Annotated[str | None, typer.Option(help="Only what is this project's; all if left out.")] = None,
    language: Annotated[str, typer.Option(help="fi, sv or en: headers and instructions.")] = "fi",
    empty: Annotated[bool, typer.Option("--empty", help="Without the rows that stand in the store.")] = False,
) -> None:
    """Write the workbook that a reporting round is filled into, made from the store."""
    from data_access.intake.template import template as made
    from data_access.models import LANGUAGES
    from data_access.store import reading

    words = one_of(language, LANGUAGES, "language")
    if out.suffix.lower() != ".xlsx":
        raise stop(f"{out} is no Excel workbook: give it a name that ends in .xlsx.", 2)
    try:
        with reading() as session:
            content = made(session, language=words, project=project and project.lower(), filled=not empty)
        out.write_bytes(content)
    except KeyError as error:
        raise stop(f"There is no project {project!r}.", 2) from error
    except OSError as error:
        raise stop(f"{out} cannot be written: {error.strerror}.", 2) from error
    tell(f"{out}: {len(content) / 1000:.0f} kB")
