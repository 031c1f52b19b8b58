"""What waits in line, bounded in number and in bytes."""

from __future__ import annotations

from collections import deque
from typing import Deque, Generic, Iterator, Optional, Tuple, TypeVar

CAPACITY = 10_000
"""How many messages may wait, unless the program says otherwise."""
CAPACITY_BYTES = 64 * 1024 * 1024
"""How many bytes of encoded messages may wait."""

T = TypeVar("T")


class Line(Generic[T]):
    """Items and their sizes in bytes, in order. It is full at `capacity` items or 64 MiB, but refuses nothing.

    Used under a lock of its owner; only to look whether it is full needs none.
    """

    def __init__(self, capacity: int) -> None:
        self._items: Deque[Tuple[T, int]] = deque()
        self._capacity = capacity
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return (item for item, _ in self._items)

    @property
    def is_full(self) -> bool:
        return len(self._items) >= self._capacity or self._bytes >= CAPACITY_BYTES

    @property
    def first(self) -> Optional[T]:
        return self._items[0][0] if self._items else None

    def put(self, item: T, size: int) -> None:
        self._items.append((item, size))
        self._bytes += size

    def pop(self) -> Optional[T]:
        if not self._items:
            return None
        item, size = self._items.popleft()
        self._bytes -= size
        return item
