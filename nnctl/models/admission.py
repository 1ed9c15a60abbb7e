"""The gate that every `.keras` passes: whatever is wrong with it is found here, before Keras is asked anything."""

from dataclasses import dataclass, replace
from pathlib import Path

from nnctl.errors import NnctlError, Problem, RunError
from nnctl.models import archive, config, estimate, weights
from nnctl.models.graph import Graph, damage, refusal
from nnctl.models.weights import Weights


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file that was let through.

    Attributes:
        path: where it lies.
        graph: its network.
        weights: its arrays, all finite.
    """

    path: Path
    graph: Graph
    weights: Weights


def admit(path: Path) -> ModelFile:
    """A model file as checked values; nothing it says is executed, nothing outside of it read, nothing in it inflated.

    Args:
        path: the file; may be a link, which the caller has to judge.

    Raises:
        RunError: the file cannot be read, is damaged, or holds what nnctl does not build.
    """
    try:
        found = archive.read_members(path)
        graph = config.read_graph(found.config)
        asked = estimate.estimate(graph)
        held = weights.read(found.weights)
        if asked.stored > held.count:
            raise damage(f"its layers ask for {asked.stored:,} weights, and it holds {held.count:,}")
        if (where := held.find_not_finite()) is not None:
            raise refusal(f"has weights that are no finite numbers, {where!r}")
        return ModelFile(path, graph, held)
    except OSError as error:
        raise RunError(Problem("bad-model", f"{path} cannot be read: {error.strerror or error}")) from None
    except MemoryError:
        raise RunError(Problem("out-of-memory", f"{path} does not fit into memory")) from None
    except RunError as error:
        raise _name_file(path, error) from None


def _name_file(path: Path, error: NnctlError) -> RunError:
    """The error with the file's name in front of each problem."""
    return RunError(*(replace(problem, message=f"{path} {problem.message}") for problem in error.problems))
