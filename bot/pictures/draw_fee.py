"""Fees: two columns to one scale, what the client pays and what the member keeps, each part labelled beside it."""

from collections.abc import Sequence
from typing import Final

from bot.pictures.canvas import Canvas, Side
from bot.pictures.models import AmountPart, FeePicture
from bot.pictures.style import INFO, LARGE, MARGIN, MEDIUM, MUTED, SMALL, SUCCESS, TEXT, TEXT_SECONDARY, TRACK, WIDTH

CHART_TOP: Final = 190
CHART_HEIGHT: Final = 430
COLUMN_WIDTH: Final = 104
LABEL_SPACING: Final = 78
"""Pixels; the last one between the middles of two labels, so that they never overlap."""


def draw_fee(model: FeePicture) -> bytes:
    """The PNG file."""
    bottom = CHART_TOP + CHART_HEIGHT
    canvas = Canvas(bottom + 90)
    half = WIDTH / 2
    inner = half - MARGIN - 24
    canvas.text(MARGIN, 56, model.client_title, MEDIUM, width=inner, colour=TEXT_SECONDARY)
    canvas.text(MARGIN, 112, model.client_total, LARGE, width=inner)
    canvas.text(WIDTH - MARGIN, 56, model.member_title, MEDIUM, width=inner, side="right", colour=TEXT_SECONDARY)
    canvas.text(WIDTH - MARGIN, 112, model.member_total, LARGE, width=inner, side="right")
    highest = max(sum(part.amount for part in parts) for parts in (model.client_parts, model.member_parts))
    scale = CHART_HEIGHT / max(highest, 1)
    _column(canvas, model.client_parts, scale, half - 22 - COLUMN_WIDTH, side="right", colour=INFO)
    _column(canvas, model.member_parts, scale, half + 22, side="left", colour=SUCCESS)
    contract_y = bottom - model.contract.amount * scale
    reach = 36 + COLUMN_WIDTH
    canvas.line((half - reach, contract_y), (half + reach, contract_y), colour=TEXT, width=3, dashed=True)
    label, legend_y, max_width = f"{model.contract.name} {model.contract.label}", bottom + 46, WIDTH - 2 * MARGIN - 60
    canvas.text(half, legend_y, label, SMALL, width=max_width, side="center", colour=TEXT_SECONDARY)
    left = half - min(canvas.text_width(label, SMALL), max_width) / 2
    canvas.line((left - 56, legend_y), (left - 14, legend_y), colour=TEXT, dashed=True)
    return canvas.png()


def _column(canvas: Canvas, parts: Sequence[AmountPart], scale: float, x: float, *, side: Side, colour: str) -> None:
    """The parts from the bottom up, with labels on the outer side; `side` is how the labels are aligned."""
    canvas.box(x - 6, CHART_TOP + CHART_HEIGHT, COLUMN_WIDTH + 12, 4, TRACK)
    middles, bottom = [], float(CHART_TOP + CHART_HEIGHT)
    for part in parts:
        height = max(part.amount * scale, 3)
        draw = canvas.hatched if part.is_deduction else canvas.box
        draw(x, bottom - height + 2, COLUMN_WIDTH, max(height - 2, 2), MUTED if part.is_deduction else colour)
        middles.append(bottom - height / 2)
        bottom -= height
    edge, offset = (x - 14, -22) if side == "right" else (x + COLUMN_WIDTH + 14, 22)
    label_x = edge + offset * 1.4
    label_width = abs(label_x - (MARGIN if side == "right" else WIDTH - MARGIN))
    for part, middle, y in zip(parts, middles, _spread_labels(middles), strict=True):
        canvas.line((edge, middle), (edge + offset, y), colour=TEXT_SECONDARY, width=2)
        canvas.text(label_x, y - 18, part.name, SMALL, width=label_width, side=side, colour=TEXT_SECONDARY)
        canvas.text(label_x, y + 17, part.label, MEDIUM, width=label_width, side=side)


def _spread_labels(middles: Sequence[float]) -> list[float]:
    """The heights of labels, from the bottom up, as near to their parts as the spacing allows."""
    placed: list[float] = []
    for middle in middles:
        highest = placed[-1] - LABEL_SPACING if placed else CHART_TOP + CHART_HEIGHT - LABEL_SPACING / 2
        placed.append(min(middle, highest))
    # Labels above the chart are moved down, and push down those below them.
    top = float(CHART_TOP + LABEL_SPACING / 2 - 30)
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = max(placed[index], top)
        top = placed[index] + LABEL_SPACING
    return placed
