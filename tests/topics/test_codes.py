"""Every code that nnctl can give is explained, and no other."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nnctl.spec.catalogue.kinds import FAMILIES
from nnctl.topics import find_shelf
from nnctl.topics.codes import list_codes

PACKAGE = Path(__file__).parents[2] / "nnctl"


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}


def makers() -> dict[str, int]:
    """What makes problems: functions and classes with a parameter `code`, and its position without `self`.

    The codes of the debugger's rules are of another kind, and have topics of their own.
    """
    found = {"Problem": 0}
    for tree in (tree for path, tree in trees().items() if "diagnosis" not in path.parts):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in node.args.args if argument.arg != "self"]
                if "code" in names:
                    found[node.name] = names.index("code")
    return found


def called(function: ast.expr) -> str:
    """The name that a call ends in."""
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


@cache
def given() -> dict[str, str]:
    """Each code that is given to one of them, with the place."""
    return dict(calls())


def calls() -> Iterator[tuple[str, str]]:
    known = makers()
    for path, tree in trees().items():
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                name = called(node.func) if isinstance(node, ast.Call) else ""
                if "diagnosis" in path.parts and name != "Problem":
                    continue  # its codes are those of findings
                if isinstance(node, ast.Call) and name in known and len(node.args) > known[name]:
                    codes = texts(node.args[known[name]], function)
                    yield from ((code, f"{path}:{node.lineno}") for code in codes)


def texts(node: ast.expr, function: ast.FunctionDef) -> list[str]:
    """The codes that an expression can be; what cannot be told is itself, and so no code."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return [*texts(node.body, function), *texts(node.orelse, function)]
    if ast.unparse(node) == "f'unknown-{family}'":
        return [f"unknown-{family}" for family in FAMILIES]
    if ast.unparse(node) != "code":
        return [f"<{ast.unparse(node)}>"]
    if "code" in [argument.arg for argument in function.args.args]:
        return []  # those who call it give one
    constants = (each.value for each in ast.walk(function) if isinstance(each, ast.Constant))
    return [text for text in constants if isinstance(text, str) and re.fullmatch("[a-z]+(-[a-z]+)+", text)]


def test_the_search_finds_codes_of_every_way_of_giving_one() -> None:
    assert {
        "unknown-key",
        "not-finite",
        "bad-yaml",
        "no-run",
        "unknown-layer",
        "unreadable-data",
        "negative-label",
    } <= given().keys()
    assert len(given()) > 100


def test_every_code_is_explained() -> None:
    assert {code: place for code, place in given().items() if code not in list_codes()} == {}


def test_no_explanation_outlives_its_code() -> None:
    assert [code for code in list_codes() if code not in given()] == []


def test_an_explanation_says_what_and_what_to_do() -> None:
    for code in list_codes():
        topic = find_shelf("errors").topic(code)
        assert (topic.kind, topic.name) == ("error", code)
        assert topic.what.endswith((".", "?"))
        assert [heading for heading, text in topic.sections if text.endswith((".", "?"))] == ["What to do"], code
