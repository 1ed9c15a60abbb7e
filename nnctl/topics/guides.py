"""Topics that are larger than one key or component: how nnctl is used, and the questions of a first course.

A page of Markdown each, in `guides/` and `guides/course/`, so that a forge shows them as well:

    # Title
    <!-- also: other names, by which it is found -->
    What it is, in one sentence.
    ## A heading, and below it paragraphs, lists, tables and blocks of code
    ## Try
    ```sh
    nnctl train configs/mnist_mlp.yaml
    ```
    Source: a paper; a paper
    See also: `other`, `topics`
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from nnctl.topics.prose import unfold
from nnctl.topics.topic import Shelf, Topic

FOLDER = Path(__file__).with_name("guides")
_GROUPS = {FOLDER: "how nnctl is used", FOLDER / "course": "the questions of a first course"}
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_ALSO = re.compile(r"<!-- also: (.*?) -->", re.DOTALL)
_LAST = re.compile(r"^(Source|See also): (.*?)(?:\n\n|\Z)", re.DOTALL | re.MULTILINE)
_PAGE = re.compile(r"\[([^\]]+)\]\((?:course/|\.\./)?([\w-]+)\.md(?:#[\w-]+)?\)")
_LINK = re.compile(r"\[([^\]]+)\]\((?!http)[^)]+\)")  # to a file of the repository, which may not be there
_PICTURE = re.compile(r"^!\[.*\n\n?", re.MULTILINE)
_FENCE = re.compile(r"^ *```")


def make_shelves() -> Iterator[Shelf]:
    """The shelf of guides."""
    what = "how nnctl is used, and the questions of a first course"
    yield Shelf(
        "guides",
        "guide",
        what,
        names=_list_names,
        topic=_find_topic,
        spellings=_list_spellings,
        group=_find_group,
        others=_list_others,
    )


def list_pages() -> tuple[Path, ...]:
    """The file of each guide, group by group."""
    return tuple(path for folder in _GROUPS for path in sorted(folder.glob("*.md")))


def _list_names() -> tuple[str, ...]:
    return tuple(_find_pages())


def _list_spellings() -> tuple[str, ...]:
    return (*_list_names(), *(other for name in _list_names() for other in _list_others(name)))


def _find_group(name: str) -> str:
    return _GROUPS[_find_pages()[name].parent]


def _find_topic(text: str) -> Topic | None:
    name = text if text in _find_pages() else next((n for n in _list_names() if text in _list_others(n)), None)
    return None if name is None else _make_topic(name, _read_page(name))


@cache
def _find_pages() -> Mapping[str, Path]:
    return {path.stem: path for path in list_pages()}


@cache
def _read_page(name: str) -> str:
    return _find_pages()[name].read_text(encoding="utf-8")


def _list_others(name: str) -> list[str]:
    """Other names of a guide."""
    found = _ALSO.search(_read_page(name))
    return [each.strip() for each in found[1].split(",")] if found else []


def _make_topic(name: str, page: str) -> Topic:
    text = _PICTURE.sub("", _COMMENT.sub("", page))
    last = {kind: unfold(told) for kind, told in _LAST.findall(text)}
    head, *sections = _cut(_LINK.sub(r"\1", _PAGE.sub(_name_page, _LAST.sub("", text))))
    what, _, more = head[1].partition("\n\n")
    told = dict(sections)
    tried = [line for line in told.pop("Try", "").splitlines() if line.startswith("nnctl ")]
    return Topic(
        "guide",
        name,
        unfold(what),
        (*([(head[0], more)] if more else []), *told.items()),
        commands=tuple(tried),
        source=last.get("Source", ""),
        see=tuple(re.findall("`([^`]+)`", last.get("See also", ""))),
    )


def _name_page(link: re.Match[str]) -> str:
    """A link to a guide as the command that prints it."""
    return link[1] if "`nnctl explain " in link[1] else f"{link[1]} (`nnctl explain {link[2]}`)"


def _cut(text: str) -> list[tuple[str, str]]:
    """Headings and what stands below each, the page's title first; a `#` in a block of code is none."""
    found = list[tuple[str, list[str]]]()
    fenced = False
    for line in text.splitlines():
        fenced ^= bool(_FENCE.match(line))
        if not fenced and (heading := re.match("##? (.*)", line)):
            found.append((heading[1], []))
        else:
            found[-1][1].append(line)
    return [(heading, "\n".join(lines).strip("\n")) for heading, lines in found]
