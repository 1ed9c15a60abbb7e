"""What is installed of nnctl: its wheel, built and looked into."""

import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nnctl.api import explain, find_shelf

ROOT = Path(__file__).parent.parent
CONFIGS = ROOT / "configs"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which a wheel has been unpacked, as pip does it."""
    built, folder = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(built)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(folder)
    return folder


def _run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the nnctl that was installed, and no other."""
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from nnctl.__main__ import main; main()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_wheel_holds_the_package_its_types_and_every_spec_with_its_data(installed: Path) -> None:
    package = installed / "nnctl"
    assert (package / "py.typed").is_file()
    held = {path.relative_to(package / "configs") for path in (package / "configs").rglob("*") if path.is_file()}
    assert held == {path.relative_to(CONFIGS) for path in CONFIGS.rglob("*") if path.is_file()}
    assert not (installed / "tests").exists()


def test_what_explain_says_to_try_can_be_tried_outside_of_the_repository(installed: Path, tmp_path: Path) -> None:
    commands = [line for name in find_shelf("guides").names() for each in explain([name]) for line in each.commands]
    named = sorted({word for line in commands for word in shlex.split(line) if word.startswith("configs/")})
    assert len(named) > 5
    done = _run(installed, tmp_path, "check", *named)
    assert done.returncode == 0, done.stderr
    assert [line.split()[1].rstrip(":") for line in done.stdout.splitlines() if line.startswith("ok")] == named
    trained = _run(installed, tmp_path, "train", "configs/digits_images.yaml", "--smoke")  # its data lie beside it
    assert trained.returncode == 0, trained.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_a_folder_of_ones_own_goes_before_the_specs_that_come_with_nnctl(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    done = _run(installed, tmp_path, "check", "configs/mnist_mlp.yaml")
    assert (done.returncode, done.stderr.split(":")[0]) == (2, "unreadable-file")


def test_what_is_written_for_a_spec_that_comes_with_nnctl_is_written_here(installed: Path, tmp_path: Path) -> None:
    arguments = ("debug", "configs/breast_cancer_binary.yaml", "--lr", "--write", "--set", "data.subset=100")
    done = _run(installed, tmp_path, *arguments)
    assert done.returncode in (0, 1), done.stderr
    assert (tmp_path / "breast_cancer_binary.rates.png").is_file()
    assert sorted(path.name for path in (installed / "nnctl" / "configs").iterdir()) == sorted(
        path.name for path in CONFIGS.iterdir()
    )
    assert (tmp_path / "breast_cancer_binary.fixed.yaml").is_file() == (done.returncode == 0)


def test_a_working_copy_keeps_no_second_set_of_them(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    (built,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["editable"])
    with zipfile.ZipFile(built) as content:
        assert [name for name in content.namelist() if "configs" in name] == []
    shutil.rmtree(tmp_path)
