"""How two processes come to share a region: the server's offer and the client's checks."""

from __future__ import annotations

import array
import ctypes
import fcntl
import json
import os
import re
import secrets
import select
import socket
import struct
import sys
import time
from typing import Any, Dict, List, Optional, Tuple

from . import futex
from .errors import ChannelIOError, ChannelTimeout, Disconnected, ReceiveFailed, SendFailed, SerializationError, naming
from .link import poll_until
from .memory import Region, map_region
from .message import Message

MAGIC, VERSION, TWO_RINGS = 0x534D454D, 1, 2
CODEC_BYTES, CODEC_JSON = 0, 2
DATA_OFFSET = 65_536
RING_BYTES = 4 * 1024 * 1024
SMALLEST_RING, LARGEST_RING = 65_536, 1_073_741_824
MAXIMUM_LINE = 4096

HEADER = struct.Struct("<IBBBBIIQIIQI")
"""magic, version, kind, codec, 0, dataSize, ringBytes, created, creatorProcess, peerProcess, token, dataOffset."""
PEER_PROCESS = 28

SEGMENT = re.compile(r"(?=.{1,30}\Z)/soundpost[0-9a-z_-]*")
"""Names of regions where the system has no memfd."""

SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL if hasattr(fcntl, "F_SEAL_SHRINK") else 0


def check_ring(ring_bytes: int) -> None:
    """Raises ValueError if a ring cannot have this size."""
    if not SMALLEST_RING <= ring_bytes <= LARGEST_RING or ring_bytes & (ring_bytes - 1):
        raise ValueError(f"ring_bytes is a power of two from {SMALLEST_RING} to {LARGEST_RING}, not {ring_bytes}")


def offer_region(name: str, connection: socket.socket, ring_bytes: int, codec: int) -> Region:
    """Makes a region and sends the client its descriptor. Raises SendFailed if the client went, ChannelIOError."""
    with naming(name, "making shared memory"):
        futex.check_supported()
        descriptor, segment = _create(DATA_OFFSET + 2 * ring_bytes)
    try:
        region = map_region(descriptor, DATA_OFFSET, ring_bytes)
        token = secrets.randbits(64)
        now = int(time.time() * 1000)
        HEADER.pack_into(
            region.header, 0, MAGIC, VERSION, TWO_RINGS, codec, 0, 2 * ring_bytes, ring_bytes, now, os.getpid(), 0,
            token, DATA_OFFSET,
        )  # fmt: skip
        offer = {
            "version": VERSION,
            "ringBytes": ring_bytes,
            "codec": codec,
            "token": f"{token:016x}",
            "segment": segment,
        }
        line = Message("ready", {"sharedMemory": offer}).to_json(name) + b"\n"
        rights = [] if segment else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))]
        # A line this short always fits in the empty buffer of a new connection.
        connection.sendmsg([line], rights, getattr(socket, "MSG_NOSIGNAL", 0))
        return region
    except OSError as error:
        _unlink(segment)
        if isinstance(error, (BrokenPipeError, ConnectionResetError)):
            raise SendFailed(name, "the client is gone") from None
        raise ChannelIOError(name, f"offering shared memory: {error}") from error
    finally:
        os.close(descriptor)


