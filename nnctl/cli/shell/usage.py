"""A command line that could not be read: what is wrong with it, and what to type instead."""

import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from typer.exceptions import TyperException

from nnctl.cli.shell.verbs import UnknownVerb
from nnctl.errors import Problem
from nnctl.spelling import find_nearest

# What other programs call a verb.
_VERBS = {
    "fit": "train", "run": "train", "resume": "train --resume", "continue": "train --resume", "eval": "evaluate",
    "test": "evaluate", "score": "evaluate", "infer": "predict", "classify": "predict", "validate": "check", "lint": "check",
    "new": "init", "create": "init", "start": "init", "ls": "runs", "history": "runs", "datasets": "data list",
    "download": "data fetch",
    "summary": "show", "plot": "debug", "version": "--version", "man": "help", "docs": "explain",
}  # fmt: skip
# What nothing of a spec sets: flags of other programs, and what nnctl does in their place.
_ELSEWHERE = {
    ("gpu", "gpus", "cuda", "cpu", "device", "devices"): (
        "a GPU that TensorFlow finds is used; `CUDA_VISIBLE_DEVICES=-1` in front of the command hides it"
    ),
    ("verbose", "v", "vv", "log_level"): (
        "each epoch is shown, and kept in the run's train.log; `-q` leaves all but the result out"
    ),
    ("output", "o", "out", "output_dir", "outdir", "save_dir", "logdir", "log_dir"): (
        "`nnctl train SPEC --runs DIR` says where run directories are made"
    ),
    ("config", "c", "spec", "file", "f", "yaml"): "a spec is given without a flag: `nnctl train SPEC`",
    ("dry_run", "n"): "`nnctl check SPEC` runs nothing; `nnctl train SPEC --smoke` takes every stage on 200 examples",
    ("threads", "workers", "num_workers", "jobs", "j"): "`NNCTL_THREADS=4` in front of the command sets the threads",
}  # fmt: skip
_EXTRA = re.compile(r"unexpected extra argument\S* \((.*)\)")


def read(error: TyperException, words: Sequence[str]) -> Problem:
    """What is wrong with a command line, and what to do next.

    Args:
        error: what Typer says of it.
        words: the command line, without the program's name.
    """
    context = getattr(error, "ctx", None)
    command = "nnctl" if context is None else context.command_path
    told, hint = error.format_message().rstrip("."), None
    if isinstance(error, UnknownVerb):
        told, hint = error.message, _advise_verb(error)
    elif context is not None and (option := getattr(error, "option_name", None)) is not None and "No such" in told:
        flag = _find_word(option, words)
        told, hint = f"{command} has no option {flag!r}", _advise_flag(context, flag, _find_value(flag, words), words)
    elif context is not None and (found := _EXTRA.search(told)) is not None:
        told, hint = f"{command} does not take {found[1]!r} there", _advise_extra(context, found[1], words)
    elif "requires an argument" in told:
        told = told.replace("requires an argument", "needs a value")
    elif told.startswith("Missing argument"):
        told = f"{command} needs {told.removeprefix('Missing argument ').strip(chr(39))}"
    see = f"`{command} --help` shows what it takes"
    return Problem("usage", told, hint=see if hint is None else f"{hint}{' ' if hint.endswith('?') else '; '}{see}")


def _advise_verb(error: UnknownVerb) -> str | None:
    """What to type for a verb that there is not."""
    group, (word, *rest) = error.ctx.command_path, error.words
    if group == "nnctl" and word in _VERBS:
        return f"`nnctl {_VERBS[word]}` does that"
    begun = next((verb for verb in error.verbs if len(word) > 1 and verb.startswith(word.lower())), None)
    if (close := begun or find_nearest(word, error.verbs)) is not None:
        return f"did you mean `{shlex.join([*group.split(), close, *rest])}`?"
    if group == "nnctl" and word.endswith((".yaml", ".yml")):
        return f"a verb comes before the spec: `nnctl train {shlex.quote(word)}`"
    if group == "nnctl runs":
        return f"`nnctl evaluate {shlex.quote(word)}` shows the scores of a run, `nnctl runs verify` compares its checksums"
    return f"its verbs are {', '.join(error.verbs)}"


