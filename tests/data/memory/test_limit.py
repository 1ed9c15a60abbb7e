import time

import pytest

from nnctl import bounds
from nnctl.data.memory.limit import Limit, PastLimitError


def test_bytes_are_counted_together_and_the_first_that_is_too_much_is_refused() -> None:
    limit = Limit(100)
    limit.take("a", 60)
    limit.take("b", 40)
    with pytest.raises(PastLimitError, match="c takes"):
        limit.take("c", 1)


def test_a_look_reads_64_mib() -> None:
    Limit().take("labels", bounds.LABELS)
    with pytest.raises(PastLimitError, match=r"64\.0 MiB"):
        Limit().take("labels", bounds.LABELS + 1)


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    limit, now = Limit(seconds=2), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 1.5)
    limit.check()
    with pytest.raises(PastLimitError, match="within 2 s"):
        limit.check(0.5)
