"""Panels of parameters: every control by mouse and keyboard, its effect at the node and in the sound."""

from __future__ import annotations

import json
from typing import Any, Optional

from playwright.sync_api import Locator, Page, expect

import chains
from harness import ROOT, Bench, NodeOptions
from measuring import begin, most_in_a_picture, probe, sent
from panes import open_pane, select_module

NODE = NodeOptions(source="tone")

# The source is a sine with a peak of −20 dBFS.
TONE_RMS = -23.01


def show(bench: Bench, instance: str, page: Optional[Page] = None) -> Locator:
    """Selects a module and brings its parameters to the front."""
    page = page or bench.page
    select_module(page, instance)
    panel = open_pane(page, "Parameters")
    expect(panel.get_by_role("heading", level=2, name=instance, exact=True)).to_be_visible()
    return panel


def field(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("spinbutton", name=name, exact=True)


def slider(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("slider", name=name, exact=True)


def toggle(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("button", name=name, exact=True)


def enter(panel: Locator, name: str, text: str) -> Locator:
    """Types over what a field shows and presses Enter."""
    box = field(panel, name)
    box.click()
    box.fill(text)
    box.press("Enter")
    return box


def is_near(value: float, wanted: float, slack: float = 1e-4) -> bool:
    return abs(value - wanted) <= slack


def heard(bench: Bench, instance: str, channel: int, rms: float, slack: float = 0.15) -> None:
    bench.wait_for(
        lambda: is_near(bench.api.rms(instance)[channel], rms, slack), f"channel {channel + 1} of {instance} at {rms} dB"
    )


def paste(page: Page, text: str) -> None:
    """What Ctrl-V does with this text in the clipboard, at the element that has the focus."""
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def centre(target: Locator) -> tuple[float, float]:
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag_from(page: Page, start: tuple[float, float], by: tuple[float, float], steps: int = 12) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=steps)
    page.mouse.up()


def thumb(panel: Locator, name: str) -> tuple[float, float]:
    return centre(slider(panel, name).locator(".value-slider-thumb"))


# numbers


def test_levels_are_typed_in_many_ways(bench: Bench) -> None:
    panel = show(bench, "gain#1")
    for text, gain in (("-6", -6), ("-3dB", -3), ("−3,5", -3.5), ("50%", -6.0206), ("+=3", -3.0206), ("0 dBFS", 0)):
        enter(panel, "Gain, channel 1", text)
        bench.wait_for(lambda: is_near(bench.api.number("gain#1", "gainDb#0"), gain), f"{text} is {gain} dB")
    enter(panel, "Gain, channel 1", "-12")
    heard(bench, "gain#1", 0, TONE_RMS - 12)
    assert bench.api.number("gain#1", "gainDb#1") == 0, "the other channel stays"
    enter(panel, "Gain, channel 1", "off")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == -120, "off is silence")
    expect(field(panel, "Gain, channel 1")).to_have_attribute("aria-valuetext", "−∞ dB")
    bench.wait_for(lambda: bench.api.rms("gain#1")[0] < -100, "silence is heard")


def test_what_cannot_be_taken_says_what_is_allowed(bench: Bench) -> None:
    panel = show(bench, "gain#1")
    box = enter(panel, "Gain, channel 1", "99")
    expect(panel.get_by_role("alert")).to_contain_text("−120 to 24 dB")
    expect(box).to_have_value("99")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.fill("loud")
    box.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text('"loud" is no number')
    field(panel, "Gain, channel 2").click()
    expect(box).to_have_value("loud")
    box.click()
    box.press("Escape")
    expect(box).to_have_value("0")
    expect(panel.get_by_role("alert")).to_have_count(0)
    assert bench.api.number("gain#1", "gainDb#0") == 0
    assert not bench.api.output()["panic"], "Escape in a field ends what was typed and nothing else"


def test_keys_step_in_a_field(bench: Bench) -> None:
    panel = show(bench, "gain#1")
    box = field(panel, "Gain, channel 1")
    box.focus()
    for key, gain in (
        ("ArrowUp", 0.5), ("Shift+ArrowUp", 0.6), ("PageDown", -4.4), ("Shift+PageDown", -5.4), ("ArrowDown", -5.9),
        ("PageUp", -0.9),
    ):
        box.press(key)
        bench.wait_for(lambda: is_near(bench.api.number("gain#1", "gainDb#0"), gain), f"{key} leads to {gain} dB")
    heard(bench, "gain#1", 0, TONE_RMS - 0.9)


def test_keys_move_a_slider(bench: Bench) -> None:
    panel = show(bench, "gain#1")
    handle = slider(panel, "Gain, channel 2")
    handle.focus()
    for key, gain in (
        ("ArrowDown", -0.5), ("ArrowRight", 0), ("PageDown", -5), ("Shift+ArrowUp", -4.9), ("Home", -120), ("End", 24),
        ("Delete", 0),
    ):
        handle.press(key)
        bench.wait_for(lambda: is_near(bench.api.number("gain#1", "gainDb#1"), gain), f"{key} leads to {gain} dB")
    expect(handle).to_have_attribute("aria-valuetext", "0.0 dB")


def test_a_slider_is_dragged(bench: Bench) -> None:
    context = bench.new_context()
    probe(context)
    page = bench.new_page(context=context)
    panel = show(bench, "gain#1", page)
    begin(page)
    drag_from(page, thumb(panel, "Gain, channel 1"), (0, 40), steps=40)
    shown = float(str(slider(panel, "Gain, channel 1").get_attribute("aria-valuenow")))
    assert -40 < shown < -10, shown
    bench.wait_for(lambda: is_near(bench.api.number("gain#1", "gainDb#0"), shown), "the last value arrives")
    heard(bench, "gain#1", 0, TONE_RMS + shown)
    messages = sent(page, "set_param", "apply_params")
    assert 0 < len(messages) and most_in_a_picture(messages) == 1, "at most one message a picture"

    page.keyboard.down("Shift")
    drag_from(page, thumb(panel, "Gain, channel 1"), (0, -20))
    page.keyboard.up("Shift")
    fine = float(str(slider(panel, "Gain, channel 1").get_attribute("aria-valuenow")))
    assert 0 < fine - shown < 5, f"Shift is fine: from {shown} to {fine}"


def test_a_click_beside_the_thumb_of_a_level_is_no_leap(bench: Bench) -> None:
    panel = show(bench, "gain#1")
    x, y = centre(slider(panel, "Gain, channel 1"))
    bench.page.mouse.click(x, y)
    bench.pump(150)
    assert bench.api.number("gain#1", "gainDb#0") == 0


def test_wheel_default_and_double_click(bench: Bench) -> None:
    panel = show(bench, "gain#1")
    page = bench.page
    x, y = centre(slider(panel, "Gain, channel 1"))
    page.mouse.move(x, y)
    page.mouse.wheel(0, 100)
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == -0.5, "the wheel steps down")
    page.keyboard.down("Shift")
    page.mouse.wheel(0, 100)
    page.keyboard.up("Shift")
    bench.wait_for(lambda: is_near(bench.api.number("gain#1", "gainDb#0"), -0.6), "with Shift in small steps")
    page.mouse.dblclick(x, y)
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == 0, "double-click is the default")

    box = field(panel, "Gain, channel 2")
    box.click()
    page.mouse.wheel(0, -100)
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#1") == 0.5, "the wheel steps in a focused field")
    enter(panel, "Gain, channel 2", "-30")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#1") == -30, "typed")
    box.click(modifiers=["Control"])
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#1") == 0, "Ctrl-click is the default")
    enter(panel, "Gain, channel 2", "-30")
    slider(panel, "Gain, channel 2").click(modifiers=["Control"])
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#1") == 0, "on the slider too")


