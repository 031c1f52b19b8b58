"""Levels and spectra: what the page shows is what the node measures; clip lights, hold, cursor, export."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from harness import Bench, NodeOptions
from panes import open_pane, select_module

# A sine of 1 kHz with a peak of −20 dBFS: 23.01 dB below full scale as RMS.
NODE = NodeOptions(source="tone")
PATIENCE = 20.0

# Bars' colours in the picture, by the theme's names.
COUNT = """(canvas, name) => {
    const wanted = document.createElement("canvas").getContext("2d");
    wanted.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    wanted.fillRect(0, 0, 1, 1);
    const [r, g, b] = wanted.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
        if (Math.abs(data[i] - r) < 4 && Math.abs(data[i + 1] - g) < 4 && Math.abs(data[i + 2] - b) < 4) count += 1;
    }
    return count;
}"""


def number(text: str) -> float:
    """A level as the page writes it."""
    found = re.search(r"[−+]?\d+(\.\d+)?", text)
    if found is None:
        assert "∞" in text, f"no level: {text!r}"
        return -120.0
    return float(found.group().replace("−", "-"))


def choose(pane: Locator, *names: str) -> None:
    """Meters exactly these, found by typing."""
    page = pane.page
    pane.get_by_role("button", name="Choose what is metered").click()
    page.get_by_role("button", name="Choose none").click()
    for name in names:
        page.get_by_role("searchbox", name="Search modules").fill(name)
        page.get_by_role("checkbox", name=name).first.check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Choose what is metered")).to_have_count(0)


def row(page: Page, source: str, channel: int = 0) -> list[float]:
    """Peak, RMS, held and highest level of one channel from the table, dBFS."""
    cells = page.locator(f"tr[data-source='{source}'][data-channel='{channel}'] td.numbers").all_inner_texts()
    assert len(cells) == 4, f"no levels of {source} in the table"
    return [number(text) for text in cells]


def near(value: float, wanted: float, by: float = 0.3) -> bool:
    return abs(value - wanted) <= by


def bars(page: Page) -> Locator:
    return page.locator(".meter-frame canvas")


def test_levels_are_those_of_the_node(bench: Bench) -> None:
    pane = open_pane(bench.page, "Meters")
    choose(pane, "Chain input", "gain#1", "Chain output")
    pane.get_by_role("button", name="Table", exact=True).click()
    bench.wait_for(lambda: near(row(bench.page, "$io:input")[0], -20), "the input's peak is read", PATIENCE)
    bench.wait_for(lambda: near(row(bench.page, "$io:input")[1], -23.01), "and its RMS, 3.01 dB lower", PATIENCE)
    bench.api.apply("gain#1", {"gainDb#0": -6, "gainDb#1": -12})
    bench.wait_for(lambda: near(row(bench.page, "gain#1", 0)[1], -29.01), "the gain's first channel follows", PATIENCE)
    bench.wait_for(lambda: near(row(bench.page, "gain#1", 1)[1], -35.01), "and its second", PATIENCE)
    for channel, wanted in ((0, -29.01), (1, -35.01)):
        bench.wait_for(
            lambda: near(row(bench.page, "$io:output", channel)[1], wanted), "so does the chain's output", PATIENCE
        )
        bench.wait_for(lambda: near(bench.api.rms("gain#1")[channel], wanted), "the node tells the same", PATIENCE)
        bench.wait_for(lambda: near(bench.api.rms("$output")[channel], wanted), "of its output too", PATIENCE)


def test_bars_move_with_the_level_and_lie_down(bench: Bench) -> None:
    pane = open_pane(bench.page, "Meters")
    choose(pane, "gain#1")

    def filled() -> int:
        return int(bars(bench.page).evaluate(COUNT, "--meter-low"))

    bench.wait_for(lambda: filled() > 500, "the bars are drawn", PATIENCE)
    bench.pump(1500)
    loud = filled()
    bench.api.apply("gain#1", {"gainDb#0": -30, "gainDb#1": -30})
    bench.wait_for(lambda: filled() < 0.4 * loud, "the bars fall", PATIENCE)
    pane.get_by_role("combobox", name="Lowest level of the scale").select_option("-120")
    bench.wait_for(lambda: filled() > 0.6 * loud, "a longer scale shows lower levels higher", PATIENCE)
    pane.get_by_role("button", name="Horizontal").press("Enter")
    bench.wait_for(lambda: filled() > 0, "bars on their side", PATIENCE)
    box = bars(bench.page).bounding_box()
    assert box is not None and box["height"] > 40


def test_the_clip_light_stays_until_it_is_cleared(bench: Bench) -> None:
    pane = open_pane(bench.page, "Meters")
    choose(pane, "gain#1")
    expect(pane.get_by_role("button", name="Clear", exact=True)).to_be_visible()
    bench.api.apply("gain#1", {"gainDb#0": 24, "gainDb#1": 24})
    expect(pane.get_by_role("button", name="Clear 2 clips")).to_be_visible(timeout=PATIENCE * 1000)
    bench.api.apply("gain#1", {"gainDb#0": 0, "gainDb#1": 0})
    bench.wait_for(lambda: near(bench.api.rms("gain#1")[0], -23.01), "the level is low again", PATIENCE)
    bench.pump(300)
    expect(pane.get_by_role("button", name="Clear 2 clips")).to_be_visible()
    # The only module's two strips begin behind the scale and are 56 px wide.
    bars(bench.page).click(position={"x": 64, "y": 23})
    expect(pane.get_by_role("button", name="Clear 1 clip")).to_be_visible(timeout=PATIENCE * 1000)
    bars(bench.page).click(position={"x": 400, "y": 60}, modifiers=["Shift"])
    expect(pane.get_by_role("button", name="Clear", exact=True)).to_be_visible(timeout=PATIENCE * 1000)


def test_a_clip_is_noticed_while_another_tab_is_in_front(bench: Bench) -> None:
    peaks: list[float] = []

    def note(data: str | bytes) -> None:
        message = json.loads(data)
        if message.get("type") == "debug_metrics":
            # Without levels until the page's wish has reached the node.
            peaks.extend(message["modules"].get("gain#1", {}).get("outputPeakDb", [])[:1])

    context = bench.new_context()
    context.on("page", lambda page: page.on("websocket", lambda socket: socket.on("framereceived", note)))
    page = bench.new_page(context=context)
    choose(open_pane(page, "Meters"), "gain#1")
    open_pane(page, "Log")
    bench.api.apply("gain#1", {"gainDb#0": 24, "gainDb#1": 24})
    bench.wait_for(lambda: max(peaks, default=-120) >= 0, "the page is told of the clip", PATIENCE)
    bench.api.apply("gain#1", {"gainDb#0": 0, "gainDb#1": 0})
    bench.wait_for(lambda: peaks[-1] < -10, "the level is low again", PATIENCE)
    pane = open_pane(page, "Meters")
    expect(pane.get_by_role("button", name="Clear 2 clips")).to_be_visible(timeout=PATIENCE * 1000)


def test_clip_lights_by_keyboard(bench: Bench) -> None:
    pane = open_pane(bench.page, "Meters")
    choose(pane, "gain#1")
    bench.api.apply("gain#1", {"gainDb#0": 24, "gainDb#1": 24})
    expect(pane.get_by_role("button", name="Clear 2 clips")).to_be_visible(timeout=PATIENCE * 1000)
    bench.api.apply("gain#1", {"gainDb#0": 0, "gainDb#1": 0})
    bench.wait_for(lambda: near(bench.api.rms("gain#1")[0], -23.01), "the level is low again", PATIENCE)
    bench.pump(300)
    bars(bench.page).focus()
    bench.page.keyboard.press("ArrowRight")
    bench.page.keyboard.press("ArrowRight")
    expect(pane.locator("[aria-live]").filter(has_text="channel 2")).to_have_count(1)
    bench.page.keyboard.press("Enter")
    expect(pane.get_by_role("button", name="Clear 1 clip")).to_be_visible(timeout=PATIENCE * 1000)
    bench.page.keyboard.press("Shift+Enter")
    expect(pane.get_by_role("button", name="Clear", exact=True)).to_be_visible(timeout=PATIENCE * 1000)


def test_hold_stays_as_long_as_it_is_told(bench: Bench) -> None:
    pane = open_pane(bench.page, "Meters")
    choose(pane, "gain#1")
    pane.get_by_role("button", name="How the meters move").click()
    bench.page.get_by_label("Peak hold").select_option("Infinity")
    bench.page.keyboard.press("Escape")
    pane.get_by_role("button", name="Table", exact=True).click()
    bench.wait_for(lambda: near(row(bench.page, "gain#1")[2], -20), "the level is held", PATIENCE)
    bench.api.apply("gain#1", {"gainDb#0": -40, "gainDb#1": -40})
    bench.wait_for(lambda: near(row(bench.page, "gain#1")[0], -60), "the peak falls", PATIENCE)
    bench.pump(2500)
    assert near(row(bench.page, "gain#1")[2], -20), "an infinite hold has fallen"
    pane.get_by_role("button", name="Clear", exact=True).click()
    bench.wait_for(lambda: near(row(bench.page, "gain#1")[2], -60), "hold begins again", PATIENCE)


def test_the_selected_module_is_metered_by_a_key_and_remembered(bench: Bench) -> None:
    page = bench.page
    pane = open_pane(page, "Meters")
    choose(pane)
    expect(pane.get_by_text("Nothing is metered")).to_be_visible()
    select_module(page, "eq#1")
    page.keyboard.press("Shift+M")
    expect(pane.get_by_role("button", name="Choose what is metered")).to_have_text("Choose… (1)")
    pane.get_by_role("combobox", name="Lowest level of the scale").select_option("-90")
    page.reload()
    bench.wait_until_connected(page)
    expect(pane.get_by_role("button", name="Choose what is metered")).to_have_text("Choose… (1)")
    expect(pane.get_by_role("combobox", name="Lowest level of the scale")).to_have_value("-90")
    select_module(page, "eq#1")
    page.keyboard.press("Shift+M")
    expect(pane.get_by_role("button", name="Choose what is metered")).to_have_text("Choose… (0)")


def test_moving_meters_leave_the_document_alone(bench: Bench) -> None:
    pane = open_pane(bench.page, "Meters")
    choose(pane, "Chain input", "gain#1", "eq#1", "delay#1", "limiter#1", "Chain output")
    bench.wait_for(lambda: bars(bench.page).evaluate(COUNT, "--meter-low") > 500, "the bars are drawn", PATIENCE)
    bench.pump(500)
    changes = bench.page.evaluate("""() => new Promise((resolve) => {
        let changes = 0;
        const observer = new MutationObserver((list) => { changes += list.length; });
        const pane = document.querySelector("[data-pane=meters]");
        observer.observe(pane, { subtree: true, childList: true, attributes: true, characterData: true });
        setTimeout(() => { observer.disconnect(); resolve(changes); }, 1000);
    })""")
    assert changes == 0, f"{changes} changes of the document in a second of moving meters"


def test_a_stopped_engine_shows_no_levels(bench: Bench) -> None:
    pane = open_pane(bench.page, "Meters")
    choose(pane, "Chain output")
    pane.get_by_role("button", name="Table", exact=True).click()
    bench.wait_for(lambda: near(row(bench.page, "$io:output")[1], -23.01, 1), "levels are there", PATIENCE)
    bench.api.ask("sim_stop")
    expect(pane.get_by_text("The engine is stopped")).to_be_visible(timeout=PATIENCE * 1000)
    bench.wait_for(lambda: row(bench.page, "$io:output")[1] < -110, "and fall away", PATIENCE)


# Spectrum


def legend(page: Page) -> Locator:
    return page.get_by_role("list", name="Curves").get_by_role("listitem")


def view(page: Page) -> Locator:
    return page.locator(".spectrum-frame canvas")


def level_at_cursor(page: Page, index: int = 0) -> float:
    return number(legend(page).nth(index).locator(".level").inner_text())


def exported(page: Page, to: Path) -> list[list[str]]:
    """The rows of the CSV that the page saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(to)
    return list(csv.reader(to.read_text().splitlines()))


