"""A spec on the terminal: its values and where each comes from, as YAML beside a column of origins."""

from collections.abc import Iterator, Sequence
from pathlib import Path as FilePath
from textwrap import wrap

from rich.console import Console
from rich.table import Table

from nnctl.cli.shell.terminal import assemble, stack
from nnctl.cli.views.tables import print_folded
from nnctl.errors import Place
from nnctl.spec import Spec, dump, origins
from nnctl.spec.dump import format_value
from nnctl.spec.origins import Setting
from nnctl.spec.sections import Component
from nnctl.spec.text.path import Path

Row = tuple[str, str, str]
"""A line of YAML, where it comes from, and its style."""

# Characters: what comes from one place stands on one line only as long as that is easy to read, and beside long origins
# there is still room for most lines.
WIDEST, NARROWEST = 120, 52


def show(settings: Sequence[Setting], console: Console) -> None:
    """Prints every value that is not null, and Keras's defaults once for each kind of component."""
    width = min(console.width, WIDEST)
    outline = _Outline(settings, width)
    rows = list(outline.list_rows())
    room = max(NARROWEST, width - 2 - max(len(origin) for _, origin, _ in rows))
    _print_beside(rows, room, width, console)
    if defaults := outline.list_defaults():
        console.print()
        console.print("what components have by default, null and `trainable: true` left out", style="quiet")
        longest = max(map(len, defaults))
        for name, text in defaults.items():
            print_folded(f"{name:<{longest}}  ", text, console, "quiet")


def _print_beside(rows: Sequence[Row], room: int, width: int, console: Console) -> None:
    """Prints lines, and beside them where each comes from; a line behind the other where there is no room beside it."""
    folded = [(_fold(line, room), origin, style) for line, origin, style in rows]
    if width < NARROWEST:
        for line, origin, style in rows:
            console.print(assemble((line, style), "  ", (origin, "quiet")), soft_wrap=True)
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for lines, origin, style in folded:
        table.add_row(stack((part, style) for part in lines), assemble((origin, "quiet")))
    console.print(table)


def document(spec: Spec, settings: Sequence[Setting]) -> dict[str, object]:
    """A spec and where its values come from, for JSON."""
    return {"spec": dump.resolve_spec(spec), "origins": [dict(origins.document_setting(each)) for each in settings]}


def describe(layer: Component) -> str:
    """A layer in a word or three: its name, its first number, its activation; of a wrapper the layer inside."""
    given = layer.arguments
    if isinstance(inner := given.get("layer"), Component):
        return f"{layer.name} {describe(inner)}"
    size = next((given[key] for key in ("units", "filters", "rate", "pool_size") if key in given), None)
    activation = given.get("activation")
    name = activation.name if isinstance(activation, Component) else None
    return " ".join(str(part) for part in (layer.name, size, name) if part is not None)


class _Outline:
    """The lines of an outline.

    Args:
        settings: every value of a spec, in order.
        width: the width that lines and origins have together, in characters.
    """

    def __init__(self, settings: Sequence[Setting], width: int) -> None:
        self.settings = settings
        self.given = [setting for setting in settings if setting.place is not None]
        self.room = max(NARROWEST, width - 2 - max((len(_format_origin(setting)) for setting in self.given), default=0))

    def list_rows(self) -> Iterator[Row]:
        """What stands above the components' arguments, line by line; a component's arguments stand with it."""
        above: Path = ()
        for setting in self.settings:
            if setting.argument or (setting.origin == "nnctl" and setting.value in (None, [], {})):
                continue
            holder = setting.path[:-1]
            for depth, key in enumerate(holder):
                if above[: depth + 1] != holder[: depth + 1]:
                    yield f"{'  ' * depth}{key}:", "", "name" if depth == 0 else ""
            above = holder
            yield from self.list_component(setting) if setting.component else [_make_row(setting, self.indent(setting))]

    def list_defaults(self) -> dict[str, str]:
        """By kind of component the arguments that one of them at least leaves out, with what they are then."""
        kinds: dict[str, dict[str, object]] = {}
        for setting in self.settings:
            plain = setting.value is None or setting.path[-1] == "trainable"
            if setting.argument and setting.place is None and not plain:
                kinds.setdefault(str(setting.path[-2]), {})[str(setting.path[-1])] = setting.value
        return {kind: format_value(arguments)[1:-1] for kind, arguments in kinds.items()}

    def indent(self, setting: Setting) -> str:
        """What stands in front of a value: `  epochs: `, `    - `."""
        key = setting.path[-1]
        return "  " * (len(setting.path) - 1) + ("- " if isinstance(key, int) else f"{key}: ")

    def list_component(self, setting: Setting) -> Iterator[Row]:
        """A component on one line if it all comes from one place and there is room, else a line an argument."""
        head, value = self.indent(setting), self.strip_defaults(setting)
        text = format_value(value)
        if isinstance(setting.path[-1], int) and isinstance(value, dict):
            text = text[1:-1]
        origins = {_format_origin(each) for each in (setting, *self.list_below(setting))}
        if isinstance(value, str) or (len(origins) == 1 and len(head + text) <= self.room):
            yield f"{head}{text}", _format_origin(setting), _choose_style(setting)
            return
        yield f"{head}{setting.value}:", _format_origin(setting), ""
        indent = " " * (len(head) - len(head.lstrip()) + 4)
        for argument in self.list_arguments(setting):
            told = dict.fromkeys(_format_origin(each) for each in (argument, *self.list_below(argument)))
            yield f"{indent}{argument.path[-1]}: {format_value(self.strip_defaults(argument))}", ", ".join(told), ""

    def strip_defaults(self, setting: Setting) -> object:
        """The value as the user would write it: a component with the arguments that are given."""
        arguments = {str(each.path[-1]): self.strip_defaults(each) for each in self.list_arguments(setting)}
        return {setting.value: arguments} if arguments else setting.value

    def list_arguments(self, setting: Setting) -> list[Setting]:
        """The arguments that the user gave to a component; none for any other value."""
        return [each for each in self.list_below(setting) if each.path[:-2] == setting.path]

    def list_below(self, setting: Setting) -> list[Setting]:
        """What the user wrote below a value, at any depth."""
        path = setting.path
        return [each for each in self.given if each.path[: len(path)] == path and each.path != path]


def _make_row(setting: Setting, head: str) -> Row:
    return f"{head}{format_value(setting.value)}", _format_origin(setting), _choose_style(setting)


def _fold(text: str, room: int) -> list[str]:
    """A line cut at its spaces, each further line indented below the first."""
    indent = len(text) - len(text.lstrip(" -")) + 2
    return wrap(text, room, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def _choose_style(setting: Setting) -> str:
    return "quiet" if setting.place is None else ""


def _format_origin(setting: Setting) -> str:
    """Where a value stands, and, if only a reference stands there, where the value was written."""
    if setting.place is None:
        return "Keras's own" if setting.origin == "keras" else "default"
    written_at = setting.place
    while written_at.origin is not None:
        written_at = written_at.origin
    here = _format_place(setting.place)
    if written_at is setting.place:
        return here
    same = written_at.source is setting.place.source
    return f"{here} (vars{f':{written_at.line}' if same else f' {_format_place(written_at)}'})"


def _format_place(place: Place) -> str:
    name = place.source.name
    return name if name.startswith("--") else f"{FilePath(name).name}:{place.line}"
