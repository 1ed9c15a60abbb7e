"""CIFAR's pickles, read without running them: bytes, texts, whole numbers, lists, maps, and arrays of unsigned bytes.

A pickle is a program that can call anything. Its instructions are taken apart here by the standard library's
`pickletools`, which runs none of them, and the few that CIFAR's files are made of are carried out on plain values; the
only names that are let through are those that NumPy rebuilds an array with, and they are called by nobody.
"""

import math
import pickletools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl import bounds

_RECONSTRUCT = {f"numpy.{module}.multiarray _reconstruct" for module in ("core", "_core")}
_NAMES = {*_RECONSTRUCT, "numpy ndarray", "numpy dtype"}
_PLAIN = {
    *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BINUNICODE", "SHORT_BINUNICODE", "UNICODE"),
    *("BININT", "BININT1", "BININT2", "INT", "LONG1"),
}
_TEXTS = {"BINSTRING", "SHORT_BINSTRING", "STRING"}
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_IGNORED = {"PROTO", "FRAME"}


class _Mark:
    """Where a list, map or tuple begins on the stack."""


class _Name:
    """One of the names that are let through."""

    def __init__(self, text: str) -> None:
        self.text = text


class _Dtype:
    """The type of an array, before its state is set, and after."""


class _Array:
    """An array that is being rebuilt."""

    value: NDArray[np.uint8] | None = None


def loads(data: bytes) -> Any:
    """What a pickle holds: bytes (Python 2's texts too), texts, whole numbers, lists, maps, tuples, uint8 arrays.

    Raises:
        ValueError: it is damaged, or holds anything else.
    """
    machine = _Machine()
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(data)):
            if count > bounds.PICKLE:
                raise ValueError(f"a pickle of more than {bounds.PICKLE:,} instructions")
            if opcode.name == "STOP":
                return _finish(machine.stack[-1])
            machine.step(opcode.name, argument)
    except (IndexError, KeyError, TypeError, AttributeError, UnicodeError, OverflowError) as error:
        raise ValueError(f"a damaged pickle: {error!r}") from None
    raise ValueError("a pickle without an end")


class _Machine:
    """The stack and the memo of the pickle's instructions: https://docs.python.org/3/library/pickletools.html"""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.steps: dict[str, Callable[[], None]] = {
            "MARK": lambda: self.stack.append(_Mark()),
            "EMPTY_LIST": lambda: self.stack.append([]),
            "EMPTY_DICT": lambda: self.stack.append({}),
            "EMPTY_TUPLE": lambda: self.stack.append(()),
            "TUPLE": lambda: self.stack.append(tuple(self._pop_to_mark())),
            "TUPLE1": lambda: self._push_tuple(1),
            "TUPLE2": lambda: self._push_tuple(2),
            "TUPLE3": lambda: self._push_tuple(3),
            "LIST": lambda: self.stack.append(self._pop_to_mark()),
            "DICT": lambda: self.stack.append(_make_map(self._pop_to_mark())),
            "APPEND": lambda: self._extend([self.stack.pop()]),
            "APPENDS": lambda: self._extend(self._pop_to_mark()),
            "SETITEM": lambda: self._update(self._pop(2)),
            "SETITEMS": lambda: self._update(self._pop_to_mark()),
            "MEMOIZE": lambda: self.memo.__setitem__(len(self.memo), self.stack[-1]),
            "STACK_GLOBAL": lambda: self.stack.append(_make_name(" ".join(self._pop(2)))),
            "REDUCE": self._reduce,
            "BUILD": self._build,
        }

    def step(self, name: str, argument: Any) -> None:
        if name in _PLAIN:
            self.stack.append(argument)
        elif name in _TEXTS:  # Python 2's bytes, which pickletools reads as latin-1
            self.stack.append(argument.encode("latin-1"))
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
            self.memo[argument] = self.stack[-1]
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            self.stack.append(self.memo[argument])
        elif name == "GLOBAL":
            self.stack.append(_make_name(argument))
        elif name in self.steps:
            self.steps[name]()
        elif name not in _IGNORED:
            raise ValueError(f"a pickle with the instruction {name}, which no data need")

    def _pop(self, count: int) -> list[Any]:
        if len(self.stack) < count:
            raise IndexError("the stack is empty")
        found = self.stack[-count:]
        del self.stack[-count:]
        return found

    def _pop_to_mark(self) -> list[Any]:
        found: list[Any] = []
        while not isinstance(top := self.stack.pop(), _Mark):
            found.append(top)
        return found[::-1]

    def _push_tuple(self, count: int) -> None:
        self.stack.append(tuple(self._pop(count)))

    def _extend(self, items: list[Any]) -> None:
        if type(self.stack[-1]) is not list:
            raise TypeError("items without a list")
        self.stack[-1].extend(items)

    def _update(self, items: list[Any]) -> None:
        if type(self.stack[-1]) is not dict:
            raise TypeError("entries without a map")
        self.stack[-1].update(_make_map(items))

    def _reduce(self) -> None:
        called, arguments = self._pop(2)
        if not isinstance(called, _Name) or type(arguments) is not tuple:
            raise TypeError("a call of what is no name")
        if called.text in _RECONSTRUCT:
            self.stack.append(_Array())
        elif called.text == "numpy dtype" and arguments[0] in (b"u1", "u1"):
            self.stack.append(_Dtype())
        else:
            raise ValueError(f"a pickle that calls {called.text}{arguments!r}")

    def _build(self) -> None:
        built, state = self._pop(2)
        if isinstance(built, _Array) and built.value is None:
            built.value = _build_array(state)
        elif not isinstance(built, _Dtype):
            raise ValueError("a pickle that sets the state of what is no array")
        self.stack.append(built)


def _make_name(text: str) -> _Name:
    if text not in _NAMES:
        raise ValueError(f"a pickle that names {text.replace(' ', '.')}, which no data need")
    return _Name(text)


def _build_array(state: Any) -> NDArray[np.uint8]:
    """The array of a state as `ndarray.__reduce__` gives it: version, shape, type, order, bytes."""
    _, shape, dtype, by_column, data = state
    if not isinstance(dtype, _Dtype) or type(data) is not bytes or not all(type(size) is int for size in shape):
        raise ValueError("a pickle with an array that is not of unsigned bytes")
    if math.prod(shape) != len(data) or any(size < 0 for size in shape):
        raise ValueError(f"a pickle with an array of shape {shape} in {len(data):,} bytes")
    return np.frombuffer(data, np.uint8).reshape(shape, order="F" if by_column else "C")


def _make_map(items: list[Any]) -> dict[Any, Any]:
    if len(items) % 2:
        raise ValueError("a pickle with a key that has no value")
    return dict(zip(items[::2], items[1::2], strict=True))


def _finish(value: Any) -> Any:
    """The map at the top of a pickle, with arrays in place of what they were rebuilt in."""
    if not isinstance(value, dict):
        raise ValueError("a pickle that holds no map")
    return {key: each.value if isinstance(each, _Array) else each for key, each in value.items()}
