"""The pictures of receipts and reminders. They name nobody, so equal reminders share one picture."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.discord_app.ui.formatting import MINUTE, format_duration
from bot.discord_app.ui.pictures import PictureSpec, join_alt_text, threshold_line, threshold_permille
from bot.domain.reminders.quiet_spans import quiet_spans_in_window
from bot.domain.reply.reply_rate import CriterionStatus
from bot.domain.reply.thread_state import REPLY_WINDOW, Direction, EventKind, UnansweredMessages
from bot.i18n import formatting
from bot.i18n.reply_rate import format_rate_estimate, format_rate_percent
from bot.i18n.translations import Translations
from bot.pictures.models import RatePicture, Severity, WindowPicture, WindowTimeline
from bot.services.results import Receipt, ReceiptKind

ROUNDING_MINUTES: Final = 5
"""The time left is rounded down to so many minutes: it is never overstated, and few different pictures are drawn."""

_RATE_SEVERITIES: Final = {CriterionStatus.MET: Severity.SUCCESS, CriterionStatus.NOT_MET: Severity.DANGER}


def receipt_picture(texts: Translations, receipt: Receipt) -> PictureSpec | None:
    """The reply window of a received message, the rate after a reply; None where there is nothing to show."""
    if receipt.kind is ReceiptKind.UNDONE or receipt.message.entry.kind is not EventKind.MESSAGE:
        return None
    if receipt.message.entry.direction is Direction.SENT:
        return None if receipt.exchange is None else _rate_change_picture(texts, receipt)
    unanswered = receipt.reason.unanswered
    if unanswered is None or unanswered.dismissed:
        return None
    if receipt.window_closed:
        return _closed_window_picture(texts, texts("picture-due-now"), counts_in_rate=receipt.thread.counts_in_rate)
    # Between the deadlines of the oldest and the newest message it depends on the reading whether time is left.
    return None if receipt.recorded_at > unanswered.due_at else _window_timeline_picture(texts, receipt, unanswered)


def reminder_picture(
    texts: Translations, closing: Sequence[datetime], waiting: int, now: datetime, *, counts_in_rate: bool = True
) -> PictureSpec:
    """How much is left of the open window that closes first; `closing`: when the windows of the card close.

    `waiting`: how many threads wait in all, as the first line of the card says. `counts_in_rate`: whether a reply in
    one of the windows counts.
    """
    still_open = [closes_at for closes_at in closing if now <= closes_at]
    if not still_open:
        return _closed_window_picture(texts, texts("picture-due-then"), counts_in_rate=counts_in_rate)
    minutes_left, left_label = _minutes_left_and_label(texts, min(still_open) - now)
    others = waiting - 1
    model = WindowPicture(
        severity=Severity.WARNING,
        minutes_left=minutes_left,
        left_label=left_label,
        title=texts("picture-due-then"),
        lines=(texts("picture-others", count=others),) if others > 0 else (),
    )
    return _reply_window_picture(texts, model)


def _minutes_left_and_label(texts: Translations, time_left: timedelta) -> tuple[int, str]:
    """Minutes, rounded down, and a label that is true of every duration that is rounded to them."""
    minutes = min(time_left, REPLY_WINDOW) // MINUTE // ROUNDING_MINUTES * ROUNDING_MINUTES
    if not minutes:
        return 0, texts("picture-left-little", most=ROUNDING_MINUTES)
    return minutes, texts("picture-left", left=format_duration(texts, timedelta(minutes=minutes)))


def _closed_window_picture(texts: Translations, title: str, *, counts_in_rate: bool) -> PictureSpec:
    label, lines = texts("picture-closed"), (texts("picture-closed-advice"),) if counts_in_rate else ()
    model = WindowPicture(severity=Severity.DANGER, minutes_left=0, left_label=label, title=title, lines=lines)
    return _reply_window_picture(texts, model)


def _window_timeline_picture(texts: Translations, receipt: Receipt, unanswered: UnansweredMessages) -> PictureSpec:
    opens_at, closes_at, preferences = unanswered.oldest, unanswered.due_at, receipt.preferences

    def format_time(instant: datetime) -> str:
        return formatting.format_datetime_short(texts, instant.astimezone(preferences.zone))

    def minute_of_window(instant: datetime) -> int:
        return (instant - opens_at) // MINUTE

    upcoming = receipt.upcoming_reminders
    minutes_left, left_label = _minutes_left_and_label(texts, closes_at - receipt.recorded_at)
    timeline = WindowTimeline(
        opened_label=texts("picture-opened", at=format_time(opens_at)),
        closes_label=texts("picture-closes", at=format_time(closes_at)),
        now=minute_of_window(receipt.recorded_at),
        quiet_spans=tuple(
            (minute_of_window(max(span.start, opens_at)), minute_of_window(min(span.end, closes_at)))
            for span in quiet_spans_in_window(
                opens_at, closes_at, preferences.reminders.quiet_hours, preferences.reminders.zone
            )
        ),
        reminders=tuple(minute_of_window(instant) for instant in upcoming if opens_at <= instant <= closes_at),
        quiet_label=texts("picture-quiet"),
        reminder_label=texts("picture-reminder"),
    )
    reminders = texts("picture-reminders", count=len(upcoming)) if upcoming else texts("picture-no-reminders")
    model = WindowPicture(
        severity=Severity.INFO if upcoming else Severity.WARNING,
        minutes_left=minutes_left,
        left_label=left_label,
        title=texts("picture-due-now"),
        lines=(texts("picture-until", at=format_time(closes_at)), reminders),
        timeline=timeline,
    )
    return _reply_window_picture(texts, model)


def _reply_window_picture(texts: Translations, model: WindowPicture) -> PictureSpec:
    sentences = [texts("picture-sentence", words=line) for line in (model.left_label, *model.lines)]
    return PictureSpec(model, join_alt_text(texts("picture-window-about", title=model.title), *sentences))


def _rate_change_picture(texts: Translations, receipt: Receipt) -> PictureSpec | None:
    """The change of the rate; None where it stays, or is not judged: too few replies threaten nobody."""
    before, after, rule = receipt.rate_before, receipt.rate_after, receipt.preferences.rate_rule
    if before.permille == after.permille or not after.has_minimum(rule):
        return None
    was_judged = before.has_minimum(rule)  # as in the text of the receipt
    before_label = format_rate_percent(texts, before) if was_judged else formatting.EMPTY_VALUE
    model = RatePicture(
        severity=_RATE_SEVERITIES.get(after.status(rule), Severity.MUTED) if rule.is_criterion else Severity.MUTED,
        title=texts("picture-rate-change", estimate=format_rate_estimate(texts, after)),
        before=before.permille if was_judged else None,
        after=after.permille,
        label=f"{before_label} → {format_rate_percent(texts, after)}",
        threshold=threshold_permille(rule),
        threshold_label=threshold_line(texts, rule),
    )
    return PictureSpec(model, join_alt_text(texts("picture-rate-about", words=model.label, line=model.threshold_label)))
