import pickle
import traceback

import pytest
import yaml

from nnctl.errors import Place, Problem, RunError, Source, SpecError, render, sanitize, split_lines


def test_a_problem_shows_its_line_with_a_caret_under_the_fault() -> None:
    source = Source("net.yaml", "a: 1\nb: wrnog\n")
    problem = Problem("bad-value", "b is 'wrnog'", Place(source, 2, 4, 5), "did you mean 'wrong'?")
    assert render([problem]) == (
        "net.yaml:2:4 bad-value: b is 'wrnog'\n    2 | b: wrnog\n      |    ^^^^^ did you mean 'wrong'?"
    )


def test_a_problem_without_a_place_is_its_code_its_message_and_its_hint() -> None:
    assert render([Problem("no-run", "there are no runs", hint="make one")]) == "no-run: there are no runs\n  make one"


def test_a_long_line_is_cut_around_the_fault() -> None:
    source = Source("net.yaml", "x" * 500 + "FAULT" + "y" * 500)
    _, line, caret = render([Problem("code", "message", Place(source, 1, 501, 5))]).splitlines()
    start = caret.index("^")
    assert len(line) < 120
    assert line[start : start + 5] == "FAULT"


def test_a_caret_never_leaves_its_line() -> None:
    source = Source("net.yaml", "ab")
    _, line, caret = render([Problem("code", "message", Place(source, 1, 2, 40))]).splitlines()
    assert len(caret) <= len(line)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_a_line_ends_where_yaml_ends_it(end: str) -> None:
    lines = ["a: 1", "", "b: [x\x0by\x0cz\x1c]", "c: 3"]
    text = end.join(lines)
    assert "".join(split_lines(text)) == text
    assert [Source("s.yaml", text).find_line(number) for number in range(6)] == ["", *lines, ""]
    events = [each.start_mark.line for each in yaml.parse(text.translate({11: "-", 12: "-", 28: "-"}))]
    assert max(events) + 1 == len(split_lines(text)) == len(lines)


def test_control_characters_cannot_steer_the_terminal() -> None:
    assert sanitize("a\x1b[31mb\r") == "a\\x1b[31mb\\r"
    source = Source("a\x1b.yaml", "k: \x1b[2J")
    assert "\x1b" not in render([Problem("code", "mess\x1bage", Place(source, 1, 1), "hi\x1bnt")])


def test_an_error_carries_every_problem() -> None:
    problems = Problem("a", "first"), Problem("b", "second")
    assert SpecError(*problems).problems == problems


def test_a_traceback_ends_with_what_the_command_line_shows() -> None:
    fault = Place(Source("net.yaml", "a: 1\nb: wrnog\n"), 2, 4, 5)
    for problems in ([Problem("bad-value", "b is 'wrnog'", fault)], [Problem("no-run", "there are no runs")] * 2):
        told = traceback.format_exception_only(SpecError(*problems))
        assert "".join(told) == f"nnctl.errors.SpecError: \n{render(problems)}\n"
    (line,) = traceback.format_exception_only(RunError(Problem("no-run", "there are \x1b[31mno runs")))
    assert line == "nnctl.errors.RunError: no-run: there are \\x1b[31mno runs\n"


def test_an_error_goes_from_one_process_to_another_as_it_is() -> None:
    error = SpecError(Problem("bad-value", "b is 'wrnog'", Place(Source("net.yaml", "b: wrnog"), 1, 4, 5), "try"))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.problems, str(again)) == (SpecError, error.problems, str(error))


def test_a_caret_stands_below_letters_of_double_width() -> None:
    line = "班级: 错误"
    problem = Problem("bad-value", "wrong", Place(Source("s.yaml", line), 1, 5, 2))
    _, shown, caret = render([problem]).splitlines()
    before = shown.index("错")
    wide = sum(2 if letter in "班级" else 1 for letter in shown[:before])
    assert (caret.index("^"), caret.count("^")) == (wide, 4)
