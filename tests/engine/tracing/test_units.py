import numpy as np
import pytest

from nnctl.engine.tracing.passes import run_passes
from nnctl.engine.tracing.units import name_activation, write_out

from .conftest import Make

HEAD = "flatten, {dense: {units: 3, activation: softmax}}]"
SEQUENCES = np.sin(np.arange(12 * 9 * 4)).reshape(12, 9, 4)
IMAGES = np.sin(np.arange(12 * 49 * 2)).reshape(12, 7, 7, 2)
KINDS = {
    "dense": ("[{dense: {units: 4, activation: relu, bias_initializer: ones}}, " + HEAD, None),
    "no bias": ("[{dense: {units: 4, use_bias: false}}, " + HEAD, None),
    "dense of a sequence": ("[{dense: {units: 4, activation: tanh}}, " + HEAD, SEQUENCES),
    "conv1d": ("[{conv1d: {filters: 4, kernel_size: 3, activation: elu}}, " + HEAD, SEQUENCES),
    "same, in steps": ("[{conv1d: {filters: 4, kernel_size: 4, strides: 2, padding: same}}, " + HEAD, SEQUENCES),
    "causal": ("[{conv1d: {filters: 4, kernel_size: 3, dilation_rate: 2, padding: causal}}, " + HEAD, SEQUENCES),
    "groups": ("[{conv1d: {filters: 4, kernel_size: 3, groups: 2}}, " + HEAD, SEQUENCES),
    "conv2d": ("[{conv2d: {filters: 4, kernel_size: [3, 2], strides: 2, padding: same, activation: relu}}, " + HEAD, IMAGES),
    "dilated": ("[{conv2d: {filters: 4, kernel_size: 3, dilation_rate: 2, activation: leaky_relu}}, " + HEAD, IMAGES),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_products_of_every_unit_add_up_to_what_the_layer_computes(make: Make, kind: str) -> None:
    layers, x = KINDS[kind]
    subject = make(layers, x)
    train = subject.training.dataset.train
    passes = run_passes(subject.chain, subject.loss, train.x[:1], train.y[:1])
    place = subject.chain.places[0]
    layer, output = subject.chain.layers[place], passes.get_output(place)
    rng = np.random.default_rng(0)
    for unit in range(4):
        for slope in (None, passes.slopes[place], rng.normal(size=output.shape)):  # which choose different places
            written = write_out(layer, 0, unit, passes.get_input(place), output, slope)
            assert written.weights is not None
            assert written.inputs is not None
            assert written.weights.shape == written.inputs.shape
            total = (written.inputs.astype(np.float64) * written.weights).sum() + (written.bias or 0)
            assert np.isclose(total, written.total, rtol=1e-5, atol=1e-6)
            assert np.isclose(written.outputs, output[(*written.position, unit)])
    assert name_activation(layer) == (getattr(layer.activation, "__name__", None) or layer.activation.name)


def test_a_layer_whose_unit_is_more_than_a_sum_tells_its_outputs_alone(make: Make) -> None:
    subject = make("[{lstm: {units: 2, return_sequences: true}}, " + HEAD, SEQUENCES)
    train = subject.training.dataset.train
    passes = run_passes(subject.chain, subject.loss, train.x[:1], train.y[:1])
    output = passes.get_output(0)
    written = write_out(subject.chain.layers[0], 0, 1, passes.fed, output, None)
    assert (written.weights, written.total) == (None, None)
    np.testing.assert_array_equal(written.outputs, output[:, 1])
