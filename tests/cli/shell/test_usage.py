from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Nnctl = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize(
    ("words", "head", "hint"),
    [
        ("train x.yaml --lr 0.1", "nnctl train has no option '--lr'", "`--set train.learning_rate=0.1` sets it; `nnctl train --"),
        ("train x.yaml -lr=0.1", "nnctl train has no option '-lr'", "`--set train.learning_rate=0.1` sets it"),
        ("check x.yaml --epochs 3", "nnctl check has no option '--epochs'", "`--set train.epochs=3` sets it"),
        ("train x.yaml --epoch 3", "nnctl train has no option '--epoch'", "did you mean `--epochs`? `nnctl train"),
        ("train x.yaml --max_time 3", "nnctl train has no option '--max_time'", "did you mean `--max-time`?"),
        ("train x.yaml --metrics accuracy", "nnctl train has no", "`--set train.metrics=accuracy` sets it"),
        ("train x.yaml --lr --json", "nnctl train has no", ""),
        ("evaluate latest --batch-size 3", "nnctl evaluate has no", "`nnctl train SPEC --set train.batch_size=3` sets it"),
        ("train x.yaml --gpu 0", "nnctl train has no option '--gpu'", "a GPU that TensorFlow finds is used"),
        ("train x.yaml -v", "nnctl train has no option '-v'", "each epoch is shown"),
        ("train --config x.yaml", "nnctl train has no option '--config'", "a spec is given without a flag"),
        ("train x.yaml --fix", "nnctl train has no option '--fix'", "`nnctl check`, `nnctl debug` have it"),
        ("train x.yaml --debug", "nnctl train has no option '--debug'", "that is a verb: `nnctl debug`"),
        ("--seeds 3 train x.yaml", "nnctl has no option '--seeds'", "options come after the verb: `nnctl train --seeds`"),
        ("train x.yaml --bogus", "nnctl train has no option '--bogus'", "`nnctl train --help` shows what it takes"),
        ("trian x.yaml", "nnctl has no verb 'trian'", "did you mean `nnctl train x.yaml`? `nnctl --help`"),
        ("eval latest", "nnctl has no verb 'eval'", "`nnctl evaluate` does that"),
        ("x.yaml", "nnctl has no verb 'x.yaml'", "a verb comes before the spec: `nnctl train x.yaml`"),
        ("data shwo x", "nnctl data has no verb 'shwo'", "did you mean `nnctl data show x`?"),
        ("runs latest", "nnctl runs has no verb 'latest'", "`nnctl evaluate latest` shows"),
        ("check", "nnctl check needs SPEC...", "`nnctl check --help` shows what it takes"),
        ("data show", "nnctl data show needs SPEC", "`nnctl data show --help` shows what it takes"),
        ("train x.yaml --epochs", "Option '--epochs' needs a value", "`nnctl train --help` shows"),
        ("debug x.yaml --lr 0.1", "nnctl debug does not take '0.1' there", "`--lr` takes no value"),
        ("train x.yaml seed=3", "nnctl train does not take 'seed=3' there", "`--set seed=3` sets a value"),
        ("train --epochs x y.yaml", "Invalid value for '--epochs'", "`nnctl train --help` shows"),
    ],
)  # fmt: skip
def test_a_wrong_command_line_is_told_with_what_to_type(nnctl: Nnctl, words: str, head: str, hint: str) -> None:
    done = nnctl(*words.split())
    told = (done.stdout if "--json" in words else done.stderr).replace('"', "")
    assert done.returncode == 2
    assert head in told
    assert hint in told
    assert "--json" in words or (done.stdout == "" and told.startswith("usage: ") and len(told.splitlines()) == 2)


def test_a_flag_in_front_of_another_has_no_value(nnctl: Nnctl) -> None:
    """That of the example is named, not the flag."""
    told = nnctl("train", "x.yaml", "--batch-size", "--smoke").stderr
    assert "`--set train.batch_size=64` sets it" in told


def test_a_layer_of_the_spec_is_named(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    write()
    assert "`--set model.layers.1.units=8` sets it" in nnctl("train", "spec.yaml", "--units", "8").stderr


@pytest.mark.parametrize("flag", ["--\x1b[2Jlr", "--lr=\x1b[2J", "-\u202e", "--l\nr=3"])
def test_what_was_typed_is_shown_as_text(nnctl: Nnctl, flag: str) -> None:
    for words in (["train", flag, "x"], [flag], ["train", "x", "--lr", flag], [flag.strip("-")]):
        done = nnctl(*words)
        assert done.returncode == 2
        assert all(line.isprintable() for line in done.stderr.splitlines())
        assert len(done.stderr.splitlines()) == 2
