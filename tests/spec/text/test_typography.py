import pytest

from nnctl.spec.text.typography import make_plain, name_foreign, read_enclosed


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("“relu”", '"relu"'),
        ("（３，３）", "(3,3)"),
        ("【784】", "[784]"),
        ("０．０１", "0.01"),
        ("a：b", "a:b"),
        ("relu", "relu"),
    ],
)
def test_what_looks_plain_becomes_plain(written: str, plain: str) -> None:
    assert make_plain(written) == plain


def test_letters_of_other_scripts_stay_and_are_not_named() -> None:
    assert make_plain("隐藏层") == "隐藏层"
    assert name_foreign("隐藏层") is None
    assert name_foreign("隐：") == "fullwidth colon (U+FF1A)"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("(3,3), x: 1}", "(3,3)"),
        ("SGD(lr=0.1, momentum=0.9), a: 1", "SGD(lr=0.1, momentum=0.9)"),
        ("f('),')", "f('),')"),
        ("(3", "(3"),
    ],
)
def test_a_parenthesis_is_read_to_its_end(text: str, first: str) -> None:
    assert read_enclosed(text) == first
