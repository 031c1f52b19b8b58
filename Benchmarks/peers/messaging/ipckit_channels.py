"""ipckit: its IpcChannel with bytes, and its local socket with JSON."""

import time
from collections.abc import Callable
from typing import TypeVar

import exchange
from ipckit import IpcChannel
from ipckit.ipckit import LocalSocketListener, LocalSocketStream

End = TypeVar("End")


def connected(connect: Callable[[], End]) -> End:
    """Tries until the other end listens."""
    limit = time.monotonic() + 5
    while True:
        try:
            return connect()
        except Exception:  # The binding has no type of its own for it.
            if time.monotonic() > limit:
                raise
            time.sleep(0.001)


class Bytes:
    encoding = "raw"
    waits = ("block",)

    def __init__(self, options: exchange.Options) -> None:
        if options.is_responder:
            self._channel = IpcChannel.create(options.address)
            self._channel.wait_for_client()
        else:
            self._channel = connected(lambda: IpcChannel.connect(options.address))
        self._buffer = bytearray()

    def reserve(self, size: int) -> bytearray:
        if len(self._buffer) != size:
            self._buffer = bytearray(size)
        return self._buffer

    def send(self) -> None:
        self._channel.send(bytes(self._buffer))

    def receive(self) -> bytes:
        return self._channel.recv()

    def release(self) -> None:
        pass

    def close(self) -> None:
        pass


class Json:
    encoding = "json"
    waits = ("block",)

    def __init__(self, options: exchange.Options) -> None:
        if options.is_responder:
            self._stream = LocalSocketListener(options.address).accept()
        else:
            self._stream = connected(lambda: LocalSocketStream.connect(options.address))
        self._buffer = bytearray()

    def reserve(self, size: int) -> bytearray:
        if len(self._buffer) != size:
            self._buffer = bytearray(size)
        return self._buffer

    def send(self) -> None:
        self._stream.send_json({"type": "data", "data": self._buffer.decode()})

    def receive(self) -> bytes:
        return self._stream.recv_json()["data"].encode()

    def release(self) -> None:
        pass

    def close(self) -> None:
        pass


if __name__ == "__main__":
    exchange.main({"ipckit-channel": Bytes, "ipckit-json": Json})
