#!/usr/bin/env python3
"""Edits a node while operations on its files fail: what is refused has changed nothing. storage_faults.py SOUNDPOST WORK

STORAGE_FAULTS is how many faults are armed (20), STORAGE_FAULTS_SEED repeats a run's choices.
"""

import errno
import os
import random
import shutil
import sys
from collections import Counter

import disk_faults
import edited_chain
import recovery
from disk_faults import DiskFaults
from editor import NOTHING_TO_DO, Editor
from node_process import ControlConnection, Node

ROUNDS = int(os.environ.get("STORAGE_FAULTS", "20"))
KINDS = [
    (disk_faults.WRITE, errno.ENOSPC), (disk_faults.WRITE, errno.EIO), (disk_faults.CREATE, errno.ENOSPC),
    (disk_faults.SYNC, errno.EIO), (disk_faults.RENAME, errno.EIO), (disk_faults.RENAME, errno.ENOSPC),
    (disk_faults.UNLINK, errno.EIO),
]
# Parts of the data directory, and the commands that work there.
PLACES = [("", ""), ("", ""), ("journal", ""), ("presets", "preset"), ("profiles", "profile"), ("current_link", "link")]


class Trial:
    """One node after another in one data directory; each lives through some rounds."""

    def __init__(self, soundpost: str, work: str) -> None:
        self._data = f"{work}/data"
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        self._disk = DiskFaults(work, self._data)
        self._node = (soundpost, self._data, ["--log-level", "critical"], self._disk.environment)
        self.editor = Editor(1)
        self.faults: list[str] = []
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self._round = 0
        self._last = "none"

    def run(self) -> None:
        with Node(*self._node) as node:
            connection = node.connect()
            connection.request({"type": "write_link", "link": edited_chain.chain("first", False)})
            found = recovery.observe(connection, [self.editor])
            self.editor.ledger.values = {key: found.get(key) for key in self.editor.owned()}
        while self._round < ROUNDS:
            self._live()
        self._live(rounds=0)

    def _live(self, rounds: int | None = None) -> None:
        """A start, a check of what the last life left, some rounds, and a clean end or a kill right after a fault."""
        with Node(*self._node) as node:
            node.wait_until_ready()
            connection = node.connect(self.editor.name)
            self.editor.begin(connection)
            self._compare(connection, "after a restart")
            self.faults += [f"round {self._round}: {fault}" for fault in recovery.litter(self._data)]
            for _ in range(random.randrange(1, 8) if rounds is None else rounds):
                self._fail(connection)
                self._round += 1
                if random.random() < 0.5:
                    self._recover(connection)
            if random.random() < 0.7:
                node.kill()
        if node.process.returncode not in (0, -9):
            self.faults.append(f"round {self._round}: the node ended with {node.process.returncode}: {node.errors[-500:]}")

    def _fail(self, connection: ControlConnection) -> None:
        operation, error = random.choice(KINDS)
        count = random.choice([1, 1, 3, disk_faults.FOREVER])
        part, commands = random.choice(PLACES)
        self._disk.arm([operation], error, random.randrange(3), count, part=part)
        before = len(self.editor.refused)
        for _ in range(24):
            self.editor.step(commands)
            if self._disk.injected:
                break
        self._disk.disarm()
        refused = [answer for answer in self.editor.refused[before:] if answer.get("code") not in NOTHING_TO_DO]
        kind = f"{disk_faults.NAMES[operation]} {errno.errorcode[error]}"
        outcome = "not met" if not self._disk.injected else "refused" if refused else "harmless"
        self.outcomes[kind, outcome] += 1
        for answer in refused:
            if not self._disk.injected or answer.get("code") != "storage_failed":
                self.faults.append(f"round {self._round}: {kind}: {answer}")
        words = [f"{answer['request']}: {answer.get('error', answer.get('message'))}" for answer in refused]
        self._last = f"{kind} ({'; '.join(words)})"
        self._compare(connection, "in the node that refused")

    def _recover(self, connection: ControlConnection) -> None:
        """The disk is well again: the same node takes everything."""
        before = len(self.editor.refused)
        for _ in range(4):
            self.editor.step()
        for answer in self.editor.refused[before:]:
            if answer.get("code") not in NOTHING_TO_DO:
                self.faults.append(f"round {self._round}: refused on a disk that is well: {answer}")
        self._last = "none"

    def _compare(self, connection: ControlConnection, occasion: str) -> None:
        found = recovery.observe(connection, [self.editor])
        for fault in recovery.faults(found, [self.editor], strictly=True):
            self.faults.append(f"round {self._round}, {occasion}, last fault {self._last}: {fault}")
        self.editor.ledger.settle(found)


def main() -> int:
    seed = int(os.environ.get("STORAGE_FAULTS_SEED", random.randrange(1 << 32)))
    random.seed(seed)
    trial = Trial(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
    trial.run()
    injected = sum(count for (_, outcome), count in trial.outcomes.items() if outcome != "not met")
    print(f"seed {seed}: {ROUNDS} faults armed, {injected} met; {trial.editor.acknowledged} changes acknowledged")
    for kind in sorted({kind for kind, _ in trial.outcomes}):
        print(f"{kind:16}" + ", ".join(
            f"{outcome} {trial.outcomes[kind, outcome]}" for outcome in ("refused", "harmless", "not met")))
    for fault in trial.faults[:20]:
        print(fault)
    return 1 if trial.faults or injected == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
