import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from nnctl.cli.shell import terminal
from nnctl.cli.views.markdown import show_markdown
from nnctl.topics.guides import list_pages

PAGE = """A paragraph
of two lines, with a **strong** `name`.

- an item that is long enough to be folded where the terminal ends, and stands below its own begin
- another

```sh
nnctl train a.yaml   # a line of code keeps   its blanks

nnctl runs
```

| option | what it says |
|---|---|
| `a`, `b` | one of `x` \\| `y`, and so much more that the cell has to be folded |
"""


def shown(text: str, width: int) -> list[str]:
    file = io.StringIO()
    console = terminal.make_console(file, width=width, force_terminal=True, color_system=None)
    show_markdown(text, console)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_each_block_is_set_in_its_own_way() -> None:
    assert shown(PAGE, 50) == [
        "  A paragraph of two lines, with a strong `name`.",
        "",
        "  - an item that is long enough to be folded where",
        "    the terminal ends, and stands below its own",
        "    begin",
        "  - another",
        "",
        "  nnctl train a.yaml   # a line of code keeps   its blanks",
        "",
        "  nnctl runs",
        "",
        "  option    what it says",
        "  `a`, `b`  one of `x` | `y`, and so much more",
        "            that the cell has to be folded",
    ]


@pytest.mark.parametrize("width", [40, 80])
def test_signs_of_two_columns_are_folded_where_the_terminal_ends(width: int) -> None:
    lines = shown("训练损失继续下降而验证损失上升，就是过拟合。" * 8, width)
    assert len(lines) > 3
    assert max(map(cell_len, lines)) <= width
    assert "".join(line.strip() for line in lines) == "训练损失继续下降而验证损失上升，就是过拟合。" * 8


def test_a_cell_is_never_cut() -> None:
    for page in list_pages():
        assert not any("…" in line for line in shown(page.read_text(encoding="utf-8").replace("…", ""), 40)), page


def test_a_text_of_others_has_no_markup() -> None:
    assert shown("| a |\n|---|\n| [red]x[/] \x1b[31m |", 60) == ["  a", "  [red]x[/] \\x1b[31m"]


def test_it_is_as_wide_in_a_pipe_as_it_is_read() -> None:
    console = terminal.make_console(io.StringIO())
    assert isinstance(console, Console)
    show_markdown("word " * 100, console)
    assert max(map(len, console.file.getvalue().splitlines())) <= 100  # type: ignore[attr-defined]
