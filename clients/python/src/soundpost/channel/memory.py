"""Mapping a region, with each ring's data twice in a row, and the words in it."""

from __future__ import annotations

import ctypes
import mmap
import os
from typing import Any, NamedTuple

_libc: Any = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = [
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int64,
]
_libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_FAILED = ctypes.c_void_p(-1).value
# On Linux and on macOS; the module mmap does not name them.
_FIXED = 0x10
_NO_ACCESS = 0


class _Mapping:
    """A range of addresses, unmapped when nothing refers to it any more."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.address = _map(None, size, _NO_ACCESS, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)

    def put(self, at: int, size: int, descriptor: int, offset: int) -> None:
        both = mmap.PROT_READ | mmap.PROT_WRITE
        _map(self.address + at, size, both, mmap.MAP_SHARED | _FIXED, descriptor, offset)

    def __del__(self, unmap: Any = _libc.munmap) -> None:
        if hasattr(self, "address"):
            unmap(self.address, self.size)


class Ring(NamedTuple):
    """One ring in a mapped region: its words, the addresses to sleep on, and its data twice.

    Everything here keeps the mapping alive, and so does every view of the data that a program still holds: memory that
    somebody could touch is never unmapped.

    A word is loaded and stored through ctypes by a memcpy of the constant size 4 or 8 (Modules/_ctypes/cfield.c), which
    every compiler that builds Python for these machines turns into one instruction. At an address that is a multiple of
    the size, x86-64 and AArch64 promise that no other processor sees the half of it.
    """

    size: int
    published: ctypes.c_uint64
    ended: ctypes.c_uint32
    consumed: ctypes.c_uint64
    data_wait: ctypes.c_uint32
    space_wait: ctypes.c_uint32
    data_address: int
    space_address: int
    data: memoryview


class Region(NamedTuple):
    """A mapped region: the header as bytes that can be written, ring A and ring B."""

    header: memoryview
    a: Ring
    b: Ring


RING_A, RING_B = 128, 640
"""Where the words of the rings begin in the region."""


def map_region(descriptor: int, header_bytes: int, ring_bytes: int) -> Region:
    """Maps a region's file, which is as long as it should be. Raises OSError."""
    mapping = _Mapping(header_bytes + 4 * ring_bytes)
    mapping.put(0, header_bytes, descriptor, 0)
    for copy in range(4):
        mapping.put(header_bytes + copy * ring_bytes, ring_bytes, descriptor, header_bytes + copy // 2 * ring_bytes)
    whole: Any = (ctypes.c_ubyte * mapping.size).from_address(mapping.address)
    whole.mapping = mapping
    view = memoryview(whole).cast("B")

    def ring(words: int, at: int) -> Ring:
        return Ring(
            ring_bytes,
            ctypes.c_uint64.from_buffer(whole, words),
            ctypes.c_uint32.from_buffer(whole, words + 8),
            ctypes.c_uint64.from_buffer(whole, words + 128),
            ctypes.c_uint32.from_buffer(whole, words + 256),
            ctypes.c_uint32.from_buffer(whole, words + 384),
            mapping.address + words + 256,
            mapping.address + words + 384,
            view[at : at + 2 * ring_bytes],
        )

    return Region(view[:header_bytes], ring(RING_A, header_bytes), ring(RING_B, header_bytes + 2 * ring_bytes))


def _map(address: Any, size: int, protection: int, flags: int, descriptor: int, offset: int) -> int:
    result = _libc.mmap(address, size, protection, flags, descriptor, offset)
    if result == _FAILED:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)
