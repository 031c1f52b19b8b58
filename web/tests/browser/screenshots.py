"""Pictures of every pane in both themes, at both sizes, full and empty, for somebody to look at; into out/page.

    scripts/python web/tests/browser/screenshots.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import chains
from gestures import flow_module
from harness import DESKTOP, OUT, TABLET, Bench, NodeOptions, NodeProcess, launch, program
from panes import PANES, open_pane, select_module, side, strip

SIZES = {"desktop": DESKTOP, "tablet": TABLET}
BANDS = [("lowShelf", 90, 4, 0.7), ("peaking", 400, -5, 2), ("peaking", 2500, 3, 1), ("highShelf", 9000, -4, 0.7)]


def prepare(bench: Bench) -> None:
    """Makes the demo chain look used: bands, presets, a history, a profile."""
    for number, (kind, hertz, gain, q) in enumerate(BANDS):
        place = f"#0#{number}"
        values = {"freq": hertz, "gainDb": gain, "q": q, "bandEnable": True}
        types = {kind, "lowshelf" if kind == "lowShelf" else "highshelf" if kind == "highShelf" else kind}
        bench.api.apply("eq#1", {f"{name}{place}": value for name, value in values.items()})
        set_type(bench, f"type{place}", types)
    for name, gain in (("quiet", -12), ("loud", 3)):
        bench.api.set("gain#1", "gainDb#0", gain)
        bench.api.ask("save_preset", instanceId="gain#1", presetId=name, name=name.capitalize())
    bench.api.ask("save_profile", profileId="evening", name="Evening", modulePresets={"gain#1": "loud"})


def set_type(bench: Bench, key: str, names: set[str]) -> None:
    known = next(
        parameter["values"]
        for module in bench.api.library()["modules"] if module["moduleType"] == "common_eq_v1"
        for parameter in module["params"] if parameter["name"] == "type"
    )
    wanted = {name.lower().replace("_", "") for name in names}
    bench.api.set("eq#1", key, next(name for name in known if name.lower().replace("_", "") in wanted))


def take(bench: Bench, page: Page, name: str) -> None:
    # Meters and spectra need a moment until they show something.
    bench.pump(400)
    path = bench.screenshot(name, page)
    print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def panes(bench: Bench, size: str, theme: str) -> None:
    page = bench.new_page(viewport=SIZES[size], theme=theme, touch=size == "tablet")
    mark = f"{size}-{theme}"
    select_module(page, "gain#1")
    for pane, name in PANES.items():
        if pane == "EQ":
            select_module(page, "eq#1")
        open_pane(page, pane)
        if pane in ("EQ", "Source & listen", "Presets", "History"):
            side(page, name).get_by_role("button", name="Make larger").click()
            take(bench, page, f"{mark}-{pane.split()[0].lower()}-large")
            side(page, name).get_by_role("button", name="Make smaller").click()
        take(bench, page, f"{mark}-{pane.split()[0].lower()}")
    page.keyboard.press("?")
    take(bench, page, f"{mark}-keys")
    page.keyboard.press("Escape")
    strip(page).get_by_role("button", name="Theme").click()
    take(bench, page, f"{mark}-menu")
    page.context.close()


def first_visit(bench: Bench, theme: str) -> None:
    page = bench.new_page(theme=theme, first_visit=True)
    take(bench, page, f"visit-{theme}")
    page.context.close()


def empty(bench: Bench, theme: str) -> None:
    """What stands where there is nothing, and when the node has gone."""
    bench.api.write_link(chains.row())
    page = bench.new_page(theme=theme)
    for pane in PANES:
        open_pane(page, pane)
        take(bench, page, f"empty-{theme}-{pane.split()[0].lower()}")
    page.context.close()


def large(bench: Bench, theme: str) -> None:
    bench.api.write_link(chains.gains(200))
    page = bench.new_page(theme=theme)
    flow_module(page, "gain#200").wait_for(state="attached")
    take(bench, page, f"large-{theme}")
    page.context.close()


def lost(bench: Bench, theme: str) -> None:
    page = bench.new_page(theme=theme)
    bench.node.stop()
    page.wait_for_selector("html[data-connection=lost]")
    take(bench, page, f"lost-{theme}")
    page.context.close()
    bench.node.start()


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    node = NodeProcess(NodeOptions(source="program", files=[program()]))
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            node.start()
            bench = Bench(browser, node, "screenshots")
            prepare(bench)
            for theme in ("dark", "light"):
                for size in SIZES:
                    panes(bench, size, theme)
                first_visit(bench, theme)
                lost(bench, theme)
            for theme in ("dark", "light"):
                empty(bench, theme)
                large(bench, theme)
            bench.close()
        finally:
            browser.close()
            node.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
