"""The forecast: a column for each coming review, and the threshold, where it is a criterion, as a dashed line."""

from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.models import ForecastPicture, StatusIcon
from bot.pictures.style import BACKGROUND, LARGE, MARGIN, SMALL, STATUS_COLOURS, TEXT, TEXT_SECONDARY, TRACK, WIDTH

CHART_TOP: Final = 170
CHART_HEIGHT: Final = 230
"""The height of a column of 100 %."""

MAX_REVIEWS: Final = 6
"""Columns that have room for their labels."""


def draw_forecast(model: ForecastPicture) -> bytes:
    """The PNG file."""
    canvas = Canvas(CHART_TOP + CHART_HEIGHT + 130)
    inner = WIDTH - 2 * MARGIN
    canvas.text(MARGIN, 36, model.title, SMALL, width=inner, colour=TEXT_SECONDARY)
    canvas.text(MARGIN, 86, model.outcome, LARGE, width=inner)
    reviews = model.reviews[:MAX_REVIEWS]
    left, bottom = MARGIN + 78, CHART_TOP + CHART_HEIGHT
    step = (WIDTH - MARGIN - left) / max(1, len(reviews))
    canvas.box(left, bottom, WIDTH - MARGIN - left, 3, TRACK)
    for index, review in enumerate(reviews):
        height = CHART_HEIGHT * (review.permille or 0) / 1000
        if height:
            draw = canvas.hatched if review.icon is StatusIcon.NOT_MET else canvas.box
            draw(left + index * step + 7, bottom - height, step - 14, height, STATUS_COLOURS[review.icon])
    if model.threshold is not None:
        threshold_y = bottom - CHART_HEIGHT * model.threshold / 1000
        canvas.line((left - 6, threshold_y), (WIDTH - MARGIN, threshold_y), colour=TEXT, width=3, dashed=True)
        canvas.text(left - 14, threshold_y, model.threshold_label, SMALL, width=left - 34, side="right")
    for index, review in enumerate(reviews):
        middle, height = left + (index + 0.5) * step, CHART_HEIGHT * (review.permille or 0) / 1000
        canvas.box(middle - step / 2 + 7, bottom - height - 36, step - 14, 32, BACKGROUND)
        canvas.text(middle, bottom - height - 20, review.label, SMALL, width=step - 2, side="center")
        if review.is_first_met:
            canvas.pointer(middle, bottom - height - 40, 13, TEXT)
        canvas.text(middle, bottom + 28, review.month, SMALL, width=step - 4, side="center", colour=TEXT_SECONDARY)
        if model.threshold is not None:
            canvas.icon(middle, bottom + 76, review.icon, 15)
    return canvas.png()
