"""How many processor cores there are for this process."""

import os


def count_cores() -> int:
    """The cores that this process may run on; those of the machine where the system does not tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
