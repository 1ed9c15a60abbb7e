"""What looks like plain punctuation or a digit and is none: from a word processor, a web page, or a keyboard for Chinese."""

import unicodedata

# What NFKC leaves as it is.
_MEANT = str.maketrans("–—−“”„‟‘’‚‛【】「」『』、。《》", '---""""\'\'\'\'[]"""",.<>')


def make_plain(text: str) -> str:
    """The text with plain quotes, dashes, brackets, digits and spaces: `［３，３］` is `[3,3]`."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_MEANT)).translate(_MEANT)


def name_foreign(text: str) -> str | None:
    """The first character that is not what it looks like, by its name; None if there is none."""
    found = next((each for each in text if not each.isascii() and make_plain(each).isascii()), None)
    return None if found is None else f"{unicodedata.name(found, 'a character').lower()} (U+{ord(found):04X})"


def read_enclosed(text: str) -> str:
    """A text up to where its first parenthesis closes: `(3,3), x: 1}` is `(3,3)`; the whole if none opens or it stays open."""
    plain, depth, quote = make_plain(text), 0, ""
    for place, each in enumerate(plain[:400]):
        if quote:
            quote = "" if each == quote else quote
        elif each in "\"'":
            quote = each
        elif each in "([{":
            depth += 1
        elif each in ")]}":
            depth -= 1
            if depth == 0:
                return text[: place + 1]
            if depth < 0:
                return text[:place]
        elif each in ",#" and depth == 0:
            return text[:place]
    return text
