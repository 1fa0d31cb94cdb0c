"""A receipt and a reminder: how much is left of 24 hours. The receipt of a reply: what became of the rate."""

from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.panels import DayBar, RatePanel, WindowPanel
from bot.pictures.style import (
    LARGE,
    MARGIN,
    MIDDLE,
    QUIET,
    SMALL,
    SOFT,
    SOON,
    TEXT,
    TONES,
    TRACK,
    WIDTH,
)

DAY: Final = 24 * 60
RADIUS: Final = 92
RIGHT: Final = MARGIN + 2 * RADIUS + 50


def draw_window(panel: WindowPanel) -> bytes:
    """Its file: a ring that empties, and on a receipt the day as a bar."""
    top = 2 * RADIUS + 64
    canvas = Canvas(top if panel.day is None else top + 176)
    x, y = MARGIN + RADIUS, 32 + RADIUS
    canvas.arc(x, y, RADIUS, 26, turns=(0, 1), colour=TRACK)
    canvas.arc(x, y, RADIUS, 26, turns=(1 - panel.left / DAY, 1), colour=TONES[panel.tone])
    if not panel.left:
        canvas.arc(x, y, RADIUS, 8, turns=(0, 1), colour=TONES[panel.tone])
    canvas.text(x, y, f"{panel.left // 60}:{panel.left % 60:02}", LARGE, width=2 * RADIUS - 62, side="center")
    inner = WIDTH - RIGHT - MARGIN
    canvas.text(RIGHT, y - 62, panel.title, MIDDLE, width=inner, colour=SOFT)
    canvas.text(RIGHT, y - 4, panel.left_words, LARGE + 4, width=inner)
    for place, words in enumerate(panel.lines[:2]):
        canvas.text(RIGHT, y + 52 + 38 * place, words, SMALL, width=inner, colour=SOFT)
    if panel.day is not None:
        _day(canvas, panel.day, TONES[panel.tone], top + 24)
    return canvas.png()


def _day(canvas: Canvas, day: DayBar, colour: str, y: float) -> None:
    """Past is empty, what is left is filled; nights are dimmed, reminders point at it from above."""
    wide, tall = WIDTH - 2 * MARGIN, 40
    scale = wide / DAY
    canvas.box(MARGIN, y, wide, tall, TRACK)
    now = min(max(day.now, 0), DAY)
    canvas.box(MARGIN + now * scale, y, wide - now * scale, tall, colour)
    for begin, end in day.quiet:
        canvas.hatched(MARGIN + begin * scale, y, (end - begin) * scale, tall, QUIET)
    canvas.box(MARGIN + now * scale - 3, y - 8, 6, tall + 16, TEXT)
    for minute in day.reminders:
        canvas.pointer(MARGIN + minute * scale, y - 4, 13, SOON)
    canvas.text(MARGIN, y + tall + 28, day.starts, SMALL, width=wide / 2 - 20, colour=SOFT)
    canvas.text(WIDTH - MARGIN, y + tall + 28, day.ends, SMALL, width=wide / 2 - 20, side="right")
    x, line = float(MARGIN), y + tall + 74
    if day.reminders:
        canvas.pointer(x + 14, line + 10, 13, SOON)
        canvas.text(x + 38, line, day.reminder_words, SMALL, width=wide / 2)
        x += 38 + min(canvas.width_of(day.reminder_words, SMALL), wide / 2) + 44
    if day.quiet:
        canvas.hatched(x, line - 14, 28, 28, QUIET)
        canvas.text(x + 42, line, day.quiet_words, SMALL, width=WIDTH - MARGIN - x - 42)


def draw_rate(panel: RatePanel) -> bytes:
    """Its file: the rate as a bar, where it was as a notch."""
    canvas = Canvas(250)
    wide = WIDTH - 2 * MARGIN
    canvas.text(MARGIN, 46, panel.title, MIDDLE, width=wide, colour=SOFT)
    canvas.text(MARGIN, 102, panel.words, LARGE, width=wide)
    y = 150
    canvas.track(MARGIN, y, wide, 36, filled=(panel.after or 0) / 1000, colour=TONES[panel.tone])
    if panel.before is not None:
        canvas.pointer(MARGIN + wide * panel.before / 1000, y + 2, 12, SOFT)
    line = MARGIN + wide * panel.line / 1000
    canvas.box(line - 3, y - 8, 6, 52, TEXT)
    canvas.text(line, y + 72, panel.line_words, SMALL, width=300, side="center", colour=SOFT)
    return canvas.png()
