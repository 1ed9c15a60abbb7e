from pathlib import Path

import pytest

import nnctl
from nnctl import api
from nnctl.errors import UsageError


def test_a_spec_is_written_alone_and_is_right(tmp_path: Path) -> None:
    starter = api.init(str(tmp_path / "mine"), "cnn")
    assert (starter.path, starter.template) == (tmp_path / "mine.yaml", "cnn")
    assert starter.path.read_text() == starter.text
    assert list(tmp_path.iterdir()) == [starter.path]
    assert nnctl.load_spec(starter.path).name == "mine"
    with pytest.raises(UsageError, match="is there already"):
        api.init(str(tmp_path / "mine"))
    assert api.init(str(tmp_path / "mine"), force=True).template == "mlp"


def test_what_is_refused_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        api.init(str(tmp_path / "mine"), "cnnn")
    assert list(tmp_path.iterdir()) == []