def test_values_changed_elsewhere_appear_at_once(bench: Bench) -> None:
    panel = show(bench, "gain#1")
    bench.api.set("gain#1", "gainDb#1", -17.5)
    expect(field(panel, "Gain, channel 2")).to_have_value("−17.5 dB")
    expect(slider(panel, "Gain, channel 2")).to_have_attribute("aria-valuenow", "-17.5")
    bench.api.set("gain#1", "mute#0", True)
    expect(toggle(panel, "Mute, channel 1")).to_have_attribute("aria-pressed", "true")


# switches and choices


def test_mute_and_phase(bench: Bench) -> None:
    panel = show(bench, "gain#1")
    toggle(panel, "Mute, channel 2").click()
    bench.wait_for(lambda: bench.api.rms("gain#1")[1] < -100, "channel 2 is silent")
    heard(bench, "gain#1", 0, TONE_RMS)
    toggle(panel, "Mute, channel 2").press("Space")
    heard(bench, "gain#1", 1, TONE_RMS)
    toggle(panel, "Phase, channel 1").click()
    bench.wait_for(lambda: bench.api.value("gain#1", "phase#0") == "true", "the phase is inverted")
    assert bench.api.value("gain#1", "phase#1") == "false"


def test_bypass_of_a_module(bench: Bench) -> None:
    panel = show(bench, "gain#1")
    enter(panel, "Gain, channel 1", "-20")
    heard(bench, "gain#1", 0, TONE_RMS - 20)
    toggle(panel, "Module is on").click()
    bench.wait_for(lambda: bench.api.value("gain#1", "enable") == "false", "bypassed")
    heard(bench, "gain#1", 0, TONE_RMS)
    toggle(panel, "Module is bypassed").click()
    heard(bench, "gain#1", 0, TONE_RMS - 20)


