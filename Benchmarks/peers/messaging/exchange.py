"""What every messaging peer in Python shares: payload, interface of a peer and measuring loops; the twin of exchange.c.

A program starts two processes, the initiator and the responder, which open the two ends of one connection. Every message is
written by its sender and summed by its receiver; the sums are compared at the end.
"""

import json
import math
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy

POLLS = 20_000
"""How often a spinning peer looks before it gives the processor away."""

CONTROL_SIZE = 49
CONTROL_LAYOUT = struct.Struct(f"{CONTROL_SIZE}s")
BEGIN_ROUND_TRIPS, BEGIN_ONE_WAY, END, QUIT = "roeq"
CLOCK_BYTES = 65536
CLOCK_MESSAGES = 64
WARM_ROUND_TRIPS = 1000
WARM_MESSAGES = 20_000
WARM_SECONDS = 0.05

ALL = (1 << 64) - 1
LOW_NIBBLES = 0x0F0F0F0F0F0F0F0F
LETTERS = 0x4040404040404040
SEED = 0x9E3779B97F4A7C15
STEP = 0xD1B54A32D192ED03
SMALL = 32
WORD = numpy.dtype("<u8")


class Payload:
    """Messages of one size. The smallest are faster without numpy."""

    def __init__(self, size: int) -> None:
        if size > SMALL and size % 8 != 0:
            raise SystemExit(f"exchange: sizes over {SMALL} are multiples of 8")
        self.size = size
        self._is_small = size <= SMALL
        words, self._tail = divmod(size, 8)
        self._tail_mask = (1 << 8 * self._tail) - 1
        self._steps = [word * STEP for word in range(words)]
        self._tail_step = words * STEP
        self._layout = struct.Struct(f"<{words}Q{self._tail}s")
        self._many_steps = numpy.arange(words, dtype=WORD) * numpy.uint64(STEP)
        self._many_nibbles = numpy.full(words, LOW_NIBBLES, dtype=WORD)
        self._many_letters = numpy.full(words, LETTERS, dtype=WORD)

    def fill(self, to: bytearray | memoryview, message: int) -> int:
        """Writes bytes that differ from message to message and returns the sum of their 64-bit words."""
        seed = (message * SEED) & ALL
        if not self._is_small:
            words = numpy.frombuffer(to, WORD)
            numpy.add(self._many_steps, numpy.uint64(seed), words)
            numpy.bitwise_and(words, self._many_nibbles, words)
            numpy.bitwise_or(words, self._many_letters, words)
            return int(numpy.add.reduce(words))
        few = [(seed + step) & LOW_NIBBLES | LETTERS for step in self._steps]
        tail = ((seed + self._tail_step) & LOW_NIBBLES | LETTERS) & self._tail_mask
        self._layout.pack_into(to, 0, *few, tail.to_bytes(self._tail, "little"))
        return sum(few) + tail

    def sum(self, message: bytes | bytearray | memoryview) -> int:
        if not self._is_small:
            return int(numpy.add.reduce(numpy.frombuffer(message, WORD)))
        *words, tail = self._layout.unpack_from(message)
        return sum(words) + int.from_bytes(tail, "little")


@dataclass
class Options:
    is_responder: bool
    spins: bool
    address: str
    """A path of this run's own, in a folder of its own."""
    largest: int
    other: subprocess.Popen | None
    """The responder, for the initiator: its standard input and output are pipes."""


