from pathlib import Path

import keras
import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.data.tables.columns import Columns
from nnctl.data.tables.feature import Feature
from nnctl.engine.evaluate import revisit
from nnctl.engine.network import embedding, model_file
from nnctl.engine.train import Trained
from nnctl.errors import RunError, SpecError
from nnctl.runs import RunDirectory
from nnctl.spec import load_spec
from tests.engine.conftest import Shelf, prepared, spec_in, train_in

SPEC = """\
data: {source: {csv: {label: y, embed: {city: null, zip: 2}}}, path: own.csv, validation: 0.2}
model: {layers: [dense: {units: 8, activation: relu}, dense: {units: 1, activation: sigmoid}]}
train: {loss: binary_crossentropy, epochs: 2}
"""


def rows(cities: str, count: int = 120) -> str:
    lines = (
        f"{index % 9},{cities[index % len(cities)]},{100 + index % 4},{'mf'[index % 2]},{'np'[index % 3 % 2]}"
        for index in range(count)
    )
    return "age,city,zip,sex,y\n" + "\n".join(lines) + "\n"


def trained(folder: Path, text: str = SPEC, *settings: str) -> Trained:
    return train_in(folder, spec_in(folder, *settings, text=text))


def on_cities(folder: Path) -> Trained:
    (folder / "own.csv").write_text(rows("abcde"))
    return trained(folder)


@pytest.fixture
def outcome(shelf: Shelf, tmp_path: Path) -> Trained:
    return shelf.copy("cities", on_cities, tmp_path)


def front_of(run: RunDirectory) -> keras.Model:
    model = model_file.load(run.model)
    return keras.Model(model.inputs[0], model.get_layer(embedding.JOINED).output)


def test_the_saved_model_is_keras_alone_and_scores_as_training_did(outcome: Trained, tmp_path: Path) -> None:
    spec = load_spec(outcome.run.resolved, peek=peek)
    dataset = load(spec.data, lambda label, share: None)
    assert dataset.columns is not None
    model = keras.models.load_model(outcome.run.model, safe_mode=True)
    x = dataset.test.x
    told = model.predict(x, verbose=0)[:, 0]
    assert told == pytest.approx(outcome.evaluation.predictions.output[:, 0], abs=1e-6)
    modules = {type(layer).__module__.split(".")[0] for layer in [*model.layers, *front_of(outcome.run).layers]}
    assert modules == {"keras"}


def test_what_comes_out_is_the_scaled_numbers_and_each_columns_vector(outcome: Trained) -> None:
    spec = load_spec(outcome.run.resolved, peek=peek)
    dataset = load(spec.data, lambda label, share: None)
    front = front_of(outcome.run)
    x = dataset.train.x
    city, zip_ = (layer.get_weights()[0] for layer in front.layers if isinstance(layer, keras.layers.Embedding))
    numbers = x[:, :3].copy()
    numbers[:, 0] = (numbers[:, 0] - numbers[:, 0].mean()) / numbers[:, 0].std()
    wanted = np.concatenate([numbers, city[x[:, 3].astype(int)], zip_[x[:, 4].astype(int)]], axis=1)
    assert front.predict(x, verbose=0) == pytest.approx(wanted, abs=1e-5)
    assert front.output_shape == (None, *dataset.shape)


def test_the_counted_weights_are_keras_own(outcome: Trained) -> None:
    spec = load_spec(outcome.run.resolved, peek=peek)
    dataset = load(spec.data, lambda label, share: None)
    vectors = sum(each.vectors * each.outputs for each in dataset.columns.embedded)
    assert outcome.manifest.parameters == (dataset.plan(spec).cost.parameters or 0) + vectors


def test_resolved_gives_the_same_bits(outcome: Trained, tmp_path: Path) -> None:
    text = outcome.run.resolved.read_text()
    assert "city: 4" in text
    again = trained(tmp_path, text)
    pairs = zip(*(model_file.load(each.run.model).get_weights() for each in (outcome, again)), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


def test_new_and_missing_categories_are_scored(outcome: Trained, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("zip,y,sex,city,age\n100,p,m,atlantis,3\n999,n,f,,4\n100,p,f,a,5\n")
    found = revisit(outcome.run, "test", tmp_path / "new.csv", lambda label, share: None)
    assert len(found.predictions.output) == 3
    assert np.isfinite(found.predictions.output).all()


def test_a_new_training_takes_vectors_by_the_names_of_categories(outcome: Trained, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(rows("zdca"))
    path = tmp_path / "next.yaml"
    path.write_text(SPEC.replace("epochs: 2", f"init_from: {outcome.run.path}"))
    spec = load_spec(path, [("--set", "data.source.csv.embed={city: 4, zip: 3}")], peek)
    dataset = load(spec.data, lambda label, share: None)
    training = prepared(spec, dataset)
    old, new = (
        next(layer.get_weights()[0] for layer in model.layers if isinstance(layer, keras.layers.Embedding))
        for model in (front_of(outcome.run), training.model)
    )
    # of a, b, c, d, e the new training has a, c, d, and z, which is new
    assert np.array_equal(new[[0, 1, 2, 3]], old[[0, 1, 3, 4]])
    assert not np.isin(new[4], old).any()
    assert training.transfer is not None
    assert training.transfer.taken[0] == "city"
    assert "zip" in training.transfer.left
    written = outcome.run.columns.read_bytes()
    outcome.run.columns.write_bytes(b"\xff")
    with pytest.raises(RunError, match="not UTF-8"):
        prepared(spec, dataset)
    outcome.run.columns.write_bytes(written)


def test_a_table_of_nothing_else() -> None:
    both = Columns((Feature("a", None, ("x",), 0, 2), Feature("b", None, ("y", "z"), 0, 3)))
    assert embedding.embed_columns(keras.Input((2,)), both, [keras.layers.Rescaling(2.0)]).shape == (None, 5)
    assert embedding.embed_columns(keras.Input((1,)), Columns(both.features[1:]), []).shape == (None, 3)


def test_a_first_layer_that_reads_integers_cannot_read_vectors(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(rows("abcde"))
    text = SPEC.replace("layers: [", "layers: [embedding: {input_dim: 9, output_dim: 2}, flatten, ")
    with pytest.raises(SpecError) as caught:
        trained(tmp_path, text)
    assert [problem.code for problem in caught.value.problems] == ["contradiction"]


@pytest.mark.parametrize("setting", ["train.precision=mixed_bfloat16", "data.scale=none", "data.scale=unit"])
def test_every_way_to_scale_and_multiply(tmp_path: Path, setting: str) -> None:
    (tmp_path / "own.csv").write_text(rows("abcde"))
    assert trained(tmp_path, SPEC, setting).manifest.status == "done"
