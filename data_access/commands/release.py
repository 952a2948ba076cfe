"""``python -m data_access release …``"""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from data_access.commands.output import Audience, Format, one_of, operator, stop, tell, write

if TYPE_CHECKING:
    from sqlmodel import Session

    from data_access.models import Release

app = typer.Typer(help="Releases: frozen, numbered sets of figures.", no_args_is_help=True)
FINLAND = ZoneInfo("Europe/Helsinki")
Moment = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d"],
        help="Readers see it from this moment on, Finnish time: 2026-12-01T09:00.",
    ),
]
Number = Annotated[int, typer.Argument(help="Number of a release: release list.")]


@app.command("build")
def build(
    note: Annotated[str, typer.Option(help="What is new in it, in Finnish (or in every language).")] = "",
    note_sv: Annotated[str, typer.Option(help="The same in Swedish.")] = "",
    note_en: Annotated[str, typer.Option(help="The same in English.")] = "",
) -> None:
    """Build the working release from all that the store holds, in the place of the one before it."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from data_access import releases
    from data_access.models import Release
    from data_access.store import reading

    said = {"fi": note, "sv": note_sv or note, "en": note_en or note}
    began = time.perf_counter()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("reading the store")
            number = releases.build_beside(
                note=said, tell=lambda text: progress.update(task, description=text), actor=operator()
            )
    except ValueError as error:
        raise stop(f"Not built: {error}.") from error
    with reading() as session:
        lines = account_of(session, session.get_one(Release, number))
    print("\n".join([*lines, f"time: {time.perf_counter() - began:.1f} s"]))


def account_of(session: "Session", release: "Release") -> list[str]:
    """What a build did, line by line."""
    from sqlmodel import col, func, select

    from data_access.models import Figure

    query = select(Figure.state, func.count()).where(Figure.release == release.number)
    states = session.exec(query.group_by(Figure.state).order_by(col(Figure.state))).all()
    return [
        f"release {release.number} ({release.state}), as of {release.as_of}, hash {release.content_hash}",
        f"figures: {release.figures}",
        *(f"  {state}: {count}" for state, count in states),
        "protected: primary {primary}, complementary {complementary}: {share:.1%} of {published} published "
        "figures about people; not published: {withheld}".format(**release.protection),
        f"audit: {release.audit}",
    ]


@app.command("publish")
def publish(
    number: Number,
    embargo: Moment = None,
) -> None:
    """Publish the working release; the one that was published before is superseded."""
    from data_access import releases

    try:
        releases.publish_beside(number, embargo=in_utc(embargo), actor=operator())
    except (ValueError, KeyError) as error:
        raise stop(f"Not published: {error.args[0]}.") from error
    print(f"Release {number} is published." + (f" Readers see it from {embargo} on." if embargo else ""))


def in_utc(moment: datetime | None) -> datetime | None:
    """A moment in Finland as the store keeps times."""
    return moment and moment.replace(tzinfo=FINLAND).astimezone(UTC).replace(tzinfo=None)


@app.command("embargo")
def embargo(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why it is moved or lifted: it stands in the audit trail.")],
    until: Moment = None,
    lift: Annotated[bool, typer.Option("--lift", help="Readers see it at once.")] = False,
) -> None:
    """Move or lift the embargo of a published release that readers do not see yet."""
    from data_access import releases
    from data_access.store import writing

    if (until is None) != lift:
        raise stop("Say from when on readers see it (--until), or --lift.", 2)
    try:
        with writing() as session:
            releases.change_embargo(session, number, in_utc(until), reason, actor=operator())
    except (ValueError, KeyError) as error:
        raise stop(f"Not changed: {error.args[0]}.") from error
    print(f"Readers see release {number} " + (f"from {until} on." if until else "now."))


@app.command("withdraw")
def withdraw(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why it is withdrawn: readers of its links see it.")],
) -> None:
    """Take a published release back, with a reason. Its figures stay as they are."""
    from data_access import releases
    from data_access.store import writing

    try:
        with writing() as session:
            releases.withdraw(session, number, reason, actor=operator())
    except (ValueError, KeyError) as error:
        raise stop(f"Not withdrawn: {error.args[0]}.") from error
    print(f"Release {number} is withdrawn.")


@app.command("list")
def list_releases(
    audience: Annotated[
        Audience, typer.Option(help="restricted: the working release too, and hashes of all figures.")
    ] = Audience.official,
    language: Annotated[str, typer.Option(help="fi, sv or en.")] = "fi",
    format: Annotated[Format, typer.Option(help="How the rows are written.")] = Format.table,
) -> None:
    """Releases, newest first."""
    from data_access.models import LANGUAGES
    from data_access.queries import figures

    rows = figures.releases(operator(audience), one_of(language, LANGUAGES, "language"))
    if format is Format.table:
        rows["content_hash"] = rows["content_hash"].str[:12]
        rows = rows[
            [
                "number",
                "state",
                "as_of",
                "figures",
                "audit",
                "content_hash",
                "embargo_until",
                "withdrawn_reason",
            ]
        ]
    write(rows, format)


@app.command("diff")
def diff(
    before: Annotated[int, typer.Argument(help="The older release.")],
    now: Annotated[int, typer.Argument(help="The newer release.")],
    audience: Annotated[
        Audience, typer.Option(help="official: what is protected in either release is left out.")
    ] = Audience.official,
    scheme: Annotated[str | None, typer.Option(help="Only this division: country, maakunta …")] = None,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator, such as SI6.")] = None,
    format: Annotated[Format, typer.Option(help="How the rows are written.")] = Format.table,
) -> None:
    """Every figure that changed between two releases, with its reasons and how much each brought.

    The table tells how many figures changed for which reason, and the country's changes."""
    from data_access.queries import changes

    try:
        rows = changes.changes(operator(audience), before, now, scheme and scheme.lower())
    except (ValueError, KeyError) as error:
        raise stop(f"Cannot compare: {error.args[0]}.") from error
    if indicator is not None:
        rows = rows[rows["indicator"] == indicator.lower()]
    if format is not Format.table:
        write(rows, format)
        return
    reasons = rows["reasons"].explode().value_counts()
    tell(f"{len(rows)} figures changed between releases {before} and {now}")
    for reason, count in reasons.items():
        tell(f"  {reason}: {count}")
    shown = rows[(rows["scheme"] == "country") & (rows["goal"] == "all")].copy()
    for column in ("reasons", "parts"):
        shown[column] = [str(value).strip("[]{}").replace("'", "") for value in shown[column]]
    write(shown.drop(columns=["scheme", "area", "goal"]), format)
