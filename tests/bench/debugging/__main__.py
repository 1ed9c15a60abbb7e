"""`make bench-debug`: the debugger on planted faults, healthy specs and real programs, beside published rule sets.

    python -m tests.bench.debugging [--sample N] [--half open|held|blind|all] [--kind KIND] [--only TEXT] [--jobs N]
        [--write] [--missing] [--list]

Rules are calibrated on the open half alone; `held` and `blind` are for one evaluation at the end. Each worker loads
TensorFlow once and takes case after case. `--write` puts each record, as it comes, into results.json beside this file in the
place of an older one, and the tables over all that stand there into results.md; `--missing` leaves out the cases whose
record is there and of this very program.
"""

import argparse
import sys
from typing import Any

from tests.bench.debugging import results, summary
from tests.bench.debugging.suite import HALVES, cases, sample
from tests.bench.debugging.workers import measured


def main() -> int:
    arguments = _arguments()
    chosen = [
        case
        for case in cases(HALVES if arguments.half == "all" else (arguments.half,))
        if any(text in case.name for text in arguments.only.split(","))
    ]
    chosen = [case for case in chosen if arguments.kind in ("all", case.kind)]
    chosen = sample(chosen, arguments.sample) if arguments.sample else chosen
    program, records = results.code(), list[dict[str, Any]]()
    if arguments.missing:
        known = {each["name"] for each in results.read() if each["program"] == program}
        chosen = [case for case in chosen if case.name not in known]
    if arguments.list:
        print("\n".join(f"{case.kind:8} {case.half:5} {case.name:40} {' '.join(case.codes)}" for case in chosen))
        return 0
    for record in measured(chosen, arguments.jobs):
        records.append({**record, "program": program})
        print(_line(record), file=sys.stderr, flush=True)
        if arguments.write:
            results.add(records[-1:])
    print(results.add(()) if arguments.write else summary.markdown(summary.results(records)))
    missed = summary.missed(records)
    if missed:
        print(f"missed for certain: {', '.join(missed)}", file=sys.stderr)
    return int(bool(missed) or any(record["broken"] for record in records))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-debug", description="the debugger's evidence")
    parser.add_argument("--sample", type=int, metavar="N", help="a fixed choice of N cases, for CI")
    parser.add_argument("--half", choices=[*HALVES, "all"], default="open", help="held and blind are evaluated once")
    parser.add_argument("--kind", choices=["fault", "healthy", "program", "all"], default="all")
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="cases whose name holds TEXT, or one of several between commas"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--write", action="store_true", help="write results.json and results.md")
    parser.add_argument("--missing", action="store_true", help="only cases without a record of this program")
    parser.add_argument("--list", action="store_true", help="print the cases and end")
    return parser.parse_args()


def _line(record: dict[str, Any]) -> str:
    right = record["found"] != (record["kind"] == "healthy")
    told = record["first"] or ("refused" if record["refused"] else "-")
    fix = "" if record.get("won") is None else f"  fix wins {record['won']:.0%}"
    broken = "  BROKEN" if record["broken"] else ""
    verdict = "ok  " if right and (record["top1"] or record["kind"] == "healthy") else "MISS"
    return f"{verdict} {record['name']:42} {told:8} {record['stage'] or '':9}{fix}{broken}"


if __name__ == "__main__":
    sys.exit(main())
