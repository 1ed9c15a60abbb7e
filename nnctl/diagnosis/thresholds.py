"""Every number that a rule compares with, and where it comes from."""
