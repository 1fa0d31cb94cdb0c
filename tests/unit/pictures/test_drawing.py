"""Every picture: its size, that there is something on it, the same bytes again, and words that never overflow."""

import io
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from PIL import Image, ImageChops

from bot.discord_app.features.recording.picture import reminder_picture
from bot.discord_app.ui import layout
from bot.discord_app.ui.formatting import format_duration
from bot.domain.types import Locale
from bot.i18n.formatting import format_datetime_short
from bot.i18n.translations import get_translations
from bot.pictures import style
from bot.pictures.canvas import Canvas, load_fonts
from bot.pictures.drawing import draw_picture
from bot.pictures.models import AmountPart, CriterionRow, PictureModel, Severity, StatusIcon
from tests.helpers.picture_samples import ALL, FEE, FORECAST, REMINDER, STATUS, WINDOW, YEAR

pytestmark = pytest.mark.slow  # drawing

HOSTILE = (
    "W" * 5000,
    "長い名前" * 100,
    "$\\frac{1}{0}$ $x_1^",
    "a\n\tb\x00\x07",
    "",
    "   ",
    "😀한국어 ت\u202eabc",
    "%s {0} <b>",
)


@pytest.fixture(scope="module", autouse=True)
def _letters() -> None:
    load_fonts()


PIXELS = round(style.WIDTH * style.PIXELS_PER_UNIT)
"""The width of a file."""


def opened(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("RGB")


def with_words(value: Any, words: str) -> Any:
    """The same with every word replaced."""
    if isinstance(value, StatusIcon | Severity):
        return value
    if isinstance(value, str):
        return words
    if isinstance(value, tuple):
        return tuple(with_words(each, words) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: with_words(getattr(value, each.name), words) for each in fields(value)})
    return value


@pytest.mark.parametrize("model", ALL)
def test_it_is_a_picture_small_enough_and_the_same_each_time(model: PictureModel) -> None:
    png = draw_picture(model)
    assert png == draw_picture(replace(model))
    assert len(png) < 60_000
    image = opened(png)
    assert image.width == PIXELS
    assert 200 <= image.height <= 1300
    ground = Image.new("RGB", image.size, style.BACKGROUND)
    box = ImageChops.difference(image, ground).getbbox()
    assert box is not None
    assert box[0] >= 20  # nothing touches the edge
    assert box[2] <= PIXELS - 20
    assert "transparency" not in Image.open(io.BytesIO(png)).info


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("model", ALL)
def test_hostile_words_stay_inside(model: PictureModel, words: str) -> None:
    image = opened(draw_picture(with_words(model, words)))
    box = ImageChops.difference(image, Image.new("RGB", image.size, style.BACKGROUND)).getbbox()
    assert box is not None
    assert (box[0] >= 10, box[2] <= PIXELS - 10) == (True, True)


def test_every_state_of_a_criterion_looks_different_even_without_colour() -> None:
    def looks(mark: StatusIcon) -> Image.Image:
        gauge = replace(STATUS.gauge, icon=StatusIcon.MET)
        return opened(draw_picture(replace(STATUS, gauge=gauge, criteria=(CriterionRow(mark, "x"),)))).convert("L").point(
            lambda shade: 255 if shade > 120 else 0
        )  # fmt: skip

    for one, other in combinations(StatusIcon, 2):
        box = ImageChops.difference(looks(one), looks(other)).getbbox()
        assert box is not None, (one, other)


def test_late_weeks_differ_from_those_on_time_without_colour() -> None:
    def strip(week: tuple[int, int]) -> set[int]:
        canvas = opened(draw_picture(replace(YEAR, weeks=(week,) * 53))).convert("L")
        return {canvas.getpixel((x, 300)) for x in range(60, 960)}  # type: ignore[misc]

    assert len(strip((0, 4))) > len(strip((4, 0)))


@pytest.mark.parametrize("permille", [None, 0, 1, 799, 800, 1000])
def test_the_gauge_at_its_ends(permille: int | None) -> None:
    assert draw_picture(replace(STATUS, gauge=replace(STATUS.gauge, permille=permille)))


