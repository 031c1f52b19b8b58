"""The frame: strip, panes, themes, memory, and that everything can be seen at both sizes."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

import measuring
from geometry import faults
from harness import DESKTOP, TABLET, Bench, NodeOptions
from panes import PANES, connection, open_pane, select_module, side, strip, tab, type_gain

NODE = NodeOptions(source="tone")
QUIET = -100
TONE_RMS = -23.01
FINGER = 32


def pressed(page: Page, name: str) -> bool:
    return strip(page).get_by_role("button", name=name, exact=True).get_attribute("aria-pressed") == "true"


def output_rms(bench: Bench) -> float:
    return max(bench.api.rms("$output"))


def heard(bench: Bench, level: float, what: str) -> None:
    bench.wait_for(lambda: abs(output_rms(bench) - level) < 0.15, what)


def silent(bench: Bench, what: str) -> None:
    bench.wait_for(lambda: output_rms(bench) < QUIET, what)


# strip


def test_the_strip_tells_of_the_node(bench: Bench) -> None:
    page = bench.page
    expect(connection(page)).to_contain_text("Connected")
    expect(strip(page).get_by_label("Mode")).to_have_value("chain_builder")
    engine = strip(page).get_by_role("group", name="Engine")
    expect(engine).to_contain_text("Running")
    expect(engine).to_contain_text("48 kHz")
    samples = bench.api.engine()["latencySamples"]
    expect(engine).to_contain_text(f"{samples / 48:.2f} ms")
    load = engine.get_by_role("meter", name="Engine load")
    bench.wait_for(lambda: float(load.get_attribute("value") or 0) >= 0, "the load is shown")
    connection(page).click()
    expect(page.get_by_role("dialog")).to_contain_text(bench.node.address)


def test_the_engine_stops_and_starts(bench: Bench) -> None:
    page = bench.page
    strip(page).get_by_role("button", name="Stop the engine").click()
    bench.wait_for(lambda: bench.api.status()["simRunning"] is False, "the engine stops")
    expect(strip(page).get_by_role("group", name="Engine")).to_contain_text("Stopped")
    strip(page).get_by_role("button", name="Start the engine").click()
    bench.wait_for(lambda: bench.api.status()["simRunning"] is True, "the engine starts")
    expect(strip(page).get_by_role("group", name="Engine")).to_contain_text("Running")
    heard(bench, TONE_RMS, "it plays")


def test_mute_and_dim(bench: Bench) -> None:
    page = bench.page
    heard(bench, TONE_RMS, "the tone plays")
    strip(page).get_by_role("button", name="Mute", exact=True).click()
    silent(bench, "mute")
    assert pressed(page, "Mute")
    page.keyboard.press("m")
    heard(bench, TONE_RMS, "its end, by key")
    strip(page).get_by_role("button", name="Dim", exact=True).click()
    heard(bench, TONE_RMS - 20, "dim")
    strip(page).get_by_role("button", name="Dim", exact=True).click()
    heard(bench, TONE_RMS, "its end")


def test_a_switch_turns_once_while_its_key_is_held_and_twice_for_two_presses(bench: Bench) -> None:
    context = bench.new_context()
    measuring.probe(context)
    page = bench.new_page(context=context)
    heard(bench, TONE_RMS, "the tone plays")
    measuring.begin(page)
    for _ in range(5):
        page.keyboard.down("m")
    page.keyboard.up("m")
    silent(bench, "mute")
    assert [message["muted"] for message in measuring.sent(page, "set_output")] == [True]
    # Both presses before any answer: in one go of the page.
    page.evaluate(
        """() => {
            for (let count = 0; count < 2; count += 1) {
                document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "m", bubbles: true }));
            }
        }"""
    )
    bench.wait_for(lambda: len(measuring.sent(page, "set_output")) == 3, "both presses are sent")
    assert [message["muted"] for message in measuring.sent(page, "set_output")] == [True, False, True]
    bench.wait_for(lambda: pressed(page, "Mute"), "the switch shows the last of them")
    silent(bench, "still muted")


def test_escape_is_panic(bench: Bench) -> None:
    page = bench.page
    page.keyboard.press("Escape")
    silent(bench, "panic")
    assert bench.api.output()["panic"] is True
    expect(page.get_by_role("alert").filter(has_text="Panic")).to_be_visible()
    page.keyboard.press("Escape")
    assert bench.api.output()["panic"] is True, "the key that silences must not make loud"
    strip(page).get_by_role("button", name="Release").click()
    heard(bench, TONE_RMS, "its end")


def test_shift_escape_is_panic_from_anywhere(bench: Bench) -> None:
    page = bench.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Shift+Escape")
    silent(bench, "panic")


def test_the_chain_is_bypassed_at_equal_loudness(bench: Bench) -> None:
    page = bench.page
    bench.api.apply("gain#1", {"gainDb#0": -12, "gainDb#1": -12})
    heard(bench, TONE_RMS - 12, "the chain plays")
    strip(page).get_by_role("button", name="Bypass", exact=True).click()
    bench.wait_for(lambda: bench.api.output()["bypassed"], "the chain is bypassed")
    bench.wait_for(lambda: bench.api.output()["matchDb"] < -6, "the loudness is matched")
    match = strip(page).get_by_title("Compare at equal loudness")
    match.click()
    heard(bench, TONE_RMS, "the input itself")
    match.click()
    strip(page).get_by_role("button", name="Bypass", exact=True).click()
    heard(bench, TONE_RMS - 12, "the chain again")


def fader(page: Page) -> Locator:
    return strip(page).get_by_role("slider", name="Master level")


def level(bench: Bench) -> float:
    return float(bench.api.output()["levelDb"])


def test_the_master_level_by_keys(bench: Bench) -> None:
    page = bench.page
    fader(page).focus()
    for keys, expected in [
        ("ArrowDown", -0.5), ("PageDown", -5.5), ("Shift+ArrowUp", -5.4), ("ArrowUp", -4.9), ("End", 0), ("Home", -120),
        ("End", 0),
    ]:
        page.keyboard.press(keys)
        bench.wait_for(lambda: abs(level(bench) - expected) < 0.01, f"{keys} sets {expected} dB")
    page.keyboard.press("PageDown")
    heard(bench, TONE_RMS - 5, "and is heard")


def test_the_master_level_by_pointer(bench: Bench) -> None:
    page = bench.page
    box = fader(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    assert level(bench) == 0, "a press beside the knob makes nothing loud"
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 20, steps=5)
    page.mouse.up()
    shown = float(fader(page).get_attribute("aria-valuenow") or "nan")
    assert shown < -1, "a drag down lowers the level"
    bench.wait_for(lambda: level(bench) == shown, "the last position arrives")
    heard(bench, TONE_RMS + shown, "and is heard")
    page.mouse.wheel(0, 100)
    bench.wait_for(lambda: abs(level(bench) - (shown - 0.5)) < 0.01, "the wheel lowers it by a step")
    fader(page).dblclick()
    bench.wait_for(lambda: level(bench) == 0, "a double-click sets 0 dB")


def test_the_master_level_is_typed(bench: Bench) -> None:
    page = bench.page
    field = strip(page).get_by_role("textbox", name="Master level in dB")
    field.fill("-12.5")
    field.press("Enter")
    bench.wait_for(lambda: level(bench) == -12.5, "the level arrives")
    heard(bench, TONE_RMS - 12.5, "and is heard")


def test_clips_are_counted(bench: Bench) -> None:
    page = bench.page
    counter = strip(page).locator("button.clips")
    expect(counter).to_have_text("0")
    bench.api.set_output(levelDb=24)
    bench.wait_for(lambda: bench.api.engine()["clippedSamples"] > 0, "the output clips")
    bench.wait_for(lambda: counter.inner_text() != "0", "the counter counts")
    bench.api.set_output(levelDb=0)
    bench.wait_for(lambda: counter.inner_text() == str_of_clips(bench), "all of them are counted")
    counter.click()
    expect(counter).to_have_text("0")


def str_of_clips(bench: Bench) -> str:
    count = bench.api.engine()["clippedSamples"]
    return ">99 999" if count > 99_999 else str(count)


def test_the_mode_is_chosen(bench: Bench) -> None:
    page = bench.page
    strip(page).get_by_label("Mode").select_option("tuning")
    bench.wait_for(lambda: bench.api.mode() == "tuning", "the node is in the mode")


def test_undo_and_redo_by_key(bench: Bench) -> None:
    page = bench.page
    select_module(page, "gain#1")
    open_pane(page, "Parameters")
    type_gain(page, "-6")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == -6, "the change arrives")
    tab(page, "Parameters").focus()
    page.keyboard.press("Control+z")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == 0, "it is taken back")
    page.keyboard.press("Control+Shift+z")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == -6, "it is made again")


# panes


def width(page: Page, name: str) -> float:
    box = side(page, name).bounding_box()
    assert box is not None
    return box["height"] if name == "bottom" else box["width"]


def splitter(page: Page, name: str) -> Locator:
    return page.get_by_role("separator", name=f"Size of the {name}")


def drag_by(page: Page, element: Locator, x: float, y: float) -> None:
    box = element.bounding_box()
    assert box is not None
    start = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + x, start[1] + y, steps=4)
    page.mouse.up()


def test_panes_are_resized_by_pointer_and_stay_so(bench: Bench) -> None:
    page = bench.page
    before = {name: width(page, name) for name in ("left", "right", "bottom")}
    drag_by(page, splitter(page, "left side"), 60, 0)
    drag_by(page, splitter(page, "right side"), 40, 0)
    drag_by(page, splitter(page, "bottom"), 0, -50)
    after = {"left": before["left"] + 60, "right": before["right"] - 40, "bottom": before["bottom"] + 50}

    def has_sizes() -> bool:
        return all(abs(width(page, name) - after[name]) < 3 for name in after)

    bench.wait_for(has_sizes, f"the sizes are {after}")
    page.reload()
    bench.wait_until_connected(page)
    bench.wait_for(has_sizes, "and are again after a reload")


def test_panes_are_resized_by_keys(bench: Bench) -> None:
    page = bench.page
    before = width(page, "left")
    splitter(page, "left side").focus()
    page.keyboard.press("ArrowRight")
    bench.wait_for(lambda: abs(width(page, "left") - before - 16) < 2, "one step wider")
    page.keyboard.press("ArrowLeft")
    bench.wait_for(lambda: abs(width(page, "left") - before) < 2, "and back")
    page.keyboard.press("Shift+ArrowRight")
    splitter(page, "left side").dblclick()
    bench.wait_for(lambda: abs(width(page, "left") - before) < 2, "a double-click gives the usual size")


def test_panes_are_hidden_and_shown(bench: Bench) -> None:
    page = bench.page
    names = {"left": ("Left side", "Alt+1"), "bottom": ("Bottom", "Alt+2"), "right": ("Right side", "Alt+3")}
    for name, (button, key) in names.items():
        strip(page).get_by_role("button", name=button).click()
        expect(side(page, name)).to_have_count(0)
        page.keyboard.press(key)
        expect(side(page, name)).to_be_visible()
        side(page, name).get_by_role("button", name="Hide").click()
        expect(side(page, name)).to_have_count(0)
    page.reload()
    bench.wait_until_connected(page)
    for name in names:
        expect(side(page, name)).to_have_count(0)
    for _, key in names.values():
        page.keyboard.press(key)
    for name in names:
        expect(side(page, name)).to_be_visible()


def test_a_pane_in_front_stays_there(bench: Bench) -> None:
    page = bench.page
    open_pane(page, "Navigator")
    open_pane(page, "History")
    page.reload()
    bench.wait_until_connected(page)
    for name in ("Navigator", "History"):
        expect(tab(page, name)).to_have_attribute("aria-selected", "true")


def test_a_pane_is_enlarged(bench: Bench) -> None:
    page = bench.page
    before = width(page, "bottom")
    side(page, "bottom").get_by_role("button", name="Make larger").click()
    bench.wait_for(lambda: width(page, "bottom") > before + 100, "the bottom is large")
    side(page, "bottom").get_by_role("button", name="Make smaller").click()
    bench.wait_for(lambda: abs(width(page, "bottom") - before) < 2, "and as before")


# themes


def colours(page: Page) -> tuple[Any, ...]:
    return tuple(
        page.evaluate(
            """() => {
                const style = getComputedStyle(document.querySelector(".page"));
                return [style.backgroundColor, style.color];
            }"""
        )
    )


def choose_theme(page: Page, name: str) -> None:
    strip(page).get_by_role("button", name="Theme").click()
    page.get_by_role("menuitemcheckbox", name=name).click()


def test_the_theme_follows_the_system_or_the_choice(bench: Bench) -> None:
    page = bench.new_page(theme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    light = colours(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = colours(page)
    assert light != dark
    choose_theme(page, "Light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    bench.wait_until_connected(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    choose_theme(page, "As the system")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


# history, log, library, navigator


def test_the_history_says_what_changed_and_goes_back(bench: Bench) -> None:
    page = bench.page
    select_module(page, "gain#1")
    open_pane(page, "Parameters")
    for text in ("-6", "-9"):
        type_gain(page, text)
        bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == float(text), "the change arrives")
        type_gain(page, text, channel=2)
        bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#1") == float(text), "the change arrives")
    panel = open_pane(page, "History")
    entries = panel.locator(".history-entry")
    expect(entries.first).to_contain_text("-9")
    count = entries.count()
    assert count >= 4
    entries.nth(1).click()
    panel.get_by_role("button", name="Take back").click()
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") != -9, "two steps are taken back")
    assert bench.api.number("gain#1", "gainDb#1") != -9
    panel.get_by_role("searchbox", name="Search history").fill("gainDb#1")
    expect(entries.first).to_contain_text("gainDb#1")
    assert entries.count() < count


def test_the_log_shows_the_nodes_lines(bench: Bench) -> None:
    panel = open_pane(bench.page, "Log")
    bench.api.ask("sim_stop")
    bench.api.ask("sim_start")
    bench.wait_for(lambda: "ngine" in panel.inner_text() or "imulation" in panel.inner_text(), "lines of the engine")


def test_the_library_is_searched_and_adds(bench: Bench) -> None:
    page = bench.page
    panel = open_pane(page, "Library")
    search = panel.get_by_role("searchbox", name="Find a module")
    search.fill("limi")
    expect(panel.get_by_role("option").first).to_contain_text("Limiter")
    search.press("Enter")
    bench.wait_for(lambda: "limiter#2" in bench.api.instances(), "the module is in the chain")


def test_the_navigator_selects(bench: Bench) -> None:
    page = bench.page
    select_module(page, "eq#1")
    expect(tab(page, "EQ")).to_have_attribute("aria-selected", "true")
    select_module(page, "gain#1")
    expect(tab(page, "Parameters")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("spinbutton", name="Gain, channel 1", exact=True)).to_be_visible()


def test_the_keys_are_listed_and_searched(bench: Bench) -> None:
    page = bench.page
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys and gestures")
    expect(dialog).to_contain_text("Panic")
    dialog.get_by_role("searchbox").fill("undo")
    expect(dialog).to_contain_text("Undo")
    assert "Panic" not in dialog.inner_text()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert bench.api.output()["panic"] is False


# sizes


def use_bands(bench: Bench) -> None:
    """Bands of the longest texts."""
    bench.api.apply("eq#1", {"type#0#0": "highShelf", "freq#0#0": 12_500, "gainDb#0#0": -11.5, "bandEnable#0#0": True})


def test_an_enlarged_side_covers_nothing(bench: Bench) -> None:
    use_bands(bench)
    found: list[str] = []
    for size in (DESKTOP, TABLET):
        page = bench.new_page(viewport=size, touch=size == TABLET)
        select_module(page, "eq#1")
        open_pane(page, "EQ")
        for name in ("bottom", "right"):
            side(page, name).get_by_role("button", name="Make larger").click()
            found += [f"{size['width']}, {name} large: {fault}" for fault in faults(page)]
    assert not found, "\n".join(found)


def everything_fits(bench: Bench, page: Page, least: int) -> None:
    """`least` is the least width and height of what is hit, in pixels."""
    use_bands(bench)
    select_module(page, "gain#1")
    found: list[str] = []
    for pane in PANES:
        open_pane(page, pane)
        found += [f"{pane}: {fault}" for fault in faults(page, least)]
    select_module(page, "eq#1")
    for pane in ("Parameters", "EQ", "Presets"):
        open_pane(page, pane)
        found += [f"{pane} of eq#1: {fault}" for fault in faults(page, least)]
    assert not found, "\n".join(dict.fromkeys(found))


def test_everything_fits_at_1280_by_800(bench: Bench) -> None:
    everything_fits(bench, bench.new_page(viewport=DESKTOP), 0)


def test_everything_fits_on_a_tablet_and_can_be_hit(bench: Bench) -> None:
    everything_fits(bench, bench.new_page(viewport=TABLET, touch=True), FINGER)
