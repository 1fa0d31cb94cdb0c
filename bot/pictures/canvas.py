"""A sheet to draw on, in pixels from the top left; its words always fit."""

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
    DANGER,
    HATCH,
    INFO,
    MIN_FONT_SIZE,
    MUTED,
    PANEL,
    RAISED,
    STATUS_ICONS,
    SUCCESS,
    TEXT,
    TEXT_SECONDARY,
    TRACK,
    WARNING,
    WIDTH,
    font_file,
)

DPI: Final = 72
"""A point is a pixel."""

Side = Literal["left", "center", "right"]


def set_up() -> None:
    """Once in a process, before the first sheet."""
    fontManager.addfont(font_file())
    mpl.rcParams["hatch.linewidth"] = 2.5
    mpl.rcParams["hatch.color"] = TEXT


class Canvas:
    """A sheet of WIDTH × `height`."""

    def __init__(self, height: int) -> None:
        self._figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=PANEL)
        self._agg = FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()
        self._place = 0

    def png(self) -> bytes:
        """The file; the same bytes for the same drawing."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a letter that the font lacks is drawn as a box
            self._agg.draw()  # type: ignore[no-untyped-call]
        pixels = np.asarray(self._agg.buffer_rgba())  # type: ignore[no-untyped-call]
        sheet = Image.fromarray(pixels).convert("RGB")
        file = io.BytesIO()
        sheet.quantize(palette=_palette(), dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        return file.getvalue()

    def _add(self, artist: Artist) -> None:
        """What comes later lies above."""
        self._place += 1
        artist.set_zorder(self._place)
        self._axes.add_artist(artist)

    def text(
        self, x: float, y: float, text: str, size: float, *, width: float, side: Side = "left", colour: str = TEXT
    ) -> None:
        """One line, its middle at `y`, within `width`: smaller where it must be, and cut where that is not enough."""
        text, size = self._ellipsized(" ".join(text.split()), size, width)
        if text:
            self._place += 1
            self._axes.text(
                x, y, text, ha=side, va="center_baseline", color=colour, fontproperties=_font(size),
                parse_math=False, zorder=self._place,
            )  # fmt: skip

    def width_of(self, text: str, size: float) -> float:
        """In pixels."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            renderer = self._agg.get_renderer()  # type: ignore[no-untyped-call]
            width, _, _ = renderer.get_text_width_height_descent(text, _font(size), ismath=False)
        return float(width)

    def _ellipsized(self, text: str, size: float, width: float) -> tuple[str, float]:
        text = text[:200]
        taken = self.width_of(text, size) if text else 0
        if taken <= width:
            return text, size
        size = max(MIN_FONT_SIZE, size * width / taken * 0.99)
        least, most = 0, len(text)
        if self.width_of(text, size) <= width:
            return text, size
        while least < most:
            middle = (least + most + 1) // 2
            if self.width_of(text[:middle] + "…", size) <= width:
                least = middle
            else:
                most = middle - 1
        return text[:least] + "…", size

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, corner_radius: float = 0) -> None:
        """A filled rectangle."""
        if corner_radius:
            corner_radius = min(corner_radius, width / 2, height / 2)
            style = f"round,pad=0,rounding_size={corner_radius}"
            self._add(FancyBboxPatch((x, y), width, height, boxstyle=style, facecolor=colour, edgecolor="none"))
        else:
            self._add(Rectangle((x, y), width, height, facecolor=colour, edgecolor="none"))

    def hatched(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """The same for what must differ without colour, too."""
        self._add(Rectangle((x, y), width, height, facecolor=colour, edgecolor=TEXT, linewidth=0, hatch=HATCH))

    def line(self, *points: tuple[float, float], colour: str, width: float = 3, dashed: bool = False) -> None:
        """From point to point."""
        self._add(
            Line2D(
                [x for x, _ in points], [y for _, y in points], color=colour, linewidth=width,
                linestyle=(0, (4, 3)) if dashed else "-", solid_capstyle="round", solid_joinstyle="round",
            )
        )  # fmt: skip

    def shape(self, *points: tuple[float, float], colour: str) -> None:
        """A filled polygon."""
        self._add(Polygon(points, closed=True, facecolor=colour, edgecolor="none"))

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle."""
        self._add(Circle((x, y), radius, facecolor=colour, edgecolor="none"))

    def arc(
        self, x: float, y: float, radius: float, thickness: float, *, turns: tuple[float, float], colour: str
    ) -> None:
        """A part of a ring, in turns clockwise from the top: (0, 0.25) is the first quarter."""
        begin, end = (each * 360 - 90 for each in turns)
        if end > begin:
            self._add(Wedge((x, y), radius, begin, end, width=thickness, facecolor=colour, edgecolor="none"))

    def mark(self, x: float, y: float, mark: StatusIcon, radius: float = 17) -> None:
        """Met: a disc with a check. Not met: a square with a cross. Unknown: a ring with a ?. Not judged: with dots."""
        colour, reach = STATUS_ICONS[mark], radius * 0.48
        match mark:
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
                for place in (-1, 0, 1):
                    self.disc(x + place * radius * 0.42, y, radius / 7, TEXT)

    def pointer(self, x: float, y: float, size: float, colour: str) -> None:
        """A small triangle whose tip points down to (x, y)."""
        self.shape((x, y), (x - size, y - size * 1.4), (x + size, y - size * 1.4), colour=colour)

    def track(self, x: float, y: float, width: float, height: float, *, filled: float, colour: str) -> None:
        """A bar, filled from the left to a share of it."""
        self.box(x, y, width, height, TRACK, corner_radius=8)
        if filled > 0:
            self.box(x, y, width * min(filled, 1), height, colour, corner_radius=8)


@cache
def _palette() -> Image.Image:
    """Every colour exactly, and what lies between it and what it may lie on: a small file with smooth edges."""

    def between(one: str, other: str, steps: int) -> Iterator[int]:
        begin, end = (tuple(bytes.fromhex(colour[1:])) for colour in (one, other))
        for step in range(1, steps + 1):
            yield from (round(a + (b - a) * step / steps) for a, b in zip(begin, end, strict=True))

    filled = (RAISED, TRACK, INFO, SUCCESS, WARNING, DANGER, MUTED)
    shades = [*bytes.fromhex(PANEL[1:])]
    for colour in (*filled, TEXT, TEXT_SECONDARY):
        shades += between(PANEL, colour, 8)
    for colour in filled:
        shades += between(colour, TEXT, 6)
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades)
    return palette


def _font(size: float) -> FontProperties:
    return FontProperties(family=["IPAexGothic", "DejaVu Sans"], size=size)
