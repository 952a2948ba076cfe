"""The demonstration round: 28 invented projects in real areas, and what they report.

    python sample_data/demo/generate.py [FOLDER]

writes the CSV files of this folder again (or into FOLDER) from ``story.toml``, which holds everything
that is decided by hand. Each release of the demonstration has a folder, named by the last day that it
knows: in the first stands all that was known by then, in the next what has come or changed since. The
same seed gives the same bytes on every machine: only ``random.Random(...).random()`` is drawn from.
Business IDs begin with 9, far above those in use. ``check`` refuses a round that no longer tells its
story: goal 1 on course, goal 2 behind, goal 3 silent, goal 4 moving away.
"""

import csv
import hashlib
import io
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

STORY = tomllib.loads(Path(__file__).with_name("story.toml").read_text(encoding="utf-8"))
PERIODS = STORY["periods"]
LAST_DAY = max(last for _, last in PERIODS.values())
RELEASES = STORY["releases"]
TODAY = RELEASES[-1]
SUFFIX = {"fi": " (esimerkki)", "sv": " (exempel)", "en": " (demo)"}
MARKED = {"demonstration": True, "source": "demonstration"}
OBSERVATION = ["id", "indicator", "project", "area", "goal", "period", "value", "numerator", "denominator"]
OBSERVATION += ["n", "identical_answers", "reported_on", "batch", "supersedes", "reason", "source"]
KINDS = ("baseline", "milestone", "target")


def draw(*key: object) -> Random:
    """A generator of its own for each thing, so that a new project leaves the others as they were."""
    return Random(" ".join(map(str, (STORY["seed"], *key))))


def between(rng: Random, low: float, high: float) -> float:
    return low + (high - low) * rng.random()


def whole(rng: Random, low: int, high: int) -> int:
    return low + int(rng.random() * (high - low + 1))


def demo(code: str) -> str:
    """A code of the story as it stands in the store."""
    return f"demo-{code}"


def told(text: str) -> str:
    """A Finnish sentence of the story, marked."""
    return text + SUFFIX["fi"]


def worded(column: str, texts: Sequence[str]) -> dict:
    """A column of texts in the three languages, marked."""
    pairs = zip(SUFFIX.items(), texts, strict=True)
    return {f"{column}_{language}": text + end for (language, end), text in pairs}


def named(code: str, *names: str) -> dict:
    return {"code": demo(code)} | worded("name", names)


def lines(table: str) -> Iterator[list[str]]:
    for line in STORY[table]["rows"].strip().splitlines():
        yield line.split("|")


# --- projects and their network ------------------------------------------------------------------


def project_plans() -> dict[str, dict]:
    """Projects by the story's code, as they stand today; ``acts_until`` is the real end of one that
    ended early."""
    plans = {}
    for line in lines("projects"):
        code, fi, sv, en, goals, areas, home, funded_by, first, last, certainty, direction = line
        starts, ends = date.fromisoformat(first), date.fromisoformat(last)
        early = STORY["projects"]["ended_early"].get(code)
        row = named(code, fi, sv, en) | {"programme": "esf51", "state": None, "starts": starts, "ends": ends}
        row |= {"ended_early": early, "national": False, "call": "call1" if starts.year == 2024 else "call2"}
        row |= {"funding_area": funded_by, "home_area": home, "certainty": certainty, "direction": direction}
        row = known_project(row | MARKED, TODAY)
        plan = {"starts": starts, "ends": ends, "acts_until": early or ends, "row": row}
        plans[code] = plan | {"goals": goals.split(), "areas": areas.split()}
    return plans


def known_project(row: dict, day: date) -> dict:
    """A project's row as it stood on a day."""
    early = row["ended_early"] if row["ended_early"] and row["ended_early"] <= day else None
    over = "withdrawn" if early else "ended" if row["ends"] <= day else "running"
    return row | {"ended_early": early, "state": "planned" if row["starts"] > day else over}


