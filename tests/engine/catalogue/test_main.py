from pathlib import Path

import pytest

from nnctl.engine.catalogue import __main__ as main


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(main, "PATH", tmp_path / "catalogue.json")
    monkeypatch.setattr(main, "format_catalogue", lambda: "the catalogue")
    monkeypatch.setattr(main, "CURVES", tmp_path / "curves.json")
    monkeypatch.setattr(main, "format_curves", lambda: "the curves")
    (tmp_path / "curves.json").write_text("the curves")
    return tmp_path / "catalogue.json"


def test_it_writes_the_file(path: Path) -> None:
    assert main.main([]) == 0
    assert path.read_text() == "the catalogue"
    assert path.with_name("curves.json").read_text() == "the curves"


def test_check_tells_of_curves_of_another_keras(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text("the catalogue")
    path.with_name("curves.json").write_text("others")
    assert main.main(["--check"]) == 1
    assert "curves.json is not" in capsys.readouterr().err


def test_check_passes_a_file_that_is_up_to_date(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text("the catalogue")
    assert main.main(["--check"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("there", [None, "another"])
def test_check_tells_of_a_file_that_is_not(there: str | None, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if there is not None:
        path.write_text(there)
    assert main.main(["--check"]) == 1
    assert "make catalogue" in capsys.readouterr().err
    assert there is None or path.read_text() == there
