"""The locks: exact, with hashes, one version of each package, the licence of each listed."""

import csv
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
LOCKS = ["requirements.txt", "requirements-dev.txt", "deploy/uv.txt"]


def pins(lock: str) -> dict[str, str]:
    """Package → version; packages that only Windows needs left out."""
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)([^\n]*)", (PROJECT / lock).read_text(), flags=re.MULTILINE)
    return {name: version for name, version, marker in found if "win32" not in marker}


def declared() -> dict[str, list[str]]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    groups = {"requirements.txt": project["project"]["dependencies"]}
    return groups | {"requirements-dev.txt": project["dependency-groups"]["dev"]}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_an_exact_version_with_its_hashes(lock):
    text = re.sub(r"^\s*(#.*|-r requirements\.txt)\n", "", (PROJECT / lock).read_text(), flags=re.MULTILINE)
    for entry in filter(None, re.split(r"\n(?=\S)", text.strip())):
        assert re.match(r"[a-z0-9._-]+==\S+", entry), f"{lock}: {entry!r} is no exact version."
        assert "--hash=sha256:" in entry, f"{lock}: {entry!r} has no hash. Run `make lock`."


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_holds_and_names_what_is_declared(lock):
    heading = (PROJECT / lock).read_text().splitlines()
    for need in declared()[lock]:
        name, _, exact = re.sub(r"\[.*\]", "", need).partition("==")
        assert name in pins(lock), f"{name} is declared but not locked. Run `make lock`."
        assert exact in ("", pins(lock)[name]), f"{name} is locked in an older version. Run `make lock`."
        assert f"#   {need}" in heading, f"{lock} must begin with what is declared. Run `make lock`."


def test_both_locks_agree():
    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    different = {name for name in run.keys() & dev.keys() if run[name] != dev[name]}
    assert not different, f"The locks differ in {sorted(different)}. Run `make lock`."


def test_what_is_installed_is_what_is_locked():
    locked = pins("requirements.txt") | pins("requirements-dev.txt")
    other = {name: version(name) for name in locked if version(name) != locked[name]}
    assert not other, f"Installed are other versions than locked: {other}. Run `make test`."


def test_the_licence_of_every_runtime_dependency_is_listed():
    with (PROJECT / "deploy/licences.csv").open() as file:
        rows = list(csv.DictReader(file))
    listed = {row["package"]: row["version"] for row in rows}
    assert listed == pins("requirements.txt"), "The list is older than the lock. Run `make licences`."
    unknown = [row["package"] for row in rows if not row["licence"]]
    assert not unknown, f"No licence is known for {unknown}: find it out before using the package."
