"""The reminders of contracts and of contact requests: what always holds."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reminders.contract_plan import (
    CONTACT_LEADS,
    UNANSWERED_AFTER,
    plan_contact_request_reminders,
    plan_contract_reminders,
)
from bot.domain.reminders.plan import ReminderKind, ReminderPreferences
from bot.domain.reminders.quiet_hours import QuietHours
from bot.domain.reminders.quiet_spans import quiet_span_containing
from bot.domain.reply.contracts import CONTACT_WINDOW, SILENCE_LIMIT, client_silent_since, find_contact_request_opening
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent, compute_thread_state

TOKYO = ZoneInfo("Asia/Tokyo")
START = datetime(2026, 11, 2, 9, tzinfo=TOKYO)
HOUR = timedelta(hours=1)

R, S = Direction.RECEIVED, Direction.SENT
KINDS = [
    (R, EventKind.MESSAGE),
    (R, EventKind.CONTACT_REQUEST),
    (S, EventKind.MESSAGE),
    (S, EventKind.DISMISSED),
    (S, EventKind.NEW_THREAD),
    (S, EventKind.CONTACTED),
]
events = st.builds(
    lambda kind, hours: ThreadEvent(*kind, START + hours * HOUR),
    st.sampled_from(KINDS),
    st.integers(min_value=0, max_value=800),
)
threads = st.lists(events, max_size=8)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
quiet = st.none() | st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: QuietHours(*pair))
preferences = st.builds(ReminderPreferences, st.just(()), quiet, st.sampled_from([TOKYO, ZoneInfo("America/New_York")]))


def apart(thread: list[ThreadEvent]) -> list[ThreadEvent]:
    """The thread without what is apart from replies."""
    return [event for event in thread if event.kind not in {EventKind.CONTACT_REQUEST, EventKind.CONTACTED}]


@given(threads)
def test_contact_requests_change_no_exchange_and_no_reply_window(thread: list[ThreadEvent]) -> None:
    with_requests, without = compute_thread_state(thread), compute_thread_state(apart(thread))
    assert (with_requests.exchanges, with_requests.unanswered) == (without.exchanges, without.unanswered)


@given(threads, st.randoms())
def test_the_order_of_entries_makes_no_difference(thread: list[ThreadEvent], random: object) -> None:
    shuffled = thread.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert find_contact_request_opening(shuffled) == find_contact_request_opening(thread)
    assert client_silent_since(shuffled) == client_silent_since(thread)


@given(threads, preferences)
def test_every_reminder_is_outside_the_quiet_hours_and_within_its_window(
    thread: list[ThreadEvent], chosen: ReminderPreferences
) -> None:
    state = compute_thread_state(thread)
    for plan in [
        *plan_contract_reminders(thread, state.unanswered, chosen),
        *plan_contact_request_reminders(thread, chosen),
    ]:
        for reminder in plan.reminders:
            assert plan.opened_at < reminder.remind_at < plan.closes_at
            assert quiet_span_containing(reminder.remind_at, chosen.quiet_hours, chosen.zone) is None
        assert len({reminder.remind_at for reminder in plan.reminders}) == len(plan.reminders)


@given(threads)
def test_a_reply_ends_every_contract_reminder_and_begins_the_client_s_silence(thread: list[ThreadEvent]) -> None:
    reply = ThreadEvent(S, EventKind.MESSAGE, START + 900 * HOUR)
    awake = ReminderPreferences((), None, TOKYO)
    replied = [*thread, reply]
    plans = plan_contract_reminders(replied, compute_thread_state(replied).unanswered, awake)
    assert [reminder.kind for plan in plans for reminder in plan.reminders] == [ReminderKind.CLIENT_SILENT]
    assert plan_contact_request_reminders(replied, awake) == []


def test_the_instants_by_day() -> None:
    awake = ReminderPreferences((), None, TOKYO)
    received, request = ThreadEvent(R, EventKind.MESSAGE, START), ThreadEvent(R, EventKind.CONTACT_REQUEST, START)
    [plan] = plan_contract_reminders([received], compute_thread_state([received]).unanswered, awake)
    assert [reminder.remind_at for reminder in plan.reminders] == [START + UNANSWERED_AFTER]
    sent = ThreadEvent(S, EventKind.MESSAGE, START)
    [plan] = plan_contract_reminders([sent], None, awake)
    assert [reminder.remind_at for reminder in plan.reminders] == [START + SILENCE_LIMIT]
    [plan] = plan_contact_request_reminders([request], awake)
    assert [reminder.remind_at for reminder in plan.reminders] == [
        START + CONTACT_WINDOW - lead for lead in CONTACT_LEADS
    ]


def test_a_further_mail_within_the_window_is_about_the_same_request() -> None:
    mails = [ThreadEvent(R, EventKind.CONTACT_REQUEST, START + hours * HOUR) for hours in (0, 100)]
    assert find_contact_request_opening(mails) == START
    later = ThreadEvent(R, EventKind.CONTACT_REQUEST, START + 169 * HOUR)
    assert find_contact_request_opening([*mails, later]) == later.at
