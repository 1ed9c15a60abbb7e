"""Python calls as YAML has them: `Dense(512, activation='relu')` is `dense: {units: 512, activation: relu}`."""

import ast
import math
from dataclasses import dataclass, field
from typing import Any

from nnctl.spec.catalogue.entries import Entry, find_entry
from nnctl.spec.catalogue.foreign import Foreign, find_foreign
from nnctl.spec.catalogue.kinds import list_families, parse_kind
from nnctl.spec.catalogue.slots import is_first

LONGEST = 400  # characters of a call: ast's parser takes time and depth, and nobody writes a longer layer
_TORCH = ("nn", "optim", "F", "torch", "linen")
_RATES = ("learning_rate", "lr")


@dataclass(slots=True)
class Call:
    """A Python call.

    Attributes:
        entry: the component that it makes.
        values: its arguments by name, in YAML's own types; a component is its name, or a map of it.
        rate: the learning rate that an optimizer was given, which stands on its own here; None if none was.
        lost: the arguments that have no place here.
    """

    entry: Entry
    values: dict[str, Any] = field(default_factory=dict)
    rate: Any = None
    lost: list[str] = field(default_factory=list)

    @property
    def value(self) -> Any:
        """The component as YAML writes it: its name, its first argument alone, or a map of its arguments."""
        if not self.values:
            return self.entry.name
        ((name, value), *more) = self.values.items()
        if isinstance(value, dict):
            plain = is_first(self.entry, list(value))
        else:
            plain = not isinstance(value, str) or self.entry.name == "activation"  # another text may be a name
        short = not more and name == self.entry.first and plain
        return {self.entry.name: value if short else self.values}


def read_call(text: str, family: str, axes: int = 2) -> Call | None:
    """The component that a text of Python makes, or None if it is no call of one of the family.

    Args:
        text: what stands in the place of the component.
        family: what may stand there.
        axes: how many the data have beside their channels, for a name without a number.
    """
    tree = _parse(text)
    if isinstance(tree, ast.Call) and (_join(tree.func) or "").endswith(".add") and len(tree.args) == 1:
        tree = tree.args[0]  # `model.add(Dense(10))`
    return _read_call(tree, family, axes) if isinstance(tree, ast.Call) else None


def read_keywords(text: str) -> tuple[str, dict[str, Any]] | None:
    """The name that a text of Python calls and the plain values of its keywords; None if it is no call."""
    tree = _parse(text)
    name = _join(tree.func) if isinstance(tree, ast.Call) else None
    if name is None or not isinstance(tree, ast.Call):
        return None
    values = {each.arg: _read_value(each.value, (), 2) for each in tree.keywords if each.arg is not None}
    return name.rpartition(".")[2], {key: value for key, value in values.items() if value is not None}


def read_python(text: str) -> Any:
    """The value that Python has for a text: `(3, 3)` is a list, `1/100` and `10**-3` are numbers; None if it is none of them."""
    tree = _parse(text)
    plain = isinstance(tree, (ast.Tuple, ast.List, ast.BinOp, ast.UnaryOp))
    return _read_value(tree, (), 2) if plain else None


def find_component(family: str, written: str, axes: int) -> tuple[Entry, Foreign | None] | None:
    """The component that a name of Python means, and how another library writes it."""
    *modules, name = written.split(".")
    foreign = find_foreign(family, name, axes)
    entry = find_entry(family, name) or find_entry(family, name.lower())
    other = None if foreign is None else find_entry(family, foreign.name)
    # `nn.LSTM` takes its inputs first, and `layers.LSTM` does not; `Conv2d` is PyTorch's, `conv2d` and `Conv2D` are not.
    if other is not None and (entry is None or not {*modules}.isdisjoint(_TORCH) or find_entry(family, name) is None):
        return other, foreign
    return None if entry is None else (entry, None)


def _parse(text: str) -> ast.expr | None:
    if len(text) > LONGEST:
        return None
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _read_call(tree: ast.Call, family: str, axes: int) -> Call | None:
    name = _join(tree.func)
    found = None if name is None else find_component(family, name, axes)
    if found is None:
        return None
    entry, foreign = found
    call, words = Call(entry), {} if foreign is None else dict(foreign.words)
    if foreign is not None and foreign.takes:
        order = foreign.takes
    else:
        order = (("learning_rate",) if family == "optimizer" else ()) + tuple(entry.arguments)
    for place, node in enumerate(tree.args):
        _put(call, order[place] if place < len(order) else None, node, ast.unparse(node), axes)
    for keyword in tree.keywords:
        written = keyword.arg or "**"
        _put(call, words.get(written, written), keyword.value, written, axes)
    return call


def _put(call: Call, name: str | None, node: ast.expr, written: str, axes: int) -> None:
    """Adds an argument, if there is one here that takes it."""
    if name == "":
        return
    argument = None if name is None else call.entry.arguments.get(name)
    families = () if argument is None else tuple(list_families(parse_kind(argument.kind)))
    value = _read_value(node, families, axes)
    if call.entry.family == "optimizer" and name in _RATES:
        call.rate = value if value is not None else _read_value(node, ("schedule",), axes)
    elif argument is None or (value is None and not _is_none(node)):
        call.lost += [written] if name not in (*SHAPES, *_IDLE) else []
    elif value is None:  # `activation=None` is what leaving it out says
        pass
    else:
        call.values[argument.name] = value


# What PyTorch's calls say of where and how they run, and Keras's of their types: here it goes without saying.
_IDLE = ("inplace", "dim", "device", "dtype")
# What says how large an example is, in Keras and elsewhere: here the data say it.
SHAPES = (
    "input_shape",
    "input_dim",
    "batch_input_shape",
    "input_size",
    "in_features",
    "in_channels",
    "input_length",
    "shape",
)


def _read_value(node: ast.expr | None, families: tuple[str, ...], axes: int) -> Any:
    """A value of Python in YAML's own types; None for `None`, and for what has none."""
    if isinstance(node, ast.Constant):
        taken = isinstance(node.value, (bool, int, float, str)) and not _is_infinite(node.value)
        return node.value if taken else None
    if isinstance(node, (ast.Tuple, ast.List)):
        values = [_read_value(each, families, axes) for each in node.elts]
        return None if None in values else values
    if isinstance(node, (ast.UnaryOp, ast.BinOp)):
        return _calculate(node)
    if isinstance(node, ast.Call):
        calls = (_read_call(node, family, axes) for family in families)
        return next((call.value for call in calls if call is not None), None)
    if (name := _join(node)) is None:
        return None
    known = (find_component(family, name, axes) for family in families)
    return next((found[0].name for found in known if found is not None), name if "." not in name else None)


def _calculate(node: ast.expr) -> float | None:
    """The number that a little sum gives, or None."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, (int, float)) and not isinstance(node.value, bool) else None
    try:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = _calculate(node.operand)
            return None if inner is None else -inner
        if isinstance(node, ast.BinOp) and (held := (_calculate(node.left), _calculate(node.right))):
            left, right = held
            if left is None or right is None:
                return None
            whole = isinstance(left, int) and isinstance(right, int)
            if isinstance(node.op, ast.Mult):
                return left * right
            if isinstance(node.op, ast.Div):
                return left / right
            if isinstance(node.op, ast.Pow) and abs(left) <= 1e6 and abs(right) <= 20:
                value = left**right
                return value if whole else round(float(value), 15)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return None


def _join(node: ast.expr | None) -> str | None:
    """A name with its modules: `keras.layers.Dense`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (front := _join(node.value)) is not None:
        return f"{front}.{node.attr}"
    return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_infinite(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
