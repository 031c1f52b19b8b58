"""The control API under load: set_param until its acknowledgement, by clients that send at a fixed rate.

Five tables: 1 and 50 clients with the journal on disk, in memory and, where the node can, without it; many clients over a
long time with the node's memory, each with a knob of its own, and all at two knobs; clients beside some that never read;
and what a WebSocket costs that does nothing.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from harness import CONFIGURATION, SOUNDPOST, WORK, Report, conditions, note

LOAD = WORK / "load"
MEMORY = Path("/dev/shm")
SETTLING = 20
CHANNELS = 8


def knobs(count: int) -> str:
    """A chain of gain modules in a row, with `count` gains."""
    modules = [f"gain#{number + 1}" for number in range((count + CHANNELS - 1) // CHANNELS)]
    wire = {"channels": CHANNELS, "sampleRate": 48000}
    ports = [
        {"id": name, "label": name, "direction": f"{name}put", "required": True, "channels": -1, "sampleRate": -1}
        for name in ("in", "out")
    ]
    ends = [("$io", "in"), *((name, "out") for name in modules)]
    targets = [*((name, "in") for name in modules), ("$io", "out")]
    chain = {
        "id": "main",
        "name": f"{count} gains",
        "externalPorts": [port | wire for port in ports],
        "nodes": [
            {"instanceId": name, "moduleType": "channel_gain_v1", "enabled": True, "order": order, "ports": ports, "position": {"x": 0, "y": 0}}
            for order, name in enumerate(modules)
        ],
        "edges": [
            {"id": f"e{number}", "fromModule": source, "fromPort": out, "toModule": target, "toPort": into} | wire
            for number, ((source, out), (target, into)) in enumerate(zip(ends, targets, strict=True))
        ],
    }
    frame = {"channels": CHANNELS, "sampleRate": 48000, "frameSize": 1024}
    return json.dumps({"version": "2.2", "rootChainId": "main", "global": frame, "chains": {"main": chain}})


class LoadedNode:
    """`soundpost serve` on a free port, playing, with data in a new folder of `place`."""

    def __init__(self, place: Path, options: list[str], chain: str | None = None) -> None:
        self._place = place
        self._options = options
        self._chain = chain

    def __enter__(self) -> "LoadedNode":
        self._place.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="soundpost-load-", dir=self._place))
        if self._chain is not None:
            (self.folder / "data").mkdir()
            (self.folder / "data" / "current_link.json").write_text(self._chain)
        command = [str(SOUNDPOST), "serve", "--port", "0", "--data", str(self.folder / "data"), "--log-level", "warning"]
        self._log = open(self.folder / "node.log", "w+")
        limits = {"SOUNDPOST_BACKEND__MAXCONNECTIONS": "20000"}
        self.process = subprocess.Popen(
            [*command, *self._options], stdout=subprocess.PIPE, stderr=self._log, text=True, env={**limits, **os.environ}
        )
        line = self.process.stdout.readline()
        if not (found := re.search(r"https?://[^/\s]+:(\d+)", line)):
            self.process.wait()
            self._log.seek(0)
            raise RuntimeError(f"the node did not start: {self._log.read()[-600:]}")
        self.port = found.group(1)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)
        self._log.close()
        shutil.rmtree(self.folder)

    def resident_kib(self) -> int:
        """Memory of the node that is in RAM."""
        done = subprocess.run(["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, text=True, check=True)
        return int(done.stdout)

    def processor_seconds(self) -> float:
        """User and system time of the node so far."""
        times = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")

    def run(self, *options: object) -> dict:
        """One run of the load generator; its result."""
        command = [str(LOAD), "--port", self.port, *(str(option) for option in options)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: status {done.returncode}: {done.stderr.strip()[-400:]}")
        if done.stderr:
            note(done.stderr.strip().splitlines()[0])
        return json.loads(done.stdout)


def stolen_seconds() -> float:
    """Processor time that the machine's host has given to others since the start; 0 where nobody tells."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0
    return int(stat.read_text().split(maxsplit=9)[8]) / os.sysconf("SC_CLK_TCK")


