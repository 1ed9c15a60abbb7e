"""A table of named things that says which name was meant when it does not hold the one that was asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that looks most like `name`, or None: the same letters in another order (`adma`), else by difflib's ratio.

    The ratio must be 0.6 at least, difflib's default. Of names that differ in case only the first counts.
    """
    known: dict[str, str] = {}
    for candidate in names:
        known.setdefault(candidate.lower(), candidate)
    swapped = [candidate for candidate in known if sorted(candidate) == sorted(name.lower())]
    found = swapped or get_close_matches(name.lower(), known, n=1)
    return known[found[0]] if found else None


class Registry(Mapping[str, T]):
    """Named things of one family, in the order in which they were registered.

    >>> shapes = Registry("shape")
    >>> @shapes.register("square")
    ... def square(side): return side * side
    >>> shapes["square"](3)
    9
    """

    def __init__(self, family: str) -> None:
        self.family = family
        self._things: dict[str, T] = {}

    def register(self, name: str) -> Callable[[T], T]:
        """A decorator that enters what it decorates under `name`; a name taken twice is a bug and raises ValueError."""

        def enter(thing: T) -> T:
            if name in self._things:
                raise ValueError(f"two {self.family}s are called {name!r}")
            self._things[name] = thing
            return thing

        return enter

    def __getitem__(self, name: str) -> T:
        return self._things[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)
