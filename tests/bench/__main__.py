"""`make bench`: a steady epoch of nnctl beside hand-written Keras, in turns in one run; every figure is a ratio.

Machines are shared and noisy, so a pair is run several times in turn (A B A B ...) and the median ratio is what counts.
Needs the whole of MNIST: mnist.npz in $NNCTL_DATA_DIR.
"""

import csv
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
EPOCHS = {"mlp": 8, "cnn": 3}
ROUNDS = 3


def main() -> int:
    mnist = Path(os.environ.get("NNCTL_DATA_DIR", "")) / "mnist.npz"
    if not mnist.is_file():
        print("make bench needs the whole of MNIST: mnist.npz in $NNCTL_DATA_DIR", file=sys.stderr)
        return 2
    print("| network | nnctl, s an epoch | plain Keras, s an epoch | ratio of medians | ratios by round |")
    print("|---|---|---|---|---|")
    for network in EPOCHS:
        rounds = [(ours(network), theirs(network, mnist)) for _ in range(ROUNDS)]
        mine, plain = (statistics.median(side) for side in zip(*rounds, strict=True))
        ratios = ", ".join(f"{hand / own:.2f}" for own, hand in rounds)
        print(f"| {network} | {mine:.3f} | {plain:.3f} | {plain / mine:.2f} | {ratios} |", flush=True)
    return 0


def ours(network: str) -> float:
    """Median seconds of nnctl's epochs but the first, which holds the compilation; validation included."""
    with tempfile.TemporaryDirectory() as runs:
        spec = ROOT / "configs" / f"mnist_{network}.yaml"
        run("-m", "nnctl", "train", str(spec), "--epochs", str(EPOCHS[network]), "--runs", runs)
        (metrics,) = Path(runs).glob("*/metrics.csv")
        with metrics.open(newline="") as rows:
            return statistics.median([float(row["seconds"]) for row in csv.DictReader(rows)][1:])


def theirs(network: str, mnist: Path) -> float:
    """The same of the hand-written program."""
    told = run(str(HERE / "plain_keras.py"), network, str(EPOCHS[network]), str(mnist))
    return statistics.median([float(line.split()[1]) for line in told.splitlines() if line.startswith("seconds")][1:])


def run(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, cwd=ROOT).stdout


sys.exit(main())