def join_region(name: str, connection: socket.socket, deadline: Optional[float]) -> Tuple[Region, int]:
    """Takes the server's offer: the region and its codec. Raises ReceiveFailed, ChannelTimeout, Disconnected."""
    line, descriptors = _receive_offer(name, connection, deadline)
    try:
        with naming(name, "joining shared memory"):
            futex.check_supported()
            ring_bytes, codec, token, segment = _read_offer(name, line)
            if segment is not None and not descriptors:
                descriptors.append(_shm_open(segment, os.O_RDWR))
                _unlink(segment)
            if len(descriptors) != 1:
                raise ReceiveFailed(name, f"the offer came with {len(descriptors)} descriptors, not with one")
            descriptor = descriptors[0]
            _check_file(name, descriptor, DATA_OFFSET + 2 * ring_bytes)
            region = map_region(descriptor, DATA_OFFSET, ring_bytes)
            fields = HEADER.unpack(bytes(region.header[: HEADER.size]))
            expected = (MAGIC, VERSION, TWO_RINGS, codec, 2 * ring_bytes, ring_bytes, token, DATA_OFFSET)
            if fields[:4] + fields[5:7] + fields[10:] != expected:
                raise ReceiveFailed(name, "the region's header is not what was offered")
            region.header[PEER_PROCESS : PEER_PROCESS + 4] = os.getpid().to_bytes(4, "little")
            return region, codec
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _receive_offer(name: str, connection: socket.socket, deadline: Optional[float]) -> Tuple[bytes, List[int]]:
    line, descriptors = bytearray(), array.array("i")
    flags = getattr(socket, "MSG_CMSG_CLOEXEC", 0) | socket.MSG_DONTWAIT
    try:
        while b"\n" not in line:
            if len(line) >= MAXIMUM_LINE:
                raise ReceiveFailed(name, f"the offer has more than {MAXIMUM_LINE} bytes")
            if not poll_until(deadline, (connection, select.POLLIN)):
                raise ChannelTimeout(name, "the server did not accept in time")
            part, rights, _, _ = connection.recvmsg(MAXIMUM_LINE - len(line), socket.CMSG_SPACE(16), flags)
            for level, kind, data in rights:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    descriptors.frombytes(data[: len(data) // descriptors.itemsize * descriptors.itemsize])
            if not part:
                raise Disconnected(name, "the server closed the connection without an offer")
            line += part
        return bytes(line[: line.index(b"\n")]), list(descriptors)
    except BaseException as error:
        for descriptor in descriptors:
            os.close(descriptor)
        if isinstance(error, ConnectionResetError):
            raise Disconnected(name, "the server closed the connection without an offer") from None
        raise


def _read_offer(name: str, line: bytes) -> Tuple[int, int, int, Optional[str]]:
    try:
        message = Message.from_json(line, name)
    except SerializationError as error:
        raise ReceiveFailed(name, f"the offer is no message: {error.message}") from None
    data = message.data if message.type == "ready" and isinstance(message.data, dict) else {}
    offer: Dict[str, Any] = data.get("sharedMemory", {})
    if not isinstance(offer, dict) or not offer:
        raise ReceiveFailed(name, "the server offers no shared memory; is it a local socket?")
    version, ring_bytes, codec, token, segment = (
        offer.get(key) for key in ("version", "ringBytes", "codec", "token", "segment")
    )
    if version != VERSION or isinstance(version, bool):
        raise ReceiveFailed(name, f"the offer has version {json.dumps(version)[:20]}; this end knows {VERSION}")
    if type(ring_bytes) is not int or type(codec) is not int or codec not in (CODEC_BYTES, CODEC_JSON):
        raise ReceiveFailed(name, "the offer's ringBytes or codec are none that this end knows")
    try:
        check_ring(ring_bytes)
    except ValueError as error:
        raise ReceiveFailed(name, f"the offer's {error}") from None
    digits = token if isinstance(token, str) else ""
    if len(digits) != 16 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
        raise ReceiveFailed(name, "the offer's token is not 16 hexadecimal digits")
    if segment is not None and sys.platform == "linux":
        raise ReceiveFailed(name, "the offer names a segment, which on Linux anybody could cut off under us")
    if segment is not None and not (isinstance(segment, str) and SEGMENT.fullmatch(segment)):
        raise ReceiveFailed(name, "the offer's segment is no name")
    return ring_bytes, codec, int(digits, 16), segment


def _check_file(name: str, descriptor: int, size: int) -> None:
    status = os.fstat(descriptor)
    if status.st_size < size:  # a system may round up
        raise ReceiveFailed(name, f"the region has {status.st_size} bytes, fewer than {size}")
    if status.st_uid != os.geteuid():
        raise ReceiveFailed(name, f"the region belongs to user {status.st_uid}, not to {os.geteuid()}")
    if sys.platform == "linux":
        try:
            seals = fcntl.fcntl(descriptor, fcntl.F_GET_SEALS)
        except OSError:
            seals = 0  # no memfd at all
        if seals & SEALS != SEALS:
            raise ReceiveFailed(name, "the region's size is not sealed: the server could cut it off under us")


def _create(size: int) -> Tuple[int, Optional[str]]:
    """A descriptor of a new region and, where it is not a memfd, the name it has until the client unlinks it."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("soundpost", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        segment = None
    else:
        segment = f"/soundpost-{secrets.token_hex(8)}"
        descriptor = _shm_open(segment, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    try:
        os.ftruncate(descriptor, size)
        if segment is None:
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
        return descriptor, segment
    except BaseException:
        os.close(descriptor)
        _unlink(segment)
        raise


def _shm_open(segment: str, flags: int) -> int:
    call: Any = ctypes.CDLL(None, use_errno=True).shm_open
    call.argtypes = [ctypes.c_char_p, ctypes.c_int]  # the mode is variadic on macOS and passed as such
    descriptor = call(segment.encode(), flags, ctypes.c_uint(0o600))
    if descriptor < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    os.set_inheritable(descriptor, False)
    return int(descriptor)


def _unlink(segment: Optional[str]) -> None:
    if segment is not None:
        ctypes.CDLL(None).shm_unlink(segment.encode())
