"""What a test of the page gets: a node, a client of it and pages in a real Chromium.

    from harness import Bench, NodeOptions

    NODE = NodeOptions(source="tone")          # optional

    def test_a_gain_is_heard(bench: Bench) -> None:
        bench.page.get_by_role("slider", name="Gain, channel 1").press("ArrowUp")
        bench.wait_for(lambda: bench.api.number("gain#1", "gainDb#0") > 0, "the gain arrives")
        assert bench.api.rms("gain#1")[0] > -24

Each file has one node and one browser; each test has pages without memory of former ones, and before each test the chain,
the values, the mode and the output are again those of the file's first test. `run.py` finds and runs the tests.

A test fails by itself on an exception in a page, on an error in its console, on a breach of the page's own
Content-Security-Policy and on a request to any other origin. `bench.allow(PATTERN)` lets expected console errors pass.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any, Callable, Optional, TypeVar

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

from api import ROOT, Api, Levels, NodeError, Spectrum
from node_process import NodeOptions, NodeProcess, noise, program, tone

__all__ = [
    "PATIENCE", "Api", "Bench", "Levels", "NodeError", "NodeOptions", "NodeProcess", "Spectrum", "noise", "program", "tone",
]

T = TypeVar("T")

OUT = ROOT / "out" / "page"
# How long anything may take, in seconds, before it counts as not happening; far more than it does take, since machines
# that test are busy. $PAGE_PATIENCE is for those that are very busy.
PATIENCE = float(os.environ.get("PAGE_PATIENCE", "20"))
DESKTOP = {"width": 1280, "height": 800}
TABLET = {"width": 1024, "height": 768}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CSP_TO_CONSOLE = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`breach of the Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI}`));"""
TOUR_SEEN = """try { localStorage.setItem("soundpost.tour", JSON.stringify("seen")); } catch { /* about:blank has none */ }"""


expect.set_options(timeout=1000 * PATIENCE)


def launch(playwright: Playwright) -> Browser:
    """Chromium without a window: $CHROMIUM, the distribution's, or else playwright's own."""
    path = os.environ.get("CHROMIUM") or next(
        (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if os.path.exists(path)), None
    )
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


