"""Which nnctl this is, and since which version numbers are computed as they are now."""

__version__ = "0.2.0"
NUMBERS_SINCE = "0.2.0"
