"""A receipt and a reminder as pictures. Nobody is named in them, so reminders share theirs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.discord_app.ui.formatting import format_duration
from bot.discord_app.ui.pictures import PictureSpec, alt_text, threshold_label, threshold_permille
from bot.domain.reminders.plan import ReminderKind, ReminderPreferences, quiet_span_at_or_before
from bot.domain.reply.reply_rate import CriterionStatus
from bot.domain.reply.thread_state import REPLY_WINDOW, Direction, EventKind, UnansweredMessages
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.pictures.models import RatePicture, Severity, WindowPicture, WindowTimeline
from bot.scheduling.ports import Delivery
from bot.services.results import Receipt, ReceiptKind

ROUND_MINUTES: Final = 5
"""Minutes to which what is left is rounded down: at least so much is left, and few pictures tell it all."""

MINUTE: Final = timedelta(minutes=1)

_SEVERITY_COLOURS: Final = {CriterionStatus.MET: Severity.GOOD, CriterionStatus.NOT_MET: Severity.LATE}


def receipt_picture(texts: Translations, receipt: Receipt) -> PictureSpec | None:
    """Of a received message the window, of a reply the rate; None where neither says anything."""
    if receipt.kind is ReceiptKind.UNDONE or receipt.message.entry.kind is not EventKind.MESSAGE:
        return None
    if receipt.message.entry.direction is Direction.SENT:
        return None if receipt.exchange is None else _rate(texts, receipt)
    unanswered = receipt.unanswered
    if unanswered is None or unanswered.dismissed:
        return None
    if receipt.window_closed:
        return _closed_model(texts, texts("picture-due-now"))
    # Between the two readings there is no single truth to draw.
    return None if receipt.recorded_at > unanswered.due_at else _timeline_model(texts, receipt, unanswered)


def reminder_picture(texts: Translations, delivery: Delivery, now: datetime) -> PictureSpec:
    """How much is left of the most urgent window that is open."""
    still_open = [each.closes_at for each in delivery.items if now <= each.closes_at]
    if not still_open:
        return _closed_model(texts, texts("picture-due-then"))
    time_left, words = _time_left_label(texts, min(still_open) - now)
    others = len(still_open) - 1
    lines = (texts("picture-others", count=others),) if others else ()
    panel = WindowPicture(Severity.SOON, time_left, words, texts("picture-due-then"), lines)
    return PictureSpec(panel, _alt_text(texts, panel))


def _time_left_label(texts: Translations, time_left: timedelta) -> tuple[int, str]:
    """Minutes, rounded down, and words that are true of every length that is rounded to them."""
    minutes = min(time_left, REPLY_WINDOW) // MINUTE // ROUND_MINUTES * ROUND_MINUTES
    if not minutes:
        return 0, texts("picture-left-little", most=ROUND_MINUTES)
    return minutes, texts("picture-left", left=format_duration(texts, timedelta(minutes=minutes)))


def _closed_model(texts: Translations, title: str) -> PictureSpec:
    panel = WindowPicture(Severity.LATE, 0, texts("picture-closed"), title, (texts("picture-closed-advice"),))
    return PictureSpec(panel, _alt_text(texts, panel))


def _timeline_model(texts: Translations, receipt: Receipt, unanswered: UnansweredMessages) -> PictureSpec:
    opens, closes, preferences = unanswered.oldest, unanswered.due_at, receipt.preferences

    def format_time(instant: datetime) -> str:
        return formatting.format_datetime_short(texts, instant.astimezone(preferences.zone))

    def minute_of_window(instant: datetime) -> int:
        return (instant - opens) // MINUTE

    ahead = [each.remind_at for each in receipt.reminders if each.kind is not ReminderKind.CLOSED]
    time_left, words = _time_left_label(texts, closes - receipt.recorded_at)
    panel = WindowPicture(
        Severity.CALM if ahead else Severity.SOON,
        time_left,
        words,
        texts("picture-due-now"),
        (
            texts("picture-until", at=format_time(closes)),
            texts("picture-reminders", count=len(ahead)) if ahead else texts("picture-no-reminders"),
        ),
        WindowTimeline(
            texts("picture-opened", at=format_time(opens)),
            texts("picture-closes", at=format_time(closes)),
            minute_of_window(receipt.recorded_at),
            tuple((minute_of_window(max(begin, opens)), minute_of_window(min(end, closes)))
                  for begin, end in _quiet_spans(opens, closes, preferences.reminders)),
            tuple(minute_of_window(each) for each in ahead if opens <= each <= closes),
            texts("picture-quiet"),
            texts("picture-reminder"),
        ),
    )  # fmt: skip
    return PictureSpec(panel, _alt_text(texts, panel))


def _quiet_spans(
    opens: datetime, closes: datetime, preferences: ReminderPreferences
) -> Iterator[tuple[datetime, datetime]]:
    """The quiet hours that fall into a window."""
    until = closes
    while preferences.quiet_hours is not None:
        night = quiet_span_at_or_before(until, preferences.quiet_hours, preferences.zone)
        if night.end <= opens:
            return
        if night.start < closes:
            yield night.start, night.end
        until = night.start - MINUTE


def _alt_text(texts: Translations, panel: WindowPicture) -> str:
    sentences = [texts("picture-sentence", words=each) for each in (panel.left_words, *panel.lines)]
    return alt_text(texts("picture-window-about", title=panel.title), *sentences)


def _rate(texts: Translations, receipt: Receipt) -> PictureSpec:
    before, after, rule = receipt.rate_before, receipt.rate_after, receipt.rule
    words = f"{formatting.format_percent(texts, before.permille)} → {formatting.format_percent(texts, after.permille)}"
    panel = RatePicture(
        _SEVERITY_COLOURS.get(after.status(rule), Severity.QUIET),
        texts("picture-rate-change"),
        before.permille,
        after.permille,
        words,
        threshold_permille(rule),
        texts("picture-line", line=threshold_label(rule)),
    )
    return PictureSpec(panel, alt_text(texts("picture-rate-about", words=words, line=panel.line_words)))
