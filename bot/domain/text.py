"""How people write settings: full-width letters and digits, and words for nothing."""

from typing import Final

NONE_WORDS: Final = frozenset({"", "none", "off", "なし", "無し"})

_TO_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
EXCERPT_LENGTH: Final = 40


def half_width(text: str) -> str:
    """Full-width ASCII as ASCII. Nothing more: NFKC would also read `1²h` as `12h`."""
    return text.translate(_TO_HALF_WIDTH)


def excerpt(text: str) -> str:
    """As much of what was written as belongs into a sentence about it."""
    text = " ".join(text.split())
    return text if len(text) <= EXCERPT_LENGTH else text[:EXCERPT_LENGTH] + "…"
