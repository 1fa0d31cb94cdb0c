"""`/status`: the gauge, the year as a strip of weeks, the criteria, the nine items."""

from collections.abc import Sequence
from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.panels import Gauge, Mark, Row, StatusPanel
from bot.pictures.style import (
    GOOD,
    HUGE,
    LARGE,
    LATE,
    MARGIN,
    MARKS,
    MIDDLE,
    RAISED,
    SMALL,
    SOFT,
    TEXT,
    TRACK,
    WIDTH,
)

TURN: Final = 0.74
"""How much of a whole turn the gauge spans; its gap is below."""

ROW: Final = 46
STRIP: Final = 120


def draw_status(panel: StatusPanel) -> bytes:
    """Its file."""
    rows = len(panel.criteria)
    below = 610 if panel.weeks else 370
    items_at = below + 70 + rows * ROW + 26
    canvas = Canvas(items_at + 70 + -(-len(panel.items) // 3) * ROW + 16)
    _gauge(canvas, panel.gauge, 190, 195)
    inner = WIDTH - 400 - MARGIN
    canvas.text(400, 66, panel.title, MIDDLE, width=inner, colour=SOFT)
    canvas.text(400, 138, panel.headline, LARGE, width=inner)
    canvas.mark(420, 214, panel.verdict.mark, 20)
    canvas.text(454, 214, panel.verdict.name, MIDDLE, width=inner - 54)
    if panel.weeks:
        _legend(canvas, 400, 286, panel)
        _weeks(canvas, panel, 400)
    else:
        canvas.text(400, 286, panel.weeks_title, SMALL, width=inner, colour=SOFT)
    _heading(canvas, below, panel.criteria_title)
    for place, row in enumerate(panel.criteria):
        _criterion(canvas, below + 80 + place * ROW, row)
    _heading(canvas, items_at, panel.items_title)
    _items(canvas, items_at + 80, panel.items)
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
            canvas.mark(x + 18, top + place * ROW, item.mark)
            canvas.text(x + 48, top + place * ROW, item.name, SMALL, width=width + 1)
        x += width + spare


def _gauge(canvas: Canvas, gauge: Gauge, x: float, y: float) -> None:
    begin = -TURN / 2
    canvas.arc(x, y, 150, 32, turns=(begin, begin + TURN), colour=TRACK)
    if gauge.tenths is not None:
        canvas.arc(x, y, 150, 32, turns=(begin, begin + TURN * gauge.tenths / 1000), colour=MARKS[gauge.mark])
    line = begin + TURN * gauge.line / 1000
    canvas.arc(x, y, 160, 48, turns=(line - 0.005, line + 0.005), colour=TEXT)
    canvas.text(x, y - 8, gauge.words, HUGE, width=192, side="center")
    canvas.text(x, y + 52, gauge.counted, SMALL, width=190, side="center", colour=SOFT)
    canvas.text(x, y + 134, gauge.line_words, SMALL, width=300, side="center", colour=SOFT)


def _legend(canvas: Canvas, x: float, y: float, panel: StatusPanel) -> None:
    canvas.box(x, y - 14, 28, 28, GOOD)
    canvas.text(x + 42, y, panel.on_time, SMALL, width=220)
    x += 42 + min(220, canvas.width_of(panel.on_time, SMALL)) + 46
    canvas.hatched(x, y - 14, 28, 28, LATE)
    canvas.text(x + 42, y, panel.late, SMALL, width=WIDTH - MARGIN - x - 42)


def _weeks(canvas: Canvas, panel: StatusPanel, top: float) -> None:
    """Late lies on top of on time; the tallest week fills the strip."""
    canvas.text(MARGIN, top, panel.weeks_title, SMALL, width=WIDTH - 2 * MARGIN, colour=SOFT)
    ground, step = top + 30 + STRIP, (WIDTH - 2 * MARGIN) / max(1, len(panel.weeks))
    tallest = max((sum(each) for each in panel.weeks), default=0)
    scale = (STRIP - 4) / max(tallest, 2)
    canvas.box(MARGIN, ground, WIDTH - 2 * MARGIN, 3, TRACK)
    for place, (on_time, late) in enumerate(panel.weeks):
        x, wide = MARGIN + place * step + 2, step - 4
        tall, over = on_time * scale, max(late * scale, 8) if late else 0
        tall = min(tall, STRIP - over)
        if on_time:
            canvas.box(x, ground - tall, wide, tall, GOOD)
        if late:
            canvas.hatched(x, ground - tall - over, wide, over, LATE)
    for place, name in panel.months:
        canvas.text(MARGIN + place * step + 2, ground + 26, name, SMALL, width=3.9 * step, colour=SOFT)


def _heading(canvas: Canvas, y: float, words: str) -> None:
    canvas.box(MARGIN, y, WIDTH - 2 * MARGIN, 2, RAISED)
    canvas.text(MARGIN, y + 30, words, SMALL, width=WIDTH - 2 * MARGIN, colour=SOFT)


def _criterion(canvas: Canvas, y: float, row: Row) -> None:
    canvas.mark(MARGIN + 18, y, row.mark)
    colour = SOFT if row.mark in {Mark.UNKNOWN, Mark.NOT_JUDGED} else TEXT
    canvas.text(MARGIN + 48, y, row.name, SMALL, width=400)
    beside = MARGIN + 48 + min(canvas.width_of(row.name, SMALL), 400) + 30
    canvas.text(WIDTH - MARGIN, y, row.value, SMALL, width=WIDTH - MARGIN - beside, side="right", colour=colour)
