"""Channels over a Unix domain socket."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Optional, Type

from .channel import Channel
from .link import deadline_in
from .listener import Listener, connect_socket
from .shutdown import ShutdownState
from .stream import SocketLink

KIND = "local_socket"


class LocalSocketChannel(Channel):
    """One end of a connection. See `Channel`; made by `connect` and by `LocalSocketServer.accept`."""

    def __init__(
        self,
        name: str,
        connection: socket.socket,
        *,
        shutdown: Optional[ShutdownState] = None,
        overflow: str = "drop_oldest",
    ) -> None:
        super().__init__(SocketLink(name, KIND, connection), shutdown=shutdown, overflow=overflow)


def connect(
    name: str,
    directory: Optional[str] = None,
    *,
    shutdown: Optional[ShutdownState] = None,
    overflow: str = "drop_oldest",
) -> LocalSocketChannel:
    """Connects to the server of this name, in the runtime directory or in `directory`.

    Raises Disconnected if nobody listens, ChannelIOError if the directory is not safe or the server is another user's,
    ValueError if the name is none.
    """
    return LocalSocketChannel(name, connect_socket(name, directory), shutdown=shutdown, overflow=overflow)


class LocalSocketServer:
    """Listens under a name; any number of clients of the same user. The file is removed by `close`.

    A file that a dead server left is taken over. `accept` and `close` may be called from any thread; closing the server
    leaves the channels that it accepted alone. Raises ChannelIOError if the name is taken, ValueError if it is none.
    """

    def __init__(
        self,
        name: str,
        directory: Optional[str] = None,
        *,
        shutdown: Optional[ShutdownState] = None,
        overflow: str = "drop_oldest",
    ) -> None:
        self._listener = Listener(name, directory)
        self._shutdown = shutdown
        self._overflow = overflow

    @property
    def name(self) -> str:
        return self._listener.name

    @property
    def address(self) -> str:
        """The path of the socket."""
        return self._listener.path

    def accept(self, timeout: Optional[float] = None) -> LocalSocketChannel:
        """Waits for the next client. Raises ChannelTimeout, and Disconnected once the server is closed."""
        connection = self._listener.accept(deadline_in(timeout))
        return LocalSocketChannel(self.name, connection, shutdown=self._shutdown, overflow=self._overflow)

    def close(self) -> None:
        """Accepts nobody any more, wakes who waits in `accept`, and removes the file. Any number of times."""
        self._listener.close()

    def __enter__(self) -> LocalSocketServer:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()
