"""A receipt and a reminder: how much is left of 24 hours. The receipt of a reply: what became of the rate."""

from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.models import RatePicture, WindowPicture, WindowTimeline
from bot.pictures.style import (
    LARGE,
    MARGIN,
    MEDIUM,
    MUTED,
    SEVERITY_COLOURS,
    SMALL,
    TEXT,
    TEXT_SECONDARY,
    TRACK,
    WARNING,
    WIDTH,
)

MINUTES_PER_DAY: Final = 24 * 60
RADIUS: Final = 92
TEXT_X: Final = MARGIN + 2 * RADIUS + 50


def draw_window(model: WindowPicture) -> bytes:
    """Its file: a ring that empties, and on a receipt the day as a bar."""
    top = 2 * RADIUS + 64
    canvas = Canvas(top if model.day is None else top + 176)
    x, y = MARGIN + RADIUS, 32 + RADIUS
    canvas.arc(x, y, RADIUS, 26, turns=(0, 1), colour=TRACK)
    canvas.arc(
        x, y, RADIUS, 26, turns=(1 - model.fraction_left / MINUTES_PER_DAY, 1), colour=SEVERITY_COLOURS[model.tone]
    )
    if not model.fraction_left:
        canvas.arc(x, y, RADIUS, 8, turns=(0, 1), colour=SEVERITY_COLOURS[model.tone])
    canvas.text(
        x, y, f"{model.fraction_left // 60}:{model.fraction_left % 60:02}", LARGE, width=2 * RADIUS - 62, side="center"
    )
    inner = WIDTH - TEXT_X - MARGIN
    canvas.text(TEXT_X, y - 62, model.title, MEDIUM, width=inner, colour=TEXT_SECONDARY)
    canvas.text(TEXT_X, y - 4, model.left_words, LARGE + 4, width=inner)
    for place, words in enumerate(model.lines[:2]):
        canvas.text(TEXT_X, y + 52 + 38 * place, words, SMALL, width=inner, colour=TEXT_SECONDARY)
    if model.day is not None:
        _timeline(canvas, model.day, SEVERITY_COLOURS[model.tone], top + 24)
    return canvas.png()


def _timeline(canvas: Canvas, day: WindowTimeline, colour: str, y: float) -> None:
    """Past is empty, what is left is filled; nights are dimmed, reminders point at it from above."""
    wide, tall = WIDTH - 2 * MARGIN, 40
    scale = wide / MINUTES_PER_DAY
    canvas.box(MARGIN, y, wide, tall, TRACK)
    now = min(max(day.now, 0), MINUTES_PER_DAY)
    canvas.box(MARGIN + now * scale, y, wide - now * scale, tall, colour)
    for begin, end in day.quiet:
        canvas.hatched(MARGIN + begin * scale, y, (end - begin) * scale, tall, MUTED)
    canvas.box(MARGIN + now * scale - 3, y - 8, 6, tall + 16, TEXT)
    for minute in day.reminders:
        canvas.pointer(MARGIN + minute * scale, y - 4, 13, WARNING)
    canvas.text(MARGIN, y + tall + 28, day.starts, SMALL, width=wide / 2 - 20, colour=TEXT_SECONDARY)
    canvas.text(WIDTH - MARGIN, y + tall + 28, day.ends, SMALL, width=wide / 2 - 20, side="right")
    x, line = float(MARGIN), y + tall + 74
    if day.reminders:
        canvas.pointer(x + 14, line + 10, 13, WARNING)
        canvas.text(x + 38, line, day.reminder_words, SMALL, width=wide / 2)
        x += 38 + min(canvas.width_of(day.reminder_words, SMALL), wide / 2) + 44
    if day.quiet:
        canvas.hatched(x, line - 14, 28, 28, MUTED)
        canvas.text(x + 42, line, day.quiet_words, SMALL, width=WIDTH - MARGIN - x - 42)


def draw_rate(model: RatePicture) -> bytes:
    """Its file: the rate as a bar, where it was as a notch."""
    canvas = Canvas(250)
    wide = WIDTH - 2 * MARGIN
    canvas.text(MARGIN, 46, model.title, MEDIUM, width=wide, colour=TEXT_SECONDARY)
    canvas.text(MARGIN, 102, model.words, LARGE, width=wide)
    y = 150
    canvas.track(MARGIN, y, wide, 36, filled=(model.after or 0) / 1000, colour=SEVERITY_COLOURS[model.tone])
    if model.before is not None:
        canvas.pointer(MARGIN + wide * model.before / 1000, y + 2, 12, TEXT_SECONDARY)
    line = MARGIN + wide * model.line / 1000
    canvas.box(line - 3, y - 8, 6, 52, TEXT)
    canvas.text(line, y + 72, model.line_words, SMALL, width=300, side="center", colour=TEXT_SECONDARY)
    return canvas.png()
