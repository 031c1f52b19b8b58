"""What a page does, counted and timed inside the browser. Used by tests (counts) and by Benchmarks/page (times)."""

from __future__ import annotations

import bisect
import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page

# Before any script of the page: numbers the pictures, and notes each control message with the picture it belongs to.
PROBE = """
(() => {
    const probe = { frame: 0, times: [], sent: [], long: [], moves: [], drawn: {} };
    Object.defineProperty(window, "pageProbe", { value: probe });
    const tick = (now) => { probe.frame += 1; probe.times.push(now); requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        if (typeof data === "string") probe.sent.push({ frame: probe.frame, at: performance.now(), text: data });
        return send.call(this, data);
    };
    addEventListener("pointermove", (event) => {
        if (event.buttons !== 0) probe.moves.push({ frame: probe.frame, made: event.timeStamp, heard: performance.now() });
    }, true);
    // The curve is drawn when the last line of its canvas is.
    const stroke = CanvasRenderingContext2D.prototype.stroke;
    CanvasRenderingContext2D.prototype.stroke = function (...path) {
        stroke.apply(this, path);
        if (this.canvas instanceof HTMLCanvasElement && this.canvas.closest(".eq-graph") !== null) {
            probe.drawn[probe.frame] = performance.now();
        }
    };
    try {
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) probe.long.push(entry.duration);
        }).observe({ type: "longtask" });
    } catch { /* not every browser tells */ }
})();
"""


def probe(context: BrowserContext) -> None:
    """Makes the pages of a context count; call before the page is opened."""
    context.add_init_script(PROBE)


@dataclass
class Pictures:
    """Times between successive pictures, ms."""

    intervals: list[float]
    long_tasks: list[float]

    @property
    def rate(self) -> float:
        """Pictures a second."""
        return 1000 * len(self.intervals) / sum(self.intervals)

    def quantile(self, part: float) -> float:
        ordered = sorted(self.intervals)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def late(self, limit: float = 25.0) -> int:
        """How many came later than this."""
        return sum(interval > limit for interval in self.intervals)

    def __str__(self) -> str:
        return (
            f"{self.rate:.1f} pictures/s, interval p50 {self.quantile(0.5):.1f} ms, p99 {self.quantile(0.99):.1f} ms, "
            f"max {max(self.intervals):.1f} ms, {self.late()} of {len(self.intervals)} over 25 ms, "
            f"long tasks {len(self.long_tasks)}"
        )


def begin(page: Page) -> None:
    """Forgets pictures, messages and marks so far."""
    page.evaluate(
        "() => { pageProbe.times.length = 0; pageProbe.sent.length = 0; pageProbe.long.length = 0;"
        " pageProbe.moves.length = 0; pageProbe.drawn = {}; }"
    )


def pictures(page: Page) -> Pictures:
    """Since `begin`."""
    seen = page.evaluate("() => ({ times: pageProbe.times, long: pageProbe.long })")
    times = seen["times"]
    return Pictures([after - before for before, after in zip(times, times[1:])], seen["long"])


def sent(page: Page, *types: str) -> list[dict[str, Any]]:
    """Messages of these types since `begin`, each with the number of the picture it was sent in ("frame")."""
    messages = []
    for entry in page.evaluate("() => pageProbe.sent"):
        message = json.loads(entry["text"])
        if not types or message["type"] in types:
            messages.append({**message, "frame": entry["frame"], "at": entry["at"]})
    return messages


def most_in_a_picture(messages: list[dict[str, Any]]) -> int:
    """The most of these messages that were sent in one picture."""
    counts: dict[int, int] = {}
    for message in messages:
        counts[message["frame"]] = counts.get(message["frame"], 0) + 1
    return max(counts.values(), default=0)


def pointer_to_curve(page: Page) -> tuple[list[float], list[float]]:
    """Milliseconds from each pointer event of a drag on the EQ to the end of the drawing that shows it.

    First from the moment at which the page hears of the event, then from that at which the browser received it; the
    browser tells pages of moves once a picture, so the second has up to one picture's time more in it.
    """
    seen = page.evaluate("() => ({ moves: pageProbe.moves, drawn: Object.values(pageProbe.drawn) })")
    drawn = sorted(seen["drawn"])
    heard, made = [], []
    for move in seen["moves"]:
        place = bisect.bisect_left(drawn, move["heard"])
        if place < len(drawn):
            heard.append(drawn[place] - move["heard"])
            made.append(drawn[place] - move["made"])
    return heard, made


def quantiles(values: list[float]) -> str:
    """p50, p99 and the largest, in words."""
    ordered = sorted(values)
    if not ordered:
        return "none"
    return (
        f"p50 {ordered[len(ordered) // 2]:.2f}, p99 {ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]:.2f}, "
        f"max {ordered[-1]:.2f} (n = {len(ordered)})"
    )


def loading(page: Page) -> dict[str, float]:
    """Times since the navigation began, ms: response, domReady, firstPaint, connected."""
    return page.evaluate(
        """() => {
            const [navigation] = performance.getEntriesByType("navigation");
            const paint = performance.getEntriesByName("first-contentful-paint")[0];
            return {
                response: navigation.responseEnd,
                domReady: navigation.domContentLoadedEventEnd,
                firstPaint: paint === undefined ? -1 : paint.startTime,
            };
        }"""
    )


class MainThread:
    """Processor time of the page's main thread, which other load on the machine changes little."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.begin()

    def begin(self) -> None:
        self._before = self._read()

    def a_picture(self) -> str:
        """Milliseconds a picture since `begin`: all, and scripts, style and layout of it."""
        after = self._read()
        count = max(after["frames"] - self._before["frames"], 1)
        spent = {name: 1000 * (after[name] - self._before[name]) / count for name in after}
        return (
            f"main thread {spent['TaskDuration']:.2f} ms a picture (scripts {spent['ScriptDuration']:.2f}, "
            f"style {spent['RecalcStyleDuration']:.2f}, layout {spent['LayoutDuration']:.2f})"
        )

    def _read(self) -> dict[str, float]:
        metrics = {each["name"]: each["value"] for each in self._session.send("Performance.getMetrics")["metrics"]}
        names = ("TaskDuration", "ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
        frames = self._page.evaluate("() => pageProbe.frame")
        return {"frames": frames, **{name: metrics[name] for name in names}}


class SocketFrames:
    """What the browser itself says that it sent over WebSockets (Chrome's Network domain)."""

    def __init__(self, page: Page) -> None:
        self.texts: list[str] = []
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self._session.on("Network.webSocketFrameSent", self._note)

    def count(self, *types: str) -> int:
        return sum(json.loads(text).get("type") in types for text in self.texts)

    def _note(self, event: dict[str, Any]) -> None:
        if event["response"]["opcode"] == 1:
            self.texts.append(event["response"]["payloadData"])