@pytest.mark.parametrize("left", [5, 720, 1440])
def test_the_ring_is_as_full_as_what_is_left(left: int) -> None:
    def filled(minutes: int) -> int:
        image = opened(draw_picture(replace(REMINDER, minutes_left=minutes, left_label="", title="")))
        ring = image.crop((0, 0, 310, image.height)).get_flattened_data()
        return sum(pixel == (0xE0, 0x8A, 0x00) for pixel in ring)

    assert filled(left) / filled(1440) == pytest.approx(left / 1440, abs=0.02)


def test_nothing_to_show_is_a_picture_too() -> None:
    assert draw_picture(replace(STATUS, lines=(), criteria=()))
    assert draw_picture(replace(YEAR, weeks=(), months=()))
    assert draw_picture(replace(YEAR, weeks=((0, 0),) * 53))
    assert draw_picture(replace(YEAR, weeks=((10**9, 10**9),) * 53))
    assert draw_picture(replace(FORECAST, reviews=()))
    assert draw_picture(
        replace(FEE, client_parts=(), member_parts=(), contract=AmountPart("", "", 0, is_deduction=False))
    )
    assert draw_picture(replace(WINDOW, minutes_left=0, lines=("",) * 9))


def test_words_are_made_smaller_and_then_cut() -> None:
    canvas = Canvas(300)
    assert canvas._ellipsized_text("short", 40, 500) == ("short", 40)
    words, size = canvas._ellipsized_text("W" * 20, 40, 600)
    assert (words, style.MIN_FONT_SIZE <= size < 40) == ("W" * 20, True)
    words, size = canvas._ellipsized_text("W" * 300, 40, 700)
    assert (words[-1], size) == ("…", style.MIN_FONT_SIZE)
    assert canvas.text_width(words, size) <= 700


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_the_words_of_a_window_are_not_cut(locale: Locale, monkeypatch: pytest.MonkeyPatch) -> None:
    texts, cut = get_translations(locale), []

    def shortened(self: Canvas, text: str, size: float, width: float) -> tuple[str, float]:
        words, drawn_size = shorten(self, text, size, width)
        if words != text:
            cut.append(text)
        return words, drawn_size

    shorten = Canvas._ellipsized_text
    monkeypatch.setattr(Canvas, "_ellipsized_text", shortened)
    for closes_at in (datetime(2026, month, 28, 22, 58, tzinfo=UTC) for month in range(1, 13)):
        opened_label = texts("picture-opened", at=format_datetime_short(texts, closes_at - timedelta(days=1)))
        closes_label = texts("picture-closes", at=format_datetime_short(texts, closes_at))
        assert WINDOW.timeline is not None
        timeline = replace(
            WINDOW.timeline,
            opened_label=opened_label,
            closes_label=closes_label,
            quiet_label=texts("picture-quiet"),
            reminder_label=texts("picture-reminder"),
        )
        lines = texts("picture-until", at=format_datetime_short(texts, closes_at)), texts("picture-reminders", count=12)
        left = texts("picture-left", left=format_duration(texts, timedelta(hours=23, minutes=55)))
        draw_picture(replace(WINDOW, title=texts("picture-due-now"), left_label=left, lines=lines, timeline=timeline))
        for lines in ((texts("picture-others", count=999),), (texts("picture-no-reminders"),)):
            draw_picture(replace(REMINDER, title=texts("picture-due-then"), left_label=left, lines=lines))
    for closing in ([], [datetime(2026, 11, 24, tzinfo=UTC)]):
        draw_picture(reminder_picture(texts, closing, 0, datetime(2026, 11, 25, tzinfo=UTC)).model)
    assert cut == []


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_and_fillings_stand_out_from_the_panel() -> None:
    for ground in (style.BACKGROUND, style.DIVIDER):
        assert min(contrast(each, ground) for each in (style.TEXT, style.TEXT_SECONDARY)) >= 4.5
    fillings = {*style.SEVERITY_COLOURS.values(), *style.STATUS_COLOURS.values()}
    assert min(contrast(each, style.BACKGROUND) for each in fillings) >= 3


def test_the_colours_are_those_of_the_cards() -> None:
    for name in ("INFO", "SUCCESS", "WARNING", "DANGER", "MUTED"):
        assert int(getattr(style, name)[1:], 16) == getattr(layout, name).value


def test_the_letters_are_in_the_package() -> None:
    assert style.picture_font_file().is_file()