class Exchange(Protocol):
    """One way to move messages between two processes."""

    encoding: str

    def reserve(self, size: int) -> bytearray | memoryview:
        """Memory into which the next message is written."""

    def send(self) -> None:
        """Sends what was written into the memory of `reserve`."""

    def receive(self) -> bytes | memoryview:
        """The next message; its bytes stay until `release`."""

    def release(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class Control:
    letter: str
    sent_sum: int = 0
    received_sum: int = 0
    processor_ns: int = 0

    def send(self, end: Exchange) -> None:
        text = f"{self.letter}{self.sent_sum & ALL:016x}{self.received_sum & ALL:016x}{self.processor_ns:016x}"
        CONTROL_LAYOUT.pack_into(end.reserve(CONTROL_SIZE), 0, text.encode())
        end.send()

    @staticmethod
    def parse(message: bytes | memoryview) -> "Control":
        text = bytes(message).decode()
        if len(text) != CONTROL_SIZE:
            raise RuntimeError(f"a message of {len(text)} bytes in place of a control message")
        return Control(text[0], *(int(text[at : at + 16], 16) for at in (1, 17, 33)))

    @staticmethod
    def receive(end: Exchange) -> "Control":
        control = Control.parse(end.receive())
        end.release()
        return control


@dataclass
class Phase:
    one_way: bool
    messages: int
    seconds: float
    round_trips: list[int] = field(default_factory=list)
    elapsed: float = 0
    processor_seconds: float = 0
    sent: int = 0

    def run(self, end: Exchange, payload: Payload) -> None:
        Control(BEGIN_ONE_WAY if self.one_way else BEGIN_ROUND_TRIPS).send(end)
        Control.receive(end)
        totals = Control(END)
        processor = time.process_time_ns()
        start = time.monotonic_ns()
        limit = start + int(self.seconds * 1e9)
        if self.one_way:
            self._send_all(end, payload, totals, limit)
        else:
            self._send_and_wait(end, payload, totals, limit)
        totals.send(end)
        other = Control.receive(end)
        self.elapsed = (time.monotonic_ns() - start) / 1e9
        self.processor_seconds = (time.process_time_ns() - processor + other.processor_ns) / 1e9
        if other.received_sum != totals.sent_sum & ALL or other.sent_sum != totals.received_sum & ALL:
            raise RuntimeError("the sums of the two ends differ")

    def _send_all(self, end: Exchange, payload: Payload, totals: Control, limit: int) -> None:
        between = min(max(CLOCK_BYTES // payload.size, 1), CLOCK_MESSAGES)
        while self.sent < self.messages and (self.sent % between != 0 or time.monotonic_ns() < limit):
            totals.sent_sum += payload.fill(end.reserve(payload.size), self.sent)
            end.send()
            self.sent += 1

    def _send_and_wait(self, end: Exchange, payload: Payload, totals: Control, limit: int) -> None:
        before = time.monotonic_ns()
        while self.sent < self.messages and before < limit:
            totals.sent_sum += payload.fill(end.reserve(payload.size), self.sent)
            end.send()
            totals.received_sum += payload.sum(end.receive())
            end.release()
            after = time.monotonic_ns()
            self.round_trips.append(after - before)
            before = after
            self.sent += 1


def respond(end: Exchange, payload: Payload) -> None:
    """Sums what comes, answers each message while round trips are measured, and reports at the end."""
    totals, answers, number, start = Control(END), False, 0, 0
    while True:
        message = end.receive()
        if len(message) == payload.size:
            totals.received_sum += payload.sum(message)
            del message
            end.release()
            if answers:
                totals.sent_sum += payload.fill(end.reserve(payload.size), ~number & ALL)
                end.send()
                number += 1
            continue
        control = Control.parse(message)
        del message
        end.release()
        if control.letter == QUIT:
            return
        if control.letter == END:
            totals.processor_ns = time.process_time_ns() - start
            totals.send(end)
            continue
        answers, totals, number = control.letter == BEGIN_ROUND_TRIPS, Control(END), 0
        Control(control.letter).send(end)
        start = time.process_time_ns()


def percentile(ascending: list[int], fraction: float) -> float:
    """Nearest rank, in microseconds."""
    return ascending[max(math.ceil(fraction * len(ascending)), 1) - 1] / 1000


def initiate(end: Exchange, payload: Payload, trips: int, messages: int, seconds: float) -> dict:
    Phase(False, WARM_ROUND_TRIPS, WARM_SECONDS).run(end, payload)
    both = Phase(False, trips, seconds)
    both.run(end, payload)
    Phase(True, WARM_MESSAGES, WARM_SECONDS).run(end, payload)
    way = Phase(True, messages, seconds)
    way.run(end, payload)
    Control(QUIT).send(end)
    times = sorted(both.round_trips)
    rate = way.sent / way.elapsed
    return {
        "size": payload.size,
        "encoding": end.encoding,
        "roundTrips": both.sent,
        **{f"{name}us": percentile(times, at) for name, at in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999), ("max", 1))},
        "messages": way.sent,
        "perSecond": round(rate),
        "mbPerSecond": rate * payload.size / 1e6,
        "cpuSecondsPerMillion": way.processor_seconds / way.sent * 1e6,
    }


def pin(last: bool) -> None:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed) if last else min(allowed)})


def main(peers: dict[str, type]) -> None:
    """The main function of a peer: `PROGRAM NAME block|spin SIZE ROUND-TRIPS MESSAGES SECONDS`; prints one JSON object."""
    arguments = sys.argv[1:]
    if len(arguments) not in (6, 7) or arguments[0] not in peers or arguments[1] not in peers[arguments[0]].waits:
        names = "; ".join(f"{name} {'|'.join(peer.waits)}" for name, peer in peers.items())
        raise SystemExit(f"usage: {sys.argv[0]} NAME WAIT SIZE ROUND-TRIPS MESSAGES SECONDS, with NAME WAIT of: {names}")
    name, wait, size, trips, messages, seconds = arguments[:6]
    spins = wait == "spin"
    payload = Payload(int(size))
    largest = max(payload.size, CONTROL_SIZE)
    # No peer may hang: the phases, their warm-up, and as much again.
    signal.alarm(int(4 * float(seconds)) + 10)
    if len(arguments) == 7:
        if spins:
            pin(last=True)
        end = peers[name](Options(True, spins, arguments[6], largest, None))
        respond(end, payload)
        end.close()
        return
    with tempfile.TemporaryDirectory(prefix="soundpost-messaging-") as folder:
        address = str(Path(folder) / "s")
        command = [sys.executable, *sys.argv, address]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            if spins:
                pin(last=False)
            try:
                end = peers[name](Options(False, spins, address, largest, other))
                result = initiate(end, payload, int(trips), int(messages), float(seconds))
                if other.wait(timeout=10) != 0:
                    raise RuntimeError(f"the responder ended with status {other.returncode}")
            except BaseException:
                other.kill()
                raise
            end.close()
    print(json.dumps({"kind": name, "wait": wait, **result}))
