import pytest

from nnctl.cli.options import merge_overrides, parse_size
from nnctl.errors import UsageError


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [
        (None, None),
        ("512", 512),
        ("1KB", 1024),
        ("1.5 MiB", 1_572_864),
        ("4gb", 4 * 2**30),
        ("2T", 2 * 2**40),
        ("8B", 8),
    ],
)
def test_a_size_is_a_number_of_bytes(text: str | None, bytes_: int | None) -> None:
    assert parse_size(text, "--max-memory") == bytes_


@pytest.mark.parametrize("text", ["", "many", "0", "0GB", "-1GB", "1e9", "4 GBs", "1PB", "1" * 13])
def test_what_is_no_size_is_said_with_its_flag(text: str) -> None:
    with pytest.raises(UsageError, match=r"--max-memory is '.*', expected a size"):
        parse_size(text, "--max-memory")


def test_flags_stand_behind_what_is_set_and_those_not_given_nowhere() -> None:
    flags = {"epochs": ("train.epochs", 3), "seed": ("seed", None), "name": ("name", "mine")}
    assert merge_overrides(["train.epochs=9", "seed=1"], flags) == [
        ("--set", "train.epochs=9"),
        ("--set", "seed=1"),
        ("--epochs", "train.epochs=3"),
        ("--name", "name=mine"),
    ]
    assert merge_overrides(None) == []
