"""Requests that a program received and has not answered yet."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Callable, Optional
from typing import Counter as Counts


class Owed:
    """Counts answers that are owed, by the ids of their requests. `leave` ends the operation in flight of each."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave
        self._lock = threading.Lock()
        self._counts: Counts[str] = Counter()
        self._is_void = False

    def add(self, identifier: Optional[str]) -> None:
        """A request in flight was handed to the program."""
        with self._lock:
            if identifier is not None and not self._is_void:
                self._counts[identifier] += 1
                return
        self._leave()

    def settle(self, identifier: Optional[str]) -> bool:
        """Whether an answer with this id is owed. After True the operation in flight is the caller's."""
        with self._lock:
            if identifier is None or not self._counts[identifier]:
                return False
            self._counts[identifier] -= 1
            if not self._counts[identifier]:
                del self._counts[identifier]
            return True

    def void(self) -> None:
        """Nobody hears an answer any more: nothing is owed from now on."""
        with self._lock:
            self._is_void = True
            count = sum(self._counts.values())
            self._counts.clear()
        for _ in range(count):
            self._leave()
