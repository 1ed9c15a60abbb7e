from collections.abc import Callable

import pytest

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
