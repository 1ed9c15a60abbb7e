"""In which type products are computed, where a spec leaves that to nnctl: by the processor, the task and the network."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Network, Spec

# What Linux calls the instructions that multiply bfloat16 by bfloat16: AVX-512's, and those of Intel's matrix units.
_FLAGS = {"avx512_bf16", "amx_bf16"}
# Measured on two cores with AVX-512 BF16, a step of mixed_bfloat16 beside one of float32, compiled as nnctl compiles it:
# convolutions of 16 to 64 channels in batches of 128 take 0.70 to 0.48 of the time, of 4 to 8 channels 0.95 to 0.88, in
# batches of 32 0.88; dense layers of 1,024 to 4,096 units in batches of 256 and more 0.66 to 0.58, in batches of 128, where
# XLA fuses what is around the products of float32, 1.2 to 1.6.
_CHANNELS, _CONVOLVED_BATCH = 16, 64
_WEIGHTS, _DENSE_BATCH = 2**20, 256


@dataclass(frozen=True, slots=True)
class Precision:
    """The type of the products.

    Attributes:
        policy: `float32`, `mixed_bfloat16` or `mixed_float16`.
        reason: why, for people.
        chosen: whether nnctl chose it; False where the spec says it.
    """

    policy: str
    reason: str
    chosen: bool = True

    @property
    def telling(self) -> bool:
        """Whether there is something to tell: anything but float32 by default."""
        return self.chosen or self.policy != "float32"


def choose_precision(spec: Spec, network: Network, flags: Set[str] | None = None) -> Precision:
    """The type in which a spec's products are computed: its own, or, where that is `auto`, the faster safe one.

    Args:
        spec: the spec.
        network: its layers, followed.
        flags: what the processor can do, in Linux's words; of this machine if left out.
    """
    if spec.train.precision != "auto":
        return Precision(spec.train.precision, "as train.precision says", chosen=False)
    against = next(_find_objections(spec, network, read_processor_flags() if flags is None else flags), None)
    if against is not None:
        return Precision("float32", against)
    return Precision("mixed_bfloat16", "large products of classes, on a processor that multiplies bfloat16")


def _find_objections(spec: Spec, network: Network, flags: Set[str]) -> Iterator[str]:
    """What keeps bfloat16 away."""
    if not multiplies_bfloat16(flags):
        yield "the processor does not multiply bfloat16"
    if not traits.get_loss(spec.train.loss.name).bfloat16:
        yield f"{spec.train.loss.name} may need more digits than bfloat16 has"
    if other := next((layer.name for layer in spec.layers if not traits.get_layer(layer.name).bfloat16), None):
        yield f"{other} is not known to gain from bfloat16"
    if network.shape is None:
        yield "the shape of the data is not known"
    elif not _is_large(network, spec.train.batch_size):
        yield "the products are too small to gain from bfloat16"


def _is_large(network: Network, batch: int) -> bool:
    """Whether some layer's kernel is large enough, in a batch that is."""
    kernels = [each.trained[0] for each in network.outcomes if each.trained]
    convolved = any(len(kernel) == 4 and (kernel[2] or 0) >= _CHANNELS for kernel in kernels)
    dense = any(len(kernel) == 2 and (kernel[0] or 0) * (kernel[1] or 0) >= _WEIGHTS for kernel in kernels)
    return (convolved and batch >= _CONVOLVED_BATCH) or (dense and batch >= _DENSE_BATCH)


def multiplies_bfloat16(flags: Set[str] | None = None) -> bool:
    """Whether a processor with these flags, or this machine's, has instructions for products of bfloat16."""
    return bool(_FLAGS & (read_processor_flags() if flags is None else flags))


@cache
def read_processor_flags() -> frozenset[str]:
    """What this machine's processor can do, in Linux's words; nothing where the system does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), ()))
