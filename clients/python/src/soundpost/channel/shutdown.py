"""The end of one or many channels: what is in flight is finished, nothing new begins."""

from __future__ import annotations

import threading
import time
import weakref
from contextlib import contextmanager
from typing import Callable, Iterator, Optional

from .errors import ShuttingDown


class ShutdownState:
    """Counts what is in flight, and refuses new operations once shutdown has begun.

    Give one to several channels to end them together. Operations of your own hold a `guard`, and `wait_for_drain` waits
    for them too. All methods may be called from any thread.
    """

    def __init__(self, parent: Optional[ShutdownState] = None, idle: Optional[Callable[[], None]] = None) -> None:
        self._lock = threading.Lock()
        self._drained = threading.Condition(self._lock)
        self._begun = False
        self._flying = 0
        self._parent = parent
        self._idle = idle
        self._children: weakref.WeakSet[ShutdownState] = weakref.WeakSet()
        if parent is not None:
            parent._adopt(self)

    @property
    def is_shutdown(self) -> bool:
        """Whether shutdown has begun."""
        return self._begun

    def shutdown(self) -> None:
        """Begins the shutdown of every channel that shares this state. Returns at once; doing it again does nothing."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
            children = list(self._children)
            idle = self._flying == 0
        for child in children:
            child.shutdown()
        if idle and self._idle is not None:
            self._idle()

    def wait_for_drain(self, timeout: Optional[float] = None) -> bool:
        """Waits until nothing is in flight; False if that took longer than `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._lock:
            while self._flying:
                remaining = None if deadline is None else deadline - time.monotonic()
                if remaining is not None and remaining <= 0:
                    return False
                self._drained.wait(remaining)
        return True

    @contextmanager
    def guard(self, name: str = "shutdown") -> Iterator[None]:
        """`with state.guard():` is an operation in flight. Raises ShuttingDown if it would begin too late."""
        if not self.enter():
            raise ShuttingDown(name, "this end is shutting down")
        try:
            yield
        finally:
            self.leave()

    def enter(self, late: bool = False) -> bool:
        """Begins an operation; False if shutdown came first. Each True wants one `leave`.

        With `late` it may also begin after the shutdown, while something else is in flight: an answer to what came
        before.
        """
        if self._parent is not None and not self._parent.enter(late):
            return False
        with self._lock:
            if not self._begun or (late and self._flying):
                self._flying += 1
                return True
        if self._parent is not None:
            self._parent.leave()
        return False

    def leave(self) -> None:
        """Ends an operation."""
        with self._lock:
            self._flying -= 1
            idle = self._flying == 0 and self._begun
            if self._flying == 0:
                self._drained.notify_all()
        if idle and self._idle is not None:
            self._idle()
        if self._parent is not None:
            self._parent.leave()

    def _adopt(self, child: ShutdownState) -> None:
        with self._lock:
            self._children.add(child)
            begun = self._begun
        if begun:
            child.shutdown()
