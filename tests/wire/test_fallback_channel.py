"""The fallback channel: only where the member may write, and only a few posts a day."""

from datetime import timedelta

import pytest

from bot.discord_app.fallback_channel import MAX_POSTS_PER_DAY
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER, DiscordApiError
from bot.fake_discord.state import Channel
from bot.i18n.translations import get_translations
from tests.helpers.scenarios import due_at_one, outcomes
from tests.helpers.stage import Stage

VIEW_CHANNEL, SEND_MESSAGES, ADMINISTRATOR = 1 << 10, 1 << 11, 1 << 3


def posts(up: Stage, channel: Channel) -> int:
    return sum(message.author is up.discord.state.bot for message in channel.messages.values())


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("permissions", "taken"),
    [(0, False), (VIEW_CHANNEL, False), (SEND_MESSAGES, False), (VIEW_CHANNEL | SEND_MESSAGES, True), (ADMINISTRATOR, True)],
)  # fmt: skip
async def test_it_is_taken_only_where_the_member_may_write(up: Stage, permissions: int, taken: bool) -> None:  # noqa: FBT001
    channel = up.discord.add_guild()
    up.mika.permissions = permissions
    answer = await up.mika.command("settings", fallback=channel, quiet_hours="22:00-06:00")
    refusal = get_translations("ja")("fallback-member-permission")
    assert (refusal in answer.text) is not taken
    [row] = await up.rows("SELECT fallback_channel_id, quiet_hours FROM members WHERE member_id = $1", up.mika.user.id)
    assert row == ((channel.id, "22:00-06:00") if taken else (None, None))


@pytest.mark.both_engines
@pytest.mark.slow
async def test_a_few_posts_a_day_and_channel_whoever_they_are_for(up: Stage) -> None:
    channel = up.discord.add_guild()
    people = [up.mika, *(up.discord.add_user(f"user{number}") for number in range(5))]
    for person in people:
        await person.command("settings", fallback=channel, lead_times="20h,16h,12h,8h,4h,1h", quiet_hours="none")
        await person.command("received", client="A社", at="11:30")
        up.discord.faults.dm_blocked[person.user.id] = CANNOT_SEND_TO_USER
    await up.live_to(up.at(12, days=1))
    assert posts(up, channel) == MAX_POSTS_PER_DAY
    assert set(await outcomes(up)) <= {"undeliverable", "superseded"}
    for person in people:
        await person.command("received", client="B社", at="11/25 11:00")
    await up.live_to(up.at(12, days=2) - timedelta(minutes=1))
    assert MAX_POSTS_PER_DAY < posts(up, channel) <= 2 * MAX_POSTS_PER_DAY


async def test_nobody_but_the_member_can_be_mentioned(up: Stage) -> None:
    channel = up.discord.add_guild()
    await up.mika.command("settings", fallback=channel)
    await due_at_one(up)
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    await up.live_to(up.at(13))
    [mentions] = [
        request.body["allowed_mentions"]
        for request in up.discord.requests
        if request.path == f"/channels/{channel.id}/messages" and isinstance(request.body, dict)
    ]
    assert (mentions.get("parse", []), mentions["users"]) == ([], [up.mika.user.id])


async def test_where_the_bot_may_not_write_any_more_nothing_else_changes(up: Stage) -> None:
    channel = up.discord.add_guild()
    await up.mika.command("settings", fallback=channel)
    await due_at_one(up)
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    missing = DiscordApiError(403, 50013, "Missing Permissions")
    up.discord.faults.refuse("POST", f"/channels/{channel.id}/messages", missing, times=9)
    await up.live_to(up.at(13))
    assert posts(up, channel) == 0
    assert await outcomes(up) == ["undeliverable"]


@pytest.mark.parametrize("change", ["leaves", "timed-out", "stays"])
async def test_a_member_who_may_not_write_there_any_more_is_not_mentioned(stage: Stage, change: str) -> None:
    channel = stage.discord.add_guild()
    guild = stage.discord.state.guilds[channel.guild_id or 0]
    async with stage.open_bot():
        await stage.mika.command("settings", fallback=channel)
        await due_at_one(stage)
        stage.discord.faults.dm_blocked[stage.mika.user.id] = CANNOT_SEND_TO_USER
        if change == "leaves":
            guild.former_members.add(stage.mika.user.id)
        elif change == "timed-out":
            guild.timed_out[stage.mika.user.id] = "2100-01-01T00:00:00+00:00"
        await stage.live_to(stage.at(13))
        assert posts(stage, channel) == (1 if change == "stays" else 0)
        assert await outcomes(stage) == ["undeliverable"]
