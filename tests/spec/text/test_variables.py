from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnctl.errors import Problem, Source, SpecError, render
from nnctl.spec import load_spec
from nnctl.spec.dump import dump
from nnctl.spec.text.document import Node, parse
from nnctl.spec.text.overrides import apply
from nnctl.spec.text.variables import find_unused, resolve


def plain(node: Node) -> Any:
    if node.entries is not None:
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    return [plain(item) for item in node.items] if node.items is not None else node.value


def read(text: str, *settings: str) -> Any:
    return plain(resolve(apply(parse(Source("s.yaml", text)), [("--set", each) for each in settings])))


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(SpecError) as caught:
        read(text)
    return caught.value.problems


@pytest.mark.parametrize(
    ("value", "meant"),
    [("64", 64), ("1e-3", 0.001), ("true", True), ("null", None), ("relu", "relu"), ("'64'", "64"),
     ("[1, 2]", [1, 2]), ("{a: 1}", {"a": 1})],
)  # fmt: skip
def test_a_reference_alone_takes_the_type_of_the_value(value: str, meant: object) -> None:
    assert read(f"vars: {{x: {value}}}\na: ${{vars.x}}\nb: ['${{ vars.x }}']\n") == {"a": meant, "b": [meant]}


@pytest.mark.parametrize(
    ("text", "meant"),
    [("run-${vars.n}-${vars.f}", "run-3-0.5"), ("${vars.n}${vars.n}", "33"), ("is ${vars.t}", "is true"),
     ("$${vars.n}", "${vars.n}"), ("$${vars.n}/${vars.n}", "${vars.n}/3"), ("$5 $", "$5 $")],
)  # fmt: skip
def test_inside_a_text_the_value_is_written_out(text: str, meant: str) -> None:
    assert read(f"vars: {{n: 3, f: 0.5, t: true}}\na: '{text}'\n") == {"a": meant}


def test_a_path_begins_with_home_and_no_other_text_refers_to_it(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read("a: ${HOME}/x\nb: ${HOME}\nvars: {c: '${HOME}/y'}\nd: ${vars.c}") == {
        "a": "${HOME}/x", "b": "${HOME}", "d": "${HOME}/y",
    }  # fmt: skip
    assert [each.code for each in problems("a: x/${HOME}\nb: ${USER}/x\n")] == ["bad-reference"] * 2
    monkeypatch.setenv("HOME", "/home/somebody")
    assert load_spec(write(digits='npz\n  path: "${HOME}/own.npz"')).data.path == Path("/home/somebody/own.npz")


def test_variables_refer_to_variables() -> None:
    text = "vars:\n  net: {width: '${vars.w}', all: ['${vars.w}', 2]}\n  w: 8\n  same: ${vars.net}\n"
    assert read(f"{text}a: ${{vars.same.width}}\nb: ${{vars.net.all}}\nc: ${{vars.net.all.1}}\n") == {
        "a": 8,
        "b": [8, 2],
        "c": 2,
    }


def test_what_is_escaped_stays_so_through_variables() -> None:
    assert read("vars: {a: '$${x}', b: ['${vars.a}'], c: '${vars.b}'}\nd: ${vars.c.0}\ne: ${vars.c}\n") == {
        "d": "${x}",
        "e": ["${x}"],
    }


def test_a_variable_is_overridden_before_it_is_put_in() -> None:
    assert read("vars: {w: 8, v: '${vars.w}'}\na: ${vars.v}\n", "vars.w=64") == {"a": 64}
    assert read("vars: {w: 8}\na: 1\n", "a=${vars.w}") == {"a": 8}


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("vars: {width: 1}\na: ${vars.widht}", "there is no variable vars.widht", "did you mean 'vars.width'?"),
        ("vars: {n: {b: 1}}\na: ${vars.n.zzz}", "there is no variable vars.n.zzz", "there are b"),
        ("a: ${vars.x}", "there is no variable vars.x", "vars holds no names"),
        ("vars: {n: 1}\na: ${n}", "'${n}' is no reference", "a variable is written `${vars.n}`"),
        ("vars: {n: 1}\na: ${vars.n", "'${vars.n' is no reference", "a variable is written `${vars.n}`"),
        ("vars: {n: [1]}\na: x${vars.n}", "${vars.n} is a list, which cannot stand inside a text", None),
        ("vars: {a: '${vars.b}', b: '${vars.a}'}\nc: ${vars.a}", "vars.a -> vars.b -> vars.a", "give one a value"),
        ("vars: {a: {b: ['${vars.a}']}}\nc: ${vars.a}", "vars.a -> vars.a", "give one a value"),
        ("vars: 3\na: 1", "vars is 3, expected a map", None),
    ],
)
def test_a_reference_to_nothing_is_said(text: str, message: str, hint: str | None) -> None:
    (problem,) = problems(text)
    assert message in problem.message
    assert (problem.hint or "").startswith(hint or "")


