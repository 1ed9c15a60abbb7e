from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.api.fixing import find_fixed, mend, write_mended
from nnctl.errors import UsageError

Write = Callable[..., Path]
RIGHT = """\
# kept: a comment of its own
name: tiny
seed:   3   # kept: so is its layout
data: {source: digits, validation: 0.2}
model:
  layers:
    - flatten
    - dense: {units: 16, activation: relu}
    - dense: {units: 10, activation: softmax}
train:
  loss: categorical_crossentropy
  optimizer: adam
  learning_rate: 0.01
  batch_size: 32
  epochs: 20
  metrics: [accuracy]
"""
SLIPS = {
    "flatten": ("flaten", "unknown-layer"),
    "- dense: {units: 16": ("- dens: {units: 16", "unknown-layer"),
    "activation: relu": ("activation: rleu", "unknown-activation"),
    "categorical_crossentropy": ("categorical_crosentropy", "unknown-loss"),
    "source: digits": ("sorce: digits", "unknown-key"),
    "optimizer: adam": ("optimiser: adam", "unknown-key"),
    "units: 10, activation": ("units: 10, activaton", "unknown-key"),
    "[accuracy]": ("[acuracy]", "unknown-metric"),
    "units: 16": ('units: "16"', "bad-value"),
    "batch_size: 32": ("batch_size: 3.2e1", "bad-value"),
    "units: 10": ("units: 9", "outputs"),
    "digits,": ("digts,", "unknown-source"),
}


@pytest.mark.parametrize("right", SLIPS)
def test_one_slip_is_mended_to_what_stood_there(write: Write, right: str) -> None:
    wrong, code = SLIPS[right]
    mended = mend(write(RIGHT.replace(right, wrong, 1)))
    assert (mended.after.text, mended.problems) == (RIGHT, ())
    assert [edit.code for edit in mended.edits] == [code]


def test_all_at_once_leave_comments_and_layout_and_come_in_the_order_of_the_file(write: Write) -> None:
    text = RIGHT
    for right, (wrong, _) in list(SLIPS.items())[:8]:
        text = text.replace(right, wrong, 1)
    mended = mend(write(text))
    assert mended.after.text == RIGHT
    assert len(mended.edits) == 8
    lines = [edit.line for edit in mended.edits]
    assert None not in lines
    assert all(edit.diff.count("\n") == 1 for edit in mended.edits)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("activation: relu", "activation: xelu"),  # elu, relu, selu, celu, gelu
        ("- flatten", "- conv4d: {filters: 3, kernel_size: 2}"),  # another digit is another layer
        ("units: 16", "units: '1,600'"),  # a thousand to some
        ("[accuracy]", "[acuracies]"),  # not a slip of one letter
        ("train:", "trian: {}\ntrain:"),  # mended, it would stand twice
        ("epochs: 20", "epochs: 0"),
    ],
)
def test_what_may_be_meant_otherwise_is_left_and_told(write: Write, right: str, wrong: str) -> None:
    text = RIGHT.replace(right, wrong, 1)
    mended = mend(write(text))
    assert (mended.edits, mended.after.text, mended.diff) == ((), text, "")
    assert mended.problems
    assert mended.spec is mended.diagnosis is None


def test_what_stands_in_a_base_or_behind_a_reference_is_left(write: Write) -> None:
    write(RIGHT.replace("adam", "adm"), name="base.yaml")
    mended = mend(write("base: base.yaml\nname: other\n", name="above.yaml"))
    assert (mended.edits, [each.code for each in mended.problems]) == ((), ["unknown-optimizer"])
    text = RIGHT.replace("activation: relu", "activation: '${vars.kind}'") + "vars: {kind: rleu}\n"
    mended = mend(write(text))
    assert (mended.edits, [each.code for each in mended.problems]) == ((), ["unknown-activation"])


def test_the_edit_of_a_finding_is_made_where_it_is_the_only_one(write: Write) -> None:
    mended = mend(write(RIGHT.replace("0.01", "5.0")))
    assert [edit.code for edit in mended.edits] == ["C01"]
    assert "learning_rate: 0.001\n" in mended.after.text
    assert mended.diagnosis is not None
    assert not mended.diagnosis.bad


def test_a_finding_with_two_edits_that_would_do_is_left(write: Write) -> None:
    mended = mend(write(RIGHT.replace("softmax", "linear")))
    assert (mended.edits, mended.diagnosis is not None and mended.diagnosis.bad) == ((), True)


def test_a_byte_order_mark_and_line_ends_stay(tmp_path: Path) -> None:
    path, right = tmp_path / "spec.yaml", RIGHT.replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + right.replace("flatten", "flaten").encode())
    fixed = write_mended(mend(path).after.written, path)
    assert fixed.read_bytes() == b"\xef\xbb\xbf" + right.encode()


def test_the_mended_spec_stands_beside_and_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    fixed = write_mended("a: 1\n", path)
    assert fixed == find_fixed(path) == tmp_path / "spec.fixed.yaml"
    assert write_mended("a: 1\n", path) == fixed
    with pytest.raises(UsageError, match="holds something else"):
        write_mended("a: 2\n", path)
    assert fixed.read_text() == "a: 1\n"
    fixed.unlink()
    fixed.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="holds something else"):
        write_mended("a: 2\n", path)
    with pytest.raises(UsageError, match="cannot be written"):
        write_mended("a: 2\n", tmp_path / "spec.fixed.yaml" / "inner.yaml")
