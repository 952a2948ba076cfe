"""What a file would do to the figures, found out by loading it into a copy of the store. The store itself is
only read, so that nobody waits."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pandas as pd
from sqlmodel import Session, col, select

from data_access import holdings, release_figures
from data_access.clock import now
from data_access.intake.checked import Checked
from data_access.intake.loading import loaded
from data_access.measures.figures import measured
from data_access.measures.periods import TO_DATE
from data_access.measures.placement import ALL
from data_access.measures.registers import COUNTED
from data_access.models import (
    Account,
    AddressFailures,
    AuditEvent,
    BoundarySet,
    Figure,
    Goal,
    OneTimeCode,
    Release,
    ReleaseBasis,
    SignIn,
)
from data_access.scope import Scope
from data_access.store import copied, reading

FIGURE = ["programme", "indicator", "goal", "period"]
COUNTRY = "country"
PROTECTION = ("published", "primary", "complementary", "withheld")
LEFT_OUT = (Figure, Release, ReleaseBasis, BoundarySet)
"""Large, and asked for by no import."""
LEFT_OUT += (Account, SignIn, OneTimeCode, AddressFailures, AuditEvent)
"""People and what they did are nobody's to copy."""


class Tried(NamedTuple):
    """The store as it is, and a copy that a file has been loaded into."""

    store: Session
    copy: Session


@contextmanager
def tried(checked: Checked, **said: Any) -> Generator[Tried]:
    """Both sessions, for as long as the block lasts. Raises ``Refused``."""
    with reading() as session, copied(session, without=LEFT_OUT) as copy:
        loaded(copy, checked, actor="preview", note="preview", accepted=True, **said)
        yield Tried(session, copy)


def effect(checked: Checked, *, actor: Scope, **said: Any) -> pd.DataFrame:
    """The country's headline figures before and after a file, as both would be known today: programme,
    indicator, goal, period, unit, ``before``, ``after`` (none: no value), ``state_before``,
    ``state_after``. They are organisations, projects, people and euros of each programme to date, and each
    goal's lead indicator in its newest half-year with a value. ``said``: as of ``loading.load``.

    Takes seconds. Nothing is protected here: for stewards only. Raises ``Refused``."""
    actor.must("load_data")
    with tried(checked, **said) as (store, copy):
        first, last = headline(store), headline(copy)
    found = pd.concat([first.add_suffix("_before"), last.add_suffix("_after")], axis=1).sort_index()
    found = found.rename(columns={"value_before": "before", "value_after": "after"}).reset_index()
    found["unit"] = found.pop("unit_after").fillna(found.pop("unit_before"))
    return newest_leads(found)[[*FIGURE, "unit", "before", "after", "state_before", "state_after"]]


def headline(session: Session) -> pd.DataFrame:
    """value, state and unit by ``FIGURE`` of what ``effect`` may show, measured anew; nothing where there
    is nothing to measure."""
    basis = holdings.basis(session, now().date())
    of_goals = dict(session.exec(select(Goal.code, Goal.lead_indicator)).all())
    about = basis.indicators
    counted = about["aggregation"].isin(COUNTED) | about["unit"].isin(["eur", "people"])
    basis = basis._replace(indicators=about[counted | about["indicator"].isin(of_goals.values())])
    observations = holdings.current_observations(session, holdings.highest_observation(session))
    try:
        found = measured(basis, observations)
    except ValueError:
        return pd.DataFrame(columns=[*FIGURE, "value", "state", "unit"]).set_index(FIGURE)
    found = found[found["scheme"] == COUNTRY]
    found = found.assign(programme=found["indicator"].map(about.set_index("indicator")["programme"]))
    whole = (
        (found["goal"] == ALL) & (found["period"] == TO_DATE) & ~found["indicator"].isin(of_goals.values())
    )
    lead = (found["indicator"] == found["goal"].map(of_goals)) & found["period"].str.contains("h")
    return found[whole | lead].set_index(FIGURE)[["value", "state", "unit"]]


def newest_leads(found: pd.DataFrame) -> pd.DataFrame:
    """Of each goal's half-years only the newest that has a value before or after."""
    halves = found["goal"] != ALL
    told = found[halves & (found["before"].notna() | found["after"].notna())]
    newest = told.sort_values("period").drop_duplicates(["programme", "indicator", "goal"], keep="last")
    return pd.concat([found[~halves], newest]).sort_values(
        ["programme", "goal", "indicator"], ignore_index=True
    )


def protection(
    checked: Checked, *, actor: Scope, tell: Callable[[str], None] = lambda _: None, **said: Any
) -> pd.DataFrame:
    """What protection would hide after a file, against the newest release: a row for each of ``PROTECTION``
    (``measures.disclosure``: figures about people that are published, protected themselves, protected beside
    them, and not published at all) with ``before`` (none without a release) and ``after``; and whether the
    ``audit`` would then pass.

    A whole release is computed and thrown away: it takes as long as building one. Raises ``Refused``."""
    actor.must("load_data")
    with tried(checked, tell=tell, **said) as (store, copy):
        query = select(Release).where(Release.state != "withdrawn").order_by(col(Release.number).desc())
        newest = store.exec(query).first()
        earlier = release_figures.earlier_releases(store)
        after = release_figures.computed(copy, earlier=earlier, tell=tell).protection
        before = newest.protection | {"audit": newest.audit} if newest else {}
    told = [*PROTECTION, "audit"]
    rows = {"before": [before.get(name) for name in told], "after": [after[name] for name in told]}
    return pd.DataFrame(rows, index=told, dtype=object)
