#!/usr/bin/env python3
"""The sound after undo is the sound of a fresh node with the same values. undo_sound.py SOUNDPOST WORK

A node plays noise in a loop into a file while three named clients edit its chain at random, undo and redo; the recordings
go on through all of it. Their last loop is compared with what fresh nodes in fresh directories record:

1. edits of everything by everyone, some undone and redone: a node that is given the values which the first one shows;
2. edits that are all undone: a node that nobody has touched;
3. the other way round, so that the check can fail: the same values but one, a little different, must sound different.

UNDO_SEED repeats a run's choices. Last line: `N passed, N failed`.
"""

import os
import random
import shutil
import sys
import threading
import time
from collections.abc import Callable

import numpy as np

from editor import NOTHING_TO_DO, is_refusal
from node_process import ControlConnection, Node, read_json
from sound_path import RATE, write_wav

CHAIN = "examples/chains/stereo-tone"
# A whole number of blocks (240 frames) and of every grid that a module may have in stream time up to 1024 frames.
LOOP = 15_360
# Chains of the same values sound alike bit for bit once states have forgotten what was before. Filters in double forget
# down to their last bit or two, 2^-52 of the state, and a sample that lies so close to the middle between two floats is
# rounded either way: one unit in the last place of a sample, below 2^-23 of the largest one. Twice that is allowed.
BOUND = 2.0**-22
# By how much the third comparison changes a gain of the equaliser, in dB.
LITTLE = 0.1
# Seconds after the last change until the sound is looked at. The slowest setting below, a band at 60 Hz with a Q of 4, has
# fallen by 300 dB after 0.8 of them; the rest is for what waits in rings when the change is made.
FORGETTING = 1.0
# Seconds until there must be two loops in a row that are equal: a busy machine does not play without a gap.
PATIENCE = 15
CLIENTS = ("desk", "phone", "tablet")
EDITS = 60

Values = dict[str, dict[str, object]]


def keys() -> list[tuple[str, str]]:
    """Of the parameters that clients edit."""
    bands = [f"{name}#{channel}#{band}" for name in ("gainDb", "freq", "q", "type", "bandEnable")
             for channel in range(2) for band in range(4)]
    gains = [f"{name}#{channel}" for name in ("gainDb", "phase") for channel in range(2)]
    # One channel is never muted, so that there is something to compare.
    return ([("eq#1", key) for key in bands] + [("gain#1", key) for key in [*gains, "mute#1"]]
            + [("limiter#1", key) for key in ("ceilingDb", "releaseMs", "linkChannels")])


def made_up(choices: random.Random, instance: str, key: str) -> object:
    name = key.split("#")[0]
    if name in ("bandEnable", "mute", "phase", "linkChannels"):
        return choices.random() < 0.6
    if name == "type":
        return choices.choice(["peaking", "lowShelf", "highShelf", "peaking", "notch", "allPass"])
    low, high = {"gainDb": (-9, 9) if instance == "eq#1" else (-12, 0), "freq": (60, 12_000), "q": (0.4, 4),
                 "ceilingDb": (-12, 0), "releaseMs": (10, 80)}[name]
    return round(choices.uniform(low, high), 3)


