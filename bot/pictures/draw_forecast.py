"""`/status view:forecast`: a column for each coming review, the line across them."""

from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.panels import ForecastPanel, Mark
from bot.pictures.style import LARGE, MARGIN, MARKS, MIDDLE, PANEL, SMALL, SMALLEST, SOFT, TEXT, TRACK, WIDTH

TOP: Final = 210
TALL: Final = 300


def draw_forecast(panel: ForecastPanel) -> bytes:
    """Its file."""
    canvas = Canvas(TOP + TALL + 130)
    inner = WIDTH - 2 * MARGIN
    canvas.text(MARGIN, 50, panel.title, MIDDLE, width=inner, colour=SOFT)
    canvas.text(MARGIN, 106, panel.outcome, LARGE, width=inner)
    left, ground = MARGIN + 70, TOP + TALL
    step = (WIDTH - MARGIN - left) / max(1, len(panel.reviews))
    canvas.box(left, ground, WIDTH - MARGIN - left, 3, TRACK)
    for place, each in enumerate(panel.reviews):
        x, tall = left + place * step, TALL * (each.tenths or 0) / 1000
        if tall:
            draw = canvas.hatched if each.mark is Mark.NOT_MET else canvas.box
            draw(x + 7, ground - tall, step - 14, tall, MARKS[each.mark])
    level = ground - TALL * panel.line / 1000
    canvas.line((left - 6, level), (WIDTH - MARGIN, level), colour=TEXT, width=3, dashed=True)
    canvas.text(left - 14, level, panel.line_words, SMALL, width=left - 34, side="right")
    for place, each in enumerate(panel.reviews):
        middle, tall = left + (place + 0.5) * step, TALL * (each.tenths or 0) / 1000
        canvas.box(middle - step / 2 + 7, ground - tall - 36, step - 14, 32, PANEL)
        canvas.text(middle, ground - tall - 20, each.words, SMALLEST, width=step - 2, side="center")
        if each.safe:
            canvas.pointer(middle, ground - tall - 40, 13, TEXT)
        canvas.text(middle, ground + 28, each.day, SMALLEST, width=step - 4, side="center", colour=SOFT)
        canvas.mark(middle, ground + 76, each.mark, 15)
    return canvas.png()
