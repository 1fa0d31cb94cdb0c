"""Of a muted client only a reminder that the member asked for since then is sent."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.reminders.plan import ReminderKind, ReminderPreferences, Snooze, plan_reminders, without_muted_reminders

OPENED = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SNOOZE = Snooze(OPENED + 5 * HOUR, OPENED + 6 * HOUR)
PREFERENCES = ReminderPreferences((12 * HOUR, HOUR), None, UTC)
PLANNED = plan_reminders(OPENED, OPENED + 24 * HOUR, PREFERENCES, notify_when_closed=True, snooze=SNOOZE)


@pytest.mark.parametrize(("hours", "left"), [(4, [ReminderKind.SNOOZED]), (5, [ReminderKind.SNOOZED]), (6, [])])
def test_a_snooze_counts_if_it_was_asked_for_since(hours: int, left: list[ReminderKind]) -> None:
    assert [each.kind for each in without_muted_reminders(PLANNED, OPENED + hours * HOUR, SNOOZE)] == left


def test_without_a_snooze_none_is_left() -> None:
    assert without_muted_reminders(PLANNED, OPENED, None) == ()
