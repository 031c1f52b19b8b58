"""Faults of the disk below a node: arms the library that disk_faults.c builds."""

import mmap
import os
import struct
import subprocess

CREATE, WRITE, SYNC, RENAME, UNLINK, TRUNCATE = range(6)
NAMES = ["create", "write", "sync", "rename", "unlink", "truncate"]
BEFORE, AFTER, HALF = range(3)
FOREVER = 0xFFFFFFFF

_LAYOUT = struct.Struct("<6I6I64s")  # as in disk_faults.c


class DiskFaults:
    """`environment` for a node; `arm` while it runs. The faults end with `disarm` or when their count is used up."""

    def __init__(self, work: str, data: str) -> None:
        library = f"{work}/disk_faults.so"
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "disk_faults.c")
        subprocess.run(["cc", "-std=gnu11", "-O2", "-shared", "-fPIC", source, "-o", library, "-ldl"], check=True)
        os.makedirs(data, exist_ok=True)
        self._page = f"{work}/disk_faults.page"
        with open(self._page, "wb") as file:
            file.write(bytes(_LAYOUT.size))
        self._file = open(self._page, "r+b")
        self._memory = mmap.mmap(self._file.fileno(), _LAYOUT.size)
        self.environment = {"LD_PRELOAD": library, "DISK_FAULTS": self._page, "DISK_FAULTS_DIRECTORY": data}

    def arm(
        self, operations: list[int], error: int = 0, skip: int = 0, count: int = 1, moment: int = BEFORE, part: str = ""
    ) -> None:
        """After `skip` operations of these kinds, `count` fail with `error`; 0 kills the node at the `moment`."""
        self.disarm()
        mask = sum(1 << operation for operation in operations)
        # The mask comes last: a node that looks meanwhile finds nothing armed.
        rest = struct.pack("<5I", skip, count, error, moment, 0)
        self._memory[4:24] = rest
        self._memory[48:112] = part.encode().ljust(64, b"\0")
        self._memory[0:4] = struct.pack("<I", mask)

    def disarm(self) -> None:
        self._memory[0:4] = bytes(4)

    @property
    def injected(self) -> int:
        """Faults since the last `arm`."""
        return struct.unpack("<I", self._memory[20:24])[0]

    @property
    def seen(self) -> dict[str, int]:
        """Operations in the directory so far, by kind."""
        return dict(zip(NAMES, struct.unpack("<6I", self._memory[24:48])))
