"""Text in the charsets of Japanese mailers under whatever name they write; headers that are wrapped or encoded."""

import tracemalloc

import pytest

from bot.parsing.charset import REPLACEMENT, decode_bytes
from bot.parsing.encoded_words import decode_encoded_words, unfold_header_field
from tests.helpers.amounts import others_slow
from tests.helpers.mail_builder import encode

WINDOWS = "髙﨑①㈱Ⅳ№～纊德"
KANA = "田中さんからのメッセージ受信通知"
NAMES: dict[str, tuple[str | None, ...]] = {
    "jis": ("iso-2022-jp", "ISO-2022-JP-MS", "cp50220", "CP50221", "csISO2022JP", "utf-8", "us-ascii", "x-unknown", None),
    "eucjp": ("euc-jp", "x-euc-jp", "eucJP-ms", "CP51932", "utf-8", "us-ascii", "x-unknown", None),
    "sjis": ("shift_jis", "x-sjis", "Windows-31J", "MS_Kanji", "utf-8", "us-ascii", "x-unknown", None),
    "utf-8": ("utf-8", "UTF8", "iso-2022-jp", "euc-jp", "us-ascii", "iso-8859-1", "x-unknown", None),
    "utf-16": ("utf-16",),
}  # fmt: skip


@pytest.mark.parametrize(("charset", "name"), [(charset, name) for charset, names in NAMES.items() for name in names])
def test_text_is_read_under_any_name(charset: str, name: str | None) -> None:
    for text in (KANA, KANA + WINDOWS, "LP " + KANA + " ABC"):
        assert decode_bytes(encode(text, charset), name) == text


def test_escape_sequences_are_never_text() -> None:
    assert "\x1b" not in decode_bytes(encode("①", "jis"), "utf-8")


def test_latin_text_keeps_its_letters() -> None:
    assert decode_bytes("Ørsted".encode("latin-1"), "iso-8859-1") == "Ørsted"


def test_the_letters_that_euc_has_in_its_third_plane() -> None:
    assert decode_bytes(b"\x8f\xf4\xfb\x8f\xf4\xbd\x8f\xb0\xa1", "eucJP-ms") == "髙﨑丂"


@pytest.mark.parametrize("data", [b"\x1b$B!", b"\x1b$B\x7f\x7f\x1b(B", b"\x1b$B", b"\xff\xfe\xff", b"\x1b(I\x00"])
@pytest.mark.parametrize("name", ["iso-2022-jp", "euc-jp", "shift_jis", "utf-8", "punycode", "a" * 500, None])
def test_damaged_bytes_are_no_error(data: bytes, name: str | None) -> None:
    assert isinstance(decode_bytes(data, name), str)


def test_what_is_damaged_is_marked() -> None:
    assert REPLACEMENT in decode_bytes(b"\x1b$B\x22\x7f\x1b(B", "iso-2022-jp")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("=?utf-8?B?55Sw?= =?utf-8?B?5Lit?=", "田中"),
        ("=?utf-8?B?55Sw5A==?= =?utf-8?B?uK0=?=", "田中"),
        ("=?UTF-8*ja?q?=E7=94=B0_=E4=B8=AD?=", "田 中"),
        ("Re: =?utf-8?B?55Sw?= abc", "Re: 田 abc"),
        ("=?iso-2022-jp?B?GyRCRURDZhsoQg==?=様", "田中様"),
        ("=?utf-8?B?55Sw", "=?utf-8?B?55Sw"),
        ("abc", "abc"),
    ],
)
def test_encoded_words(written: str, text: str) -> None:
    assert decode_encoded_words(written) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("田中①の\n 髙﨑", "田中①の髙﨑"),
        ("田中\n\tB", "田中 B"),
        ("ロゴ\n ABC", "ロゴ ABC"),
        ("田中 Acme\n 様", "田中 Acme 様"),
        ("Acme 田中\n 様", "Acme 田中様"),
        ("", ""),
    ],
)
def test_a_fold_adds_no_space_in_japanese(written: str, text: str) -> None:
    assert unfold_header_field(written) == text


@pytest.mark.slow
@pytest.mark.parametrize("data", others_slow([b"\xd8" * 200_000, b"\xb1" * 200_000, "か".encode("euc-jp") * 100_000]))
def test_a_long_text_takes_little_memory(data: bytes) -> None:
    tracemalloc.start()
    try:
        decode_bytes(data, "utf-16")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30 * len(data)
