"""The first time that somebody opens the page: it plays, and a short tour points at five things."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from geometry import faults
from harness import TABLET, Bench, NodeOptions
from panes import strip

NODE = NodeOptions(source="program")
STOPS = 5


def card(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Tour")


def visit(bench: Bench) -> Page:
    page = bench.new_page(first_visit=True)
    card(page).wait_for()
    return page


def is_over(page: Page) -> None:
    """The tour is gone, and stays away when the page is opened again."""
    expect(card(page)).to_have_count(0)
    page.reload()
    page.wait_for_selector("html[data-connection=open]")
    expect(strip(page)).to_be_visible()
    expect(card(page)).to_have_count(0)


def test_the_demo_plays(bench: Bench) -> None:
    page = visit(bench)
    assert bench.api.instances() == ["gain#1", "eq#1", "delay#1", "limiter#1"]
    bench.wait_for(lambda: max(bench.api.rms("$output")) > -50, "the output has a signal")
    expect(strip(page).get_by_role("group", name="Engine")).to_contain_text("Running")


def test_the_tour_has_five_stops(bench: Bench) -> None:
    page = visit(bench)
    titles = []
    for number in range(1, STOPS + 1):
        expect(card(page)).to_contain_text(f"{number} of {STOPS}")
        titles.append(card(page).get_by_role("heading").inner_text())
        hole = page.locator(".tour-hole").bounding_box()
        assert hole is not None and hole["width"] > 50 and hole["height"] > 50, "it points at something"
        assert not [fault for fault in faults(page) if "tour" in fault]
        card(page).get_by_role("button", name="Done" if number == STOPS else "Next").click()
    assert len(set(titles)) == STOPS
    is_over(page)


def test_the_tour_goes_back(bench: Bench) -> None:
    page = visit(bench)
    card(page).get_by_role("button", name="Next").click()
    card(page).get_by_role("button", name="Back").click()
    expect(card(page)).to_contain_text(f"1 of {STOPS}")


def test_the_tour_can_be_skipped(bench: Bench) -> None:
    page = visit(bench)
    card(page).get_by_role("button", name="Skip").click()
    is_over(page)


def test_escape_ends_the_tour_and_not_the_sound(bench: Bench) -> None:
    page = visit(bench)
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    assert bench.api.output()["panic"] is False
    is_over(page)


def test_the_tour_is_led_by_keys(bench: Bench) -> None:
    page = visit(bench)
    for number in range(1, STOPS):
        expect(card(page)).to_contain_text(f"{number} of {STOPS}")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(card(page)).to_contain_text(f"{STOPS - 1} of {STOPS}")
    page.keyboard.press("Enter")
    expect(card(page)).to_contain_text(f"{STOPS} of {STOPS}")
    page.keyboard.press("Enter")
    is_over(page)


def test_the_tour_can_be_seen_again(bench: Bench) -> None:
    page = bench.page
    expect(card(page)).to_have_count(0)
    strip(page).get_by_role("button", name="Tour").click()
    expect(card(page)).to_contain_text(f"1 of {STOPS}")


def test_the_tour_fits_on_a_tablet(bench: Bench) -> None:
    page = bench.new_page(first_visit=True, viewport=TABLET, touch=True)
    for number in range(1, STOPS + 1):
        expect(card(page)).to_contain_text(f"{number} of {STOPS}")
        box = card(page).bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= TABLET["width"]
        assert box["y"] >= 0 and box["y"] + box["height"] <= TABLET["height"]
        card(page).get_by_role("button", name="Done" if number == STOPS else "Next").tap()
    is_over(page)
