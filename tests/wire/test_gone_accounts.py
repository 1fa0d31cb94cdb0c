"""Accounts that are gone are undeliverable, and whoever waits for a first direct message stands before nobody."""

from datetime import timedelta

import pytest

from bot.domain.calendar import instant_to_micros
from bot.fake_discord.api_errors import DM_OPEN_RATE_LIMITED, DiscordApiError
from tests.helpers.amounts import others_slow
from tests.helpers.scenarios import outcomes
from tests.helpers.stage import Stage

pytestmark = [pytest.mark.both_engines, pytest.mark.others_on_sqlite]

GONE = [
    DiscordApiError(400, 50033, "Invalid Recipient(s)"),
    DiscordApiError(404, 10013, "Unknown User"),
    DiscordApiError(403, 50007, "Cannot send messages to this user"),
    DiscordApiError(403, 50278, "Cannot send messages to this user due to having no mutual guilds"),
    DiscordApiError(404, 10007, "Unknown Member"),
    DiscordApiError(400, 50035, "Invalid Form Body"),
    DiscordApiError(403, 40007, "The user is banned from this guild"),
]
PASSING = [DM_OPEN_RATE_LIMITED, DiscordApiError(403, 0, "403: Forbidden"), DiscordApiError(400, 40062, "Rate limited")]
OPEN = "/users/@me/channels"


async def add_members(stage: Stage, member_ids: list[int], due: int) -> None:
    """Members without a direct-message channel whose digest is due."""
    for member_id in member_ids:
        await stage.rows(
            "INSERT INTO members (member_id, joined_at, digest, digest_at) VALUES ($1, 0, 'weekly', $2)", member_id, due
        )


async def days_ahead(stage: Stage, member_id: int) -> bool:
    """Whether the member's next digest is one of another day."""
    [[digest_at]] = await stage.rows("SELECT digest_at FROM members WHERE member_id = $1", member_id)
    return bool(digest_at > instant_to_micros(stage.clock.now() + timedelta(hours=12)))


@pytest.mark.parametrize("error", GONE, ids=lambda error: str(error.body["code"]))
async def test_a_digest_to_an_account_that_is_gone_is_tried_once(up: Stage, error: DiscordApiError) -> None:
    up.discord.faults.dm_open_refused[7] = error
    await add_members(up, [7], instant_to_micros(up.at(12, 30)))
    for minute in (31, 32, 33):
        await up.move_to(up.at(12, minute))
    assert await days_ahead(up, 7)
    assert sum(request.path == OPEN for request in up.discord.requests) == 1


@pytest.mark.parametrize("error", PASSING, ids=lambda error: str(error.body["code"]))
async def test_what_passes_is_tried_again(up: Stage, error: DiscordApiError) -> None:
    ken = up.discord.add_user("ken")
    up.discord.faults.dm_open_refused[ken.user.id] = error
    await add_members(up, [ken.user.id], instant_to_micros(up.at(12, 30)))
    await up.move_to(up.at(12, 31))
    assert not await days_ahead(up, ken.user.id)
    up.discord.faults.dm_open_refused.clear()
    for minute in range(32, 40):
        await up.move_to(up.at(12, minute))
    assert len(ken.drain_bot_messages()) == 1
    assert await days_ahead(up, ken.user.id)


@pytest.mark.slow
@pytest.mark.parametrize(
    "error", others_slow([GONE[0], GONE[1], DM_OPEN_RATE_LIMITED]), ids=lambda error: str(error.body["code"])
)
async def test_whoever_lives_behind_110_dead_accounts_gets_a_digest(up: Stage, error: DiscordApiError) -> None:
    ken = up.discord.add_user("ken")
    await ken.command("settings", digest="weekly")
    dead = list(range(1, 111))
    up.discord.faults.dm_open_refused.update(dict.fromkeys(dead, error))
    await add_members(up, dead, instant_to_micros(up.at(12, 30)))
    later = instant_to_micros(up.at(12, 31))
    await up.rows("UPDATE members SET digest_at = $2 WHERE member_id = $1", ken.user.id, later)
    for minute in range(32, 36):
        await up.move_to(up.at(12, minute))
    assert len(ken.drain_bot_messages()) == 1
    tries = sum(request.path == OPEN for request in up.discord.requests)
    assert tries <= 111


@pytest.mark.parametrize("error", GONE[:2], ids=lambda error: str(error.body["code"]))
async def test_a_reminder_to_an_account_that_is_gone_is_undeliverable(up: Stage, error: DiscordApiError) -> None:
    await up.mika.command("received", client="A社", at="11/23 17:00")
    await up.rows("UPDATE members SET channel_id = NULL WHERE member_id = $1", up.mika.user.id)
    up.discord.faults.dm_open_refused[up.mika.user.id] = error
    await up.live_to(up.at(13))
    assert await outcomes(up) == ["undeliverable"]
