"""Observations → figures → protected → frozen.

A release is built in one transaction and never changed afterwards: the same store gives the same
figures and the same hash. Pages, exports and the command line read its rows and nothing else.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import orjson
import pandas as pd
from sqlmodel import Session, func, select

from data_access import holdings
from data_access.measures import aggregation, comparison, disclosure, periods, progress, schemes
from data_access.measures.aggregation import ALL, DISTINCT, Reports, Span
from data_access.models import Figure, Release

KEY = ["scheme", "period", "indicator", "goal", "area"]
NOTHING = ("not_reported", "not_yet_due", "not_applicable", "not_in_programme", "cannot_be_expressed")
WHOLE_NUMBERS = ("n", "reported", "expected", "rank_low", "rank_high")
REGISTERS = {
    "distinct_organisations": ("distinct", aggregation.organisations),
    "distinct_organisations_eligible": ("eligible", aggregation.organisations),
    "distinct_projects": ("projects", aggregation.projects_to_date),
}
COLUMNS = [name for name in Figure.model_fields if name not in ("id", "release")]


def build(session: Session, *, note: dict[str, str], tell: Callable[[str], None] = lambda _: None) -> Release:
    """Build the next release from all that the store holds, and write it as a draft.

    ``as_of`` is the day of the newest import batch: the last day that the store knows. ``tell``
    hears what is being done."""
    as_of = holdings.newest_day(session)
    frames = []
    for programme in holdings.programmes_with_indicators(session):
        tell(f"{programme}: aggregating")
        reports = holdings.reports(session, programme)
        frames.append(figures(reports, holdings.targets(session, as_of), holdings.rules(session), as_of))
    frame = pd.concat(frames, ignore_index=True).sort_values(KEY, ignore_index=True)
    number = (session.exec(select(func.max(Release.number))).one() or 0) + 1
    release = Release(
        number=number,
        state="draft",
        as_of=as_of,
        built_at=datetime.now(UTC).replace(tzinfo=None),
        note=note,
        figures=len(frame),
        content_hash="",
        demonstration=bool(frame["demonstration"].any()),
    )
    session.add(release)
    session.flush()
    tell(f"writing {len(frame)} figures")
    rows = rows_of(frame.assign(release=number))
    session.connection().execute(Figure.__table__.insert(), rows)
    release.content_hash = stored_hash(session, number)
    session.add(release)
    return release


def publish(session: Session, number: int) -> Release:
    """A draft becomes the published release; the one before it is *superseded*."""
    release = session.get_one(Release, number)
    if release.state != "draft":
        raise ValueError(f"release {number} is {release.state}: only a draft can be published")
    for older in session.exec(select(Release).where(Release.state == "published")):
        older.state = "superseded"
        session.add(older)
    release.state = "published"
    release.published_at = datetime.now(UTC).replace(tzinfo=None)
    session.add(release)
    return release


def figures(reports: Reports, targets: pd.DataFrame, rules: dict[str, float], as_of: date) -> pd.DataFrame:
    """Every figure of one programme, with the columns of the table ``figure``."""
    weighed = reports._replace(observations=aggregation.weighed(reports.observations, reports.indicators))
    places: dict[int, pd.DataFrame] = {}
    cells = []
    for span in spans(weighed, as_of):
        regime = schemes.regime(weighed.areas, weighed.memberships, span.last)
        if regime not in places:
            places[regime] = aggregation.placed(weighed, span.last)
        cells.append(one_period(weighed, places[regime], span, rules, as_of))
    if not cells:
        return pd.DataFrame(columns=COLUMNS)
    found = pd.concat([each for each in cells if len(each)], ignore_index=True)
    found = found.merge(reports.indicators[["indicator", "person_data", "direction", "aggregation"]])
    found["hidden"] = disclosure.small_counts(
        found, low=int(rules["protect_low"]), high=int(rules["protect_high"])
    )
    found = compared(judged(found, targets, rules, as_of), rules)
    found["sources"] = found["sources"].map(lambda joined: joined.split("|") if joined else [])
    return found[COLUMNS]


def spans(reports: Reports, as_of: date) -> list[Span]:
    """The periods to publish: half-years from the first project or report to the running one, the
    years they make, the years of yearly series, and to date."""
    yearly = reports.indicators.loc[reports.indicators["frequency"] == "year", "indicator"]
    series = reports.observations[reports.observations["indicator"].isin(yearly)]["period"]
    begun = [*reports.projects["starts"]]
    halves = periods.half_years(min(begun), as_of) if begun else []
    years = sorted({code[:4] for code in halves} | set(series))
    codes = [Span(code, periods.first_day(code), periods.last_day(code)) for code in [*halves, *years]]
    first = min([span.first for span in codes], default=as_of)
    return [*codes, Span(periods.TO_DATE, first, as_of)]


def asked_indicators(reports: Reports, span: Span) -> pd.DataFrame:
    """The indicators that have figures for a period: yearly series in years, the others from their
    first report on (registers from the first project on)."""
    rows = reports.indicators
    yearly = rows["frequency"] == "year"
    if len(span.code) == 4:
        with_year = reports.observations.loc[reports.observations["period"] == span.code, "indicator"]
        begun = yearly & rows["indicator"].isin(with_year)
    else:
        begun = yearly & (span.code == periods.TO_DATE)
    firsts = reports.observations.groupby("indicator")["began"].min().reindex(rows["indicator"]).to_numpy()
    reported = firsts <= np.datetime64(span.last)
    registers = rows["aggregation"].isin(DISTINCT).to_numpy()
    started = any(start <= span.last for start in reports.projects["starts"])
    return rows[begun | (~yearly & (reported | (registers & started)))]


def one_period(
    reports: Reports, places: pd.DataFrame, span: Span, rules: dict[str, float], as_of: date
) -> pd.DataFrame:
    """All cells of one period, in every scheme: value, parts, interval, evidence and state."""
    indicators = asked_indicators(reports, span)
    areas = aggregation.all_areas_on(reports, span.last)
    goals = [ALL, *sorted(reports.goals)]
    grid = pd.MultiIndex.from_product([indicators["indicator"], goals, areas], names=aggregation.CELL)
    registers = indicators["aggregation"].isin(DISTINCT)
    parts = [
        observed(reports, indicators[~registers], places, span, rules),
        *registered(reports, indicators[registers], places, span),
    ]
    parts = [part.reset_index() for part in parts if len(part)]
    cells = grid.to_frame(index=False)
    if parts:
        cells = cells.merge(pd.concat(parts, ignore_index=True), how="left", on=aggregation.CELL)
    expected = aggregation.expected_reports(reports, places, span).reset_index()
    cells = cells.merge(expected, how="left", on=["goal", "area"])
    yearly = set(indicators.loc[indicators["frequency"] == "year", "indicator"])
    cells = cells[~cells["indicator"].isin(yearly) | (cells["goal"] == ALL)]
    outside = set(reports.areas.loc[~reports.areas["in_programme"], "area"])
    due = span.last + timedelta(days=rules["report_due_days"]) <= as_of and span.code != periods.TO_DATE
    return with_states(
        complete(cells),
        registers=set(indicators.loc[registers, "indicator"]),
        yearly=yearly,
        outside=outside,
        due=due or span.code == periods.TO_DATE,
        regional_known=bool((~reports.projects["national"]).any()),
        marked=bool(reports.projects["demonstration"].any()),
    ).assign(scheme=cells["area"].map(reports.areas.set_index("area")["scheme"]), period=span.code)


def observed(
    reports: Reports, indicators: pd.DataFrame, places: pd.DataFrame, span: Span, rules: dict[str, float]
) -> pd.DataFrame:
    """Cells of indicators that are reported, by indicator, goal and area."""
    mine = reports.observations[reports.observations["indicator"].isin(indicators["indicator"])]
    chosen = aggregation.counted(mine, indicators, span)
    if chosen.empty:
        return pd.DataFrame()
    rows = aggregation.with_goals(chosen, reports.project_goals)
    sums = aggregation.summed(rows, places)
    cells = aggregation.means_and_sums(sums, indicators, confidence=rules["confidence"])
    return cells.set_index(aggregation.CELL)


def registered(
    reports: Reports, indicators: pd.DataFrame, places: pd.DataFrame, span: Span
) -> Iterator[pd.DataFrame]:
    """Cells of indicators that are counted from the registers of projects and partnerships."""
    tables: dict[str, pd.DataFrame] = {}
    for indicator, kind in indicators[["indicator", "aggregation"]].itertuples(index=False):
        column, count = REGISTERS[kind]
        if count.__name__ not in tables:
            tables[count.__name__] = count(reports, places, span)
        cells = tables[count.__name__]
        steps = [step for step in cells.columns if step not in ("partly", "sources", "demonstration")]
        known = cells[column].notna()
        details = cells.loc[known, steps].astype(int).to_dict("records")
        yield (
            cells.assign(
                indicator=indicator,
                value=cells[column].astype("float64"),
            n=cells["partnerships" if "partnerships" in cells else column].astype("float64"),
                detail=pd.Series(details, index=cells.index[known], dtype=object),
            )[["indicator", "partly", "value", "n", "detail", "sources", "demonstration"]]
            .reset_index()
            .set_index(aggregation.CELL)
        )


def complete(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with every column that later steps ask for."""
    cells = cells.reindex(columns=[*cells.columns.union(COLUMNS, sort=False), "identical_answers", "partly"])
    cells = cells.loc[:, ~cells.columns.duplicated()]
    for column in ("partly", "identical_answers"):
        cells[column] = cells[column].eq(True)
    return cells


