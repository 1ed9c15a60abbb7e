"""What each verb has beside its own arguments: `-q`, and examples in its help; and what is said where there is no such verb."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from nnctl.cli.shell import output

_NARROW = 60  # columns


class UnknownVerb(TyperException):
    """There is no such verb.

    Attributes:
        ctx: that of the group in which it was looked for.
        words: what was typed for it, and what stands behind.
        verbs: those that there are.
    """

    def __init__(self, ctx: Any, words: list[str], verbs: list[str]) -> None:
        super().__init__(f"{ctx.command_path} has no verb {words[0]!r}")
        self.ctx, self.words, self.verbs = ctx, words, verbs


class Verb(TyperCommand):
    """A verb, which takes `-q` whatever it does."""

    def __init__(self, name: str | None, **told: Any) -> None:
        super().__init__(name, **told)
        self.params.append(_make_quiet())

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _fit(self, formatter)
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _naming(ctx):
            return super().parse_args(ctx, args)


class Verbs(TyperGroup):
    """The verbs, or those of a group, which takes `-q` if it does something by itself."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)
        if self.invoke_without_command:
            self.params.append(_make_quiet())

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _fit(self, formatter)
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _naming(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise UnknownVerb(ctx, args, list(self.commands))
        return super().resolve_command(ctx, args)


def format_examples(*examples: str) -> str:
    """What stands below the options of a verb: lines to try."""
    return "\n".join(("Examples:" if len(examples) > 1 else "Example:", *(f"  {example}" for example in examples)))


def _list_verbs(context: typer.Context, incomplete: str) -> list[str]:
    """The verbs, for a shell; behind a group those of it."""
    group: Any = context.find_root().command
    for word in context.params.get("words") or ():
        group = getattr(group, "commands", {}).get(word)
    return [name for name in getattr(group, "commands", {}) if name.startswith(incomplete)]


_Words = Annotated[
    list[str] | None, typer.Argument(metavar="VERB", help="The verb; also `data show`.", autocompletion=_list_verbs)
]


def show_help(context: typer.Context, words: _Words = None) -> Any:
    """Show the help of a verb, as `nnctl VERB --help` does."""
    root: Any = context.find_root().command
    return root.main(args=[*(words or ()), "--help"], prog_name="nnctl", standalone_mode=False)


def _fit(command: Any, formatter: Any) -> None:
    """Leaves the frames of a help out on a narrow terminal, where columns beside each other would cut the names of options."""
    columns = shutil.get_terminal_size().columns
    if columns < _NARROW:
        command.rich_markup_mode, formatter.width = None, max(columns - 2, 30)
        command.epilog = command.epilog and f"\b\n{command.epilog}"  # Typer's mark of what is not to be folded


@contextmanager
def _naming(context: Any) -> Iterator[None]:
    """Lets the errors of the block say of which verb they are."""
    try:
        yield
    except TyperException as error:
        named: Any = error
        named.ctx = getattr(error, "ctx", None) or context
        raise


def _make_quiet() -> TyperOption:
    return TyperOption(
        param_decls=["--quiet", "-q"],
        is_flag=True,
        default=False,
        expose_value=False,
        callback=lambda context, parameter, value: output.ask_quiet(value),
        help="Print only the result and errors.",
    )
