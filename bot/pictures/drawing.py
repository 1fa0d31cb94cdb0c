"""Draws every kind of picture as a PNG file. Only the worker imports it: matplotlib takes memory and half a second."""

from bot.pictures.draw_fee import draw_fee
from bot.pictures.draw_forecast import draw_forecast
from bot.pictures.draw_status import draw_status
from bot.pictures.draw_window import draw_rate, draw_window
from bot.pictures.draw_year import draw_year
from bot.pictures.models import (
    FeePicture,
    ForecastPicture,
    PictureModel,
    RatePicture,
    StatusPicture,
    WindowPicture,
    YearPicture,
)


def draw_picture(model: PictureModel) -> bytes:
    """The PNG file of a picture."""
    match model:
        case StatusPicture():
            return draw_status(model)
        case YearPicture():
            return draw_year(model)
        case FeePicture():
            return draw_fee(model)
        case ForecastPicture():
            return draw_forecast(model)
        case WindowPicture():
            return draw_window(model)
        case RatePicture():
            return draw_rate(model)
