"""The page while its node is away: it says so, takes no edit that it cannot keep, and is right again afterwards."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import Iterator

from playwright.sync_api import Page, expect

from gestures import flow_module
from harness import Bench, NodeOptions
from panes import connection, gain_box, notices, open_pane, select_module, shown_gain, strip, type_gain
from relay import Relay, free_port

RELAY_PORT = free_port()
NODE = NodeOptions(
    source="tone",
    environment={
        "SOUNDPOST_BACKEND__ALLOWEDHOSTS": f"127.0.0.1:{RELAY_PORT}",
        "SOUNDPOST_BACKEND__ALLOWEDORIGINS": f"http://127.0.0.1:{RELAY_PORT}",
    },
)
CUT_SECONDS = 30


def is_lost(page: Page) -> bool:
    return page.get_attribute("html", "data-connection") == "lost"


def node_gain(bench: Bench) -> float:
    return bench.api.number("gain#1", "gainDb#0")


def open_gain(bench: Bench, url: str | None = None) -> Page:
    page = bench.new_page(url=url)
    bench.allow_lost_connections()
    select_module(page, "gain#1")
    open_pane(page, "Parameters")
    return page


def works(bench: Bench, page: Page, gain: float) -> None:
    """A change in the page reaches the sound, and a change elsewhere the page."""
    type_gain(page, str(gain))
    bench.wait_for(lambda: node_gain(bench) == gain, "the page's change arrives")
    bench.wait_for(lambda: abs(bench.api.rms("gain#1")[0] - (gain - 23.01)) < 0.1, "and is heard")
    bench.api.set("gain#1", "gainDb#0", gain - 1)
    bench.wait_for(lambda: shown_gain(page) == gain - 1, "another client's change is shown")


def says_that_it_is_lost(bench: Bench, page: Page) -> None:
    """The strip says so in words, a notice over the page too, and nothing can be changed meanwhile."""
    bench.wait_for(lambda: is_lost(page), "the page knows that the node is gone")
    expect(connection(page)).to_contain_text("Disconnected")
    assert gain_box(page).evaluate("box => box.closest('[inert]') !== null"), "values can be changed without a node"
    fader = strip(page).get_by_role("slider", name="Master level", include_hidden=True)
    assert fader.evaluate("box => box.closest('[inert]') !== null"), "the level can be changed without a node"


def after_an_absence(bench: Bench, kill: bool) -> None:
    page = open_gain(bench)
    type_gain(page, "-7")
    bench.wait_for(lambda: node_gain(bench) == -7, "the change arrives")
    bench.node.kill() if kill else bench.node.stop()
    says_that_it_is_lost(bench, page)
    bench.node.start()
    bench.wait_until_connected(page)
    expect(connection(page)).to_contain_text("Connected")
    assert node_gain(bench) == -7, "an acknowledged change survives"
    bench.wait_for(lambda: shown_gain(page) == -7, "the page shows what the node has")
    strip(page).get_by_role("button", name="Undo").click()
    bench.wait_for(lambda: node_gain(bench) == 0, "it can still be taken back")
    works(bench, page, -3)


def test_the_page_survives_a_clean_restart(bench: Bench) -> None:
    after_an_absence(bench, kill=False)


def test_the_page_survives_a_killed_node(bench: Bench) -> None:
    after_an_absence(bench, kill=True)


def test_what_changed_during_an_absence_is_shown(bench: Bench) -> None:
    with Relay(RELAY_PORT, bench.node.port) as relay:
        bench.also_at(relay.address)
        page = open_gain(bench, f"http://{relay.address}/")
        relay.hold()
        relay.drop()
        bench.wait_for(lambda: is_lost(page), "the page is alone")
        bench.api.set("gain#1", "gainDb#0", -11)
        bench.api.set_output(levelDb=-20)
        bench.api.edit(lambda link: link["chains"][link["rootChainId"]]["nodes"][0].update(name="Trim"))
        relay.resume()
        bench.wait_until_connected(page)
        bench.wait_for(lambda: shown_gain(page) == -11, "the value is shown")
        expect(strip(page).get_by_role("slider", name="Master level")).to_have_attribute("aria-valuenow", "-20")
        open_pane(page, "Navigator")
        expect(page.get_by_role("treeitem", name="Trim")).to_be_visible()


@contextmanager
def cabled(bench: Bench) -> Iterator[tuple[Relay, Page]]:
    """A page behind a relay, with a module of the chain selected."""
    with Relay(RELAY_PORT, bench.node.port) as relay:
        bench.also_at(relay.address)
        page = bench.new_page(url=f"http://{relay.address}/")
        bench.allow_lost_connections()
        flow_module(page, "delay#1").focus()
        page.keyboard.press("Space")
        yield relay, page


def test_an_edit_that_was_in_the_cable_is_sent_again(bench: Bench) -> None:
    with cabled(bench) as (relay, page):
        relay.hold()
        page.keyboard.press("Delete")
        expect(flow_module(page, "delay#1")).to_have_count(0)
        relay.drop()
        bench.wait_for(lambda: is_lost(page), "the page is alone")
        relay.resume()
        bench.wait_until_connected(page)
        assert "delay#1" in bench.api.instances()
        faults = page.get_by_role("region", name="Faults of the chain")
        expect(faults).to_contain_text("The connection was lost before the node had answered")
        faults.get_by_role("button", name="Send again").click()
        bench.wait_for(lambda: "delay#1" not in bench.api.instances(), "the edit is made")
        expect(faults).to_have_count(0)


def test_edits_that_build_on_each_other_wait_in_their_order(bench: Bench) -> None:
    with cabled(bench) as (relay, page):
        relay.hold()
        page.keyboard.press("a")
        box = page.get_by_role("combobox", name="Add a module")
        box.fill("gain")
        box.press("Enter")
        expect(flow_module(page, "gain#2")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("e")
        relay.drop()
        bench.wait_for(lambda: is_lost(page), "the page is alone")
        relay.resume()
        bench.wait_until_connected(page)
        page.get_by_role("button", name="Send again").click()
        bench.wait_for(lambda: "gain#2" in bench.api.instances(), "the module is added")
        bench.wait_for(lambda: bench.api.node("gain#2")["enabled"] is False, "and bypassed")


def test_an_edit_at_once_after_an_absence_keeps_what_others_did(bench: Bench) -> None:
    with cabled(bench) as (relay, page):
        relay.hold()
        relay.drop()
        bench.wait_for(lambda: is_lost(page), "the page is alone")
        bench.api.edit(lambda link: link["chains"][link["rootChainId"]]["nodes"][0].update(name="Trim"))
        relay.resume()
        page.wait_for_function("() => document.documentElement.dataset.connection === 'open'")
        flow_module(page, "delay#1").focus()
        page.keyboard.press("Delete")
        bench.wait_for(lambda: "delay#1" not in bench.api.instances(), "the edit is made")
        chain = bench.api.link()
        assert "Trim" in [node.get("name") for node in chain["chains"][chain["rootChainId"]]["nodes"]]


def test_a_cut_of_thirty_seconds(bench: Bench) -> None:
    """A pulled cable: no socket closes, bytes just stop. Edits of that time are refused or said to be uncertain."""
    with Relay(RELAY_PORT, bench.node.port) as relay:
        bench.also_at(relay.address)
        page = open_gain(bench, f"http://{relay.address}/")
        type_gain(page, "-5")
        bench.wait_for(lambda: node_gain(bench) == -5, "the change arrives")
        relay.hold()
        cut = time.monotonic()
        type_gain(page, "-9")
        says_that_it_is_lost(bench, page)
        expect(notices(page)).to_contain_text("may not have arrived")
        assert shown_gain(page) == -5, "a change that was not acknowledged is still shown as if it were"
        bench.wait_for(lambda: time.monotonic() - cut >= CUT_SECONDS, "the end of the cut", CUT_SECONDS + 1)
        assert is_lost(page)
        assert node_gain(bench) == -5
        relay.resume()
        bench.wait_until_connected(page)
        # The change may have waited in the cable and arrive now: whatever the node has, the page shows.
        bench.wait_for(lambda: shown_gain(page) == node_gain(bench), "the page shows what the node has")
        works(bench, page, -2)


def test_a_page_that_was_opened_too_early_finds_its_node(bench: Bench) -> None:
    page = open_gain(bench)
    bench.node.stop()
    says_that_it_is_lost(bench, page)
    # Long enough for the pauses between attempts to have grown.
    bench.pump(3000)
    bench.node.start()
    bench.wait_until_connected(page)
    works(bench, page, -4)