def business_id(serial: int) -> str:
    """The ``serial``-th demonstration number; one whose remainder is 1 has no check digit."""
    number = 9_000_000 + 137 * serial
    total = sum(int(d) * weight for d, weight in zip(str(number), (7, 9, 10, 5, 8, 4, 2), strict=True))
    return f"{number}-{-total % 11}" if total % 11 != 1 else business_id(serial + 1000)


def organisation_row(code: str, kind: str, home: str, serial: str, *names: str) -> dict:
    undecided = code in STORY["organisations"]["undecided"]
    return named(code, *names) | {
        "business_id": business_id(int(serial)) if serial else None,
        "type": kind,
        "eligible": None if undecided else kind not in ("ngo", "foundation", "company"),
        "home_area": home,
    }


def partnership_row(code: str, plan: dict, organisation: str, mark: str) -> dict:
    """Most partners join at the start, some a half-year or more later; a few leave again."""
    rng = draw("partnership", code, organisation)
    until = min(plan["acts_until"], LAST_DAY)
    joins = (plan["starts"] + timedelta(days=whole(rng, 160, 400))).replace(day=1)
    starts = joins if mark != "*" and rng.random() < 0.35 and joins < until else plan["starts"]
    leaves = (starts + timedelta(days=whole(rng, 240, 480))).replace(day=1) - timedelta(days=1)
    left = mark != "*" and rng.random() < 0.12 and leaves < until
    over = plan["acts_until"] if plan["acts_until"] <= LAST_DAY else None
    return {
        "project": demo(code),
        "organisation": demo(organisation),
        "role": {"*": "lead", "-": "subcontractor"}.get(mark, "partner"),
        "supported": mark not in ("-", "~"),
        "starts": starts,
        "ends": leaves if left else over,
        "source": "demonstration",
    }


def partnership_rows(plans: dict[str, dict]) -> list[dict]:
    rows = []
    for organisation, *_, projects in lines("organisations"):
        for entry in projects.split():
            rows.append(partnership_row(entry[:3], plans[entry[:3]], organisation, entry[3:]))
    rows.sort(key=lambda row: (row["project"], row["role"] != "lead", row["organisation"]))
    return [{"id": number} | row for number, row in enumerate(rows, 1001)]


def decision_rows() -> list[dict]:
    """What the steward has decided of organisations that stand in the register twice."""
    return [
        {
            "id": number,
            "first": demo(first),
            "second": demo(second),
            "verdict": verdict,
            "undoes": None,
            "reason": told(reason),
            "decided_by": "steward",
            "decided_at": f"{day.isoformat()}T09:00:00",
        }
        for number, (first, second, verdict, day, reason) in enumerate(
            STORY["organisations"]["decisions"], 1001
        )
    ]


# --- what the projects report --------------------------------------------------------------------


def rounds(plan: dict) -> list[str]:
    """The half-years for which a project is expected to report."""
    starts, until = plan["starts"], plan["acts_until"]
    return [period for period, (first, last) in PERIODS.items() if starts <= last and until >= first]


def assessments(code: str, turn: int) -> Iterator[dict]:
    """Scores 0–4 of the project as a whole; ``n`` is how many assessed it."""
    for indicator, (start, step) in STORY["scores"].items():
        steady, rng = draw(indicator, code), draw(indicator, code, turn)
        score = start + step * turn + between(steady, -0.6, 0.6) + between(rng, -0.15, 0.15)
        yield {"indicator": indicator, "value": round(min(max(score, 0), 4), 1), "n": whole(rng, 3, 25)}


def answers(code: str, plan: dict, turn: int) -> Iterator[dict]:
    """Mean scores of the respondents in each area. Now and then few answer, none, or all the same."""
    for indicator, paths in STORY["answers"].items():
        if indicator == "esfres" and draw(indicator, code, turn).random() < 0.25:
            continue
        start, step = paths[plan["goals"][0]]
        for area in plan["areas"]:
            steady, rng = draw(indicator, code, area), draw(indicator, code, area, turn)
            score = start + step * turn + between(steady, -0.3, 0.3) + between(rng, -0.08, 0.08)
            n = whole(rng, 0, 9) if rng.random() < 0.08 else whole(rng, 12, 70)
            same = 5 <= n <= 9 and rng.random() < 0.5
            value = None if n == 0 else float(round(score)) if same else round(min(max(score, 0), 4), 2)
            row = {"indicator": indicator, "area": area, "value": value, "n": n}
            yield row | {"identical_answers": same}


