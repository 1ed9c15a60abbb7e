from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl import bounds
from nnctl.errors import SpecError
from nnctl.spec import load_spec


@pytest.fixture
def files(write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """The usual spec as `spec.yaml`, and further files by their name; the path of the last, as a user types it."""
    monkeypatch.chdir(tmp_path)
    write()

    def files(**texts: str) -> Path:
        for name, text in texts.items():
            path = Path(f"{name.replace('__', '/')}.yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return path

    return files


def first(path: Path, *settings: str) -> str:
    with pytest.raises(SpecError) as caught:
        load_spec(path, [("--set", text) for text in settings])
    problem = caught.value.problems[0]
    where = "" if problem.place is None else f"{problem.place.source.name}:{problem.place.line}:{problem.place.column} "
    return f"{where}{problem.code}: {problem.message}"


def test_a_spec_that_says_only_its_base_is_its_base(files: Callable[..., Path]) -> None:
    assert load_spec(files(top="base: spec.yaml\n")) == load_spec(Path("spec.yaml"))


def test_maps_merge_and_lists_replace(files: Callable[..., Path]) -> None:
    text = "base: spec.yaml\ntrain: {epochs: 9}\nmodel: {layers: [flatten, {dense: 10}]}\n"
    spec = load_spec(files(top=text))
    assert (spec.train.epochs, spec.train.batch_size, len(spec.layers)) == (9, 32, 2)


def test_a_chain_is_followed_to_its_end(files: Callable[..., Path]) -> None:
    middle = "base: spec.yaml\nseed: 5\ntrain: {epochs: 9, batch_size: 8}\n"
    spec = load_spec(files(middle=middle, top="base: middle.yaml\ntrain: {epochs: 1}\n"))
    assert (spec.train.epochs, spec.train.batch_size, spec.seed, spec.name) == (1, 8, 5, "tiny")


def test_another_component_takes_the_place_of_the_bases(files: Callable[..., Path]) -> None:
    middle = "base: spec.yaml\ntrain: {optimizer: {sgd: {momentum: 0.9}}}\n"
    top = files(middle=middle, top="base: middle.yaml\ntrain: {optimizer: {adam: {beta_1: 0.5}}}\n")
    assert load_spec(top).train.optimizer.arguments == {"beta_1": 0.5}
    same = files(middle=middle, top="base: middle.yaml\ntrain: {optimizer: {sgd: {nesterov: true}}}\n")
    assert load_spec(same).train.optimizer.arguments == {"momentum": 0.9, "nesterov": True}


def test_a_path_is_relative_to_the_file_that_it_stands_in(files: Callable[..., Path]) -> None:
    inner = "base: ../spec.yaml\ndata: {source: npz, path: own.npz}\ntrain: {init_from: x.keras}\n"
    spec = load_spec(files(sub__inner=inner, top="base: sub/inner.yaml\ntrain: {init_from: y.keras}\n"))
    assert (spec.data.path, spec.train.init_from) == (Path("sub/own.npz"), Path("y.keras"))


def test_a_mistake_stands_in_the_file_that_wrote_it(files: Callable[..., Path]) -> None:
    top = files(middle="base: spec.yaml\ntrain:\n  epochs: 0\n", top="base: middle.yaml\nseed: x\n")
    with pytest.raises(SpecError) as caught:
        load_spec(top)
    places = [(p.place.source.name, p.place.line, p.place.column) for p in caught.value.problems if p.place]
    assert places == [("top.yaml", 2, 7), ("middle.yaml", 3, 11)]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"top": "base: nowhere.yaml\n"}, "top.yaml:1:7 unreadable-file: nowhere.yaml cannot be read"),
        ({"top": "base: .\n"}, "top.yaml:1:7 unreadable-file: . is a directory"),
        ({"top": "base: [a, b]\n"}, "top.yaml:1:7 bad-base: base is a list"),
        ({"top": "base: ${vars.x}\n"}, "top.yaml:1:7 bad-base: base is read before"),
        ({"other": "- a\n", "top": "base: other.yaml\n"}, "top.yaml:1:7 bad-base: other.yaml is a list"),
        ({"other": "a: [\n", "top": "base: other.yaml\n"}, "other.yaml:1:5 bad-yaml"),
        ({"top": "base: top.yaml\n"}, "top.yaml:1:7 base-cycle: a spec cannot be its own base: top.yaml -> top.yaml"),
        ({"one": "base: top.yaml\n", "top": "base: one.yaml\n"}, "one.yaml:1:7 base-cycle"),
        ({"big": "#" * (bounds.SPEC + 1), "top": "base: big.yaml\n"}, "top.yaml:1:7 file-too-large"),
        (
            {**{f"s{n}": f"base: s{n + 1}.yaml\n" for n in range(20)}, "top": "base: s0.yaml\n"},
            "s15.yaml:1:7 too-many-bases",
        ),
    ],
)
def test_a_base_that_cannot_be_had_is_one_line(files: Callable[..., Path], texts: dict[str, str], told: str) -> None:
    assert first(files(**texts)).startswith(told)


def test_the_copy_in_a_run_points_to_the_resolved_spec(files: Callable[..., Path]) -> None:
    top = files(resolved="", top="base: nowhere.yaml\n")
    with pytest.raises(SpecError) as caught:
        load_spec(top)
    assert caught.value.problems[0].hint == "resolved.yaml holds every value"


def test_a_base_cannot_be_set(files: Callable[..., Path]) -> None:
    assert first(files(top="base: spec.yaml\n"), "base=spec.yaml").startswith("--set:1:1 bad-override: base")


@pytest.mark.parametrize(
    ("base", "told"), [('"a\\0b"', "NUL"), ("~no-such-user-here/x", "is not a user of this machine")]
)
def test_a_base_that_no_system_has_is_told_where_it_stands(files: Callable[..., Path], base: str, told: str) -> None:
    with pytest.raises(SpecError, match=told) as caught:
        load_spec(files(top=f"base: {base}\n"))
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert (problem.code, problem.place.line, problem.place.column) == ("bad-value", 1, 7)
