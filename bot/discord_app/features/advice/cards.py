"""What a reply would do to the rate, what closes during an absence, and the digest."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from discord import ui

from bot.discord_app.features.contracts.parts import contact_request_line, thread_mark_line
from bot.discord_app.ui.components import ActionButton
from bot.discord_app.ui.formatting import (
    escape_name,
    format_client_name,
    format_duration,
    format_short_thread_name,
    format_timestamp,
    waiting_unit_suffix,
)
from bot.discord_app.ui.layout import DANGER, INFO, SUCCESS, WARNING, Card, LayoutItem, build_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reply.impact import LateReplyImpact, ReplyWindowState
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.i18n.formatting import EMPTY_VALUE
from bot.i18n.reply_rate import (
    MarginTexts,
    format_margin,
    format_rate_estimate,
    format_rate_fraction,
    format_rate_percent,
    rate_effect_arguments,
)
from bot.i18n.translations import Translations
from bot.services.advice import Absence, DigestReport, ThreadAdvice
from bot.services.pending import MAX_FOLLOW_UP_WARNINGS
from storage.waiting_threads import UnansweredThread

_MARGIN_TEXTS: Final = MarginTexts("digest-slack", "digest-needed")

MAX_THREADS: Final = 5
"""Threads of one client on the card of /check, and near misses in the digest."""

MAX_ROWS: Final = 15
"""Closing windows on the card of /away: what fits a phone."""


def late_reply_cost_text(texts: Translations, impact: LateReplyImpact) -> str | None:
    """What one late reply would do: "92.3 % → 88.9 %, slack 4 → 3"; None while too few replies are judged."""
    return _reply_rate_effect_text(texts, "advice-late", impact.rate_now, impact.rate_if_late, impact.rule)


def _reply_rate_effect_text(
    texts: Translations, text_id: str, before: ReplyRate, after: ReplyRate, rule: RateRule
) -> str | None:
    """What replies would do to the rate; None while there are too few replies for it to be judged."""
    if not before.has_minimum(rule):
        return None
    return texts(text_id, **rate_effect_arguments(texts, before, after, rule))


def reply_check_card(
    texts: Translations, client: str, threads: Sequence[ThreadAdvice], impact: LateReplyImpact
) -> Card:
    """Whether a reply would still be on time, for each thread with the client."""
    if not threads:
        return build_card([text_block(texts("check-nobody", client=format_client_name(texts, client)))])
    states = {thread.prospect.state for thread in threads}
    colour = WARNING if ReplyWindowState.OPEN in states else SUCCESS
    return build_card(
        _reply_check_parts(texts, threads, impact), DANGER if ReplyWindowState.OVERDUE in states else colour
    )


def _reply_check_parts(
    texts: Translations, threads: Sequence[ThreadAdvice], impact: LateReplyImpact
) -> Iterator[LayoutItem]:
    # Of too many, what waits is shown first.
    if len(threads) > MAX_THREADS:
        threads = sorted(threads, key=lambda advice: advice.prospect.state is ReplyWindowState.NOTHING_WAITING)
    for number, advice in enumerate(threads[:MAX_THREADS]):
        if number:
            yield ui.Separator()
        yield text_block(*_reply_check_lines(texts, advice, impact.rule))
        if advice.prospect.state is ReplyWindowState.OPEN and not advice.dismissed:
            yield ui.ActionRow(ActionButton(Target.THREAD, advice.thread.id, Action.VIEW_THREAD, texts("action-open")))
    if len(threads) > MAX_THREADS:
        yield text_block(texts("more-rows", count=len(threads) - MAX_THREADS))


def _reply_check_lines(texts: Translations, advice: ThreadAdvice, rule: RateRule) -> Iterator[str | None]:
    """Until when to reply in a thread, and what a reply would do."""
    prospect, due_at = advice.prospect, advice.prospect.due_at
    yield texts(
        f"check-card-{_reply_check_text_id(advice)}",
        thread=format_short_thread_name(texts, advice.thread),
        at=format_timestamp(due_at) if due_at else EMPTY_VALUE,
        left=format_timestamp(due_at, "R") if due_at else "",
    )
    if prospect.is_ambiguous:
        yield texts("check-ambiguous")
    if prospect.state is ReplyWindowState.OPEN and advice.dismissed:
        yield texts("check-off-list")
    if advice.thread.unassigned:
        yield texts("check-unassigned")
    if mark := thread_mark_line(texts, advice.thread):
        yield mark
    if prospect.state is not ReplyWindowState.NOTHING_WAITING and advice.thread.counts_in_rate:
        yield _reply_rate_effect_text(texts, "advice-reply", prospect.rate_now, prospect.rate_if_reply, rule)
    if advice.request_closes_at is not None:
        name = format_short_thread_name(texts, advice.thread)
        yield contact_request_line(texts, name, advice.request_closes_at, advice.as_of)
    if prospect.state is ReplyWindowState.OVERDUE and advice.thread.counts_in_rate:
        yield texts(_overdue_advice_text_id(advice))


def _reply_check_text_id(advice: ThreadAdvice) -> str:
    state = advice.prospect.state
    return state if advice.thread.counts_in_rate or state == "open" else f"{state}-other-site"


def _overdue_advice_text_id(advice: ThreadAdvice) -> str:
    if advice.thread.under_contract:
        return "advice-contract"
    return "advice-dismissed" if advice.dismissed else "advice-neutral"


def absence_card(texts: Translations, absence: Absence, *, ends_with_day: bool) -> Card:
    """The windows that close during an absence, in the order in which to reply, and the worst case.

    `ends_with_day`: the last day was named without a time, so all of it belongs to the absence.
    """
    closing, impact = absence.closing_while_away, absence.cost
    contract = "-contract" if absence.has_contracts else ""  # silence is not advised then
    last = absence.returns - timedelta(minutes=1) if ends_with_day else absence.returns
    lines: list[str | None] = [
        texts("away-title", leaves=format_timestamp(absence.leaves), returns=format_timestamp(last))
    ]
    if ends_with_day:
        lines.append(texts("away-ends-with-day"))
    if closing:
        lines.append(texts("away-closing", count=absence.closing_count))
        for place, waiting in enumerate(closing, start=1):
            name, due_at = format_short_thread_name(texts, waiting.thread), format_timestamp(waiting.unanswered.due_at)
            lines.append(texts("away-line", place=str(place), thread=name, at=due_at))
        if absence.closing_count > len(closing):
            lines.append(texts("more-rows", count=absence.closing_count - len(closing)))
        worst_case = f"away-worst-case{contract}"
        lines.append(_reply_rate_effect_text(texts, worst_case, impact.rate_now, impact.rate_if_late, impact.rule))
    else:
        lines.append(texts("away-nothing"))
    if absence.overdue_count:
        lines.append(texts(f"away-overdue{contract}", count=absence.overdue_count))
    if absence.exceeds_window:
        lines.append(texts(f"away-over-a-day{contract}"))
    for request in absence.contact_requests[:MAX_THREADS]:
        name = format_short_thread_name(texts, request.thread)
        lines.append(contact_request_line(texts, name, request.closes_at, absence.leaves))
    if contract:
        lines.append(texts("away-contract"))
    return build_card([text_block(*lines)], WARNING if closing or absence.contact_requests else SUCCESS)


def follow_up_warnings(texts: Translations, threads: Sequence[UnansweredThread], impact: LateReplyImpact) -> str:
    """The dismissed threads in which a further message would count as a late reply."""
    names = " · ".join(format_short_thread_name(texts, waiting.thread) for waiting in threads[:MAX_FOLLOW_UP_WARNINGS])
    if len(threads) > MAX_FOLLOW_UP_WARNINGS:
        names = texts("pending-follow-ups-many", names=names)
    return texts("pending-follow-ups", threads=names, advice=late_reply_cost_text(texts, impact) or "").rstrip()


def digest_card(texts: Translations, report: DigestReport) -> Card:
    """The reply rate since the last digest."""
    return build_card([text_block(*_digest_lines(texts, report))], INFO)


def _digest_lines(texts: Translations, report: DigestReport) -> Iterator[str]:
    rate, rule = report.rate, report.preferences.rate_rule
    yield texts("digest-title", since=format_timestamp(report.since))
    if rate.has_minimum(rule):
        yield texts(
            "digest-rate",
            rate=format_rate_percent(texts, rate),
            counted=format_rate_fraction(texts, rate),
            estimate=format_rate_estimate(texts, rate),
        )
    else:
        yield texts("digest-rate-few", replies=rate.replies, minimum=rule.minimum)
    yield format_margin(texts, rate, rule, _MARGIN_TEXTS)
    if report.rank is not None and report.rank_before not in {None, report.rank}:
        before, after = texts(f"rank-{report.rank_before}"), texts(f"rank-{report.rank}")
        yield texts("digest-rank", before=before, after=after)
    if report.median is None:
        yield texts("digest-no-replies")
    else:
        yield texts("digest-median", count=len(report.replies), span=format_duration(texts, report.median))
    if report.slowest is not None:
        client, duration = report.slowest
        name = escape_name(client) if client else texts("thread-nobody")
        yield texts("digest-slowest", client=name, span=format_duration(texts, duration))
    if report.near_misses:
        names = dict.fromkeys(
            format_short_thread_name(texts, reply.thread) for reply in report.near_misses[:MAX_THREADS]
        )
        yield texts("digest-near-misses", count=len(report.near_misses), threads=" · ".join(names))
    if report.waiting.total:
        unit = waiting_unit_suffix(are_clients=report.waiting.are_clients)
        yield texts(f"digest-waiting{unit}", count=report.waiting.total)
    yield texts("digest-off")
