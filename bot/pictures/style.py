"""Colours, letters and sizes that all pictures share.

The panel is opaque and dark, so that it reads alike on Discord's light and dark themes. Words are TEXT or SOFT, which
stand out from it (and from RAISED) by 4.5 to 1 at least, whatever is filled by 3 to 1 (WCAG 2, AA). The colours of
standing are those of the cards (bot/discord_app/ui/layout.py), and each comes with a shape or a hatch of its own.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bot.pictures.models import Severity, StatusIcon

WIDTH: Final = 1000
MARGIN: Final = 40

SMALL: Final = 26
MEDIUM: Final = 31
LARGE: Final = 42
HUGE: Final = 66
MIN_FONT_SIZE: Final = 24
"""Pixels of 1000: what a phone still shows."""

PANEL: Final = "#141920"
RAISED: Final = "#222A35"
TRACK: Final = "#3A4452"
TEXT: Final = "#F4F6FA"
TEXT_SECONDARY: Final = "#B9C3D0"

INFO: Final = "#2F6FDE"
SUCCESS: Final = "#2E9E5B"
WARNING: Final = "#E08A00"
DANGER: Final = "#C8372D"
MUTED: Final = "#7A7F87"

SEVERITY_COLOURS: Final = {
    Severity.CALM: INFO,
    Severity.GOOD: SUCCESS,
    Severity.SOON: WARNING,
    Severity.LATE: DANGER,
    Severity.QUIET: MUTED,
}
STATUS_ICONS: Final = {
    StatusIcon.MET: SUCCESS,
    StatusIcon.NOT_MET: DANGER,
    StatusIcon.UNKNOWN: MUTED,
    StatusIcon.NOT_JUDGED: MUTED,
}

HATCH: Final = "//"
"""What is late, or taken, without colour."""


def font_file() -> Path:
    """IPAexGothic, from the package that carries it; importing that one would change matplotlib's own settings."""
    found = find_spec("matplotlib_fontja")
    if found is None or found.origin is None:
        raise FileNotFoundError("matplotlib_fontja")
    return Path(found.origin).with_name("fonts") / "ipaexg.ttf"
