"""What open-data services answer, and a real server on this machine that gives it.

RECORDED: taken over as public code quotes it from the service. CONSTRUCTED: made up here after the services'
documentation; its numbers are invented."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# RECORDED: Sotkanet's rows of two indicators, as the package rOpenGov/sotkanet quotes them.
SOTKANET_RECORDED = [
    {"indicator": 5, "region": 966, "year": 2003, "gender": "total", "value": 5.8, "absValue": 5636},
    {"indicator": 5, "region": 975, "year": 2007, "gender": "total", "value": 6.6, "absValue": 7434},
]
# CONSTRUCTED: a description and regions in the documented form.
SOTKANET_REGIONS = [
    {
        "id": 658,
        "code": "658",
        "category": "MAA",
        "title": {"fi": "Koko maa", "sv": "Hela landet", "en": "Finland"},
    },
    {"id": 966, "code": "4", "category": "HYVINVOINTIALUE", "title": {"fi": "A", "sv": "A", "en": "A"}},
    {"id": 975, "code": "15", "category": "HYVINVOINTIALUE", "title": {"fi": "B", "sv": "B", "en": "B"}},
    {"id": 976, "code": "16", "category": "HYVINVOINTIALUE", "title": {"fi": "C", "sv": "C", "en": "C"}},
    {"id": 604, "code": "01", "category": "MAAKUNTA", "title": {"fi": "D", "sv": "D", "en": "D"}},
    {"id": 5, "code": "020", "category": "KUNTA", "title": {"fi": "E", "sv": "E", "en": "E"}},
]


def sotkanet_about(number: int) -> dict[str, Any]:
    """CONSTRUCTED: an indicator's description."""
    return {
        "id": number,
        "data-updated": "2026-06-05",
        "range": {"start": 2003, "end": 2024},
        "title": {"fi": "Esimerkkisarja", "sv": "Exempelserie", "en": "Example series"},
        "decimals": 1,
        "organization": {"id": 2, "title": {"fi": "THL", "sv": "THL", "en": "THL"}},
    }


# RECORDED: a whole answer of Statistics Finland, as a public notebook quotes it.
JSON_STAT_RECORDED = {
    "class": "dataset",
    "label": "Environmental Accounting: Key Figures by Tiedot and Vuosi",
    "source": "Statistics Finland",
    "updated": "2012-06-26T06:00:00Z",
    "id": ["Tiedot", "Vuosi"],
    "size": [2, 2],
    "dimension": {
        "Tiedot": {
            "label": "Tiedot",
            "category": {
                "index": {"Khk_yht_index": 0, "Khk_yht_las_index": 1},
                "label": {
                    "Khk_yht_index": "Greenhouse gas emissions, indexed, year 1990 = 100",
                    "Khk_yht_las_index": "Intensity of greenhouse gases, indexed, year 1990 = 100",
                },
            },
        },
        "Vuosi": {
            "label": "Vuosi",
            "category": {"index": {"2010": 0, "2011": 1}, "label": {"2010": "2010", "2011": "2011"}},
        },
    },
    "value": [107.4, 96.4, 72.43, 63.38],
    "role": {"time": ["Vuosi"]},
    "version": "2.0",
    "extension": {"px": {"decimals": 0}},
}
# CONSTRUCTED: a table of the population, its dimensions called as in 2026; the code SSS is in three of them.
POPULATION = {
    "alue_23_20260101": ("Alue", {"SSS": "Koko maa", "HVA01": "A", "HVA15": "B", "KU020": "Akaa"}),
    "ika_1": ("Ikä", {"SSS": "Yhteensä", "13": "13", "14": "14"}),
    "sukupuoli_1": ("Sukupuoli", {"SSS": "Yhteensä", "1": "Miehet", "2": "Naiset"}),
    "timeperiod_y": ("Vuosi", {"2023": "2023", "2024": "2024"}),
    "contentscode": ("Tiedot", {"vaesto": "Väestö 31.12."}),
}


