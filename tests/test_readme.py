"""README.md is true: every path it names is there, every command it names is there.

What is checked: code in backticks, lines of `sh` blocks, trees in `text` blocks, links and pictures.
"""

import glob
import os
import re
import subprocess
import sys
from functools import cache, partial
from itertools import takewhile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
ENDINGS = set("py md toml txt csv json geojson yml png svg xlsx pptx pdf sh".split())  # noqa: SIM905
ROOMS = ("pages", "data_access", "sample_data", "tests", "benchmarks", "deploy", "static", ".streamlit")
SHELLS = ("sh", "bash", "shell", "console")
PLACEHOLDER = re.compile(r"<[^>]*>|…|\.\.\.")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


def readme() -> str:
    file = PROJECT / "README.md"
    return file.read_text() if file.exists() else ""


def inline_code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", BLOCK.sub("", text))


def shell_lines(text: str) -> list[str]:
    """Lines typed into a shell, without their comments and prompts."""
    blocks = [body for language, body in BLOCK.findall(text) if language in SHELLS]
    lines = (line.split("  #")[0].removeprefix("$ ").strip() for body in blocks for line in body.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def tree_paths(text: str) -> list[str]:
    """Paths of a drawn tree. A name lies in the folder it is indented to; files named on a folder's own
    line, after a gap, lie in that folder."""
    found = []
    for body in (body for language, body in BLOCK.findall(text) if language in ("", "text", "tree")):
        above: list[tuple[int, str]] = []
        for line in body.splitlines():
            depth = len(line) - len(line.lstrip())
            above = [(indent, folder) for indent, folder in above if indent < depth]
            inside = above[-1][1] if above else ""
            first, *others = [leading_paths(cell) for cell in re.split(r"\s{2,}|·", line.strip())]
            found += [inside + name for name in first]
            if first and first[0].endswith("/"):
                above.append((depth, inside + first[0]))
                inside = inside + first[0]
            found += [inside + name for names in others for name in names]
    return found


def leading_paths(cell: str) -> list[str]:
    """The names of files or folders that a cell begins with."""
    return list(takewhile(looks_like_path, cell.split()))


def looks_like_path(word: str) -> bool:
    if re.search(r"[\s(){}=:,;|]|^[-/~$@]|^\w+://", word):
        return False
    name = word.rstrip("/").rsplit("/", 1)[-1]
    return word.endswith("/") or word.startswith(".") or (name.rsplit(".", 1)[-1] in ENDINGS and "." in name)


def named_paths(text: str) -> list[str]:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    typed = [word for line in shell_lines(text) for word in line.split()[1:] if looks_like_path(word)]
    inline = [code for code in inline_code(text) if looks_like_path(code)]
    return sorted({path for path in [*links, *typed, *inline, *tree_paths(text)] if "://" not in path})


def is_there(path: str, root: Path = PROJECT) -> bool:
    """Whether the path exists; `<section>/<page>.py` and `…` stand for any name, and a bare file name for
    that file in any folder of the project."""
    pattern = PLACEHOLDER.sub("*", path).rstrip("/")
    deeper = [] if "/" in path else [f"{room}/**/{pattern}" for room in ROOMS]
    search = partial(glob.glob, root_dir=root, recursive=True, include_hidden=True)
    return any(map(search, [pattern, *deeper]))


def commands(text: str, start: str) -> list[str]:
    """Commands that begin so, without settings before them and comments after them."""
    typed = [re.sub(r"^(?:[A-Z_]+=\S+ +)+", "", line) for line in [*shell_lines(text), *inline_code(text)]]
    return sorted({line for line in typed if line == start or line.startswith(f"{start} ")})


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), flags=re.MULTILINE))


@cache
def help_of(words: tuple[str, ...]) -> str:
    """What `python -m data_access … --help` says; empty where there is no such command."""
    done = subprocess.run(
        [sys.executable, "-m", "data_access", *words, "--help"],
        cwd=PROJECT, capture_output=True, text=True, env=plain_terminal(), check=False,
    )  # fmt: skip
    return done.stdout if done.returncode == 0 else ""


def plain_terminal() -> dict[str, str]:
    return os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}


