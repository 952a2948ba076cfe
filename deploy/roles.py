"""Write roles.csv beside this script: page, act that is done on it (the first opens it), and for each role
whether it may. From the list of pages and the table of acts."""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from data_access.scope import EVERYONE  # noqa: E402
from pages.frame.navigation import PAGES  # noqa: E402


def rows() -> list[tuple[str, ...]]:
    """The lines of the file, its head first."""
    told = [
        (page.key, act, *("yes" if role in page.roles_for(act) else "no" for role in EVERYONE))
        for page in PAGES
        for act in page.acts
    ]
    return [("page", "act", *EVERYONE), *told]


def main() -> None:
    with (HERE / "roles.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows())


if __name__ == "__main__":
    main()
