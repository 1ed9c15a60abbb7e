import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import jsonschema

from nnctl.starters.schema import FILE, LINE

Nnctl = Callable[..., CompletedProcess[str]]


def test_the_schema_goes_to_stdout(nnctl: Nnctl, tmp_path: Path) -> None:
    done = nnctl("schema")
    assert (done.returncode, done.stderr) == (0, "")
    jsonschema.Draft7Validator.check_schema(json.loads(done.stdout))
    assert list(tmp_path.iterdir()) == []


def test_json_has_it_in_an_answer_and_writes_it_where_asked(nnctl: Nnctl, tmp_path: Path) -> None:
    told = json.loads(nnctl("schema", "--json").stdout)
    assert (told["schema"], told["path"]) == (json.loads(nnctl("schema").stdout), None)
    told = json.loads(nnctl("schema", "--json", "--write", "specs").stdout)
    assert json.loads((tmp_path / told["path"]).read_text()) == told["schema"]


def test_it_is_written_beside_the_specs(nnctl: Nnctl, tmp_path: Path) -> None:
    done = nnctl("schema", "--write", "specs")
    assert (done.returncode, done.stderr) == (0, "")
    assert LINE in done.stdout
    assert json.loads((tmp_path / "specs" / FILE).read_text()) == json.loads(nnctl("schema").stdout)


def test_init_copies_none_and_says_where_to_read_of_it(nnctl: Nnctl, tmp_path: Path) -> None:
    assert nnctl("init", "specs/mine").returncode == 0
    assert [path.name for path in (tmp_path / "specs").iterdir()] == ["mine.yaml"]
    assert "`nnctl explain editor`" in (tmp_path / "specs" / "mine.yaml").read_text()
    assert "nnctl schema --write" in nnctl("explain", "editor").stdout


def test_a_file_of_somebody_else_stays(nnctl: Nnctl, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"title": "mine"}')
    done = nnctl("schema", "--write", ".")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"file-exists: {FILE} is there already")
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
