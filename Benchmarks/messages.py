"""Messages between two processes: Soundpost's channels beside other ways, in one run.

Round trips, the rate one way and processor time, for five sizes, spinning and blocking apart. Soundpost and the peers run in
turn within each round. `make -C Benchmarks messaging` builds the peers in C.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from harness import HERE, ROOT, WORK, Report, note, output_of
from message_tables import Measurements, floor_ratio_tables, floor_table, message_tables, ratio_tables

SIZES = [18, 64, 1024, 65536, 1048576]
ROUND_TRIPS = 200_000
MESSAGES = 5_000_000
PEERS = HERE / "peers" / "messaging"
SOUNDPOST = Path(os.environ.get("SOUNDPOST", ROOT / ".build" / "release" / "soundpost"))

RUN_LIMIT = 15
"""Seconds after which a run is ended."""

ALL_LIMIT = 380
"""Seconds after which no further row of runs begins; a row is one size of one round."""


@dataclass(frozen=True)
class Peer:
    label: str
    kind: str
    waits: tuple[str, ...]
    command: tuple[str, ...]


def program(name: str) -> tuple[str, ...]:
    return (str(WORK / f"messaging-{name}"),)


def script(name: str) -> tuple[str, ...]:
    return (sys.executable, str(PEERS / f"{name}.py"))


def all_peers() -> list[Peer]:
    return [
        Peer("Unix socket, length in front (C)", "unix", ("spin", "block"), program("unix")),
        Peer("Unix socket, lines (C)", "unix-lines", ("spin", "block"), program("unix")),
        Peer("ZeroMQ ipc (C)", "zeromq", ("block",), program("zeromq")),
        Peer("ZeroMQ tcp, loopback (C)", "zeromq-tcp", ("block",), program("zeromq")),
        Peer("nng ipc (C)", "nng", ("block",), program("nng")),
        Peer("ring in shared memory (C, reference)", "ring", ("spin", "block"), program("ring")),
        Peer("iceoryx2 (Python)", "iceoryx2", ("spin", "block"), script("iceoryx2_ports")),
        Peer("ipckit IpcChannel, bytes (Python)", "ipckit-channel", ("block",), script("ipckit_channels")),
        Peer("ipckit local socket, JSON (Python)", "ipckit-json", ("block",), script("ipckit_channels")),
        Peer("stdin and stdout, JSON lines (Python)", "stdio", ("block",), script("stdio")),
    ]


MODULES = {"iceoryx2": "iceoryx2", "ipckit-channel": "ipckit", "ipckit-json": "ipckit"}


def why_missing(peer: Peer) -> str | None:
    """Why a peer cannot run here, if it cannot."""
    if peer.command[0] != sys.executable:
        return None if Path(peer.command[0]).exists() else "not built, its library or compiler is missing"
    for module in ("numpy", MODULES.get(peer.kind, "json")):
        if importlib.util.find_spec(module) is None:
            return f"no Python module {module}"
    return None


def run(command: list[str], environment: dict[str, str] | None = None) -> list[dict]:
    """Objects that the program prints, one a line. Ends it with all it has started if it takes too long."""
    environment = os.environ | (environment or {})
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            output, errors = process.communicate(timeout=RUN_LIMIT)
        except subprocess.TimeoutExpired as late:
            raise RuntimeError(f"ended after {RUN_LIMIT} s") from late
        finally:
            # Its own session holds only what it has started.
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    if process.returncode != 0:
        raise RuntimeError(f"status {process.returncode}: {errors.strip()[-300:]}")
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def run_peer(peer: Peer, wait: str, size: int, seconds: float) -> list[dict]:
    # What a run that failed has left goes with the folder.
    with tempfile.TemporaryDirectory(prefix="messages-", dir="/tmp") as folder:
        command = [*peer.command, peer.kind, wait, str(size), str(ROUND_TRIPS), str(MESSAGES), str(seconds)]
        return run(command, {"TMPDIR": folder})


def run_soundpost(kind: str, wait: str, size: int) -> list[dict]:
    """Soundpost's own figures: one object for each encoding that the kind has."""
    command = [str(SOUNDPOST), "channel", "bench", "--kind", kind, "--wait", wait, "--sizes", str(size), "--json"]
    if wait == "kernel":
        # The blocking class, without the moment for which shared memory looks by default.
        return [result | {"kind": f"soundpost-{kind}-kernel", "wait": "block"} for result in run(command)]
    return [result | {"kind": f"soundpost-{kind}"} for result in run(command)]


def why_no_soundpost() -> str | None:
    if not SOUNDPOST.exists():
        return f"there is no {SOUNDPOST}"
    done = subprocess.run([str(SOUNDPOST), "channel", "bench", "--help"], capture_output=True, check=False)
    return None if done.returncode == 0 else f"{SOUNDPOST} has no `channel bench`"


SOUNDPOST_LABELS = {
    "soundpost-local": "**Soundpost, local socket**",
    "soundpost-shm": "**Soundpost, shared memory**",
    "soundpost-shm-kernel": "**Soundpost, shared memory, no looking**",
    "soundpost-thread": "**Soundpost, thread (one process)**",
}


