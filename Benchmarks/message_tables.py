"""Tables of what `messages` measured."""

from collections import defaultdict
from dataclasses import dataclass

from harness import Report, spread

CLASSES = {"spin": "spinning", "block": "blocking"}
REFERENCE = "ring"
SAME_JOB = {
    ("soundpost-local", "raw"): "unix-lines",
    ("soundpost-local", "json"): "ipckit-json",
    ("soundpost-shm", "raw"): REFERENCE,
    ("soundpost-shm-kernel", "raw"): REFERENCE,
}
"""The peer that does just what a channel of ours does, whichever is the best."""

WAY_FLOORS = {"spin": "cache line to the other core, one way", "block": "futex wake on the other core, one way"}
"""What a message cannot be faster than, one way: names of peers/messaging/floors.c."""

FLOOR_TARGET = 2
"""A round trip over shared memory is to take at most so many times the floor of both ways."""

FLOOR_KINDS = ("soundpost-shm", "soundpost-shm-kernel", REFERENCE)
FLOOR_SIZES = 1024
"""Beyond so many bytes writing, copying and summing count for more than the way."""

MICROSECONDS = {"ns": 1e-3, "µs": 1.0}


@dataclass(frozen=True)
class Key:
    kind: str
    wait: str
    encoding: str
    size: int


class Measurements:
    """Results of all rounds."""

    def __init__(self, labels: dict[str, str]) -> None:
        self._labels = labels
        self._results: dict[Key, list[dict]] = defaultdict(list)

    def add(self, result: dict) -> None:
        key = Key(result["kind"], result["wait"], result["encoding"], result["size"])
        self._results[key].append(result)

    def keys(self, wait: str, size: int) -> list[Key]:
        """Of one class and size: raw before JSON, the shorter round trip first."""
        found = [key for key in self._results if (key.wait, key.size) == (wait, size)]
        return sorted(found, key=lambda key: (key.encoding != "raw", self.median(key, "p50us")))

    def has(self, key: Key) -> bool:
        return key in self._results

    def values(self, key: Key, name: str) -> list[float]:
        return [result[name] for result in self._results[key]]

    def median(self, key: Key, name: str) -> float:
        return spread(self.values(key, name))[0]

    def label(self, key: Key) -> str:
        label = self._labels.get(key.kind, key.kind)
        return f"{label}, JSON" if key.encoding == "json" and "JSON" not in label else label


def number(value: float) -> str:
    """Three digits that count, with separators of thousands."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def with_spread(values: list[float]) -> str:
    middle, smallest, largest = spread(values)
    return number(middle) if len(values) == 1 else f"{number(middle)} ({number(smallest)}–{number(largest)})"


def size_name(size: int) -> str:
    if size >= 1 << 20:
        return f"{size >> 20} MiB"
    return f"{size >> 10} KiB" if size >= 1 << 10 else f"{size} B"


def floor_table(report: Report, floors: list[dict]) -> None:
    if not floors:
        return
    report.line("### Floors of this machine")
    report.line()
    rows = [[floor["floor"], f"{number(floor['p50'])} {floor['unit']}", number(floor["p99"]) if "p99" in floor else "–"] for floor in floors]
    report.table(["what", "median", "p99"], rows)


def floor_ratio_row(measurements: Measurements, key: Key, floor: float) -> list[str]:
    times = measurements.median(key, "p50us")
    target = "–" if key.kind == REFERENCE else f"≤ {FLOOR_TARGET}"
    return [measurements.label(key), size_name(key.size), number(times), number(floor), number(times / floor), target]


def floor_ratio_tables(report: Report, measurements: Measurements, floors: list[dict], sizes: list[int]) -> None:
    """Small messages over shared memory beside the cache line's two ways, or two futex wakes."""
    for wait, name in CLASSES.items():
        found = [floor for floor in floors if floor["floor"] == WAY_FLOORS[wait]]
        if not found:
            continue
        both_ways = 2 * found[0]["p50"] * MICROSECONDS[found[0]["unit"]]
        keys = [
            key
            for size in sizes
            if size <= FLOOR_SIZES
            for key in measurements.keys(wait, size)
            if key.kind in FLOOR_KINDS and key.encoding == "raw"
        ]
        if keys:
            report.line(f"### Round trips and the floor, {name}")
            report.line()
            report.line(
                f"The floor: twice the median of \"{WAY_FLOORS[wait]}\" of this run. "
                "Writing and summing the payload are in the round trip alone."
            )
            report.line()
            head = ["channel", "size", "p50 µs", "floor µs", "times the floor", "target"]
            report.table(head, [floor_ratio_row(measurements, key, both_ways) for key in keys])


def message_row(measurements: Measurements, key: Key) -> list[str]:
    enough = min(measurements.values(key, "roundTrips")) >= 1000
    return [
        measurements.label(key),
        with_spread(measurements.values(key, "p50us")),
        number(measurements.median(key, "p99us")),
        number(measurements.median(key, "p999us")) if enough else "–",
        number(max(measurements.values(key, "maxus"))),
        with_spread(measurements.values(key, "perSecond")),
        number(measurements.median(key, "mbPerSecond")),
        number(measurements.median(key, "cpuSecondsPerMillion")),
    ]


def message_tables(report: Report, measurements: Measurements, sizes: list[int]) -> None:
    head = ["channel", "p50 µs", "p99", "p99.9", "max", "messages/s", "MB/s", "CPU s/million"]
    for wait, name in CLASSES.items():
        for size in sizes:
            if keys := measurements.keys(wait, size):
                report.line(f"### {size_name(size)}, {name}")
                report.line()
                report.table(head, [message_row(measurements, key) for key in keys])


def ratio_row(measurements: Measurements, ours: Key, peers: list[Key]) -> list[str]:
    fastest = min(peers, key=lambda key: measurements.median(key, "p50us"))
    busiest = max(peers, key=lambda key: measurements.median(key, "perSecond"))
    same = Key(SAME_JOB.get((ours.kind, ours.encoding), ""), ours.wait, ours.encoding, ours.size)

    def ratio(name: str, other: Key) -> str:
        return number(measurements.median(ours, name) / measurements.median(other, name))

    beside = [measurements.label(same), ratio("p50us", same), ratio("perSecond", same)] if measurements.has(same) else ["–"] * 3
    return [
        measurements.label(ours),
        size_name(ours.size),
        f"{ratio('p50us', fastest)} of {measurements.label(fastest)}",
        f"{ratio('perSecond', busiest)} of {measurements.label(busiest)}",
        *beside,
    ]


def ratio_tables(report: Report, measurements: Measurements, sizes: list[int]) -> None:
    """Between two processes only: a thread channel has no peer here."""
    for wait, name in CLASSES.items():
        rows = []
        for size in sizes:
            keys = measurements.keys(wait, size)
            for ours in keys:
                peers = [
                    key for key in keys if not key.kind.startswith("soundpost-") and key.kind != REFERENCE and key.encoding == ours.encoding
                ]
                if ours.kind in ("soundpost-local", "soundpost-shm", "soundpost-shm-kernel") and peers:
                    rows.append(ratio_row(measurements, ours, peers))
        if rows:
            report.line(f"### Soundpost and the best peer, {name}")
            report.line()
            report.line("Round trip p50: below 1 is faster; rate: above 1 is more. The reference is not among the best; it stands on the right.")
            report.line()
            head = ["channel", "size", "p50 of the best", "rate of the best", "does the same", "p50", "rate"]
            report.table(head, sorted(rows, key=lambda row: row[0]))
