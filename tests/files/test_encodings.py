"""Texts of people, encoded by Python's codecs, which know nothing of the guess."""

from pathlib import Path

import pytest

from nnctl.files.encodings import find_encoding, guess_encoding, is_encoding, is_utf8


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gbk", "标签,岛,喙长,喙深,鳍长,体重\n阿德利,Torgersen,39.1"),
        ("gbk", "城市,天气\n北京,晴\n上海,雨\n"),
        ("gbk", "性别\n男\n女\n"),
        ("big5", "標籤,島,嘴長,體重\n阿德利,台灣,3"),
        ("big5", "城市,天氣\n台北,晴天\n高雄,下雨\n"),
        ("cp932", "ラベル,島,体重\nアデリー,東京,1\n"),
        ("euc_jp", "ラベル,島,体重\nアデリー,東京,1\n"),
        ("euc_kr", "도시,날씨,기온\n서울,맑음,20\n부산,비,18\n"),
        ("cp1251", "город,погода\nМосква,солнце\nКазань,дождь"),
        ("cp1252", "Größe;Gewicht\ngroß;1,2\nMüller;3"),
        ("cp1252", "prénom,été\nélève,ça"),
        ("cp1252", "España,año\nniño,ñ"),
        ("cp1252", "price €,x\n£12,3\n"),
        ("utf-16", "a,größe\n1,2"),
    ],
)
def test_texts_of_many_languages_are_known_by_their_letters(encoding: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(text.encode(encoding))
    assert guess_encoding(path) == find_encoding(path) == encoding
    path.write_bytes(b"1,2\n" * 500_000 + (b"" if encoding == "utf-16" else text.encode(encoding)))
    assert find_encoding(path) == ("utf-8" if encoding == "utf-16" else encoding)


@pytest.mark.parametrize("text", ["标签,a\n", "Größe", "плюс", "a", ""])
def test_utf8_is_never_taken_for_another(text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + text.encode())
        assert find_encoding(path) == "utf-8"


def test_bytes_without_a_language_are_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(bytes(range(1, 256)) * 20)
    assert guess_encoding(path) is None
    assert find_encoding(path) == "utf-8"


@pytest.mark.parametrize("name", ["gbk", "GB18030", "big5", "latin-1", "cp1252", "utf-8", "UTF8", "utf_16"])
def test_encodings_go_by_pythons_names(name: str) -> None:
    assert is_encoding(name)
    assert is_utf8(name) == (name.lower() in ("utf-8", "utf8"))


@pytest.mark.parametrize("name", ["gbq", "", "hex", "rot13", "zlib", "idna", "unicode-escape", "undefined", "a\0b"])
def test_what_no_file_is_in_is_no_encoding(name: str) -> None:
    assert not is_encoding(name)
