"""Every figure of a release, from what the store holds: measured, then judged and compared.

Between the two stands protection, which looks at all figures together (``disclosure``)."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data_access.measures import aggregation, comparison, progress, registers, schemes, states, trends
from data_access.measures.aggregation import Cells
from data_access.measures.periods import TO_DATE, Span, first_day, span, spans
from data_access.measures.placement import Placement

KEY = ["scheme", "period", "indicator", "goal", "area"]
PARTS = ["value", "numerator", "denominator", "low", "high"]
EXTREMES = ["low_value", "high_value", "newest"]
JUDGED = ["expected_now", "share_of_path"]
Observations = Callable[[str], pd.DataFrame]


class Basis(NamedTuple):
    """All that figures are made from beside the observations, which are read one indicator at a time.

    Frames: ``indicators`` (indicator, programme, aggregation, time_kind, frequency, attribution,
    direction, person_data, unit, scale_low, scale_high), ``goals`` (goal, programme), ``projects``
    (programme and what ``registers`` asks), ``partnerships``, ``project_areas``, ``project_goals``,
    ``areas``, ``memberships``, ``breaks`` (indicator, period: the first that means something else),
    ``targets`` in force, ``rules`` (code, value). ``as_of``: the last day that is known."""

    indicators: pd.DataFrame
    goals: pd.DataFrame
    projects: pd.DataFrame
    project_areas: pd.DataFrame
    project_goals: pd.DataFrame
    partnerships: pd.DataFrame
    areas: pd.DataFrame
    memberships: pd.DataFrame
    breaks: pd.DataFrame
    targets: pd.DataFrame
    rules: pd.DataFrame
    as_of: date

    @property
    def thresholds(self) -> dict[str, float]:
        return dict(zip(self.rules["code"], self.rules["value"].astype("float64"), strict=True))


def measured(
    basis: Basis, observations: Observations, tell: Callable[[str], None] = lambda _: None
) -> pd.DataFrame:
    """Values, parts, intervals, evidence and states of every figure, in the order of ``KEY``, with what
    later steps ask for: columns of ``basis.indicators``, ``identical_answers``.

    ``observations`` gives the current observations of an indicator (columns: ``aggregation``); ``tell``
    hears what is being done. Raises ValueError where there is neither a project nor a report."""
    sources: dict[str, int] = {}
    frames = []
    for programme in sorted(basis.indicators["programme"].dropna().unique()):
        mine = of_programme(basis, programme)
        cells = list(programme_cells(mine, observations, sources, tell))
        if cells:
            frames.append(with_values(joined(cells), mine, sources))
    if not frames:
        raise ValueError("the store holds no project and no report: there is nothing to make figures from")
    return pd.concat(frames, ignore_index=True).sort_values(KEY, ignore_index=True)


def finished(found: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """The measured figures, of which it is known what is ``hidden``, with status, gap, rank bands,
    verdicts and trends."""
    rules = basis.thresholds
    found = progress.judged(found, basis.targets, rules, basis.as_of)
    found = comparison.compared(found, rules)
    found = trends.with_trends(found, rules, breaks_of(found, basis))
    return found.assign(**{name: aggregation.rounded(found[name].astype("float64")) for name in JUDGED})


def of_programme(basis: Basis, programme: str) -> Basis:
    """The part of the basis that belongs to one programme."""
    mine = {
        name: getattr(basis, name)[getattr(basis, name)["programme"] == programme].reset_index(drop=True)
        for name in ("indicators", "goals", "projects")
    }
    codes = mine["projects"]["project"]
    for name in ("project_areas", "project_goals", "partnerships"):
        rows = getattr(basis, name)
        mine[name] = rows[rows["project"].isin(codes)].reset_index(drop=True)
    return basis._replace(**mine)


def programme_cells(
    basis: Basis, observations: Observations, sources: dict[str, int], tell: Callable[[str], None]
) -> Iterator[Cells]:
    """The sums of every indicator and period, as columns over the goals and areas that exist then.
    ``sources`` gets a bit for every source that is met."""
    placement = Placement(
        basis.areas,
        basis.memberships,
        basis.projects,
        basis.project_areas,
        basis.project_goals,
        basis.goals["goal"].tolist(),
    )
    evidence: dict[str, Cells] = {}
    counted: dict[tuple[Any, str], Cells] = {}
    indicators: Any = basis.indicators.itertuples(index=False)
    for indicator in indicators:
        tell(str(indicator.indicator))
        register = indicator.aggregation in registers.COUNTED
        rows = None
        if not register:
            rows = aggregation.weighed(observations(str(indicator.indicator)), indicator, placement)
        for asked in asked_spans(basis, indicator, rows):
            last = min(asked.last, basis.as_of)
            if asked.code not in evidence:
                waiting = registers.awaited(
                    basis.projects, asked.first, asked.last, to_date=asked.code == TO_DATE
                )
                evidence[asked.code] = {"waiting": waiting} | registers.expected_reports(
                    placement, waiting, asked.last
                )
            if rows is None:
                count, step = registers.COUNTED[indicator.aggregation]
                if (count, asked.code) not in counted:
                    counted[count, asked.code] = count(
                        basis.projects, basis.partnerships, placement, last, asked.last
                    )
                cells = counted[count, asked.code]
                cells = cells | {
                    "value": cells[step],
                    "n": cells[registers.STEPS[count][0]],
                    "count": 1,
                    "asked": 1,
                }
            else:
                cells = aggregation.observed(
                    rows,
                    indicator,
                    asked,
                    placement,
                    evidence[asked.code]["waiting"],
                    registers.left_by(basis.projects, last),
                )
            due_on = asked.last + timedelta(days=basis.thresholds["report_due_days"])
            yield in_columns(
                cells | {name: evidence[asked.code][name] for name in ("expected", "touched")},
                placement,
                asked,
                yearly=indicator.frequency == "year",
                sources=sources,
                indicator=indicator.indicator,
                due=asked.code == TO_DATE or due_on <= basis.as_of,
            )


def asked_spans(basis: Basis, indicator: Any, rows: aggregation.Rows | None) -> list[Span]:
    """The periods that an indicator has figures for: the years of a yearly series that any report tells
    of; else half-years, years and to date from the first report or project on."""
    if rows is None:
        started = basis.projects[registers.started_by(basis.projects, basis.as_of)]["starts"]
        first = min(started, default=None)
    elif len(rows["began"]):
        first = date.fromordinal(date(1970, 1, 1).toordinal() + int(rows["began"].min()))
    else:
        first = None
    if first is None:
        return []
    if rows is not None and indicator.frequency == "year":
        ends = {date.fromordinal(date(1970, 1, 1).toordinal() + int(day)) for day in rows["ended"]}
        years = sorted({str(day.year) for day in ends})
        return [*map(span, years), Span(TO_DATE, first_day(years[0]), basis.as_of)]
    return spans(first, basis.as_of)


def in_columns(
    cells: Cells, placement: Placement, asked: Span, *, yearly: bool, sources: dict[str, int], **said: Any
) -> Cells:
    """Arrays goal × area as columns with one row per goal and area that exists in the period."""
    there, _, _ = placement.on(asked.last)
    goals = placement.goals[:1] if yearly else placement.goals
    shape = (len(goals), len(placement.areas))
    bits = np.zeros(shape, dtype=np.int64)
    for source, where in cells["sources"].items():
        bits |= where[: shape[0]].astype(np.int64) << sources.setdefault(source, len(sources))
    at = np.flatnonzero(np.tile(there, len(goals)))

    def flat(values: Any) -> np.ndarray:
        return np.broadcast_to(values, shape).reshape(-1)[at]

    columns = {
        name: flat(values[: shape[0]] if isinstance(values, np.ndarray) else values)
        for name, values in cells.items()
        if name != "sources"
    }
    return columns | {
        "goal": flat(np.array(goals, dtype=object)[:, None]),
        "area": flat(np.array(placement.areas, dtype=object)),
        "scheme": flat(placement.schemes),
        "outside": flat(placement.outside),
        "sources": flat(bits),
        "period": np.full(len(at), asked.code, dtype=object),
        **{
            name: np.full(len(at), value, dtype=object if isinstance(value, str) else None)
            for name, value in said.items()
        },
    }


def joined(cells: list[Cells]) -> pd.DataFrame:
    """Columns of many indicators and periods as one frame; what one does not have is empty."""
    names = dict.fromkeys(name for each in cells for name in each)
    pairs = [(each, np.full(len(each["area"]), np.nan)) for each in cells]
    columns = {name: [each.get(name, empty) for each, empty in pairs] for name in names}
    return pd.DataFrame({name: np.concatenate(parts) for name, parts in columns.items()})


def with_values(cells: pd.DataFrame, basis: Basis, sources: dict[str, int]) -> pd.DataFrame:
    """Sums of one programme as figures: value, interval, state, detail, newest, sources."""
    steps = list(dict.fromkeys(step for names in registers.STEPS.values() for step in names))
    steps += [column for column in cells.columns if column.startswith(registers.TYPE)]
    cells = cells.reindex(
        columns=[*dict.fromkeys([*cells.columns, *aggregation.SUMS, *steps, *EXTREMES, "reported"])]
    )
    cells = cells.merge(basis.indicators, how="left", on="indicator")
    cells["register"] = cells["aggregation"].isin(registers.COUNTED)
    cells["yearly"] = cells["frequency"] == "year"
    cells["due"] = cells["due"].astype(bool)
    names = {bits: names_of(bits, sources) for bits in cells["sources"].unique()}
    found = aggregation.values(cells, confidence=basis.thresholds["confidence"])
    found["sources"] = found["sources"].map(names)
    newest = found["newest"].where(found["newest"] > aggregation.NO_DAY)
    found["newest"] = pd.to_datetime(newest, unit="D").dt.date.astype(object).where(newest.notna(), None)
    begun = basis.projects[basis.projects["state"] != "planned"]
    found = states.with_states(
        found,
        regional_known=bool((~begun["national"].astype(bool)).any()),
        marked=bool(begun["demonstration"].any()),
    )
    found["sources"] = [
        [] if partly else codes for codes, partly in zip(found["sources"], found["partly"], strict=True)
    ]
    found["detail"] = details(found)
    found[PARTS] = found[PARTS].apply(aggregation.rounded)
    return found.drop(
        columns=[*steps, *{*aggregation.SUMS} - {*PARTS, "n"}, "partly", "touched", "high_value", "low_value"]
    )


def names_of(bits: int, sources: dict[str, int]) -> list[str]:
    return sorted(source for source, bit in sources.items() if bits >> bit & 1)


def details(found: pd.DataFrame) -> pd.Series:
    """The steps of the reconciliation where a register gives a value; for organisations also ``types``:
    how many are of each type that there is."""
    detail = pd.Series(None, index=found.index, dtype=object)
    types = [column for column in found.columns if column.startswith(registers.TYPE)]
    for aggregation_of, (count, _) in registers.COUNTED.items():
        known = found["state"].isin(["value", "zero"]) & (found["aggregation"] == aggregation_of)
        steps = found.loc[known, registers.STEPS[count]].astype("int64").to_dict("records")
        if count is registers.organisations:
            counts = (
                found.loc[known, types]
                .astype("int64")
                .rename(columns=lambda name: name[len(registers.TYPE) :])
            )
            for step, row in zip(steps, counts.to_dict("records"), strict=True):
                step["types"] = {code: n for code, n in row.items() if n}
        detail[known] = pd.Series(steps, index=found.index[known], dtype=object)
    return detail


def breaks_of(found: pd.DataFrame, basis: Basis) -> dict[tuple[str, str], list[date]]:
    """(indicator, area) → the first days on which its series means something else: the indicator was
    changed, or the area's members were."""
    changed = schemes.changed_days(basis.memberships)
    of_indicator = basis.breaks.groupby("indicator")["period"].agg(list)
    days = {code: [first_day(period) for period in periods] for code, periods in of_indicator.items()}
    pairs = found[["indicator", "area"]].drop_duplicates().itertuples(index=False)
    both = {(code, area): sorted(days.get(code, []) + changed.get(area, [])) for code, area in pairs}
    return {pair: found_days for pair, found_days in both.items() if found_days}