def at(rows: list[list[str]], hertz: float, column: int = 1) -> float:
    nearest = min(rows[1:], key=lambda each: abs(float(each[0]) - hertz))
    return float(nearest[column])


def setting(page: Page, name: str) -> Locator:
    return page.locator(f"select[data-setting='{name}']")


def go_to_peak(bench: Bench) -> None:
    view(bench.page).focus()
    bench.page.keyboard.press("ArrowUp")


def test_the_spectrum_of_a_tone(bench: Bench) -> None:
    page = bench.page
    open_pane(page, "Spectrum")
    setting(page, "smoothing").select_option("0")

    def is_found() -> bool:
        go_to_peak(bench)
        place = legend(page).last.inner_text()
        return place.startswith(("1.0", "99", "98", "97")) and near(level_at_cursor(page), -20, 1)

    bench.wait_for(is_found, "the cursor finds 1 kHz at −20 dBFS", PATIENCE)
    assert re.search(r"[BC]\d", legend(page).last.inner_text()), "the note is told"
    bench.wait_for(
        lambda: near(level_at_cursor(page), bench.api.spectrum("$io").at(1000), 1), "the node tells the same", PATIENCE
    )
    page.keyboard.press("PageUp")
    expect(legend(page).last).to_contain_text("kHz")
    bench.wait_for(lambda: level_at_cursor(page) < -60, "an octave above there is nothing", PATIENCE)


