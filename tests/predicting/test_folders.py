from pathlib import Path

import pytest

from nnctl.errors import DataError
from nnctl.predicting.folders import choose_suffixes, list_files


def make(folder: Path, *names: str) -> str:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return str(folder)


def test_files_come_in_the_order_that_people_count_in_and_others_are_named(tmp_path: Path) -> None:
    folder = make(tmp_path, "10.png", "9.PNG", "b/2.jpg", "a/1.png", "labels.csv", ".hidden.png", ".git/3.png")
    files, said = list_files(folder, choose_suffixes(table=False, image=True))
    assert [str(Path(file).relative_to(folder)) for file in files] == ["9.PNG", "10.png", "a/1.png", "b/2.jpg"]
    assert said == (f"in {folder} 1 file is not read: labels.csv",)
    assert list_files(folder, choose_suffixes(table=True, image=False))[0] == [f"{folder}/labels.csv"]


def test_links_to_folders_are_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "in/1.csv")
    (tmp_path / "in/again").symlink_to(tmp_path / "in")
    assert list_files(str(tmp_path), [".csv"]) == ([f"{tmp_path}/in/1.csv"], ())


def test_a_folder_without_such_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        list_files(make(tmp_path, "notes.txt"), choose_suffixes(table=False, image=False))
    (problem,) = caught.value.problems
    assert (problem.code, "no file that the run can take" in problem.message) == ("no-examples", True)
    assert problem.hint is not None
    assert ".csv, .tsv, .npz" in problem.hint
