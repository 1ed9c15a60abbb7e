from pathlib import Path

import pytest

from nnctl.data import peek
from nnctl.errors import DataError, Source
from nnctl.spec.data_section import read_data
from nnctl.spec.section import SectionReader
from nnctl.spec.sections import Data
from nnctl.spec.text.document import parse, strip_places


def read(text: str) -> tuple[Data | None, list[tuple[str, str | None]]]:
    reader = SectionReader()
    found = read_data(reader, parse(Source("specs/spec.yaml", text)))
    return found, [(problem.code, problem.hint) for problem in reader.problems]


def test_a_source_is_a_name_or_a_name_over_its_options() -> None:
    plain, problems = read("source: digits")
    assert plain is not None
    assert (plain.source, plain.options, problems) == ("digits", {}, [])
    table, problems = read("{source: {csv: {label: price, ignore: [id]}}, path: own.csv, validation: 0.1}")
    assert table is not None
    assert (table.source, table.options, problems) == ("csv", {"label": "price", "ignore": ["id"]}, [])
    assert (table.path, table.validation) == (Path("specs/own.csv"), 0.1)
    bare, problems = read("source: {csv: }")
    assert bare is not None
    assert (bare.source, bare.options, problems) == ("csv", {}, [])


@pytest.mark.parametrize("text", ["source: [digits]", "source: {csv: {}, npz: {}}", "source: 3", "source: {csv: own}"])
def test_what_names_no_source_gives_no_section(text: str) -> None:
    found, problems = read(text)
    assert found is None
    assert [code for code, _ in problems] == ["bad-source"]


def test_a_section_without_a_source_is_told() -> None:
    found, problems = read("path: own.csv")
    assert found is None
    assert [code for code, _ in problems] == ["missing-key"]


@pytest.mark.parametrize(
    ("setting", "hint"),
    [
        ("validation: '0.2'", "write 0.2"),
        ("validation: 20%", "write 0.2"),
        ("test: '3'", "a share is a number between 0 and 1"),
        ("test: none", "leave it out for the source's own"),
    ],
)
def test_a_share_that_is_written_as_a_text_is_no_path(setting: str, hint: str) -> None:
    found, problems = read(f"source: digits\n{setting}\n")
    assert found is not None
    ((code, told),) = problems
    assert code == "bad-value"
    assert (told or "").startswith(hint)


def test_validation_may_be_left_out_by_a_word() -> None:
    found, problems = read("{source: digits, validation: none}")
    assert found is not None
    assert (found.validation, problems) == (None, [])


@pytest.mark.parametrize("text", ["{time: date}", "{time: rows}", "{group: patient}", "{group: 2}"])
def test_a_split_is_by_time_or_by_group(text: str) -> None:
    found, problems = read(f"{{source: csv, split: {text}}}")
    assert found is not None
    assert problems == []
    assert found.split == strip_places(parse(Source("", text)))
    assert found.places["split"].column > 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("date", "bad-value"), ("3", "bad-value"), ("[time, date]", "bad-value"), ("{}", "bad-value")),
        *(("{time: 0}", "bad-value"), ("{time: null}", "bad-value"), ("{group: [a, b]}", "bad-value")),
        *(("{when: date}", "unknown-key"), ("{time: date, group: patient}", "contradiction")),
    ],
)
def test_what_is_no_split_is_told(text: str, code: str) -> None:
    found, problems = read(f"{{source: csv, split: {text}}}")
    assert [each for each, _ in problems] == [code]
    assert found is not None
    assert found.split is None
    assert read("{source: csv, split: null}")[1] == []


def test_what_is_left_out_is_a_map() -> None:
    found, problems = read("{source: csv, skip: {unlabelled: true, unreadable: false}}")
    assert problems == []
    assert found is not None
    assert (found.skips("unlabelled"), found.skips("unreadable")) == (True, False)
    assert not Data("csv", {}).skips("unlabelled")
    for text, code in (("true", "bad-value"), ("{}", "bad-value"), ("{unlabeled: true}", "unknown-key"),
                       ("{unlabelled: 1}", "bad-value")):  # fmt: skip
        found, problems = read(f"{{source: csv, skip: {text}}}")
        assert [each for each, _ in problems] == [code]
    assert read("{source: csv, skip: null}")[1] == []


def test_an_option_of_the_source_has_the_places_of_its_name_and_of_its_value() -> None:
    text = "{source: {csv: {label: price}}, path: own.csv}"
    found, _ = read(text)
    assert found is not None
    name, value = found.places["source.label:"], found.places["source.label"]
    assert (text[name.column - 1 :][:5], text[value.column - 1 :][:5]) == ("label", "price")


@pytest.mark.parametrize(
    ("options", "shown"),
    [("label: y, delimeter: ';'", "delimeter"), ("label: y, header: maybe", "maybe"), ("label: z", "z}")],
)
def test_what_is_wrong_with_an_option_is_shown_under_it(options: str, shown: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,y\n1,2\n3,4\n")
    text = f"{{source: {{csv: {{{options}}}}}, path: {tmp_path}/t.csv}}"
    found, _ = read(text)
    assert found is not None
    with pytest.raises(DataError) as caught:
        peek(found)
    place = caught.value.problems[0].place
    assert place is not None
    assert text[place.column - 1 :].startswith(shown)
