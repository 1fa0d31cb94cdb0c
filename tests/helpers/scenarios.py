"""Shared by the tests over real sockets: messages, mails, and a reminder that falls due at 13:00."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

from bot.domain.calendar import instant_to_micros
from bot.fake_discord.api_errors import not_found_error
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser, InteractionResult
from bot.scheduling.dispatcher import MAX_CONCURRENT_SENDS
from tests.helpers.stage import Stage
from tests.helpers.wording import says

POST = ("POST", r"/channels/\d+/messages")
UNKNOWN_CHANNEL = not_found_error("Channel", 10003)

HOSTILE_NAMES = {
    "markdown": "*_`~|>[x](http://a.b)@everyone<@1>" * 3,
    "wide": "株式会社漢字ばかりの大変長い名前" * 7,
    "emoji": "👩🏽‍💻🏳️‍🌈" * 15,
    "rtl": "\u202eשלום عليكم \u2067" * 9,
}
"""Names that the bot cuts to 100 characters."""


def stamp(stage: Stage, hour: int, minute: int, *, days: int = 0, style: str = "f") -> str:
    """Discord's markup for a time of the first day, or of another one; style "t" is the time alone."""
    return f"<t:{int(stage.at(hour, minute, days=days).timestamp())}:{style}>"


def eml(subject: str, *, date: str = "Tue, 24 Nov 2026 09:12:34 +0900", charset: str = "utf-8") -> bytes:
    """A mail of Lancers as a file."""
    mail = EmailMessage()
    mail["From"] = "ランサーズ事務局 <noreply@lancers.co.jp>"
    mail["To"] = "mika@example.com"
    mail["Subject"] = subject
    mail["Date"] = date
    mail.set_content("本文", charset=charset)
    return mail.as_bytes()


async def outcomes(stage: Stage) -> list[str]:
    """The state of each planned reminder that is due, in the order of their ids."""
    due = instant_to_micros(stage.clock.now())
    rows = await stage.rows("SELECT state FROM occurrences WHERE remind_at <= $1 ORDER BY occurrence_id", due)
    return [row[0] for row in rows]


async def correct(user: FakeUser, receipt: Message, text_id: str) -> InteractionResult:
    """Press one of the corrections of a receipt, by the id of its label."""
    menu = await user.click(receipt, says("action-correct"))
    return await user.click(menu.message, says(text_id))


async def recorded(stage: Stage, line: str = "制作会社A様 今日 10:30") -> Message:
    """Write a line; its receipt."""
    await stage.mika.write(line)
    return await stage.mika.next_bot_message()


async def due_at_one(stage: Stage) -> Message:
    """Record a message whose reminder falls due at 13:00; the receipt."""
    return await recorded(stage, "制作会社A様 昨日 17:00")


async def count_waiting(stage: Stage) -> int:
    """The windows of all members that are open or overdue."""
    [[count]] = await stage.rows("SELECT count(*) FROM windows WHERE dismissed = 0")
    return int(count)


@asynccontextmanager
async def claimed_at_one(stage: Stage) -> AsyncIterator[None]:
    """At 13:00, run the block between the claim of what is due and the check just before it is sent."""
    assert stage.bot is not None
    dispatcher = stage.bot.dispatcher
    for _ in range(MAX_CONCURRENT_SENDS):
        await dispatcher._send_slots.acquire()
    stage.clock.advance_to(stage.at(13))
    await dispatcher._wakeup.next_tick()
    yield
    for _ in range(MAX_CONCURRENT_SENDS):
        dispatcher._send_slots.release()
    await dispatcher._finish_deliveries()
