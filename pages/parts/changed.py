"""What changed since an earlier release: a line for the first screen, and a card."""

from collections.abc import Iterator
from html import escape

import pandas as pd
import streamlit as st

from pages.charts.changes import waterfall
from pages.charts.palette import SHOWN
from pages.frame.language import NOTHING, TO_DATE, day, period_label, words
from pages.parts import amounts, cached, filters, sentences
from pages.parts.cards import Method, Table, figure_card, plot, sources_of
from pages.parts.tables import html_table
from pages.parts.view import View, release_name

HEADLINE = ("si6", "eeco18")
ALL = "all"
HEADS = ("indicator", "period", "before", "now", "change", "target", "reasons")


def earlier(reader: View) -> dict[str, str]:
    """The releases that this one can be held against, the nearest first: code → name."""
    known = cached.shown_releases(reader.scope, reader.language)
    older = {number: each.as_of for number, each in known.items() if number < reader.release}
    return {str(number): release_name(number, as_of) for number, as_of in older.items()}


def changes(reader: View, since: str, programme: str) -> pd.DataFrame:
    """The country's changed figures of a programme."""
    found = cached.changes(reader.scope, int(since), reader.release)
    return found[found["indicator"].isin(indicators(reader, programme).index)]


def indicators(reader: View, programme: str) -> pd.DataFrame:
    rows = cached.indicators(reader.scope, reader.language).set_index("code")
    return rows[rows["programme"] == programme]


# ---- the line ------------------------------------------------------------------------------------------


def summary(reader: View, programme: str) -> None:
    """One line: what changed since the release before, and the way to the card."""
    older = earlier(reader)
    if not older or indicators(reader, programme).empty:
        return
    since = next(iter(older))
    found = changes(reader, since, programme)
    about = {
        "release": since,
        "day": day(cached.shown_releases(reader.scope, reader.language)[int(since)].as_of),
    }
    items = [*project_items(reader, since, programme), *figure_items(reader, found, programme)]
    if found.empty and not items:
        st.html(f'<p class="changes">{escape(words("changes.nothing", **about))}</p>')
        return
    link = f'<a href="#" data-to="card_changes">{escape(words("changes.show"))}</a>'
    # A count stays on the line of what is counted.
    line = escape(" · ".join(item.replace(" ", "\N{NO-BREAK SPACE}", 1) for item in items))
    st.html(f'<p class="changes"><b>{escape(words("changes.summary", **about))}</b> {line} → {link}</p>')


def project_items(reader: View, since: str, programme: str) -> Iterator[str]:
    """How many projects began, ended and were withdrawn."""
    now = cached.projects(reader.scope, reader.release, programme, reader.language).set_index("code")["state"]
    before = cached.projects(reader.scope, int(since), programme, reader.language).set_index("code")["state"]
    was = before.reindex(now.index).fillna("planned")
    for event, count in (
        ("began", ((was == "planned") & now.isin(["running", "ended"])).sum()),
        ("ended", ((was != "ended") & (now == "ended")).sum()),
        ("withdrawn", ((was != "withdrawn") & (now == "withdrawn")).sum()),
    ):
        if count:
            yield words(f"changes.{event}", count=int(count))


def figure_items(reader: View, found: pd.DataFrame, programme: str) -> Iterator[str]:
    """The headline counts that changed, and how many targets moved and figures were corrected."""
    names = indicators(reader, programme)["short"]
    for row in amounts.rows(found[(found["goal"] == ALL) & (found["period"] == TO_DATE)]):
        if row.indicator in HEADLINE and row.change:
            before, now = cell(row, "before"), cell(row, "now")
            yield words("changes.from_to", name=names[row.indicator], before=before, now=now)
    moved = found[target_moved(found)].drop_duplicates(["indicator", "goal"])
    corrected = found[(found["goal"] == ALL) & because_of(found, "correction")]
    for event, rows in (("moved", moved), ("corrected", corrected)):
        if len(rows):
            yield words(f"changes.{event}", count=len(rows))


def target_moved(found: pd.DataFrame) -> pd.Series:
    return because_of(found, "target") & (found["target_before"] != found["target_now"])


def because_of(found: pd.DataFrame, reason: str) -> pd.Series:
    return found["reasons"].map(lambda reasons: reason in reasons).astype(bool)


# ---- the card ------------------------------------------------------------------------------------------


