"""A steward brings a file in, looks at what it would change, loads it and takes it back; a bad one is told of
in Swedish."""

from playwright.sync_api import expect

from pages.frame.texts import text
from tests.conftest import come_in

HEADERS = "project;indicator;period;area;goal;value;numerator;denominator;n;identical_answers;"
HEADERS += "reported_on;reason;withdraw"
GOOD = f"{HEADERS}\ndemo-p02;si1;2026h1;;;2,6;;;14;;2026-07-07;Laskuvirhe (esimerkki);\n"
BAD = (
    f"{HEADERS}\ndemo-p02;si1;2026h1;;;9,6;;;14;;7/7/2026;x;\ndemo-p99;si1;2026h1;;;2,6;;;14;;2026-07-07;;\n"
)
LONG = 30_000
FILE = "[data-testid=stFileUploader] input[type=file]"


def dropped(name: str, content: str) -> dict:
    return {"name": name, "mimeType": "text/csv", "buffer": content.encode()}


def test_a_file_is_brought_in_and_taken_back(cold_server, page, drawn, violations):
    server = cold_server()
    page.goto(f"{server.url}/intake?lang=sv")
    come_in(page, "steward", server.password)
    drawn(page)
    assert violations() == []

    page.locator(FILE).set_input_files(dropped("observations_bad.csv", BAD))
    found = page.locator(".st-key-findings")
    expect(found).to_contain_text(text("intake.refused", "sv"))
    expect(found).to_contain_text("Projektet ”demo-p99” finns inte.")
    expect(found.get_by_role("row")).to_have_count(4)  # the head and three findings
    expect(page.locator(".st-key-preview")).to_have_count(0)
    drawn(page)
    assert violations() == []
    page.get_by_role("button", name=f"{text('frame.remove', 'sv')} observations_bad.csv").click()
    expect(found).to_have_count(0)

    page.locator(FILE).set_input_files(dropped("observations_good.csv", GOOD))
    preview = page.locator(".st-key-preview")
    preview.locator("summary").first.click()
    expect(preview).to_contain_text("2,4 → 2,6")
    drawn(page)
    assert violations() == []
    preview.get_by_label(text("preview.note", "sv")).fill("Prov")
    preview.get_by_role("button", name=text("preview.load", "sv")).click()
    expect(page.get_by_text(text("decided.loaded", "sv").format(number=16))).to_be_visible(timeout=LONG)
    expect(preview).to_have_count(0)
    batch = page.locator(".st-key-batch_16")
    expect(batch).to_contain_text("observations_good.csv")
    expect(batch).to_contain_text("Prov")

    undo = text("batches.undo", "sv").format(number=16)
    batch.get_by_role("button", name=undo).click()
    page.get_by_label(text("batches.undo_reason", "sv")).fill("Fel fil")
    page.get_by_test_id("stPopoverBody").get_by_role("button", name=undo).click()
    said = text("decided.batch_undone", "sv").format(batch=16, number=17)
    expect(page.get_by_text(said)).to_be_visible(timeout=LONG)
    expect(batch).to_contain_text(text("batches.undone_by", "sv").format(number=17))
    expect(batch.get_by_role("button")).to_have_count(0)
    expect(page.locator(".st-key-batch_17")).to_contain_text("Fel fil")
    drawn(page)
    assert violations() == []


def test_whoever_left_while_a_file_was_loaded_finds_it_there(cold_server, page, drawn):
    server = cold_server()
    page.goto(f"{server.url}/intake?lang=fi")
    come_in(page, "steward", server.password)
    page.locator(FILE).set_input_files(dropped("observations_good.csv", GOOD))
    page.get_by_role("button", name=text("preview.load", "fi")).click()
    page.goto("about:blank")
    page.goto(f"{server.url}/intake?lang=fi")
    expect(page.locator(".st-key-batch_16")).to_contain_text("observations_good.csv")
    expect(page.get_by_text(text("decided.loaded", "fi").format(number=16))).to_be_visible(timeout=LONG)


def test_what_is_too_large_or_no_workbook_is_refused_in_the_readers_language(cold_server, page, violations):
    server = cold_server()
    page.goto(f"{server.url}/intake?lang=sv")
    come_in(page, "steward", server.password)
    large = {"name": "stor.xlsx", "mimeType": "", "buffer": b"PK" + bytes(21_000_000)}
    page.locator(FILE).set_input_files(large)
    refused = page.get_by_test_id("stFileChip")
    expect(refused.get_by_role("alert")).to_be_visible()
    expect(refused.get_by_role("alert")).to_have_text(
        f"{text('streamlit.upload_error', 'sv')} {text('streamlit.upload_too_large', 'sv')}"
    )
    refused.hover()
    expect(page.get_by_test_id("stTooltipErrorContent")).to_have_text(
        text("streamlit.upload_too_large", "sv")
    )
    assert violations() == []
    page.locator(FILE).set_input_files({"name": "bild.png", "mimeType": "image/png", "buffer": b"\x89PNG"})
    expect(page.locator(".st-key-findings")).to_contain_text(
        "Filen är ingen arbetsbok (xlsx, ods eller csv)."
    )
