"""``python -m data_access import | undo | correct | value | batches | rounds``

Exit codes: 0, 1 where a file breaks rules or the store refuses, 2 where a file cannot be used."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data_access.commands.output import Format, one_of, operator, stop, tell, write

if TYPE_CHECKING:
    import pandas as pd

    from data_access.intake.checked import Checked, Unusable
    from data_access.intake.difference import Difference

MOST_TOLD = 20
Reason = Annotated[str, typer.Option(help="Why: it stands beside what changes for good.")]
Language = Annotated[str, typer.Option(help="fi, sv or en.")]
Written = Annotated[Format, typer.Option(help="How the rows are written.")]
Indicator = Annotated[str, typer.Argument(help="Code of the indicator, such as SI1.")]
Period = Annotated[str, typer.Argument(help="2026H1 or 2026.")]
Project = Annotated[str | None, typer.Option(help="Code of the project whose value it is.")]
Area = Annotated[str | None, typer.Option(help="Code of the area, where the value is of one.")]
Goal = Annotated[str | None, typer.Option(help="Code of the goal, where the value is of one.")]
AFTER = "Figures follow in the next release: release build."


def import_file(
    file: Annotated[Path, typer.Argument(help="A workbook (.xlsx, .ods) or .csv.", dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A report for machines.")] = False,
    note: Annotated[str, typer.Option(help="What it is; the reason of corrections that name none.")] = "",
    yes_to_warnings: Annotated[
        bool, typer.Option("--yes-to-warnings", help="Load it though something asks to be looked at.")
    ] = False,
    demonstration: Annotated[
        bool, typer.Option("--demonstration", help="It is invented: from now on all of this store is.")
    ] = False,
    language: Language = "fi",
) -> None:
    """Bring a reporting workbook in, as one batch or not at all. The same file again changes nothing."""
    from data_access.intake import difference, screening
    from data_access.intake.checked import Unusable
    from data_access.models import LANGUAGES
    from data_access.store import reading

    words = one_of(language, LANGUAGES, "language")
    said: dict[str, Any] = {"file": file.name, "batch": None}
    try:
        with reading() as session:
            checked = screening.screen(session, file.read_bytes(), file.name)
            found = difference.difference(session, checked)
    except OSError as error:
        raise stop(f"{file} cannot be read: {error.strerror}.", 2) from error
    except Unusable as why:
        raise unusable(said, why, as_json, words) from why
    how = {"note": note, "accepted": yes_to_warnings, "demonstration": demonstration}
    bring_in(said, checked, found, dry_run=dry_run, as_json=as_json, language=words, how=how)


def bring_in(
    said: dict[str, Any],
    checked: "Checked",
    found: "Difference",
    *,
    dry_run: bool,
    as_json: bool,
    language: str,
    how: dict[str, Any],
) -> None:
    """Load what was screened and compared, unless it is only looked at, and tell what came of it; ends with
    exit code 1 where it is refused. ``how``: as of ``loading.load``."""
    from data_access.intake import loading

    said |= {"sha256": checked.sha256, "same_file": found.same_file, "ground": found.ground}
    said |= {"findings": in_words(checked.findings, language), "rows": found.counts.to_dict("index")}
    try:
        if not dry_run and not checked.refused:
            tell_how = progress(as_json)
            said["batch"] = loading.load(
                checked, actor=operator(), expected=found.ground, tell=tell_how, **how
            )
    except loading.Refused as why:
        said["refused"] = {"why": why.why, "what": str(why), "rows": len(why.rows)}
    answer(said, as_json)
    tell_of_file(said, found, dry_run)
    if checked.refused or "refused" in said:
        raise typer.Exit(1)


def unusable(said: dict[str, Any], why: "Unusable", as_json: bool, language: str) -> typer.Exit:
    """Say why something cannot be used at all: exit code 2."""
    from data_access.intake.words import told

    what, todo = told({"rule": why.rule, "detail": why.detail}, language)
    answer(said | {"unusable": {"rule": why.rule, "what": what, "todo": todo}}, as_json)
    return stop(f"{said['file']}: {what} {todo}", 2)


def in_words(findings: "pd.DataFrame", language: str) -> list[dict[str, Any]]:
    """Findings as objects, with what is wrong and what to do."""
    from data_access.intake.words import told

    clean = findings.astype(object).where(findings.notna(), None).to_dict("records")
    return [row | dict(zip(("what", "todo"), told(row, language), strict=True)) for row in clean]


def answer(said: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(said, ensure_ascii=False, indent=1, default=str))


def progress(quiet: bool) -> Callable[[str], None]:
    return (lambda _: None) if quiet else tell


def tell_of_file(said: dict[str, Any], found: "Difference", dry_run: bool) -> None:
    """What was found in a file, and what was or would be done with it."""
    for each in said["findings"][:MOST_TOLD]:
        place = " ".join(str(each[name]) for name in ("sheet", "row", "column") if each[name] is not None)
        tell(f"{each['level']}: {place}: {each['what']} {each['todo']}", COLOURS[each["level"]])
    if len(said["findings"]) > MOST_TOLD:
        tell(f"… and {len(said['findings']) - MOST_TOLD} more: --json tells all of them")
    for sheet, row in found.counts.iterrows():
        tell(f"  {sheet}: " + ", ".join(f"{count} {change}" for change, count in row.items() if count))
    again = f" This very file is batch {found.same_file}." if found.same_file else ""
    if "refused" in said:
        tell(f"Not loaded: {said['refused']['what']}.", "red")
    elif found.checked.refused:
        tell("Not loaded: the file breaks rules.", "red")
    elif found.empty:
        tell(f"Nothing changes: all of it stands already.{again}")
    elif dry_run:
        tell("Nothing is loaded: --dry-run.")
    elif said["batch"] is not None:
        tell(f"Batch {said['batch']} is loaded. {AFTER}")


COLOURS = {"error": "red", "warning": "yellow", "note": None}


def undo(batch: Annotated[int, typer.Argument(help="Number of a batch: batches.")], reason: Reason) -> None:
    """Take a batch back as a whole; an undo is a batch too, and can be undone."""
    from data_access.intake import undoing

    number = done(lambda: undoing.undo(batch, reason, actor=operator()))
    print(f"Batch {number}: batch {batch} is undone. {AFTER}")


def correct(
    observation: Annotated[int, typer.Argument(help="Number of the observation that stands: value.")],
    reason: Reason,
    value: Annotated[float | None, typer.Option(help="The right value.")] = None,
    numerator: Annotated[float | None, typer.Option(help="Of a ratio.")] = None,
    denominator: Annotated[float | None, typer.Option(help="Of a ratio.")] = None,
    n: Annotated[int | None, typer.Option(help="How many answers it rests on.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="There is no value.")] = False,
) -> None:
    """Correct or withdraw one value, with a reason."""
    from data_access.intake import loading

    given = {"value": value, "numerator": numerator, "denominator": denominator, "n": n}
    values = {name: each for name, each in given.items() if each is not None}
    if bool(values) == withdraw:
        raise stop("Say what the value is, or --withdraw.", 2)
    number = done(lambda: loading.correct(observation, values or None, reason, actor=operator()))
    if number is None:
        print("Nothing changes: it stands so already.")
    else:
        print(f"Batch {number}: the value is {'withdrawn' if withdraw else 'corrected'}. {AFTER}")


def value(
    indicator: Indicator,
    period: Period,
    project: Project = None,
    area: Area = None,
    goal: Goal = None,
    format: Written = Format.table,
) -> None:
    """Every version of one value: who brought it, when, from what file and why."""
    from data_access.queries import batches as batch_queries

    codes = {
        name: code and code.lower() for name, code in (("project", project), ("area", area), ("goal", goal))
    }
    rows = batch_queries.history(operator(), indicator.lower(), period.lower(), **codes)
    if rows.empty:
        tell(f"Nothing has been reported as {indicator} {period} of this project, area and goal.", "yellow")
    if format is Format.table:
        shown = ["observation", "value", "numerator", "denominator", "n", "state", "batch", "loaded_by"]
        rows = rows[[*shown, "loaded_at", "file_name", "reason"]]
    write(rows, format)


def batches(format: Written = Format.table) -> None:
    """What has come into the store, newest first."""
    from data_access.queries import batches as batch_queries

    rows = batch_queries.batches(operator())
    if format is Format.table:
        rows = rows.drop(columns=["sha256", "note", "demonstration"])
    write(rows, format)


def rounds(
    period: Annotated[str | None, typer.Option(help="Only this half-year, such as 2026H1.")] = None,
    programme: Annotated[str, typer.Option(help="Code of the programme.")] = "esf51",
    transmission: Annotated[
        bool, typer.Option("--transmission", help="Only what the next transmission to the EU still lacks.")
    ] = False,
    language: Language = "fi",
    format: Written = Format.table,
) -> None:
    """Which projects have reported for which half-year, who is late, and what is missing."""
    from data_access.models import LANGUAGES
    from data_access.queries import rounds as round_queries

    words, today = one_of(language, LANGUAGES, "language"), date.today()
    asked = round_queries.missing_for_transmission if transmission else round_queries.rounds
    rows = asked(operator(), programme.lower(), words, today)
    if period is not None:
        code = one_of(period, sorted(set(rows["period"])), "round")
        rows = rows[rows["period"] == code]
    elif format is Format.table and not transmission:
        rows = round_queries.round_counts(rows)
    if format is Format.table and "project" in rows:
        rows = rows[["project", "project_name", "due_on", "reported_on", "state", "missing"]]
    write(rows, format)


def done(act: Callable[[], int | None]) -> int | None:
    """Do it, or say why it cannot be done."""
    from data_access.intake.loading import Refused

    try:
        return act()
    except Refused as why:
        for row in why.rows.head(MOST_TOLD).to_dict("records"):
            tell("  " + ", ".join(f"{name} {cell}" for name, cell in row.items()))
        raise stop(f"Not done: {why}.") from why
