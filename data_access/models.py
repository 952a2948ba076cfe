"""The tables of the store.

Each class is one table, each attribute one column. Names that people read are kept as
``{"fi": …, "sv": …, "en": …}``. Rules on single rows live on a non-table base (``…Row``) that the
table inherits, because SQLModel does not validate a ``table=True`` class when it is made; the same
words are repeated to the database as CHECK constraints. Observations and audit events are only
ever added to.
"""

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import field_validator, model_validator
from sqlalchemy import JSON, CheckConstraint, DateTime, Index, Table, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

LANGUAGES = ("fi", "sv", "en")
Words = dict[str, str]
JSON_OR_NULL = JSON(none_as_null=True)

FAMILIES = ("social_innovation", "national_result", "esf_output", "esf_result", "context", "programme")
AGGREGATIONS = (
    "sum",
    "ratio",
    "mean_weighted_by_n",
    "distinct_organisations",
    "distinct_organisations_eligible",
    "distinct_projects",
    "latest",
    "cumulative",
)
TIME_KINDS = ("flow", "stock", "cumulative")
FREQUENCIES = ("half_year", "year")
ATTRIBUTIONS = ("project", "area")
DIRECTIONS = ("up", "down", "none")
PERSON_DATA = ("no", "counts", "respondents", "already_protected")
TARGET_KINDS = ("baseline", "milestone", "target", "committed")
PROJECT_STATES = ("planned", "running", "ended", "withdrawn")
CERTAINTIES = ("certain", "uncertain")
DIRECTIONS_OF_WORK = ("directed", "undirected")
ORGANISATION_TYPES = (
    "wellbeing_county",
    "municipality",
    "state",
    "research",
    "education",
    "ngo",
    "foundation",
    "company",
)
VERDICTS = ("same", "different", "undone")
OPEN_DATA = ("sotkanet", "pxweb", "projects", "kohesio")
ROLES_IN_PROJECT = ("lead", "partner", "subcontractor")
RELEASE_STATES = ("draft", "published", "superseded", "withdrawn")
AUDITS = ("passed", "failed", "not_run")
TRENDS = ("rising", "falling")
FIGURE_STATES = (
    "value",
    "zero",
    "not_reported",
    "not_yet_due",
    "not_applicable",
    "not_published",
    "not_in_programme",
    "cannot_be_expressed",
)
ACCOUNT_ROLES = ("viewer", "regional", "facilitator", "steward", "administrator")
ENDS_OF_SIGN_INS = ("signed_out", "revoked", "disabled", "password", "role")
PURPOSES_OF_CODES = ("cookie", "password")


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that ``column`` is empty or one of ``words``, in both databases."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


BUSINESS_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1)
BUSINESS_ID = re.compile(r"[0-9]{7}-[0-9]")


def business_id_is_valid(text: str) -> bool:
    """Whether ``text`` is a Finnish business ID (Y-tunnus), check digit included.

    Source: Finnish Patent and Registration Office, *Business ID check digit*: the digits weighted
    7, 9, 10, 5, 8, 4, 2, modulo 11; remainder 0 gives 0, remainder 1 is never issued, else 11 − r.
    That is: with the check digit, weighted 1, the sum is a multiple of 11."""
    if not BUSINESS_ID.fullmatch(text):
        return False
    digits = map(int, text.replace("-", ""))
    weighted = (digit * weight for digit, weight in zip(digits, BUSINESS_ID_WEIGHTS, strict=True))
    return sum(weighted) % 11 == 0


def business_id_check() -> str:
    """The same rule in words of both databases, for a column that may be empty."""
    letters = [f"substr(business_id, {place}, 1)" for place in (1, 2, 3, 4, 5, 6, 7, 9)]
    digits = " AND ".join(f"{letter} BETWEEN '0' AND '9'" for letter in letters)
    terms = zip(BUSINESS_ID_WEIGHTS, letters, strict=True)
    total = " + ".join(f"{weight} * CAST({letter} AS INTEGER)" for weight, letter in terms)
    shape = "length(business_id) = 9 AND substr(business_id, 8, 1) = '-'"
    return f"business_id IS NULL OR ({shape} AND {digits} AND ({total}) % 11 = 0)"