def with_states(
    cells: pd.DataFrame,
    *,
    registers: set[str],
    yearly: set[str],
    outside: set[str],
    due: bool,
    regional_known: bool,
    marked: bool,
) -> pd.DataFrame:
    """Which kind of value or of nothing each cell is (``state``), and no number where it is nothing.

    An area without any project has no reports to wait for (*not applicable*) but its registers
    say zero, as soon as any regional project is known at all."""
    register = cells["indicator"].isin(registers)
    untouched = register & cells["value"].isna() & ~cells["partly"] & regional_known
    cells.loc[untouched & ~cells["area"].isin(outside), "value"] = 0.0
    known = cells["value"].notna()
    cells["state"] = np.select(
        [
            cells["area"].isin(outside),
            cells["partly"],
            known & (cells["value"] == 0),
            known,
            cells["indicator"].isin(yearly) | register,
            cells["touched"].isna(),
            np.full(len(cells), not due),
        ],
        [
            "not_in_programme",
            "cannot_be_expressed",
            "zero",
            "value",
            "not_reported",
            "not_applicable",
            "not_yet_due",
        ],
        "not_reported",
    )
    nothing = cells["state"].isin(NOTHING)
    parts = ["value", "numerator", "denominator", "n", "low", "high", "newest", "detail"]
    cells.loc[nothing, parts] = None
    reporting = ~register & ~cells["indicator"].isin(yearly) & ~cells["area"].isin(outside)
    cells["expected"] = cells["expected"].fillna(0).where(reporting)
    cells["reported"] = cells["reported"].fillna(0).where(reporting)
    bare = cells["demonstration"].isna()
    cells["demonstration"] = cells["demonstration"].eq(True) | (
        bare & marked & ~cells["indicator"].isin(yearly)
    )
    cells["sources"] = cells["sources"].where(cells["sources"].notna() & ~cells["partly"], "")
    return cells


