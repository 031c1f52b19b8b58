"""What hands do: drags and turns that are measured, and fingers."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from panes import open_pane


@dataclass
class Drag:
    """What a drag did: pointer moves, and how long it took in seconds."""

    moves: int
    seconds: float


def middle(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None, "there is nothing to take hold of"
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], seconds: float, reach: tuple[float, float], turns: float = 0.5) -> Drag:
    """Presses at `start` and leads the pointer on a figure of eight of this reach in pixels, `turns` a second."""
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down()
    began = time.perf_counter()
    moves = 0
    while (elapsed := time.perf_counter() - began) < seconds:
        angle = 2 * math.pi * turns * elapsed
        page.mouse.move(x + reach[0] * math.sin(angle), y + reach[1] * math.sin(2 * angle))
        moves += 1
    page.mouse.up()
    return Drag(moves, time.perf_counter() - began)


def band_handle(page: Page, band: int) -> Locator:
    """The handle of an equaliser's band on its curve; the first band is 1."""
    return page.locator(f".eq-handle[data-band='{band - 1}']")


def drag_band(page: Page, band: int, seconds: float) -> Drag:
    return drag(page, middle(band_handle(page, band)), seconds, (60, 30))


def flow_module(page: Page, instance: str) -> Locator:
    """A module's box in the signal flow."""
    return page.locator(f".flow-module[data-module='{instance}']")


def drag_module(page: Page, instance: str, seconds: float) -> Drag:
    return drag(page, middle(flow_module(page, instance).locator(".flow-names")), seconds, (120, 80))


def zoom_flow(page: Page, seconds: float) -> Drag:
    """Turns the wheel over the middle of the signal flow, in and out."""
    page.mouse.move(*middle(page.locator(".centre")))
    began = time.perf_counter()
    turns = 0
    while time.perf_counter() - began < seconds:
        page.mouse.wheel(0, -100 if turns // 10 % 2 == 0 else 100)
        turns += 1
    return Drag(turns, time.perf_counter() - began)


def show_meters(page: Page, instances: list[str]) -> None:
    """Chooses what is metered: exactly these modules."""
    panel = open_pane(page, "Meters")
    panel.get_by_role("button", name="Choose what is metered").click()
    page.get_by_role("button", name="Choose none").click()
    search = page.get_by_role("searchbox", name="Search modules")
    for instance in instances:
        search.fill(instance)
        page.get_by_role("group", name="What to meter").get_by_text(instance, exact=True).click()
    page.keyboard.press("Escape")


class Fingers:
    """Fingers on the screen of a page that was opened with `touch=True`."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def down(self, *places: tuple[float, float]) -> None:
        self._send("touchStart", places)

    def move(self, *places: tuple[float, float]) -> None:
        self._send("touchMove", places)

    def up(self) -> None:
        """All of them."""
        self._send("touchEnd", ())

    def _send(self, type_: str, places: tuple[tuple[float, float], ...]) -> None:
        touches = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(places)]
        self._session.send("Input.dispatchTouchEvent", {"type": type_, "touchPoints": touches})
