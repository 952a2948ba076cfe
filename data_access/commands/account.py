"""``python -m data_access account …``"""

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from data_access.commands.output import Format, operator, stop, tell, write

app = typer.Typer(help="Accounts that may sign in.", no_args_is_help=True, pretty_exceptions_enable=False)
Password = Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)]
Role = Annotated[str, typer.Option(help="viewer, regional, facilitator, steward or administrator.")]
Person = Annotated[str, typer.Option(help="The person's name as others see it.")]
Area = Annotated[str | None, typer.Option(help="Own area of a regional account, such as evk04.")]
Address = Annotated[str, typer.Option(help="Where browsers find the server, for the link.")]
Written = Annotated[Format, typer.Option(help="How the rows are written.")]
HERE = "http://127.0.0.1:8501"
Found = TypeVar("Found")


@app.command("list")
def list_accounts(format: Written = Format.table) -> None:
    """The accounts, without anything of their passwords."""
    from data_access.queries import accounts

    write(accounts.accounts(operator()), format)


@app.command("first-administrator")
def first_administrator(name: str, address: Address = HERE) -> None:
    """Print a one-time link with which the first administrator chooses a password."""
    from data_access import accounts

    show_link(done(lambda: accounts.first_administrator(name)), address)


@app.command("invite")
def invite(
    name: str, role: Role, display_name: Person = "", area: Area = None, address: Address = HERE
) -> None:
    """Make an account, and print a one-time link with which its owner chooses a password."""
    from data_access import accounts

    show_link(done(lambda: accounts.invite(name, display_name, role, area, actor=operator())), address)


@app.command("reset")
def reset(name: str, address: Address = HERE) -> None:
    """Print a one-time link with which an account's owner chooses a new password."""
    from data_access import accounts

    show_link(done(lambda: accounts.new_code(name, actor=operator())), address)


@app.command("create")
def create_account(
    name: Annotated[str, typer.Argument(help="Sign-in name: lower-case letters, digits, . - _")],
    role: Role,
    display_name: Person = "",
    area: Area = None,
    password: Password = "",
) -> None:
    """Make an account; the password is asked for."""
    from data_access import accounts

    done(lambda: accounts.create_account(name, display_name, role, password, area, actor=operator()))
    print(f"{name} may sign in.")


@app.command("password")
def change_password(name: str, password: Password = "") -> None:
    """Give an account a new password; whoever is signed in with it is out."""
    from data_access import accounts

    done(lambda: accounts.change_password(name, password, actor=operator()))
    print(f"{name} has a new password.")


@app.command("role")
def change_role(
    name: str,
    role: Annotated[str, typer.Argument(help="viewer, regional, facilitator, steward or administrator.")],
    area: Area = None,
) -> None:
    """Give an account another role or area; whoever is signed in with it is out."""
    from data_access import accounts

    done(lambda: accounts.change_role(name, role, area, actor=operator()))
    print(f"{name} is {role} now" + (f" for {area}." if area else "."))


@app.command("disable")
def disable_account(name: str) -> None:
    """Shut an account; whoever is signed in with it is out."""
    from data_access import accounts

    done(lambda: accounts.disable(name, actor=operator()))
    print(f"{name} can no longer sign in.")


@app.command("enable")
def enable_account(name: str) -> None:
    """Open a disabled account again."""
    from data_access import accounts

    done(lambda: accounts.enable(name, actor=operator()))
    print(f"{name} may sign in again.")


@app.command("unlock")
def unlock(name: str) -> None:
    """Open an account again that failed attempts have locked."""
    from data_access import accounts

    done(lambda: accounts.unlock(name, actor=operator()))
    print(f"{name} is no longer locked.")


@app.command("link")
def link(
    name: str,
    subject: Annotated[str, typer.Option(help="What the provider calls the person: its claim 'sub'.")],
    issuer: Annotated[str, typer.Option(help="The provider; the configured one if left out.")] = "",
) -> None:
    """Let a person come in as an account by the second door, with their organisation's account."""
    from data_access import accounts

    done(lambda: accounts.link(name, subject, issuer, actor=operator()))
    print(f"{subject} may come in as {name}.")


@app.command("unlink")
def unlink(name: str) -> None:
    """Shut the second door for an account; whoever is signed in with it is out, its password goes on."""
    from data_access import accounts

    done(lambda: accounts.unlink(name, actor=operator()))
    print(f"{name} comes in by the password only.")


@app.command("sign-ins")
def list_sign_ins(
    name: Annotated[str | None, typer.Argument(help="One account; all of them if left out.")] = None,
    format: Written = Format.table,
) -> None:
    """Sign-ins, newest first: since when, last seen, browser, and whether they go on."""
    from data_access.queries import accounts

    write(accounts.sign_ins(operator(), name), format)


@app.command("revoke")
def revoke(
    name: str,
    sign_in: Annotated[int | None, typer.Option(help="Number of one sign-in: account sign-ins.")] = None,
) -> None:
    """End the sign-ins of an account, or one of them; its password goes on."""
    from data_access import accounts, sign_ins

    if sign_in is None:
        done(lambda: accounts.revoke(name, actor=operator()))
    elif not sign_ins.end(sign_in, "revoked", actor=operator(), of=name):
        raise stop(f"Not done: {name} has no sign-in {sign_in} that goes on.")
    print(f"{name} must sign in again.")


@app.command("roles")
def roles(format: Written = Format.table) -> None:
    """What each role may do."""
    from data_access import scope

    write(scope.table(), format)


@app.command("demo-password")
def demo_password() -> None:
    """Make a new password for the demonstration accounts, and show it once."""
    from data_access import accounts, passwords
    from data_access.settings import settings

    if not accounts.demonstration_names():
        raise stop("This store has no demonstration accounts.")
    password = settings().demo_password or passwords.made()
    done(lambda: accounts.demo_accounts(password))
    print(f"Demonstration sign-in: {', '.join(accounts.demonstration_names())}; password {password}")


def show_link(code: str, address: str) -> None:
    """The code stands behind #, which browsers tell no server and no log."""
    tell("Hand this link to its owner; it opens once, and for as long as the rule code_hours says:")
    print(f"{address.rstrip('/')}/welcome#{code}")


def done(act: Callable[[], Found]) -> Found:
    """Do something to an account, or say why it cannot be done."""
    from data_access.accounts import AccountError
    from data_access.passwords import PasswordError

    try:
        return act()
    except (AccountError, PasswordError) as error:
        raise stop(f"Not done: {error}.") from error
