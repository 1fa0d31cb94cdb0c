"""One receipt for several forwarded messages: a line each, the reply rate, and selects that lead to single receipts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Final

import discord
from discord import ui

from bot.discord_app.features.contracts.parts import contact_request_line
from bot.discord_app.features.recording.clarification_card import is_about_unknown_mail, said_instant
from bot.discord_app.ui.components import ActionButton, ActionSelect
from bot.discord_app.ui.formatting import (
    SHORT_NAME_LENGTH,
    escape_name,
    format_client_name,
    format_error,
    format_label,
    format_short_thread_name,
    format_thread_label,
    format_timestamp,
)
from bot.discord_app.ui.layout import DANGER, INFO, WARNING, Card, LayoutItem, build_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.messages import Confirmation, IrrelevantMail, LoginCode, ParseFailure, ReviewResult
from bot.domain.reply.contracts import CONTACT_WINDOW
from bot.domain.reply.thread_state import Direction, EntryExplanation, EntryVerdict, EventKind
from bot.domain.types import ThreadId
from bot.errors import NinteiError
from bot.i18n import formatting
from bot.i18n.reply_rate import format_rate_change
from bot.i18n.translations import Translations
from bot.services.results import BadgeNoted, ClarificationNeeded, Receipt, ReceiptKind, RecordOutcome
from storage.cards import CardContent, CardItem, CardKind
from storage.drafts import MissingInfo

MAX_LINES: Final = 3_400
"""Characters of the lines; the rest of the text is for the title, the rate and the number left out."""

MAX_SELECT_OPTIONS: Final = 25
"""Options in one select (Discord)."""

MESSAGE, DRAFT = "message", "draft"
"""How the value of an option begins that names a recorded message or a question."""

ASKED_OTHERWISE_OF_A_REPLY: Final = frozenset({MissingInfo.CLIENT, MissingInfo.TIME})
"""What is missing whose question has other words where it is about a reply."""

BatchReceipt = RecordOutcome | NinteiError

NOTICE_TEXT_IDS: Final[dict[type, str]] = {
    ReviewResult: "mail-review-figures",
    IrrelevantMail: "mail-not-lancers",
    LoginCode: "mail-login-code",
    Confirmation: "draft-cancelled",
    BadgeNoted: "badge-noted",
}
"""The sentences about what is no message: a mail, or the answer to a question that proposed something."""


def batch_receipt_card(texts: Translations, outcomes: Sequence[BatchReceipt], zone: tzinfo) -> Card:
    """What became of several messages, in the order in which they came; those that need an answer first."""
    colour = WARNING if any(map(_outcome_needs_clarification, outcomes)) else INFO
    if any(isinstance(outcome, Receipt) and outcome.window_closed for outcome in outcomes):
        colour = DANGER
    card = build_card(_batch_receipt_parts(texts, outcomes, zone), colour)
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    if len(receipts) == len(outcomes):
        items = dict.fromkeys(CardItem(receipt.message.id, receipt.thread.id) for receipt in receipts)
        card.content = CardContent(
            kind=CardKind.RECEIPT,
            items=tuple(items),
            as_of=min(receipt.shown_as_of for receipt in receipts),
            recorded_at=tuple(receipt.recorded_at for receipt in receipts if receipt.kind is not ReceiptKind.REPEATED),
        )
    return card


def _outcome_needs_clarification(outcome: BatchReceipt) -> bool:
    return isinstance(outcome, ClarificationNeeded) or (isinstance(outcome, Receipt) and outcome.thread.unassigned)


def _batch_receipt_parts(texts: Translations, outcomes: Sequence[BatchReceipt], zone: tzinfo) -> Iterator[LayoutItem]:
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    # The state of a thread is that of its last receipt: earlier ones did not know the messages that followed.
    latest = {receipt.thread.id: receipt for receipt in receipts}
    current = [
        _receipt_as_of_latest(outcome, receipts, latest) if isinstance(outcome, Receipt) else outcome
        for outcome in outcomes
    ]
    ordered = sorted(current, key=lambda outcome: not _outcome_needs_clarification(outcome))
    counted = Counter(  # one sentence about several is said once
        (_batch_outcome_line(texts, outcome, latest), isinstance(outcome, Receipt | ClarificationNeeded) and number)
        for number, outcome in enumerate(ordered, 1)
    )
    lines = [
        texts("batch-several", line=line, count=count) if count > 1 else line for (line, _), count in counted.items()
    ]
    fitting = _count_batch_lines_that_fit(lines)
    yield text_block(
        texts("batch-title", count=len(outcomes)),
        *lines[:fitting],
        texts("batch-more", count=sum([*counted.values()][fitting:])) if fitting < len(lines) else None,
    )
    if receipts:
        before, last = receipts[0].rate_before, receipts[-1]
        if rate_change := format_rate_change(texts, before, last.rate_after, last.preferences.rate_rule):
            yield text_block(rate_change)
    if unconfirmed := list({receipt.message.id: receipt for receipt in receipts if receipt.is_unconfirmed}):
        yield text_block(texts("batch-unconfirmed", count=len(unconfirmed)))
        confirm = ActionButton(
            Target.BATCH_RECEIPT, unconfirmed[0], Action.FROM_LANCERS, texts(f"action-{Action.FROM_LANCERS}")
        )
        yield ui.ActionRow(confirm)
    candidates = [
        _batch_outcome_option(texts, item, zone) for item in ordered if isinstance(item, Receipt | ClarificationNeeded)
    ]
    options = list({option.value: option for option in candidates}.values())  # the same message forwarded twice is one
    for page, first in enumerate(range(0, len(options), MAX_SELECT_OPTIONS)):
        page_options = options[first : first + MAX_SELECT_OPTIONS]
        yield ui.ActionRow(ActionSelect(Target.BATCH_RECEIPT, page, Action.VIEW, page_options, texts("batch-choose")))


def _receipt_as_of_latest(receipt: Receipt, receipts: Sequence[Receipt], latest: Mapping[ThreadId, Receipt]) -> Receipt:
    """A receipt whose message counts as the last receipts say: an earlier one waited for a reply that came with it."""
    entry, reason = receipt.message.entry, receipt.reason
    if entry.direction is Direction.SENT or reason.verdict not in {EntryVerdict.WAITING, EntryVerdict.DISMISSED}:
        return receipt
    for other in receipts:
        exchange = other.exchange if other.thread.id == receipt.thread.id else None
        if exchange is not None and exchange.received_at <= entry.at <= exchange.newest_received_at:
            return replace(receipt, reason=EntryExplanation(EntryVerdict(exchange.verdict), exchange))
    unanswered = latest[receipt.thread.id].unanswered
    if unanswered is None or entry.at < unanswered.oldest:
        return receipt
    verdict = EntryVerdict.DISMISSED if unanswered.dismissed else EntryVerdict.WAITING
    return replace(receipt, reason=EntryExplanation(verdict, unanswered=unanswered))


def _count_batch_lines_that_fit(lines: Sequence[str]) -> int:
    """How many of the lines fit."""
    length = 0
    for number, line in enumerate(lines):
        length += len(line) + 1
        if length > MAX_LINES:
            return number
    return len(lines)


def _batch_outcome_line(texts: Translations, outcome: BatchReceipt, latest: Mapping[ThreadId, Receipt]) -> str:
    match outcome:
        case Receipt():
            line = _batch_receipt_line(texts, outcome, latest[outcome.thread.id])
            return texts("batch-repeated", line=line) if outcome.kind is ReceiptKind.REPEATED else line
        case ClarificationNeeded(draft):
            content, said_at = draft.content, said_instant(draft)
            is_about_reply = content.direction is Direction.SENT and content.missing in ASKED_OTHERWISE_OF_A_REPLY
            text_id = f"batch-replied-{content.missing}" if is_about_reply else f"batch-{content.missing}"
            return texts(
                "batch-unknown-mail" if is_about_unknown_mail(content) else text_id,
                client=format_client_name(texts, content.client, SHORT_NAME_LENGTH),
                at=format_timestamp(said_at) if said_at else formatting.EMPTY_VALUE,
                site=escape_name(content.title or ""),
            )
        case NinteiError() as error:
            return texts("batch-refused", reason=format_error(texts, error))
        case ParseFailure(error):
            return texts("batch-refused", reason=format_error(texts, error))
        case _:
            return texts("batch-note", note=texts(NOTICE_TEXT_IDS[type(outcome)]))


def _batch_receipt_line(texts: Translations, receipt: Receipt, latest: Receipt) -> str:
    """The thread, and until when to reply or how the message counts."""
    entry, unanswered = receipt.message.entry, receipt.reason.unanswered
    thread = format_short_thread_name(texts, receipt.thread)
    if entry.kind is EventKind.CONTACT_REQUEST and latest.contact_request is not None:
        closes_at = latest.contact_request + CONTACT_WINDOW
        return contact_request_line(texts, thread, closes_at, receipt.recorded_at)
    if entry.direction is Direction.RECEIVED and unanswered is not None:
        left = format_timestamp(unanswered.due_at, "R")
        if receipt.thread.unassigned:
            return texts("batch-unsorted", thread=thread, at=format_timestamp(entry.at), left=left)
        if not unanswered.dismissed:
            text_id = "batch-closed" if latest.recorded_at > unanswered.due_at else "batch-waits"
            return texts(text_id, thread=thread, at=format_timestamp(unanswered.due_at), left=left)
    verdict = texts(f"verdict-{receipt.reason.verdict}")
    return texts("batch-counted", thread=thread, counted=verdict, at=format_timestamp(entry.at))


def _batch_outcome_option(
    texts: Translations, outcome: Receipt | ClarificationNeeded, zone: tzinfo
) -> discord.SelectOption:
    if isinstance(outcome, ClarificationNeeded):
        content = outcome.draft.content
        label, value = content.client or texts("thread-nobody-plain"), f"{DRAFT}-{outcome.draft.id}"
        sent_at = said_instant(outcome.draft)
    else:
        label, value = format_thread_label(texts, outcome.thread), f"{MESSAGE}-{outcome.message.id}"
        sent_at = outcome.message.entry.at
    return discord.SelectOption(
        label=format_label(label),
        value=value,
        description=formatting.format_datetime_short(texts, sent_at.astimezone(zone)) if sent_at else None,
        emoji="❓" if _outcome_needs_clarification(outcome) else None,
    )
