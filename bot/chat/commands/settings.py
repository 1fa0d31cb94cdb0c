"""`/settings`: what holds for the member, and changing it, by options or on the card."""

from datetime import datetime
from zoneinfo import available_timezones

import discord
from discord import app_commands

from bot.chat.cards.settings import settings_card
from bot.chat.channels import TextChannel
from bot.chat.client import NinteiClient, typed
from bot.chat.translator import told
from bot.chat.visitor import Visitor, visit
from bot.domain.certification.editions import edition_names
from bot.errors import InvalidInputError
from bot.i18n.translations import get_translations
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import parse_time
from bot.services.preference_changes import DEFAULT_WORDS, PreferenceChanges
from storage.members import Badge, Digest

Ask = discord.Interaction[NinteiClient]


def add_settings_command(client: NinteiClient) -> None:
    """Add it to the tree."""
    client.tree.add_command(_settings)


@app_commands.command(name="settings", description=told("command-settings"))
@app_commands.rename(
    timezone=told("option-timezone"),
    locale=told("option-locale"),
    edition=told("option-edition"),
    badge=told("option-badge"),
    badge_since=told("option-badge-since"),
    lead_times=told("option-lead-times"),
    quiet_hours=told("option-quiet-hours"),
    review_day=told("option-review-day"),
    digest=told("option-digest"),
    keep=told("option-keep"),
    fallback=told("option-fallback"),
    no_fallback=told("option-no-fallback"),
)
@app_commands.describe(
    timezone=told("option-timezone-about"),
    locale=told("option-locale-about"),
    edition=told("option-edition-about"),
    badge=told("option-badge-about"),
    badge_since=told("option-badge-since-about"),
    lead_times=told("option-lead-times-about"),
    quiet_hours=told("option-quiet-hours-about"),
    review_day=told("option-review-day-about"),
    digest=told("option-digest-about"),
    keep=told("option-keep-about"),
    fallback=told("option-fallback-about"),
    no_fallback=told("option-no-fallback-about"),
)
@app_commands.choices(
    locale=[
        app_commands.Choice(name=told("locale-default"), value=DEFAULT_WORDS),
        app_commands.Choice(name=told("locale-ja"), value="ja"),
        app_commands.Choice(name=told("locale-en"), value="en"),
    ],
    edition=[app_commands.Choice(name=name, value=name) for name in edition_names()],
    badge=[app_commands.Choice(name=told(f"badge-{each.replace('_', '-')}-choice"), value=each) for each in Badge],
    digest=[app_commands.Choice(name=told(f"digest-every-{each}"), value=each) for each in Digest],
)
async def _settings(  # noqa: PLR0917 — a command's options
    interaction: Ask,
    timezone: str | None = None,
    locale: str | None = None,
    edition: str | None = None,
    badge: str | None = None,
    badge_since: str | None = None,
    lead_times: str | None = None,
    quiet_hours: str | None = None,
    review_day: str | None = None,
    digest: str | None = None,
    keep: bool | None = None,  # noqa: FBT001 — a command's option
    fallback: app_commands.Transform[app_commands.AppCommandChannel, TextChannel] | None = None,
    no_fallback: bool = False,  # noqa: FBT001, FBT002 — a command's option
) -> None:
    async with visit(typed(interaction)) as visitor:
        since = _read_since(visitor, badge_since) if badge_since else None
        choices = PreferenceChanges(
            locale,
            timezone,
            edition,
            lead_times,
            quiet_hours,
            Badge.HELD if badge is None and since else Badge(badge) if badge in set(Badge) else None,
            since,
            review_day,
            digest,
            keep,
            0 if no_fallback else None if fallback is None else fallback.id,
        )
        services = visitor.interaction.client.services
        if choices == PreferenceChanges():
            member, preferences = await services.members.find(visitor.member)
        else:
            member, preferences = await services.preferences.apply(visitor.member, choices, now=visitor.now)
        await visitor.answer(settings_card(get_translations(preferences.locale), member, preferences))


def _read_since(visitor: Visitor, written: str) -> datetime:
    """A day is enough for the badge."""
    zone = visitor.preferences.zone
    try:
        return parse_time(f"{written} 0:00", now=visitor.now, zone=zone).at
    except TimeParseError:
        pass
    try:
        return parse_time(written, now=visitor.now, zone=zone).at
    except TimeParseError as fault:
        raise InvalidInputError("badge-since-unread", written=written[:40]) from fault


@_settings.autocomplete("timezone")
async def _zones(interaction: Ask, typed_text: str) -> list[app_commands.Choice[str]]:
    del interaction
    sought = typed_text.casefold().replace(" ", "_")
    found = sorted(zone for zone in available_timezones() if sought in zone.casefold())
    first = [zone for zone in ("Asia/Tokyo",) if zone in found]
    return [app_commands.Choice(name=zone, value=zone) for zone in dict.fromkeys([*first, *found])][:25]
