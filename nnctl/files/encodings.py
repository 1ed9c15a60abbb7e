"""What encoding a text file is in: whether a name is one of Python's, and a guess where a file is not UTF-8."""

import codecs
import io
from collections.abc import Callable
from pathlib import Path

from nnctl.files.opening import open_regular

UTF8 = "utf-8"
# Python calls them encodings of text, and none is what a file is in: some take minutes for a long line.
_NONE_OF_FILES = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"}
_MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_PIECE = 1 << 20  # bytes
_READ, _KEPT = 1 << 26, 1 << 16  # bytes of a file that are looked through, and of its lines that are not ASCII
_SURE = 0.6  # of the letters beyond ASCII: from here on a guess is told
_PLAIN = 128


def is_encoding(name: str) -> bool:
    """Whether Python calls an encoding of text so that files are in: `gbk`, `cp1252`, `latin-1`, `utf-16`."""
    try:
        io.TextIOWrapper(io.BytesIO(b""), encoding=name)
    except (LookupError, ValueError):
        return False
    return name.lower().replace("-", "_") not in _NONE_OF_FILES


def is_utf8(name: str) -> bool:
    """Whether an encoding's name means UTF-8, which may begin with a mark."""
    return name.lower().replace("_", "-") in (UTF8, "utf8", "utf-8-sig")


def find_encoding(path: Path) -> str:
    """`utf-8` where a file is that from its first byte to its last, or where nothing better fits; else the guess.

    Raises:
        OSError: the file cannot be read.
    """
    decoder, piece = codecs.getincrementaldecoder(UTF8)(), b"\n"
    with open_regular(path) as file:
        try:
            while piece:
                piece = file.read(_PIECE)
                decoder.decode(piece, final=not piece)
        except UnicodeDecodeError:
            return guess_encoding(path) or UTF8
    return UTF8


def guess_encoding(path: Path) -> str | None:
    """What a file that is not UTF-8 is most likely encoded in, by Python's name; None where nothing fits well.

    Decoded as it should be, most letters beyond ASCII are those that its language uses most. These are, going by the
    tables of the encodings themselves: the first level of GB 2312 and of JIS X 0208 and kana, the first plane of Big5, the
    syllables of KS X 1001, the letters of Russian, and Latin letters that stand between others.

    Raises:
        OSError: the file cannot be read.
    """
    with open_regular(path) as file:
        head = file.read(4)
        marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
        if marked is not None:
            return marked
        rest = file.read(_READ)
    if b"\0" in head:
        return None
    sample, lines = head + rest, bytearray()
    for line in sample.splitlines():
        if not line.isascii() and len(lines) < _KEPT:
            lines += line[:_KEPT] + b"\n"
    scores = {name: _score(bytes(lines), name, common) for name, common in _USUAL.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= _SURE else None


def _score(sample: bytes, name: str, measure: Callable[[str, str], float]) -> float:
    try:
        text = sample.decode(name)
    except UnicodeDecodeError as error:  # the last line may have been cut within a letter
        if error.start < len(sample) - 4 or error.start < 1:
            return 0.0
        text = sample[: error.start].decode(name)
    return measure(text, name)


def _encode_letters(text: str, name: str) -> list[bytes]:
    return [letter.encode(name) for letter in text if ord(letter) >= _PLAIN]


def _measure_leads(*ranges: tuple[int, int], trail: int = 0) -> Callable[[str, str], float]:
    """A measure of how many letters have two bytes, the first of them in certain ranges and the second from `trail` on."""

    def measure(text: str, name: str) -> float:
        letters = _encode_letters(text, name)
        pairs = [code for code in letters if len(code) == len("ab") and code[1] >= trail]
        common = [code for code in pairs if any(low <= code[0] <= high for low, high in ranges)]
        return len(common) / len(letters) if letters else 0.0

    return measure


def _measure_simplified(text: str, name: str) -> float:
    """GB 2312 orders its first level by sound; Korean syllables are the first half of the same codes."""
    leads = {code[0] for code in _encode_letters(text, name)}
    korean = len(leads) > _MANY and max(leads) <= _HANGUL_ENDS
    share = _measure_leads((0xA1, 0xA3), (0xB0, 0xD7), trail=0xA1)(text, name)
    return share * (_DOUBT if korean else 1.0)


def _measure_traditional(text: str, name: str) -> float:
    """Two in five letters of Big5 end with a byte of ASCII, which none of the other encodings' does."""
    trails = [code[-1] for code in _encode_letters(text, name)]
    other = len(trails) > _MANY and min(trails) >= _PLAIN
    share = _measure_leads((0xA1, 0xA3), (0xA4, 0xC6))(text, name)
    return share * (_DOUBT if other else 1.0)


def _measure_russian(text: str, name: str) -> float:
    """Russian letters stand beside none of the Latin ones, and most are small."""
    letters = [at for at, letter in enumerate(text) if ord(letter) >= _PLAIN]
    small = [at for at in letters if "а" <= text[at] <= "я" or text[at] == "ё"]
    large = [at for at in letters if "А" <= text[at] <= "Я" or text[at] == "Ё"]
    known = sum(not _stands_in_word(text, at) for at in (*small, *large))
    return known / len(letters) * (1.0 if len(small) >= len(large) else _DOUBT) if letters else 0.0


def _measure_western(text: str, name: str) -> float:
    """Letters with accents stand beside plain ones; where two bytes make a letter, they stand among themselves."""
    letters = [at for at, letter in enumerate(text) if ord(letter) >= _PLAIN]
    known = [at for at in letters if text[at] in _SIGNS or ("À" <= text[at] <= "ÿ" and _stands_in_word(text, at))]
    return len(known) / len(letters) if letters else 0.0


def _stands_in_word(text: str, at: int) -> bool:
    """Whether a letter stands beside a plain Latin one."""
    beside = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    return any(letter.isascii() and letter.isalpha() for letter in beside)


def _measure_japanese(text: str, name: str) -> float:
    """Kana are in any Japanese text; without them the same codes are letters of other languages."""
    share = _measure_leads((0xA1, 0xA1), (0xA4, 0xA5), (0xB0, 0xCF))(text, name)
    return share * (1.0 if any("ぁ" <= letter <= "ヿ" for letter in text) else _DOUBT)


_MANY, _HANGUL_ENDS = 8, 0xC8  # so many different bytes or letters are no chance
_DOUBT = 0.8
_SIGNS = "€£°²§µ–’…ŠšŽžŒœŸ"
# Of those that fit alike the first is told.
_USUAL: dict[str, Callable[[str, str], float]] = {
    "gbk": _measure_simplified,
    "big5": _measure_traditional,
    "cp932": _measure_leads((0x81, 0x83), (0x88, 0x97)),
    "euc_jp": _measure_japanese,
    "euc_kr": _measure_leads((0xA1, 0xA3), (0xB0, _HANGUL_ENDS)),
    "gb18030": _measure_simplified,
    "cp1251": _measure_russian,
    "cp1252": _measure_western,
}
