"""A starter as YAML: what was found on top, a value a line, beside it what it does and what to try."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nnctl.data.facts import TEST_SHARE
from nnctl.errors import Source, sanitize
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Value
from nnctl.spec.text import document
from nnctl.starters.findings import DataProfile, Recipe
from nnctl.starters.network import Line, make_layers

# The schema lies in one place a user, and not beside each spec: its path would hold on no other machine.
_EDITOR = "# `nnctl explain editor` tells how an editor completes and checks this file."
STEPS = 3000  # of training, about: what the built-in sets need to come near their best
_WIDEST = 64  # columns of YAML that a comment waits for
_FEW = 2000  # examples: below it an epoch is short, and validation needs a larger share
_LARGE = 10_000  # examples: below it a batch is small
_UNEVEN = 3.0  # times as many examples of one class as of another


def format_spec(
    name: str, found: DataProfile, convolutions: bool, path: str | None = None, recipe: Recipe | None = None
) -> str:
    """The YAML of a starter.

    Args:
        name: what its runs are called.
        found: the data.
        convolutions: whether the network is convolutional.
        path: the data's path as the spec says it, relative to the spec's file, or None.
        recipe: the network's sizes and how it is trained where the template gives them, or None.
    """
    seed = ("seed: 7", "other seeds: other weights and another order, the same split")
    parts = [
        [*((f"# {sanitize(line)}", "") for line in found.facts), (_EDITOR, "")],
        [(f"name: {format_scalar(name)}", ""), seed],
        [("data:", ""), *_indent(_make_data(found, path))],
        [("model:", ""), ("  layers:", ""), *_indent(make_layers(found, convolutions, recipe), 4)],
        [("train:", ""), *_indent(_make_train(found) if recipe is None else _make_given_train(found, recipe))],
    ]
    return "".join(_align(part) for part in parts)


def format_scalar(value: Value) -> str:
    """A value in YAML's flow style: texts bare where they read back as they are, else in double quotes; none is a reference."""
    if isinstance(value, str):
        return value if _is_bare(value) else _quote(value.replace("${", "$${"))
    if isinstance(value, list):
        return f"[{', '.join(map(format_scalar, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quote(str(key))}: {format_scalar(each)}' for key, each in value.items())}}}"
    return json.dumps(value)


def _quote(text: str) -> str:
    """A text in double quotes, what does not print as YAML's escapes: a next line (U+0085) would end the line."""
    written = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in written)


def format_source(name: str, options: Mapping[str, Value]) -> str:
    """The value of `data.source`."""
    if not options:
        return name
    given = ", ".join(f"{key}: {format_scalar(value)}" for key, value in options.items())
    return f"{{{name}: {{{given}}}}}"


def _is_bare(value: str) -> bool:
    """Whether a text without quotes is that text."""
    if not value or set(value) & set(",[]{}#&*!|>'\"%@`:\\") or not value.isprintable() or value[0] in "-? ":
        return False
    node = document.parse(Source("", f"key: {value}\n"))
    return node.entries is not None and node.entries["key"].node.value == value


def _make_data(found: DataProfile, path: str | None) -> Iterable[Line]:
    yield f"source: {format_source(found.source, found.options)}", ""
    if path is not None:
        yield f"path: {format_scalar(path)}", "" if Path(path).is_absolute() else "relative to this file"
    if found.offline is not None:
        yield f"offline: {found.offline}", "if there is neither a file nor a network: 5,000 of the digits"
    if not found.own_validation:
        share = 0.1 if found.examples >= _FEW else 0.2
        yield f"validation: {share}", "a share of the training examples, watched while training"
    if not found.own_test:
        yield f"test: {TEST_SHARE}", "a share held back for the score at the end"
    if found.split is not None:
        chance = "the last rows are held out: chance would put days that are trained on into test"
        yield f"split: {{time: {format_scalar(found.split)}}}", chance
    if found.labels != "auto":
        yield f"labels: {found.labels}", "the labels are numbers, not classes"
    if found.scale != "auto":
        yield f"scale: {found.scale}", _SCALES[found.scale]


_SCALES = {
    "unit": "to [0, 1], inside the saved model",
    "standard": "each feature to mean 0 and deviation 1, inside the saved model",
    "none": "the values are small already",
}


def _make_train(found: DataProfile) -> Iterable[Line]:
    batch, epochs = _choose_lengths(found)
    yield f"loss: {traits.get_usual_loss(found.task)}", ""
    yield "optimizer: adam", ""
    yield "learning_rate: 0.001", "the first thing to try: 0.003, 0.0003"
    yield f"batch_size: {batch}", ""
    yield f"epochs: {epochs}", "the best epoch's model is kept"
    yield f"metrics: [{', '.join(traits.list_usual_metrics(found.task))}]", "`nnctl evaluate` computes many more"
    yield f"early_stopping: {max(3, min(10, epochs // 5))}", "ends after so many epochs without a better val_loss"
    if found.pixels and found.path is not None:
        yield (
            "# augment: [{random_flip: horizontal}]",
            "if a mirrored image is still of its class; see random_rotation too",
        )
    if found.classes and found.imbalance is not None and found.imbalance >= _UNEVEN:
        told = f"the commonest class has {found.imbalance:.0f} times the examples of the rarest"
        yield "# class_weight: balanced", told


def _choose_lengths(found: DataProfile) -> tuple[int, int]:
    """The size of a batch, and how many epochs make about as many steps as the built-in sets need."""
    batch = 32 if found.examples < _LARGE else 128
    return batch, max(5, min(100, round(STEPS * batch / found.examples)))


def _make_given_train(found: DataProfile, recipe: Recipe) -> Iterable[Line]:
    """The section of a recipe: the loss goes by the data, and of few examples also how they are cut and how often seen."""
    given = (recipe.batch_size, recipe.epochs)
    batch, epochs = given if found.examples >= _LARGE else _choose_lengths(found)
    yield f"loss: {traits.get_usual_loss(found.task)}", ""
    yield f"optimizer: {recipe.optimizer}", ""
    yield f"learning_rate: {recipe.learning_rate:g}", "the first thing to try: 0.1, 0.003"
    yield f"batch_size: {batch}", "examples in each step"
    yield f"epochs: {epochs}", "how often all training examples are seen; the best epoch's model is kept"


def _indent(lines: Iterable[Line], width: int = 2) -> list[Line]:
    return [(" " * width + line, comment) for line, comment in lines]


def _align(lines: Sequence[Line]) -> str:
    """The lines with their comments under each other; behind a long line its comment stands where it can."""
    column = max((len(line) for line, comment in lines if comment and len(line) <= _WIDEST), default=0)
    return "".join(f"{line:<{column}}  # {comment}\n" if comment else f"{line}\n" for line, comment in lines)
