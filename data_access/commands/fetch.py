"""``python -m data_access fetch …``: open data, configured once under a name and fetched as often as wanted.

Exit codes: 0, 1 where what was fetched breaks rules or the store refuses, 2 where there is nothing usable."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data_access.commands.batches import Language, Written, bring_in, unusable
from data_access.commands.output import Format, one_of, operator, stop, tell, write

if TYPE_CHECKING:
    from data_access.intake.open_data import Answer

app = typer.Typer(help="Open data: Sotkanet, PxWeb tables, lists of projects.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name that the source was configured under: fetch list.")]
AtHome = Annotated[
    bool, typer.Option("--at-home", help="The address is one of this machine or its own network, and meant.")
]


class Kind(StrEnum):
    sotkanet = "sotkanet"
    pxweb = "pxweb"
    projects = "projects"
    kohesio = "kohesio"


@app.command("configure")
def configure(
    kind: Annotated[Kind, typer.Argument(help="What kind of source it is.")],
    name: Annotated[str, typer.Argument(help="A name for it: small letters, digits, hyphens.")],
    publisher: Annotated[str, typer.Option(help="Who publishes it.")],
    licence: Annotated[str, typer.Option(help="Such as CC BY 4.0.")],
    address: Annotated[
        str | None, typer.Option(help="Where it is asked for (https); Sotkanet's own if left out.")
    ] = None,
    indicator: Annotated[str | None, typer.Option(help="Our indicator that a series becomes.")] = None,
    choices: Annotated[str, typer.Option(help="What is taken of it, as JSON.")] = "{}",
    title: Annotated[str, typer.Option(help="What it is called, in Finnish; else as it calls itself.")] = "",
    title_sv: Annotated[str, typer.Option(help="The same in Swedish.")] = "",
    title_en: Annotated[str, typer.Option(help="The same in English.")] = "",
    at_home: AtHome = False,
) -> None:
    """Keep a source under a name, in the place of an earlier one: where it is, what is taken of it, which of
    its columns is what, and what it becomes here."""
    from data_access.intake.open_data import sotkanet, sources
    from data_access.models import OpenDataSource
    from data_access.store import writing

    try:
        chosen = json.loads(choices)
    except json.JSONDecodeError as error:
        raise stop(f"The choices are not JSON: {error}.", 2) from error
    source = OpenDataSource(
        code=name,
        kind=kind.value,
        address=address or (sotkanet.ADDRESS if kind is Kind.sotkanet else None),
        indicator=indicator and indicator.lower(),
        choices=chosen,
        title={"fi": title, "sv": title_sv or title, "en": title_en or title} if title else None,
        publisher=publisher,
        licence=licence,
        configured_at=datetime.now(UTC).replace(tzinfo=None),
        configured_by=operator().account,
    )
    try:
        with writing() as session:
            sources.configure(session, source, actor=operator(), at_home=at_home)
    except sources.BadSource as error:
        raise stop(f"Not configured: {error}.", 2) from error
    print(f"{name} is configured. Look at it first: fetch now {name} --dry-run")


@app.command("list")
def list_sources(format: Written = Format.table) -> None:
    """The sources that are configured."""
    from data_access.queries.open_data import sources

    write(sources(operator()), format)


@app.command("forget")
def forget(name: Name) -> None:
    """Take a source away; what was loaded from it stays."""
    from data_access.intake.open_data import sources
    from data_access.store import writing

    try:
        with writing() as session:
            sources.forget(session, name, actor=operator())
    except KeyError as error:
        raise stop(f"Not forgotten: {error.args[0]}.", 2) from error
    print(f"{name} is forgotten. What was loaded from it stays.")


@app.command("now")
def now(
    name: Name,
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--file", help="A saved answer, instead of asking; several times for several.", exists=True
        ),
    ] = None,
    fetched: Annotated[
        datetime | None,
        typer.Option(
            "--fetched", formats=["%Y-%m-%d"], help="When they were saved; else the files' own day."
        ),
    ] = None,
    years: Annotated[str | None, typer.Option(help="Such as 2015-2024; all if left out.")] = None,
    save: Annotated[
        Path | None, typer.Option(help="A folder to keep the answers in.", file_okay=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A report for machines.")] = False,
    note: Annotated[str, typer.Option(help="What it is.")] = "",
    yes_to_warnings: Annotated[
        bool, typer.Option("--yes-to-warnings", help="Load it though something asks to be looked at.")
    ] = False,
    at_home: AtHome = False,
    language: Language = "fi",
) -> None:
    """Fetch a source, or read answers that were saved, and bring it in as a workbook is brought in."""
    from data_access.intake import difference
    from data_access.intake.checked import Unusable
    from data_access.intake.open_data import fetching, sources
    from data_access.models import LANGUAGES
    from data_access.store import reading

    words = one_of(language, LANGUAGES, "language")
    wanted = span(years)
    said = {"file": name, "batch": None}
    try:
        with reading() as session:
            source = sources.found_source(session, name)
            session.expunge(source)
        if files:
            answers = fetching.opened(files, fetched.date() if fetched else None)
        else:
            answers = fetching.asked(source, years=wanted, at_home=at_home, tell=tell)
        keep(answers, save)
        with reading() as session:
            checked = fetching.checked(session, source, answers, wanted)
            found = difference.difference(session, checked)
    except KeyError as error:
        raise stop(f"Not fetched: {error.args[0]}.", 2) from error
    except OSError as error:
        raise stop(f"Not fetched: {error.strerror}: {error.filename}.", 2) from error
    except Unusable as why:
        raise unusable(said, why, as_json, words) from why
    how = {"note": note, "accepted": yes_to_warnings}
    bring_in(said, checked, found, dry_run=dry_run, as_json=as_json, language=words, how=how)


def span(years: str | None) -> range | None:
    """``2015-2024`` or ``2024``."""
    if years is None:
        return None
    first, _, last = years.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()):
        raise stop(f"{years!r} are no years: write 2015-2024, or 2024.", 2)
    return range(int(first), int(last or first) + 1)


def keep(answers: "list[Answer]", folder: Path | None) -> None:
    """Write the answers as they came, to be read again with --file in the order of their names."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for number, answer in enumerate(answers, start=1):
        (folder / f"{number:02}.txt").write_bytes(answer.content)
    tell(f"{len(answers)} answers are kept in {folder}")
