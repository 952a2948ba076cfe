"""Who acts, and what they may: made from a sign-in once, handed on as an argument, never changed.

Everything that a role may is in one table, ``ACTS``. Pages name the acts that open them and that are done on
them; every function that reads for somebody or acts for somebody takes their scope, and begins by saying
which act it is (``must``). ``deploy/roles.csv`` tells what follows from both, page by page.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from data_access.models import ACCOUNT_ROLES

if TYPE_CHECKING:
    import pandas as pd

AUDIENCES = ("official", "restricted")
EVERYONE = ACCOUNT_ROLES
STEWARDS = ("steward", "administrator")
ADMINISTRATORS = ("administrator",)
ACTS: dict[str, tuple[str, ...]] = {
    "see_figures": EVERYONE,
    "download_figures": EVERYONE,
    "decide_identities": STEWARDS,
    "upload_files": STEWARDS,
    "load_data": STEWARDS,
    "publish_releases": STEWARDS,
    "manage_accounts": ADMINISTRATORS,
    "change_own_password": EVERYONE,
    "end_own_sign_ins": EVERYONE,
}


class NotAllowed(PermissionError):
    """Someone asked for what their role may not do."""


@dataclass(frozen=True)
class Scope:
    """An account as it is at this moment, behind one sign-in. ``areas``: its own ones.

    ``audience`` is whose figures it is shown. Everyone's who signs in are the protected ones, a regional
    reader's own area too: what one reader sees unprotected, the others' totals would give away by
    subtraction. Raises ValueError for an audience or a role that there is not."""

    account: str
    display_name: str
    role: str
    areas: tuple[str, ...]
    demonstration: bool
    sign_in: int
    audience: str = "official"

    def __post_init__(self) -> None:
        if self.audience not in AUDIENCES:
            raise ValueError(f"{self.audience!r} is not an audience: {', '.join(AUDIENCES)}")
        if self.role not in ACCOUNT_ROLES:
            raise ValueError(f"{self.role!r} is not a role: {', '.join(ACCOUNT_ROLES)}")

    @property
    def own_area(self) -> str | None:
        """The area that a regional reader meets first."""
        return next(iter(self.areas), None)

    def may(self, act: str) -> bool:
        """Whether the role may do this; KeyError where there is no such act."""
        return self.role in ACTS[act]

    def must(self, act: str) -> None:
        """Raise NotAllowed where the role may not do this."""
        if not self.may(act):
            raise NotAllowed(f"{self.role} may not {act}")

    @cached_property
    def reads(self) -> str:
        """All that an answer for several readers may depend on: the audience, and what the role may. Those
        who agree in both may share what is remembered."""
        return " ".join((self.audience, *(act for act in ACTS if self.may(act))))

    @property
    def of_anyone(self) -> "Scope":
        """The scope of a reader who is shown the same and may do the same, but is nobody in particular."""
        return replace(self, account="", display_name="", areas=(), demonstration=False, sign_in=0)


def operator(account: str = "command line", audience: str = "official") -> Scope:
    """Whoever works at the machine itself: has the store in their hands and may do everything. The only way
    to the restricted audience."""
    return Scope(account, account, "administrator", (), demonstration=False, sign_in=0, audience=audience)


def table() -> "pd.DataFrame":
    """act, then a column for each role with ✓ where it may."""
    import pandas as pd

    rows = [
        {"act": act} | {role: "✓" if role in may else "" for role in ACCOUNT_ROLES}
        for act, may in ACTS.items()
    ]
    return pd.DataFrame(rows)