class MemorySamples:
    """The node's memory, every second on a thread of its own."""

    def __init__(self, node: LoadedNode) -> None:
        self._node = node
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self.samples: list[tuple[float, int]] = []

    def __enter__(self) -> "MemorySamples":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        start = time.monotonic()
        while not self._ended.wait(1):
            self.samples.append((time.monotonic() - start, self._node.resident_kib()))

    def line(self) -> str:
        """First and last MiB, and the slope of a straight line through the second half, when all buffers have grown."""
        half = self.samples[len(self.samples) // 2 :]
        if len(half) < 3:
            return "too short a run"
        middle_time = sum(at for at, _ in half) / len(half)
        middle = sum(kib for _, kib in half) / len(half)
        spread = sum((at - middle_time) ** 2 for at, _ in half)
        slope = sum((at - middle_time) * (kib - middle) for at, kib in half) / spread
        largest = max(kib for _, kib in self.samples)
        first, last = self.samples[0][1], self.samples[-1][1]
        return (
            f"{first / 1024:.0f} MiB after 1 s, {last / 1024:.0f} MiB at the end, at most {largest / 1024:.0f} MiB; "
            f"line through the second half: {slope * 60:+.0f} KiB a minute"
        )


HEAD = ["p50", "p99", "p99.9", "max", "sent", "missing", "refused", "errors", "closed", "sent late"]


def figures(result: dict) -> list[str]:
    milliseconds = [f"{result[key] / 1000:.2f}" for key in ("p50Us", "p99Us", "p999Us", "maxUs")]
    counts = [str(result[key]) for key in ("sent", "missing", "refused", "errors", "closed")]
    return [*milliseconds, *counts, f"{result['lateUs'] / 1000:.1f}"]


def journals() -> dict[str, tuple[Path, list[str]]]:
    """Where the journal can lie on this machine, by name."""
    places: dict[str, tuple[Path, list[str]]] = {"journal on disk": (WORK / "data", [])}
    if MEMORY.is_dir():
        places["journal in memory (tmpfs)"] = (MEMORY, [])
    help_text = subprocess.run([str(SOUNDPOST), "serve", "--help"], capture_output=True, text=True, check=True).stdout
    if "--no-journal" in help_text:
        places["no journal"] = (WORK / "data", ["--no-journal"])
    return places


def journal_table(report: Report, seconds: int) -> None:
    report.line("## set_param until acknowledged, with and without journal")
    report.line()
    report.line(f"{seconds} s a row; clients send 500 and 20 a second each. ms from the moment a message was due.")
    report.line()
    rows = []
    for name, (place, options) in journals().items():
        for clients, rate in ((1, 500), (50, 20)):
            note(f"{name}, {clients} clients")
            with LoadedNode(place, options) as node:
                node.run("--clients", clients, "--rate", rate, "--seconds", 1)
                rows.append([name, f"{clients} × {rate}/s", *figures(node.run("--clients", clients, "--rate", rate, "--seconds", seconds))])
    report.table(["store", "clients", *HEAD], rows)


def long_table(report: Report, clients: int, rate: int, seconds: int, has_own_knobs: bool) -> None:
    which = "each turns a knob of its own" if has_own_knobs else "all turn the same two knobs"
    note(f"{clients} clients × {rate}/s for {seconds} s, {which}")
    chain, options = (knobs(clients), ["--own", CHANNELS]) if has_own_knobs else (None, [])
    stolen = stolen_seconds()
    with LoadedNode(WORK / "data", [], chain) as node, MemorySamples(node) as memory:
        before = node.processor_seconds()
        result = node.run("--clients", clients, "--rate", rate, "--seconds", seconds, *options)
        used = node.processor_seconds() - before
    stolen = stolen_seconds() - stolen
    report.line(f"## {clients} clients × {rate} set_param a second, {seconds} s, {which}")
    report.line()
    report.line("Every message changes a value. The change also goes to every other client as param_update, unless the node merges what waits.")
    if not has_own_knobs:
        report.line("No change continues the one before it, so that each is an entry of the history: the most work a set_param can be.")
    report.line()
    report.table(["clients", *HEAD], [[str(clients), *figures(result)]])
    windows = sorted(value / 1000 for value in result["windowsP99Us"][: max(seconds // 10, 1)])
    report.line(
        f"- p99 of each 10 s: median {windows[len(windows) // 2]:.1f} ms, {sum(value <= 50 for value in windows)} of {len(windows)} at most "
        f"50 ms; the worst: {', '.join(f'{value:.0f}' for value in windows[-5:])} ms"
    )
    report.line(f"- param_updates received: {result['updates']}; received altogether: {result['megabytes']:.0f} MB")
    report.line(f"- Memory of the node: {memory.line()}")
    report.line(
        f"- Processor time of the node: {used / result['sent'] * 1e6:.0f} µs a message, {used / seconds / os.cpu_count():.0%} of the "
        f"processors; stolen by the machine's host meanwhile: {stolen / seconds / os.cpu_count():.0%}"
    )
    report.line()


@contextlib.contextmanager
def stalled_clients(node: LoadedNode, count: int) -> Iterator[None]:
    """Clients that have subscribed to meters and read nothing, for the length of the block."""
    command = [str(LOAD), "--port", node.port, "--clients", "1", "--hold", "--seconds", "3600", "--stalled", str(count)]
    holding = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        time.sleep(SETTLING)
        if holding.poll() is not None:
            raise RuntimeError(f"the stalled clients ended with status {holding.returncode}")
        yield
    finally:
        holding.terminate()
        holding.wait()


def stalled_table(report: Report, healthy: int, stalled: int, rate: int, seconds: int, rounds: int) -> None:
    report.line(f"## {healthy} healthy clients beside {stalled} that never read")
    report.line()
    report.line(
        f"{healthy} × {rate}/s, {seconds} s a run, {rounds} rounds in turn; the stalled subscribe to meters 20 times a second and "
        f"read nothing. The run begins after {SETTLING} s, when the system's buffers for them are full."
    )
    report.line()
    rows = []
    p99: dict[int, list[float]] = {0: [], stalled: []}
    for number in range(1, rounds + 1):
        for beside in p99:
            note(f"round {number}: {beside} stalled clients")
            with LoadedNode(WORK / "data", []) as node, MemorySamples(node) as memory, stalled_clients(node, beside):
                result = node.run("--clients", healthy, "--rate", rate, "--seconds", seconds)
            p99[beside].append(result["p99Us"])
            rows.append([f"{number}", str(beside), *figures(result), memory.line()])
    report.table(["round", "stalled", *HEAD, "memory"], rows)
    without, beside_them = sorted(p99[0])[rounds // 2], sorted(p99[stalled])[rounds // 2]
    report.line(f"- Median p99: {without / 1000:.2f} ms without, {beside_them / 1000:.2f} ms beside them: {beside_them / without - 1:+.0%}")
    report.line()


def idle_table(report: Report, clients: int) -> None:
    note(f"{clients} idle WebSockets")
    with LoadedNode(WORK / "data", ["--no-sim"]) as node:
        node.run("--clients", 1, "--hold", "--seconds", 1)
        before = node.resident_kib()
        holding = subprocess.Popen(
            [str(LOAD), "--port", node.port, "--clients", str(clients), "--hold", "--seconds", "8"], stdout=subprocess.PIPE, text=True
        )
        samples = []
        while holding.poll() is None:
            samples.append(node.resident_kib())
            time.sleep(0.5)
        if holding.returncode != 0:
            raise RuntimeError(f"load ended with status {holding.returncode}")
        holding.stdout.close()
    report.line(f"## {clients} WebSockets that do nothing")
    report.line()
    report.line(f"- {(max(samples) - before) / clients:.1f} KiB of the node's memory each ({before / 1024:.0f} MiB before, at most {max(samples) / 1024:.0f} MiB)")
    report.line()


def add_options(parser: argparse._ActionsContainer, prefix: str = "", seconds: int = 300) -> None:
    """What `control_load` reads from the command line; the names may get a prefix among other options."""

    def add(name: str, default: int, help_text: str) -> None:
        parser.add_argument(f"--{prefix}{name}", type=int, default=default, metavar="N", help=f"{help_text} ({default})", dest=f"control_{name}")

    add("seconds", seconds, "length of each of the two long runs; the others are shorter")
    add("clients", 500, "of the long runs")
    add("rate", 20, "messages a second of each client")
    add("healthy", 100, "clients beside the stalled ones")
    add("stalled", 200, "clients that never read")
    add("rounds", 3, "with and without stalled clients")
    add("idle", 10_000, "WebSockets that do nothing")


def control_load(report: Report, options: argparse.Namespace) -> None:
    """All tables."""
    if not LOAD.exists():
        report.line("Control API under load: not measured, the load generator runs on Linux only.")
        report.line()
        return
    seconds = options.control_seconds
    journal_table(report, min(seconds, 20))
    for has_own_knobs in (True, False):
        long_table(report, options.control_clients, options.control_rate, seconds, has_own_knobs)
    stalled_table(
        report, options.control_healthy, options.control_stalled, options.control_rate, min(seconds, 60), options.control_rounds
    )
    idle_table(report, options.control_idle)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    options = parser.parse_args()
    report = Report()
    report.line("# Control API under load")
    report.line()
    conditions(report)
    report.line(f"- One load generator (Benchmarks/load) on the same machine; the node is a {CONFIGURATION} build and plays")
    report.line()
    control_load(report, options)
    print(f"written to {report.save()}")


if __name__ == "__main__":
    main()
