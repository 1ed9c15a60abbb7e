from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnctl.diagnosis import Facts
from nnctl.diagnosis.rules.index import RULES


@pytest.mark.parametrize(
    ("metric", "monitor", "mode", "heard"),
    [
        ("f1_score", "val_f1_score", "min", True),
        ("fbeta_score", "val_fbeta_score", "min", True),
        ("cosine_similarity", "cosine_similarity", "min", True),
        ("{f1_score: {name: quality}}", "val_quality", "min", True),
        ("kl_divergence", "val_kl_divergence", "max", True),
        ("{f1_score: {name: error}}", "val_error", "max", False),
        ("fbeta_score", "val_fbeta_score", "max", False),
        ("fbeta_score", "val_loss", "min", False),
    ],
)
def test_a_number_is_watched_the_wrong_way_by_what_it_is_and_not_by_its_name(
    facts: Callable[..., Facts], metric: str, monitor: str, mode: str, heard: bool
) -> None:
    found = facts(f"train.metrics=[{metric}]", f"train.monitor={monitor}", f"train.mode={mode}")
    assert bool(list(RULES["C12"].apply(found))) == heard


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("monitor: val_acc, mode: min", "the rate falls unless val_accuracy falls"),
        ("mode: max", "the rate falls unless val_loss grows"),
        ("monitor: val_acc, mode: max", None),
        ("monitor: val_acc", None),
    ],
)
def test_a_plateau_watches_the_right_way_as_well(
    facts: Callable[..., Facts], arguments: str, found: str | None
) -> None:
    rate = f"train.learning_rate={{reduce_lr_on_plateau: {{initial_learning_rate: 0.1, {arguments}}}}}"
    told = list(RULES["C12"].apply(facts("train.metrics=[accuracy]", rate)))
    assert [each.found for each in told] == ([] if found is None else [found])
    assert all(each.path == ("train", "learning_rate", "mode") for each in told)


@pytest.mark.parametrize(("share", "own", "heard"), [
    ("none", False, True), ("0.2", False, False), ("none", True, False), ("0.2", True, False),
])  # fmt: skip
def test_validation_is_where_the_spec_or_the_data_have_it(
    facts: Callable[..., Facts], tmp_path: Path, share: str, own: bool, heard: bool
) -> None:
    x, y = np.random.default_rng(0).random((40, 8, 8), np.float32), np.arange(40) % 10
    np.savez(tmp_path / "own.npz", x_train=x, y_train=y, **({"x_val": x, "y_val": y} if own else {}))
    settings = ("data.source=npz", f"data.path={tmp_path}/own.npz", f"data.validation={share}")
    stopping = facts(*settings, "train.early_stopping=3")
    assert bool([one for one in RULES["C05"].apply(stopping) if "without validation" in one.found]) == heard
    # What watches validation is proposed where there is one.
    (large,) = RULES["A14"].apply(facts(*settings, "model.layers=[flatten, {dense: 3000}, {dense: 10}]"))
    assert (large.fix is None) == heard


def test_a_folder_of_validation_images_is_validation(facts: Callable[..., Facts], tmp_path: Path) -> None:
    for split in ("train", "val"):
        for name in ("cat", "dog"):
            (tmp_path / split / name).mkdir(parents=True)
            Image.new("L", (8, 8), 90).save(tmp_path / split / name / "a.png")
    layers = "model.layers=[flatten, {dense: {units: 2, activation: softmax}}]"
    found = facts(
        "data.source=images", f"data.path={tmp_path}", "data.validation=none", "train.early_stopping=3", layers
    )
    assert list(RULES["C05"].apply(found)) == []
