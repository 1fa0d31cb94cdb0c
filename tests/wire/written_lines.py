"""What a line that a member types is answered with, and the messages that are recorded then."""

from bot.fake_discord.users import text_of
from tests.helpers.stage import Stage


async def answer(stage: Stage, line: str) -> str:
    """Write a line; the text of the answer."""
    await stage.mika.write(line)
    return text_of(await stage.mika.next_bot_message())


async def messages(stage: Stage) -> list[tuple[str, str]]:
    """Client and direction of every recorded message."""
    rows = await stage.rows(
        "SELECT threads.client, messages.direction FROM messages JOIN threads USING (member_id, thread_id)"
        " ORDER BY messages.message_id"
    )
    return [(row[0], row[1]) for row in rows]
