"""What rules read: a spec's network followed layer by layer, and what was observed of data, probes and training.

Each part is None until its stage has run, and a rule is asked only when the parts that it names are there.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnctl.diagnosis.facts.network import NetworkFacts
from nnctl.diagnosis.facts.probes import ProbeFacts
from nnctl.diagnosis.facts.run import RunFacts
from nnctl.spec.sections import DataFacts, Spec

if TYPE_CHECKING:
    from nnctl.diagnosis.facts.dataset import DatasetFacts


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a network, its data and its training.

    Attributes:
        spec: the spec.
        known: what was known of the data before they were loaded.
        network: the layers with shapes and activations, from the spec alone.
        dataset: what was measured on the data, or None.
        probe: what was measured on the network with a few examples, or None.
        run: what a training left, or None.
        examples: how many examples an epoch trains on, where they are counted.
        written: of a run: its spec as the user wrote it, where that still can be read.
    """

    spec: Spec
    known: DataFacts
    network: NetworkFacts
    dataset: "DatasetFacts | None" = None
    probe: ProbeFacts | None = None
    run: RunFacts | None = None
    examples: int | None = None
    written: Spec | None = None

    @property
    def as_written(self) -> Spec:
        """The spec whose lines findings point to, and whose comments count: the user's own."""
        return self.written or self.spec

    @property
    def weighed(self) -> bool:
        """Whether examples or classes count more or less than others in the loss; the data are there."""
        return require_dataset(self).weighed or self.spec.train.class_weight is not None


def require_dataset(facts: Facts) -> "DatasetFacts":
    """What was measured on the data, for who is asked only where that is there."""
    assert facts.dataset is not None
    return facts.dataset


def require_probe(facts: Facts) -> ProbeFacts:
    """What was measured on the network, for who is asked only where that is there."""
    assert facts.probe is not None
    return facts.probe


def require_run(facts: Facts) -> RunFacts:
    """What a training left, for who is asked only where there was one."""
    assert facts.run is not None
    return facts.run