def with_generator() -> dict[str, Any]:
    link = chains.row(("gain#1", "channel_gain_v1"))
    main = link["chains"]["main"]
    generator = chains.module("generator#1", "generator_v1", 1)
    generator["ports"] = [chains.port("out", "output", 2)]
    main["nodes"].append(generator)
    main["edges"] = [
        {**chains.edge("generator#1", "gain#1"), "fromPort": "out"}, chains.edge("gain#1", "$io"),
    ]
    return link


def test_the_generator_is_set_by_choice_and_number(bench: Bench) -> None:
    bench.api.write_link(with_generator())
    panel = show(bench, "generator#1")
    enter(panel, "Frequency", "1k2")
    bench.wait_for(lambda: bench.api.number("generator#1", "freq") == 1200, "1k2 is 1200 Hz")
    enter(panel, "Level", "-12")
    heard(bench, "generator#1", 0, -12 - 3.01)

    def is_a_tone() -> bool:
        spectrum = bench.api.spectrum("gain#1")
        return abs(spectrum.at(1200) + 12) < 2 and spectrum.at(300) < -60

    bench.wait_for(is_a_tone, "a tone of 1200 Hz is heard")
    panel.get_by_label("Waveform").select_option("whiteNoise")
    bench.wait_for(lambda: bench.api.value("generator#1", "waveform") == "whiteNoise", "noise is chosen")
    bench.wait_for(lambda: bench.api.spectrum("gain#1").at(300) > -60, "noise is heard")
    handle = slider(panel, "Frequency")
    x, y = centre(handle)
    bench.page.mouse.click(x, y)
    bench.wait_for(lambda: 100 < bench.api.number("generator#1", "freq") < 200, "the middle is the geometric mean")


def test_the_limiter_limits(bench: Bench) -> None:
    panel = show(bench, "limiter#1")
    enter(panel, "Ceiling", "-30")
    bench.wait_for(lambda: bench.api.meter("limiter#1").peak[0] <= -29.9, "the ceiling is kept")
    enter(panel, "Release", "0.5 s")
    bench.wait_for(lambda: bench.api.number("limiter#1", "releaseMs") == 500, "half a second is 500 ms")
    toggle(panel, "Link channels").click()
    bench.wait_for(lambda: bench.api.value("limiter#1", "linkChannels") == "false", "unlinked")
    enter(panel, "Look-ahead", "96 samples")
    bench.wait_for(lambda: bench.api.number("limiter#1", "lookaheadMs") == 2, "96 samples are 2 ms")
    readout = panel.locator(".module-readout")
    expect(readout).to_contain_text("Latency 96 samples (2.00 ms)")
    expect(readout).to_contain_text("−30.0")