def test_wires_are_chosen_searched_and_taken_away(bench: Bench) -> None:
    page = bench.page
    open_pane(page, "Spectrum")
    bench.api.apply("gain#1", {"gainDb#0": -10, "gainDb#1": -30})
    page.get_by_role("button", name="Choose wires").click()
    search = page.get_by_role("searchbox", name="Search modules")
    search.fill("gain")
    page.get_by_role("button", name="gain#1 input", exact=True).click()
    page.get_by_label("Channel", exact=True).select_option(label="2")
    page.get_by_role("button", name="gain#1 output, channel 2").press("Enter")
    page.keyboard.press("Escape")
    # Three curves and the cursor's own text.
    expect(legend(page)).to_have_count(4)
    setting(page, "smoothing").select_option("0")

    def levels() -> bool:
        go_to_peak(bench)
        return near(level_at_cursor(page, 1), -20, 1) and near(level_at_cursor(page, 2), -50, 1)

    bench.wait_for(levels, "in front of the gain −20, behind its second channel −50 dBFS", PATIENCE)
    page.get_by_role("button", name="No longer show gain#1 in", exact=True).click()
    expect(legend(page)).to_have_count(3)
    select_module(page, "limiter#1")
    page.keyboard.press("Shift+S")
    expect(legend(page)).to_have_count(4)


