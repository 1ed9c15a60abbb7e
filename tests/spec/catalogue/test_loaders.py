import pytest

from nnctl.data.sources import SOURCES
from nnctl.spec.catalogue.loaders import OWNERS, find_owner, suggest_option, suggest_source


@pytest.mark.parametrize(
    ("written", "told", "meant"),
    [
        ("my.csv", "{csv: {label: ...}}, path: my.csv", None),
        ("a/b.npz", "source: npz", None),
        ("pictures/", "source: images", None),
        ("keras.datasets.mnist.load_data()", "'mnist'", "mnist"),
        ("torchvision.datasets.FashionMNIST(root='./data', train=True)", "'fashion_mnist'", "fashion_mnist"),
        ("load_iris", "'iris'", "iris"),
        ("sklearn.datasets.load_breast_cancer()", "'breast_cancer'", "breast_cancer"),
        ("make_moons(n_samples=200)", "'moons'", "moons"),
        ("MNIST", "None", None),
        ("imdb", "None", None),
    ],
)
def test_what_is_no_source_is_told_as_one(written: str, told: str, meant: str | None) -> None:
    hint, found = suggest_source(written, tuple(SOURCES))
    assert told in str(hint)
    assert found == meant


def test_without_names_the_last_word_of_a_loader_is_the_source() -> None:
    assert suggest_source("tf.keras.datasets.cifar10") == ("write `data: {source: cifar10}`", None)


@pytest.mark.parametrize(
    ("name", "meant"), [("sep", "delimiter"), ("target", "label"), ("delimeter", "delimiter"), ("zzz", None)]
)
def test_an_option_elsewhere_is_led_to_the_sources_own(name: str, meant: str | None) -> None:
    assert suggest_option(name, SOURCES["csv"].options)[1] == meant


def test_each_option_is_one_of_the_source_that_is_named() -> None:
    for option, source in OWNERS.items():
        assert option in SOURCES[source].options
    assert (find_owner("target"), find_owner("image_size"), find_owner("path")) == (
        ("csv", "label"), ("images", "size"), None,
    )  # fmt: skip