def test_the_meter_has_its_time_and_reads_out(bench: Bench) -> None:
    bench.api.write_link(chains.row(("meter#1", "level_meter_v1")))
    panel = show(bench, "meter#1")
    enter(panel, "RMS time", "1 s")
    bench.wait_for(lambda: bench.api.number("meter#1", "rmsTimeMs") == 1000, "a second is 1000 ms")
    expect(panel.locator(".module-readout")).to_contain_text("−20.0")


# delays


def test_delays_are_typed_in_time_way_and_samples(bench: Bench) -> None:
    panel = show(bench, "delay#1")
    for text, samples in (("3ms", 144), ("12 cm", 17), ("1.5 m", 210), ("4 ft", 171), ("96 samples", 96), ("2", 96)):
        enter(panel, "Delay, channel 1", text)
        bench.wait_for(lambda: bench.api.number("delay#1", "delaySamples#0") == samples, f"{text}: {samples} samples")
    strip = panel.locator("fieldset").first
    for shown in ("2.00 ms", "68.6 cm", "96 samples"):
        expect(strip).to_contain_text(shown)
    box = enter(panel, "Delay, channel 1", "3 s")
    expect(panel.get_by_role("alert")).to_contain_text("0 to 2000 ms")
    box.press("Escape")

    panel.get_by_label("Speed of sound").fill("0 °C")
    panel.get_by_label("Speed of sound").press("Enter")
    expect(strip).to_contain_text("66.3 cm")
    panel.get_by_label("Delays in").select_option("cm")
    enter(panel, "Delay, channel 1", "100")
    bench.wait_for(lambda: bench.api.number("delay#1", "delaySamples#0") == 145, "100 cm at 331.3 m/s")
    expect(field(panel, "Delay, channel 1")).to_have_attribute("aria-valuetext", "100.1 cm")
    bench.page.reload()
    bench.wait_until_connected()
    panel = show(bench, "delay#1")
    expect(panel.get_by_label("Delays in")).to_have_value("cm")
    panel.get_by_label("Speed of sound").fill("fast")
    panel.get_by_label("Speed of sound").press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("250 to 1600 m/s")


# linking


def test_linked_channels_keep_their_differences(bench: Bench) -> None:
    bench.api.apply("gain#1", {"gainDb#0": -6, "gainDb#1": -10})
    panel = show(bench, "gain#1")
    panel.get_by_role("radio", name="Relative").click()
    enter(panel, "Gain, channel 1", "-12")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#1") == -16, "channel 2 moves as far")
    heard(bench, "gain#1", 1, TONE_RMS - 16)
    drag_from(bench.page, thumb(panel, "Gain, channel 2"), (0, -30))
    bench.wait_for(
        lambda: is_near(bench.api.number("gain#1", "gainDb#0") - bench.api.number("gain#1", "gainDb#1"), 4)
        and bench.api.number("gain#1", "gainDb#1") > -16,
        "a drag moves both",
    )
    enter(panel, "Gain, channel 1", "24")
    enter(panel, "Gain, channel 2", "24")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == 24, "it ends where the first reaches the limit")
    assert is_near(bench.api.number("gain#1", "gainDb#1"), 20)

    panel.get_by_role("radio", name="Same").click()
    enter(panel, "Gain, channel 2", "-3")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == -3, "both are the same")
    toggle(panel, "Mute, channel 1").click()
    bench.wait_for(lambda: bench.api.value("gain#1", "mute#1") == "true", "switches are linked too")
    panel.get_by_role("radio", name="Off").click()
    toggle(panel, "Mute, channel 1").click()
    bench.wait_for(lambda: bench.api.value("gain#1", "mute#0") == "false", "alone again")
    assert bench.api.value("gain#1", "mute#1") == "true"


def car(bench: Bench) -> None:
    """Eight channels, whose values may rest from another test."""
    bench.api.write_link(json.loads((ROOT / "examples/chains/eight-channel-car.json").read_text()))
    bench.api.apply("gain#1", {f"gainDb#{channel}": 0 for channel in range(8)})


