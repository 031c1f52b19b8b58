"""A client that edits a node at random and writes down what was acknowledged."""

import random
import threading
from collections.abc import Callable

import edited_chain
from ledger import Key, Ledger
from node_process import ControlConnection

KEPT_PRESETS = ["keep-a", "keep-b"]  # profiles name these, so they are never deleted
OTHER_PRESETS = ["some-a", "some-b"]
NOTHING_TO_DO = {"nothing_to_undo"}


class Editor:
    """One of the clients 1…3. `step` sends one command and takes its answer; `run` does so until the node is gone."""

    def __init__(self, client: int) -> None:
        self.client = client
        self.name = f"editor-{client}"
        self.ledger = Ledger()
        self.keys = edited_chain.keys(client)
        self.instances = sorted({instance for _, instance, _ in self.keys})
        self.profiles = [f"client{client}-a", f"client{client}-b"]
        self.acknowledged = 0
        self.refused: list[dict] = []
        self._connection: ControlConnection | None = None
        self._edits = 0
        self._commands: list[tuple[int, Callable[[], None]]] = [
            (30, self.set_one), (12, self._burst), (16, self._apply), (8, self.save_preset), (8, self._load_preset),
            (4, self._delete_preset), (4, self._save_profile), (4, self._load_profile), (2, self._delete_profile),
            (16, self._undo), (10, self._redo),
        ]
        if client == 1:
            self._commands.append((10, self.write_link))

    def owned(self) -> list[Key]:
        presets = [("preset", instance, name) for instance in self.instances for name in KEPT_PRESETS + OTHER_PRESETS]
        return [*self.keys, *presets, *(("profile", name) for name in self.profiles), *([("link",)] * (self.client == 1))]

    def begin(self, connection: ControlConnection) -> None:
        self._connection = connection

    def run(self) -> None:
        """Until the node is gone."""
        try:
            while True:
                self.step()
        except (OSError, ValueError):  # a frame that ends in the middle is no JSON
            return

    def start(self, connection: ControlConnection) -> threading.Thread:
        self.begin(connection)
        thread = threading.Thread(target=self.run, daemon=True)
        thread.start()
        return thread

    def step(self, only: str = "") -> None:
        """One command; `only` is what its name contains."""
        commands = [(weight, command) for weight, command in self._commands if only in command.__name__]
        random.choices(commands, [weight for weight, _ in commands])[0][1]()

    # What the commands have in common

    def _ask(
        self, message: dict, options: list[dict[Key, object]],
        found: Callable[[dict], dict[Key, object]] | None = None, may_go_back: bool = False,
    ) -> dict:
        """Sends a command; when it is acknowledged, `found` (or the last option) is what holds."""
        self.ledger.begin(options, may_go_back)
        answer = self._connection.request(message)
        if is_refusal(answer):
            self.refused.append({"request": message["type"], **answer})
        else:
            self.acknowledged += 1
            self.ledger.commit(found(answer) if found else options[-1])
        self.ledger.end()
        return answer

    def _value(self, key: Key) -> float:
        return random.randint(30, 18000) if key[2].startswith("freq") else random.randint(-12000, 0) / 1000

    def _mine(self, instances: dict[str, dict[str, str]]) -> dict[Key, object]:
        """Of values by instance and key, those that this client edits."""
        return {key: instances[key[1]][key[2]] for key in self.keys if key[2] in instances.get(key[1], {})}

    # Parameters

    def _message(self, key: Key, value: float) -> dict:
        return {"type": "set_param", "instanceId": key[1], "paramId": key[2], "value": value}

    def set_one(self) -> None:
        key = random.choice(self.keys)
        value = self._value(key)
        self._ask(self._message(key, value), [{key: value}])

    def _burst(self) -> None:
        """A knob that is turned: the next value leaves before the last is acknowledged."""
        key = random.choice(self.keys)
        values = [self._value(key) for _ in range(random.randint(2, 12))]
        self.ledger.begin([{key: value} for value in values])
        marks = {f"{self.name}-{self._edits}-{number}": value for number, value in enumerate(values)}
        self._edits += 1
        for mark, value in marks.items():
            self._connection.send({**self._message(key, value), "requestId": mark})
        while marks:
            answer = self._connection.receive()
            value = marks.pop(answer.get("requestId"), None)
            if value is None:
                continue
            if is_refusal(answer):
                self.refused.append({"request": "set_param", **answer})
            else:
                self.acknowledged += 1
                self.ledger.commit({key: value})
            # What is still in flight is newer.
            self.ledger.begin([{key: value} for value in marks.values()])
        self.ledger.end()

    def _apply(self) -> None:
        instance = random.choice(self.instances)
        chosen = {key: self._value(key) for key in self.keys if key[1] == instance}
        params = {key[2]: value for key, value in chosen.items()}
        self._ask({"type": "apply_params", "instanceId": instance, "params": params}, [chosen])

    # Presets and profiles

    def save_preset(self) -> None:
        instance, name = random.choice(self.instances), random.choice(KEPT_PRESETS + OTHER_PRESETS)
        keys = [key for key in self.keys if key[1] == instance]
        preset = ("preset", instance, name)
        message = {"type": "save_preset", "instanceId": instance, "presetId": name}
        if random.random() < 0.5:
            present = {key[2]: self.ledger.values[key] for key in keys}
            self._ask(message, [{preset: present}])
        else:
            chosen = {key: self._value(key) for key in keys}
            params = {key[2]: value for key, value in chosen.items()}
            # The preset and the values that it brings lie in different files: one may be there without the other.
            self._ask({**message, "params": params}, [{preset: params}, chosen, {preset: params, **chosen}])

    def _load_preset(self) -> None:
        stored = [key for key, value in self.ledger.values.items() if key[0] == "preset" and value is not None]
        if not stored:
            return self.save_preset()
        preset = random.choice(stored)
        values = {("param", preset[1], name): value for name, value in self.ledger.values[preset].items()}
        self._ask({"type": "load_preset", "instanceId": preset[1], "presetId": preset[2]}, [values],
                  lambda answer: self._mine({preset[1]: answer["params"]}))

    def _delete_preset(self) -> None:
        stored = [key for key, value in self.ledger.values.items()
                  if key[0] == "preset" and key[2] in OTHER_PRESETS and value is not None]
        if stored:
            preset = random.choice(stored)
            self._ask({"type": "delete_preset", "instanceId": preset[1], "presetId": preset[2]}, [{preset: None}])

    def _save_profile(self) -> None:
        chosen = {}
        for instance in self.instances:
            names = [name for name in KEPT_PRESETS if self.ledger.values[("preset", instance, name)] is not None]
            if not names:
                return self.save_preset()
            chosen[instance] = random.choice(names)
        name = random.choice(self.profiles)
        self._ask({"type": "save_profile", "profileId": name, "modulePresets": chosen}, [{("profile", name): chosen}])

    def _load_profile(self) -> None:
        stored = [name for name in self.profiles if self.ledger.values[("profile", name)] is not None]
        if not stored:
            return self._save_profile()
        name = random.choice(stored)
        values = {
            ("param", instance, key): value
            for instance, preset in self.ledger.values[("profile", name)].items()
            for key, value in self.ledger.values[("preset", instance, preset)].items()
        }
        self._ask({"type": "load_profile", "profileId": name}, [values])

    def _delete_profile(self) -> None:
        stored = [name for name in self.profiles if self.ledger.values[("profile", name)] is not None]
        if stored:
            name = random.choice(stored)
            self._ask({"type": "delete_profile", "profileId": name}, [{("profile", name): None}])

    # Chain and history

    def write_link(self) -> None:
        self._edits += 1
        mark = f"edit {self._edits} {random.getrandbits(32):08x}"
        self._ask({"type": "write_link", "link": edited_chain.chain(mark, random.random() < 0.5)}, [{("link",): mark}])

    def _undo(self) -> None:
        self._go("undo")

    def _redo(self) -> None:
        self._go("redo")

    def _go(self, direction: str) -> None:
        self._ask({"type": direction}, [], self._gone_back, may_go_back=True)

    def _gone_back(self, answer: dict) -> dict[Key, object]:
        instances = answer.get("instances") or {}
        if "instanceId" in answer:
            instances = {answer["instanceId"]: answer.get("params", {})}
        values = self._mine(instances)
        if answer.get("linkChanged"):
            link = self._connection.request({"type": "read_link"})["link"]
            values[("link",)] = edited_chain.mark_of(link)
        return values


def is_refusal(answer: dict) -> bool:
    return answer["type"] == "error" or answer.get("success") is False
