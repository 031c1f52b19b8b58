"""Where things are on the page: by role and name, as someone finds them who cannot see."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

PANES = {
    "Library": "left", "Navigator": "left", "Parameters": "right", "EQ": "right", "Meters": "bottom", "Spectrum": "bottom",
    "Source & listen": "bottom", "Presets": "bottom", "History": "bottom", "Log": "bottom",
}
SIDES = {"left": "Library and navigator", "right": "Module", "bottom": "Tools"}


def strip(page: Page) -> Locator:
    """The strip that is always there."""
    return page.get_by_role("complementary", name="Node and output")


def side(page: Page, name: str) -> Locator:
    """"left", "right" or "bottom"."""
    return page.locator(f"#side-{name}")


def tab(page: Page, pane: str) -> Locator:
    return page.get_by_role("tab", name=pane, exact=True)


def open_pane(page: Page, pane: str) -> Locator:
    """Brings a pane to the front by its tab. Returns its panel."""
    tab(page, pane).click()
    return page.get_by_role("tabpanel", name=pane, exact=True)


def select_module(page: Page, instance: str) -> None:
    """Chooses a module of the chain in the navigator."""
    open_pane(page, "Navigator")
    page.get_by_role("treeitem", name=instance).first.click()


def gain_box(page: Page, channel: int = 1) -> Locator:
    """The field of a gain module's gain."""
    return page.get_by_role("spinbutton", name=f"Gain, channel {channel}", exact=True)


def shown_gain(page: Page, channel: int = 1) -> float:
    """What that field shows, dB."""
    value = gain_box(page, channel).get_attribute("aria-valuenow")
    assert value is not None, "the gain is not known"
    return float(value)


def type_gain(page: Page, text: str, channel: int = 1) -> None:
    box = gain_box(page, channel)
    box.click()
    box.fill(text)
    box.press("Enter")


def connection(page: Page) -> Locator:
    """The button that says whether there is a node."""
    return strip(page).locator("button.connection")


def notices(page: Page) -> Locator:
    """Short messages to the user."""
    return page.locator(".notices")
