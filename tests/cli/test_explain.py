import json
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

Nnctl = Callable[..., CompletedProcess[str]]


def test_a_page_says_what_when_how_and_where_from(nnctl: Nnctl) -> None:
    done = nnctl("explain", "conv2d")
    assert (done.returncode, done.stderr) == (0, "")
    heads = ["conv2d  layer", "When to use it", "Example", "Arguments", "Source"]
    assert [line for line in done.stdout.splitlines() if line in heads] == heads
    assert "  filters  a whole number of at least 1; must be given" in done.stdout
    assert "and, as all of its kind: name, trainable, dtype" in done.stdout
    assert "keras.layers.Conv2D" in done.stdout


def test_two_things_of_one_name_are_both_shown(nnctl: Nnctl) -> None:
    done = nnctl("explain", "softmax")
    assert done.returncode == 0
    assert done.stdout.index("softmax  layer") < done.stdout.index("softmax  activation")
    assert "`nnctl explain activation softmax`" in done.stderr
    one = nnctl("explain", "activation", "softmax")
    assert ("softmax  layer" in one.stdout, one.stderr) == (False, "")


def test_json_is_a_list_of_topics(nnctl: Nnctl) -> None:
    done = nnctl("explain", "--json", "dropout")
    (topic,) = json.loads(done.stdout)["topics"]
    assert (topic["kind"], topic["name"], topic["rows"][0]["name"]) == ("layer", "dropout", "rate")


@pytest.mark.parametrize("words", [["dropuot"], ["layer", "dropuot"], ["lambda"], ["kernel_size"], ["[red]"]])
def test_what_is_not_there_exits_2_with_a_hint(words: list[str], nnctl: Nnctl) -> None:
    done = nnctl("explain", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("unknown-topic: there is no topic")
    assert len(done.stderr.splitlines()) == 2
