"""What a channel counted."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Deque, List, Optional

KEPT_LATENCIES = 1024


@dataclass(frozen=True)
class ChannelMetrics:
    """A snapshot. Sizes are bytes of payload, times are seconds; latencies are None before the first answer.

    The mean is over all requests, the percentiles over the last 1024. `dropped` counts messages that gave way to newer
    ones in a full queue; `peak_queue` is the longest that received messages ever waited in line for their reader.
    """

    name: str
    kind: str
    messages_sent: int
    messages_received: int
    bytes_sent: int
    bytes_received: int
    errors: int
    dropped: int
    requests: int
    latency_mean: Optional[float]
    latency_p50: Optional[float]
    latency_p99: Optional[float]
    peak_queue: int
    uptime: float


class Meter:
    """The counters behind it. Received ones change in the channel's one reader; the others have a lock here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._latencies: Deque[float] = deque(maxlen=KEPT_LATENCIES)
        self._latency_sum = 0.0
        self._requests = 0
        self._errors = 0
        self._dropped = 0
        self.messages_sent = 0
        self.messages_received = 0
        self.bytes_sent = 0
        self.bytes_received = 0
        self.peak_queue = 0

    def sent(self, size: int) -> None:
        with self._lock:
            self.messages_sent += 1
            self.bytes_sent += size

    def received(self, size: int) -> None:
        self.messages_received += 1
        self.bytes_received += size

    def answered(self, latency: float) -> None:
        with self._lock:
            self._requests += 1
            self._latency_sum += latency
            self._latencies.append(latency)

    def failed(self) -> None:
        with self._lock:
            self._errors += 1

    def dropped(self, count: int = 1) -> int:
        """Counts messages that gave way and says how many those are by now."""
        with self._lock:
            self._dropped += count
            return self._dropped

    def snapshot(self, name: str, kind: str, dropped: int) -> ChannelMetrics:
        with self._lock:
            latencies = sorted(self._latencies)
            return ChannelMetrics(
                name=name,
                kind=kind,
                messages_sent=self.messages_sent,
                messages_received=self.messages_received,
                bytes_sent=self.bytes_sent,
                bytes_received=self.bytes_received,
                errors=self._errors,
                dropped=self._dropped + dropped,
                requests=self._requests,
                latency_mean=self._latency_sum / self._requests if self._requests else None,
                latency_p50=_percentile(latencies, 0.5),
                latency_p99=_percentile(latencies, 0.99),
                peak_queue=self.peak_queue,
                uptime=time.monotonic() - self._began,
            )


def _percentile(ordered: List[float], part: float) -> Optional[float]:
    """The nearest rank: the smallest value that at least `part` of all do not exceed."""
    if not ordered:
        return None
    return ordered[max(0, -(-int(part * 100) * len(ordered) // 100) - 1)]
