"""`python -m nnctl.engine.catalogue` writes what nnctl keeps of Keras; `--check` only tells whether it is up to date."""

import sys

from nnctl.engine.catalogue.curves import format_curves
from nnctl.engine.catalogue.joining import format_catalogue
from nnctl.spec.catalogue.entries import PATH
from nnctl.topics.curves import PATH as CURVES


def main(arguments: list[str]) -> int:
    """Writes the catalogue and the curves, or with `--check` compares them.

    Returns:
        0 if the files are now, or were, what Keras and the reviewed table give; 1 if `--check` found a difference.
    """
    stale = 0
    for path, found in ((PATH, format_catalogue()), (CURVES, format_curves())):
        if "--check" not in arguments:
            path.write_text(found, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != found:
            print(
                f"{path} is not what this Keras and the reviewed table give; `make catalogue` writes it",
                file=sys.stderr,
            )
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