class Runs:
    """Everything that is to be run, and what came of it. What fails once is left out and not tried again."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.left_out: list[str] = []
        self.measurements = Measurements({peer.kind: peer.label for peer in all_peers()} | SOUNDPOST_LABELS)
        self._waits = ["spin", "block"]
        if len(os.sched_getaffinity(0)) < 2:
            self._waits.remove("spin")
            self.left_out.append("the spinning class: it needs two processors")
        self._entries: list[tuple[Peer | str, str]] = []
        if (why := why_no_soundpost()) is not None:
            self.left_out.append(f"Soundpost's own rows: {why}")
        else:
            self._entries += [(kind, wait) for kind in ("local", "shm", "thread") for wait in self._waits]
            self._entries += [("shm", "kernel")]
        for peer in all_peers():
            if (why := why_missing(peer)) is not None:
                self.left_out.append(f"{peer.label}: {why}")
            else:
                self._entries += [(peer, wait) for wait in peer.waits if wait in self._waits]

    def row(self, size: int) -> None:
        """One size, everything in turn."""
        for entry in list(self._entries):
            who, wait = entry
            try:
                results = run_soundpost(who, wait, size) if isinstance(who, str) else run_peer(who, wait, size, self._seconds)
                for result in results:
                    self.measurements.add(result)
            except (RuntimeError, ValueError, KeyError) as error:
                name = f"Soundpost, {who}" if isinstance(who, str) else who.label
                self.left_out.append(f"{name}, {wait}, from {size} B on: {error}")
                note(self.left_out[-1])
                self._entries.remove(entry)

    def floors(self) -> list[dict]:
        commands = []
        if Path(program("floors")[0]).exists() and len(os.sched_getaffinity(0)) > 1:
            commands.append([*program("floors")])
        if importlib.util.find_spec("numpy") is not None:
            commands.append([*script("payload"), *map(str, SIZES)])
        found: list[dict] = []
        for command in commands:
            try:
                found += run(command)
            except RuntimeError as error:
                self.left_out.append(f"floors of {Path(command[-1]).name}: {error}")
        return found


def versions() -> str:
    names = []
    for package in ("libzmq3-dev", "libnng-dev"):
        found = output_of(["dpkg-query", "-W", "-f", "${Package} ${Version}", package])
        names.append(found if found.startswith(f"{package} ") else f"{package} unknown")
    for package in ("ipckit", "iceoryx2", "numpy"):
        try:
            names.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            names.append(f"no {package}")
    return ", ".join([*names, f"Python {platform.python_version()}", output_of(["clang", "--version"])])


def machine() -> str:
    text = Path("/proc/cpuinfo").read_text()
    model = next((line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def load_average() -> str:
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def messages(report: Report, rounds: int, seconds: float) -> None:
    """All tables."""
    report.line("## Messages between two processes")
    report.line()
    if platform.system() != "Linux":
        report.line("Not measured: the peers run on Linux only.")
        report.line()
        return
    start, load = time.monotonic(), load_average()
    runs = Runs(seconds)
    floors = runs.floors()
    for number in range(1, rounds + 1):
        for size in SIZES:
            if time.monotonic() - start > ALL_LIMIT:
                runs.left_out.append(f"round {number}, {size} B: no time left of {ALL_LIMIT} s")
                continue
            note(f"messages, round {number}, {size} B")
            runs.row(size)
    report.line(f"- Machine: {machine()}; {versions()}")
    report.line(f"- Load average: {load} at the start, {load_average()} at the end, this run's own share in it; {time.strftime('%Y-%m-%d %H:%M')}")
    report.line(
        f"- {rounds} rounds, all in turn; medians of the rounds, in brackets the smallest and the largest; max is the largest of all rounds. At "
        f"most {ROUND_TRIPS:,} round trips and {MESSAGES:,} messages a run, each for at most {seconds} s"
    )
    report.line(
        "- The sender writes every message, the receiver sums it; both count. A round trip is a message and an answer of the same size. "
        "JSON carries the payload as a string in `{\"type\":\"data\",\"data\":…}`; its size and MB/s are the payload's"
    )
    report.line("- CPU: user and system time of both processes, one way. p99.9 is left out below 1000 round trips")
    report.line(
        "- Spinning: the initiator on the first, the responder on the last processor, each polls up to 20,000 times before it gives way; "
        "on a busy machine its tail shows the other load. Blocking: waits in the kernel, not pinned. Where the kernel puts both ends on "
        "one processor a round trip is two switches, on two it is two wake-ups, and a spread that is wide shows both. Soundpost's shared "
        "memory looks for up to 20 µs before it sleeps, by default and while that pays; its other row sleeps at once"
    )
    report.line(
        "- Peers in Python pay for Python, writing and summing included (floors below). iceoryx2 has only its Python wheel here; its "
        "publisher waits while the queue is full; blocking is its event. The ring is a reference, not a product: no peer may die"
    )
    for line in runs.left_out:
        report.line(f"- Left out: {line}")
    report.line()
    floor_table(report, floors)
    message_tables(report, runs.measurements, SIZES)
    ratio_tables(report, runs.measurements, SIZES)
    floor_ratio_tables(report, runs.measurements, floors, SIZES)
    report.line(f"- The run took {time.monotonic() - start:.0f} s")
    report.line()


def add_options(parser: argparse._ActionsContainer, prefix: str = "") -> None:
    """What `messages` reads from the command line; the names may get a prefix among other options."""
    parser.add_argument(f"--{prefix}rounds", type=int, default=3, metavar="N", help="runs of each (3)", dest="messages_rounds")
    parser.add_argument(
        f"--{prefix}seconds", type=float, default=0.4, metavar="S", help="most of each measurement (0.4)", dest="messages_seconds"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    options = parser.parse_args()
    report = Report()
    report.line("# Messages")
    report.line()
    messages(report, options.messages_rounds, options.messages_seconds)
    print(f"written to {report.save()}")


if __name__ == "__main__":
    main()
