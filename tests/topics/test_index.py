import subprocess
import sys
from pathlib import Path

import pytest

from nnctl.errors import UsageError
from nnctl.topics import find_shelf, find_topics, list_shelves


def said(*words: str) -> str:
    with pytest.raises(UsageError) as caught:
        find_topics(words)
    (problem,) = caught.value.problems
    assert problem.code == "unknown-topic"
    return problem.hint or ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dense", ["layer dense"]),
        ("Conv2D", ["layer conv2d"]),
        ("momentum", ["term momentum"]),
        ("softmax", ["layer softmax", "activation softmax"]),
        ("activation softmax", ["activation softmax"]),
        ("layers.softmax", ["layer softmax"]),
        ("mse", ["loss mean_squared_error", "metric mean_squared_error"]),
        ("metric mse", ["metric mean_squared_error"]),
        ("max pooling2d", ["layer max_pooling2d"]),
        ("ADAM", ["optimizer adam"]),
        ("metrics", ["guide metrics"]),
        ("train.metrics", ["key train.metrics"]),
        ("learning rate", ["guide learning-rate"]),
        ("train.optimizer.sgd.momentum", ["argument sgd.momentum"]),
        ("train.optimizer.adam", ["optimizer adam"]),
        ("model.layers.1.dense.units", ["argument dense.units"]),
        ("train.learning_rate.cosine_decay", ["schedule cosine_decay"]),
        ("EarlyStopping", ["key train.early_stopping"]),
        ("ReduceLROnPlateau", ["schedule reduce_lr_on_plateau"]),
        ("data.source.csv.label", ["argument csv.label"]),
        ("bad-shape", ["error bad-shape"]),
        ("unknown-layer", ["error unknown-layer"]),
        ("key name", ["key name"]),
        ("train.early_stopping.patience", ["key train.early_stopping.patience"]),
    ],
)
def test_what_is_meant_is_found(words: str, found: list[str]) -> None:
    assert [f"{topic.kind} {topic.name}" for topic in find_topics(words.split())] == found


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("sofmax", "did you mean 'softmax'"),
        ("drpout", "did you mean 'dropout'"),
        ("overfiting", "did you mean 'overfitting'"),
        ("train.epoch", "did you mean 'train.epochs'"),
        ("unknown-keys", "did you mean 'unknown-key'"),
        ("adma", "did you mean 'adam'"),
        ("lambda", "which a spec cannot hold: it runs code of its own"),
        ("MultiHeadAttention", "takes a query and a value as two inputs"),
        ("kernel_size", "`nnctl explain conv2d.kernel_size`"),
        ("beta_1", "`nnctl explain adam.beta_1`"),
        ("xyzzy", "`nnctl list` shows what there is"),
        ("", "`nnctl list` shows what there is"),
    ],
)
def test_what_is_not_found_names_what_is_near(words: str, hint: str) -> None:
    assert hint in said(*words.split())


def test_every_name_on_every_shelf_has_its_topic() -> None:
    for each in list_shelves():
        for name in each.names():
            topic = each.topic(name)
            assert topic is not None, name
            assert (topic.kind, topic.name) == (each.noun, name)
            assert topic.what
        assert set(each.names()) <= set(each.spellings())


def test_a_shelf_goes_by_its_plural_and_its_singular() -> None:
    assert find_shelf("loss") is find_shelf("losses")
    with pytest.raises(UsageError) as caught:
        find_shelf("layerz")
    assert (caught.value.problems[0].code, caught.value.problems[0].hint) == ("unknown-kind", "did you mean 'layers'?")


def test_no_page_needs_numpy() -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\nfrom nnctl.topics import find_topics\n"
        "find_topics(['dense']), find_topics(['cnn'])"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
