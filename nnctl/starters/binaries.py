"""A look at a file in MNIST's format: which one holds the examples, and whether test examples lie beside it."""

from pathlib import Path

from nnctl.data.arrays.idx import read_header
from nnctl.errors import Problem, UsageError
from nnctl.starters.findings import SourceOptions

# As MNIST's own files are called, and those that were made after them.
_TEST = (("train", "t10k"), ("train", "test"))


def infer_options(path: Path) -> SourceOptions:
    """What a spec should say of such a file, by its name and its header.

    Raises:
        DataError: the file cannot be read.
        UsageError: it holds labels.
    """
    shape = read_header(path, None).shape
    if len(shape) == 1:
        examples = path.name.replace("labels", "images").replace("idx1", "idx3")
        message = f"{path} holds {shape[0]:,} single values, which are labels"
        raise UsageError(Problem("bad-array", message, hint=f"name the file of the examples: {examples}"))
    names = [path.name.replace(*pair) for pair in _TEST if pair[0] in path.name]
    beside = next((name for name in names if (path.parent / name).is_file()), None)
    if beside is None:
        return SourceOptions()
    return SourceOptions(
        facts=[f"{beside} lies beside it: if these are its test examples, name it in `test` instead of a share."]
    )