class Player:
    """A node with a chain and a loop of noise to play."""

    def __init__(self, soundpost: str, data: str, noise: np.ndarray, values: Values) -> None:
        os.makedirs(f"{data}/audio")
        shutil.copy(f"{CHAIN}.json", f"{data}/current_link.json")
        write_wav(f"{data}/audio/noise.wav", noise)
        self._data, self._values = data, values
        self._node = Node(soundpost, data, ["--source", "silence", "--sink", "none", "--log-level", "error"])

    def __enter__(self) -> "Player":
        self._node.__enter__()
        self._node.wait_until_ready()
        self._control = self.connect("player")
        for instance, params in self._values.items():
            must(self._control.request({"type": "apply_params", "instanceId": instance, "params": params}))
        return self

    def __exit__(self, *reason: object) -> None:
        self._control.close()
        self._node.__exit__(*reason)

    def connect(self, name: str) -> ControlConnection:
        return self._node.connect(name)

    def values(self) -> Values:
        return must(self._control.request({"type": "get_all_params"}))["instances"]

    def start(self, name: str) -> None:
        """Plays the loop into a file from now on."""
        self._recording = f"{self._data}/audio/{name}.wav"
        must(self._control.request({"type": "sim_start", "input": {"type": "file", "path": "noise.wav", "loop": True},
                                    "output": {"type": "file", "path": f"{name}.wav"}}))

    def finish(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Plays on until the sound has settled. Returns the whole recording, and its last loop, turned to where the noise
        begins; None when it never settled."""
        begun = len(self._recorded()) + int(FORGETTING * RATE)
        patience = time.monotonic() + PATIENCE
        settled = None
        while settled is None and time.monotonic() < patience:
            time.sleep(0.2)
            settled = last_loop(self._recorded(), begun)
        must(self._control.request({"type": "sim_stop"}))
        return self._recorded(), settled

    def _recorded(self) -> np.ndarray:
        """So far. Until it is complete, a recording has a longer name with its own in it, and its header no sizes."""
        folder, name = os.path.split(self._recording)
        found = [entry for entry in os.listdir(folder) if name in entry]
        with open(f"{folder}/{found[0]}", "rb") as file:
            data = file.read()
        start = data.find(b"data") + 8
        frames = (len(data) - start) // 8 if start > 8 else 0
        return np.frombuffer(data[start:start + 8 * frames], "<f4").reshape(-1, 2)


def must(answer: dict) -> dict:
    if is_refusal(answer):
        raise SystemExit(f"refused: {answer}")
    return answer


class Hand:
    """One of the clients at work."""

    def __init__(self, connection: ControlConnection, choices: random.Random, mine: list[tuple[str, str]]) -> None:
        self._connection, self._choices, self._mine = connection, choices, mine
        self.done = {"edits": 0, "undone": 0, "redone": 0}

    def edit(self, going_back: bool) -> None:
        for _ in range(EDITS):
            chance = self._choices.random()
            if going_back and chance < 0.25:
                self.go("undo")
            elif going_back and chance < 0.4:
                self.go("redo")
            else:
                self._change(several=chance > 0.8)
            # A pace at which changes are still fading when the next come, and some are not.
            time.sleep(self._choices.uniform(0, 0.02))

    def undo_everything(self) -> None:
        while self.go("undo"):
            pass

    def go(self, direction: str) -> bool:
        answer = self._connection.request({"type": direction})
        if is_refusal(answer) and answer.get("code") not in NOTHING_TO_DO | {"nothing_to_redo"}:
            raise SystemExit(f"refused: {answer}")
        went = not is_refusal(answer)
        self.done[{"undo": "undone", "redo": "redone"}[direction]] += went
        return went

    def _change(self, several: bool) -> None:
        instance, key = self._choices.choice(self._mine)
        if several:
            chosen = [name for module, name in self._mine if module == instance and self._choices.random() < 0.3]
            params = {name: made_up(self._choices, instance, name) for name in [key, *chosen]}
            must(self._connection.request({"type": "apply_params", "instanceId": instance, "params": params}))
        else:
            must(self._connection.request({"type": "set_param", "instanceId": instance, "paramId": key,
                                           "value": made_up(self._choices, instance, key)}))
        self.done["edits"] += 1


def at_once(*works: Callable[[], object]) -> None:
    """All of them at the same time; the first failure is raised."""
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 - raised again below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def last_loop(recording: np.ndarray, begun: int) -> np.ndarray | None:
    """The last loop that sounds like the one before it, both behind the frame `begun`."""
    for end in range(len(recording), begun + 2 * LOOP, -LOOP // 8):
        before, last = recording[end - 2 * LOOP:end - LOOP], recording[end - LOOP:end]
        if difference(before, last) <= BOUND:
            return np.roll(last, end % LOOP, axis=0)
    return None


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The largest of all samples, as a part of the largest sample."""
    return float(np.max(np.abs(one.astype("f8") - other))) / float(np.max(np.abs(one)))


def aligned(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """`other`, turned to where `one` begins: a gap at the start of a recording shifts all that follows."""
    spectrum = np.fft.rfft(one[:, 0]) * np.conj(np.fft.rfft(other[:, 0]))
    return np.roll(other, int(np.argmax(np.abs(np.fft.irfft(spectrum)))), axis=0)


class Trial:
    def __init__(self, soundpost: str, work: str, seed: int) -> None:
        self._soundpost, self._work = soundpost, work
        self._choices = random.Random(seed)
        self._noise = np.random.default_rng(seed).uniform(-0.3, 0.3, (LOOP, 2))
        self._initial = read_json(f"{CHAIN}.params.json")
        self.loops: dict[str, np.ndarray | None] = {}
        self.passed = self.failed = 0

    def run(self) -> None:
        with self._player("edited", self._initial) as player:
            before = player.values()
            self._undo_everything(player)
            self._check("after everything was undone the values are the first ones", player.values() == before)
            self._edit_everything(player)
            values = player.values()
            self._check("the edits left other values", values != before)
        other = {instance: dict(params) for instance, params in values.items()}
        other["gain#1"]["gainDb#0"] = float(other["gain#1"]["gainDb#0"]) - LITTLE
        at_once(lambda: self._record("untouched", self._initial), lambda: self._record("same", values),
                lambda: self._record("other", other))
        self._compare("everything undone", "untouched")
        self._compare("edited", "same")
        self._compare("edited", "other", equal=False)
        self._compare("edited", "untouched", equal=False)

    def _player(self, name: str, values: Values) -> Player:
        return Player(self._soundpost, f"{self._work}/{name}", self._noise, values)

    def _undo_everything(self, player: Player) -> None:
        # Each edits what is its own: nobody can take back what others have changed since.
        hands = [self._hand(player, client, keys()[number::len(CLIENTS)]) for number, client in enumerate(CLIENTS)]
        player.start("everything-undone")
        at_once(*(lambda hand=hand: (hand.edit(going_back=False), hand.undo_everything()) for hand in hands))
        recording, self.loops["everything undone"] = player.finish()
        pieces = [recording[at:at + LOOP] for at in range(LOOP, len(recording) - LOOP, LOOP)]
        heard = max(difference(one, other) for one, other in zip(pieces, pieces[1:]))
        self._check("the edits were heard while they were made", heard > 0.1)
        self._report(hands)

    def _edit_everything(self, player: Player) -> None:
        hands = [self._hand(player, client, keys()) for client in CLIENTS]
        player.start("edited")
        at_once(*(lambda hand=hand: hand.edit(going_back=True) for hand in hands))
        # The last thing that happens is an undo and not an edit.
        for hand in hands:
            for direction in ("undo", "redo", "undo"):
                hand.go(direction)
        self._check("clients have undone and redone",
                    min(sum(hand.done[what] for hand in hands) for what in ("undone", "redone")) > 0)
        _, self.loops["edited"] = player.finish()
        self._report(hands)

    def _hand(self, player: Player, client: str, mine: list[tuple[str, str]]) -> Hand:
        return Hand(player.connect(client), random.Random(self._choices.random()), mine)

    def _report(self, hands: list[Hand]) -> None:
        print("; ".join(f"{client}: " + ", ".join(f"{count} {what}" for what, count in hand.done.items() if count)
                        for client, hand in zip(CLIENTS, hands)))

    def _record(self, name: str, values: Values) -> None:
        with self._player(name, values) as player:
            player.start(name)
            _, self.loops[name] = player.finish()

    def _compare(self, one: str, other: str, equal: bool = True) -> None:
        left, right = self.loops[one], self.loops[other]
        if left is None or right is None:
            return self._check(f"{one} and {other}: one of the recordings never settled", False)
        apart = difference(left, aligned(left, right))
        if equal:
            self._check(f"{one} sounds like {other}: {apart:.2e} apart, at most {BOUND:.2e}", apart <= BOUND)
        else:
            self._check(f"{one} does not sound like {other}: {apart:.2e} apart", apart > 1000 * BOUND)

    def _check(self, words: str, holds: bool) -> None:
        print(f"{'passed' if holds else 'FAILED'}: {words}")
        self.passed += holds
        self.failed += not holds


def main() -> int:
    soundpost, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    shutil.rmtree(work, ignore_errors=True)
    seed = int(os.environ.get("UNDO_SEED", random.randrange(1 << 32)))
    print(f"seed {seed}")
    trial = Trial(soundpost, work, seed)
    trial.run()
    print(f"{trial.passed} passed, {trial.failed} failed")
    return 1 if trial.failed else 0


if __name__ == "__main__":
    sys.exit(main())
