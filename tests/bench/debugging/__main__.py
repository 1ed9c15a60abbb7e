"""`make bench-debug`: the debugger on planted faults, healthy specs and real programs, beside published rule sets.

    python -m tests.bench.debugging [--sample N] [--half open|held|all] [--only TEXT] [--jobs N] [--write] [--list]

Rules are calibrated on the open half alone; `--half held` is for the one evaluation at the end. Each worker loads
TensorFlow once and takes case after case. `--write` puts the figures into results.json and results.md beside this file.
"""

import argparse
import json
import sys
import time
from typing import Any

from tests.bench.debugging import summary
from tests.bench.debugging.suite import HALVES, HERE, cases, sample
from tests.bench.debugging.workers import measured


def main() -> int:
    arguments = _arguments()
    chosen = [
        case for case in cases(HALVES if arguments.half == "all" else (arguments.half,)) if arguments.only in case.name
    ]
    chosen = sample(chosen, arguments.sample) if arguments.sample else chosen
    if arguments.list:
        print("\n".join(f"{case.kind:8} {case.half:5} {case.name:40} {' '.join(case.codes)}" for case in chosen))
        return 0
    begun, records = time.perf_counter(), []
    for record in measured(chosen, arguments.jobs):
        records.append(record)
        print(_line(record), file=sys.stderr, flush=True)
    order = {case.name: place for place, case in enumerate(chosen)}
    records.sort(key=lambda record: order[record["name"]])
    found = {**summary.results(records), "minutes": round((time.perf_counter() - begun) / 60, 1), "records": records}
    text = summary.markdown(found)
    print(text)
    if arguments.write:
        _write(found, text)
    missed = summary.missed(records)
    if missed:
        print(f"missed for certain: {', '.join(missed)}", file=sys.stderr)
    return int(bool(missed) or any(record["broken"] for record in records))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-debug", description="the debugger's evidence")
    parser.add_argument("--sample", type=int, metavar="N", help="a fixed choice of N cases, for CI")
    parser.add_argument("--half", choices=[*HALVES, "all"], default="open", help="held is evaluated once")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name holds TEXT")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--write", action="store_true", help="write results.json and results.md")
    parser.add_argument("--list", action="store_true", help="print the cases and end")
    return parser.parse_args()


def _line(record: dict[str, Any]) -> str:
    right = record["found"] != (record["kind"] == "healthy")
    told = record["first"] or ("refused" if record["refused"] else "-")
    fix = "" if record.get("won") is None else f"  fix wins {record['won']:.0%}"
    broken = "  BROKEN" if record["broken"] else ""
    verdict = "ok  " if right and (record["top1"] or record["kind"] == "healthy") else "MISS"
    return f"{verdict} {record['name']:42} {told:8} {record['stage'] or '':9}{fix}{broken}"


def _write(found: dict[str, Any], text: str) -> None:
    records = ",\n".join(f"    {json.dumps(record)}" for record in found["records"])
    head = json.dumps({key: value for key, value in found.items() if key != "records"}, indent=1)
    (HERE / "results.json").write_text(f'{head[:-2]},\n "records": [\n{records}\n ]\n}}\n')
    (HERE / "results.md").write_text(text)


if __name__ == "__main__":
    sys.exit(main())