def money(code: str, plan: dict, period: str, turn: int) -> Iterator[dict]:
    """Euros to date in each area: the plan, what is bound by decisions, what is paid."""
    length = (plan["ends"] - plan["starts"]).days
    gone = (min(PERIODS[period][1], plan["acts_until"]) - plan["starts"]).days
    since, factor = STORY["money"]["revised"].get(code, ("9999", 1))
    for area in plan["areas"]:
        rng = draw("money", code, area)
        first_plan = round(between(rng, 500, 840) / len(plan["areas"]) ** 0.7) * 1000
        planned = round(first_plan * factor / 1000) * 1000 if period >= since else first_plan
        committed = first_plan * STORY["money"]["committed"][turn] * between(rng, 0.96, 1.0)
        paid = min(first_plan * gone / length * between(rng, 0.52, 0.68), 0.98 * committed)
        values = {"eur_planned": planned, "eur_committed": round(committed), "eur_paid": round(paid)}
        for indicator, value in values.items():
            yield {"indicator": indicator, "area": area, "value": value}


def people(code: str, plan: dict, period: str, turn: int) -> Iterator[dict]:
    """People reached in the half-year, in each area."""
    fixed = {tuple(key): count for *key, count in STORY["people"]["fixed"]}
    for area in plan["areas"]:
        usual = whole(draw("people", code, area), 14, 110) * STORY["people"]["growth"][turn]
        count = round(usual * between(draw("people", code, area, period), 0.8, 1.2))
        yield {"indicator": "people", "area": area, "value": fixed.get((code, area, period), count)}


def report(code: str, plan: dict, period: str) -> list[dict]:
    """Everything that one project reports for one half-year."""
    turn, own_turn = list(PERIODS).index(period), rounds(plan).index(period)
    rows = [*assessments(code, turn), *answers(code, plan, turn)]
    rows += [*money(code, plan, period, own_turn), *people(code, plan, period, own_turn)]
    story, here = STORY["reports"], [code, period]
    half_year, ely, together = story["whole_ely"].get(code, ("", "", []))
    if period == half_year:
        joint = [row for row in rows if row["indicator"] in together]
        rows = [row for row in rows if row not in joint]
        rows += [row | {"area": ely} for row in joint if row["area"] == plan["areas"][0]]
    on_time = PERIODS[period][1] + timedelta(days=whole(draw("report", code, period), 5, 19))
    late = next((day for *where, day in story["late"] if where == here), None)
    skipped = set().union(*(names for *where, names in story["skipped"] if where in ([code], here)))
    common = {"project": demo(code), "period": period, "reported_on": late or on_time.isoformat()}
    return [common | row for row in rows if row["indicator"] not in skipped]


def corrections(rows: list[dict]) -> Iterator[dict]:
    """Makes what was first reported wrong, and gives the rows that correct it."""
    for correction in STORY["corrections"]:
        indicator, code, area, period = correction["of"]
        key = (indicator, demo(code), area, period)
        row = next(r for r in rows if (r["indicator"], r["project"], r.get("area", ""), r["period"]) == key)
        true, decimals = row["value"], {"si3": 1, "nr1": 2}.get(indicator)
        factors = [factor for factor, *_ in correction["steps"]] + [1]
        row["value"] = round(true * factors[0], decimals)
        for factor, (_, reported_on, reason) in zip(factors[1:], correction["steps"], strict=True):
            changed = {"value": round(true * factor, decimals), "reason": told(reason)}
            row = row | changed | {"reported_on": reported_on, "supersedes": row}
            yield row


