import pytest

from nnctl.spec.catalogue.tables import parse_value
from nnctl.topics.prose import FOLDER, format_value, read_prose, unfold


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_is_read_and_says_nothing_twice(path) -> None:
    text = path.read_text()
    assert read_prose(path.stem)
    if "&" not in text:  # nnctl's own reader refuses a key that stands twice
        assert parse_value(text) is not None


@pytest.mark.parametrize(
    ("value", "text"), [(None, "null"), (True, "true"), ("same", "same"), ([1, 1], "[1, 1]"), (0.5, "0.5")]
)
def test_values_are_written_as_yaml(value: object, text: str) -> None:
    assert format_value(value) == text


def test_a_paragraph_has_no_line_ends() -> None:
    assert unfold("a\n  b\n") == "a b"
