"""Write licences.csv beside this script: package, version and licence of every runtime dependency."""

import csv
import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

HERE = Path(__file__).parent


def pinned(lock: Path) -> dict[str, str]:
    """Package name → version, as the lock pins them; what only Windows needs is left out."""
    pins = re.findall(r"^([a-z0-9._-]+)==(\S+)([^\n]*)", lock.read_text(), flags=re.MULTILINE)
    return {name: version for name, version, marker in pins if "win32" not in marker}


def licence(package: Distribution) -> str:
    """The licence a package declares: its SPDX expression, else its classifiers, else its own words."""
    said = package.metadata
    classifiers = [line.split(" :: ")[-1] for line in said.get_all("Classifier") or [] if "License" in line]
    words = (said["License"] or "").strip().splitlines()
    expression = said["License-Expression"]
    return expression or "; ".join(classifiers) or (words[0] if words else "")


def main() -> None:
    rows = []
    for name, version in pinned(HERE.parent / "requirements.txt").items():
        try:
            rows.append((name, version, licence(distribution(name))))
        except PackageNotFoundError:
            raise SystemExit(f"{name} is not installed: run `make licences`.") from None
    with (HERE / "licences.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("package", "version", "licence"), *rows])


if __name__ == "__main__":
    main()
