"""`python -m nnctl.engine.catalogue` writes the catalogue's file; with `--check` it only tells whether the file is up to date."""

import sys

from nnctl.engine.catalogue.joining import format_catalogue
from nnctl.spec.catalogue.entries import PATH


def main(arguments: list[str]) -> int:
    """Writes the file, or with `--check` compares it.

    Returns:
        0 if the file is now, or was, what Keras and the reviewed table give; 1 if `--check` found a difference.
    """
    found = format_catalogue()
    if "--check" not in arguments:
        PATH.write_text(found, encoding="utf-8")
        return 0
    if PATH.is_file() and PATH.read_text(encoding="utf-8") == found:
        return 0
    print(f"{PATH} is not what this Keras and the reviewed table give; `make catalogue` writes it", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
