"""The status: a gauge of the reply rate, bars for the weeks of the year, the criteria, the profile items."""

from collections.abc import Sequence
from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.models import Gauge, Row, StatusIcon, StatusPicture
from bot.pictures.style import (
    DANGER,
    DIVIDER,
    HUGE,
    LARGE,
    MARGIN,
    MEDIUM,
    SMALL,
    STATUS_COLOURS,
    SUCCESS,
    TEXT,
    TEXT_SECONDARY,
    TRACK,
    WIDTH,
)

GAUGE_SWEEP: Final = 0.74
"""The gauge's part of a whole turn; its gap is at the bottom."""

ROW_HEIGHT: Final = 46
WEEKS_HEIGHT: Final = 120
ITEM_COLUMNS: Final = 3
MIN_ITEM_GAP: Final = 60
"""Pixels between columns of items: the icon, and space behind the name."""

INNER_WIDTH: Final = WIDTH - 2 * MARGIN


def draw_status(model: StatusPicture) -> bytes:
    """The PNG file."""
    criteria_y = 610 if model.weeks else 370
    items_y = criteria_y + 70 + len(model.criteria) * ROW_HEIGHT + 26
    canvas = Canvas(items_y + 70 + -(-len(model.items) // ITEM_COLUMNS) * ROW_HEIGHT + 16)
    _gauge(canvas, model.gauge, 190, 195)
    inner = WIDTH - 400 - MARGIN
    canvas.text(400, 66, model.title, MEDIUM, width=inner, colour=TEXT_SECONDARY)
    canvas.text(400, 138, model.headline, LARGE, width=inner)
    canvas.icon(420, 214, model.verdict.icon, 20)
    canvas.text(454, 214, model.verdict.name, MEDIUM, width=inner - 54)
    if model.weeks:
        _legend(canvas, 400, 286, model)
        _weeks(canvas, model, 400)
    else:
        canvas.text(400, 286, model.weeks_title, SMALL, width=inner, colour=TEXT_SECONDARY)
    _heading(canvas, criteria_y, model.criteria_title)
    for index, row in enumerate(model.criteria):
        _criterion(canvas, criteria_y + 80 + index * ROW_HEIGHT, row)
    _heading(canvas, items_y, model.items_title)
    _items(canvas, items_y + 80, model.items)
    return canvas.png()


def _items(canvas: Canvas, top: float, items: Sequence[Row]) -> None:
    """In columns, each as wide as its longest name where there is room."""
    columns = [items[column::ITEM_COLUMNS] for column in range(ITEM_COLUMNS)]
    widths = [max((canvas.text_width(item.name, SMALL) for item in column), default=0) for column in columns]
    gap = (INNER_WIDTH - sum(widths)) / ITEM_COLUMNS
    if gap < MIN_ITEM_GAP:
        widths, gap = [INNER_WIDTH / ITEM_COLUMNS - MIN_ITEM_GAP] * ITEM_COLUMNS, MIN_ITEM_GAP
    x = float(MARGIN)
    for column, width in zip(columns, widths, strict=True):
        for index, item in enumerate(column):
            canvas.icon(x + 18, top + index * ROW_HEIGHT, item.icon)
            canvas.text(x + 48, top + index * ROW_HEIGHT, item.name, SMALL, width=width + 1)
        x += width + gap


def _gauge(canvas: Canvas, gauge: Gauge, x: float, y: float) -> None:
    start = -GAUGE_SWEEP / 2
    canvas.arc(x, y, 150, 32, turns=(start, start + GAUGE_SWEEP), colour=TRACK)
    if gauge.permille is not None:
        end = start + GAUGE_SWEEP * gauge.permille / 1000
        canvas.arc(x, y, 150, 32, turns=(start, end), colour=STATUS_COLOURS[gauge.icon])
    if gauge.threshold is not None:
        threshold = start + GAUGE_SWEEP * gauge.threshold / 1000
        canvas.arc(x, y, 160, 48, turns=(threshold - 0.005, threshold + 0.005), colour=TEXT)
    canvas.text(x, y - 8, gauge.label, HUGE, width=192, side="center")
    canvas.text(x, y + 52, gauge.fraction, SMALL, width=190, side="center", colour=TEXT_SECONDARY)
    canvas.text(x, y + 134, gauge.threshold_label, SMALL, width=300, side="center", colour=TEXT_SECONDARY)


def _legend(canvas: Canvas, x: float, y: float, model: StatusPicture) -> None:
    canvas.box(x, y - 14, 28, 28, SUCCESS)
    canvas.text(x + 42, y, model.on_time_label, SMALL, width=220)
    x += 42 + min(220, canvas.text_width(model.on_time_label, SMALL)) + 46
    canvas.hatched(x, y - 14, 28, 28, DANGER)
    canvas.text(x + 42, y, model.late_label, SMALL, width=WIDTH - MARGIN - x - 42)


def _weeks(canvas: Canvas, model: StatusPicture, top: float) -> None:
    """A bar for each week: replies on time, and late ones on top; the week with most replies has the full height."""
    canvas.text(MARGIN, top, model.weeks_title, SMALL, width=INNER_WIDTH, colour=TEXT_SECONDARY)
    bottom, step = top + 30 + WEEKS_HEIGHT, INNER_WIDTH / max(1, len(model.weeks))
    highest = max((on_time + late for on_time, late in model.weeks), default=0)
    scale = (WEEKS_HEIGHT - 4) / max(highest, 2)
    canvas.box(MARGIN, bottom, INNER_WIDTH, 3, TRACK)
    for week, (on_time, late) in enumerate(model.weeks):
        x, width = MARGIN + week * step + 2, step - 4
        late_height = max(late * scale, 8) if late else 0
        on_time_height = min(on_time * scale, WEEKS_HEIGHT - late_height)
        if on_time:
            canvas.box(x, bottom - on_time_height, width, on_time_height, SUCCESS)
        if late:
            canvas.hatched(x, bottom - on_time_height - late_height, width, late_height, DANGER)
    for week, name in model.months:
        canvas.text(MARGIN + week * step + 2, bottom + 26, name, SMALL, width=3.9 * step, colour=TEXT_SECONDARY)


def _heading(canvas: Canvas, y: float, text: str) -> None:
    canvas.box(MARGIN, y, INNER_WIDTH, 2, DIVIDER)
    canvas.text(MARGIN, y + 30, text, SMALL, width=INNER_WIDTH, colour=TEXT_SECONDARY)


def _criterion(canvas: Canvas, y: float, row: Row) -> None:
    canvas.icon(MARGIN + 18, y, row.icon)
    colour = TEXT_SECONDARY if row.icon in {StatusIcon.UNKNOWN, StatusIcon.NOT_JUDGED} else TEXT
    canvas.text(MARGIN + 48, y, row.name, SMALL, width=400)
    value_left = MARGIN + 48 + min(canvas.text_width(row.name, SMALL), 400) + 30
    canvas.text(WIDTH - MARGIN, y, row.value, SMALL, width=WIDTH - MARGIN - value_left, side="right", colour=colour)
