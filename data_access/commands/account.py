"""``python -m data_access account …``"""

from collections.abc import Callable
from typing import Annotated

import typer

from data_access.commands.output import Format, stop, write

app = typer.Typer(help="Accounts that may sign in.", no_args_is_help=True, pretty_exceptions_enable=False)
Password = Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)]


@app.command("list")
def list_accounts(format: Annotated[Format, typer.Option()] = Format.table) -> None:
    """The accounts, without anything of their passwords."""
    from data_access import accounts

    write(accounts.listing(), format)


@app.command("create")
def create_account(
    name: Annotated[str, typer.Argument(help="Sign-in name: lower-case letters, digits, . - _")],
    role: Annotated[str, typer.Option(help="viewer, regional, facilitator, steward or administrator.")],
    display_name: Annotated[str, typer.Option(help="The person's name as others see it.")] = "",
    area: Annotated[str | None, typer.Option(help="Own area of a regional account, such as evk04.")] = None,
    password: Password = "",
) -> None:
    """Make an account; the password is asked for."""
    from data_access import accounts

    done(
        lambda: accounts.create_account(name, display_name or name, role, password, area),
        f"{name} may sign in.",
    )


@app.command("password")
def change_password(name: str, password: Password = "") -> None:
    """Give an account a new password; whoever is signed in with it is out."""
    from data_access import accounts

    done(lambda: accounts.change_password(name, password), f"{name} has a new password.")


@app.command("disable")
def disable_account(name: str) -> None:
    """Shut an account; whoever is signed in with it is out."""
    from data_access import accounts

    done(lambda: accounts.disable(name), f"{name} can no longer sign in.")


@app.command("demo-password")
def demo_password() -> None:
    """Make a new password for the demonstration accounts, and show it once."""
    from data_access import accounts
    from data_access.settings import settings

    if not accounts.demonstration_names():
        raise stop("This store has no demonstration accounts.")
    password = settings().demo_password or accounts.made_password()
    accounts.demo_accounts(password)
    print(f"Demonstration sign-in: {', '.join(accounts.demonstration_names())}; password {password}")


def done(act: Callable[[], object], message: str) -> None:
    """Do something to an account, and say how it went."""
    from data_access.accounts import AccountError

    try:
        act()
    except AccountError as error:
        raise stop(f"Not done: {error}.") from error
    print(message)