def judged(found: pd.DataFrame, targets: pd.DataFrame, rules: dict[str, float], as_of: date) -> pd.DataFrame:
    """Adds the way to the target (``baseline … share_of_path``) and the status, or evidence's veto."""
    paths = {
        key: rows.set_index("kind")[["due", "value"]]
        for key, rows in targets.groupby(["indicator", "goal", "area"])
    }
    judgements = []
    for row in found[["indicator", "goal", "area", "period", "value"]].itertuples(index=False):
        path = paths.get((row.indicator, row.goal, row.area))
        judgements.append(judgement(row.value, row.period, path, rules, as_of))
    found = found.drop(columns=[*JUDGED]).join(pd.DataFrame(judgements, columns=JUDGED, index=found.index))
    enough = progress.evidence_is_enough(found, as_of, rules)
    vetoed = ~enough & ~found["status"].isin(["no_target"])
    found["status"] = found["status"].mask(vetoed, "not_enough_evidence")
    return found


JUDGED = [
    "baseline",
    "baseline_due",
    "milestone",
    "milestone_due",
    "target",
    "target_due",
    "expected_now",
    "share_of_path",
    "status",
]


def judgement(
    value: float, period: str, path: pd.DataFrame | None, rules: dict[str, float], as_of: date
) -> tuple:
    """One row of ``JUDGED`` for a value in a period, from the target rows ``path`` by kind."""
    if path is None or "target" not in path.index or "baseline" not in path.index:
        return (None,) * 8 + ("no_target",)
    at = as_of if period == periods.TO_DATE else periods.last_day(period)
    steps = [(due, number) for due, number in path.itertuples(index=False)]
    expected = progress.path_on(at, steps)
    known = None if pd.isna(value) else float(value)
    baseline, target = path.loc["baseline", "value"], path.loc["target", "value"]
    share = None if known is None or expected is None else progress.share_of_path(known, baseline, expected)
    milestone = path.loc["milestone"] if "milestone" in path.index else None
    return (
        baseline,
        path.loc["baseline", "due"],
        None if milestone is None else milestone["value"],
        None if milestone is None else milestone["due"],
        target,
        path.loc["target", "due"],
        expected,
        share,
        progress.status(
            known,
            share,
            target,
            baseline,
            on_course=rules["status_on_course"],
            behind=rules["status_behind"],
        ),
    )


