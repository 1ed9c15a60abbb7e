"""Tables without lines, as most views have them."""

from collections.abc import Collection

from rich.table import Table


def make_table(*heads: str, right: Collection[int] = (), gap: int = 2) -> Table:
    """An empty table.

    Args:
        heads: the head of each column.
        right: the numbers of the columns, from 0, that are set to the right.
        gap: the characters free on both sides of a column.
    """
    table = Table(box=None, padding=(0, gap), header_style="quiet")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number in right else "left")
    return table
