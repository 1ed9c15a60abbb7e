import contextlib

import pytest

from nnctl.errors import Problem, Source, SpecError
from nnctl.spec.text.marks import parse_marks


def explain(text: str) -> Problem:
    with pytest.raises(SpecError) as caught:
        parse_marks(Source("s.yaml", text))
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a:\n  - x\n   - y: 1\n", 3, "compare the indentation with line 2"),
        ("a:\n  b: 1\n   c: 2\n", 3, "compare the indentation with line 2"),
        ("a:\n    b: 1\n  c: 2\n", 3, "compare the indentation with line 2"),
        ("a:\n  x\n  - y: 1\n", 2, "begin line 2 with '- '"),
        ("a:\n\t- x\n", 2, "use spaces"),
        ("a: {b: 1\nc: {d: 2}\n", 1, "end the line with '}'"),
        ("a: [1, 2\nc: 3\n", 1, "end the line with ']'"),
        ("a\n  b: 1\n", 1, "write `a:`"),
        ("a:\n  - d {u: 1, v: 2}\n", 2, "write `d:`"),
        ("a:\n  b:1\n  c: 2\n", 2, "write `b: 1`"),
        ("a:\n  b： 1\n  c: 2\n", 2, "write the plain one"),
    ],
)
def test_what_is_no_yaml_is_told_where_it_can_be_mended(text: str, line: int, hint: str) -> None:
    problem = explain(text)
    assert problem.code == "bad-yaml"
    assert problem.place is not None
    assert problem.place.line == line, problem
    assert hint in str(problem.hint)


@pytest.mark.parametrize(
    "text", ["a: ]", "'", "a: &", "- a\nb: c", "? [", "a: b: c", "{", "\t", "a: 'x\n", "%", "--- >\n a\nb: [", "é：："]
)
def test_no_text_ends_in_an_error_of_its_own(text: str) -> None:
    with contextlib.suppress(SpecError):
        parse_marks(Source("s.yaml", text))
