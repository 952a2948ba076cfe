"""The command line: ``python -m data_access --help``."""

import json
from enum import StrEnum
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from data_access import accounts, audit, initialise
from data_access.measures.periods import is_period
from data_access.models import Release
from data_access.queries import figures as figure_queries
from data_access.queries import reference as reference_queries
from data_access.releases import stored_hash
from data_access.settings import settings
from data_access.store import engine, pending_changes, reading

app = typer.Typer(
    help="Turvaverkko's store: make it, check it, read its figures.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
account_app = typer.Typer(help="Accounts that may sign in.", no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(account_app, name="account")
told = Console(stderr=True)
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


class Audience(StrEnum):
    official = "official"
    restricted = "restricted"


class Format(StrEnum):
    csv = "csv"
    json = "json"
    table = "table"


class Listing(StrEnum):
    indicators = "indicators"
    goals = "goals"
    schemes = "schemes"
    areas = "areas"
    releases = "releases"
    sources = "sources"
    rules = "rules"


def stop(message: str, code: int = 1) -> typer.Exit:
    """Say what is wrong and end with an exit code."""
    told.print(message, style="red", highlight=False, soft_wrap=True)
    return typer.Exit(code)


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
    where = engine().url.render_as_string(hide_password=True)
    try:
        there = initialise.filled_with()
        if there is None:
            with told.status("making the store") as status:
                initialise.fill(chosen[0], lambda text: status.update(text))
            there = chosen[0]
            told.print(f"The store is ready ({there}): {where}", highlight=False, soft_wrap=True)
        else:
            told.print(f"The store is already there ({there}): {where}", highlight=False, soft_wrap=True)
            if there != chosen[0]:
                told.print(f"It was made with --{there} and stays so.", style="yellow")
    except (initialise.NotOurs, ValueError) as error:
        raise stop(str(error)) from error
    if there == "demo":
        password = initialise.demonstration_password(settings().demo_password)
        names = ", ".join(accounts.demonstration_names())
        if password is None:
            print(f"Demonstration sign-in: {names}; the password was shown at the first start.")
            print("Forgotten it? python -m data_access account demo-password")
        else:
            print(f"Demonstration sign-in: {names}; password {password}")
            initialise.demonstration_password_told()


@app.command()
def check() -> None:
    """Look the store over: tables, releases, audit trail. Exit code 1 when something is wrong."""
    problems: list[str] = []
    try:
        there = initialise.filled_with()
    except initialise.NotOurs as error:
        raise stop(str(error)) from error
    if there is None:
        raise stop("There is no store yet. Make one: python -m data_access init --facts")
    problems += [f"the tables differ from the models: {change}" for change in pending_changes()]
    with reading() as session:
        problems += [
            f"audit event {number} does not follow from the one before it"
            for number in audit.broken_links(session)
        ]
        for number in figure_queries.releases("en")["number"]:
            release = session.get_one(Release, int(number))
            if stored_hash(session, release.number) != release.content_hash:
                problems.append(f"release {number} is not as it was built: its figures were changed")
    for problem in problems:
        told.print(f"✗ {problem}", style="red", highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    print(f"The store is whole ({there}): tables, releases and audit trail hold.")


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
    number = release or figure_queries.newest_release()
    known = figure_queries.releases(language)
    if number is None or number not in set(known["number"]):
        raise stop(f"There is no release {number or ''}. python -m data_access list releases", 2)
    code = one_of(indicator, reference_queries.indicators(language)["code"], "indicator")
    division = one_of(scheme, reference_queries.schemes(language)["code"], "scheme")
    goals = pd.concat(
        [reference_queries.goals(name, language) for name in reference_queries.programmes(language)["code"]]
    )
    purpose = one_of(goal, ["all", *goals["code"]], "goal")
    there = figure_queries.periods_of(number, code)
    if period is not None and period.lower() != "all" and period.lower() not in there:
        reason = "has no figures for" if is_period(period.lower()) else "does not know the period"
        raise stop(f"{code} {reason} {period}. It has: {', '.join(there) or 'no periods'}.", 2)
    asked = (period or figure_queries.latest_period(number, code) or "to_date").lower()
    rows = figure_queries.figures(
        number,
        audience.value,
        language,
        indicator=code,
        scheme=division,
        period=None if asked == "all" else asked,
        goal=purpose,
    )
    for column in ("indicator", "goal", "period"):
        rows[column] = rows[column].map(official_spelling)
    write(rows[list(SHOWN if format is not Format.table else BRIEFLY)], format)


@app.command("list")
def list_things(
    what: Annotated[Listing, typer.Argument(help="What to list.")],
    language: Annotated[str, typer.Option(help="fi, sv or en.")] = "fi",
    format: Annotated[Format, typer.Option(help="How the rows are written.")] = Format.table,
) -> None:
    """What there is: codes and names."""
    if what is Listing.releases:
        rows = figure_queries.releases(language)
    elif what is Listing.goals:
        programmes = reference_queries.programmes(language)["code"]
        rows = pd.concat([reference_queries.goals(code, language) for code in programmes], ignore_index=True)
    elif what is Listing.areas:
        rows = reference_queries.areas(language)
        rows["members"] = rows["code"].map(members_of(reference_queries.memberships()))
    else:
        rows = getattr(reference_queries, what.value)(language)
    if what in (Listing.indicators, Listing.goals):
        rows["code"] = rows["code"].map(official_spelling)
    write(rows, format)


@account_app.command("list")
def list_accounts(format: Annotated[Format, typer.Option()] = Format.table) -> None:
    """The accounts, without anything of their passwords."""
    write(accounts.listing(), format)


@account_app.command("create")
def create_account(
    name: Annotated[str, typer.Argument(help="Sign-in name: lower-case letters, digits, . - _")],
    role: Annotated[str, typer.Option(help="viewer, regional, facilitator, steward or administrator.")],
    display_name: Annotated[str, typer.Option(help="The person's name as others see it.")] = "",
    area: Annotated[str | None, typer.Option(help="Own area of a regional account, such as evk04.")] = None,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Make an account; the password is asked for."""
    done(
        lambda: accounts.create_account(name, display_name or name, role, password, area),
        f"{name} may sign in.",
    )


@account_app.command("password")
def change_password(
    name: str,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Give an account a new password; whoever is signed in with it is out."""
    done(lambda: accounts.change_password(name, password), f"{name} has a new password.")


@account_app.command("disable")
def disable_account(name: str) -> None:
    """Shut an account; whoever is signed in with it is out."""
    done(lambda: accounts.disable(name), f"{name} can no longer sign in.")


@account_app.command("demo-password")
def demo_password() -> None:
    """Make a new password for the demonstration accounts, and show it once."""
    if not accounts.demonstration_names():
        raise stop("This store has no demonstration accounts.")
    password = settings().demo_password or accounts.made_password()
    accounts.demo_accounts(password)
    print(f"Demonstration sign-in: {', '.join(accounts.demonstration_names())}; password {password}")


def done(act: Any, message: str) -> None:
    """Do something to an account, and say how it went."""
    try:
        act()
    except accounts.AccountError as error:
        raise stop(f"Not done: {error}.") from error
    print(message)


def one_of(asked: str, known: Any, what: str) -> str:
    """The known code that was asked for, whatever its case."""
    code = asked.lower()
    if code not in set(known):
        raise stop(f"There is no {what} {asked!r}. There are: {', '.join(known)}.", 2)
    return code


def official_spelling(code: str) -> str:
    """Indicators, goals and half-years as the programme's documents write them: SI6, G1, 2025H1."""
    return code if code in ("all", "to_date") else code.upper()


def members_of(memberships: pd.DataFrame) -> dict[str, list[dict[str, str | None]]]:
    """The dated members of each area: atom, valid_from, valid_to."""
    columns = ["atom", "valid_from", "valid_to"]
    return {
        code: rows[columns].astype(str).replace({"None": None, "nan": None, "NaT": None}).to_dict("records")
        for code, rows in memberships.groupby("area")
    }


def write(rows: pd.DataFrame, format: Format) -> None:
    """The rows on standard output: objects, lines, or a table to look at."""
    if format is Format.json:
        clean = rows.astype(object).where(rows.notna(), None)
        print(json.dumps(clean.to_dict("records"), ensure_ascii=False, indent=1, default=str))
    elif format is Format.csv:
        print(rows.to_csv(index=False), end="")
    else:
        shown = [column for column in rows.columns if rows[column].notna().any()]
        table = Table(*shown, header_style="bold")
        for row in rows[shown].itertuples(index=False):
            table.add_row(*["" if value is None or value != value else str(value) for value in row])
        Console(soft_wrap=False).print(table)


if __name__ == "__main__":
    app()
