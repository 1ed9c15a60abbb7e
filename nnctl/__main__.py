"""The `nnctl` command, from its first to its last instant."""

import signal
from typing import NoReturn


def main() -> NoReturn:
    """Runs the command line and exits.

    Ctrl-C while modules are loaded, or while the interpreter ends, has nothing to lose: the process is gone without a word.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    import nnctl.cli.main

    nnctl.cli.main.main()


if __name__ == "__main__":
    main()
