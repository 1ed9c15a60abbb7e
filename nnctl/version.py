"""Which nnctl this is, and since which versions numbers are computed, and data are read, as they are now."""

__version__ = "0.3.0"
NUMBERS_SINCE = "0.2.0"
READING_SINCE = "0.3.0"
