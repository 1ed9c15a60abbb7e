"""The rules: a room a letter, a family a file."""
