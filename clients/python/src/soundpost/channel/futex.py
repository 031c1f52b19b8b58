"""Sleeping on a word of shared memory, waking who sleeps there, and fences.

On Linux this is futex(2), on macOS `os_sync_wait_on_address` (macOS 14.4 or later). All calls go through ctypes.CDLL,
which lets other Python threads run meanwhile, and a signal ends a wait so that Ctrl-C is seen.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from typing import Any, Callable, Tuple

SLICE = 0.25
"""The longest single sleep in seconds: how often one who waits looks whether the other end lives."""

# futex(2)'s number in the 64-bit system call tables.
_NUMBERS = {"x86_64": 202, "aarch64": 98, "arm64": 98, "riscv64": 98, "loongarch64": 98, "ppc64le": 221}
_FUTEX_WAIT, _FUTEX_WAKE, _PRIVATE = 0, 1, 128
_ALL = 0x7FFFFFFF

_STORES_IN_ORDER = platform.machine() in ("x86_64", "AMD64")
"""x86 keeps the order of stores among each other and of loads among each other; only a store may pass a later load."""

_fence_word = ctypes.c_uint32(0)


class _Timespec(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


def check_supported() -> None:
    """Raises OSError if this system has no such call or does not store 64 bits at once."""
    if sys.maxsize < 1 << 32 or sys.byteorder != "little" or not _supported:
        raise OSError(f"shared memory is not supported on {sys.platform} {platform.machine()}")


def _linux() -> Tuple[Callable[[int, int, float], None], Callable[[int, bool], None], Callable[[], None]]:
    number = _NUMBERS[platform.machine()]
    call: Any = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    call.argtypes = [
        ctypes.c_long,
        ctypes.c_void_p,
        ctypes.c_int,
        ctypes.c_uint32,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_uint32,
    ]
    fence_address = ctypes.addressof(_fence_word)

    def wait(address: int, expected: int, seconds: float) -> None:
        time = _Timespec(int(seconds), int(seconds % 1 * 1e9))
        call(number, address, _FUTEX_WAIT, expected, ctypes.addressof(time), None, 0)

    def wake(address: int, everyone: bool) -> None:
        call(number, address, _FUTEX_WAKE, _ALL if everyone else 1, None, None, 0)

    def fence() -> None:
        # Python has no fence, but the kernel makes one before it looks whether anybody sleeps on a word: without it
        # futex(2) itself would lose wake-ups (futex_hb_waiters_pending in kernel/futex). So a wake on a word that only
        # this process has and nobody sleeps on is a full fence and nothing else, for well under a microsecond.
        call(number, fence_address, _FUTEX_WAKE | _PRIVATE, 1, None, None, 0)

    return wait, wake, fence


def _darwin() -> Tuple[Callable[[int, int, float], None], Callable[[int, bool], None], Callable[[], None]]:
    library: Any = ctypes.CDLL(None, use_errno=True)
    wait_on, wake_any, wake_all = (
        library.os_sync_wait_on_address_with_timeout,
        library.os_sync_wake_by_address_any,
        library.os_sync_wake_by_address_all,
    )
    wait_on.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint64,
        ctypes.c_size_t,
        ctypes.c_uint32,
        ctypes.c_uint32,
        ctypes.c_uint64,
    ]
    for function in (wake_any, wake_all):
        function.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32]
    barrier = library.OSMemoryBarrier
    shared, mach_absolute_time = 1, 32

    def wait(address: int, expected: int, seconds: float) -> None:
        wait_on(address, expected, 4, shared, mach_absolute_time, max(1, int(seconds * 1e9)))

    def wake(address: int, everyone: bool) -> None:
        (wake_all if everyone else wake_any)(address, 4, shared)

    return wait, wake, barrier


def _unsupported(*_: object) -> None:
    raise OSError(os.strerror(38))


_supported = True
try:
    wait, wake, fence = _linux() if sys.platform == "linux" else _darwin()
except (AttributeError, KeyError, OSError):
    wait, wake, fence = _unsupported, _unsupported, _unsupported
    _supported = False

if _STORES_IN_ORDER:

    def order() -> None:
        """What stands before it is seen before what follows, except that a load may come before an earlier store.

        Before a release store and after an acquire load. On x86 that is so by itself, and no compiler looks across the
        calls of an interpreter.
        """

else:
    order = fence
