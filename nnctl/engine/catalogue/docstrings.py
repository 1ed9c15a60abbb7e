"""Prose out of Keras's docstrings: a sentence for a component, and one or two for each of its arguments."""

import re
from collections.abc import Collection

LONGEST = 200  # characters: two lines of a terminal

_SECTION = re.compile(r"\s*Arg(?:s|uments):\s*")
_ENTRY = re.compile(r"\s*`?(\w+)`?(?: \([^)]*\))?:(?:\s+(.*)|)")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!i\.e\.)(?<!e\.g\.)(?<!\(ie\.)\s+(?=[A-Z`\"])")
# Sentences that say what the kind and the default say better: "Float.", "Defaults to 0.9.", "None by default."
_TYPE = r"(?:python )?(?:float(?:ing point)?|int(?:eger)?|bool(?:ean)?|str(?:ing)?|optional)"
_IDLE = re.compile(
    rf"(?:an? )?{_TYPE}(?: value| or `?None`?)*(?:,? defaults to .*)?\.?|\(?defaults? (?:to|is|:).*|default:.*"
    r"|a python scalar or a scalar keras tensor\.|a float value or a constant float tensor\."
    r"|`?none`? by default\.?|optional\.|.* callable that takes no arguments .*",
    re.IGNORECASE,
)


def parse_first_sentence(doc: str) -> str:
    """The first sentence of a docstring, in one line."""
    lines = doc.split("\n\n", 1)[0].splitlines()
    return _split_sentences(" ".join(line.strip() for line in lines))[0]


def parse_arguments(doc: str, names: Collection[str]) -> dict[str, str]:
    """What a docstring's `Args:` says of each of the arguments `names` that it describes.

    Args:
        doc: the docstring, cleaned of its common indentation.
        names: what may be an argument; a line that looks like an entry (`Note:`) but is not among them is prose.

    Returns:
        The first sentence for each that says more than its type or default, and those after it while they fit `LONGEST`
        characters; lists are cut off.
    """
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _find_section(doc):
        entry = _ENTRY.fullmatch(line)
        if entry and entry[1] in names and entry[1] not in found:
            current = found.setdefault(entry[1], [])
            line = entry[2] or ""
        current.append(line.strip())
    return {name: short for name, lines in found.items() if (short := _shorten(lines))}


def _find_section(doc: str) -> list[str]:
    """The lines below `Args:` that are indented more than it is."""
    lines = doc.splitlines()
    start = next((i for i, line in enumerate(lines) if _SECTION.fullmatch(line)), None)
    if start is None:
        return []
    outer = _measure_indentation(lines[start])
    below = lines[start + 1 :]
    end = next((i for i, line in enumerate(below) if line.strip() and _measure_indentation(line) <= outer), len(below))
    return below[:end]


def _measure_indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _shorten(lines: list[str]) -> str:
    prose: list[str] = []
    for line in lines:
        if (not line and prose) or line.startswith(("- ", "**", "{{", ">>>", "```")):
            break
        prose.append(line)
    sentences = _split_sentences(" ".join(prose).removeprefix("(Optional) "))
    first, *rest = [sentence for sentence in sentences if not _IDLE.fullmatch(sentence)] or sentences
    for sentence in rest:
        if len(first) + len(sentence) >= LONGEST:
            break
        first += f" {sentence}"
    return _end_sentence(first[:1].upper() + first[1:])


def _split_sentences(text: str) -> list[str]:
    return _SENTENCE_END.split(re.sub(r"\s+", " ", text.strip()))


def _end_sentence(text: str) -> str:
    """The text with a full stop instead of the colon or comma that led to what was cut off."""
    text = text.rstrip(" :,;")
    return text if not text or text[-1] in ".!?" else f"{text}."
