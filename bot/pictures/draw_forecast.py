"""`/status view:forecast`: a column for each coming review, the line across them."""

from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.models import ForecastPicture, StatusIcon
from bot.pictures.style import (
    LARGE,
    MARGIN,
    MEDIUM,
    MIN_FONT_SIZE,
    PANEL,
    SMALL,
    STATUS_ICONS,
    TEXT,
    TEXT_SECONDARY,
    TRACK,
    WIDTH,
)

TOP: Final = 210
HEIGHT: Final = 300


def draw_forecast(model: ForecastPicture) -> bytes:
    """Its file."""
    canvas = Canvas(TOP + HEIGHT + 130)
    inner = WIDTH - 2 * MARGIN
    canvas.text(MARGIN, 50, model.title, MEDIUM, width=inner, colour=TEXT_SECONDARY)
    canvas.text(MARGIN, 106, model.outcome, LARGE, width=inner)
    left, ground = MARGIN + 70, TOP + HEIGHT
    step = (WIDTH - MARGIN - left) / max(1, len(model.reviews))
    canvas.box(left, ground, WIDTH - MARGIN - left, 3, TRACK)
    for place, each in enumerate(model.reviews):
        x, tall = left + place * step, HEIGHT * (each.tenths or 0) / 1000
        if tall:
            draw = canvas.hatched if each.mark is StatusIcon.NOT_MET else canvas.box
            draw(x + 7, ground - tall, step - 14, tall, STATUS_ICONS[each.mark])
    level = ground - HEIGHT * model.line / 1000
    canvas.line((left - 6, level), (WIDTH - MARGIN, level), colour=TEXT, width=3, dashed=True)
    canvas.text(left - 14, level, model.line_words, SMALL, width=left - 34, side="right")
    for place, each in enumerate(model.reviews):
        middle, tall = left + (place + 0.5) * step, HEIGHT * (each.tenths or 0) / 1000
        canvas.box(middle - step / 2 + 7, ground - tall - 36, step - 14, 32, PANEL)
        canvas.text(middle, ground - tall - 20, each.words, MIN_FONT_SIZE, width=step - 2, side="center")
        if each.threshold_met:
            canvas.pointer(middle, ground - tall - 40, 13, TEXT)
        canvas.text(middle, ground + 28, each.day, MIN_FONT_SIZE, width=step - 4, side="center", colour=TEXT_SECONDARY)
        canvas.mark(middle, ground + 76, each.mark, 15)
    return canvas.png()
