import io

import pytest

from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.census import draw_bar, show_sources
from nnctl.data import stock


@pytest.mark.parametrize(
    ("share", "told"),
    [(0, ""), (1, "█" * 8), (0.5, "█" * 4), (1 / 64, "▏"), (0.0001, "▏"), (0.9999, "█" * 8), (0.5 + 3 / 64, "████▍")],
)
def test_a_bar_is_as_long_as_its_share_and_shows_what_is_not_nothing(share: float, told: str) -> None:
    assert draw_bar(share, room=8) == told


def test_a_terminal_without_such_characters_gets_a_bar_all_the_same() -> None:
    assert [draw_bar(share, 8, ascii_only=True) for share in (0, 0.0001, 0.5, 1)] == ["", "#", "####", "########"]


def test_every_source_has_a_row() -> None:
    console = make_console(io.StringIO(), width=80)
    show_sources(stock(), console)
    told = console.file.getvalue().split()  # type: ignore[attr-defined]
    assert {each.name for each in stock()} <= set(told)