def test_chosen_channels_are_a_group(bench: Bench) -> None:
    car(bench)
    panel = show(bench, "gain#1")
    expect(panel.get_by_role("slider", name="Gain, channel")).to_have_count(8)
    for channel in (1, 3, 4):
        panel.get_by_role("button", name=f"Channel {channel}, choose for linking").click()
    expect(panel.get_by_role("radio", name="Relative")).to_be_checked()
    expect(panel.get_by_text("channels 1, 3, 4")).to_be_visible()
    enter(panel, "Gain, channel 3", "-6")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#3") == -6, "channel 4 follows")
    values = [bench.api.number("gain#1", f"gainDb#{channel}") for channel in range(8)]
    assert values == [-6, 0, -6, -6, 0, 0, 0, 0], values
    enter(panel, "Gain, channel 2", "-9")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#1") == -9, "one outside moves alone")
    assert bench.api.number("gain#1", "gainDb#0") == -6


# structure and modes


def test_structure_rests_while_tuning_and_says_why(bench: Bench) -> None:
    panel = show(bench, "limiter#1")
    expect(field(panel, "Look-ahead")).to_be_enabled()
    bench.api.ask("set_mode", mode="tuning")
    expect(field(panel, "Look-ahead")).to_be_disabled()
    expect(toggle(panel, "Module is on")).to_be_disabled()
    expect(panel.get_by_role("note")).to_contain_text("tuning mode")
    enter(panel, "Ceiling", "-6")
    bench.wait_for(lambda: bench.api.number("limiter#1", "ceilingDb") == -6, "what is tuned can be changed")
    panel.get_by_role("button", name="Go to chain builder").click()
    expect(field(panel, "Look-ahead")).to_be_enabled()
    assert bench.api.mode() == "chain_builder"


# mixer


def mixer_only() -> dict[str, Any]:
    link = chains.row(("mixer#1", "matrix_mixer_v1"))
    link["chains"]["main"]["nodes"][0]["ports"][1] = chains.port("out", "output", 2)
    return link


def cell(panel: Locator, row: int, column: int) -> Locator:
    return panel.locator(f'[data-at="{row} {column}"]')


def test_crosspoints_by_mouse(bench: Bench) -> None:
    bench.api.write_link(mixer_only())
    panel = show(bench, "mixer#1")
    page = bench.page
    expect(cell(panel, 0, 0)).to_have_attribute("aria-label", "In 1 to Out 1: 0.0 dB")
    expect(cell(panel, 0, 1)).to_have_attribute("aria-label", "In 2 to Out 1: off")
    cell(panel, 0, 1).click()
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#0#1") == 0, "a click switches 0 dB on")
    heard(bench, "mixer#1", 0, TONE_RMS + 6.02)
    panel.get_by_role("button", name="Phase, output 1, input 2").click()
    bench.wait_for(lambda: bench.api.rms("mixer#1")[0] < -80, "opposite phases cancel")
    expect(cell(panel, 0, 1)).to_have_attribute("aria-label", "In 2 to Out 1: 0.0 dB, phase")
    panel.get_by_role("button", name="Mute, output 1, input 2").click()
    heard(bench, "mixer#1", 0, TONE_RMS)
    cell(panel, 0, 0).click()
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#0#0") == -120, "another click switches off")

    x, y = centre(cell(panel, 1, 1))
    drag_from(page, (x, y), (0, 50))
    bench.wait_for(lambda: -60 < bench.api.number("mixer#1", "gainDb#1#1") < -5, "a drag down lowers")
    level = bench.api.number("mixer#1", "gainDb#1#1")
    heard(bench, "mixer#1", 1, TONE_RMS + level)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -100)
    bench.wait_for(lambda: is_near(bench.api.number("mixer#1", "gainDb#1#1"), level + 0.5), "the wheel steps")
    cell(panel, 1, 1).click(modifiers=["Control"])
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#1#1") == 0, "Ctrl-click is the default")
    panel.get_by_role("button", name="All off").click()
    bench.wait_for(lambda: max(bench.api.rms("mixer#1")) < -100, "all off is silence")
    panel.get_by_role("button", name="Diagonal").click()
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#1#1") == 0, "the diagonal is back")
    assert bench.api.number("mixer#1", "gainDb#0#1") == -120


