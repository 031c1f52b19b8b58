"""What the page must keep to on any machine: its size, whom it asks, how often it sends. Times are for Benchmarks/page."""

from __future__ import annotations

import gzip

import measuring
from chains import busy, gains
from gestures import band_handle, drag_band, drag_module, flow_module, show_meters, zoom_flow
from harness import Bench, NodeOptions
from node_process import PAGE
from panes import open_pane, select_module

NODE = NodeOptions(source="program", chain=busy())
LARGEST = 200_000
LATER = {"listen.js", "extensions.js", "extensions.css"}
BAND = {"type#0#0": "peaking", "freq#0#0": 1000, "gainDb#0#0": 6, "q#0#0": 1, "bandEnable#0#0": True}


def test_the_bundle_is_small(_: Bench) -> None:
    """What the page loads by itself; LATER comes only when somebody listens in the browser or opens an extension's panel."""
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in PAGE.iterdir() if path.suffix != ".gz"}
    total = sum(size for name, size in sizes.items() if name not in LATER)
    print(f"    {total} B gzipped: {', '.join(f'{name} {size}' for name, size in sorted(sizes.items()))}")
    assert total <= LARGEST, sizes


def test_the_page_asks_only_its_node(bench: Bench) -> None:
    """The harness fails every test for a request elsewhere; here all that is asked for is looked at."""
    asked: list[str] = []
    context = bench.new_context()
    context.on("request", lambda request: asked.append(request.url))
    page = bench.new_page(context=context)
    for pane in ("EQ", "Spectrum", "Source & listen", "Presets", "History", "Log"):
        open_pane(page, pane)
    assert asked and all(url.startswith((bench.node.url, "blob:", "data:")) for url in asked), asked
    policy = page.request.get(bench.node.url).headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy, policy


def test_a_drag_sends_one_change_a_picture_and_the_last_arrives(bench: Bench) -> None:
    bench.api.apply("eq#1", BAND)
    context = bench.new_context()
    measuring.probe(context)
    page = bench.new_page(context=context)
    show_meters(page, [f"gain#{number}" for number in range(1, 16)] + ["eq#1"])
    select_module(page, "eq#1")
    open_pane(page, "EQ")
    band_handle(page, 1).wait_for()
    frames = measuring.SocketFrames(page)
    measuring.begin(page)
    moves = drag_band(page, 1, 2.0).moves
    bench.wait_for(
        lambda: abs(shown_frequency(bench, page) - bench.api.number("eq#1", "freq#0#0")) < 0.01,
        "the last position arrives",
    )
    changes = measuring.sent(page, "set_param", "apply_params")
    heard, _ = measuring.pointer_to_curve(page)
    print(f"    {moves} moves, {len(changes)} changes, {measuring.pictures(page)}")
    print(f"    pointer to curve, ms: {measuring.quantiles(heard)}")
    assert len(changes) > 5, "the drag was not sent while it went on"
    assert measuring.most_in_a_picture(changes) == 1
    assert frames.count("set_param", "apply_params") == len(changes)


# Notes every scale at which the flow is drawn.
WATCH_SCALE = """() => {
    const world = document.querySelector(".flow-world");
    const note = () => window.shownScales.add(/scale\\(([^)]*)\\)/.exec(world.style.transform)[1]);
    window.shownScales = new Set();
    note();
    new MutationObserver(note).observe(world, { attributes: true, attributeFilter: ["style"] });
}"""


def shown_frequency(bench: Bench, page: measuring.Page) -> float:
    return float(band_handle(page, 1).get_attribute("aria-valuenow") or "nan")


def test_a_chain_of_200_modules_can_be_worked_on(bench: Bench) -> None:
    bench.api.write_link(gains(200))
    context = bench.new_context()
    measuring.probe(context)
    page = bench.new_page(context=context)
    flow_module(page, "gain#200").wait_for(state="attached")
    place = page.evaluate("() => performance.now()")
    before = bench.api.node("gain#1")["position"]
    page.locator(".centre").click(position={"x": 10, "y": 60})
    frames = measuring.SocketFrames(page)
    measuring.begin(page)
    select_module(page, "gain#1")
    drag_module(page, "gain#1", 1.1)
    bench.wait_for(lambda: bench.api.node("gain#1")["position"] != before, "the module has moved")
    bench.wait_for(lambda: frames.count("write_link") > 0, "the browser tells of what it has sent")
    assert len(measuring.sent(page, "write_link")) == frames.count("write_link") == 1, "a drag is one change"
    print(f"    shown after {place:.0f} ms; dragged: {measuring.pictures(page)}")
    measuring.begin(page)
    page.evaluate(WATCH_SCALE)
    zoom_flow(page, 1.0)
    bench.wait_for(lambda: page.evaluate("() => shownScales.size") > 1, "the wheel changes the scale")
    print(f"    zoomed: {measuring.pictures(page)}")
    assert bench.api.instances()[199] == "gain#200"
