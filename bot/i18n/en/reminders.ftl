# Reminders and snoozing; errors in lead times and quiet hours.

reminder-title = { $count ->
    [one] ⏰ **{ $count } client is waiting for your reply**
   *[other] ⏰ **{ $count } clients are waiting for your reply**
}{ $overdue ->
    [0] {""}
   *[other] {" "}({ $overdue } overdue)
}
reminder-title-conversations = { $count ->
    [one] ⏰ **{ $count } conversation is waiting for your reply**
   *[other] ⏰ **{ $count } conversations are waiting for your reply**
}{ $overdue ->
    [0] {""}
   *[other] {" "}({ $overdue } overdue)
}
reminder-overnight = { $count ->
    [one] 🌙 **One reply is due in your quiet hours or soon after**
   *[other] 🌙 **{ $count } replies are due in your quiet hours or soon after**
}
reminder-morning = ☀️ **Due today**
reminder-tonight = 🌙 **Tonight** (I remind you before you sleep): { $threads }{ $others ->
    [0] {""}
   *[other] {" "}… and { $others } more
}
reminder-tonight-separator = {", "}
reminder-late = _This reminder is { $span } late: the bot was not running._
reminder-closed-title = { $count ->
    [one] ⌛ **The 24 hours have passed for one client**
   *[other] ⌛ **The 24 hours have passed for { $count } clients**
}
reminder-closed-title-conversations = { $count ->
    [one] ⌛ **The 24 hours have passed in one conversation**
   *[other] ⌛ **The 24 hours have passed in { $count } conversations**
}
reminder-done-title = ✅ **Everything on this reminder is done**
reminder-open = { $thread } — reply by { $at } ({ $counting })
reminder-closed = ⚠️ { $thread }: the deadline passed { $at }. A reply here now counts as late. A message in a **new thread** (新規メッセージを作成) does not affect the rate. If the work is under contract, do stay in touch: the client may apply for 連絡催促.
reminder-closed-contract = ⚠️ { $thread } (under contract): the deadline passed { $at }. A reply here now counts as late, but do get in touch: after 7 days without a message from you the client may apply for 連絡催促.
reminder-closed-other-site = ⌛ { $thread } (not on Lancers): 24 hours passed { $at }. Your reply rate is not affected.

contract-unanswered-title = 📄 **Under contract: no reply for 96 hours**
contract-client-silent-title = 📄 **Under contract: no reply from the client for 7 days**
contract-contact-request-title = 📣 **A request to get in touch (連絡催促) is still open**
contract-unanswered = After 7 days without a message from you ({ $at }, { $left }) the client may apply for **連絡催促**. Lancers then gives you 168 hours to get in touch; if you do not, the job is cancelled or paid out and you get a negative evaluation, once support has checked.
contract-unanswered-plain = { $thread } (under contract): you have not replied for 96 hours. Even where no reply is needed, after 7 days without a message from you the client may apply for **連絡催促**. Lancers then gives you 168 hours to get in touch; if you do not, the job is cancelled or paid out and you get a negative evaluation, once support has checked.
contract-client-silent-plain = { $thread } (under contract): the client has not replied for 7 days or more. You may apply for **連絡催促**: Lancers then asks the client to get in touch within 168 hours.
contact-request-open = 📣 { $thread } — **連絡催促**: get in touch in this conversation by { $at } ({ $left }). This deadline has nothing to do with your reply rate.
contact-request-over = 📣 { $thread } — the deadline of **連絡催促** passed { $at }. Get in touch at once, and ask Lancers' support.
contract-noted = 📄 { $thread } is marked as under contract. `/history` can undo it.
contract-which-thread = Several conversations have this name. Nothing is changed yet. Please enter the name of the job too.
contact-request-ended = This request (連絡催促) was dealt with already. Nothing was changed.
thread-under-contract = 📄 Under contract
thread-other-site = 🏷️ Not on Lancers (not in your reply rate)
thread-unmarked = Not marked as under contract
reminder-others = … and { $count } more: `/pending` shows all of them.
reminder-all = -# See the others too: `/pending`

snooze-too-late = The deadline is too near for another reminder.
snooze-when = **When shall I remind you again?**

reminders-lead-time-unreadable = I cannot read "{ $written }" as a lead time; your settings stay as they were. Write for example 12h,4h,1h or 1h30m, or none.
reminders-lead-time-range = A lead time is 1 minute or longer, and shorter than 24 hours; "{ $written }" is not. Your settings stay as they were.
reminders-lead-times-many = At most { $most } lead times, please; you gave { $count }. Your settings stay as they were.
reminders-quiet-hours-unreadable = I cannot read "{ $written }" as quiet hours; your settings stay as they were. Write for example 23:00-07:00, or none.
reminders-quiet-hours-no-span = Quiet hours must start and end at different times; "{ $written }" does not. Your settings stay as they were.
reminders-snooze-closed = This deadline has passed already, so no further reminder is possible. Nothing was changed.
reminders-snooze-after-close = That time is after the deadline, so no reminder is possible. Nothing was changed.
