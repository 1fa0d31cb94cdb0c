"""`/fee`: two columns of one scale, each part named beside it with its yen."""

from collections.abc import Sequence
from typing import Final

from bot.pictures.canvas import Canvas, Side
from bot.pictures.models import AmountPart, FeePicture
from bot.pictures.style import INFO, LARGE, MARGIN, MEDIUM, MUTED, SMALL, SUCCESS, TEXT, TEXT_SECONDARY, TRACK, WIDTH

TOP: Final = 190
HEIGHT: Final = 430
COLUMN_WIDTH: Final = 104
LABEL_SPACING: Final = 78
"""Between two names, so that they never touch."""


def draw_fee(model: FeePicture) -> bytes:
    """Its file."""
    canvas = Canvas(TOP + HEIGHT + 90)
    half = WIDTH / 2
    canvas.text(MARGIN, 56, model.client, MEDIUM, width=half - MARGIN - 24, colour=TEXT_SECONDARY)
    canvas.text(MARGIN, 112, model.client_total, LARGE, width=half - MARGIN - 24)
    canvas.text(WIDTH - MARGIN, 56, model.member, MEDIUM, width=half - MARGIN - 24, side="right", colour=TEXT_SECONDARY)
    canvas.text(WIDTH - MARGIN, 112, model.member_total, LARGE, width=half - MARGIN - 24, side="right")
    tallest = max(sum(part.amount for part in parts) for parts in (model.client_parts, model.member_parts))
    scale = HEIGHT / max(tallest, 1)
    _column(canvas, model.client_parts, scale, half - 22 - COLUMN_WIDTH, side="right", colour=INFO)
    _column(canvas, model.member_parts, scale, half + 22, side="left", colour=SUCCESS)
    level = TOP + HEIGHT - model.contract.amount * scale
    canvas.line((half - 36 - COLUMN_WIDTH, level), (half + 36 + COLUMN_WIDTH, level), colour=TEXT, width=3, dashed=True)
    words = f"{model.contract.name} {model.contract.label}"
    canvas.text(
        half, TOP + HEIGHT + 46, words, SMALL, width=WIDTH - 2 * MARGIN - 60, side="center", colour=TEXT_SECONDARY
    )
    wide = min(canvas.width_of(words, SMALL), WIDTH - 2 * MARGIN - 60) / 2
    canvas.line((half - wide - 56, TOP + HEIGHT + 46), (half - wide - 14, TOP + HEIGHT + 46), colour=TEXT, dashed=True)
    return canvas.png()


def _column(canvas: Canvas, parts: Sequence[AmountPart], scale: float, x: float, *, side: Side, colour: str) -> None:
    """The names stand on the outer side."""
    canvas.box(x - 6, TOP + HEIGHT, COLUMN_WIDTH + 12, 4, TRACK)
    middles, ground = [], float(TOP + HEIGHT)
    for part in parts:
        tall = max(part.amount * scale, 3)
        draw = canvas.hatched if part.is_deduction else canvas.box
        draw(x, ground - tall + 2, COLUMN_WIDTH, max(tall - 2, 2), MUTED if part.is_deduction else colour)
        middles.append(ground - tall / 2)
        ground -= tall
    beside = x - 14 if side == "right" else x + COLUMN_WIDTH + 14
    away = -22 if side == "right" else 22
    for part, middle, y in zip(parts, middles, _spread_labels(middles), strict=True):
        canvas.line((beside, middle), (beside + away, y), colour=TEXT_SECONDARY, width=2)
        at, wide = beside + away * 1.4, abs((beside + away * 1.4) - (MARGIN if side == "right" else WIDTH - MARGIN))
        canvas.text(at, y - 18, part.name, SMALL, width=wide, side=side, colour=TEXT_SECONDARY)
        canvas.text(at, y + 17, part.label, MEDIUM, width=wide, side=side)


def _spread_labels(middles: Sequence[float]) -> list[float]:
    """Each as near to its own as the others let it, from the ground up."""
    placed: list[float] = []
    for middle in middles:
        placed.append(
            min(middle, placed[-1] - LABEL_SPACING) if placed else min(middle, TOP + HEIGHT - LABEL_SPACING / 2)
        )
    # What was pushed over the top comes down, and pushes those below it.
    least = float(TOP + LABEL_SPACING / 2 - 30)
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = max(placed[place], least)
        least = placed[place] + LABEL_SPACING
    return placed
