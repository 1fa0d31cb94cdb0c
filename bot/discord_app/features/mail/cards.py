"""The cards of `/mail`: the mail providers, a guide for each, what came; and the direct messages about mails."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import discord
from discord import ui

from bot.discord_app.ui.components import ActionButton
from bot.discord_app.ui.formatting import format_timestamp
from bot.discord_app.ui.layout import (
    INFO,
    MUTED,
    SUCCESS,
    WARNING,
    Card,
    LayoutItem,
    build_card,
    small_print,
    text_block,
)
from bot.discord_app.ui.press_words import Action, Target
from bot.i18n.translations import Translations
from bot.mail.ports import TestResult
from bot.parsing.forwarding_confirmation import ForwardingConfirmation
from bot.services.mail import TEST_DURATION, MailOverview
from storage.inboxes import Inbox
from storage.mail_addresses import MailAddress

_CHECKED_ON: Final = date(2026, 11, 29)

MISSING_AFTER_LAST_MAIL: Final = timedelta(days=3)
"""Without a mail for so long, although the member replied: the forwarding may have ended."""

MISSING_AFTER_ADDRESS: Final = timedelta(days=2)
"""Without any mail for so long after the address was made: the forwarding may not be set up."""

MAX_WRITTEN_LENGTH: Final = 254
"""Characters that are shown of an address or a domain (RFC 5321)."""

CONFIRMED: Final = "1"
"""The value of a button that does what was asked about."""


@dataclass(frozen=True, slots=True)
class MailProvider:
    """A provider at which a member may have a mailbox."""

    name: str
    """As in the ids of its texts."""
    page: str | None = None
    """The provider's page that the guide goes by; None: no page was found, and the guide says so."""
    checked_on: date | None = None
    """When a copy or a quotation of the page was read."""


MAIL_PROVIDERS: Final = (
    MailProvider("gmail", "https://support.google.com/mail/answer/10957", _CHECKED_ON),
    MailProvider("outlook", "https://learn.microsoft.com/graph/api/mailfolder-post-messagerules", _CHECKED_ON),
    MailProvider("yahoo"),
    MailProvider("icloud", "https://support.apple.com/guide/icloud/mm6b1a3f8a/icloud", _CHECKED_ON),
    MailProvider("other"),
)
"""In the order of their numbers in custom ids, from 1 on."""


def provider_of_number(number: int) -> MailProvider | None:
    """The provider with this number; None for any other number."""
    return MAIL_PROVIDERS[number - 1] if 1 <= number <= len(MAIL_PROVIDERS) else None


def mail_provider_choice_card(texts: Translations, news: str | None = None) -> Card:
    """Which mail provider the member uses; `news`: a line before that."""
    buttons = [
        _mail_button(Action.CHOOSE_PROVIDER, texts(f"mail-box-{provider.name}"), str(number))
        for number, provider in enumerate(MAIL_PROVIDERS, 1)
    ]
    return build_card([text_block(news, texts("mail-choose")), ui.ActionRow(*buttons)])


def mail_guide_card(texts: Translations, number: int, provider: MailProvider, address: str) -> Card:
    """How mails are forwarded to the member's address. `number`: the provider's in custom ids."""
    checked = texts("mail-guide-unchecked")
    if provider.page is not None and provider.checked_on is not None:
        checked = texts("mail-guide-checked", page=provider.page, day=provider.checked_on.isoformat())
    return build_card(
        [
            text_block(texts("mail-guide-title", mailbox=texts(f"mail-box-{provider.name}")), f"```\n{address}\n```"),
            text_block(texts(f"mail-guide-{provider.name}"), small_print(checked)),
            ui.Separator(),
            text_block(texts("mail-guide-secret")),
            ui.ActionRow(
                _mail_button(Action.TEST_MAIL, texts("mail-test"), target_id=number, style=discord.ButtonStyle.primary),
                _mail_button(Action.CHOOSE_PROVIDER, texts("start-back"), "0"),
            ),
        ]
    )


def mail_overview_card(texts: Translations, overview: MailOverview, address: MailAddress, *, now: datetime) -> Card:
    """What came by the member's address, what is missing, and what can be done."""
    is_paused = address.paused_at is not None
    missing = None if is_paused else _missing_mails_line(texts, overview, address, now)
    lines: list[str | None] = [texts("mail-title"), _last_mail_line(texts, overview, address)]
    if address.paused_at is not None:
        lines.append(texts("mail-paused", since=format_timestamp(address.paused_at)))
    elif address.tested_at is not None and now - address.tested_at <= TEST_DURATION:
        lines.append(texts("mail-test-waits", until=format_timestamp(address.tested_at + TEST_DURATION, "t")))
    pause = Action.RESUME if is_paused else Action.PAUSE
    return build_card(
        [
            text_block(*lines, missing),
            ui.ActionRow(
                _mail_button(Action.CHOOSE_PROVIDER, texts("mail-guide"), "0"),
                _mail_button(Action.TEST_MAIL, texts("mail-test")),
                _mail_button(pause, texts("mail-resume" if is_paused else "mail-pause")),
            ),
            ui.ActionRow(
                _mail_button(Action.NEW_ADDRESS, texts("mail-new-address")),
                _mail_button(Action.REMOVE_ADDRESS, texts("mail-remove")),
            ),
        ],
        WARNING if missing else INFO,
    )


