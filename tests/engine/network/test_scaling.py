from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from sklearn.metrics import r2_score

from nnctl import api
from nnctl.engine.loop.training import Training
from nnctl.engine.network import model_file

HEAD = "{{dense: {{units: 1, activation: {}}}}}"
TIMES = 1_700_000_000 + 60 * np.arange(300)


def settings(path: Path, layers: str, *more: str, loss: str = "binary_crossentropy") -> list[str]:
    head = HEAD.format("sigmoid" if loss == "binary_crossentropy" else "linear")
    given = [f"data={{source: npz, path: {path}, validation: 0.2, test: 0.2}}", f"model.layers=[{layers}{head}]"]
    return [*given, f"train.loss={loss}", "train.epochs=1", *more]


def make_sequences(value: float, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Sequences of 3 to 9 steps, ended by steps of a value."""
    random = np.random.default_rng(1)
    x, lengths = random.uniform(1, 60, (100, 9, 2)).astype(dtype), random.integers(3, 10, 100)
    x[np.arange(9) >= lengths[:, None]] = value
    return x, lengths


def apply(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """What the layers make of examples, of whatever length."""
    for layer in model.layers:
        x = layer(x)
    return np.asarray(x)


@pytest.mark.parametrize(
    ("value", "dtype", "scale"),
    [(0, "f4", "standard"), (-1, "f4", "unit"), (-1, "i2", "auto"), (0, "i2", "standard"), (-9999, "f8", "standard")],
)
def test_padding_changes_nothing(
    training: Callable[..., Training], tmp_path: Path, value: float, dtype: str, scale: str
) -> None:
    x, lengths = make_sequences(value, dtype)
    np.savez(tmp_path / "d.npz", x=x, y=np.arange(100) % 2)
    layers = f"{{masking: {{mask_value: {value}}}}}, {{lstm: 4}}, "
    made = training(*settings(tmp_path / "d.npz", layers, f"data.scale={scale}"))
    model_file.save(made.model, path := tmp_path / "model.keras")
    model = keras.saving.load_model(path)
    cut = [apply(model, row[None, :length])[0] for row, length in zip(x[:6], lengths[:6], strict=True)]
    np.testing.assert_allclose(model.predict(x[:6], verbose=0), cut, atol=1e-6)
    np.testing.assert_array_equal(model_file.load(path).predict(x, verbose=0), model.predict(x, verbose=0))
    assert np.ptp(model.predict(x, verbose=0)) > 1e-4
    assert made.scaling.kind == ("unit" if scale == "auto" else scale)


def test_a_mask_sees_the_shape_that_a_layer_gives(training: Callable[..., Training], tmp_path: Path) -> None:
    x, lengths = make_sequences(0, "f4")
    np.savez(tmp_path / "d.npz", x=x.reshape(100, 18), y=np.arange(100) % 2)
    layers = "{reshape: {target_shape: [9, 2]}}, masking, {lstm: 4}, "
    made = training(*settings(tmp_path / "d.npz", layers, "data.scale=standard"))
    rows = np.concatenate([x[row][: lengths[row]] for row in made.dataset.train.rows])
    np.testing.assert_allclose(made.scaling.mean, rows.mean(axis=0), rtol=1e-5)
    got = made.model.layers[2](made.model.layers[1](made.model.layers[0](x.reshape(100, 18))))
    kept = (x != 0).any(axis=-1)
    np.testing.assert_allclose(np.asarray(got)[kept], (x[kept] - rows.mean(axis=0)) / rows.std(axis=0), atol=1e-4)
    np.testing.assert_array_equal(np.asarray(got._keras_mask), kept)


@pytest.mark.parametrize("dtype", ["f8", "i8", "i4"])
def test_what_float32_cannot_tell_apart_is_standardised_in_float64(
    training: Callable[..., Training], tmp_path: Path, dtype: str
) -> None:
    x = np.stack([TIMES, np.arange(300) % 7], axis=1).astype(dtype)
    np.savez(tmp_path / "d.npz", x=x, y=np.arange(300) % 2)
    made = training(*settings(tmp_path / "d.npz", "", "data.scale=standard"))
    rows = made.dataset.train.x.astype(np.float64)
    model_file.save(made.model, path := tmp_path / "model.keras")
    for model in (keras.saving.load_model(path), model_file.load(path)):
        assert model.inputs[0].dtype == x.dtype.name
        given = np.asarray(model.layers[1](model.layers[0](x)))
        assert len(np.unique(given[:, 0])) == 300
        np.testing.assert_allclose(given, (x - rows.mean(axis=0)) / rows.std(axis=0), atol=1e-6)


def test_time_stamps_behind_a_mask_keep_their_digits(training: Callable[..., Training], tmp_path: Path) -> None:
    x, lengths = make_sequences(0, "f8")
    x[..., 0] += np.where(x[..., 0] > 0, 1.7e9, 0)
    np.savez(tmp_path / "d.npz", x=x, y=np.arange(100) % 2)
    made = training(*settings(tmp_path / "d.npz", "masking, {lstm: 4}, ", "data.scale=standard"))
    rows = np.concatenate([x[row][: lengths[row]] for row in made.dataset.train.rows])
    given = x
    for layer in made.model.layers[:3]:
        given = layer(given)
    kept = (x != 0).any(axis=-1)
    np.testing.assert_allclose(np.asarray(given)[kept], (x[kept] - rows.mean(axis=0)) / rows.std(axis=0), atol=1e-5)


def test_targets_are_scored_in_float64(read: Callable[..., Any], tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(300, 3))
    y = 1.7e9 + x @ [2.0, -3.0, 1.0]
    np.savez(tmp_path / "d.npz", x=x, y=y)
    more = ("data.target_scale=standard", "train.epochs=30", "train.learning_rate=0.1", "train.metrics=[mae, r2_score]")
    run = api.train(read(*settings(tmp_path / "d.npz", "", *more, loss="mse")), tmp_path / "runs")
    table = run.predictions("test")
    np.testing.assert_array_equal(table.target[:, 0], y[table.rows])
    assert table.predicted.dtype == np.float64
    errors = table.predicted[:, 0] - y[table.rows]
    scores = run.evaluate("test").scores.overall
    assert (
        scores["r2"]
        == pytest.approx(r2_score(y[table.rows], table.predicted[:, 0]), abs=1e-12)
        == pytest.approx(1, abs=1e-4)
    )
    assert scores["mse"] == pytest.approx(np.mean(errors**2), rel=1e-6)
    assert 0 < scores["mse"] < 1e-2
    model = keras.saving.load_model(run.directory.model)
    np.testing.assert_allclose(model.predict(x[table.rows], verbose=0), table.predicted, atol=1e-5, rtol=0)
    row = next(row for row in run.metrics if row["epoch"] == run.manifest.best_epoch)
    held = run.evaluate("validation").predictions
    error = held.predicted[:, 0] - held.target[:, 0]
    assert row["val_mean_absolute_error"] == pytest.approx(np.abs(error).mean(), rel=1e-5)
    assert row["val_r2_score"] == pytest.approx(r2_score(held.target, held.predicted), abs=1e-7)
    spread = y[api.load_run(run.directory.path).predictions("train").rows].std()
    assert row["val_loss"] == pytest.approx(np.mean(error**2) / spread**2, rel=1e-3)
    np.savez(tmp_path / "new.npz", x=x[:5])
    told = api.predict(run, [str(tmp_path / "new.npz")])
    np.testing.assert_allclose(np.concatenate([each.output for each in told.blocks])[:, 0], y[:5], atol=0.5, rtol=0)


def test_a_table_keeps_the_digits_of_its_columns(read: Callable[..., Any], tmp_path: Path) -> None:
    late = (TIMES // 60) % 2
    lines = [f"{time},{kind},{is_late}" for time, kind, is_late in zip(TIMES, "abc" * 100, late, strict=True)]
    (tmp_path / "d.csv").write_text("\n".join(["time,kind,late", *lines, ""]))
    layers = f"model.layers=[{HEAD.format('sigmoid')}]"
    for embed in ("", ", embed: [kind]"):
        source = f"data={{source: {{csv: {{label: late{embed}}}}}, path: {tmp_path}/d.csv, validation: 0.2, test: 0.2}}"
        run = api.train(read(source, layers, "train.loss=binary_crossentropy", "train.epochs=1"), tmp_path / "runs")
        (tmp_path / "new.csv").write_text("\n".join(["time,kind", *[f"{time},a" for time in TIMES], ""]))
        told = np.concatenate([each.output for each in api.predict(run, [str(tmp_path / "new.csv")]).blocks])
        assert len(np.unique(told)) > 280, embed
        table = run.predictions("test")
        again = run.evaluate("test", tmp_path / "d.csv").predictions
        np.testing.assert_allclose(again.output[table.rows], table.output, atol=1e-6)


def test_an_index_behind_another_shape_is_not_cut_in_half_precision(
    training: Callable[..., Training], tmp_path: Path
) -> None:
    x = np.arange(600.0).reshape(100, 3, 2)
    np.savez(tmp_path / "d.npz", x=x, y=np.arange(100) % 2)
    layers = "flatten, {embedding: {input_dim: 600, output_dim: 2}}, flatten, "
    made = training(*settings(tmp_path / "d.npz", layers, "train.precision=mixed_bfloat16"))
    table = np.asarray(made.model.layers[1].embeddings)
    given = np.asarray(made.model.layers[1](made.model.layers[0](x)), np.float32)
    np.testing.assert_allclose(given, table[x.reshape(100, 6).astype(int)], rtol=1e-2)
