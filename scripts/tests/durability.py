#!/usr/bin/env python3
"""Kills a node while three clients edit it, restarts it and compares. durability.py SOUNDPOST WORK

DURABILITY_KILLS is how many kills there are (8); every second comes inside an operation on a file of the data directory.
DURABILITY_SEED repeats a run's choices.
"""

import os
import random
import shutil
import statistics
import sys
import threading
import time

import disk_faults
import edited_chain
import recovery
from disk_faults import DiskFaults
from editor import NOTHING_TO_DO, Editor
from node_process import Node

KILLS = int(os.environ.get("DURABILITY_KILLS", "8"))
RESTART_SECONDS = 2.0
FREQUENCY = [4, 24, 6, 4, 1, 0]  # roughly how often a node does each kind of operation; it truncates only at its end
MOMENTS = {disk_faults.BEFORE: "before", disk_faults.AFTER: "after", disk_faults.HALF: "half-way through"}


class Rounds:
    """All rounds go on in one data directory, so what a round leaves is what the next begins with."""

    def __init__(self, soundpost: str, work: str) -> None:
        self._data = f"{work}/data"
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        self._disk = DiskFaults(work, self._data)
        self._node = (soundpost, self._data, ["--log-level", "error"], self._disk.environment)
        self.editors = [Editor(client) for client in range(1, edited_chain.CLIENTS + 1)]
        self.faults: list[str] = []
        self.restarts: list[float] = []
        self.kills: dict[str, int] = {}

    def prepare(self) -> None:
        with Node(*self._node) as node:
            connection = node.connect()
            connection.request({"type": "write_link", "link": edited_chain.chain("first", False)})
            found = recovery.observe(connection, self.editors)
        for editor in self.editors:
            editor.ledger.values = {key: found.get(key) for key in editor.owned()}

    def run(self, number: int) -> None:
        """One start, check, editing and kill."""
        if number % 6 == 5:
            self._kill_at_start()
        with Node(*self._node) as node:
            self.restarts.append(node.wait_until_ready())
            self._check(node, number)
            connections = [node.connect(editor.name) for editor in self.editors]
            threads = [editor.start(link) for editor, link in zip(self.editors, connections)]
            if number % 2 == 1:
                kind = self._kill_in_operation(node)
            else:
                time.sleep(random.uniform(0.02, 0.6))
                node.kill()
                kind = "at a random moment"
            self.kills[kind] = self.kills.get(kind, 0) + 1
            self._join(threads)

    def check_at_the_end(self) -> None:
        with Node(*self._node) as node:
            self.restarts.append(node.wait_until_ready())
            self._check(node, KILLS)

    def _kill_in_operation(self, node: Node) -> str:
        operation = random.choices(range(len(disk_faults.NAMES)), FREQUENCY)[0]
        moments = list(MOMENTS) if operation == disk_faults.WRITE else [disk_faults.BEFORE, disk_faults.AFTER]
        moment = random.choice(moments)
        # Some operations are rare: they are met within the time, or the kill comes at the end of it.
        skip = random.randrange(FREQUENCY[operation])
        part = random.choice(["", "", "presets", "current_link"])
        self._disk.arm([operation], skip=skip, moment=moment, part=part)
        end = time.monotonic() + 2
        while node.process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        met = node.process.poll() is not None
        node.kill()
        self._disk.disarm()
        return f"{MOMENTS[moment]} a {disk_faults.NAMES[operation]}" if met else "at a random moment"

    def _kill_at_start(self) -> None:
        """Recovery itself is killed: what it repairs must be repairable again."""
        operation = random.choice([disk_faults.WRITE, disk_faults.SYNC, disk_faults.UNLINK, disk_faults.TRUNCATE])
        self._disk.arm([operation], skip=random.randrange(8), moment=random.choice(list(MOMENTS)))
        try:
            with Node(*self._node) as node:
                node.kill()
        except (RuntimeError, OSError):
            self.kills["during a start"] = self.kills.get("during a start", 0) + 1
        self._disk.disarm()

    def _check(self, node: Node, number: int) -> None:
        connection = node.connect()
        found = recovery.observe(connection, self.editors)
        faults = recovery.faults(found, self.editors) + recovery.litter(self._data)
        if not recovery.plays(connection):
            faults.append("the chain does not play")
        self.faults += [f"round {number}: {fault}" for fault in faults]
        for editor in self.editors:
            editor.ledger.settle(found)

    def _join(self, threads: list[threading.Thread]) -> None:
        for thread in threads:
            thread.join(timeout=20)
            if thread.is_alive():
                self.faults.append("a client waits for a node that is dead")


def main() -> int:
    seed = int(os.environ.get("DURABILITY_SEED", random.randrange(1 << 32)))
    random.seed(seed)
    rounds = Rounds(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]))
    rounds.prepare()
    for number in range(KILLS):
        rounds.run(number)
    rounds.check_at_the_end()
    refused = [answer for editor in rounds.editors for answer in editor.refused if answer.get("code") not in NOTHING_TO_DO]
    slow = [seconds for seconds in rounds.restarts if seconds > RESTART_SECONDS]
    acknowledged = sum(editor.acknowledged for editor in rounds.editors)
    print(f"seed {seed}: {KILLS} kills, {acknowledged} changes acknowledged, {len(refused)} refused")
    print("killed " + ", ".join(f"{kind} {count}" for kind, count in sorted(rounds.kills.items())))
    print(f"ready after a restart: median {statistics.median(rounds.restarts):.2f} s, "
          f"longest {max(rounds.restarts):.2f} s, {len(slow)} of {len(rounds.restarts)} beyond {RESTART_SECONDS:g} s")
    for fault in rounds.faults[:20] + [f"refused: {answer}" for answer in refused[:5]]:
        print(fault)
    lasting = statistics.median(rounds.restarts) > RESTART_SECONDS
    return 1 if rounds.faults or refused or lasting else 0


if __name__ == "__main__":
    sys.exit(main())
