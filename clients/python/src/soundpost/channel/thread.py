"""Channels between threads of one process."""

from __future__ import annotations

import threading
from collections import deque
from typing import Deque, Optional, Tuple

from .channel import Channel
from .errors import ChannelTimeout, Disconnected, SendFailed
from .line import CAPACITY
from .link import Link, remaining
from .names import check_name
from .shutdown import ShutdownState

KIND = "thread"
POLICIES = ("wait", "fail", "drop_oldest")


class Direction:
    """A bounded queue with one sending and one receiving end."""

    def __init__(self, capacity: int, policy: str) -> None:
        if policy not in POLICIES:
            raise ValueError(f"policy is one of {', '.join(POLICIES)}, not {policy!r}")
        self._lock = threading.Lock()
        self._filled = threading.Condition(self._lock)
        self._freed = threading.Condition(self._lock)
        self._payloads: Deque[bytes] = deque()
        self._capacity = max(1, capacity)
        self._policy = policy
        self._ended = False
        self._abandoned = False
        self._dropped = 0

    @property
    def dropped(self) -> int:
        return self._dropped

    @property
    def is_abandoned(self) -> bool:
        return self._abandoned

    def put(self, name: str, payload: bytes, deadline: Optional[float], waits: bool = False) -> None:
        """Any number of threads may call it. Who `waits` does so for room whatever the policy is."""
        policy = "wait" if waits else self._policy
        with self._lock:
            while len(self._payloads) >= self._capacity and not (self._abandoned or self._ended):
                if policy == "fail":
                    raise SendFailed(name, f"the queue is full with {self._capacity} messages")
                if policy == "drop_oldest":
                    self._payloads.popleft()
                    self._dropped += 1
                    break
                left = remaining(deadline)
                if left == 0:
                    raise ChannelTimeout(name, "the other end does not read")
                self._freed.wait(left)
            if self._abandoned or self._ended:
                raise Disconnected(name, "the other end is gone")
            self._payloads.append(payload)
            self._filled.notify()

    def get(self, name: str, deadline: Optional[float]) -> Optional[bytes]:
        with self._lock:
            while not self._payloads or self._abandoned:
                if self._ended or self._abandoned:
                    raise Disconnected(name, "the other end is gone")
                left = remaining(deadline)
                if left == 0:
                    return None
                self._filled.wait(left)
            self._freed.notify()
            return self._payloads.popleft()

    def end(self) -> None:
        """Nothing follows; what is in it can still be got."""
        with self._lock:
            self._ended = True
            self._filled.notify_all()
            self._freed.notify_all()

    def abandon(self) -> None:
        """Nobody gets any more."""
        with self._lock:
            self._abandoned = True
            self._payloads.clear()
            self._filled.notify_all()
            self._freed.notify_all()


class QueueLink(Link):
    """One end of two directions, or both ends of one."""

    kind = KIND
    takes_turns = False

    def __init__(self, name: str, incoming: Direction, outgoing: Direction) -> None:
        self.name = name
        self._incoming = incoming
        self._outgoing = outgoing

    @property
    def is_cut(self) -> bool:
        return self._outgoing.is_abandoned

    @property
    def dropped(self) -> int:
        return self._outgoing.dropped

    def send(self, payload: bytes, deadline: Optional[float], waits: bool = False) -> None:
        self._outgoing.put(self.name, payload, deadline, waits)

    def receive(self, deadline: Optional[float]) -> Optional[bytes]:
        return self._incoming.get(self.name, deadline)

    def end(self) -> None:
        self._outgoing.end()

    def close(self) -> None:
        self._outgoing.end()
        self._incoming.abandon()


class ThreadChannel(Channel):
    """A queue within this process: what one thread sends, another receives. `pair` makes two ends for both directions.

    Messages are encoded on the way as on every other channel: both ends get values of their own, and the same limits
    hold. `capacity`, at least 1, is how many messages its queue takes; `policy` says what a full queue does with one
    more: "wait" for room, "fail" with SendFailed, or "drop_oldest".
    """

    def __init__(
        self,
        name: str,
        capacity: int = CAPACITY,
        policy: str = "wait",
        *,
        shutdown: Optional[ShutdownState] = None,
        link: Optional[QueueLink] = None,
    ) -> None:
        if link is None:
            queue = Direction(capacity, policy)
            link = QueueLink(check_name(name), queue, queue)
        super().__init__(link, shutdown=shutdown, capacity=capacity)


def pair(
    name: str,
    capacity: int = CAPACITY,
    policy: str = "wait",
    *,
    shutdown: Optional[ShutdownState] = None,
) -> Tuple[ThreadChannel, ThreadChannel]:
    """Two ends, called `NAME_a` and `NAME_b`, with a queue of `capacity` messages (at least 1) in each direction."""
    check_name(name)
    there, back = Direction(capacity, policy), Direction(capacity, policy)
    ends = (QueueLink(f"{name}_a", back, there), QueueLink(f"{name}_b", there, back))
    a, b = (ThreadChannel(link.name, capacity, shutdown=shutdown, link=link) for link in ends)
    return a, b
