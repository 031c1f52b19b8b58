"""Two pages at one node stay in step, and each knows who did what."""

from __future__ import annotations

from typing import Callable

from playwright.sync_api import Page, expect

from gestures import flow_module
from harness import Bench, NodeOptions
from panes import open_pane, select_module, shown_gain, strip, type_gain

NODE = NodeOptions(source="tone")


def name_of(page: Page) -> str:
    """The name by which the history knows a page."""
    return str(page.evaluate("() => JSON.parse(sessionStorage.getItem('soundpost.client'))"))


def two(bench: Bench) -> tuple[Page, Page]:
    first, second = bench.new_page(), bench.new_page()
    assert name_of(first) != name_of(second)
    return first, second


def both(bench: Bench, pages: tuple[Page, Page], condition: Callable[[Page], object], what: str) -> None:
    for page in pages:
        bench.wait_for(lambda: condition(page), what)


def test_values_stay_in_step(bench: Bench) -> None:
    first, second = pages = two(bench)
    for page in pages:
        select_module(page, "gain#1")
        open_pane(page, "Parameters")
    type_gain(first, "-6")
    both(bench, pages, lambda page: shown_gain(page) == -6, "the first page's change is shown")
    type_gain(second, "-12", channel=2)
    both(bench, pages, lambda page: shown_gain(page, 2) == -12, "the second page's change is shown")
    assert bench.api.number("gain#1", "gainDb#0") == -6 and bench.api.number("gain#1", "gainDb#1") == -12
    bench.wait_for(lambda: abs(bench.api.rms("gain#1")[1] - (-12 - 23.01)) < 0.1, "and is heard")


def test_the_last_of_two_fast_hands_holds_in_both(bench: Bench) -> None:
    first, second = pages = two(bench)
    for page in pages:
        select_module(page, "gain#1")
        open_pane(page, "Parameters")
    for step in range(10):
        type_gain(first, f"-{step + 1}")
        type_gain(second, f"-{step + 20}")
    both(bench, pages, lambda page: shown_gain(page) == bench.api.number("gain#1", "gainDb#0"), "both show the node's value")


def test_edits_of_the_chain_stay_in_step(bench: Bench) -> None:
    first, second = pages = two(bench)
    for page in pages:
        open_pane(page, "Navigator")
    select_module(first, "delay#1")
    first.locator(".centre").get_by_role("button", name="delay#1").first.focus()
    first.keyboard.press("Delete")
    bench.wait_for(lambda: "delay#1" not in bench.api.instances(), "the module is deleted")
    both(
        bench, pages, lambda page: page.get_by_role("treeitem", name="delay#1").count() == 0, "both navigators leave it out"
    )
    first.keyboard.press("Control+z")
    bench.wait_for(lambda: "delay#1" in bench.api.instances(), "it comes back")
    both(bench, pages, lambda page: page.get_by_role("treeitem", name="delay#1").count() == 1, "both navigators show it")


def test_edits_of_the_chain_at_the_same_time_are_all_made(bench: Bench) -> None:
    pages = two(bench)
    modules = ("eq#1", "delay#1")
    before = [bench.api.node(module)["position"]["y"] for module in modules]
    for page, module in zip(pages, modules):
        flow_module(page, module).focus()
        page.keyboard.press("Space")
    for _ in range(8):
        for page in pages:
            page.keyboard.press("Alt+ArrowDown")
    goal = [place + 80 for place in before]
    bench.wait_for(lambda: [bench.api.node(module)["position"]["y"] for module in modules] == goal, "both were moved")