def observation_rows(plans: dict[str, dict]) -> list[dict]:
    rows = []
    for code, plan in plans.items():
        for period in rounds(plan):
            if period not in STORY["reports"]["silent"].get(code, ""):
                rows += report(code, plan, period)
    rows += list(corrections(rows))
    for row in rows:
        row["batch"] = int(min(b for b, (day, _) in STORY["batches"].items() if row["reported_on"] < day))
    rows.sort(key=lambda row: (row["reported_on"], row["project"]))
    for number, row in enumerate(rows, 1001):
        row["id"] = number
    common = dict.fromkeys(OBSERVATION) | {"identical_answers": False, "source": "demonstration"}
    return [common | row | {"supersedes": row.get("supersedes", {}).get("id")} for row in rows]


def batch_rows(observations: list[dict]) -> Iterator[dict]:
    for batch, (loaded_at, note) in STORY["batches"].items():
        content = table_text([row for row in observations if row["batch"] == int(batch)])
        yield {
            "id": int(batch),
            "loaded_at": loaded_at,
            "loaded_by": "steward",
            "file_name": f"raportit_{loaded_at[:10]}_esimerkki.xlsx",
            "sha256": hashlib.sha256(content.encode()).hexdigest(),
            "note": told(note),
            "demonstration": True,
        }


def target_rows() -> list[dict]:
    story, rows = STORY["targets"], []
    first = {"set_on": story["set_on"]} | worded("set_by", story["set_by"])
    first |= worded("reason", story["reason"])
    for indicator, goal, values, days in story["paths"]:
        for kind, value, due in zip(KINDS, values, story["days"][days], strict=True):
            row = {"id": 1001 + len(rows), "indicator": indicator, "goal": goal, "area": None, "kind": kind}
            row |= {"value": value, "due": due} | first
            rows.append(row | {"supersedes": None, "source": "demonstration"})
    plans = story["promised"]
    promised = {"set_on": plans["set_on"], "kind": "committed"} | worded("reason", plans["reason"])
    for *of, value in story["committed"]:
        path = next(row for row in rows if [row["indicator"], row["goal"], row["kind"]] == [*of, "target"])
        rows.append(path | promised | {"id": 1001 + len(rows), "value": value})
    for moved in story["moved"]:
        old = next(row for row in rows if [row["indicator"], row["goal"], row["kind"]] == moved["of"])
        new = {"value": moved["value"], "set_on": moved["set_on"]} | worded("reason", moved["reason"])
        rows.append(old | new | {"id": 1001 + len(rows), "supersedes": old["id"]})
    return rows


# --- the tables, checked and written -------------------------------------------------------------


def demonstration() -> dict[str, list[dict]]:
    """All tables, by file name; rows have the columns of the table in its order."""
    plans = project_plans()
    observations = observation_rows(plans)
    return {
        "projects": [plan["row"] for plan in plans.values()],
        "project_areas": [{"project": demo(p), "area": a} for p in plans for a in plans[p]["areas"]],
        "project_goals": [{"project": demo(p), "goal": g} for p in plans for g in plans[p]["goals"]],
        "organisations": [organisation_row(*line[:-1]) | MARKED for line in lines("organisations")],
        "identity_decisions": decision_rows(),
        "partnerships": partnership_rows(plans),
        "import_batches": list(batch_rows(observations)),
        "observations": observations,
        "targets": target_rows(),
    }


def known_by(tables: dict[str, list[dict]], day: date) -> dict[str, list[dict]]:
    """The tables as they stood on a day. Planned projects and those who begin them were known before
    they began, later partners from the day that they joined."""
    begins = {row["code"]: row["starts"] for row in tables["projects"]}
    batches = [row for row in tables["import_batches"] if row["loaded_at"][:10] <= day.isoformat()]
    loaded = {row["id"] for row in batches}
    return tables | {
        "projects": [known_project(row, day) for row in tables["projects"]],
        "identity_decisions": [
            row for row in tables["identity_decisions"] if row["decided_at"][:10] <= day.isoformat()
        ],
        "partnerships": [
            row | {"ends": row["ends"] if row["ends"] and row["ends"] <= day else None}
            for row in tables["partnerships"]
            if row["starts"] <= max(day, begins[row["project"]])
        ],
        "import_batches": batches,
        "observations": [row for row in tables["observations"] if row["batch"] in loaded],
        "targets": [row for row in tables["targets"] if row["set_on"] <= day],
    }