def command_problems(command: str) -> list[str]:
    """What is untrue in one `python -m data_access …`: unknown command, unknown option."""
    words = command.removeprefix("python -m data_access").split()
    path = []
    for word in words:
        if not re.fullmatch(r"[a-z-]+", word) or word.startswith("-") or not listed(word, tuple(path)):
            break
        path.append(word)
    if words and not path and not words[0].startswith("-") and not PLACEHOLDER.fullmatch(words[0]):
        return [f"`{command}`: there is no command `{words[0]}`; `python -m data_access --help` lists them"]
    said = help_of(tuple(path))
    if not said:
        return [f"`{command}`: `--help` does not work"]
    options = {part for word in words for part in re.findall(r"^\[?(--[a-z-]+)", word)}
    return [
        f"`{command}`: there is no option `{option}`; `--help` lists them"
        for option in sorted(options)
        if not re.search(rf"{option}\b", said)
    ]


def listed(word: str, path: tuple[str, ...]) -> bool:
    """Whether the help of the command so far lists the word as a command of its own."""
    return bool(re.search(rf"^[│|\s]*{word}\s", help_of(path), flags=re.MULTILINE))


# ---- the README of this project ------------------------------------------------------------------------


def test_there_is_a_readme():
    assert readme(), "README.md is missing: write it in the order the design gives."


def test_every_path_is_there():
    missing = [path for path in named_paths(readme()) if not is_there(path)]
    assert not missing, f"README.md names what is not there: {missing}. Correct the name, or add the file."


def test_every_make_target_is_there():
    named = {word for line in commands(readme(), "make") for word in line.split()[1:2] if "=" not in word}
    assert {"run", "test"} <= named, "README.md must tell a newcomer `make run` and `make test`."
    assert not named - make_targets(), f"The Makefile has no {sorted(named - make_targets())}."


def test_every_command_has_its_words_and_options():
    problems = [
        problem for line in commands(readme(), "python -m data_access") for problem in command_problems(line)
    ]
    assert not problems, "README.md: " + "\n".join(problems)


def test_every_variable_is_read_somewhere():
    """Names such as `TURVAVERKKO_DATA` stand in the Makefile or in the code (prefix `TURVAVERKKO_`)."""
    variable = re.compile(r"[A-Z]+(?:_[A-Z]+)+|PORT")
    named = {code for code in inline_code(readme()) if variable.fullmatch(code)}
    files = [PROJECT / "Makefile", *PROJECT.glob("data_access/**/*.py"), *PROJECT.glob("pages/**/*.py")]
    read = {word for file in files for word in re.findall(r"\w+", file.read_text())}
    unread = [name for name in named if not {name, name.removeprefix("TURVAVERKKO_").lower()} & read]
    assert not unread, f"README.md names variables that nothing reads: {sorted(unread)}."


def test_what_the_continuous_check_runs_is_what_the_readme_says():
    said = [line for line in (PROJECT / ".ci/run").read_text().splitlines() if line.startswith("exec ")]
    assert said == ["exec make test"], "README.md tells `make test`: .ci/run must run just that."


# ---- the checker bites ---------------------------------------------------------------------------------

SAMPLE = """
Type `make run`, see `data_access/models.py`, `pages/<section>/<page>.py` and ![picture](static/none.png).

```sh
$ PORT=8600 make run      # another port
python -m data_access figures SI6 --scheme country
```

```
app.py                   the frame
pages/
  frame/                 navigation.py (the list)
    texts.py · none.toml
tests/ benchmarks/
```
"""


def test_a_sample_is_read_right():
    tree = ["app.py", "benchmarks/", "pages/", "pages/frame/", "pages/frame/navigation.py", "tests/"]
    tree += ["pages/frame/none.toml", "pages/frame/texts.py"]
    written = ["data_access/models.py", "pages/<section>/<page>.py", "static/none.png"]
    assert named_paths(SAMPLE) == sorted(tree + written)
    assert commands(SAMPLE, "make") == ["make run"]
    assert commands(SAMPLE, "python -m data_access") == ["python -m data_access figures SI6 --scheme country"]


def test_a_missing_path_is_noticed(tmp_path):
    (tmp_path / "pages/regions").mkdir(parents=True)
    (tmp_path / "pages/regions/compare.py").touch()
    assert is_there("pages/<section>/<page>.py", tmp_path)
    assert is_there("pages/regions/", tmp_path)
    assert is_there("compare.py", tmp_path)
    assert not is_there("pages/regions/profile.py", tmp_path)
    assert not is_there("profile.py", tmp_path)


@pytest.mark.parametrize("word", ["figures", "--help", "a=b", "https://example.org/a.py", "and/or"])
def test_what_is_no_path_is_left_alone(word):
    assert not looks_like_path(word)
