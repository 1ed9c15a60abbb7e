"""The folder that nnctl keeps what it can make again in."""

import os
from pathlib import Path


def find_cache() -> Path:
    """`$XDG_CACHE_HOME/nnctl`, or `~/.cache/nnctl`: https://specifications.freedesktop.org/basedir-spec/latest/"""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "nnctl"
