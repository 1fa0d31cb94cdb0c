"""The status: the reply rate on a gauge, and below it the criteria."""

from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.models import CriterionRow, Gauge, StatusIcon, StatusPicture
from bot.pictures.style import DIVIDER, HUGE, LARGE, MARGIN, SMALL, STATUS_COLOURS, TEXT, TEXT_SECONDARY, TRACK, WIDTH

GAUGE_SWEEP: Final = 0.74
"""The gauge's part of a whole turn; its gap is at the bottom."""

GAUGE_RADIUS: Final = 112
GAUGE_X: Final = MARGIN + GAUGE_RADIUS
GAUGE_Y: Final = 24 + GAUGE_RADIUS
TEXT_LEFT: Final = GAUGE_X + GAUGE_RADIUS + 32
CRITERIA_TOP: Final = 262
ROW_HEIGHT: Final = 44


def draw_status(model: StatusPicture) -> bytes:
    """The PNG file."""
    canvas = Canvas(CRITERIA_TOP + len(model.criteria) * ROW_HEIGHT + 12)
    _draw_rate_gauge(canvas, model.gauge)
    inner = WIDTH - TEXT_LEFT - MARGIN
    canvas.text(TEXT_LEFT, 54, model.title, SMALL, width=inner, colour=TEXT_SECONDARY)
    canvas.text(TEXT_LEFT, 106, model.headline, LARGE, width=inner)
    for index, line in enumerate(model.lines[:2]):
        canvas.text(TEXT_LEFT, 156 + 40 * index, line, SMALL, width=inner, colour=TEXT_SECONDARY)
    canvas.box(MARGIN, CRITERIA_TOP - 8, WIDTH - 2 * MARGIN, 2, DIVIDER)
    for index, row in enumerate(model.criteria):
        _draw_criterion(canvas, CRITERIA_TOP + 22 + index * ROW_HEIGHT, row)
    return canvas.png()


def _draw_rate_gauge(canvas: Canvas, gauge: Gauge) -> None:
    start = -GAUGE_SWEEP / 2
    canvas.arc(GAUGE_X, GAUGE_Y, GAUGE_RADIUS, 24, turns=(start, start + GAUGE_SWEEP), colour=TRACK)
    if gauge.permille is not None:
        end = start + GAUGE_SWEEP * gauge.permille / 1000
        canvas.arc(GAUGE_X, GAUGE_Y, GAUGE_RADIUS, 24, turns=(start, end), colour=STATUS_COLOURS[gauge.icon])
    if gauge.threshold is not None:
        threshold = start + GAUGE_SWEEP * gauge.threshold / 1000
        canvas.arc(GAUGE_X, GAUGE_Y, GAUGE_RADIUS + 8, 38, turns=(threshold - 0.005, threshold + 0.005), colour=TEXT)
    canvas.text(GAUGE_X, GAUGE_Y - 8, gauge.label, HUGE, width=150, side="center")
    canvas.text(GAUGE_X, GAUGE_Y + 38, gauge.fraction, SMALL, width=150, side="center", colour=TEXT_SECONDARY)
    canvas.text(GAUGE_X, GAUGE_Y + 92, gauge.threshold_label, SMALL, width=224, side="center", colour=TEXT_SECONDARY)


def _draw_criterion(canvas: Canvas, y: float, row: CriterionRow) -> None:
    canvas.icon(MARGIN + 17, y, row.icon)
    colour = TEXT_SECONDARY if row.icon in {StatusIcon.UNKNOWN, StatusIcon.NOT_JUDGED} else TEXT
    canvas.text(MARGIN + 46, y, row.name, SMALL, width=300)
    value_left = MARGIN + 46 + min(canvas.text_width(row.name, SMALL), 300) + 20
    canvas.text(WIDTH - MARGIN, y, row.value, SMALL, width=WIDTH - MARGIN - value_left, side="right", colour=colour)
