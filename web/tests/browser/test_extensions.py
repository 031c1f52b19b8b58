"""Extensions on the page: the panel of the automatic equaliser, the list of extensions, and what is left when one dies."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from playwright.sync_api import Locator, Page, expect

from accessibility import violations
from api import ROOT
from harness import PATIENCE, TABLET, Bench, NodeOptions, NodeProcess
from panes import connection, notices

# The extension runs in the Python of these tests, which has numpy and scipy.
PYTHON = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
NODE = NodeOptions(source="noise", options=["--extensions", str(ROOT / "examples" / "extensions")], environment=PYTHON)

EQ = "eq#1"
NAME = "Automatic equaliser"
MANY = 1000 * 5 * PATIENCE
# Most colours of a canvas lie between those of lines and of what is behind them.
COUNT_COLOUR = """(canvas, name) => {
    const wanted = document.createElement("canvas").getContext("2d");
    wanted.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    wanted.fillRect(0, 0, 1, 1);
    const [r, g, b] = wanted.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
        if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 24) count += 1;
    }
    return count;
}"""
COLOURS = {"measured": "--port-mono", "target": "--signal-alt", "predicted": "--curve"}


def bump(hertz: float, centre: float, gain: float, octaves: float) -> float:
    return gain * math.exp(-((math.log2(hertz / centre) / octaves) ** 2))


def measurement() -> str:
    """What a measuring program exports of a room with a resonance, a dip and too much treble."""
    freqs = [20 * 2 ** (i / 12) for i in range(120)]
    level = [75 + bump(f, 80, 8, 0.5) + bump(f, 1000, -5, 0.8) + bump(f, 6000, 5, 1) for f in freqs]
    lines = [f"{hertz:.3f}\t{db:.3f}" for hertz, db in zip(freqs, level)]
    return "\r\n".join(["* Measured by nobody", "* Freq(Hz)\tSPL(dB)", *lines])


def auto_button(page: Page) -> Locator:
    return page.locator(".eq-pane").get_by_role("button", name="Auto EQ…")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name=re.compile("Auto EQ"))


def button(page: Page, name: str) -> Locator:
    return dialog(page).get_by_role("button", name=re.compile(f"^{name}"))


def open_dialog(bench: Bench, page: Page) -> Locator:
    bench.tab("EQ", page)
    expect(auto_button(page)).to_be_enabled(timeout=MANY)
    auto_button(page).click()
    dialog(page).wait_for()
    return dialog(page)


def load(page: Page, text: str = measurement(), name: str = "room.txt") -> None:
    dialog(page).get_by_label("File of the measurement").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    )
    expect(dialog(page).get_by_text(f"{name}: 120 points")).to_be_visible(timeout=MANY)


def set_number(page: Page, label: str, text: str) -> None:
    field = dialog(page).get_by_role("spinbutton", name=label, exact=True)
    field.fill(text)
    field.press("Enter")


def fit(page: Page, bands: int = 4) -> None:
    set_number(page, "Bands", str(bands))
    button(page, "Fit").click()
    expect(button(page, "Apply")).to_have_text(re.compile(r"Apply \d+ bands?"), timeout=MANY)


def curves(page: Page) -> list[str]:
    """Those that the legend names and the canvas has the colour of."""
    canvas = dialog(page).locator("canvas")
    named = dialog(page).locator("[data-curve]").evaluate_all("(all) => all.map((one) => one.dataset.curve)")
    return [name for name in named if canvas.evaluate(COUNT_COLOUR, COLOURS[name]) > 100]


def process_of(bench: Bench) -> int:
    """The process of the extension, a child of the node's."""
    assert bench.node.process is not None
    parent = str(bench.node.process.pid)
    found = subprocess.run(["pgrep", "-P", parent, "-f", "auto_eq.py"], stdout=subprocess.PIPE, text=True).stdout.split()
    assert len(found) == 1, found
    return int(found[0])


@contextmanager
def held_up(bench: Bench) -> Iterator[int]:
    """The extension's process stands still, so that a fit does not end before it is looked at."""
    process = process_of(bench)
    os.kill(process, signal.SIGSTOP)
    try:
        yield process
    finally:
        try:
            os.kill(process, signal.SIGCONT)
        except ProcessLookupError:
            pass


