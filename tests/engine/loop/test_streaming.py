from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnctl.data import peek
from nnctl.engine.loop import training as training_module
from nnctl.engine.loop.steps import Steps
from nnctl.engine.loop.streaming import StreamedSteps, StreamedValidation
from nnctl.engine.loop.training import Training
from nnctl.engine.scoring import predict_split
from nnctl.errors import DataError
from nnctl.spec import load_spec
from tests.engine.conftest import Quiet, arrays, same, trainable

SPEC = """
seed: 3
data: {{source: {{images: {{size: [10, 12], memory: {memory}}}}}, path: pictures, validation: 0.2}}
model: {{layers: [{layers}]}}
train: {{loss: categorical_crossentropy, optimizer: adam, batch_size: 16, epochs: 3}}
"""
CONVOLUTION = "{conv2d: {filters: 4, kernel_size: 3, activation: relu}}, flatten, {dropout: 0.3}, "
SOFTMAX = "{dense: {units: 3, activation: softmax}}"

Make = Callable[..., Training]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Three classes of 30 pictures each, of two sizes and formats, told apart by their colour."""
    rng = np.random.default_rng(0)
    for label in range(3):
        folder = tmp_path / "pictures" / f"class{label}"
        folder.mkdir(parents=True)
        for index in range(30):
            pixels = rng.integers(0, 200, (12 + index % 2, 14, 3), dtype=np.uint8)
            pixels[..., label] += 50
            Image.fromarray(pixels).save(folder / f"{index}.{'png' if index % 3 else 'jpg'}")
    return tmp_path / "pictures"


@pytest.fixture
def make(write: Callable[..., Path], pictures: Path) -> Make:
    """The training of the spec, not yet run."""

    def make(memory: str, *settings: str, layers: str = CONVOLUTION + SOFTMAX) -> Training:
        path = write(SPEC.format(memory=memory, layers=layers))
        spec = load_spec(path, [("--set", text) for text in settings], peek)
        return trainable(spec)

    return make


def trained(training: Training) -> Training:
    assert training.run(Quiet()) == "done"
    return training


def losses(training: Training) -> np.ndarray:
    return np.array([[row["loss"], row["accuracy"], row["val_loss"]] for row in training.state.history])


@pytest.mark.parametrize("memory", ["stream", "store"])
def test_streamed_and_held_give_the_same_bits(make: Make, memory: str) -> None:
    held, streamed = trained(make("hold")), trained(make(memory))
    assert type(held.steps) is Steps
    assert isinstance(streamed.steps, StreamedSteps)
    assert isinstance(streamed.validation, StreamedValidation)
    assert np.array_equal(losses(held), losses(streamed))
    assert same(arrays(held), arrays(streamed))


@pytest.mark.parametrize("setting", [
    "train.class_weight={class0: 2, class2: 0.5}", "train.augment=[{random_flip: horizontal}]",
    "train.shuffle=false", "train.xla=true", "train.xla=update", "data.scale=standard",
    "train.loss={categorical_crossentropy: {reduction: sum}}",
])  # fmt: skip
def test_streamed_and_held_agree_whatever_is_set(make: Make, setting: str) -> None:
    layers = f"flatten, {SOFTMAX}"
    held, streamed = (trained(make(how, setting, layers=layers)) for how in ("hold", "stream"))
    assert np.allclose(losses(held), losses(streamed), rtol=0, atol=1e-5)
    assert not np.allclose(losses(held)[0], losses(held)[-1], rtol=0, atol=1e-3)


def test_arrays_on_disk_give_the_bits_of_those_that_are_held(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "own.npz", x=rng.normal(size=(90, 6)).astype("f4"), y=rng.integers(0, 3, 90))
    text = (
        "data: {source: {npz: {memory: MEMORY}}, path: own.npz, validation: 0.2, test: 0.2, scale: standard}\n"
        f"model: {{layers: [{{dense: {{units: 5, activation: relu}}}}, {SOFTMAX}]}}\n"
        "train: {loss: categorical_crossentropy, batch_size: 16, epochs: 3}\n"
    )
    runs = []
    for memory in ("hold", "stream"):
        (tmp_path / "spec.yaml").write_text(text.replace("MEMORY", memory))
        spec = load_spec(tmp_path / "spec.yaml")
        runs.append(trained(trainable(spec)))
    held, streamed = runs
    assert isinstance(streamed.steps, StreamedSteps)
    assert np.array_equal(losses(held), losses(streamed))
    assert same(arrays(held), arrays(streamed))


def test_bits_do_not_depend_on_how_many_steps_a_call_runs(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    for length in (1, 3, 1000):
        monkeypatch.setattr(training_module, "choose_length", lambda ran, seconds, before, length=length: length)
        runs.append(trained(make("stream")))
    assert same(arrays(runs[0]), arrays(runs[1]))
    assert same(arrays(runs[0]), arrays(runs[2]))
    assert [run.steps.compiled for run in runs] == [1, 1, 1]


def test_decoded_pictures_are_trained_on_though_the_files_are_gone(make: Make, pictures: Path) -> None:
    made, held = make("store"), trained(make("hold"))
    for file in pictures.rglob("*.*"):
        file.unlink()
    assert same(arrays(trained(made)), arrays(held))


def test_every_step_runs_once(make: Make) -> None:
    made = trained(make("stream"))
    assert made.steps.per_epoch == 4  # 58 examples of 90, in batches of 16
    assert int(made.model.optimizer.iterations.numpy()) == 12


def test_an_epoch_goes_on_where_it_was_left(make: Make) -> None:
    whole, resumed = make("stream"), make("stream")
    order = np.random.default_rng(0).permutation(whole.steps.examples).astype(np.int32)
    whole.steps.begin(order)
    whole.steps.run(0, 4)
    resumed.steps.begin(order)
    resumed.steps.run(0, 1)
    resumed.steps._next = None  # as after a restart, when nothing has been read
    resumed.steps.run(1, 4)
    assert same(arrays(whole), arrays(resumed))


def test_predictions_are_those_of_held_examples(make: Make) -> None:
    held, streamed = make("hold"), make("stream")
    streamed.model.set_weights(held.model.get_weights())
    both = [predict_split(made.model, made.targets, made.dataset, made.dataset.test) for made in (held, streamed)]
    assert np.allclose(both[0][0].output, both[1][0].output, rtol=0, atol=1e-6)
    assert both[0][1] == pytest.approx(both[1][1], rel=1e-5)


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_an_image_that_is_lost_on_the_way_is_named(make: Make, pictures: Path, split: str) -> None:
    made = make("stream")
    lost = Path(getattr(made.dataset, split).x.files[3])
    lost.unlink()
    work = {"test": lambda: predict_split(made.model, made.targets, made.dataset, made.dataset.test)}
    with pytest.raises(DataError, match=f"{lost.name} cannot be decoded: No such file"):
        work.get(split, lambda: made.run(Quiet()))()
