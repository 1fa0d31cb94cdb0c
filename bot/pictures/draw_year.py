"""The year by weeks: a bar for each, replies on time with late ones on top of them."""

from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.models import YearPicture
from bot.pictures.style import DANGER, MARGIN, SMALL, SUCCESS, TEXT_SECONDARY, TRACK, WIDTH

CHART_TOP: Final = 110
CHART_HEIGHT: Final = 150
MIN_LATE_HEIGHT: Final = 8
"""Large enough for one late reply to be seen in a week of many replies."""

INNER_WIDTH: Final = WIDTH - 2 * MARGIN


def draw_year(model: YearPicture) -> bytes:
    """The PNG file. The week with most replies has the full height."""
    bottom = CHART_TOP + CHART_HEIGHT
    canvas = Canvas(bottom + 56)
    canvas.text(MARGIN, 36, model.title, SMALL, width=INNER_WIDTH, colour=TEXT_SECONDARY)
    _draw_year_legend(canvas, model)
    step = INNER_WIDTH / max(1, len(model.weeks))
    scale = (CHART_HEIGHT - MIN_LATE_HEIGHT) / max([2, *map(sum, model.weeks)])
    canvas.box(MARGIN, bottom, INNER_WIDTH, 3, TRACK)
    for week, (on_time, late) in enumerate(model.weeks):
        x, width = MARGIN + week * step + 1, step - 2
        late_height = max(late * scale, MIN_LATE_HEIGHT) if late else 0
        on_time_height = min(on_time * scale, CHART_HEIGHT - late_height)
        if on_time:
            canvas.box(x, bottom - on_time_height, width, on_time_height, SUCCESS)
        if late:
            canvas.hatched(x, bottom - on_time_height - late_height, width, late_height, DANGER)
    for week, name in model.months[::2]:  # there is room for every other one
        canvas.text(MARGIN + week * step, bottom + 30, name, SMALL, width=8 * step, colour=TEXT_SECONDARY)
    return canvas.png()


def _draw_year_legend(canvas: Canvas, model: YearPicture) -> None:
    x, y, half = float(MARGIN), 80, INNER_WIDTH / 2
    canvas.box(x, y - 13, 26, 26, SUCCESS)
    canvas.text(x + 38, y, model.on_time_label, SMALL, width=half - 48)
    canvas.hatched(x + half, y - 13, 26, 26, DANGER)
    canvas.text(x + half + 38, y, model.late_label, SMALL, width=half - 38)
