"""What a reporting workbook holds: its sheets and their columns, as data.

A row is found again by its key, whatever its place in the file. A row that is left out changes nothing:
what is to go is said so in the column ``withdraw``. Headers, notes and examples of each column are words
of ``words.toml`` under the same codes."""

from dataclasses import dataclass, field
from itertools import chain

VERSION = 1
"""Goes up when a column comes, goes or changes its meaning: templates carry it."""
KINDS = ("text", "code", "codes", "number", "count", "date", "period", "truth", "business_id")


@dataclass(frozen=True)
class Column:
    """``kind``: how a cell is read (*codes*: several, with spaces between). ``of``: which codes there are,
    a table of the store or a tuple of words of ``models``. ``key``: part of what a row is known by."""

    code: str
    kind: str
    of: str | None = None
    key: bool = False
    required: bool = False


@dataclass(frozen=True)
class Sheet:
    """``table``: the store's table that its rows become."""

    code: str
    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", tuple(column.code for column in self.columns if column.key))


def words(code: str, required: bool = False) -> tuple[Column, ...]:
    """The three columns of a text in three languages."""
    return tuple(Column(f"{code}_{language}", "text", required=required) for language in ("fi", "sv", "en"))


def sheet(code: str, table: str, *columns: Column | tuple[Column, ...]) -> Sheet:
    listed = chain.from_iterable(each if isinstance(each, tuple) else (each,) for each in columns)
    return Sheet(code, table, (*listed, WITHDRAW))


WITHDRAW = Column("withdraw", "truth")
PROJECT = Column("project", "code", of="project", key=True, required=True)
REASON = Column("reason", "text")

SHEETS = (
    sheet(
        "projects",
        "project",
        PROJECT,
        words("name", required=True),
        Column("programme", "code", of="programme", required=True),
        Column("state", "code", of="PROJECT_STATES", required=True),
        Column("starts", "date", required=True),
        Column("ends", "date"),
        Column("ended_early", "date"),
        Column("national", "truth", required=True),
        Column("goals", "codes", of="goal"),
        Column("call", "code", of="call"),
        Column("funding_area", "code", of="area"),
        Column("home_area", "code", of="area"),
        Column("certainty", "code", of="CERTAINTIES"),
        Column("direction", "code", of="DIRECTIONS_OF_WORK"),
    ),
    sheet("areas", "projectarea", PROJECT, Column("area", "code", of="area", key=True, required=True)),
    sheet(
        "organisations",
        "organisation",
        Column("organisation", "code", of="organisation", key=True, required=True),
        words("name", required=True),
        Column("business_id", "business_id"),
        Column("type", "code", of="ORGANISATION_TYPES", required=True),
        Column("eligible", "truth"),
        Column("home_area", "code", of="area"),
    ),
    sheet(
        "partnerships",
        "partnership",
        PROJECT,
        Column("organisation", "code", of="organisation", key=True, required=True),
        Column("role", "code", of="ROLES_IN_PROJECT", key=True, required=True),
        Column("starts", "date", key=True, required=True),
        Column("ends", "date"),
        Column("supported", "truth", required=True),
    ),
    sheet(
        "observations",
        "observation",
        Column("project", "code", of="project", key=True),
        Column("indicator", "code", of="indicator", key=True, required=True),
        Column("period", "period", key=True, required=True),
        Column("area", "code", of="area", key=True),
        Column("goal", "code", of="goal", key=True),
        Column("value", "number"),
        Column("numerator", "number"),
        Column("denominator", "number"),
        Column("n", "count"),
        Column("identical_answers", "truth"),
        Column("reported_on", "date", required=True),
        REASON,
    ),
    sheet(
        "targets",
        "target",
        Column("indicator", "code", of="indicator", key=True, required=True),
        Column("goal", "code", of="goal", key=True),
        Column("area", "code", of="area", key=True),
        Column("kind", "code", of="TARGET_KINDS", key=True, required=True),
        Column("due", "date", key=True, required=True),
        Column("value", "number", required=True),
        Column("set_on", "date", required=True),
        words("set_by", required=True),
        words("reason", required=True),
    ),
    sheet(
        "funding",
        "observation",
        PROJECT,
        Column("indicator", "code", of="indicator", key=True, required=True),
        Column("period", "period", key=True, required=True),
        Column("area", "code", of="area", key=True),
        Column("value", "number", required=True),
        Column("reported_on", "date", required=True),
        REASON,
    ),
)
SHEET_OF = {sheet.code: sheet for sheet in SHEETS}
