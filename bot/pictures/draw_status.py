"""`/status`: the gauge, the year as a strip of weeks, the criteria, the nine items."""

from collections.abc import Sequence
from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.models import Gauge, Row, StatusIcon, StatusPicture
from bot.pictures.style import (
    DANGER,
    HUGE,
    LARGE,
    MARGIN,
    MEDIUM,
    RAISED,
    SMALL,
    STATUS_ICONS,
    SUCCESS,
    TEXT,
    TEXT_SECONDARY,
    TRACK,
    WIDTH,
)

GAUGE_SWEEP: Final = 0.74
"""How much of a whole turn the gauge spans; its gap is below."""

ROW_HEIGHT: Final = 46
STRIP_HEIGHT: Final = 120


def draw_status(model: StatusPicture) -> bytes:
    """Its file."""
    rows = len(model.criteria)
    below = 610 if model.weeks else 370
    items_at = below + 70 + rows * ROW_HEIGHT + 26
    canvas = Canvas(items_at + 70 + -(-len(model.items) // 3) * ROW_HEIGHT + 16)
    _gauge(canvas, model.gauge, 190, 195)
    inner = WIDTH - 400 - MARGIN
    canvas.text(400, 66, model.title, MEDIUM, width=inner, colour=TEXT_SECONDARY)
    canvas.text(400, 138, model.headline, LARGE, width=inner)
    canvas.mark(420, 214, model.verdict.mark, 20)
    canvas.text(454, 214, model.verdict.name, MEDIUM, width=inner - 54)
    if model.weeks:
        _legend(canvas, 400, 286, model)
        _weeks(canvas, model, 400)
    else:
        canvas.text(400, 286, model.weeks_title, SMALL, width=inner, colour=TEXT_SECONDARY)
    _heading(canvas, below, model.criteria_title)
    for place, row in enumerate(model.criteria):
        _criterion(canvas, below + 80 + place * ROW_HEIGHT, row)
    _heading(canvas, items_at, model.items_title)
    _items(canvas, items_at + 80, model.items)
    return canvas.png()


def _items(canvas: Canvas, top: float, items: Sequence[Row]) -> None:
    """In three columns, each as wide as it needs to be."""
    inner = WIDTH - 2 * MARGIN
    wide = [max((canvas.width_of(each.name, SMALL) for each in items[column::3]), default=0) for column in range(3)]
    spare = (inner - sum(wide)) / 3
    if spare < 60:  # noqa: PLR2004 — the symbol, and room behind the words
        wide, spare = [inner / 3 - 60] * 3, 60
    x = float(MARGIN)
    for column, width in enumerate(wide):
        for place, item in enumerate(items[column::3]):
            canvas.mark(x + 18, top + place * ROW_HEIGHT, item.mark)
            canvas.text(x + 48, top + place * ROW_HEIGHT, item.name, SMALL, width=width + 1)
        x += width + spare


def _gauge(canvas: Canvas, gauge: Gauge, x: float, y: float) -> None:
    begin = -GAUGE_SWEEP / 2
    canvas.arc(x, y, 150, 32, turns=(begin, begin + GAUGE_SWEEP), colour=TRACK)
    if gauge.tenths is not None:
        canvas.arc(
            x, y, 150, 32, turns=(begin, begin + GAUGE_SWEEP * gauge.tenths / 1000), colour=STATUS_ICONS[gauge.icon]
        )
    line = begin + GAUGE_SWEEP * gauge.threshold / 1000
    canvas.arc(x, y, 160, 48, turns=(line - 0.005, line + 0.005), colour=TEXT)
    canvas.text(x, y - 8, gauge.label, HUGE, width=192, side="center")
    canvas.text(x, y + 52, gauge.counted, SMALL, width=190, side="center", colour=TEXT_SECONDARY)
    canvas.text(x, y + 134, gauge.threshold_label, SMALL, width=300, side="center", colour=TEXT_SECONDARY)


def _legend(canvas: Canvas, x: float, y: float, model: StatusPicture) -> None:
    canvas.box(x, y - 14, 28, 28, SUCCESS)
    canvas.text(x + 42, y, model.on_time, SMALL, width=220)
    x += 42 + min(220, canvas.width_of(model.on_time, SMALL)) + 46
    canvas.hatched(x, y - 14, 28, 28, DANGER)
    canvas.text(x + 42, y, model.late, SMALL, width=WIDTH - MARGIN - x - 42)


def _weeks(canvas: Canvas, model: StatusPicture, top: float) -> None:
    """Late lies on top of on time; the tallest week fills the strip."""
    canvas.text(MARGIN, top, model.weeks_title, SMALL, width=WIDTH - 2 * MARGIN, colour=TEXT_SECONDARY)
    ground, step = top + 30 + STRIP_HEIGHT, (WIDTH - 2 * MARGIN) / max(1, len(model.weeks))
    tallest = max((sum(each) for each in model.weeks), default=0)
    scale = (STRIP_HEIGHT - 4) / max(tallest, 2)
    canvas.box(MARGIN, ground, WIDTH - 2 * MARGIN, 3, TRACK)
    for place, (on_time, late) in enumerate(model.weeks):
        x, wide = MARGIN + place * step + 2, step - 4
        tall, over = on_time * scale, max(late * scale, 8) if late else 0
        tall = min(tall, STRIP_HEIGHT - over)
        if on_time:
            canvas.box(x, ground - tall, wide, tall, SUCCESS)
        if late:
            canvas.hatched(x, ground - tall - over, wide, over, DANGER)
    for place, name in model.months:
        canvas.text(MARGIN + place * step + 2, ground + 26, name, SMALL, width=3.9 * step, colour=TEXT_SECONDARY)


def _heading(canvas: Canvas, y: float, text: str) -> None:
    canvas.box(MARGIN, y, WIDTH - 2 * MARGIN, 2, RAISED)
    canvas.text(MARGIN, y + 30, text, SMALL, width=WIDTH - 2 * MARGIN, colour=TEXT_SECONDARY)


def _criterion(canvas: Canvas, y: float, row: Row) -> None:
    canvas.mark(MARGIN + 18, y, row.mark)
    colour = TEXT_SECONDARY if row.mark in {StatusIcon.UNKNOWN, StatusIcon.NOT_JUDGED} else TEXT
    canvas.text(MARGIN + 48, y, row.name, SMALL, width=400)
    beside = MARGIN + 48 + min(canvas.width_of(row.name, SMALL), 400) + 30
    canvas.text(WIDTH - MARGIN, y, row.value, SMALL, width=WIDTH - MARGIN - beside, side="right", colour=colour)
