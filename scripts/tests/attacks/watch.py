"""Sees who opens files, by inotify(7)."""

import ctypes
import os
import struct

_OPEN = 0x20  # IN_OPEN
_HEADER = struct.Struct("iIII")  # struct inotify_event, before its name


class Watch:
    """`with Watch(folder) as watch:` … `watch.opened()` names what was opened in the folder since; `.` is the folder itself.

    Looking at a file (stat) or at a link to it is no opening, and neither is a refused one.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def __enter__(self) -> "Watch":
        library = ctypes.CDLL(None, use_errno=True)
        self._descriptor = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0 or library.inotify_add_watch(self._descriptor, self._folder.encode(), _OPEN) < 0:
            raise OSError(ctypes.get_errno(), "inotify", self._folder)
        return self

    def opened(self) -> set[str]:
        names: set[str] = set()
        while True:
            try:
                events = os.read(self._descriptor, 1 << 16)
            except BlockingIOError:
                return names
            at = 0
            while at < len(events):
                _, mask, _, length = _HEADER.unpack_from(events, at)
                name = events[at + _HEADER.size:at + _HEADER.size + length].rstrip(b"\0").decode()
                names |= {name or "."} if mask & _OPEN else {"more than could be counted"}
                at += _HEADER.size + length

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
