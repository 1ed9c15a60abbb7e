import json
import math
import os
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnctl.spelling import (
    dump_json,
    find_certain,
    find_nearest,
    format_names,
    is_run_name,
    limit,
    make_run_name,
    quote_formula,
)


def test_the_nearest_name_forgives_a_typo_and_case() -> None:
    assert find_nearest("kernal_size", ["kernel_size", "strides"]) == "kernel_size"
    assert find_nearest("SOFTMAX", ["softmax", "relu"]) == "softmax"
    assert find_nearest("zzz", ["softmax", "relu"]) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dens", "dense"),  # one too few
        ("densse", "dense"),
        ("dence", "dense"),
        ("desne", "dense"),  # two exchanged
        ("Learning-Rate", "learning_rate"),
        ("xelu", None),  # elu and relu
        ("conv4d", None),
        ("conv1", "conv1d"),
        ("de", None),
        ("dnees", None),  # two slips
        ("something else", None),
    ],
)
def test_a_slip_is_certain_where_one_name_is_one_letter_away(written: str, meant: str | None) -> None:
    assert find_certain(written, ["dense", "learning_rate", "elu", "relu", "conv1d", "conv2d"]) == meant


@given(st.sampled_from(["dense", "flatten", "softmax", "batch_size"]), st.integers(0, 9), st.sampled_from("qxz"))
def test_every_single_slip_of_a_name_far_from_others_is_certain(name: str, place: int, letter: str) -> None:
    at = place % len(name)
    slips = [name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :]]
    slips += [name[:at] + name[at + 1] + name[at] + name[at + 2 :]] if at + 1 < len(name) else []
    names = ["dense", "flatten", "softmax", "batch_size"]
    assert [find_certain(slip, names) for slip in slips] == [name] * len(slips)


def test_long_lists_are_cut() -> None:
    assert format_names(["a", "b"]) == "'a', 'b'"
    assert format_names([str(index) for index in range(2000)], 2) == "'0', '1' and 1,998 more"


@pytest.mark.parametrize(
    "cell", ["=cmd()", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "-", "--1"]
)
def test_a_cell_that_a_spreadsheet_would_compute_is_a_text(cell: str) -> None:
    assert quote_formula(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-1", "+2.5e-3", "-inf", "a=b", "cat", "'x", "1-1", "nan"])
def test_any_other_cell_is_what_it_is(cell: str) -> None:
    assert quote_formula(cell) == cell


@given(st.text())
def test_json_for_a_file_prints_and_is_read_as_it_was(text: str) -> None:
    told = dump_json({text: [text, 1.5, None]}, indent=2)
    assert all(line.isprintable() for line in told.split("\n"))
    assert json.loads(told) == {text: [text, 1.5, None]}
    assert "ü" in dump_json("ü")
    with pytest.raises(ValueError, match="JSON"):
        dump_json(math.nan, allow_nan=False)


def test_of_many_sentences_the_first_are_told():
    sentences = [f"column {at} is empty" for at in range(12)]
    assert limit(sentences[:8], "columns are empty") == tuple(sentences[:8])
    assert limit(sentences, "columns are empty") == (*sentences[:8], "and 4 more columns are empty")
    assert limit([], "columns are empty") == ()


@pytest.mark.parametrize("name", ["企鹅", "mnist-mlp", "पेंगुइन", "пингвин_2", "Größe.1", "ペンギン", "7"])
def test_a_run_is_called_in_any_script(name: str) -> None:
    assert is_run_name(name)
    assert make_run_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "latest", "../etc", "a b", "-rf", ".", "a/b", "a$b", "a;b", "a*", "a\n", "~a", "a\u202eb", "a\u200bb", "=1", "企 鹅",
     "n" * 65, "𠀀" * 60, "a\ud800", "，a"],
)  # fmt: skip
def test_what_a_shell_or_a_disk_may_stumble_over_names_no_run(name: str) -> None:
    assert not is_run_name(name)
    assert is_run_name(make_run_name(name))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_every_text_makes_a_name(text: str) -> None:
    assert is_run_name(make_run_name(text))


@given(name=st.text(max_size=70).map(make_run_name))
@settings(max_examples=20, deadline=None)
def test_a_name_is_one_word_of_a_shell_and_a_folder_on_a_disk(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    heard = subprocess.run(["bash", "-c", f"printf %s {name}"], capture_output=True, check=True)
    assert heard.stdout.decode() == name
    folder = tmp_path_factory.mktemp("runs") / f"20260101-000000-{name}-abcd"
    folder.mkdir()
    assert os.listdir(folder.parent) == [folder.name]  # noqa: PTH208