def test_every_wrong_reference_is_said_at_once() -> None:
    assert len(problems("a: ${vars.x}\nb: ${vars.y}\n")) == 2


def test_variables_cannot_be_made_into_a_bomb() -> None:
    lists = "".join(f"  v{n + 1}: ['${{vars.v{n}}}', '${{vars.v{n}}}', '${{vars.v{n}}}']\n" for n in range(20))
    assert problems(f"vars:\n  v0: 1\n{lists}a: ${{vars.v20}}\n")[0].code == "too-many-values"
    texts = "".join(f"  v{n + 1}: '${{vars.v{n}}}${{vars.v{n}}}'\n" for n in range(30))
    assert problems(f"vars:\n  v0: ''\n{texts}a: ${{vars.v30}}\n")[0].code == "too-many-values"
    assert problems(f"vars:\n  v0: {'x' * 999}\n{texts}a: ${{vars.v12}}\n")[0].code == "too-long"
    deep = "".join(f"  v{n + 1}: ['${{vars.v{n}}}']\n" for n in range(40))
    assert problems(f"vars:\n  v0: 1\n{deep}a: ${{vars.v40}}\n")[0].code == "too-deep"


def test_a_chain_of_variables_has_a_bound() -> None:
    def chain(links: int) -> str:
        return "vars:\n  v1: 7\n" + "".join(f"  v{n}: ${{vars.v{n - 1}}}\n" for n in range(2, links + 1))

    assert read(f"{chain(64)}a: ${{vars.v64}}\n") == {"a": 7}
    (problem,) = problems(f"{chain(3000)}a: ${{vars.v3000}}\n")
    assert (problem.code, problem.message) == ("too-deep", "more than 64 variables refer to one another in a row")
    (problem,) = problems(f"{chain(65)}a: 'x${{vars.v65}}'\n")
    assert problem.place is not None
    assert problem.place.line == 3


def test_a_mistake_stands_at_the_reference_and_names_where_the_value_was_written(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(**{"seed: 3": "seed: 3\nvars: {width: many, w: '${vars.width}'}", "units: 16": "units: '${vars.w}'"})
    monkeypatch.chdir(path.parent)
    with pytest.raises(SpecError) as caught:
        load_spec(Path("spec.yaml"))
    assert render(caught.value.problems).splitlines() == [
        "spec.yaml:10:22 bad-value: dense's units is 'many', expected a whole number of at least 1",
        "   10 |     - dense: {units: '${vars.w}', activation: relu}",
        "      |                      ^^^^^^^^^^^",
        "      = from spec.yaml:3:15: vars: {width: many, w: '${vars.width}'}",
    ]


def test_a_variable_that_nothing_refers_to_is_a_mistake() -> None:
    root = parse(Source("s.yaml", "vars: {width: 1, widht: 2, n: {a: 1, b: 2}}\na: ['${vars.width}', '${vars.n.a}']\n"))
    found = [(problem.message, problem.hint) for problem in find_unused(root, [])]
    assert found == [
        ("nothing refers to vars.widht", "did you mean 'vars.width'?"),
        ("nothing refers to vars.n.b", "did you mean 'vars.n.a'?"),
    ]


def test_a_variable_whose_use_was_replaced_is_no_mistake(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(**{"seed: 3": "vars: {width: 8}", "units: 16": "units: '${vars.width}'"})
    assert load_spec(path, [("--set", "model.layers.1.units=3")]).layers[1].arguments["units"] == 3
    top = tmp_path / "top.yaml"
    top.write_text("base: spec.yaml\nmodel: {layers: [flatten, {dense: 10}]}\n")
    assert len(load_spec(top).layers) == 2


def test_a_path_is_beside_the_file_that_wrote_its_first_character(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    options = "npz\n  path: ${vars.folder}/a.npz\n  test: b${vars.part}.npz"
    write(name="sub/spec.yaml", digits=options, **{"seed: 3": "vars: {folder: x, part: 1}"})
    top = write("base: sub/spec.yaml\nvars: {folder: y, part: 2}\n", name="top.yaml")
    below = load_spec(Path("sub/spec.yaml")).data
    assert (below.path, below.test) == (Path("sub/x/a.npz"), Path("sub/b1.npz"))
    above = load_spec(Path(top.name)).data
    assert (above.path, above.test) == (Path("y/a.npz"), Path("sub/b2.npz"))
    flag = load_spec(Path("sub/spec.yaml"), [("--set", "vars.folder=z")]).data
    assert flag.path == Path("z/a.npz")


def test_a_resolved_spec_refers_to_nothing(write: Callable[..., Path]) -> None:
    spec = load_spec(write(**{"epochs: 2": "epochs: 2\n  init_from: $${vars.x}.keras"}))
    assert spec.train.init_from is not None
    assert spec.train.init_from.name == "${vars.x}.keras"
    assert load_spec(write(dump(spec), name="again.yaml")).train.init_from == spec.train.init_from