def _last_mail_line(texts: Translations, overview: MailOverview, address: MailAddress) -> str:
    if address.last_mail_at is None:
        return texts("mail-last-none")
    return texts("mail-last", ago=format_timestamp(address.last_mail_at, "R"), count=overview.mails_this_month)


def _missing_mails_line(texts: Translations, overview: MailOverview, address: MailAddress, now: datetime) -> str | None:
    if address.last_mail_at is None:
        return texts("mail-missing-first") if now - address.made_at > MISSING_AFTER_ADDRESS else None
    silence = now - address.last_mail_at
    if not overview.replies_since or silence <= MISSING_AFTER_LAST_MAIL:
        return None
    return texts("mail-missing", days=silence.days, replies=overview.replies_since)


def mail_test_card(texts: Translations, number: int, address: str, until: datetime) -> Card:
    """A test waits for a mail. `number`: of the provider whose guide was shown, or 0."""
    return build_card(
        [
            text_block(texts("mail-test-started", until=format_timestamp(until, "t")), f"```\n{address}\n```"),
            ui.ActionRow(
                _mail_button(Action.CHOOSE_PROVIDER, texts("start-back"), str(number))
                if number
                else _mail_button(Action.GO_TO_PAGE, texts("start-back"))
            ),
        ]
    )


def confirm_address_change_card(texts: Translations, action: Action) -> Card:
    """Ask whether the address is to be replaced or removed; mails to it are not recorded any more then."""
    return build_card(
        [
            text_block(texts(f"mail-{action}-question")),
            ui.ActionRow(
                _mail_button(action, texts(f"mail-{action}-confirm"), CONFIRMED, style=discord.ButtonStyle.danger),
                _mail_button(Action.GO_TO_PAGE, texts("start-back")),
            ),
        ],
        WARNING,
    )


def mail_bridge_card(texts: Translations, inbox: Inbox | None) -> Card:
    """Without a mailbox of the operator: the steps to an inbox channel, and what came there last."""
    if inbox is None:
        last = texts("start-seen-mail-unset")
    elif inbox.last_mail_at is None:
        last = texts("mail-bridge-waits", channel=f"<#{inbox.channel_id}>")
    else:
        last = texts("start-seen-mail", channel=f"<#{inbox.channel_id}>", ago=format_timestamp(inbox.last_mail_at, "R"))
    return build_card(
        [
            text_block(texts("mail-bridge")),
            ui.Separator(),
            text_block(last),
            ui.ActionRow(_mail_button(Action.TEST_MAIL, texts("mail-test"))),
        ]
    )


def forwarding_confirmation_card(texts: Translations, confirmation: ForwardingConfirmation) -> Card:
    """A provider asks whether mails may be forwarded to the member's address. The bot opens no link."""
    return build_card(_forwarding_confirmation_parts(texts, confirmation), WARNING)


def _forwarding_confirmation_parts(texts: Translations, confirmation: ForwardingConfirmation) -> Iterator[LayoutItem]:
    requester = _header_as_code(confirmation.requester) if confirmation.requester else texts("mail-confirm-unnamed")
    yield text_block(
        texts("mail-confirm", requester=requester),
        f"```\n{confirmation.code}\n```" if confirmation.code else None,
        texts("mail-confirm-next"),
    )
    if confirmation.link:
        link: ui.Button[ui.LayoutView] = ui.Button(
            style=discord.ButtonStyle.link, label=texts("mail-confirm-link"), url=confirmation.link
        )
        yield ui.ActionRow(link)


def mail_test_result_card(texts: Translations, result: TestResult) -> Card:
    """What a test saw."""
    sender = _header_as_code(result.sender_domain) if result.sender_domain else texts("mail-test-unnamed")
    lines = [
        texts("mail-test-received", sender=sender),
        texts("mail-test-signed" if result.is_signed else "mail-test-unsigned"),
    ]
    if result.recorded:
        lines.append(texts("mail-test-recorded", count=result.recorded))
    if result.asked:
        lines.append(texts("mail-test-asked", count=result.asked))
    if not result.recorded and not result.asked:
        lines.append(texts("mail-test-nothing"))
    return build_card([text_block(*lines)], SUCCESS if result.recorded or result.asked else MUTED)


def _header_as_code(written: str) -> str:
    """A piece of a mail's header, in which nothing is a link or a mention."""
    return f"`{written.replace('`', '')[:MAX_WRITTEN_LENGTH]}`"


def _mail_button(
    action: Action,
    label: str,
    value: str | None = None,
    *,
    target_id: int = 0,
    style: discord.ButtonStyle | None = None,
) -> ActionButton:
    return ActionButton(Target.MAIL, target_id, action, label, value, style=style)