def releases(tables: dict[str, list[dict]]) -> Iterator[tuple[date, dict[str, list[dict]]]]:
    """The last day of each release, and the rows that had come or changed since the one before."""
    before: dict[str, list[dict]] = {table: [] for table in tables}
    for day in RELEASES:
        now = known_by(tables, day)
        new = {table: [row for row in now[table] if row not in before[table]] for table in now}
        yield day, {table: rows for table, rows in new.items() if rows}
        before = now


def table_text(rows: list[dict]) -> str:
    """CSV: comma, LF, true and false in small letters, nothing for an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: str(v).lower() if isinstance(v, bool) else v for k, v in row.items()})
    return text.getvalue()


def current(tables: dict[str, list[dict]], indicator: str) -> list[dict]:
    """The observations of an indicator that no correction has replaced, oldest half-year first."""
    replaced = {row["supersedes"] for row in tables["observations"]}
    rows = [row for row in tables["observations"] if row["indicator"] == indicator]
    return sorted((row for row in rows if row["id"] not in replaced), key=lambda row: row["period"])


def share_of_path(tables: dict[str, list[dict]], goal: str, day: date) -> float:
    """How far nr1 has come from its baseline, against where the line to its milestone is that day."""
    members = {row["project"] for row in tables["project_goals"] if row["goal"] == goal}
    rows = [row for row in current(tables, "nr1") if row["project"] in members and row["n"]]
    answered = [row for row in rows if row["period"] == max(PERIODS)]
    value = sum(row["value"] * row["n"] for row in answered) / sum(row["n"] for row in answered)
    path = [row for row in tables["targets"] if (row["indicator"], row["goal"]) == ("nr1", goal)]
    baseline, milestone = path[:2]
    gone = (day - baseline["due"]) / (milestone["due"] - baseline["due"])
    return (value - baseline["value"]) / ((milestone["value"] - baseline["value"]) * gone)


def millions(tables: dict[str, list[dict]], indicator: str) -> float:
    """The newest euros to date of each project in each area, together."""
    newest = {(row["project"], row["area"]): row["value"] for row in current(tables, indicator)}
    return sum(newest.values()) / 1e6


def check(tables: dict[str, list[dict]]) -> None:
    """Raises AssertionError where the round would no longer show what it is there to show."""
    assert [row["state"] for row in tables["projects"]].count("withdrawn") == 1
    assert not {"mk16", "mk18", "mk21", "fi"} & {row["area"] for row in tables["project_areas"]}
    for day in (LAST_DAY, LAST_DAY + timedelta(days=92)):  # whenever in the autumn a release is built
        assert share_of_path(tables, "g1", day) >= 0.95
        assert 0.75 <= share_of_path(tables, "g2", day) < 0.95
        assert share_of_path(tables, "g4", day) < 0
    answered = {row["project"] for row in current(tables, "nr1") if row["period"] == max(PERIODS)}
    assert sum(row["goal"] == "g3" and row["project"] in answered for row in tables["project_goals"]) == 2
    assert 6 < millions(tables, "eur_paid") < 7
    assert 15 < millions(tables, "eur_committed") < 17
    assert 18 < millions(tables, "eur_planned") < 20


def write(folder: Path) -> None:
    check(tables := demonstration())
    for day, new in releases(tables):
        (folder / day.isoformat()).mkdir(parents=True, exist_ok=True)
        for table, rows in new.items():
            path = folder / day.isoformat() / f"{table}.csv"
            path.write_text(table_text(rows), encoding="utf-8", newline="\n")
            print(f"{path.relative_to(folder)}: {len(rows)} rows")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