def bands_on(bench: Bench, channel: int) -> list[dict[str, str]]:
    values = bench.api.values(EQ)
    names = ("type", "freq", "gainDb", "q")
    return [
        {name: values[f"{name}#{channel}#{band}"] for name in names}
        for band in range(20) if values[f"bandEnable#{channel}#{band}"] == "true"
    ]


def test_a_fit_shows_three_curves_and_its_bands_are_one_step(bench: Bench) -> None:
    page = bench.page
    # A band that was there is off afterwards, and back after undo.
    bench.api.apply(EQ, {"gainDb#0#9": 3, "bandEnable#0#9": True})
    open_dialog(bench, page)
    assert curves(page) == []
    load(page)
    bench.wait_for(lambda: curves(page) == ["measured"], "the measured curve")
    dialog(page).get_by_role("checkbox", name="2").check()
    fit(page)
    bench.wait_for(lambda: curves(page) == ["measured", "target", "predicted"], "three curves")
    figures = dialog(page).locator(".auto-eq-figures dd").all_inner_texts()
    before, after = (float(text.split()[0]) for text in figures[:2])
    assert after < 0.6 * before, figures
    count = int(re.findall(r"\d+", button(page, "Apply").inner_text())[0])
    values, newest = bench.api.values(EQ), bench.api.history()[0]["id"]
    button(page, "Apply").click()
    bench.wait_for(lambda: len(bands_on(bench, 0)) == len(bands_on(bench, 1)) == count, f"{count} bands on both channels")
    assert bands_on(bench, 0) == bands_on(bench, 1)
    assert bench.api.value(EQ, "bandEnable#0#9") == "false"
    loudest = max(bands_on(bench, 0), key=lambda band: -float(band["gainDb"]))
    assert float(loudest["gainDb"]) < -2, bands_on(bench, 0)
    steps = [entry["title"] for entry in bench.api.history() if entry["id"] > newest]
    assert len(steps) == 1, steps
    expect(dialog(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    page.keyboard.press("Control+z")
    bench.wait_for(lambda: bench.api.values(EQ) == values, "all values are as before")


def test_a_plot_is_drawn_anew_without_traces_of_the_one_before(bench: Bench) -> None:
    page = bench.page
    open_dialog(bench, page)
    canvas = dialog(page).locator("canvas")
    flat, steep = ("\n".join(f"{20 + i} {70 + slope * i}" for i in range(120)) for slope in (0, 0.3))
    load(page, flat, "flat.txt")
    first = canvas.evaluate("(one) => one.toDataURL()")
    load(page, steep, "steep.txt")
    bench.wait_for(lambda: canvas.evaluate("(one) => one.toDataURL()") != first, "another picture")
    load(page, flat, "flat.txt")
    bench.wait_for(lambda: canvas.evaluate("(one) => one.toDataURL()") == first, "the first picture again")
    load(page)
    fit(page, bands=2)
    load(page, flat, "flat.txt")
    bench.wait_for(lambda: canvas.evaluate("(one) => one.toDataURL()") == first, "the first picture after a fit")


def test_undo_in_the_dialog_takes_back_what_it_applied(bench: Bench) -> None:
    page = bench.page
    open_dialog(bench, page)
    load(page)
    fit(page, bands=2)
    values = bench.api.values(EQ)
    assert button(page, "Undo").get_attribute("aria-disabled") == "true"
    button(page, "Apply").click()
    bench.wait_for(lambda: bands_on(bench, 0), "bands are on")
    button(page, "Undo").click()
    bench.wait_for(lambda: bench.api.values(EQ) == values, "all values are as before")
    assert button(page, "Undo").get_attribute("aria-disabled") == "true"


def test_a_pasted_text_is_read_and_a_wrong_one_named_by_its_line(bench: Bench) -> None:
    page = bench.page
    open_dialog(bench, page)
    text = dialog(page).get_by_label("Text of the measurement")
    text.fill("20 70\n30 71\n25 72")
    expect(dialog(page).get_by_role("alert")).to_have_text(re.compile("Pasted text: Line 3.*ascend"), timeout=MANY)
    assert button(page, "Fit").get_attribute("aria-disabled") == "true"
    text.fill("20 70\n30 71\n35 72")
    expect(dialog(page).get_by_text("Pasted text: 3 points, 20.0 Hz to 35.0 Hz")).to_be_visible(timeout=MANY)
    # What the extension refuses is said in its words.
    button(page, "Fit").click()
    expect(dialog(page).get_by_role("alert")).to_have_text(re.compile("at least 8"), timeout=MANY)


def test_a_house_curve_tilts_the_target(bench: Bench) -> None:
    page = bench.page
    open_dialog(bench, page)
    load(page)
    page.evaluate("""() => {
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) { (window.sent ??= []).push(data); return send.call(this, data); };
    }""")
    dialog(page).get_by_role("combobox", name="Target").select_option("slope")
    set_number(page, "Per octave", "-2")
    fit(page, bands=2)
    sent = page.evaluate("() => window.sent.filter((text) => text.includes('auto_eq.fit'))")
    assert len(sent) == 1 and '"bands":2' in sent[0], sent
    request = json.loads(sent[0])["data"]
    slope = (request["target"][24] - request["target"][0]) / 2
    assert abs(slope + 2) < 0.01, slope
    assert request["sampleRate"] == 48000 and request["maxBoostDb"] == 6


def test_a_fit_can_be_cancelled(bench: Bench) -> None:
    page = bench.page
    open_dialog(bench, page)
    load(page)
    set_number(page, "Bands", "2")
    with held_up(bench):
        button(page, "Fit").click()
        expect(dialog(page).get_by_role("progressbar")).to_be_visible()
        button(page, "Cancel").click()
        expect(dialog(page).get_by_role("progressbar")).to_be_hidden()
        expect(button(page, "Fit")).to_be_focused()
    # The next one is answered all the same.
    fit(page, bands=2)


def test_a_crash_is_shown_and_the_extension_comes_back(bench: Bench) -> None:
    page = bench.page
    open_dialog(bench, page)
    load(page)
    with held_up(bench) as process:
        button(page, "Fit").click()
        expect(dialog(page).get_by_role("progressbar")).to_be_visible()
        os.kill(process, signal.SIGKILL)
    expect(dialog(page).get_by_role("alert")).to_be_visible(timeout=MANY)
    assert dialog(page).get_by_role("alert").inner_text().strip()
    print(f"    {dialog(page).get_by_role('alert').inner_text()}")
    # It is started again, and takes the next question.
    expect(button(page, "Fit")).not_to_have_attribute("aria-disabled", "true", timeout=MANY)
    fit(page, bands=2)
    page.keyboard.press("Escape")
    expect(auto_button(page)).to_be_focused()


def test_while_it_is_away_the_button_says_why(bench: Bench) -> None:
    page = bench.page
    bench.tab("EQ", page)
    expect(auto_button(page)).to_be_enabled(timeout=MANY)
    os.kill(process_of(bench), signal.SIGKILL)
    expect(auto_button(page)).to_be_disabled()
    assert NAME in (auto_button(page).get_attribute("title") or "")
    expect(auto_button(page)).to_be_enabled(timeout=MANY)


def test_the_list_says_how_it_is_doing_and_restarts_it(bench: Bench) -> None:
    page = bench.page
    connection(page).click()
    entry = page.get_by_role("dialog", name="Node").get_by_role("listitem").filter(has_text=NAME)
    expect(entry.locator(".extension-state")).to_have_text("Ready", timeout=MANY)
    expect(entry).to_contain_text("auto_eq.fit, auto_eq.from_capture, auto_eq.read_csv")
    process = process_of(bench)
    entry.get_by_role("button", name=f"Restart {NAME}").click()
    expect(notices(page)).to_contain_text("is being restarted")
    bench.wait_for(lambda: process_of(bench) != process, "another process")
    expect(entry.locator(".extension-state")).to_have_text("Ready", timeout=MANY)


def test_a_node_without_extensions_shows_none(bench: Bench) -> None:
    node = NodeProcess(NodeOptions(source="noise"))
    try:
        node.start()
        bench.also_at(node.address)
        asked: list[str] = []
        context = bench.new_context()
        context.on("request", lambda request: asked.append(request.url))
        page = bench.new_page(url=node.url, context=context)
        bench.tab("EQ", page)
        page.locator(".eq-pane").get_by_role("button", name="Filters").wait_for()
        expect(auto_button(page)).to_have_count(0)
        connection(page).click()
        page.get_by_role("dialog", name="Node").wait_for()
        expect(page.get_by_role("heading", name="Extensions")).to_have_count(0)
        assert not [url for url in asked if "extensions" in url], asked
        page.close()
    finally:
        node.close()


def accessible_in(bench: Bench, theme: str) -> None:
    page = bench.new_page(theme=theme, bypass_csp=True)
    open_dialog(bench, page)
    found = violations(page, ".dialog")
    load(page)
    fit(page, bands=3)
    dialog(page).locator("summary").click()
    found += violations(page, ".dialog")
    bench.screenshot(f"auto-eq-desktop-{theme}", page)
    page.keyboard.press("Escape")
    connection(page).click()
    page.locator(".extension-state").wait_for()
    found += violations(page, ".dialog")
    bench.screenshot(f"extensions-desktop-{theme}", page)
    assert not found, "\n".join(dict.fromkeys(found))


def test_the_panels_are_accessible_in_the_dark_theme(bench: Bench) -> None:
    accessible_in(bench, "dark")


def test_the_panels_are_accessible_in_the_light_theme(bench: Bench) -> None:
    accessible_in(bench, "light")


def too_wide(page: Page) -> list[str]:
    return page.evaluate(
        "() => [...document.querySelectorAll('.dialog, .dialog-body, html')].filter((one) => one.scrollWidth > one.clientWidth)"
        ".map((one) => one.className)"
    )


def on_a_tablet(bench: Bench, theme: str) -> None:
    """Lying and standing: without a bar to scroll sideways."""
    for name, viewport in (("tablet", TABLET), ("narrow", {"width": 720, "height": 1024})):
        page = bench.new_page(viewport=viewport, touch=True, theme=theme)
        if name == "narrow":
            page.keyboard.press("Alt+3")
        open_dialog(bench, page)
        load(page)
        fit(page, bands=3)
        dialog(page).get_by_role("combobox", name="Range").select_option("given")
        dialog(page).get_by_role("combobox", name="Target").select_option("curve")
        assert not too_wide(page), (name, too_wide(page))
        bench.screenshot(f"auto-eq-{name}-{theme}", page)


def test_the_panel_fits_a_tablet_in_the_dark_theme(bench: Bench) -> None:
    on_a_tablet(bench, "dark")


def test_the_panel_fits_a_tablet_in_the_light_theme(bench: Bench) -> None:
    on_a_tablet(bench, "light")


def test_the_panel_needs_no_mouse(bench: Bench) -> None:
    page = bench.page
    bench.tab("EQ", page)
    expect(auto_button(page)).to_be_enabled(timeout=MANY)
    auto_button(page).focus()
    page.keyboard.press("Enter")
    text = dialog(page).get_by_label("Text of the measurement")
    expect(text).to_be_focused()
    page.keyboard.insert_text(measurement())
    expect(dialog(page).get_by_text("Pasted text: 120 points")).to_be_visible(timeout=MANY)
    tab_to(page, "Bands")
    page.keyboard.type("2")
    tab_to(page, "Fit")
    page.keyboard.press("Enter")
    expect(button(page, "Apply")).to_have_text(re.compile(r"Apply \d"), timeout=MANY)
    expect(button(page, "Fit")).to_be_focused()
    tab_to(page, "Apply")
    page.keyboard.press("Enter")
    bench.wait_for(lambda: bands_on(bench, 0), "bands are on")
    # Round the dialog, and never out of it.
    tab_to(page, "Close")
    page.keyboard.press("Shift+Tab")
    tab_to(page, "Text of the measurement")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    expect(auto_button(page)).to_be_focused()


def tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate("""() => {
            const element = document.activeElement;
            const isInside = element.closest(".dialog") !== null;
            return isInside ? (element.getAttribute("aria-label") ?? element.innerText ?? "").trim() : null;
        }""")
        assert focused is not None, "the focus has left the dialog"
        if focused.startswith(name):
            return
    raise AssertionError(f"Tab does not reach {name}")