MISSING = 2020.0


def px_description() -> dict[str, Any]:
    return {
        "title": "Väestö",
        "variables": [
            {"code": code, "text": text, "values": list(values), "valueTexts": list(values.values())}
            | ({"time": True} if code == "timeperiod_y" else {})
            for code, (text, values) in POPULATION.items()
        ],
    }


def px_answer(body: bytes) -> dict[str, Any]:
    """CONSTRUCTED: JSON-stat of what a query asks for; the value of a cell tells its place, and that of the
    area HVA15 and the age 14 in 2023 is missing."""
    query = json.loads(body)
    assert query["response"] == {"format": "json-stat2"}
    asked = {each["code"]: each["selection"]["values"] for each in query["query"]}
    assert asked.keys() == POPULATION.keys()
    values: list[float | None] = [0.0]
    for code in POPULATION:
        weight = {"alue_23_20260101": 1000, "ika_1": 10, "timeperiod_y": 1}.get(code, 0)
        places = [weight * list(POPULATION[code][1]).index(value) for value in asked[code]]
        values = [(known or 0) + place for known in values for place in places]
    values = [None if value == MISSING else value for value in values]
    return {
        "class": "dataset",
        "version": "2.0",
        "label": "Väestö",
        "updated": "2026-03-27T06:00:00Z",
        "id": list(POPULATION),
        "size": [len(asked[code]) for code in POPULATION],
        "role": {"time": ["timeperiod_y"], "metric": ["contentscode"]},
        "dimension": {
            code: {
                "label": text,
                "category": {
                    "index": {value: number for number, value in enumerate(asked[code])},
                    "label": {value: names[value] for value in asked[code]},
                },
            }
            for code, (text, names) in POPULATION.items()
        },
        "value": values,
    }


# CONSTRUCTED: a list in the recommended form; the projects and organisations are invented.
PROJECTS = (
    "project_code;name_fi;name_sv;name_en;lead_org;lead_business_id;org_type;role;specific_objective;maakunta_codes;"
    "start_date;end_date;status;eu_eur;national_public_eur;paid_eur;goals;facet;source_date\n"
    "S39001;Keksitty hanke;;;Keksitty säätiö;9000137-2;foundation;lead;5.1;MK13;2024-03-01;2027-02-28;"
    "Käynnissä;100 000,50;50000;20000;G1|G2;MIS;2026-06-30\n"
    "S39001;Keksitty hanke;;;Keksitty yhdistys;;ngo;partner;5.1;MK13;2024-03-01;2027-02-28;Käynnissä;"
    "100 000,50;50000;20000;G1|G2;MIS;2026-06-30\n"
    "S39002;Toinen hanke;Det andra;Another;Tyypitön osakeyhtiö;;;lead;5.1;MK06|MK01|XX99;1.9.2024;;Käynnissä;"
    "70000;;;G3;;2026-06-30\n"
    "S39003;Muu hanke;;;Jokin;;company;lead;4.2;MK06;2024-09-01;;Käynnissä;70000;;;;;2026-06-30\n"
)
# CONSTRUCTED: Kohesio's fields after its documentation.
KOHESIO = (
    "item,label,startTime,endTime,budget,euBudget,beneficiaries,region,objectiveId\n"
    "https://linkedopendata.eu/entity/Q39,An invented operation,2024-01-15T00:00:00,2025-01-14T00:00:00,"
    "90000.00,45000.00,Keksitty säätiö,Keski-Suomi,5.1\n"
)

Answers = Callable[[str, str, bytes], tuple[int, dict[str, str], bytes]]


@contextmanager
def serving(answers: Answers) -> Generator[str]:
    """A server on this machine; ``answers(method, path, body)`` gives status, headers and content."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            assert self.headers["User-Agent"].startswith("Turvaverkko/")
            status, headers, content = answers(self.command, self.path, body)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