def test_pointer_cursor_freeze_and_restart(bench: Bench) -> None:
    page = bench.page
    open_pane(page, "Spectrum")
    setting(page, "averaging").select_option("none")
    setting(page, "smoothing").select_option("0")

    def point() -> bool:
        box = view(page).bounding_box()
        assert box is not None
        # 1 kHz lies at log(50)/log(1000) of the plot, which begins 46 px from the left and ends 16 from the right.
        page.mouse.move(box["x"] + 46 + (box["width"] - 62) * 0.5663, box["y"] + 30)
        page.mouse.move(box["x"] + 46 + (box["width"] - 62) * 0.5663, box["y"] + 31)
        return level_at_cursor(page) > -26

    bench.wait_for(point, "the pointer reads the tone", PATIENCE)
    page.get_by_role("button", name="Freeze").click()
    bench.api.apply("gain#1", {"gainDb#0": -40, "gainDb#1": -40})
    bench.wait_for(lambda: near(bench.api.rms("gain#1")[0], -63.01), "the gain is down", PATIENCE)
    bench.pump(500)
    bench.wait_for(point, "the frozen picture stays", PATIENCE)
    page.get_by_role("button", name="Freeze").click()
    bench.wait_for(lambda: not point() and level_at_cursor(page) < -55, "the living one follows", PATIENCE)


def test_smoothing_reference_peak_hold_and_export(bench: Bench) -> None:
    page = bench.page
    folder = bench.node.folder
    open_pane(page, "Spectrum")
    setting(page, "smoothing").select_option("0")
    setting(page, "averaging").select_option("infinite")
    page.get_by_role("button", name="Peak hold").click()

    def is_there() -> bool:
        return near(at(exported(page, folder / "a.csv"), 1000), -20, 1.5)

    bench.wait_for(is_there, "the exported curve has the tone", PATIENCE)
    page.get_by_role("button", name="Reference").click()
    bench.api.apply("gain#1", {"gainDb#0": -40, "gainDb#1": -40})
    bench.wait_for(lambda: near(bench.api.rms("gain#1")[0], -63.01), "the gain is down", PATIENCE)

    def begun_again() -> list[list[str]]:
        # Once more as long as what the page knew at the restart was still of the time before.
        page.get_by_role("button", name="Restart").click()
        bench.pump(400)
        rows = exported(page, folder / "b.csv")
        assert near(at(rows, 1000, 1), -60, 1.5), f"the curve began again: {at(rows, 1000, 1)}"
        assert near(at(rows, 1000, 2), -60, 1.5), f"and so did peak hold: {at(rows, 1000, 2)}"
        return rows

    rows = bench.wait_for(begun_again, "curve and peak hold begin again", PATIENCE)
    columns = [name.split(", ")[-1].split(" (")[0] for name in rows[0]]
    assert columns == ["Frequency", "Chain output", "peak hold", "reference"]
    assert len(rows) == 241 and near(float(rows[1][0]), 20, 0.01) and near(float(rows[240][0]), 20000, 0.1)
    assert near(at(rows, 1000, 3), -20, 1.5), "the reference is what it was"
    setting(page, "smoothing").select_option("1")
    smooth = exported(page, folder / "c.csv")
    assert at(smooth, 1000, 3) < -25, "a tone spread over an octave is lower"
    setting(page, "smoothing").select_option("0")
    page.get_by_role("button", name="How the curves are shown").click()
    setting(page, "tilt").select_option("3")
    page.keyboard.press("Escape")
    tilted = exported(page, folder / "d.csv")
    rise = at(tilted, 2000, 3) - at(rows, 2000, 3)
    assert near(rise, 3, 0.2), f"tilt adds {rise} dB at 2 kHz"
    page.get_by_role("button", name="Reference").click()
    assert len(exported(page, folder / "e.csv")[0]) == 3, "the reference is put away"