def test_crosspoints_by_keyboard(bench: Bench) -> None:
    bench.api.write_link(mixer_only())
    panel = show(bench, "mixer#1")
    page = bench.page
    cell(panel, 0, 0).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Home"):
        page.keyboard.press(key)
    expect(cell(panel, 1, 0)).to_be_focused()
    page.keyboard.press("Enter")
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#1#0") == 0, "Enter switches on")
    page.keyboard.press("PageDown")
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#1#0") == -5, "Page Down: ten steps")
    page.keyboard.press("Control+ArrowUp")
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#1#0") == -4.5, "Ctrl-Up: one step")
    page.keyboard.press("m")
    bench.wait_for(lambda: bench.api.value("mixer#1", "mute#1#0") == "true", "m mutes the crosspoint")
    assert not bench.api.output()["muted"], "and not the output"
    page.keyboard.press("p")
    bench.wait_for(lambda: bench.api.value("mixer#1", "phase#1#0") == "true", "p inverts")
    page.keyboard.type("-12.5")
    page.keyboard.press("Enter")
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#1#0") == -12.5, "a level is typed")
    cell(panel, 1, 0).focus()
    page.keyboard.press("Delete")
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#1#0") == -120, "Delete switches off")
    page.keyboard.press("Control+Home")
    expect(cell(panel, 0, 0)).to_be_focused()
    paste(page, "-1\t-2\n-3\t-4\n")
    bench.wait_for(lambda: bench.api.number("mixer#1", "gainDb#1#1") == -4, "a block is pasted")
    assert bench.api.number("mixer#1", "gainDb#0#1") == -2 and bench.api.number("mixer#1", "gainDb#1#0") == -3


# spreadsheets and whole modules


def test_a_column_goes_into_the_channels(bench: Bench) -> None:
    car(bench)
    panel = show(bench, "gain#1")
    page = bench.page
    toggle(panel, "Columns").click()
    page.get_by_role("menuitem", name="Paste column").click()
    dialog = page.get_by_role("dialog")
    cells = dialog.get_by_role("textbox")
    expect(cells).to_be_focused()
    cells.fill("Gain\n-1\n-2,5\nloud\n")
    expect(dialog).to_contain_text('"loud" is no number')
    expect(dialog.get_by_role("button", name="Set 2 channels")).to_be_disabled()
    cells.fill("Gain\n-1\n-2,5\n50%\n")
    dialog.get_by_role("button", name="Set 3 channels").click()
    bench.wait_for(lambda: is_near(bench.api.number("gain#1", "gainDb#2"), -6.0206), "the column arrives")
    assert bench.api.number("gain#1", "gainDb#0") == -1 and bench.api.number("gain#1", "gainDb#1") == -2.5
    assert bench.api.number("gain#1", "gainDb#3") == 0
    assert bench.api.history()[0]["client"] != "tester"

    field(panel, "Gain, channel 6").click()
    paste(page, "-10\n-11\n-12\n")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#7") == -12, "cells go on from the field's channel")
    assert bench.api.number("gain#1", "gainDb#5") == -10

    field(panel, "Gain, channel 7").click()
    paste(page, "1\n2\n3\n")
    expect(page.locator(".notices")).to_contain_text("There is no channel 9")
    assert bench.api.number("gain#1", "gainDb#6") == -11


def test_a_column_is_copied_out(bench: Bench) -> None:
    bench.api.apply("delay#1", {"delaySamples#0": 48, "delaySamples#1": 96})
    context = bench.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = bench.new_page(context=context)
    panel = show(bench, "delay#1", page)
    toggle(panel, "Columns").click()
    page.get_by_role("menuitem", name="Copy column").click()
    copied = "() => navigator.clipboard.readText()"
    bench.wait_for(lambda: page.evaluate(copied) == "48\n96\n", "the column is in the clipboard")


def two_gains() -> dict[str, Any]:
    return chains.row(("gain#1", "channel_gain_v1"), ("gain#2", "channel_gain_v1"), ("delay#1", "ut_delay_20ch_v1"))


