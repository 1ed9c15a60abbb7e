from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnctl.engine.loop.training import Training
from nnctl.errors import SpecError

Make = Callable[..., Training]


def test_a_network_that_would_not_fit_into_memory_is_refused_before_it_is_built(training: Make) -> None:
    with pytest.raises(SpecError) as caught:
        training("model.layers.1.dense.units=2000000000")
    problem = caught.value.problems[0]
    assert problem.code == "out-of-memory"
    assert problem.place is not None


def test_indices_that_an_embedding_does_not_hold_are_refused(training: Make, tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 20, (100, 6)).astype(np.uint8)
    x[70, 3] = 33
    np.savez(tmp_path / "tokens.npz", x=x, y=np.arange(100) % 2)
    settings = ["data.source=npz", f"data.path={tmp_path}/tokens.npz", "data.test=0.2"]
    head = "flatten, {{dense: {{units: 2, activation: softmax}}}}"
    layers = "model.layers=[{{embedding: {{input_dim: {}, output_dim: 4}}}}, " + head + "]"
    with pytest.raises(SpecError) as caught:
        training(*settings, layers.format(20))
    assert caught.value.problems[0].code == "index-range"
    assert training(*settings, layers.format(34)).scaling.kind == "none"


def test_classes_that_look_alike_are_named_where_the_outputs_do_not_fit(training: Make, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("x,y\n" + "1,Yes\n2,yes\n3,No\n" * 30)
    settings = ["data.source={csv: {label: y}}", f"data.path={tmp_path}/own.csv", "data.test=0.2"]
    with pytest.raises(SpecError) as caught:
        training(*settings, "model.layers=[{dense: {units: 2, activation: softmax}}]")
    (problem,) = caught.value.problems
    assert problem.code == "outputs"
    assert str(problem.hint).startswith("units: 3; the classes 'Yes' and 'yes' differ in capitals or blanks alone")


def test_a_class_weight_for_a_class_that_is_not_there_is_refused(training: Make) -> None:
    with pytest.raises(SpecError) as caught:
        training("train.class_weight={11: 2.0}")
    assert caught.value.problems[0].code == "class-weight"


def test_keys_of_class_weight_that_mean_one_class_are_refused_where_they_stand(training: Make, tmp_path: Path) -> None:
    rows = "".join(f"{index / 7},{index % 2 + 1}\n" for index in range(60))
    (tmp_path / "own.csv").write_text(f"a,kind\n{rows}")
    settings = ["data.source={csv: {label: kind}}", f"data.path={tmp_path}/own.csv", "train.metrics=[accuracy]"]
    settings += ["model.layers=[{dense: {units: 2, activation: softmax}}]"]
    for weights, said in (("{1: 20}", "name of a class, and the index"), ("{'1': 2, 0: 3}", "both mean class '1'")):
        with pytest.raises(SpecError, match=said) as caught:
            training(*settings, f"train.class_weight={weights}")
        place = caught.value.problems[0].place
        assert place is not None
        assert place.source.text.startswith("train.class_weight")
    made = training(*settings, "train.class_weight={2: 5, 1: 2}")
    assert made.steps._weights.numpy().tolist() == [2.0, 5.0]
