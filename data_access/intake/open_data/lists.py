"""Lists of projects as CSV: one row per project and organisation, with the columns of ``FIELDS``.

A list that calls them otherwise (EURA's, Kohesio's) is read through a mapping that is kept with its source.
An organisation's part lasts as long as the project: lists say no other days."""

import csv
import io
import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel

from data_access.intake.checked import Unusable
from data_access.intake.open_data import Answer, Read, found, rows_of
from data_access.measures.periods import half_year_of
from data_access.models import business_id_is_valid

FIELDS = (
    "project_code",
    "name_fi",
    "name_sv",
    "name_en",
    "lead_org",
    "lead_business_id",
    "org_type",
    "consortium_id",
    "role",
    "priority",
    "specific_objective",
    "rr_authority_id",
    "maakunta_codes",
    "start_date",
    "end_date",
    "status",
    "total_cost_eur",
    "eu_eur",
    "national_public_eur",
    "municipal_eur",
    "other_eur",
    "paid_eur",
    "goals",
    "facet",
    "eeco18_planned",
    "eeco18_actual",
    "eeco18_as_of",
    "source",
    "source_date",
)
EUROS = ("total_cost_eur", "eu_eur", "national_public_eur", "municipal_eur", "other_eur", "paid_eur")
NEEDED = ("project_code", "start_date")
NAMES = ("name_fi", "name_sv", "name_en")
KOHESIO = {
    "project_code": "item",
    "name_en": "label",
    "start_date": "startTime",
    "end_date": "endTime",
    "total_cost_eur": "budget",
    "eu_eur": "euBudget",
    "lead_org": "beneficiaries",
    "specific_objective": "objectiveId",
    "maakunta_codes": "region",
}
COLUMNS = {"projects": {field: field for field in FIELDS}, "kohesio": KOHESIO}
FUNDING = {"eur_committed": ["eu_eur", "national_public_eur"], "eur_paid": ["paid_eur"]}
"""What becomes of a list's euros: the EU's and the state's share is committed by the funding decision."""
FACETS = {
    "enh": ("certain", "directed"),
    "mis": ("uncertain", "directed"),
    "ada": ("certain", "undirected"),
    "ant": ("uncertain", "undirected"),
}
STATES = {
    "käynnissä": "running",
    "pågår": "running",
    "ongoing": "running",
    "päättynyt": "ended",
    "avslutat": "ended",
    "completed": "ended",
    "suunniteltu": "planned",
    "keskeytetty": "withdrawn",
    "avbrutet": "withdrawn",
}
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")
MOST_ROWS = 100_000
Row = dict[str, Any]


def known_field(name: str) -> str:
    if name not in FIELDS:
        raise ValueError(f"there is no field {name!r}: {', '.join(FIELDS)}")
    return name


Field = Annotated[str, AfterValidator(known_field)]


class Choices(BaseModel, extra="forbid"):
    """``programme``: what the projects belong to; ``columns``: our field → the list's header; ``words``:
    field → the list's word → ours; ``constants``: field → what all rows have; ``only``: field → the words
    of the rows that are taken; ``funding``: our indicator → the fields that are added up."""

    programme: str
    columns: dict[Field, str] = {}
    words: dict[Field, dict[str, str]] = {}
    constants: dict[Field, str] = {}
    only: dict[Field, list[str]] = {}
    funding: dict[str, list[Field]] = FUNDING


class Known(NamedTuple):
    """What the store holds that a list may name: ``areas`` word → code (codes and names, in lower case),
    ``organisations`` business ID or name → code, ``projects`` code → its row of the sheet, ``partnerships``
    project, organisation and role."""

    areas: dict[str, str]
    organisations: dict[str, str]
    projects: dict[str, Row]
    partnerships: set[tuple[str, str, str]]