class Bench:
    """Node, client and pages of one test."""

    def __init__(self, browser: Browser, node: NodeProcess, name: str) -> None:
        self.browser = browser
        self.node = node
        self.name = name
        self.faults: list[str] = []
        self.pages: list[Page] = []
        self.contexts: list[BrowserContext] = []
        self._allowed: list[re.Pattern[str]] = []
        self._origins: set[str] = set()
        self._api: Optional[Api] = None
        self._page: Optional[Page] = None

    # node

    @property
    def api(self) -> Api:
        """A client named "tester"; a new one after the node was restarted."""
        if self._api is not None and not self._api.is_connected:
            self._api.close()
            self._api = None
        if self._api is None:
            self._api = self.node.connect()
        return self._api

    def restart_node(self, kill: bool = False) -> None:
        """Ends the node (SIGTERM, or kill -9) and starts it with the same data on the same port."""
        self.node.restart(kill)

    # pages

    @property
    def page(self) -> Page:
        """The test's first page, 1280×800, dark, past the tour; opened when it is first asked for."""
        if self._page is None:
            self._page = self.new_page()
        return self._page

    def new_context(
        self,
        *,
        viewport: dict[str, int] = DESKTOP,
        theme: str = "dark",
        touch: bool = False,
        first_visit: bool = False,
        **options: Any,
    ) -> BrowserContext:
        """A browser profile of its own, without memory."""
        context = self.browser.new_context(
            viewport=viewport, color_scheme=theme, has_touch=touch, accept_downloads=True, **options
        )
        self.contexts.append(context)
        context.add_init_script(CSP_TO_CONSOLE)
        if not first_visit:
            context.add_init_script(TOUR_SEEN)
        return context

    def new_page(
        self,
        *,
        viewport: dict[str, int] = DESKTOP,
        theme: str = "dark",
        touch: bool = False,
        first_visit: bool = False,
        url: Optional[str] = None,
        context: Optional[BrowserContext] = None,
        wait: bool = True,
        **options: Any,
    ) -> Page:
        """A page in a browser profile of its own, or in `context` as a second tab.

        `theme` is what the system prefers (dark or light), `first_visit` shows the tour, `wait=False` returns before the
        page is connected; `options` go to playwright's `new_context`.
        """
        if context is None:
            context = self.new_context(
                viewport=viewport, theme=theme, touch=touch, first_visit=first_visit, **options
            )
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        self._guard(page)
        self.pages.append(page)
        page.goto(url or self.node.url, timeout=3000 * PATIENCE)
        if wait:
            self.wait_until_connected(page)
        return page

    def wait_until_connected(self, page: Optional[Page] = None) -> None:
        """Until the page has read everything from the node (`<html data-connection="open">`)."""
        (page or self.page).wait_for_selector("html[data-connection=open]", timeout=1000 * PATIENCE)

    def tab(self, name: str, page: Optional[Page] = None) -> None:
        """Brings a pane to the front by its tab: "EQ", "Spectrum", "History" …"""
        (page or self.page).get_by_role("tab", name=name, exact=True).click()

    # waiting

    def wait_for(self, condition: Callable[[], T], what: str, timeout: float = PATIENCE) -> T:
        """Asks until the condition holds (is true or raises no AssertionError) and returns its value.

        The pages go on meanwhile. Fails with `what` and the last value or error when the time is over.
        """
        deadline = time.monotonic() + timeout
        while True:
            last: Any = None
            try:
                last = condition()
                if last:
                    return last
            except AssertionError as error:
                last = error
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {timeout:g} s: {what} (last: {last!r})")
            self.pump(20)

    def pump(self, milliseconds: float) -> None:
        """Lets the pages' events arrive for a moment. For measurements; a test waits with `wait_for`."""
        living = next((page for page in self.pages if not page.is_closed()), None)
        if living is None:
            time.sleep(milliseconds / 1000)
        else:
            living.wait_for_timeout(milliseconds)

    # faults

    def allow(self, pattern: str) -> None:
        """Console errors that match pass, also those that have come already."""
        self._allowed.append(re.compile(pattern))

    def allow_lost_connections(self) -> None:
        """The browser reports in the console what a page cannot reach while its node is away."""
        self.allow(r"WebSocket connection to .* failed|net::ERR_")

    def remaining_faults(self) -> list[str]:
        return [fault for fault in self.faults if not any(pattern.search(fault) for pattern in self._allowed)]

    def screenshot(self, name: str, page: Optional[Page] = None) -> Path:
        """Writes out/page/NAME.png."""
        path = OUT / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        (page or self.page).screenshot(path=path)
        return path

    def save_screenshots(self) -> list[Path]:
        """Of every page that is open, after a failure."""
        living = [page for page in self.pages if not page.is_closed()]
        return [self.screenshot(f"failed-{self.name}-{number}", page) for number, page in enumerate(living, 1)]

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        if self._api is not None:
            self._api.close()

    # origins

    def also_at(self, address: str) -> None:
        """Pages may speak to this host and port too: a relay before the node."""
        self._origins.add(address)

    def _guard(self, page: Page) -> None:
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.faults.append(f"exception in the page: {error}"))
        page.on("crash", lambda _: self.faults.append("the page crashed"))
        page.on("request", lambda request: self._check_origin(request.url))
        page.on("websocket", lambda socket: self._check_origin(socket.url))

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _check_origin(self, url: str) -> None:
        scheme, _, rest = url.partition(":")
        if scheme in ("data", "blob", "about"):
            return
        if rest.lstrip("/").split("/", 1)[0] not in self._origins | {self.node.address}:
            self.faults.append(f"a request to a foreign origin: {url}")
