"""The signal flow: every gesture by mouse and by keyboard, its effect in the chain that the node plays and in the sound."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

import chains
from gestures import Fingers, flow_module, middle
from harness import ROOT, TABLET, Bench, NodeOptions

NODE = NodeOptions(source="tone")

# The source is a sine with a peak of −20 dBFS.
TONE_RMS = -23.01


def flow(page: Page) -> Locator:
    return page.get_by_role("region", name="Signal flow", exact=True)


def port(page: Page, instance: str, name: str, role: str) -> Locator:
    """The dot of a port; `role` is "start" or "end", seen from inside the chain."""
    return page.locator(f".flow-port[data-module='{instance}'][data-port='{name}'][data-role='{role}'] .flow-dot")


def wire(page: Page, edge: str) -> Locator:
    return page.locator(f".flow-wire[data-wire='{edge}']")


def module(page: Page, instance: str) -> Locator:
    """A module's name, to be taken hold of."""
    return flow_module(page, instance).locator(".flow-names")


def show(bench: Bench, *modules: tuple[str, str]) -> Page:
    """A row of modules, shown whole."""
    bench.api.write_link(chains.row(*modules))
    page = bench.page
    expect(flow_module(page, modules[-1][0])).to_be_attached()
    fit(page)
    return page


def fit(page: Page) -> None:
    flow(page).get_by_role("button", name="Show all (F)").click()


