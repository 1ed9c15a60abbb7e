from dataclasses import replace

import pytest

from nnctl.errors import Source
from nnctl.spec.network.cost import Cost, count_optimizer_values, estimate_cost, estimate_demands
from nnctl.spec.network.trace import follow_network
from nnctl.spec.sections import Component, Data, DataFacts, Spec, Train

MNIST = DataFacts(shape=(28, 28), dtype="uint8", task="multiclass", outputs=10, train=60_000)


def layer(name: str, **arguments: object) -> Component:
    return Component("layer", name, arguments)  # type: ignore[arg-type]


def optimizer(name: str, **arguments: object) -> Component:
    return Component("optimizer", name, arguments)  # type: ignore[arg-type]


def spec(*layers: Component, **train: object) -> Spec:
    loss = Component("loss", "categorical_crossentropy", {})
    section = Train(loss, **{"optimizer": optimizer("adam"), "batch_size": 128, **train})  # type: ignore[arg-type]
    return Spec("x", 0, Data("mnist", {}), layers, section, Source("s.yaml", ""))


MLP = (layer("flatten"), layer("dense", units=512), layer("dense", units=256), layer("dense", units=10))


def of(*layers: Component, facts: DataFacts = MNIST, examples: int | None = 54_000, **train: object) -> Cost:
    made = spec(*layers, **train)
    return estimate_cost(made, follow_network(made.layers, facts.shape), facts, examples, 6_000)


def test_the_articles_network_by_hand() -> None:
    found = of(*MLP)
    first, second, third = 784 * 512, 512 * 256, 256 * 10
    assert found.products == first + second + third == 535_040
    assert found.parameters == found.trained == 535_040 + 512 + 256 + 10
    # Forward, for the weights, and, above the first layer, for what the layer is fed.
    trained = 2 * first + 3 * second + 3 * third
    assert found.operations == 2 * (trained * 54_000 + 535_040 * 6_000)
    assert found.steps == 422
    assert found.memory == {
        "parameters": 4 * 535_818,
        "gradients": 4 * 535_818,
        "optimizer": 2 * 4 * 535_818,
        "activations": 4 * 128 * (512 + 256 + 10),  # flattening takes no memory
        "data": 28 * 28 * 60_000,
    }


def test_what_is_not_trained_takes_no_gradient() -> None:
    frozen = layer("dense", units=512, trainable=False)
    found = of(layer("flatten"), frozen, layer("dense", units=10))
    assert found.trained == 512 * 10 + 10
    assert found.memory["gradients"] == 4 * (512 * 10 + 10)
    assert found.operations == 2 * (54_000 * (784 * 512 + 2 * 5120) + 6_000 * (784 * 512 + 5120))


def test_half_precision_halves_the_activations_alone() -> None:
    whole, half = of(*MLP), of(*MLP, precision="mixed_bfloat16")
    assert 2 * half.memory["activations"] == whole.memory["activations"]  # type: ignore[operator]
    assert half.memory["parameters"] == whole.memory["parameters"]


def test_what_layers_demand_adds_up_to_the_memory_of_a_training() -> None:
    layers, train = (
        (layer("flatten"), layer("dense", units=512, trainable=False), layer("dense", units=10)),
        {"batch_size": 32},
    )
    found = of(*layers, **train)
    told = estimate_demands(spec(*layers, **train), found)
    assert sum(map(sum, told)) == sum(size or 0 for name, size in found.memory.items() if name != "data")
    # Weights alone of what is frozen; of what is trained also gradients and two values of Adam's.
    assert told[1:] == [(4 * (784 * 512 + 512), 4 * 32 * 512), (4 * 4 * (512 * 10 + 10), 4 * 32 * 10)]


def test_a_batch_is_no_larger_than_the_data() -> None:
    found = of(*MLP, examples=100)
    assert (found.batch_size, found.steps) == (100, 1)


def test_what_is_not_known_is_not_made_up() -> None:
    uncounted = of(*MLP, examples=None)
    assert (uncounted.steps, uncounted.operations, uncounted.memory["data"]) == (None, None, None)
    assert uncounted.parameters == 535_818
    shapeless = of(*MLP, facts=replace(MNIST, shape=None))
    assert (shapeless.parameters, shapeless.products, shapeless.memory["activations"]) == (None, None, None)
    unfollowed = of(layer("einsum_dense", equation="abc,cd->abd", output_shape=[28, 4]), layer("dense", units=2))
    assert (unfollowed.parameters, unfollowed.memory["optimizer"], unfollowed.operations) == (None, None, None)


@pytest.mark.parametrize(
    ("made", "values"),
    [
        (optimizer("sgd"), 0),
        (optimizer("sgd", momentum=0.9), 13),
        (optimizer("adam"), 26),
        (optimizer("adam", amsgrad=True, use_ema=True), 52),
        (optimizer("rmsprop", centered=True), 26),
        (optimizer("adafactor"), 13 + 5 + 2),
        (optimizer("muon"), 10 + 6),
    ],
)
def test_an_optimizer_keeps_values_beside_the_weights(made: Component, values: int) -> None:
    assert count_optimizer_values(made, [(5, 2), (3,)]) == values
