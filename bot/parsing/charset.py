"""Bytes to text as Japanese mailers and spreadsheets really encode it.

The standard names say less than what is written under them: ISO-2022-JP and EUC-JP carry the letters that Windows adds
(①, ㈱, 髙), which Python's codecs of these names refuse; a charset is named wrongly or not at all.
"""

import codecs
import re
from typing import Final

_WINDOWS_JAPANESE: Final = "cp932"
_JIS_ESCAPE: Final = re.compile(rb"\x1b(\$[@B]|\$\([DOPQ?]|\([BJIH])")
_JIS_SIGN: Final = re.compile(rb"\x1b(?:\$[@B(]|\([JI])")
_EUC_CHARACTER: Final = re.compile(
    rb"(?P<ascii>[\x00-\x7f]+)|\x8f(?P<extended>[\xa1-\xfe]{2})|\x8e(?P<kana>[\xa1-\xdf])|(?P<pair>(?:[\xa1-\xfe]{2}){1,1000})"
)
_IBM_LETTERS: Final = (
    "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ＇＂㈱№℡炻仼僴凬匇匤﨎咊坙﨏塚增寬峵嵓﨑德悅愠敎昻晥晴朗栁﨓﨔橫櫢淸淲瀨凞猪甁皂皞益礰"
    "礼神祥福竧靖精綠緖羽荢﨟薰蘒﨡蠇諸譿賴赶﨣﨤逸郞都鄕﨧﨨閒隆﨩霻靍靑飯飼館馞髙魲鶴黑"
)
"""The letters from row 83, cell 83 of the third plane, as eucJP-ms has them."""
_IBM_START: Final = (0xF3 - 0xA1) * 94 + 0xF3 - 0xA1
_ALIASES: Final = {
    **dict.fromkeys(("iso2022jp", "iso2022jp1", "iso2022jp2", "iso2022jp3", "iso2022jpms", "csiso2022jp"), "jis"),
    **dict.fromkeys(("cp50220", "cp50221", "cp50222", "jis", "xjis", "iso2022jpext"), "jis"),
    **dict.fromkeys(("eucjp", "xeucjp", "eucjpms", "eucjpwin", "cp51932", "cp20932", "ujis"), "euc"),
    **dict.fromkeys(("shiftjis", "sjis", "xsjis", "windows31j", "cswindows31j", "mskanji", "ms932", "cp932"), "cp932"),
    **dict.fromkeys(("sjiswin", "cp943", "windows932", "xmscp932"), "cp932"),
}  # fmt: skip
_UNSAFE: Final = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""Codecs that no mail uses; the first two are slow on crafted input."""
_LATIN: Final = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15"})
"""Charsets under whose names mailers send anything."""
_UNASSIGNED: Final = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
"""The characters as which Python reads bytes that Shift_JIS leaves free."""
_HALF_WIDTH_KANA: Final = re.compile("[\uff61-\uff9f]")
_KANA: Final = re.compile("[\u3041-\u30fe]")
_FIRST_CELL, _LAST_CELL = 0x21, 0x7E
"""The cells of a row of JIS X 0208; its rows are numbered alike."""
_UPPER_ROWS: Final = 0x5F
"""The first row whose first byte in Shift_JIS lies behind the half-width katakana."""
_LEFT_OUT_CELL: Final = 0x60
"""From this cell on the second byte in Shift_JIS skips 0x7F."""
REPLACEMENT: Final = "\ufffd"
"""What stands for bytes that cannot be read."""


def decode_bytes(data: bytes, charset: str | None = None) -> str:
    """The text of some bytes; `charset`: the name that was written for it, if any. Unreadable bytes become U+FFFD."""
    name = _find_codec(charset)
    if not (name or "").startswith(("utf_16", "utf-16", "utf-32")) and _JIS_SIGN.search(data):
        return _decode_jis(data)
    if name == "jis":
        return _guess_encoding(data)  # without a sequence it is ASCII, or something else
    if name is not None and not (name in _LATIN and not data.isascii()):
        decoded = _decode_strictly(data, name)
        if decoded is not None:
            return decoded
    guessed = _guess_encoding(data)
    if name in _LATIN and (REPLACEMENT in guessed or _HALF_WIDTH_KANA.search(guessed)):
        return _decode_strictly(data, "cp1252") or guessed
    return guessed


def detect_charset(sample: bytes) -> str | None:
    """utf-8, iso-2022-jp, euc-jp or cp932, by a sample of lines, of which the last may be cut.

    None: none of these, or half-width katakana in CP932 that are just as well kanji in EUC-JP.
    """
    if _JIS_SIGN.search(sample):
        return "iso-2022-jp"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except ValueError:
        pass
    else:
        return "utf-8"
    whole_lines = sample[: sample.rfind(b"\n") + 1] or sample
    charset, text = _decode_japanese(whole_lines) or (None, "")
    if charset != "euc":
        return charset
    in_cp932 = _decode_strictly(whole_lines, _WINDOWS_JAPANESE)
    is_half_width = in_cp932 is not None and _HALF_WIDTH_KANA.sub("", in_cp932).isascii()
    return None if is_half_width and not _KANA.search(text) else "euc-jp"


def _find_codec(charset: str | None) -> str | None:
    """The codec for a written name; None: no name, an unknown one, or one that is not to be used."""
    plain = re.sub(r"[^a-z0-9]", "", (charset or "").partition("*")[0].casefold()[:40])
    if plain in _ALIASES:
        return _ALIASES[plain]
    try:
        name = codecs.lookup((charset or "")[:40].partition("*")[0].strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    return None if name in _UNSAFE else name


def _decode_strictly(data: bytes, name: str) -> str | None:
    if name == "euc":
        text = _decode_euc(data)
        return None if REPLACEMENT in text else text
    try:
        text = data.decode(name)
    except (ValueError, LookupError):
        return None
    return None if name == _WINDOWS_JAPANESE and _UNASSIGNED.search(text) else text


def _decode_japanese(data: bytes) -> tuple[str, str] | None:
    """cp932 or euc, whichever reads like Japanese, and the text; None: neither, or damaged UTF-8."""
    texts = {name: text for name in (_WINDOWS_JAPANESE, "euc") if (text := _decode_strictly(data, name)) is not None}
    best = max(texts, key=lambda name: _likeness_to_japanese(texts[name]), default=None)
    if best is None or _likeness_to_japanese(data.decode("utf-8", "replace")) > max(
        0, _likeness_to_japanese(texts[best])
    ):
        return None
    return best, texts[best]


def _guess_encoding(data: bytes) -> str:
    """UTF-8 if it can be; else of EUC-JP and Shift_JIS the one that reads like Japanese."""
    has_bom = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if has_bom and (decoded := _decode_strictly(data, "utf-16")) is not None:
        return decoded
    if (decoded := _decode_strictly(data, "utf-8")) is not None:
        return decoded
    _, text = _decode_japanese(data) or (None, data.decode("utf-8", "replace"))
    return text


def _likeness_to_japanese(text: str) -> int:
    """How much a text is like Japanese: kana, but not the half-width ones as which other charsets are misread."""
    kana, half_width = (len(text) - len(pattern.sub("", text)) for pattern in (_KANA, _HALF_WIDTH_KANA))
    return kana - 2 * half_width


def _decode_jis(data: bytes) -> str:
    """Seven-bit text with sequences that switch between character sets."""
    texts: list[str] = []
    charset, start = b"(B", 0
    for match in _JIS_ESCAPE.finditer(data):
        texts.append(_decode_jis_run(charset, data[start : match.start()]))
        charset, start = match[1], match.end()
    texts.append(_decode_jis_run(charset, data[start:]))
    return "".join(texts)


def _decode_jis_run(charset: bytes, data: bytes) -> str:
    if charset in {b"$@", b"$B", b"$(?"}:
        # A line break ends a run of double bytes in mails that do not switch back.
        lines = data.split(b"\n")
        return "\n".join(
            _decode_jis_cells(lines[0]) if not n else _decode_single_bytes(line) for n, line in enumerate(lines)
        )
    if charset == b"(I":
        return bytes(byte | 0x80 for byte in data).decode(_WINDOWS_JAPANESE, "replace")
    if charset in {b"$(D", b"$(O", b"$(P", b"$(Q"}:
        codec = "iso2022_jp_2" if charset == b"$(D" else "iso2022_jp_2004"
        return (b"\x1b" + charset + data + b"\x1b(B").decode(codec, "replace")
    return _decode_single_bytes(data)


def _decode_single_bytes(data: bytes) -> str:
    """A run of single bytes. Some mailers set the eighth bit there for half-width katakana, or write UTF-8."""
    if data.isascii():
        return data.decode("ascii")
    return _guess_encoding(data)


def _decode_jis_cells(data: bytes) -> str:
    """Decode JIS X 0208, two bytes a character (its row and its cell), with the rows that Windows added."""
    pairs = b"".join(_jis_cell_as_shift_jis(data[at], data[at + 1 : at + 2]) for at in range(0, len(data), 2))
    return _UNASSIGNED.sub(REPLACEMENT, pairs.decode(_WINDOWS_JAPANESE, "replace"))


def _jis_cell_as_shift_jis(row: int, cell: bytes) -> bytes:
    row &= 0x7F
    if not cell or not _FIRST_CELL <= row <= _LAST_CELL:
        return bytes((row,)) if row < _FIRST_CELL else b"\xff"
    low = cell[0] & 0x7F
    if not _FIRST_CELL <= low <= _LAST_CELL:
        return b"\xff"
    lead = (row - _FIRST_CELL) // 2 + (0x81 if row < _UPPER_ROWS else 0xC1)
    if row % 2:
        return bytes((lead, low + (0x1F if low < _LEFT_OUT_CELL else 0x20)))
    return bytes((lead, low + 0x7E))


def _decode_euc(data: bytes) -> str:
    """EUC-JP with the letters of Windows; U+FFFD for what is no EUC-JP."""
    texts: list[str] = []
    position = 0  # of the first byte that was not read
    for match in _EUC_CHARACTER.finditer(data):
        if match.start() != position:
            break
        position = match.end()
        texts.append(_decode_euc_character(match))
    return "".join(texts) + (REPLACEMENT if position < len(data) else "")


def _decode_euc_character(match: re.Match[bytes]) -> str:
    if match["ascii"] is not None:
        return match["ascii"].decode("ascii")
    if match["kana"] is not None:
        return match["kana"].decode(_WINDOWS_JAPANESE)
    if match["pair"] is not None:
        return _decode_jis_cells(match["pair"])
    row, cell = match["extended"]
    place = (row - 0xA1) * 94 + cell - 0xA1 - _IBM_START
    if 0 <= place < len(_IBM_LETTERS):
        return _IBM_LETTERS[place]
    return match[0].decode("euc_jp", "replace")
