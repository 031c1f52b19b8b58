"""The page in a headless Chromium, measured from inside: pictures a second, pointer to curve, loading, a large chain.

The browser draws in software and shares the machine with the node and with what moves the pointer, so a machine with a
graphics card and a core to spare does better. Nothing here is asserted; the tests assert what does not depend on the
machine (web/tests/browser/test_performance.py).
"""

import argparse
import gzip
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import CONFIGURATION, Report

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "web" / "tests" / "browser"))
# The tests' harness has the same name as the benchmarks'.
del sys.modules["harness"]

import chains  # noqa: E402
import measuring  # noqa: E402
from gestures import band_handle, drag_band, drag_module, flow_module, show_meters, zoom_flow  # noqa: E402
from harness import Bench, NodeOptions, NodeProcess, launch  # noqa: E402
from node_process import PAGE  # noqa: E402
from panes import open_pane, select_module  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402


@contextmanager
def measured(chain: dict) -> Iterator[Bench]:
    """A node that plays this chain, and pages that count."""
    node = NodeProcess(NodeOptions(source="program", options=["--log-level", "warning"]))
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            node.start()
            bench = Bench(browser, node, "benchmark")
            bench.api.write_link(chain)
            yield bench
            bench.close()
        finally:
            browser.close()
            node.close()


def counting_page(bench: Bench) -> Page:
    context = bench.new_context()
    measuring.probe(context)
    return bench.new_page(context=context)


def milliseconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def line(report: Report, page: Page, title: str, gesture: Callable[[], object]) -> None:
    """Measures a gesture."""
    thread = measuring.MainThread(page)
    measuring.begin(page)
    gesture()
    seen = measuring.pictures(page)
    report.line(f"- {title}: {seen}; {thread.a_picture()}")


def size_table(report: Report) -> None:
    report.line("## Size")
    report.line()
    files = sorted(file for file in PAGE.iterdir() if file.suffix != ".gz")
    sizes = {file.name: (file.stat().st_size, len(gzip.compress(file.read_bytes(), 9))) for file in files}
    rows = [[name, str(plain), str(packed)] for name, (plain, packed) in sizes.items()]
    rows.append(["all", *(str(sum(column)) for column in zip(*sizes.values()))])
    report.table(["file", "bytes", "gzipped"], rows)


def loading_table(report: Report, rounds: int) -> None:
    report.line("## Loading over loopback")
    report.line()
    for name, chain in [("16 modules", chains.busy()), ("200 modules", chains.gains(200))]:
        seen: list[dict[str, float]] = []
        with measured(chain) as bench:
            for _ in range(rounds):
                page = bench.new_page(context=bench.new_context())
                connected = page.evaluate("() => performance.now()")
                seen.append({**measuring.loading(page), "connected": connected})
                page.context.close()
        medians = {key: statistics.median(one[key] for one in seen) for key in seen[0]}
        report.line(
            f"- {name}: first paint {medians['firstPaint']:.0f} ms, all read and drawn {medians['connected']:.0f} ms "
            f"after the navigation (medians of {rounds} new profiles)"
        )
    report.line()


BAND = {"type#0#0": "peaking", "freq#0#0": 1000, "gainDb#0#0": 6, "q#0#0": 1, "bandEnable#0#0": True}
METERED = [*(f"gain#{number}" for number in range(1, 16)), "eq#1"]


def tuning_table(report: Report, seconds: float) -> None:
    report.line(f"## An EQ band dragged for {seconds:g} s while {2 * len(METERED)} meters move")
    report.line()
    with measured(chains.busy()) as bench:
        bench.api.apply("eq#1", BAND)
        page = counting_page(bench)
        show_meters(page, METERED)
        select_module(page, "eq#1")
        open_pane(page, "EQ")
        band_handle(page, 1).wait_for()
        bench.pump(1500)
        line(report, page, "meters alone", lambda: bench.pump(1000 * seconds))
        frames = measuring.SocketFrames(page)
        line(report, page, "dragged", lambda: drag_band(page, 1, seconds))
        heard, made = measuring.pointer_to_curve(page)
        report.line(f"- from the page's hearing of the pointer to the curve's drawing, ms: {measuring.quantiles(heard)}")
        report.line(f"- from the browser's receipt of it, ms: {measuring.quantiles(made)}")
        messages = measuring.sent(page, "set_param", "apply_params")
        report.line(
            f"- changes sent: {len(messages)} ({frames.count('set_param', 'apply_params')} seen on the wire), at most "
            f"{measuring.most_in_a_picture(messages)} in one picture"
        )
    report.line()


def large_chain_table(report: Report, seconds: float) -> None:
    report.line("## A chain of 200 modules")
    report.line()
    with measured(chains.gains(200)) as bench:
        page = counting_page(bench)
        flow_module(page, "gain#200").wait_for(state="attached")
        select_module(page, "gain#1")
        bench.pump(1000)
        line(report, page, "nothing done", lambda: bench.pump(1000 * seconds))
        line(report, page, "a module dragged", lambda: drag_module(page, "gain#1", seconds))
        line(report, page, "zoomed in and out", lambda: zoom_flow(page, seconds))
        shown = milliseconds(lambda: show_edit(bench, page))
        report.line(f"- a module renamed by another client: shown after {shown:.0f} ms")
    report.line()


def show_edit(bench: Bench, page: Page) -> None:
    bench.api.edit(lambda link: link["chains"]["main"]["nodes"][0].update(name="Renamed"))
    flow_module(page, "gain#1").get_by_text("Renamed").wait_for(state="attached")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="length of each gesture (5)")
    parser.add_argument("--rounds", type=int, default=5, help="loadings of each chain (5)")
    arguments = parser.parse_args()
    report = Report()
    report.line("# The page")
    report.line()
    load = os.getloadavg()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        version = browser.version
        browser.close()
    report.line(f"- Chromium {version} without a window or graphics card, 1280×800; {os.cpu_count()} cores")
    report.line(f"- The node is a {CONFIGURATION} build; load average at the start {load[0]:.2f}")
    report.line()
    size_table(report)
    loading_table(report, arguments.rounds)
    tuning_table(report, arguments.seconds)
    large_chain_table(report, arguments.seconds)
    print(f"written to {report.save()}")


main()
