import numpy as np
import pytest

from nnctl.data import SOURCES, decide_scaling, load, peek

TOYS = ["blobs", "moons", "circles", "xor", "spirals", "line", "sine", "friedman", "venn"]


def silent(label, fraction):
    pass


@pytest.mark.parametrize("name", TOYS)
def test_what_a_look_tells_is_what_is_drawn(section, name):
    for options in ({}, {"samples": 200, "noise": 0.5}):
        data = section(name, options)
        facts, found = peek(data), load(data, silent)
        assert (facts.shape, facts.dtype) == (found.train.x.shape[1:], found.train.x.dtype.name)
        assert (facts.task, facts.outputs, facts.train) == (found.task, found.outputs, len(found.train))
        assert decide_scaling(data, found).kind == "standard"


@pytest.mark.parametrize("name", ["blobs", "spirals"])
def test_classes_can_be_chosen(section, name):
    for classes, task in ((2, "binary"), (5, "multiclass")):
        data = section(name, {"classes": classes})
        found = load(data, silent)
        assert (peek(data).task, peek(data).outputs) == (found.task, found.outputs) == (task, classes)
        assert found.class_names == tuple(map(str, range(classes)))


@pytest.mark.parametrize("name", TOYS)
def test_points_are_those_of_the_split_seed(section, name):
    first, again, other = (load(section(name, split_seed=seed), silent) for seed in (0, 0, 1))
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert np.isfinite(first.train.x).all()


def test_sequences_are_whole_numbers_of_a_length_that_can_be_chosen(section):
    for options, length in (({}, 20), ({"length": 7, "samples": 40}, 7)):
        data = section("temporal_order", options)
        facts, found = peek(data), load(data, silent)
        assert (facts.shape, facts.dtype) == (found.train.x.shape[1:], found.train.x.dtype.name) == ((length,), "int32")
        assert (facts.task, facts.outputs, facts.train) == (found.task, found.outputs, len(found.train))
        assert found.class_names == ("XX", "XY", "YX", "YY")
        assert decide_scaling(data, found).kind == "none"


def test_several_labels_have_names(section):
    found = load(section("venn"), silent)
    assert (found.task, found.outputs, found.class_names) == ("multilabel", 3, ("A", "B", "C"))


@pytest.mark.parametrize("options", [{"samples": 9}, {"samples": 1.5}, {"noise": -1}, {"classes": 1}])
def test_options_out_of_range(section, refused, options):
    refused("bad-value", peek, section("blobs", options))


def test_they_read_no_file(section, refused, tmp_path):
    assert not any(SOURCES[name].takes_path for name in TOYS)
    refused("unused-path", peek, section("moons", path=tmp_path))
