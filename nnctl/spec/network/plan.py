"""What follows from a spec and what is known of its data: worked out once, and carried to whoever asks."""

from dataclasses import dataclass, replace

from nnctl.spec.network.compilation import Compilation, choose_compilation, expect_compilation
from nnctl.spec.network.cost import Cost, estimate_cost
from nnctl.spec.network.fit import choose_label_form
from nnctl.spec.network.precision import Precision, choose_precision
from nnctl.spec.network.trace import follow_spec
from nnctl.spec.sections import DataFacts, Network, Spec


@dataclass(frozen=True, slots=True)
class Plan:
    """How a spec is trained on its data.

    Attributes:
        spec: the spec, with the type of its products decided, and its network beside it.
        facts: what is known of the data.
        network: the layers, followed from their input to their output.
        precision: the type of the products, and why.
        cost: the memory and arithmetic that training takes.
        compilation: what is compiled with XLA, and why; None where that depends on what is not known.
        labels: the form in which the loss gets its labels (those of `choose_label_form`); None where that is not known.
    """

    spec: Spec
    facts: DataFacts
    network: Network
    precision: Precision
    cost: Cost
    compilation: Compilation | None
    labels: str | None


def make_plan(spec: Spec, facts: DataFacts, examples: int | None = None, validation: int = 0) -> Plan:
    """The plan of a spec.

    Args:
        spec: the spec.
        facts: what is known of its data.
        examples: the training examples of an epoch, or None if they are not counted yet.
        validation: the validation examples, as far as they are known.
    """
    network = follow_spec(spec, facts.shape)
    precision = choose_precision(spec, network)
    decided = replace(spec, train=replace(spec.train, precision=precision.policy), facts=facts, network=network)
    work = estimate_cost(decided, network, facts, examples, validation)
    counted = work.steps is not None and facts.shape is not None
    compilation = choose_compilation(decided, work) if counted else expect_compilation(decided, work)
    known = facts.task is not None and network.width is not None
    labels = choose_label_form(spec.train.loss.name, spec.data, facts, network.width) if known else None
    return Plan(decided, facts, network, precision, work, compilation, labels)
