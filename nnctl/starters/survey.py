"""A look at the user's own data: which source reads them, what they hold, and how they are best scaled and labelled."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nnctl.data import SOURCES, Dataset, Part, Report, Summary, compute_imbalance, load, summarise
from nnctl.data.arrays.idx import is_idx
from nnctl.data.preparing.shares import are_shares
from nnctl.data.selection import check_paths
from nnctl.data.tables.columns import Columns
from nnctl.errors import DataError, Problem, UsageError
from nnctl.spec.sections import Data
from nnctl.starters import arrays, binaries, folders, tables
from nnctl.starters.findings import DataProfile, SourceOptions
from nnctl.starters.sketch import sketch_table

SHARE = 0.2  # held out while looking, and the largest share that a starter holds out
_SUFFIXES = {".npz": "npz", ".csv": "csv", ".tsv": "csv"}
_LOOKS = {"idx": binaries, "images": folders, "npz": arrays}
_NO_CLASSES = {"negative-label", "label-out-of-range", "fractional-label"}
# Whole numbers with so many values and so few examples of each are counts or years, not classes.
_MANY, _A_CLASS = 20, 5
_ALL = 1 << 62
_WIDTH = 110  # columns of a comment
_SEQUENCE = 8  # whole numbers in a row that may be symbols rather than measures


def survey(path: Path, numbers: bool, report: Report, label: str | None = None) -> DataProfile:
    """What the data of a file or folder are.

    Args:
        path: the file or folder.
        numbers: whether the labels are to be taken as numbers, whatever they look like.
        report: told of what takes a while.
        label: of a table the column of the labels, or several with commas between; None to go by the names.

    Raises:
        UsageError: no source reads such files, or the file has no such columns.
        DataError: nothing is there, or the data cannot be read, or not be trained on.
    """
    data = Data(_find_source(path), {}, path=path, labels="raw" if numbers else "auto")
    seen = _look(data, label)
    data = replace(data, options=seen.options)
    if seen.several:
        assert seen.undecided is not None
        return _complete(sketch_table(data, seen.undecided, SHARE, seen.several), seen)
    try:
        data, dataset = _load(replace(data, validation=None if seen.validation else SHARE), report)
    except DataError as error:
        if data.source != "csv":
            raise
        return _sketch(data, seen, error)
    found, facts = _make_profile(data, dataset), _wrap_lines(seen.facts)
    split = _choose_split(data, dataset, report)
    facts = [*_format_undecided(seen.undecided), *found.facts, *facts]
    return replace(found, own_validation=seen.validation, split=split, facts=facts, undecided=seen.undecided)


def _look(data: Data, label: str | None) -> SourceOptions:
    """What a first look at the data tells a spec to say."""
    assert data.path is not None
    if data.source == "csv":
        return tables.infer_options(data.path, label)
    if label is not None:
        message = f"--label names a column of a table, and {data.path} is none"
        hint = "leave it out; of arrays `source: {npz: {y: NAME}}` names the labels"
        raise UsageError(Problem("bad-value", message, hint=hint))
    look = _LOOKS.get(data.source)
    return SourceOptions() if look is None else look.infer_options(data.path)


def _sketch(data: Data, seen: SourceOptions, error: DataError) -> DataProfile:
    """What is known all the same of a table that cannot be trained on as it is; else the error is raised."""
    problem = error.problems[0]
    undecided = f"{problem.message}: {problem.hint}" if problem.hint else problem.message
    try:
        return _complete(sketch_table(data, seen.undecided or undecided, SHARE), seen)
    except DataError:
        raise error from None


def _complete(found: DataProfile, seen: SourceOptions) -> DataProfile:
    """The profile with all that is told of it, what is to be decided first."""
    return replace(found, facts=[*_format_undecided(found.undecided), *_wrap_lines([*found.facts, *seen.facts])])


def _format_undecided(undecided: str | None) -> list[str]:
    return [] if undecided is None else _wrap_lines([f"To decide: {undecided}."])


def _find_source(path: Path) -> str:
    """The source that reads a path that is there, going by its suffix; a folder is one of images."""
    check_paths(Data("", {}, path=path))
    if path.is_dir():
        _refuse_files(path)
    name = "images" if path.is_dir() else _SUFFIXES.get(path.suffix.lower())
    if name is None and is_idx(path):
        name = "idx"
    if name in SOURCES:
        return name
    message = f"{path} is of no kind that nnctl reads, expected a folder of images, {', '.join(_SUFFIXES)} or idx"
    raise UsageError(Problem("unknown-data", message))


def _refuse_files(folder: Path) -> None:
    """Refuses a folder of nothing but files that each are a data set of their own, and says which to name."""
    held = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    if held and all(path.is_file() and (path.suffix.lower() in _SUFFIXES or is_idx(path)) for path in held):
        best = min(held, key=lambda path: ("train" not in path.name, "images" not in path.name))
        message = f"{folder} holds {len(held)} files of data and no images, expected one of them, or a folder of images"
        raise UsageError(Problem("unknown-data", message, hint=f"name one: `--data {best}`"))


def _load(data: Data, report: Report) -> tuple[Data, Dataset]:
    """The data set, its labels taken as numbers where they cannot well be classes, and shares for classes."""
    numbers = replace(data, labels="raw")
    try:
        dataset = load(data, report)
    except DataError as error:
        codes = {problem.code for problem in error.problems}
        if data.labels == "auto" and (codes <= _NO_CLASSES or (codes == {"empty-class"} and _is_sparse(data, report))):
            return numbers, load(numbers, report)
        raise
    if data.labels == "auto" and _hold_shares(dataset):
        return data, load(replace(data, classes=True), report)
    return (numbers, load(numbers, report)) if data.labels == "auto" and _are_counts(dataset) else (data, dataset)


def _choose_split(data: Data, dataset: Dataset, report: Report) -> str | None:
    """The column of dates that rows can be cut by, so that the last ones are held out; None where none can, or there is none."""
    for name in dataset.dates:
        try:
            load(replace(data, split={"time": name}), report)
        except DataError:
            continue  # day and month cannot be told apart, or the last rows have all of a class
        return name
    return None


def _hold_shares(dataset: Dataset) -> bool:
    """Whether rows of numbers are shares of classes, which the loss of a starter takes for these."""
    y = dataset.train.y
    return dataset.task == "regression" and y.ndim == 2 and are_shares(y)


def _is_sparse(data: Data, report: Report) -> bool:
    """Whether classes too rare to be split are not classes at all; a subset, here of everything, may miss some."""
    return _are_counts(load(replace(data, subset=_ALL), report))


def _are_counts(dataset: Dataset) -> bool:
    """Whether whole numbers that were taken for classes are counts or years, by how many there are of each."""
    few = len(dataset.train) < _A_CLASS * dataset.outputs
    return dataset.task == "multiclass" and dataset.class_names is None and dataset.outputs > _MANY and few


def _make_profile(data: Data, dataset: Dataset) -> DataProfile:
    told = summarise(dataset)
    shape, own_test = told.splits["train"].shape, _has_own_test(data)
    pixels = _are_pixels(shape, told.splits["train"].dtype)
    offset, spread = _measure_targets(dataset)
    return DataProfile(
        source=data.source,
        shape=shape,
        task=dataset.task,
        outputs=dataset.outputs,
        examples=sum(part.examples for name, part in told.splits.items() if name != "test" or not own_test),
        options=data.options,
        path=data.path,
        own_test=own_test,
        labels=data.labels,
        scale=_choose_scale(told, pixels),
        pixels=pixels,
        class_names=dataset.class_names,
        offset=offset,
        spread=spread,
        imbalance=compute_imbalance(told),
        facts=_describe_dataset(dataset, told),
    )


def _has_own_test(data: Data) -> bool:
    """Whether the data come with test examples."""
    source = SOURCES[data.source]
    return source.own_test if source.peek is None else source.peek(data)[1]


def _are_pixels(shape: Sequence[int], dtype: str) -> bool:
    """Whether examples of a shape and type are images: colours last, or a square, or bytes in rows."""
    if len(shape) == 3:
        return shape[-1] in (1, 3, 4)
    return len(shape) == 2 and (dtype == "uint8" or (shape[0] == shape[1] and shape[0] > 4))


def _choose_scale(told: Summary, pixels: bool) -> str:
    part = told.splits["train"]
    if part.dtype == "uint8" or pixels:
        return "none" if part.dtype.startswith("float") and max(-part.low, part.high) <= 2 else "unit"
    return "standard"


def _measure_targets(dataset: Dataset) -> tuple[Sequence[float], Sequence[float]]:
    """The mean and deviation of each target where they are far from 0 and 1, which a fresh network cannot reach soon."""
    if dataset.task != "regression":
        return (), ()
    y = dataset.train.y.reshape(len(dataset.train), -1).astype(np.float64)
    mean, deviation = y.mean(axis=0), y.std(axis=0)
    near = (np.abs(mean) <= 3) & (deviation >= 0.3) & (deviation <= 3)
    if near.all():
        return (), ()
    return mean.tolist(), np.where(deviation == 0, 1, deviation).tolist()


def _describe_dataset(dataset: Dataset, told: Summary) -> list[str]:
    """What was found, in lines of a comment."""
    counts = ", ".join(f"{each.examples:,} {name}" for name, each in told.splits.items())
    lines = [f"{told.title}: {counts}; {_describe_examples(told.splits['train'])}."]
    if dataset.columns is not None:
        lines = [f"{told.title}: {counts}.", *_describe_columns(dataset.columns)]
    lines += _suggest_symbols(told.splits["train"])
    if told.classes:
        names = ", ".join(f"{each.name} {each.examples['train']:,}" for each in told.classes)
        noun = "Labels" if told.task == "multilabel" else "Classes"
        by = ", each counted by its largest share" if dataset.shares else ""
        lines.append(f"{noun} and their training examples{by}: {names}.")
    for target in told.targets:
        name = "Target" if told.outputs == 1 else f"Target {target.name}"
        lines.append(f"{name}: {target.low:.6g} to {target.high:.6g}, {target.mean:.6g} on average.")
    return _wrap_lines(lines)


def _describe_examples(part: Part) -> str:
    """What an example is."""
    shape = " x ".join(map(str, part.shape)) if len(part.shape) > 1 else f"{part.shape[0]} features"
    return f"{shape}, {part.dtype} from {part.low:.6g} to {part.high:.6g}"


def _suggest_symbols(part: Part) -> list[str]:
    """What to try where rows of whole numbers may be sequences of symbols: a network cannot tell them from amounts."""
    if len(part.shape) != 1 or part.shape[0] < _SEQUENCE or not part.dtype.startswith("int") or part.low < 0:
        return []
    first = f"`- embedding: {{input_dim: {part.high + 1:.0f}, output_dim: 32}}`"
    return [f"If the numbers are symbols or words, not amounts: {first} and `- lstm: 32` in place of the first layers."]


def _describe_columns(columns: Columns) -> Iterator[str]:
    """What the columns of a table are, and what is missing."""
    kinds = {each.name: len(each.categories) for each in columns.features if each.categories is not None}
    numbers = len(columns.features) - len(kinds)
    texts = ", ".join(f"{name} {count}" for name, count in kinds.items())
    yield f"Columns of numbers: {numbers}." + (f" Columns of categories, and how many: {texts}." if kinds else "")
    missing = ", ".join(f"{each.name} {each.missing:,}" for each in columns.features if each.missing)
    if missing:
        yield f"Missing in training, and filled in by it: {missing}."


def _wrap_lines(lines: Iterable[str]) -> list[str]:
    return [short for line in lines for short in textwrap.wrap(line, _WIDTH, max_lines=4, placeholder=" ...")]
