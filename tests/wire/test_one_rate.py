"""A member with a past: after /calibrate every place that shows the reply rate shows the same one, in both languages.

Lancers displayed 92.3 % of 39 replies (36 on time). Then two replies: one on time, one late. So the rate is 37 of 41.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.discord_app.ui.formatting import escape
from bot.domain.types import Locale
from bot.fake_discord.state import Message
from bot.fake_discord.users import InteractionResult, text_of
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

DISPLAYED: Final = "92.3 %"
NOW: Final = "90.2 %"
"""37/41."""
LATE_AGAIN: Final = "88.0 %"
"""37/42."""
ON_TIME_AGAIN: Final = "90.4 %"
"""38/42."""

PERCENTAGE: Final = re.compile(r"\d+\.\d %")
"""A rate; thresholds are whole percents."""
FRACTION: Final = re.compile(r"(?<![\d/])\d+/\d+(?![\d/])")


def percentages(text: str) -> set[str]:
    """The rates that a text shows."""
    return set(PERCENTAGE.findall(text))


def all_words(message: Message) -> str:
    """The text of a message, and the descriptions of its pictures."""
    attachments: list[dict[str, Any]] = message.body.get("attachments") or []
    return "\n".join([text_of(message), *(str(each.get("description") or "") for each in attachments)])


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> Locale:
    locale: Locale = request.param
    return locale


@pytest.fixture
async def past(up: Stage, language: Locale) -> Stage:
    """The rate is 37 of 41; one window is open, and one is overdue."""
    up.mika.user.locale = language
    await up.mika.command("settings", locale=language)
    await up.mika.command("calibrate", reply_rate="92.3", replies=39)
    await up.mika.command("received", client="甲", at="10:00")
    await up.mika.command("replied", client="甲", at="12:00")
    await up.mika.command("received", client="乙", at="11/22 10:00")
    await up.mika.command("replied", client="乙", at="12:00")
    await up.mika.command("received", client="丙", at="11/22 11:00")
    await up.mika.command("received", client="丁", at="11:00")
    return up


def language_of(up: Stage) -> Locale:
    """The language that Mika has chosen."""
    return "en" if up.mika.user.locale == "en" else "ja"


Place = Callable[[Stage], Awaitable[str]]


async def status(up: Stage) -> str:
    return all_words((await up.mika.command("status")).message)


async def detail(up: Stage) -> str:
    return all_words((await up.mika.command("status", view="detail")).message)


async def check_open(up: Stage) -> str:
    return (await up.mika.command("check", client="丁")).text


async def check_overdue(up: Stage) -> str:
    return (await up.mika.command("check", client="丙")).text


async def pending(up: Stage) -> str:
    return (await up.mika.command("pending")).text


async def receipt_of_received(up: Stage) -> str:
    return (await up.mika.command("received", client="丙", at="11/22 12:00")).text


async def receipt_on_time(up: Stage) -> str:
    return all_words((await up.mika.command("replied", client="丁", at="12:00")).message)


async def receipt_late(up: Stage) -> str:
    return all_words((await up.mika.command("replied", client="丙", at="12:00")).message)


async def undone(up: Stage) -> str:
    receipt = await up.mika.command("replied", client="丁", at="12:00")
    return (await up.mika.click(receipt.message, says("action-undo", language_of(up)))).text


async def corrected(up: Stage) -> str:
    """A reply that answers nothing more because it is moved before the message."""
    receipt = await up.mika.command("replied", client="丁", at="12:00")
    page = await up.mika.command("history")
    await up.mika.click(page.message, says("action-look", language_of(up)))
    return (await up.mika.click(receipt.message, says("action-undo", language_of(up)))).text


async def batch(up: Stage) -> str:
    await up.mika.write("丁に返信しました 12:00\n丙 11:30")
    return all_words(await up.mika.next_bot_message())


async def away(up: Stage) -> str:
    return (await up.mika.command("away", **{"from": "18:00", "to": "11/28 9:00"})).text


async def history_undo(up: Stage) -> str:
    await up.mika.command("replied", client="丁", at="12:00")
    page = await up.mika.command("history")
    return (await up.mika.click(page.message, says("action-revert", language_of(up)))).text


async def imported(up: Stage) -> str:
    data = "thread,direction,sent_at\n戊,received,2026-11-24T11:00\n戊,sent,2026-11-24T12:00\n".encode()
    preview = await up.mika.command("import", file=("history.csv", data))
    return (await up.mika.click(preview.message, says("action-confirm", language_of(up)))).text


async def calibrated(up: Stage) -> str:
    return (await up.mika.command("calibrate")).text


PLACES: Final[dict[Place, set[str]]] = {
    status: {NOW, LATE_AGAIN},
    detail: {NOW},
    check_open: {NOW, ON_TIME_AGAIN},
    check_overdue: {NOW, LATE_AGAIN},
    pending: {NOW, LATE_AGAIN},
    receipt_of_received: {NOW, LATE_AGAIN},
    receipt_on_time: {NOW, ON_TIME_AGAIN},
    receipt_late: {NOW, LATE_AGAIN},
    undone: {ON_TIME_AGAIN, NOW},
    batch: {NOW, ON_TIME_AGAIN},
    away: {NOW, LATE_AGAIN},
    history_undo: {ON_TIME_AGAIN, NOW},
    imported: {NOW, ON_TIME_AGAIN},
    calibrated: {DISPLAYED, NOW},
}
"""Every place that shows the rate, and the rates it shows."""


@pytest.mark.sqlite_only
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
async def test_every_place_shows_the_same_rate(past: Stage, language: Locale, place: Place) -> None:
    text = await place(past)
    assert percentages(text) == PLACES[place], text