def words_column(nullable: bool = False) -> Any:
    """A column that holds a text in three languages."""
    return Field(default=None if nullable else ..., sa_type=JSON_OR_NULL, nullable=nullable)


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class StoreTable(SQLModel, registry=registry()):
    """Base of all tables, with a registry of its own: Streamlit re-imports changed files, and
    SQLModel's shared registry then fails with "Table already defined"."""

    if TYPE_CHECKING:
        __table__: ClassVar[Table]


StoreTable.metadata.naming_convention = NAMING


# --- what the programme is -----------------------------------------------------------------------


class Source(StoreTable, table=True):
    """Where a fact comes from. ``quality`` is *document*, *statistics*, *proposed* (ours, to be
    decided by the ministry) or *demonstration* (invented)."""

    __table_args__ = (one_of("quality", ("document", "statistics", "proposed", "demonstration")),)
    code: str = Field(primary_key=True)
    title: Words = words_column()
    publisher: str | None = None
    published: str | None = None
    licence: str | None = None
    quality: str


class Programme(StoreTable, table=True):
    code: str = Field(primary_key=True)
    position: int
    name: Words = words_column()
    short: Words = words_column()
    starts: date
    ends: date
    source: str = Field(foreign_key="source.code")


class Goal(StoreTable, table=True):
    """``lead_indicator`` is the indicator whose path tells how the goal stands on the overview."""

    code: str = Field(primary_key=True)
    programme: str = Field(foreign_key="programme.code")
    position: int
    name: Words = words_column()
    short: Words = words_column()
    lead_indicator: str | None = Field(default=None, foreign_key="indicator.code")
    source: str = Field(foreign_key="source.code")


class Indicator(StoreTable, table=True):
    """``attribution``: *project*, the value belongs to a project and counts wherever it acts, once
    in a union; *area*, the value was counted in an area and can be added over areas.
    ``unit`` is a key of the texts (score, organisations, eur, people, percent, projects). ``compares``:
    whether areas are held to be alike by it (``measures.similarity``)."""

    __table_args__ = (
        one_of("family", FAMILIES),
        one_of("aggregation", AGGREGATIONS),
        one_of("time_kind", TIME_KINDS),
        one_of("frequency", FREQUENCIES),
        one_of("attribution", ATTRIBUTIONS),
        one_of("direction", DIRECTIONS),
        one_of("person_data", PERSON_DATA),
    )
    code: str = Field(primary_key=True)
    programme: str | None = Field(default=None, foreign_key="programme.code")
    position: int
    family: str
    unit: str
    scale_low: float | None = None
    scale_high: float | None = None
    direction: str
    aggregation: str
    time_kind: str
    frequency: str
    attribution: str
    person_data: str
    compares: bool
    decimals: int
    assessor: Words | None = words_column(nullable=True)
    name: Words = words_column()
    short: Words = words_column()
    definition: Words = words_column()
    caution: Words | None = words_column(nullable=True)
    source: str = Field(foreign_key="source.code")


class Rule(StoreTable, table=True):
    """A threshold that decides something: data with a version, never a number in code."""

    code: str = Field(primary_key=True)
    value: float
    version: int
    name: Words = words_column()
    source: str = Field(foreign_key="source.code")


class SeriesBreak(StoreTable, table=True):
    """From ``period`` on an indicator means something else than before: values on the two sides are
    not compared."""

    indicator: str = Field(primary_key=True, foreign_key="indicator.code")
    period: str = Field(primary_key=True)
    reason: Words = words_column()
    source: str = Field(foreign_key="source.code")


class Fact(StoreTable, table=True):
    """A sourced figure about the programme. ``value`` empty and ``known`` false means that no
    source gives it: it is shown as *not available*."""

    code: str = Field(primary_key=True)
    programme: str = Field(foreign_key="programme.code")
    position: int
    value: float | None = None
    unit: str
    known: bool
    starts: str | None = None
    ends: str | None = None
    name: Words = words_column()
    caveat: Words | None = words_column(nullable=True)
    source: str = Field(foreign_key="source.code")


