"""Names of channels, the runtime directory, and what makes it safe."""

from __future__ import annotations

import os
import re
import stat
import sys
from typing import Mapping, Optional

from .errors import ChannelIOError

CHANNEL_VARIABLE = "SOUNDPOST_IPC_CHANNEL"
"""The environment variable with the name of the channel a child process connects to."""
MODE_VARIABLE = "SOUNDPOST_IPC_MODE"
"""The environment variable with the kind of that channel."""

PREFIX, SUFFIX = "soundpost_", ".sock"
MAXIMUM_PATH = 107 if sys.platform == "linux" else 103
"""The most bytes of a socket's path: `sun_path` has 108 on Linux, 104 on macOS, with the zero at its end."""

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}")


def check_name(name: str) -> str:
    """The name itself. Raises ValueError if it is none; no name can lead out of the runtime directory."""
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no channel name: 1 to 64 of A–Z a–z 0–9 _ - and, except at the beginning, the full stop"
        )
    return name


def runtime_directory(environ: Mapping[str, str] = os.environ) -> str:
    """Where the sockets are. Nothing is opened or made."""
    directory = environ.get("XDG_RUNTIME_DIR", "")
    return directory if directory.startswith("/") else f"/tmp/soundpost-{os.geteuid()}"


def socket_name(name: str) -> str:
    return f"{PREFIX}{name}{SUFFIX}"


def socket_path(name: str, directory: str) -> str:
    """The socket's path. Raises ChannelIOError if it is longer than sockets may have."""
    path = os.path.join(directory, socket_name(name))
    if len(os.fsencode(path)) > MAXIMUM_PATH:
        raise ChannelIOError(
            name, f"the path {path} has more than {MAXIMUM_PATH} bytes; use a shorter directory or name"
        )
    return path


def open_directory(name: str, directory: Optional[str] = None) -> int:
    """A descriptor of the directory, which was checked; the caller closes it. `name` is for errors.

    Without `directory` it is the runtime directory; that below /tmp is made if it is missing. Raises ChannelIOError if
    the directory is a symbolic link, belongs to another user or lets others write: whoever can write there can put
    their own socket in place of ours.
    """
    path = directory if directory is not None else runtime_directory()
    try:
        if directory is None and path.startswith("/tmp/soundpost-"):
            try:
                os.mkdir(path, 0o700)
            except FileExistsError:
                pass
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise ChannelIOError(name, f"the directory {path} cannot be used: {error.strerror}") from error
    status = os.fstat(descriptor)
    problem = None
    if status.st_uid != os.geteuid():
        problem = f"belongs to user {status.st_uid}, not to {os.geteuid()}"
    elif stat.S_IMODE(status.st_mode) & 0o022:
        problem = f"can be written to by others (mode {stat.S_IMODE(status.st_mode):o}, should be 700)"
    if problem is not None:
        os.close(descriptor)
        raise ChannelIOError(name, f"the directory {path} {problem}")
    return descriptor
