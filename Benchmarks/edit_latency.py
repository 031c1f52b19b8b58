"""set_param over a WebSocket until its acknowledgement, against a node that plays."""

import re
import subprocess
import sys
import tempfile
import time

from harness import ROOT, SOUNDPOST, Report, note
from render_table import chain_file

sys.path.insert(0, str(ROOT / "scripts"))
from control import ControlConnection  # noqa: E402

WARM_UP = 200
SEQUENTIAL = 3000
PACED = 5000
RATE = 1000


class PlayingNode:
    """`soundpost serve` on a free port with data of its own, ended on leaving."""

    def __enter__(self) -> "PlayingNode":
        self.folder = tempfile.TemporaryDirectory()
        command = [str(SOUNDPOST), "serve", "--port", "0", "--data", self.folder.name]
        command += ["--source", "generator", "--sink", "none"]
        self.log = open(f"{self.folder.name}/node.log", "w+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.address = None
        for line in self.process.stdout:
            if found := re.search(r"https?://([^/\s]+)", line):
                self.address = found.group(1)
                return self
        self.log.seek(0)
        raise RuntimeError(f"the node did not start: {self.log.read()[-600:]}")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()
        self.folder.cleanup()


def set_gain(connection: ControlConnection, number: int) -> float:
    """Seconds until the acknowledgement."""
    message = {"type": "set_param", "instanceId": "gain#1", "paramId": "gainDb", "channel": number % 2, "value": -(number % 60) / 10}
    start = time.perf_counter()
    answer = connection.request(message)
    took = time.perf_counter() - start
    if not answer.get("success"):
        raise RuntimeError(f"set_param was not acknowledged: {answer}")
    return took


def percentiles(seconds: list[float]) -> list[str]:
    ordered = sorted(seconds)
    return [f"{ordered[min(len(ordered) - 1, int(len(ordered) * p))] * 1e6:.0f}" for p in (0.5, 0.99, 0.999, 1.0)]


def edit_latency(report: Report) -> None:
    note("set_param until acknowledged")
    with PlayingNode() as node:
        connection = ControlConnection(node.address)
        answer = connection.request({"type": "write_link", "link": chain_file(2)})
        if not answer.get("success"):
            raise RuntimeError(f"write_link was refused: {answer}")
        for number in range(WARM_UP):
            set_gain(connection, number)
        sequential = [set_gain(connection, number) for number in range(SEQUENTIAL)]
        paced = []
        start = time.perf_counter()
        for number in range(PACED):
            time.sleep(max(0.0, start + number / RATE - time.perf_counter()))
            paced.append(set_gain(connection, number))
        connection.close()
    report.line("## set_param until acknowledged")
    report.line()
    report.line("µs from sending to the acknowledgement (checked, stored, queued to the engine); Python client on loopback, stereo chain playing.")
    report.line()
    report.table(
        ["edits", "p50", "p99", "p99.9", "max"],
        [
            [f"{SEQUENTIAL} one after the other", *percentiles(sequential)],
            [f"{PACED} at {RATE} a second", *percentiles(paced)],
        ],
    )
