"""`/settings`: shows the member's settings, and changes those that are given."""

import asyncio
from datetime import UTC, datetime, time
from typing import Final, get_args

from discord import app_commands

from bot.discord_app.client import Interaction, interaction_locale
from bot.discord_app.context import InteractionContext
from bot.discord_app.fallback_channel import bot_may_write, permissions_allow_writing
from bot.discord_app.features.settings.cards import settings_card
from bot.discord_app.registry import command
from bot.discord_app.translator import localized_choices
from bot.discord_app.ui.command_options import MAX_CHOICES, edition_choices
from bot.discord_app.ui.transformers import TextChannelTransformer
from bot.domain.calendar import LANCERS_OPENED_AT, LANCERS_SINCE
from bot.domain.certification.ranks import Rank
from bot.domain.text import format_excerpt, to_half_width
from bot.domain.types import Locale
from bot.errors import InvalidInputError, NotAllowedError
from bot.i18n.translations import get_translations
from bot.i18n.zone_search import format_zone_label, search_zones
from bot.parsing.day import parse_day
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import parse_time
from bot.services.preference_changes import DEFAULT_WORD, PreferenceChanges
from storage.members import Badge, Digest

_RANKED_BADGES: Final = {Badge.HELD, Badge.NOT_HELD}
"""What says whether the rank is the highest."""


@command("settings")
@app_commands.choices(
    locale=localized_choices({locale: f"locale-{locale}" for locale in (DEFAULT_WORD, *get_args(Locale))}),
    edition=edition_choices(),
    badge=localized_choices({badge: f"badge-{badge}-choice" for badge in Badge}),
    digest=localized_choices({digest: f"digest-every-{digest}" for digest in Digest}),
    rank=localized_choices({DEFAULT_WORD: "rank-by-criteria", **{rank: f"rank-{rank}" for rank in Rank}}),
)
async def settings_command(  # noqa: PLR0917 — a command's options
    ctx: InteractionContext,
    timezone: str | None = None,
    locale: str | None = None,
    edition: str | None = None,
    badge: str | None = None,
    badge_since: str | None = None,
    lead_times: str | None = None,
    quiet_hours: str | None = None,
    review_day: str | None = None,
    digest: str | None = None,
    rank: str | None = None,
    keep: bool | None = None,  # noqa: FBT001 — a command's option
    announcements: bool | None = None,  # noqa: FBT001 — a command's option
    fallback: app_commands.Transform[app_commands.AppCommandChannel, TextChannelTransformer] | None = None,
    no_fallback: bool = False,  # noqa: FBT001, FBT002 — a command's option
) -> None:
    _ensure_not_blank(lead_times, "reminders-lead-time-unreadable")
    _ensure_not_blank(quiet_hours, "reminders-quiet-hours-unreadable")
    _ensure_not_blank(review_day, "preference-review-day-unreadable")
    since = _parse_badge_since(ctx, badge_since) if badge_since else None
    declared = _declared_badge(badge, since, rank)
    if fallback is not None and no_fallback:
        raise InvalidInputError("options-contradict", options="fallback")
    if fallback is not None:
        _ensure_fallback_channel_writable(ctx.interaction, fallback)
    changes = PreferenceChanges(
        locale=locale,
        timezone=timezone,
        edition=edition,
        lead_times=lead_times,
        quiet_hours=quiet_hours,
        badge=declared,
        badge_since=since,
        review_day=review_day,
        digest=digest,
        rank=rank,
        keep_history=keep,
        announcements=announcements,
        fallback_channel=0 if no_fallback else None if fallback is None else fallback.id,
    )
    services = ctx.services
    if changes == PreferenceChanges():
        member, preferences = await services.members.find(ctx.member_id)
    else:
        member, preferences = await services.preferences.apply_changes(ctx.member_id, changes, now=ctx.now)
    await ctx.respond(
        settings_card(
            get_translations(preferences.locale),
            member,
            preferences,
            retention_months=ctx.services.retention_months,
            now=ctx.now,
        )
    )


def _ensure_not_blank(text: str | None, message_id: str) -> None:
    """Raise `InvalidInputError` for an option without a word: in a form that means none, here it is a slip."""
    if text is not None and not to_half_width(text).strip():
        raise InvalidInputError(message_id, written="")


def _declared_badge(badge: str | None, since: datetime | None, rank: str | None) -> Badge | None:
    """The badge that the options say, where a day alone says that it is held. Raises `InvalidInputError`."""
    declared = Badge.HELD if badge is None and since else Badge(badge) if badge in set(Badge) else None
    if since is not None and declared is not Badge.HELD:
        raise InvalidInputError("options-contradict", options="badge-since")
    if rank in set(Rank) and declared in _RANKED_BADGES and (declared is Badge.HELD) != (rank == Rank.CERTIFIED):
        raise InvalidInputError("options-contradict", options="since-rank" if badge is None else "badge-rank")
    return declared


def _ensure_fallback_channel_writable(interaction: Interaction, channel: app_commands.AppCommandChannel) -> None:
    """Raise `NotAllowedError` unless both the member and, as far as is known, the bot may write in the channel."""
    if not permissions_allow_writing(channel.permissions):
        raise NotAllowedError("fallback-member-permission")
    if not bot_may_write(interaction.client, channel.id):
        raise NotAllowedError("fallback-bot-permission")


def _parse_badge_since(ctx: InteractionContext, text: str) -> datetime:
    """A day, or a time. Raises `InvalidInputError`."""
    zone = ctx.preferences.zone
    try:
        day = parse_day(text, now=ctx.now, zone=zone)
    except InvalidInputError as refused_day:
        if refused_day.message_id != "day-unreadable":
            raise  # it is a day, and the sentence says what is wrong with it
        try:
            return parse_time(text, now=ctx.now, zone=zone).at
        except TimeParseError as error:
            raise InvalidInputError("badge-since-unreadable", written=format_excerpt(text)) from error
    if day >= LANCERS_SINCE:
        at = datetime.combine(day, time(), zone).astimezone(UTC)
        if LANCERS_OPENED_AT <= at <= ctx.now:
            return at
    raise InvalidInputError("day-range", day=day)


@settings_command.autocomplete("timezone")
async def autocomplete_timezones(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Zones by what the member calls them, each with its present time."""
    now, texts = interaction.client.clock.now(), get_translations(interaction_locale(interaction))
    zones = await asyncio.to_thread(search_zones, current, now)
    return [app_commands.Choice(name=format_zone_label(texts, zone, now), value=zone) for zone in zones[:MAX_CHOICES]]
