"""What a look at labels refuses, training refuses, with the same problem."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnctl.data import find_label_problems, load, look_at_labels, peek, silent
from nnctl.data.memory.limit import Limit
from nnctl.errors import NnctlError, Problem
from nnctl.spec import Spec, load_spec

TABLE = "data: {{source: {{csv: {{label: y}}}}, path: t.csv, {more}}}\n"
ARRAYS = "data: {{source: npz, path: a.npz, {more}}}\n"
REST = """\
model: {{layers: [flatten, dense: {{units: {units}, activation: {end}}}]}}
train: {{loss: {loss}, optimizer: adam, epochs: 1{train}}}
"""
Look = Callable[..., Spec]


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Reads a spec in the test's folder, which is the current one."""
    monkeypatch.chdir(tmp_path)

    def spec(
        data: str, units: int = 3, loss: str = "sparse_categorical_crossentropy", end: str = "softmax", more: str = "",
        train: str = "",
    ) -> Spec:  # fmt: skip
        text = data.format(more=more or "test: 0.25") + REST.format(units=units, end=end, loss=loss, train=train)
        path = tmp_path / "spec.yaml"
        path.write_text(text)
        return load_spec(path, (), peek)

    return spec


def write_table(labels: list[str], name: str = "t.csv") -> None:
    rows = [f"{i},{'ab'[i % 2]},{label}" for i, label in enumerate(labels)]
    Path(name).write_text("\n".join(["x,c,y", *rows, ""]))


def refused(spec: Spec) -> tuple[Problem, ...]:
    """What training refuses."""
    try:
        dataset = load(spec.data, silent)
    except NnctlError as error:
        return error.problems
    return tuple(find_label_problems(dataset.plan(spec), dataset.class_names, dataset.train.weight is not None))


def compare(spec: Spec, code: str) -> None:
    """Holds that a look and training refuse a spec alike."""
    with pytest.raises(NnctlError) as caught:
        look_at_labels(spec)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.problems == refused(spec)


@pytest.mark.parametrize(
    ("labels", "options", "code"),
    [
        ("uvw" * 8, {"units": 2}, "outputs"),  # beside a column of categories, so that the input's width is not known
        ("uvw" * 8, {"train": ", class_weight: {z: 2.0}"}, "class-weight"),
        ("uvw" * 7 + "uv ", {}, "missing-value"),
        ("u" * 24, {}, "one-class"),
        ("uvw" * 2, {"more": "test: 0.9"}, "empty-class"),
        ("uvw" * 8, {"loss": "categorical_crossentropy", "more": "labels: integer, test: 0.25"}, "loss-and-labels"),
        ("uvw" * 8, {"more": "labels: raw, test: 0.25"}, "bad-labels"),
    ],
)
def test_a_table_is_refused_as_training_refuses_it(
    spec: Look, labels: str, options: dict[str, object], code: str
) -> None:
    write_table([label.strip() for label in labels])
    compare(spec(TABLE, **options), code)


def test_a_class_in_test_alone_is_refused(spec: Look) -> None:
    write_table(list("uvw" * 8))
    write_table(list("uvz"), "other.csv")
    compare(spec(TABLE, more="test: other.csv"), "unseen-class")


@pytest.mark.parametrize(
    ("y", "options", "code"),
    [
        ([0, 1, 4] * 8, {}, "outputs"),
        ([0, 1, -1] * 8, {}, "negative-label"),
        ([0.0, 1.5, 2.0] * 8, {}, "fractional-label"),
        (np.eye(4)[[0, 1, 2, 3] * 6], {}, "outputs"),
        ([0, 1, 2] * 8, {"train": ", class_weight: {7: 2.0}"}, "class-weight"),
    ],
)
def test_arrays_are_refused_as_training_refuses_them(
    spec: Look, y: object, options: dict[str, object], code: str
) -> None:
    np.savez("a.npz", x=np.zeros((24, 2), np.float32), y=np.array(y))
    compare(spec(ARRAYS, **options), code)


def test_weights_of_examples_are_looked_at(spec: Look) -> None:
    x, y = np.zeros((24, 2), np.float32), np.arange(24) % 3
    np.savez("a.npz", x=x, y=y, sample_weight=np.ones(24))
    compare(spec(ARRAYS, train=", class_weight: balanced"), "contradiction")


def test_files_of_idx_and_folders_of_images_are_looked_at(spec: Look) -> None:
    for name, axes, content in (("images", (24, 2, 2), bytes(96)), ("labels", (24,), bytes([0, 1, 5] * 8))):
        header = struct.pack(f">BBBB{len(axes)}I", 0, 0, 8, len(axes), *axes)
        Path(f"train-{name}.gz").write_bytes(gzip.compress(header + content))
    compare(spec("data: {{source: idx, path: train-images.gz, {more}}}\n"), "outputs")
    for folder in ("train/a", "train/b", "test/a", "test/z"):
        Path("i", folder).mkdir(parents=True)
        for number in range(2):
            Image.new("L", (3, 3)).save(Path("i", folder, f"{number}.png"))
    compare(spec("data: {{source: images, path: i, {more}}}\n", units=2, more="validation: null"), "unseen-class")


def test_what_training_takes_is_known_as_training_knows_it(spec: Look) -> None:
    np.savez("a.npz", x=np.ones((24, 2), np.float32), y=np.arange(24) % 3)
    wanted = spec(ARRAYS, more="test: 0.25, validation: 0.25")
    seen = look_at_labels(wanted)
    assert seen.not_checked == ()
    assert seen.plan.facts == load(wanted.data, silent).facts
    assert refused(wanted) == ()


def test_more_than_may_be_read_is_said_and_not_refused(spec: Look) -> None:
    write_table(["u"] * 24)
    np.savez("a.npz", x=np.zeros((24, 2), np.float32), y=np.full(24, -1))
    for data in (TABLE, ARRAYS):
        (told,) = look_at_labels(spec(data), Limit(size=10)).not_checked
        assert told.startswith("the labels: ")
        assert "at most" in told
    (told,) = look_at_labels(spec(TABLE), Limit(seconds=-1)).not_checked
    assert "within" in told


def test_what_a_spec_leaves_out_a_look_leaves_out_and_says_what_training_alone_finds(spec: Look) -> None:
    write_table(["u", "", *"uvw" * 8])
    compare(spec(TABLE), "missing-value")
    wanted = spec(TABLE, more="skip: {unlabelled: true}")
    assert look_at_labels(wanted).plan.facts.train == load(wanted.data, silent).facts.train
    np.savez("a.npz", x=np.ones((26, 2), np.float32), y=np.array([0, np.nan, *[0, 1, 2] * 8]))
    compare(spec(ARRAYS), "not-finite")
    wanted = spec(ARRAYS, more="skip: {unlabelled: true}")
    assert look_at_labels(wanted).plan.facts == load(wanted.data, silent).facts
    for folder in ("a", "b"):
        Path("i", folder).mkdir(parents=True)
        for number in range(6):
            Image.new("L", (3, 3)).save(Path("i", folder, f"{number}.png"))
    Path("i/a/0.png").write_bytes(b"broken")
    seen = look_at_labels(spec("data: {{source: images, path: i, {more}}}\n", units=2, more="skip: {unreadable: true}"))
    assert seen.not_checked == ("which pictures `skip` leaves out: training decodes them all",)
    assert seen.plan.facts.train is None
