"""Presets, differences, morphing, profiles and A/B: by mouse and keyboard, with their effect in the sound."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

import chains
from harness import Bench, NodeOptions
from measuring import begin, most_in_a_picture, probe, sent
from panes import notices, open_pane, select_module, strip

NODE = NodeOptions(source="tone", chain=chains.row(("gain#1", "channel_gain_v1"), ("delay#1", "ut_delay_20ch_v1")))

# The source is a sine with a peak of −20 dBFS.
TONE_RMS = -23.01


def show(bench: Bench, instance: str = "gain#1", page: Page | None = None) -> Locator:
    """Selects a module and brings its presets to the front."""
    page = page or bench.page
    select_module(page, instance)
    return open_pane(page, "Presets")


def region(pane: Locator, name: str) -> Locator:
    return pane.get_by_role("region", name=name, exact=True)


def presets(pane: Locator, instance: str = "gain#1") -> Locator:
    return region(pane, f"Presets of {instance}")


def entry(box: Locator, name: str) -> Locator:
    return box.get_by_role("listitem").filter(has_text=name)


def press(box: Locator, name: str) -> None:
    box.get_by_role("button", name=name, exact=True).click()


def choose(page: Page, box: Locator, name: str, item: str) -> None:
    """An item of the menu of a preset or a profile."""
    press(box, f"More for {name}")
    page.get_by_role("menuitem", name=item, exact=True).click()


def save_as(page: Page, pane: Locator, name: str, instance: str = "gain#1") -> None:
    press(presets(pane, instance), "Save as…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Name").press("Enter")
    expect(dialog).to_have_count(0)
    expect(entry(presets(pane, instance), name)).to_be_visible()


def names(bench: Bench, instance: str = "gain#1") -> dict[str, str]:
    return {preset["presetId"]: preset["name"] for preset in bench.api.presets(instance)["presets"]}


def two_presets(bench: Bench) -> None:
    """"Loud" at 0 dB and "Soft" at −24 dB with channel 2 muted; Soft plays."""
    bench.api.ask("save_preset", instanceId="gain#1", presetId="loud", name="Loud")
    bench.api.apply("gain#1", {"gainDb#0": -24, "gainDb#1": -24, "mute#1": True})
    bench.api.ask("save_preset", instanceId="gain#1", presetId="soft", name="Soft")


def heard(bench: Bench, level: float, slack: float = 0.15) -> None:
    bench.wait_for(lambda: abs(bench.api.rms("gain#1")[0] - TONE_RMS - level) < slack, f"{level} dB are heard")


# presets


def test_a_preset_is_saved_changed_and_loaded(bench: Bench) -> None:
    pane = show(bench)
    box = presets(pane)
    expect(box).to_contain_text("None yet")
    save_as(bench.page, pane, "Flat & loud")
    assert names(bench) == {"flat_loud": "Flat & loud"}
    expect(box.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    bench.api.set("gain#1", "gainDb#0", -18)
    expect(entry(box, "Flat & loud")).to_contain_text("(changed)")
    heard(bench, -18)
    press(box, "Load Flat & loud")
    expect(entry(box, "Flat & loud")).not_to_contain_text("(changed)")
    heard(bench, 0)
    bench.api.set("gain#1", "gainDb#0", -9)
    press(box, "Save")
    expect(entry(box, "Flat & loud")).not_to_contain_text("(changed)")
    assert float(bench.api.presets("gain#1")["presets"][0]["params"]["gainDb#0"]) == -9


def test_a_name_that_is_taken_replaces_after_a_warning(bench: Bench) -> None:
    two_presets(bench)
    page = bench.page
    pane = show(bench)
    press(presets(pane), "Save as…")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_label("Name").fill("")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_contain_text("Give it a name")
    dialog.get_by_label("Name").fill("LOUD")
    expect(dialog).to_contain_text("will be replaced")
    dialog.get_by_role("button", name="Replace").click()
    bench.wait_for(lambda: names(bench) == {"loud": "LOUD", "soft": "Soft"}, "the one of that name is replaced")


def test_rename_and_delete(bench: Bench) -> None:
    two_presets(bench)
    page = bench.page
    pane = show(bench)
    box = presets(pane)
    press(box, "More for Loud")
    expect(page.get_by_role("menuitem", name="Rename: load it first")).to_be_disabled()
    page.keyboard.press("Escape")
    choose(page, box, "Soft", "Rename…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Loud")
    dialog.get_by_label("Name").press("Enter")
    expect(dialog).to_contain_text('There is "Loud" already')
    dialog.get_by_label("Name").fill("Night")
    dialog.get_by_label("Name").press("Enter")
    bench.wait_for(lambda: names(bench) == {"loud": "Loud", "soft": "Night"}, "it has another name")
    choose(page, box, "Loud", "Delete…")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert len(names(bench)) == 2, "cancelled"
    choose(page, box, "Loud", "Delete…")
    page.keyboard.press("Enter")
    bench.wait_for(lambda: names(bench) == {"soft": "Night"}, "deleted")
    expect(entry(box, "Loud")).to_have_count(0)


def test_presets_of_other_clients_appear(bench: Bench) -> None:
    pane = show(bench)
    expect(presets(pane)).to_contain_text("None yet")
    two_presets(bench)
    expect(entry(presets(pane), "Loud")).to_be_visible()
    bench.api.ask("delete_preset", instanceId="gain#1", presetId="loud")
    expect(entry(presets(pane), "Loud")).to_have_count(0)


def test_without_a_module_the_pane_says_what_to_do(bench: Bench) -> None:
    pane = open_pane(bench.page, "Presets")
    expect(pane).to_contain_text("Select a module")
    expect(region(pane, "Profiles")).to_contain_text("None yet")


# differences


def test_differences_are_read_and_taken_line_by_line(bench: Bench) -> None:
    two_presets(bench)
    pane = show(bench)
    table = region(pane, "Differences")
    expect(table).to_contain_text("No differences")
    bench.api.set("gain#1", "gainDb#0", -3)
    expect(table.get_by_role("row", name="Gain, channel 1")).to_contain_text("−24.0 dB")
    expect(table.get_by_role("row", name="Gain, channel 1")).to_contain_text("−3.0 dB")
    table.get_by_label("Preset on the left").select_option("Loud")
    expect(table).to_contain_text("3 differences")
    expect(table.get_by_role("row", name="Mute, channel 2")).to_contain_text("off")
    table.get_by_role("button", name="Use Gain, channel 1 of Loud: 0.0 dB").click()
    heard(bench, 0)
    expect(table).to_contain_text("2 differences")
    assert bench.api.number("gain#1", "gainDb#1") == -24, "the other lines stay"
    table.get_by_label("and").select_option("Soft")
    expect(table).to_contain_text("3 differences")
    table.get_by_role("button", name="Use Gain, channel 1 of Soft: −24.0 dB").click()
    heard(bench, -24)


# morphing


def test_the_morph_slider_goes_from_one_preset_to_another(bench: Bench) -> None:
    two_presets(bench)
    context = bench.new_context()
    probe(context)
    page = bench.new_page(context=context)
    pane = show(bench, page=page)
    morph = region(pane, "Morph between presets")
    slider = morph.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    slider.press("PageUp")
    bench.wait_for(lambda: abs(bench.api.number("gain#1", "gainDb#0") + 2.4) < 0.01, "10 % of 24 dB")
    expect(morph).to_contain_text("10 %")
    begin(page)
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.12, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2, steps=30)
    page.mouse.up()
    bench.wait_for(lambda: 40 < float(slider.input_value()) < 60, "the thumb follows the pointer")
    position = float(slider.input_value()) / 100
    bench.wait_for(lambda: abs(bench.api.number("gain#1", "gainDb#0") + 24 * position) < 0.01, "the last one arrives")
    messages = sent(page, "morph_presets")
    assert 0 < len(messages) and most_in_a_picture(messages) == 1
    slider.press("End")
    bench.wait_for(lambda: bench.api.value("gain#1", "mute#1") == "true", "switches go over in the middle")
    heard(bench, -24)
    morphs = [item["title"] for item in bench.api.history() if "between Loud and Soft" in item["title"]]
    assert 1 <= len(morphs) <= 3, f"a drag of many is one step of the history: {morphs}"


# profiles


def test_a_profile_is_made_loaded_and_deleted(bench: Bench) -> None:
    two_presets(bench)
    page = bench.page
    pane = show(bench)
    box = region(pane, "Profiles")
    press(box, "Make profile…")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("gain#1: Soft")
    dialog.get_by_label("Name").fill("Evening")
    dialog.get_by_role("button", name="Save", exact=True).click()
    row = entry(box, "Evening")
    expect(row).to_contain_text("1 module")
    press(box, "Contents of Evening")
    expect(row).to_contain_text("gain#1")
    expect(row).to_contain_text("Soft")
    press(presets(pane), "Load Loud")
    heard(bench, 0)
    press(box, "Load Evening")
    heard(bench, -24)
    choose(page, box, "Evening", "Rename…")
    page.get_by_role("dialog").get_by_label("Name").fill("Late")
    page.keyboard.press("Enter")
    expect(entry(box, "Late")).to_be_visible()
    choose(page, box, "Late", "Delete…")
    page.keyboard.press("Enter")
    expect(box).to_contain_text("None yet")
    assert bench.api.ask("list_profiles")["profiles"] == []


def test_a_profile_names_the_modules_that_are_absent(bench: Bench) -> None:
    two_presets(bench)
    bench.api.ask("save_preset", instanceId="delay#1", presetId="far", name="Far")
    bench.api.ask(
        "save_profile", profileId="both", name="Both", modulePresets={"gain#1": "loud", "delay#1": "far"}
    )
    bench.api.write_link(chains.row(("gain#1", "channel_gain_v1")))
    pane = show(bench)
    box = region(pane, "Profiles")
    expect(entry(box, "Both")).to_contain_text("2 modules, 1 absent")
    press(box, "Contents of Both")
    expect(entry(box, "Both").get_by_role("listitem").filter(has_text="delay#1")).to_contain_text("not in this chain")
    press(box, "Load Both")
    expect(notices(bench.page)).to_contain_text("Not in this chain: delay#1")
    heard(bench, 0)


# A/B


def compare(page: Page) -> Locator:
    return strip(page).get_by_role("group", name="Compare A and B")


def test_one_key_goes_between_a_and_b(bench: Bench) -> None:
    page = bench.page
    bench.api.set_output(matched=False)
    bench.api.ask("compare_select", slot="a")
    bench.api.ask("compare_copy", **{"from": "a"})
    bar = compare(page)
    expect(bar).to_contain_text("no differences")
    page.locator("body").press("b")
    bench.wait_for(lambda: bench.api.compare()["active"] == "b", "B plays")
    expect(bar.get_by_role("radio", name="B")).to_be_checked()
    bench.api.set("gain#1", "gainDb#0", -12)
    bench.api.set("gain#1", "gainDb#1", -12)
    heard(bench, -12)
    expect(bar).to_contain_text("2 differences")
    page.locator("body").press("b")
    heard(bench, 0)
    bar.get_by_role("radio", name="B").click()
    heard(bench, -12)
    bar.get_by_role("radio", name="B").press("ArrowLeft")
    heard(bench, 0)
    expect(bar).to_contain_text("not matched")


def test_slots_are_copied(bench: Bench) -> None:
    page = bench.page
    bench.api.ask("compare_select", slot="a")
    bench.api.ask("compare_copy", **{"from": "a"})
    bench.api.set("gain#1", "gainDb#0", -6)
    bar = compare(page)
    expect(bar).to_contain_text("1 difference")
    bar.get_by_role("button", name="Copy between A and B").click()
    page.get_by_role("menuitem", name="Copy A over B").click()
    expect(bar).to_contain_text("no differences")
    page.locator("body").press("b")
    bench.wait_for(lambda: bench.api.compare()["active"] == "b", "B plays")
    assert bench.api.number("gain#1", "gainDb#0") == -6, "B has A's values"


def test_a_and_b_are_matched_in_loudness(bench: Bench) -> None:
    page = bench.page
    bench.api.ask("compare_select", slot="a")
    # The state may be what another test has left.
    bench.api.apply("gain#1", {"gainDb#0": 0, "gainDb#1": 0})
    bench.api.ask("compare_copy", **{"from": "a"})
    bench.api.ask("compare_select", slot="b")
    bench.api.apply("gain#1", {"gainDb#0": -9, "gainDb#1": -9})
    bench.api.set_output(matched=True)
    bar = compare(page)
    bench.wait_for(lambda: abs(bench.api.rms("$output")[0] - TONE_RMS + 9) < 0.15, "B is 9 dB lower than the source")
    page.locator("body").press("b")
    bench.wait_for(lambda: bench.api.compare()["active"] == "a", "A plays")
    match = bench.api.compare()["matchDb"]
    assert abs(match + 9) < 1, f"A is turned down by about 9 dB, not {match}"
    bench.wait_for(lambda: abs(bench.api.rms("$output")[0] - TONE_RMS - match) < 0.15, "so that it is as loud as B")
    expect(bar).to_contain_text(f"matched −{-match:.1f} dB")
    strip(page).get_by_role("button", name=f"−{-match:.1f} dB").click()
    bench.wait_for(lambda: not bench.api.output()["matched"], "not matched")
    expect(bar).to_contain_text("not matched")
