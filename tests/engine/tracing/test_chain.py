import numpy as np
import pytest

from nnctl.engine.tracing.chain import run, widen

from .conftest import Make

SEQUENCES = np.arange(120).reshape(12, 5, 2) % 7 / 7
INDICES = np.arange(60, dtype=np.int32).reshape(12, 5) % 6
IMAGES = np.arange(12 * 36).reshape(12, 6, 6, 1) % 11 / 11
HEAD = "{dense: {units: 3, activation: softmax}}]"
NETWORKS = {
    "dense": ("[{dense: {units: 4, activation: tanh}}, dropout: 0.5, {dense: 3}, softmax]", None),
    "images": ("[{conv2d: {filters: 2, kernel_size: 3}}, batch_normalization, flatten, " + HEAD, IMAGES),
    "sequences": ("[{bidirectional: {lstm: {units: 2}}}, " + HEAD, SEQUENCES),
    "indices": ("[{embedding: {input_dim: 6, output_dim: 2, mask_zero: true}}, gru: 2, " + HEAD, INDICES),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_layer_by_layer_gives_what_the_network_gives(make: Make, name: str) -> None:
    layers, x = NETWORKS[name]
    subject = make(layers, x)
    stored = subject.training.dataset.train.x[:5]
    outputs = subject.chain.run(subject.chain.feed(stored))
    np.testing.assert_allclose(outputs[-1], subject.training.model(stored, training=False), rtol=1e-6)
    assert len(subject.chain.places) == len(subject.training.spec.layers)


@pytest.mark.parametrize("name", NETWORKS)
def test_copies_compute_the_same_in_float64(make: Make, name: str) -> None:
    layers, x = NETWORKS[name]
    chain = make(layers, x).chain
    fed = chain.feed(np.asarray(make(layers, x).training.dataset.train.x[:5]))
    wide = fed if name == "indices" else np.asarray(fed, np.float64)
    narrow, copied = chain.run(fed), run(widen(chain.layers, wide), wide)
    assert copied[-1].dtype == "float64"
    for first, second in zip(narrow, copied, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-6)
