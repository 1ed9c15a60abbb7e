"""The command line: one file a verb, each *load, call, show*. Only this package prints, and only `main` exits."""
