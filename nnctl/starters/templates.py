"""The kinds of starters, each with the built-in data that it is written for where the user brings none."""

from dataclasses import dataclass

from nnctl.data import SOURCES
from nnctl.errors import Problem, UsageError
from nnctl.spelling import find_nearest
from nnctl.starters.findings import DataProfile, Recipe


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of starter.

    Attributes:
        summary: what its network is for, one line of the comment at the top.
        source: the data set that it trains on.
        offline: the source to fall back on, or None.
        convolutions: whether its network is convolutional.
        offset: of a regression the mean of the targets, about.
        spread: their deviation, about.
        recipe: the network and how it is trained where both are given, or None where they go by the data.
    """

    summary: str
    source: str
    offline: str | None = None
    convolutions: bool = False
    offset: tuple[float, ...] = ()
    spread: tuple[float, ...] = ()
    recipe: Recipe | None = None


TEMPLATES = {
    "mlp": Template("A network of dense layers that reads handwritten digits.", "mnist", "mnist_5k"),
    "cnn": Template("A convolutional network that reads handwritten digits.", "mnist", "mnist_5k", convolutions=True),
    "mnist_mlp": Template(
        "The network of the first course on handwritten digits: dense layers of 512 and 256, plain SGD.",
        "mnist",
        "mnist_5k",
        recipe=Recipe(widths=(512, 256), optimizer="sgd", learning_rate=0.01, batch_size=128, epochs=10),
    ),
    "regression": Template(
        "Dense layers that predict a number from a row of measurements.", "diabetes", offset=(152.0,), spread=(77.0,)
    ),
    "tabular": Template("Dense layers that tell classes apart by a row of measurements.", "wine"),
}


def find_template(name: str) -> Template:
    """The template of a name.

    Raises:
        UsageError: no template has this name.
    """
    if name in TEMPLATES:
        return TEMPLATES[name]
    near = find_nearest(name, TEMPLATES)
    hint = f"did you mean {near!r}?" if near else f"there are {', '.join(TEMPLATES)}"
    raise UsageError(Problem("unknown-template", f"there is no template {name!r}", hint=hint))


def make_profile(template: Template) -> DataProfile:
    """What is known of a template's own data; nothing is loaded. A source that does not say it raises ValueError."""
    source = SOURCES[template.source]
    facts = source.facts
    shape, task, outputs, examples = facts.shape, facts.task, facts.outputs, facts.train
    if shape is None or task is None or outputs is None or examples is None:
        raise ValueError(f"{source.name} does not say what it holds")
    return DataProfile(
        source=source.name,
        shape=shape,
        task=task,
        outputs=outputs,
        examples=examples,
        offline=template.offline,
        own_test=source.own_test,
        scale="unit" if len(shape) > 1 else "standard",
        pixels=len(shape) > 1,
        class_names=source.class_names,
        offset=template.offset,
        spread=template.spread,
        facts=[template.summary, f"{source.name}: {source.summary}."],
    )
