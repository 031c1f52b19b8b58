"""The listening socket of a server: its place in the runtime directory, and who may connect."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import select
import socket
import stat
import struct
from contextlib import contextmanager
from typing import Iterator, Optional, Tuple

from .errors import ChannelIOError, ChannelTimeout, Disconnected, naming
from .link import InUse, poll_until
from .names import PREFIX, SUFFIX, check_name, open_directory, runtime_directory, socket_name, socket_path

BACKLOG = 128
CREDENTIALS = struct.Struct("iII")
"""Linux's ucred: process, user, group."""
HUNG_UP = getattr(select, "POLLRDHUP", 0) | select.POLLHUP
"""macOS has no POLLRDHUP; it reports POLLHUP for an end that is closed."""


class Listener:
    """Listens on a name's socket. `accept` gives connections of this user only; `close` removes the file.

    Raises ChannelIOError if the name is taken by a live server or the directory is not safe, ValueError for a bad name.
    """

    def __init__(self, name: str, directory: Optional[str] = None) -> None:
        self.name = check_name(name)
        self._directory = directory if directory is not None else runtime_directory()
        self.path = socket_path(name, self._directory)
        self._given = directory
        with naming(name, f"listening on {self.path}"), self._locked() as folder:
            self._take_over(folder)
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self._socket.bind(self.path)
                os.chmod(self.path, 0o600)
                self._file = _identity(os.stat(self.path, follow_symlinks=False))
                self._socket.listen(BACKLOG)
                self._socket.setblocking(False)
                self._alarm, self._bell = os.pipe()
            except OSError:
                self._socket.close()
                raise
        self._in_use = InUse(self._let_go)

    def accept(self, deadline: Optional[float]) -> socket.socket:
        """The next connection. Raises ChannelTimeout, Disconnected once the server is closed, ChannelIOError."""
        if not self._in_use.enter():
            raise Disconnected(self.name, "the server is closed")
        try:
            while True:
                has_come = poll_until(deadline, (self._socket, select.POLLIN), (self._alarm, select.POLLIN))
                if self._in_use.is_closed:
                    raise Disconnected(self.name, "the server is closed")
                if not has_come:
                    raise ChannelTimeout(self.name, "nobody connected in time")
                connection = self._accept_one()
                if connection is not None:
                    return connection
        finally:
            self._in_use.leave()

    def close(self) -> None:
        self._in_use.close(self._leave)

    def _accept_one(self) -> Optional[socket.socket]:
        with naming(self.name, "accepting"):
            try:
                connection, _ = self._socket.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return None
        try:
            connection.setblocking(True)
            # Who has hung up already, without a word, is no client.
            if peer_user(connection) == os.geteuid() and not (has_hung_up(connection) and not _has_data(connection)):
                return connection
        except OSError:
            pass
        connection.close()
        return None

    def _leave(self) -> None:
        try:
            with self._locked():
                try:
                    if _identity(os.stat(self.path, follow_symlinks=False)) == self._file:
                        os.unlink(self.path)
                except FileNotFoundError:
                    pass
        except (ChannelIOError, OSError):
            pass  # the directory is gone or not ours any more: there is nothing to tidy
        os.write(self._bell, b"!")

    def _let_go(self) -> None:
        self._socket.close()
        os.close(self._alarm)
        os.close(self._bell)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        folder = open_directory(self.name, self._given)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(folder)

    def _take_over(self, folder: int) -> None:
        """Removes the file of a server that died under this name, and those of all others that died."""
        own = socket_name(self.name)
        try:
            status = os.stat(own, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            status = None
        if status is not None and not stat.S_ISSOCK(status.st_mode):
            raise ChannelIOError(self.name, f"{self.path} is there and no socket; remove it")
        if status is not None:
            if not _refuses(self.path):
                raise ChannelIOError(self.name, f"the name is taken: a server listens on {self.path}")
            os.unlink(own, dir_fd=folder)
        for entry in os.listdir(folder):
            if entry.startswith(PREFIX) and entry.endswith(SUFFIX):
                path = os.path.join(self._directory, entry)
                try:
                    if stat.S_ISSOCK(os.stat(entry, dir_fd=folder, follow_symlinks=False).st_mode) and _refuses(path):
                        os.unlink(entry, dir_fd=folder)
                except OSError:
                    continue  # it is gone, or not ours to judge


def connect_socket(name: str, directory: Optional[str] = None) -> socket.socket:
    """Connects to a name's socket and checks who listens there. Raises Disconnected, ChannelIOError, ValueError."""
    check_name(name)
    os.close(open_directory(name, directory))
    path = socket_path(name, directory if directory is not None else runtime_directory())
    with naming(name, f"connecting to {path}"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(path)
            user = peer_user(connection)
            if user != os.geteuid():
                raise ChannelIOError(name, f"the server belongs to user {user}, not to {os.geteuid()}")
            return connection
        except BaseException as error:
            connection.close()
            if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
                raise Disconnected(name, f"nobody listens on {path}") from None
            raise


def peer_user(connection: socket.socket) -> int:
    """The effective user of the other end when it connected or listened. Raises OSError."""
    if hasattr(socket, "SO_PEERCRED"):
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        return int(CREDENTIALS.unpack(credentials)[1])
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = ctypes.c_uint32(), ctypes.c_uint32()
    if libc.getpeereid(connection.fileno(), ctypes.byref(user), ctypes.byref(group)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return user.value


def has_hung_up(connection: socket.socket) -> bool:
    """Whether the other end closed the connection or ended its direction; what it sent before does not matter.

    The kernel closes the sockets of a process that dies, however it dies; a stopped process keeps them.
    """
    return poll_until(0, (connection, HUNG_UP))


def _has_data(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except OSError:
        return False


def _identity(status: os.stat_result) -> Tuple[int, int]:
    return status.st_dev, status.st_ino


def _refuses(path: str) -> bool:
    """Whether the server of a socket died. A live one's is of another type than the probe; its server sees nothing."""
    probe = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        return probe.connect_ex(path) == errno.ECONNREFUSED
    except OSError:
        return False  # a path that is too long for a socket
    finally:
        probe.close()
