"""What stands in front of a training's first epoch: the network, the data, the device, the run."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from nnctl.cli.shell.numbers import format_count
from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views.outline import describe
from nnctl.cli.views.tables import fold, measure
from nnctl.runs import RunDirectory

if TYPE_CHECKING:
    from nnctl.api import Training
    from nnctl.data import Scales

_LABEL = 9  # characters that the labels take


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a header.

    Attributes:
        label: what it is about.
        text: what must be told.
        detail: what is told beside it where there is room; the log and `run.json` have it in any case.
        short: the text where there is no room for it.
        style: of the text.
        whole: whether it is there to be copied, as a path, and stays in one piece.
    """

    label: str
    text: str
    detail: str = ""
    short: str | None = None
    style: str = ""
    whole: bool = False

    def fit(self, width: int) -> Text:
        """It as a terminal of so many columns shows it."""
        label = f"{self.label:<{_LABEL}}"
        full = assemble(label, (self.text, self.style), *((" ", (self.detail, "quiet")) if self.detail else ()))
        if self.whole or measure(full) <= width:
            return full
        text = self.text if self.short is None or measure(label + self.text) <= width else self.short
        return fold(label, text, width, self.style)


def list_lines(training: "Training", run: RunDirectory) -> Iterator[Line]:
    """The lines of a training's header."""
    spec, dataset = training.spec, training.dataset
    layers = " > ".join(describe(layer) for layer in spec.layers)
    weights = f"{training.model.count_params():,} weights"
    short = f"{format_count(len(spec.layers), 'layer')}, {weights}"
    yield Line(f"{spec.name}  ", layers, f" {weights}", short)
    sizes = [(name, getattr(dataset, name)) for name in ("train", "validation", "test")]
    counts = ", ".join(f"{len(split.x):,} {name}" for name, split in sizes if split is not None)
    yield Line("data", f"{dataset.title}: {counts}", f" {dataset.origin}, {dataset.fingerprint[:12]}")
    if dataset.fallback:
        yield Line("", f"instead of {dataset.requested}: {dataset.fallback}", style="warn")
    if (scale := _format_scale(training.scales)) is not None:
        yield Line("scale", scale)
    for note in dataset.notes:
        yield Line("note", note, style="warn")
    if (moved := training.transfer) is not None:
        yield Line("from", f"{moved.path}: {', '.join(moved.taken)}; new: {', '.join(moved.left) or 'nothing'}")
        yield from (Line("", told) for told in moved.told)
    if spec.train.augment:
        yield Line("augment", f"{', '.join(describe(each) for each in spec.train.augment)}, on training images only")
    mode = training.compilation
    yield Line("device", f"{_format_device(run)}, compiled as {mode.name}", f"({mode.reason})")
    if (precision := training.plan.precision).telling:
        yield Line("products", precision.policy, f"({precision.reason})")
    if (asked := spec.train.batch_size) > training.steps.batch_size:
        told = f"{asked} is more than there is: each step takes all {training.steps.batch_size}"
        yield Line("batch", told, style="warn")
    yield Line("run", str(run.path), whole=True)


def _format_scale(scales: "Scales") -> str | None:
    """How examples and targets are scaled; None where nothing is done to them."""
    told = [f"examples {scales.inputs.describe()}"] if scales.inputs.kind != "none" else []
    told += [f"targets {scales.targets.describe()}"] if scales.targets.kind != "none" else []
    return ", ".join(told) or None


def _format_device(run: RunDirectory) -> str:
    """The devices and threads that it is trained with, as the run records them."""
    platform = run.manifest.platform
    threads = platform["threads"]
    return f"{', '.join(platform['devices'])}, {format_count(threads, 'thread')}"
