"""The picture of growth: a panel for each axis, a line for each operation, both scales logarithmic."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final
from xml.sax.saxutils import escape

from bot.pictures.style import BACKGROUND, DIVIDER, TEXT, TEXT_SECONDARY, TRACK

COLUMNS: Final = 3
PANEL_WIDTH, PANEL_HEIGHT = 450, 400
LEFT, RIGHT, TOP, BOTTOM = 62, 104, 44, 40
"""Of a panel, around its plot: the costs, the names of the lines, the title, the sizes."""
HEADER: Final = 64
FONT_SIZE: Final = 13
LABEL_HEIGHT: Final = 15
"""Between the names of two lines."""

COLOURS: Final = (
    "#5AA9FF", "#FFB347", "#7BD88F", "#FF7A70", "#C79BFF", "#4DD6D6", "#FFE066", "#FF9AD5", "#B8C480", "#F4F6FA",
    "#D49A6A", "#8FA3BF",
)  # fmt: skip

Costs = Mapping[str, Mapping[int, float]]
"""Milliseconds of CPU by operation and size."""


def draw(panels: Mapping[str, Costs]) -> str:
    """An SVG."""
    costs = [cost for panel in panels.values() for by_size in panel.values() for cost in by_size.values()]
    lowest, highest = floor(log10(min(costs))), ceil(log10(max(costs)))
    rows = -(-len(panels) // COLUMNS)
    width, height = COLUMNS * PANEL_WIDTH, HEADER + rows * PANEL_HEIGHT
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="Noto Sans, DejaVu Sans, sans-serif" font-size="{FONT_SIZE}">'
    )
    parts = [
        root,
        f'<rect width="{width}" height="{height}" fill="{BACKGROUND}"/>',
        _text(20, 30, "CPU of one call, by what is stored", size=20),
        _text(
            20, 52, "Both scales are logarithmic. Dashed: what grows as fast as what is stored.", colour=TEXT_SECONDARY
        ),
    ]
    for number, (title, panel) in enumerate(panels.items()):
        x, y = number % COLUMNS * PANEL_WIDTH, HEADER + number // COLUMNS * PANEL_HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *_panel(title, panel, lowest, highest), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, panel: Costs, lowest: int, highest: int) -> Iterator[str]:
    sizes = sorted({size for by_size in panel.values() for size in by_size})
    first, last = log10(sizes[0]), log10(sizes[-1])
    right, bottom = PANEL_WIDTH - RIGHT, PANEL_HEIGHT - BOTTOM

    def x_of(size: float) -> float:
        return LEFT + (right - LEFT) * (log10(size) - first) / (last - first)

    def y_of(cost: float) -> float:
        return bottom - (bottom - TOP) * (log10(cost) - lowest) / (highest - lowest)

    yield _text(LEFT, TOP - 16, title, size=16)
    for decade in range(lowest, highest + 1):
        y = y_of(10.0**decade)
        yield _line(LEFT, y, right, y, TRACK)
        yield _text(LEFT - 8, y + 4, _format_cost(decade), anchor="end", colour=TEXT_SECONDARY)
    for decade in range(ceil(first), floor(last) + 1):
        x = x_of(10.0**decade)
        yield _line(x, TOP, x, bottom, DIVIDER)
        yield _text(x, bottom + 20, f"{10**decade:,}", anchor="middle", colour=TEXT_SECONDARY)
    span = min(last - first, highest - lowest)
    steepest = x_of(sizes[0]), y_of(10.0**lowest), x_of(10 ** (first + span)), y_of(10 ** (lowest + span))
    yield _line(*steepest, TEXT_SECONDARY, dashed=True)
    ends = {}
    for colour, (name, by_size) in zip(COLOURS, panel.items(), strict=False):
        points = [(x_of(size), y_of(cost)) for size, cost in sorted(by_size.items())]
        for (x1, y1), (x2, y2) in pairwise(points):
            yield _line(x1, y1, x2, y2, colour, width=2)
        for x, y in points:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>'
        ends[name] = points[-1][1], colour
    for name, y in _spread({name: y for name, (y, _) in ends.items()}, bottom):
        end, colour = ends[name]
        yield _line(right + 3, end, right + 14, y, colour)
        yield _text(right + 17, y + 4, name, colour=colour)


def _spread(ends: Mapping[str, float], bottom: float) -> Iterable[tuple[str, float]]:
    """Where the names of the lines stand: beside their ends, but apart from each other."""
    ordered = sorted(ends, key=lambda name: ends[name])
    places = [ends[name] for name in ordered]
    for number in range(1, len(places)):
        places[number] = max(places[number], places[number - 1] + LABEL_HEIGHT)
    places[-1] = min(places[-1], bottom)
    for number in reversed(range(len(places) - 1)):
        places[number] = min(places[number], places[number + 1] - LABEL_HEIGHT)
    return zip(ordered, places, strict=True)


def _format_cost(decade: int) -> str:
    return f"{10 ** (decade - 3)} s" if decade >= 3 else f"{10.0**decade:g} ms"


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: int = 1, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 4"' if dashed else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dash}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = FONT_SIZE, colour: str = TEXT) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
    return f'<text {place} fill="{colour}">{escape(text)}</text>'
