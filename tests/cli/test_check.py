import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
MISTAKES = sorted((Path(__file__).parents[1] / "spec" / "mistakes").glob("*.yaml"))
Nnctl = Callable[..., CompletedProcess[str]]


def test_every_config_is_right_and_tensorflow_is_not_needed_to_say_so(nnctl: Nnctl) -> None:
    done = nnctl("check", *CONFIGS)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("ok  ") == len(CONFIGS) >= 10


def test_a_wrong_spec_exits_2_with_its_mistakes_on_stderr_and_writes_nothing(nnctl: Nnctl, tmp_path: Path) -> None:
    for verb in ("check", "train"):
        done = nnctl(verb, MISTAKES[0])
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_one_wrong_spec_among_right_ones_is_enough(nnctl: Nnctl) -> None:
    done = nnctl("check", CONFIGS[0], MISTAKES[0])
    assert done.returncode == 2
    assert done.stdout.startswith("ok")


def test_json_tells_the_place_of_each_mistake(nnctl: Nnctl) -> None:
    readme = next(path for path in MISTAKES if path.stem == "readme")
    done = nnctl("check", "--json", CONFIGS[0], readme)
    told = json.loads(done.stdout)
    good, bad = told["specs"]
    assert done.returncode == told["exit_code"] == 2
    assert (good["ok"], good["exit_code"], good["errors"]) == (True, 0, [])
    assert (bad["ok"], bad["exit_code"], bad["findings"]) == (False, 2, [])
    assert list(good) == list(bad) == ["spec", "ok", "exit_code", "errors", "summary", "findings", "not_checked"]
    assert bad["errors"] == told["errors"]
    places = [(each["place"]["file"], each["place"]["line"], each["code"]) for each in bad["errors"]]
    assert [f"{file}:{line}" in done.stderr and code in done.stderr for file, line, code in places] == [True] * len(
        places
    )


def test_json_tells_where_a_value_behind_a_reference_was_written(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    spec = write(**{"seed: 3": "seed: 3\nvars: {width: wide}", "units: 16": "units: '${vars.width}'"})
    (told,) = json.loads(nnctl("check", spec, "--json").stdout)["errors"]
    written = {"file": str(spec), "flag": None, "line": 3, "column": 15, "width": 4, "from": None}
    assert (told["place"]["file"], told["place"]["line"], told["place"]["from"]) == (str(spec), 10, written)


def test_set_is_checked_like_the_file(nnctl: Nnctl) -> None:
    done = nnctl("check", CONFIGS[0], "--set", "train.epochs=many")
    assert done.returncode == 2
    assert "--set:1:14 bad-value: epochs is 'many', expected a whole number of at least 1" in done.stderr


@pytest.mark.parametrize("argument", ["missing.yaml", ".", "/dev/zero"])
def test_what_is_no_file_is_one_line(nnctl: Nnctl, argument: str) -> None:
    done = nnctl("check", argument)
    assert done.returncode == 2
    assert "unreadable-file" in done.stderr


def test_what_trains_badly_is_told_with_its_edit_and_exits_1(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    spec = write(**{"activation: softmax": "activation: linear"})
    done = nnctl("check", spec)
    assert done.returncode == 1
    assert done.stdout.startswith("ok")
    assert f"H02 error   {spec}:10  layers[2] dense" in done.stdout
    assert "          + " in done.stdout
    (told,) = json.loads(nnctl("check", spec, "--json").stdout)["specs"]
    assert (told["ok"], told["exit_code"], told["errors"]) == (False, 1, [])
    assert "H02" in [finding["code"] for finding in told["findings"]]
    assert nnctl("check", spec, "--ignore", "H,C").returncode == 0


def test_labels_that_do_not_fit_are_refused_and_no_data_leaves_them_out(
    nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("x,y\n" + "1,u\n2,v\n3,w\n" * 40)
    (changes,) = [{"source: digits": "source: {csv: {label: y}}\n  path: t.csv", "units: 10": "units: 2"}]
    spec = write(**changes)
    done = nnctl("check", spec, "--json")
    (told,) = json.loads(done.stdout)["specs"]
    assert (done.returncode, [each["code"] for each in told["errors"]]) == (2, ["outputs"])
    assert told["not_checked"] == []
    assert "outputs: the data have 3 classes, and dense gives 2 outputs" in nnctl("check", spec).stderr
    left = nnctl("check", spec, "--no-data", "--json")
    (told,) = json.loads(left.stdout)["specs"]
    assert (told["errors"], told["not_checked"]) == ([], ["the labels: --no-data leaves them out"])


def test_fix_writes_beside_prints_the_diff_and_exits_by_what_is_left(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    spec = write(**{"adam": "adm", "0.01": "5.0"})
    text, fixed = spec.read_text(), spec.with_name("spec.fixed.yaml")
    done = nnctl("check", spec, "--fix")
    assert (done.returncode, done.stderr, spec.read_text()) == (0, "", text)
    changed = [line for line in done.stdout.splitlines() if line.startswith(("-  ", "+  "))]
    assert changed[:2] == ["-  optimizer: adm", "-  learning_rate: 5.0"]
    assert "+  optimizer: adam" in changed
    assert "learning_rate: 0.001" in fixed.read_text()
    assert nnctl("check", fixed).returncode == 0
    told = json.loads(nnctl("check", spec, "--fix", "--json").stdout)["specs"][0]
    assert (told["fixed"], told["ok"], told["exit_code"]) == (str(fixed), True, 0)
    assert [edit["code"] for edit in told["edits"]][:2] == ["unknown-optimizer", "C01"]
    fixed.write_text("mine")
    refused = nnctl("check", spec, "--fix")
    assert (refused.returncode, fixed.read_text()) == (2, "mine")
    assert "file-exists" in refused.stderr


def test_fix_of_what_no_edit_mends_writes_nothing_and_set_is_no_file(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    spec = write(**{"epochs: 2": "epochs: many"})
    done = nnctl("check", spec, "--fix")
    assert done.returncode == 2
    assert "nothing that can be fixed without a trial; left to mend by hand: 1 mistake" in done.stdout.replace(
        "\n", " "
    )
    assert "bad-value" in done.stderr
    assert [path.name for path in spec.parent.iterdir()] == ["spec.yaml"]
    assert "a value of `--set` is in none" in nnctl("check", spec, "--fix", "--set", "train.epochs=2").stderr