def test_mode_and_output_stay_in_step(bench: Bench) -> None:
    first, second = pages = two(bench)
    strip(first).get_by_label("Mode").select_option("tuning")
    both(bench, pages, lambda page: strip(page).get_by_label("Mode").input_value() == "tuning", "both show the mode")
    assert bench.api.mode() == "tuning"
    strip(second).get_by_role("button", name="Mute").click()
    both(bench, pages, lambda page: is_pressed(page, "Mute"), "both show the mute")
    bench.wait_for(lambda: max(bench.api.rms("$output")) < -100, "nothing is heard")
    strip(first).get_by_role("button", name="Mute").click()
    both(bench, pages, lambda page: not is_pressed(page, "Mute"), "both show its end")
    level = strip(second).get_by_role("textbox", name="Master level in dB")
    level.fill("-10")
    level.press("Enter")
    both(bench, pages, lambda page: level_of(page) == -10, "both show the level")
    bench.wait_for(lambda: abs(bench.api.rms("$output")[0] - -33.01) < 0.1, "and it is heard")
    first.keyboard.press("Escape")
    both(bench, pages, lambda page: strip(page).get_by_role("button", name="Release").count() == 1, "both show the panic")
    bench.wait_for(lambda: max(bench.api.rms("$output")) < -100, "nothing is heard")
    strip(second).get_by_role("button", name="Release").click()
    both(bench, pages, lambda page: strip(page).get_by_role("button", name="Panic").count() == 1, "both show its end")
    bench.wait_for(lambda: abs(bench.api.rms("$output")[0] - -33.01) < 0.1, "it is heard again")


def is_pressed(page: Page, button: str) -> bool:
    return strip(page).get_by_role("button", name=button, exact=True).get_attribute("aria-pressed") == "true"


def level_of(page: Page) -> float:
    return float(strip(page).get_by_role("slider", name="Master level").get_attribute("aria-valuenow") or "nan")


def test_the_transport_stays_in_step(bench: Bench) -> None:
    first, second = pages = two(bench)
    for page in pages:
        open_pane(page, "Source & listen")
    first.get_by_role("button", name="Pause").first.click()
    bench.wait_for(lambda: bench.api.transport()["playing"] is False, "the transport pauses")
    both(bench, pages, lambda page: page.get_by_role("button", name="Play", exact=True).count() > 0, "both show the pause")
    second.get_by_role("button", name="Play", exact=True).first.click()
    bench.wait_for(lambda: bench.api.transport()["playing"] is True, "it plays again")
    both(bench, pages, lambda page: page.get_by_role("button", name="Pause").count() > 0, "both show that it plays")


def test_presets_stay_in_step(bench: Bench) -> None:
    pages = two(bench)
    for page in pages:
        select_module(page, "gain#1")
        open_pane(page, "Presets")
    bench.api.ask("save_preset", instanceId="gain#1", presetId="loud", name="Loud")
    both(bench, pages, lambda page: page.get_by_text("Loud", exact=True).count() > 0, "both list the preset")
    bench.api.ask("delete_preset", instanceId="gain#1", presetId="loud")
    both(bench, pages, lambda page: page.get_by_text("Loud", exact=True).count() == 0, "both have forgotten it")


def test_the_history_names_who_did_it(bench: Bench) -> None:
    first, second = pages = two(bench)
    for page in pages:
        select_module(page, "gain#1")
        open_pane(page, "Parameters")
    type_gain(first, "-6")
    bench.wait_for(lambda: bench.api.history()[0]["client"] == name_of(first), "the node has the change")
    for page in pages:
        open_pane(page, "History")
    own, foreign = first.locator(".history li").first, second.locator(".history li").first
    expect(own).to_contain_text("You")
    expect(foreign).to_contain_text(name_of(first))
    for entry in (own, foreign):
        expect(entry).to_contain_text("gain#1")
        expect(entry).to_contain_text("-6")


def test_each_page_takes_back_its_own_changes(bench: Bench) -> None:
    first, second = pages = two(bench)
    for page in pages:
        select_module(page, "gain#1")
        open_pane(page, "Parameters")
    type_gain(first, "-6")
    type_gain(second, "-9", channel=2)
    both(bench, pages, lambda page: (shown_gain(page), shown_gain(page, 2)) == (-6, -9), "both changes are shown")
    strip(first).get_by_role("button", name="Undo").click()
    both(bench, pages, lambda page: (shown_gain(page), shown_gain(page, 2)) == (0, -9), "only the first page's is gone")
    strip(first).get_by_role("button", name="Redo").click()
    both(bench, pages, lambda page: (shown_gain(page), shown_gain(page, 2)) == (-6, -9), "and made again")


def test_two_tabs_of_one_browser_have_names_of_their_own(bench: Bench) -> None:
    context = bench.new_context()
    first, second = bench.new_page(context=context), bench.new_page(context=context)
    assert name_of(first) != name_of(second)
    before = name_of(first)
    first.reload()
    bench.wait_until_connected(first)
    assert name_of(first) == before, "a reload keeps the name, and with it what can be taken back"
