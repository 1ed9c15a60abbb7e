import pickle
from pathlib import Path

import pytest

from nnctl.errors import Place, RunError, Source
from nnctl.runs.beginning import find_weights

PLACE = Place(Source("s.yaml", "a"), 1, 1)


def test_of_a_run_it_is_the_model_and_of_a_file_the_file(tmp_path: Path) -> None:
    file = tmp_path / "model.keras"
    file.write_bytes(b"PK\x03\x04rest")
    assert find_weights(file, PLACE) == find_weights(tmp_path, PLACE) == file


@pytest.mark.parametrize(
    ("content", "told"),
    [(pickle.dumps([1]), "is a pickle"), (b"weights: 1", "is no zip archive"), (b"", "is no zip archive")],
)
def test_a_file_of_another_kind_is_told_where_it_is_named(content: bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / "weights"
    file.write_bytes(content)
    with pytest.raises(RunError) as caught:
        find_weights(file, PLACE)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == ("bad-model", PLACE)
    assert told in problem.message


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        find_weights(tmp_path / "nothing", PLACE)
    assert caught.value.problems[0].code == "no-model"
