"""One sentence per card of the page of projects, by rule."""

import pandas as pd

from pages.frame.language import percent, words
from pages.parts.amounts import amount


def register(told: dict[str, int | bool], period: str) -> str:
    """How many projects the list holds, which of them are seen, from how many the latest report is
    missing, and how many more may act in the chosen area. ``told``: count, planned, withdrawn, first, last,
    missing, partly, narrowed (whether any wish narrows the list)."""
    count = int(told["count"])
    said = [words("register.some" if told["narrowed"] else "register.all", count=count)]
    if not told["narrowed"] and (told["planned"] or told["withdrawn"]):
        said.append(words("register.including", planned=told["planned"], withdrawn=told["withdrawn"]))
    if told["last"] - told["first"] + 1 < count:
        said.append(words("register.seen", first=told["first"], last=told["last"]))
    if told["missing"]:
        said.append(words("register.late", count=told["missing"], period=period))
    if told["partly"]:
        said.append(words("register.overlap", count=told["partly"]))
    return " ".join(said)


def money(planned: float, committed: float, paid: float) -> str:
    """Euros planned, committed and paid to date; what has not been reported is said to be so."""
    if pd.isna(planned) and pd.isna(committed) and pd.isna(paid):
        return words("project.no_money")
    written = {
        name: words("project.not_told") if pd.isna(value) else amount(value, "eur")
        for name, value in (("planned", planned), ("committed", committed), ("paid", paid))
    }
    said = words("project.money", **written)
    if committed > 0 and paid >= 0:
        said += " " + words("project.paid_share", share=percent(paid / committed))
    return said


def moves(frame: pd.DataFrame) -> str:
    """How many scores rose, fell or stayed from the first report to the latest, and which moved most.
    Columns: label, first, value (both as written numbers; empty: none)."""
    known = frame[frame["value"].notna()]
    if known.empty:
        return words("project.no_scores")
    pairs = known[known["first"].notna()]
    if pairs.empty:
        return words("project.one_report", count=len(known))
    change = (pairs["value"] - pairs["first"]).round(6)
    counts = {"rose": change > 0, "fell": change < 0, "stayed": change == 0}
    told = [words(f"project.{how}", count=int(these.sum())) for how, these in counts.items() if these.any()]
    said = words("project.moves", count=len(pairs), moves=", ".join(told))
    if (change > 0).any():
        said += " " + words("project.most", name=pairs.loc[change.idxmax(), "label"])
    return said


def partners(count: int, now: int, lead: str | None) -> str:
    """How many organisations there have been, how many are there now, and who leads."""
    if count == 0:
        return words("project.no_partners")
    said = words("project.partners", count=count, now=now)
    return f"{said} {words('project.led_by', name=lead)}" if lead else said


def reports(came: int, due: int, missing: list[str]) -> str:
    """How many of the reports that were due have come, and for which half-years they are missing."""
    if due == 0:
        return words("project.no_reports_due")
    said = words("project.reports", count=due, came=came)
    return f"{said} {words('project.reports_missing', periods=', '.join(missing))}" if missing else said


def facet(name: str | None, alike: int, placed: int) -> str:
    """Which facet the project is in, with how many others, among how many that are placed."""
    if name is None:
        return words("project.no_facet", count=placed)
    return words("project.facet", name=name, count=alike, placed=placed)


def facets(placed: int, names: list[str], shares: list[float]) -> str:
    """Of how many projects the place is known, and how the euros committed to them are shared."""
    if placed == 0:
        return words("project.no_facets")
    parts = [f"{name} {percent(share)}" for name, share in zip(names, shares, strict=True)]
    return words("project.facet_shares", count=placed, parts=", ".join(parts))