# --- areas ---------------------------------------------------------------------------------------


class Scheme(StoreTable, table=True):
    """One division of the country into areas. The atoms are the areas of ``wellbeing``."""

    code: str = Field(primary_key=True)
    position: int
    name: Words = words_column()
    valid_from: date
    valid_to: date | None = None


class Area(StoreTable, table=True):
    """``label`` carries the kind ("Keski-Suomi (maakunta)"), ``inside`` is the form that a sentence
    needs ("Keski-Suomessa", "i Mellersta Finland"), ``genitive`` the owner's form."""

    code: str = Field(primary_key=True)
    scheme: str = Field(foreign_key="scheme.code", index=True)
    position: int
    name: Words = words_column()
    label: Words = words_column()
    inside: Words = words_column()
    genitive: Words = words_column()
    in_programme: bool
    valid_from: date
    valid_to: date | None = None
    tile_row: int | None = None
    tile_column: int | None = None
    tile_label: str | None = None
    source: str = Field(foreign_key="source.code")


class Membership(StoreTable, table=True):
    """An atom belongs to an area from ``valid_from`` to ``valid_to`` (both inclusive)."""

    __table_args__ = (UniqueConstraint("area", "atom", "valid_from"),)
    id: int | None = Field(default=None, primary_key=True)
    area: str = Field(foreign_key="area.code", index=True)
    atom: str = Field(foreign_key="area.code", index=True)
    valid_from: date
    valid_to: date | None = None


class Neighbour(StoreTable, table=True):
    """Two atoms that share a border on land; each pair stands once, the smaller code first."""

    __table_args__ = (CheckConstraint("atom < neighbour", name="smaller_code_first"),)
    atom: str = Field(primary_key=True, foreign_key="area.code")
    neighbour: str = Field(primary_key=True, foreign_key="area.code")


