"""Receipts and reminders: how much of the 24 hours is left. The receipt of a reply: how it changed the rate."""

from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.models import RatePicture, WindowPicture, WindowTimeline
from bot.pictures.style import (
    LARGE,
    MARGIN,
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

RING_RADIUS: Final = 84
TEXT_LEFT: Final = MARGIN + 2 * RING_RADIUS + 30
TIMELINE_HEIGHT: Final = 36


def draw_window(model: WindowPicture) -> bytes:
    """The PNG file: a ring that empties, with the time left in it; below it the timeline, if there is one."""
    top = 2 * RING_RADIUS + 64
    canvas = Canvas(top if model.timeline is None else top + 176)
    x, y, colour = MARGIN + RING_RADIUS, 32 + RING_RADIUS, SEVERITY_COLOURS[model.severity]
    canvas.arc(x, y, RING_RADIUS, 26, turns=(0, 1), colour=TRACK)
    canvas.arc(x, y, RING_RADIUS, 26, turns=(1 - model.minutes_left / MINUTES_PER_DAY, 1), colour=colour)
    if not model.minutes_left:
        canvas.arc(x, y, RING_RADIUS, 8, turns=(0, 1), colour=colour)
    hours, minutes = divmod(model.minutes_left, 60)
    canvas.text(x, y, f"{hours}:{minutes:02}", LARGE, width=2 * RING_RADIUS - 58, side="center")
    inner = WIDTH - TEXT_LEFT - MARGIN
    canvas.text(TEXT_LEFT, y - 62, model.title, SMALL, width=inner, colour=TEXT_SECONDARY)
    canvas.text(TEXT_LEFT, y - 4, model.left_label, LARGE, width=inner)
    for index, line in enumerate(model.lines[:2]):
        canvas.text(TEXT_LEFT, y + 52 + 38 * index, line, SMALL, width=inner, colour=TEXT_SECONDARY)
    if model.timeline is not None:
        _draw_timeline(canvas, model.timeline, colour, top + 24)
    return canvas.png()


def _draw_timeline(canvas: Canvas, timeline: WindowTimeline, colour: str, y: float) -> None:
    """A bar, filled from now to the deadline; quiet hours are hatched, pointers above it mark reminders."""
    width, height = WIDTH - 2 * MARGIN, TIMELINE_HEIGHT
    scale = width / MINUTES_PER_DAY
    canvas.box(MARGIN, y, width, height, TRACK)
    now = min(max(timeline.now, 0), MINUTES_PER_DAY)
    canvas.box(MARGIN + now * scale, y, width - now * scale, height, colour)
    for start, end in timeline.quiet_spans:
        canvas.hatched(MARGIN + start * scale, y, (end - start) * scale, height, MUTED)
    canvas.box(MARGIN + now * scale - 3, y - 8, 6, height + 16, TEXT)
    for minute in timeline.reminders:
        canvas.pointer(MARGIN + minute * scale, y - 4, 13, WARNING)
    label_y, closes_width = y + height + 28, min(canvas.text_width(timeline.closes_label, SMALL), width / 2 - 20)
    opened_width = width - closes_width - 20
    canvas.text(MARGIN, label_y, timeline.opened_label, SMALL, width=opened_width, colour=TEXT_SECONDARY)
    canvas.text(WIDTH - MARGIN, label_y, timeline.closes_label, SMALL, width=closes_width, side="right")
    x, legend_y = float(MARGIN), y + height + 74
    if timeline.reminders:
        canvas.pointer(x + 14, legend_y + 10, 13, WARNING)
        canvas.text(x + 38, legend_y, timeline.reminder_label, SMALL, width=width / 2)
        x += 38 + min(canvas.text_width(timeline.reminder_label, SMALL), width / 2) + 44
    if timeline.quiet_spans:
        canvas.hatched(x, legend_y - 14, 28, 28, MUTED)
        canvas.text(x + 42, legend_y, timeline.quiet_label, SMALL, width=WIDTH - MARGIN - x - 42)


def draw_rate(model: RatePicture) -> bytes:
    """The PNG file: the rate as a bar, with a pointer to the rate before and a mark at the threshold."""
    canvas = Canvas(250)
    width = WIDTH - 2 * MARGIN
    canvas.text(MARGIN, 46, model.title, SMALL, width=width, colour=TEXT_SECONDARY)
    canvas.text(MARGIN, 102, model.label, LARGE, width=width)
    y = 150
    canvas.box(MARGIN, y, width, 36, TRACK, corner_radius=8)
    if model.after:
        canvas.box(MARGIN, y, width * model.after / 1000, 36, SEVERITY_COLOURS[model.severity], corner_radius=8)
    if model.before is not None:
        canvas.pointer(MARGIN + width * model.before / 1000, y + 2, 12, TEXT_SECONDARY)
    threshold_x = MARGIN + width / 2
    if model.threshold is not None:
        threshold_x = MARGIN + width * model.threshold / 1000
        canvas.box(threshold_x - 3, y - 8, 6, 52, TEXT)
    canvas.text(threshold_x, y + 72, model.threshold_label, SMALL, width=300, side="center", colour=TEXT_SECONDARY)
    return canvas.png()
