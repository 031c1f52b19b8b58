"""Channels over two rings in shared memory, for large data."""

from __future__ import annotations

import socket
from typing import Optional

from .channel import Channel
from .errors import ChannelError, ChannelIOError, SendFailed, SerializationError
from .line import CAPACITY
from .link import InUse, Link, deadline_in
from .listener import connect_socket, has_hung_up
from .meeting import CODEC_BYTES, CODEC_JSON, RING_BYTES, check_ring, join_region, offer_region
from .memory import Region
from .message import Message
from .ring import RingReader, RingWriter, wake_everyone
from .server import Server
from .shutdown import ShutdownState

KIND = "shared_memory"
HANDSHAKE_SECONDS = 5.0
"""How long a client waits for the server's offer, unless it says otherwise."""


class RingLink(Link):
    """The two rings and the socket that tells who lives. It owns the socket."""

    kind = KIND

    def __init__(self, name: str, connection: socket.socket, region: Region, creator: bool, codec: int) -> None:
        self.name = name
        self.codec = codec
        self._socket = connection
        self._socket_in_use = InUse(connection.close)
        self._region: Optional[Region] = region
        outgoing, incoming = (region.a, region.b) if creator else (region.b, region.a)
        self.writer = RingWriter(name, outgoing, self._hung_up, self.close)
        self.reader = RingReader(name, incoming, self._hung_up, self.close)
        self.whole = self.writer.maximum
        self._part = outgoing.size // 4

    @property
    def is_cut(self) -> bool:
        return self._hung_up()

    def send(self, payload: bytes, deadline: Optional[float], waits: bool = False) -> None:
        writer, length = self.writer, len(payload)
        if length <= writer.maximum:
            writer.loan_until(length, deadline)[:] = payload
            writer.publish()
            return
        with memoryview(payload) as view:
            for at in range(0, length, self._part):
                part = view[at : at + self._part]
                try:
                    writer.loan_until(len(part), deadline if at == 0 else None)[:] = part
                    writer.publish(more=at + self._part < length)
                except BaseException as error:
                    if at and not isinstance(error, ChannelError):
                        self.close()  # Ctrl-C in the middle of a message: the rest of it would be missing
                    raise

    def receive(self, deadline: Optional[float]) -> Optional[bytes]:
        return self.reader.message_until(deadline)

    def end(self) -> None:
        self.writer.end()

    def close(self) -> None:
        region, self._region = self._region, None
        # The socket first: who sees the end of the ring finds that nobody listens either.
        self._socket_in_use.close(self._hang_up)
        self.writer.end()  # a reader about to sleep sees it without a look at the socket
        self.writer.close()
        self.reader.close()
        if region is not None:
            wake_everyone(region.a)
            wake_everyone(region.b)

    def _hang_up(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _hung_up(self) -> bool:
        if not self._socket_in_use.enter():
            return True
        try:
            return has_hung_up(self._socket)
        finally:
            self._socket_in_use.leave()


class SharedMemoryChannel(Channel):
    """One end of two rings. See `Channel`; made by `connect` and by `SharedMemoryServer.accept`.

    With the codec "bytes" it carries no messages but bytes that the two ends understand: `send_bytes`, `receive_bytes`,
    and without any copy `writer` and `reader`. One thread at a time may use each of these two.
    """

    def __init__(self, link: RingLink, *, shutdown: Optional[ShutdownState] = None, capacity: int = CAPACITY) -> None:
        super().__init__(link, shutdown=shutdown, capacity=capacity)
        self._rings = link

    @property
    def codec(self) -> str:
        """What the records are: "json" or "bytes"."""
        return "json" if self._rings.codec == CODEC_JSON else "bytes"

    @property
    def writer(self) -> RingWriter:
        """Where to loan room for a record. Only with the codec "bytes"."""
        self._only_bytes()
        return self._rings.writer

    @property
    def reader(self) -> RingReader:
        """Where to borrow the next record. Only with the codec "bytes"."""
        self._only_bytes()
        return self._rings.reader

    def send_bytes(self, data: bytes, timeout: Optional[float] = None) -> None:
        """Sends bytes, at most 16 MiB. Only with the codec "bytes". Raises what `send` raises."""
        self._only_bytes()
        self._send_bytes(data, timeout)

    def receive_bytes(self, timeout: Optional[float] = None) -> bytes:
        """The next bytes that the other end sent at once. Raises what `receive` raises."""
        self._only_bytes()
        return self.receive_encoded(timeout)

    def _only_bytes(self) -> None:
        if self._rings.codec != CODEC_BYTES:
            raise ChannelIOError(self.name, "the channel carries messages; bytes need a server with codec='bytes'")

    def _encode(self, message: Message) -> bytes:
        if self._rings.codec != CODEC_JSON:
            raise SerializationError(self.name, "the channel carries bytes, not messages; use send_bytes")
        return super()._encode(message)


def connect(
    name: str,
    directory: Optional[str] = None,
    *,
    timeout: float = HANDSHAKE_SECONDS,
    shutdown: Optional[ShutdownState] = None,
    capacity: int = CAPACITY,
) -> SharedMemoryChannel:
    """Connects to the shared-memory server of this name; `timeout` is how long it may take to accept.

    Raises Disconnected if nobody listens, ChannelTimeout, ReceiveFailed if what the server offers breaks the rules,
    ChannelIOError, ValueError if the name is none.
    """
    connection = connect_socket(name, directory)
    try:
        region, codec = join_region(name, connection, deadline_in(timeout))
        link = RingLink(name, connection, region, creator=False, codec=codec)
    except BaseException:
        connection.close()
        raise
    return SharedMemoryChannel(link, shutdown=shutdown, capacity=capacity)


class SharedMemoryServer(Server[SharedMemoryChannel]):
    """Makes a region for each client. See `Server`.

    `ring_bytes` is a power of two from 65 536 to 1 073 741 824, for each direction; `codec` is "json" or "bytes".
    """

    def __init__(
        self,
        name: str,
        directory: Optional[str] = None,
        *,
        ring_bytes: int = RING_BYTES,
        codec: str = "json",
        shutdown: Optional[ShutdownState] = None,
        capacity: int = CAPACITY,
    ) -> None:
        check_ring(ring_bytes)
        if codec not in ("json", "bytes"):
            raise ValueError(f"codec is 'json' or 'bytes', not {codec!r}")
        self._codec = CODEC_JSON if codec == "json" else CODEC_BYTES
        self._ring_bytes = ring_bytes
        super().__init__(name, directory, shutdown=shutdown, capacity=capacity)

    def accept(self, timeout: Optional[float] = None) -> SharedMemoryChannel:
        """Waits for the next client. Raises ChannelTimeout, ChannelIOError, and Disconnected once it is closed."""
        deadline = deadline_in(timeout)
        while True:
            connection = self._listener.accept(deadline)
            try:
                region = offer_region(self.name, connection, self._ring_bytes, self._codec)
                link = RingLink(self.name, connection, region, creator=True, codec=self._codec)
            except SendFailed:
                connection.close()  # it went before it knew what we offer
                continue
            except BaseException:
                connection.close()
                raise
            return SharedMemoryChannel(link, shutdown=self._shutdown, capacity=self._capacity)
