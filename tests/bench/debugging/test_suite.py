"""The suite is what it says: large enough, split by its rule, and every fault shown to hurt."""

from functools import cache

import yaml

from tests.bench.debugging import arrays, planting, proof, suite
from tests.bench.debugging.suite import Case


@cache
def cases() -> list[Case]:
    return suite.cases()


def split() -> list[Case]:
    return [case for case in cases() if case.kind == "fault" and case.half != "blind"]


def healthy() -> list[Case]:
    return [case for case in cases() if case.kind == "healthy"]


def test_it_is_as_large_as_promised() -> None:
    families = {case.family for case in split()}
    assert len(families) >= 24
    assert len(split()) == 3 * len(families) >= 72
    assert len(healthy()) >= 60
    assert sum(bool(case.trips) for case in healthy()) >= 20
    assert len({case.name for case in cases()}) == len(cases())


def test_the_held_half_is_chosen_by_the_rule_alone() -> None:
    aside = suite.held({case.family for case in split()})
    assert {case.family for case in split() if case.half == "held"} == aside
    extra = {case.name for case in healthy() if case.half != "blind"} - set(suite.parents())
    assert {case.name for case in healthy() if case.half == "held"} == suite.held(extra)


def test_every_case_is_proved_as_it_stands_today() -> None:
    proofs, unproved = proof.read(), []
    for case in cases():
        shown = proofs.get(case.name)
        today = proofs["scores"].get(proof.key_of(case.text))
        if shown is None or not shown["holds"] or today is None or today["scores"] != shown["scores"]:
            unproved.append(case.name)
    assert unproved == []


def test_a_fault_is_its_parent_but_for_the_edits() -> None:
    parent = {"data": {"source": "digits"}, "layers": ["flatten", {"dense": {"units": 3}}], "train": {"loss": "mse"}}
    edits = [("layers.1.dense.units", 4), ("+layers.1", {"dropout": 0.5}), ("-layers.0", None), ("train.loss", "mae")]
    faulty = planting.planted(parent, edits)
    assert faulty["layers"] == [{"dropout": 0.5}, {"dense": {"units": 4}}]
    assert faulty["train"] == {"loss": "mae"}
    assert parent["layers"][0] == "flatten"
    told = yaml.safe_load(planting.written("x", faulty))
    assert told["model"]["layers"] == faulty["layers"]
    assert told["data"] == faulty["data"]


def test_files_of_data_are_the_same_each_time_and_differ_by_their_fault_alone() -> None:
    one, other, leak = arrays.make("sensors"), arrays.make("sensors"), arrays.make("sensors-leak")
    assert all((one[key] == other[key]).all() for key in one)
    assert (leak["x_train"][:, :10] == one["x_train"]).all()
    assert leak["x_train"].shape[1] == 11
    rolled = arrays.make("sensors-rolled")
    assert (rolled["x_train"] == one["x_train"]).all()
    assert (rolled["y_train"] != one["y_train"]).any()
    assert (rolled["y_test"] == one["y_test"]).all()


def test_a_sample_is_fixed_and_holds_both_kinds() -> None:
    chosen = suite.sample(cases(), 24)
    assert chosen == suite.sample(list(reversed(cases())), 24)
    assert {case.kind for case in chosen} == {"fault", "healthy", "program"}
