"""Who acts, and what they may: made from a sign-in once, handed on as an argument, never changed.

Everything that a role may is in one table, ``ACTS``; pages name the act that opens
them. ``python -m data_access account roles`` shows it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from data_access.models import ACCOUNT_ROLES

if TYPE_CHECKING:
    import pandas as pd

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
    """An account as it is at this moment, behind one sign-in. ``areas``: its own ones."""

    account: str
    display_name: str
    role: str
    areas: tuple[str, ...]
    demonstration: bool
    sign_in: int

    @property
    def audience(self) -> str:
        """Whose figures are shown. Everyone's are the protected ones, a regional reader's own area too:
        what one reader sees unprotected, the others' totals would give away by subtraction."""
        return "official"

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


def table() -> "pd.DataFrame":
    """act, then a column for each role with ✓ where it may."""
    import pandas as pd

    rows = [
        {"act": act} | {role: "✓" if role in may else "" for role in ACCOUNT_ROLES}
        for act, may in ACTS.items()
    ]
    return pd.DataFrame(rows)
