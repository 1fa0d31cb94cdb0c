"""Fees: two bars to one scale, what the member keeps and what the client pays; what is taken is hatched."""

from collections.abc import Sequence
from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.models import AmountPart, FeePicture
from bot.pictures.style import INFO, LARGE, MARGIN, MUTED, SMALL, SUCCESS, TEXT, TEXT_SECONDARY, WIDTH

TITLE_HEIGHT: Final = 54
BAR_HEIGHT: Final = 38
LABEL_HEIGHT: Final = 40
PADDING: Final = 22
BARS_WIDTH: Final = WIDTH - 2 * MARGIN


def draw_fee(model: FeePicture) -> bytes:
    """The PNG file."""
    sides = (
        (model.member_title, model.member_total, model.member_parts, SUCCESS),
        (model.client_title, model.client_total, model.client_parts, INFO),
    )
    labels = sum(part.is_deduction for *_, parts, _ in sides for part in parts)
    canvas = Canvas(3 * PADDING + 2 * (TITLE_HEIGHT + BAR_HEIGHT) + LABEL_HEIGHT * (labels + 1))
    scale = BARS_WIDTH / max(1, *(sum(part.amount for part in parts) for *_, parts, _ in sides))
    y = float(PADDING)
    for title, total, parts, colour in sides:
        canvas.text(MARGIN, y + TITLE_HEIGHT / 2, title, SMALL, width=BARS_WIDTH * 0.55, colour=TEXT_SECONDARY)
        canvas.text(WIDTH - MARGIN, y + TITLE_HEIGHT / 2, total, LARGE, width=BARS_WIDTH * 0.44, side="right")
        y += TITLE_HEIGHT
        _draw_fee_bar(canvas, y, parts, scale, colour)
        contract_x = MARGIN + model.contract.amount * scale
        canvas.line((contract_x, y - 8), (contract_x, y + BAR_HEIGHT + 8), colour=TEXT, width=4, dashed=True)
        y = _draw_fee_labels(canvas, y + BAR_HEIGHT, parts) + PADDING / 2
    canvas.line((MARGIN, y + LABEL_HEIGHT / 2), (MARGIN + 44, y + LABEL_HEIGHT / 2), colour=TEXT, width=4, dashed=True)
    label = f"{model.contract.name} {model.contract.label}"
    width = BARS_WIDTH - 60
    canvas.text(MARGIN + 60, y + LABEL_HEIGHT / 2, label, SMALL, width=width, colour=TEXT_SECONDARY)
    return canvas.png()


def _draw_fee_bar(canvas: Canvas, y: float, parts: Sequence[AmountPart], scale: float, colour: str) -> None:
    """The parts from left to right."""
    x = float(MARGIN)
    for part in parts:
        width = max(part.amount * scale, 3)
        draw = canvas.hatched if part.is_deduction else canvas.box
        draw(x, y, max(width - 2, 2), BAR_HEIGHT, MUTED if part.is_deduction else colour)
        x += width


def _draw_fee_labels(canvas: Canvas, y: float, parts: Sequence[AmountPart]) -> float:
    """What is taken, one below the other; returns where the labels end."""
    for part in parts:
        if part.is_deduction:
            middle = y + LABEL_HEIGHT / 2
            canvas.text(MARGIN, middle, part.name, SMALL, width=BARS_WIDTH * 0.68, colour=TEXT_SECONDARY)
            canvas.text(WIDTH - MARGIN, middle, part.label, SMALL, width=BARS_WIDTH * 0.3, side="right")
            y += LABEL_HEIGHT
    return y
