"""axe-core on every pane, in both themes, at both sizes, with and without something selected."""

from __future__ import annotations

from playwright.sync_api import Page

from accessibility import GUIDELINES, violations
from chains import row
from harness import TABLET, Bench, NodeOptions
from panes import PANES, open_pane, select_module

NODE = NodeOptions(source="program")


def look(page: Page) -> list[str]:
    """The whole page once, then every pane in turn."""
    found = [f"page: {text}" for text in violations(page)]
    for pane, name in PANES.items():
        open_pane(page, pane)
        found += [f"{pane}: {text}" for text in violations(page, f"#side-{name}")]
    return list(dict.fromkeys(found))


def accessible_in(bench: Bench, theme: str) -> None:
    page = bench.new_page(theme=theme, bypass_csp=True)
    select_module(page, "eq#1")
    found = look(page)
    assert not found, "\n".join(found)


def test_every_pane_is_accessible_in_the_dark_theme(bench: Bench) -> None:
    accessible_in(bench, "dark")


def test_every_pane_is_accessible_in_the_light_theme(bench: Bench) -> None:
    accessible_in(bench, "light")


def test_the_first_visit_is_accessible(bench: Bench) -> None:
    page = bench.new_page(first_visit=True, bypass_csp=True)
    page.get_by_role("dialog").wait_for()
    found = violations(page)
    assert not found, "\n".join(found)


def test_an_empty_chain_is_accessible_on_a_tablet(bench: Bench) -> None:
    bench.api.write_link(row())
    page = bench.new_page(viewport=TABLET, touch=True, bypass_csp=True)
    found = violations(page)
    assert not found, "\n".join(found)


def test_a_lost_connection_is_announced(bench: Bench) -> None:
    page = bench.new_page(bypass_csp=True)
    bench.allow_lost_connections()
    bench.node.stop()
    page.wait_for_selector("html[data-connection=lost]")
    # What cannot be used is inert, the main landmark with it; that is no breach.
    found = violations(page, rules=GUIDELINES)
    assert not found, "\n".join(found)
