import inspect

import keras
import pytest

from nnctl.engine.catalogue import format_catalogue, join_catalogue
from nnctl.engine.catalogue.reviewed import read_reviews
from nnctl.spec.catalogue.entries import PATH
from nnctl.spec.catalogue.kinds import FAMILIES

MODULES = {
    "layer": keras.layers,
    "optimizer": keras.optimizers,
    "loss": keras.losses,
    "metric": keras.metrics,
    "schedule": keras.optimizers.schedules,
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
}
NO_ACTIVATIONS = {"deserialize", "get", "serialize"}


def test_the_file_is_what_this_keras_and_the_reviewed_table_give() -> None:
    assert PATH.read_text(encoding="utf-8") == format_catalogue(), "run `make catalogue`, and look at what it changed"


def test_the_catalogue_has_every_family() -> None:
    made = join_catalogue()
    assert made["keras"] == keras.__version__
    assert set(made["families"]) == set(made["excluded"]) == set(read_reviews()) == set(FAMILIES)
    assert all(list(family) == sorted(family) for family in made["families"].values())


@pytest.mark.parametrize("family", MODULES)
def test_every_class_that_keras_exports_is_offered_or_excluded(family: str) -> None:
    made = join_catalogue()
    exported = {thing for _, thing in inspect.getmembers(MODULES[family], inspect.isclass)}
    offered = [entry["class"] for entry in made["families"][family].values() if entry["class"]]
    listed = [getattr(MODULES[family], name) for name in [*offered, *made["excluded"][family]]]
    assert set(listed) == exported
    assert len(listed) == len(exported)


def test_every_activation_that_keras_exports_is_offered_or_excluded() -> None:
    made = join_catalogue()
    exported = {name for name, _ in inspect.getmembers(keras.activations, inspect.isfunction)} - NO_ACTIVATIONS
    activations = made["families"]["activation"]
    offered = {spelling for name, entry in activations.items() for spelling in (name, *entry["aliases"])}
    assert exported == (offered & exported) | set(made["excluded"]["activation"])
    assert all(callable(keras.activations.get(entry["class"])) for entry in activations.values())


@pytest.mark.parametrize("family", FAMILIES)
def test_every_reason_completes_its_sentence(family: str) -> None:
    made = join_catalogue()
    withheld = [reason for entry in made["families"][family].values() for reason in entry["withheld"].values()]
    reasons = [*made["excluded"][family].values(), *withheld]
    assert [reason for reason in reasons if reason.endswith(".") or reason[:2] == "It"] == []
