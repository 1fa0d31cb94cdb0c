"""One card for several forwards: a line for each, the rate once, and a way to the receipt of every one."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

import discord
from discord import ui

from bot.discord_app.features.recording.receipt_card import format_rate
from bot.discord_app.ui.components import Action, ActionSelect, Target
from bot.discord_app.ui.formatting import (
    escape,
    format_error,
    short_name,
    thread_label,
    timestamp_full,
    timestamp_relative,
    truncate_label,
)
from bot.discord_app.ui.layout import DANGER, INFO, WARNING, LayoutItem, build_card, row, text
from bot.domain.messages import IrrelevantMail, LoginCode, ParseFailure, ReviewResult
from bot.domain.reply.thread_state import Direction, EventKind
from bot.errors import NinteiError
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind, RecordOutcome

MAX_LINES: Final = 3_400
"""Characters of the lines; the rest of what a message may hold is for the title, the rate and "and so many more"."""

MAX_SELECT_OPTIONS: Final = 25
"""In one select."""

MESSAGE, DRAFT = "message", "draft"
"""How the value of an option begins that names a recorded message or a question."""

BatchReceipt = RecordOutcome | NinteiError

_NOTICE_TEXT_IDS: Final[dict[type, str]] = {
    ReviewResult: "finding-review-figures",
    IrrelevantMail: "finding-no-window",
    LoginCode: "finding-login-code",
}


def batch_receipt_card(texts: Translations, outcomes: Sequence[BatchReceipt], zone: tzinfo) -> ui.LayoutView:
    """What became of several things, in the order in which they came; those are shown first that ask something."""
    return build_card(_parts(texts, outcomes, zone), _colour(outcomes))


def _needs_clarification(outcome: BatchReceipt) -> bool:
    return isinstance(outcome, ClarificationNeeded) or (isinstance(outcome, Receipt) and outcome.thread.unassigned)


def _colour(outcomes: Sequence[BatchReceipt]) -> discord.Colour:
    if any(isinstance(each, Receipt) and each.window_closed for each in outcomes):
        return DANGER
    return WARNING if any(map(_needs_clarification, outcomes)) else INFO


def _parts(texts: Translations, outcomes: Sequence[BatchReceipt], zone: tzinfo) -> Iterator[LayoutItem]:
    receipts = [each for each in outcomes if isinstance(each, Receipt)]
    # A thread stands as its last message left it, whatever the first one's receipt could know.
    last = {each.thread.id: each for each in receipts}
    ordered = sorted(outcomes, key=lambda each: not _needs_clarification(each))
    lines = [_line(texts, each, last[each.thread.id] if isinstance(each, Receipt) else None) for each in ordered]
    shown = _lines_that_fit(lines)
    yield text(
        texts("gathered-title", count=len(outcomes)),
        *lines[:shown],
        texts("gathered-more", count=len(lines) - shown) if shown < len(lines) else None,
    )
    if receipts:
        yield text(texts("gathered-rate", rate=format_rate(texts, receipts[-1].rate_after)))
    named = [_option(texts, each, zone) for each in ordered if isinstance(each, Receipt | ClarificationNeeded)]
    options = list({each.value: each for each in named}.values())  # what was forwarded twice is one
    for page, first in enumerate(range(0, len(options), MAX_SELECT_OPTIONS)):
        chosen = options[first : first + MAX_SELECT_OPTIONS]
        yield row(ActionSelect(Target.BATCH_RECEIPT, page, Action.VIEW, chosen, texts("gathered-choose")))


def _lines_that_fit(lines: Sequence[str]) -> int:
    """How many of the lines fit."""
    length = 0
    for number, line in enumerate(lines):
        length += len(line) + 1
        if length > MAX_LINES:
            return number
    return len(lines)


def _line(texts: Translations, outcome: BatchReceipt, last: Receipt | None) -> str:
    match outcome:
        case Receipt():
            words = _receipt(texts, outcome, last or outcome)
            return texts("gathered-repeated", line=words) if outcome.kind is ReceiptKind.REPEATED else words
        case ClarificationNeeded(draft):
            content = draft.content
            client = f"**{escape(truncate_label(content.client, 24))}**" if content.client else texts("thread-nobody")
            return texts(
                f"gathered-{content.missing}",
                client=client,
                at=timestamp_full(content.sent_at) if content.sent_at else "–",
            )
        case NinteiError() as error:
            return texts("gathered-refused", reason=format_error(texts, error))
        case ParseFailure(error):
            return texts("gathered-refused", reason=format_error(texts, error))
        case _:
            return texts("gathered-note", note=texts(_NOTICE_TEXT_IDS[type(outcome)]))


def _receipt(texts: Translations, receipt: Receipt, last: Receipt) -> str:
    """Who, and until when or how it counts."""
    entry, thread = receipt.message.entry, short_name(texts, receipt.thread)
    if entry.kind is not EventKind.MESSAGE or entry.direction is Direction.SENT:
        return texts(
            "gathered-counted",
            thread=thread,
            counted=texts(f"counted-{_verdict_text_id(receipt)}"),
            at=timestamp_full(entry.at),
        )
    unanswered = last.unanswered
    if receipt.thread.unassigned and unanswered is not None:
        return texts(
            "gathered-unsorted", thread=thread, at=timestamp_full(entry.at), left=timestamp_relative(unanswered.due_at)
        )
    if unanswered is None or unanswered.dismissed:
        return texts(
            "gathered-counted",
            thread=thread,
            counted=texts(f"counted-{_verdict_text_id(receipt)}"),
            at=timestamp_full(entry.at),
        )
    name = "gathered-closed" if last.window_closed else "gathered-waits"
    return texts(name, thread=thread, at=timestamp_full(unanswered.due_at), left=timestamp_relative(unanswered.due_at))


def _verdict_text_id(receipt: Receipt) -> str:
    return receipt.reason.verdict.replace("_", "-")


def _option(texts: Translations, outcome: Receipt | ClarificationNeeded, zone: tzinfo) -> discord.SelectOption:
    at: datetime | None
    if isinstance(outcome, ClarificationNeeded):
        content = outcome.draft.content
        label, value = content.client or texts("thread-nobody-plain"), f"{DRAFT}-{outcome.draft.id}"
        at = content.sent_at
    else:
        label, value = thread_label(texts, outcome.thread), f"{MESSAGE}-{outcome.message.id}"
        at = outcome.message.entry.at
    return discord.SelectOption(
        label=truncate_label(label, 100),
        value=value,
        description=None if at is None else formatting.format_datetime_short(texts, at.astimezone(zone)),
        emoji="❓" if _needs_clarification(outcome) else None,
    )
