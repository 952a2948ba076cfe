"""The command line: ``python -m data_access --help``."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from data_access.commands import (
    account,
    audit,
    batches,
    boundaries,
    fetch,
    intake,
    organisations,
    release,
)
from data_access.commands.output import Audience, Format, one_of, operator, stop, tell, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


class Commands(TyperGroup):
    """Says what to do where there is no store, or no answer from it, instead of showing its insides."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            why = why_no_store(error)
            if why is None:
                raise
            raise stop(why) from error


def why_no_store(error: Exception) -> str | None:
    """What is wrong with the store as a whole; ``None`` where it is something else."""
    from sqlalchemy.exc import DBAPIError

    from data_access.settings import NoPlace

    if isinstance(error, NoPlace):
        return f"{error}."
    if not isinstance(error, DBAPIError):
        return None
    from data_access import initialise
    from data_access.store import place

    where = place()
    try:
        there = initialise.filled_with()
    except initialise.NotOurs as other:
        return str(other)
    except DBAPIError as again:
        return f"The database {where} does not answer: {str(again.orig).strip()}"
    if there is None:
        return f"There is no store yet at {where}. Make one: .venv/bin/python -m data_access init --facts"
    return None


app = typer.Typer(
    cls=Commands,
    help="Turvaverkko's store: make it, check it, read its figures.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
SHOWN = (
    "indicator",
    "scheme",
    "area",
    "area_name",
    "period",
    "goal",
    "value",
    "unit",
    "numerator",
    "denominator",
    "n",
    "low",
    "high",
    "state",
    "release",
    "detail",
    "reported",
    "expected",
    "newest",
    "baseline",
    "milestone",
    "target",
    "target_due",
    "expected_now",
    "share_of_path",
    "status",
    "rank_low",
    "rank_high",
    "verdict",
    "demonstration",
    "source_title",
)


BRIEFLY = ("area", "area_name", "period", "goal", "value", "unit", "n", "low", "high", "state", "status")


class Listing(StrEnum):
    indicators = "indicators"
    goals = "goals"
    schemes = "schemes"
    areas = "areas"
    releases = "releases"
    facts = "facts"
    calls = "calls"
    funnel = "funnel"
    sources = "sources"
    rules = "rules"


@app.command()
def init(
    demo: Annotated[bool, typer.Option("--demo", help="Sourced facts and the demonstration round.")] = False,
    facts: Annotated[bool, typer.Option("--facts", help="Sourced facts only.")] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Reference data only.")] = False,
) -> None:
    """Make the store, whole or not at all. A store that is whole already is left as it is."""
    chosen = [name for name, asked in (("demo", demo), ("facts", facts), ("empty", empty)) if asked]
    if len(chosen) != 1:
        raise stop("Say which: init --demo, init --facts or init --empty.", 2)
    from data_access import accounts, initialise
    from data_access.settings import settings
    from data_access.store import place

    where = place()
    try:
        there = initialise.filled_with()
        if there is None:
            from rich.console import Console

            with Console(stderr=True).status("making the store") as status:
                there = initialise.fill(chosen[0], lambda text: status.update(text))
            tell(f"The store is ready ({there}): {where}")
        else:
            tell(f"The store is already there ({there}): {where}")
        if there != chosen[0]:
            tell(f"It was made with --{there} and stays so.", "yellow")
    except (initialise.NotOurs, ValueError) as error:
        raise stop(str(error)) from error
    if there == "demo":
        try:
            initialise.demonstration_password(settings().demo_password, show_sign_in)
        except accounts.AccountError as error:
            raise stop(f"No demonstration sign-in: {error}.") from error


def show_sign_in(names: list[str], password: str | None) -> None:
    shown = "the password was shown at the first start." if password is None else f"password {password}"
    print(f"Demonstration sign-in: {', '.join(names)}; {shown}", flush=True)
    if password is None:
        print("Forgotten it? .venv/bin/python -m data_access account demo-password")


@app.command()
def check() -> None:
    """Look the store over: tables, business IDs, releases, audit trail. Exit code 1 when one is wrong."""
    from sqlmodel import col, select

    from data_access import audit as trail
    from data_access import identity, initialise
    from data_access.models import Organisation, Release, business_id_is_valid
    from data_access.releases import stored_hash
    from data_access.store import pending_changes, reading

    problems: list[str] = []
    try:
        there = initialise.filled_with()
    except initialise.NotOurs as error:
        raise stop(str(error)) from error
    if there is None:
        raise stop("There is no store yet. Make one: .venv/bin/python -m data_access init --facts")
    problems += [f"the tables differ from the models: {change}" for change in pending_changes()]
    with reading() as session:
        problems += [
            f"audit event {number} does not follow from the one before it"
            for number in trail.broken_links(session)
        ]
        problems += [
            f"organisation {each.code} has the business ID {each.business_id}: its check digit does not hold"
            for each in session.exec(select(Organisation).where(col(Organisation.business_id).is_not(None)))
            if not business_id_is_valid(each.business_id or "")
        ]
        problems += [
            f"decision {number} makes organisations with different business IDs one: undo it"
            for number in identity.contradictions(session)
        ]
        problems += [
            f"release {each.number} is not as it was built: its figures were changed"
            for each in session.exec(select(Release))
            if stored_hash(session, each.number) != each.content_hash
        ]
    for problem in problems:
        tell(f"✗ {problem}", "red")
    if problems:
        raise typer.Exit(1)
    print(f"The store is whole ({there}): tables, business IDs, releases and audit trail hold.")


@app.command()
def figures(
    indicator: Annotated[str, typer.Argument(help="Code of the indicator, such as SI6.")],
    scheme: Annotated[str, typer.Option(help="Division of the country: list schemes.")] = "country",
    period: Annotated[
        str | None, typer.Option(help="2025H1, 2025, to_date, or all; the latest complete one if left out.")
    ] = None,
    goal: Annotated[str, typer.Option(help="g1 … g4, or all for the programme as a whole.")] = "all",
    release: Annotated[
        int | None, typer.Option(help="Number of a release; the published one if left out.")
    ] = None,
    audience: Annotated[
        Audience, typer.Option(help="official: small counts of people are protected.")
    ] = Audience.official,
    language: Annotated[str, typer.Option(help="fi, sv or en: the language of names.")] = "fi",
    format: Annotated[Format, typer.Option(help="How the rows are written.")] = Format.table,
) -> None:
    """The figures of one indicator: the rows that a page shows."""
    import pandas as pd

    from data_access.measures.periods import is_period
    from data_access.models import LANGUAGES
    from data_access.queries import figures as figure_queries
    from data_access.queries import reference as reference_queries

    language = one_of(language, LANGUAGES, "language")
    number = figure_queries.newest_release(operator()) if release is None else release
    if number is None:
        raise stop("There is no published release yet. .venv/bin/python -m data_access release --help", 2)
    known = figure_queries.releases(operator(audience), language)
    indicators = official(reference_queries.indicators(operator(), language)["code"])
    if number not in set(known["number"]):
        raise stop(f"There is no release {number}. .venv/bin/python -m data_access list releases", 2)
    code = one_of(indicator, indicators, "indicator")
    division = one_of(scheme, reference_queries.schemes(operator(), language)["code"], "scheme")
    goals = pd.concat(
        [
            reference_queries.goals(operator(), name, language)
            for name in reference_queries.programmes(operator(), language)["code"]
        ]
    )
    purpose = one_of(goal, ["all", *official(goals["code"])], "goal")
    there = figure_queries.periods_of(operator(), number, code)
    if period is not None and period.lower() != "all" and period.lower() not in there:
        reason = "has no figures for" if is_period(period.lower()) else "does not know the period"
        known_ones = ", ".join(official(there)) or "no periods"
        raise stop(f"{official_spelling(code)} {reason} {period}. It has: {known_ones}.", 2)
    asked = (period or figure_queries.latest_period(operator(), number, code) or "to_date").lower()
    rows = figure_queries.figures(
        operator(audience),
        number,
        language,
        indicator=code,
        scheme=division,
        period=None if asked == "all" else asked,
        goal=purpose,
    )
    for column in ("indicator", "goal", "period"):
        rows[column] = rows[column].map(official_spelling)
    if rows.empty:
        tell(f"Release {number} has no figures of {code} for goal {goal} in {division}, {asked}.", "yellow")
    write(rows[list(SHOWN if format is not Format.table else BRIEFLY)], format)


@app.command("list")
def list_things(
    what: Annotated[Listing, typer.Argument(help="What to list.")],
    language: Annotated[str, typer.Option(help="fi, sv or en.")] = "fi",
    format: Annotated[Format, typer.Option(help="How the rows are written.")] = Format.table,
) -> None:
    """What there is: codes and names."""
    import pandas as pd

    from data_access.models import LANGUAGES
    from data_access.queries import facts as fact_queries
    from data_access.queries import figures as figure_queries
    from data_access.queries import reference as reference_queries

    language = one_of(language, LANGUAGES, "language")
    of_programme = {
        Listing.goals: reference_queries.goals,
        Listing.facts: fact_queries.facts,
        Listing.calls: fact_queries.calls,
        Listing.funnel: fact_queries.funnel,
    }
    if what is Listing.releases:
        rows = figure_queries.releases(operator(), language)
    elif what in of_programme:
        programmes = reference_queries.programmes(operator(), language)["code"]
        rows = pd.concat(
            [of_programme[what](operator(), code, language) for code in programmes], ignore_index=True
        )
    elif what is Listing.areas:
        rows = reference_queries.areas(operator(), language)
        rows["members"] = rows["code"].map(members_of(reference_queries.memberships(operator())))
    else:
        rows = getattr(reference_queries, what.value)(operator(), language)
    if what in (Listing.indicators, Listing.goals):
        rows["code"] = rows["code"].map(official_spelling)
    write(rows, format)


def official_spelling(code: str) -> str:
    """Indicators, goals and half-years as the programme's documents write them: SI6, G1, 2025H1."""
    return code if code in ("all", "to_date") else code.upper()


def official(codes: "Iterable[str]") -> list[str]:
    return [official_spelling(code) for code in codes]


def members_of(memberships: "pd.DataFrame") -> dict[str, list[dict[str, str | None]]]:
    """The dated members of each area: atom, valid_from, valid_to."""
    found: dict[str, list[dict[str, str | None]]] = {}
    for area, atom, *days in memberships[["area", "atom", "valid_from", "valid_to"]].to_numpy().tolist():
        first, last = (day.isoformat() if isinstance(day, date) else None for day in days)
        found.setdefault(area, []).append({"atom": atom, "valid_from": first, "valid_to": last})
    return found


app.add_typer(account.app, name="account")
app.add_typer(audit.app, name="audit")
app.add_typer(release.app, name="release")
app.add_typer(organisations.app, name="organisations")
app.add_typer(fetch.app, name="fetch")
app.command()(boundaries.boundaries)
app.command()(intake.template)
app.command("import")(batches.import_file)
for command in (batches.undo, batches.correct, batches.value, batches.batches, batches.rounds):
    app.command()(command)

if __name__ == "__main__":
    app()
