import json
from pathlib import Path

import pytest

import nnctl
from nnctl import api
from nnctl.errors import UsageError


def test_a_spec_is_written_with_its_schema_and_is_right(tmp_path: Path) -> None:
    starter, schema = api.init(str(tmp_path / "mine"), "cnn")
    assert (starter.path, starter.template, schema.parent) == (tmp_path / "mine.yaml", "cnn", tmp_path)
    assert starter.path.read_text() == starter.text
    assert api.SCHEMA_LINE in starter.text
    assert json.loads(schema.read_text()) == api.spec_schema()
    assert nnctl.load_spec(starter.path).name == "mine"
    with pytest.raises(UsageError, match="is there already"):
        api.init(str(tmp_path / "mine"))
    assert api.init(str(tmp_path / "mine"), force=True)[0].template == "mlp"


def test_what_is_refused_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        api.init(str(tmp_path / "mine"), "cnnn")
    assert list(tmp_path.iterdir()) == []
