"""`/fee`: two columns of one scale, each part named beside it with its yen."""

from collections.abc import Sequence
from typing import Final

from bot.pictures.canvas import Canvas, Side
from bot.pictures.panels import FeePanel, Part
from bot.pictures.style import CALM, GOOD, LARGE, MARGIN, MIDDLE, QUIET, SMALL, SOFT, TEXT, TRACK, WIDTH

TOP: Final = 190
TALL: Final = 430
WIDE: Final = 104
APART: Final = 78
"""Between two names, so that they never touch."""


def draw_fee(panel: FeePanel) -> bytes:
    """Its file."""
    canvas = Canvas(TOP + TALL + 90)
    half = WIDTH / 2
    canvas.text(MARGIN, 56, panel.client, MIDDLE, width=half - MARGIN - 24, colour=SOFT)
    canvas.text(MARGIN, 112, panel.client_total, LARGE, width=half - MARGIN - 24)
    canvas.text(WIDTH - MARGIN, 56, panel.member, MIDDLE, width=half - MARGIN - 24, side="right", colour=SOFT)
    canvas.text(WIDTH - MARGIN, 112, panel.member_total, LARGE, width=half - MARGIN - 24, side="right")
    tallest = max(sum(part.amount for part in parts) for parts in (panel.client_parts, panel.member_parts))
    scale = TALL / max(tallest, 1)
    _column(canvas, panel.client_parts, scale, half - 22 - WIDE, side="right", colour=CALM)
    _column(canvas, panel.member_parts, scale, half + 22, side="left", colour=GOOD)
    level = TOP + TALL - panel.contract.amount * scale
    canvas.line((half - 36 - WIDE, level), (half + 36 + WIDE, level), colour=TEXT, width=3, dashed=True)
    words = f"{panel.contract.name} {panel.contract.words}"
    canvas.text(half, TOP + TALL + 46, words, SMALL, width=WIDTH - 2 * MARGIN - 60, side="center", colour=SOFT)
    wide = min(canvas.width_of(words, SMALL), WIDTH - 2 * MARGIN - 60) / 2
    canvas.line((half - wide - 56, TOP + TALL + 46), (half - wide - 14, TOP + TALL + 46), colour=TEXT, dashed=True)
    return canvas.png()


def _column(canvas: Canvas, parts: Sequence[Part], scale: float, x: float, *, side: Side, colour: str) -> None:
    """The names stand on the outer side."""
    canvas.box(x - 6, TOP + TALL, WIDE + 12, 4, TRACK)
    middles, ground = [], float(TOP + TALL)
    for part in parts:
        tall = max(part.amount * scale, 3)
        draw = canvas.hatched if part.taken else canvas.box
        draw(x, ground - tall + 2, WIDE, max(tall - 2, 2), QUIET if part.taken else colour)
        middles.append(ground - tall / 2)
        ground -= tall
    beside = x - 14 if side == "right" else x + WIDE + 14
    away = -22 if side == "right" else 22
    for part, middle, y in zip(parts, middles, _spread(middles), strict=True):
        canvas.line((beside, middle), (beside + away, y), colour=SOFT, width=2)
        at, wide = beside + away * 1.4, abs((beside + away * 1.4) - (MARGIN if side == "right" else WIDTH - MARGIN))
        canvas.text(at, y - 18, part.name, SMALL, width=wide, side=side, colour=SOFT)
        canvas.text(at, y + 17, part.words, MIDDLE, width=wide, side=side)


def _spread(middles: Sequence[float]) -> list[float]:
    """Each as near to its own as the others let it, from the ground up."""
    placed: list[float] = []
    for middle in middles:
        placed.append(min(middle, placed[-1] - APART) if placed else min(middle, TOP + TALL - APART / 2))
    # What was pushed over the top comes down, and pushes those below it.
    least = float(TOP + APART / 2 - 30)
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = max(placed[place], least)
        least = placed[place] + APART
    return placed
