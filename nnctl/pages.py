"""Huge pages of memory, through which a training of large matrices goes faster.

A processor keeps few answers to where a page of memory lies. With pages of 2 MB in place of 4 KB a step with two layers of
2,048 units takes 7 % less, one of a small convolutional network 2 %, its first epoch 8 %, and the article's MLP, all of which
its caches hold, the same (two cores, Linux 6.18, alternated). Bits do not depend on it, nor does the peak of memory (+3 MB).
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

_KERNEL = Path("/sys/kernel/mm/transparent_hugepage/enabled")
_VARIABLE, _TUNABLE = "GLIBC_TUNABLES", "glibc.malloc.hugetlb"


def ask_for_huge_pages() -> None:
    """Begins the process anew, as one that asks for huge pages, where the kernel gives them to whoever asks.

    glibc reads whether it shall ask when a process begins (from 2.35 on; others do not heed it), so this costs another start
    of Python, some 20 ms. Who has set `glibc.malloc.hugetlb`, to 0 for instance, is not overruled.
    """
    given = os.environ.get(_VARIABLE, "")
    if _TUNABLE in given or not sys.executable or not _given_if_asked_for():
        return
    os.environ[_VARIABLE] = f"{given}:{_TUNABLE}=1".removeprefix(":")
    with suppress(OSError):  # then it goes on without
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _given_if_asked_for() -> bool:
    try:
        return "[madvise]" in _KERNEL.read_text(encoding="ascii")
    except OSError:  # another system
        return False
