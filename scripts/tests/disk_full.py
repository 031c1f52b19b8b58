#!/usr/bin/env python3
"""Runs a node on a small file system, fills that up and makes room again. disk_full.py SOUNDPOST DISK"""

import os
import sys

import edited_chain
import recovery
from editor import Editor
from node_process import ControlConnection, Node


class FullDisk:
    """The editor sends what the trial says, and keeps the books."""

    def __init__(self, soundpost: str, disk: str) -> None:
        self._filler = f"{disk}/filler"
        self._node = (soundpost, f"{disk}/data", ["--log-level", "critical"])
        self._editor = Editor(1)
        self.faults: list[str] = []
        self.refusals: dict[str, str] = {}

    def run(self) -> None:
        with Node(*self._node) as node:
            connection = node.connect(self._editor.name)
            connection.request({"type": "write_link", "link": edited_chain.chain("first", False)})
            found = recovery.observe(connection, [self._editor])
            self._editor.ledger.values = {key: found.get(key) for key in self._editor.owned()}
            self._editor.begin(connection)
            self._takes_everything("before")
            for number in range(3):
                self._fill()
                self._refuses_everything()
                self._compare(connection, f"on a full disk ({number})")
                os.remove(self._filler)
                self._takes_everything("when there is room again")
                self._compare(connection, f"when there is room again ({number})")
            self._fill()
            self._refuses_everything()
            node.kill()
        # A node whose disk is full can start, too: it has nothing to write.
        for occasion in ("after a restart on a full disk", "after a restart with room"):
            with Node(*self._node) as node:
                connection = node.connect(self._editor.name)
                self._editor.begin(connection)
                self._compare(connection, occasion)
                if os.path.exists(self._filler):
                    os.remove(self._filler)
                self._takes_everything(occasion)

    def _fill(self) -> None:
        with open(self._filler, "ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def _kinds(self) -> dict:
        editor = self._editor
        return {"set_param": editor.set_one, "save_preset": editor.save_preset, "write_link": editor.write_link}

    def _refuses_everything(self) -> None:
        for kind, step in self._kinds().items():
            # Room that a file has already, such as that of a journal that is used again, takes some changes.
            for _ in range(20_000):
                before = len(self._editor.refused)
                step()
                if len(self._editor.refused) > before:
                    break
            else:
                self.faults.append(f"{kind}: nothing was refused on a full disk")
                continue
            answer = self._editor.refused[-1]
            self.refusals[kind] = answer.get("error") or answer.get("message")
            if answer.get("code") != "storage_failed":
                self.faults.append(f"{kind} on a full disk: {answer}")

    def _takes_everything(self, occasion: str) -> None:
        for kind, step in self._kinds().items():
            before = len(self._editor.refused)
            step()
            for answer in self._editor.refused[before:]:
                self.faults.append(f"{kind} {occasion}: {answer}")

    def _compare(self, connection: ControlConnection, occasion: str) -> None:
        found = recovery.observe(connection, [self._editor])
        faults = recovery.faults(found, [self._editor], strictly=True)
        self.faults += [f"{occasion}: {fault}" for fault in faults]


def main() -> int:
    trial = FullDisk(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
    trial.run()
    for kind, words in trial.refusals.items():
        print(f"{kind}: {words}")
    for fault in trial.faults[:20]:
        print(fault)
    return 1 if trial.faults or len(trial.refusals) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())
