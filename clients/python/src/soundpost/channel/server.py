"""What every server does: listen under a name in the runtime directory."""

from __future__ import annotations

import abc
from typing import Generic, Optional, TypeVar

from .channel import Channel
from .line import CAPACITY
from .link import Closable
from .listener import Listener
from .shutdown import ShutdownState

C = TypeVar("C", bound=Channel)


class Server(Closable, Generic[C]):
    """Listens under a name; any number of clients of the same user. The file is removed by `close`.

    A file that a dead server left is taken over. `accept` and `close` may be called from any thread; closing the server
    leaves the channels that it accepted alone. `shutdown` and `capacity` are those of every channel that it accepts.
    Raises ChannelIOError if the name is taken, ValueError if it is none.
    """

    def __init__(
        self,
        name: str,
        directory: Optional[str] = None,
        *,
        shutdown: Optional[ShutdownState] = None,
        capacity: int = CAPACITY,
    ) -> None:
        self._shutdown = shutdown
        self._capacity = capacity
        self._listener = Listener(name, directory)

    @property
    def name(self) -> str:
        """The name that clients connect to."""
        return self._listener.name

    @property
    def address(self) -> str:
        """The path of the socket."""
        return self._listener.path

    @abc.abstractmethod
    def accept(self, timeout: Optional[float] = None) -> C:
        """Waits for the next client. Raises ChannelTimeout, ChannelIOError, and Disconnected once it is closed."""

    def close(self) -> None:
        """Accepts nobody any more, wakes who waits in `accept`, and removes the file. Any number of times."""
        self._listener.close()
