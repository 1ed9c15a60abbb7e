"""`make bits ARGS=COMMIT`: whether the code of the working tree trains ten networks to the bits of a commit's.

    python -m tests.bits COMMIT [--only NAME] [--keep FOLDER]

Both train the same specs side by side, each in a process of its own; weights, metrics.csv (without its seconds) and the
scores and predictions of test are compared. Exit code 0 if all are equal, 1 if anything differs or could not be trained.
"""

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from nnctl.runs import RunDirectory
from tests.torture.comparison import history_of, weights_of

ROOT = Path(__file__).parent.parent
_DIGITS = "{source: digits, validation: 0.2}"
_MNIST = "{source: mnist_5k, subset: 800, validation: 0.2}"
_SOFTMAX = "{dense: {units: 10, activation: softmax}}"
_CONVOLUTION = f"[{{conv2d: {{filters: 6, kernel_size: 3, activation: relu}}}}, max_pooling2d, flatten, {_SOFTMAX}]"
_MLP = f"[flatten, {{dense: {{units: 24, activation: relu}}}}, batch_normalization, {_SOFTMAX}]"
_DROPOUT = (
    f"[flatten, {{dense: {{units: 24, activation: relu}}}}, {{dropout: 0.3}}, {{gaussian_noise: 0.1}}, {_SOFTMAX}]"
)
# The data, the layers and the rest of `train`, which has a categorical loss and four epochs unless it says otherwise.
NETWORKS = {
    "dense": (_DIGITS, _MLP, "optimizer: adam, learning_rate: {cosine_decay: {initial_learning_rate: 0.01}}"),
    "convolutional": (_MNIST, _CONVOLUTION, "optimizer: {sgd: {momentum: 0.9}}, learning_rate: 0.02"),
    "recurrent": (
        _DIGITS, f"[{{lstm: {{units: 8, dropout: 0.2, recurrent_dropout: 0.1}}}}, {_SOFTMAX}]",
        "optimizer: rmsprop, class_weight: balanced",
    ),
    "table": (
        f"{{source: {{csv: {{label: mpg, ignore: [name], embed: {{origin: null, year: 3}}}}}}, validation: 0.2, "
        f"path: {ROOT}/configs/data/auto_mpg.csv}}",
        "[{dense: {units: 16, activation: relu}}, {dense: 1}, {rescaling: {scale: 7.8, offset: 23.4}}]",
        "loss: huber, optimizer: adam, metrics: [mean_absolute_error], early_stopping: 2, epochs: 12",
    ),
    "dropout-xla": (_MNIST, _DROPOUT, "optimizer: nadam, xla: true"),
    "augmentation": (_DIGITS, _CONVOLUTION, "optimizer: adam, augment: [{random_rotation: 0.1}, {random_zoom: 0.2}]"),
    "bfloat16": (_DIGITS, _DROPOUT, "optimizer: {adam: {amsgrad: true}}, precision: mixed_bfloat16"),
    "averages": (_DIGITS, _MLP, "optimizer: {adamw: {use_ema: true, ema_momentum: 0.9}}, xla: update, batch_size: 50"),
    "accumulation": (_DIGITS, _MLP, "optimizer: {sgd: {gradient_accumulation_steps: 3}}, learning_rate: 0.1"),
    "streamed": (
        f"{{source: {{images: {{memory: stream}}}}, validation: 0.2, path: {ROOT}/configs/data/digits}}",
        f"[{{conv2d: {{filters: 4, kernel_size: 3}}}}, relu, flatten, {{dropout: 0.3}}, {_SOFTMAX}]", "optimizer: adam",
    ),
}  # fmt: skip
# Names that `import nnctl` offers and nothing else, so that code of any commit trains it.
_TRAIN = """
import sys
from pathlib import Path
import nnctl
assert Path(nnctl.__file__).is_relative_to(sys.argv[1]), nnctl.__file__
for name in sys.argv[3:]:
    nnctl.train(nnctl.load_spec(f"{name}.yaml"), runs=Path(sys.argv[2], name))
"""


def spec_of(name: str) -> str:
    """The text of a network's spec."""
    data, layers, train = NETWORKS[name]
    usual = {"loss": "categorical_crossentropy", "epochs": "4", "learning_rate": "0.01"}
    more = "".join(f", {key}: {value}" for key, value in usual.items() if f"{key}:" not in train)
    return f"name: {name}\nseed: 7\ndata: {data}\nmodel: {{layers: {layers}}}\ntrain: {{{train}{more}}}\n"


def unpack(commit: str, folder: Path) -> None:
    """Puts nnctl as a commit has it into a folder."""
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", commit, "nnctl"], capture_output=True, check=False)
    if archive.returncode:
        sys.exit(archive.stderr.decode(errors="replace").strip())
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as content:
        content.extractall(folder, filter="data")


def train(code: Path, specs: Path, runs: Path, names: list[str]) -> subprocess.Popen[bytes]:
    """Begins to train networks with the nnctl of a folder, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(code), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", _TRAIN, str(code), str(runs), *names]
    return subprocess.Popen(command, cwd=specs, env=environment)


def compared(mine: Path, theirs: Path) -> list[bool]:
    """Whether the runs of two folders have the same weights, the same history, and the same scores and predictions."""
    (one,), (other,) = ([RunDirectory(path.parent) for path in folder.glob("*/run.json")] for folder in (mine, theirs))
    scored = ("metrics.json", "predictions.csv")
    return [
        weights_of(one.model) == weights_of(other.model),
        history_of(one.metrics) == history_of(other.metrics),
        all(
            (one.evaluation("test") / name).read_bytes() == (other.evaluation("test") / name).read_bytes()
            for name in scored
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bits")
    parser.add_argument("commit")
    parser.add_argument("--only", action="append", choices=NETWORKS, metavar="NAME")
    parser.add_argument("--keep", type=Path, help="a new folder that the runs stay in")
    asked = parser.parse_args()
    names = asked.only or list(NETWORKS)
    with tempfile.TemporaryDirectory(prefix="bits-") as temporary:
        root = (asked.keep or Path(temporary)).resolve()
        root.mkdir(parents=True, exist_ok=True)
        for name in names:
            (root / f"{name}.yaml").write_text(spec_of(name))
        unpack(asked.commit, root / "code")
        begun = [train(ROOT, root, root / "mine", names), train(root / "code", root, root / "theirs", names)]
        failed = [process.wait() for process in begun]
        if any(failed):
            print(f"training failed: exit code {failed[0]} in the working tree, {failed[1]} at {asked.commit}")
            return 1
        equal = {name: compared(root / "mine" / name, root / "theirs" / name) for name in names}
        told = {name: next((root / "mine" / name).glob("*/run.json")) for name in names}
        print(f"{'network':16}{'XLA':8}{'weights':12}{'metrics.csv':14}scores and predictions")
        for name, parts in equal.items():
            words = ["same bits" if same else "DIFFERENT" for same in parts]
            print(
                f"{name:16}{RunDirectory(told[name].parent).manifest.engine['xla']!s:8}{words[0]:12}{words[1]:14}{words[2]}"
            )
    return 0 if all(all(parts) for parts in equal.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
