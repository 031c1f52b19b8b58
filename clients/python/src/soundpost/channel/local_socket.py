"""Channels over a Unix domain socket."""

from __future__ import annotations

import socket
from typing import Optional

from .channel import Channel
from .line import CAPACITY
from .link import deadline_in
from .listener import connect_socket
from .server import Server
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
        capacity: int = CAPACITY,
    ) -> None:
        super().__init__(SocketLink(name, KIND, connection), shutdown=shutdown, capacity=capacity)


def connect(
    name: str,
    directory: Optional[str] = None,
    *,
    shutdown: Optional[ShutdownState] = None,
    capacity: int = CAPACITY,
) -> LocalSocketChannel:
    """Connects to the server of this name, in the runtime directory or in `directory`.

    Raises Disconnected if nobody listens, ChannelIOError if the directory is not safe or the server is another user's,
    ValueError if the name is none.
    """
    return LocalSocketChannel(name, connect_socket(name, directory), shutdown=shutdown, capacity=capacity)


class LocalSocketServer(Server[LocalSocketChannel]):
    """Accepts clients over sockets. See `Server`."""

    def accept(self, timeout: Optional[float] = None) -> LocalSocketChannel:
        """Waits for the next client. Raises ChannelTimeout, ChannelIOError, and Disconnected once it is closed."""
        connection = self._listener.accept(deadline_in(timeout))
        return LocalSocketChannel(self.name, connection, shutdown=self._shutdown, capacity=self._capacity)
