"""`make bench`: nnctl beside hand-written programs that do the same, in turns in one run; every figure is a ratio.

    python -m tests.bench [PART...] [--only TEXT] [--rounds N] [--quick] [--python PATH]

Parts are `networks`, `accuracy`, `startup`, `growth` and `images`; all of them if none is named. Needs the whole of MNIST:
mnist.npz in $NNCTL_DATA_DIR. PyTorch and JAX take part if they are installed: `pip install .[bench]`, or `--python` names an
interpreter that has them. Results go to results.json, results.md and results.png beside this file, a line into the README, unless
`--quick` or `--rounds` makes them worth less. What is left out by `--only` stays if it is from the same machine and versions.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.bench import accuracy, chart, growth, images, networks, results, startup, tables
from tests.bench.programs import HERE, Setting
from tests.readme import PAGES, written

PARTS = {"networks": networks, "accuracy": accuracy, "startup": startup, "growth": growth, "images": images}
# Whole trainings are long, and one seed's course to an accuracy is not compared with another's.
ROUNDS = {"networks": 3, "accuracy": 1, "startup": 5, "growth": 1, "images": 3}


def main() -> int:
    asked = _arguments()
    mnist = Path(os.environ.get("NNCTL_DATA_DIR", "")).resolve() / "mnist.npz"
    if not mnist.is_file():
        print("make bench needs the whole of MNIST: mnist.npz in $NNCTL_DATA_DIR", file=sys.stderr)
        return 2
    setting, found = Setting(mnist, asked.python), {}
    for name in asked.parts or PARTS:
        begun, rounds = time.monotonic(), asked.rounds or (1 if asked.quick else ROUNDS[name])
        figures = PARTS[name].measure(setting, rounds, asked.quick, _say, asked.only)
        found[name] = results.part(setting, figures, time.monotonic() - begun)
        print(tables.document({name: found[name]}), flush=True)
    if not (asked.quick or asked.rounds):
        results.write(found)
        (HERE / "results.md").write_text(tables.document(results.read()))
        chart.draw(results.read())
        for page in PAGES:
            page.write_text(written(page, trainings=False))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="nnctl beside hand-written programs")
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], help=", ".join(PARTS))
    parser.add_argument("--only", default="", metavar="TEXT", help="what is named with TEXT: networks, commands, ...")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of each part; writes no results")
    parser.add_argument("--quick", action="store_true", help="one round, few epochs; writes no results")
    parser.add_argument("--python", default=sys.executable, metavar="PATH", help="where PyTorch and JAX are installed")
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