@st.fragment
def changes_card(reader: View, programme: str) -> None:
    """The country's figures that changed: one of them step by step, all of them in the table."""
    older, known = earlier(reader), indicators(reader, programme)
    if not older or known.empty:
        return
    goals = cached.goals(reader.scope, programme, reader.language).set_index("code")["short"]
    official = known["family"] != "programme"
    names = known["short"].where(~official, known.index.str.upper() + " " + known["short"]).to_dict()
    with st.container(horizontal=True, key="choices_changes", vertical_alignment="bottom"):
        since = filters.choose("since", older, default=next(iter(older)), label=words("changes.since"))
        goal = filters.choose(
            "goal", {ALL: words("filters.all_goals"), **goals}, default=ALL, label=words("filters.goal")
        )
        found = changes(reader, since, programme)
        rows = listed(found, goal)
        told = comparable(rows[rows["goal"] == goal])
        code = ""
        if len(told):
            most = told["parts"].map(lambda parts: len(parts or {})).idxmax()
            options = {code: names[code] for code in told.index}
            code = filters.choose("changed", options, default=most, label=words("filters.indicator"))
    if rows.empty:
        as_of = cached.shown_releases(reader.scope, reader.language)[int(since)].as_of
        st.html(f'<p class="changes">{escape(words("changes.nothing", release=since, day=day(as_of)))}</p>')
        return
    sentence = said(told.loc[code], names[code]) if code else words("changes.only_listed", count=len(rows))
    table = changed_table(rows, names, goals)
    figures = cached.figures(
        reader.scope,
        reader.release,
        reader.language,
        tuple(rows["indicator"].unique()),
        "country",
        TO_DATE,
        goal,
    )

    def draw() -> None:
        if not code:
            st.html(html_table(table.heads, table.rows, caption=sentence, numbers=table.numbers))
            return
        row = told.loc[code]
        write = amounts.finer_writer(row["unit"], row["decimals"])
        figure = waterfall(
            steps(row, older[since], release_name(reader.release, reader.day)),
            palette=reader.palette,
            number=write,
            signed=amounts.signed(write),
        )
        plot(figure, "changes", sentence)

    figure_card(
        reader,
        "changes",
        title=words("changes.title", release=since),
        sentence=sentence,
        frame=rows.assign(reasons=rows["reasons"].map(", ".join)),
        table=table,
        method=Method([words("changes.method_steps"), words("changes.method_people")], sources_of(figures)),
        draw=draw,
        demonstration=bool(figures["demonstration"].any()),
    )


def listed(found: pd.DataFrame, goal: str) -> pd.DataFrame:
    """What the table lists: the figures of a goal that a release shows, and moved targets of all goals.
    By indicator, first to date, then from the newest period on."""
    told = found["state_before"].isin((*SHOWN, "protected")) | found["state_now"].isin((*SHOWN, "protected"))
    moved = (found["period"] == TO_DATE) & target_moved(found)
    rows = found[((found["goal"] == goal) & told) | moved]
    order = rows["indicator"].map({code: place for place, code in enumerate(rows["indicator"].unique())})
    rows = rows.assign(order=order).sort_values(["order", "period", "goal"], ascending=[True, False, True])
    return rows.drop(columns="order").reset_index(drop=True)


def comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """Figures to date whose change can be told: both values are shown and they differ. By indicator."""
    both = rows["state_before"].isin(SHOWN) & rows["state_now"].isin(SHOWN) & rows["change"].notna()
    return rows[both & (rows["change"] != 0) & (rows["period"] == TO_DATE)].set_index("indicator")


def said(row: pd.Series, name: str) -> str:
    """The change of one figure, with what each reason brought where that may be told."""
    write = amounts.signed(amounts.finer_writer(row["unit"], row["decimals"]))
    reasons = [words(f"reason.{reason}") for reason in row["reasons"]]
    if row["parts"]:
        reasons = [f"{words(f'reason.{reason}')} {write(part)}" for reason, part in row["parts"].items()]
    return sentences.change(name, cell(row, "before"), cell(row, "now"), reasons)


def steps(row: pd.Series, before: str, now: str) -> pd.DataFrame:
    """The rows of the waterfall. Where parts may not be told, the change is one step."""
    parts = row["parts"] or {None: row["change"]}
    lines, at = [(before, row["value_before"], None)], row["value_before"]
    for reason, part in parts.items():
        at += part
        lines.append((words(f"reason.{reason}") if reason else words("changes.no_parts"), at, part))
    lines.append((now, row["value_now"], None))
    return pd.DataFrame(lines, columns=["label", "value", "change"])


def changed_table(rows: pd.DataFrame, names: dict[str, str], goals: pd.Series) -> Table:
    """Every changed figure with its value in both releases, its target where that moved, and why."""
    moved = target_moved(rows)
    cells = [
        [
            names[row.indicator] + ("" if row.goal == ALL else f" · {goals[row.goal]}"),
            period_label(row.period),
            cell(row, "before"),
            cell(row, "now"),
            difference(row),
            targets(row) if moved[row.Index] else NOTHING,
            "; ".join(words(f"reason.{reason}") for reason in row.reasons),
        ]
        for row in amounts.rows(rows)
    ]
    return Table([words(f"table.{head}") for head in HEADS], cells, numbers=(2, 3, 4, 5))


def cell(row: amounts.Row, when: str) -> str:
    """The value in the release *before* or *now*, or its kind of nothing; a dash where the release had
    no such figure."""
    state, value = getattr(row, f"state_{when}"), getattr(row, f"value_{when}")
    if state in SHOWN:
        return amounts.finer_writer(row.unit, row.decimals)(value)
    return amounts.nothing(state) if isinstance(state, str) else NOTHING


def difference(row: amounts.Row) -> str:
    """The change with its sign; a dash where one of the values is a kind of nothing."""
    if row.state_before not in SHOWN or row.state_now not in SHOWN or pd.isna(row.change) or not row.change:
        return NOTHING
    return amounts.signed(amounts.finer_writer(row.unit, row.decimals))(row.change)


def targets(row: amounts.Row) -> str:
    """The target in both releases."""
    before, now = (
        amounts.amount(each, row.unit, row.decimals) for each in (row.target_before, row.target_now)
    )
    return f"{before} → {now}"
