"""How long a large report takes to be screened and how much memory, beside reading it with calamine alone.

    python benchmarks/intake.py [number of rows …]

Each figure is measured in a process of its own, against the store that the settings name."""

import io
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))
ROWS = (10_000, 100_000)
TODAY = date(2026, 11, 22)
AREAS = ["mk01", "mk02", *(f"mk{number:02}" for number in range(4, 18))]


def report(rows: int) -> bytes:
    """A workbook of observations of projects that it brings itself."""
    import xlsxwriter

    from data_access.intake.layout import SHEET_OF
    from data_access.intake.words import header, sheet_name

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as workbook:
        projects = -(-rows // 160)
        for code in ("projects", "observations"):
            sheet = workbook.add_worksheet(sheet_name(code, "fi"))
            columns = [column.code for column in SHEET_OF[code].columns]
            sheet.write_row(0, 0, [header(code, column, "fi") for column in columns])
            made = (project(number) for number in range(projects))
            if code == "observations":
                made = (observation(number) for number in range(rows))
            for number, row in enumerate(made, start=1):
                sheet.write_row(number, 0, [row.get(column) for column in columns])
    return content.getvalue()


def project(number: int) -> dict[str, object]:
    names = {f"name_{language}": f"Mittaushanke {number}" for language in ("fi", "sv", "en")}
    days = {"starts": "2021-01-01", "ends": "2028-12-31"}
    return {
        "project": f"m{number}",
        "programme": "esf51",
        "state": "running",
        "national": "ei",
        **names,
        **days,
    }


def observation(number: int) -> dict[str, object]:
    """160 for each project: 16 areas, 10 half-years."""
    place = number % 160
    period = f"{2021 + place // 32}h{1 + place // 16 % 2}"
    day = date(2021 + place // 32, 7 if place // 16 % 2 == 0 else 12, 31) + timedelta(days=number % 20)
    said = {"project": f"m{number // 160}", "indicator": "people", "period": period}
    return said | {"area": AREAS[place % 16], "value": 20 + number % 9, "reported_on": day.isoformat()}


def measure(what: str, file: str) -> None:
    """Print seconds, this process's memory and its children's (MB), and how much was found."""
    content = Path(file).read_bytes()
    if what == "calamine":
        from python_calamine import CalamineWorkbook

        began = time.perf_counter()
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    else:
        from data_access.intake.screening import screen
        from data_access.store import reading

        with reading() as session:
            screen(session, b"Hanke;Alue\n", "alueet.csv", TODAY)
            began = time.perf_counter()
            checked = screen(session, content, "mittaus.xlsx", TODAY)
        found = len(checked.findings)
    seconds = time.perf_counter() - began
    own, others = (
        resource.getrusage(who).ru_maxrss / 1000 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"{seconds:.2f} {own:.0f} {others:.0f} {found}")


def main(numbers: list[int]) -> None:
    heads = ("rows", "file kB", "calamine s", "screen s", "ratio", "server MB", "reader MB", "found")
    print(" ".join(f"{head:>10}" for head in heads))
    with tempfile.TemporaryDirectory() as folder:
        for rows in numbers:
            file = Path(folder) / f"{rows}.xlsx"
            file.write_bytes(report(rows))
            alone, whole = (alone_in_a_process(what, file) for what in ("calamine", "screen"))
            ratio = float(whole[0]) / float(alone[0])
            shown = (rows, file.stat().st_size // 1000, alone[0], whole[0], f"{ratio:.1f}", *whole[1:])
            print(" ".join(f"{each:>10}" for each in shown))


def alone_in_a_process(what: str, file: Path) -> list[str]:
    command = [sys.executable, __file__, what, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


if __name__ == "__main__":
    if sys.argv[1:2] in (["calamine"], ["screen"]):
        measure(*sys.argv[1:3])
    else:
        main([int(number) for number in sys.argv[1:]] or list(ROWS))