def test_all_values_go_from_one_module_to_another(bench: Bench) -> None:
    bench.api.write_link(two_gains())
    bench.api.apply("gain#1", {"gainDb#0": -7, "gainDb#1": -8, "mute#1": True})
    page = bench.page
    panel = show(bench, "gain#1")
    toggle(panel, "Values of the module").click()
    page.get_by_role("menuitem", name="Copy all values").click()
    panel = show(bench, "gain#2")
    toggle(panel, "Values of the module").click()
    page.get_by_role("menuitem", name="Paste all values").click()
    bench.wait_for(lambda: bench.api.value("gain#2", "mute#1") == "true", "the values arrive")
    assert bench.api.number("gain#2", "gainDb#0") == -7
    heard(bench, "gain#2", 0, TONE_RMS - 14)
    panel = show(bench, "delay#1")
    toggle(panel, "Values of the module").click()
    page.get_by_role("menuitem", name="Paste all values").click()
    expect(page.locator(".notices")).to_contain_text("values of Gain, not of Delay")
    panel = show(bench, "gain#2")
    toggle(panel, "Values of the module").click()
    page.get_by_role("menuitem", name="Reset to defaults").click()
    bench.wait_for(lambda: bench.api.value("gain#2", "mute#1") == "false", "the defaults are back")
    assert bench.api.number("gain#2", "gainDb#0") == 0
    page.keyboard.press("Control+z")
    bench.wait_for(lambda: bench.api.number("gain#2", "gainDb#0") == -7, "undo takes the reset back")


def add_to_selection(page: Page, instance: str) -> None:
    """Shift-click on a module in the signal flow."""
    page.locator(f'.flow-module[data-module="{instance}"]').click(modifiers=["Shift"], position={"x": 30, "y": 12})


def test_modules_of_a_type_are_set_together(bench: Bench) -> None:
    bench.api.write_link(two_gains())
    bench.api.set("gain#2", "gainDb#1", -3)
    page = bench.page
    show(bench, "gain#1")
    add_to_selection(page, "gain#2")
    panel = open_pane(page, "Parameters")
    expect(panel.get_by_role("heading", level=2, name="2 × Gain", exact=True)).to_be_visible()
    expect(field(panel, "Gain, channel 2")).to_have_attribute("aria-valuetext", "mixed, first 0.0 dB")
    enter(panel, "Gain, channel 1", "-6")
    bench.wait_for(lambda: bench.api.number("gain#2", "gainDb#0") == -6, "both are set")
    assert bench.api.number("gain#1", "gainDb#0") == -6
    heard(bench, "gain#2", 0, TONE_RMS - 12)
    panel.get_by_role("radio", name="Relative").click()
    enter(panel, "Gain, channel 2", "-1")
    bench.wait_for(lambda: bench.api.number("gain#2", "gainDb#1") == -4, "relative keeps differences between modules")
    add_to_selection(page, "delay#1")
    expect(panel).to_contain_text("Modules of different types are selected")
    panel.get_by_role("button", name="2 × Gain").click()
    expect(panel.get_by_role("heading", level=2, name="2 × Gain", exact=True)).to_be_visible()


def test_without_a_selection_the_pane_says_what_to_do(bench: Bench) -> None:
    panel = open_pane(bench.page, "Parameters")
    expect(panel).to_contain_text("No module is selected")
    expect(panel).to_contain_text("Click a module")


def test_bands_of_an_equaliser_have_a_table_too(bench: Bench) -> None:
    panel = show(bench, "eq#1")
    toggle(panel, "All values as a table").click()
    enter(panel, "Frequency, channel 1, band 3", "1k")
    enter(panel, "Gain, channel 1, band 3", "12")
    enter(panel, "Q, channel 1, band 3", "0,5")
    toggle(panel, "Band enable, channel 1, band 3").click()
    heard(bench, "eq#1", 0, TONE_RMS + 12, 0.3)
    panel.get_by_role("combobox", name="Type, channel 1, band 3").select_option("notch")
    bench.wait_for(lambda: bench.api.rms("eq#1")[0] < TONE_RMS - 20, "a notch takes the tone away")
    heard(bench, "eq#1", 1, TONE_RMS)
    toggle(panel, "Open the EQ").click()
    expect(bench.page.get_by_role("tab", name="EQ", exact=True)).to_have_attribute("aria-selected", "true")
