"""Before, not after: what a reply would do to the rate, beside what does nothing to it."""

from collections.abc import Iterator, Sequence

from discord import ui

from bot.discord_app.ui.components import Action, ActionButton, Target
from bot.discord_app.ui.formatting import escape, format_duration, short_name, timestamp_full, timestamp_relative
from bot.discord_app.ui.layout import DANGER, INFO, SUCCESS, WARNING, LayoutItem, build_card, row, separator, text
from bot.domain.reply.impact import LateReplyImpact, ReplyWindowState
from bot.domain.reply.reply_rate import ReplyRate
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.advice import Absence, DigestReport, ThreadAdvice
from storage.reply_state import UnansweredThread


def late_reply_cost(texts: Translations, cost: LateReplyImpact) -> str:
    """What one late reply would do: "92.3 % → 88.9 %, slack 4 → 3"."""
    return texts("advice-late", **_rate_change(texts, cost.rate_now, cost.rate_if_late, cost))


def _rate_change(texts: Translations, now: ReplyRate, then: ReplyRate, cost: LateReplyImpact) -> dict[str, str]:
    return {
        "before": formatting.format_percent(texts, now.permille),
        "after": formatting.format_percent(texts, then.permille),
        "slack": str(now.late_replies_allowed(cost.rule)),
        "left": str(then.late_replies_allowed(cost.rule)),
    }


def reply_check_card(
    texts: Translations, client: str, checked: Sequence[ThreadAdvice], cost: LateReplyImpact
) -> ui.LayoutView:
    """May I still answer here? Each thread with the client."""
    if not checked:
        return build_card([text(texts("check-nobody", client=escape(client)))])
    overdue = any(each.prospect.state is ReplyWindowState.OVERDUE for each in checked)
    waits = any(each.prospect.state is ReplyWindowState.OPEN for each in checked)
    return build_card(_checked(texts, checked, cost), DANGER if overdue else WARNING if waits else SUCCESS)


def _checked(texts: Translations, checked: Sequence[ThreadAdvice], cost: LateReplyImpact) -> Iterator[LayoutItem]:
    for place, each in enumerate(checked[:5]):
        if place:
            yield separator()
        prospect = each.prospect
        name, due = short_name(texts, each.thread), prospect.due_at
        state = prospect.state.replace("_", "-")
        lines = [
            texts(
                f"check-card-{state}",
                thread=name,
                at=timestamp_full(due) if due else "–",
                left=timestamp_relative(due) if due else "",
            )
        ]
        if prospect.state is not ReplyWindowState.NOTHING_WAITING:
            lines.append(texts("advice-reply", **_rate_change(texts, prospect.rate_now, prospect.rate_if_reply, cost)))
        if prospect.state is ReplyWindowState.OVERDUE:
            lines.append(texts("advice-trap" if each.dismissed else "advice-neutral"))
        yield text(*lines)
        if prospect.state is ReplyWindowState.OPEN:
            yield row(ActionButton(Target.THREAD, each.thread.id, Action.VIEW_THREAD, texts("act-open")))


def absence_card(texts: Translations, absence: Absence) -> ui.LayoutView:
    """What closes meanwhile, in the order in which to answer, and the worst case."""
    lines = [texts("away-title", leaves=timestamp_full(absence.leaves), returns=timestamp_full(absence.returns))]
    if absence.closing_while_away:
        lines.append(texts("away-closing", count=len(absence.closing_while_away)))
        lines += [
            texts(
                "away-line",
                place=str(place),
                thread=short_name(texts, each.thread),
                at=timestamp_full(each.unanswered.due_at),
            )
            for place, each in enumerate(absence.closing_while_away[:15], start=1)
        ]
        if len(absence.closing_while_away) > 15:  # noqa: PLR2004 — what fits a phone
            lines.append(texts("missed-more", count=len(absence.closing_while_away) - 15))
        lines.append(
            texts("away-worst", **_rate_change(texts, absence.cost.rate_now, absence.cost.rate_if_late, absence.cost))
        )
    else:
        lines.append(texts("away-nothing"))
    if absence.overdue:
        lines.append(texts("away-overdue", count=len(absence.overdue)))
    if absence.exceeds_window:
        lines.append(texts("away-blind"))
    return build_card([text(*lines)], WARNING if absence.closing_while_away else SUCCESS)


def follow_up_warnings(
    texts: Translations, follow_up_warnings: Sequence[UnansweredThread], cost: LateReplyImpact
) -> str:
    """Threads in which a further message would count as late."""
    names = " · ".join(short_name(texts, each.thread) for each in follow_up_warnings)
    return texts("pending-traps", threads=names, advice=late_reply_cost(texts, cost))


def digest_card(texts: Translations, report: DigestReport) -> ui.LayoutView:
    """How it went."""
    rate = report.year
    lines = [
        texts("digest-title", since=timestamp_full(report.since)),
        texts(
            "digest-rate",
            rate=formatting.format_percent(texts, rate.permille),
            on_time=rate.on_time,
            replies=rate.replies,
        ),
        texts(
            "digest-slack",
            slack=str(rate.late_replies_allowed(report.rule)),
            needed=str(rate.replies_needed(report.rule)),
        ),
    ]
    if report.median is None:
        lines.append(texts("digest-no-replies"))
    else:
        lines.append(texts("digest-median", count=len(report.replies), span=format_duration(texts, report.median)))
    if report.slowest is not None:
        client, slow = report.slowest
        lines.append(
            texts(
                "digest-slowest",
                client=escape(client) if client else texts("thread-nobody"),
                span=format_duration(texts, slow),
            )
        )
    if report.near_misses:
        names = " · ".join(dict.fromkeys(short_name(texts, each.thread) for each in report.near_misses[:5]))
        lines.append(texts("digest-near", count=len(report.near_misses), threads=names))
    if report.waiting:
        lines.append(texts("digest-waiting", count=report.waiting))
    lines.append(texts("digest-off"))
    return build_card([text(*lines)], INFO)
