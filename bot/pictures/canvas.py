"""A canvas to draw on. Coordinates are units from the top left; text is shrunk or cut to the width it is given."""

import io
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Final, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle, Wedge
from PIL import Image

from bot.pictures.models import StatusIcon
from bot.pictures.style import (
    BACKGROUND,
    DANGER,
    DIVIDER,
    HATCH,
    INFO,
    MIN_FONT_SIZE,
    MUTED,
    PIXELS_PER_UNIT,
    STATUS_COLOURS,
    SUCCESS,
    TEXT,
    TEXT_SECONDARY,
    TRACK,
    WARNING,
    WIDTH,
    picture_font_file,
)

UNITS_PER_INCH: Final = 72
"""A typographic point is one unit."""

MAX_TEXT: Final = 200
"""Characters of a line that are looked at."""

Side = Literal["left", "center", "right"]


def load_fonts() -> None:
    """Load the font and set the style of hatches: once in a process, before the first canvas."""
    fontManager.addfont(picture_font_file())
    mpl.rcParams["hatch.linewidth"] = 2.5
    mpl.rcParams["hatch.color"] = TEXT


class Canvas:
    """A canvas of WIDTH × `height` units. What is drawn later lies on top."""

    def __init__(self, height: int) -> None:
        self._figure = Figure(
            figsize=(WIDTH / UNITS_PER_INCH, height / UNITS_PER_INCH),
            dpi=UNITS_PER_INCH * PIXELS_PER_UNIT,
            facecolor=BACKGROUND,
        )
        self._agg = FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()
        self._drawn = 0

    def png(self) -> bytes:
        """The PNG file; the same drawing gives the same bytes."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about letters that the font lacks, which are drawn as boxes
            self._agg.draw()  # type: ignore[no-untyped-call]
        pixels = np.asarray(self._agg.buffer_rgba())  # type: ignore[no-untyped-call]
        image = Image.fromarray(pixels).convert("RGB")
        file = io.BytesIO()
        image.quantize(palette=_make_palette(), dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        return file.getvalue()

    def _add_artist(self, artist: Artist) -> None:
        self._drawn += 1
        artist.set_zorder(self._drawn)
        self._axes.add_artist(artist)

    def text(
        self, x: float, y: float, text: str, size: float, *, width: float, side: Side = "left", colour: str = TEXT
    ) -> None:
        """One line with its middle at `y`, shrunk to `width` if need be, and cut with "…" if that is not enough."""
        text, size = self._ellipsized_text(" ".join(text.split()), size, width)
        if text:
            self._drawn += 1
            self._axes.text(
                x, y, text, ha=side, va="center_baseline", color=colour, fontproperties=_load_font(size),
                parse_math=False, zorder=self._drawn,
            )  # fmt: skip

    def text_width(self, text: str, size: float) -> float:
        """The width of a line in units."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            renderer = self._agg.get_renderer()  # type: ignore[no-untyped-call]
            width, _, _ = renderer.get_text_width_height_descent(text, _load_font(size), ismath=False)
        return float(width) / PIXELS_PER_UNIT

    def _ellipsized_text(self, text: str, size: float, width: float) -> tuple[str, float]:
        text = text[:MAX_TEXT]
        natural_width = self.text_width(text, size) if text else 0
        if natural_width <= width:
            return text, size
        size = max(MIN_FONT_SIZE, size * width / natural_width * 0.99)
        if self.text_width(text, size) <= width:
            return text, size
        fitting, too_long = 0, len(text) + 1
        while too_long - fitting > 1:
            length = (fitting + too_long) // 2
            if self.text_width(text[:length] + "…", size) <= width:
                fitting = length
            else:
                too_long = length
        return text[:fitting] + "…", size

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, corner_radius: float = 0) -> None:
        """A filled rectangle."""
        if corner_radius:
            corner_radius = min(corner_radius, width / 2, height / 2)
            style = f"round,pad=0,rounding_size={corner_radius}"
            self._add_artist(FancyBboxPatch((x, y), width, height, boxstyle=style, facecolor=colour, edgecolor="none"))
        else:
            self._add_artist(Rectangle((x, y), width, height, facecolor=colour, edgecolor="none"))

    def hatched(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A hatched rectangle, which differs from a filled one without colour, too."""
        self._add_artist(Rectangle((x, y), width, height, facecolor=colour, edgecolor=TEXT, linewidth=0, hatch=HATCH))

    def line(self, *points: tuple[float, float], colour: str, width: float = 3, dashed: bool = False) -> None:
        """A line from point to point."""
        self._add_artist(
            Line2D(
                [x for x, _ in points], [y for _, y in points], color=colour, linewidth=width,
                linestyle=(0, (4, 3)) if dashed else "-", solid_capstyle="round", solid_joinstyle="round",
            )
        )  # fmt: skip

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle."""
        self._add_artist(Circle((x, y), radius, facecolor=colour, edgecolor="none"))

    def arc(
        self, x: float, y: float, radius: float, thickness: float, *, turns: tuple[float, float], colour: str
    ) -> None:
        """A part of a ring, in turns clockwise from the top: (0, 0.25) is the first quarter."""
        start, end = (turn * 360 - 90 for turn in turns)
        if end > start:
            self._add_artist(Wedge((x, y), radius, start, end, width=thickness, facecolor=colour, edgecolor="none"))

    def icon(self, x: float, y: float, icon: StatusIcon, radius: float = 17) -> None:
        """Met: a disc with a check. Not met: a square with a cross. Unknown: a ring with a ?. Not judged: with dots."""
        colour, reach = STATUS_COLOURS[icon], radius * 0.48
        match icon:
            case StatusIcon.MET:
                self.disc(x, y, radius, colour)
                self.line((x - reach, y), (x - reach / 4, y + reach * 0.8), (x + reach, y - reach * 0.7), colour=TEXT,
                          width=radius / 4)  # fmt: skip
            case StatusIcon.NOT_MET:
                self.box(x - radius * 0.92, y - radius * 0.92, radius * 1.84, radius * 1.84, colour, corner_radius=5)
                self.line((x - reach, y - reach), (x + reach, y + reach), colour=TEXT, width=radius / 4)
                self.line((x - reach, y + reach), (x + reach, y - reach), colour=TEXT, width=radius / 4)
            case StatusIcon.UNKNOWN:
                self.arc(x, y, radius, radius / 6, turns=(0, 1), colour=colour)
                self.text(x, y, "?", radius * 1.4, width=radius * 2, side="center")
            case StatusIcon.NOT_JUDGED:
                self.arc(x, y, radius, radius / 6, turns=(0, 1), colour=colour)
                for position in (-1, 0, 1):
                    self.disc(x + position * radius * 0.42, y, radius / 7, TEXT)

    def pointer(self, x: float, y: float, size: float, colour: str) -> None:
        """A small triangle that points down to (x, y)."""
        points = ((x, y), (x - size, y - size * 1.4), (x + size, y - size * 1.4))
        self._add_artist(Polygon(points, closed=True, facecolor=colour, edgecolor="none"))


@cache
def _make_palette() -> Image.Image:
    """Every colour, and shades between it and what it lies on: 256 colours give a small file with smooth edges."""

    def shades_between(one: str, other: str, steps: int) -> Iterator[int]:
        start, end = (tuple(bytes.fromhex(colour[1:])) for colour in (one, other))
        for step in range(1, steps + 1):
            yield from (round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))

    filled = (DIVIDER, TRACK, INFO, SUCCESS, WARNING, DANGER, MUTED)
    shades = [*bytes.fromhex(BACKGROUND[1:])]
    for colour in (*filled, TEXT, TEXT_SECONDARY):
        shades += shades_between(BACKGROUND, colour, 8)
    for colour in filled:
        shades += shades_between(colour, TEXT, 6)
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades)
    return palette


def _load_font(size: float) -> FontProperties:
    return FontProperties(family=["IPAexGothic", "DejaVu Sans"], size=size)
