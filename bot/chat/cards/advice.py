"""Before, not after: what a reply would do to the rate, beside what does nothing to it."""

from collections.abc import Iterator, Sequence

from discord import ui

from bot.chat.cards.frame import CALM, GOOD, LATE, SOON, Part, card, line, row, text
from bot.chat.controls import Act, Of, Press
from bot.chat.words import from_now, on, safe, short_name, span
from bot.domain.reply.impact import LateReplyImpact, ReplyWindowState
from bot.domain.reply.reply_rate import ReplyRate
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.advice import Absence, DigestReport, ThreadAdvice
from storage.reply_state import Waiting


def late_line(texts: Translations, cost: LateReplyImpact) -> str:
    """What one late reply would do: "92.3 % → 88.9 %, slack 4 → 3"."""
    return texts("advice-late", **_change(texts, cost.rate_now, cost.rate_if_late, cost))


def _change(texts: Translations, now: ReplyRate, then: ReplyRate, cost: LateReplyImpact) -> dict[str, str]:
    return {
        "before": formatting.format_percent(texts, now.permille),
        "after": formatting.format_percent(texts, then.permille),
        "slack": str(now.late_replies_allowed(cost.rule)),
        "left": str(then.late_replies_allowed(cost.rule)),
    }


def check_card(
    texts: Translations, client: str, checked: Sequence[ThreadAdvice], cost: LateReplyImpact
) -> ui.LayoutView:
    """May I still answer here? Each thread with the client."""
    if not checked:
        return card([text(texts("check-nobody", client=safe(client)))])
    overdue = any(each.prospect.state is ReplyWindowState.OVERDUE for each in checked)
    waits = any(each.prospect.state is ReplyWindowState.OPEN for each in checked)
    return card(_checked(texts, checked, cost), LATE if overdue else SOON if waits else GOOD)


def _checked(texts: Translations, checked: Sequence[ThreadAdvice], cost: LateReplyImpact) -> Iterator[Part]:
    for place, each in enumerate(checked[:5]):
        if place:
            yield line()
        prospect = each.prospect
        name, due = short_name(texts, each.thread), prospect.due_at
        state = prospect.state.replace("_", "-")
        lines = [
            texts(f"check-card-{state}", thread=name, at=on(due) if due else "–", left=from_now(due) if due else "")
        ]
        if prospect.state is not ReplyWindowState.NOTHING_WAITING:
            lines.append(texts("advice-reply", **_change(texts, prospect.rate_now, prospect.rate_if_reply, cost)))
        if prospect.state is ReplyWindowState.OVERDUE:
            lines.append(texts("advice-trap" if each.dismissed else "advice-neutral"))
        yield text(*lines)
        if prospect.state is ReplyWindowState.OPEN:
            yield row(Press(Of.THREAD, each.thread.id, Act.OPEN, texts("act-open")))


def absence_card(texts: Translations, absence: Absence) -> ui.LayoutView:
    """What closes meanwhile, in the order in which to answer, and the worst case."""
    lines = [texts("away-title", leaves=on(absence.leaves), returns=on(absence.returns))]
    if absence.closing_while_away:
        lines.append(texts("away-closing", count=len(absence.closing_while_away)))
        lines += [
            texts("away-line", place=str(place), thread=short_name(texts, each.thread), at=on(each.unanswered.due_at))
            for place, each in enumerate(absence.closing_while_away[:15], start=1)
        ]
        if len(absence.closing_while_away) > 15:  # noqa: PLR2004 — what fits a phone
            lines.append(texts("missed-more", count=len(absence.closing_while_away) - 15))
        lines.append(
            texts("away-worst", **_change(texts, absence.cost.rate_now, absence.cost.rate_if_late, absence.cost))
        )
    else:
        lines.append(texts("away-nothing"))
    if absence.overdue:
        lines.append(texts("away-overdue", count=len(absence.overdue)))
    if absence.exceeds_window:
        lines.append(texts("away-blind"))
    return card([text(*lines)], SOON if absence.closing_while_away else GOOD)


def traps_text(texts: Translations, traps: Sequence[Waiting], cost: LateReplyImpact) -> str:
    """Threads in which a further message would count as late."""
    names = " · ".join(short_name(texts, each.thread) for each in traps)
    return texts("pending-traps", threads=names, advice=late_line(texts, cost))


def digest_card(texts: Translations, account: DigestReport) -> ui.LayoutView:
    """How it went."""
    rate = account.year
    lines = [
        texts("digest-title", since=on(account.since)),
        texts(
            "digest-rate",
            rate=formatting.format_percent(texts, rate.permille),
            on_time=rate.on_time,
            replies=rate.replies,
        ),
        texts(
            "digest-slack",
            slack=str(rate.late_replies_allowed(account.rule)),
            needed=str(rate.replies_needed(account.rule)),
        ),
    ]
    if account.median is None:
        lines.append(texts("digest-no-replies"))
    else:
        lines.append(texts("digest-median", count=len(account.replies), span=span(texts, account.median)))
    if account.slowest is not None:
        client, slow = account.slowest
        lines.append(
            texts("digest-slowest", client=safe(client) if client else texts("thread-nobody"), span=span(texts, slow))
        )
    if account.near_misses:
        names = " · ".join(dict.fromkeys(short_name(texts, each.thread) for each in account.near_misses[:5]))
        lines.append(texts("digest-near", count=len(account.near_misses), threads=names))
    if account.waiting:
        lines.append(texts("digest-waiting", count=account.waiting))
    lines.append(texts("digest-off"))
    return card([text(*lines)], CALM)
