"""Dataclasses to JSON objects and back.

A field `instance_id` travels as `instanceId`; a field with the metadata `wire` by that name. A field that is None is
absent. Keys that a class does not have are ignored, because a newer node may send more.
"""

from __future__ import annotations

import dataclasses
import sys
import typing
from typing import Any, Mapping, Type, TypeVar, Union

T = TypeVar("T")


def wire_name(field: dataclasses.Field[Any]) -> str:
    if "wire" in field.metadata:
        return str(field.metadata["wire"])
    first, *rest = field.name.rstrip("_").split("_")
    return first + "".join(part.capitalize() for part in rest)


def to_json(value: Any) -> Any:
    """A dataclass, list, dict or plain value as what `json.dumps` takes."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((wire_name(field), getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: to_json(member) for name, member in pairs if member is not None}
    if isinstance(value, (list, tuple)):
        return [to_json(element) for element in value]
    if isinstance(value, Mapping):
        return {key: to_json(member) for key, member in value.items()}
    return value


def from_json(kind: Type[T], value: Any, path: str = "") -> T:
    """Reads a JSON value as `kind`. Raises ValueError with the path of what does not fit."""
    return typing.cast(T, _read(kind, value, path))


def _read(kind: Any, value: Any, path: str) -> Any:
    if kind is Any:
        return value
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Union:
        return _read_union(arguments, value, path)
    if origin is list:
        _expect(isinstance(value, list), "an array", path)
        return [_read(arguments[0], element, f"{path}[{index}]") for index, element in enumerate(value)]
    if origin is dict:
        _expect(isinstance(value, dict), "an object", path)
        return {key: _read(arguments[1], member, _join(path, key)) for key, member in value.items()}
    if dataclasses.is_dataclass(kind):
        return _read_object(kind, value, path)
    if kind is float:
        _expect(isinstance(value, (int, float)) and not isinstance(value, bool), "a number", path)
        return value
    if kind is int:
        _expect(isinstance(value, int) and not isinstance(value, bool), "a whole number", path)
        return value
    _expect(isinstance(value, kind), f"a {kind.__name__}", path)
    return value


def _read_union(kinds: tuple[Any, ...], value: Any, path: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    members = [kind for kind in kinds if kind is not type(None)]
    for kind in members[:-1]:
        try:
            return _read(kind, value, path)
        except ValueError:
            continue
    return _read(members[-1], value, path)


def _read_object(kind: Any, value: Any, path: str) -> Any:
    _expect(isinstance(value, dict), "an object", path)
    hints = typing.get_type_hints(kind, vars(sys.modules[kind.__module__]))
    arguments = {}
    for field in dataclasses.fields(kind):
        name = wire_name(field)
        if value.get(name) is not None:
            arguments[field.name] = _read(hints[field.name], value[name], _join(path, name))
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise ValueError(f"{_join(path, name)}: is missing")
    return kind(**arguments)


def _expect(holds: bool, what: str, path: str) -> None:
    if not holds:
        raise ValueError(f"{path or 'the value'}: must be {what}")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