def compared(found: pd.DataFrame, rules: dict[str, float]) -> pd.DataFrame:
    """Adds rank bands and verdicts for means, among the areas of one scheme that may be shown."""
    found = found.drop(columns=["rank_low", "rank_high", "verdict"])
    group = ["indicator", "period", "goal"]
    country = found[found["scheme"] == "country"].set_index(group)[["value", "low", "high"]]
    means = found[
        (found["aggregation"] == "mean_weighted_by_n")
        & (found["scheme"] != "country")
        & found["low"].notna()
        & ~found["hidden"]
    ]
    if means.empty:
        return found.assign(rank_low=None, rank_high=None, verdict=None)
    bands = [
        comparison.rank_bands(
            rows,
            direction=rows["direction"].iloc[0],
            draws=int(rules["band_draws"]),
            confidence=rules["confidence"],
            seed=1,
        )
        for _, rows in means.groupby(["scheme", *group])
    ]
    verdicts = comparison.verdict(
        means, means[group].join(country, on=group), confidence=rules["confidence"]
    )
    return found.join(pd.concat(bands)).join(verdicts.rename("verdict"))


def rows_of(frame: pd.DataFrame) -> list[dict]:
    """The frame as rows of the table: no NaN, whole numbers as such."""
    clean = frame.copy()
    for column in WHOLE_NUMBERS:
        clean[column] = clean[column].astype("Int64")
    clean = clean.astype(object).where(clean.notna(), None)
    return clean.to_dict("records")


def stored_hash(session: Session, number: int) -> str:
    """SHA-256 of a release's figures as they stand in the store, in a fixed order. The same figures
    give the same hash in both databases: they are written in the order of ``KEY``."""
    table = Figure.__table__.c
    query = select(*[table[name] for name in COLUMNS]).where(table.release == number).order_by(table.id)
    digest = hashlib.sha256()
    for row in session.connection().execute(query):
        digest.update(orjson.dumps(tuple(row), option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()