def read(answers: list[Answer], kind: str, choices: Choices, known: Known) -> Read:
    """A list as the sheets projects, areas, organisations, partnerships and funding. Raises ``Unusable`` for
    what is no list, has not the columns that the mapping names, or is empty."""
    if len(answers) != 1:
        raise Unusable("answer_one", got=len(answers))
    answer = answers[0]
    rows, headers = table_of(answer)
    columns = COLUMNS[kind] | choices.columns
    missing = [columns.get(field, field) for field in NEEDED if columns.get(field) not in headers]
    missing += [header for header in choices.columns.values() if header not in headers]
    if missing:
        raise Unusable("list_columns", missing=", ".join(dict.fromkeys(missing)), there=", ".join(headers))
    if not any(columns.get(name) in headers for name in NAMES):
        raise Unusable("list_columns", missing=columns.get("name_fi", "name_fi"), there=", ".join(headers))
    fields = [mapped(row, columns, choices) | {"row": place} for place, row in enumerate(rows, start=2)]
    only = choices.only
    taken = [row for row in fields if all(row.get(field) in words for field, words in only.items())]
    if not taken:
        raise Unusable("answer_empty", source=answer.address)
    made = Making(choices, known, answer.fetched)
    for row in taken:
        made.add(row)
    if len(taken) < len(rows):
        made.findings.append(found("list_left_out", "projects", count=len(rows) - len(taken)))
    sheets = {sheet: rows_of(sheet, found_rows) for sheet, found_rows in made.sheets.items() if found_rows}
    return Read(sheets, made.findings, None, made.newest)


def table_of(answer: Answer) -> tuple[list[dict[str, str]], list[str]]:
    """The rows of a CSV file by header: UTF-8 or latin-1, with semicolons, commas or tabs."""
    try:
        text = answer.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = answer.content.decode("latin-1")
    head = text.partition("\n")[0]
    separator = max(";,\t", key=head.count)
    if "\0" in text or head.count(separator) == 0:
        raise Unusable("list_not_csv", address=answer.address)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error as error:
        raise Unusable("list_not_csv", address=answer.address) from error
    headers = [cell.strip() for cell in lines[0]]
    body = [line for line in lines[1:] if any(cell.strip() for cell in line)]
    ragged = next(
        (at for at, line in enumerate(lines[1:], start=2) if line and len(line) != len(headers)), None
    )
    if ragged:
        raise Unusable("list_ragged", row=ragged, columns=len(headers))
    if len(body) > MOST_ROWS:
        raise Unusable("list_too_long", rows=len(body), most=MOST_ROWS)
    if not body:
        raise Unusable("answer_empty", source=answer.address)
    return [dict(zip(headers, line, strict=True)) for line in body], headers


def mapped(row: dict[str, str], columns: dict[str, str], choices: Choices) -> Row:
    """A row of the list by our fields, with our words; empty cells are left out."""
    words = choices.words
    made = dict[str, Any](choices.constants)
    for field, header in columns.items():
        if cell := row.get(header, "").strip():
            made[field] = words.get(field, {}).get(cell, cell)
    return made