def lead(page: Page, start: tuple[float, float], end: tuple[float, float], steps: int = 6) -> None:
    """Drags with the pointer."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()


def by(point: tuple[float, float], x: float, y: float) -> tuple[float, float]:
    return point[0] + x, point[1] + y


def edges(bench: Bench, chain: str | None = None) -> set[str]:
    return {f"{a}.{b}>{c}.{d}" for a, b, c, d in bench.api.edges(chain)}


def has_edge(bench: Bench, text: str) -> None:
    bench.wait_for(lambda: text in edges(bench), f"the wire {text}")


def puts_out(bench: Bench, instance: str, level: float) -> bool:
    levels = bench.api.rms(instance)
    return bool(levels) and abs(levels[0] - level) < 0.3


def heard(bench: Bench, instance: str, level: float) -> None:
    bench.wait_for(lambda: puts_out(bench, instance, level), f"{instance} puts out {level:.1f} dB")


def quietened(bench: Bench, gain: str, measured: str, by_db: float) -> bool:
    bench.api.apply(gain, {"gainDb#0": by_db, "gainDb#1": by_db})
    return puts_out(bench, measured, TONE_RMS + by_db)


def type_to_add(page: Page, text: str, *, loose: bool = False) -> None:
    page.keyboard.press("a")
    box = page.get_by_role("combobox", name="Add a module")
    box.fill(text)
    box.press("Shift+Enter" if loose else "Enter")


GAIN_EQ = (("gain#1", "channel_gain_v1"), ("eq#1", "common_eq_v1"))


def test_a_module_is_added_by_typing_and_heard(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    module(page, "gain#1").click()
    type_to_add(page, "gai")
    bench.wait_for(lambda: "gain#2" in bench.api.instances(), "the module is in the chain")
    assert {"gain#1.out>gain#2.in", "gain#2.out>eq#1.in"} <= edges(bench)
    # A new module begins with its defaults, whatever had its id before: what is set afterwards stays.
    bench.wait_for(lambda: quietened(bench, "gain#2", "eq#1", -12), "what is set is heard")
    assert flow_module(page, "gain#2").get_attribute("aria-pressed") == "true"


def test_without_a_selection_a_module_goes_before_the_output(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    page.locator(".flow-view").focus()
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Add a module").fill("limiter")
    page.keyboard.press("Enter")
    has_edge(bench, "eq#1.out>limiter#1.in")
    assert "limiter#1.out>$io.out" in edges(bench)


def test_a_library_item_is_dropped_on_a_wire(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    page.get_by_role("tab", name="Library", exact=True).click()
    item = page.get_by_role("tabpanel", name="Library").get_by_text("Gain", exact=True)
    x, y = middle(page.locator(".flow-wire[data-wire='gain#1->eq#1'] .flow-wire-label"))
    box = page.locator(".flow-view").bounding_box()
    assert box is not None
    item.drag_to(page.locator(".flow-view"), target_position={"x": x - box["x"], "y": y - box["y"]})
    has_edge(bench, "gain#1.out>gain#2.in")
    assert "gain#2.out>eq#1.in" in edges(bench)
    heard(bench, "gain#2", TONE_RMS)


def test_a_loose_module_waits_and_is_wired_by_hand(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    before = bench.api.link()
    type_to_add(page, "gain", loose=True)
    faults = flow(page).get_by_role("region", name="Faults of the chain")
    expect(faults).to_contain_text("2 faults")
    assert bench.api.link() == before
    fit(page)
    lead(page, middle(port(page, "gain#1", "out", "start")), middle(port(page, "gain#2", "in", "end")))
    expect(faults).to_contain_text("1 fault")
    lead(page, middle(port(page, "gain#2", "out", "start")), middle(port(page, "eq#1", "in", "end")))
    has_edge(bench, "gain#2.out>eq#1.in")
    expect(faults).to_have_count(0)
    assert {"gain#1.out>gain#2.in", "eq#1.out>$io.out"} <= edges(bench)
    assert "gain#1.out>eq#1.in" not in edges(bench)


def test_faults_stand_at_their_places_and_can_be_taken_back(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    type_to_add(page, "delay", loose=True)
    faults = flow(page).get_by_role("region", name="Faults of the chain")
    faults.get_by_role("button", name="Show 2 faults").click()
    assert page.locator(".flow-port[data-module='delay#1'].faulty").count() == 2
    assert "delay#1" in (flow_module(page, "delay#1").get_attribute("aria-label") or "")
    page.keyboard.press("Escape")
    faults.get_by_role("button", name="Nothing leads to the input").click()
    expect(flow_module(page, "delay#1")).to_have_attribute("aria-pressed", "true")
    faults.get_by_role("button", name="Take the last back").click()
    expect(flow_module(page, "delay#1")).to_have_count(0)
    expect(faults).to_have_count(0)


def test_a_wire_that_would_be_wrong_is_refused_with_its_reason(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    before = edges(bench)
    start, end = middle(port(page, "eq#1", "out", "start")), middle(port(page, "gain#1", "in", "end"))
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    expect(page.locator(".flow-reason")).to_contain_text("circle")
    assert page.locator(".flow-port.fits").count() == 1
    page.mouse.up()
    expect(page.locator(".notices")).to_contain_text("circle")
    assert edges(bench) == before


def test_a_wire_is_drawn_by_keyboard(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ, ("gain#2", "channel_gain_v1"))
    module(page, "gain#1").click()
    page.keyboard.press("c")
    box = page.get_by_role("combobox", name="Wires of gain#1")
    box.fill("gain#2 in")
    choices = page.get_by_role("dialog", name="Wires of gain#1").get_by_role("option")
    expect(choices.first).to_contain_text("in place of")
    box.press("Enter")
    faults = flow(page).get_by_role("region", name="Faults of the chain")
    expect(faults).to_contain_text("1 fault")
    expect(page.locator(".flow-port[data-module='eq#1'][data-role='start'].faulty")).to_have_count(1)
    module(page, "eq#1").click()
    page.keyboard.press("Delete")
    has_edge(bench, "gain#1.out>gain#2.in")
    assert "eq#1" not in bench.api.instances()


def test_a_wire_is_led_elsewhere_and_taken_out(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ, ("meter#1", "level_meter_v1"))
    wire(page, "eq#1->meter#1").locator(".flow-wire-hit").click(force=True)
    expect(page.locator(".flow-handle")).to_have_count(2)
    page.keyboard.press("Delete")
    faults = flow(page).get_by_role("region", name="Faults of the chain")
    expect(faults).to_contain_text("2 faults")
    page.keyboard.press("Control+z")
    expect(faults).to_have_count(0)
    assert "eq#1.out>meter#1.in" in edges(bench)


def test_modules_are_moved_by_mouse_and_keyboard(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    start = bench.api.node("eq#1")["position"]
    at = middle(module(page, "eq#1"))
    lead(page, at, by(at, 40, 90))
    bench.wait_for(lambda: bench.api.node("eq#1")["position"]["y"] > start["y"] + 50, "the module was moved")
    moved = bench.api.node("eq#1")["position"]
    page.keyboard.press("Alt+ArrowUp")
    bench.wait_for(lambda: bench.api.node("eq#1")["position"]["y"] == moved["y"] - 10, "ten up")
    page.keyboard.press("Alt+Shift+ArrowRight")
    bench.wait_for(lambda: bench.api.node("eq#1")["position"]["x"] == moved["x"] + 1, "one right")
    page.keyboard.press("Control+z")
    bench.wait_for(lambda: bench.api.node("eq#1")["position"]["x"] == moved["x"], "undone")


def test_undo_takes_back_the_newest_of_changes_that_are_still_on_their_way(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    start = bench.api.node("eq#1")["position"]
    flow_module(page, "eq#1").focus()
    page.keyboard.press("Space")
    for key in ("Alt+ArrowDown", "Alt+ArrowDown", "Alt+ArrowDown", "Control+z"):
        page.keyboard.press(key)
    bench.wait_for(lambda: "Undone" in page.locator(".notices").inner_text(), "something was taken back")
    assert bench.api.node("eq#1")["position"]["y"] == start["y"] + 20


def test_modules_are_selected_aligned_and_laid_out(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ, ("gain#2", "channel_gain_v1"))
    bench.api.edit(lambda link: link["chains"]["main"]["nodes"][1]["position"].update(y=130))
    page.keyboard.press("Control+a")
    assert page.locator(".flow-module.selected").count() == 3
    flow(page).get_by_role("button", name="Align and distribute").click()
    page.get_by_role("menuitem", name="Align tops").click()
    bench.wait_for(lambda: len({each["position"]["y"] for each in bench.api.chain()["nodes"]}) == 1, "one height")
    bench.api.edit(lambda link: [
        each.update(position={"x": x, "y": 0}) for each, x in zip(link["chains"]["main"]["nodes"], (0, 300, 1000))
    ])
    row = "gain#1", "eq#1", "gain#2"
    bench.wait_for(lambda: 0 < 2 * gaps(page, *row)[0] < gaps(page, *row)[1], "the page shows the second apart")
    flow(page).get_by_role("button", name="Align and distribute").click()
    page.get_by_role("menuitem", name="Distribute across").click()
    places = bench.wait_for(lambda: distributed(bench), "the one in the middle is moved")
    assert (places[0], places[2]) == (0, 1000), "the outer ones stay"
    bench.wait_for(lambda: abs(gaps(page, *row)[1] - gaps(page, *row)[0]) < 2, "the gaps between them are equal")
    bench.api.edit(lambda link: [each.update(position={"x": 0, "y": 0}) for each in link["chains"]["main"]["nodes"]])
    page.keyboard.press("l")
    bench.wait_for(lambda: len({each["position"]["x"] for each in bench.api.chain()["nodes"]}) == 3, "side by side")


def gaps(page: Page, *instances: str) -> list[float]:
    """Between modules that stand side by side, in pixels."""
    boxes = [flow_module(page, each).bounding_box() or {} for each in instances]
    assert all(boxes), "not all of them are shown"
    return [right["x"] - left["x"] - left["width"] for left, right in zip(boxes, boxes[1:])]


def distributed(bench: Bench) -> list[float]:
    places = [each["position"]["x"] for each in bench.api.chain()["nodes"]]
    return places if places[1] != 300 else []


def test_a_rubber_band_and_shift_select(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ, ("gain#2", "channel_gain_v1"))
    box = flow_module(page, "eq#1").bounding_box()
    assert box is not None
    lead(page, (box["x"] - 6, box["y"] - 30), (box["x"] + 20, box["y"] + 20))
    expect(page.locator(".flow-module.selected")).to_have_count(1)
    expect(flow_module(page, "eq#1")).to_have_attribute("aria-pressed", "true")
    module(page, "gain#1").click(modifiers=["Shift"])
    expect(page.locator(".flow-module.selected")).to_have_count(2)
    module(page, "eq#1").click(modifiers=["Shift"])
    expect(page.locator(".flow-module.selected")).to_have_count(1)


def test_bypass_is_heard(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    bench.api.apply("gain#1", {"gainDb#0": -10, "gainDb#1": -10})
    heard(bench, "eq#1", TONE_RMS - 10)
    module(page, "gain#1").click()
    page.keyboard.press("e")
    heard(bench, "eq#1", TONE_RMS)
    expect(flow_module(page, "gain#1")).to_have_class(re.compile("bypassed"))
    flow_module(page, "gain#1").locator(".flow-power").click()
    heard(bench, "eq#1", TONE_RMS - 10)


def test_deleting_lets_the_signal_pass(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    bench.api.apply("gain#1", {"gainDb#0": -10, "gainDb#1": -10})
    module(page, "gain#1").click()
    page.keyboard.press("Delete")
    has_edge(bench, "$io.in>eq#1.in")
    heard(bench, "eq#1", TONE_RMS)
    page.keyboard.press("Control+z")
    has_edge(bench, "gain#1.out>eq#1.in")
    heard(bench, "eq#1", TONE_RMS - 10)


def test_copies_have_their_values(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    bench.api.apply("gain#1", {"gainDb#0": -7, "gainDb#1": -7})
    module(page, "gain#1").click()
    page.keyboard.press("Control+d")
    expect(flow_module(page, "gain#2")).to_have_attribute("aria-pressed", "true")
    fit(page)
    lead(page, middle(module(page, "gain#2")), middle(page.locator("[data-wire='eq#1->$io'] .flow-wire-label")), 12)
    has_edge(bench, "eq#1.out>gain#2.in")
    bench.wait_for(lambda: bench.api.number("gain#2", "gainDb#0") == -7, "the copy's value")
    heard(bench, "gain#2", TONE_RMS - 14)


def test_copy_and_paste(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    module(page, "eq#1").click()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(flow_module(page, "eq#2")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Delete")
    expect(flow_module(page, "eq#2")).to_have_count(0)
    assert bench.api.instances() == ["gain#1", "eq#1"]


def test_text_that_is_selected_is_cut_instead_of_modules(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    module(page, "eq#1").click()
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.strip h1'))")
    assert page.evaluate("() => String(getSelection())") != "", "there is text to select"
    page.keyboard.press("Control+x")
    page.evaluate("() => getSelection().removeAllRanges()")
    page.keyboard.press("e")
    bench.wait_for(lambda: bench.api.node("eq#1")["enabled"] is False, "the module is there and still selected")
    page.keyboard.press("Control+x")
    bench.wait_for(lambda: bench.api.instances() == ["gain#1"], "without text the module is cut")
    page.keyboard.press("Control+v")
    expect(flow_module(page, "eq#1")).to_have_attribute("aria-pressed", "true")


def test_a_module_is_renamed(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    module(page, "gain#1").click()
    page.keyboard.press("F2")
    box = page.get_by_role("textbox", name="Name of gain#1")
    box.fill("Input trim")
    box.press("Enter")
    bench.wait_for(lambda: bench.api.node("gain#1").get("name") == "Input trim", "the name")
    expect(flow_module(page, "gain#1")).to_contain_text("Input trim")


def test_a_sub_graph_is_made_entered_left_and_dissolved(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    bench.api.apply("gain#1", {"gainDb#0": -9, "gainDb#1": -9})
    heard(bench, "eq#1", TONE_RMS - 9)
    before = edges(bench)
    page.keyboard.press("Control+a")
    page.keyboard.press("g")
    box = page.get_by_role("textbox", name="Name of the sub-graph")
    box.fill("Tone")
    box.press("Enter")
    bench.wait_for(lambda: bench.api.instances() == ["tone#1"], "the sub-graph")
    assert bench.api.number("tone#1.gain#1", "gainDb#0") == -9, "its values came with it"
    heard(bench, "tone#1.eq#1", TONE_RMS - 9)
    flow_module(page, "tone#1").dblclick(position={"x": 50, "y": 14})
    expect(flow_module(page, "gain#1")).to_be_visible()
    crumbs = flow(page).get_by_role("navigation", name="Place in the chain")
    expect(crumbs.locator("[aria-current=location]")).to_have_text("Tone")
    page.locator(".flow-view").focus()
    page.keyboard.press("Backspace")
    expect(flow_module(page, "tone#1")).to_have_attribute("aria-pressed", "true")
    flow_module(page, "tone#1").focus()
    page.keyboard.press("Enter")
    expect(flow_module(page, "gain#1")).to_be_visible()
    crumbs.get_by_role("button", name="Main").click()
    flow_module(page, "tone#1").focus()
    page.keyboard.press("u")
    bench.wait_for(lambda: edges(bench) == before, "dissolved")
    bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") == -9, "values are back")
    heard(bench, "eq#1", TONE_RMS - 9)
    page.keyboard.press("Control+z")
    bench.wait_for(lambda: bench.api.instances() == ["tone#1"], "one step back")
    assert bench.api.number("tone#1.gain#1", "gainDb#0") == -9
    heard(bench, "tone#1.eq#1", TONE_RMS - 9)
    page.keyboard.press("Control+z")
    bench.wait_for(lambda: edges(bench) == before, "and one more")
    assert bench.api.number("gain#1", "gainDb#0") == -9


def test_arrow_keys_follow_the_wires(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    flow_module(page, "$io:input").focus()
    page.keyboard.press("ArrowRight")
    expect(flow_module(page, "gain#1")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(flow_module(page, "eq#1")).to_be_focused()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".flow-module.selected")).to_have_count(2)
    assert page.locator(".flow-module[tabindex='0']").count() == 1
    page.keyboard.press("w")
    expect(page.locator(".flow-wire.selected")).to_have_count(1)
    expect(page.locator(".flow-view [role=status]")).to_contain_text("the chain's in to gain#1 in, 2 channels")


def test_view_is_zoomed_and_moved(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    world = page.locator(".flow-world")

    def transform() -> str:
        return str(world.evaluate("(element) => element.style.transform"))

    at = middle(page.locator(".flow-view"))
    page.mouse.move(*at)
    for turn in (lambda: page.mouse.wheel(0, -120), lambda: page.keyboard.press("-"), lambda: page.keyboard.press("0")):
        before = transform()
        turn()
        bench.wait_for(lambda: transform() != before, "another zoom")
    before = transform()
    page.mouse.move(at[0], at[1] + 90)
    page.mouse.down(button="middle")
    page.mouse.move(at[0] + 50, at[1] + 120, steps=4)
    page.mouse.up(button="middle")
    assert transform() != before
    before = transform()
    page.keyboard.down("Space")
    page.mouse.down()
    page.mouse.move(at[0], at[1], steps=4)
    page.mouse.up()
    page.keyboard.up("Space")
    assert transform() != before
    before = transform()
    page.locator(".flow-minimap").click(position={"x": 20, "y": 20})
    assert transform() != before
    page.keyboard.press("f")
    bench.wait_for(lambda: page.locator(".flow-module").first.is_visible(), "everything is seen")


def test_two_fingers_zoom_and_move_the_view_and_one_moves_a_module(bench: Bench) -> None:
    bench.api.write_link(chains.row(*GAIN_EQ))
    page = bench.new_page(viewport=TABLET, touch=True)
    expect(flow_module(page, "eq#1")).to_be_attached()
    fit(page)
    fingers = Fingers(page)
    at = middle(page.locator(".flow-view"))
    before = gaps(page, "gain#1", "eq#1")[0]
    fingers.down(by(at, -40, -60), by(at, 40, -60))
    for step in range(1, 5):
        fingers.move(by(at, -40 - 10 * step, -60), by(at, 40 + 10 * step, -60))
    bench.wait_for(lambda: abs(gaps(page, "gain#1", "eq#1")[0] - 2 * before) < 3, "twice as far apart, twice as large")
    start = middle(flow_module(page, "gain#1"))
    for step in range(1, 5):
        fingers.move(by(at, -80 + 5 * step, -60 + 10 * step), by(at, 80 + 5 * step, -60 + 10 * step))
    bench.wait_for(
        lambda: near(middle(flow_module(page, "gain#1")), by(start, 20, 40)), "both together move the view"
    )
    fingers.up()
    fit(page)
    place = bench.api.chain()["nodes"][0]["position"]
    start = middle(module(page, "gain#1"))
    fingers.down(start)
    for step in range(1, 6):
        fingers.move(by(start, 0, -12 * step))
    fingers.up()
    bench.wait_for(lambda: bench.api.chain()["nodes"][0]["position"]["y"] < place["y"], "one finger moves a module")


def near(place: tuple[float, float], wanted: tuple[float, float]) -> bool:
    return max(abs(place[0] - wanted[0]), abs(place[1] - wanted[1])) < 2


def test_space_presses_what_has_the_focus_wherever_the_pointer_rests(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    page.mouse.move(*middle(page.locator(".flow-view")))
    page.locator(".strip").get_by_label("Mode").focus()
    focused = "() => document.activeElement.closest('.strip') && document.activeElement.innerText.trim()"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "Mute":
            break
    assert page.evaluate(focused) == "Mute", "Tab comes to the mute button"
    page.keyboard.press("Space")
    bench.wait_for(lambda: bench.api.output()["muted"] is True, "the output is muted")
    assert page.locator(".flow-view[data-space]").count() == 0, "Space does not move the view"


def test_a_context_menu_does_what_keys_do(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    module(page, "eq#1").click(button="right")
    page.get_by_role("menuitem", name="Bypass").click()
    bench.wait_for(lambda: bench.api.node("eq#1")["enabled"] is False, "bypassed")
    flow_module(page, "eq#1").focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Enable").press("Enter")
    bench.wait_for(lambda: bench.api.node("eq#1")["enabled"] is True, "enabled")


def test_a_port_states_its_channels(bench: Bench) -> None:
    page = show(bench, ("mixer#1", "matrix_mixer_v1"))
    port(page, "mixer#1", "out", "start").click(button="right")
    page.get_by_role("menuitem", name="Channels…").click()
    page.get_by_role("textbox", name="Channels").fill("4")
    page.keyboard.press("Enter")
    faults = flow(page).get_by_role("region", name="Faults of the chain")
    expect(faults).to_contain_text("1 fault")
    expect(page.locator(".flow-port[data-module='$io:output'].faulty")).to_have_count(1)
    port(page, "$io:output", "out", "end").click(button="right")
    page.get_by_role("menuitem", name="Channels…").click()
    page.get_by_role("textbox", name="Channels").fill("4")
    page.keyboard.press("Enter")
    bench.wait_for(lambda: bench.api.node("mixer#1")["ports"][1]["channels"] == 4, "four channels play")
    expect(faults).to_have_count(0)


def test_another_mode_says_so_and_offers_to_switch(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    bench.api.ask("set_mode", mode="tuning")
    banner = flow(page).locator(".flow-banner")
    expect(banner).to_contain_text("Tuning mode")
    module(page, "eq#1").click()
    page.keyboard.press("Delete")
    expect(page.locator(".notices")).to_contain_text("chain_builder")
    assert "eq#1" in bench.api.instances()
    banner.get_by_role("button", name="Edit the chain").click()
    bench.wait_for(lambda: bench.api.mode() == "chain_builder", "the mode")
    expect(banner).to_have_count(0)


def test_an_empty_chain_says_what_to_do(bench: Bench) -> None:
    link: dict[str, Any] = chains.row()
    bench.api.write_link(link)
    page = bench.page
    flow(page).get_by_role("button", name="Add a module").click()
    page.get_by_role("combobox", name="Add a module").fill("gain")
    page.keyboard.press("Enter")
    has_edge(bench, "$io.in>gain#1.in")
    assert edges(bench) == {"$io.in>gain#1.in", "gain#1.out>$io.out"}
    heard(bench, "gain#1", TONE_RMS)


def test_levels_and_load_are_shown_on_modules(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    flow(page).get_by_role("button", name="Levels and load on the modules").click()
    expect(flow_module(page, "eq#1").locator(".flow-load")).to_contain_text("µs")
    count = """(canvas) => new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)
        .reduce((sum, pixel) => sum + (pixel === 0 ? 0 : 1), 0)"""
    bench.wait_for(lambda: page.locator(".flow-levels").evaluate(count) > 100, "bars are drawn")
    flow(page).get_by_role("button", name="Levels and load on the modules").click()
    expect(page.locator(".flow-levels")).to_have_count(0)


def test_wires_between_cores_are_dashed(bench: Bench) -> None:
    page = show(bench, *GAIN_EQ)
    cores = bench.api.ask("get_thread_assignments")["assignments"]
    if len({cores["gain#1"], cores["eq#1"]}) == 2:
        expect(wire(page, "gain#1->eq#1")).to_have_class(re.compile("cross-core"))
    else:
        expect(wire(page, "gain#1->eq#1")).not_to_have_class(re.compile("cross-core"))


def test_a_chain_with_sub_graphs_is_shown(bench: Bench) -> None:
    bench.api.write_link(json.loads((ROOT / "examples/chains/two-way-active.json").read_text()))
    page = bench.page
    flow_module(page, "woofer#1").focus()
    page.keyboard.press("Enter")
    expect(flow_module(page, "delay#1")).to_be_visible()
    module(page, "delay#1").click()
    page.keyboard.press("Delete")
    bench.wait_for(lambda: "delay#1" not in bench.api.instances("woofer"), "deleted inside")
    assert "delay#1" in bench.api.instances("tweeter")
