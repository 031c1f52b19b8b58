"""What clients know of a node: what it acknowledged, and what they asked for without hearing an answer."""

import math

Key = tuple  # ("param", instance, key), ("preset", instance, id), ("profile", id), ("link",)


def same(left: object, right: object) -> bool:
    """Equal, numbers as far as the node's 32-bit floats tell them apart."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    try:
        return math.isclose(float(left), float(right), rel_tol=1e-5, abs_tol=1e-5)
    except (TypeError, ValueError):
        return left == right


class Ledger:
    """Of one client. Every key belongs to one client only, so each client knows what its keys must hold.

    A *command in flight* is one that was sent and not answered. It has taken effect wholly or not at all.
    """

    def __init__(self) -> None:
        self.values: dict[Key, object] = {}
        self.past: dict[Key, list] = {}
        self._in_flight: list[dict[Key, object]] | None = None
        self._may_go_back = False

    def begin(self, options: list[dict[Key, object]], may_go_back: bool = False) -> None:
        """A command leaves: each option is what may hold after it, all keys of one option together.

        `may_go_back`: any key may also hold a value that it had before (undo and redo).
        """
        self._in_flight = options
        self._may_go_back = may_go_back

    def commit(self, values: dict[Key, object]) -> None:
        """Something was acknowledged."""
        for key, value in values.items():
            self.past.setdefault(key, []).append(self.values.get(key))
            self.values[key] = value

    def end(self) -> None:
        """The command was answered."""
        self._in_flight = None
        self._may_go_back = False

    def faults(self, observed: dict[Key, object], strictly: bool = False) -> list[str]:
        """What is not as acknowledged. `strictly`: as if nothing were in flight."""
        wrong = {
            key: value for key, value in self.values.items()
            if not same(observed.get(key), value)
        }
        if strictly or not wrong:
            return [self._words(key, observed) for key in wrong]
        for option in self._in_flight or []:
            if wrong.keys() <= option.keys() and all(same(observed.get(key), option[key]) for key in option):
                return []
        if self._may_go_back:
            wrong = {
                key: value for key, value in wrong.items()
                if not any(same(observed.get(key), old) for old in self.past.get(key, []))
            }
        return [self._words(key, observed) for key in wrong]

    def settle(self, observed: dict[Key, object]) -> None:
        """What was found is what holds from now on. Undo may lead back to what nobody heard of."""
        for option in self._in_flight or []:
            for key, value in option.items():
                self.past.setdefault(key, []).append(value)
        self.end()
        for key, value in self.values.items():
            if not same(observed.get(key), value):
                self.past.setdefault(key, []).append(value)
            self.values[key] = observed.get(key)

    def _words(self, key: Key, observed: dict[Key, object]) -> str:
        sent = [option[key] for option in self._in_flight or [] if key in option]
        return (f"{' '.join(map(str, key))}: acknowledged {_short(self.values[key])}, found {_short(observed.get(key))}"
                + (f", in flight {_short(sent)}" if sent else "") + (", undo or redo in flight" if self._may_go_back else ""))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:117] + "..."
