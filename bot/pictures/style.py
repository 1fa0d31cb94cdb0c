"""The colours, sizes and font that all pictures share.

The background is opaque and dark, so pictures look the same on Discord's light and dark themes. Text is TEXT or
TEXT_SECONDARY, whose contrast to BACKGROUND and DIVIDER is at least 4.5 to 1; that of filled shapes is at least 3 to 1
(WCAG 2, level AA). INFO to MUTED are the colours of the cards (bot/discord_app/ui/layout.py); no meaning rests on a
colour alone, each has a shape or a hatch too.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bot.pictures.models import Severity, StatusIcon

WIDTH: Final = 680
"""Units of every picture, in which all its lengths are. A phone shows a picture 288 of its pixels wide."""

PIXELS_PER_UNIT: Final = 1.5
"""Pixels of the file: more than one, so that it is sharp on a dense screen."""

MARGIN: Final = 28
"""On the left and on the right."""

SMALL: Final = 26
LARGE: Final = 38
HUGE: Final = 54
MIN_FONT_SIZE: Final = 26
"""The smallest size that is readable on a phone: 11 of its pixels."""

BACKGROUND: Final = "#141920"
DIVIDER: Final = "#222A35"
TRACK: Final = "#3A4452"
TEXT: Final = "#F4F6FA"
TEXT_SECONDARY: Final = "#B9C3D0"

INFO: Final = "#2F6FDE"
SUCCESS: Final = "#2E9E5B"
WARNING: Final = "#E08A00"
DANGER: Final = "#C8372D"
MUTED: Final = "#7A7F87"

SEVERITY_COLOURS: Final = {
    Severity.INFO: INFO,
    Severity.SUCCESS: SUCCESS,
    Severity.WARNING: WARNING,
    Severity.DANGER: DANGER,
    Severity.MUTED: MUTED,
}
STATUS_COLOURS: Final = {
    StatusIcon.MET: SUCCESS,
    StatusIcon.NOT_MET: DANGER,
    StatusIcon.UNKNOWN: MUTED,
    StatusIcon.NOT_JUDGED: MUTED,
}

HATCH: Final = "//"
"""The pattern of what is late or deducted."""


def picture_font_file() -> Path:
    """IPAexGothic in the package matplotlib_fontja, which is not imported: that would change matplotlib's settings.

    Raises `FileNotFoundError` where the package is not installed.
    """
    package = find_spec("matplotlib_fontja")
    if package is None or package.origin is None:
        raise FileNotFoundError("matplotlib_fontja")
    return Path(package.origin).with_name("fonts") / "ipaexg.ttf"
