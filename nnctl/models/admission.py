"""The gate that every `.keras` passes: whatever is wrong with it is found here, before Keras is asked anything."""

from dataclasses import dataclass, replace
from pathlib import Path

from nnctl.errors import NnctlError, Problem, RunError
from nnctl.models import archive, config, estimate, weights
from nnctl.models.plan import Plan, damage, refusal
from nnctl.models.weights import Weights


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file that was let through.

    Attributes:
        path: where it lies.
        plan: its network.
        weights: its arrays, all finite.
    """

    path: Path
    plan: Plan
    weights: Weights


def admit(path: Path) -> ModelFile:
    """A model file as checked values; nothing it says is executed, nothing outside of it read, nothing in it inflated.

    Args:
        path: the file; may be a link, which the caller has to judge.

    Raises:
        RunError: the file cannot be read, is damaged, or holds what nnctl does not build.
    """
    try:
        found = archive.members(path)
        plan = config.plan(found.config)
        asked = estimate.estimate(plan)
        held = weights.read(found.weights)
        if asked.stored > held.count:
            raise damage(f"its layers ask for {asked.stored:,} weights, and it holds {held.count:,}")
        if (where := held.not_finite()) is not None:
            raise refusal(f"has weights that are no finite numbers, {where!r}")
        return ModelFile(path, plan, held)
    except OSError as error:
        raise RunError(Problem("bad-model", f"{path} cannot be read: {error.strerror or error}")) from None
    except MemoryError:
        raise RunError(Problem("bad-model", f"{path} does not fit into memory")) from None
    except RunError as error:
        raise _of(path, error) from None


def _of(path: Path, error: NnctlError) -> RunError:
    """The error with the file's name in front of each problem."""
    return RunError(*(replace(problem, message=f"{path} {problem.message}") for problem in error.problems))
