"""`python -m nnctl`."""

from nnctl.cli.main import main

main()
