"""Answers that wait to be sent, so that who reads never waits for the other end to read."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, Optional, Tuple

from .errors import ChannelError, ChannelTimeout, Disconnected
from .line import Line

log = logging.getLogger("soundpost.channel")


class Outbox:
    """Answers of handlers, pongs and refusals, in order.

    What can be sent at once is sent by the thread that puts it in; the rest by a thread that lives as long as something
    waits. `send` sends a payload until a deadline; `sent` is called for each that was sent or lost; `room` when it was
    full and is not any more; both without a lock. `whole` is the link's.
    """

    def __init__(
        self,
        name: str,
        whole: int,
        capacity: int,
        send: Callable[[bytes, Optional[float]], None],
        sent: Callable[[], None],
        room: Callable[[], None],
    ) -> None:
        self._name = name
        self._whole = whole
        self._send = send
        self._sent = sent
        self._room = room
        self._lock = threading.Lock()
        self._line: Line[Tuple[bytes, bool]] = Line(capacity)
        self._is_sending = False
        self._lost = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be read until something was sent."""
        return self._line.is_full

    @property
    def lost(self) -> int:
        """How many that matter could not be sent."""
        return self._lost

    def put(self, payload: bytes, matters: bool) -> None:
        """Never waits, whatever the other end does."""
        with self._lock:
            self._line.put((payload, matters), len(payload))
            if self._is_sending:
                return
            self._is_sending = True
        if not self._send_all(at_once=True):
            threading.Thread(target=self._send_all, name=f"soundpost {self._name} answers", daemon=True).start()

    def _send_all(self, at_once: bool = False) -> bool:
        """Sends until nothing waits. False if it was to do so `at_once` and something has to wait."""
        while True:
            with self._lock:
                first = self._line.first
                if first is None:
                    self._is_sending = False
                    return True
            payload, matters = first
            if at_once and len(payload) > self._whole:
                return False
            try:
                self._send(payload, time.monotonic() if at_once else None)
            except ChannelTimeout:
                return False
            except ChannelError as error:
                self._lost += matters
                log.log(logging.DEBUG if isinstance(error, Disconnected) else logging.WARNING, "%s", error)
            with self._lock:
                was_full = self._line.is_full
                self._line.pop()
            self._sent()
            if was_full:
                self._room()
