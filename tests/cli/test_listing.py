import json
from collections.abc import Callable
from subprocess import CompletedProcess

from nnctl.spec import catalogue
from nnctl.topics import list_shelves

Nnctl = Callable[..., CompletedProcess[str]]


def test_without_a_kind_the_kinds_are_listed(nnctl: Nnctl) -> None:
    done = nnctl("list")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == [shelf.name for shelf in list_shelves()]
    told = json.loads(nnctl("list", "--json").stdout)
    assert {each["kind"]: each["topics"] for each in told["kinds"]}["layers"] == len(catalogue.list_names("layer"))


def test_a_kind_is_a_line_each_under_its_groups(nnctl: Nnctl) -> None:
    done = nnctl("list", "layers")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    named = [line.split()[0] for line in lines if "  " in line.strip()]
    assert sorted(named) == sorted(catalogue.list_names("layer"))
    assert "convolution" in lines
    assert lines.index("convolution") < next(i for i, line in enumerate(lines) if line.startswith("conv2d "))


def test_every_kind_can_be_listed_both_ways(nnctl: Nnctl) -> None:
    for shelf in list_shelves():
        done = nnctl("list", shelf.noun, "--json")
        assert [each["name"] for each in json.loads(done.stdout)["topics"]] == list(shelf.names())


def test_a_kind_that_is_none_exits_2(nnctl: Nnctl) -> None:
    done = nnctl("list", "optimiser")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'optimizers'?" in done.stderr