class BoundarySet(StoreTable, table=True):
    """Shapes of one scheme's areas that a steward loaded, as browsers fetch them (GeoJSON in degrees), by
    ``hash``. It is in force until ``ended_at``; an ended one stays, because a page that was drawn with it
    may still ask for it. ``dated`` is the day that the boundaries are of, as their source gives it."""

    __table_args__ = (
        Index(
            "one_set_of_a_scheme_is_in_force",
            "scheme",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    scheme: str = Field(foreign_key="scheme.code")
    hash: str = Field(index=True)
    source: Words = words_column()
    dated: date | None = None
    licence: str | None = None
    areas: list[str] = Field(sa_type=JSON_OR_NULL)
    shapes: str
    loaded_at: datetime = Field(sa_type=DateTime)
    ended_at: datetime | None = Field(default=None, sa_type=DateTime)


# --- projects and their network ------------------------------------------------------------------


class Call(StoreTable, table=True):
    code: str = Field(primary_key=True)
    programme: str = Field(foreign_key="programme.code")
    position: int
    name: Words = words_column()
    opens: date
    closes: date
    caveat: Words | None = words_column(nullable=True)
    source: str = Field(foreign_key="source.code")


class CallArea(StoreTable, table=True):
    """An area that a call covered (or, with ``covered`` false, is known not to have covered)."""

    call: str = Field(primary_key=True, foreign_key="call.code")
    area: str = Field(primary_key=True, foreign_key="area.code")
    covered: bool
    source: str = Field(foreign_key="source.code")


class CallStage(StoreTable, table=True):
    """A stage of the funnel. ``value`` empty: no source gives it."""

    call: str = Field(primary_key=True, foreign_key="call.code")
    position: int = Field(primary_key=True)
    stage: str
    value: int | None = None
    name: Words = words_column()
    caveat: Words | None = words_column(nullable=True)
    source: str | None = Field(default=None, foreign_key="source.code")


class ProjectRow(SQLModel):
    """``national``: acts for the whole country; counted in the country, never in a single area.
    ``removed``: taken off the register again; the row stays, because reports name it."""

    code: str = Field(primary_key=True)
    programme: str = Field(foreign_key="programme.code")
    name: Words = words_column()
    state: str
    starts: date
    ends: date | None = None
    ended_early: date | None = None
    national: bool
    call: str | None = Field(default=None, foreign_key="call.code")
    funding_area: str | None = Field(default=None, foreign_key="area.code")
    home_area: str | None = Field(default=None, foreign_key="area.code")
    certainty: str | None = None
    direction: str | None = None
    demonstration: bool
    source: str = Field(foreign_key="source.code")
    removed: bool = False

    @model_validator(mode="after")
    def ends_after_start(self) -> "ProjectRow":
        if self.ends is not None and self.ends < self.starts:
            raise ValueError("ends before it starts")
        return self


class Project(ProjectRow, StoreTable, table=True):
    __table_args__ = (
        one_of("state", PROJECT_STATES),
        CheckConstraint("ends IS NULL OR ends >= starts", name="ends_after_start"),
    )


class ProjectArea(StoreTable, table=True):
    """Where a project acts; not where its lead has its office."""

    project: str = Field(primary_key=True, foreign_key="project.code")
    area: str = Field(primary_key=True, foreign_key="area.code")


class ProjectGoal(StoreTable, table=True):
    project: str = Field(primary_key=True, foreign_key="project.code")
    goal: str = Field(primary_key=True, foreign_key="goal.code")


class OrganisationRow(SQLModel):
    """An organisation as it was reported: one organisation may stand here under two spellings.
    ``eligible``: whether it counts for EECO18; empty means that nobody has decided. ``removed``: as of
    projects."""

    code: str = Field(primary_key=True)
    name: Words = words_column()
    business_id: str | None = None
    type: str
    eligible: bool | None = None
    home_area: str | None = Field(default=None, foreign_key="area.code")
    demonstration: bool
    source: str = Field(foreign_key="source.code")
    removed: bool = False

    @field_validator("business_id")
    @classmethod
    def business_id_holds(cls, value: str | None) -> str | None:
        if value is not None and not business_id_is_valid(value):
            raise ValueError(f"{value} is not a Finnish business ID: its check digit does not hold")
        return value


class Organisation(OrganisationRow, StoreTable, table=True):
    __table_args__ = (
        one_of("type", ORGANISATION_TYPES),
        CheckConstraint(business_id_check(), name="business_id_holds"),
    )


class IdentityDecisionRow(SQLModel):
    """A steward's decision on two rows of the register: they are the *same* organisation, *different*
    ones, or an earlier decision on them (``undoes``) is *undone*. In force is what no later row undoes."""

    id: int | None = Field(default=None, primary_key=True)
    first: str = Field(foreign_key="organisation.code", index=True)
    second: str = Field(foreign_key="organisation.code", index=True)
    verdict: str
    undoes: int | None = Field(default=None, foreign_key="identitydecision.id")
    reason: str
    decided_by: str
    decided_at: datetime = Field(sa_type=DateTime)

    @field_validator("reason")
    @classmethod
    def says_why(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("a decision says why")
        return value.strip()


class IdentityDecision(IdentityDecisionRow, StoreTable, table=True):
    __table_args__ = (
        one_of("verdict", VERDICTS),
        CheckConstraint("first <> second", name="on_two_rows"),
        CheckConstraint("(verdict = 'undone') = (undoes IS NOT NULL)", name="undone_names_what"),
        CheckConstraint("trim(reason) <> ''", name="a_decision_says_why"),
        UniqueConstraint("undoes"),
    )


class PartnershipRow(SQLModel):
    """An organisation's dated role in a project. ``supported``: it gets the programme's support
    directly; a subcontractor does not."""

    id: int | None = Field(default=None, primary_key=True)
    project: str = Field(foreign_key="project.code", index=True)
    organisation: str = Field(foreign_key="organisation.code", index=True)
    role: str
    supported: bool
    starts: date
    ends: date | None = None
    source: str = Field(foreign_key="source.code")

    @model_validator(mode="after")
    def ends_after_start(self) -> "PartnershipRow":
        if self.ends is not None and self.ends < self.starts:
            raise ValueError("ends before it starts")
        return self


class Partnership(PartnershipRow, StoreTable, table=True):
    __table_args__ = (
        one_of("role", ROLES_IN_PROJECT),
        CheckConstraint("ends IS NULL OR ends >= starts", name="ends_after_start"),
    )


# --- values --------------------------------------------------------------------------------------


class ImportBatch(StoreTable, table=True):
    """What came into the store at once: a file, a correction of a single value, or (``undoes``) an earlier
    batch taken back. Without a file, ``file_name`` and ``sha256`` are empty."""

    __table_args__ = (Index("ix_importbatch_undoes", "undoes", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    loaded_at: datetime = Field(sa_type=DateTime)
    loaded_by: str
    file_name: str
    sha256: str
    note: str
    demonstration: bool
    undoes: int | None = Field(default=None, foreign_key="importbatch.id")


class BatchChange(StoreTable, table=True):
    """What a batch changed in a table (``part``) beside the observations, in order: the row with this
    ``key`` as it was ``before`` (empty: there was none) and ``after`` (empty: it is gone). Only ever added
    to."""

    batch: int = Field(primary_key=True, foreign_key="importbatch.id")
    position: int = Field(primary_key=True)
    part: str
    key: dict[str, Any] = Field(sa_type=JSON_OR_NULL)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL, nullable=True)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL, nullable=True)


class OpenDataSource(StoreTable, table=True):
    """Open data that a steward has configured: a series of statistics that becomes ``indicator``, or a
    list of projects. ``address``: where it is asked for (https); empty where it comes in saved files only.
    ``choices``: which part of it is taken, and which of its columns is what. ``title`` empty: the source's
    own."""

    __table_args__ = (
        one_of("kind", OPEN_DATA),
        CheckConstraint("address IS NULL OR address LIKE 'http%'", name="address_is_of_the_web"),
        CheckConstraint(
            "(kind IN ('sotkanet', 'pxweb')) = (indicator IS NOT NULL)", name="a_series_is_an_indicator"
        ),
    )
    code: str = Field(primary_key=True)
    kind: str
    address: str | None = None
    indicator: str | None = Field(default=None, foreign_key="indicator.code")
    choices: dict[str, Any] = Field(sa_type=JSON_OR_NULL)
    title: Words | None = words_column(nullable=True)
    publisher: str
    licence: str
    configured_at: datetime = Field(sa_type=DateTime)
    configured_by: str


class ObservationRow(SQLModel):
    """One reported value. A correction is a new row that names the old one in ``supersedes`` and
    says why. ``area`` empty: the value belongs to the project wherever it acts. ``goal`` empty: it
    belongs to all goals of its project. ``period`` is a half-year (``2025h1``) or a year. ``withdrawn``: the
    value that it supersedes counts as never reported, until a later row supersedes this one."""

    id: int | None = Field(default=None, primary_key=True)
    indicator: str = Field(foreign_key="indicator.code")
    project: str | None = Field(default=None, foreign_key="project.code", index=True)
    area: str | None = Field(default=None, foreign_key="area.code")
    goal: str | None = Field(default=None, foreign_key="goal.code")
    period: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    identical_answers: bool = False
    reported_on: date
    batch: int = Field(foreign_key="importbatch.id")
    supersedes: int | None = Field(default=None, foreign_key="observation.id")
    reason: str | None = None
    source: str = Field(foreign_key="source.code")
    withdrawn: bool = False

    @model_validator(mode="after")
    def parts_hold(self) -> "ObservationRow":
        if self.supersedes is not None and not self.reason:
            raise ValueError("a correction says why")
        if self.withdrawn and (self.supersedes is None or self.value is not None):
            raise ValueError("what is withdrawn supersedes a value and has none")
        if self.denominator is not None and self.denominator <= 0:
            raise ValueError("the denominator is not positive")
        if (self.numerator or 0) > (self.denominator or math.inf):
            raise ValueError("the numerator is larger than the denominator")
        if self.n is not None and self.n < 0:
            raise ValueError("n is negative")
        return self


class Observation(ObservationRow, StoreTable, table=True):
    __table_args__ = (
        CheckConstraint("supersedes IS NULL OR reason IS NOT NULL", name="a_correction_says_why"),
        CheckConstraint("n IS NULL OR n >= 0", name="n_is_a_count"),
        CheckConstraint("denominator IS NULL OR denominator > 0", name="denominator_is_positive"),
        CheckConstraint(
            "NOT withdrawn OR (supersedes IS NOT NULL AND value IS NULL)", name="withdrawn_has_no_value"
        ),
        UniqueConstraint("supersedes"),
        Index("ix_observation_indicator_period", "indicator", "period"),
    )


class Target(StoreTable, table=True):
    """A dated row: a number to reach by ``due``, the baseline measured then, or (``committed``) what
    the selected projects have promised. ``area`` empty: the whole country; ``goal`` empty: the
    programme as a whole. A moved target is a new row that names the old one; one that is ``withdrawn`` says
    that there is none any more."""

    __table_args__ = (
        one_of("kind", TARGET_KINDS),
        UniqueConstraint("supersedes"),
    )
    id: int | None = Field(default=None, primary_key=True)
    indicator: str = Field(foreign_key="indicator.code")
    goal: str | None = Field(default=None, foreign_key="goal.code")
    area: str | None = Field(default=None, foreign_key="area.code")
    kind: str
    value: float
    due: date
    set_on: date
    set_by: Words = words_column()
    reason: Words = words_column()
    supersedes: int | None = Field(default=None, foreign_key="target.id")
    source: str = Field(foreign_key="source.code")
    withdrawn: bool = False


class Release(StoreTable, table=True):
    """A numbered set of figures: *draft* (the working release, built anew as rounds are loaded) →
    *published* → *superseded*, or *withdrawn* with a reason. From *published* on, triggers refuse every
    change but those of state, and of an embargo while it lasts. ``as_of`` is the last day that it knows,
    ``observations`` the id of the newest observation it was made from, ``method`` the fingerprint of the
    rules in code. ``audit`` says whether what is hidden can be found; ``protection`` what was hidden, and
    what it cost. Readers do not see a published release before ``embargo_until`` (UTC)."""

    __table_args__ = (
        one_of("state", RELEASE_STATES),
        one_of("audit", AUDITS),
        CheckConstraint("state <> 'published' OR audit <> 'failed'", name="published_passed_audit"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_reason IS NOT NULL", name="withdrawn_says_why"),
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str
    as_of: date
    built_at: datetime = Field(sa_type=DateTime)
    built_by: str | None = None
    embargo_until: datetime | None = Field(default=None, sa_type=DateTime)
    published_at: datetime | None = Field(default=None, sa_type=DateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=DateTime)
    withdrawn_reason: str | None = None
    note: Words = words_column()
    figures: int
    content_hash: str
    demonstration: bool
    observations: int
    method: str
    audit: str
    protection: dict[str, Any] = Field(sa_type=JSON_OR_NULL)


class ReleaseBasis(StoreTable, table=True):
    """What a release was made from beside the observations, one row per table (``part``): it explains
    later what changed. Frozen with its release."""

    release: int = Field(primary_key=True, foreign_key="release.number")
    part: str = Field(primary_key=True)
    rows: dict[str, Any] = Field(sa_type=JSON_OR_NULL)


class Figure(StoreTable, table=True):
    """One number that the dashboard may show, with everything needed to trust it.

    ``goal`` is ``all`` for the programme as a whole. ``detail`` holds the steps of a reconciliation
    (``partnerships``, ``distinct``, ``supported``, ``eligible`` …). ``hidden`` marks a figure that
    the official audience must not get: reads mask it in the database query itself. ``committed`` is
    what selected projects promise, ``gap`` how many organisations or people are missing from
    ``expected_now`` (negative: ahead), ``trend_reason`` why there is no ``trend``."""

    __table_args__ = (
        one_of("state", FIGURE_STATES),
        one_of("trend", TRENDS),
        UniqueConstraint("release", "indicator", "scheme", "period", "goal", "area"),
    )
    id: int | None = Field(default=None, primary_key=True)
    release: int = Field(foreign_key="release.number")
    indicator: str = Field(foreign_key="indicator.code")
    scheme: str
    area: str = Field(foreign_key="area.code")
    period: str
    goal: str
    state: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    hidden: bool = False
    reported: int | None = None
    expected: int | None = None
    newest: date | None = None
    baseline: float | None = None
    baseline_due: date | None = None
    milestone: float | None = None
    milestone_due: date | None = None
    target: float | None = None
    target_due: date | None = None
    committed: float | None = None
    expected_now: float | None = None
    share_of_path: float | None = None
    gap: float | None = None
    status: str | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    verdict: str | None = None
    trend: str | None = None
    trend_reason: str | None = None
    detail: dict[str, Any] | None = Field(default=None, sa_type=JSON_OR_NULL, nullable=True)
    demonstration: bool
    sources: list[str] = Field(sa_type=JSON_OR_NULL)


# --- people who use it, and what they did --------------------------------------------------------


class Account(StoreTable, table=True):
    """A person who may sign in. ``area`` is the own area of a regional account. ``password_hash`` is
    empty until the person has chosen a password. ``failures`` and ``locked_until`` are the lock-out:
    here, so that it survives a restart."""

    __table_args__ = (one_of("role", ACCOUNT_ROLES),)
    name: str = Field(primary_key=True)
    display_name: str
    role: str
    area: str | None = Field(default=None, foreign_key="area.code")
    password_hash: str
    active: bool
    demonstration: bool
    failures: int
    locked_until: datetime | None = Field(default=None, sa_type=DateTime)
    created_at: datetime = Field(sa_type=DateTime)


class LinkedSubject(StoreTable, table=True):
    """What the provider of the second door (``issuer``) calls the person of an account: an administrator has
    linked them."""

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    account: str = Field(foreign_key="account.name", unique=True)


class SignIn(StoreTable, table=True):
    """One sign-in of an account in one browser. Only the keyed hash of its token is kept; it is empty
    until the browser has fetched its cookie. ``ended_why`` says who or what ended it before its time."""

    __table_args__ = (one_of("ended_why", ENDS_OF_SIGN_INS),)
    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(foreign_key="account.name", index=True)
    token_hash: str | None = Field(default=None, unique=True)
    began_at: datetime = Field(sa_type=DateTime)
    seen_at: datetime = Field(sa_type=DateTime)
    expires_at: datetime = Field(sa_type=DateTime)
    idle_minutes: float
    browser: str
    ended_at: datetime | None = Field(default=None, sa_type=DateTime)
    ended_why: str | None = None


class OneTimeCode(StoreTable, table=True):
    """A code that opens one thing once: the cookie of a sign-in, or an account's first or next password.
    Only its keyed hash is kept."""

    __table_args__ = (one_of("purpose", PURPOSES_OF_CODES),)
    code_hash: str = Field(primary_key=True)
    purpose: str
    account: str = Field(foreign_key="account.name", index=True)
    sign_in: int | None = Field(default=None, foreign_key="signin.id")
    expires_at: datetime = Field(sa_type=DateTime)
    used_at: datetime | None = Field(default=None, sa_type=DateTime)


class AddressFailures(StoreTable, table=True):
    """Failed sign-ins from one network address since ``began_at``; of the address a keyed hash is kept."""

    address_hash: str = Field(primary_key=True)
    began_at: datetime = Field(sa_type=DateTime)
    failures: int


class AuditEvent(StoreTable, table=True):
    """Who did what, when. Triggers refuse to change or remove a row; each row carries the hash of
    the one before it."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=DateTime)
    actor: str
    action: str
    subject: str
    detail: dict[str, Any] = Field(sa_type=JSON_OR_NULL)
    previous_hash: str
    hash: str


class StoreState(StoreTable, table=True):
    """What ``init`` put here; written last, in the same transaction as everything else."""

    code: str = Field(primary_key=True)
    value: str