def _advise_flag(context: Any, flag: str, value: str | None, words: Sequence[str]) -> str | None:
    """What to type for a flag that a verb does not have."""
    options = list(_list_options(context.command))
    spelt = "--" + flag.lstrip("-").lower().replace("_", "-")
    if spelt in options:
        return f"did you mean `{spelt}`?"
    setting = _find_setting(flag, value, words, near=False)
    if setting is None:
        name = flag.lstrip("-").lower().replace("-", "_")
        if (told := next((told for names, told in _ELSEWHERE.items() if name in names), None)) is not None:
            return told
        if owner := _find_owner(context, spelt, words):
            return owner
        if (close := find_nearest(spelt[2:], [option[2:] for option in options])) is not None:
            return f"did you mean `--{close}`?"
        setting = _find_setting(flag, value, words, near=True)
    if setting is None:
        return None
    asked = f"--set {shlex.quote(setting)}"
    return f"`{asked}` sets it" if "--set" in options else f"`nnctl train SPEC {asked}` sets it for a training"


def _find_owner(context: Any, flag: str, words: Sequence[str]) -> str | None:
    """The verb that has an option, or that is called like it."""
    verbs = getattr(context.find_root().command, "commands", {})
    if (name := flag.removeprefix("--")) in verbs:
        return f"that is a verb: `nnctl {name}`"
    owners = [name for name, verb in verbs.items() if flag in _list_options(verb)]
    if not owners:
        return None
    if context.parent is None:
        asked = next((word for word in words if word in owners), owners[0])
        return f"options come after the verb: `nnctl {asked} {flag}`"
    named = ", ".join(f"`nnctl {owner}`" for owner in owners)
    return f"{named} {'has' if len(owners) == 1 else 'have'} it"


def _advise_extra(context: Any, extra: str, words: Sequence[str]) -> str | None:
    """What is wrong with an argument too many: a setting without its flag, or what stands behind a flag that takes nothing."""
    first = extra.split()[0] if extra.split() else extra
    if re.fullmatch(r"[\w.]+=.*", first):
        return f"`--set {shlex.quote(first)}` sets a value"
    flags = {name for each in context.command.params if getattr(each, "is_flag", False) for name in each.opts}
    before = next((front for front, word in pairwise(words) if word == first and front in flags), None)
    return None if before is None else f"`{before}` takes no value"


def _list_options(command: Any) -> Iterator[str]:
    """The long options of a verb."""
    for parameter in command.params:
        yield from (name for name in parameter.opts if name.startswith("--"))


def _find_setting(flag: str, value: str | None, words: Sequence[str], near: bool) -> str | None:
    """What a flag would set in a spec."""
    from nnctl.cli.shell.flags import find_setting

    spec = next((Path(word) for word in words if word.endswith((".yaml", ".yml"))), None)
    return find_setting(flag, value, spec, near)


def _find_word(option: str, words: Sequence[str]) -> str:
    """The flag as it was typed: of `-lr` Typer tells the first letter."""
    typed = [word.partition("=")[0] for word in words]
    short = [word for word in typed if len(option) == 2 and word.startswith("-") and not word.startswith("--")]
    return option if option in typed else next((word for word in short if option[1] in word[1:]), option)


def _find_value(flag: str, words: Sequence[str]) -> str | None:
    """What stands behind a flag, unless it is another flag or a spec."""
    for word, after in zip(words, [*words[1:], "--"], strict=True):
        if word.startswith(f"{flag}="):
            return word.partition("=")[2]
        if word == flag and not re.match(r"-[^\d.]|--|$", after) and not after.endswith((".yaml", ".yml")):
            return after
    return None
