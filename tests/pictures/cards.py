"""Every card that is shown in docs/pictures: its name, and the actions that bring it up, in this order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.fake_discord.state import Message
from tests.pictures.scene import Scene


@dataclass(frozen=True, slots=True)
class Card:
    """One message of the bot."""

    name: str
    shown: Callable[[Scene], Awaitable[Message]]
    light: bool = False
    """Whether it is shown in the light theme too."""
    drawn: bool = False
    """Whether a picture follows, which is waited for."""


async def _question(scene: Scene) -> Message:
    return await scene.forward(scene.texts("rehearse-client-message"), scene.at(9, 40))


async def _pending(scene: Scene) -> Message:
    await scene.forward(scene.texts("page-mail-5"), scene.at(15, 30, days=-1))
    return await scene.use("pending")


async def _gathered(scene: Scene) -> Message:
    for minute in (20, 25, 30):
        await scene.mika.forward(
            scene.texts(f"page-mail-{minute // 5 - 2}"), posted_at=scene.at(7, minute)
        )  # closes in the night
    return await scene.mika.next_bot_message()


CARDS: tuple[Card, ...] = (
    Card("start", lambda scene: scene.use("start")),
    Card("help", lambda scene: scene.use("help")),
    Card("about", lambda scene: scene.use("about")),
    Card("badge", lambda scene: scene.use("help", topic="badge")),
    Card(
        "receipt",
        lambda scene: scene.forward(scene.texts("rehearse-mail-subject"), scene.at(9, 12)),
        light=True,
        drawn=True,
    ),
    Card("pending", _pending),
    Card("question", _question, drawn=True),
    Card("gathered", _gathered),
    Card("status", lambda scene: scene.use("status"), light=True, drawn=True),
    Card("rules", lambda scene: scene.use("status", view="rules")),
    Card("detail", lambda scene: scene.use("status", view="detail")),
    Card("forecast", lambda scene: scene.use("status", view="forecast"), light=True, drawn=True),
    Card("fee", lambda scene: scene.use("fee", amount="50,000"), light=True, drawn=True),
    Card("check", lambda scene: scene.use("check", client="制作会社A")),
    Card("away", lambda scene: scene.use("away", **{"from": "11/25", "to": "11/27"})),
    Card("settings", lambda scene: scene.use("settings")),
    Card("profile", lambda scene: scene.use("profile")),
    Card("jobs", lambda scene: scene.use("job list")),
    Card("history", lambda scene: scene.use("history")),
    Card("reminder", lambda scene: scene.last_message_until(scene.at(11, 30)), light=True, drawn=True),
    Card("evening", lambda scene: scene.last_message_until(scene.at(22, 30))),
    Card("morning", lambda scene: scene.last_message_until(scene.at(7, days=1))),
)
