"""Colours, letters and sizes that all pictures share.

The panel is opaque and dark, so that it reads alike on Discord's light and dark themes. Words are TEXT or SOFT, which
stand out from it (and from RAISED) by 4.5 to 1 at least, whatever is filled by 3 to 1 (WCAG 2, AA). The colours of
standing are those of the cards (bot/chat/cards/frame.py), and each comes with a shape or a hatch of its own.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bot.pictures.panels import Mark, Tone

WIDTH: Final = 1000
MARGIN: Final = 40

SMALL: Final = 26
MIDDLE: Final = 31
LARGE: Final = 42
HUGE: Final = 66
SMALLEST: Final = 24
"""Pixels of 1000: what a phone still shows."""

PANEL: Final = "#141920"
RAISED: Final = "#222A35"
TRACK: Final = "#3A4452"
TEXT: Final = "#F4F6FA"
SOFT: Final = "#B9C3D0"

CALM: Final = "#2F6FDE"
GOOD: Final = "#2E9E5B"
SOON: Final = "#E08A00"
LATE: Final = "#C8372D"
QUIET: Final = "#7A7F87"

TONES: Final = {Tone.CALM: CALM, Tone.GOOD: GOOD, Tone.SOON: SOON, Tone.LATE: LATE, Tone.QUIET: QUIET}
MARKS: Final = {Mark.MET: GOOD, Mark.NOT_MET: LATE, Mark.UNKNOWN: QUIET, Mark.NOT_JUDGED: QUIET}

HATCH: Final = "//"
"""What is late, or taken, without colour."""


def font_file() -> Path:
    """IPAexGothic, from the package that carries it; importing that one would change matplotlib's own settings."""
    found = find_spec("matplotlib_fontja")
    if found is None or found.origin is None:
        raise FileNotFoundError("matplotlib_fontja")
    return Path(found.origin).with_name("fonts") / "ipaexg.ttf"
