"""Open data that a steward has configured: kept in the store, each under a name of its own."""

from datetime import UTC, date, datetime
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col, select

from data_access import audit
from data_access.intake.checked import Unusable
from data_access.intake.open_data import lists, pxweb, sotkanet, web
from data_access.models import LANGUAGES, Indicator, OpenDataSource, Programme, Words
from data_access.scope import Scope

CHOICES: dict[str, Any] = {
    "sotkanet": sotkanet.Choices,
    "pxweb": pxweb.Choices,
    "projects": lists.Choices,
    "kohesio": lists.Choices,
}
FETCHED = {"fi": "{title}, haettu {day}", "sv": "{title}, hämtat {day}", "en": "{title}, retrieved {day}"}
QUALITY = {"sotkanet": "statistics", "pxweb": "statistics", "projects": "document", "kohesio": "document"}


class BadSource(ValueError):
    """A source that cannot be configured so; says why."""


def configure(session: Session, source: OpenDataSource, *, actor: Scope, at_home: bool = False) -> None:
    """Keep a source, in the place of one with the same code. ``at_home``: its address may be one of this
    machine. Raises ``BadSource``."""
    actor.must("load_data")
    code = source.code
    if code != lists.code_of(code) or not code:
        raise BadSource(f"the name {code!r} is not made of small letters a–z, digits and hyphens")
    try:
        source.choices = CHOICES[source.kind].model_validate(source.choices).model_dump(exclude_defaults=True)
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise BadSource(f"the choices do not fit a source of kind {source.kind}: {said}") from error
    if source.address is not None:
        try:
            web.checked(source.address, at_home)
        except Unusable as refused:
            raise BadSource(f"the address {source.address} may not be asked: {refused.rule}") from refused
    is_series = source.kind in ("sotkanet", "pxweb")
    if is_series and (source.indicator is None or session.get(Indicator, source.indicator) is None):
        raise BadSource(f"there is no indicator {source.indicator!r} for the series to become")
    programme = source.choices.get("programme")
    if not is_series and (source.indicator or session.get(Programme, programme) is None):
        raise BadSource(f"a list belongs to a programme and to no indicator: there is no {programme!r}")
    if not source.publisher.strip() or not source.licence.strip():
        raise BadSource("say who publishes it and under which licence: it stands under every figure")
    if source.title is None and not is_series:
        raise BadSource("say what the list is called, in fi, sv and en")
    source.configured_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    session.merge(source)
    session.flush()
    kept = {"kind": source.kind, "address": source.address, "choices": source.choices}
    audit.record(session, actor=actor.account, action="configure open data", subject=code, detail=kept)


def forget(session: Session, code: str, *, actor: Scope) -> None:
    """Take a source away; what was loaded from it stays. Raises KeyError where there is none."""
    actor.must("load_data")
    source = found_source(session, code)
    session.delete(source)
    audit.record(
        session, actor=actor.account, action="forget open data", subject=code, detail={"kind": source.kind}
    )


def found_source(session: Session, code: str) -> OpenDataSource:
    source = session.get(OpenDataSource, code)
    if source is None:
        known = ", ".join(session.exec(select(OpenDataSource.code).order_by(col(OpenDataSource.code))))
        raise KeyError(f"there is no source {code!r}. There are: {known or 'none'}")
    return source


def named(source: OpenDataSource, own: Words | None, published: date | None, fetched: date) -> dict[str, Any]:
    """The row of the table ``source`` that fetched figures name: one for each day of fetching."""
    title = source.title or own or dict.fromkeys(LANGUAGES, source.code)
    day = f"{fetched.day}.{fetched.month}.{fetched.year}"
    return {
        "code": f"{source.code}-{fetched:%Y%m%d}",
        "title": {each: FETCHED[each].format(title=title[each], day=day) for each in LANGUAGES},
        "publisher": source.publisher,
        "published": published.isoformat() if published else None,
        "licence": source.licence,
        "quality": QUALITY[source.kind],
    }
