"""Every panel as a PNG. Imported by the worker alone: matplotlib takes memory and half a second."""

from bot.pictures.draw_fee import draw_fee
from bot.pictures.draw_forecast import draw_forecast
from bot.pictures.draw_status import draw_status
from bot.pictures.draw_window import draw_rate, draw_window
from bot.pictures.panels import FeePanel, ForecastPanel, Panel, RatePanel, StatusPanel, WindowPanel


def draw(panel: Panel) -> bytes:
    """The picture's file."""
    match panel:
        case StatusPanel():
            return draw_status(panel)
        case FeePanel():
            return draw_fee(panel)
        case ForecastPanel():
            return draw_forecast(panel)
        case WindowPanel():
            return draw_window(panel)
        case RatePanel():
            return draw_rate(panel)
