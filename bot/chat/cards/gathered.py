"""One card for several forwards: a line for each, the rate once, and a way to the receipt of every one."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

import discord
from discord import ui

from bot.chat.cards.frame import CALM, LATE, SOON, Part, card, row, text
from bot.chat.cards.receipt import rate
from bot.chat.controls import Act, Choose, Of
from bot.chat.recording import Outcome
from bot.chat.words import from_now, on, plain, safe, sentence, short_name, thread_label
from bot.domain.reply.thread_state import Direction, EventKind
from bot.errors import NinteiError
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.parsing.items import IrrelevantMail, LoginCode, ParseFailure, ReviewResult
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind

MOST_LINES: Final = 3_400
"""Characters of the lines; the rest of what a message may hold is for the title, the rate and "and so many more"."""

OPTIONS: Final = 25
"""In one select."""

MESSAGE, DRAFT = "message", "draft"
"""How the value of an option begins that names a recorded message or a question."""

Gathered = Outcome | NinteiError

_NOTES: Final[dict[type, str]] = {
    ReviewResult: "finding-review-figures",
    IrrelevantMail: "finding-no-window",
    LoginCode: "finding-login-code",
}


def gathered_card(texts: Translations, outcomes: Sequence[Gathered], zone: tzinfo) -> ui.LayoutView:
    """What became of several things, in the order in which they came; those are shown first that ask something."""
    return card(_parts(texts, outcomes, zone), _colour(outcomes))


def _asks(outcome: Gathered) -> bool:
    return isinstance(outcome, ClarificationNeeded) or (isinstance(outcome, Receipt) and outcome.thread.unassigned)


def _colour(outcomes: Sequence[Gathered]) -> discord.Colour:
    if any(isinstance(each, Receipt) and each.window_closed for each in outcomes):
        return LATE
    return SOON if any(map(_asks, outcomes)) else CALM


def _parts(texts: Translations, outcomes: Sequence[Gathered], zone: tzinfo) -> Iterator[Part]:
    receipts = [each for each in outcomes if isinstance(each, Receipt)]
    # A thread stands as its last message left it, whatever the first one's receipt could know.
    last = {each.thread.id: each for each in receipts}
    ordered = sorted(outcomes, key=lambda each: not _asks(each))
    lines = [_line(texts, each, last[each.thread.id] if isinstance(each, Receipt) else None) for each in ordered]
    shown = _fitting(lines)
    yield text(
        texts("gathered-title", count=len(outcomes)),
        *lines[:shown],
        texts("gathered-more", count=len(lines) - shown) if shown < len(lines) else None,
    )
    if receipts:
        yield text(texts("gathered-rate", rate=rate(texts, receipts[-1].rate_after)))
    named = [_option(texts, each, zone) for each in ordered if isinstance(each, Receipt | ClarificationNeeded)]
    options = list({each.value: each for each in named}.values())  # what was forwarded twice is one
    for page, first in enumerate(range(0, len(options), OPTIONS)):
        chosen = options[first : first + OPTIONS]
        yield row(Choose(Of.GATHERED, page, Act.LOOK, chosen, texts("gathered-choose")))


def _fitting(lines: Sequence[str]) -> int:
    """How many of the lines fit."""
    length = 0
    for number, line in enumerate(lines):
        length += len(line) + 1
        if length > MOST_LINES:
            return number
    return len(lines)


def _line(texts: Translations, outcome: Gathered, last: Receipt | None) -> str:
    match outcome:
        case Receipt():
            words = _receipt(texts, outcome, last or outcome)
            return texts("gathered-repeated", line=words) if outcome.kind is ReceiptKind.REPEATED else words
        case ClarificationNeeded(draft):
            content = draft.content
            client = f"**{safe(plain(content.client, 24))}**" if content.client else texts("thread-nobody")
            return texts(
                f"gathered-{content.missing}", client=client, at=on(content.sent_at) if content.sent_at else "–"
            )
        case NinteiError() as error:
            return texts("gathered-refused", reason=sentence(texts, error))
        case ParseFailure(error):
            return texts("gathered-refused", reason=sentence(texts, error))
        case _:
            return texts("gathered-note", note=texts(_NOTES[type(outcome)]))


def _receipt(texts: Translations, receipt: Receipt, last: Receipt) -> str:
    """Who, and until when or how it counts."""
    entry, thread = receipt.message.entry, short_name(texts, receipt.thread)
    if entry.kind is not EventKind.MESSAGE or entry.direction is Direction.SENT:
        return texts("gathered-counted", thread=thread, counted=texts(f"counted-{_counted(receipt)}"), at=on(entry.at))
    unanswered = last.unanswered
    if receipt.thread.unassigned and unanswered is not None:
        return texts("gathered-unsorted", thread=thread, at=on(entry.at), left=from_now(unanswered.due_at))
    if unanswered is None or unanswered.dismissed:
        return texts("gathered-counted", thread=thread, counted=texts(f"counted-{_counted(receipt)}"), at=on(entry.at))
    name = "gathered-closed" if last.window_closed else "gathered-waits"
    return texts(name, thread=thread, at=on(unanswered.due_at), left=from_now(unanswered.due_at))


def _counted(receipt: Receipt) -> str:
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
        label=plain(label, 100),
        value=value,
        description=None if at is None else formatting.format_datetime_short(texts, at.astimezone(zone)),
        emoji="❓" if _asks(outcome) else None,
    )
