"""Attacks a running node and looks at what it did and what it gave away. attacks SOUNDPOST WORK

ATTACKS=all makes all of them; otherwise some, so that a run takes half a minute. Numbers are those of the threat list.
An attack that this machine cannot make is reported as not run and counts as neither. The last line is
`N passed, N failed`.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), *up) for up in ([".."], ["..", ".."])]

import access  # noqa: E402
import archives  # noqa: E402
import audio  # noqa: E402
import documents  # noqa: E402
import flooding  # noqa: E402
import frames  # noqa: E402
import traversal  # noqa: E402
from target import NotRun, Target  # noqa: E402

ALL = os.environ.get("ATTACKS") == "all"
MEMORY = 256 << 20  # bytes that all attacks together may add to the node


class Run:
    def __init__(self, target: Target) -> None:
        self._target = target
        self.passed = self.failed = 0
        self.not_run: list[str] = []

    def attack(self, words: str, function: Callable[..., tuple[int, list[str]]], *arguments: object) -> None:
        started = time.monotonic()
        try:
            tried, wrong = function(*arguments)
        except NotRun as reason:
            return self._note_not_run(words, str(reason))
        except OSError as error:
            tried, wrong = 0, [f"the attack broke off: {error}"]
        if not tried and not wrong:
            return self._note_not_run(words, "it made no tries")
        wrong += self._target.faults()
        self.passed += not wrong
        self.failed += bool(wrong)
        memory = self._target.memory() >> 20 if not self._target.has_ended else 0
        print(f"{words}: {tried} tries, {time.monotonic() - started:.1f} s, node at {memory} MiB"
              + (f", {len(wrong)} FAULTS" if wrong else ""), flush=True)
        for fault in wrong[:5]:
            print(f"    {fault}")

    def _note_not_run(self, words: str, reason: str) -> None:
        print(f"{words}: not run: {reason}", flush=True)
        self.not_run.append(words)


def main() -> int:
    soundpost, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    shutil.rmtree(work, ignore_errors=True)
    with Target(soundpost, work) as target:
        run = Run(target)
        slow = flooding.SlowHeaders(target, 100)
        run.attack("1 pages of other sites", access.cross_site, target)
        run.attack("1 other sites without an origin", access.cross_site_without_origin, target)
        run.attack("2 foreign hosts", access.rebinding, target)
        run.attack("3 off loopback without a token", access.without_token, soundpost, work)
        run.attack("4 traversal over every path", traversal.by_path, target, 500 if ALL else 60)
        run.attack("4 traversal in every message", traversal.by_message, target, 500 if ALL else 120)
        run.attack("5 folders and files swapped for links", traversal.swapped, target, 2000 if ALL else 40)
        run.attack("5 audio files swapped for links", audio.swapped, target, 400 if ALL else 25)
        run.attack("8, 9 archives", archives.imported, target, 400 if ALL else 200)
        run.attack("11 deep, huge and broken JSON", documents.deep_and_huge, target, 11 if ALL else 3)
        run.attack("12 odd frames", frames.odd, target, (0, 1, 200) if ALL else (1,))
        run.attack("13 noise", frames.noise, target, 3000 if ALL else 300)
        run.attack("16 headers", flooding.headers, target)
        run.attack("16 pipelined requests", flooding.pipelined, target, 5000 if ALL else 400)
        run.attack("16 messages", flooding.messages, target, 20_000 if ALL else 5000)
        run.attack("15 stalled readers", flooding.stalled_readers, target, 200, 10 if ALL else 2)
        run.attack("16 connections", flooding.connections, target, 3000 if ALL else 600)
        run.attack("15 slow headers", slow.judge)
        run.attack("memory after all of them", _memory, target)
    if target.exit_status != 0:
        print(f"the node ended with {target.exit_status}")
        run.failed += 1
    if run.not_run:
        print(f"{len(run.not_run)} not run: {', '.join(run.not_run)}")
    print(f"{run.passed} passed, {run.failed} failed")
    return 1 if run.failed else 0


def _memory(target: Target) -> tuple[int, list[str]]:
    grown = target.memory() - target.first_memory
    return 1, [f"the node has grown by {grown >> 20} MiB"] if grown > MEMORY else []


if __name__ == "__main__":
    sys.exit(main())