class Making:
    """Sheets as they grow, row by row of the list: a project is told by its first row, and what a later one
    says otherwise is found."""

    def __init__(self, choices: Choices, known: Known, fetched: date) -> None:
        self.choices, self.known, self.fetched = choices, known, fetched
        self.sheets: dict[str, list[Row]] = {
            name: [] for name in ("projects", "areas", "organisations", "partnerships", "funding")
        }
        self.findings: list[Row] = []
        self.first: dict[str, Row] = {}
        self.told: set[tuple[str, ...]] = set()
        self.newest: date | None = None

    def add(self, row: Row) -> None:
        code = code_of(str(row.get("project_code", "")))
        if not code:
            self.find("required", "projects", row, "project_code", level="error")
            return
        if code not in self.first:
            self.first[code] = row
            self.project(code, row)
        else:
            self.compare(row, self.first[code])
        if row.get("lead_org"):
            self.partner(code, row)

    def find(
        self, rule: str, sheet: str, row: Row, field: str, level: str = "warning", **detail: Any
    ) -> None:
        place = {"row": row["row"], "column": field, "value": row.get(field)}
        self.findings.append(found(rule, sheet, level, **place, **detail))

    def compare(self, row: Row, first: Row) -> None:
        """Whether a further row of a project says the same of it as its first."""
        for field in ("start_date", "end_date", "status", "maakunta_codes", *EUROS):
            if field in row and row[field] != first.get(field):
                self.find("list_contradicts", "projects", row, field, level="error", first=first["row"])

    def project(self, code: str, row: Row) -> None:
        there = self.known.projects.get(code, {})
        names = {name: row[name] for name in NAMES if row.get(name)}
        if not names:
            self.find("required", "projects", row, "name_fi", level="error")
            return
        one = next(iter(names.values()))
        if len(names) < len(NAMES) and not there:
            self.find("list_one_name", "projects", row, "name_fi", level="note")
        starts, ends = (self.day(row, field) for field in ("start_date", "end_date"))
        certainty, direction = FACETS.get(str(row.get("facet", "")).casefold(), (None, None))
        areas, national = self.areas(row)
        goals = [word.casefold() for word in re.split(r"[|,;\s]+", row.get("goals", "")) if word]
        told = {
            **{name: names.get(name) or there.get(name) or one for name in NAMES},
            "programme": self.choices.programme,
            "state": self.state(row, starts, ends),
            "starts": starts,
            "ends": ends,
            "national": national,
            "goals": " ".join(goals) or None,
            "funding_area": self.known.areas.get(str(row.get("rr_authority_id", "")).casefold()),
            "certainty": certainty,
            "direction": direction,
        }
        told = {name: value for name, value in told.items() if value is not None}
        self.sheets["projects"].append({**there, "project": code, **told, "row": row["row"]})
        self.sheets["areas"] += [{"project": code, "area": area, "row": row["row"]} for area in areas]
        self.funding(code, row, areas)

    def areas(self, row: Row) -> tuple[list[str], bool]:
        """The areas that a row names, and whether it names the whole country."""
        codes = []
        for word in re.split(r"[|,;]+", row.get("maakunta_codes", "")):
            if word := word.strip():
                area = self.known.areas.get(word.casefold())
                if area is None:
                    self.find("list_area", "areas", row, "maakunta_codes", word=word)
                codes.append(area)
        found_areas = sorted({code for code in codes if code is not None})
        return found_areas, "fi" in found_areas

    def state(self, row: Row, starts: date | None, ends: date | None) -> str | None:
        """What the list says, else what its days say on the day that it was fetched."""
        if said := str(row.get("status", "")):
            return STATES.get(said.casefold(), said.casefold())
        if starts is None:
            return None
        if starts > self.fetched:
            return "planned"
        return "ended" if ends is not None and ends < self.fetched else "running"

    def day(self, row: Row, field: str) -> date | None:
        text = row.get(field)
        if not text:
            return None
        for form in DAYS:
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        self.find("list_day", "projects", row, field, level="error")
        return None

    def partner(self, code: str, row: Row) -> None:
        """The organisation that a row names, and its part in the project."""
        number, name = row.get("lead_business_id", ""), row["lead_org"]
        organisation = self.known.organisations.get(number or name.casefold())
        organisation = organisation or self.known.organisations.get(name.casefold())
        if organisation is None:
            if not row.get("org_type"):
                self.find("list_no_type", "organisations", row, "lead_org")
                return
            organisation = f"y{number}" if business_id_is_valid(number) else code_of(name)
            if self.once("organisation", organisation):
                new = {"organisation": organisation, **dict.fromkeys(NAMES, name), "type": row["org_type"]}
                self.sheets["organisations"].append({**new, "business_id": number or None, "row": row["row"]})
        role = str(row.get("role") or "lead").casefold()
        starts = self.day(self.first[code], "start_date")
        key = (code, organisation, role)
        if key not in self.known.partnerships and self.once("partnership", *key):
            part = {"project": code, "organisation": organisation, "role": role, "starts": starts}
            ends, supported = self.day(self.first[code], "end_date"), role != "subcontractor"
            self.sheets["partnerships"].append(
                {**part, "ends": ends, "supported": supported, "row": row["row"]}
            )

    def once(self, *key: str) -> bool:
        new = key not in self.told
        self.told.add(key)
        return new

    def funding(self, code: str, row: Row, areas: list[str]) -> None:
        """The project's euros to the day of the list: in its one area, else in all of them together."""
        day = self.day(row, "source_date") or self.fetched
        self.newest = max(self.newest or day, day)
        for indicator, fields in self.choices.funding.items():
            amounts = [self.euros(row, field) for field in fields if row.get(field)]
            if not amounts or None in amounts:
                continue
            told = {"project": code, "indicator": indicator, "period": half_year_of(day)}
            area = areas[0] if len(areas) == 1 else None
            value = sum(each for each in amounts if each is not None)
            self.sheets["funding"].append(
                {**told, "area": area, "value": value, "reported_on": day, "row": row["row"]}
            )

    def euros(self, row: Row, field: str) -> float | None:
        """``1 234 567,89`` and ``1234567.89``; a comma and a point in one number are not guessed at."""
        text = re.sub(r"[\s\u00a0\u202f€]", "", row[field])
        if not re.fullmatch(r"-?\d+(?:[.,]\d{1,2})?", text):
            self.find("list_euros", "funding", row, field, level="error")
            return None
        return float(text.replace(",", "."))


def code_of(text: str) -> str:
    """A word or address as a code: the last part of an address, lower case, ASCII."""
    plain = (
        unicodedata.normalize("NFKD", text.rstrip("/").rpartition("/")[2]).encode("ascii", "ignore").decode()
    )
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40]
