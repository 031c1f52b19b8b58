"""The page without a mouse: follows docs/keyboard.md, step by step, and checks what it promises."""

from __future__ import annotations

import re
from typing import Callable

from playwright.sync_api import Page, expect

from harness import ROOT, Bench, NodeOptions
from panes import tab

NODE = NodeOptions(source="tone")
WALK = ROOT / "docs" / "keyboard.md"
ROW = re.compile(r"^\| (\d+) \| (.*) \| (.*) \|$")
ACTION = re.compile(r"`Tab` to “([^”]+)”|type `([^`]+)`|`([^`]+)`")
MOST_TABS = 80
TONE_RMS = -23.01
DEMO = ["gain#1", "eq#1", "delay#1", "limiter#1"]
NAME = """() => {
    const element = document.activeElement;
    return (element.getAttribute("aria-label") ?? element.innerText ?? "").trim();
}"""


class Walk:
    """What the steps are checked against."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.page = bench.page
        self.place: object = None
        self.gain = 0.0
        self.band: dict[str, float] = {}

    def focused(self) -> str:
        return str(self.page.evaluate(NAME))

    def focus_is_in(self, selector: str) -> bool:
        return bool(self.page.evaluate("(place) => document.activeElement.closest(place) !== null", selector))

    def selected(self) -> list[str]:
        modules = self.page.locator(".flow-module.selected")
        return list(modules.evaluate_all("(all) => all.map((module) => module.dataset.module)"))

    def level(self) -> float:
        return max(self.bench.api.rms("$output"))

    def is_heard(self, level: float = TONE_RMS) -> bool:
        return abs(self.level() - level) < 0.2

    def is_silent(self) -> bool:
        return self.level() < -100

    def instances(self) -> list[str]:
        """The modules of the chain, once the page shows those that the node has."""
        own = self.bench.api.instances()
        shown = self.page.locator(".flow-module").evaluate_all("(all) => all.map((module) => module.dataset.module)")
        return own if set(own) == {name for name in shown if not name.startswith("$io")} else []

    def gain_is(self, condition: Callable[[float], bool]) -> bool:
        gain = self.bench.api.number("gain#1", "gainDb#0")
        if not condition(gain):
            return False
        self.gain = gain
        return True

    def band_is(self, condition: Callable[[dict[str, float]], bool]) -> bool:
        values = self.bench.api.values("eq#1")
        band = {name: float(values[f"{name}#0#0"]) for name in ("freq", "gainDb")}
        band["on"] = values["bandEnable#0#0"] == "true"
        if not condition(band):
            return False
        self.band = band
        return True

    def was_moved(self) -> bool:
        return self.bench.api.node("gain#1")["position"] != self.place

    def is_on(self) -> bool:
        module = self.bench.api.node("gain#1")
        return module["enabled"] and self.bench.api.value("gain#1", "enable") == "true"

    def keeps_place(self) -> bool:
        self.place = self.bench.api.node("gain#1")["position"]
        return True


def shows(page: Page, words: str) -> bool:
    return page.get_by_text(words).count() > 0


def checks(walk: Walk) -> dict[int, Callable[[], object]]:
    """What is true after each step."""
    page, api = walk.page, walk.bench.api
    has_box = page.get_by_role("combobox", name="Wires of")
    keys = page.get_by_role("dialog", name="Keys and gestures")
    return {
        1: lambda: walk.focused() == "Library",
        2: lambda: walk.instances() == [*DEMO, "limiter#2"] and walk.selected() == ["limiter#2"],
        3: lambda: walk.focus_is_in("[data-module='limiter#2']"),
        4: lambda: walk.instances() == DEMO,
        5: lambda: walk.selected() == ["gain#1"] and walk.keeps_place(),
        6: lambda: not walk.is_on(),
        7: walk.is_on,
        8: walk.was_moved,
        9: lambda: "delay#2" in walk.instances() and ("gain#1", "out", "delay#2", "in") in api.edges()
        and walk.selected() == ["delay#2"],
        10: lambda: walk.instances() == DEMO and ("gain#1", "out", "eq#1", "in") in api.edges(),
        11: lambda: has_box.count() == 1,
        12: lambda: has_box.count() == 0 and walk.is_heard(),
        13: lambda: walk.selected() == DEMO,
        14: lambda: walk.selected() == [],
        15: lambda: walk.selected() == ["gain#1"],
        16: lambda: walk.gain_is(lambda gain: gain < 0),
        17: lambda: walk.gain_is(lambda gain: abs(gain - 11 * walk.gain) < 0.01),
        18: lambda: api.number("gain#1", "gainDb#0") == -6 and abs(api.rms("gain#1")[0] - (TONE_RMS - 6)) < 0.2,
        19: lambda: any(abs(api.number("gain#1", "gainDb#0") - before) < 0.01 for before in (0, walk.gain)),
        20: lambda: walk.selected() == ["eq#1"] and tab(page, "EQ").get_attribute("aria-selected") == "true",
        21: lambda: walk.band_is(lambda band: bool(band["on"])),
        22: lambda: walk.band_is(lambda band: band["gainDb"] > walk.band["gainDb"]),
        23: lambda: walk.band_is(lambda band: band["freq"] > walk.band["freq"]),
        24: lambda: walk.focused() == "History" and shows(page, "eq#1"),
        25: lambda: walk.focus_is_in(".strip"),
        26: walk.is_silent,
        27: lambda: not walk.is_silent(),
        28: lambda: api.compare()["active"] == "b",
        29: lambda: api.compare()["active"] == "a",
        30: lambda: api.output()["bypassed"] is True,
        31: lambda: api.output()["bypassed"] is False,
        32: lambda: api.output()["panic"] is True and walk.is_silent(),
        33: lambda: api.output()["panic"] is False and not walk.is_silent(),
        34: lambda: page.locator("#side-left").count() == 0,
        35: lambda: page.locator("#side-left").count() == 1,
        36: lambda: page.get_attribute("html", "data-theme") == "light",
        37: lambda: keys.count() == 1,
        38: lambda: keys.count() == 0 and api.output()["panic"] is False,
    }


def press(walk: Walk, keys: str) -> None:
    """Does what the column of keys says."""
    done = 0
    for action in ACTION.finditer(keys):
        goal, words, key = action.groups()
        done += 1
        if goal is not None:
            tab_to(walk, goal)
        elif words is not None:
            walk.page.keyboard.type(words)
        else:
            walk.page.keyboard.press(key)
    assert done, f"no keys in: {keys}"


def tab_to(walk: Walk, name: str) -> None:
    passed: list[str] = []
    for _ in range(MOST_TABS):
        walk.page.keyboard.press("Tab")
        if walk.focused() == name:
            return
        passed.append(walk.focused())
    raise AssertionError(f"Tab never comes to “{name}”, but to {list(dict.fromkeys(passed))}")


def test_the_walk_through_works(bench: Bench) -> None:
    walk = Walk(bench)
    rows = [match.groups() for line in WALK.read_text().splitlines() if (match := ROW.match(line))]
    expected = checks(walk)
    assert [int(number) for number, _, _ in rows] == sorted(expected), "each step has its check"
    for number, keys, promise in rows:
        press(walk, keys)
        bench.wait_for(expected[int(number)], f"step {number}: {promise}")


def test_whatever_has_the_focus_shows_it(bench: Bench) -> None:
    """Goes through the whole page by Tab: each stop is drawn differently while it has the focus."""
    page = bench.page
    page.keyboard.press("F6")
    seen: list[str] = []
    for _ in range(MOST_TABS):
        look = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (element === document.body) return null;
                const style = (own) => [own.outlineStyle, own.outlineWidth, own.boxShadow, own.borderColor, own.backgroundColor].join();
                const focused = style(getComputedStyle(element));
                const name = element.getAttribute("aria-label") ?? element.innerText ?? element.tagName;
                element.blur();
                const plain = style(getComputedStyle(element));
                element.focus();
                return { name, differs: focused !== plain };
            }"""
        )
        if look is not None:
            assert look["differs"], f"the focus cannot be seen on {look['name']}"
            seen.append(look["name"])
        page.keyboard.press("Tab")
    assert len(set(seen)) > 25, seen
    expect(page.locator("html")).to_have_attribute("data-connection", "open")
